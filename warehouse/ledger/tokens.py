"""Tokens of people for their programs: only a hash is kept, rights are those of the account at each use."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from warehouse.errors import ContractError
from warehouse.ledger.accounts import Account, account_of
from warehouse.ledger.forms import first_time
from warehouse.ledger.tables import access_token, account
from warehouse.ledger.trail import Trail

MOST_TOKENS = 20
SHOWN_AFTER_END = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Token:
    """One token as stored; `units` narrows it, None means all its account may see at the time."""

    id: str
    account_id: str
    name: str
    units: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime
    last_used_on: date | None
    withdrawn_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it still counts."""
        return self.withdrawn_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class TokenDraft:
    """What a person asks for; `number` is that of the form, so that sending it twice makes one token."""

    account_id: str
    name: str
    token_hash: str
    units: Sequence[str] | None
    created_at: datetime
    expires_at: datetime
    number: str


class Tokens(Trail):
    """Adds, finds, withdraws tokens."""

    def add_token(self, draft: TokenDraft) -> Token:
        """Keep a new token. Raises ContractError (sent_twice; too_many_tokens beyond twenty open ones)."""
        values: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "account_id": draft.account_id,
            "name": draft.name,
            "token_hash": draft.token_hash,
            "units": None if draft.units is None else list(draft.units),
            "created_at": draft.created_at,
            "expires_at": draft.expires_at,
        }
        with self._in_line() as connection:
            if not first_time(connection, draft.number, draft.created_at):
                raise ContractError("Dieses Formular wurde schon gesendet", code="sent_twice")
            _forget_ended(connection, draft.account_id, draft.created_at)
            if _open_ones(connection, draft.account_id, draft.created_at) >= MOST_TOKENS:
                raise ContractError(
                    "Es gibt schon zu viele gültige Token",
                    code="too_many_tokens",
                    allowed=str(MOST_TOKENS),
                    next_step="Ein nicht mehr benötigtes Token zurückziehen",
                )
            connection.execute(insert(access_token).values(**values))
            told = {"token": values["id"], "name": draft.name, "units": values["units"]}
            until = {"expires_at": draft.expires_at.isoformat()}
            self._note(connection, draft.account_id, "token.added", told | until)
        return _token({**values, "last_used_on": None, "withdrawn_at": None})

    def tokens_of(self, account_id: str) -> list[Token]:
        """Tokens of one account, newest first; ended ones stay to be seen for a while."""
        query = (
            select(access_token)
            .where(access_token.c.account_id == account_id)
            .order_by(access_token.c.created_at.desc(), access_token.c.id)
        )
        with self._reading() as connection:
            return [_token(dict(row._mapping)) for row in connection.execute(query)]

    def token_owner(self, token_hash: str) -> tuple[Token, Account] | None:
        """A token and its account as they are now; whether they count is decided by who reads them."""
        query = (
            select(access_token, account)
            .join(account, account.c.id == access_token.c.account_id)
            .where(access_token.c.token_hash == token_hash)
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        found = row._mapping
        kept = _token({column.name: found[column] for column in access_token.c})
        return kept, account_of({column.name: found[column] for column in account.c})

    def use_token(self, token: Token, day: date) -> None:
        """Note the day a token was used; the first use of a day leaves a line, not each request."""
        unused = or_(access_token.c.last_used_on.is_(None), access_token.c.last_used_on < day)
        change = update(access_token).where(access_token.c.id == token.id, unused).values(last_used_on=day)
        with self._writing() as connection:
            if connection.execute(change).rowcount:
                self._note(connection, token.account_id, "token.used", {"token": token.id})

    def withdraw_token(self, token_id: str, *, account_id: str, at: datetime) -> bool:
        """End a token of this account; False for one that is not there, ended before or somebody else's."""
        change = (
            update(access_token)
            .where(
                access_token.c.id == token_id,
                access_token.c.account_id == account_id,
                access_token.c.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=at)
        )
        with self._writing() as connection:
            done = bool(connection.execute(change).rowcount)
            if done:
                self._note(connection, account_id, "token.withdrawn", {"token": token_id})
        return done


def _open_ones(connection: Connection, account_id: str, now: datetime) -> int:
    counted = select(func.count()).where(
        access_token.c.account_id == account_id,
        access_token.c.withdrawn_at.is_(None),
        access_token.c.expires_at > now,
    )
    return int(connection.execute(counted).scalar_one())


def _forget_ended(connection: Connection, account_id: str, now: datetime) -> None:
    before = now - SHOWN_AFTER_END
    old = or_(access_token.c.expires_at < before, access_token.c.withdrawn_at < before)
    connection.execute(delete(access_token).where(access_token.c.account_id == account_id, old))


def _token(row: dict[str, Any]) -> Token:
    values = {field.name: row[field.name] for field in fields(Token)}
    units = row["units"]
    return Token(**{**values, "units": None if units is None else tuple(units)})
