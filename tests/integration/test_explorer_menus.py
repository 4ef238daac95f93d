"""Menus and notices of the explorer's page: one value instead of all, other words, sums that are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.services import Services
from metrics.explore.earlier import RUNNING
from tests.example_city import ExampleCity
from tests.explorer_page import draw, explorer_services, html_of, parts
from tests.services_city import words

TWO = "daten=bestand:einzelleistung_eigen&werte=ozg_online_share,ozg_end_to_end_share&zeilen=themenfeld"
BUDGET = "daten=liste:budget_positions&werte=summe.frame_eur"
FILED = "daten=bestand:antrag&werte=application_channel_count&zeilen=procedure"
ALONE = "Als einzigen Wert"


@pytest.fixture(scope="module")
def services(example_city: ExampleCity) -> Iterator[Services]:
    yield explorer_services(example_city)


def _text(drawn: Any) -> str:
    return unescape(html_of(drawn))


def _menu(drawn: Any, field: str) -> dict[str, str]:
    """Entries of a field's menu in the list at the left and where they lead."""
    item = next(
        part
        for part in parts(drawn)
        if getattr(part, "data-field", "") == field and "field-item" in (getattr(part, "className", "") or "")
    )
    links = [part for part in parts(item) if getattr(part, "href", None)]
    return {words(link): link.href for link in links}


def _values(href: str) -> str:
    return dict(parse_qsl(urlsplit(href).query))["werte"]


def test_one_click_puts_a_value_in_the_place_of_all_others(services: Services) -> None:
    drawn = draw(services, TWO)
    ways = _menu(drawn, "wert.ozg_new_online_count")
    assert _values(ways["Als Wert"]) == "ozg_online_share,ozg_end_to_end_share,ozg_new_online_count"
    assert _values(ways[ALONE]) == "ozg_new_online_count"
    present = _menu(drawn, "wert.ozg_online_share")
    parts_of = {label: _values(href) for label, href in present.items() if "einzigen" in label}
    assert set(parts_of.values()) == {
        "ozg_online_share",
        "ozg_online_share.zaehler",
        "ozg_online_share.nenner",
    }


def test_the_only_value_is_not_offered_as_the_only_one(services: Services) -> None:
    alone = draw(services, f"{FILED}&spalten=channel")
    assert not any("einzigen" in label for label in _menu(alone, "wert.application_channel_count"))
    assert any("einzigen" in label for label in _menu(alone, "wert.application_online_share"))


def test_figures_and_data_sets_carry_the_words_they_are_looked_for_by(services: Services) -> None:
    html = _text(draw(services, "daten=bestand:vorgang_entschieden"))
    found = re.findall(r'data-narrow="([^"]*)"', html)
    fields = [names for names in found if names.startswith("Bearbeitungsdauer")]
    assert fields and all("Durchlaufzeit" in names for names in fields)
    assert any("Personal" in names and "Stellen" in names for names in found)
    # Other words are searched and never shown.
    assert "Liegezeit" not in re.sub(r'data-narrow="[^"]*"', "", html)


def test_a_budget_over_several_years_says_in_its_cell_why_there_is_no_sum(services: Services) -> None:
    told = _text(draw(services, f"{BUDGET}&zeilen=haushaltsjahr&spalten=plan_art"))
    assert "Eine Summe über mehrere Werte von „Haushaltsjahr“" in told
    # Cells that are chosen together are not added by hand either.
    assert 'data-sums="0;' in told
    counted = _text(draw(services, "daten=liste:budget_positions&zeilen=haushaltsjahr"))
    assert "Eine Summe über mehrere" not in counted and 'data-sums="1;' in counted


def test_amounts_that_have_no_sum_are_not_stacked(services: Services) -> None:
    stacked = f"{BUDGET}&ansicht=diagramm&diagramm=gestapelt&spalten=haushaltsjahr&zeilen=produkt"
    drawn = draw(services, stacked)
    refused = [part for part in parts(drawn) if "chart-refused" in (getattr(part, "className", "") or "")]
    assert len(refused) == 1 and "nicht sinnvoll" in words(refused[0])
    years = draw(services, f"{stacked}&f.haushaltsjahr=in:2026&f.plan_art=in:ergebnisplan")
    assert not [part for part in parts(years) if "chart-refused" in (getattr(part, "className", "") or "")]


def test_the_running_month_says_why_it_is_not_compared_and_a_span_without_it_is_offered(
    services: Services,
) -> None:
    until_today = f"{FILED}&von=2026-01-01&bis=2026-06-09&zeige=differenz&gegen=vorjahr"
    drawn = draw(services, until_today)
    assert RUNNING in _text(drawn)
    way = next(
        part for part in parts(drawn) if words(part) == "Januar bis Mai 2026" and hasattr(part, "href")
    )
    whole = draw(services, urlsplit(way.href).query)
    assert RUNNING not in _text(whole) and "Verglichen mit 01/2025 bis 05/2025." in words(whole)
