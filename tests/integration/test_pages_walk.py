"""From every tile of every page down to a source record; where none exists, the reason stands here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard import asked
from dashboard.cockpits.places import shown_on
from dashboard.page import PageModule, allowed_pages, path_params, resolve
from dashboard.pages import kennzahlen
from dashboard.services import Services
from dashboard.town_pages import portal_pages
from tests.example_city import ExampleCity
from tests.services_city import hrefs, viewer_of, words
from warehouse.ledger import Ledger
from warehouse.store import SnapshotReader

LEITUNG = viewer_of("leitung")
TILES = ("tile", "band-entry", "effect")
NO_RECORD = "Diesen Datensatz gibt es nicht"
NO_VALUE = "Für diese Auswahl gibt es keine Werte"
DEEPEST = 8
PROTECTED = "counts single cases, which would tell of people (docs/protection.md)"
TOWNS_OWN = "counts a subject the town declared itself; lists are those of the house"
MODEL = "the result of a model: its way of reckoning and its assumptions stand on the page"
RUN = "about a run of the night: the run stands in the list of runs on the same page"
# Figures whose tiles end at the breakdown, with the reason.
WITHOUT_RECORDS: Mapping[str, str] = {
    "case_duration_days": PROTECTED,
    "citizen_case_count": PROTECTED,
    "citizen_online_share": PROTECTED,
    "building_received_count": TOWNS_OWN,
    "building_decided_count": TOWNS_OWN,
    "building_duration_days": TOWNS_OWN,
    "building_open_old_share": TOWNS_OWN,
}
# Figures on no tile: of protected cases, of rows of all subjects (protected ones among them), of papers.
WITHOUT_TILE = ("case_long_count", "org_unit_unknown_share", "paper_share")
# Tiles that show no figure of the catalogue: page, beginning of the tile, reason.
WITHOUT_FIGURE: Mapping[tuple[str, str], str] = {
    ("/ressourcen", "Stellen nötig"): MODEL,
    ("/ressourcen", "Erledigt am"): MODEL,
    ("/modelle", "Stellen nötig"): MODEL,
    ("/modelle", "Stellen gerechnet"): MODEL,
    ("/modelle", "Engpass"): MODEL,
    ("/modelle", "Erledigt am"): MODEL,
    ("/modelle", "Preis des Termins"): MODEL,
    ("/datenquellen", "Letzter Lauf"): RUN,
    ("/datenquellen", "Im letzten Lauf gelesen"): RUN,
    ("/datenquellen", "Kennzahlen aktuell"): "counts definitions: they stand under /kennzahlen",
    ("/datenquellen", "Nächster Lauf"): "a time of the timetable and no figure",
}


@pytest.fixture(scope="module")
def services(example_city: ExampleCity) -> Iterator[Services]:
    settings = example_city.settings
    reader = SnapshotReader(settings.warehouse_dir, temp_directory=settings.temp_dir)
    yield Services(settings, example_city.catalog, reader, Ledger(settings.ledger_url))


@pytest.fixture(scope="module")
def walk(services: Services) -> Walk:
    return Walk(services)


class Walk:
    """Draws pages as the server does, each address once."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.pages: tuple[PageModule, ...] = portal_pages(services)
        self._drawn: dict[str, Any] = {}

    def draw(self, href: str) -> Any:
        """The page of an address."""
        if href not in self._drawn:
            split = urlsplit(href)
            item = resolve(self.pages, split.path)
            assert item is not None, href
            params = {**dict(parse_qsl(split.query)), **path_params(item.page, split.path)}
            self._drawn[href] = item.module.layout(self.services, LEITUNG, params)
        return self._drawn[href]

    def tiles(self) -> Iterator[tuple[str, Any]]:
        """Path of the page and the tile, for all pages this person may open."""
        for page in allowed_pages(self.pages, LEITUNG):
            if not page.parts:
                yield from ((page.path, tile) for tile in _tiles(self.draw(page.path)))

    def record(self, href: str) -> str | None:
        """Follow the first way down from a breakdown; the address of the record at its end."""
        for _ in range(DEEPEST):
            drawn = self.draw(href)
            deeper = [link for link in _ways(drawn, "/aufgliederung/") if _keeps(href, link)]
            if not deeper:
                break
            href = deeper[0]
        lists = _ways(self.draw(href), "/datensaetze/")
        records = _ways(self.draw(lists[0]), "/datensatz/") if lists else []
        return records[0] if records else None


