"""Sentences of the budget cockpit beyond those of `messages`: closed years, months, positions.

Pure like `messages`: figures in, German out; a message that does not hold gives way to the neutral title.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from dashboard import formats, messages
from dashboard.sentence import Sentence, fitted, title, verb, whole_eur
from dashboard.texts import plural
from metrics.result import Number

PLAN_WORDS = {"ergebnisplan": "Ergebnisplan", "finanzplan": "Finanzplan"}
SWITCH_WORDS = {"ergebnisplan": "Ergebnisplan", "finanzplan": "Finanzplan (Investitionen)"}
# What a plan's amounts are called: expense of the year, or money that leaves the bank.
FLOW_WORDS = {"ergebnisplan": "Aufwand", "finanzplan": "Auszahlungen"}


def situation(
    frame_eur: Number | None,
    bound_share: Number | None,
    available_eur: Number | None,
    balance_eur: Number | None,
    *,
    positions: int,
    without_forecast: int,
) -> Sentence:
    """Lagesatz of a running year; positions nobody has estimated are named, never guessed."""
    found = messages.budget(frame_eur, bound_share, available_eur, balance_eur)
    if not found.rest or not 0 < without_forecast < positions:
        return found
    few = plural(positions, "Position", "Positionen")
    return fitted(found.bold, f"Für {formats.number(without_forecast)} von {few} fehlt die Prognose.")


def closed_year(
    year: int, frame_eur: Number | None, bound_share: Number | None, available_eur: Number | None
) -> Sentence:
    """Lagesatz of a Haushaltsjahr that is over."""
    if not frame_eur or bound_share is None or available_eur is None:
        return Sentence("Für diese Auswahl ist kein Ansatz beschlossen.")
    bold = (
        f"{year} wurden {formats.percent(bound_share)} von {formats.eur(frame_eur)} verbraucht oder gebunden"
    )
    return Sentence(f"{bold}.", f"{_rest(available_eur)}.")


def closed_title(year: int, available_eur: Number | None) -> str:
    """Title of the waterfall of a year that is over."""
    if available_eur is None:
        return "Vom Ansatz zum verfügbaren Betrag"
    return f"Haushaltsjahr {year}: {_rest(available_eur)}"


def _rest(available_eur: Number) -> str:
    rest = whole_eur(available_eur)
    if rest == 0:
        return "Der Rahmen ging genau auf"
    if rest < 0:
        return f"{formats.eur(-rest)} {verb(rest, 'fehlte', 'fehlten')}"
    return f"{formats.eur(rest)} {verb(rest, 'blieb', 'blieben')} übrig"


def months_over_plan(months: Sequence[tuple[date, bool | None]], flow: str) -> str:
    """Title of the monthly columns: which months lie over their Plan; None is unknown."""
    known = [(month, over) for month, over in months if over is not None]
    if not known:
        return f"{flow} je Monat"
    runs = [[month for month, _ in run] for over, run in groupby(known, key=lambda item: item[1]) if over]
    if not runs:
        return "Kein Monat liegt über dem Plan"
    if sum(map(len, runs)) == len(known):
        return "Alle Monate über Plan" if len(known) > 1 else f"{_name(known[0][0])} über Plan"
    if len(runs) > 1:
        over = sum(map(len, runs))
        return f"{formats.number(over)} von {formats.number(len(known))} Monaten über Plan"
    first, last = _name(runs[0][0]), _name(runs[0][-1])
    if len(runs[0]) == 1:
        return f"{first} über Plan"
    return f"{first} {'und' if len(runs[0]) == 2 else 'bis'} {last} über Plan"


def _name(month: date) -> str:
    return formats.MONTHS[month.month - 1]


def positions(critical: Sequence[str], over: int, tolerated: bool, complete: bool) -> str:
    """Title of the table: who drives the excess.

    `critical` are positions beyond tolerance, `over` counts all whose forecast exceeds the frame, `tolerated`
    says that all of these are within tolerance, `complete` that every position has a forecast.
    """
    if critical:
        counted = f"{_count(len(critical))} {verb(len(critical), 'treibt', 'treiben')} die Überschreitung"
        return title(messages.drivers(critical), counted)
    if over:
        lie = f"{_count(over)} {verb(over, 'liegt', 'liegen')}"
        notes = (" innerhalb der Toleranz", " in der Toleranz") if tolerated else ("",)
        return title(*(f"{lie}{note} über dem Rahmen" for note in notes))
    return messages.drivers(()) if complete else "Positionen und ihr Verfügungsrahmen"


def _count(number: int) -> str:
    words = {1: "Eine Position", 2: "Zwei Positionen", 3: "Drei Positionen"}
    return words.get(number, f"{formats.number(number)} Positionen")


def other_plan(plan_art: str, ansatz_eur: Number | None, available_eur: Number | None) -> str:
    """Foot line that names the plan shown by its own switch: never added, never forgotten."""
    lead = "Investitionen (Finanzplan)" if plan_art == "finanzplan" else "Ergebnisplan"
    if ansatz_eur is None and available_eur is None:
        return f"{lead}: keine Ansätze"
    return f"{lead}: {formats.eur(ansatz_eur)} Ansatz, {formats.eur(available_eur)} verfügbar"


def booked_outside(amount_eur: Number) -> str:
    """Note on bookings of the Haushaltsjahr that lie outside its calendar months; nothing for none."""
    return f"außerhalb des Jahres gebucht: {formats.eur(amount_eur)}" if amount_eur else ""


def product_words(product: str | None) -> str:
    """The product with its number, or all of them."""
    return f"Produkt {product}" if product else "alle Produkte"


def missing_forecast(without: int, positions: int) -> str:
    """Note below the positions; nothing when all of them have a forecast."""
    if not without:
        return ""
    if without == positions:
        return "Eine Prognose liegt nicht vor."
    return (
        f"Abweichung und Bewertung der Summe ohne {plural(without, 'Position', 'Positionen')} ohne Prognose"
    )


def forecast_gap(without: int, positions: int) -> str:
    """Short words for a subtitle: who has no forecast."""
    if without == positions:
        return "ohne Prognose"
    return f"{formats.number(without)} von {plural(positions, 'Position', 'Positionen')} ohne Prognose"
