"""Each metric against a case small enough to compute by hand; the arithmetic stands in its comments."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import Catalog, load_catalog
from metrics.query import query
from metrics.result import Cell, Scope
from tests.small_city import small_city

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
    case = tomllib.loads((CASES / f"{metric_id}.toml").read_text(encoding="utf-8"))
    snapshot = small_city(
        tmp_path,
        {name: _rows(table) for name, table in case["rows"].items()},
        city=_town(tmp_path / "town", case.get("files", {})),
        catalog=catalog,
    )
    assert case["expect"], "a case without expectation proves nothing"
    for expectation in case["expect"]:
        result = query(catalog, snapshot, metric_id, **_question(expectation))
        assert [
            _seen(cell, wanted) for cell, wanted in zip(result.rows, expectation["cells"], strict=True)
        ] == [_wanted(wanted) for wanted in expectation["cells"]], expectation
        if "coverage" in expectation:
            assert result.coverage is not None
            assert [result.coverage.known, result.coverage.total] == expectation["coverage"]


def _rows(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`columns` is one line of names, `data` the rows; „-“ stands for an empty cell."""
    names = table["columns"].split()
    return [dict(zip(names, (None if v == "-" else v for v in row), strict=True)) for row in table["data"]]


def _town(folder: Path, files: Mapping[str, str]) -> Path | None:
    """The town's own files a case names: parameters, rulers, rankings."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder if files else None


def _question(expectation: Mapping[str, Any]) -> dict[str, Any]:
    units = expectation.get("scope")
    question = {name: expectation[name] for name in ("by", "where", "at") if name in expectation}
    if "between" in expectation:
        question["between"] = tuple(expectation["between"])
    return {"scope": Scope.of(*units) if units else Scope.city(), **question}


def _seen(cell: Cell, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dict(cell.keys) if name == "keys" else getattr(cell, name) for name in wanted}


def _wanted(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _exact(value) for name, value in wanted.items()}


def _exact(value: Any) -> Any:
    """„1/3“ is a fraction, „12.50“ an amount, „-“ no value; keys may hold „-“ as well."""
    if isinstance(value, dict):
        return {name: None if item == "-" else item for name, item in value.items()}
    if not isinstance(value, str) or value == "-":
        return None if value == "-" else value
    if "/" in value:
        return float(Fraction(value))
    return Decimal(value) if value.lstrip("-").replace(".", "", 1).isdigit() and "." in value else value


def test_the_reader_of_cases_tells_amounts_from_texts() -> None:
    assert _exact("12.50") == Decimal("12.50")
    assert _exact("1/4") == 0.25
    assert _exact("-") is None
    assert _exact("ohne") == "ohne"
    assert _exact(date(2026, 6, 1)) == date(2026, 6, 1)
