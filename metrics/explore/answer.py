"""What is known of every place of a pivot before anything is compared or laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from metrics.explore.question import Measure, Path, PivotQuestion
from metrics.result import Nature, Number

Words = Callable[[str, str | None], str]
"""Field and value → what people read."""

Level = tuple[int, int]
"""How many row fields and how many column fields a place names."""

Place = tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class Axes:
    """The fields of a pivot and the levels that are wanted of them."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    depth: int

    @classmethod
    def of(cls, question: PivotQuestion) -> Axes:
        """Fields of a question; below the deepest opened row nothing is asked."""
        opened = question.open_paths
        depth = len(question.rows)
        if opened is not None:
            depth = min(depth, 1 + max((len(path) for path in opened), default=0))
        return cls(question.rows, question.columns, depth)

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields, those of the rows first."""
        return (*self.rows, *self.columns)

    def levels(self) -> Iterator[Level]:
        """Yield all levels, totals first."""
        for i in range(self.depth + 1):
            for j in range(len(self.columns) + 1):
                yield i, j

    def keys(self, level: Level) -> tuple[str, ...]:
        """Return the fields a level names."""
        return (*self.rows[: level[0]], *self.columns[: level[1]])

    def place(self, level: Level, values: Sequence[str | None]) -> Place:
        """Return the place of values in the order of `keys`."""
        return tuple(values[: level[0]]), tuple(values[level[0] :])


@dataclass(frozen=True, slots=True)
class Found:
    """One place: an amount per part of a measure, German reasons for parts that have none."""

    amounts: Mapping[str, Number | None]
    reasons: Mapping[str, str] = field(default_factory=dict)
    suppressed: bool = False
    lower: Number | None = None
    upper: Number | None = None
    qualifier: str | None = None
    target: Number | None = None
    period: date | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What figures rest on; nothing is known of what is refused."""

    as_of: datetime | None
    stale_sources: tuple[str, ...]
    nature: Nature | None


@dataclass(frozen=True, slots=True)
class Answer:
    """All places of one subject; `refused` holds levels without any figure and the reason."""

    found: Mapping[Place, Found]
    refused: Mapping[Level, str]
    origin: Origin
    notes: tuple[str, ...] = ()

    def at(self, place: Place) -> Found | None:
        """Return what is known of a place."""
        return self.found.get(place)

    def refusal(self, place: Place) -> str | None:
        """Return why a place has no figure."""
        return self.refused.get((len(place[0]), len(place[1])))


def key_of(measure: Measure) -> str:
    """Return under which name the amount of a measure is found."""
    return measure.subject if measure.part in ("count", "sum") else measure.part
