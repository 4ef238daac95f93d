"""Every card of every page of the example city can leave the portal: as picture, workbook, CSV and paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.auth.viewer import Viewer, scope_of
from dashboard.cli.stores import open_services
from dashboard.export.csv_text import csv_bytes
from dashboard.export.facts import facts
from dashboard.export.paper import paper
from dashboard.export.picture import svg_text
from dashboard.export.typeset import pdf_bytes
from dashboard.export.view import exportable, read_card
from dashboard.export.workbook import xlsx_bytes
from dashboard.page import path_params, read_params, resolve
from dashboard.services import Services
from dashboard.town_pages import portal_pages
from tests.example_city import ExampleCity

MAYOR = Viewer("a", "a", "A. Beispiel", "Leitung", "leitung", scope_of("leitung", ()))
# Cards of single measures: nothing of it is a table or a chart, it goes to paper as a whole.
BOARD = "/massnahmen?ansicht=tafel"
PLACES = (
    "/",
    "/ozg-fortschritt",
    "/ozg-fortschritt?art=buendel",
    "/reifegrad",
    "/budget",
    "/budget?plan_art=finanzplan",
    "/wirkungen",
    "/dms-rollout",
    "/massnahmen",
    "/massnahmen?ansicht=liste",
    "/massnahmen?ansicht=fahrplan",
    BOARD,
    "/ressourcen",
    "/cockpit/bauantraege",
    "/cockpit/buergerservice",
    "/datenquellen",
    "/modelle",
    "/aufgliederung/ozg_online_share",
    "/datensaetze/services",
)


@pytest.fixture(scope="module")
def services(example_city: ExampleCity) -> Iterator[Services]:
    found = open_services(example_city.settings)
    found.pin()
    yield found
    found.unpin()


@pytest.mark.parametrize("place", PLACES)
def test_every_card_and_the_whole_page_can_be_exported(services: Services, place: str) -> None:
    path, _, search = place.partition("?")
    params = dict(read_params(search))
    item = resolve(portal_pages(services), path)
    assert item is not None
    content = item.module.layout(services, MAYOR, {**params, **path_params(item.page, path)})
    about = facts(services, MAYOR, item.page, params, content)
    cards = {key: read_card(key, node) for key, node in exportable(content).items()}
    assert cards or place == BOARD
    for card in cards.values():
        assert card.tables, f"{card.key} has no table"
        assert csv_bytes(card.tables[0]).count(b"\r\n") > len(card.tables[0].rows)
        assert xlsx_bytes(card, about).startswith(b"PK")
        if card.pictures:
            assert "<title>" in svg_text(card, about)
    assert pdf_bytes(paper(content, about)).startswith(b"%PDF")
