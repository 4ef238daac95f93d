"""Tokens in the ledger, on SQLite and PostgreSQL: hashes only, counted, withdrawn, ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from warehouse.errors import ContractError
from warehouse.ledger import Account, Ledger, TokenDraft

NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    found = Ledger(url)
    yield found
    found.close()


def person(ledger: Ledger, login: str = "k.muster") -> Account:
    return ledger.add_account(login=login, name="K. Muster", role="controlling", who="cli")


def draft(account: Account, number: int = 1) -> TokenDraft:
    return TokenDraft(
        account_id=account.id,
        name="Excel",
        token_hash=f"{number:064d}",
        units=("FD32",),
        created_at=NOW,
        expires_at=NOW + timedelta(days=90),
        number=f"formular-nummer-{number}",
    )


def test_a_token_is_found_by_its_hash_with_its_account_as_it_is_now(ledger: Ledger) -> None:
    account = person(ledger)
    kept = ledger.add_token(draft(account))
    ledger.set_role(account.id, "fachbereichsleitung", ("FD10",), who="cli")
    found = ledger.token_owner(f"{1:064d}")
    assert found is not None
    assert found[0] == kept and kept.units == ("FD32",) and kept.is_open(NOW)
    assert (found[1].role, found[1].units) == ("fachbereichsleitung", ("FD10",))
    assert ledger.token_owner("0" * 64) is None
    assert not kept.is_open(NOW + timedelta(days=90))


def test_no_units_and_an_empty_choice_are_two_things(ledger: Ledger) -> None:
    account = person(ledger)
    ledger.add_token(replace(draft(account), units=None))
    ledger.add_token(replace(draft(account, 2), units=()))
    assert [ledger.token_owner(f"{n:064d}")[0].units for n in (1, 2)] == [None, ()]  # type: ignore[index]


def test_the_trail_tells_of_making_first_use_of_a_day_and_withdrawing_without_any_secret(
    ledger: Ledger,
) -> None:
    account = person(ledger)
    kept = ledger.add_token(draft(account))
    for day in (NOW.date(), NOW.date(), NOW.date() + timedelta(days=1)):
        ledger.use_token(kept, day)
    assert ledger.withdraw_token(kept.id, account_id=account.id, at=NOW)
    assert not ledger.withdraw_token(kept.id, account_id=account.id, at=NOW), "it ended before"
    lines = [e for e in ledger.audit_events() if e.what.startswith("token.")]
    assert [e.what for e in lines] == ["token.withdrawn", "token.used", "token.used", "token.added"]
    assert f"{1:064d}" not in str(lines)
    assert ledger.tokens_of(account.id)[0].last_used_on == NOW.date() + timedelta(days=1)
    assert ledger.verify_audit_chain() is None


def test_tokens_change_no_page_that_is_kept_until_people_enter_something(ledger: Ledger) -> None:
    account = person(ledger)
    before = ledger.last_change()
    ledger.use_token(ledger.add_token(draft(account)), NOW.date())
    assert ledger.last_change() == before


def test_a_form_sent_twice_makes_one_token(ledger: Ledger) -> None:
    account = person(ledger)
    ledger.add_token(draft(account))
    with pytest.raises(ContractError) as caught:
        ledger.add_token(replace(draft(account), token_hash="f" * 64))
    assert caught.value.code == "sent_twice"
    assert len(ledger.tokens_of(account.id)) == 1


def test_nobody_withdraws_the_token_of_somebody_else(ledger: Ledger) -> None:
    account, other = person(ledger), person(ledger, "b.muster")
    kept = ledger.add_token(draft(account))
    assert not ledger.withdraw_token(kept.id, account_id=other.id, at=NOW)
    assert ledger.tokens_of(account.id)[0].is_open(NOW)


def test_twenty_open_tokens_are_the_most_even_when_two_forms_arrive_at_once(ledger: Ledger) -> None:
    account = person(ledger)
    for number in range(19):
        ledger.add_token(draft(account, number))
    codes: list[str] = []
    start = threading.Barrier(2)

    def add(number: int) -> None:
        start.wait()
        try:
            ledger.add_token(draft(account, number))
            codes.append("added")
        except ContractError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=add, args=(number,)) for number in (100, 101)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["added", "too_many_tokens"]
    ledger.withdraw_token(ledger.tokens_of(account.id)[0].id, account_id=account.id, at=NOW)
    ledger.add_token(draft(account, 200))


def test_a_closed_account_has_no_tokens_and_gets_none_back_when_it_is_opened_again(ledger: Ledger) -> None:
    account = person(ledger)
    ledger.add_token(draft(account))
    ledger.disable_account(account.id, who="cli")
    ledger.enable_account(account.id, who="cli")
    assert not ledger.tokens_of(account.id)[0].is_open(NOW)


def test_tokens_that_ended_long_ago_are_forgotten_when_a_new_one_is_made(ledger: Ledger) -> None:
    account = person(ledger)
    ledger.add_token(draft(account))
    later = NOW + timedelta(days=181)
    ledger.add_token(replace(draft(account, 2), created_at=later, expires_at=later + timedelta(days=1)))
    assert [token.created_at for token in ledger.tokens_of(account.id)] == [later]


def test_a_ledger_of_the_version_before_gets_the_table_and_keeps_what_it_has(
    url: str, ledger: Ledger
) -> None:
    account = person(ledger)
    ledger.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE access_token"))
        connection.execute(text("DELETE FROM ledger_version WHERE version >= 6"))
        connection.execute(text("INSERT INTO ledger_version VALUES (5)"))
    engine.dispose()
    again = Ledger(url)
    assert again.account(account.id) == account
    assert again.add_token(draft(account)).name == "Excel"
    again.close()
