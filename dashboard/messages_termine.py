"""German sentences about dates: what is next and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard import formats
from dashboard.cockpits.termine import PAST, Appointment
from dashboard.sentence import Sentence
from dashboard.texts import plural


def situation(shown: Sequence[Appointment], span: str | None, today: date) -> Sentence:
    """The next date with its distance in days, or how many there were."""
    if not shown:
        return Sentence("Keine Termine für diese Auswahl.", "")
    if span == PAST:
        return Sentence(
            f"{plural(len(shown), 'vergangener Termin', 'vergangene Termine')} in zwölf Monaten.", ""
        )
    first = shown[0]
    about = f", {first.detail}" if first.detail else ""
    bold = f"Als Nächstes {distance(first.on_date, today)}: {first.title}{about}."
    return Sentence(bold, f"Bis {formats.day(shown[-1].on_date)} {_stand(len(shown))} an.")


def _stand(count: int) -> str:
    return "steht 1 Termin" if count == 1 else f"stehen {formats.number(count)} Termine"


def distance(day: date, today: date) -> str:
    """„heute“, „morgen“, „in 7 Tagen am 16.06.2026“."""
    days = (day - today).days
    if days in (0, 1):
        return ("heute", "morgen")[days]
    return f"in {days} Tagen am {formats.day(day)}"
