"""Signing in and out: links, passwords, sessions, slow-down, forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from web_city import (
    ORIGIN,
    PASSWORD,
    WebCity,
    callback,
    hidden,
    make_web_city,
    navigate,
    use_link,
    use_password,
)

from dashboard.auth.device import known_device, mark_for
from dashboard.auth.forms import own_path
from dashboard.auth.sessions import hashed

NOW = datetime(2026, 6, 9, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def web(clock: time_machine.Traveller, tmp_path: Path) -> WebCity:
    return make_web_city(tmp_path)


def _cookie(client: object) -> str:
    cookie = client.get_cookie("isek")  # type: ignore[attr-defined]
    return cookie.value if cookie else ""


def test_a_link_signs_in_once(web: WebCity) -> None:
    client, token = web.client(), web.token("leitung")
    assert use_link(client, token).status_code == 303
    assert client.get("/").status_code == 200
    assert use_link(web.client(), token).status_code == 401


def test_opening_a_link_does_not_use_it_up(web: WebCity) -> None:
    token = web.token("leitung")
    for _ in range(3):
        assert web.client().get(f"/anmelden/link/{token}").status_code == 200
    assert use_link(web.client(), token).status_code == 303


def test_a_link_ends_after_an_hour(web: WebCity, clock: time_machine.Traveller) -> None:
    token = web.token("leitung")
    clock.shift(timedelta(minutes=61))
    assert use_link(web.client(), token).status_code == 401


def test_a_link_of_a_closed_account_is_worth_nothing(web: WebCity) -> None:
    token = web.token("controlling")
    account = web.ledger.account_by_login("controlling")
    assert account
    web.ledger.disable_account(account.id, who="test")
    assert use_link(web.client(), token).status_code == 401


def test_neither_tokens_nor_session_ids_lie_in_the_ledger(web: WebCity, tmp_path: Path) -> None:
    token = web.token("leitung")
    client = web.client()
    use_link(client, token)
    session = _cookie(client)
    web.ledger.close()
    content = b"".join(p.read_bytes() for p in (tmp_path / "var").glob("ledger.sqlite*"))
    assert token.encode() not in content and session.encode() not in content
    assert hashed(session).encode() in content


def test_a_password_signs_in_and_leads_where_one_wanted_to_go(web: WebCity) -> None:
    client = web.client()
    response = use_password(client, "leitung", PASSWORD, ziel="/quellen?quelle=a")
    assert (response.status_code, response.headers["Location"]) == (303, "/quellen?quelle=a")
    assert client.get("/quellen").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "//boese.example",
        "\\\\boese",
        "/\\boese.example",
        "javascript:alert(1)",
        "https://boese.example",
        "",
        "/\tx",
        "%2F%2Fb",
    ],
)
def test_sign_in_never_leads_to_another_site(web: WebCity, target: str) -> None:
    assert own_path(target) == "/"
    assert use_password(web.client(), "leitung", PASSWORD, ziel=target).headers["Location"] == "/"


def test_unknown_and_known_logins_are_refused_alike(web: WebCity) -> None:
    answers = [
        use_password(web.client(), login, "falsches Passwort 123")
        for login in ("leitung", "controlling", "gibt-es-nicht")
    ]
    assert {a.status_code for a in answers} == {401}
    pages = {
        a.text.replace(hidden(a, "csrf"), "").replace(f'value="{login}"', "")
        for a, login in zip(answers, ("leitung", "controlling", "gibt-es-nicht"), strict=True)
    }
    assert len(pages) == 1


def test_an_unknown_login_costs_a_hash_as_well(web: WebCity, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.auth.passwords import PasswordHasher

    calls: list[str] = []
    real = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, h, p: calls.append(h) or real(self, h, p))
    for login in ("leitung", "controlling", "gibt-es-nicht"):
        use_password(web.client(), login, "falsches Passwort 123")
    assert len(calls) == 3


def test_guessing_is_slowed_down_before_any_hash_and_never_for_good(
    web: WebCity, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.auth.passwords import Passwords

    calls: list[str] = []
    monkeypatch.setattr(Passwords, "verify", lambda self, h, p: calls.append(p) or p == PASSWORD)
    answers = [use_password(web.client(), "leitung", f"falsch {n}").status_code for n in range(30)]
    assert answers.count(401) == len(calls) == 5
    assert answers[5:] == [429] * 25
    assert use_password(web.client(), "leitung", PASSWORD).status_code == 429
    clock.shift(timedelta(minutes=1, seconds=1))
    assert use_password(web.client(), "leitung", PASSWORD).status_code == 303


def test_one_address_trying_many_accounts_is_slowed_down(
    web: WebCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.auth.passwords import Passwords

    monkeypatch.setattr(Passwords, "verify", lambda self, h, p: False)
    answers = [use_password(web.client(), f"konto{n}", "falsch").status_code for n in range(40)]
    assert answers.count(401) == 20 and answers[-1] == 429


def test_an_attack_from_elsewhere_does_not_keep_the_owner_out(
    web: WebCity, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.auth.passwords import Passwords

    monkeypatch.setattr(Passwords, "verify", lambda self, h, p: p == PASSWORD)
    owner, stranger = web.client(), web.client()
    assert use_password(owner, "leitung", PASSWORD).status_code == 303
    owner.delete_cookie("isek")
    for _ in range(30):
        use_password(stranger, "leitung", "geraten")
        clock.shift(timedelta(seconds=20))
    assert use_password(stranger, "leitung", PASSWORD).status_code == 429
    assert use_password(owner, "leitung", PASSWORD).status_code == 303


def test_the_mark_of_a_browser_neither_fits_another_login_nor_lets_it_guess_freely(
    web: WebCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.auth.passwords import Passwords

    monkeypatch.setattr(Passwords, "verify", lambda self, h, p: False)
    client = web.signed_in("leitung")
    mark = client.get_cookie("isek-geraet")
    assert mark and mark.http_only and mark.same_site == "Strict"
    client.delete_cookie("isek")
    answers = [use_password(client, "leitung", f"geraten {n}").status_code for n in range(9)]
    assert answers == [401] * 5 + [429] * 4
    assert known_device("geheim" * 8, "leitung", mark.value) is None
    own = mark_for("geheim" * 8, "leitung")
    assert known_device("geheim" * 8, "LEITUNG", own) and not known_device("geheim" * 8, "controlling", own)
    assert not any(known_device("geheim" * 8, "leitung", forged) for forged in (None, "", ".", "a.b", "ä.ö"))


def test_a_client_cannot_choose_its_address(web: WebCity, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.auth.passwords import Passwords

    monkeypatch.setattr(Passwords, "verify", lambda self, h, p: False)
    codes = []
    for n in range(30):
        client = web.client()
        csrf = hidden(client.get("/anmelden"), "csrf")
        data = {"csrf": csrf, "login": f"konto{n}", "passwort": "x"}
        headers = {**ORIGIN, "X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"}
        codes.append(client.post("/anmelden", data=data, headers=headers).status_code)
    assert codes[-1] == 429


def test_the_session_id_is_new_after_signing_in(web: WebCity) -> None:
    client = web.client()
    client.set_cookie("isek", "vom-angreifer-gesetzt")
    use_link(client, web.token("leitung"))
    first = _cookie(client)
    assert first and first != "vom-angreifer-gesetzt"
    use_link(client, web.token("leitung"))
    second = _cookie(client)
    assert second != first
    other = web.client()
    other.set_cookie("isek", first)
    assert callback(other, "quellen").status_code == 401


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(web: WebCity) -> None:
    response = use_link(web.client(), web.token("leitung"))
    cookie = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("isek="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert len(cookie) < 4096


def test_a_cookie_is_worth_nothing_after_signing_out(web: WebCity) -> None:
    client = web.signed_in("leitung")
    session = _cookie(client)
    csrf = navigate(client, "/").json["response"]["rahmen"]["children"]["props"]["children"][-1]["props"][
        "children"
    ]  # type: ignore[index]
    assert client.post("/abmelden", data={"csrf": csrf}, headers=ORIGIN).status_code == 303
    assert _cookie(client) == ""
    client.set_cookie("isek", session)
    assert callback(client, "quellen").status_code == 401
    assert client.get("/").status_code == 303


def test_signing_out_needs_the_token_of_the_session(web: WebCity) -> None:
    client = web.signed_in("leitung")
    assert client.post("/abmelden", data={"csrf": "geraten"}, headers=ORIGIN).status_code == 403
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/anmelden", "/anmelden/link"])
def test_forms_without_their_token_are_refused(web: WebCity, path: str) -> None:
    client = web.client()
    client.get("/anmelden")
    data = {"login": "leitung", "passwort": PASSWORD, "token": web.token("leitung")}
    assert client.post(path, data=data, headers=ORIGIN).status_code == 403
    assert client.post(path, data={**data, "csrf": "x" * 64}, headers=ORIGIN).status_code == 403


def test_the_form_token_of_another_browser_does_not_fit(web: WebCity) -> None:
    csrf = hidden(web.client().get("/anmelden"), "csrf")
    client = web.client()
    client.get("/anmelden")
    data = {"csrf": csrf, "login": "leitung", "passwort": PASSWORD}
    assert client.post("/anmelden", data=data, headers=ORIGIN).status_code == 403


def test_a_closed_account_is_out_with_its_next_request(web: WebCity) -> None:
    client = web.signed_in("controlling")
    assert callback(client, "budget").status_code == 200
    account = web.ledger.account_by_login("controlling")
    assert account
    web.ledger.disable_account(account.id, who="test")
    assert callback(client, "budget").status_code == 401


def test_a_role_taken_away_is_gone_with_the_next_request(web: WebCity) -> None:
    client = web.signed_in("controlling")
    account = web.ledger.account_by_login("controlling")
    assert account
    web.ledger.set_role(account.id, "verwaltung", (), who="test")
    assert callback(client, "budget").status_code in (401, 403)


def test_a_session_ends_after_half_an_hour_without_use(web: WebCity, clock: time_machine.Traveller) -> None:
    client = web.signed_in("leitung")
    clock.shift(timedelta(minutes=29))
    assert callback(client, "start").status_code == 200
    clock.shift(timedelta(minutes=29))
    assert callback(client, "start").status_code == 200
    clock.shift(timedelta(minutes=31))
    assert callback(client, "start").status_code == 401


def test_a_session_ends_after_eight_hours_whatever_happens(
    web: WebCity, clock: time_machine.Traveller
) -> None:
    client = web.signed_in("leitung")
    for _ in range(23):
        clock.shift(timedelta(minutes=20))
        assert callback(client, "start").status_code == 200
    clock.shift(timedelta(minutes=21))
    assert callback(client, "start").status_code == 401


def test_polling_does_not_keep_a_session_alive(web: WebCity, clock: time_machine.Traveller) -> None:
    client = web.signed_in("leitung")
    body = {
        "output": "start-aus.children",
        "outputs": {"id": "start-aus", "property": "children"},
        "inputs": [{"id": "start-ein", "property": "value", "value": 1}],
        "state": [],
        "changedPropIds": ["takt.n_intervals"],
    }
    codes = []
    for _ in range(8):
        clock.shift(timedelta(minutes=5))
        codes.append(client.post("/_dash-update-component", json=body, headers=ORIGIN).status_code)
    assert codes == [200] * 5 + [401] * 3


@pytest.mark.parametrize("cookie", ["", "x", "0" * 43, "'; DROP TABLE session; --", "x" * 5000])
def test_an_invented_cookie_opens_nothing(web: WebCity, cookie: str) -> None:
    client = web.client()
    client.set_cookie("isek", cookie)
    assert callback(client, "quellen").status_code == 401


def test_signing_in_and_out_stands_in_the_audit_trail(web: WebCity) -> None:
    web.signed_in("leitung")
    use_password(web.client(), "leitung", "falsch")
    said = [event.what for event in web.ledger.audit_events()]
    assert {"link.added", "link.used", "session.opened", "login.failed"} <= set(said)
    assert web.ledger.verify_audit_chain() is None
    assert "falsch" not in str([event.detail for event in web.ledger.audit_events()])


def test_no_setup_page_exists(web: WebCity) -> None:
    for path in ("/setup", "/einrichtung", "/register", "/install", "/admin"):
        assert web.client().get(path).headers["Location"].startswith("/anmelden")
        assert web.signed_in("leitung").get(path).status_code == 404
    # Below /api only tokens count, whoever is signed in.
    for client in (web.client(), web.signed_in("leitung")):
        assert client.get("/api/setup").status_code == 401
        assert client.post("/api/setup").status_code == 405
