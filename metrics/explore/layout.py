"""Rows and columns of a pivot: which there are, in which order, and which find no room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from metrics.explore.answer import Answer, Axes, Words, key_of
from metrics.explore.narrow import Value, natural
from metrics.explore.question import MOST_CELLS, Path, PivotQuestion, length_of
from metrics.explore.result import Head
from metrics.explore.span import MOST_MEMBERS
from warehouse.errors import ConfigError

Key = tuple[object, ...]
Sequences = Mapping[str, Sequence[str]]
"""Field → its values in the order of a procedure."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Heads in display order; `hidden_rows` counts outermost rows left out, `notes` say so."""

    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    hidden_rows: int
    notes: tuple[str, ...]


def lay_out(
    question: PivotQuestion,
    axes: Axes,
    answers: Mapping[str, Answer],
    words: Words | None,
    sequences: Sequences | None = None,
) -> Layout:
    """Return the heads of a pivot; fields with a sequence are in it unless names are asked for.

    Raises ConfigError (too_fine) when the columns alone have more cells than a pivot shows.
    """
    names = _Names(axes, words, sequences or {})
    notes: list[str] = []
    columns = _columns(axes, answers, names, notes)
    paths = _paths(answers, 0, axes.depth)
    tops: list[Path] = [path for path in paths if len(path) == 1]
    by_row = _row_order(question, answers, names)
    shown: list[Path] = sorted(tops, key=by_row)
    if question.top is not None and len(shown) > question.top.n:
        shown = _top(question, answers, names, shown)
        notes.append(_top_words(question, len(shown), len(tops)))
    rows = list(_opened(question, axes, paths, shown, by_row))
    room = max(0, MOST_CELLS // (len(columns) * len(question.measures)) - 1)
    if not room and rows:
        raise ConfigError(
            "Diese Aufgliederung hat mehr Spalten, als nebeneinander passen",
            code="too_fine",
            found=len(columns),
            next_step="Das Merkmal in die Zeilen legen oder filtern",
        )
    kept = _fitting(rows, room)
    if len(kept) < len(rows):
        notes.append(_room_words(len(kept), len(rows)))
    hidden = len(tops) - sum(1 for row in kept if row.level == 1)
    return Layout((*kept, Head(())), columns, hidden, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Names:
    axes: Axes
    words: Words | None
    sequences: Sequences

    def key(self, name: str, value: Value, *, named: bool = False) -> Key:
        """„Not stated“ last; time by itself; steps in their course; words, `named` always, as read."""
        if value is None:
            return (True,)
        if length_of(name):
            return False, value
        steps = () if named else self.sequences.get(name, ())
        place = steps.index(value) if value in steps else len(steps)
        return False, place, natural(self.words(name, value) if self.words else value), value


def _paths(answers: Mapping[str, Answer], axis: int, depth: int) -> list[Path]:
    found = {place[axis] for answer in answers.values() for place in answer.found}
    return [path for path in found if 0 < len(path) <= depth]


def _columns(axes: Axes, answers: Mapping[str, Answer], names: _Names, notes: list[str]) -> tuple[Head, ...]:
    paths = _paths(answers, 1, len(axes.columns))
    if axes.columns and length_of(axes.columns[0]):
        paths = _newest(paths, notes)

    def key(path: Path) -> Key:
        return names.key(axes.columns[len(path) - 1], path[-1])

    heads = [Head(path, len(path) < len(axes.columns)) for path in _nested(paths, key)]
    return (*heads, Head(()))


def _newest(paths: list[Path], notes: list[str]) -> list[Path]:
    tops = sorted({path[0] for path in paths if path[0] is not None}, reverse=True)
    if len(tops) <= MOST_MEMBERS:
        return paths
    kept = {*tops[:MOST_MEMBERS], None}
    notes.append(f"Gezeigt sind die letzten {MOST_MEMBERS} Zeitabschnitte; die Summe zählt alle.")
    return [path for path in paths if path[0] in kept]


def _nested(paths: Iterable[Path], key: Callable[[Path], Key]) -> list[Path]:
    """Parents before children, each in the order of its own field."""
    known = set(paths)
    children: dict[Path, list[Path]] = {}
    for path in known:
        children.setdefault(path[:-1], []).append(path)
    found: list[Path] = []
    waiting = sorted(children.get((), []), key=key)[::-1]
    while waiting:
        path = waiting.pop()
        found.append(path)
        waiting += sorted(children.get(path, []), key=key)[::-1]
    return found


def _row_order(
    question: PivotQuestion, answers: Mapping[str, Answer], names: _Names
) -> Callable[[Path], Key]:
    order = question.order or ("-value" if question.top and not question.top.smallest else "")
    order = order or ("value" if question.top else "")
    falling = order.startswith("-")

    def by_field(path: Path) -> Key:
        named = order.removeprefix("-") == "name"
        return names.key(names.axes.rows[len(path) - 1], path[-1], named=named)

    def by_value(path: Path) -> Key:
        amount = first_amount(question, answers, path)
        # What is hidden or unknown stands last either way: its place must not tell its size.
        return amount is None, -(amount or 0) if falling else amount or 0, by_field(path)

    if order.removeprefix("-") == "value":
        return by_value
    return _Falling.of(by_field) if falling else by_field


class _Falling:
    """Turns an order round; „not stated“ stays last."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def __lt__(self, other: _Falling) -> bool:
        return bool(self.key > other.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Falling) and self.key == other.key

    __hash__ = None  # type: ignore[assignment]

    @staticmethod
    def of(key: Callable[[Path], Key]) -> Callable[[Path], Key]:
        def turned(path: Path) -> Key:
            last, *rest = key(path)
            return last, _Falling(tuple(rest))

        return turned


def first_amount(question: PivotQuestion, answers: Mapping[str, Answer], path: Path) -> Fraction | None:
    """Return the first measure of a row over all columns, None where there is none or it is hidden."""
    measure = question.measures[0]
    found = answers[answer_of(question, 0)].at((path, ()))
    amount = None if found is None or found.suppressed else found.amounts.get(key_of(measure))
    return None if amount is None else Fraction(amount)


def answer_of(question: PivotQuestion, number: int) -> str:
    """Return under which subject a measure is answered: its metric, or the one list."""
    return "" if question.dataset.startswith("liste:") else question.measures[number].subject


def _top(
    question: PivotQuestion, answers: Mapping[str, Answer], names: _Names, shown: Sequence[Path]
) -> list[Path]:
    top = question.top
    if top is None:
        return list(shown)

    def rank(path: Path) -> Key:
        amount = first_amount(question, answers, path)
        sign = 1 if top.smallest else -1
        return amount is None, sign * (amount or 0), names.key(names.axes.rows[0], path[0])

    kept = set(sorted(shown, key=rank)[: top.n])
    return [path for path in shown if path in kept]


def _opened(
    question: PivotQuestion,
    axes: Axes,
    paths: Iterable[Path],
    shown: Sequence[Path],
    key: Callable[[Path], Key],
) -> Iterable[Head]:
    opened, tops = question.open_paths, set(shown)

    def is_open(path: Path) -> bool:
        return opened is None or all(path[:end] in opened for end in range(1, len(path)))

    wanted = [path for path in paths if path[:1] in tops and is_open(path)]
    for path in _nested(wanted, key):
        yield Head(path, len(path) < len(axes.rows))


def _fitting(rows: Sequence[Head], room: int) -> list[Head]:
    """Whole groups as long as they fit; of a single group that does not, its first rows."""
    if len(rows) <= room:
        return list(rows)
    starts = [place for place, row in enumerate(rows) if row.level == 1 and 0 < place <= room]
    return list(rows[: starts[-1] if starts else room])


def _top_words(question: PivotQuestion, shown: int, known: int) -> str:
    what = "kleinsten" if question.top and question.top.smallest else "größten"
    return f"Gezeigt sind die {shown} {what} von {known} Zeilen; die Summe zählt alle."


def _room_words(shown: int, known: int) -> str:
    return (
        f"Gezeigt sind {shown:,} von {known:,} Zeilen; die Summe zählt alle. Mit einem Filter oder weniger"
        " Merkmalen passen alle auf die Seite."
    ).replace(",", ".", 2)
