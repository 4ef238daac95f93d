"""The buttons beside the numbers of a scenario: by hand, by keyboard, large enough for a finger."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.chromium import MOBILE, Desk

POSTS = "p-posts-technisch"


def test_a_button_moves_a_number_asks_again_and_keeps_the_focus(desk: Desk) -> None:
    with desk.person("leitung") as person:
        page = person.open("/ressourcen")
        field, more = page.locator(f"#{POSTS}"), page.locator(f"#{POSTS}-mehr")
        expect(field).to_have_value("3,7")
        person.do(more.click)
        assert "p.posts.technisch=4%2C2" in page.url
        expect(field).to_have_value("4,2")
        expect(page.get_by_text("Szenario A mit geänderten Annahmen")).to_be_visible()
        expect(more).to_be_focused()
        person.do(lambda: page.keyboard.press("Enter"))
        assert "p.posts.technisch=4%2C7" in page.url
        person.do(page.get_by_role("link", name="Annahmen der Vorlage wiederherstellen").click)
        expect(field).to_have_value("3,7")
        assert person.trouble.everything() == []


def test_what_is_no_number_is_told_beside_its_field_and_stays_there(desk: Desk) -> None:
    with desk.person("leitung") as person:
        page = person.open("/ressourcen")
        page.locator("#b-cases").fill("viele")
        person.do(lambda: page.keyboard.press("Enter"))
        expect(page.get_by_role("alert")).to_contain_text("Szenario B, Fälle: Bitte nur Zahlen ab 0")
        expect(page.locator("#b-cases")).to_have_value("viele")


def test_buttons_are_large_enough_for_a_finger(desk: Desk) -> None:
    with desk.person("leitung", MOBILE, has_touch=True) as person:
        page = person.open("/ressourcen")
        boxes = [button.bounding_box() for button in page.locator(".step-button").all()]
        assert len(boxes) == 28
        assert all(box and box["width"] >= 44 and box["height"] >= 44 for box in boxes)
