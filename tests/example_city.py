"""Musterstadt on 9 June 2026, written and refreshed once per session, beside the plain reading of what its
source systems delivered. Read only: whoever changes it makes a city of their own."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from dashboard.demo import seed_ledger, write_city
from dashboard.jobs.refresh import Request, run_refresh
from dashboard.settings import Settings, create_secret, load_settings
from metrics.catalog import Catalog, load_catalog
from metrics.query import query
from metrics.result import MetricResult, Number, Scope
from warehouse.ledger import Ledger
from warehouse.store import Snapshot, SnapshotReader

DAY = date(2026, 6, 9)
NIGHT = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)


@dataclass(frozen=True)
class ExampleCity:
    """The published figures (`ask`, `value`, `by`) and the deliveries (`database`, `csv`, `workbook`, …)."""

    settings: Settings
    catalog: Catalog
    snapshot: Snapshot

    def ask(self, metric: str, *, scope: Scope | None = None, **question: Any) -> MetricResult:
        """Ask the one door, for the whole city unless a scope is given."""
        return query(self.catalog, self.snapshot, metric, scope=scope or Scope.city(), **question)

    def value(self, metric: str, **question: Any) -> Number | None:
        """The value of a figure without breakdown."""
        (cell,) = self.ask(metric, **question).rows
        return cell.value

    def by(self, metric: str, dimension: str, **question: Any) -> dict[str | None, Number | None]:
        """Values per member of a dimension, per bucket or per period."""
        breakdown = () if dimension == "bucket" else (dimension,)
        cells = self.ask(metric, by=breakdown, **question).rows
        if dimension == "period":
            return {f"{cell.period:%Y-%m}": cell.value for cell in cells}
        return {cell.bucket if dimension == "bucket" else cell.keys[dimension]: cell.value for cell in cells}

    def database(self, name: str, sql: str) -> list[Any]:
        """Rows of a Fachverfahren."""
        folder = self.settings.city / "fachverfahren"
        connection = sqlite3.connect(f"file:{folder / name}.sqlite?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def csv(self, pattern: str, encoding: str = "utf-8-sig", delimiter: str = ";") -> list[dict[str, str]]:
        """Rows of a delivered file."""
        (path,) = self.settings.city.glob(pattern)
        with path.open(encoding=encoding, newline="") as stream:
            return list(csv.DictReader(stream, delimiter=delimiter))

    def json(self, pattern: str) -> Any:
        """A delivered JSON file, amounts exact."""
        (path,) = self.settings.city.glob(pattern)
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)

    def workbook(self, path: str, header_row: int) -> list[dict[str, Any]]:
        """Rows of the first sheet below its header row."""
        table = CalamineWorkbook.from_path(str(self.settings.city / path)).get_sheet_by_index(0).to_python()
        return [dict(zip(table[header_row - 1], row, strict=True)) for row in table[header_row:]]

    def entered(self, subject: str) -> list[dict[str, Any]]:
        """Entries released in the portal."""
        with sqlite3.connect(self.settings.var / "ledger.sqlite") as connection:
            rows = connection.execute(
                "SELECT payload FROM entry WHERE subject = ? AND state = 'released'", [subject]
            ).fetchall()
        connection.close()
        return [json.loads(row[0]) for row in rows]


def make_example_city(folder: Path) -> ExampleCity:
    """Write the city, enter what is entered by hand, do one night, open its snapshot."""
    write_city(folder, as_of=DAY)
    create_secret(folder)
    settings = load_settings(folder, {})
    ledger = Ledger(settings.ledger_url)
    seed_ledger(ledger, DAY)
    record = run_refresh(settings, ledger, Request(business_date=DAY), now=lambda: NIGHT)
    assert record.state == "published", record
    reader = SnapshotReader(settings.warehouse_dir, temp_directory=settings.temp_dir)
    return ExampleCity(settings, load_catalog(folder), reader.current())


@pytest.fixture(scope="session")
def example_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleCity]:
    """Musterstadt with its first snapshot."""
    yield make_example_city(tmp_path_factory.mktemp("stadt"))
