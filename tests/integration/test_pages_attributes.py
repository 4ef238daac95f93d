"""The lower part of the OZG page: attributes, the list of services with its filters, Fachverfahren."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.cockpits import merkmale
from dashboard.pages import ozg
from dashboard.services import Services
from metrics.result import Cell
from tests.services_city import services_city, services_rows, viewer_of, words
from tests.small_city import Rows
from warehouse.subjects import load_subjects

LEITUNG = viewer_of("leitung")
SINCE = date(2023, 1, 1)


def _rows() -> dict[str, Rows]:
    profiles: list[dict[str, Any]] = [
        {
            "service_id": "S1",
            "loesungsweg": "efa",
            "unterschrift": "keine",
            "gebuehr": "fest",
            "epayment": True,
        },
        {"service_id": "S4", "loesungsweg": "formular", "unterschrift": "schriftform", "gebuehr": "keine"},
        {"service_id": "S7", "loesungsweg": "formular", "gebuehr": "fest", "epayment": False},
    ]
    return {
        **services_rows(),
        "service_profile": [{**profile, "valid_from": SINCE} for profile in profiles],
        "service_attribute": [
            {"service_id": "S1", "merkmal": "zielgruppe", "wert": value}
            for value in ("unternehmen", "buerger")
        ],
        "fachverfahren": [
            {"fachverfahren_id": f"F{n}", "bezeichnung": f"Verfahren {n}", "org_unit_id": unit}
            | {"in_betrieb_ab": SINCE}
            for n, unit in enumerate(("FD10", "FD32", "FD32"), start=1)
        ],
        "fachverfahren_anbindung": [
            {"fachverfahren_id": "F1", "ziel": "portal", "valid_from": SINCE, "grad": "schnittstelle"},
            {"fachverfahren_id": "F2", "ziel": "portal", "valid_from": SINCE, "grad": "geplant"},
            {"fachverfahren_id": "F1", "ziel": "steuerung", "valid_from": SINCE, "grad": "keine"},
        ],
        "fachverfahren_leistung": [{"fachverfahren_id": "F1", "service_id": "S1"}],
    }


@pytest.fixture
def city(tmp_path: Path) -> Services:
    return services_city(tmp_path, rows=_rows())


def _lower_part(text: str) -> str:
    return text[text.index("Merkmale der Leistungen") :]


def test_each_attribute_stands_with_its_own_denominator(city: Services) -> None:
    text = _lower_part(words(ozg.layout(city, LEITUNG, {})))
    assert "Merkmale erhoben 37,5 % 3 8" in text
    assert "ohne Unterschrift 50,0 % 1 2" in text
    assert "ePayment 50,0 % 1 2" in text
    assert "Lösungsweg EfA 33,3 % 1 3" in text


def test_the_two_connections_are_named_apart_and_say_what_is_not_known(city: Services) -> None:
    text = _lower_part(words(ozg.layout(city, LEITUNG, {})))
    assert "1 von 3 Fachverfahren am Bürgerportal, 0 von 3 am Steuerungsportal" in text
    assert "33,3 bis 66,7 % und 0,0 bis 66,7 %" in text
    assert "Verfahren 1 FD10 Schnittstelle keine nicht erhoben 1" in text


def test_the_list_of_services_shows_and_filters_attributes(city: Services) -> None:
    text = _lower_part(words(ozg.layout(city, LEITUNG, {})))
    assert "8 eigene Einzelleistungen" in text and "5 von 8 Zeilen" in text
    assert "Bürgerinnen und Bürger, Unternehmen EfA-Dienst keine fest ja nicht erhoben Verfahren 1" in text
    filtered = _lower_part(words(ozg.layout(city, LEITUNG, {"loesungsweg": "formular"})))
    assert "2 eigene Einzelleistungen" in filtered
    assert "Leistung S4" in filtered and "Leistung S7" in filtered and "Leistung S1" not in filtered
    unasked = _lower_part(
        words(ozg.layout(city, LEITUNG, {"unterschrift": "offen", "loesungsweg": "formular"}))
    )
    assert "1 eigene Einzelleistung" in unasked and "Leistung S7" in unasked


def test_values_of_attributes_nobody_offers_count_as_not_set(city: Services) -> None:
    assert merkmale.where({"loesungsweg": "quer", "gebuehr": "fest", "bezeichnung": "x"}) == {
        "gebuehr": "fest"
    }
    text = _lower_part(words(ozg.layout(city, LEITUNG, {"loesungsweg": "quer"})))
    assert "8 eigene Einzelleistungen" in text


def test_a_head_sees_the_services_and_fachverfahren_of_the_own_units_only(city: Services) -> None:
    text = _lower_part(words(ozg.layout(city, viewer_of("fachbereichsleitung", "D2"), {})))
    assert "2 eigene Einzelleistungen" in text
    assert "Leistung S1" not in text and "Verfahren 1" not in text and "Verfahren 2" in text


def test_lists_are_not_shown_for_a_past_day_but_figures_are(city: Services) -> None:
    text = _lower_part(words(ozg.layout(city, LEITUNG, {"stichtag": "2025-12-31"})))
    assert text.count("Die Liste gibt es nur zum aktuellen Stichtag.") == 2
    assert "Merkmale erhoben 37,5 % 3 8" in text


def test_a_figure_that_is_known_for_sure_has_no_span() -> None:
    assert merkmale.share_words(Cell(None, {}, 0.5, upper=0.5)) == "50,0\u00a0%"
    assert merkmale.share_words(Cell(None, {}, 0.5, upper=0.75)) == "50,0 bis 75,0\u00a0%"


def test_every_value_a_source_may_deliver_has_its_word() -> None:
    subjects = load_subjects(None)
    for name in merkmale.TITLES:
        assert set(subjects["service_profile"].columns[name].allowed) == set(merkmale.WORDS[name])
    grades = subjects["fachverfahren_anbindung"].columns["grad"].allowed
    assert set(grades) == set(merkmale.WORDS["anbindung"])
