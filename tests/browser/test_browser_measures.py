"""The list of measures by keyboard: search, sort, turn pages; every step has an address and is read out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.chromium import Desk, Person

LIST = "/massnahmen?ansicht=liste"
SAID = """
() => [...document.querySelectorAll('[role=status]')].some(s => /Zeile 51 bis 100/.test(s.textContent))
"""


@pytest.fixture(scope="module")
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("controlling") as someone:
        yield someone


def test_a_column_sorts_by_keyboard_and_says_so(person: Person) -> None:
    page = person.open(LIST)
    page.locator("th a.sort-link", has_text="Maßnahme").focus()
    person.do(lambda: page.keyboard.press("Enter"))
    assert "sortierung=title" in page.url
    head = page.locator("th[aria-sort]")
    assert head.count() == 1 and head.get_attribute("aria-sort") == "ascending"
    titles = page.locator(".measure-table tbody th").all_inner_texts()
    assert len(titles) == 50 and titles == sorted(titles)


def test_pages_turn_and_the_count_is_read_out(person: Person) -> None:
    page = person.open(LIST)
    first = page.locator(".measure-table tbody tr").first.inner_text()
    person.do(page.get_by_role("link", name="Weiter").first.click)
    assert "seite=2" in page.url
    assert page.locator(".measure-table tbody tr").first.inner_text() != first
    page.wait_for_function(SAID)
    person.do(page.go_back)
    assert page.locator(".measure-table tbody tr").first.inner_text() == first


def test_a_search_leaves_an_address_that_restores_it(person: Person) -> None:
    page = person.open(f"{LIST}&ziel=2")
    page.fill("#massnahme-suche", "posteingang gesundheit")
    person.do(lambda: page.keyboard.press("Enter"))
    assert "suche=posteingang+gesundheit" in page.url and "ziel=2" in page.url
    titles = page.locator(".measure-table tbody th").all_inner_texts()
    assert titles and all("Posteingang" in title and "Gesundheit" in title for title in titles)
    rows = len(titles)
    address = page.url.split("/", 3)[3]
    again = person.open(f"/{address}")
    assert again.locator(".measure-table tbody tr").count() == rows
    assert again.input_value("#massnahme-suche") == "posteingang gesundheit"
    assert person.trouble.everything() == []
