"""A compared figure in full: now, then, and what lies between them."""

from __future__ import annotations

from decimal import Decimal

from dashboard.explorer.words import AGAINST_NAMES, Words, amount_words, cell_words
from metrics.explore.question import PivotQuestion
from metrics.explore.result import MeasureInfo, PivotCell

SEPARATOR = " · "


def now_and_then(info: MeasureInfo, cell: PivotCell, question: PivotQuestion, words: Words) -> str:
    """„44,2 % · Vorjahr 37,7 % · Differenz +6,5 Prozentpunkte“; „“ where nothing is compared."""
    then = then_words(info, cell, question, words)
    return SEPARATOR.join((amount_words(info, cell.value), then)) if then else ""


def then_words(info: MeasureInfo, cell: PivotCell, question: PivotQuestion, words: Words) -> str:
    """„Vorjahr 37,7 % · Differenz +6,5 Prozentpunkte“; „“ where nothing is compared."""
    if not question.against or question.show not in ("value", "difference", "index"):
        return ""
    if cell.state != "value" or cell.value is None or cell.base is None:
        return ""
    parts = [f"{_other(question, words)} {amount_words(info, cell.base)}"]
    parts.append(f"Differenz {_difference(info, cell, question)}")
    if question.show == "index":
        parts.append(f"Index {cell_words(info, cell, 'index')}")
    return SEPARATOR.join(parts)


def _other(question: PivotQuestion, words: Words) -> str:
    if question.against != "member":
        return AGAINST_NAMES[question.against]
    return words.value(next(iter((*question.columns, *question.rows)), ""), question.against_member)


def _difference(info: MeasureInfo, cell: PivotCell, question: PivotQuestion) -> str:
    if question.show == "difference":
        return cell_words(info, cell, "difference")
    # Beside a value or an index the difference is not part of the answer.
    between = Decimal(str(cell.value)) - Decimal(str(cell.base))
    return cell_words(info, PivotCell("value", shown=between), "difference")
