"""Which charts make sense for a pivot, and the reason where one does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dashboard.explorer.axis import Frame, crossed, flat
from dashboard.explorer.sentence import adds_up
from dashboard.explorer.words import Words
from metrics.explore.question import BUCKET, Path
from metrics.explore.result import MeasureInfo, Pivot

Kind = Literal["balken", "gestapelt", "linie", "kacheln", "punkte"]
KINDS: Mapping[Kind, str] = {
    "balken": "Balken",
    "gestapelt": "Gestapelt",
    "linie": "Linie",
    "kacheln": "Kacheln",
    "punkte": "Punkte",
}
_CLOSED = "Nicht alle Zeilen sind aufgeklappt; aufgeklappt lassen sich beide Felder gegeneinander zeichnen."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a chart is not drawn; `opens` where opening all rows would help."""

    reason: str
    opens: bool = False


def refusal(kind: Kind, pivot: Pivot, words: Words) -> Refusal | None:
    """The reason a kind of chart makes no sense for a pivot, None where it does."""
    if not pivot.question.rows and not pivot.question.columns:
        return Refusal("Ohne Feld in Zeilen oder Spalten gibt es nur eine Zahl und nichts zu vergleichen.")
    return {
        "balken": _bars,
        "gestapelt": _stacked,
        "linie": _lines,
        "kacheln": _tiles,
        "punkte": _points,
    }[kind](pivot, words)


def _bars(pivot: Pivot, words: Words) -> Refusal | None:
    del pivot, words
    return None


def _stacked(pivot: Pivot, words: Words) -> Refusal | None:
    info, show = pivot.measures[0], pivot.question.show
    frame = crossed(pivot, words)
    if not frame.across.fielded:
        return _single(pivot, "Zum Stapeln braucht es zwei Felder, zum Beispiel eines in den Spalten.")
    if show in ("difference", "index"):
        return Refusal("Differenzen und Indexwerte sind keine Teile eines Ganzen und werden nicht gestapelt.")
    if show == "row_share" and not pivot.question.columns:
        return Refusal("Ohne Feld in den Spalten ist jeder Anteil an der Zeile 100 Prozent.")
    if show == "column_share":
        return Refusal("Anteile an der Spalte ergeben je Zeile kein Ganzes und werden nicht gestapelt.")
    if frame.across.timed:
        return Refusal("Zeitabschnitte sind keine Teile eines Ganzen: Linie oder Kacheln zeigen den Verlauf.")
    if not stackable(info, pivot):
        return Refusal(
            f"„{info.short}“ lässt sich nicht stapeln: Die Werte von Teilen ergeben zusammen nicht den Wert"
            " des Ganzen."
        )
    if reason := _no_whole(pivot):
        return Refusal(reason)
    if _has_negative(pivot):
        return Refusal("Werte unter null lassen sich nicht stapeln.")
    return None


def stackable(info: MeasureInfo, pivot: Pivot) -> bool:
    """Whether the figures of a row make a whole: what adds up, and the buckets of one distribution."""
    question = pivot.question
    buckets = info.kind == "distribution" and BUCKET in (*question.columns, *question.rows[1:])
    return adds_up(info) or (buckets and info.measure.part == "value")


def _no_whole(pivot: Pivot) -> str:
    """Why the parts of a row have no sum to be stacked to: amounts of accounts that are kept apart."""
    if pivot.question.rows:
        places: list[tuple[Path, Path]] = [(head.path, ()) for head in pivot.rows if head.path]
    else:
        places = [((), head.path) for head in pivot.columns if head.level == 1]
    wholes = (pivot.cell(*place) for place in places)
    return next((cell.reason for cell in wholes if cell.state == "refused"), "")


def _has_negative(pivot: Pivot) -> bool:
    """Among the figures that are shown; what is hidden decides nothing."""
    return any(
        (cell.shown or 0) < 0
        for (_, _, measure), cell in pivot.cells.items()
        if measure == 0 and cell.state == "value"
    )


def _single(pivot: Pivot, reason: str) -> Refusal:
    """One field only, or a second one that is closed."""
    closed = len(pivot.question.rows) > 1 and not pivot.question.columns
    return Refusal(_CLOSED, opens=True) if closed else Refusal(reason)


def _lines(pivot: Pivot, words: Words) -> Refusal | None:
    frame = over_time(pivot, words)
    if frame is None:
        return Refusal("Für Linien fehlt die Zeit: Jahr, Quartal oder Monat in Zeilen oder Spalten legen.")
    if len(frame.down.members) < 2:
        return Refusal("Eine Linie braucht mindestens zwei Zeitabschnitte; hier ist es einer.")
    return None


def over_time(pivot: Pivot, words: Words) -> Frame | None:
    """Periods down, series across; None where no axis is time alone."""
    for frame in (crossed(pivot, words), flat(pivot, words)):
        if frame.down.timed and not frame.across.timed:
            return frame
        if frame.across.timed and not frame.down.timed:
            return frame.turned()
    return None


def _tiles(pivot: Pivot, words: Words) -> Refusal | None:
    if not crossed(pivot, words).across.fielded or not crossed(pivot, words).down.fielded:
        return _single(pivot, "Kacheln brauchen zwei Felder: eines je Kachel und eines darin.")
    return None


def _points(pivot: Pivot, words: Words) -> Refusal | None:
    del words
    if len(pivot.measures) < 2:
        return Refusal("Punkte brauchen zwei Werte: oben unter „Werte“ einen zweiten hinzufügen.")
    return None


def is_whole(pivot: Pivot) -> bool:
    """Whether stacked figures are shares of their row."""
    question, info = pivot.question, pivot.measures[0]
    return question.show == "row_share" or (question.show == "value" and not adds_up(info))


def additive_across(pivot: Pivot) -> bool:
    """Whether members of an axis may be joined as „Übrige“."""
    whole = pivot.cell((), ())
    return pivot.question.show == "value" and adds_up(pivot.measures[0]) and whole.state != "refused"
