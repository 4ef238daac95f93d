"""The route behind the search: for signed-in people only, short answers, a limit, only what may open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.search import route
from dashboard.search.index import FIGURES, SERVICES
from dashboard.search.pace import QUESTIONS
from dashboard.search.ranking import Hits, entry
from tests.web_city import WebCity, make_web_city


@pytest.fixture
def web(tmp_path: Path) -> WebCity:
    return make_web_city(tmp_path)


def titles(answer: Any) -> list[str]:
    return [hit[0] for group in answer.json["gruppen"] for hit in group["treffer"]]


def test_without_a_session_nothing_is_said(web: WebCity) -> None:
    answer = web.client().get("/_suche?q=budget")
    assert answer.status_code == 401
    assert "Budget" not in answer.text


@pytest.mark.parametrize(
    ("login", "found"), [("leitung", True), ("controlling", True), ("fachbereich", False)]
)
def test_a_page_is_found_by_those_who_may_open_it(web: WebCity, login: str, found: bool) -> None:
    answer = web.signed_in(login).get("/_suche?q=budget")
    assert answer.status_code == 200
    assert ("Budget streng" in titles(answer)) is found
    assert found or answer.json["satz"].startswith("Keine Treffer für „budget“.")


def test_the_answer_is_never_kept_and_changes_nothing(web: WebCity) -> None:
    client = web.signed_in("leitung")
    answer = client.get("/_suche?q=quellen")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/json"
    assert client.post("/_suche?q=quellen").status_code in (403, 405)


@pytest.mark.parametrize("typed", ["", "   ", "%00", "%ff%fe", "x" * 5000, ".*", "%F0%9F%8F%9B"])
def test_whatever_is_typed_gets_a_short_answer(web: WebCity, typed: str) -> None:
    answer = web.signed_in("leitung").get(f"/_suche?q={typed}")
    assert answer.status_code == 200
    assert titles(answer) == []
    assert len(answer.data) < 4096


def test_who_asks_without_end_is_asked_to_wait_and_others_are_not(web: WebCity) -> None:
    one, other = web.signed_in("leitung"), web.signed_in("controlling")
    statuses = [one.get("/_suche?q=lage").status_code for _ in range(QUESTIONS + 1)]
    assert statuses == [200] * QUESTIONS + [429]
    refused = one.get("/_suche?q=lage")
    assert int(refused.headers["Retry-After"]) >= 1
    assert "einen Moment warten" in refused.json["satz"]
    assert other.get("/_suche?q=lage").status_code == 200


def test_an_answer_stays_small_whatever_the_titles_are() -> None:
    shown = tuple(
        entry(SERVICES, "ß" * 300, "ü" * 200, f"/datensatz/services/{'%C3%BC' * 60}") for _ in range(12)
    )
    answer = route.answer_of(Hits(shown, 500), "ß")
    size = len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())
    assert 0 < size <= route.MOST_BYTES
    count = sum(len(group["treffer"]) for group in answer["gruppen"])
    assert 0 < count < 12
    assert answer["satz"] == f"500 Treffer, {count} gezeigt. Weitere Wörter grenzen ein."


def test_the_sentence_counts_and_names_what_was_typed() -> None:
    assert route.sentence(1, 1, "x") == "1 Treffer."
    assert route.sentence(0, 0, "  a   b ").startswith("Keine Treffer für „a b“.")
    assert route.sentence(0, 0, " ") == ""


def test_groups_stand_in_one_order_and_empty_ones_are_left_out() -> None:
    hits = Hits((entry(SERVICES, "b", "", "/b"), entry(FIGURES, "a", "N", "/a")), 2)
    assert [group["titel"] for group in route.answer_of(hits, "a")["gruppen"]] == [FIGURES, SERVICES]


def test_the_route_is_the_only_one_the_search_adds(web: WebCity) -> None:
    assert isinstance(web.server, Flask)
    assert [rule.rule for rule in web.server.url_map.iter_rules() if rule.endpoint == "search"] == ["/_suche"]
