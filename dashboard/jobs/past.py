"""The part of a run that fills in the past: reads the pieces of a backfill and takes them over together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.load import load_backfill
from dashboard.jobs.backfill import Backfill, Journal
from dashboard.jobs.extract import Order, extract
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.base import Context, SourceSpec
    from connectors.land import Landed
    from connectors.load import Loaded, Run
    from dashboard.jobs.plan import Plan
    from dashboard.jobs.refresh import Request
    from dashboard.settings import Settings
    from warehouse.contract import Subject
    from warehouse.store import Connection


@dataclass
class Past:
    """One backfill inside a run."""

    spec: SourceSpec
    backfill: Backfill
    journal: Journal

    @classmethod
    def begin(
        cls,
        con: Connection,
        plan: Plan,
        request: Request,
        landing: Path,
        subjects: Mapping[str, Subject],
        run_id: str,
    ) -> Past:
        """Find or make the journal. Raises ConfigError for a source that is broken or has no cursor."""
        source = next(iter(request.only or ()), "")
        if source not in plan.specs or len(request.only or ()) != 1 or request.backfill is None:
            raise plan.broken.get(source) or ConfigError(
                "Nachladen geht für eine Quelle auf einmal", code="no_backfill", allowed="--only ID"
            )
        spec = plan.specs[source]
        backfill = Backfill(landing, spec, request.backfill, subjects)
        return cls(spec, backfill, backfill.begin(run_id, con))

    def read(self, settings: Settings, context: Context, subjects: Mapping[str, Subject]) -> Iterator[str]:
        """Read what is missing, one piece after the other; yields a line of progress after each.

        Raises RetriableError(code="backfill_stopped"); what has landed until then stays.
        """
        night = settings.night

        def read(run_id: str, since: datetime, until: datetime) -> Landed:
            order = Order(self.spec, context, subjects, {}, settings.landing_dir, run_id, since, until)
            limit_s, memory_mb = night.source_minutes * 60, night.source_memory_mb
            answers = extract([order], parallel=1, limit_s=limit_s, memory_mb=memory_mb)
            return answers[self.spec.id].landed

        for done in self.backfill.read(self.journal, settings.zone, context.as_of, read):
            yield f"  {done} von {self.backfill.count} Abschnitten von {self.spec.id} liegen bereit"

    def take_over(self, con: Connection, subjects: Mapping[str, Subject], run: Run) -> Loaded:
        """All pieces in one transaction."""
        pieces = self.backfill.landed(self.journal)
        return load_backfill(con, self.spec, pieces, subjects=subjects, run=run)

    def finish(self) -> None:
        """Published: nothing to resume."""
        self.backfill.finish()
