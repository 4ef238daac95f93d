"""What a run tidies up inside the city folder, and nowhere else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


def clear_temporary(folder: Path) -> None:
    """Make the folder for temporary files and remove what dead processes left in it.

    Whose an entry is says its name: the number of the process, or `isek-` and the number. What a draft
    spilled belongs to the run that holds the warehouse: call under its lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "draft", ignore_errors=True)
    for entry in folder.iterdir():
        owner = re.fullmatch(r"(?:isek-)?(\d+)(?:-.*)?", entry.name)
        if owner is None or Path("/proc", owner[1]).exists():
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def prune_landing(
    folder: Path,
    *,
    before: datetime,
    declared: Collection[str],
    needed: Collection[tuple[str, str]] = (),
    keep: int = 2,
) -> list[Path]:
    """Remove deliveries of runs that began earlier than `before`; return what was removed.

    What a rebuild or a release needs, named by source and run, stays whatever its age, and so do the newest
    `keep` of each declared source. Run ids begin with the time of the run in UTC, so their names sort by age.
    """
    limit = f"{before.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    removed: list[Path] = []
    for source in sorted(folder.iterdir()) if folder.is_dir() else ():
        if source.name.startswith(".") or not source.is_dir():
            continue
        runs = sorted((run for run in source.iterdir() if run.is_dir()), key=lambda run: run.name)
        aged = runs[: max(0, len(runs) - keep)] if source.name in declared else runs
        old = [run for run in aged if run.name < limit and (source.name, run.name) not in needed]
        for run in old:
            shutil.rmtree(run, ignore_errors=True)
        removed += old
        if len(old) == len(runs):
            with suppress(OSError):
                source.rmdir()
    return removed
