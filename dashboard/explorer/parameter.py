"""Names and words of the explorer's address: German and stable, because people keep links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from metrics.explore.question import Against, Measure, Part, Show

T = TypeVar("T")
View = Literal["pivot", "liste", "diagramm"]

EXPLORER = "/explorer"
DATA, VALUES, ROWS, COLUMNS = "daten", "werte", "zeilen", "spalten"
FILTER, CHOICE = "f.", "w."
FIRST, LAST, STICHTAG = "von", "bis", "stichtag"
SHOW, AGAINST, TOP, ORDER, OPEN = "zeige", "gegen", "top", "ordnung", "auf"
VIEW, CHART, WARMTH, CELL, PAGE, SEARCH, SAVED = (
    "ansicht",
    "diagramm",
    "waerme",
    "zelle",
    "seite",
    "suche",
    "sicht",
)
OFF, EVERY, MEMBER = "aus", "*", "mitglied"
SORTING, COLUMN_CHOICE, EVERY_COLUMN = "sortierung", "spaltenwahl", "alle"
VIEWS: Mapping[str, View] = {"pivot": "pivot", "liste": "liste", "diagramm": "diagramm"}
CHARTS = ("", "balken", "gestapelt", "linie", "kacheln", "punkte")
SHOWN: Mapping[str, Show] = {
    "wert": "value",
    "zeilenanteil": "row_share",
    "spaltenanteil": "column_share",
    "gesamtanteil": "total_share",
    "differenz": "difference",
    "index": "index",
}
COMPARED: Mapping[str, Against] = {
    "nichts": "",
    "vorperiode": "previous_period",
    "vorjahr": "previous_year",
    "plan": "plan",
}
ORDERS: Mapping[str, str] = {"feld": "", "wert": "value", "-wert": "-value", "name": "name", "-name": "-name"}
PARTS: Mapping[str, Part] = {"zaehler": "numerator", "nenner": "denominator", "faelle": "n"}
RECORDS, SUM = "anzahl", "summe"


def word_of(words: Mapping[str, T], meant: T) -> str:
    """The word of the address for what is meant."""
    return next(word for word, item in words.items() if item == meant)


def measure_text(measure: Measure) -> str:
    """„ozg_online_share.zaehler“, „anzahl“, „summe.cases_per_year“."""
    if measure.part == "count":
        return RECORDS
    if measure.part == "sum":
        return f"{SUM}.{measure.subject}"
    return measure.subject if measure.part == "value" else f"{measure.subject}.{word_of(PARTS, measure.part)}"
