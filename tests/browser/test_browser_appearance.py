"""Light, dark and paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.chromium import Desk, Person

_COLOURS = """
() => [...document.querySelectorAll('.js-plotly-plot')].map(graph => graph.data.map(t =>
  JSON.stringify([t.marker && t.marker.color, t.line && t.line.color, t.fillcolor])).join())
"""
_BACK = "getComputedStyle(document.querySelector('.card')).backgroundColor"


@pytest.fixture
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("leitung") as someone:
        yield someone
        assert someone.trouble.everything() == []


@pytest.mark.parametrize("path", ["/", "/reifegrad", "/budget"])
def test_the_theme_is_kept_after_a_reload_and_every_figure_follows(person: Person, path: str) -> None:
    page = person.open(path)
    light, white = page.evaluate(_COLOURS), page.evaluate(_BACK)
    page.locator(".theme-button").click()
    person.wait()
    page.wait_for_function(f"() => ({_COLOURS})()[0] !== {light[0]!r}")
    dark = page.evaluate(_COLOURS)
    assert all(before != after for before, after in zip(light, dark, strict=True))
    page = person.open(path)
    assert page.evaluate(_COLOURS) == dark
    assert page.evaluate(_BACK) != white
    page.locator(".theme-button").click()
    page.wait_for_function(f"() => ({_COLOURS})()[0] === {light[0]!r}")


@pytest.mark.parametrize("path", ["/", "/budget"])
def test_paper_is_light_and_without_navigation_even_from_a_dark_screen(desk: Desk, path: str) -> None:
    with desk.person("leitung", theme="dark") as person:
        page = person.open(path)
        assert page.evaluate(_BACK) != "rgb(255, 255, 255)"
        page.emulate_media(media="print", color_scheme="dark")
        person.wait()
        for part in ("#navigation", ".search", ".theme-button", ".page-actions", ".bottom-bar"):
            assert not any(item.is_visible() for item in page.locator(part).all()), part
        assert page.evaluate(_BACK) == "rgb(255, 255, 255)"
        ink = page.evaluate("getComputedStyle(document.querySelector('#titel')).color")
        assert max(int(part) for part in ink[4:-1].split(",")) < 100, f"light letters on paper: {ink}"
        assert page.locator("#titel").is_visible()
        labels = page.evaluate(
            "[...document.querySelectorAll('svg.main-svg text')].map(t => getComputedStyle(t).fill)"
        )
        assert not [fill for fill in labels if _is_light(fill)][: len(labels) // 3], "light labels on paper"


def _is_light(fill: str) -> bool:
    return fill.startswith("rgb(") and min(int(part) for part in fill[4:-1].split(",")[:3]) > 180
