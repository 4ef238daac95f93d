"""Cases small enough to compute by hand: rows per subject, questions, the cells they have to give."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from metrics.catalog import Catalog
from metrics.query import query
from metrics.result import Cell, Scope
from tests.small_city import small_city


def check_case(path: Path, catalog: Catalog, folder: Path, city: Path | None = None) -> None:
    """Compare the figures of a metric with those of its case; the file is named like the metric."""
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    snapshot = small_city(
        folder,
        {name: rows(table) for name, table in case["rows"].items()},
        city=city or town(folder / "town", case.get("files", {})),
        catalog=catalog,
    )
    assert case["expect"], "a case without expectation proves nothing"
    for expectation in case["expect"]:
        result = query(catalog, snapshot, path.stem, **question(expectation))
        found = [seen(cell, wanted) for cell, wanted in zip(result.rows, expectation["cells"], strict=True)]
        assert found == [wanted_of(wanted) for wanted in expectation["cells"]], expectation
        if "coverage" in expectation:
            assert result.coverage is not None
            assert [result.coverage.known, result.coverage.total] == expectation["coverage"]


def rows(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`columns` is one line of names, `data` the rows; „-“ stands for an empty cell."""
    names = table["columns"].split()
    return [dict(zip(names, (None if v == "-" else v for v in row), strict=True)) for row in table["data"]]


def town(folder: Path, files: Mapping[str, str]) -> Path | None:
    """The town's own files a case names: parameters, rulers, rankings."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder if files else None


def question(expectation: Mapping[str, Any]) -> dict[str, Any]:
    units = expectation.get("scope")
    question = {name: expectation[name] for name in ("by", "where", "at") if name in expectation}
    if "between" in expectation:
        question["between"] = tuple(expectation["between"])
    return {"scope": Scope.of(*units) if units else Scope.city(), **question}


def seen(cell: Cell, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dict(cell.keys) if name == "keys" else getattr(cell, name) for name in wanted}


def wanted_of(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: exact(value) for name, value in wanted.items()}


def exact(value: Any) -> Any:
    """„1/3“ is a fraction, „12.50“ an amount, „-“ no value; keys may hold „-“ as well."""
    if isinstance(value, dict):
        return {name: None if item == "-" else item for name, item in value.items()}
    if not isinstance(value, str) or value == "-":
        return None if value == "-" else value
    if "/" in value:
        return float(Fraction(value))
    return Decimal(value) if value.lstrip("-").replace(".", "", 1).isdigit() and "." in value else value
