"""Attacks on the interface for programs: tokens, parameters, sizes, methods, headers, speed."""

from __future__ import annotations

import csv
import logging
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from dashboard.api.route import PROGRAMS
from dashboard.app import ANSWERS
from dashboard.lane import BusyError
from dashboard.search.pace import Pace
from tests.example_city import ExampleCity
from tests.programs import ACCOUNTS, Programs, programs
from warehouse.errors import RetriableError

SHARE, LIST = "/metrics/ozg_online_share", "/lists/services"
EXPLORE = "/explore?daten=bestand:einzelleistung_eigen&werte=ozg_online_share&zeilen=fachdienst"
PLACES = (SHARE, LIST, EXPLORE, "/metrics", "/lists", "/status", "/nirgends")
SQL = (
    "'; DROP TABLE core.service; --",
    "\" OR ''='",
    "1) UNION SELECT * FROM meta.source --",
    "(SELECT 1)",
    "read_csv('/etc/passwd')",
    "core.service.service_id",
    "fachdienst DESC, (SELECT getenv('HOME'))",
    "fachdienst; ATTACH 'x.db'",
    "$1",
    "?",
    "{0.__class__}",
    "%' OR 1=1 --",
    "\x00",
    "\ud83d\udeb2".encode("utf-16", "surrogatepass").decode("utf-16"),
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "FD32\r\nSet-Cookie: isek=1",
)
PROBLEM = {"type", "title", "status", "detail", "code"}


