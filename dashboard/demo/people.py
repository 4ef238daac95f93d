"""Invented persons of the example city."""

from __future__ import annotations

# Login, display name, function, role, units.
PEOPLE: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("leitung", "Dr. M. Beispiel", "Oberbürgermeisterin", "leitung", ()),
    ("fachbereich", "B. Muster", "Leitung Dezernat IV", "fachbereichsleitung", ("DEZ4",)),
    ("controlling", "K. Muster", "Zentrales Controlling", "controlling", ()),
    ("verwaltung", "A. Fachadmin", "Fachadministration", "verwaltung", ()),
)
