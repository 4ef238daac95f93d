"""German words shared by pages and components: ratings, stages, states, counts in sentences.

Words a town chooses itself (Fachdienst, Rat) come from its settings, never from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard import formats
from metrics.result import Rating

RATING_WORDS: Mapping[Rating, str] = {
    "gut": "im Plan",
    "warn": "beobachten",
    "krit": "handeln",
    "neu": "ohne Bewertung",
}
# Stands beside a figure that is not given out.
HIDDEN_NOTE = "aus Datenschutzgründen nicht ausgewiesen"
# Between a new version of the portal and its first run.
OLDER = "Der gezeigte Stand ist älter als diese Version des Portals; der nächste Lauf ergänzt, was fehlt."
# Most urgent first: order of tiles on small screens and of marks in the navigation.
URGENCY: tuple[Rating, ...] = ("krit", "warn", "neu", "gut")
REIFEGRAD: Mapping[str, str] = {
    "0": "Offline",
    "1": "Information",
    "2": "Formular-Assistent",
    "3": "Online-Leistung",
    "4": "Online-Transaktion",
}
# Hyphens where a narrow column may break the word.
REIFEGRAD_BROKEN: Mapping[str, str] = {
    "0": "Offline",
    "1": "Infor-<br>mation",
    "2": "Formular-<br>Assistent",
    "3": "Online-<br>Leistung",
    "4": "Online-<br>Transaktion",
}
SOURCE_STATES: Mapping[str, tuple[Rating, str]] = {
    "aktuell": ("gut", "aktuell"),
    "veraltet": ("warn", "veraltet"),
    "fehlgeschlagen": ("krit", "nicht aktuell"),
    "nie_geladen": ("neu", "noch nie geladen"),
    "zurückgehalten": ("warn", "zurückgehalten"),
}
SOURCE_KINDS: Mapping[str, str] = {
    "sql": "Datenbank",
    "files": "Datei",
    "rest": "Schnittstelle (REST)",
    "entry": "Direkterfassung",
    "cmis": "Schnittstelle (CMIS)",
    "xzufi": "Schnittstelle (XZuFi)",
}
NATURE_NOTES: Mapping[str, str] = {
    "echt": "",
    "beispiel": "Beispieldaten",
    "gemischt": "teils Beispieldaten",
}
GROUPS: tuple[str, ...] = ("", "Cockpits", "Cockpits der Stadt", "Arbeiten", "Nachweis")

ORIGIN_ONE = "Woher kommt diese Zahl?"
ORIGIN_MANY = "Woher kommen diese Zahlen?"
TABLE = "Tabelle"
CHART = "Diagramm"
EXAMPLE = "Beispieldaten"
BEFORE_AFTER_NOTE = "Vorher-Nachher-Vergleich zeigt zeitlichen Zusammenhang, keinen Nachweis der Ursache."
ROUNDING_NOTE = "Rundungsdifferenzen möglich"
ALL = "alle"


def plural(count: int, one: str, many: str, zero: str | None = None) -> str:
    """Return „1 Leistung“, „612 Leistungen“, „0 Leistungen“, or `zero` for none: „keine Leistungen“."""
    if count == 0 and zero is not None:
        return zero
    return f"{formats.number(count)} {one if abs(count) == 1 else many}"


def listed(words: Sequence[str], conjunction: str = "und") -> str:
    """Join words as a sentence does: „a“, „a und b“, „a, b und c“; nothing for no words."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def stage(level: str) -> str:
    """„3 Online-Leistung“; assessments that are missing are „nicht eingestuft“."""
    return f"{level} {REIFEGRAD[level]}" if level in REIFEGRAD else "nicht eingestuft"


def dimension_value(value: str | None) -> str:
    """Text of a dimension's value; what the source left open says so."""
    return "ohne Angabe" if value in (None, "") else str(value)
