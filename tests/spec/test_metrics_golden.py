"""Each metric against a case small enough to compute by hand; the arithmetic stands in its comments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from metrics.catalog import Catalog, load_catalog
from tests.golden_cases import check_case, exact

CASES = Path(__file__).with_name("golden")
METRICS = sorted(load_catalog(None).metrics)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(None)


def test_every_metric_has_a_golden_case_and_every_case_a_metric() -> None:
    assert sorted(path.stem for path in CASES.glob("*.toml")) == METRICS


@pytest.mark.parametrize("metric_id", METRICS)
def test_a_metric_gives_the_figures_computed_by_hand(
    metric_id: str, catalog: Catalog, tmp_path: Path
) -> None:
    check_case(CASES / f"{metric_id}.toml", catalog, tmp_path)


def test_the_reader_of_cases_tells_amounts_from_texts() -> None:
    assert exact("12.50") == Decimal("12.50")
    assert exact("1/4") == 0.25
    assert exact("-") is None
    assert exact("ohne") == "ohne"
    assert exact(date(2026, 6, 1)) == date(2026, 6, 1)
