"""What opens on a page, and what other roles see: axe in light and dark, on a wide and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESKTOP, MOBILE, Desk, Person
from tests.browser.examine import axe_findings, sideways, small_targets

CITY = "/ozg-fortschritt"
OVERLAYS = ".menu[open] > .menu-list, .search-hits:not([hidden]), .menu-open .navigation"


def _press(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def _search(text: str) -> Callable[[Page], None]:
    def open_search(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.keyboard.type(text)
        expect(page.locator("#suche-hinweis")).not_to_be_empty()

    return open_search


def _all_tables(page: Page) -> None:
    page.evaluate("document.querySelectorAll('.table-button').forEach(b => b.click())")


# What is opened, where, how, and on which screens.
OPENED = {
    "search with hits": ("/", _search("bau"), "both"),
    "search without hits": ("/", _search("quxzy"), "both"),
    "filter": (CITY, _press(".filter-bar details.menu summary"), "both"),
    "stichtag": (CITY, _press("summary:has-text('Stichtag')"), "both"),
    "export of a chart": (CITY, _press(".chart-card .export-menu > summary"), "both"),
    "print": (CITY, _press(".page-actions .export-menu > summary"), "wide"),
    "person": ("/", _press("summary.person"), "both"),
    "tables of charts": (CITY, _all_tables, "both"),
    "tables of town charts": ("/cockpit/bauantraege", _all_tables, "both"),
    "navigation": ("/", _press(".menu-button"), "narrow"),
    "comment": ("/?zahl=ozg_online_share", _press(".remark-open"), "both"),
}
SCREENS = [(what, size) for what, entry in OPENED.items() for size in ("wide", "narrow")
           if entry[2] in ("both", size)]  # fmt: skip
# Pages of the other roles that differ from those the Leitung sees.
OTHERS = [
    *(("fachbereich", path) for path in (
        "/", CITY, "/reifegrad", "/massnahmen", "/ressourcen", "/aufgliederung/ozg_online_share",
        "/datensaetze/services", "/cockpit/bauantraege",
    )),
    *(("controlling", path) for path in (
        "/datenquellen", "/datenquellen?quelle=wirkungsmessung", "/anmerkungen",
        "/vorschlag?kennzahl=capacity_cover_share",
    )),
    *(("verwaltung", path) for path in (
        "/datenquellen?quelle=wirkungsmessung", "/kennzahlen?zahl=ozg_online_share", "/hilfe",
        "/barriere-melden",
    )),
]  # fmt: skip


@pytest.fixture(scope="module")
def writer(desk: Desk) -> Iterator[dict[str, Person]]:
    """One person of the Controlling at a desk and on a phone: who may write has everything to open."""
    with (
        desk.person("controlling", DESKTOP) as wide,
        desk.person("controlling", MOBILE, has_touch=True) as narrow,
    ):
        yield {"wide": wide, "narrow": narrow}


def _faults(page: Page, *, opened: bool = False) -> list[str]:
    targets = small_targets(page, OVERLAYS if opened else "")
    found = [*axe_findings(page, covered=opened), *sideways(page), *targets]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in axe_findings(page, colours_only=True)]
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize(("what", "size"), SCREENS)
def test_axe_finds_nothing_in_what_is_opened(writer: dict[str, Person], what: str, size: str) -> None:
    path, open_it, _ = OPENED[what]
    person = writer[size]
    page = person.open(path)
    open_it(page)
    person.wait()
    assert _faults(page, opened=bool(page.locator(OVERLAYS).count())) == []
    assert person.trouble.everything() == []


@pytest.mark.parametrize("login", ["fachbereich", "controlling", "verwaltung"])
def test_axe_finds_nothing_on_the_pages_of_other_roles(desk: Desk, login: str) -> None:
    found = []
    for size in (DESKTOP, MOBILE):
        with desk.person(login, size) as person:
            for who, path in OTHERS:
                if who == login:
                    person.follow(path)
                    found += [f"{path} {size[0]} {line}" for line in _faults(person.page)]
            assert person.trouble.everything() == []
    assert found == []
