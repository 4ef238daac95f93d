"""The HTTP client against real servers: patience, refusals, credentials, limits."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from connectors.http.client import Client
from connectors.http.settings import HttpSettings
from tests.web_services import Answers, Asked, Reply, Service, as_json, as_text, web_context
from warehouse.errors import AccessError, ConfigError, ContractError, RetriableError


class Naps(list[float]):
    """A sleep that only notes how long."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client(url: str, city: Path, *, tries: int = 5, sleep: Any = None, **settings: Any) -> Client:
    declared = HttpSettings(url=url, allow_http=True, **settings)
    return Client(declared, web_context(city, tries=tries), "probe", sleep=Naps() if sleep is None else sleep)


def test_a_path_goes_behind_the_base_address_and_numbers_stay_exact(tmp_path: Path) -> None:
    with (
        Service(Reply(body=b'{"betrag": 12.10, "id": 9007199254740993}')) as service,
        client(f"{service.url}/api/", tmp_path) as web,
    ):
        answer = web.get("v1/items", {"q": "a b"})
        assert str(answer.json()["betrag"]) == "12.10"
        assert answer.json()["id"] == 9007199254740993
        assert service.asked[0].path == "/api/v1/items"
        assert service.asked[0].query == {"q": "a b"}
        assert service.asked[0].headers["user-agent"] == "isek-portal"
        assert len(web.delivery_hash) == 64


def test_b4_a_429_is_retried_after_the_time_it_names(tmp_path: Path) -> None:
    naps = Naps()
    busy = as_json({}, 429, Retry_After="7")
    with Service(busy, as_json([1])) as service, client(service.url, tmp_path, sleep=naps) as web:
        assert web.get("x").json() == [1]
    assert len(naps) == 1 and 7 <= naps[0] < 9


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_b4_a_broken_service_is_asked_five_times_with_growing_pauses(tmp_path: Path, status: int) -> None:
    naps = Naps()
    with Service(as_json({}, status)) as service, client(service.url, tmp_path, sleep=naps) as web:
        with pytest.raises(RetriableError) as caught:
            web.get("x")
        assert len(service.asked) == 5
    assert caught.value.code == ("too_many_requests" if status == 429 else "server_error")
    assert len(naps) == 4 and naps[3] > naps[0]


def test_b4_a_wait_beyond_the_deadline_is_not_begun(tmp_path: Path) -> None:
    naps = Naps()
    busy = as_json({}, 503, Retry_After="3600")
    with Service(busy) as service, client(service.url, tmp_path, sleep=naps) as web:
        with pytest.raises(RetriableError):
            web.get("x")
        assert len(service.asked) == 1
    assert naps == []


def test_a_half_open_breaker_gets_one_attempt(tmp_path: Path) -> None:
    with Service(as_json({}, 503)) as service, client(service.url, tmp_path, tries=1) as web:
        with pytest.raises(RetriableError):
            web.get("x")
        assert len(service.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_b5_a_refused_credential_is_never_tried_again(tmp_path: Path, status: int) -> None:
    with Service(as_json({}, status)) as service, client(service.url, tmp_path) as web:
        with pytest.raises(AccessError) as caught:
            web.get("x")
        assert len(service.asked) == 1
    assert caught.value.code == "access_denied"


def test_other_refusals_are_a_question_to_the_owner(tmp_path: Path) -> None:
    with Service(as_json({}, 404)) as service, client(service.url, tmp_path) as web:
        with pytest.raises(ContractError) as caught:
            web.get("x", {"token": "streng-geheim"})
        assert len(service.asked) == 1
    assert caught.value.code == "http_refused"
    assert "404" in str(caught.value) and "streng-geheim" not in str(caught.value)


def test_b15_a_redirect_is_not_followed_and_only_its_host_is_named(tmp_path: Path) -> None:
    away = Reply(302, headers={"Location": "http://169.254.169.254/latest/meta-data?x=geheim"})
    with Service(away) as service, client(service.url, tmp_path) as web:
        with pytest.raises(ContractError) as caught:
            web.get("x")
        assert len(service.asked) == 1
    assert caught.value.code == "redirected"
    assert caught.value.found == "169.254.169.254"


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (as_text("<!DOCTYPE html><html><title>Wartung</title></html>", "application/json"), "Webseite"),
        (as_text("<html></html>", "text/html"), "Webseite"),
        (as_text('{"a": 1}', "text/plain"), "text/plain"),
        (as_text('{"a": [1, 2', "application/json"), "kein lesbares JSON"),
        (as_text('{"a": NaN}', "application/json"), "NaN"),
        (Reply(body=b'{"a": "\xff"}'), "unlesbare Zeichen"),
        (Reply(body=b"x", headers={"Content-Type": "application/json", "Content-Encoding": "br"}), "br"),
        (as_text("[1]", "application/json; charset=punycode"), "punycode"),
        (as_text("[1]", "application/json; charset=unicode_escape"), "unicode_escape"),
        (Reply(206, b'[{"a": 1}]'), "HTTP 206"),
        (Reply(body=b'{"Meier, Karl": 1, "Meier, Karl": 2}'), "doppelt"),
    ],
)
def test_b7_something_else_than_json_is_refused_at_once(tmp_path: Path, reply: Reply, told: str) -> None:
    with Service(reply) as service, client(service.url, tmp_path) as web:
        with pytest.raises(ContractError) as caught:
            web.get("x").json()
        assert len(service.asked) == 1
    assert caught.value.code == "not_the_declared_format"
    assert told in str(caught.value.found)
    assert "Meier" not in str(caught.value)


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "iso-8859-1", "ISO8859-15", "windows-1252", "us-ascii"])
def test_an_answer_is_read_in_the_character_set_it_names(tmp_path: Path, name: str) -> None:
    text = '["Bürgerbüro"]' if "ascii" not in name else '["Amt"]'
    reply = Reply(body=text.encode(name), headers={"Content-Type": f"application/json; charset={name}"})
    with Service(reply) as service, client(service.url, tmp_path) as web:
        assert web.get("x").json() == json.loads(text)


