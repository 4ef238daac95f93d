"""The drill path and the search as people use them: mouse, keyboard, back, a link in a mail."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chromium import MOBILE, Desk, Person
from tests.browser.examine import axe_findings, sideways

BOXES = "found => found.map(e => e.getBoundingClientRect().toJSON())"
OPTION = "#suche-treffer [role=option]"


@pytest.fixture
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("leitung") as someone:
        yield someone
        assert someone.trouble.everything() == []


def _value(person: Person) -> str:
    return person.page.locator(".drill-value .value").inner_text()


def test_a_tile_leads_down_to_the_record_and_back_leads_up_again(person: Person) -> None:
    page = person.open("/")
    person.do(page.locator(".tile:visible", has_text="OZG-01").locator(".tile-drill").click)
    trail = [_value(person)]
    for name in ("Dezernat IV", "FD 63"):
        person.do(page.locator(".table-drill .row-link", has_text=name).click)
        trail.append(_value(person))
    assert len(set(trail)) == 3
    expect(page.locator(".crumbs")).to_have_text("MusterstadtDez. IVFD 63")
    person.do(page.locator(".drill-ways a", has_text="im Zähler").click)
    listed = page.url
    expect(page.locator(".table-records tbody tr")).to_have_count(6)
    person.do(page.locator(".table-records .row-link").first.click)
    expect(page.locator("#inhalt")).to_contain_text("Prüfsumme der Lieferung")
    page.wait_for_function("() => document.activeElement.id === 'titel'")
    person.do(page.go_back)
    assert page.url == listed
    for value in reversed(trail):
        person.do(page.go_back)
        assert _value(person) == value
    person.do(page.go_back)
    expect(page.locator("#titel")).to_contain_text("Lagebild")


def test_a_mailed_link_opens_with_the_rights_of_the_receiver(desk: Desk) -> None:
    with desk.person("leitung") as sender, desk.person("fachbereich") as receiver:
        for path in ("/aufgliederung/ozg_online_share?einheit=DEZ4", "/datensaetze/services?suche=erteilung"):
            mailed = sender.open(path).url
            receiver.page.goto(mailed)
            receiver.wait()
            assert receiver.page.url == mailed
        receiver.open("/aufgliederung/ozg_online_share?einheit=DEZ4")
        expect(receiver.page.locator("#inhalt")).to_contain_text("Ihr Bereich (Dez. IV)")
        foreign = sender.open("/datensaetze/services?einheit=FD32")
        record = foreign.locator(".table-records .row-link").first.get_attribute("href") or ""
        expect(sender.open(record).locator("#inhalt")).to_contain_text("Herkunft")
        expect(receiver.open(record).locator("#inhalt")).to_contain_text("Diesen Datensatz gibt es nicht")
        receiver.open("/datensaetze/services?einheit=FD32")
        expect(receiver.page.locator(".table-records")).to_have_count(0)
        assert sender.trouble.everything() + receiver.trouble.everything() == []


def test_rows_of_a_chart_table_lead_into_the_path(person: Person) -> None:
    page = person.open("/ozg-fortschritt?stichtag=2026-03-31")
    card = page.locator(".chart-card[data-chart=ozg-themenfelder]")
    card.locator(".table-button").click()
    link = card.locator(".chart-table tbody a").first
    name = link.inner_text()
    person.do(link.click)
    expect(page.locator(".crumbs")).to_contain_text(name)
    assert "stichtag=2026-03-31" in page.url
    page.go_back()
    person.wait()
    page.locator(".chart-card[data-chart=ozg-themenfelder] .table-button").click()


@pytest.mark.parametrize(
    ("path", "chart", "axis", "row"),
    [
        ("/ozg-fortschritt?stichtag=2026-03-31", "ozg-themenfelder", "y", 2),
        ("/reifegrad", "reifegrad-stufen", "x", 3),
        ("/massnahmen", "massnahmen-einheiten", "y", 1),
        ("/budget", "budget-wasserfall", "x", 4),
        ("/cockpit/bauantraege", "bauantraege-2-1", "y", 0),
    ],
)
def test_a_click_on_a_mark_lands_where_the_row_of_the_table_leads(
    person: Person, path: str, chart: str, axis: str, row: int
) -> None:
    page = person.open(path)
    here = page.url
    card = page.locator(f".chart-card[data-chart={chart}]")
    spec = json.loads(card.locator(".chart-table").get_attribute("data-table") or "{}")
    target = spec["links"][row]
    x, y = _middle_of_mark(card, f".{axis}tick:nth-of-type({row + 1}) text", target)
    page.mouse.move(x, y)
    pointed = page.evaluate("p => getComputedStyle(document.elementFromPoint(...p)).cursor", [x, y])
    assert pointed == "pointer"
    person.do(lambda: page.mouse.click(x, y))
    assert page.url == person.portal.base + target
    person.do(page.go_back)
    assert page.url == here
    card.locator(".table-button").click()
    person.do(card.locator(".chart-table tbody a").nth(row).click)
    assert page.url == person.portal.base + target


def _middle_of_mark(card: Locator, label: str, href: str) -> tuple[float, float]:
    """The middle of the place over which Plotly wrote or beside which it wrote the label of a row."""
    way = card.locator(f".chart-way[href='{href}']").first
    way.scroll_into_view_if_needed()
    box, name = way.bounding_box(), card.locator(label).bounding_box()
    assert box is not None and name is not None
    x, y = name["x"] + name["width"] / 2, name["y"] + name["height"] / 2
    assert box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"]
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_marks_follow_the_drawing_when_the_window_changes(person: Person) -> None:
    page = person.open("/reifegrad")
    card = page.locator(".chart-card[data-chart=reifegrad-einheiten]")
    for width in (1440, 1024, 390):
        person.resize(width, 900)
        boxes = card.locator(".chart-way").evaluate_all("a => a.map(e => e.getBoundingClientRect().toJSON())")
        ticks = card.locator(".ytick text").evaluate_all(
            "t => t.map(e => e.getBoundingClientRect().toJSON())"
        )
        assert len(boxes) == len(ticks) > 5
        for box, tick in zip(boxes, sorted(ticks, key=lambda t: t["y"]), strict=True):
            middle = tick["y"] + tick["height"] / 2
            assert box["y"] <= middle <= box["y"] + box["height"], width
    assert sideways(page) == []


def test_links_over_drawings_are_for_the_mouse_and_hidden_from_everything_else(person: Person) -> None:
    page = person.open("/dms-rollout")
    ways = page.locator(".chart-way")
    assert ways.count() > 20
    assert ways.evaluate_all("a => a.every(e => e.tabIndex === -1 && e.closest('[aria-hidden=true]'))")
    assert axe_findings(page) == []


def test_the_search_is_worked_by_keyboard_alone(person: Person) -> None:
    page = person.open("/budget")
    page.keyboard.press("Control+k")
    field = page.locator("#suche")
    expect(field).to_have_attribute("role", "combobox")
    page.keyboard.type("baugenehmigung")
    expect(page.locator(OPTION).first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[role=status]", has_text="Treffer").first).to_be_attached()
    assert axe_findings(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator(OPTION).nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    expect(page.locator(OPTION).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#suche-liste")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    assert page.evaluate("document.activeElement.id") == "suche", "Escape keeps the field"
    page.keyboard.press("ArrowDown")
    expect(page.locator(OPTION).first).to_be_visible()
    chosen = page.locator(OPTION).first.locator(".search-title").inner_text()
    person.do(lambda: page.keyboard.press("Enter"))
    expect(page.locator("#titel")).to_have_text(chosen)
    page.wait_for_function("() => document.activeElement.id === 'titel'")


def test_the_search_says_in_words_that_nothing_fits(person: Person) -> None:
    page = person.open("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("quxzy <b>")
    expect(page.locator("#suche-hinweis")).to_contain_text("Keine Treffer für „quxzy <b>“")
    expect(page.locator(OPTION)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#titel")).to_contain_text("Lagebild")


def test_a_number_leads_to_the_breakdown_of_the_figure(person: Person) -> None:
    page = person.open("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("mas 02")
    expect(page.locator(OPTION)).to_have_count(1)
    person.do(lambda: page.keyboard.press("Enter"))
    expect(page.locator("#titel")).to_contain_text("MAS-02")


def test_a_department_does_not_find_services_of_others(desk: Desk) -> None:
    with desk.person("leitung") as sender, desk.person("fachbereich") as receiver:
        page = sender.open("/datensaetze/services?einheit=FD32")
        key = page.locator(".table-records .row-link").first.inner_text()
        for someone, count in ((sender, 1), (receiver, 0)):
            window = someone.open("/")
            window.keyboard.press("Control+k")
            window.keyboard.type(key)
            expect(window.locator("#suche-hinweis")).to_contain_text("Treffer")
            expect(window.locator(OPTION)).to_have_count(count)


def test_a_long_list_fits_a_small_screen(desk: Desk) -> None:
    with desk.person("leitung", MOBILE, has_touch=True) as someone:
        page = someone.open("/datensaetze/measures?zeilen=25")
        assert sideways(page) == []
        someone.do(page.locator(".pager a", has_text="Nächste Seite").click)
        expect(page.locator(".pager")).to_contain_text("Seite 2 von")
        assert someone.trouble.everything() == []
