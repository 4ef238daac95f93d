"""Whole answers that are kept: equal to those of Dash alone, never of other rights, never of what moves."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from dash import html
from flask import Flask
from flask.testing import FlaskClient

from dashboard.answers import Answers
from dashboard.app import ANSWERS, WARMER, create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.auth.guard import CALLBACK_PATH
from dashboard.cli.stores import open_reader
from dashboard.lane import Lane
from dashboard.pages import start
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.town_pages import portal_pages
from metrics.catalog import load_catalog
from tests.example_city import ExampleCity
from tests.tiny_city import refresh, write_city
from tests.web_city import field_of, navigate, use_link
from warehouse.errors import RetriableError
from warehouse.ledger import Ledger

PEOPLE = (
    ("leitung", "leitung", ()),
    ("controlling", "controlling", ()),
    ("dezernat", "fachbereichsleitung", ("DEZ4",)),
    ("soziales", "fachbereichsleitung", ("FD50",)),
    ("niemand", "fachbereichsleitung", ("FD32",)),
)
ADDRESSES = (("/", ""), ("/reifegrad", ""), ("/", "?stichtag=2026-03-31"), ("/hilfe", ""))


@dataclass
class Town:
    """A city with its server and people."""

    settings: Settings
    services: Services
    server: Flask

    @property
    def answers(self) -> Answers:
        """What stands in front of Dash."""
        found: Answers = self.server.extensions[ANSWERS]
        return found

    def person(self, login: str) -> FlaskClient:
        """A browser that is signed in."""
        client, ledger = self.server.test_client(), self.services.ledger
        token = issue_link(ledger, self.settings, known_account(ledger, login))
        assert use_link(client, token).status_code == 303
        return client

    def cold(self, client: FlaskClient, path: str, search: str) -> Any:
        """What Dash alone answers when nothing is kept."""
        self.services.cache._entries.clear()
        self.services.snapshot()._recent._kept.clear()
        views = self.server.view_functions
        ours, views[CALLBACK_PATH] = views[CALLBACK_PATH], self.answers._dash
        try:
            return shown(client, path, search)
        finally:
            views[CALLBACK_PATH] = ours


def open_town(settings: Settings, ledger: Ledger) -> Town:
    """Open the server of a city; its ledger holds one account for each of the people."""
    services = Services(settings, load_catalog(settings.city), open_reader(settings), ledger)
    for login, role, units in PEOPLE:
        add_account(
            ledger, settings, login=login, name=f"Person {login}", function="", role=role, units=units
        )
    server = create_app(settings, services)
    # The background must not keep anything while a test counts what is kept.
    server.extensions[WARMER].notice = lambda name: None
    return Town(settings, services, server)


def shown(client: FlaskClient, path: str, search: str = "") -> Any:
    """The answer of a page."""
    answer = navigate(client, path, search)
    assert answer.status_code == 200
    return answer.get_json()


@pytest.fixture(scope="module")
def town(example_city: ExampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("kladde")
    yield open_town(example_city.settings, Ledger(f"sqlite:///{folder}/kladde.sqlite"))


def test_h8_answers_on_warm_caches_equal_cold_ones_whoever_asked_before(town: Town) -> None:
    people = {login: town.person(login) for login, _, _ in PEOPLE}
    cold = {
        (login, address): town.cold(client, *address)
        for login, client in people.items()
        for address in ADDRESSES
    }
    of_one_address = [json.dumps(cold[login, ("/", "")]) for login in people]
    assert len(set(of_one_address)) == len(people), "everybody sees something else"
    chance = random.Random(8)
    for _ in range(400):
        login, address = chance.choice(list(cold))
        assert shown(people[login], *address) == cold[login, address], (login, address)
    assert len(town.answers.store) == len(PEOPLE) * len(ADDRESSES)


def test_h8_a_changed_role_and_changed_units_show_what_they_show_when_cold(town: Town) -> None:
    ledger, login = town.services.ledger, "niemand"
    for role, units in (
        ("leitung", ()),
        ("fachbereichsleitung", ("FD50",)),
        ("fachbereichsleitung", ("FD32",)),
    ):
        shown(town.person("leitung"), "/")
        account = known_account(ledger, login)
        before = town.person(login)
        ledger.set_role(account.id, role, units, who="test")
        assert navigate(before, "/").status_code == 401, "the old rights ended with the session"
        person = town.person(login)
        assert shown(person, "/") == town.cold(person, "/", "")


def test_two_people_of_equal_rights_share_a_drawing_and_keep_their_own_name_and_token(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same initials, so that names and tokens are all that differs.
    words = {"login": "zweite", "name": "Person lotte", "function": "", "role": "leitung"}
    add_account(town.services.ledger, town.settings, **words, units=())
    first, second = town.person("leitung"), town.person("zweite")
    town.answers.store._entries.clear()
    mine = json.dumps(shown(first, "/"))
    monkeypatch.setattr(start, "layout", _must_not_draw)
    other = json.dumps(shown(second, "/"))
    assert "Person leitung" in mine and "Person lotte" in other and "Person leitung" not in other
    assert _token(mine) != _token(other)
    assert mine.replace(_token(mine), "").replace("Person leitung", "") == other.replace(
        _token(other), ""
    ).replace("Person lotte", "")


def _must_not_draw(*_: Any) -> Any:
    raise AssertionError("drawn again")


def _token(text: str) -> str:
    return field_of(text.replace('\\"', '"'), "csrf")


def test_whoever_unpacks_nothing_reads_the_same(town: Town) -> None:
    person = town.person("leitung")
    packed = [
        person.post(
            CALLBACK_PATH,
            json=_body("/"),
            headers={"Origin": "http://localhost", "Accept-Encoding": coding},
        )
        for coding in ("gzip", "identity", "gzip", "identity")
    ]
    assert [answer.headers.get("Content-Encoding") for answer in packed] == ["gzip", None] * 2
    assert {answer.headers["Vary"] for answer in packed} == {"Accept-Encoding"}
    import gzip

    texts = [gzip.decompress(a.data) if a.headers.get("Content-Encoding") else a.data for a in packed]
    assert len(set(texts)) == 1


def _body(path: str) -> dict[str, Any]:
    from dashboard.answers import Asked, question
    from metrics.result import Scope

    return question(Asked("leitung", Scope.city(), path, ()))


def test_a_question_asked_again_by_the_warmer_is_the_one_people_asked(town: Town) -> None:
    person = town.person("leitung")
    shown(person, "/", "?b=2&stichtag=2026-03-31&a=ä%26&b=3")
    asked = town.answers.recent()[0]
    town.answers.store._entries.clear()
    town.answers.prepare(asked)
    assert list(town.answers.store._entries) == [town.answers._key(asked)]


def test_a_run_that_begins_is_on_the_page_of_runs_at_once(town: Town) -> None:
    person = town.person("leitung")
    before = json.dumps(shown(person, "/datenquellen"))
    assert json.dumps(shown(person, "/datenquellen")) == before
    started = datetime(2026, 6, 9, 14, 37, tzinfo=UTC)
    town.services.ledger.start_run("20260609T143700Z-beef", business_date=date(2026, 6, 9), trigger="hand",
                                   started_at=started)  # fmt: skip
    assert json.dumps(shown(person, "/datenquellen")) != before


def test_a_run_and_the_end_of_the_day_are_in_the_frame_at_once_and_pages_are_kept_all_the_same(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, drawn = town.person("leitung"), []
    town.answers.store._entries.clear()
    layout = start.layout
    monkeypatch.setattr(start, "layout", lambda *a: drawn.append(1) or layout(*a))
    for words in ("", "Lauf seit 02:00 Uhr", "Lauf seit 02:00 Uhr", ""):
        monkeypatch.setattr("dashboard.frame.moment.run_words", lambda *_, words=words: words)
        text = json.dumps(shown(person, "/"))
        assert ("Lauf seit 02:00 Uhr" in text) is bool(words)
    assert len(drawn) == 2
    town.answers.store._entries.clear()


def test_what_many_ask_for_at_once_is_drawn_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    people, drawn, layout = [town.person("leitung") for _ in range(6)], [], start.layout
    town.answers.store._entries.clear()

    def slow(*arguments: Any) -> Any:
        drawn.append(1)
        time.sleep(0.3)
        return layout(*arguments)

    monkeypatch.setattr(start, "layout", slow)
    with ThreadPoolExecutor(6) as pool:
        texts = list(pool.map(lambda person: json.dumps(shown(person, "/")), people))
    assert len(drawn) == 1 and len({len(text) for text in texts}) == 1
    assert not town.answers._turns._turns


HeldUp = tuple[threading.Semaphore, threading.Event]


@pytest.fixture
def held_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldUp]:
    """Drawings of Start: each says that it has begun and goes on when it may."""
    begun, go_on, layout = threading.Semaphore(0), threading.Event(), start.layout
    town.answers.store._entries.clear()

    def slow(*arguments: Any) -> Any:
        begun.release()
        assert go_on.wait(60)
        return layout(*arguments)

    monkeypatch.setattr(start, "layout", slow)
    yield begun, go_on
    go_on.set()
    town.answers.store._entries.clear()


DAYS = ("?stichtag=2026-03-31", "?stichtag=2026-04-30")


def test_pages_are_drawn_one_after_the_other_and_what_is_kept_is_answered_meanwhile(
    town: Town, held_up: HeldUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = held_up
    monkeypatch.setattr(town.answers, "_lane", Lane(patience_s=60))
    people = [town.person("leitung") for _ in range(3)]
    shown(people[2], "/reifegrad")
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(shown, person, "/", day) for person, day in zip(people, DAYS, strict=False)]
        assert begun.acquire(timeout=60)
        assert shown(people[2], "/reifegrad") and not any(future.done() for future in waiting)
        assert not begun.acquire(timeout=0.2), "the second waits until the first is done"
        go_on.set()
        assert all(future.result(60) for future in waiting)


def test_a_page_that_takes_very_long_does_not_hold_up_the_others_for_as_long(
    town: Town, held_up: HeldUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = held_up
    monkeypatch.setattr(town.answers, "_lane", Lane(patience_s=0.1))
    people = [town.person("leitung") for _ in range(2)]
    with ThreadPoolExecutor(1) as pool:
        stuck = pool.submit(shown, people[0], "/", DAYS[0])
        assert begun.acquire(timeout=60)
        assert shown(people[1], "/wirkungen", DAYS[0]) and not stuck.done()
        go_on.set()
        assert stuck.result(60)


def test_a_page_of_what_people_enter_is_kept_until_something_is_entered(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, ledger, drawn = town.person("leitung"), town.services.ledger, []

    def layout(services: Services, *_: Any) -> Any:
        drawn.append(services.entered.last_change())
        return html.H1(f"Stand {drawn[-1]}")

    monkeypatch.setattr(start, "layout", layout)
    town.answers.store._entries.clear()
    first = shown(person, "/")
    town.person("controlling")
    assert shown(person, "/") == first and len(drawn) == 1, "signing in enters nothing"
    ledger.record("test", "comment.added", {})
    assert shown(person, "/") != first and len(drawn) == 2
    shown(person, "/")
    assert len(drawn) == 2
    town.answers.store._entries.clear()


def test_a_page_with_a_failure_that_passes_is_not_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    person = town.person("controlling")
    town.answers.store._entries.clear()
    with monkeypatch.context() as broken:

        def fail(*_: Any, **__: Any) -> Any:
            raise RetriableError("gerade nicht", code="query_timeout")

        broken.setattr("dashboard.services.query", fail)
        town.services.cache._entries.clear()
        failed = shown(person, "/")
    assert not len(town.answers.store)
    assert shown(person, "/") != failed
    assert shown(person, "/") == town.cold(person, "/", "")


def test_a_publication_is_shown_at_once_and_prepared_for_what_was_asked_before(tmp_path: Path) -> None:
    settings = write_city(tmp_path)
    refresh(settings)
    town = open_town(settings, Ledger(settings.ledger_url))
    person = town.person("leitung")
    shown(person, "/", "?stichtag=2026-05-31")
    kept = len(town.answers.store)
    refresh(settings)
    name = town.services.reader.current().name
    town.server.extensions[WARMER].fill()
    prepared = {key.asked for key in town.answers.store._entries if key.snapshot == name}
    assert kept == 1 and any(asked.params for asked in prepared)
    assert {asked.role for asked in prepared} >= {"leitung", "controlling"}
    assert shown(person, "/") == town.cold(person, "/", "")


def test_pages_drawn_for_the_whole_city_are_not_drawn_again_for_the_catalogue(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = town.person("controlling")
    town.services.cache._entries.clear()
    town.answers.store._entries.clear()
    for page in ("/", "/ozg-fortschritt", "/wirkungen"):
        shown(person, page)
    monkeypatch.setattr(start, "layout", _must_not_draw)
    text = json.dumps(shown(person, "/kennzahlen", "?kennzahl=ozg_online_share"), ensure_ascii=False)
    assert "Leitkennzahl und Leistungen online" in text


@pytest.mark.parametrize("login", ["leitung", "controlling", "dezernat"])
def test_every_cockpit_is_drawn_for_rights_and_not_for_a_person(town: Town, login: str) -> None:
    person = town.person(login)
    town.answers.store._entries.clear()
    groups = ("", "Cockpits", "Cockpits der Stadt")
    cockpits = [i.page.path for i in portal_pages(town.services) if i.page.group in groups and i.page.icon]
    for path in cockpits:
        shown(person, path)
    kept = [key.asked.path for key in town.answers.store._entries]
    assert len(cockpits) > 8 and kept == cockpits
