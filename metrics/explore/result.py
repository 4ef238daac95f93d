"""What the explorer answers: heads, cells with reasons where there is no figure, and what it all rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from metrics.definition import Unit
from metrics.explore.question import Measure, Path, PivotQuestion
from metrics.result import Nature, Number

State = Literal["value", "empty", "suppressed", "refused"]
CellKey = tuple[Path, Path, int]


@dataclass(frozen=True, slots=True)
class Head:
    """One row or column: its values, outermost first; () is the total. `level` = len(path)."""

    path: Path
    has_children: bool = False

    @property
    def level(self) -> int:
        """0 for the total, 1 for the outermost field."""
        return len(self.path)


@dataclass(frozen=True, slots=True)
class PivotCell:
    """One cell of one measure.

    value: what the door said (fractions for shares). shown: what is displayed after `show` (share of row,
    difference, index), equal to value for "value"; a difference of shares is in fractions (0.02 = two
    Prozentpunkte), an index has 100 for the base. base: the compared value. warmth: 0..1 within its measure
    and level, None for totals. reason: German sentence for "suppressed" and "refused". lower, upper and
    qualifier as the door says them: a figure said as „über 70 %“ stays an interval.
    """

    state: State
    value: Number | None = None
    shown: Number | None = None
    base: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    warmth: float | None = None
    reason: str = ""
    lower: Number | None = None
    upper: Number | None = None
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class MeasureInfo:
    """A measure in words. unit: as in the catalogue, "count" for counts, "eur"… for sums of columns."""

    measure: Measure
    label: str
    short: str
    unit: Unit | Literal["number"]
    decimals: int
    kind: str
    metric: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pivot:
    """The answer. `rows` and `columns` in display order, parents before children, the total last.

    Without row (column) fields there is just the total. hidden_rows: how many outermost rows `top` or the
    limit of cells left out; notes: German sentences that belong wherever the figures are shown.
    records: rows of the list behind a list data set, before grouping. unfinished: the last length of time on
    an axis, where it is not over or counted in part.
    """

    question: PivotQuestion
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    measures: tuple[MeasureInfo, ...]
    cells: Mapping[CellKey, PivotCell]
    snapshot: str
    business_date: date
    as_of: datetime | None
    stale_sources: tuple[str, ...]
    nature: Nature
    hidden_rows: int = 0
    notes: tuple[str, ...] = ()
    records: int | None = None
    unfinished: str | None = None

    def cell(self, row: Path, column: Path, measure: int = 0) -> PivotCell:
        """Return a cell; combinations that do not occur are empty."""
        return self.cells.get((row, column, measure)) or PivotCell("empty")
