"""Populations are dated and versioned: a new one names the one it replaces, and both never hold at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from metrics.population import load_populations
from warehouse.errors import ConfigError

OLD = '[alt]\ntitle = "Leistungen"\ndefinition = "Alle."\nvalid_from = 2021-01-01\n'
NEW = (
    '[neu]\ntitle = "Leistungen"\ndefinition = "Ohne Auskünfte."\nvalid_from = 2026-01-01\nreplaces = "alt"\n'
)


def _load(folder: Path, text: str) -> dict[str, object]:
    path = folder / "populations.toml"
    path.write_text(text, encoding="utf-8")
    return dict(load_populations(path))


def test_a_population_that_ended_stays_beside_the_one_that_replaces_it(tmp_path: Path) -> None:
    _load(tmp_path, f"{OLD}valid_to = 2025-12-31\n{NEW}")
    found = load_populations(tmp_path / "populations.toml")
    assert (found["alt"].valid_to, found["neu"].replaces) == (date(2025, 12, 31), "alt")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{OLD}{NEW}", "population_overlap"),
        (f"{OLD}valid_to = 2026-01-01\n{NEW}", "population_overlap"),
        (f"{OLD}valid_to = 2025-12-31\n{NEW.replace('alt', 'alte')}", "unknown_population"),
    ],
)
def test_a_version_that_overlaps_or_replaces_nothing_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, text)
    assert caught.value.code == code
