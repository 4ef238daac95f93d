"""Releases of held deliveries: who let which one through, and why."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime

from sqlalchemy import insert, select

from warehouse.ledger.tables import release
from warehouse.ledger.trail import Trail


@dataclass(frozen=True, slots=True)
class Release:
    """One decision; it holds for exactly the delivery of this run with this hash."""

    source: str
    run_id: str
    delivery_hash: str
    who: str
    at: datetime
    reason: str | None


class Releases(Trail):
    """Notes decisions; which of them still matter says the snapshot."""

    def note_release(
        self, source: str, run_id: str, delivery_hash: str, *, who: str, reason: str | None = None
    ) -> Release:
        """Note that somebody lets a held delivery through, with its audit line."""
        values = {"source": source, "run_id": run_id, "delivery_hash": delivery_hash}
        noted = Release(**values, who=who, at=datetime.now(UTC), reason=reason)
        with self._writing() as connection:
            connection.execute(insert(release).values(**values, who=who, at=noted.at, reason=reason))
            self._note(connection, who, "source.released", {**values, "reason": reason})
        return noted

    def releases(self, *, limit: int = 500) -> list[Release]:
        """The latest decisions, newest first."""
        names = [release.c[field.name] for field in fields(Release)]
        with self._reading() as connection:
            rows = connection.execute(select(*names).order_by(release.c.id.desc()).limit(limit)).all()
        return [Release(*row) for row in rows]