def _tiles(component: Any) -> Iterator[Any]:
    names = str(getattr(component, "className", "") or "").split()
    if any(name in names for name in TILES):
        yield component
        return
    for child in _children(component):
        yield from _tiles(child)


def _ways(component: Any, start: str) -> list[str]:
    return [link for link in hrefs(component) if link.startswith(start)]


def _keeps(href: str, link: str) -> bool:
    """Whether a link goes deeper: the same figure with everything chosen kept, and one thing more."""
    here, there = urlsplit(href), urlsplit(link)
    chosen, found = dict(parse_qsl(here.query)), dict(parse_qsl(there.query))
    rest = {name: value for name, value in chosen.items() if name not in ("einheit", "direkt")}
    more = {k: v for k, v in found.items() if k not in ("nach", "stichtag")}
    return (
        here.path == there.path
        and more != {k: v for k, v in chosen.items() if k not in ("nach", "stichtag")}
        and all(found.get(name) == value for name, value in rest.items())
        and len(more) >= len(chosen)
    )


def test_every_tile_leads_down_to_a_source_record_or_has_a_reason_not_to(walk: Walk) -> None:
    stuck, without_records, without_figure = [], set(), set()
    for path, tile in walk.tiles():
        ways, said = _ways(tile, "/aufgliederung/"), words(tile)
        record = walk.record(ways[0]) if ways else None
        metric = urlsplit(ways[0]).path.rsplit("/", 1)[1] if ways else ""
        reason = next((key for key in WITHOUT_FIGURE if key[0] == path and said.startswith(key[1])), None)
        if record is not None:
            assert NO_RECORD not in words(walk.draw(record)), (path, said)
        elif not ways and reason:
            without_figure.add(reason)
        elif metric in WITHOUT_RECORDS:
            without_records.add(metric)
        else:
            stuck.append((path, said, metric))
    assert stuck == []
    assert without_records == WITHOUT_RECORDS.keys(), "no reason outlives what it excuses"
    assert without_figure == WITHOUT_FIGURE.keys()


def test_every_figure_ends_at_a_list_or_has_a_reason_not_to(walk: Walk) -> None:
    """Also those that no tile shows."""
    drawn = {name: walk.draw(f"/aufgliederung/{name}") for name in walk.services.catalog.metrics}
    shown = {name: page for name, page in drawn.items() if NO_VALUE not in words(page)}
    assert drawn.keys() - shown.keys() == {"reifegrad_target_share"}, "no target of a level is known here"
    without = [name for name, page in shown.items() if not _ways(page, "/datensaetze/")]
    assert sorted(without) == sorted({*WITHOUT_RECORDS, *WITHOUT_TILE})


@pytest.mark.parametrize(
    ("path", "row", "kept"),
    [
        ("/ozg-fortschritt?einheit=FD63", "themenfeld=Bauen", {"einheit": "FD63"}),
        ("/ozg-fortschritt?stichtag=2026-03-31", "themenfeld=Bauen", {"stichtag": "2026-03-31"}),
        ("/reifegrad?themenfeld=Bildung", "einheit=FD40", {"themenfeld": "Bildung"}),
        ("/dms-rollout", "einheit=FD10", {}),
        ("/budget?produkt=111240", "position_id=", {"produkt": "111240", "plan_art": "ergebnisplan"}),
    ],
)
def test_rows_carry_what_the_page_was_narrowed_to(
    path: str, row: str, kept: dict[str, str], walk: Walk
) -> None:
    links = [
        link for link in _all_links(walk.draw(path)) if row in link and link.startswith("/aufgliederung/")
    ]
    assert links, path
    for link in links:
        assert dict(parse_qsl(urlsplit(link).query)).items() >= kept.items(), link


