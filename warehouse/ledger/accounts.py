"""Accounts: who may sign in, in which role, for which part of the organisation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from warehouse.errors import ConfigError
from warehouse.ledger.tables import access_token, account, login_link, session
from warehouse.ledger.trail import Trail


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `units` are organisation units; `password_hash` None means links only."""

    id: str
    login: str
    name: str
    function: str
    initials: str
    role: str
    units: tuple[str, ...]
    password_hash: str | None
    disabled_at: datetime | None
    created_at: datetime


class Accounts(Trail):
    """Adds, finds, closes accounts."""

    def add_account(
        self,
        *,
        login: str,
        name: str,
        role: str,
        units: Sequence[str] = (),
        function: str = "",
        initials: str = "",
        password_hash: str | None = None,
        who: str,
    ) -> Account:
        """Create an account. Raises ConfigError(code="login_taken")."""
        values: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "login": login,
            "name": name,
            "function": function,
            "initials": initials,
            "role": role,
            "units": list(units),
            "password_hash": password_hash,
            "created_at": datetime.now(UTC),
        }
        try:
            with self._writing() as connection:
                connection.execute(insert(account).values(**values))
                self._note(
                    connection, who, "account.added", {"login": login, "role": role, "units": list(units)}
                )
        except IntegrityError:
            raise ConfigError(
                f"Die Kennung „{login}“ ist vergeben", code="login_taken", found=login
            ) from None
        return account_of({**values, "disabled_at": None})

    def account(self, account_id: str) -> Account | None:
        """Account by id."""
        with self._reading() as connection:
            row = connection.execute(select(account).where(account.c.id == account_id)).first()
        return account_of(dict(row._mapping)) if row else None

    def account_by_login(self, login: str) -> Account | None:
        """Account by login, spelled exactly."""
        with self._reading() as connection:
            row = connection.execute(select(account).where(account.c.login == login)).first()
        return account_of(dict(row._mapping)) if row else None

    def accounts(self) -> list[Account]:
        """All accounts by login, closed ones among them."""
        with self._reading() as connection:
            return [
                account_of(dict(row._mapping))
                for row in connection.execute(select(account).order_by(account.c.login))
            ]

    def disable_account(self, account_id: str, *, who: str) -> None:
        """Close an account; its sessions, unused links and tokens end in the same transaction."""
        self._change(account_id, who, "account.disabled", {"disabled_at": datetime.now(UTC)})

    def enable_account(self, account_id: str, *, who: str) -> None:
        """Open a closed account again."""
        self._change(account_id, who, "account.enabled", {"disabled_at": None})

    def set_password_hash(self, account_id: str, password_hash: str | None, *, who: str) -> None:
        """Set or remove the password; whoever is signed in with the old one has to sign in again."""
        self._change(account_id, who, "account.password_set", {"password_hash": password_hash})

    def set_role(self, account_id: str, role: str, units: Sequence[str], *, who: str) -> None:
        """Change role and units; effective with the next request, because open sessions end."""
        values = {"role": role, "units": list(units)}
        self._change(account_id, who, "account.role_set", values, detail=values)

    def _change(
        self,
        account_id: str,
        who: str,
        what: str,
        values: Mapping[str, Any],
        *,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        with self._writing() as connection:
            found = connection.execute(select(account.c.login).where(account.c.id == account_id)).scalar()
            if found is None:
                raise ConfigError("Dieses Konto gibt es nicht", code="unknown_account", found=account_id)
            connection.execute(update(account).where(account.c.id == account_id).values(**values))
            _end_access(connection, account_id)
            if closed_at := values.get("disabled_at"):
                _withdraw_tokens(connection, account_id, closed_at)
            self._note(connection, who, what, {"login": found, **(detail or {})})


def _end_access(connection: Connection, account_id: str) -> None:
    connection.execute(delete(session).where(session.c.account_id == account_id))
    connection.execute(
        delete(login_link).where(login_link.c.account_id == account_id, login_link.c.used_at.is_(None))
    )


def _withdraw_tokens(connection: Connection, account_id: str, at: datetime) -> None:
    """An account that is opened again begins without the tokens it once had."""
    still = (access_token.c.account_id == account_id) & access_token.c.withdrawn_at.is_(None)
    connection.execute(update(access_token).where(still).values(withdrawn_at=at))


def account_of(row: Mapping[str, Any]) -> Account:
    """Account of a row of its table."""
    values = {field.name: row[field.name] for field in fields(Account)}
    return Account(**{**values, "units": tuple(row["units"])})