@pytest.fixture(scope="module")
def api(example_city: ExampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    found = programs(example_city, f"sqlite:///{tmp_path_factory.mktemp('kladde')}/kladde.sqlite")
    yield found
    found.ledger.close()


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer isek_",
        "Bearer isek_" + "a" * 43,
        "Bearer isek_" + "a" * 44,
        "Bearer " + "a" * 100_000,
        "bearer isek_\u00e4".encode().decode("latin-1"),
        "Basic",
        "Basic !!!",
        "Basic eDp5",
        "Digest username=x",
        "Token isek_" + "a" * 43,
        "' OR 1=1 --",
        "null",
    ],
    ids=lambda value: str(value)[:24],
)
def test_without_a_token_that_counts_every_place_is_the_same_401(api: Programs, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    answers = [api.ask(None, place, headers=headers) for place in PLACES]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1, "it is not said what exists"
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")
    assert set(answers[0].json) >= PROBLEM and answers[0].mimetype == "application/problem+json"


def test_the_cookie_of_a_browser_opens_nothing_and_a_token_opens_no_page(api: Programs) -> None:
    browser = api.browser("leitung")
    assert browser.get("/api/v1/metrics").status_code == 401
    headers = {"Authorization": f"Bearer {api.token('leitung')}"}
    client = api.server.test_client()
    assert client.get("/budget", headers=headers).status_code == 303
    assert client.get("/_suche?q=bau", headers=headers).status_code == 401
    assert client.get("/ausfuhr/budget?als=pdf", headers=headers).status_code == 303


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "Authorization", "bearer"])
def test_a_token_in_the_address_is_refused_and_not_repeated(
    api: Programs, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = api.token("leitung")
    with caplog.at_level(logging.INFO):
        assert api.ask(None, SHARE, query={name: token}).status_code == 401
        answer = api.ask(token, SHARE, query={name: token})
    assert (answer.status_code, answer.json["code"]) == (400, "token_in_address")
    assert token not in answer.text and token not in caplog.text


@pytest.mark.parametrize("payload", SQL, ids=ascii)
def test_i1_what_looks_like_a_statement_is_a_value_or_refused(api: Programs, payload: str) -> None:
    token = api.token("leitung")
    tries: list[tuple[str, dict[str, str]]] = [
        *((SHARE, {name: payload}) for name in ("by", "from", "to", "at", "format", payload)),
        *((SHARE, {f"where.{payload}": "x"}), (SHARE, {"where.": payload})),
        *((LIST, {name: payload}) for name in ("limit", "offset", "order", "format", payload)),
        *((LIST, {f"where.{payload}": "x"}), (f"/metrics/{payload}", {}), (f"/lists/{payload}", {})),
    ]
    for place, query in tries:
        answer = api.ask(token, place, query=query)
        assert answer.status_code in (400, 404, 422), (place, query)
        assert set(answer.json) >= PROBLEM and "\n" not in answer.json["detail"]
        assert "Set-Cookie" not in answer.headers
    for name in (
        "daten",
        "werte",
        "zeilen",
        "spalten",
        "von",
        "zeige",
        "gegen",
        "top",
        "ordnung",
        "f.x",
        payload,
    ):
        place, _, usual = EXPLORE.partition("?")
        asked = {**dict(part.split("=") for part in usual.split("&")), name: payload}
        assert api.ask(token, place, query=asked).status_code in (400, 422), name
    as_value = api.ask(token, SHARE, query={"where.themenfeld": payload})
    assert (as_value.status_code, as_value.json["rows"][0]["value"]) == (200, None)
    assert api.ask(token, LIST, query={"where.bezeichnung": payload}).json["total"] == 0
    assert api.ask(token, LIST, query={"search": payload}).status_code == 200
    assert api.ask(token, SHARE).json["rows"][0]["value"] > 0, "everything is still there"


@pytest.mark.parametrize(
    "name", [":id", "*", "null", "0", "-1", "__class__", "%2e%2e", "a/b", "ozg_online_share.csv"]
)
def test_h6_names_that_are_none_are_a_404(api: Programs, name: str) -> None:
    for kind in ("metrics", "lists"):
        assert api.ask(api.token("leitung"), f"/{kind}/{name}").status_code == 404


def test_h5_records_and_figures_of_other_units_are_not_reached_by_any_filter(api: Programs) -> None:
    token = api.token("meldeamt")
    for name in ("org_unit_id", "fachdienst", "dezernat"):
        for unit in ("FD63", "DEZ4", "STADT", "*", "%", "~"):
            rows = api.ask(token, SHARE, query={f"where.{name}": unit, "by": "fachdienst"}).json["rows"]
            assert {row["fachdienst"] for row in rows} <= {"FD32"}
            found = api.ask(token, LIST, query={f"where.{name}": unit}).json["rows"]
            assert {row["org_unit_id"] for row in found} <= {"FD32"}


@pytest.mark.parametrize(
    ("place", "query", "status"),
    [
        (SHARE, "by=" + "a," * 3000, 414),
        (SHARE, "&".join(f"where.d{n}=1" for n in range(60)), 400),
        (SHARE, "&".join(["where.themenfeld=x"] * 150), 400),
        (SHARE, "where.themenfeld=" + "x" * 500, 400),
        (SHARE, "from=2026-01-01&from=2026-01-02", 400),
        (SHARE, "from=20260101", 400),
        (SHARE, "from=2026-02-30", 400),
        (SHARE, "from=0001-01-01", 422),
        (SHARE, "to=2026-01-01", 422),
        (SHARE, "from=2026-03-01&to=2026-01-01", 422),
        (SHARE, "by=", 400),
        (SHARE, "format=xml", 400),
        (LIST, "limit=0", 400),
        (LIST, "limit=10001", 400),
        (LIST, "limit=1e3", 400),
        (LIST, "limit=%D9%A1", 400),
        (LIST, "offset=99999999999999999999", 400),
        (LIST, "order=nichts", 422),
        ("/metrics", "x=1", 400),
        ("/status", "format=csv", 400),
    ],
)
def test_parameters_that_make_no_sense_are_refused_in_one_shape(
    api: Programs, place: str, query: str, status: int
) -> None:
    answer = api.ask(api.token("leitung"), f"{place}?{query}")
    assert (answer.status_code, answer.json["status"]) == (status, status)
    assert set(answer.json) >= PROBLEM and len(answer.data) < 2000
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_the_interface_reads_only(api: Programs, method: str) -> None:
    for place in (*PLACES, "/openapi.json"):
        answer = api.ask(api.token("leitung"), place, method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    head = api.ask(api.token("leitung"), SHARE, method="HEAD")
    assert (head.status_code, head.data) == (200, b"")


def test_g8_asking_changes_nothing_but_the_day_of_the_last_use(api: Programs) -> None:
    token = api.token("controlling")
    api.ask(token, SHARE)
    before = api.ledger.audit_head()
    for place in PLACES:
        api.ask(token, place)
        api.ask(None, place)
    assert api.ledger.audit_head() == before
    assert all(not api.ledger.sessions_of(api.account(login).id) for login in ("bauamt", "meldeamt"))


def test_names_of_files_are_the_servers_own(api: Programs) -> None:
    token = api.token("leitung")
    answer = api.ask(token, SHARE, query={"format": "csv", "where.themenfeld": 'x"; filename="boese.exe'})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-06-09_ozg_online_share.csv"'


def test_i8_texts_that_spreadsheets_would_run_are_texts_in_both_kinds_of_csv(api: Programs) -> None:
    from dashboard.api.tabular import Tabular, csv_text

    risky = ("=1+1", "+1", "-1", "@x", "\t=1", "|cmd", " =1", "'=1", "\ufeff=1",
             "\x00=1")  # fmt: skip
    table = Tabular((("text", "text"), ("value", "number")), [(text, -1.5) for text in risky])
    for german, number in ((False, "-1.5"), (True, "-1,5")):
        lines = csv_text(table, german=german).splitlines()[1:]
        assert all(re.match(r"\"?'", line) for line in lines), lines
        assert all(line.endswith(number) for line in lines), "negative figures stay figures"
    for german in (False, True):
        (_, line) = csv_text(Tabular((("text", "text"),), [("a;=1+1,=1+1;",)]), german=german).splitlines()
        fields = next(csv.reader([line], delimiter=",")) + next(csv.reader([line], delimiter=";"))
        assert not [field for field in fields if field.startswith("=")], "whatever sign splits the line"


def test_a_token_that_asks_too_fast_waits_and_the_others_do_not(api: Programs) -> None:
    serving: Any = api.server.extensions[PROGRAMS]
    usual, serving.pace = serving.pace, Pace(3, 60.0)
    try:
        token, other = api.fresh("leitung"), api.fresh("leitung")
        answers = [api.ask(token, "/metrics") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert answers[-1].json["code"] == "too_many_requests"
        assert api.ask(other, "/metrics").status_code == 200
    finally:
        serving.pace = usual


def test_heavy_questions_of_programs_and_pages_share_their_turns(
    api: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, token, mine = api.server.extensions[ANSWERS].heavy, api.token("leitung"), api.account("leitung").id
    for lane in (turns.lane, turns.programs):
        monkeypatch.setattr(lane, "_wait_s", 0.05)
    with turns.lane.turn("a"), turns.lane.turn("b"):
        full = api.ask(token, SHARE)
    assert (full.status_code, full.headers["Retry-After"], full.json["code"]) == (503, "5", "busy")
    with turns.of_program(mine):
        own, other = api.ask(token, SHARE), api.ask(api.token("controlling"), SHARE)
    assert (own.status_code, own.json["code"]) == (429, "too_many_requests")
    assert (other.status_code, other.json["code"]) == (503, "busy")
    assert api.ask(token, SHARE).status_code == 200


def test_however_much_programs_ask_a_turn_is_left_for_a_page(
    api: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, go_on = api.server.extensions[ANSWERS].heavy, threading.Event()
    monkeypatch.setattr(turns.programs, "_wait_s", 60)

    def ask(account: str) -> None:
        with suppress(BusyError), turns.of_program(account):
            go_on.wait(60)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, account) for account in ("a", "a", "a", "b", "b", "c", "d", "e")]
        while not turns.lane._running or len(turns.programs._line) < 3:
            pass
        assert len(turns.lane._running) == 1 and not turns.lane._line
        with turns.lane.turn("page"):
            assert len(turns.lane._running) == 2
        go_on.set()
        for one in asked:
            one.result(60)


def test_a_question_that_takes_too_long_is_a_503_that_says_what_to_do(
    api: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, **__: object) -> None:
        raise RetriableError(
            "Die Abfrage dauerte länger als 5 Sekunden", code="query_timeout", next_step="Kürzer fragen"
        )

    monkeypatch.setattr(api.services, "query", slow)
    answer = api.ask(api.token("leitung"), SHARE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.json["next"] == "Kürzer fragen" and "incident" not in answer.json


def test_what_breaks_is_an_incident_without_a_word_about_the_inside(
    api: Programs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("geheimes-inneres")

    monkeypatch.setattr(api.services, "query", broken)
    answer = api.ask(api.token("leitung"), SHARE)
    assert answer.status_code == 500 and answer.json["code"] == "broken"
    assert "geheimes" not in answer.text and answer.json["incident"] in caplog.text
    assert api.account("leitung").id in caplog.text, "the log knows whose program it was"


def test_an_answer_of_too_many_rows_is_refused(api: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.api.answer.MOST_ROWS", 5)
    answer = api.ask(api.token("leitung"), f"{SHARE}?by=fachdienst")
    assert (answer.status_code, answer.json["code"]) == (422, "too_many_rows")
    assert api.ask(api.token("leitung"), SHARE).status_code == 200


def test_foreign_hosts_do_not_reach_the_interface(api: Programs) -> None:
    token = api.token("leitung")
    answer = api.ask(token, SHARE, headers={"Host": "boese.example"})
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"


def test_the_description_names_nothing_of_the_town(api: Programs, example_city: ExampleCity) -> None:
    text = api.server.test_client().get("/api/v1/openapi.json").text
    known = {*example_city.catalog.metrics, *example_city.catalog.lists, "Musterstadt"}
    # Three lists are named like words of every description.
    assert {name for name in known if f'"{name}"' in text} <= {"sources", "parameters", "measures"}
    assert len({login for login, _, _ in ACCOUNTS if login in text}) == 0
