"""A view from the question to the tile by clicks: kept, proposed, released by a second person, pinned."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.chromium import Desk, Person
from tests.browser.controller import Controller
from tests.browser.examine import axe_findings

NAME = "Onlinequote der Fachdienste, für alle"


def sent(person: Person, action: Callable[[], object]) -> None:
    """Send a form and wait for the page it leads to."""
    person.page.evaluate("window.before = true")
    action()
    person.page.wait_for_function("() => !window.before && document.readyState === 'complete'")
    person.wait()


def _press(person: Person, place: Locator, words: str) -> None:
    sent(person, place.get_by_role("button", name=words).first.click)


def _row(person: Person) -> Locator:
    return person.page.locator(".views-list tr", has_text=NAME)


def _figure(place: Locator, words: str) -> str:
    return place.locator("tr", has_text=words).locator("td").last.inner_text().strip()


def test_a_question_is_kept_released_by_a_second_person_and_pinned_as_a_tile(desk: Desk) -> None:
    with desk.person("controlling") as author:
        controller = Controller(author)
        controller.begin("Einzelleistungen in eigener Zuständigkeit")
        controller.put("Fachdienst", "Als Zeile")
        page = author.page
        page.get_by_text("Meine Ansichten", exact=True).click()
        page.fill("#ansicht-name", NAME)
        _press(author, page.locator(".view-save"), "Diese Ansicht speichern")
        assert "sicht=" in page.url and page.locator(".pivot").count() == 1
        told = page.locator(".pivot").inner_text()

        author.follow("/ansichten")
        expect(_row(author)).to_contain_text("nur für Sie")
        author.do(_row(author).get_by_role("link", name="Verwalten").click)
        _press(author, page.locator("#inhalt"), "Als offiziell vorschlagen")
        expect(page.locator("#inhalt")).to_contain_text("Eine zweite Person")
        assert page.get_by_role("button", name="Freigeben").count() == 0, "nobody releases an own view"

        with desk.person("leitung") as second:
            second.open("/ansichten")
            proposal = second.page.locator(".views-waiting > li", has_text=NAME)
            assert axe_findings(second.page) == []
            _press(second, proposal, "Freigeben")
            expect(_row(second)).to_contain_text("offiziell")
            second.do(_row(second).get_by_role("link", name=NAME, exact=True).click)
            assert second.page.locator(".pivot").inner_text() == told
            second.follow("/ansichten")
            _press(second, _row(second), "Anheften")
            second.follow("/mein-cockpit")
            tile = second.page.locator(".view-tile", has_text=NAME)
            expect(tile).to_have_count(1)
            assert axe_findings(second.page) == []
            _press(second, tile, "Lösen")
            expect(tile).to_have_count(0)
            assert second.trouble.everything() == []

        author.follow("/ansichten")
        author.do(_row(author).get_by_role("link", name="Verwalten").click)
        expect(page.locator("#inhalt")).to_contain_text("freigegeben von")
        _press(author, page.locator("#inhalt"), "Ansicht zurücknehmen")
        author.follow("/ansichten")
        expect(_row(author)).to_have_count(0)
        assert author.trouble.everything() == []
