"""What free charts draw: single figures with their words, never the value of one that is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from dashboard import formats
from dashboard.figures.amounts import Amounts, ticks
from dashboard.figures.chart import Chart, Column, TableData
from dashboard.figures.template import safe, wrapped

MOST_SERIES = 5
"""Colours that can be told apart; what goes beyond becomes „Übrige“ or is cut with a notice."""
REST = "Übrige"


@dataclass(frozen=True, slots=True)
class Datum:
    """One figure. `text` is the finished text for tables, `mark` what stands in the drawing (no unit).

    A hidden figure is a mark and nothing else: it has no value and no base. `base` is what the figure is
    compared with, `base_text` its text. `href` leads to what lies behind the figure.
    """

    value: float | None = None
    text: str = formats.MISSING
    mark: str = ""
    hidden: bool = False
    base: float | None = None
    base_text: str = formats.MISSING
    href: str = ""

    def __post_init__(self) -> None:
        """Refuse a hidden figure that still carries its value. Raises ValueError."""
        if self.hidden and (self.value is not None or self.base is not None):
            raise ValueError("a hidden figure is drawn without its value: Datum.protected")

    @classmethod
    def protected(cls, mark: str) -> Datum:
        """A figure that is not given out; `mark` stands in its place: „< 5“."""
        return cls(text=mark, mark=mark, hidden=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A named row or series of figures."""

    label: str
    data: tuple[Datum, ...]

    @property
    def known(self) -> list[float]:
        """The values that are drawn."""
        return [datum.value for datum in self.data if datum.value is not None]

    @property
    def marks(self) -> list[str]:
        """What stands in place of hidden figures, once for each."""
        return [datum.mark for datum in self.data if datum.hidden]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure: its words and how its amounts are printed. `head` is the unit for heads and subtitles."""

    label: str
    amounts: Amounts
    head: str

    @property
    def title(self) -> str:
        """„Online-Quote (Prozent)“."""
        return f"{self.label} ({self.head})" if self.head and self.head not in self.label else self.label


@dataclass(frozen=True, slots=True)
class Noticed:
    """A chart and what has to be said about it: what is cut, joined, left out. `legend`: drawing order."""

    chart: Chart
    notices: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()


def reach(values: Iterable[float]) -> tuple[float, float]:
    """Lowest (never above zero) and highest (never below zero); (0, 1) where nothing is drawn."""
    known = [0.0, *values]
    low, high = min(known), max(known)
    return (low, high) if low < high else (0.0, 1.0)


def round_steps(low: float, high: float, most: int = 4) -> list[float]:
    """Round values from `low` to `high` with zero among them where it lies between."""
    step = [*ticks(high - low, most), high - low][1]
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]


def rest_of(lines: Sequence[Line]) -> Line:
    """Join series as „Übrige“: sums where all figures are known, a mark where one is hidden."""
    return Line(REST, tuple(joined(data) for data in zip(*(line.data for line in lines), strict=True)))


def joined(data: Sequence[Datum]) -> Datum:
    """The sum of figures; hidden as soon as one of them is, missing where none is known."""
    hidden = next((datum for datum in data if datum.hidden), None)
    if hidden is not None:
        return Datum.protected(hidden.mark)
    known = [datum.value for datum in data if datum.value is not None]
    return Datum(sum(known)) if known else Datum()


def worded(datum: Datum, amounts: Amounts) -> Datum:
    """A computed figure with its words."""
    if datum.value is None:
        return datum
    return replace(datum, text=amounts.full(datum.value), mark=amounts.bare(datum.value))


def grid_table(caption: str, first: str, heads: Sequence[str], lines: Sequence[Line]) -> TableData:
    """The table of rows and columns with the texts of the figures."""
    columns = (Column(first), *(Column(head, "right") for head in heads))
    rows = tuple((line.label, *(datum.text for datum in line.data)) for line in lines)
    return TableData(caption, columns, rows)


def clipped(label: str, most: int) -> str:
    """A label cut to `most` letters."""
    return label if len(label) <= most else f"{label[: most - 2].rstrip(' ,.;:(')} …"


def folded(label: str, most: int) -> str:
    """A label on at most two lines of `most` letters each, ready for a drawing."""
    one, _, other = wrapped(label, most).partition("<br>")
    return "<br>".join(safe(clipped(part, most)) for part in (one, other) if part)
