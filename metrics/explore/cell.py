"""One cell of an answer as a measure shows it: a value, or why there is none."""

from __future__ import annotations

from metrics.explore.answer import Answer, Found, Place, key_of
from metrics.explore.population import PROTECTED_CELL
from metrics.explore.question import Measure
from metrics.explore.result import PivotCell


def cell_at(answer: Answer, place: Place, measure: Measure) -> PivotCell | None:
    """Return the cell of a measure before anything is compared; None where nothing occurs."""
    if (reason := answer.refusal(place)) is not None:
        return PivotCell("refused", reason=reason)
    found = answer.at(place)
    return None if found is None else _cell(found, key_of(measure))


def _cell(found: Found, key: str) -> PivotCell | None:
    if found.suppressed:
        return PivotCell("suppressed", reason=found.reasons.get("value", PROTECTED_CELL))
    if key in found.reasons:
        return PivotCell("refused", reason=found.reasons[key])
    value = found.amounts.get(key)
    if value is None:
        return None
    cell = PivotCell(
        "value",
        value=value,
        shown=value,
        numerator=found.amounts.get("numerator"),
        denominator=found.amounts.get("denominator"),
    )
    return _bounded(cell, found) if key == "value" else cell


def _bounded(cell: PivotCell, found: Found) -> PivotCell:
    if found.lower is None and found.upper is None and found.qualifier is None:
        return cell
    return PivotCell(
        cell.state,
        cell.value,
        cell.shown,
        None,
        cell.numerator,
        cell.denominator,
        lower=found.lower,
        upper=found.upper,
        qualifier=found.qualifier,
    )
