"""Sentences about runs, sources and definitions. Pure like `messages`: facts in, German out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dashboard import formats
from dashboard.texts import listed, plural
from warehouse.ledger.notices import GOOD, Condition

MOST_NAMES = 3
DISTURBANCES = {
    "night": "Für den letzten Geschäftstag gibt es keinen Nachtlauf, gemeldet am {since}.",
    "schedule": "Der Zeitplan der Nacht meldet sich nicht, gemeldet am {since}.",
    "snapshot": "Der Stand {name} ist beschädigt und wird nicht mehr gezeigt, gemeldet am {since}.",
    "post": "Benachrichtigungen gehen nicht hinaus, gemeldet am {since}.",
}
"""What is wrong beside runs and sources, by kind of topic; reasons are for the operators (isek status)."""
RHYTHMS = {"night": "jede Nacht", "week": "jede Woche", "month": "jeden Monat"}


def run_title(state: str | None, finished_at: datetime | None, zone: ZoneInfo) -> str:
    """Title of the time bars: what became of the run."""
    if state is None:
        return "Noch gab es keinen Lauf"
    if finished_at is None:
        return _unfinished(state)
    at = formats.clock(finished_at, zone)
    if state == "published":
        return f"Der Lauf war um {at} freigegeben"
    if state == "interrupted":
        return f"Der Lauf wurde um {at} abgebrochen"
    return f"Der Lauf endete um {at} ohne Freigabe"


def _unfinished(state: str) -> str:
    """Nobody knows the hour of an end: a run that goes on, or one that left no trace."""
    words = {"published": "Der Lauf ist freigegeben", "interrupted": "Der Lauf wurde abgebrochen"}
    return words.get(state, "Der Lauf ist noch nicht freigegeben")


def disturbances(conditions: Iterable[Condition], zone: ZoneInfo) -> list[str]:
    """Sentences about the portal itself; runs and sources have places of their own on the page."""
    found = []
    for condition in conditions:
        kind, _, name = condition.topic.partition(":")
        if condition.state != GOOD and kind in DISTURBANCES:
            found.append(DISTURBANCES[kind].format(name=name, since=formats.stand(condition.since, zone)))
    return found


def delivery_time(as_of: datetime | None, zone: ZoneInfo) -> str:
    """Datenstand of a delivery; midnight means that the delivery names a day and no time."""
    if as_of is None:
        return formats.MISSING
    local = as_of.astimezone(zone)
    at_midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
    return formats.day(local.date()) if at_midnight else formats.stand(as_of, zone, word=False)


def what_holds(as_of: datetime | None, zone: ZoneInfo) -> str:
    """Which values count while a source is not current."""
    if as_of is None:
        return "Es gibt noch keine Werte."
    return f"Es gelten die Werte vom {formats.day(as_of.astimezone(zone).date())}."


def failure(reason: str | None, as_of: datetime | None, zone: ZoneInfo) -> str:
    """Why a source failed and what holds instead."""
    words = (reason or "Der Grund ist nicht festgehalten.").strip()
    return f"{words if words.endswith(('.', '?', '!', '…')) else f'{words}.'} {what_holds(as_of, zone)}"


def staleness(as_of: datetime | None, fresh_for_days: int | None, zone: ZoneInfo) -> str:
    """Why a source that answers is called stale."""
    if fresh_for_days is None:
        return what_holds(as_of, zone)
    agreed = plural(fresh_for_days, "Tag", "Tage")
    return f"Die Lieferung ist älter als vereinbart ({agreed}). {what_holds(as_of, zone)}"


def rejected(count: int, read: int) -> str:
    """How many rows were refused, and that the others count."""
    rows = "Datensatz" if read == 1 else "Datensätzen"
    if count <= 0:
        return "Kein Datensatz wurde abgelehnt."
    verb = "wurde" if count == 1 else "wurden"
    text = f"{formats.number(count)} von {formats.number(read)} {rows} {verb} abgelehnt."
    return text if count >= read else f"{text} Die übrigen gelten."


def rejected_earlier(count: int) -> str:
    """Rows of earlier deliveries that nobody has repaired yet."""
    if count <= 0:
        return ""
    rows, verb = ("Datensatz", "wartet") if count == 1 else ("Datensätze", "warten")
    return f"{formats.number(count)} {rows} aus früheren Lieferungen {verb} noch auf Berichtigung."


def affected(names: Sequence[str]) -> str:
    """Which figures a source feeds, at most three by name."""
    if not names:
        return "Betrifft: keine Kennzahl"
    if len(names) <= MOST_NAMES:
        return f"Betrifft: {listed(names)}"
    rest = plural(len(names) - MOST_NAMES + 1, "weitere Kennzahl", "weitere Kennzahlen")
    return f"Betrifft: {listed([*names[: MOST_NAMES - 1], rest])}"


def accounting(read: int, published: int, refused: int, duplicates: int) -> str:
    """The sum that has to add up for every delivery."""
    return (
        f"{formats.number(read)} gelesen = {formats.number(published)} übernommen + "
        f"{formats.number(refused)} abgelehnt + {formats.number(duplicates)} doppelt"
    )


def adds_up(read: int, published: int, refused: int, duplicates: int) -> str:
    """Whether the sum of a delivery adds up; a difference is said, never hidden."""
    gap = read - published - refused - duplicates
    if gap == 0:
        return "Die Rechnung geht auf."
    rows = plural(abs(gap), "Datensatz", "Datensätze")
    missing = "fehlt" if abs(gap) == 1 else "fehlen"
    much = "ist" if abs(gap) == 1 else "sind"
    return f"Die Rechnung geht nicht auf: {rows} {missing if gap > 0 else f'{much} zu viel'}."


def rhythm(every: str, fresh_for_days: int) -> str:
    """How often a source is read and how old its data may be."""
    word = RHYTHMS.get(every, every)
    return f"Abruf {word}, aktuell bis zum Alter von {plural(fresh_for_days, 'Tag', 'Tagen')}"


def hints_title(count: int) -> str:
    """Title of the list of hints."""
    return f"{plural(count, 'Hinweis', 'Hinweise', 'Keine Hinweise')} zum letzten Lauf"


def sources_title(fresh: int, total: int) -> str:
    """Title of the table of sources."""
    if total == 0:
        return "Noch ist keine Quelle angebunden"
    if fresh == total:
        return "Alle Quellen sind aktuell" if total > 1 else "Die Quelle ist aktuell"
    if fresh == 0:
        return "Keine Quelle ist aktuell" if total > 1 else "Die Quelle ist nicht aktuell"
    verb = "ist" if fresh == 1 else "sind"
    return f"{formats.number(fresh)} von {formats.number(total)} Quellen {verb} aktuell"


def catalogue(shown: int, total: int, words: str, chosen: bool = False) -> str:
    """How many definitions the catalogue holds, or how many a search or choice found."""
    if words:
        if shown == 0:
            return f"Keine Kennzahl passt zu „{words}“."
        return f"{plural(shown, 'Kennzahl passt', 'Kennzahlen passen')} zu „{words}“."
    if chosen and shown == 0:
        return "Keine Kennzahl in dieser Auswahl."
    if chosen:
        return f"{formats.number(shown)} von {plural(total, 'Kennzahl', 'Kennzahlen')} in dieser Auswahl."
    return f"{plural(total, 'Kennzahl ist', 'Kennzahlen sind')} beschrieben."


def soll_today(value: str, on: date) -> str:
    """Target of a day."""
    return f"{value} am {formats.day(on)}"
