"""What a cell shows beside or instead of its value: its share of a total, its distance from something else.

A share or a distance is only told where both sides are: from one and the result the other could be computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from metrics.explore.answer import Answer, Place, key_of
from metrics.explore.cell import cell_at
from metrics.explore.earlier import NO_WINDOW, Earlier
from metrics.explore.layout import answer_of
from metrics.explore.question import TIME_FIELDS, Measure, Path
from metrics.explore.result import PivotCell
from metrics.explore.whole import Whole
from metrics.result import Number

NOT_ADDITIVE = "Nur was sich zusammenzählen lässt, hat einen Anteil an der Summe."
NOT_OVER_TIME = "Ein Bestand verteilt sich nicht auf Zeiträume; seine Summe wäre kein Stand."
HIDDEN_BASE = "Der Vergleichswert ist geschützt."
NO_BASE = "Es gibt keinen Vergleichswert."
NO_SHARE_OF_NOTHING = "Der Bezugswert ist null oder negativ."
NO_PLAN = "Für diesen Wert ist kein Ziel beschlossen."
NO_MEMBER = "Die Summe lässt sich nicht mit einem ihrer Teile vergleichen."
_SHARES = ("row_share", "column_share", "total_share")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares cells of one pivot."""

    whole: Whole
    answers: Mapping[str, Answer]
    earlier: Earlier

    def shown(self, number: int, place: Place, cell: PivotCell) -> PivotCell:
        """Return a cell with what it shows; those without a value stay as they are."""
        question = self.whole.question
        if cell.state != "value":
            return cell
        if question.show in _SHARES:
            return self._share(number, place, cell)
        if not question.against:
            return cell
        base = self._base(number, place)
        if question.show == "value":
            return replace(cell, base=base.value if base.state == "value" else None)
        return _distance(cell, base, as_index=question.show == "index")

    def _share(self, number: int, place: Place, cell: PivotCell) -> PivotCell:
        measure = self.whole.question.measures[number]
        if reason := self._no_share(measure):
            return PivotCell("refused", reason=reason)
        base = self._cell(number, _whole_of(self.whole.question.show, place))
        if base.state != "value" or base.value is None:
            return _without(base)
        if base.value <= 0 or cell.value is None:
            return PivotCell("refused", reason=NO_SHARE_OF_NOTHING)
        return replace(cell, shown=float(_exact_of(cell) / _exact_of(base)), base=base.value)

    def _no_share(self, measure: Measure) -> str | None:
        question, axes = self.whole.question, self.whole.axes
        definition = self.whole.definition(answer_of(question, question.measures.index(measure)))
        if definition is None:
            return None
        if definition.over_time == "none" or (key_of(measure) == "value" and definition.kind != "sum"):
            return NOT_ADDITIVE
        added = {"row_share": axes.columns, "column_share": axes.rows}.get(question.show, axes.fields)
        if definition.over_time == "last" and set(added) & set(TIME_FIELDS):
            return NOT_OVER_TIME
        return None

    def _base(self, number: int, place: Place) -> PivotCell:
        against = self.whole.question.against
        if against == "plan":
            return self._plan(number, place)
        if against == "member":
            return self._member(number, place)
        subject = answer_of(self.whole.question, number)
        if reason := self.earlier.running(subject, place):
            return PivotCell("refused", reason=reason)
        found = self.earlier.find(subject, place)
        if found is None:
            return PivotCell("refused", reason=NO_WINDOW)
        answer, earlier = found
        return cell_at(answer, earlier, self.whole.question.measures[number]) or PivotCell("empty")

    def _plan(self, number: int, place: Place) -> PivotCell:
        found = self.answers[answer_of(self.whole.question, number)].at(place)
        is_value = key_of(self.whole.question.measures[number]) == "value"
        if found is None or found.target is None or not is_value:
            return PivotCell("refused", reason=NO_PLAN)
        return PivotCell("value", value=found.target)

    def _member(self, number: int, place: Place) -> PivotCell:
        member = self.whole.question.against_member or None
        rows, columns = place
        other = (rows, _put(columns, member)) if self.whole.axes.columns else (_put(rows, member), columns)
        if other == (rows, columns) and not (columns if self.whole.axes.columns else rows):
            return PivotCell("refused", reason=NO_MEMBER)
        return self._cell(number, other)

    def _cell(self, number: int, place: Place) -> PivotCell:
        question = self.whole.question
        found = cell_at(self.answers[answer_of(question, number)], place, question.measures[number])
        return found or PivotCell("empty")


def _put(path: Path, member: str | None) -> Path:
    return (member, *path[1:]) if path else path


def _whole_of(show: str, place: Place) -> Place:
    rows, columns = place
    return {"row_share": (rows, ()), "column_share": ((), columns)}.get(show, ((), ()))


def _distance(cell: PivotCell, base: PivotCell, *, as_index: bool) -> PivotCell:
    if base.state != "value" or base.value is None or cell.value is None:
        return _without(base)
    if not as_index:
        return replace(cell, shown=_minus(cell, base), base=base.value)
    if base.value <= 0:
        return PivotCell("refused", reason=NO_SHARE_OF_NOTHING)
    return replace(cell, shown=float(100 * _exact_of(cell) / _exact_of(base)), base=base.value)


def _without(base: PivotCell) -> PivotCell:
    """A comparison with what is not told is not told either."""
    if base.state == "suppressed":
        return PivotCell("refused", reason=HIDDEN_BASE)
    if base.state == "refused":
        return PivotCell("refused", reason=base.reason)
    return PivotCell("empty", reason=NO_BASE)


def _exact_of(cell: PivotCell) -> Fraction:
    """The value of a cell, a share as the quotient it is."""
    value = cell.value if cell.value is not None else 0
    if isinstance(value, float) and cell.numerator is not None and cell.denominator:
        exact = Fraction(cell.numerator) / Fraction(cell.denominator)
        if float(exact) == value:
            return exact
    return _exact(value)


def _exact(number: Number) -> Fraction:
    # A float stands for the decimal it is written as; its binary rest would show up in differences.
    return Fraction(str(number))


def _minus(cell: PivotCell, base: PivotCell) -> Number:
    exact, kinds = _exact_of(cell) - _exact_of(base), {type(cell.value), type(base.value)}
    if float in kinds:
        return float(exact)
    if Decimal in kinds:
        return Decimal(str(cell.value)) - Decimal(str(base.value))
    return int(exact)
