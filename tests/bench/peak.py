"""Runs a command and watches the memory of its process and of everything it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAUSE_S = 0.05


@dataclass(frozen=True)
class Done:
    """What a command said (its last line, JSON) and the most memory any single process of it held."""

    said: dict[str, Any]
    peak_mib: float


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Done:
    """Run it to its end. Raises RuntimeError with its words when it fails."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    peaks: dict[int, int] = {}
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended), daemon=True)
    watcher.start()
    out, err = process.communicate()
    ended.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{out}\n{err}")
    return Done(json.loads(out.strip().splitlines()[-1]), max(peaks.values(), default=0) / 1024)


def _watch(root: int, peaks: dict[int, int], ended: threading.Event) -> None:
    while not ended.wait(PAUSE_S):
        for pid in _family(root):
            # The high water mark of a process only grows: the last look before its end is nearly all of it.
            peaks[pid] = max(peaks.get(pid, 0), _high_water_kib(pid))


def cpu_seconds(root: int) -> float:
    """Processor time of a process and of everything below it that still runs."""
    ticks = 0
    for pid in _family(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(root: int) -> set[int]:
    """The process and everything below it."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found, waiting = set(), [root]
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += [child for child, parent in parents.items() if parent == pid and child not in found]
    return found


def _high_water_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def python(module: str, *arguments: str) -> list[str]:
    """Command line of a module of this repository."""
    return [sys.executable, "-m", module, *arguments]
