"""What a failed source says on the page: one German sentence for each reason code."""

from __future__ import annotations

import re

from warehouse.errors import IsekError

SENTENCES: dict[str, str] = {
    "access_denied": "Das Quellsystem verweigert den Zugang.",
    "as_of_unreadable": "Der Dateiname nennt den Stand nicht in der vereinbarten Form.",
    "blank_header": "Die Kopfzeile enthält Spalten ohne Namen.",
    "control_total_mismatch": "Die Kontrollsumme stimmt nicht mit den Zeilen überein.",
    "duplicate_header": "Die Kopfzeile enthält Spaltennamen doppelt.",
    "duplicate_key": "Derselbe Schlüssel kommt in mehreren Tabellen der Quelle vor.",
    "file_changing": "Die Datei wurde während des Lesens verändert.",
    "file_not_settled": "Die Datei wird noch geschrieben.",
    "half_file": "Die Datei ist unvollständig.",
    "implausible_shrink": "Die Lieferung ist ungewöhnlich klein und wurde zurückgehalten.",
    "implausible_growth": "Die Lieferung ist ungewöhnlich groß und wurde zurückgehalten.",
    "malformed_file": "Die Datei ist nicht lesbar.",
    "missing_column": "Eine vereinbarte Spalte fehlt:",
    "missing_records": "Die Datensätze liegen nicht an der vereinbarten Stelle:",
    "missing_secret": "Ein Zugangsgeheimnis ist nicht hinterlegt.",
    "missing_sheet": "Das vereinbarte Tabellenblatt fehlt:",
    "no_driver": "Für diese Datenbank fehlt der Treiber.",
    "no_ledger": "Für die Erfassung im Portal ist keine Ablage eingerichtet.",
    "not_xlsx": "Die Datei ist keine lesbare Arbeitsmappe.",
    "outside_city": "Der Pfad führt aus dem Ordner der Stadt hinaus.",
    "query_failed": "Die Abfrage passt nicht mehr zur Datenbank.",
    "retyped_column": "Eine vereinbarte Spalte hat einen anderen Typ:",
    "timeout": "Die Abfrage hat zu lange gedauert.",
    "too_large": "Die Datei ist zu groß.",
    "too_many_rejected": "Zu viele Zeilen sind fehlerhaft.",
    "undecodable": "Die Datei ist nicht in der vereinbarten Kodierung geschrieben.",
    "uneven_files": "Die Dateien der Lieferung haben unterschiedliche Spalten.",
    "unreachable": "Das Quellsystem ist nicht erreichbar oder hat nicht geliefert.",
    "zip_bomb": "Die Arbeitsmappe überschreitet die zulässige Größe.",
}

OTHERWISE = "Die Quelle konnte nicht gelesen werden."
QUOTED = re.compile("„[^“]+“")


def german_reason(error: IsekError) -> str:
    """Sentence with the names involved, the place and what was found there; no traceback, no secret."""
    names = ", ".join(dict.fromkeys(QUOTED.findall(error.what)))
    parts = [SENTENCES.get(error.code, OTHERWISE) + (f" {names}." if names else "")]
    near = ", ".join(dict.fromkeys(QUOTED.findall(error.next_step or "")))
    if near:
        parts.append(f"Ähnlich heißt: {near}.")
    if error.where:
        parts.append(f"Ort: {error.where}.")
    if error.found is not None:
        parts.append(f"Vorgefunden: {_shortened(str(error.found))}.")
    return " ".join(parts)


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else text[:199] + "…"
