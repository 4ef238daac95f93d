"""Figures people type: written by one person, released by another, corrected by a newer entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from warehouse.errors import AccessError, ConfigError, ContractError
from warehouse.ledger.tables import entry
from warehouse.ledger.trail import Trail


@dataclass(frozen=True, slots=True)
class Entry:
    """One typed row of a subject. state: draft | submitted | released; `supersedes` is the corrected one."""

    id: int
    subject: str
    payload: Mapping[str, Any]
    state: str
    author: str
    released_by: str | None
    created_at: datetime
    released_at: datetime | None
    supersedes: int | None


class Entries(Trail):
    """Keeps entries; nothing is overwritten."""

    def add_entry(
        self,
        subject: str,
        payload: Mapping[str, Any],
        *,
        author: str,
        created_at: datetime | None = None,
        supersedes: int | None = None,
        submit: bool = True,
    ) -> Entry:
        """Keep a row for a subject; `payload` maps columns to JSON values (dates ISO, amounts as text)."""
        values = {
            "subject": subject,
            "payload": dict(payload),
            "state": "submitted" if submit else "draft",
            "author": author,
            "created_at": created_at or datetime.now(UTC),
            "supersedes": supersedes,
        }
        with self._writing() as connection:
            if supersedes is not None and _get(connection, supersedes).subject != subject:
                raise ContractError(
                    "Ein Eintrag berichtigt nur einen Eintrag desselben Gegenstands",
                    code="other_subject",
                    found=supersedes,
                )
            number = int(
                connection.execute(insert(entry).values(**values).returning(entry.c.id)).scalar_one()
            )
            self._note(connection, author, "entry.added", {"entry": number, "subject": subject})
            return _get(connection, number)

    def submit_entry(self, entry_id: int, *, who: str) -> Entry:
        """Hand a draft in for release."""
        with self._writing() as connection:
            _require(_get(connection, entry_id), "draft")
            connection.execute(update(entry).where(entry.c.id == entry_id).values(state="submitted"))
            self._note(connection, who, "entry.submitted", {"entry": entry_id})
            return _get(connection, entry_id)

    def release_entry(self, entry_id: int, *, who: str, released_at: datetime | None = None) -> Entry:
        """Let an entry count from the next refresh on.

        Raises AccessError(code="four_eyes") for one's own entry, ContractError(code="wrong_state").
        """
        with self._writing() as connection:
            found = _get(connection, entry_id)
            _require(found, "submitted")
            if found.author == who:
                raise AccessError("Den eigenen Eintrag gibt jemand anderes frei", code="four_eyes", found=who)
            moment = released_at or datetime.now(UTC)
            values = {"state": "released", "released_by": who, "released_at": moment}
            connection.execute(update(entry).where(entry.c.id == entry_id).values(**values))
            self._note(connection, who, "entry.released", {"entry": entry_id, "author": found.author})
            return _get(connection, entry_id)

    def released_entries(self, subject: str) -> list[Entry]:
        """Entries in force: released and not corrected by a released one, in the order they were made."""
        corrected = select(entry.c.supersedes).where(
            entry.c.state == "released", entry.c.supersedes.is_not(None)
        )
        query = select(entry).where(
            entry.c.subject == subject, entry.c.state == "released", entry.c.id.not_in(corrected)
        )
        return self._entries(query.order_by(entry.c.id))

    def entries(self, subject: str) -> list[Entry]:
        """Every entry of a subject with its history, in the order they were made."""
        return self._entries(select(entry).where(entry.c.subject == subject).order_by(entry.c.id))

    def _entries(self, query: Any) -> list[Entry]:
        with self._reading() as connection:
            return [_entry(dict(row._mapping)) for row in connection.execute(query)]


def _get(connection: Connection, entry_id: int) -> Entry:
    row = connection.execute(select(entry).where(entry.c.id == entry_id)).first()
    if row is None:
        raise ConfigError("Diesen Eintrag gibt es nicht", code="unknown_entry", found=entry_id)
    return _entry(dict(row._mapping))


def _require(found: Entry, state: str) -> None:
    if found.state != state:
        raise ContractError(
            "Der Eintrag ist in einem anderen Zustand", code="wrong_state", found=found.state, allowed=state
        )


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**{field.name: row[field.name] for field in fields(Entry)})
