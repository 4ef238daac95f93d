"""What the one door hands out: figures with everything needed to cite them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas

Rating = Literal["gut", "warn", "krit", "neu"]
Nature = Literal["echt", "beispiel", "gemischt"]
Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Scope:
    """Organisation units a person may see, each with all units below it; None means the whole city."""

    units: frozenset[str] | None

    @classmethod
    def city(cls) -> Scope:
        """The whole city."""
        return cls(None)

    @classmethod
    def of(cls, *units: str) -> Scope:
        """The given units and everything below them."""
        return cls(frozenset(units))


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of an answer.

    `value` is a fraction for shares (0.393), the unit's amount otherwise; None is „no value“, never zero.
    `keys` holds the asked dimensions (ids as text, None for „not stated“) in the order of `by`.
    """

    period: date | None
    keys: Mapping[str, str | None]
    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    bucket: str | None = None
    n: int | None = None
    lower: Number | None = None
    upper: Number | None = None
    qualifier: str | None = None
    known: int | None = None
    target: Number | None = None
    deviation: Number | None = None
    rating: Rating = "neu"
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """One delivery a figure rests on."""

    source: str
    title: str
    owner: str
    kind: str
    nature: str
    subject: str
    as_of: datetime
    run_id: str
    delivery_hash: str
    read: int
    published: int
    rejected: int
    duplicates: int
    state: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the population the figure knows."""

    known: int
    total: int


@dataclass(frozen=True, slots=True)
class MetricResult:
    """Answer of the one door; `rows` are sorted by period, then by keys.

    `as_of` is the oldest Datenstand of the sources behind the figure (None when nothing was loaded).
    `org_as_of` is the day of the tree the figures stand under when it is not the one of today.
    `notes` are German sentences that belong to the figures wherever they are shown.
    """

    metric_id: str
    rows: tuple[Cell, ...]
    by: tuple[str, ...]
    between: tuple[date, date] | None
    snapshot: str
    business_date: date
    as_of: datetime | None
    stale_sources: tuple[str, ...]
    coverage: Coverage | None
    nature: Nature
    lineage: tuple[Load, ...] = field(default=())
    org_as_of: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Cell | None:
        """The single row of an answer without breakdown, else None."""
        return self.rows[0] if len(self.rows) == 1 else None

    def frame(self) -> pandas.DataFrame:
        """Return the rows as a data frame, one column per dimension; amounts stay Decimal objects."""
        # Imported late: the night and the command line never need it.
        import pandas

        records = [{**_plain(cell), **cell.keys} for cell in self.rows]
        return pandas.DataFrame.from_records(records, columns=["period", *self._dimensions(), *_FIGURES])

    def _dimensions(self) -> list[str]:
        return [name for name in self.by if name != "period"]


_FIGURES = tuple(item.name for item in fields(Cell) if item.name not in ("period", "keys"))


def _plain(cell: Cell) -> dict[str, object]:
    return {name: getattr(cell, name) for name in ("period", *_FIGURES)}
