"""A comment by keyboard: written in the origin panel, marked in the chart after a reload."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.chromium import Desk, Person

PANEL = "/ozg-fortschritt?zahl=ozg_online_share"
TEXT = "Neue Zählweise ab diesem Monat, abgestimmt mit dem Controlling <b>fett</b>."


def _tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until the wanted stop has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def _sent(person: Person, action: Callable[[], object]) -> None:
    """Send a form and wait for the page it leads to."""
    person.page.evaluate("window.before = true")
    action()
    person.page.wait_for_function(
        "() => !window.before && document.readyState === 'complete'", timeout=20_000
    )
    person.wait()


def _write(person: Person) -> None:
    page = person.page
    _tab_to(page, ".remark-open")
    page.keyboard.press("Enter")
    _tab_to(page, "#anmerkung-art", 3)
    _tab_to(page, "#anmerkung-monat", 3)
    page.keyboard.press("ArrowDown")
    _tab_to(page, "#anmerkung-text", 3)
    page.keyboard.type(TEXT)
    _tab_to(page, ".remark-form button", 3)
    _sent(person, lambda: page.keyboard.press("Enter"))


def test_a_comment_is_written_by_keyboard_and_its_mark_is_there_after_a_reload(desk: Desk) -> None:
    with desk.person("controlling") as person:
        person.open(PANEL)
        _write(person)
        page = person.page
        assert "zahl=ozg_online_share" in page.url
        assert TEXT in page.inner_text(".remarks")
        person.open("/ozg-fortschritt")
        card = page.locator("[data-chart=ozg-verlauf]")
        number = card.locator(".mark-list li", has_text=TEXT).locator(".mark-number").inner_text()
        assert card.locator(".mark-list b").count() == 0
        labels = card.locator("svg.main-svg .annotation-text").all_text_contents()
        assert any(label.split(" ")[0].startswith(number) for label in labels)
        assert TEXT in card.locator("figcaption").inner_text()
        card.locator("[data-action=table]").click()
        assert TEXT in card.locator(".chart-table").inner_text()
        assert not person.trouble.everything()


def test_who_may_not_write_reads_the_comment_and_finds_no_form(desk: Desk) -> None:
    with desk.person("leitung") as person:
        page = person.open(PANEL)
        assert "Einführung Bürgerportal" in page.inner_text(".remarks")
        assert page.locator(".remark-form").count() == 0


def test_a_proposal_is_changed_and_the_start_page_shows_it(desk: Desk) -> None:
    with desk.person("controlling") as person:
        page = person.open("/vorschlag?kennzahl=capacity_cover_share")
        page.fill("#feld-text", "Zwei Stellen befristet besetzen, Deckung aus dem Personalbudget.")
        _sent(person, lambda: page.press("#feld-titel", "Enter"))
        assert "Gespeichert" in page.inner_text(".info-bar:last-of-type, .proposal-page")
        person.open("/")
        assert "Zwei Stellen befristet besetzen" in page.inner_text(".points")
        assert not person.trouble.everything()