def test_a_drawing_leads_where_the_rows_of_its_table_lead(walk: Walk) -> None:
    compared = 0
    for page in allowed_pages(walk.pages, LEITUNG):
        if page.parts:
            continue
        for links, ways in _charts(walk.draw(page.path)):
            leading = {href for _, href in ways if href}
            assert leading <= set(links), page.path
            assert bool(leading) == bool(links), page.path
            compared += len(leading)
    assert compared > 200


# Where figures are used


def test_no_page_asks_for_a_figure_beyond_those_it_is_known_to_show(walk: Walk) -> None:
    """„Verwendet in“ is told without drawing; here all pages are drawn to prove that nothing is missing."""
    found = shown_on(walk.services, walk.pages, "kennzahlen")
    asked_for = 0
    for item in walk.pages:
        if item.page.id == "kennzahlen":
            continue
        with asked.recorded() as notes:
            item.module.layout(walk.services, viewer_of("controlling"), {})
        asked_for += len(notes)
        missing = [name for name in notes if item.page.path not in {p.path for p in found.get(name, ())}]
        assert missing == [], item.page.id
    assert asked_for > 100


def test_the_first_view_of_the_catalogue_draws_no_other_page(walk: Walk, example_city: ExampleCity) -> None:
    settings = example_city.settings
    reader = SnapshotReader(settings.warehouse_dir, temp_directory=settings.temp_dir)
    own = Services(settings, example_city.catalog, reader, Ledger(settings.ledger_url))
    drawn: list[str] = []
    pages = tuple(_watched(item, drawn) for item in walk.pages)
    own.cache.get_or_compute(("pages",), lambda: pages)
    assert portal_pages(own) is pages
    shown = words(kennzahlen.layout(own, LEITUNG, {}))
    assert drawn == []
    assert "verwendet in Start (Lagebild), OZG-Fortschritt" in shown
    sheet = words(kennzahlen.layout(own, LEITUNG, {"kennzahl": "ozg_project_step_days"}))
    assert drawn == ["ozg"], "only the pages that show the figure are drawn for its cards"
    assert "OZG-Fortschritt : Laufende Projekte nach Schritt" in sheet
    assert words(kennzahlen.layout(own, LEITUNG, {})) == shown, "what was drawn since changes no place"


def _watched(item: PageModule, drawn: list[str]) -> PageModule:
    module: Any = ModuleType(item.module.__name__)
    module.shows = getattr(item.module, "shows", lambda services, viewer: frozenset())

    def layout(*question: Any) -> Any:
        drawn.append(item.page.id)
        return item.module.layout(*question)

    module.layout = layout
    return PageModule(item.page, module)


def _charts(component: Any) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Addresses of the rows and of the marks of every chart with a drawing."""
    if "chart-card" in str(getattr(component, "className", "") or ""):
        figures = [graph.figure for graph in _of_type(component, "Graph")]
        texts = [part.to_plotly_json()["props"].get("data-table") for part in _of_type(component, "Div")]
        rows = [link for text in texts if text for link in json.loads(text).get("links", []) if link]
        if figures:
            meta = figures[0]["layout"].get("meta") or {}
            yield rows, meta.get("wege", {}).get("orte", [])
        return
    for child in _children(component):
        yield from _charts(child)


def _of_type(component: Any, name: str) -> Iterator[Any]:
    if type(component).__name__ == name:
        yield component
    for child in _children(component):
        yield from _of_type(child, name)


def _children(component: Any) -> Iterator[Any]:
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if child is not None and not isinstance(child, str):
            yield child


def _all_links(component: Any) -> list[str]:
    """Links of components and of tables that are written when first asked for."""
    texts = [part.to_plotly_json()["props"].get("data-table") for part in _of_type(component, "Div")]
    rows = [link for text in texts if text for link in json.loads(text).get("links") or [] if link]
    return [*hrefs(component), *rows]
