"""The explorer as pages: every way leads on, figures are those of the door, nobody sees another's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from dashboard import formats
from dashboard.auth.rights import may_open
from dashboard.cockpits.ozg import STEPS
from dashboard.explorer.refusal import SLOW, STOPPED
from dashboard.explorer.selection import naming
from dashboard.explorer.state import State, read_state
from dashboard.pages import explorer
from dashboard.services import Services
from metrics.explore.catalog import dataset_of
from tests.example_city import ExampleCity
from tests.explorer_page import CONTROLLING, draw, explorer_services, html_of, parts
from tests.services_city import hrefs, viewer_of, words
from warehouse.errors import AccessError, RetriableError

HEAD = viewer_of("fachbereichsleitung", "DEZ4")
SERVICES = "daten=bestand:einzelleistung_eigen"
PICTURE = (
    f"{SERVICES}&werte=reifegrad_distribution.zaehler,ozg_online_share"
    "&zeilen=themenfeld,fachdienst&spalten=bucket"
)
BUILDING = "Bauen & Wohnen"
TODAY = date(2026, 6, 9)
UNREAD, BROKEN = explorer.UNREAD, ("Anzeige nicht möglich", "Vorgangsnummer", "Traceback")
HEAD_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)


@pytest.fixture(scope="module")
def services(example_city: ExampleCity) -> Iterator[Services]:
    yield explorer_services(example_city)


def cells(drawn: Any) -> dict[str, str]:
    """Words of each cell of the pivot by its place in the address."""
    links = (part for part in parts(drawn) if getattr(part, "className", "") == "pivot-cell")
    linked = ((getattr(link, "href", ""), words(link)) for link in links)
    return {dict(parse_qsl(query_of(href)))["zelle"]: told for href, told in linked if href}


def plain(told: str) -> str:
    return told.replace(formats.NBSP, " ")


def query_of(href: str) -> str:
    return urlsplit(href).query


def is_sound(drawn: Any) -> bool:
    told = words(drawn)
    return UNREAD not in told and not any(word in told for word in BROKEN)


# What the page leads to


def test_every_way_of_the_page_leads_to_a_page_that_answers(services: Services) -> None:
    drawn = draw(services, f"{PICTURE}&{urlencode({'auf': BUILDING, 'zelle': f'{BUILDING};2;0'})}")
    ways = {href for href in hrefs(drawn) if href.startswith("/explorer?")}
    places = sorted(href for href in ways if "zelle=" in href and "gegen" not in href)
    others = sorted(ways - set(places))
    assert len(places) > 100 and len(others) > 60
    # One in five: each is a page of its own, and neighbours differ in a name only.
    taken = (*others[::5], *places[::60])
    faulty = [href for href in taken if not is_sound(draw(services, query_of(href)))]
    assert faulty == []


def test_every_data_set_opens_with_a_question_it_can_answer(services: Services) -> None:
    ways = [href for href in hrefs(draw(services)) if href.startswith("/explorer?daten=") and "&" not in href]
    assert len(ways) > 50
    told = {href: draw(services, query_of(href)) for href in ways}
    assert [href for href, drawn in told.items() if not is_sound(drawn)] == []
    empty = [href for href, drawn in told.items() if not cells(drawn)]
    assert all("Keine Werte für diese Auswahl" in words(told[href]) for href in empty) and len(empty) < 3


# Figures


def test_cells_and_totals_are_the_figures_of_the_door(services: Services) -> None:
    found = cells(draw(services, PICTURE))
    asked = services.query(CONTROLLING, "reifegrad_distribution", by=("themenfeld",))
    assert len(asked.rows) > 50
    for row in asked.rows:
        place = f"{row.keys['themenfeld']};{row.bucket};0"
        assert found.get(place, formats.MISSING) == formats.number(row.numerator or None), place
    share = services.query(CONTROLLING, "ozg_online_share", by=("themenfeld",))
    for row in share.rows:
        assert found[f"{row.keys['themenfeld']};;1"] == plain(formats.percent(row.value))
    whole = services.query(CONTROLLING, "ozg_online_share").total
    assert whole is not None and found[";;1"] == plain(formats.percent(whole.value))
    assert found[";;0"] == formats.number(whole.denominator)


def test_a_value_that_does_not_know_the_columns_has_its_total_only(services: Services) -> None:
    found = cells(draw(services, PICTURE))
    assert {place.split(";")[1] for place in found if place.endswith(";1")} == {""}


def test_a_row_is_opened_and_closed_by_its_link(services: Services) -> None:
    closed = draw(services, PICTURE)
    (way,) = [href for href in hrefs(closed) if dict(parse_qsl(query_of(href))).get("auf") == BUILDING]
    opened = draw(services, query_of(way))
    inside = {place for place in cells(opened) if place.startswith(f"{BUILDING}|")}
    assert inside and not [place for place in cells(closed) if "|" in place.split(";")[0]]
    parts = [cells(opened)[place] for place in inside if place.endswith(";;0")]
    assert sum(map(int, parts)) == int(cells(opened)[f"{BUILDING};;0"])
    back = [href for href in hrefs(opened) if dict(parse_qsl(query_of(href))) == dict(parse_qsl(PICTURE))]
    assert back
    every = draw(services, f"{PICTURE}&auf=*")
    assert len(cells(every)) > 3 * len(cells(closed))


@pytest.mark.parametrize(
    "query",
    [
        PICTURE,
        f"{SERVICES}&werte=ozg_online_share,ozg_online_share.zaehler&zeilen=themenfeld&spalten=dezernat,fachdienst",
        f"{SERVICES}&werte=ozg_online_share&zeilen=themenfeld&spalten=year",
        f"{SERVICES}&werte=ozg_online_share,ozg_online_share.nenner&zeilen=themenfeld",
        f"{SERVICES}&werte=ozg_online_share&zeilen=&spalten=themenfeld,fachdienst",
        "daten=liste:services&werte=anzahl,summe.cases_per_year&zeilen=fachdienst&spalten=themenfeld,reifegrad",
    ],
)
def test_heads_cover_every_column_and_rows_are_as_wide(services: Services, query: str) -> None:
    (table,) = re.findall(r'<table[^>]*class="table pivot[^"]*".*?</table>', html_of(draw(services, query)))
    head, body = table.split("</thead>")
    lines = HEAD_ROW.findall(head)
    widths = [0] * len(lines)
    for place, line in enumerate(lines):
        for tag in re.findall(r"<th[^>]*>", line):
            span, rows = (int(_number(tag, name)) for name in ("colspan", "rowspan"))
            for below in range(place, min(place + rows, len(lines))):
                widths[below] += span
    first = body.split("</tr>")[0]
    assert set(widths) == {first.count("<td") + first.count("<th")}


def _number(tag: str, name: str) -> str:
    found = re.search(rf'{name}="(\d+)"', tag)
    return found[1] if found else "1"


def test_cells_without_a_figure_say_why_below_the_table(services: Services) -> None:
    query = f"{SERVICES}&werte=reifegrad_reading_share,ozg_online_share&zeilen=lesart"
    drawn = draw(services, query)
    told = words(drawn)
    assert "Hinweis 1:" in told
    reasons = html_of(drawn).split("pivot-reasons")[1].split("</ul>")[0]
    assert reasons.count("<li>") == 1


def test_hidden_figures_are_written_as_everywhere_and_lead_nowhere(services: Services) -> None:
    query = "daten=bestand:vorgang_entschieden&werte=case_long_count&zeilen=fachdienst&spalten=channel"
    drawn = draw(services, query)
    assert "geschützt" in words(drawn) and "geschützt" not in cells(drawn).values()


def test_long_tables_come_by_pages_and_no_row_is_lost(services: Services) -> None:
    query = "daten=liste:services&werte=anzahl&zeilen=service_id"
    rows: list[str] = []
    drawn = draw(services, query)
    while True:
        rows += [place.split(";")[0] for place in cells(drawn) if not place.startswith(";")]
        ways = re.findall(r'href="([^"]*)"[^>]*>Weitere Zeilen', html_of(drawn))
        if not ways:
            break
        drawn = draw(services, query_of(unescape(ways[0])))
    everything = services.records(CONTROLLING, "services", limit=10_000)
    assert len(rows) == len(set(rows)) == everything.total


# From a cell to the records


def test_a_cell_shows_its_records_and_each_leads_to_its_page(services: Services) -> None:
    place = f"{BUILDING}|FD63;2;0"
    drawn = draw(services, f"{PICTURE}&{urlencode({'auf': BUILDING, 'zelle': place})}")
    number = int(cells(drawn)[place])
    told = words(drawn)
    assert number > 3 and f"{number} Einzelleistungen in der Auswahl" in told
    records = [href for href in hrefs(drawn) if href.startswith("/datensatz/services/")]
    assert len(records) == min(number, 8)
    (more,) = [href for href in hrefs(drawn) if "ansicht=liste" in href and "zelle=" in href][-1:]
    listed = draw(services, query_of(more))
    assert f"{number} Einzelleistungen" in words(listed)
    assert len([href for href in hrefs(listed) if href.startswith("/datensatz/services/")]) == number
    assert "Alle › " not in told and [href for href in hrefs(drawn) if "zahl=reifegrad_distribution" in href]


def test_a_key_of_several_columns_tells_records_apart(services: Services) -> None:
    lists = services.catalog.lists.values()
    several = [item.definition for item in lists if len(item.definition.key) > 1]
    assert several and all(set(definition.key) <= set(naming(definition)) for definition in several)
    one = services.catalog.record_list("services").definition
    assert not set(one.key) & set(naming(one))


def test_a_compared_cell_says_now_then_and_difference(services: Services) -> None:
    query = f"{SERVICES}&werte=ozg_online_share&zeilen=themenfeld&zeige=differenz&gegen=vorjahr"
    drawn = draw(services, f"{query}&{urlencode({'zelle': f'{BUILDING};;0'})}")
    assert "Verglichen mit dem Stand 30.06.2025." in words(drawn)
    titles = [str(getattr(part, "title", None) or "") for part in parts(drawn)]
    told = [plain(text) for text in titles if "Vorjahr" in text]
    assert told and all(
        re.fullmatch(r"\S+ % · Vorjahr \S+ % · Differenz \S+ Prozentpunkte?", t) for t in told
    )
    place = next(part for part in parts(drawn) if "selection" in str(getattr(part, "className", "")))
    assert re.search(r"\d % \(\d+ von \d+\) · Vorjahr \S+ % · Differenz", plain(words(place)))


def test_a_chart_stands_below_its_title_and_not_below_the_path_of_a_cell(services: Services) -> None:
    place = urlencode({"zelle": f"{BUILDING};;0"})
    pivot, chart = (draw(services, f"{PICTURE}&{place}&ansicht={view}") for view in ("pivot", "diagramm"))
    crumbs = [[p for p in parts(d) if getattr(p, "className", "") == "crumbs"] for d in (pivot, chart)]
    assert [len(found) for found in crumbs] == [1, 0]


def test_data_sets_of_one_name_are_told_apart_and_found_by_their_figures(services: Services) -> None:
    told = words(draw(services))
    assert "Liste: einzelne Datensätze" in told and "Kennzahlen: " in told
    found = re.findall(r'data-narrow="([^"]*)"', html_of(draw(services)))
    assert any("Bearbeitungsdauer" in unescape(names) for names in found)


def test_the_list_is_searched_sorted_and_turned_over(services: Services) -> None:
    base = "daten=liste:services&ansicht=liste"
    everything = services.records(CONTROLLING, "services", limit=1).total
    assert f"{formats.number(everything)} Einzelleistungen" in words(draw(services, base))
    second = draw(services, f"{base}&seite=2")
    assert "Seite 2 von" in words(second) and "51 bis 100" in words(second)
    found = services.records(CONTROLLING, "services", search="baugenehmigung", limit=1).total
    assert f"{found} Einzelleistungen" in words(draw(services, f"{base}&suche=baugenehmigung"))
    falling = html_of(draw(services, f"{base}&sortierung=-bezeichnung"))
    assert falling.count('aria-sort="descending"') == 1
    every = html_of(draw(services, f"{base}&spaltenwahl=alle"))
    assert "LeiKa-Schlüssel</a>" in every


def test_without_a_list_of_records_the_page_says_so(services: Services) -> None:
    told = words(draw(services, "daten=bestand:vorgang_entschieden&werte=case_long_count&ansicht=liste"))
    assert "keine einzelnen Datensätze" in told


# Rights


def test_a_department_sees_its_own_units_only(services: Services) -> None:
    query = f"{SERVICES}&werte=ozg_online_share.nenner&zeilen=fachdienst"
    mine, whole = cells(draw(services, query, HEAD)), cells(draw(services, query))
    asked = services.query(HEAD, "ozg_online_share", by=("fachdienst",))
    assert {row.keys["fachdienst"] for row in asked.rows} == {place.split(";")[0] for place in mine} - {""}
    total = services.query(HEAD, "ozg_online_share").total
    assert total is not None and mine[";;0"] == formats.number(total.denominator) != whole[";;0"]
    foreign = draw(services, f"{query}&zelle=FD32;;0&f.fachdienst=in:FD32", HEAD)
    assert "FD32;;0" not in cells(foreign) and not [h for h in hrefs(foreign) if "/datensatz/" in h]
    values = draw(services, f"{query}&bearbeiten=fachdienst", HEAD)
    assert 'value="FD32"' not in html_of(values) and 'value="FD63"' in html_of(values)


def test_the_administration_does_not_open_the_explorer() -> None:
    assert not may_open("verwaltung", explorer.PAGE)
    assert all(may_open(role, explorer.PAGE) for role in ("leitung", "controlling", "fachbereichsleitung"))


def test_without_a_right_to_figures_nothing_is_drawn(services: Services) -> None:
    with pytest.raises(AccessError):
        draw(services, PICTURE, viewer_of("verwaltung"))


# What people send


XSS = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'"


@pytest.mark.parametrize(
    "params",
    [
        {"f.themenfeld": f"in:{XSS}"},
        {"f.themenfeld": f"enthaelt:{XSS}"},
        {"daten": XSS},
        {"zeilen": XSS},
        {"werte": f"ozg_online_share,{XSS}"},
        {"suche": XSS, "ansicht": "liste", "daten": "liste:services"},
        {"zelle": f"{XSS};;0"},
        {"auf": XSS},
        {"gegen": f"mitglied:{XSS}"},
        {"bearbeiten": XSS},
        {"sortierung": XSS, "ansicht": "liste", "daten": "liste:services"},
        {"w.reifegrad_modell": XSS},
        {"sicht": XSS},
    ],
)
def test_what_is_sent_is_never_markup(services: Services, params: Mapping[str, str]) -> None:
    written = html_of(explorer.layout(services, CONTROLLING, {**dict(parse_qsl(SERVICES)), **params}))
    assert "<script" not in written and "<img src=x" not in written and "onerror=alert(1)>" not in written


@pytest.mark.parametrize(
    "query",
    [
        "daten=bestand:gibt-es-nicht", "daten=liste:gibt-es-nicht", "daten=", "daten=:::",
        "zeilen=gibt_es_nicht", "zeilen=themenfeld,themenfeld", "zeilen=themenfeld&spalten=themenfeld",
        "werte=gibt_es_nicht",
        "werte=ozg_online_share.quatsch", "f.themenfeld=quatsch", "f.themenfeld=von:", "f.gibt_es_nicht=in:x",
        "stichtag=31.02.2026", "stichtag=2999-01-01", "von=2026-02-01&bis=2026-01-01", "bis=2026-01-01",
        "zeige=quatsch", "gegen=quatsch", "gegen=mitglied:", "top=0", "top=viele", "ordnung=quatsch",
        "ansicht=quatsch", "diagramm=quatsch", "seite=0", "seite=99999999", "zelle=a;b", "zelle=a|b|c|d;;0",
        "w.gibt_es_nicht=x", "waerme=quatsch", "zeilen=dezernat,fachbereich,fachdienst,themenfeld",
    ],
)  # fmt: skip
def test_what_cannot_be_read_gets_a_sentence_and_a_way_back(services: Services, query: str) -> None:
    drawn = draw(services, query)
    told = words(drawn)
    assert not any(word in told for word in BROKEN), told
    if UNREAD in told:
        assert "/explorer" in hrefs(drawn) and "." in told.split(UNREAD)[1]


@pytest.mark.parametrize(
    "query",
    [
        f"{SERVICES}&werte=ozg_online_share&zeilen=themenfeld&zeige=zeilenanteil",
        f"{SERVICES}&werte=ozg_online_share&zeilen=lesart",
        f"{SERVICES}&werte=ozg_online_share&zeilen=themenfeld&gegen=mitglied:gibt-es-nicht&zeige=index",
        f"{SERVICES}&werte=ozg_online_share&zeilen=themenfeld&f.themenfeld=in:gibt-es-nicht",
        "daten=bestand:vorgang_entschieden&werte=case_long_count&zeilen=fachdienst,procedure&spalten=channel",
        "daten=liste:services&werte=anzahl&zeilen=themenfeld&zeige=differenz&gegen=vorjahr",
        "daten=liste:services&ansicht=liste&sortierung=gibt_es_nicht",
        "daten=liste:services&ansicht=liste&seite=9999",
    ],
)
def test_what_cannot_be_answered_gets_a_reason(services: Services, query: str) -> None:
    drawn = draw(services, query)
    assert not any(word in words(drawn) for word in BROKEN), words(drawn)


@pytest.mark.parametrize(("code", "sentence"), [("query_timeout", SLOW), ("query_cancelled", STOPPED)])
def test_a_question_that_was_ended_says_so_and_can_be_asked_again(
    services: Services, monkeypatch: pytest.MonkeyPatch, code: str, sentence: str
) -> None:
    def ended(*_: object) -> None:
        raise RetriableError("Die Abfrage dauerte zu lange", code=code)

    monkeypatch.setattr(services, "explore", ended)
    drawn = draw(services, PICTURE)
    assert sentence in words(drawn)
    assert 'data-action="again"' in html_of(drawn)


@pytest.mark.parametrize(
    ("data", "field"), [("liste:projects_running", "step"), ("bestand:umsetzungsprojekt_laufend", "bucket")]
)
def test_steps_of_projects_stand_in_their_course_and_by_name_where_names_are_asked_for(
    services: Services, data: str, field: str
) -> None:
    def steps(order: str) -> list[str]:
        params = {"daten": data, "zeilen": field, "ordnung": order}
        state = read_state({name: text for name, text in params.items() if text}, services.catalog, TODAY)
        heads = services.explore(CONTROLLING, state.question).rows
        return [str(head.path[0]) for head in heads if head.path and head.path[0] in STEPS]

    course = steps("")
    assert len(course) > 2 and course == [step for step in STEPS if step in course]
    assert steps("name") != course


def test_a_head_says_the_unit_once(services: Services) -> None:
    data = dataset_of(services.catalog.metric("compliance_effort_hours"))
    table = html_of(draw(services, f"daten={data}&werte=compliance_effort_hours&zeilen=procedure"))
    head = re.sub(r"<[^>]+>", "", table.split("<thead")[1].split("</thead>")[0])
    assert "Aufwand (Stunden)" in head and head.count("(Stunden)") == 1


def test_running_projects_are_counted_and_listed_by_their_planned_end(services: Services) -> None:
    def state(**params: str) -> State:
        return read_state({"daten": "liste:projects_running", **params}, services.catalog, TODAY)

    ends = [row["planned_on"] for row in services.records(CONTROLLING, "projects_running").dicts()]
    found = services.explore(CONTROLLING, state(zeilen="planned_on_month").question)
    counted = {head.path[0]: found.cell(head.path, ()).value for head in found.rows if head.path}
    assert counted == Counter(f"{day:%Y-%m}" if day else None for day in ends)
    months = [month for month in counted if month]
    assert months == sorted(months) and len(months) > 2

    last = max(months)
    filtered = state(**{"zeilen": "step", "f.planned_on_month": f"in:{last}"}).question
    assert services.explore(CONTROLLING, filtered).cell((), ()).value == counted[last]
    kept = state(**{"zeilen": "step", "f.planned_on_month": f"von:{months[1]}|"}).question
    later = sum(count for month, count in counted.items() if month and month >= months[1] and count)
    assert services.explore(CONTROLLING, kept).cell((), ()).value == later
    behind = services.explore_records(
        CONTROLLING, state(zeilen="planned_on_month").question, row=(last,), column=(), measure=0
    )
    assert {f"{row['planned_on']:%Y-%m}" for row in behind.dicts()} == {last}
    assert behind.total == counted[last]
    assert "Abschluss geplant (Monat)" in html_of(
        draw(services, "daten=liste:projects_running&zeilen=planned_on_month&ansicht=diagramm&diagramm=linie")
    )
