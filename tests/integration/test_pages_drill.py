"""Drill path, lists and records as each role sees them: same address, own rights, no hole to walk through."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.auth.viewer import Role, Viewer
from dashboard.drill_link import list_address, record_address
from dashboard.frame.origin import requested_origin
from dashboard.page import allowed_pages, discover_pages, path_params, resolve
from dashboard.search.index import KINDS, index_of
from dashboard.search.ranking import find
from dashboard.services import Services
from metrics.catalog import load_catalog
from metrics.records import MAXIMUM
from metrics.result import Scope
from tests.example_city import ExampleCity
from tests.services_city import hrefs, viewer_of, words
from warehouse.errors import AccessError
from warehouse.ledger import Ledger
from warehouse.store import SnapshotReader

CATALOG = load_catalog(None)
PAGES = discover_pages()
LISTS = sorted(CATALOG.lists)
WITH_KEY = [name for name in LISTS if CATALOG.lists[name].definition.key]
OF_UNITS = [name for name in WITH_KEY if CATALOG.lists[name].definition.scope == "organisation"]
NO_RECORD = "Diesen Datensatz gibt es nicht, oder es fehlt die Berechtigung."
NO_VALUE = "Für diese Auswahl gibt es keine Werte, oder es fehlt die Berechtigung."
GUESSES = (
    ":id",
    ":key",
    "*",
    "null",
    "None",
    "0",
    "-1",
    "!",
    "~",
    "%",
    "_",
    "..",
    "1 OR 1=1",
    "a|b",
    "|||||",
)
ROLES: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("leitung", ()),
    ("controlling", ()),
    ("fachbereichsleitung", ("DEZ4",)),
    ("fachbereichsleitung", ("FD32",)),
    ("fachbereichsleitung", ()),
)
LEITUNG, HEAD = viewer_of("leitung"), viewer_of("fachbereichsleitung", "DEZ4")
Drawn = str


@pytest.fixture(scope="module")
def services(example_city: ExampleCity) -> Iterator[Services]:
    settings = example_city.settings
    reader = SnapshotReader(settings.warehouse_dir, temp_directory=settings.temp_dir)
    yield Services(settings, example_city.catalog, reader, Ledger(settings.ledger_url))


def draw(services: Services, viewer: Viewer, href: str) -> object:
    """Draw the page of an address as the server does."""
    split = urlsplit(href)
    item = resolve(PAGES, split.path)
    assert item is not None, href
    params = {**dict(parse_qsl(split.query)), **path_params(item.page, split.path)}
    return item.module.layout(services, viewer, params)


def text(services: Services, viewer: Viewer, href: str) -> str:
    return words(draw(services, viewer, href))


def rows(services: Services, viewer: Viewer, name: str) -> list[dict[str, object]]:
    return [dict(row) for row in services.records(viewer, name, limit=MAXIMUM).dicts()]


def key_of(name: str, row: dict[str, object]) -> str:
    href = record_address(name, [row[part] for part in CATALOG.lists[name].definition.key])
    assert href is not None
    return href


# The whole path


def test_the_path_leads_from_the_city_to_one_record_and_its_line(services: Services) -> None:
    href = "/aufgliederung/ozg_online_share"
    seen = []
    for wanted in ("einheit=DEZ4", "einheit=FD63", "themenfeld=Bauen"):
        drawn = draw(services, LEITUNG, href)
        seen.append(words(drawn))
        found = [link for link in hrefs(drawn) if wanted in link and "aufgliederung" in link]
        href = found[0] if found else href
    last = draw(services, LEITUNG, href)
    assert "Musterstadt: 39,3 %." in seen[0]
    assert "Dez. IV: 34,5 %." in seen[1]
    assert "FD 63: 10,7 %." in words(last) or "Bauen & Wohnen: 10,7 %." in words(last)
    (counted,) = [link for link in hrefs(last) if "reifegrad=3" in link and "datensaetze" in link]
    listed = draw(services, LEITUNG, counted)
    assert "6 Datensätze." in words(listed)
    records = [link for link in hrefs(listed) if link.startswith("/datensatz/")]
    assert len(records) == 6
    record = text(services, LEITUNG, records[0])
    for part in (
        "Leistungsregister (OZG)",
        "Zeile",
        "Lauf",
        "Prüfsumme der Lieferung",
        "OZG-01",
        "LeiKa-Schlüssel",
    ):
        assert part in record


def test_the_worst_part_stands_first(services: Services) -> None:
    shown = text(services, LEITUNG, "/aufgliederung/ozg_online_share?nach=fachdienst")
    assert shown.index("FD 63 Bauaufsicht 10,7 %") < shown.index("FD 66 Tiefbau und Grünflächen 41,8 %")
    late = text(services, LEITUNG, "/aufgliederung/measure_overdue_share?nach=dezernat")
    worst = services.query(LEITUNG, "measure_overdue_share", by=("dezernat",)).rows
    first = max(worst, key=lambda cell: (cell.rating == "krit", cell.value or 0)).keys["dezernat"]
    names = {str(row["unit_id"]): str(row["name"]) for row in rows(services, LEITUNG, "org_units")}
    assert first is not None
    order = [
        late.index(f"{name} ") for unit, name in names.items() if unit in {c.keys["dezernat"] for c in worst}
    ]
    assert late.index(f"{names[first]} ") == min(order)


def test_the_day_stays_in_every_link_of_the_path(services: Services) -> None:
    drawn = draw(services, LEITUNG, "/aufgliederung/ozg_online_share?stichtag=2026-03-31")
    deeper = [link for link in hrefs(drawn) if "einheit=" in link and "zahl=" not in link]
    assert deeper and all("stichtag=2026-03-31" in link for link in deeper)
    assert "Die Liste zeigt den Stand vom 09.06.2026, nicht den des Stichtags." in words(drawn)


@pytest.mark.parametrize("metric", sorted(CATALOG.metrics))
def test_every_figure_has_a_path_for_every_role(metric: str, services: Services) -> None:
    for role, units in ROLES:
        shown = text(services, viewer_of(role, *units), f"/aufgliederung/{metric}")
        assert "nicht möglich" not in shown
        assert CATALOG.metrics[metric].definition.number in shown


# Rights


@pytest.mark.parametrize("metric", ["ozg_online_share", "measure_overdue_share", "case_long_count"])
def test_a_mailed_link_shows_what_the_receiver_may_see(metric: str, services: Services) -> None:
    mailed = f"/aufgliederung/{metric}?einheit=FD32"
    assert NO_VALUE not in text(services, LEITUNG, mailed)
    other = text(services, HEAD, mailed)
    invented = text(services, HEAD, f"/aufgliederung/{metric}?einheit=FD-GIBT-ES-NICHT")
    assert other == invented, "a unit of others looks like one that does not exist"
    assert NO_VALUE in other or "nicht gezeigt" in other
    assert "FD 32" not in other.replace("FD 32 Bürgerservice", "")


def test_a_unit_above_the_own_ones_shows_the_own_part_only(services: Services) -> None:
    viewer = viewer_of("fachbereichsleitung", "FD63")
    whole = services.query(LEITUNG, "ozg_online_share", where={"dezernat": "DEZ4"}).total
    mine = services.query(viewer, "ozg_online_share").total
    assert whole is not None and mine is not None and mine.denominator != whole.denominator
    shown = text(services, viewer, "/aufgliederung/ozg_online_share?einheit=DEZ4")
    assert f"{mine.numerator} von {mine.denominator}" in shown
    assert "Ihr Bereich (FD 63)" in shown
    assert f"{whole.numerator} von {whole.denominator}" not in shown


@pytest.mark.parametrize("name", OF_UNITS)
def test_h5_no_record_of_another_unit_opens(name: str, services: Services) -> None:
    everything = {key_of(name, row): row for row in rows(services, LEITUNG, name)}
    for units in (("DEZ4",), ("FD32",)):
        viewer = viewer_of("fachbereichsleitung", *units)
        mine = {key_of(name, row) for row in rows(services, viewer, name)}
        others = [href for href in everything if href not in mine]
        assert len(mine) < len(everything) or not everything
        for href in [*others[:3], *others[-3:]]:
            shown = text(services, viewer, href)
            assert shown == text(services, viewer, f"/datensatz/{name}/gibt-es-nicht")
            assert NO_RECORD in shown
        for href in sorted(mine)[:2]:
            assert NO_RECORD not in text(services, viewer, href)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("role", "units"), ROLES)
def test_h6_guessed_ids_open_nothing(
    name: str, role: Role, units: tuple[str, ...], services: Services
) -> None:
    viewer = viewer_of(role, *units)
    known = {key_of(name, row) for row in rows(services, viewer, name)} if name in WITH_KEY else set()
    parts = len(CATALOG.lists[name].definition.key) or 1
    for guess in GUESSES:
        href = record_address(name, [guess] * parts)
        if href is not None and href not in known:
            assert NO_RECORD in text(services, viewer, href), guess
        assert NO_RECORD in text(services, viewer, f"/datensatz/{name}/:id")
    assert NO_RECORD in text(services, viewer, f"/datensatz/{name}x/1")


@pytest.mark.parametrize("name", LISTS)
def test_h5_a_list_shows_a_head_only_rows_of_the_own_units(name: str, services: Services) -> None:
    if CATALOG.lists[name].definition.scope == "city":
        assert rows(services, HEAD, name) == rows(services, LEITUNG, name)
        return
    assert rows(services, viewer_of("fachbereichsleitung"), name) == []
    units = {unit for (unit,) in _below(services, "DEZ4")}
    for asked in ("", "?einheit=FD32", "?einheit=DEZ2", "?einheit=~", "?org_unit_id=FD32"):
        drawn = draw(services, HEAD, f"/datensaetze/{name}{asked}")
        opened = [link for link in hrefs(drawn) if link.startswith("/datensatz/")]
        mine = [key_of(name, row) for row in rows(services, HEAD, name)] if name in WITH_KEY else []
        assert set(opened) <= set(mine), asked
        if asked in ("?einheit=FD32", "?einheit=DEZ2"):
            assert opened == []
    assert {row.get("org_unit_id") for row in rows(services, HEAD, name)} <= {*units, None}


def _below(services: Services, unit: str) -> list[tuple[str]]:
    sql = "SELECT unit_id FROM core.org_tree WHERE ancestor_id = ?"
    return services.snapshot().query(sql, [unit])  # type: ignore[return-value]


def test_administration_sees_no_page_of_the_path() -> None:
    ids = {page.id for page in allowed_pages(PAGES, viewer_of("verwaltung"))}
    assert not ids & {"aufgliederung", "datensaetze", "datensatz"}


def test_administration_gets_no_record_from_the_services_either(services: Services) -> None:
    viewer = viewer_of("verwaltung")
    for ask in (
        lambda: services.records(viewer, "services"),
        lambda: services.count_records(viewer, "services", {}),
        lambda: services.delivered(viewer, "services", {"service_id": "x"}),
    ):
        with pytest.raises(AccessError):
            ask()


def test_the_origin_of_a_record_of_others_is_not_told(services: Services) -> None:
    row = next(row for row in rows(services, LEITUNG, "services") if row["org_unit_id"] == "FD32")
    key = {"service_id": row["service_id"]}
    assert services.delivered(LEITUNG, "services", key)
    assert services.delivered(HEAD, "services", key) == ()


# Protection


def test_a_protected_figure_offers_published_cuts_only(services: Services) -> None:
    shown = text(services, LEITUNG, "/aufgliederung/case_long_count?einheit=DEZ4")
    assert "weil kleine Zahlen geschützt sind" in shown
    refused = text(services, LEITUNG, "/aufgliederung/case_long_count?einheit=FD32&procedure=melde")
    assert "Dieser Zuschnitt wird nicht gezeigt" in refused
    for metric in ("case_long_count", "case_duration_days"):
        drawn = draw(services, LEITUNG, f"/aufgliederung/{metric}")
        assert not [link for link in hrefs(drawn) if "/datensaetze" in link or "/datensatz" in link]
        assert "ließen auf Personen schließen" in words(drawn)


def test_hidden_parts_lead_nowhere_and_show_no_counts(services: Services) -> None:
    result = services.query(LEITUNG, "case_long_count", by=("fachdienst", "channel"))
    hidden = [cell for cell in result.rows if cell.suppressed]
    assert hidden, "the example city hides some"
    unit = hidden[0].keys["fachdienst"]
    drawn = draw(services, LEITUNG, f"/aufgliederung/case_long_count?einheit={unit}&nach=channel")
    assert "geschützt" in words(drawn)
    channel = hidden[0].keys["channel"]
    assert not [link for link in hrefs(drawn) if f"channel={channel}" in link and "zahl" not in link]


# Lists


def test_a_list_pages_sorts_searches_and_keeps_it_in_the_address(services: Services) -> None:
    first = draw(services, LEITUNG, "/datensaetze/services?sortierung=-service_id&zeilen=25")
    shown = [link for link in hrefs(first) if link.startswith("/datensatz/")]
    assert len(shown) == 25
    assert shown == sorted(shown, reverse=True)
    (following,) = {link for link in hrefs(first) if "seite=2" in link and "spalten" not in link}
    assert "sortierung=-service_id" in following and "zeilen=25" in following
    second = [link for link in hrefs(draw(services, LEITUNG, following)) if link.startswith("/datensatz/")]
    assert not set(shown) & set(second)
    assert second[0] < shown[-1]
    found = text(services, LEITUNG, "/datensaetze/services?suche=STRASSENVERKEHR")
    assert "Suche: „STRASSENVERKEHR“" in found and "Keine Datensätze" not in found


@pytest.mark.parametrize(
    "query",
    ["seite=0", "seite=-1", "seite=abc", "seite=99999", "zeilen=7", "zeilen=1000000", "sortierung=geheim",
     "sortierung=--service_id", "sortierung=service_id;drop", "spalten=hash", "fremd=1", "seite=٣"],
)  # fmt: skip
def test_what_an_address_cannot_mean_is_ignored(query: str, services: Services) -> None:
    usual = [
        link for link in hrefs(draw(services, LEITUNG, "/datensaetze/services")) if "/datensatz/" in link
    ]
    found = [
        link
        for link in hrefs(draw(services, LEITUNG, f"/datensaetze/services?{query}"))
        if "/datensatz/" in link
    ]
    assert found == usual


def test_only_the_columns_of_the_header_leave(services: Services) -> None:
    shown = text(services, LEITUNG, "/datensaetze/services?spalten=alle&_run_id=x&zustaendigkeit=eigen")
    labels = [column.label for column in CATALOG.lists["services"].definition.columns.values()]
    assert all(label in shown for label in labels)
    assert "_run_id" not in shown and "Zuständigkeit" not in shown


@pytest.mark.parametrize("name", LISTS)
def test_every_list_and_a_record_of_it_can_be_drawn(name: str, services: Services) -> None:
    drawn = draw(services, LEITUNG, list_address(name))
    assert "nicht möglich" not in words(drawn)
    opened = [link for link in hrefs(drawn) if link.startswith("/datensatz/")]
    if name in WITH_KEY and rows(services, LEITUNG, name):
        assert opened
        shown = text(services, LEITUNG, opened[0])
        assert NO_RECORD not in shown and "nicht möglich" not in shown


# Ways in


def test_the_origin_panel_leads_to_the_records_and_the_breakdown(services: Services) -> None:
    page = next(item.page for item in PAGES if item.page.id == "start")
    params = {"zahl": "ozg_online_share", "zahl.fachdienst": "FD63"}
    drawer = requested_origin(services, LEITUNG, page, allowed_pages(PAGES, LEITUNG), params)
    assert "56 Datensätze ansehen" in words(drawer)
    assert "/aufgliederung/ozg_online_share?einheit=FD63" in hrefs(drawer)
    assert "/datensaetze/services?einheit=FD63" in hrefs(drawer)


def test_every_tile_of_the_start_page_leads_into_the_path(services: Services) -> None:
    from dashboard.pages import start

    found = [
        link for link in hrefs(start.layout(services, LEITUNG, {})) if link.startswith("/aufgliederung/")
    ]
    wanted = {figure.metric for figure in services.settings.leitkennzahlen}
    assert {urlsplit(link).path.rsplit("/", 1)[1] for link in found} == wanted


# Search


@pytest.mark.parametrize(("role", "units"), ROLES)
def test_the_search_finds_only_what_opens(role: Role, units: tuple[str, ...], services: Services) -> None:
    viewer = viewer_of(role, *units)
    index = index_of(services, viewer, PAGES)
    mine = {key_of("services", row) for row in rows(services, viewer, "services")}
    mine |= {key_of("measures", row) for row in rows(services, viewer, "measures")}
    assert {item.href for item in index if item.href.startswith("/datensatz/")} == mine
    paths = {page.path for page in allowed_pages(PAGES, viewer)}
    assert {item.href for item in index if item.kind == "Seiten"} <= paths
    assert (not mine) == (viewer.scope == Scope.of())


def test_the_search_of_administration_leads_to_definitions_and_no_record(services: Services) -> None:
    index = index_of(services, viewer_of("verwaltung"), PAGES)
    assert {item.kind for item in index} == {"Seiten", "Kennzahlen"}
    found = find(index, "OZG-01", KINDS).shown
    assert [item.href for item in found] == ["/kennzahlen?kennzahl=ozg_online_share#ozg_online_share"]
    assert not [item for item in index if item.href.startswith(("/aufgliederung", "/datensatz"))]


def test_a_service_of_others_is_not_found_by_its_key(services: Services) -> None:
    row = next(row for row in rows(services, LEITUNG, "services") if row["org_unit_id"] == "FD32")
    typed = str(row["service_id"])
    assert find(index_of(services, LEITUNG, PAGES), typed, KINDS).total >= 1
    assert find(index_of(services, HEAD, PAGES), typed, KINDS).total == 0
