"""Other words people look for: what the town calls „Bearbeitungsdauer“ is asked for as „Durchlaufzeit“.

Used wherever figures and data sets are searched. A rule holds for every name it fits, also for those of a
town's own figures; it adds words to what is searched and never to what is shown.
"""

from __future__ import annotations

import re
from functools import lru_cache

from metrics.folding import fold

_RULES: tuple[tuple[str, str], ...] = (
    (
        r"\bstellen?\b|stellenplan|stellenbesetzung|personentage?\b|mitarbeitende|vollzeit",
        "Personal Beschäftigte Mitarbeiter Stellenplan VZÄ Arbeitskraft",
    ),
    (
        r"kosten|budget|haushalt|buchung|verfuegungsrahmen|obligo|\beuro\b|betrag",
        "Kosten Ausgaben Geld Finanzen Euro",
    ),
    (r"haushalt|budget|buchung|verfuegungsrahmen|obligo", "Haushalt Etat Haushaltsplan Budget Mittel"),
    (r"ersparnis|gespart", "Einsparung Umwelt Klima Nachhaltigkeit"),
    (r"online|portal|reifegrad|ende-zu-ende", "Onlinedienste Online-Dienste digital Digitalisierung OZG"),
    (r"\befa\b|loesungsweg|musterloesung", "EfA Einer für Alle Nachnutzung Musterlösung"),
    (r"\bdms\b|akten?\b|papierakte", "Akte E-Akte eAkte elektronische Akte Aktenführung DMS Dokumente"),
    (r"dauer|\btage\b|ueber sechs wochen", "Durchlaufzeit Bearbeitungszeit Liegezeit Laufzeit Frist"),
    (r"offene|ueberfaellig|ueber sechs wochen|laenger als", "Rückstand Rückstau Verzug Altfälle"),
    (r"fallzahl|antraege\b|vorgang\b|vorgaenge\b", "Fälle Fallzahlen Vorgänge Menge Eingang"),
    (r"massnahme", "Vorhaben Programm Fahrplan Umsetzung"),
    (r"projekt", "Vorhaben Projekt Umsetzung"),
    (r"ratsauftrag|ratsvorlage|beschluesse", "Rat Politik Beschluss Beschlusskontrolle"),
    (r"wirkung", "Nutzen Effekt Ergebnis Zielerreichung"),
    (r"wartezeit|zufriedenheit|anliegen", "Bürgerservice Umfrage Kunden"),
    (r"fachverfahren", "Software Anwendung Schnittstelle IT Fachanwendung"),
    (r"schulung|geschult", "Fortbildung Qualifizierung Weiterbildung"),
    (r"datenquelle|lieferung|zurueckgewiesen", "Datenqualität Import Schnittstelle"),
)
_COMPILED = tuple((re.compile(pattern), words) for pattern, words in _RULES)


# Asked for every data set and field of every page of the explorer.
@lru_cache(maxsize=4096)
def other_words(*names: str) -> str:
    """Return words by which something of these names is looked for, too; „“ where there are none."""
    text = fold(" ".join(names))
    return " ".join(words for pattern, words in _COMPILED if pattern.search(text))
