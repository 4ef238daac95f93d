"""The whole portal clicked through as Leitung: every entry, every filter, back, a copied address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.page import discover_pages
from tests.browser.chromium import Desk, Person

COCKPITS = [item.page.path for item in discover_pages() if item.page.group in ("", "Cockpits")]
MENUS = ".filter-bar details.menu, .page-actions details.menu:not(.export-menu)"


@pytest.fixture
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("leitung") as someone:
        yield someone
        assert someone.trouble.everything() == []


def _heading(page: Page) -> str:
    return page.locator("#titel").inner_text()


def _content(page: Page) -> str:
    return page.locator("#inhalt").inner_text()


def test_every_entry_of_the_navigation_opens_its_page_and_back_returns(person: Person) -> None:
    page = person.open("/")
    entries = page.locator("#navigation a").all()
    assert len(entries) >= 8
    trail = []
    for position in range(len(entries)):
        entry = page.locator("#navigation a").nth(position)
        address = entry.get_attribute("href") or ""
        if page.url.removeprefix(person.portal.base) == address:
            continue
        trail.append((page.url, _heading(page)))
        person.do(entry.click)
        assert page.url == person.portal.base + address
        assert page.title().startswith(_heading(page))
        assert page.locator(f"#navigation a[href='{address}'][aria-current=page]").count() <= 1
    for address, heading in reversed(trail[-3:]):
        person.do(page.go_back)
        expect(page.locator("#titel")).to_have_text(heading)
        assert page.url == address


@pytest.mark.parametrize("path", COCKPITS)
def test_every_filter_changes_the_address_and_shows_what_was_chosen(person: Person, path: str) -> None:
    page = person.open(path)
    before = page.url
    for position in range(page.locator(MENUS).count()):
        menu = page.locator(MENUS).nth(position)
        menu.locator("summary").click()
        wanted = menu.locator(".menu-item:not([aria-current])").last
        chosen = wanted.inner_text().strip()
        person.do(wanted.click)
        assert page.url != before, chosen
        expect(page.locator(MENUS).nth(position).locator("summary")).to_contain_text(chosen)
        person.do(page.go_back)
    for position in range(page.locator(".segments a").count()):
        segment = page.locator(".segments a").nth(position)
        if segment.get_attribute("aria-current"):
            continue
        person.do(segment.click)
        assert page.url != before
        assert page.locator(".segments a").nth(position).get_attribute("aria-current") == "true"
        person.do(page.go_back)
    assert page.url == before


def test_filters_add_up_and_can_be_taken_back_together(person: Person) -> None:
    page = person.open("/ozg-fortschritt")
    whole = _content(page)
    for label in ("Themenfeld", "Fachdienst"):
        menu = page.locator(MENUS, has_text=label).first
        menu.locator("summary").click()
        person.do(menu.locator("a").nth(2).click)
    assert "themenfeld=" in page.url and "einheit=" in page.url
    assert _content(page) != whole
    person.do(page.get_by_text("Filter zurücksetzen").first.click)
    assert _content(page) == whole


def test_a_copied_address_opens_the_same_view_in_another_window(desk: Desk, person: Person) -> None:
    page = person.open("/reifegrad")
    menu = page.locator(MENUS, has_text="Fachdienst").first
    menu.locator("summary").click()
    person.do(menu.locator("a").nth(3).click)
    with desk.person("leitung") as other:
        assert _content(other.open(page.url.removeprefix(person.portal.base))) == _content(page)


def test_filter_values_that_do_not_exist_count_as_not_set(person: Person) -> None:
    whole = _content(person.open("/ozg-fortschritt"))
    assert _content(person.open("/ozg-fortschritt?themenfeld=gibt-es-nicht&einheit=FD999")) == whole


def test_an_unknown_address_is_not_found_and_says_so_in_german(desk: Desk) -> None:
    with desk.person("leitung") as person:
        answer = person.page.goto(person.portal.base + "/gibt-es-nicht")
        assert answer and answer.status == 404
        text = person.page.inner_text("body")
        assert "nicht" in text and not re.search(r"not found|error", text, re.IGNORECASE)
