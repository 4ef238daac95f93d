"""Server-side sessions and one-time links: the browser holds an opaque id, the ledger holds its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from dashboard.auth.throttle import FREE_TRIES_ACCOUNT, FREE_TRIES_ADDRESS, WINDOW, wait_until
from dashboard.auth.viewer import Role, Viewer, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.auth.passwords import Passwords
    from dashboard.settings import Identity
    from warehouse.ledger import Account, Ledger

TOUCH_EVERY = timedelta(seconds=60)


def utc_now() -> datetime:
    """The present instant; replaced by tests."""
    return datetime.now(UTC)


def hashed(token: str) -> str:
    """Return what the ledger keeps of a random token; 256 bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A valid session: who, and the token its forms have to carry."""

    viewer: Viewer
    csrf: str
    id_hash: str
    last_seen_at: datetime
    idle: timedelta
    expires_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it ends unless somebody does something; at the latest when its longest time is over."""
        return min(self.last_seen_at + self.idle, self.expires_at)

    @property
    def can_stay(self) -> bool:
        """Whether doing something moves the end."""
        return self.last_seen_at + self.idle < self.expires_at


class Sessions:
    """Opens, reads and closes sessions of one ledger."""

    def __init__(self, ledger: Ledger, rules: Identity, now: Callable[[], datetime] = utc_now) -> None:
        self._ledger, self._now = ledger, now
        self._idle = timedelta(minutes=rules.idle_minutes)
        self._absolute = timedelta(hours=rules.session_hours)

    def open(self, account: Account, *, how: str, address: str) -> str:
        """Start a session under a new id and return that id (for the cookie)."""
        token, now = secrets.token_urlsafe(32), self._now()
        self._ledger.open_session(
            id_hash=hashed(token),
            account_id=account.id,
            csrf=secrets.token_urlsafe(32),
            created_at=now,
            expires_at=now + self._absolute,
            detail={"how": how, "address": address},
        )
        return token

    def read(self, token: str | None, *, extend: bool) -> OpenSession | None:
        """Return the session of a cookie, or None when it is unknown, over, idle or its account closed."""
        if not token or len(token) > 200:
            return None
        now, id_hash = self._now(), hashed(token)
        found = self._ledger.signed_in(id_hash)
        if found is None:
            return None
        row, account = found
        if now >= row.expires_at or now - row.last_seen_at >= self._idle or account.disabled_at is not None:
            return None
        seen = row.last_seen_at
        if extend and now - seen >= TOUCH_EVERY:
            self._ledger.touch_session(id_hash, now)
            seen = now
        return OpenSession(viewer_of(account), row.csrf, id_hash, seen, self._idle, row.expires_at)

    def keep(self, session: OpenSession) -> OpenSession:
        """Note that the person is still there, however short ago the last sign was."""
        now = self._now()
        self._ledger.touch_session(session.id_hash, now)
        return replace(session, last_seen_at=now)

    def close(self, session: OpenSession) -> None:
        """End one session for good."""
        self._ledger.close_session(session.id_hash, who=session.viewer.account_id)


def viewer_of(account: Account) -> Viewer:
    """Build the viewer of an account; role and units are those of the ledger at this moment."""
    return Viewer(
        account_id=account.id,
        name=account.name,
        function=account.function,
        initials=account.initials,
        role=cast("Role", account.role),
        scope=scope_of(account.role, tuple(account.units)),
        login=account.login,
    )


class SignIn:
    """The two ways in: a one-time link from the command line, and an optional local password."""

    def __init__(self, ledger: Ledger, passwords: Passwords, now: Callable[[], datetime] = utc_now) -> None:
        self._ledger, self._passwords, self._now = ledger, passwords, now

    def issue_link(self, account: Account, *, minutes: float, by: str) -> str:
        """Return a fresh one-time token; only its hash is kept."""
        token = secrets.token_urlsafe(32)
        expires = self._now() + timedelta(minutes=minutes)
        self._ledger.add_link(token_hash=hashed(token), account_id=account.id, expires_at=expires, who=by)
        return token

    def by_link(self, token: str) -> Account | None:
        """Use a link up and return its account; None when unknown, used, too old or the account closed."""
        account_id = self._ledger.use_link(hashed(token), self._now())
        account = self._ledger.account(account_id) if account_id else None
        return account if account and account.disabled_at is None else None

    def wait_until(self, login: str, address: str, device: str | None = None) -> datetime | None:
        """Return when a browser that signed in before (`device`), else the account or the address, may try
        again; asked before any hash is computed."""
        now = self._now()
        waits = [
            wait_until(self._ledger.failures(key, now - WINDOW), free_tries=free, now=now)
            for key, free in _keys(login, address, device)
        ]
        return max((w for w in waits if w), default=None)

    def by_password(
        self, login: str, password: str, address: str, device: str | None = None
    ) -> Account | None:
        """Return the account when login and password fit; an unknown login costs the same time."""
        account = self._ledger.account_by_login(login)
        usable = account is not None and account.disabled_at is None
        hash_ = account.password_hash if account is not None and usable else None
        fits = self._passwords.verify(hash_, password)
        if not fits:
            self._ledger.add_failures([key for key, _ in _keys(login, address, device)], self._now())
        return account if fits else None


def _keys(login: str, address: str, device: str | None) -> list[tuple[str, int]]:
    """Keys of the slow-down; logins are hashed so that mistyped passwords never lie in the ledger."""
    if device is not None:
        return [(f"device:{hashed(device)}", FREE_TRIES_ACCOUNT)]
    return [
        (f"account:{hashed(login.lower())}", FREE_TRIES_ACCOUNT),
        (f"address:{address}", FREE_TRIES_ADDRESS),
    ]
