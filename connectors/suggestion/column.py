"""What a column holds, seen from its values; a number with leading zeros is a key and stays text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from connectors.suggestion.sample import Sample, text_of
from connectors.suggestion.value import BOOLEANS, NULL_WORDS, date_formats, is_number

LONGEST_NUMBER = 15
"""Digits a program keeps in a number; longer ones are keys."""


@dataclass
class ColumnLook:
    """One column as it looks: type, formats of its days, words that seem to mean nothing."""

    name: str
    kind: str
    values: list[str]
    formats: list[str] = field(default_factory=list)
    null_words: tuple[str, ...] = ()
    yes_no: tuple[str, str] | None = None
    distinct: bool = False
    typed: bool = False


def look_at(sample: Sample) -> list[ColumnLook]:
    """All named columns of a sample."""
    return [_look(sample, at, name) for at, name in enumerate(sample.header) if name]


def _look(sample: Sample, at: int, name: str) -> ColumnLook:
    cells = sample.column(at)
    texts = [text_of(cell) for cell in cells]
    distinct = bool(texts) and len(set(texts)) == len(texts) == len(sample.rows)
    if cells and not all(isinstance(cell, str) for cell in cells):
        return ColumnLook(name, _kind_of_cells(cells), texts, distinct=distinct, typed=True)
    nothing = tuple(word for word in NULL_WORDS if word in texts)
    filled = [text for text in texts if text not in nothing]
    look = _kind_of_texts(name, filled or texts)
    look.distinct = distinct
    # A word that means nothing counts only among values that are something else.
    look.null_words = nothing if look.kind != "text" else ()
    return look


def _kind_of_cells(cells: list[object]) -> str:
    known = [cell for cell in cells if not isinstance(cell, str)]
    if all(isinstance(cell, bool) for cell in known):
        return "boolean"
    if all(isinstance(cell, datetime) and cell.time() != datetime.min.time() for cell in known):
        return "timestamp"
    if all(isinstance(cell, date) for cell in known):
        return "date"
    if all(isinstance(cell, (int, float, Decimal)) for cell in known):
        return "integer" if all(float(str(cell)).is_integer() for cell in known) else "decimal"
    return "text"


def _kind_of_texts(name: str, texts: list[str]) -> ColumnLook:
    if formats := date_formats(texts):
        kind = "timestamp" if "%H" in formats[0] else "date"
        if formats != ["%Y%m%d"] or all(text.startswith(("19", "20")) for text in texts):
            return ColumnLook(name, kind, texts, formats)
    words = {text.lower() for text in texts}
    for yes, no in BOOLEANS:
        if words and words <= {yes, no}:
            upper = next(text for text in texts if text.lower() in (yes, no))
            return ColumnLook(name, "boolean", texts, yes_no=_as_written(yes, no, upper))
    if texts and all(map(is_number, texts)) and not any(map(_is_key, texts)):
        whole = all(re.fullmatch(r"[-+]?\d+", text) for text in texts)
        return ColumnLook(name, "integer" if whole else "decimal", texts)
    return ColumnLook(name, "text", texts)


def _as_written(yes: str, no: str, sample: str) -> tuple[str, str]:
    if sample.isupper():
        return yes.upper(), no.upper()
    return (yes.capitalize(), no.capitalize()) if sample[:1].isupper() else (yes, no)


def _is_key(text: str) -> bool:
    digits = text.lstrip("+-")
    return digits.isdigit() and (len(digits) > LONGEST_NUMBER or (len(digits) > 1 and digits.startswith("0")))
