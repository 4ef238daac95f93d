"""Attributes of services and connections of Fachverfahren: words for their values, filters on offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import formats, texts
from dashboard.cockpits.selection import Option
from metrics.result import Cell

UNKNOWN = "nicht erhoben"
UNASKED = "offen"
"""Value of a filter for services the attribute is not recorded of."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "loesungsweg": {"efa": "EfA-Dienst", "formular": "eigenes Formular", "schnittstelle": "Schnittstelle"},
    "unterschrift": {
        "keine": "keine",
        "textform": "Textform",
        "schriftform": "Schriftform",
        "persoenliches_erscheinen": "persönlich",
    },
    "gebuehr": {"keine": "keine", "fest": "fest", "rahmen": "Rahmen", "wert": "nach Wert"},
    "zielgruppe": {
        "buerger": "Bürgerinnen und Bürger",
        "unternehmen": "Unternehmen",
        "verwaltung": "Verwaltung",
    },
    "anbindung": {
        "keine": "keine",
        "geplant": "geplant",
        "datei": "Datei",
        "schnittstelle": "Schnittstelle",
        "nicht_vorgesehen": "nicht vorgesehen",
    },
}
TITLES: Mapping[str, str] = {
    "loesungsweg": "Lösungsweg",
    "unterschrift": "Unterschrift",
    "gebuehr": "Gebühr",
}
"""Attributes one can filter by; their names are those of the columns and of the address."""


def options(name: str) -> tuple[Option, ...]:
    """Return the values of a filter: all, each value, not recorded."""
    return ((None, texts.ALL), *WORDS[name].items(), (UNASKED, UNKNOWN))


def where(params: Mapping[str, str]) -> dict[str, str | list[str | None]]:
    """Return the conditions an address asks for; values nobody offers count as not set."""
    found: dict[str, str | list[str | None]] = {}
    for name in TITLES:
        value = params.get(name)
        if value == UNASKED:
            found[name] = [None]
        elif value is not None and value in WORDS[name]:
            found[name] = value
    return found


def word(name: str, value: Any) -> str:
    """Word for a value, for each of several values („buerger; unternehmen“), or that it is not recorded."""
    if value in (None, ""):
        return UNKNOWN
    return ", ".join(WORDS[name].get(part, part) for part in str(value).split("; "))


def yes_no(value: bool | None) -> str:
    """„ja“, „nein“ or that it is not recorded."""
    return UNKNOWN if value is None else ("ja" if value else "nein")


def connection_title(portal: Cell | None, steering: Cell | None) -> str:
    """Say how many Fachverfahren are connected, to each portal for itself."""
    if portal is None or steering is None or portal.value is None or steering.value is None:
        return "Anbindung der Fachverfahren"
    return f"{_of(portal)} Fachverfahren am Bürgerportal, {_of(steering)} am Steuerungsportal"


def _of(cell: Cell) -> str:
    return f"{formats.number(cell.numerator)} von {formats.number(cell.denominator)}"


def share_words(cell: Cell) -> str:
    """„49,2 %“, with the upper end when something is not recorded: „49,2 bis 54,1 %“."""
    if cell.upper is None or cell.value is None or cell.upper == cell.value:
        return formats.percent(cell.value)
    low = formats.percent(cell.value).rpartition("\u00a0")[0] or formats.percent(cell.value)
    return f"{low} bis {formats.percent(cell.upper)}"
