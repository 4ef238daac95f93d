"""Budget and Wirkungen: what a person reads there follows from the data, filters and rights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component

from dashboard.auth.viewer import Role
from dashboard.pages import budget, wirkungen
from dashboard.services import Services
from tests.money_city import money_city, money_rows, plan
from tests.services_city import graphs, viewer_of, words

LEITUNG = viewer_of("leitung")


@pytest.fixture
def city(tmp_path: Path) -> Services:
    return money_city(tmp_path)


def read(page: Any, city: Services, **params: str) -> str:
    """All text of a page: what stands there, and the tables of the charts that are written when asked for."""
    drawn = page.layout(city, LEITUNG, params)
    return f"{words(drawn)} {' '.join(tables(drawn))}".replace("\u00a0", " ")


def tables(part: Any) -> Iterator[str]:
    """Rows of the tables that wait in an attribute, one text per row."""
    if isinstance(part, list | tuple):
        for item in part:
            yield from tables(item)
    elif isinstance(part, Component):
        waiting: Any = getattr(part, "data-table", None)
        if waiting:
            yield from (" ".join(row) for row in json.loads(waiting)["rows"])
        yield from tables(getattr(part, "children", None))


@pytest.mark.parametrize("page", [budget, wirkungen])
@pytest.mark.parametrize(
    ("role", "units"), [("leitung", ()), ("controlling", ()), ("fachbereichsleitung", ("D1",))]
)
def test_every_allowed_role_sees_the_whole_page(
    city: Services, page: Any, role: Role, units: tuple[str, ...]
) -> None:
    text = words(page.layout(city, viewer_of(role, *units), {}))
    assert text.count("nicht möglich") == (1 if page is wirkungen else 0), "only the unknown metric fails"


def test_the_budget_sentence_names_frame_bound_available_and_what_is_missing(city: Services) -> None:
    text = read(budget, city)
    assert "Von 1.900 € sind 55,3 % verbraucht oder gebunden, 850 € sind verfügbar." in text
    assert "Der erwartete Bedarf ist 290 € höher" in text
    assert "Bis Jahresende fehlen 290 €" in text


def test_the_waterfall_adds_up_to_the_balance_of_the_metric(city: Services) -> None:
    text = read(budget, city)
    for step in ("Ansatz 2026 1.800", "Übertrag aus 2025 100", "Verfügungsrahmen 1.900", "Ist gebucht −900"):
        assert step in text
    for step in ("Obligo gebunden −150", "verfügbar 850", "Bedarf bis 31.12. −1.140", "fehlt −290"):
        assert step in text
    assert 850 - 1140 == -290


def test_positions_are_rated_one_by_one_and_the_total_row_is_the_tile(city: Services) -> None:
    text = read(budget, city)
    assert "Position 1 1.300 700 0 600 −300 handeln" in text
    assert "Position 2 600 200 150 250 +10 im Plan" in text
    assert "Ergebnisplan gesamt 1.900 900 150 850 −290 handeln" in text
    assert "Eine Position treibt die Überschreitung: Position 1" in text


def test_the_finanzplan_is_shown_beside_and_never_added(city: Services) -> None:
    assert "Investitionen (Finanzplan): 500 € Ansatz, 500 € verfügbar" in read(budget, city)
    text = read(budget, city, plan_art="finanzplan")
    assert "Von 500 € sind 0,0 % verbraucht" in text
    assert "Eine Prognose liegt nicht vor." in text
    assert "fehlt" not in text.split("Positionen")[0]
    assert "Ergebnisplan: 1.800 € Ansatz, 850 € verfügbar" in text


def test_a_closed_year_speaks_in_the_past_and_counts_late_bookings(city: Services) -> None:
    text = read(budget, city, haushaltsjahr="2025")
    assert "2025 wurden 113,3 % von 900 € verbraucht oder gebunden. 120 € fehlten." in text
    assert "Bedarf" not in text
    assert "außerhalb des Jahres gebucht: 20 €" in text


def test_an_earlier_stichtag_shows_what_was_known_then(city: Services) -> None:
    text = read(budget, city, stichtag="2026-02-28")
    assert "Ist gebucht −700" in text
    assert "Stand 28.02.2026" in text
    assert "Prognose je Monat nur zum neuesten Stichtag" in text


def test_all_products_are_added_and_named(city: Services) -> None:
    text = read(budget, city, produkt="alle")
    assert "Von 1.950 €" in text
    assert "111250 · Position 1" in text
    assert "1 von 3 Positionen ohne Prognose" in text
    assert "Bis Jahresende" not in text


@pytest.mark.parametrize(
    "params",
    [
        {"haushaltsjahr": "1999"},
        {"haushaltsjahr": "²"},
        {"produkt": "' OR 1=1"},
        {"plan_art": "x"},
        {"stichtag": "2026-02-30"},
    ],
)
def test_values_nobody_offers_are_ignored_and_not_carried_on(city: Services, params: dict[str, str]) -> None:
    assert read(budget, city, **params) == read(budget, city)
    drawn: Any = budget.layout(city, LEITUNG, params)
    choice = str(drawn.to_plotly_json())
    assert all(f"{name}={value}&" not in choice for name, value in params.items())


def test_a_position_without_frame_has_no_percentage(tmp_path: Path) -> None:
    rows = money_rows()
    rows["booking"] = [*rows["booking"], {**rows["booking"][0], "position_id": "3", "booking_id": "B9"}]
    rows["budget_plan"] = [*rows["budget_plan"], plan("3", 0)]
    assert "Position 3 0 700 0 −700 – kein Rahmen – ohne Bewertung" in read(
        budget, money_city(tmp_path, rows)
    )


def test_a_city_without_budget_says_so(tmp_path: Path) -> None:
    text = read(budget, money_city(tmp_path, {}))
    assert "Noch keine Haushaltsdaten geladen." in text
    assert "Noch keine Haushalte anderer Städte geladen." in text


def test_without_targets_nothing_is_rated_or_flagged(tmp_path: Path) -> None:
    text = read(budget, money_city(tmp_path, targets=""))
    assert "−300 ohne Bewertung" in text
    assert "mehr als" not in text.split("Begriffe")[0].replace("mehr als verfügbar", "")
    assert "Eine Position liegt über dem Rahmen" in text


def test_other_cities_name_their_document_and_are_no_ranking(city: Services) -> None:
    text = read(budget, city)
    assert "Freiburg 2015 90,0 100,0 −10,0 Jahresabschluss 2015" in text
    assert "Nicht vergleichbar über Ländergrenzen" in text


def test_the_table_of_the_months_shows_what_the_chart_draws(city: Services) -> None:
    figure = graphs(budget.layout(city, LEITUNG, {}))[1]
    plan_bars, rest, ist = (trace["y"] for trace in figure["data"])
    assert (plan_bars[1], ist[1], rest[1]) == (100, 700, 0)
    assert (ist[5], rest[5]) == (200, 790), "June runs: 200 are booked, 990 expected"
    assert "02/2026 100 700 – +600" in read(budget, city)
    assert "06/2026 100 200 990 +890" in read(budget, city)


def test_an_effect_compares_sums_before_and_after(city: Services) -> None:
    text = read(wirkungen, city)
    assert "Der einzige Effekt geht in die gewollte Richtung" in text
    assert "+30,0 Prozentpunkte" in text
    assert "Mittel vorher, 02/2023–01/2024 20,0 %" in text
    assert "Mittel zuletzt, 06/2025–05/2026 50,0 %" in text
    assert "Beleg hoch" in text
    assert "keinen Nachweis der Ursache" in text


def test_an_effect_that_cannot_be_measured_leaves_the_others_alone(city: Services) -> None:
    text = read(wirkungen, city)
    assert "Unbekannt" in text
    assert "Anzeige nicht möglich" in text
    assert "Suchzeit Messgröße Keine Werte für diese Auswahl." in text


def test_goals_take_the_worst_rating_of_effects_and_leitkennzahlen(city: Services) -> None:
    text = read(wirkungen, city)
    assert "1. Ziel 1 im Plan 1 Kennzahl" in text
    assert "2. Ziel 2 ohne Bewertung 1 Kennzahl" in text
    assert "3. Ziel 3 handeln 1 Kennzahl" in text


def test_the_perspective_narrows_the_effects(city: Services) -> None:
    text = read(wirkungen, city, perspektive="verwaltung").split("Wirkungsmodell: ")[0]
    assert "Suchzeit" in text
    assert "Anträge: online" not in text


def test_a_unit_hides_what_is_measured_for_the_whole_city_only(city: Services) -> None:
    text = read(wirkungen, city, einheit="FD32")
    assert "2 Wirkungen sind nicht gezeigt" in text
    assert "Mittel zuletzt, 06/2025–05/2026 50,0 %" in text
    assert "nicht gezeigt" not in read(wirkungen, city, einheit="FD99")


def test_a_head_of_other_units_sees_no_cases_of_theirs(city: Services) -> None:
    text = words(wirkungen.layout(city, viewer_of("fachbereichsleitung", "D1"), {}))
    assert "Anträge: online Messgröße · Ihr Bereich Keine Werte für diese Auswahl." in text
    assert "50,0 %" not in text


def test_a_young_measure_says_how_young_it_is(tmp_path: Path) -> None:
    rows = money_rows()
    rows["effect"] = [{**rows["effect"][0], "introduced_on": date(2026, 2, 10)}]
    text = read(wirkungen, money_city(tmp_path, rows))
    assert "erst 3 Monate seit Einführung" in text
    assert "Beleg mittel" in text


def test_a_city_without_effects_says_so(tmp_path: Path) -> None:
    assert "Noch keine Wirkungen beschrieben." in read(wirkungen, money_city(tmp_path, {}))
