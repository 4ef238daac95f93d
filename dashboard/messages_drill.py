"""Sentences of the drill path and of the lists of records; computed, so that none says more than is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard import formats, texts
from dashboard.sentence import Sentence
from metrics.definition import Definition
from metrics.result import Cell

CHOOSE = "Wählen Sie eine Kennzahl; jede führt von der ganzen Stadt bis zum einzelnen Datensatz."
PROTECTED = "Dieser Zuschnitt wird nicht gezeigt: Aus kleinen Zahlen ließe sich auf Einzelne schließen."
CUT_OFF = "Weiter wird diese Zahl nicht aufgegliedert, weil kleine Zahlen geschützt sind."
NO_RECORD = "Diesen Datensatz gibt es nicht, oder es fehlt die Berechtigung."
NO_LIST = "Diese Liste gibt es nicht, oder es fehlt die Berechtigung."
BOOKKEEPING = "Diese Zahl entsteht aus der Buchführung des Portals; sie steht unter „Datenquellen & Läufe“."


def standing(cell: Cell | None, definition: Definition, where: str, at: date | None) -> Sentence:
    """„612 von 1.557 …“: the pair of a share, the value of everything else, with the place it holds for."""
    day = f" am {formats.day(at)}" if at else ""
    if cell is None or (cell.value is None and not cell.suppressed):
        return Sentence("", f"{definition.question} Gezeigt wird: {where}{day}.")
    if cell.suppressed:
        return Sentence(f"{where}{day}: {texts.HIDDEN_NOTE}.", definition.question)
    amount = formats.told(
        cell.value,
        definition.unit,
        definition.decimals,
        lower=cell.lower,
        upper=cell.upper,
        qualifier=cell.qualifier,
    )
    return Sentence(f"{where}{day}: {amount}.", _soll(cell, definition))


def _soll(cell: Cell, definition: Definition) -> str:
    if cell.target is None or cell.deviation is None:
        return ""
    target = formats.amount(cell.target, definition.unit, definition.decimals)
    if cell.deviation == 0:
        return f"Das entspricht dem Soll von {target}."
    gap = formats.change(cell.deviation, definition.unit, definition.decimals)
    return f"Soll {target}, Abweichung {gap}."


def level_title(dimension: str) -> str:
    """„Nach Fachdienst“."""
    return f"Nach {dimension}"


def order_words(definition: Definition) -> str:
    """What stands first in the table."""
    if definition.kind == "distribution":
        return "Anzahl je Stufe, die größten Teile zuerst"
    if definition.better == "none":
        return "Die größten Werte zuerst"
    return "Das Dringendste zuerst; der Name führt weiter in die Tiefe"


def no_records(definition: Definition, area: str) -> str:
    """Why no list stands behind a figure."""
    if definition.min_cell or definition.least_cases:
        return "Einzelne Vorgänge werden zu dieser Zahl nicht gezeigt: Sie ließen auf Personen schließen."
    if area == "quality":
        return BOOKKEEPING
    return "Zu dieser Auswahl gibt es keine Liste einzelner Datensätze; die Quelle liefert schon Summen."


def record_remarks(
    definition: Definition,
    cell: Cell | None,
    total: int,
    wider: Sequence[str],
    at: date | None,
    today: date,
) -> tuple[str, ...]:
    """What the list shows otherwise than the figure counts it."""
    found = []
    if wider:
        found.append(f"Die Liste ist nicht eingegrenzt nach: {texts.listed(wider)}.")
    if at is not None and at != today:
        found.append(f"Die Liste zeigt den Stand vom {formats.day(today)}, nicht den des Stichtags.")
    elif definition.over_time == "sum":
        found.append("Die Liste zeigt alle Zeiträume; die Zahl rechnet mit dem letzten abgeschlossenen.")
    elif cell is not None and definition.kind == "share" and definition.unit == "percent":
        found += _difference(cell, total)
    return tuple(found)


def _difference(cell: Cell, total: int) -> list[str]:
    if cell.denominator is None or cell.denominator == total:
        return []
    amount = formats.plain(cell.denominator)
    return [f"Die Liste hat {texts.plural(total, 'Zeile', 'Zeilen')}; der Nenner der Zahl ist {amount}."]


def rows_title(total: int) -> str:
    """„128 Datensätze“, as the page announces it."""
    return texts.plural(total, "Datensatz", "Datensätze", "Keine Datensätze")
