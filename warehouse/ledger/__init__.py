"""The ledger: accounts, sessions, entries, runs and the audit trail, on SQLite or PostgreSQL.

Every action that changes something writes its audit line in the same transaction: both or neither.
All times are aware and come back in UTC.
"""

from __future__ import annotations

from warehouse.ledger.accounts import Account, Accounts
from warehouse.ledger.comments import Comment, CommentDraft, Comments
from warehouse.ledger.entries import Entries, Entry
from warehouse.ledger.figures import Figures, KeptDefinition, PinnedFigure
from warehouse.ledger.notices import Condition, Notices
from warehouse.ledger.proposals import Proposal, ProposalDraft, Proposals, Resolution
from warehouse.ledger.releases import Release, Releases
from warehouse.ledger.runs import Run, Runs
from warehouse.ledger.sessions import Session, Sessions
from warehouse.ledger.tokens import Token, TokenDraft, Tokens
from warehouse.ledger.trail import AuditEvent
from warehouse.ledger.view_pins import ViewPin, ViewPins
from warehouse.ledger.views import SavedView, ViewDecision, ViewDraft, Views, ViewVersion

__all__ = [
    "Account",
    "AuditEvent",
    "Comment",
    "CommentDraft",
    "Condition",
    "Entry",
    "KeptDefinition",
    "Ledger",
    "PinnedFigure",
    "Proposal",
    "ProposalDraft",
    "Release",
    "Resolution",
    "Run",
    "SavedView",
    "Session",
    "Token",
    "TokenDraft",
    "ViewDecision",
    "ViewDraft",
    "ViewPin",
    "ViewVersion",
]


class Ledger(
    Accounts,
    Sessions,
    Entries,
    Runs,
    Notices,
    Releases,
    Figures,
    Proposals,
    Comments,
    Views,
    ViewPins,
    Tokens,
):
    """One ledger by SQLAlchemy URL; opens its database on first use in each process.

    Raises RetriableError(code="ledger_busy") when the database is locked or not reachable,
    ConfigError(code="newer_schema") when a later version of the portal wrote it.
    """
