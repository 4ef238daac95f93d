"""Saved views of the explorer: versioned, shared, official by four eyes, withdrawn but never deleted.

A view keeps what was asked, never with whose rights: whoever opens it asks with their own.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from warehouse.errors import AccessError, ConfigError, ContractError
from warehouse.ledger.forms import changed_meanwhile, first_time
from warehouse.ledger.tables import view_decision, view_version
from warehouse.ledger.trail import Trail

OWN, ROLE = "own", "role:"
PROPOSED, RELEASED, DECLINED, ENDED = "proposed", "released", "declined", "ended"
MOST_VIEWS, LONGEST_NAME, LONGEST_NOTE = 200, 120, 500


@dataclass(frozen=True, slots=True)
class ViewDraft:
    """What somebody keeps: parameters of the explorer's address, for OWN or ROLE + role."""

    name: str
    note: str
    params: Mapping[str, str]
    audience: str = OWN


@dataclass(frozen=True, slots=True)
class ViewVersion:
    """One version of a view; `owner` and `author` are logins."""

    view: str
    version: int
    owner: str
    audience: str
    name: str
    note: str
    params: Mapping[str, str]
    author: str
    at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ViewDecision:
    """One step on the way to an official view: proposed, released, declined, ended."""

    view: str
    version: int
    kind: str
    reason: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view with all its versions and decisions, the oldest first."""

    versions: tuple[ViewVersion, ...]
    decisions: tuple[ViewDecision, ...] = ()

    @property
    def id(self) -> str:
        """What links name."""
        return self.versions[0].view

    @property
    def owner(self) -> str:
        """Login of the person who made it."""
        return self.versions[0].owner

    @property
    def head(self) -> ViewVersion:
        """The latest version, the one its owner works with."""
        return self.versions[-1]

    @property
    def official(self) -> ViewVersion | None:
        """The version released last, which stays until another one is released or its time is ended."""
        found: int | None = None
        for decision in self.decisions:
            if decision.kind == RELEASED:
                found = decision.version
            elif decision.kind == ENDED:
                found = None
        return None if found is None or self.head.withdrawn else self.version(found)

    @property
    def pending(self) -> ViewDecision | None:
        """The proposal that waits for a second person; one whose view was changed since no longer waits."""
        last = self.decisions[-1] if self.decisions else None
        waits = last is not None and last.kind == PROPOSED and last.version == self.head.version
        return last if waits and not self.head.withdrawn else None

    @property
    def was_official(self) -> frozenset[int]:
        """Numbers of all versions that were ever released."""
        return frozenset(d.version for d in self.decisions if d.kind == RELEASED)

    def version(self, number: int) -> ViewVersion | None:
        """Return the version of that number."""
        return next((item for item in self.versions if item.version == number), None)


class Views(Trail):
    """Keeps saved views."""

    def views_stamp(self) -> tuple[int, int]:
        """Numbers of the last version and the last decision: equal as long as no view changed."""
        query = select(
            select(func.max(view_version.c.id)).scalar_subquery(),
            select(func.max(view_decision.c.id)).scalar_subquery(),
        )
        with self._reading() as connection:
            row = connection.execute(query).one()
        return int(row[0] or 0), int(row[1] or 0)

    def views(self) -> list[SavedView]:
        """All views that were not withdrawn, in the order they were made."""
        with self._reading() as connection:
            return [view for view in _views(connection) if not view.head.withdrawn]

    def view(self, view_id: str) -> SavedView | None:
        """One view, a withdrawn one too; None for an id nobody has."""
        with self._reading() as connection:
            return next(iter(_views(connection, view_id)), None)

    def write_view(
        self, draft: ViewDraft, *, owner: str, number: str, at: datetime | None = None
    ) -> SavedView:
        """Keep a new view with its audit line; the same form `number` of the same person changes nothing.

        Raises ContractError(code="too_many_views").
        """
        moment = at or datetime.now(UTC)
        # Named by person and form: what is sent twice is one view, and nobody meets another one's.
        view_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{owner}\n{number}").hex
        with self._in_line() as connection:
            if not first_time(connection, number, moment) and (there := _views(connection, view_id)):
                return there[0]
            _require_room(connection, owner)
            made = _made(draft, view_id, 1, owner, owner, moment)
            self._keep_version(connection, made, "view.written", None)
            return SavedView((made,))

    def change_view(
        self,
        view_id: str,
        draft: ViewDraft,
        *,
        author: str,
        number: str,
        based_on: int,
        at: datetime | None = None,
    ) -> SavedView:
        """Keep a new version. An official view stays as it was released until this one is released, too.

        Raises ConfigError(code="unknown_view"), ContractError(code="changed_meanwhile") when there is a later
        version than the one its author saw.
        """
        moment = at or datetime.now(UTC)
        with self._in_line() as connection:
            found = _there(connection, view_id)
            if not first_time(connection, number, moment):
                return found
            if found.head.version != based_on:
                raise changed_meanwhile(found.head.version)
            made = _made(draft, view_id, based_on + 1, found.owner, author, moment)
            self._keep_version(connection, made, "view.changed", found.head)
            return replace(found, versions=(*found.versions, made))

    def withdraw_view(self, view_id: str, *, who: str, at: datetime | None = None) -> None:
        """Take a view back, for everybody; it stays in the ledger. Withdrawing it twice is no fault."""
        with self._in_line() as connection:
            last = _there(connection, view_id, withdrawn=True).head
            if last.withdrawn:
                return
            made = replace(
                last, version=last.version + 1, author=who, at=at or datetime.now(UTC), withdrawn=True
            )
            self._keep_version(connection, made, "view.withdrawn", last)

    def propose_view(
        self, view_id: str, *, who: str, number: str, based_on: int, at: datetime | None = None
    ) -> None:
        """Ask for the latest version to become official.

        Raises ConfigError(code="unknown_view"), ContractError(code="changed_meanwhile").
        """
        moment = at or datetime.now(UTC)
        with self._in_line() as connection:
            found = _there(connection, view_id)
            if not first_time(connection, number, moment) or found.pending is not None:
                return
            if found.head.version != based_on:
                raise changed_meanwhile(found.head.version)
            made = ViewDecision(view_id, based_on, PROPOSED, "", who, moment)
            self._keep_decision(connection, made)

    def decide_view(
        self,
        view_id: str,
        *,
        kind: str,
        who: str,
        number: str,
        based_on: int,
        reason: str = "",
        at: datetime | None = None,
    ) -> None:
        """Release or decline what is proposed; whoever owns, wrote or proposed it cannot do either.

        Raises ConfigError(code="unknown_view"), AccessError(code="four_eyes"),
        ContractError(code="changed_meanwhile") when another version waits than the one that was read.
        """
        moment = at or datetime.now(UTC)
        with self._in_line() as connection:
            found = _there(connection, view_id)
            if not first_time(connection, number, moment):
                return
            waiting = found.pending
            if waiting is None or waiting.version != based_on or kind not in (RELEASED, DECLINED):
                raise changed_meanwhile(found.head.version)
            if who in (waiting.who, found.owner, found.head.author):
                raise AccessError(
                    "Freigeben kann eine Ansicht nur eine zweite Person", code="four_eyes", found=who
                )
            self._keep_decision(connection, ViewDecision(view_id, based_on, kind, reason, who, moment))

    def end_official_view(self, view_id: str, *, who: str, at: datetime | None = None) -> None:
        """End that a view is official; its owner keeps it. Raises ConfigError(code="unknown_view")."""
        with self._in_line() as connection:
            found = _there(connection, view_id)
            if (present := found.official) is None:
                return
            made = ViewDecision(view_id, present.version, ENDED, "", who, at or datetime.now(UTC))
            self._keep_decision(connection, made)

    def _keep_version(
        self, connection: Connection, made: ViewVersion, what: str, before: ViewVersion | None
    ) -> None:
        values = {**asdict(made), "params": dict(made.params)}
        connection.execute(insert(view_version).values(**values))
        told = ("name", "note", "audience", "params")
        self._note(
            connection,
            made.author,
            what,
            {
                "view": made.view,
                "version": made.version,
                "new": {name: values[name] for name in told},
                "old": {name: getattr(before, name) for name in told} if before else None,
            },
        )

    def _keep_decision(self, connection: Connection, made: ViewDecision) -> None:
        connection.execute(insert(view_decision).values(**asdict(made)))
        told = {"view": made.view, "version": made.version, "reason": made.reason}
        self._note(connection, made.who, f"view.{made.kind}", told)


def _require_room(connection: Connection, owner: str) -> None:
    newest = (
        select(view_version.c.view, func.max(view_version.c.version).label("version"))
        .where(view_version.c.owner == owner)
        .group_by(view_version.c.view)
        .subquery()
    )
    heads = (view_version.c.view == newest.c.view) & (view_version.c.version == newest.c.version)
    query = (
        select(func.count())
        .select_from(view_version.join(newest, heads))
        .where(view_version.c.withdrawn.is_(False))
    )
    if (count := int(connection.execute(query).scalar_one())) >= MOST_VIEWS:
        raise ContractError(
            f"Mehr als {MOST_VIEWS} eigene Ansichten werden nicht gespeichert",
            code="too_many_views",
            found=count,
            allowed=str(MOST_VIEWS),
            next_step="Zuerst eine Ansicht zurücknehmen, die nicht mehr gebraucht wird",
        )


def _views(connection: Connection, view_id: str | None = None) -> list[SavedView]:
    versions = select(*(view_version.c[f.name] for f in fields(ViewVersion))).order_by(view_version.c.id)
    decisions = select(*(view_decision.c[f.name] for f in fields(ViewDecision))).order_by(view_decision.c.id)
    if view_id is not None:
        versions = versions.where(view_version.c.view == view_id)
        decisions = decisions.where(view_decision.c.view == view_id)
    found: dict[str, list[ViewVersion]] = defaultdict(list)
    decided: dict[str, list[ViewDecision]] = defaultdict(list)
    for row in connection.execute(versions):
        found[row.view].append(ViewVersion(*row))
    for row in connection.execute(decisions):
        decided[row.view].append(ViewDecision(*row))
    return [SavedView(tuple(items), tuple(decided[name])) for name, items in found.items()]


def _there(connection: Connection, view_id: str, *, withdrawn: bool = False) -> SavedView:
    found = _views(connection, view_id)
    if not found or (found[0].head.withdrawn and not withdrawn):
        raise ConfigError("Diese Ansicht gibt es nicht", code="unknown_view", found=view_id[:40])
    return found[0]


def _made(draft: ViewDraft, view_id: str, version: int, owner: str, author: str, at: datetime) -> ViewVersion:
    given: dict[str, Any] = {**asdict(draft), "params": dict(draft.params)}
    return ViewVersion(
        view=view_id, version=version, owner=owner, author=author, at=at, withdrawn=False, **given
    )
