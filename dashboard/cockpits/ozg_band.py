"""Kennzahlenband of OZG-Fortschritt: five figures as finished words. Shares are fractions."""

from __future__ import annotations

from dashboard import formats
from dashboard.cockpits.ozg import Course, Standing
from dashboard.components.tile import BandEntry
from metrics.result import MetricResult, Number

MEMBERS = ("Leistung", "Leistungen")


def online_entry(now: Standing, label: str, stale: str, href: str | None) -> BandEntry:
    """„612 von 1.557“ with share and Soll of today."""
    if now.online is None:
        return BandEntry(label, formats.MISSING, context="keine Leistungen für diese Auswahl")
    unit = f"von {formats.number(now.total)}"
    rated = None if now.target is None else now.rating
    words = _joined(formats.percent(now.share), _soll(now), stale)
    return BandEntry(label, formats.number(now.online), unit, words, rated, href)


def _soll(now: Standing) -> str:
    if now.target is None:
        return "ohne Soll"
    return f"Soll {formats.percent(now.target)} ({formats.number(now.target_count)})"


def gap_entry(now: Standing, before: Standing, href: str | None) -> BandEntry:
    """„−89 Leistungen“ with the gap before and where it moves."""
    label = "Vorsprung zum Soll" if now.gap is not None and now.gap > 0 else "Rückstand zum Soll"
    if now.gap is None:
        return BandEntry(label, formats.MISSING, context="kein Soll vereinbart", origin_href=href)
    noun = MEMBERS[0] if abs(now.gap) == 1 else MEMBERS[1]
    value = formats.number(now.gap, plus=True)
    return BandEntry(label, value, noun, gap_trend(now.gap, before), now.rating, href)


def gap_trend(gap: int, before: Standing) -> str:
    """„30.04.2026: −71 · wächst“; nothing without a gap to compare with."""
    if before.gap is None:
        return "ohne Vergleich"
    past = f"{formats.day(before.on)}: {formats.number(before.gap, plus=True)}"
    if gap == before.gap:
        return f"{past} · unverändert"
    if gap < 0 and before.gap <= 0:
        return f"{past} · {'wächst' if gap < before.gap else 'schrumpft'}"
    return f"{past} · {'weniger' if gap < before.gap else 'mehr'} als damals"


def pace_entry(
    pace: Number | None, course: Course, months: int, href: str | None, *, label: str = "Tempo"
) -> BandEntry:
    """„20,5 je Monat“ with the pace needed. Not rated: the needed pace is arithmetic, no agreed Soll."""
    title = f"{label}, letzte {months} Monate"
    if pace is None:
        return BandEntry(title, formats.MISSING, context="noch keine vollen Monate", origin_href=href)
    return BandEntry(title, formats.number(pace, 1), "je Monat", _needed(course), origin_href=href)


def _needed(course: Course) -> str:
    if course.goal is None:
        return "ohne Zielpfad"
    if course.needed is None:
        return "Frist verstrichen"
    if course.needed == 0:
        return f"Ziel für {formats.month(course.goal[0])} erreicht"
    needed = formats.number(float(course.needed), 1)
    return f"nötig bis {formats.month(course.goal[0])}: {needed} je Monat"


def projects_entry(done: MetricResult, states: dict[str, int], href: str | None) -> BandEntry:
    """„231 von 600“ projects done, with those running and open."""
    cell = done.total
    if cell is None or cell.numerator is None or not cell.denominator:
        return BandEntry("Umsetzungsprojekte", formats.MISSING, context="keine Projekte für diese Auswahl")
    running, waiting = (formats.number(states.get(name, 0)) for name in ("laufend", "offen"))
    unit = f"von {formats.number(cell.denominator)} fertig"
    words = f"{running} laufend · {waiting} offen"
    return BandEntry("Umsetzungsprojekte", formats.number(cell.numerator), unit, words, origin_href=href)


def top20_entry(now: Standing, href: str | None, *, past: bool = False) -> BandEntry:
    """„13 von 20 online“ with the Soll of the day in services; `past` looks back."""
    label = "TOP 20 der Prioritätenliste"
    if now.online is None:
        return BandEntry(label, formats.MISSING, context="keine davon in dieser Auswahl")
    unit = f"von {formats.number(now.total)} online"
    if now.target is None:
        return BandEntry(label, formats.number(now.online), unit, "ohne Soll", origin_href=href)
    day = formats.day(now.on) if past else "heute"
    words = f"Soll {day} {formats.number(now.target_count)} ({formats.percent(now.target)})"
    return BandEntry(label, formats.number(now.online), unit, words, now.rating, href)


def band_note(course: Course, noun: tuple[str, str] = MEMBERS) -> str:
    """What the Prognose assumes: „Prognose bei 12,0, Band bei 7,5 bis 18,7 Leistungen je Monat“."""
    if course.band is None:
        return "Für eine Prognose fehlen sechs volle Monate"
    middle, low, high = (
        formats.number(float(v), 1) for v in (course.band.middle, course.band.low, course.band.high)
    )
    if low == high:
        return f"Prognose bei {middle} {noun[1]} je Monat"
    return f"Prognose bei {middle}, Band bei {low} bis {high} {noun[1]} je Monat"


def soll_words(now: Standing) -> tuple[str, str, str]:
    """Notes at the points of today: gap, Soll and Ist („Rückstand 89“, „Soll 701 (45,0 %)“, „Ist 612“)."""
    ist = f"Ist {formats.number(now.online)}"
    if now.gap is None or now.target_count is None:
        return "", "", ist
    soll = f"Soll {formats.number(now.target_count)} ({formats.percent(now.target)})"
    if now.gap == 0:
        return "auf dem Soll", soll, ist
    word = "Rückstand" if now.gap < 0 else "Vorsprung"
    return f"{word} {formats.number(abs(now.gap))}", soll, ist


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)
