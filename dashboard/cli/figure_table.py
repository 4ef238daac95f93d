"""A metric's answer for a person at the terminal: German figures and words, empty columns left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from dashboard import formats, texts
from metrics.definition import SPAN, Definition
from metrics.orgtree import NOT_TRANSFERABLE
from metrics.question import add_months
from metrics.result import Cell, MetricResult, Number

# What people call values a breakdown has no name for.
UNSTATED = "ohne Angabe"
UNCARRIED = "nicht übertragbar"


@dataclass(frozen=True, slots=True)
class Column:
    """Head, one text per row, and whether it is a column of figures (right-aligned)."""

    head: str
    texts: Sequence[str]
    figures: bool = False


def heading(definition: Definition, result: MetricResult, zone: ZoneInfo) -> Iterator[str]:
    """Yield the lines above the table: name, days in local time, coverage, stale sources."""
    yield f"{definition.number} {definition.label}"
    note = texts.NATURE_NOTES[result.nature]
    days = (
        f"Geschäftstag {formats.day(result.business_date)}",
        f"Datenstand {formats.stand(result.as_of, zone)}",
        *((note,) if note else ()),
    )
    yield ", ".join(days)
    yield f"Stand {result.snapshot}"
    if result.coverage:
        known, total = formats.number(result.coverage.known), formats.number(result.coverage.total)
        yield f"Abdeckung {known} von {total}"
    if result.org_as_of:
        yield f"Gliederung vom {formats.day(result.org_as_of)}"
    if result.stale_sources:
        yield f"Veraltete Quellen: {', '.join(result.stale_sources)}"
    yield from result.notes


def columns(definition: Definition, result: MetricResult) -> list[Column]:
    """Return the columns that say something, in reading order."""
    rows = result.rows
    found = [Column(*_periods(definition, result))]
    found += [Column(name, [_key(cell.keys[name]) for cell in rows]) for name in _dimensions(result)]
    if any(cell.bucket is not None for cell in rows):
        found.append(Column("Ausprägung", [cell.bucket or UNSTATED for cell in rows]))
    found.append(Column("Wert", [_value(definition, cell) for cell in rows], figures=True))
    if any(cell.lower is not None for cell in rows):
        found.append(Column("Spanne", [_span(definition, cell) for cell in rows], figures=True))
    found += _counts(definition, rows)
    if result.coverage is None and any(cell.known is not None for cell in rows):
        found.append(Column("Abdeckung", [_known(cell) for cell in rows], figures=True))
    if any(cell.target is not None for cell in rows):
        targets = [formats.amount(cell.target, definition.unit, definition.decimals) for cell in rows]
        found.append(Column("Soll", targets, figures=True))
    if any(cell.rating != "neu" for cell in rows):
        found.append(Column("Bewertung", [texts.RATING_WORDS[cell.rating] for cell in rows]))
    return found


def _key(value: str | None) -> str:
    return UNCARRIED if value == NOT_TRANSFERABLE else value or UNSTATED


def _dimensions(result: MetricResult) -> list[str]:
    return [name for name in result.by if name != "period"]


def _periods(definition: Definition, result: MetricResult) -> tuple[str, list[str]]:
    """Months or years; flows without breakdown by month say which months they add up."""
    if definition.grain == "year":
        return "Jahr", [str(cell.period.year) if cell.period else formats.MISSING for cell in result.rows]
    if definition.over_time != "sum" or "period" in result.by:
        return "Monat", [formats.month(cell.period) for cell in result.rows]
    return "Zeitraum", [_window(definition, result, cell) for cell in result.rows]


def _window(definition: Definition, result: MetricResult, cell: Cell) -> str:
    if cell.period is None:
        return formats.MISSING
    first = result.between[0] if result.between else add_months(cell.period, 1 - definition.window_months)
    last = result.between[1] if result.between else cell.period
    months = dict.fromkeys((formats.month(first), formats.month(last)))
    return "–".join(months)


def _value(definition: Definition, cell: Cell) -> str:
    if cell.suppressed:
        return formats.hidden(definition)
    # The value of a range is only its lower end, so both ends are said.
    if cell.qualifier == SPAN:
        return _span(definition, cell)
    said = f"{cell.qualifier} " if cell.qualifier else ""
    return said + formats.amount(cell.value, definition.unit, definition.decimals)


def _span(definition: Definition, cell: Cell) -> str:
    bounds = (formats.amount(v, definition.unit, definition.decimals) for v in (cell.lower, cell.upper))
    return " bis ".join(bounds)


def _known(cell: Cell) -> str:
    known, total = (formats.number(number) for number in (cell.known, cell.denominator))
    return f"{known} von {total}"


def _counts(definition: Definition, rows: Sequence[Cell]) -> Iterator[Column]:
    """Numerator and denominator where the value is made of them, cases where they are not the denominator."""
    if definition.kind in ("share", "mean", "distribution"):
        yield _numbers("Zähler", rows, lambda cell: cell.numerator)
        yield _numbers("Nenner", rows, lambda cell: cell.denominator)
    if any(cell.n is not None and cell.n != cell.denominator for cell in rows):
        yield _numbers("Fälle", rows, lambda cell: cell.n)


def _numbers(head: str, rows: Sequence[Cell], take: Callable[[Cell], Number | None]) -> Column:
    values = [take(cell) for cell in rows]
    whole = all(value is None or Decimal(str(value)) % 1 == 0 for value in values)
    return Column(head, [formats.number(value, 0 if whole else 2) for value in values], figures=True)
