"""The colours of a city on every page it sends, the sign-in page included; a faint one stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import request_finished

from dashboard import theme
from dashboard.city_theme import changes, style
from dashboard.settings import Theme
from tests.web_city import make_web_city
from warehouse.errors import ConfigError

GREEN = "[theme]\nhue = 200\n"


def test_index_and_sign_in_page_carry_the_colours_of_the_city(tmp_path: Path) -> None:
    city = make_web_city(tmp_path, GREEN)
    own = style(Theme(hue=200))
    assert f"<style>{own}</style>" in city.client().get("/anmelden").text
    index = city.signed_in("leitung").get("/").text
    assert index.index("tokens.css") < index.index(f"<style>{own}</style>")


def test_a_city_without_colours_sends_no_style(tmp_path: Path) -> None:
    assert "<style>" not in make_web_city(tmp_path).client().get("/anmelden").text


def test_requests_draw_in_the_colours_of_their_city_and_leave_none_behind(tmp_path: Path) -> None:
    seen: list[str] = []
    city = make_web_city(tmp_path, GREEN)

    def note(sender: object, **more: object) -> None:
        seen.append(theme.light()["ist"])

    with request_finished.connected_to(note, city.server):
        city.signed_in("leitung").get("/")
    assert set(seen) == {changes(Theme(hue=200), "hell")["ist"]}
    assert theme.light() == theme.HELL


def test_the_portal_does_not_start_with_colours_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        make_web_city(tmp_path, '[theme.dunkel]\naktion = "#333333"\n')
    assert refused.value.code == "bad_theme" and "(dunkel)" in refused.value.what
