"""The council papers of the example city's data, read plainly and published in a small warehouse."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from dashboard.demo.catalog import DATA
from dashboard.demo.city import TEMPLATE
from metrics.contradictions.claim import Claim, as_claim
from metrics.contradictions.comparison import World
from metrics.contradictions.finding import Finding
from metrics.contradictions.rules import Rules, load_rules
from metrics.contradictions.run import check_claims
from warehouse.subjects import load_subjects

STATEMENT = load_subjects(None)["statement"]
READ: Mapping[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "integer": int,
    "date": date.fromisoformat,
    "text": str,
}


def statement_rows() -> list[dict[str, Any]]:
    """All statements as delivered; empty is None."""
    (path,) = DATA.glob("ratsvorlagen_*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [_typed(row) for row in csv.DictReader(file, delimiter=";")]


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: READ[column.type](row[name]) if row[name] else None
        for name, column in STATEMENT.columns.items()
    }


def claims() -> dict[str, Claim]:
    """All statements by id."""
    return {row["statement_id"]: as_claim(row) for row in statement_rows()}


def claim(**values: Any) -> Claim:
    """A made-up statement; what is left out is not said."""
    said = {"statement_id": "X-1", "city": "X", "paper": "P", "topic": "T", "status": "erhoben"}
    usual = {"qualifier": "genau", "unit": "Leistungen"}
    return as_claim({**dict.fromkeys(STATEMENT.columns), **said, **usual, **values})


def findings(world: World | None = None, rules: Rules | None = None) -> dict[str, Finding]:
    """Findings of the example city's rules by id."""
    found = check_claims(rules or load_rules(TEMPLATE), claims(), world)
    return {item.id: item for item in found}


def freiburg_rows(column: str, richtung: str, sign: int) -> list[dict[str, Any]]:
    """One column of the published budget of Freiburg as rows of city_budget."""
    return [
        {
            "city": "Freiburg i. Br.",
            "haushaltsjahr": 2015,
            "betrag_typ": "ergebnis",
            "richtung": richtung,
            "produkt": row["Produkt"],
            "organisation": row["Amt / Dienststelle"],
            "document": "Doppelhaushalt 2017/2018",
            "amount_eur": sign * Decimal(row[column] or 0),
        }
        for row in freiburg_file()
    ]


def freiburg_file() -> list[dict[str, str]]:
    """The published file as it is."""
    (path,) = Path(DATA).glob("freiburg_*.csv")
    with path.open(encoding="cp1252", newline="") as file:
        lines = file.read().lstrip().splitlines()
    return list(csv.DictReader(lines, delimiter=";"))
