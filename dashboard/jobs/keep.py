"""What a run tidies up inside the city folder, and nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path


def clear_temporary(folder: Path) -> None:
    """Make the folder for temporary files and remove what dead processes left in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name.isdigit() and not Path("/proc", entry.name).exists():
            shutil.rmtree(entry, ignore_errors=True)


def prune_landing(folder: Path, *, keep: int) -> list[Path]:
    """Keep the newest `keep` deliveries of each source; return what was removed.

    Run ids begin with the time of the run, so their names sort by age.
    """
    removed: list[Path] = []
    for source in sorted(folder.iterdir()) if folder.is_dir() else ():
        runs = sorted(
            (run for run in source.iterdir() if run.is_dir()), key=lambda run: run.name, reverse=True
        )
        for run in runs[keep:]:
            shutil.rmtree(run, ignore_errors=True)
            removed.append(run)
    return removed
