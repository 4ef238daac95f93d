"""Words of channels, effort, roll-out, measures, council items, deadlines. Pure: figures in, German out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard import formats
from dashboard.sentence import Sentence
from dashboard.texts import listed, plural
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


MEASURE_STATES: Mapping[str, tuple[Rating, str]] = {
    "abgeschlossen": ("gut", "abgeschlossen"),
    "in_arbeit": ("neu", "in Arbeit"),
    "geplant": ("neu", "geplant"),
    "ueberfaellig": ("krit", "überfällig"),
}
COUNTED = (
    "Kein",
    "Ein",
    "Zwei",
    "Drei",
    "Vier",
    "Fünf",
    "Sechs",
    "Sieben",
    "Acht",
    "Neun",
    "Zehn",
    "Elf",
    "Zwölf",
)
LONGEST_TITLE = 60


def measures(
    done: int | None, overdue: int, total: int, late: Sequence[tuple[str, int]] = (), *, stale: str = ""
) -> Sentence:
    """Measures done and overdue, and where most of them hang; `late` are (name, overdue) per unit.

    `stale` („Stand 08.06.2026“) takes the place of the consequence.
    """
    if done is None or not total:
        return Sentence("Für diese Auswahl gibt es keine Maßnahmen.")
    if total == 1:
        state = "abgeschlossen" if done else "überfällig" if overdue else "noch nicht abgeschlossen"
        return Sentence(f"Die einzige Maßnahme ist {state}.", _outdated(stale))
    if done == total:
        return Sentence(f"Alle {formats.number(total)} Maßnahmen sind abgeschlossen.", _outdated(stale))
    fact = f"{formats.number(done)} von {formats.number(total)} Maßnahmen {_is_are(done)} abgeschlossen"
    if done == 0:
        fact = f"Keine von {formats.number(total)} Maßnahmen ist abgeschlossen"
    if overdue == 0:
        return Sentence(f"{fact}, keine ist überfällig.", _outdated(stale))
    return Sentence(
        f"{fact}, {formats.number(overdue)} {_is_are(overdue)} überfällig.", _outdated(stale) or _where(late)
    )


def _is_are(count: int) -> str:
    return "ist" if count == 1 else "sind"


def _outdated(stale: str) -> str:
    return f"Die Angaben sind veraltet, {stale}." if stale else ""


def _where(late: Sequence[tuple[str, int]]) -> str:
    """The unit with most overdue measures; nothing where there is only one unit or many share the place."""
    ranked = sorted(((count, name) for name, count in late if count), reverse=True)
    if len(late) < 2 or not ranked:
        return ""
    most = ranked[0][0]
    first = sorted(name for count, name in ranked if count == most)
    if len(first) > 2:
        return ""
    counted = plural(most, "überfälligen Maßnahme", "überfälligen Maßnahmen")
    each = "je " if len(first) == 2 else ""
    return f"Schwerpunkt der Verzögerung: {listed(first)} mit {each}{counted}."


def packages_title(late: int, running: int, known: bool = True) -> str:
    """„Fünf Aufgabenpakete laufen länger als geplant“; neutral where a forecast is missing (`known`)."""
    if late == 1:
        return "Ein Aufgabenpaket läuft länger als geplant"
    if late:
        number = COUNTED[late] if late < len(COUNTED) else formats.number(late)
        return f"{number} Aufgabenpakete laufen länger als geplant"
    if running and known:
        return "Kein laufendes Aufgabenpaket verzögert sich"
    return "Aufgabenpakete des Umsetzungsfahrplans"


def late_units_title(names: Sequence[str], unit: str) -> str:
    """„A und B mit den meisten Verzögerungen“, neutral without names or room for them."""
    neutral = f"Maßnahmen nach {unit} und Stand"
    if not names:
        return neutral
    title = f"{listed(names)} mit den meisten Verzögerungen"
    return title if len(title) <= LONGEST_TITLE else neutral


def top_title(title: str, online: int, shown: int, places: int) -> str:
    """„TOP 20: 13 Leistungen sind online“; of fewer than all places both numbers are said."""
    if not shown:
        return title
    if online == 0:
        return f"{title}: noch keine Leistung ist online"
    if online == shown:
        return (
            f"{title}: alle {formats.number(shown)} online"
            if shown > 1
            else f"{title}: die Leistung ist online"
        )
    if shown < places:
        return f"{title}: {formats.number(online)} von {formats.number(shown)} {_is_are(online)} online"
    return f"{title}: {plural(online, 'Leistung ist', 'Leistungen sind')} online"


def place_state(
    level: int | None, planned_on: date | None, in_project: bool, today: date
) -> tuple[Rating, str]:
    """State of a service of the ranking: online from stage 3, else what is promised for it."""
    if level is not None and level >= 3:
        return "gut", "online"
    if planned_on is not None and planned_on < today:
        return "krit", "überfällig"
    if in_project:
        return "neu", "in Arbeit"
    return ("neu", "ohne Termin") if planned_on is None else ("neu", "geplant")


def found_measures(total: int, first: int, last: int) -> str:
    """„3.046 Maßnahmen, Zeile 51 bis 100“: read out when a list changes."""
    if total == 0:
        return "Keine Maßnahmen für diese Auswahl"
    counted = plural(total, "Maßnahme", "Maßnahmen")
    return (
        counted
        if (first, last) == (1, total)
        else f"{counted}, Zeile {formats.number(first)} bis {formats.number(last)}"
    )


def open_title(late: int, count: int) -> str:
    """„159 von 1.832 offenen Maßnahmen sind überfällig“."""
    if not count:
        return "Maßnahmen im Zeitverlauf"
    if count == 1:
        return f"Die einzige offene Maßnahme ist {'' if late else 'nicht '}überfällig"
    if not late:
        return f"Keine von {formats.number(count)} offenen Maßnahmen ist überfällig"
    return f"{formats.number(late)} von {formats.number(count)} offenen Maßnahmen {_is_are(late)} überfällig"


def days_over(days: int | None) -> str:
    """„12 Tage über der Frist“, nothing for none."""
    return "" if not days else f"{plural(days, 'Tag', 'Tage')} über der Frist"
