"""Heavy questions over the web: cheap pages go on, the one who asks cancels, and nobody else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from dash import html
from flask import Flask
from flask.testing import FlaskClient

from dashboard.answers import Answers
from dashboard.app import ANSWERS, WARMER, create_app
from dashboard.auth.viewer import Viewer
from dashboard.explorer.cancel_route import ADDRESS, CANCEL
from dashboard.lane import HeavyLane
from dashboard.page import Page, PageModule
from dashboard.services import Services
from tests.warehouse_parts import publish_city
from tests.web_city import ORIGIN, WebCity, field_of, make_web_city, navigate, use_link
from warehouse.errors import IsekError
from warehouse.publish import Warehouse
from warehouse.store import SnapshotReader

ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range <> b.range + $1"
QUESTION = "?daten=liste:services&zeilen=themenfeld"


@dataclass
class Portal:
    """A server with a cheap page and one that asks a question without end, unless it is told not to."""

    web: WebCity
    services: Services
    server: Flask
    drawn: list[str] = field(default_factory=list)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def answers(self) -> Answers:
        """What stands in front of Dash."""
        found: Answers = self.server.extensions[ANSWERS]
        return found

    def person(self, login: str) -> FlaskClient:
        """A browser that is signed in."""
        client = self.server.test_client()
        assert use_link(client, self.web.token(login)).status_code == 303
        return client

    def heavy(self, services: Services, viewer: Viewer, params: Mapping[str, str]) -> Any:
        """The page of the question."""
        if "leicht" in params:
            return html.H1("gerechnet")
        if "eigen" in params:
            self.drawn.append(type(viewer).__name__)
            return html.H1(f"für {viewer.name}")
        self.begun.release()
        try:
            number = int(params.get("nr", "0"))
            services.kept(
                ("heavy", number), lambda: services.snapshot().query(ENDLESS, [number], timeout_s=100)
            )
        except IsekError as error:
            return html.H1(f"{error.code}: {error.what}")
        return html.H1("fertig")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    web = make_web_city(tmp_path)
    publish_city(Warehouse(web.settings.warehouse_dir))
    reader = SnapshotReader(web.settings.warehouse_dir, temp_directory=web.settings.temp_dir)
    catalog = cast("Any", SimpleNamespace(metrics={}, lists={}))
    services = Services(web.settings, catalog, reader, web.ledger)
    made = Portal(web, services, web.server)
    pages = (
        _page(Page("start", "/", "Lagebild"), lambda *_: html.H1("billig")),
        _page(Page("ozg", "/explorer", "Explorer"), made.heavy),
    )
    made.server = create_app(web.settings, services, pages, _frame)
    made.server.extensions[WARMER].notice = lambda name: None
    yield made


def _page(page: Page, layout: Any) -> PageModule:
    module = SimpleNamespace(PAGE=page, layout=layout, register=lambda app, services: None)
    return PageModule(page, cast("Any", module))


def _frame(services: Services, viewer: Viewer, page: Page, params: Mapping[str, str], content: Any) -> Any:
    gap = getattr(viewer, "gap", "")
    return html.Div([content, html.Span(gap)])


def asked(client: FlaskClient, path: str, search: str = "") -> str:
    """What a person reads."""
    answer = navigate(client, path, search)
    assert answer.status_code == 200
    return json.dumps(answer.get_json(), ensure_ascii=False)


def press(client: FlaskClient, address: str, token: str | None = None) -> int:
    """Press „Abbrechen“; return the status."""
    csrf = field_of(asked(client, "/").replace('\\"', '"'), "csrf") if token is None else token
    return client.post(CANCEL, data={"csrf": csrf, ADDRESS: address}, headers=ORIGIN).status_code


def test_while_heavy_questions_run_cheap_pages_are_drawn_and_only_the_asker_cancels(portal: Portal) -> None:
    mine, other = portal.person("leitung"), portal.person("leitung")
    with ThreadPoolExecutor(4) as pool:
        heavy = pool.submit(asked, mine, "/explorer", QUESTION)
        assert portal.begun.acquire(timeout=60)
        assert "billig" in asked(mine, "/") and "gerechnet" in asked(other, "/explorer", "?leicht=1")
        assert press(other, f"/explorer{QUESTION}") == 204, "somebody else may say so,"
        assert press(mine, f"/explorer{QUESTION}", token="falsch") == 403
        assert press(mine, "/explorer?daten=anders") == 204
        assert not heavy.done(), "but it ends nothing"
        assert press(mine, "/explorer?zeilen=themenfeld&daten=liste:services") == 204
        assert "query_cancelled: Die Auswertung wurde abgebrochen" in heavy.result(60)
    assert [key.asked.params for key in portal.answers.store._entries if key.asked.path == "/explorer"] == [
        (("leicht", "1"),)
    ], "what was cancelled is kept nowhere"
    assert not [key for key in portal.services.cache._entries if "heavy" in key]
    assert portal.services.snapshot().query("SELECT count(*) FROM core.thing")


def test_who_gets_no_turn_sees_what_is_computed_already_and_why_the_rest_is_missing(portal: Portal) -> None:
    portal.answers.heavy.lane = HeavyLane(line=2, wait_s=0.2)
    people = [portal.person(login) for login in ("leitung", "controlling", "fachbereich")]
    addresses = [f"?nr={number}" for number in (1, 2)]
    with ThreadPoolExecutor(4) as pool:
        heavy = [pool.submit(asked, person, "/explorer", address)
                 for person, address in zip(people, addresses, strict=False)]  # fmt: skip
        assert all(portal.begun.acquire(timeout=60) for _ in heavy)
        portal.services.cache.get_or_compute(("heavy", 3), lambda: [(3,)])
        assert "fertig" in asked(people[2], "/explorer", "?nr=3")
        assert "busy: Gerade werden mehrere große" in asked(people[2], "/explorer", "?nr=4")
        assert not any(future.done() for future in heavy)
        for person, address in zip(people, addresses, strict=False):
            assert press(person, f"/explorer{address}") == 204
        assert all("query_cancelled" in future.result(60) for future in heavy)
    kept = [key for key in portal.answers.store._entries if key.asked.path == "/explorer"]
    assert not kept, "a page without a turn may be poorer than it has to be"


def test_the_same_question_of_two_people_is_not_cancelled_for_the_second(portal: Portal) -> None:
    first, second = portal.person("leitung"), portal.person("leitung")
    with ThreadPoolExecutor(2) as pool:
        asked_first = pool.submit(asked, first, "/explorer", QUESTION)
        assert portal.begun.acquire(timeout=60)
        asked_second = pool.submit(asked, second, "/explorer", QUESTION)
        assert press(first, f"/explorer{QUESTION}") == 204
        assert "query_cancelled" in asked_first.result(60)
        assert portal.begun.acquire(timeout=60), "the second asks for itself"
        assert not asked_second.done() and press(second, f"/explorer{QUESTION}") == 204
        assert "query_cancelled" in asked_second.result(60)


def test_a_heavy_page_of_one_person_is_drawn_once_for_that_person(portal: Portal) -> None:
    mine, other = portal.person("leitung"), portal.person("controlling")
    for _ in range(2):
        assert "für Person leitung" in asked(mine, "/explorer", "?eigen=1")
        assert "für Person controlling" in asked(other, "/explorer", "?eigen=1")
    assert portal.drawn == ["Somebody", *["Viewer"] * 4], "only the first tells that it is about a person"


def test_the_button_is_only_for_people_who_may_ask_and_for_addresses(portal: Portal) -> None:
    anonymous = portal.server.test_client()
    assert anonymous.post(CANCEL, data={ADDRESS: "/explorer"}, headers=ORIGIN).status_code == 401
    client = portal.person("leitung")
    assert client.get(CANCEL).status_code == 404
    for strange in ("//[", "x" * 600, f"/explorer?{'a' * 5000}", f"/explorer?{'a=1&' * 60}"):
        assert press(client, strange) == 400
    assert press(client, "") == 204, "no address is nobody's"
