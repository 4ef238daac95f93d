"""Findings about papers in words: values keep „über“ and „rund“, incomplete ones say that they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dashboard import formats
from dashboard.cockpits.aussagen import EURO, SHARE, STATUS
from metrics.contradictions.claim import Claim, Levels
from metrics.contradictions.finding import Finding, Verdict
from metrics.quantity import Quantity

VERDICT_WORDS: Mapping[Verdict, str] = {
    "widerspruch": "Widerspruch",
    "nicht_vergleichbar": "nicht vergleichbar",
    "unvollstaendig": "unvollständig",
    "annahme": "Annahme",
    "abgeleitet": "abgeleitet",
    "offen": "offen",
    "stimmt": "stimmt",
}
UNKNOWN, LEVEL = "nicht beziffert", "Stufe"


@dataclass(frozen=True, slots=True)
class Line:
    """One finding as a line of a table."""

    verdict: str
    title: str
    printed: str
    computed: str
    details: str
    papers: str


def line(item: Finding) -> Line:
    """Return a finding in words; what was not said is an en dash."""
    return Line(
        verdict=VERDICT_WORDS[item.verdict],
        title=item.title,
        printed=quantity_words(item.printed, item.unit),
        computed=computed_words(item),
        details=" · ".join((*item.details, *((item.note,) if item.note else ()))),
        papers="; ".join(item.papers),
    )


def computed_words(item: Finding) -> str:
    """What was computed; a sum with an unknown part says „unvollständig“."""
    words = quantity_words(item.computed, item.unit)
    return f"{words} (unvollständig)" if item.verdict == "unvollstaendig" else words


def claim_words(claim: Claim) -> str:
    """„über 70 % – Grundgesamtheit: Büroarbeitsplätze …, Stand 27.04.2026, erhoben“; never a bare figure."""
    said = quantity_words(claim.quantity, claim.unit)
    population = f"Grundgesamtheit: {claim.population or 'nicht genannt'}"
    stand = f"Stand {formats.day(claim.stichtag)}" if claim.stichtag else "Stichtag nicht genannt"
    words = f"{said} – {population}, {stand}, {STATUS.get(claim.status, claim.status)}"
    return f"{words}, {level_words(claim.levels)}" if claim.levels else words


def level_words(levels: Levels) -> str:
    """„Stufe 2 oder 3 nach Modell celle_2023“: a set of levels, never a bare number."""
    said = (str(level) for level in range(levels.low, levels.high + 1))
    return f"{LEVEL} {' oder '.join(said)} nach Modell {levels.model}"


def quantity_words(value: Quantity | None, unit: str) -> str:
    """„über 180“, „rund 600“, „höchstens 62,2 %“, „0 bis 112“, „nicht beziffert“."""
    if value is None:
        return formats.MISSING
    if value.is_unknown:
        return UNKNOWN
    about = "rund " if value.approximate else ""
    if value.point is not None:
        return about + _amount(value.point, unit)
    if value.lower is None or value.upper is None:
        return _one_end(value, about, unit)
    if value.lower == 0 and value.low.open:
        # Above nothing says nothing: only the upper end was won.
        return f"höchstens {about}{_amount(value.upper, unit)}"
    low = _amount(value.lower, unit if unit == SHARE else "").removesuffix(f"{formats.NBSP}%")
    return f"{about}{low} bis {_amount(value.upper, unit)}"


def _one_end(value: Quantity, about: str, unit: str) -> str:
    if value.upper is not None:
        return f"höchstens {about}{_amount(value.upper, unit)}"
    word = "über" if value.low.open else "mindestens"
    return f"{word} {about}{_amount(value.lower or Fraction(0), unit)}"


def _amount(value: Fraction, unit: str) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if unit == SHARE:
        return formats.percent(exact, 0 if (value * 100).denominator == 1 else 1)
    if unit.startswith(EURO):
        return formats.eur(exact, cents=value.denominator != 1)
    text = formats.number(exact, 0 if value.denominator == 1 else 1)
    return f"{text} {unit}" if unit and unit != LEVEL else text
