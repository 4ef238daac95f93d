"""What one reading process may cost, and how it ends with everything it started.

Inside the process: a session of its own, silence, no core dump, first choice of the kernel when memory
runs out. Outside: a warden that looks at time and memory of the whole family and ends it.
"""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MIB = 2**20
LOOK_EVERY_S = 0.1
_WALL_FACTOR, _WALL_SLACK = 2, 4096 * MIB
"""The wall stands far behind the limit: allocators reserve much more than they use."""
_COUNTED = ("RssAnon:", "RssShmem:", "VmSwap:")
"""Memory that is the process's own; files mapped into it can be dropped by the kernel at any time."""

Verdict = Literal["time", "memory"]


def confine(memory_mb: int) -> None:
    """Prepare the calling process for reading a source; called once, first thing in it."""
    with suppress(PermissionError):
        os.setsid()
    _fall_silent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _wall_in(memory_mb * MIB * _WALL_FACTOR + _WALL_SLACK)
    # When the machine itself runs short, a source dies and not the refresh or the web server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _fall_silent() -> None:
    # Drivers print what they like, also values of rows and endless progress; failures are told by the answer.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)


def _wall_in(size: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or most > size:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (size, size))


@dataclass
class Ward:
    """One reading process, leader of its session; `deadline` is monotonic, `verdict` why it was ended."""

    pid: int
    deadline: float
    memory_bytes: int
    verdict: Verdict | None = None


class Warden:
    """Ends families of processes that take too long or too much, from a thread of its own.

    The one that collects answers may wait inside a half-sent answer; the limits hold all the same.
    """

    def __init__(self) -> None:
        self._wards: dict[int, Ward] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="warden")

    def __enter__(self) -> Warden:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching; whoever still lives is ended."""
        self._ended.set()
        self._thread.join()
        for pid in list(self._wards):
            self.dismiss(pid)

    def take(self, ward: Ward) -> Ward:
        """Watch a process from now on."""
        with self._lock:
            self._wards[ward.pid] = ward
        return ward

    def dismiss(self, pid: int) -> None:
        """Watch it no longer and end what is left of its family."""
        with self._lock:
            self._wards.pop(pid, None)
        end_family(pid)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            with self._lock:
                wards = [ward for ward in self._wards.values() if ward.verdict is None]
                used = family_memory([ward.pid for ward in wards])
                for ward in wards:
                    if (verdict := _judge(ward, used.get(ward.pid, 0))) is not None:
                        ward.verdict = verdict
                        end_family(ward.pid)


def _judge(ward: Ward, used: int) -> Verdict | None:
    if used > ward.memory_bytes:
        return "memory"
    return "time" if time.monotonic() >= ward.deadline else None


def end_family(leader: int) -> None:
    """Kill all processes of a session leader's group, at once; nothing happens when there are none.

    The number of a dead process may belong to somebody else by now, that of a group never does: it is
    given again only when its last process has gone.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def family_memory(leaders: Collection[int]) -> dict[int, int]:
    """Bytes each family uses itself, by its leader; empty where the system does not tell."""
    used = dict.fromkeys(leaders, 0)
    for pid in _processes() if leaders else ():
        with suppress(OSError, ValueError):
            leader = os.getpgid(pid)
            if leader in used:
                used[leader] += _own_bytes(pid)
            elif pid in used:
                used[pid] += _own_bytes(pid)
    return used


def _processes() -> Iterable[int]:
    with suppress(OSError), os.scandir("/proc") as entries:
        yield from [int(entry.name) for entry in entries if entry.name.isdigit()]


def _own_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(_COUNTED))
