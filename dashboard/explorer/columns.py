"""Which columns a pivot shows, and the rows of heads above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.explorer.sentence import adds_up
from metrics.explore.catalog import Dataset
from metrics.explore.question import Path
from metrics.explore.result import MeasureInfo, Pivot


@dataclass(frozen=True, slots=True)
class Leaf:
    """One column of cells: where it stands and which value it shows."""

    path: Path
    measure: int

    @property
    def is_total(self) -> bool:
        """Whether it is a total over all columns."""
        return not self.path


def leaves(pivot: Pivot, dataset: Dataset) -> tuple[Leaf, ...]:
    """Columns from left to right: parts before the whole they make up, the total last.

    A value that does not know the fields of the columns has only its total: all other cells would be refused.
    """
    return tuple(
        Leaf(head.path, number)
        for head in pivot.columns
        for number, info in enumerate(pivot.measures)
        if not head.path or knows(dataset, info, pivot.question.columns[: head.level])
    )


def knows(dataset: Dataset, info: MeasureInfo, names: Sequence[str]) -> bool:
    """Whether a value can be cut by all these fields."""
    if info.metric is None:
        return True
    known = {field.name: field.metrics for field in dataset.fields}
    return all(not known.get(name) or info.metric in known[name] for name in names)


def parents(pivot: Pivot) -> frozenset[Path]:
    """Columns whose parts are on show beside them."""
    return frozenset(head.path[:-1] for head in pivot.columns if head.level > 1)


def total_words(pivot: Pivot) -> str:
    """„Summe“ where every value adds up, else „Gesamt“."""
    return "Summe" if all(adds_up(info) for info in pivot.measures) else "Gesamt"
