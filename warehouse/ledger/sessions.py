"""Sessions, one-time links and failed attempts; tokens are kept as hashes only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from warehouse.ledger.accounts import Account, account_of
from warehouse.ledger.tables import account, attempt, login_link, session
from warehouse.ledger.trail import Trail


@dataclass(frozen=True, slots=True)
class Session:
    """A session as stored; whether it is still valid is decided by who reads it."""

    id_hash: str
    account_id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    csrf: str


_SIGNED_IN = (
    select(session, account)
    .join(account, account.c.id == session.c.account_id)
    .where(session.c.id_hash == bindparam("wanted"))
)


class Sessions(Trail):
    """Opens and ends sessions, hands out links once, counts failures."""

    def open_session(
        self,
        *,
        id_hash: str,
        account_id: str,
        csrf: str,
        created_at: datetime,
        expires_at: datetime,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep a new session and note the sign-in."""
        with self._writing() as connection:
            connection.execute(
                insert(session).values(
                    id_hash=id_hash,
                    account_id=account_id,
                    csrf=csrf,
                    created_at=created_at,
                    last_seen_at=created_at,
                    expires_at=expires_at,
                )
            )
            self._note(connection, account_id, "session.opened", detail or {})

    def session(self, id_hash: str) -> Session | None:
        """Session by the hash of its id."""
        with self._reading() as connection:
            row = connection.execute(select(session).where(session.c.id_hash == id_hash)).first()
        return Session(**row._mapping) if row else None

    def sessions_of(self, account_id: str) -> list[Session]:
        """Sessions of one account, newest first."""
        query = (
            select(session).where(session.c.account_id == account_id).order_by(session.c.created_at.desc())
        )
        with self._reading() as connection:
            return [Session(**row._mapping) for row in connection.execute(query)]

    def signed_in(self, id_hash: str) -> tuple[Session, Account] | None:
        """A session and its account as they are now, asked in one go: every request needs both."""
        with self._reading() as connection:
            row = connection.execute(_SIGNED_IN, {"wanted": id_hash}).first()
        if row is None:
            return None
        found = row._mapping
        kept = Session(**{field.name: found[session.c[field.name]] for field in fields(Session)})
        return kept, account_of({column.name: found[column] for column in account.c})

    def rights_in_use(self, now: datetime) -> list[tuple[str, tuple[str, ...]]]:
        """Roles with their units that people are signed in with, the most frequent first."""
        query = (
            select(account.c.role, account.c.units)
            .join(session, session.c.account_id == account.c.id)
            .where(session.c.expires_at > now, account.c.disabled_at.is_(None))
        )
        with self._reading() as connection:
            found = Counter((row.role, tuple(row.units)) for row in connection.execute(query))
        return [rights for rights, _ in found.most_common()]

    def touch_session(self, id_hash: str, at: datetime) -> None:
        """Note that a session was used; no audit line, it says nothing about an action."""
        with self._writing() as connection:
            connection.execute(update(session).where(session.c.id_hash == id_hash).values(last_seen_at=at))

    def close_session(self, id_hash: str, *, who: str) -> None:
        """End one session; ending it twice is no fault."""
        with self._writing() as connection:
            if connection.execute(delete(session).where(session.c.id_hash == id_hash)).rowcount:
                self._note(connection, who, "session.closed", {})

    def close_all_sessions(self, account_id: str, *, who: str) -> int:
        """End every session of an account; returns how many there were."""
        with self._writing() as connection:
            ended = connection.execute(delete(session).where(session.c.account_id == account_id)).rowcount
            if ended:
                self._note(connection, who, "session.all_closed", {"account": account_id, "sessions": ended})
        return ended

    def add_link(self, *, token_hash: str, account_id: str, expires_at: datetime, who: str) -> None:
        """Keep a one-time link by the hash of its token."""
        with self._writing() as connection:
            connection.execute(
                insert(login_link).values(token_hash=token_hash, account_id=account_id, expires_at=expires_at)
            )
            self._note(
                connection, who, "link.added", {"account": account_id, "expires_at": expires_at.isoformat()}
            )

    def use_link(self, token_hash: str, now: datetime) -> str | None:
        """Use a link up and return its account's id; None when unknown, used, too old or account closed."""
        open_accounts = select(account.c.id).where(account.c.disabled_at.is_(None))
        usable = (
            (login_link.c.token_hash == token_hash)
            & login_link.c.used_at.is_(None)
            & (login_link.c.expires_at > now)
            & login_link.c.account_id.in_(open_accounts)
        )
        with self._writing() as connection:
            # One statement decides: of two clicks at once exactly one finds the link unused.
            if not connection.execute(update(login_link).where(usable).values(used_at=now)).rowcount:
                return None
            query = select(login_link.c.account_id).where(login_link.c.token_hash == token_hash)
            account_id = str(connection.execute(query).scalar_one())
            self._note(connection, account_id, "link.used", {})
        return account_id

    def add_failures(self, keys: Sequence[str], at: datetime) -> None:
        """Count a failed sign-in for each key (account, address)."""
        with self._writing() as connection:
            connection.execute(insert(attempt), [{"key": key, "at": at} for key in keys])
            self._note(connection, "anonymous", "login.failed", {"keys": list(keys)})

    def failures(self, key: str, since: datetime) -> list[datetime]:
        """Times of failed sign-ins of one key since a moment, oldest first."""
        query = select(attempt.c.at).where(attempt.c.key == key, attempt.c.at >= since).order_by(attempt.c.at)
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def forget_expired(self, now: datetime, *, failures_before: datetime) -> int:
        """Delete sessions and links that are over and old failures; returns how many rows went."""
        conditions = (
            (session, session.c.expires_at <= now),
            (login_link, login_link.c.expires_at <= now),
            (attempt, attempt.c.at < failures_before),
        )
        with self._writing() as connection:
            return sum(connection.execute(delete(table).where(old)).rowcount for table, old in conditions)
