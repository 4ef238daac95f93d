"""Filters of a question as lists of existing values, the only form in which the door takes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from metrics.explore.answer import Words
from metrics.explore.question import BUCKET, TIME_FIELDS, Filter, PivotQuestion
from metrics.folding import fold

Value = str | None
Values = Callable[[str], Iterable[Value]]
"""Field → all its values that occur."""


def where_of_filters(question: PivotQuestion, values: Values, words: Words | None) -> dict[str, list[Value]]:
    """Return the values each filtered field may have; time is no part of it, nor are buckets.

    Two conditions on one field leave the values that fit both. values: asked only where it is needed.
    """
    found: dict[str, list[Value]] = {}
    for item in question.filters:
        if item.name in (*TIME_FIELDS, BUCKET):
            continue
        allowed = chosen(item, lambda name=item.name: values(name), words)  # type: ignore[misc]
        before = found.get(item.name)
        found[item.name] = allowed if before is None else [value for value in before if value in allowed]
    return found


def chosen(item: Filter, values: Callable[[], Iterable[Value]], words: Words | None) -> list[Value]:
    """Return the values a filter leaves."""
    if item.op == "in":
        return list(dict.fromkeys(item.values))
    return [value for value in dict.fromkeys(values()) if fits(item, value, words)]


def fits(item: Filter, value: Value, words: Words | None) -> bool:
    """Whether a value passes a filter."""
    if item.op == "in":
        return value in item.values
    if item.op == "not_in":
        return value not in item.values
    if item.op == "contains":
        text = words(item.name, value) if words else value or ""
        return fold(item.values[0] or "").strip() in fold(text)
    return value is not None and _lies_between(value, item.values[0], item.values[1])


def _lies_between(value: str, low: Value, high: Value) -> bool:
    numbers = _numbers([value, *(end for end in (low, high) if end)])
    if numbers is not None:
        at_least = not low or numbers[0] >= numbers[1]
        return at_least and (not high or numbers[0] <= numbers[-1])
    at_least = not low or natural(value) >= natural(low)
    return at_least and (not high or natural(value) <= natural(high))


def _numbers(texts: Iterable[str]) -> list[Decimal] | None:
    try:
        return [Decimal(text) for text in texts]
    except InvalidOperation:
        return None


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Return what sorts „FD 9“ before „FD 10“ and „Ö“ beside „O“."""
    parts = re.findall(r"\d+|\D+", fold(text))
    return tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)


def bucket_filters(question: PivotQuestion) -> list[Filter]:
    """Return the filters on the levels of distributions."""
    return [item for item in question.filters if item.name == BUCKET]


def unknown_filters(question: PivotQuestion, known: Iterable[str]) -> list[str]:
    """Return filtered fields a figure does not know."""
    return [item.name for item in question.filters if item.name not in set(known)]


def merged(where: Mapping[str, list[Value]], choose: Mapping[str, str]) -> dict[str, list[Value]]:
    """Return a where with chosen values of dimensions that are never added up; filters count first."""
    return {**{name: [value] for name, value in choose.items()}, **where}