def test_c19_a_page_of_nothing_but_comments_is_looked_through_at_once(tmp_path: Path) -> None:
    comments = as_text("<!---->" * 140 + "x", "application/json")
    with (
        Service(comments) as service,
        client(service.url, tmp_path) as web,
        pytest.raises(ContractError) as caught,
    ):
        web.get("x").json()
    assert caught.value.code == "not_the_declared_format"


def test_a_web_page_below_comments_is_still_one(tmp_path: Path) -> None:
    page = as_text("<!-- a --> <!-- b > -->\n<html>", "application/json")
    with (
        Service(page) as service,
        client(service.url, tmp_path) as web,
        pytest.raises(ContractError, match="Webseite"),
    ):
        web.get("x")


def test_a_body_above_the_limit_is_refused_also_when_it_was_packed(tmp_path: Path) -> None:
    packed = gzip.compress(b" " * 5_000_000)
    gzipped = Reply(body=packed, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
    assert len(packed) < 100_000
    with (
        Service(gzipped) as service,
        client(service.url, tmp_path, max_bytes=100_000) as web,
        pytest.raises(ContractError) as caught,
    ):
        web.get("x")
    assert caught.value.code == "too_large"


def test_a_large_body_goes_to_a_file_and_a_second_attempt_begins_it_anew(tmp_path: Path) -> None:
    class Cutting(Service):
        def answer(self, asked: Asked) -> Reply:
            whole = Reply(body=b"0123456789", headers={"Content-Type": "text/csv"})
            return whole if len(self.asked) > 1 else Reply(200, b"0123", whole.headers, declared_length=10)

    with (
        Cutting() as service,
        client(service.url, tmp_path) as web,
        (tmp_path / "x.csv").open("w+b") as target,
    ):
        target.write(b"head\n")
        web.stream("x", target, accept="text/csv")
        assert len(service.asked) == 2
    assert (tmp_path / "x.csv").read_bytes() == b"head\n0123456789"


@pytest.mark.parametrize(
    ("auth", "place", "name", "told"),
    [
        ({"type": "basic", "user": "u", "password": "pö"}, "headers", "authorization", "Basic dTpww7Y="),
        ({"type": "bearer", "token": "T"}, "headers", "authorization", "Bearer T"),
        ({"type": "api_key", "name": "X-Key", "value": "K"}, "headers", "x-key", "K"),
        ({"type": "api_key", "name": "key", "value": "K", "place": "query"}, "query", "key", "K"),
    ],
)
def test_credentials_go_where_they_are_declared(
    tmp_path: Path, auth: dict[str, str], place: str, name: str, told: str
) -> None:
    with Service(as_json({})) as service, client(service.url, tmp_path, auth=auth) as web:
        answer = web.get("x", {"a": "1"})
        assert getattr(service.asked[0], place)[name] == told
    assert "K" not in str(answer.url)


def test_a_key_can_be_sent_in_the_form_of_a_post(tmp_path: Path) -> None:
    auth = {"type": "api_key", "name": "token_auth", "value": "K", "place": "form"}
    with Service(as_json({})) as service, client(service.url, tmp_path, auth=auth) as web:
        web.post("x", data={"a": "1"})
        assert service.asked[0].form == {"a": "1", "token_auth": "K"}
        assert service.asked[0].query == {}


def test_a_token_is_fetched_once_and_renewed_when_it_runs_out(tmp_path: Path) -> None:
    class Login(Service):
        def answer(self, asked: Asked) -> Reply:
            if asked.path == "/token":
                number = sum(a.path == "/token" for a in self.asked)
                return as_json({"access_token": f"T{number}", "token_type": "Bearer", "expires_in": 100})
            return as_json({})

    now = [0.0]
    with Login() as service:
        auth = {
            "type": "oauth2",
            "token_url": f"{service.url}/token",
            "client_id": "stadt",
            "client_secret": "s/+",
            "scope": "read",
        }
        declared = HttpSettings(url=service.url, allow_http=True, auth=auth)
        with Client(declared, web_context(tmp_path), "probe", clock=lambda: now[0]) as web:
            web.get("a")
            web.get("b")
            now[0] = 90.0
            web.get("c")
        assert service.paths == ["/token", "/a", "/b", "/token", "/c"]
        assert service.asked[0].form == {"grant_type": "client_credentials", "scope": "read"}
        assert service.asked[0].headers["authorization"].startswith("Basic ")
        assert [a.headers.get("authorization") for a in service.asked[1:3]] == ["Bearer T1", "Bearer T1"]
        assert service.asked[4].headers["authorization"] == "Bearer T2"


class Tokens(Service):
    """Gives tokens without saying how long they last, and forgets them after `uses` requests."""

    def __init__(self, uses: int, token: str = "T{}", **more: object) -> None:
        super().__init__()
        self.uses, self.token, self.more, self.left, self.given = uses, token, more, 0, 0

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            self.left, self.given = self.uses, self.given + 1
            return as_json({"access_token": self.token.format(self.given), **self.more})
        self.left -= 1
        good = self.left >= 0 and asked.headers.get("authorization") == f"Bearer T{self.given}"
        return as_json([self.given]) if good else as_json({}, 401)

    def auth(self) -> dict[str, str]:
        secrets = {"client_id": "stadt", "client_secret": "s"}
        return {"type": "oauth2", "token_url": f"{self.url}/token", **secrets}


def test_a_token_that_ran_out_unannounced_is_replaced_once(tmp_path: Path) -> None:
    with Tokens(2) as service, client(service.url, tmp_path, auth=service.auth()) as web:
        assert [web.get("x").json() for _ in range(4)] == [[1], [1], [2], [2]]


def test_b5_a_fresh_token_that_is_refused_is_not_replaced_again(tmp_path: Path) -> None:
    with Tokens(0) as service, client(service.url, tmp_path, auth=service.auth()) as web:
        with pytest.raises(AccessError):
            web.get("x")
        assert service.paths == ["/token", "/x"]
        with pytest.raises(AccessError):
            web.get("x")
        assert service.paths == ["/token", "/x", "/x", "/token", "/x"]


@pytest.mark.parametrize("token", ["", "T 1", "T\r\nX-Other: 1", "schlüssel"])
def test_a_token_that_cannot_be_sent_is_no_token(tmp_path: Path, token: str) -> None:
    with Tokens(9, token) as service, client(service.url, tmp_path, auth=service.auth()) as web:
        with pytest.raises(ContractError) as caught:
            web.get("x")
        assert service.paths == ["/token"]
    assert caught.value.code == "not_the_declared_format" and "access_token" in str(caught.value)


def test_an_unknown_client_is_a_question_of_access(tmp_path: Path) -> None:
    with Service(as_json({"error": "invalid_client"}, 400)) as service:
        auth = {
            "type": "oauth2",
            "token_url": f"{service.url}/token",
            "client_id": "stadt",
            "client_secret": "streng-geheim",
            "send_as": "form",
        }
        with client(service.url, tmp_path, auth=auth) as web, pytest.raises(AccessError) as caught:
            web.get("a")
        assert service.paths == ["/token"]
        assert service.asked[0].form["client_secret"] == "streng-geheim"
    assert "streng-geheim" not in str(caught.value)


def test_the_declared_rate_is_kept(tmp_path: Path) -> None:
    naps = Naps()
    with Service(as_json({})) as service, client(service.url, tmp_path, sleep=naps, rate_per_s=0.01) as web:
        web.get("a")
        web.get("b")
    assert len(naps) == 1 and naps[0] > 90


def test_credentials_stay_with_the_host_of_the_base_address(tmp_path: Path) -> None:
    with Service(as_json({})) as base, Service(as_json({})) as further:
        declared = HttpSettings(
            url=base.url,
            allow_http=True,
            hosts=(f"127.0.0.1:{further.port}",),
            auth={"type": "bearer", "token": "T"},
        )
        with Client(declared, web_context(tmp_path), "probe") as web:
            web.get(f"{further.url}/datei")
            web.get(f"{base.url}/datei")
        assert "authorization" not in further.asked[0].headers
        assert base.asked[0].headers["authorization"] == "Bearer T"


def test_a_link_to_a_host_nobody_declared_is_not_followed(tmp_path: Path) -> None:
    with Service(as_json({})) as base, Service(as_json({})) as foreign:
        with client(base.url, tmp_path) as web, pytest.raises(ContractError) as caught:
            web.get(f"{foreign.url}/x")
        assert foreign.asked == []
    assert caught.value.code == "foreign_host"


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "file:///etc/passwd", "https://u:p@x.example", "https://x.example/?a=1", "x"]
)
def test_an_address_that_is_none_is_refused_when_it_is_declared(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        HttpSettings(url=url)
    assert "passwd" not in str(caught.value) and "u:p" not in str(caught.value)


def test_plain_http_is_for_internal_hosts_only(tmp_path: Path) -> None:
    for url, allow_http, internal in (
        ("http://127.0.0.1:9", False, ("127.0.0.1",)),
        ("http://api.stadt.example", True, ("127.0.0.1",)),
    ):
        declared = HttpSettings(url=url, allow_http=allow_http)
        with pytest.raises(ConfigError) as caught:
            Client(declared, web_context(tmp_path, internal_hosts=internal), "probe")
        assert caught.value.code == "plain_http"


def test_b4_a_date_to_come_back_at_is_understood_by_the_clock_of_the_service(tmp_path: Path) -> None:
    naps = Naps()
    told = {"Date": "Tue, 09 Jun 2026 01:15:00 GMT", "Retry_After": "Tue, 09 Jun 2026 01:15:20 GMT"}
    busy = Answers(lambda asked: as_json({}, 503, **told) if len(busy.asked) == 1 else as_json([1]))
    with busy as service, client(service.url, tmp_path, sleep=naps) as web:
        assert web.get("x").json() == [1]
    assert len(naps) == 1 and 20 <= naps[0] < 21


def test_b4_a_service_that_is_always_busy_does_not_use_up_the_night(tmp_path: Path) -> None:
    """Every second request is refused for four minutes; fifteen minutes are all a source may wait."""
    naps = Naps()
    busy = as_json({}, 429, Retry_After="240")
    with Answers(lambda asked: busy if len(service.asked) % 2 else as_json([])) as service:  # noqa: SIM117
        with client(service.url, tmp_path, sleep=naps) as web:
            for _ in range(3):
                web.get("x")
            with pytest.raises(RetriableError) as caught:
                web.get("x")
    assert caught.value.code == "too_many_requests"
    assert len(naps) == 3 and sum(naps) <= 900


@pytest.mark.parametrize("wait", ["\xb2", "-5", "Infinity", "Mon, 99 Xyz 99999 00:00:00 GMT", "9" * 400])
def test_b4_a_wait_that_is_none_is_passed_over(tmp_path: Path, wait: str) -> None:
    busy = Reply(503, b"", {"Retry-After": wait})
    with (
        Service(busy) as service,
        client(service.url, tmp_path, tries=2) as web,
        pytest.raises(RetriableError) as caught,
    ):
        web.get("x")
    assert caught.value.code == "server_error"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"hosts": ("https://b.example/",)}, "kein Host"),
        ({"hosts": ("*.b.example",)}, "kein Host"),
        ({"hosts": ("b.example ",)}, "kein Host"),
        ({"auth": {"type": "api_key", "name": "X Api Key", "value": "geheim"}}, "Kopfzeile"),
        ({"auth": {"type": "basic", "user": "amt:fd10", "password": "geheim"}}, "Doppelpunkt"),
    ],
)
def test_a_connection_that_could_not_work_is_refused_when_it_is_declared(
    settings: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        HttpSettings(url="https://a.example", **settings)
    assert "geheim" not in str(caught.value) and "fd10" not in str(caught.value)


@pytest.mark.parametrize(
    "host", ["b.example", "b.example:8443", "10.1.2.3", "[2001:db8::1]:443", "bürger.example"]
)
def test_further_hosts_are_names_or_addresses(host: str) -> None:
    assert HttpSettings(url="https://a.example", hosts=(host,)).hosts == (host,)


@pytest.mark.parametrize("secret", ["", "abc\n", "schlüssel", " abc"])
@pytest.mark.parametrize("kind", ["bearer", "api_key"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_repeated(kind: str, secret: str) -> None:
    named = {"token": secret} if kind == "bearer" else {"name": "X-Key", "value": secret}
    with pytest.raises(ValueError) as caught:
        HttpSettings(url="https://x.example", auth={"type": kind, **named})
    assert "Zeilenenden" in str(caught.value)
    assert not secret or secret not in str(caught.value)
