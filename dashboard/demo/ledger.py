"""Fill the ledger of the example city: four accounts and what they typed and released."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from dashboard.demo.entries import ACCOUNTS, entries
from dashboard.demo.remarks import add_remarks
from dashboard.demo.views import add_views

if TYPE_CHECKING:
    from warehouse.ledger import Ledger

WHO = "demo"
# Whoever writes an entry does not release it.
AUTHOR, RELEASED_BY = "fachbereich", "controlling"


def seed_ledger(ledger: Ledger, as_of: date) -> None:
    """Add the demo accounts and every entry released up to `as_of`; what is there already stays."""
    for account in ACCOUNTS:
        if ledger.account_by_login(account.login) is None:
            ledger.add_account(
                login=account.login,
                name=account.name,
                function=account.function,
                initials=account.initials,
                role=account.role,
                units=account.units,
                password_hash=None,
                who=WHO,
            )
    _add_entries(ledger, as_of)
    add_remarks(ledger, as_of)
    add_views(ledger, as_of)


def _add_entries(ledger: Ledger, as_of: date) -> None:
    """Entries carry no number of their own in the demo, so an equal content is the same entry."""
    known = {
        (subject, _identity(dict(entry.payload)))
        for subject in ("capacity", "proposal")
        for entry in ledger.entries(subject)
    }
    for entry in entries(as_of):
        if (entry.subject, _identity(dict(entry.payload))) in known:
            continue
        moment = datetime.combine(entry.on, time(9), UTC)
        added = ledger.add_entry(entry.subject, entry.payload, author=AUTHOR, created_at=moment)
        ledger.release_entry(added.id, who=RELEASED_BY, released_at=moment)


def _identity(payload: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in payload.items()))
