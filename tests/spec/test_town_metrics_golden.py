"""Metrics a town writes itself, against cases small enough to compute by hand, as those of the house."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.demo.city import TEMPLATE
from metrics.catalog import TOWN_AREA, Catalog, load_catalog
from tests.golden_cases import check_case
from warehouse.subjects import load_subjects

CASES = Path(__file__).with_name("town_golden")
# Statements of papers: tests/integration/test_shown_figures.py holds each against its paper.
ELSEWHERE = {"paper_share"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(TEMPLATE, load_subjects(TEMPLATE))


def test_every_metric_of_the_example_city_has_a_case(catalog: Catalog) -> None:
    own = {name for name, metric in catalog.metrics.items() if metric.area == TOWN_AREA}
    assert own - ELSEWHERE == {path.stem for path in CASES.glob("*.toml")}


@pytest.mark.parametrize("metric_id", sorted(path.stem for path in CASES.glob("*.toml")))
def test_a_town_metric_gives_the_figures_computed_by_hand(
    metric_id: str, catalog: Catalog, tmp_path: Path
) -> None:
    check_case(CASES / f"{metric_id}.toml", catalog, tmp_path, TEMPLATE)
