"""Runs as the page shows them; what counts for figures lies in the snapshot itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from warehouse.errors import ConfigError
from warehouse.ledger.tables import run
from warehouse.ledger.trail import Trail

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Run:
    """One refresh. state: running | published | failed | interrupted; `steps`, `sources` are plain JSON."""

    run_id: str
    business_date: date
    trigger: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    snapshot: str | None
    reason: str | None
    steps: Sequence[Mapping[str, Any]]
    sources: Sequence[Mapping[str, Any]]


class Runs(Trail):
    """Begins and ends runs."""

    def start_run(
        self,
        run_id: str,
        *,
        business_date: date,
        trigger: str,
        started_at: datetime | None = None,
        who: str = "system",
    ) -> Run:
        """Note that a run began. Raises ConfigError(code="run_exists") for a used id."""
        values = {
            "run_id": run_id,
            "business_date": business_date,
            "trigger": trigger,
            "state": RUNNING,
            "started_at": started_at or datetime.now(UTC),
            "steps": [],
            "sources": [],
        }
        with self._writing() as connection:
            if connection.execute(select(run.c.run_id).where(run.c.run_id == run_id)).first():
                raise ConfigError("Diese Laufnummer ist vergeben", code="run_exists", found=run_id)
            connection.execute(insert(run).values(**values))
            self._note(
                connection, who, "run.started", {"run": run_id, "date": business_date, "trigger": trigger}
            )
        return _run({**values, "finished_at": None, "snapshot": None, "reason": None})

    def note_run(
        self, run_id: str, *, steps: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Show how far a run has come."""
        with self._writing() as connection:
            values = {"steps": list(steps), "sources": list(sources)}
            connection.execute(update(run).where(run.c.run_id == run_id).values(**values))

    def finish_run(
        self,
        run_id: str,
        *,
        state: str,
        finished_at: datetime | None = None,
        snapshot: str | None = None,
        reason: str | None = None,
        steps: Sequence[Mapping[str, Any]] | None = None,
        sources: Sequence[Mapping[str, Any]] | None = None,
        who: str = "system",
    ) -> None:
        """Note how a run ended. Raises ConfigError(code="unknown_run")."""
        values: dict[str, Any] = {"state": state, "snapshot": snapshot, "reason": reason}
        values["finished_at"] = finished_at or datetime.now(UTC)
        values |= {"steps": list(steps)} if steps is not None else {}
        values |= {"sources": list(sources)} if sources is not None else {}
        with self._writing() as connection:
            if not connection.execute(update(run).where(run.c.run_id == run_id).values(**values)).rowcount:
                raise ConfigError("Diesen Lauf gibt es nicht", code="unknown_run", found=run_id)
            detail = {"run": run_id, "state": state, "snapshot": snapshot, "reason": reason}
            self._note(connection, who, "run.finished", detail)

    def interrupt_runs(self, reason: str, *, who: str = "system") -> int:
        """Settle runs whose process is gone; call only when nobody holds the warehouse. Returns how many."""
        values = {"state": "interrupted", "reason": reason, "finished_at": datetime.now(UTC)}
        with self._writing() as connection:
            dead = list(connection.execute(select(run.c.run_id).where(run.c.state == RUNNING)).scalars())
            if dead:
                connection.execute(update(run).where(run.c.run_id.in_(dead)).values(**values))
                self._note(connection, who, "run.interrupted", {"runs": dead, "reason": reason})
        return len(dead)

    def runs(self, *, limit: int = 20, triggers: Collection[str] | None = None) -> list[Run]:
        """The latest runs, newest first; with triggers only those that were begun so."""
        query = select(run).order_by(run.c.started_at.desc(), run.c.number.desc()).limit(limit)
        if triggers is not None:
            query = query.where(run.c.trigger.in_(triggers))
        with self._reading() as connection:
            return [_run(dict(row._mapping)) for row in connection.execute(query)]

    def run(self, run_id: str) -> Run | None:
        """One run by id."""
        with self._reading() as connection:
            row = connection.execute(select(run).where(run.c.run_id == run_id)).first()
        return _run(dict(row._mapping)) if row else None


def _run(row: Mapping[str, Any]) -> Run:
    return Run(**{field.name: row[field.name] for field in fields(Run)})
