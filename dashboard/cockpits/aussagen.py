"""What papers of other towns say, as they say it: „über“, „rund“, „höchstens“ stay part of the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboard import formats
from metrics.quantity import is_approximate

SHARE, EURO = "Anteil", "Euro"
WORDS: Mapping[str, str] = {
    "genau": "",
    "rund": "rund",
    "ueber": "über",
    "hoechstens": "höchstens",
    "mindestens": "mindestens",
}
DUE: Mapping[str, str] = {
    "bis": "bis {day}",
    "fortlaufend_bis": "fortlaufend bis {day}",
    "ohne_frist": "ohne Frist",
}
STATUS: Mapping[str, str] = {
    "erhoben": "erhoben",
    "geschaetzt": "geschätzt",
    "gemessen": "gemessen",
    "beschlossen": "beschlossen",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as a line of the table."""

    city: str
    paper: str
    topic: str
    value: str
    unit: str
    population: str
    day: str
    status: str


def statement(row: Mapping[str, Any]) -> Statement:
    """Return a record of the list „statements“ in words; what the paper leaves open is an en dash."""
    paper = str(row["paper"])
    if row["paper_on"] and formats.day(row["paper_on"]) not in paper:
        paper = f"{paper}, {formats.day(row['paper_on'])}"
    unit = str(row["unit"])
    return Statement(
        city=str(row["city"]),
        paper=paper,
        topic=str(row["topic"]),
        value=due(row)
        or said(str(row["qualifier"]), row["value_low"], row["value_high"], unit, row.get("wording")),
        unit=unit,
        population=str(row["population"] or formats.MISSING),
        day=formats.day(row["stichtag"]),
        status=STATUS.get(str(row["status"]), str(row["status"])),
    )


def due(row: Mapping[str, Any]) -> str:
    """A deadline in words: „bis 31.12.2022“, „ohne Frist“; empty for other statements."""
    kind = row.get("due_kind")
    if kind is None:
        return ""
    return DUE[kind].format(day=formats.day(row.get("due_on")))


def said(
    qualifier: str, low: Decimal | None, high: Decimal | None, unit: str, wording: str | None = None
) -> str:
    """Value with its qualifier: „über 70 %“, „0 bis 112“, „höchstens 250“, „–“ for what was not said."""
    if qualifier == "spanne":
        if low is None or high is None:
            return formats.MISSING
        return f"{_plain(low, unit)} bis {_amount(high, unit)}"
    value = high if low is None else low
    if value is None or qualifier not in WORDS:
        return formats.MISSING
    word = WORDS[qualifier]
    if word != "rund" and is_approximate(wording):
        word = f"{word} rund".strip()
    return f"{word} {_amount(value, unit)}" if word else _amount(value, unit)


def _amount(value: Decimal, unit: str) -> str:
    if unit == SHARE:
        return formats.percent(value, max(0, _digits(value) - 2))
    if unit == EURO:
        return formats.eur(value, cents=_digits(value) > 0)
    return formats.number(value, _digits(value))


def _plain(value: Decimal, unit: str) -> str:
    if unit == SHARE:
        return formats.number(value * 100, max(0, _digits(value) - 2))
    return formats.number(value, _digits(value))


def _digits(value: Decimal) -> int:
    """Digits after the comma that the paper gave; trailing zeros are storage, not precision."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
