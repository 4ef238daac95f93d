"""What an open page asks by itself: newer data, a run, the end of the session; and how a person stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.nights_town import NEXT, Visit, make_nights, settle_threads
from tests.tiny_city import NOON, refresh
from tests.web_city import ORIGIN, WebCity, callback, make_web_city, navigate
from warehouse.pointer import read_pointer
from warehouse.publish import Warehouse

IDLE_S = 30 * 60


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    yield
    settle_threads()


@pytest.fixture
def web(tmp_path: Path) -> WebCity:
    return make_web_city(tmp_path)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 6, 9, 8, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def _token(client: FlaskClient) -> str:
    return str(navigate(client, "/").text.split('"children":"')[-1].split('"')[0])


def _stay(client: FlaskClient, token: str) -> int:
    return client.post("/sitzung/verlaengern", data={"csrf": token}, headers=ORIGIN).status_code


def test_g6_the_pulse_tells_the_seconds_left_and_keeps_no_session_alive(
    web: WebCity, clock: time_machine.Traveller
) -> None:
    client = web.signed_in("leitung")
    left = []
    for _ in range(5):
        left.append(client.get("/puls").json["rest"])
        clock.shift(timedelta(minutes=6))
    assert left == [IDLE_S - 360 * i for i in range(5)]
    assert client.get("/puls").status_code == 401
    assert callback(client, "start").status_code == 401


def test_m9_one_press_before_the_end_keeps_the_session(web: WebCity, clock: time_machine.Traveller) -> None:
    client = web.signed_in("leitung")
    token = _token(client)
    clock.shift(timedelta(minutes=28, seconds=30))
    assert client.get("/puls").json == {"stand": None, "lauf": "", "rest": 90, "verlaengerbar": True}
    answer = client.post("/sitzung/verlaengern", data={"csrf": token}, headers=ORIGIN)
    assert answer.json == {"rest": IDLE_S, "verlaengerbar": True}
    clock.shift(timedelta(minutes=29))
    assert callback(client, "start").status_code == 200


def test_m9_staying_counts_even_seconds_after_the_last_click(
    web: WebCity, clock: time_machine.Traveller
) -> None:
    client = web.signed_in("leitung")
    token = _token(client)
    clock.shift(timedelta(seconds=20))
    assert _stay(client, token) == 200
    assert client.get("/puls").json["rest"] == IDLE_S


def test_nobody_stays_beyond_the_longest_time_of_a_session(
    web: WebCity, clock: time_machine.Traveller
) -> None:
    client = web.signed_in("leitung")
    token = _token(client)
    for _ in range(19):
        clock.shift(timedelta(minutes=25))
        assert _stay(client, token) == 200
    told = client.get("/puls").json
    assert told["verlaengerbar"] is False and told["rest"] == 5 * 60
    clock.shift(timedelta(minutes=5))
    assert client.get("/puls").status_code == 401


def test_g7_staying_needs_the_token_and_an_own_page(web: WebCity) -> None:
    client = web.signed_in("leitung")
    token = _token(client)
    assert _stay(client, "falsch") == 403
    foreign = {"Origin": "https://boese.example"}
    assert client.post("/sitzung/verlaengern", data={"csrf": token}, headers=foreign).status_code == 403
    assert web.client().post("/sitzung/verlaengern", data={}, headers=ORIGIN).status_code == 401


def test_the_pulse_names_the_state_that_counts_and_the_run_that_goes_on(tmp_path: Path) -> None:
    town = Visit(make_nights(tmp_path / "stadt"))
    client = town.client("controlling")
    before = client.get("/puls").json
    assert before["stand"] == read_pointer(town.settings.warehouse_dir) and before["lauf"] == ""
    with Warehouse(town.settings.warehouse_dir).lock():
        town.ledger.start_run("r9", business_date=NEXT, trigger="hand")
        words = client.get("/puls").json["lauf"].replace("\xa0", " ")
        page = navigate(client, "/").text.replace("\\u00a0", " ").replace("\xa0", " ")
    assert words.startswith("Lauf seit ") and words in page, "header and pulse say the same"
    assert client.get("/puls").json["lauf"] == "", "a run whose process is gone goes on no more"
    assert refresh(town.settings, day=NEXT, now=NOON + timedelta(days=1, hours=2)).state == "published"
    assert client.get("/puls").json["stand"] != before["stand"]
