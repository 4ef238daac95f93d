"""What somebody asks in the explorer: names of fields and figures only, never SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

Path = tuple[str | None, ...]
"""Values of the first fields of an axis, outermost first; () is the total. None is „not stated“."""

Part = Literal["value", "numerator", "denominator", "n", "count", "sum"]
Operator = Literal["in", "not_in", "contains", "between"]
Show = Literal["value", "row_share", "column_share", "total_share", "difference", "index"]
Against = Literal["", "previous_period", "previous_year", "plan", "member"]

TIME_FIELDS = ("year", "quarter", "month")
"""Time as a field of an axis: „2025“, „2025-Q4“, „2025-11“."""


def length_of(name: str) -> str | None:
    """Return „year“, „quarter“ or „month“ of a field of time, „planned_on_year“ too; None for others."""
    length = name.rpartition("_")[2]
    return length if length in TIME_FIELDS else None


BUCKET = "bucket"
"""The field of a distribution: its levels, states or steps."""
COUNT = "*"
"""Subject of the measure that counts records of a list."""

MOST_METRICS, MOST_FIELDS = 4, 3
MOST_CELLS, MOST_POINTS = 10_000, 2_000


@dataclass(frozen=True, slots=True)
class Measure:
    """One value of each cell.

    In a population: `subject` is a metric id, `part` its value, numerator, denominator or n (cases behind
    it). In a list: `subject` is a column with `part` "sum", or COUNT with `part` "count".
    """

    subject: str
    part: Part = "value"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; `values` are one or more ids, the text searched for, or the two ends of a span.

    "contains" looks for a text in the words of the values; "between" holds both ends (days, numbers, texts),
    an empty end is open.
    """

    name: str
    op: Operator
    values: Path


@dataclass(frozen=True, slots=True)
class Top:
    """Only the `n` rows of the outermost row field with the largest (smallest) first measure."""

    n: int
    smallest: bool = False


@dataclass(frozen=True, slots=True)
class PivotQuestion:
    """A pivot; everything in it is checked when it is asked.

    dataset: "bestand:<population>" (every metric of one population) or "liste:<record list>".
    between: first and last day for flows; at: Stichtag for stocks (default the business date).
    choose: chosen values of choose_one dimensions; what is not named takes its default.
    against: what "difference" and "index" compare with; "member" is the value `against_member` of the first
    column field (row field when there are no columns). With `show` "value" and an `against` other than ""
    cells carry the compared value in `base` and nothing else changes.
    order: "" (order of the field), "value" or "-value" (first measure of the total column), "name", "-name".
    open_paths: row paths whose children are wanted; None = all.
    """

    dataset: str
    measures: tuple[Measure, ...]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    between: tuple[date, date] | None = None
    at: date | None = None
    choose: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    show: Show = "value"
    against: Against = ""
    against_member: str = ""
    top: Top | None = None
    order: str = ""
    open_paths: frozenset[Path] | None = None
