"""A small town that has published the council papers and Freiburg's budget, with models and rules."""

from __future__ import annotations

import shutil
from pathlib import Path

from dashboard.demo.catalog import DATA
from dashboard.demo.city import TEMPLATE
from dashboard.settings import Settings
from tests.tiny_city import refresh, settle, write_city

DELIVERED = (
    ("ratsvorlagen", "ratsvorlagen_*.csv", "ratsvorlagen"),
    ("haushalt_freiburg", "freiburg_*.csv", "vergleich"),
)


def meaning_city(folder: Path) -> Settings:
    """Write the town into a folder and run its first night."""
    settings = write_city(folder)
    for name, pattern, place in DELIVERED:
        shutil.copyfile(TEMPLATE / "sources" / f"{name}.toml", folder / "sources" / f"{name}.toml")
        (path,) = DATA.glob(pattern)
        (folder / "inbox" / place).mkdir()
        settle(Path(shutil.copy(path, folder / "inbox" / place)))
    shutil.copytree(TEMPLATE / "models", folder / "models")
    shutil.copytree(TEMPLATE / "metrics", folder / "metrics", dirs_exist_ok=True)
    shutil.copytree(TEMPLATE / "subjects", folder / "subjects", dirs_exist_ok=True)
    shutil.copyfile(TEMPLATE / "populations.toml", folder / "populations.toml")
    shutil.copyfile(TEMPLATE / "claims.toml", folder / "claims.toml")
    record = refresh(settings)
    assert record.state == "published", record
    return settings
