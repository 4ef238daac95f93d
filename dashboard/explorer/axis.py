"""The two axes of a chart out of a pivot: members without totals, named once each, periods complete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.explorer.words import Words
from metrics.explore.question import Path, length_of
from metrics.explore.result import Head, Pivot

LONGEST_COURSE = 400
"""Periods a gap is filled up to; a stray year would otherwise draw centuries of nothing."""


@dataclass(frozen=True, slots=True)
class Member:
    """One place on an axis; a period the pivot does not have has no path."""

    label: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Axis:
    """Members of one or more fields; without fields just the total. `title` names the fields."""

    members: tuple[Member, ...]
    title: str
    timed: bool = False
    fielded: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the members."""
        return tuple(member.label for member in self.members)


@dataclass(frozen=True, slots=True)
class Frame:
    """Two axes and where the cell of two members lies in the pivot (row path, column path)."""

    down: Axis
    across: Axis
    place: Callable[[Path, Path], tuple[Path, Path]]

    def turned(self) -> Frame:
        """The same with its axes exchanged."""
        place = self.place
        return Frame(self.across, self.down, lambda one, other: place(other, one))

    def cell(self, down: Member, across: Member) -> tuple[Path, Path] | None:
        """Row and column path of a cell; None for a period that is missing."""
        if down.path is None or across.path is None:
            return None
        return self.place(down.path, across.path)


TOTAL = Axis((Member("Summe", ()),), "", fielded=False)


def leaves(heads: Sequence[Head]) -> list[Path]:
    """Paths of the deepest level on which all are shown: never a part beside what it is no part of."""
    depth = whole_depth(heads)
    return [head.path for head in heads if head.path and head.level == depth]


def whole_depth(heads: Sequence[Head]) -> int:
    """The deepest level that is shown of everything; 1 where only some rows are opened, 0 without any."""
    parents = {head.path[:depth] for head in heads for depth in range(head.level)}
    return min((head.level for head in heads if head.path and head.path not in parents), default=0)


def is_partly_open(heads: Sequence[Head]) -> bool:
    """Whether rows are opened that are not drawn apart, because others beside them are closed."""
    return any(head.level > whole_depth(heads) for head in heads)


def flat(pivot: Pivot, words: Words) -> Frame:
    """Rows against columns as they are shown."""
    rows = axis(pivot.question.rows, leaves(pivot.rows), words)
    columns = axis(pivot.question.columns, leaves(pivot.columns), words, short=True)
    return Frame(rows, columns, lambda row, column: (row, column))


def crossed(pivot: Pivot, words: Words) -> Frame:
    """Two fields against each other, also where both are rows (or columns) and the first one is opened."""
    question = pivot.question
    if question.rows and question.columns:
        return flat(pivot, words)
    if len(question.rows) > 1:
        return _nested(question.rows, pivot.rows, words, lambda one, other: ((*one, *other), ()))
    if len(question.columns) > 1:
        return _nested(question.columns, pivot.columns, words, lambda one, other: ((), (*one, *other)))
    return flat(pivot, words)


def _nested(
    names: Sequence[str],
    heads: Sequence[Head],
    words: Words,
    place: Callable[[Path, Path], tuple[Path, Path]],
) -> Frame:
    outer = [head.path for head in heads if head.level == 1]
    opened = [] if whole_depth(heads) < 2 else heads
    inner = list(dict.fromkeys(head.path[1:] for head in opened if head.level == 2))
    down = axis(names[:1], outer, words)
    if not inner:
        return Frame(down, TOTAL, lambda one, _: place(one, ()))
    return Frame(down, axis(names[1:2], inner, words, short=True), place)


def axis(names: Sequence[str], paths: Sequence[Path], words: Words, *, short: bool = False) -> Axis:
    """Axis of fields; one of time fields alone is in the order of time and without holes."""
    if not names:
        return TOTAL
    title = " und ".join(words.field(name) for name in names)
    if all(words.kind(name) == "time" for name in names) and _is_one_time(names):
        return Axis(_periods(names, paths, words), title, timed=True)
    labels = _unique(names, paths, words, short=short)
    return Axis(tuple(Member(label, path) for label, path in zip(labels, paths, strict=True)), title)


def _is_one_time(names: Sequence[str]) -> bool:
    """Whether fields are lengths of the same time: years and months of one column."""
    return len({name.removesuffix(length_of(name) or "") for name in names}) == 1


def _unique(names: Sequence[str], paths: Sequence[Path], words: Words, *, short: bool) -> list[str]:
    """The innermost value; the whole path where two would have the same name."""
    say = words.short if short else words.value
    labels = [say(names[len(path) - 1], path[-1]) for path in paths]
    twice = {label for label, count in Counter(labels).items() if count > 1}
    whole = [
        words.path(names, path) if label in twice else label
        for label, path in zip(labels, paths, strict=True)
    ]
    still = {label for label, count in Counter(whole).items() if count > 1}
    return [
        f"{label} ({path[-1]})" if label in still else label for label, path in zip(whole, paths, strict=True)
    ]


def _periods(names: Sequence[str], paths: Sequence[Path], words: Words) -> tuple[Member, ...]:
    """Periods of one length from the first to the last; those without row or column have no path."""
    depth = min((len(path) for path in paths), default=1)
    name = length_of(names[depth - 1]) or names[depth - 1]
    known = {path[depth - 1] or "": path[:depth] for path in paths if path[depth - 1]}
    every = complete(name, sorted(known))
    return tuple(Member(words.short(name, value), known.get(value)) for value in every)


def complete(name: str, periods: Sequence[str]) -> list[str]:
    """„2025-11“, „2025-12“, „2026-01“: every period from the first to the last, in order."""
    try:
        first, last = (_number(name, period) for period in (periods[0], periods[-1]))
    except (IndexError, ValueError):
        return list(periods)
    if last - first > LONGEST_COURSE:
        return list(periods)
    return [_period(name, number) for number in range(first, last + 1)]


def _number(name: str, period: str) -> int:
    year, _, part = period.partition("-")
    if name == "year":
        return int(year)
    return (
        int(year) * 4 + int(part.removeprefix("Q")) - 1
        if name == "quarter"
        else int(year) * 12 + int(part) - 1
    )


def _period(name: str, number: int) -> str:
    if name == "year":
        return f"{number:04d}"
    if name == "quarter":
        return f"{number // 4:04d}-Q{number % 4 + 1}"
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
