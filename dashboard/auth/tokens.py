"""Personal tokens for programs: shown once, kept as a hash, never wider than their account at the moment."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dashboard.auth.sessions import hashed, utc_now, viewer_of
from dashboard.auth.viewer import Viewer
from metrics.protect.published import units_of
from metrics.result import Scope
from warehouse.ledger import Token, TokenDraft

if TYPE_CHECKING:
    from metrics.lineage import Snapshot
    from warehouse.ledger import Account, Ledger

DEFAULT_DAYS, MOST_DAYS = 90, 365
# The mark in front lets people and scanners of repositories see what was left lying about.
MARK = "isek_"
_SECRET = re.compile(rf"{MARK}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who asks with a token: the account as it is now, and the token that may narrow it."""

    account: Account
    token: Token

    def viewer(self, snapshot: Callable[[], Snapshot]) -> Viewer:
        """The viewer of one request; `snapshot` is only asked when the token names units."""
        viewer = viewer_of(self.account)
        if self.token.units is None:
            return viewer
        return replace(viewer, scope=narrowed(snapshot(), viewer.scope, self.token.units))


class Tokens:
    """Issues and reads tokens of one ledger."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime] = utc_now) -> None:
        self._ledger, self._now = ledger, now

    def issue(
        self, viewer: Viewer, *, name: str, days: int, units: Sequence[str] | None, number: str
    ) -> tuple[str, Token]:
        """Return a fresh secret, which nobody can read again, and what is kept of it.

        Raises ContractError (sent_twice, too_many_tokens).
        """
        secret, now = MARK + secrets.token_urlsafe(32), self._now()
        kept = self._ledger.add_token(
            TokenDraft(
                account_id=viewer.account_id,
                name=name,
                token_hash=hashed(secret),
                units=units,
                created_at=now,
                expires_at=now + timedelta(days=min(max(days, 1), MOST_DAYS)),
                number=number,
            )
        )
        return secret, kept

    def read(self, secret: str | None) -> Bearer | None:
        """Return who a secret belongs to; None when it is garbled, unknown, over or its account closed."""
        if secret is None or not _SECRET.fullmatch(secret):
            return None
        found, now = self._ledger.token_owner(hashed(secret)), self._now()
        if found is None:
            return None
        token, account = found
        if not token.is_open(now) or account.disabled_at is not None:
            return None
        if token.last_used_on != now.date():
            self._ledger.use_token(token, now.date())
        return Bearer(account, token)


def narrowed(snapshot: Snapshot, scope: Scope, units: Sequence[str]) -> Scope:
    """Return what both a scope and a choice of units admit; units that lie in neither are nobody's."""
    if scope.units is None:
        return Scope.of(*units)
    own, chosen = units_of(snapshot, scope), units_of(snapshot, Scope.of(*units))
    return Scope.of(
        *(unit for unit in units if unit in own), *(unit for unit in scope.units if unit in chosen)
    )
