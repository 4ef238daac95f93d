"""Sentences of a town's own cockpits: Lagesatz from the ratings of its tiles, titles of charts by rule.

A title is at most 60 characters long and says only what the figures show; else the neutral title of the file
stands there. Numbers in, German out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dashboard import formats
from dashboard.sentence import Sentence
from metrics.result import Number, Rating

LONGEST_TITLE, LONGEST_SENTENCE = 60, 160
URGENT: tuple[Rating, ...] = ("krit", "warn")
ONLY_RATED: Mapping[Rating, str] = {
    "gut": "Die Kennzahl mit Soll ist im Plan.",
    "warn": "Die Kennzahl mit Soll ist zu beobachten.",
    "krit": "Bei der Kennzahl mit Soll ist zu handeln.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One tile in words: „Offen über drei Monate“, „12,4 %“, „Soll höchstens 10,0 %“."""

    label: str
    spoken: str
    soll: str
    rating: Rating
    known: bool = True


def situation(tiles: Sequence[Standing], question: str) -> Sentence:
    """How many figures are in plan and which one is the most urgent; without tiles the question itself."""
    if not tiles:
        return Sentence(question)
    if not any(tile.known for tile in tiles):
        return Sentence("Noch keine Werte.", question)
    rated = [tile for tile in tiles if tile.rating != "neu"]
    if not rated:
        return _unrated(tiles)
    bold = _counts(len(rated), tiles)
    urgent = next((tile for rating in URGENT for tile in tiles if tile.rating == rating), None)
    rest = f"{urgent.label}: {urgent.spoken}, {urgent.soll}." if urgent else _fact(rated[0])
    return Sentence(bold, rest if len(bold) + len(rest) < LONGEST_SENTENCE else "")


def _unrated(tiles: Sequence[Standing]) -> Sentence:
    first = next(tile for tile in tiles if tile.known)
    agreed = "Ein Soll ist nicht vereinbart."
    return Sentence(_fact(first), agreed)


def _fact(tile: Standing) -> str:
    tail = f", {tile.soll}" if tile.soll else ""
    return f"{tile.label}: {tile.spoken}{tail}."


def _counts(rated: int, tiles: Sequence[Standing]) -> str:
    """„2 von 3 Kennzahlen mit Soll sind im Plan, 1 zu beobachten, bei 1 ist zu handeln.“"""
    good, warn, krit = (sum(t.rating == r for t in tiles) for r in ("gut", "warn", "krit"))
    if rated == 1:
        return ONLY_RATED[next(tile.rating for tile in tiles if tile.rating != "neu")]
    if good == rated:
        return f"Alle {formats.number(rated)} Kennzahlen mit Soll sind im Plan."
    whole = f"{formats.number(rated)} Kennzahlen mit Soll"
    verb = "ist" if good == 1 else "sind"
    lead = f"{formats.number(good)} von {whole} {verb} im Plan" if good else f"Keine der {whole} ist im Plan"
    parts = [f"{formats.number(warn)} zu beobachten"] if warn else []
    parts += [f"bei {formats.number(krit)} ist zu handeln"] if krit else []
    return f"{', '.join([lead, *parts])}."


def fitting(message: str, neutral: str) -> str:
    """The message where there is one and it has room, else the neutral title."""
    return message if message and len(message) <= LONGEST_TITLE else neutral


def change_to_last_year(change: Fraction | None, neutral: str) -> str:
    """„4,1 % mehr als im Vorjahr“."""
    if change is None:
        return neutral
    if not formats.rounded(change * 100, 1):
        return fitting(f"{neutral}: wie im Vorjahr", neutral)
    word = "mehr" if change > 0 else "weniger"
    return fitting(f"{formats.percent(abs(float(change)))} {word} als im Vorjahr", neutral)


def months_in_plan(good: int, rated: int, neutral: str) -> str:
    """„In 9 von 12 Monaten im Plan“."""
    if not rated:
        return neutral
    if good == rated:
        return neutral if rated == 1 else fitting(f"In allen {rated} Monaten im Plan", neutral)
    if not good:
        return neutral if rated == 1 else fitting(f"In keinem von {rated} Monaten im Plan", neutral)
    return fitting(f"In {good} von {rated} Monaten im Plan", neutral)


def course(rating: Rating, lower_is_better: bool, neutral: str) -> str:
    """What the newest value means against the target of its day."""
    if rating == "neu":
        return neutral
    verb = "eingehalten" if lower_is_better else "erreicht"
    return fitting(f"Zuletzt wurde das Soll {'' if rating == 'gut' else 'nicht '}{verb}", neutral)


def rows_in_plan(good: int, rated: int, lower_is_better: bool, neutral: str) -> str:
    """„3 von 5 erreichen das Soll“, „halten das Soll ein“ where less is better."""
    if not rated:
        return neutral
    if rated == 1:
        return neutral
    one, many, tail = ("hält", "halten", " ein") if lower_is_better else ("erreicht", "erreichen", "")
    if good == rated:
        return fitting(f"Alle {rated} {many} das Soll{tail}", neutral)
    if not good:
        return fitting(f"Keiner von {rated} Werten {one} das Soll{tail}", neutral)
    return fitting(f"{good} von {rated} {one if good == 1 else many} das Soll{tail}", neutral)


def largest(label: str | None, share: float | None, neutral: str) -> str:
    """„Größter Anteil: Meldewesen mit 37 %“."""
    if label is None or share is None:
        return neutral
    return fitting(f"Größter Anteil: {label} mit {formats.percent(share, 0)}", neutral)


def highest(label: str | None, spoken: str, neutral: str) -> str:
    """„Am höchsten: Ausweise mit 23 Tagen“ has no cases; so „Höchster Wert: Ausweise, 23 Tage“."""
    return neutral if label is None else fitting(f"Höchster Wert: {label}, {spoken}", neutral)


def risen(more: int, less: int, compared: int, neutral: str) -> str:
    """How many courses stand higher or lower than a year ago."""
    if compared < 2 or not (more or less):
        return neutral
    if more == compared or less == compared:
        return fitting(f"Alle {compared} {'höher' if more else 'niedriger'} als vor einem Jahr", neutral)
    if more >= less:
        return fitting(f"{more} von {compared} höher als vor einem Jahr", neutral)
    return fitting(f"{less} von {compared} niedriger als vor einem Jahr", neutral)


def compared_words(value: Number | None, before: Number | None, unit: str, decimals: int) -> str:
    """„+1,2 Prozentpunkte seit einem Jahr“, nothing without a value a year ago."""
    if value is None or before is None:
        return ""
    return f"{formats.change(float(value) - float(before), unit, decimals)} in zwölf Monaten"
