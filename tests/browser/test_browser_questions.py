"""Ten questions councils asked, answered in the explorer by clicks; every cell against the answer on paper.

They come from motions and inquiries in Leipzig (2025), Bad Kreuznach (2024), München (2020, 2023), Hünfeld
and the Kreis Heinsberg (2022). What Musterstadt cannot answer is said in docs/explorer.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Desk
from tests.browser.controller import (
    LISTS,
    SAID_ABOVE,
    Controller,
    Typist,
    in_excel,
    in_file,
    on_paper,
    plain_head,
)
from tests.by_hand import iso
from tests.example_city import ExampleCity
from tests.questions_by_hand import (
    CHANNELS,
    TOTAL,
    Sheet,
    availability,
    backlog,
    building_year,
    cases_by_channel,
    cases_by_year,
    digital_share,
    levels,
    running_in,
    running_projects,
    services_at,
    services_by_dezernat,
    throughput,
)
from tests.questions_by_hand_plan import (
    budget_positions,
    goals_reached,
    relief,
    results_against_plan,
    solution_costs,
)


@pytest.fixture(scope="module")
def city(desk: Desk) -> ExampleCity:
    """What the source systems of the served city delivered; nothing else of it is read here."""
    settings = SimpleNamespace(city=Path(desk.portal.folder))
    return ExampleCity(cast("Any", settings), cast("Any", None), cast("Any", None))


@pytest.fixture(scope="module")
def seated(desk: Desk) -> Iterator[Controller]:
    with desk.person("controlling") as person:
        yield Controller(person)


@pytest.fixture
def me(seated: Controller) -> Iterator[Controller]:
    seated.person.trouble.clear()
    yield seated
    assert seated.person.trouble.everything() == []


@pytest.fixture(scope="module")
def units(city: ExampleCity) -> dict[str, str]:
    """How people call the units: „FD 63 Bauaufsicht“, „Dezernat IV Planen, Bauen, Umwelt“."""
    with (city.settings.city / "organisation.csv").open(encoding="utf-8-sig") as stream:
        rows = [line.rstrip("\n").split(";") for line in stream][1:]
    return {row[0]: row[2] if row[2].startswith("Dezernat") else f"{row[3]} {row[2]}" for row in rows}


def check(
    me: Controller,
    sheet: Sheet,
    heads: Mapping[str, str],
    kinds: tuple[str, ...] | str,
    names: Mapping[str, str] | None = None,
) -> None:
    """Compare all cells; `heads` names the column of the page for every column of the paper."""
    table, paper = me.read(), on_paper(sheet, kinds, names)
    for kind in (kinds,) if isinstance(kinds, str) else kinds:
        assert SAID_ABOVE.get(kind.removeprefix("+"), "") in table.head
    assert sorted(table.columns) == sorted(heads[column] for column in sheet.columns)
    places = [table.columns.index(heads[column]) for column in sheet.columns]
    shown = {path: tuple(cells[place] for place in places) for path, cells in table.rows.items()}
    assert shown == paper


def check_excel(
    me: Controller, sheet: Sheet, heads: Mapping[str, str], names: Mapping[str, str] | None = None
) -> None:
    """Compare all cells of the exported workbook, unrounded; text is only what is no figure."""
    rows = in_excel(me.workbook())
    head = next(
        cells for cells in rows.values() if set(heads.values()) <= {plain_head(cell) for cell in cells}
    )
    places = [[plain_head(cell) for cell in head].index(heads[column]) for column in sheet.columns]
    for path, figures in sheet.rows.items():
        words = (names or {}).get(path[-1], path[-1])
        cells = next(rows[row] for row in rows if row == words or (words == TOTAL and row.startswith(SUMS)))
        for figure, place in zip(figures, places, strict=True):
            assert cells[place] == in_file(figure), (words, sheet.columns[places.index(place)])


def same(sheet: Sheet) -> dict[str, str]:
    """Columns called alike on paper and on the page; their total is „Summe“."""
    return {column: "Summe" if column == TOTAL else column for column in sheet.columns}


SUMS = ("Gesamt", "Summe")
LEVELS = {
    "0": "0 Offline",
    "1": "1 Information",
    "2": "2 Formular-Assistent",
    "3": "3 Online-Leistung",
    "4": "4 Online-Transaktion",
}
ONLINE = "Online ab Reifegrad 3"
OWN = "Einzelleistungen in eigener Zuständigkeit"


def test_1_leipzig_which_services_are_online_and_which_end_to_end(
    me: Controller, city: ExampleCity, units: dict[str, str]
) -> None:
    me.begin(OWN)
    me.put("Themenfeld", "Aus der Tabelle nehmen")
    me.put("Reifegrad", "Aus der Tabelle nehmen")
    me.put("Fachdienst", "Als Zeile")
    me.value(ONLINE)
    me.value(ONLINE, "Nenner")
    me.value("Ende-zu-Ende digital")
    me.remove("Reifegrade: Anzahl", "Werte")
    me.value(ONLINE, "Zähler")
    heads = {
        "Leistungen": f"{ONLINE}: Nenner",
        "online": f"{ONLINE}: Zähler",
        "Anteil online": ONLINE,
        "Anteil Ende-zu-Ende": "Ende-zu-Ende digital",
    }
    check(me, availability(city), heads, ("count", "count", "percent", "percent"), units)
    check_excel(me, availability(city), heads, units)


def test_2_leipzig_how_many_cases_a_year_on_paper_and_digitally(me: Controller, city: ExampleCity) -> None:
    me.begin("Anträge")
    me.value("Fallzahl")
    me.remove("Online-Antragsquote", "Werte")
    me.put("Kanal", "Als Spalte")
    me.choose("Zeitraum", "2025")
    sheet = cases_by_channel(city)
    check(me, sheet, same(sheet), "count")
    me.put("Verfahren", "Aus der Tabelle nehmen")
    me.put("Jahr", "Als Zeile")
    me.span("2022-01-01", "2025-12-31")
    sheet = cases_by_year(city)
    check(me, sheet, same(sheet), "count")


def test_2_leipzig_the_years_as_a_chart_with_its_table(me: Controller, city: ExampleCity) -> None:
    me.begin("Anträge")
    me.value("Fallzahl")
    me.remove("Online-Antragsquote", "Werte")
    me.put("Verfahren", "Aus der Tabelle nehmen")
    me.put("Jahr", "Als Zeile")
    me.put("Kanal", "Als Spalte")
    me.span("2022-01-01", "2025-12-31")
    me.view("Diagramm")
    chart = me.page.locator(".explorer-chart")
    expect(chart.locator(".segment[aria-current]")).to_have_text("Linie")
    me.person.do(chart.locator(".segment", has_text="Gestapelt").click)
    expect(chart.locator("svg.main-svg").first).to_be_visible()
    chart.locator("button", has_text="Tabelle").click()
    table = me.read(".explorer-chart .chart-table table")
    sheet = cases_by_year(city).only(*CHANNELS)
    paper = {path: cells for path, cells in on_paper(sheet, "count").items() if path != (TOTAL,)}
    assert (
        table.columns[: len(CHANNELS)],
        {path: cells[: len(CHANNELS)] for path, cells in table.rows.items()},
    ) == (
        CHANNELS,
        paper,
    )
    chart.locator("button", has_text="Tabelle").click()


def test_3_leipzig_how_long_a_case_takes_on_paper_and_digitally_asked_by_keyboard(
    me: Controller, city: ExampleCity
) -> None:
    me = Typist(me.person)
    me.begin("Entschiedene Vorgänge")
    me.value("Bearbeitungsdauer")
    me.remove("Kosten je Vorgang", "Werte")
    me.put("Kanal", "Als Spalte")
    sheet = throughput(city)
    heads = same(sheet) | {TOTAL: "Gesamt"}
    check(me, sheet, heads, "days")
    check_excel(me, sheet, heads)


def test_4_leipzig_what_has_piled_up_and_how_long_building_applications_take(
    me: Controller, city: ExampleCity
) -> None:
    old = "Offen über drei Monate"
    me.begin("Offene Bauanträge")
    me.value(old, "Nenner")
    me.value(old, "Zähler")
    heads = {"offen": f"{old}: Nenner", "älter als drei Monate": f"{old}: Zähler", "Anteil": old}
    check(me, backlog(city), heads, ("count", "count", "percent"))
    me.begin("Bauanträge")
    me.value("Entschieden")
    me.value("Dauer ab Eingang")
    me.choose("Zeitraum", "2025")
    heads = {"eingegangen": "Eingegangen", "entschieden": "Entschieden", "Tage (Median)": "Dauer ab Eingang"}
    check(me, building_year(city), heads, ("count", "count", "days"))


def test_5_bad_kreuznach_what_is_running_where_and_in_which_phase(
    me: Controller, city: ExampleCity, units: dict[str, str]
) -> None:
    me.begin("Laufende Umsetzungsprojekte", LISTS)
    me.clear()
    me.put("Fachdienst", "Als Zeile")
    me.put("Schritt", "Als Spalte")
    sheet = running_projects(city)
    check(me, sheet, same(sheet), "count", units)
    me.narrow("Fachdienst", units["FD63"])
    me.view("Liste")
    table, found = me.page.locator(".record-listing table"), {}
    heads = [head.strip() for head in table.locator("thead th").all_inner_texts()]
    for row in table.locator("tbody tr").all():
        cells = [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
        number = (row.locator("a").first.get_attribute("href") or "").rpartition("/")[2]
        found[number] = (cells[heads.index("Schritt")], iso(cells[heads.index("Abschluss geplant")]))
    assert found == running_in(city, "FD63")


def test_6_bad_kreuznach_what_it_costs_and_whether_goals_were_reached(
    me: Controller, city: ExampleCity
) -> None:
    reached = "Erwartung erreicht"
    me.begin("Wirkungen mit drei Werten")
    me.clear()
    me.put("Perspektive", "Als Zeile")
    me.value(reached, "Nenner")
    me.value(reached, "Zähler")
    heads = {"verglichen": f"{reached}: Nenner", "erreicht": f"{reached}: Zähler", "Anteil": reached}
    check(me, goals_reached(city), heads, ("count", "count", "percent"))
    me.begin("Laufende Kosten der Lösungen", LISTS)
    me.clear()
    me.put("Lösung", "Als Zeile")
    me.put("Kostenart", "Als Spalte")
    me.value("Betrag")
    me.remove("Anzahl", "Werte")
    sheet = solution_costs(city)
    check(me, sheet, same(sheet), "cents")


def test_7_muenchen_the_share_of_digital_applications_per_application_asked_by_keyboard(
    me: Controller, city: ExampleCity
) -> None:
    me = Typist(me.person)
    me.begin("Anträge")
    sheet = digital_share(city)
    check(me, sheet.only("letzte zwölf Monate"), {"letzte zwölf Monate": "Online-Antragsquote"}, "percent")
    me.choose("Vergleich", "Vorjahr")
    check(me, sheet.only("Differenz"), {"Differenz": "Online-Antragsquote"}, "+points")


def test_8_muenchen_plan_against_actual_for_money_and_results(
    me: Controller, city: ExampleCity, units: dict[str, str]
) -> None:
    me.begin("Haushaltspositionen")
    sheet = budget_positions(city)
    me.clear()
    me.put("Position", "Als Zeile")
    me.value(sheet.columns[0])
    me.remove("Saldo zum 31.12.", "Werte")
    for column in sheet.columns[1:]:
        me.value(column)
    me.narrow("Produkt", "111240")
    heads = {name: name for name in sheet.columns}
    check(me, sheet, heads, "eur")
    check_excel(me, sheet, heads)
    me.begin(OWN)
    me.clear()
    me.put("Dezernat", "Als Zeile")
    me.value(ONLINE)
    me.remove("Reifegrade: Anzahl", "Werte")
    sheet = results_against_plan(city)
    check(me, sheet.only("Ist"), {"Ist": ONLINE}, "percent", units)
    me.choose("Vergleich", "Plan")
    check(me, sheet.only("Differenz"), {"Differenz": ONLINE}, "+points", units)


def test_9_heinsberg_how_many_services_how_many_online_how_large_the_relief(
    me: Controller, city: ExampleCity, units: dict[str, str]
) -> None:
    me.begin(OWN)
    me.clear()
    me.put("Dezernat", "Als Zeile")
    me.value(ONLINE, "Nenner")
    me.value(ONLINE, "Zähler")
    me.remove("Reifegrade: Anzahl", "Werte")
    heads = {"Leistungen": f"{ONLINE}: Nenner", "online": f"{ONLINE}: Zähler"}
    check(me, services_by_dezernat(city), heads, "count", units)
    me.begin("Anträge mit Zeitwert")
    sheet = relief(city)
    check(me, sheet.only("letzte zwölf Monate"), {"letzte zwölf Monate": "Aufwand"}, "hours")
    me.choose("Vergleich", "Vorjahr")
    check(me, sheet.only("Differenz"), {"Differenz": "Aufwand"}, "+hours")


def test_10_huenfeld_not_the_number_of_services_but_their_reifegrad(
    me: Controller, city: ExampleCity, units: dict[str, str]
) -> None:
    me.begin(OWN)
    me.put("Fachdienst", "Als Zeile")
    me.press("Alle öffnen")
    sheet = levels(city)
    check(me, sheet, LEVELS | {TOTAL: "Summe"}, "count", units)


def test_10_huenfeld_from_a_cell_to_the_services_and_to_what_the_source_delivered(
    me: Controller, city: ExampleCity, units: dict[str, str]
) -> None:
    me.begin(OWN)
    me.put("Fachdienst", "Als Zeile")
    me.press("Bauen & Wohnen")
    me.person.do(me.cell(units["FD63"], 2).click)
    paper = services_at(city, "Bauen & Wohnen", "FD63", 2)
    selection = me.page.locator(".selection")
    expect(selection.locator("h2, h3").first).to_have_text(f"{len(paper)} Einzelleistungen in der Auswahl")
    links = selection.locator("tbody a")
    found = {(link.get_attribute("href") or "").rpartition("/")[2] for link in links.all()}
    assert found == paper
    me.person.do(links.first.click)
    expect(me.page.locator("#inhalt")).to_contain_text("Prüfsumme der Lieferung")
    me.person.do(me.page.go_back)
    expect(selection).to_be_visible()
