"""Before the portal and beside it: sign-in, one-time link, refusals; seen in every look and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESKTOP, Desk
from tests.browser.examine import SPACING, cut_text, faults_in_every_look, focus_faults, sideways

# Where the title and the language of a page have to be said.
_PAGE = "[document.documentElement.lang, document.title, document.querySelectorAll('h1').length]"


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """A window of somebody who is not signed in."""
    context = desk.browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="de-DE")
    yield context.new_page()
    context.close()


def _stands_the_test(page: Page, heading: str) -> None:
    lang, title, headings = page.evaluate(_PAGE)
    assert (lang, headings) == ("de", 1) and title.startswith(heading)
    assert page.locator("main h1").inner_text() == heading
    assert faults_in_every_look(page) == []
    style = page.add_style_tag(content=SPACING)
    assert sideways(page) + cut_text(page) == []
    style.evaluate("style => style.remove()")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) + cut_text(page) == []


def test_the_sign_in_page_before_and_after_a_wrong_password(desk: Desk, page: Page) -> None:
    page.goto(desk.portal.base + "/anmelden?ziel=/budget")
    assert page.evaluate("document.activeElement.id") == "login"
    _stands_the_test(page, "Anmelden")
    page.goto(desk.portal.base + "/anmelden?ziel=/budget")
    expect(page.locator("#login")).to_be_focused()
    page.keyboard.type("niemand")
    assert focus_faults(page) == []
    page.keyboard.press("Tab")
    page.keyboard.type("ein falsches Passwort")
    assert focus_faults(page) == []
    page.keyboard.press("Tab")
    assert focus_faults(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Anmeldename oder Passwort stimmen nicht.")
    assert page.locator("#login").input_value() == "niemand", "what was typed is kept"
    assert page.locator("#login").get_attribute("aria-describedby") == "fehler"
    _stands_the_test(page, "Anmelden")


def test_a_one_time_link_and_one_that_is_used_up(desk: Desk, page: Page) -> None:
    link = desk.portal.link("leitung")
    page.goto(link)
    _stands_the_test(page, "Anmelden")
    page.goto(link)
    expect(page.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("#inhalt h1", timeout=20_000)
    page.context.clear_cookies()
    page.goto(link)
    page.click("button[type=submit]")
    _stands_the_test(page, "Link ungültig")


def test_a_page_that_is_forbidden_one_that_is_missing_and_a_file_that_is_refused(desk: Desk) -> None:
    with desk.person("verwaltung") as person:
        for path, status, heading in (
            ("/budget", 403, "Keine Berechtigung"),
            ("/gibt-es-nicht", 404, "Seite nicht gefunden"),
            ("/ausfuhr/datenquellen?karte=gibt-es-nicht&als=csv", 404, "Ansicht nicht gefunden"),
            ("/ausfuhr/datenquellen?als=exe", 400, "Export nicht möglich"),
        ):
            answer = person.page.goto(person.portal.base + path)
            assert answer and answer.status == status, path
            _stands_the_test(person.page, heading)


def test_a_comment_without_words_is_named_at_its_field_and_what_was_chosen_is_kept(desk: Desk) -> None:
    with desk.person("controlling") as person:
        page = person.open("/ozg-fortschritt?zahl=ozg_online_share")
        page.locator(".remark-open").click()
        page.locator(".remark-form").evaluate("form => { form.noValidate = true; form.submit(); }")
        page.wait_for_load_state()
        field = page.locator("#text")
        assert field.get_attribute("aria-invalid") == "true"
        told = page.locator("#" + (field.get_attribute("aria-describedby") or "").split()[0]).inner_text()
        assert told in page.get_by_role("alert").inner_text()
        _stands_the_test(page, "Anmerkung nicht gespeichert")
