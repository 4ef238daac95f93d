"""Sentences of the drill path: true in every case, one, many, none, hidden."""

from __future__ import annotations

from datetime import date

from dashboard import messages_drill as words
from metrics.catalog import load_catalog
from metrics.result import Cell

CATALOG = load_catalog(None)
SHARE = CATALOG.metric("ozg_online_share").definition
FLOW = CATALOG.metric("budget_ist_month_eur").definition
TODAY = date(2026, 6, 9)


def cell(**more: object) -> Cell:
    return Cell(period=TODAY, keys={}, **more)  # type: ignore[arg-type]


def test_a_value_is_held_against_its_target_with_the_signed_difference() -> None:
    found = words.standing(cell(value=0.345, target=0.45, deviation=-0.105), SHARE, "Dez. IV", None)
    assert found.bold == "Dez. IV: 34,5\u00a0%."
    assert found.rest == "Soll 45,0\u00a0%, Abweichung −10,5\u00a0Prozentpunkte."
    on_target = words.standing(cell(value=0.45, target=0.45, deviation=0), SHARE, "Stadt", date(2026, 3, 31))
    assert on_target.bold.startswith("Stadt am 31.03.2026: 45,0")
    assert on_target.rest == "Das entspricht dem Soll von 45,0\u00a0%."


def test_without_value_or_with_a_hidden_one_no_number_is_said() -> None:
    assert words.standing(None, SHARE, "Stadt", None).bold == ""
    hidden = words.standing(cell(value=None, suppressed=True), SHARE, "FD 50", None)
    assert "nicht ausgewiesen" in hidden.bold
    assert not any(sign.isdigit() for sign in hidden.bold.replace("FD 50", ""))


def test_a_list_says_what_it_shows_otherwise_than_the_figure() -> None:
    whole = cell(value=0.5, numerator=5, denominator=10)
    assert words.record_remarks(SHARE, whole, 10, (), None, TODAY) == ()
    assert words.record_remarks(SHARE, whole, 11, (), None, TODAY) == (
        "Die Liste hat 11 Zeilen; der Nenner der Zahl ist 10.",
    )
    past = words.record_remarks(SHARE, whole, 10, ("Lesart",), date(2025, 12, 31), TODAY)
    assert past == (
        "Die Liste ist nicht eingegrenzt nach: Lesart.",
        "Die Liste zeigt den Stand vom 09.06.2026, nicht den des Stichtags.",
    )
    assert "alle Zeiträume" in words.record_remarks(FLOW, cell(value=1), 3, (), None, TODAY)[0]


def test_why_there_is_no_list_is_said_for_each_reason() -> None:
    few = CATALOG.metric("case_duration_days")
    assert "Personen" in words.no_records(few.definition, few.area)
    books = CATALOG.metric("source_fresh_share")
    assert "Buchführung" in words.no_records(books.definition, books.area)


def test_counts_of_records_are_german_in_every_number() -> None:
    assert [words.rows_title(n) for n in (0, 1, 1557)] == [
        "Keine Datensätze",
        "1 Datensatz",
        "1.557 Datensätze",
    ]
