"""Words of what effects rest on: channels, effort, parameters, roll-out, deadlines. Pure: figures to text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard import formats
from dashboard.texts import plural
from metrics.result import Number, Rating

CHANNELS: Mapping[str, str] = {
    "online": "online",
    "post": "Brief",
    "vor_ort": "Vorsprache",
    "email": "E-Mail",
    "telefon": "Telefon",
}
ADDRESSEES: Mapping[str, str] = {
    "buerger": "Bürgerinnen und Bürger",
    "wirtschaft": "Unternehmen",
    "verwaltung": "Verwaltung",
}
CAUSES: Mapping[str, str] = {"papier": "Papier (Blatt)", "wege": "Wege zum Amt"}
REACH: Mapping[str, str] = {"intern": "intern", "extern": "extern", "beides": "intern und extern"}
METHODS: Mapping[str, str] = {
    "gemessen": "gemessen",
    "erhoben": "erhoben",
    "befragung": "Befragung",
    "geschaetzt": "geschätzt",
    "herstellerangabe": "Herstellerangabe",
}
MAIL_IN: Mapping[str, tuple[Rating, str]] = {
    "echtbetrieb": ("gut", "Echtbetrieb"),
    "test": ("neu", "Test"),
    "geplant": ("neu", "geplant"),
}
KINDS: Mapping[str, str] = {"antrag": "Antrag", "anfrage": "Anfrage", "beschluss": "Beschluss"}
STATES: Mapping[str, tuple[Rating, str]] = {
    "offen": ("neu", "offen"),
    "in_bearbeitung": ("neu", "in Bearbeitung"),
    "erledigt": ("gut", "erledigt"),
    "formal_erledigt": ("gut", "formal erledigt"),
    "zurueckgezogen": ("neu", "zurückgezogen"),
}
PRECISIONS: Mapping[str, str] = {
    "tag": "auf den Tag",
    "monat": "auf den Monat",
    "quartal": "auf das Quartal",
    "halbjahr": "auf das Halbjahr",
    "jahr": "auf das Jahr",
    "ohne": "ohne Frist",
}
EFFORT = "Zwölf Monate, Fallzahl × Zeit × Lohnsatz + Sachkosten."
NO_WAGE = "Ohne Lohnsatz kein Betrag: Die Stunden stehen fest, der Lohnsatz fehlt in parameters.toml."
NO_PARAMETER = "kein Wert: in parameters.toml mit Tag und Quelle eintragen"
DEADLINE_RULE = (
    "Überfällig ist, was am Tag nach dem letzten Tag des genannten Zeitraums nicht erledigt ist; "
    "ein Quartal endet mit seinem letzten Tag, „fortlaufend bis“ an seinem Ende."
)
DEADLINE_SCOPE = (
    "Nach der zuletzt genannten Frist; „Maßnahmen überfällig“ (MAS-02) zählt nach dem Tag der Maßnahmenliste"
)
COUNCIL_ROWS = 15


def channel_title(online: Number | None, total: Number | None) -> str:
    """„44,2 % von 22.130 Anträgen kommen online“, neutral without applications."""
    if online is None or not total:
        return "Fallzahlen nach Kanal"
    if float(total) == 1:
        return f"Der einzige Antrag kam {'' if online else 'nicht '}online"
    if not online:
        return f"Keiner von {formats.number(total)} Anträgen kommt online"
    share = formats.percent(float(online) / float(total))
    return f"{share} von {formats.number(total)} Anträgen kommen online"


def saving_title(kg: Number | None, qualifier: str | None) -> str:
    """„11.400 kg CO₂ in zwölf Monaten gespart“; says when parts are missing or nothing was saved."""
    if kg is None:
        return "Eingespartes CO₂: kein Wert"
    if float(kg) < 0:
        return f"{formats.amount(-kg, 'kg')} CO₂ mehr als vorher in zwölf Monaten"
    if formats.rounded(kg) == 0:
        text = "Kein CO₂ in zwölf Monaten gespart"
    else:
        text = f"{formats.amount(kg, 'kg')} CO₂ in zwölf Monaten gespart"
    return f"{text} ({qualifier})" if qualifier else text


def reached_title(reached: Number | None, compared: Number | None) -> str:
    """„4 von 8 Wirkungen haben die Erwartung erreicht“."""
    if not compared or reached is None:
        return "Erwartete und erreichte Wirkung"
    return f"{_part(reached, compared, ('Keine', 'Wirkung', 'Wirkungen'))} wie erwartet oder besser"


def mail_in_title(live: Number | None, units: Number | None) -> str:
    """„7 von 13 Einheiten mit digitalem Posteingang“."""
    if not units or live is None:
        return "DMS je Einheit"
    return f"{_part(live, units, ('Keine', 'Einheit', 'Einheiten'))} mit digitalem Posteingang"


def council_title(in_time: Number | None, items: Number | None) -> str:
    """„31 von 44 Ratsaufträgen in der Frist erledigt“."""
    if not items or in_time is None:
        return "Anträge, Anfragen und Beschlüsse"
    return f"{_part(in_time, items, ('Kein', 'Ratsauftrag', 'Ratsaufträgen'))} in der Frist erledigt"


def overdue_title(overdue: Number | None) -> str:
    """„121 Maßnahmen nach der Fristregel überfällig“."""
    if overdue is None:
        return "Fristen der Maßnahmen"
    count = plural(int(overdue), "Maßnahme", "Maßnahmen", "Keine Maßnahme")
    return f"{count} nach der Fristregel überfällig"


def _part(count: Number, total: Number, nouns: tuple[str, str, str]) -> str:
    """„4 von 8 Wirkungen“; of none „Keine Wirkung“. The nouns: none, one, many (in the dative)."""
    none, one, many = nouns
    if not count:
        return f"{none} {one}"
    return f"{formats.number(count)} von {formats.number(total)} {one if total == 1 else many}"


def due_words(kind: str | None, precision: str | None, due_end: date | None) -> str:
    """A deadline as vague as it was named: „2. Quartal 2026“, „fortlaufend bis 31.12.2027“."""
    if kind is None:
        return formats.MISSING
    if kind == "ohne_frist" or due_end is None:
        return "ohne Frist"
    words = _period(precision, due_end)
    return f"fortlaufend bis {words}" if kind == "fortlaufend_bis" else words


def _period(precision: str | None, due_end: date) -> str:
    if precision == "monat":
        return f"{formats.MONTHS[due_end.month - 1]} {due_end.year}"
    if precision == "quartal":
        return formats.quarter(due_end)
    if precision == "halbjahr":
        return formats.half_year(due_end)
    return str(due_end.year) if precision == "jahr" else formats.day(due_end)
