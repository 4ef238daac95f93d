"""Sentences of the cockpit of resources: person-days against need, posts, scenarios.

Pure like `messages`: figures in, German out; a message that does not hold gives way to the neutral title.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard import formats
from dashboard.sentence import Sentence, fitted
from metrics.result import Number

QUARTERS, STAFF, FORECAST = (
    "Personentage nach Quartal",
    "Stellen: Plan und Besetzung",
    "Wann die Arbeit erledigt ist",
)
LEAST_POSTS = 10
"""Below so many full-time posts nobody computes how far they are filled: it would be one person's hours."""
NOT_TOLD = f"unter {LEAST_POSTS} Stellen nicht ausgewiesen"
PARTS = {"organisatorisch": "der organisatorische Teil", "technisch": "der technische Teil"}
IN_PARTS = {"organisatorisch": "im organisatorischen Teil", "technisch": "im technischen Teil"}
Verdict = Literal["gehalten", "offen", "verfehlt"]


@dataclass(frozen=True, slots=True)
class Part:
    """Person-days of one role in a year; None is unknown."""

    role: str
    needed: Number | None
    available: Number | None

    @property
    def missing(self) -> int | None:
        """Whole person-days that are missing (below zero: left over)."""
        if self.needed is None or self.available is None:
            return None
        return int(formats.rounded(float(self.needed) - float(self.available)))

    @property
    def cover(self) -> float | None:
        """Available ÷ needed."""
        if not self.needed or self.available is None:
            return None
        return float(self.available) / float(self.needed)


def bottleneck(parts: Sequence[Part]) -> Part | None:
    """Return the role whose need is covered least, None when no role is known to lack days."""
    short = [
        part for part in parts if part.missing is not None and part.missing > 0 and part.cover is not None
    ]
    return min(short, key=lambda part: part.cover or 0.0, default=None)


def situation(year: int, whole: Part, soll: Number | None, parts: Sequence[Part] = ()) -> Sentence:
    """Do the days of the year suffice: what is missing, against the Soll, and where.

    `whole` is the sum of all roles, or the one role chosen; `parts` are the roles behind a sum.
    """
    where = f" {IN_PARTS.get(whole.role, '')}".rstrip()
    if not whole.needed:
        return Sentence(f"Für {year} ist{where} kein Bedarf an Personentagen erfasst.")
    if whole.available is None or whole.missing is None or whole.cover is None:
        need = _days(int(formats.rounded(whole.needed)), "wird", "werden")
        return Sentence(f"{year} {need[1]}{where} {need[0]} gebraucht; was bereitsteht, ist nicht erfasst.")
    told = f": {formats.percent(whole.cover)} sind gedeckt"
    told += f", Soll {formats.percent(soll)}." if soll is not None else "."
    return fitted(_balance(year, where, whole) + told, _where_short(whole, parts))


def _balance(year: int, where: str, whole: Part) -> str:
    missing, need = whole.missing or 0, formats.number(whole.needed)
    if missing > 0:
        verb = "fehlt" if missing == 1 else "fehlen"
        return f"{year} {verb}{where} {formats.number(missing)} von {need} Personentagen"
    if missing == 0:
        return f"{year} reichen{where} die Personentage für den Bedarf von {need} genau aus"
    words, verb = _days(-missing, "bleibt", "bleiben")
    return f"{year} {verb}{where} bei einem Bedarf von {need} noch {words} frei"


def _days(count: int, one: str, many: str) -> tuple[str, str]:
    text = f"{formats.number(count)} {'Personentag' if count == 1 else 'Personentage'}"
    return text, one if count == 1 else many


def _where_short(whole: Part, parts: Sequence[Part]) -> str:
    narrow = bottleneck(parts)
    if narrow is None or narrow.missing is None:
        known = len(parts) > 1 and all(part.missing is not None for part in parts)
        return "In keinem Teil fehlen Personentage." if known else ""
    words, verb = _days(narrow.missing, "fehlt", "fehlen")
    name = PARTS.get(narrow.role, narrow.role)
    if (whole.missing or 0) > 0:
        return f"Engpass ist {name}: Dort {verb} {words}."
    return f"Trotzdem {verb} {IN_PARTS.get(narrow.role, narrow.role)} {words}."


def quarters(short: int, known: int) -> str:
    """Title of the quarters: in how many of those planned days are missing."""
    if known == 0:
        return QUARTERS
    if known == 1:
        return "Im Quartal fehlen Personentage" if short else "Im Quartal fehlen keine Personentage"
    if short == 0:
        return "In keinem Quartal fehlen Personentage"
    if short == known:
        return f"In allen {formats.number(known)} Quartalen fehlen Personentage"
    return f"In {formats.number(short)} von {formats.number(known)} Quartalen fehlen Personentage"


def may_tell_filled(planned: Number | None) -> bool:
    """Whether the filled extent of so many posts may be computed."""
    return planned is not None and float(planned) >= LEAST_POSTS


def verdict(due: date, earliest: date | None, latest: date | None) -> Verdict:
    """Whether a scenario keeps its date in every case, none, or only some; None lies beyond planning."""
    if latest is not None and latest <= due:
        return "gehalten"
    return "verfehlt" if earliest is None or earliest > due else "offen"


def forecast(dues: Sequence[date], verdicts: Sequence[Verdict]) -> str:
    """Title of the forecast: whether scenarios A and B keep their date. The span decides, not its middle."""
    if not dues or len(dues) != len(verdicts):
        return FORECAST
    days = [formats.day(due) for due in dues]
    if len(set(days)) > 1:
        told = (f"{name} {word} ({day})" for name, word, day in zip("AB", verdicts, days, strict=True))
        return f"Frist: {', '.join(told)}"
    if len(set(verdicts)) > 1:
        told = (f"{name} {word}" for name, word in zip("AB", verdicts, strict=True))
        return f"Frist {days[0]}: {', '.join(told)}"
    if verdicts[0] == "offen":
        return f"Ob die Frist {days[0]} hält, bleibt offen"
    who = "Beide Szenarien" if len(verdicts) > 1 else "Das Szenario"
    many = len(verdicts) > 1
    verb = {"gehalten": "halten" if many else "hält", "verfehlt": "verfehlen" if many else "verfehlt"}
    return f"{who} {verb[verdicts[0]]} die Frist {days[0]}"


def difference(value: Number | None, unit: str, decimals: int = 0) -> str:
    """Signed difference of two scenarios with its unit; an en dash where one of them is unknown."""
    if value is None:
        return formats.MISSING
    text = formats.number(value, decimals, plus=True)
    return f"{text}{formats.NBSP}{unit}" if unit else text


def days_apart(one: date | None, other: date | None) -> str:
    """„+92 Tage“ from one day to another; an en dash where one cannot be foreseen."""
    if one is None or other is None:
        return formats.MISSING
    apart = (other - one).days
    return f"{formats.number(apart, plus=True)}{formats.NBSP}{'Tag' if abs(apart) == 1 else 'Tage'}"
