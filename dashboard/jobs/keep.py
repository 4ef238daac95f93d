"""What a run tidies up inside the city folder, and nowhere else."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path


def clear_temporary(folder: Path) -> None:
    """Make the folder for temporary files and remove what dead processes left in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name.isdigit() and not Path("/proc", entry.name).exists():
            shutil.rmtree(entry, ignore_errors=True)


def prune_landing(folder: Path, *, keep: int = 2, before: datetime | None = None) -> list[Path]:
    """Remove deliveries of runs that began earlier than `before`; return what was removed.

    The newest `keep` of each source stay whatever their age: a source that delivers once a year can still be
    traced and re-run. Run ids begin with the time of the run in UTC, so their names sort by age.
    """
    limit = f"{before.astimezone(UTC):%Y%m%dT%H%M%SZ}" if before else None
    removed: list[Path] = []
    for source in sorted(folder.iterdir()) if folder.is_dir() else ():
        runs = sorted(
            (run for run in source.iterdir() if run.is_dir()), key=lambda run: run.name, reverse=True
        )
        old = [run for run in runs[keep:] if limit is None or run.name < limit]
        for run in old:
            shutil.rmtree(run, ignore_errors=True)
        removed += old
    return removed
