"""Words of channels, savings, deadlines and council items."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboard import messages_umsetzung as words

NB = "\u00a0"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ((None, None, None), "–"),
        (("ohne_frist", None, None), "ohne Frist"),
        (("bis", "tag", None), "ohne Frist"),
        (("bis", "tag", date(2026, 6, 9)), "09.06.2026"),
        (("bis", "monat", date(2026, 3, 31)), "März 2026"),
        (("bis", "quartal", date(2026, 6, 30)), "2. Quartal 2026"),
        (("bis", "halbjahr", date(2026, 12, 31)), "2. Halbjahr 2026"),
        (("fortlaufend_bis", "jahr", date(2025, 12, 31)), "fortlaufend bis 2025"),
        (("fortlaufend_bis", "tag", date(2025, 12, 31)), "fortlaufend bis 31.12.2025"),
    ],
)
def test_a_deadline_is_said_as_vaguely_as_it_was_named(
    question: tuple[str | None, str | None, date | None], answer: str
) -> None:
    assert words.due_words(*question) == answer


def test_savings_say_what_is_missing_and_what_was_not_saved() -> None:
    assert words.saving_title(Decimal("11400.2"), None) == f"11.400{NB}kg CO₂ in zwölf Monaten gespart"
    assert words.saving_title(Decimal("10"), "unvollständig").endswith("gespart (unvollständig)")
    assert words.saving_title(Decimal("-7"), None) == f"7{NB}kg CO₂ mehr als vorher in zwölf Monaten"
    assert words.saving_title(None, None) == "Eingespartes CO₂: kein Wert"


def test_titles_are_neutral_without_figures() -> None:
    assert words.channel_title(442, 1000) == f"44,2{NB}% von 1.000 Anträgen kommen online"
    assert words.channel_title(0, 0) == "Fallzahlen nach Kanal"
    assert words.reached_title(4, 8) == "4 von 8 Wirkungen wie erwartet oder besser"
    assert words.reached_title(0, 0) == "Erwartete und erreichte Wirkung"
    assert words.mail_in_title(7, 13) == "7 von 13 Einheiten mit digitalem Posteingang"
    assert words.mail_in_title(None, None) == "DMS je Einheit"
    assert words.council_title(31, 44) == "31 von 44 Ratsaufträgen in der Frist erledigt"
    assert words.council_title(None, None) == "Anträge, Anfragen und Beschlüsse"
    assert words.overdue_title(1) == "1 Maßnahme nach der Fristregel überfällig"
    assert words.overdue_title(None) == "Fristen der Maßnahmen"


LATE = [("Bauaufsicht", 41), ("Gesundheit", 27), ("Bürgerservice", 14)]


def test_the_measures_say_fact_comparison_and_where_they_hang() -> None:
    said = words.measures(1214, 159, 3046, LATE)
    assert said.bold == "1.214 von 3.046 Maßnahmen sind abgeschlossen, 159 sind überfällig."
    assert said.rest == "Schwerpunkt der Verzögerung: Bauaufsicht mit 41 überfälligen Maßnahmen."
    assert len(f"{said.bold} {said.rest}") <= 160


@pytest.mark.parametrize(
    ("done", "overdue", "total", "bold"),
    [
        (0, 0, 5, "Keine von 5 Maßnahmen ist abgeschlossen, keine ist überfällig."),
        (1, 1, 5, "1 von 5 Maßnahmen ist abgeschlossen, 1 ist überfällig."),
        (5, 0, 5, "Alle 5 Maßnahmen sind abgeschlossen."),
        (1, 0, 1, "Die einzige Maßnahme ist abgeschlossen."),
        (0, 1, 1, "Die einzige Maßnahme ist überfällig."),
        (0, 0, 1, "Die einzige Maßnahme ist noch nicht abgeschlossen."),
        (None, 0, 0, "Für diese Auswahl gibt es keine Maßnahmen."),
    ],
)
def test_the_measures_agree_in_number(done: int | None, overdue: int, total: int, bold: str) -> None:
    assert words.measures(done, overdue, total).bold == bold


def test_a_focus_is_named_only_where_there_is_one() -> None:
    tied = [("Bauaufsicht", 3), ("Gesundheit", 3), ("Schule", 1)]
    assert words.measures(1, 7, 9, tied).rest == (
        "Schwerpunkt der Verzögerung: Bauaufsicht und Gesundheit mit je 3 überfälligen Maßnahmen."
    )
    assert words.measures(1, 1, 9, [("Bau", 1), ("Schule", 0)]).rest == (
        "Schwerpunkt der Verzögerung: Bau mit 1 überfälligen Maßnahme."
    )
    assert words.measures(1, 3, 9, [("a", 1), ("b", 1), ("c", 1)]).rest == "", "all alike is no focus"
    assert words.measures(1, 3, 9, [("a", 3)]).rest == "", "one unit alone is no comparison"
    assert words.measures(1, 3, 9, LATE, stale="Stand 01.02.2026").rest == (
        "Die Angaben sind veraltet, Stand 01.02.2026."
    )


def test_packages_are_counted_in_words_and_nothing_is_claimed_without_forecast() -> None:
    assert words.packages_title(5, 6) == "Fünf Aufgabenpakete laufen länger als geplant"
    assert words.packages_title(1, 6) == "Ein Aufgabenpaket läuft länger als geplant"
    assert words.packages_title(13, 20) == "13 Aufgabenpakete laufen länger als geplant"
    assert words.packages_title(0, 6) == "Kein laufendes Aufgabenpaket verzögert sich"
    assert words.packages_title(0, 6, known=False) == "Aufgabenpakete des Umsetzungsfahrplans"
    assert words.packages_title(0, 0) == "Aufgabenpakete des Umsetzungsfahrplans"


def test_the_units_with_most_delays_are_named_as_long_as_there_is_room() -> None:
    title = words.late_units_title(["Bauaufsicht", "Gesundheit"], "Fachdienst")
    assert title == "Bauaufsicht und Gesundheit mit den meisten Verzögerungen"
    assert words.late_units_title([], "Amt") == "Maßnahmen nach Amt und Stand"
    assert words.late_units_title(["Kinder- und Jugendhilfe", "Stadtplanung", "Bau"], "Amt") == (
        "Maßnahmen nach Amt und Stand"
    )


@pytest.mark.parametrize(
    ("online", "shown", "title"),
    [
        (13, 20, "TOP 20: 13 Leistungen sind online"),
        (1, 20, "TOP 20: 1 Leistung ist online"),
        (0, 20, "TOP 20: noch keine Leistung ist online"),
        (20, 20, "TOP 20: alle 20 online"),
        (2, 5, "TOP 20: 2 von 5 sind online"),
        (1, 1, "TOP 20: die Leistung ist online"),
        (0, 0, "TOP 20"),
    ],
)
def test_the_ranking_says_how_many_are_online_of_those_shown(online: int, shown: int, title: str) -> None:
    assert words.top_title("TOP 20", online, shown, 20) == title


def test_a_place_is_online_overdue_at_work_or_planned() -> None:
    today, later, before = date(2026, 6, 9), date(2027, 1, 31), date(2026, 6, 8)
    assert words.place_state(3, before, True, today) == ("gut", "online")
    assert words.place_state(2, before, True, today) == ("krit", "überfällig")
    assert words.place_state(2, today, True, today) == ("neu", "in Arbeit")
    assert words.place_state(None, later, False, today) == ("neu", "geplant")
    assert words.place_state(1, None, False, today) == ("neu", "ohne Termin")


def test_lists_say_how_many_there_are_and_which_rows_are_shown() -> None:
    assert words.found_measures(3046, 51, 100) == "3.046 Maßnahmen, Zeile 51 bis 100"
    assert words.found_measures(7, 1, 7) == "7 Maßnahmen"
    assert words.found_measures(1, 1, 1) == "1 Maßnahme"
    assert words.found_measures(0, 0, 0) == "Keine Maßnahmen für diese Auswahl"
    assert words.open_title(159, 1832) == "159 von 1.832 offenen Maßnahmen sind überfällig"
    assert words.open_title(1, 1) == "Die einzige offene Maßnahme ist überfällig"
    assert words.open_title(0, 3) == "Keine von 3 offenen Maßnahmen ist überfällig"
    assert words.open_title(0, 0) == "Maßnahmen im Zeitverlauf"
    assert words.days_over(1) == "1 Tag über der Frist"
    assert words.days_over(None) == words.days_over(0) == ""
