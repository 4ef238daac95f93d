"""Ratings: a value against the target of its day, by the direction the metric names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from metrics.result import Rating
from metrics.targets import Rule

Direction = Literal["higher", "lower", "none"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Target of the day, value minus target, and the rating; None and „neu“ without target or value."""

    target: Fraction | None
    deviation: Fraction | None
    rating: Rating


UNRATED = Verdict(None, None, "neu")


def rate(value: Fraction | None, rule: Rule | None, on: date, better: Direction) -> Verdict:
    """Rate a value of a day; with direction „none“ the target is shown but nothing is rated."""
    soll = rule.soll(on) if rule else None
    if rule is None or soll is None:
        return UNRATED
    if value is None:
        return Verdict(soll, None, "neu")
    deviation = value - soll
    return Verdict(soll, deviation, _grade(deviation, rule.tolerance(soll), better))


def _grade(deviation: Fraction, tolerance: Fraction, better: Direction) -> Rating:
    if better == "none":
        return "neu"
    missed_by = -deviation if better == "higher" else deviation
    if missed_by <= 0:
        return "gut"
    return "warn" if missed_by <= tolerance else "krit"
