"""Sentences of the DMS roll-out: Lagesatz and titles. Pure: figures in, German out."""

from __future__ import annotations

from datetime import date

from dashboard import formats
from dashboard.sentence import Sentence
from metrics.result import Number


def rollout(
    connected: int | None,
    workplaces: int | None,
    target_share: Number | None,
    *,
    goal: tuple[date, Number] | None = None,
    pace: Number | None = None,
    needed: Number | None = None,
    stale: str = "",
) -> Sentence:
    """Workplaces connected against the Soll of today, and what is still to do.

    `goal` is the end of the path where it lies ahead, `pace` workplaces a month in the last twelve, `needed`
    what would reach the goal; None is unknown. `stale` („Stand 08.06.2026“) takes the place of a consequence
    that old figures cannot carry.
    """
    if connected is None or not workplaces:
        return Sentence("Für diese Auswahl liegt kein Bericht zum DMS vor.")
    fact = _connected(connected, workplaces)
    rest = (
        f"Die Angaben sind veraltet, {stale}."
        if stale
        else _to_connect(connected, workplaces, goal, pace, needed)
    )
    if target_share is None:
        return Sentence(f"{fact}.", rest)
    return Sentence(f"{fact}, {_against(connected - round(float(target_share) * workplaces))}.", rest)


def _connected(connected: int, workplaces: int) -> str:
    if workplaces == 1:
        return f"Der einzige Büroarbeitsplatz ist {'' if connected else 'noch nicht '}am DMS"
    whole = formats.number(workplaces)
    if connected >= workplaces:
        return f"Alle {whole} Büroarbeitsplätze sind am DMS"
    if connected == 0:
        return f"Keiner von {whole} Büroarbeitsplätzen ist am DMS"
    verb = "ist" if connected == 1 else "sind"
    return f"{formats.number(connected)} von {whole} Büroarbeitsplätzen {verb} am DMS"


def _against(gap: int) -> str:
    if gap == 0:
        return "genau wie geplant"
    return f"{formats.number(abs(gap))} {'weniger' if gap < 0 else 'mehr'} als geplant"


def _to_connect(
    connected: int,
    workplaces: int,
    goal: tuple[date, Number] | None,
    pace: Number | None,
    needed: Number | None,
) -> str:
    if goal is None:
        return "" if pace is None else f"Zuletzt kamen {formats.number(pace, 1)} je Monat hinzu."
    day, share = goal
    missing = round(float(share) * workplaces) - connected
    if missing <= 0:
        return f"Das Ziel für {formats.month(day)} ist erreicht."
    verb = "fehlt" if missing == 1 else "fehlen"
    known = [] if needed is None else [f"nötig sind {formats.number(needed, 1)} je Monat"]
    known += (
        [] if pace is None else [f"zuletzt waren es {formats.number(pace, 1)}{'' if known else ' je Monat'}"]
    )
    tail = f": {', '.join(known)}" if known else ""
    return f"Bis {formats.month(day)} {verb} noch {formats.number(missing)}{tail}."


def workplaces_title(share: Number | None, target: Number | None) -> str:
    """„Anbindung liegt 1,7 Prozentpunkte über dem Soll“, neutral without Soll."""
    if share is None or target is None:
        return "Angebundene Arbeitsplätze"
    gap = float(share) - float(target)
    if round(gap * 1000) == 0:
        return "Anbindung liegt auf dem Soll"
    words = formats.points(abs(gap)).lstrip("+")
    return f"Anbindung liegt {words} {'unter' if gap < 0 else 'über'} dem Soll"


def mostly_title(most: int, units: int) -> str:
    """„9 von 13 Einheiten arbeiten überwiegend am DMS“: at least half of their workplaces are connected."""
    if not units:
        return "Arbeitsplätze je Einheit"
    if units == 1:
        return f"Die Einheit arbeitet {'' if most else 'noch nicht '}überwiegend am DMS"
    if most == 0:
        return f"Noch keine der {formats.number(units)} Einheiten arbeitet überwiegend am DMS"
    if most == units:
        return f"Alle {formats.number(units)} Einheiten arbeiten überwiegend am DMS"
    verb = "arbeitet" if most == 1 else "arbeiten"
    return f"{formats.number(most)} von {formats.number(units)} Einheiten {verb} überwiegend am DMS"


def trained_title(trained: Number | None, planned: Number | None) -> str:
    """„586 von 812 Mitarbeitenden sind für das DMS geschult“."""
    if trained is None or not planned:
        return "Schulungsstand"
    people = "Mitarbeitenden"
    if trained == 0:
        return f"Noch niemand von {formats.number(planned)} {people} ist geschult"
    verb = "ist" if trained == 1 else "sind"
    return f"{formats.number(trained)} von {formats.number(planned)} {people} {verb} für das DMS geschult"


def scanned_title(scanned: Number | None, planned: Number | None) -> str:
    """„21.300 von 34.100 Papierakten sind eingescannt“."""
    if scanned is None or not planned:
        return "Eingescannte Papierakten"
    if planned == 1:
        return f"Die einzige Papierakte ist {'' if scanned else 'noch nicht '}eingescannt"
    if scanned == 0:
        return f"Noch keine von {formats.number(planned)} Papierakten ist eingescannt"
    verb = "ist" if scanned == 1 else "sind"
    return f"{formats.number(scanned)} von {formats.number(planned)} Papierakten {verb} eingescannt"
