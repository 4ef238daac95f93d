"""Searching the catalogue, asking a model and linking to a finding, as somebody without a mouse does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.chromium import DESKTOP, Desk, Person
from tests.browser.examine import axe_findings, code_words, cut_text, heading_faults, sideways

FINDING = "befund-neumuenster-gemeinkosten-2026"


@pytest.fixture(scope="module")
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("controlling", DESKTOP) as person:
        yield person


def _stays(person: Person) -> bool:
    """Whether the page is still the one that was marked, not loaded anew."""
    return bool(person.page.evaluate("window.marked === true"))


def test_the_search_works_by_keyboard_without_loading_the_page_anew_and_its_address_restores_it(
    person: Person,
) -> None:
    page = person.open("/kennzahlen")
    page.evaluate("window.marked = true")
    page.focus("#kennzahl-suche")
    page.keyboard.type("Vorlage & Anteil")
    person.do(lambda: page.keyboard.press("Enter"))
    assert _stays(person)
    assert page.url.endswith("/kennzahlen?suche=Vorlage+%26+Anteil")
    assert "zu „Vorlage & Anteil“" in page.inner_text(".lead")
    assert page.evaluate("document.activeElement.id") == "kennzahl-suche"
    again = person.open("/kennzahlen?suche=Vorlage+%26+Anteil")
    assert again.input_value("#kennzahl-suche") == "Vorlage & Anteil"


def test_another_assumption_is_computed_without_a_mouse_and_stands_in_the_address(person: Person) -> None:
    page = person.open("/modelle?modell=bielefeld_ozg")
    before = page.inner_text(".lead")
    page.evaluate("window.marked = true")
    page.fill("#p-cases", "700")
    person.do(lambda: page.keyboard.press("Enter"))
    assert _stays(person)
    assert page.url.endswith("&p.cases=700"), "only what was changed stands in the address"
    assert page.inner_text(".lead") != before
    assert page.evaluate("document.activeElement.id") == "p-cases"


def test_a_link_to_a_finding_leads_to_it(person: Person) -> None:
    page = person.open(f"/vorlagen?befund=alle#{FINDING}")
    assert page.evaluate("document.activeElement.id") == FINDING
    top = page.evaluate(f"document.getElementById('{FINDING}').getBoundingClientRect().top")
    assert 0 <= top < DESKTOP[1]


def test_the_passport_behind_a_figure_says_its_value_at_its_own_address(person: Person) -> None:
    page = person.open("/?zahl=ozg_online_share")
    value = page.inner_text(".drawer-value .value")
    person.do(page.locator(".drawer a", has_text="Zahlenpass öffnen").click)
    assert "/zahl/ozg_online_share/2026-06-09/" in page.url
    assert page.inner_text(".lead").startswith(value)
    assert not [*axe_findings(page), *heading_faults(page), *code_words(page), *cut_text(page)]
    person.resize(390, 844)
    assert not [*sideways(page), *cut_text(page)]
    person.resize(*DESKTOP)


def test_the_links_of_a_long_page_lead_to_parts_that_are_there(person: Person) -> None:
    for path in ("/ozg-fortschritt", "/budget", "/wirkungen", "/vorlagen"):
        page = person.open(path)
        anchors = page.eval_on_selector_all(".jumps a", "links => links.map(a => a.getAttribute('href'))")
        assert anchors, path
        assert [a for a in anchors if page.locator(a).count() != 1] == [], path
