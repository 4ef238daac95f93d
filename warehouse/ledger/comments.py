"""Comments and event marks, bound to a metric, a unit and a month: versioned, withdrawn but never deleted."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from warehouse.errors import ConfigError
from warehouse.ledger.forms import changed_meanwhile, first_time
from warehouse.ledger.tables import comment
from warehouse.ledger.trail import Trail

COMMENT, EVENT = "anmerkung", "ereignis"
KINDS = (COMMENT, EVENT)


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """What somebody typed; `unit` "" is the whole city, `month` any day of the month it speaks about."""

    metric: str
    unit: str
    month: date
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One version of a comment; versions of one `thread` replace each other."""

    thread: str
    version: int
    metric: str
    unit: str
    month: date
    kind: str
    text: str
    author: str
    at: datetime
    withdrawn: bool


class Comments(Trail):
    """Keeps comments."""

    def comments(self, *, metrics: Collection[str] | None = None) -> list[Comment]:
        """The versions in force, oldest month first; what was withdrawn is left out."""
        newest = select(comment.c.thread, func.max(comment.c.version).label("version")).group_by(
            comment.c.thread
        )
        heads = newest.subquery()
        joined = (comment.c.thread == heads.c.thread) & (comment.c.version == heads.c.version)
        query = select(*_columns()).join(heads, joined).where(comment.c.withdrawn.is_(False))
        if metrics is not None:
            query = query.where(comment.c.metric.in_(sorted(metrics)))
        with self._reading() as connection:
            rows = connection.execute(query.order_by(comment.c.month, comment.c.id))
            return [Comment(*row) for row in rows]

    def comment_versions(self, thread: str) -> list[Comment]:
        """Every version of a comment, the first one first; none for a thread that does not exist."""
        with self._reading() as connection:
            return _versions(connection, thread)

    def write_comment(
        self, draft: CommentDraft, *, author: str, number: str, at: datetime | None = None
    ) -> Comment:
        """Keep a new comment with its audit line; the same form `number` again changes nothing."""
        moment = at or datetime.now(UTC)
        # The number of the form names the comment: whoever sends it again is shown the same one.
        thread = uuid.uuid5(uuid.NAMESPACE_OID, number).hex
        with self._in_line() as connection:
            if not first_time(connection, number, moment) and (there := _versions(connection, thread)):
                return there[-1]
            made = _made(draft, thread, 1, author, moment)
            self._keep(connection, made, "comment.written", None)
            return made

    def change_comment(
        self,
        thread: str,
        draft: CommentDraft,
        *,
        author: str,
        number: str,
        based_on: int,
        at: datetime | None = None,
    ) -> Comment:
        """Keep a new version of a comment.

        Raises ConfigError(code="unknown_comment"), ContractError(code="changed_meanwhile") when there is a
        later version than the one its author saw.
        """
        moment = at or datetime.now(UTC)
        with self._in_line() as connection:
            last = _head(connection, thread)
            if not first_time(connection, number, moment):
                return last
            if last.version != based_on:
                raise changed_meanwhile(last.version)
            made = _made(draft, thread, last.version + 1, author, moment)
            self._keep(connection, made, "comment.changed", last)
            return made

    def withdraw_comment(self, thread: str, *, who: str, at: datetime | None = None) -> None:
        """Take a comment back; it stays in the ledger. Withdrawing it twice is no fault."""
        with self._in_line() as connection:
            last = _head(connection, thread)
            if last.withdrawn:
                return
            draft = CommentDraft(last.metric, last.unit, last.month, last.kind, last.text)
            made = _made(draft, thread, last.version + 1, who, at or datetime.now(UTC), withdrawn=True)
            self._keep(connection, made, "comment.withdrawn", last)

    def _keep(self, connection: Connection, made: Comment, what: str, before: Comment | None) -> None:
        connection.execute(insert(comment).values({f.name: getattr(made, f.name) for f in fields(made)}))
        told = {
            name: getattr(made, name) for name in ("thread", "version", "metric", "unit", "month", "kind")
        }
        old = before.text if before else None
        self._note(connection, made.author, what, {**told, "new": made.text, "old": old})


def _columns() -> list[Any]:
    return [comment.c[field.name] for field in fields(Comment)]


def _versions(connection: Connection, thread: str) -> list[Comment]:
    query = select(*_columns()).where(comment.c.thread == thread).order_by(comment.c.version)
    return [Comment(*row) for row in connection.execute(query)]


def _head(connection: Connection, thread: str) -> Comment:
    if not (found := _versions(connection, thread)):
        raise ConfigError("Diese Anmerkung gibt es nicht", code="unknown_comment", found=thread)
    return found[-1]


def _made(
    draft: CommentDraft, thread: str, version: int, author: str, at: datetime, *, withdrawn: bool = False
) -> Comment:
    return Comment(
        thread=thread,
        version=version,
        metric=draft.metric,
        unit=draft.unit,
        month=draft.month.replace(day=1),
        kind=draft.kind,
        text=draft.text,
        author=author,
        at=at,
        withdrawn=withdrawn,
    )
