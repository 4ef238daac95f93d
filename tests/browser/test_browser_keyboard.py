"""Without a mouse: order of the stops, visible focus, filter menus, origin panel, no trap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import Desk, Person

ZONES = ("skip", "header", "navigation", "title", "filters", "cards")
_STOP = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const bar = e.closest('.filter-bar');
  const zone = e.closest('.skip-links') ? 'skip' : e.closest('.header') ? 'header'
    : e.closest('#navigation') ? 'navigation' : e.closest('.page-head, .info-bar') ? 'title'
    // A list further down may have filters of its own; they belong to it.
    : bar && bar === document.querySelector('.filter-bar') ? 'filters'
    : e.closest('#inhalt') ? 'cards' : 'elsewhere';
  // The ring may lie around the frame of the search or around the whole tile.
  const rings = [[e, null], [e, '::after'], [e.closest('.search') || e, null]].map(([element, part]) => {
    const style = getComputedStyle(element, part);
    return style.outlineStyle !== 'none' ? parseFloat(style.outlineWidth) : 0;
  });
  const box = e.getBoundingClientRect();
  return {
    zone, name: (e.getAttribute('aria-label') || e.innerText || e.id || e.tagName).trim().slice(0, 50),
    ring: Math.max(...rings),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}
"""
# Between the last and the first stop the focus may rest on the window itself.
_OUTSIDE = """
() => {
  const e = document.activeElement;
  return e === document.body || e.closest('.drawer') ? '' : e.innerText || e.outerHTML.slice(0, 80);
}
"""


@pytest.fixture
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("leitung") as someone:
        yield someone
        assert someone.trouble.everything() == []


def _walk(person: Person, path: str) -> list[dict[str, Any]]:
    """Press Tab until the focus leaves the page; a trap would never let it."""
    page = person.open(path)
    stops = []
    for _ in range(300):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError(f"the focus never leaves {path}: {[s['name'] for s in stops[-8:]]}")


@pytest.mark.parametrize("path", ["/", "/ozg-fortschritt", "/budget", "/datenquellen"])
def test_tab_walks_from_the_skip_links_to_the_cards_and_is_always_visible(person: Person, path: str) -> None:
    stops = _walk(person, path)
    assert stops[0]["name"] == "Zum Inhalt"
    order = [ZONES.index(stop["zone"]) for stop in stops]
    back = [stops[i]["name"] for i in range(1, len(stops)) if order[i] < order[i - 1]]
    assert not back, "the order jumps back"
    assert set(order) >= {ZONES.index(zone) for zone in ("skip", "header", "navigation", "cards")}
    assert not [stop for stop in stops if stop["ring"] < 2 or not stop["seen"]]


def test_the_first_skip_link_leads_to_the_content(person: Person) -> None:
    page = person.open("/ozg-fortschritt")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "titel"
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('#inhalt'))")


def test_a_filter_menu_opens_with_enter_is_walked_with_arrows_and_closes_with_escape(person: Person) -> None:
    page = person.open("/ozg-fortschritt")
    summary = page.locator(".filter-bar summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert summary.evaluate("e => e.parentElement.open")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.classList.contains('menu-item')")
    page.keyboard.press("Escape")
    assert not summary.evaluate("e => e.parentElement.open")
    assert summary.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    person.do(lambda: page.keyboard.press("Enter"))
    assert "?" in page.url


def test_an_export_is_fetched_by_keyboard_alone_and_the_page_stays(person: Person) -> None:
    page = person.open("/ozg-fortschritt")
    summary = page.locator(".chart-card .export-menu > summary").first
    assert summary.inner_text().startswith("Exportieren")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText").startswith("Excel (.xlsx)")
    page.keyboard.press("ArrowDown")
    with page.expect_download() as fetched:
        page.keyboard.press("Enter")
    assert fetched.value.suggested_filename == "2026-06-09_ozg-fortschritt_verlauf.csv"
    assert page.locator("#titel").inner_text() == "OZG-Fortschritt"
    page.keyboard.press("Escape")
    assert summary.evaluate("e => e === document.activeElement && !e.parentElement.open")


@pytest.mark.parametrize("path", ["/", "/reifegrad", "/wirkungen"])
def test_the_origin_panel_is_opened_read_and_closed_by_keyboard(person: Person, path: str) -> None:
    page = person.open(path)
    link = page.locator("#inhalt a[data-origin]").first
    name = link.inner_text()
    link.focus()
    person.do(lambda: page.keyboard.press("Enter"))
    page.wait_for_function("() => document.activeElement.closest('.drawer')")
    page.keyboard.press("Tab")
    for _ in range(page.locator(".drawer a, .drawer button, .drawer summary").count() + 2):
        outside = page.evaluate(_OUTSIDE)
        assert not outside, f"the focus left the open panel for „{outside}“"
        page.keyboard.press("Tab")
    person.do(lambda: page.keyboard.press("Escape"))
    page.wait_for_function("() => document.activeElement.hasAttribute('data-origin')")
    assert page.evaluate("document.activeElement.innerText") == name
