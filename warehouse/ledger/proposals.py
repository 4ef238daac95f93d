"""Proposals of the responsible units for a decision, and what became of them.

A proposal is an entry of the subject `proposal`: it counts at once, because it says what somebody proposes
and is no figure. Every change is a new entry that supersedes the one before; nothing is overwritten.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from warehouse.errors import ConfigError
from warehouse.ledger.forms import changed_meanwhile, first_time
from warehouse.ledger.tables import entry, resolution
from warehouse.ledger.trail import Trail

SUBJECT = "proposal"
NOTED, DECIDED = "kenntnis", "beschluss"
KINDS = (NOTED, DECIDED)


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """What somebody typed about a figure; `unit` "" is the whole city, `owner` the responsible unit."""

    metric: str
    unit: str
    title: str
    text: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the head of the town did with one version: noted it, or decided it on a day."""

    proposal: str
    entry: int
    kind: str
    decided_on: date
    remark: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """One version of a proposal; `entry` numbers versions, `proposal` is what they have in common."""

    entry: int
    proposal: str
    metric: str
    unit: str
    title: str
    text: str
    owner: str
    due_on: date
    recorded_on: date
    author: str
    at: datetime
    supersedes: int | None
    resolutions: tuple[Resolution, ...] = ()

    @property
    def decided(self) -> Resolution | None:
        """The latest decision about this proposal, None when it was at most noted."""
        return next((r for r in reversed(self.resolutions) if r.kind == DECIDED), None)

    @property
    def noted(self) -> Resolution | None:
        """The latest note that the head of the town knows it."""
        return next((r for r in reversed(self.resolutions) if r.kind == NOTED), None)


class Proposals(Trail):
    """Keeps proposals and resolutions."""

    def proposals(self, *, metric: str | None = None) -> list[Proposal]:
        """All versions of all proposals, in the order they were made."""
        with self._reading() as connection:
            return _versions(connection, metric)

    def propose(
        self,
        draft: ProposalDraft,
        *,
        author: str,
        number: str,
        based_on: int | None,
        anew: bool = False,
        at: datetime | None = None,
        recorded_on: date | None = None,
    ) -> Proposal:
        """Keep a version. `based_on` is the latest entry about this figure its author saw, None for none;
        `anew` begins another proposal instead of changing the last one. The same `number` again changes
        nothing.

        Raises ContractError(code="changed_meanwhile") when there is a later one.
        """
        moment = at or datetime.now(UTC)
        with self._in_line() as connection:
            last = _last(connection, draft)
            if not first_time(connection, number, moment) and last is not None:
                return last
            if (last.entry if last else None) != based_on:
                raise changed_meanwhile(last.entry if last else None)
            before = None if anew else last
            payload = _payload(draft, before, recorded_on or moment.date())
            values = {
                "subject": SUBJECT,
                "payload": payload,
                "state": "released",
                "author": author,
                "released_by": author,
                "created_at": moment,
                "released_at": moment,
                "supersedes": before.entry if before else None,
            }
            made = int(connection.execute(insert(entry).values(**values).returning(entry.c.id)).scalar_one())
            self._note(connection, author, "proposal.written", {"entry": made, **_told(payload, before)})
            return next(p for p in _versions(connection, draft.metric) if p.entry == made)

    def resolve(
        self,
        entry_id: int,
        *,
        kind: str,
        decided_on: date,
        remark: str,
        who: str,
        number: str,
        at: datetime | None = None,
    ) -> None:
        """Note a resolution about the version somebody saw; the same `number` again changes nothing.

        Raises ConfigError(code="unknown_entry"), ContractError(code="changed_meanwhile") when a later version
        of the proposal exists.
        """
        moment = at or datetime.now(UTC)
        with self._in_line() as connection:
            found = next((p for p in _versions(connection) if p.entry == entry_id), None)
            if found is None or kind not in KINDS:
                raise ConfigError("Diesen Vorschlag gibt es nicht", code="unknown_entry", found=entry_id)
            if not first_time(connection, number, moment):
                return
            newest = [p.entry for p in _versions(connection, found.metric) if p.proposal == found.proposal][
                -1
            ]
            if newest != entry_id:
                raise changed_meanwhile(newest)
            told = {"proposal": found.proposal, "entry": entry_id, "kind": kind, "decided_on": decided_on}
            connection.execute(insert(resolution).values(**told, remark=remark, who=who, at=moment))
            self._note(connection, who, "proposal.resolved", {**told, "remark": remark})


def _last(connection: Connection, draft: ProposalDraft) -> Proposal | None:
    same = [p for p in _versions(connection, draft.metric) if p.unit == draft.unit]
    return same[-1] if same else None


def _payload(draft: ProposalDraft, before: Proposal | None, recorded_on: date) -> dict[str, Any]:
    return {
        "proposal_id": before.proposal if before else uuid.uuid4().hex,
        "metric_id": draft.metric,
        "title": draft.title,
        "text": draft.text,
        "owner": draft.owner,
        "due_on": draft.due_on.isoformat(),
        "recorded_on": recorded_on.isoformat(),
        **({"org_unit_id": draft.unit} if draft.unit else {}),
    }


def _told(payload: dict[str, Any], before: Proposal | None) -> dict[str, Any]:
    """The audit line says what is new and what it replaces."""
    old = {"title": before.title, "text": before.text, "due_on": before.due_on} if before else None
    return {"new": payload, "old": old, "supersedes": before.entry if before else None}


def _versions(connection: Connection, metric: str | None = None) -> list[Proposal]:
    rows = connection.execute(
        select(entry).where(entry.c.subject == SUBJECT, entry.c.state == "released").order_by(entry.c.id)
    ).all()
    wanted = [row for row in rows if metric is None or row.payload.get("metric_id") == metric]
    found = _resolutions(connection) if wanted else []
    return [_proposal(row, found) for row in wanted]


def _resolutions(connection: Connection) -> Sequence[Resolution]:
    names = [resolution.c[name] for name in Resolution.__dataclass_fields__]
    return [Resolution(*row) for row in connection.execute(select(*names).order_by(resolution.c.id))]


def _proposal(row: Any, resolutions: Sequence[Resolution]) -> Proposal:
    said = row.payload
    return Proposal(
        entry=row.id,
        proposal=str(said["proposal_id"]),
        metric=str(said["metric_id"]),
        unit=str(said.get("org_unit_id") or ""),
        title=str(said["title"]),
        text=str(said["text"]),
        owner=str(said["owner"]),
        due_on=date.fromisoformat(said["due_on"]),
        recorded_on=date.fromisoformat(said["recorded_on"]),
        author=row.author,
        at=row.created_at,
        supersedes=row.supersedes,
        resolutions=tuple(r for r in resolutions if r.proposal == said["proposal_id"]),
    )
