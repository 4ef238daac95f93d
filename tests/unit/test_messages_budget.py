"""Sentences of the budget cockpit in their edge cases."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import messages_budget as words
from dashboard.sentence import TITLE_LENGTH


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def over(*flags: bool | None) -> list[tuple[date, bool | None]]:
    return [(date(2026, number, 1), flag) for number, flag in enumerate(flags, start=1)]


@pytest.mark.parametrize(
    ("flags", "title"),
    [
        ((), "Aufwand je Monat"),
        ((None, None), "Aufwand je Monat"),
        ((False, False, None), "Kein Monat liegt über dem Plan"),
        ((False, True, True, True, False), "Februar bis April über Plan"),
        ((False, True, True), "Februar und März über Plan"),
        ((False, True, False), "Februar über Plan"),
        ((True, False, True), "2 von 3 Monaten über Plan"),
        ((True, True, None), "Alle Monate über Plan"),
        ((True, None), "Januar über Plan"),
    ],
)
def test_the_title_of_the_months_names_the_run_over_plan(flags: tuple[bool | None, ...], title: str) -> None:
    assert words.months_over_plan(over(*flags), "Aufwand") == title


@pytest.mark.parametrize(
    ("critical", "over_count", "tolerated", "complete", "title"),
    [
        ([], 0, False, True, "Keine Position überschreitet ihren Rahmen"),
        ([], 0, False, False, "Positionen und ihr Verfügungsrahmen"),
        ([], 1, True, True, "Eine Position liegt innerhalb der Toleranz über dem Rahmen"),
        ([], 2, False, True, "Zwei Positionen liegen über dem Rahmen"),
        (["Scans"], 2, False, True, "Eine Position treibt die Überschreitung: Scans"),
        (["Erstellung elektronischer Akten"], 1, False, True, "Eine Position treibt die Überschreitung"),
        (["A" * 30, "B" * 30], 3, False, True, "Zwei Positionen treiben die Überschreitung"),
        (list("abcd"), 5, False, True, "4 Positionen überschreiten ihren Rahmen"),
    ],
)
def test_the_title_of_the_positions_claims_only_what_holds(
    critical: list[str], over_count: int, tolerated: bool, complete: bool, title: str
) -> None:
    found = words.positions(critical, over_count, tolerated, complete)
    assert found == title
    assert len(found) <= TITLE_LENGTH


def test_a_lagesatz_names_how_many_positions_have_no_forecast() -> None:
    some = words.situation(1000, 0.5, 500, None, positions=3, without_forecast=1)
    none = words.situation(1000, 0.5, 500, None, positions=3, without_forecast=3)
    full = words.situation(1000, 0.5, 500, -20, positions=3, without_forecast=0)
    assert some.rest == "Für 1 von 3 Positionen fehlt die Prognose."
    assert none.rest == "Eine Prognose liegt nicht vor."
    assert plain(full.rest) == "Der erwartete Bedarf ist 20 € höher, Deckung ist zu beschließen."
    nothing = words.situation(0, None, 0, None, positions=2, without_forecast=2)
    assert (nothing.bold, nothing.rest) == ("Für diese Auswahl ist kein Ansatz beschlossen.", "")


@pytest.mark.parametrize(
    ("available", "title"),
    [
        (17900, "Haushaltsjahr 2025: 17.900 € blieben übrig"),
        (-6200, "Haushaltsjahr 2025: 6.200 € fehlten"),
        (0, "Haushaltsjahr 2025: Der Rahmen ging genau auf"),
        (None, "Vom Ansatz zum verfügbaren Betrag"),
    ],
)
def test_a_closed_year_is_told_in_the_past(available: int | None, title: str) -> None:
    assert plain(words.closed_title(2025, available)) == title
    sentence = words.closed_year(2025, 1000, None, available)
    assert sentence.bold == "Für diese Auswahl ist kein Ansatz beschlossen."


def test_the_other_plan_is_named_even_when_it_is_empty() -> None:
    assert plain(words.other_plan("finanzplan", 200000, 42640)) == (
        "Investitionen (Finanzplan): 200.000 € Ansatz, 42.640 € verfügbar"
    )
    assert words.other_plan("ergebnisplan", None, None) == "Ergebnisplan: keine Ansätze"
    assert plain(words.other_plan("ergebnisplan", None, -5)) == "Ergebnisplan: – Ansatz, −5 € verfügbar"


def test_notes_are_silent_when_nothing_is_missing() -> None:
    assert words.missing_forecast(0, 7) == ""
    assert words.missing_forecast(7, 7) == "Eine Prognose liegt nicht vor."
    assert "ohne 1 Position ohne Prognose" in words.missing_forecast(1, 7)
    assert words.booked_outside(0) == ""
    assert plain(words.booked_outside(3200)) == "außerhalb des Jahres gebucht: 3.200 €"
    assert words.product_words(None) == "alle Produkte"
