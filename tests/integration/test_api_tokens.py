"""The life of a token: made once on its page, never wider than its owner at the moment, gone when it ends."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from dashboard.auth.sessions import hashed
from dashboard.auth.tokens import Tokens
from tests.example_city import ExampleCity
from tests.programs import ACCOUNTS, Programs, programs
from tests.web_city import ORIGIN, field_of, navigate, page_html
from warehouse.errors import ContractError

SHARE = "/metrics/ozg_online_share"


@pytest.fixture(scope="module")
def served(example_city: ExampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    found = programs(example_city, f"sqlite:///{tmp_path_factory.mktemp('kladde')}/kladde.sqlite")
    yield found
    found.ledger.close()


@pytest.fixture
def api(served: Programs) -> Programs:
    """Everybody has the first role again, no token and no session."""
    engine = create_engine(served.services.ledger._url)
    with engine.begin() as connection:
        for table in ("access_token", "session", "audit_event"):
            connection.execute(text(f"DELETE FROM {table}"))
    engine.dispose()
    for login, role, units in ACCOUNTS:
        served.ledger.enable_account(served.account(login).id, who="cli")
        served.ledger.set_role(served.account(login).id, role, units, who="cli")
    return served


def send(browser: FlaskClient, **changes: str | list[str]) -> TestResponse:
    """Fill in the form of the page as a browser does."""
    page = page_html(navigate(browser, "/zugang"))
    form = page[page.index('action="/zugang"') :]
    fields = {name: field_of(form, name) for name in ("csrf", "nummer", "tage")}
    return browser.post("/zugang", data={**fields, "name": "Excel", **changes}, headers=ORIGIN)


def secret_of(answer: TestResponse) -> str:
    """The token an answer shows."""
    return str(answer.text.split('<textarea id="token"')[1].split(">")[1].split("<")[0])


def test_a_token_is_shown_once_works_at_once_and_stands_nowhere_afterwards(api: Programs) -> None:
    browser = api.browser("leitung")
    answer = send(browser)
    secret = secret_of(answer)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert api.ask(secret, SHARE).status_code == 200
    page = page_html(navigate(browser, "/zugang"))
    assert "1 gültiges Token." in page and "Excel" in page and "noch nie" not in page
    assert secret not in page and secret not in str(api.ledger.audit_events())
    (kept,) = api.ledger.tokens_of(api.account("leitung").id)
    assert timedelta(days=89) < kept.expires_at - datetime.now(UTC) <= timedelta(days=90)
    assert "Set-Cookie" not in api.ask(secret, SHARE).headers


def test_a_form_that_is_sent_again_makes_no_second_token(api: Programs) -> None:
    browser = api.browser("leitung")
    number = secrets.token_urlsafe(24)
    assert send(browser, nummer=number).status_code == 200
    again = send(browser, nummer=number)
    assert again.status_code == 409 and 'id="token"' not in again.text
    assert len(api.ledger.tokens_of(api.account("leitung").id)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 61), ("name", "a\nb"), ("tage", "0"), ("tage", "366"), ("tage", "ewig"),
     ("tage", "²"), ("tage", "-1")],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_field_and_makes_no_token(
    api: Programs, field: str, value: str
) -> None:
    answer = send(api.browser("leitung"), **{field: value}, einheit=["FD32", "FD63"])
    assert answer.status_code == 422 and f'id="{field}-fehler"' in answer.text
    assert 'name="einheit" value="FD32,FD63"' in answer.text
    assert not api.ledger.tokens_of(api.account("leitung").id)


def test_units_of_others_cannot_be_chosen(api: Programs) -> None:
    browser = api.browser("bauamt")
    assert send(browser, einheit="FD32").status_code == 422
    assert send(browser, einheit="FD63").status_code == 200
    page = page_html(navigate(browser, "/zugang"))
    assert 'value="FD63"' in page and 'value="FD32"' not in page


def test_the_page_and_its_forms_are_closed_to_whoever_sees_no_figures(api: Programs) -> None:
    browser = api.browser("verwaltung")
    assert navigate(browser, "/zugang").status_code == 403
    token = page_html(navigate(browser, "/datenquellen")).split('data-csrf="')[1].split('"')[0]
    data = {"csrf": token, "nummer": "n" * 24, "name": "x", "tage": "5"}
    assert browser.post("/zugang", data=data, headers=ORIGIN).status_code == 403
    assert 'href="/zugang"' not in page_html(navigate(browser, "/datenquellen"))
    assert 'href="/zugang"' in page_html(navigate(api.browser("bauamt"), "/"))


def test_g7_forms_of_another_site_or_without_the_token_of_the_session_make_nothing(api: Programs) -> None:
    browser = api.browser("leitung")
    data = {"nummer": "n" * 24, "name": "x", "tage": "5"}
    assert browser.post("/zugang", data=data, headers=ORIGIN).status_code == 403
    foreign = {"Origin": "http://boese.example"}
    assert browser.post("/zugang", data=data, headers=foreign).status_code == 403
    assert not api.ledger.tokens_of(api.account("leitung").id)


def test_h5_a_token_is_withdrawn_by_its_owner_only_and_ends_at_once(api: Programs) -> None:
    owner, other = api.browser("leitung"), api.browser("controlling")
    secret = secret_of(send(owner))
    (kept,) = api.ledger.tokens_of(api.account("leitung").id)

    def withdraw(browser: FlaskClient, token: str) -> int:
        csrf = page_html(navigate(browser, "/zugang")).split('data-csrf="')[1].split('"')[0]
        data = {"csrf": csrf, "token": token}
        return browser.post("/zugang/zurueckziehen", data=data, headers=ORIGIN).status_code

    assert [withdraw(other, token) for token in (kept.id, "*", "", "null", "-1")] == [404] * 5
    assert api.ask(secret, SHARE).status_code == 200
    assert withdraw(owner, kept.id) == 303
    assert api.ask(secret, SHARE).status_code == 401
    assert withdraw(owner, kept.id) == 404
    assert "zurückgezogen" in page_html(navigate(owner, "/zugang"))


def test_nobody_sees_the_tokens_of_others(api: Programs) -> None:
    send(api.browser("leitung"), name="Geheimer Bericht")
    assert "Geheimer Bericht" not in page_html(navigate(api.browser("controlling"), "/zugang"))
    assert "Geheimer Bericht" in page_html(navigate(api.browser("leitung"), "/zugang"))


def test_a_person_has_twenty_tokens_at_most(api: Programs) -> None:
    for _ in range(20):
        api.fresh("leitung")
    answer = send(api.browser("leitung"))
    assert answer.status_code == 409 and "20 gültige Token" in answer.text
    with pytest.raises(ContractError):
        api.fresh("leitung")


def test_a_token_lives_as_long_as_it_says_and_never_longer_than_a_year(api: Programs) -> None:
    with time_machine.travel(datetime(2026, 6, 9, 8, tzinfo=UTC), tick=False) as clock:
        short, long = api.fresh("leitung", days=1), api.fresh("leitung", days=5000)
        clock.shift(timedelta(hours=23, minutes=59))
        assert [api.ask(token, SHARE).status_code for token in (short, long)] == [200, 200]
        clock.shift(timedelta(minutes=1))
        assert [api.ask(token, SHARE).status_code for token in (short, long)] == [401, 200]
        clock.shift(timedelta(days=364))
        assert api.ask(long, SHARE).status_code == 401


def test_h9_another_role_or_unit_counts_with_the_next_request_on_warm_caches(api: Programs) -> None:
    secret, place = api.fresh("bauamt"), f"{SHARE}?by=fachdienst"

    def units() -> set[str]:
        return {row["fachdienst"] for row in api.ask(secret, place).json["rows"]}

    assert "FD63" in units() and "FD32" not in units()
    api.ledger.set_role(api.account("bauamt").id, "fachbereichsleitung", ("FD32",), who="cli")
    assert units() == {"FD32"}
    api.ledger.set_role(api.account("bauamt").id, "leitung", (), who="cli")
    assert {"FD32", "FD63"} < units()
    api.ledger.set_role(api.account("bauamt").id, "verwaltung", (), who="cli")
    for other in (place, "/metrics", "/lists", "/lists/services", "/status"):
        answer = api.ask(secret, other)
        assert (answer.status_code, answer.json["code"]) == (403, "no_data_access")


def test_h9_a_closed_account_reads_nothing_more(api: Programs) -> None:
    secret = api.fresh("leitung")
    assert api.ask(secret, SHARE).status_code == 200
    api.ledger.disable_account(api.account("leitung").id, who="cli")
    assert api.ask(secret, SHARE).status_code == 401
    api.ledger.enable_account(api.account("leitung").id, who="cli")
    assert api.ask(secret, SHARE).status_code == 401


def test_a_narrowed_token_reads_its_units_and_follows_when_they_are_no_longer_its_owners(
    api: Programs,
) -> None:
    secret, place = api.fresh("leitung", ("FD32", "DEZ4")), f"{SHARE}?by=fachdienst"

    def units() -> set[str]:
        return {row["fachdienst"] for row in api.ask(secret, place).json["rows"]}

    own = api.fresh("bauamt")
    below = {row["fachdienst"] for row in api.ask(own, place).json["rows"]}
    assert units() == {"FD32", *below}
    listed = api.ask(secret, "/lists/services?limit=10000").json["rows"]
    assert {row["org_unit_id"] for row in listed} <= {"FD32", "DEZ4", *below}
    api.ledger.set_role(api.account("leitung").id, "fachbereichsleitung", ("FD63",), who="cli")
    assert units() == {"FD63"}, "below a chosen unit, and nothing beside"
    api.ledger.set_role(api.account("leitung").id, "fachbereichsleitung", ("FD10",), who="cli")
    assert units() == set()
    whole = api.ask(secret, SHARE).json["rows"]
    assert [row["value"] for row in whole] == [None]
    assert api.ask(secret, "/lists/services").json["total"] == 0


def test_programs_that_only_know_passwords_send_the_token_as_one(api: Programs) -> None:
    secret = api.fresh("leitung")
    basic = base64.b64encode(f"beliebig:{secret}".encode()).decode()
    assert api.ask(None, SHARE, headers={"Authorization": f"Basic {basic}"}).status_code == 200
    wrong = base64.b64encode(f"{secret}:beliebig".encode()).decode()
    assert api.ask(None, SHARE, headers={"Authorization": f"Basic {wrong}"}).status_code == 401


def test_the_first_use_of_a_day_is_noted_and_a_token_of_the_trail_is_of_no_use(api: Programs) -> None:
    secret = api.fresh("leitung")
    for _ in range(3):
        api.ask(secret, SHARE)
    events = [event for event in api.ledger.audit_events() if event.what.startswith("token.")]
    assert [event.what for event in events] == ["token.used", "token.added"]
    assert api.ledger.verify_audit_chain() is None
    _, account = api.ledger.token_owner(hashed(secret)) or (None, None)
    assert account is not None
    assert Tokens(api.ledger).read(f"isek_{hashed(secret)[:43]}") is None
