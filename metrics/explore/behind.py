"""The cut one cell of a pivot is about: for the records behind it, its way down and its passport."""

from __future__ import annotations

from metrics.explore.question import BUCKET, TIME_FIELDS, Path, PivotQuestion
from metrics.explore.span import Days
from metrics.levels import span_of

Cut = dict[str, str | list[str] | None]


def where_of(question: PivotQuestion, row: Path, column: Path) -> Cut:
    """Return what narrows a cell: chosen values, filters that name their values, and its own place.

    Time and the levels of a distribution are no part of a figure's cut; filters that describe values
    („contains“) are left out, because what they mean depends on the data (`listing` resolves them).
    """
    cut: Cut = dict(question.choose)
    for item in question.filters:
        if item.op == "in" and item.name not in (*TIME_FIELDS, BUCKET):
            cut[item.name] = _one_or_many(item.values)
    return cut | dict(plain_place(question, row, column))


def _one_or_many(values: Path) -> str | list[str] | None:
    if len(values) == 1:
        return values[0]
    return [value for value in values if value is not None]


def plain_place(question: PivotQuestion, row: Path, column: Path) -> dict[str, str | None]:
    """Return the values of a cell's fields without time and levels of a distribution."""
    return {
        name: value
        for name, value in place_of(question, row, column).items()
        if name not in (*TIME_FIELDS, BUCKET)
    }


def place_of(question: PivotQuestion, row: Path, column: Path) -> dict[str, str | None]:
    """Return the values of a cell's fields."""
    fields = (*question.rows[: len(row)], *question.columns[: len(column)])
    return dict(zip(fields, (*row[: len(question.rows)], *column[: len(question.columns)]), strict=True))


def days_of_cell(place: dict[str, str | None]) -> Days | None:
    """Return first and last day of what a cell's lengths of time have in common, None for a cell without.

    Two that exclude one another leave a span that ends before it begins. Raises ValueError for a text that is
    no length of time.
    """
    spans = [span_of(name, value) for name, value in place.items() if name in TIME_FIELDS and value]
    if not spans:
        return None
    return max(first for first, _ in spans), min(last for _, last in spans)
