"""The frame around every page: panel, tables, search, appearance, menus, focus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, MOBILE, Desk, Person


@pytest.fixture
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("leitung") as someone:
        yield someone
        assert someone.trouble.everything() == []


def test_the_origin_panel_takes_the_focus_and_gives_it_back(person: Person) -> None:
    page = person.open("/")
    person.do(page.locator(".tile .quiet-link").first.click)
    page.wait_for_function("() => document.activeElement.id === 'herkunft-titel'")
    expect(page.locator(".drawer")).to_contain_text("Rechenweg")
    assert page.evaluate("document.getElementById('portal').inert")
    person.do(lambda: page.keyboard.press("Escape"))
    page.wait_for_function("() => (document.activeElement.getAttribute('href') || '').includes('zahl=')")
    assert "zahl=" not in page.url
    expect(page.locator(".drawer")).to_have_count(0)


def test_the_table_of_a_chart_is_one_step_away_and_stays_chosen(person: Person) -> None:
    page = person.open("/")
    button = page.locator(".chart-card .table-button").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    table = page.locator(".chart-card .chart-table table").first
    expect(table).to_be_visible()
    assert table.locator("caption").text_content()
    assert (
        table.locator("thead th[scope=col]").count()
        == table.locator("tbody tr").first.locator("th,td").count()
    )
    person.open("/")
    expect(page.locator(".chart-card .chart-table table").first).to_be_visible()
    page.locator(".chart-card .table-button").first.click()
    expect(page.locator(".chart-card svg.main-svg").first).to_be_visible()


def test_search_opens_by_keyboard_and_leads_to_a_page(person: Person) -> None:
    page = person.open("/")
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "suche"
    page.keyboard.type("wirk")
    expect(page.locator("#suche-treffer [role=option]").first).to_contain_text("Wirkungen")
    person.do(lambda: page.keyboard.press("Enter"))
    expect(page.locator("#titel")).to_have_text("Wirkungen")


def test_moving_to_a_page_sets_its_title_and_puts_the_focus_on_its_heading(person: Person) -> None:
    page = person.open("/")
    person.do(lambda: page.locator(".nav-item", has_text="Reifegrad").click())
    page.wait_for_function("() => document.activeElement.id === 'titel'")
    assert page.title().startswith("Reifegrad – ")
    assert page.locator(".nav-item[aria-current=page]").text_content() == "Reifegrad"


def test_a_filter_keeps_the_focus_where_it_was_used(person: Person) -> None:
    page = person.open("/ozg-fortschritt")
    menu = page.locator("details.menu", has_text="Themenfeld").first
    menu.locator("summary").click()
    person.do(lambda: menu.locator("a").nth(1).click())
    page.wait_for_function("() => document.activeElement.tagName === 'SUMMARY'")
    assert "Themenfeld" in (page.evaluate("document.activeElement.textContent") or "")
    assert "themenfeld=" in page.url


def test_the_appearance_follows_the_person_and_charts_follow_it(person: Person) -> None:
    page = person.open("/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    line = ".chart-card .scatterlayer path.js-line"
    drawn = page.locator(line).last.evaluate("e => getComputedStyle(e).stroke")
    page.locator(".theme-button").click()
    page.wait_for_function(
        f"() => getComputedStyle([...document.querySelectorAll('{line}')].pop()).stroke !== '{drawn}'"
    )
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    person.open("/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator(line).last.evaluate("e => getComputedStyle(e).stroke") != drawn


def test_only_the_small_chart_bundle_is_loaded(person: Person) -> None:
    page = person.open("/")
    names = page.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
    assert sum("plotly-basic.min.js" in name for name in names) == 1
    assert not [name for name in names if name.endswith("/plotly.min.js") or "package_data/plotly" in name]
    assert page.evaluate("document.fonts.check('600 14px \"Fira Sans\"')")


def test_the_menu_of_small_screens_opens_and_closes_by_keyboard(desk: Desk) -> None:
    with desk.person("leitung", MOBILE) as someone:
        page = someone.open("/")
        assert page.evaluate("document.documentElement.scrollWidth") <= MOBILE[0]
        expect(page.locator("#navigation")).to_be_hidden()
        page.locator(".menu-button").click()
        expect(page.locator("#navigation")).to_be_visible()
        assert page.locator(".menu-button").get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        expect(page.locator("#navigation")).to_be_hidden()
        assert someone.trouble.everything() == []


def test_the_first_screen_of_the_start_page_needs_no_scrolling(desk: Desk) -> None:
    with desk.person("leitung", DESKTOP) as someone:
        page = someone.open("/")
        # The bar about very old data stands above the title because the example stops in June 2026.
        bar = page.evaluate("document.querySelector('.info-bar')?.offsetHeight ?? 0")
        assert page.evaluate("document.documentElement.scrollHeight") - bar - 12 <= DESKTOP[1]
