"""What a pivot says first: one plain sentence where it is right for sure, else the neutral title."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dashboard.explorer.words import Words, amount_words, title_of
from metrics.explore.question import Path
from metrics.explore.result import MeasureInfo, Pivot, PivotCell
from metrics.result import Number

NAMED = ("text", "unit")
"""Kinds of fields whose values can be the subject of a sentence."""
Named = tuple[str, Number, str]


def sentence_of(pivot: Pivot, words: Words) -> str:
    """„Bauen & Wohnen hat die meisten: 346 von 1.557 Einzelleistungen.“, or the title of the question.

    Said only where every part is shown, one is clearly the largest and (for what adds up) the parts make
    the whole.
    """
    parts, whole = _parts(pivot, words), pivot.cell((), ())
    if parts is None or whole.state != "value" or whole.value is None:
        return title_of(pivot.question, words)
    info = pivot.measures[0]
    said = _of_whole(info, parts, whole.value, words) if adds_up(info) else _highest(info, parts, whole.value)
    return said or title_of(pivot.question, words)


def adds_up(info: MeasureInfo) -> bool:
    """Whether the values of parts may make the value of the whole."""
    return info.measure.part != "value" or info.kind == "sum"


def _parts(pivot: Pivot, words: Words) -> list[Named] | None:
    """Outermost rows with name, value and text; None where no sentence can be right."""
    question = pivot.question
    if question.show != "value" or not question.rows or pivot.hidden_rows or question.top:
        return None
    if words.kind(question.rows[0]) not in NAMED:
        return None
    outer = [(head.path, pivot.cell(head.path, ())) for head in pivot.rows if head.level == 1]
    if any(cell.state in ("suppressed", "refused") for _, cell in outer):
        return None
    return [named for path, cell in outer if (named := _named(pivot, words, path, cell)) is not None]


def _named(pivot: Pivot, words: Words, path: Path, cell: PivotCell) -> Named | None:
    if cell.value is None:
        return None
    name = "" if path[0] is None else words.value(pivot.question.rows[0], path[0])
    return name, cell.value, amount_words(pivot.measures[0], cell.value)


def _leader(parts: Sequence[Named]) -> Named | None:
    """The part that is the largest as people read it; None for equals and for what has no name."""
    if len(parts) < 2:
        return None
    first, second = sorted(parts, key=lambda part: Decimal(str(part[1])), reverse=True)[:2]
    return first if first[0] and str(first[2]) != str(second[2]) else None


def _of_whole(info: MeasureInfo, parts: Sequence[Named], whole: Number, words: Words) -> str:
    leader, amounts = _leader(parts), [Decimal(str(value)) for _, value, _ in parts]
    if leader is None or min(amounts) < 0 or sum(amounts) != Decimal(str(whole)):
        return ""
    name, _, text = leader
    of = f"{text} von {amount_words(info, whole)}"
    noun = counted(info, words)
    return f"{name} hat die meisten: {of} {noun}." if noun else f"{name} liegt bei „{info.short}“ vorn: {of}."


def _highest(info: MeasureInfo, parts: Sequence[Named], whole: Number) -> str:
    leader = _leader(parts)
    if leader is None:
        return ""
    return f"{leader[0]} hat den höchsten Wert: {leader[2]}, insgesamt {amount_words(info, whole)}."


def counted(info: MeasureInfo, words: Words) -> str:
    """What a measure counts, where it counts the members of its population or the records of a list."""
    whole = info.measure.part == "numerator" and info.kind == "distribution"
    if info.unit != "count" or not (whole or info.measure.part == "count"):
        return ""
    population = words.catalog.populations.get(words.data.subject) if whole else None
    title = population.title if population is not None else words.data.title
    return title if _stands_after_a_number(title) else ""


def _stands_after_a_number(title: str) -> bool:
    """„Maßnahmen“ and „Einzelleistungen in …“ do as they are, „laufende Projekte“ would have to be bent."""
    return title[:1].isupper() and title.split()[0].endswith("n")
