"""One run: lock, read, land, merge, build, audit, publish. What fails costs as little as possible.

A source that fails keeps its last good slice; only a broken whole stops the publication. Killed at any
moment, the old snapshot or the new one is there; the next run starts afresh.
"""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import TYPE_CHECKING

from connectors.load import Run, cursors, load, note_age
from connectors.reasons import german_reason
from dashboard.jobs.accounting import RunRecord, Say, SourceLine
from dashboard.jobs.breaker import as_probe, disturbed_sources, healthy_first, tell_patience
from dashboard.jobs.clock import local_today, run_instant
from dashboard.jobs.extract import Extracted, Order, extract
from dashboard.jobs.interruption import Interrupted, Interruption
from dashboard.jobs.keep import clear_temporary, prune_landing
from dashboard.jobs.notify import tell_run
from dashboard.jobs.plan import Plan, last_good_dates, make_context, make_plan
from dashboard.jobs.preflight import look_over
from dashboard.jobs.stamp import definition_hash, drop_retired, note_broken, stamp
from warehouse.audit import audit_draft, has_errors
from warehouse.build import build, load_models
from warehouse.errors import ContractError, IsekError
from warehouse.migrate import prepare
from warehouse.publish import Warehouse
from warehouse.storage import disk_fault
from warehouse.store import open_draft
from warehouse.subjects import load_subjects

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.settings import Settings
    from warehouse.contract import Subject
    from warehouse.ledger import Ledger
    from warehouse.store import Connection

log = logging.getLogger("isek.refresh")
DRAFT_MEMORY = "1GB"
DRAFT_THREADS = 2


@dataclass(frozen=True)
class Request:
    """What was asked for; without a date the business date is today in the city's time zone."""

    business_date: date | None = None
    only: Collection[str] | None = None
    trigger: str = "hand"


def run_refresh(
    settings: Settings,
    ledger: Ledger,
    request: Request,
    *,
    say: Say = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> RunRecord:
    """Do one run and return its record; the ledger has it too, also when it failed.

    Raises RetriableError when another run holds the lock, ConfigError for an impossible request.
    """
    started = now()
    day = request.business_date or local_today(started, settings.zone)
    as_of = run_instant(day, started, settings.night.at, settings.zone)
    warehouse = Warehouse(settings.warehouse_dir)
    with Interruption().listening() as interruption, warehouse.lock():
        ledger.interrupt_runs("Der Prozess des Laufs endete ohne Abschluss.")
        record = RunRecord(f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}", day, request.trigger)
        ledger.start_run(record.run_id, business_date=day, trigger=request.trigger, started_at=started)
        refresh = _Refresh(settings, warehouse, request, record, as_of, started, now, say, interruption)
        _guarded(refresh, record)
        with interruption.shielded():
            if record.state != "published":
                # A disk that a draft has filled is needed by the sign-in, too.
                warehouse.discard_drafts()
            _enter(ledger, record, now())
    # Without the lock: a mail server that is slow keeps nobody from the warehouse.
    if (trouble := tell_run(settings, ledger, record, now())) is not None:
        record.notes.append(trouble)
    return record


def _enter(ledger: Ledger, record: RunRecord, finished_at: datetime) -> None:
    """Tell the ledger how the run ended; the snapshot that was published counts also without this line."""
    try:
        ledger.finish_run(
            record.run_id,
            state=record.state,
            finished_at=finished_at,
            snapshot=record.snapshot,
            reason=record.reason,
            steps=record.steps,
            sources=record.source_rows(),
        )
    except IsekError as error:
        log.error("run %s is not in the ledger: %s", record.run_id, error)
        record.notes.append(f"Das Ende des Laufs ließ sich nicht festhalten. {german_reason(error)}")


def _guarded(refresh: _Refresh, record: RunRecord) -> None:
    """Run the stages; every way they can end becomes a state and a sentence in the record."""
    try:
        refresh.run()
    except Interrupted:
        record.state, record.reason = (
            "interrupted",
            "Der Lauf wurde von außen beendet; veröffentlicht wurde nichts.",
        )
    except IsekError as error:
        record.state, record.reason = "failed", german_reason(error)
    except Exception as error:
        if told := disk_fault(error, refresh.settings.var):
            record.state, record.reason = "failed", german_reason(told)
            return
        log.exception("run %s failed", record.run_id)
        record.state, record.reason = (
            "failed",
            f"Unerwarteter Fehler ({type(error).__name__}); Einzelheiten im Protokoll.",
        )


@dataclass
class _Refresh:
    settings: Settings
    warehouse: Warehouse
    request: Request
    record: RunRecord
    as_of: datetime
    started: datetime
    now: Callable[[], datetime]
    say: Say
    interruption: Interruption
    disturbed: frozenset[str] = frozenset()

    def run(self) -> None:
        """All stages in order."""
        clear_temporary(self.settings.temp_dir)
        subjects = load_subjects(self.settings.city)
        with self.record.step("S1", "Sperren und planen"):
            look_over(self.warehouse, self.record)
            draft = self.warehouse.new_draft(self.settings.stores.preflight_factor)
            plan, marks = self._plan(draft, subjects)
        with self.record.step("S2", "Lesen und ablegen"):
            # S3 and S4 (landing, refusing rows) happen inside the child of each source.
            extracted = self._extract(plan, marks, subjects)
        self._make_draft(draft, plan, extracted, subjects)
        with self.record.step("S8", "Veröffentlichen"):
            self._publish(draft)

    def _open(self, draft: Path) -> Connection:
        return open_draft(
            draft,
            memory_limit=DRAFT_MEMORY,
            threads=DRAFT_THREADS,
            temp_directory=self.settings.temp_dir / "draft",
        )

    def _plan(self, draft: Path, subjects: Mapping[str, Subject]) -> tuple[Plan, dict[str, dict[int, str]]]:
        con = self._open(draft)
        try:
            prepare(con, subjects)
            plan = make_plan(
                self.settings,
                subjects,
                last_good_dates(con, self.settings.zone),
                self.record.business_date,
                self.request.only,
            )
            self.disturbed = disturbed_sources(con) if self.request.only is None else frozenset()
            return plan, {source: cursors(con, source) for source in plan.due}
        finally:
            con.close()

    def _extract(
        self, plan: Plan, marks: Mapping[str, Mapping[int, str]], subjects: Mapping[str, Subject]
    ) -> dict[str, Extracted]:
        context = make_context(self.settings, self.as_of)
        orders = [
            Order(plan.specs[s], context, subjects, marks[s], self.settings.landing_dir, self.record.run_id)
            for s in plan.due
        ]
        orders = healthy_first([as_probe(o) if o.spec.id in self.disturbed else o for o in orders])
        night, number = self.settings.night, count(1)
        return extract(
            orders,
            parallel=night.parallel,
            limit_s=night.source_minutes * 60,
            memory_mb=night.source_memory_mb,
            done=lambda answer: self.say(
                f"  {next(number)} von {len(orders)} gelesen, zuletzt {answer.landed.source}"
                f" ({answer.seconds:.1f} s)"
            ),
        )

    def _make_draft(
        self,
        draft: Path,
        plan: Plan,
        extracted: Mapping[str, Extracted],
        subjects: Mapping[str, Subject],
    ) -> None:
        con = self._open(draft)
        try:
            with self.record.step("S5", "Übernehmen"):
                self._merge(con, plan, extracted, subjects)
            models = load_models()
            with self.record.step("S6", "Aufbauen"):
                build(
                    con,
                    subjects=subjects,
                    business_date=self.record.business_date,
                    as_of=self.as_of,
                    models=models,
                )
            with self.record.step("S7", "Prüfen"):
                self._audit(con, subjects, models)
                self._stamp(con, subjects)
        finally:
            con.close()

    def _merge(
        self,
        con: Connection,
        plan: Plan,
        extracted: Mapping[str, Extracted],
        subjects: Mapping[str, Subject],
    ) -> None:
        for source, error in plan.broken.items():
            self._tell(note_broken(con, source, error, self.record.run_id, self.now()))
        for source, answer in extracted.items():
            spec = plan.specs[source]
            run = Run(self.record.run_id, self.as_of, self.started, self.now())
            done = tell_patience(con, load(con, spec, answer.landed, subjects=subjects, run=run))
            self._tell(SourceLine(**vars(done), seconds=round(answer.seconds, 3)))
        note_age(con, [plan.specs[s] for s in plan.waiting], self.as_of)
        if retired := drop_retired(con, plan.declared):
            names = ", ".join(f"„{source}“" for source in retired)
            # Kept with the run: figures that are gone tomorrow are explained on its page.
            self.record.remark(f"Nicht mehr erklärt, ihre Zeilen sind entfernt: {names}.")

    def _tell(self, line: SourceLine) -> None:
        self.record.sources.append(line)
        self.record.notes += [f"{line.source}: {remark}" for remark in line.remarks]
        self.say(line.sentence())

    def _audit(self, con: Connection, subjects: Mapping[str, Subject], models: Mapping[str, object]) -> None:
        findings = audit_draft(
            con,
            subjects=subjects,
            models=models,  # type: ignore[arg-type]
            business_date=self.record.business_date,
        )
        self.record.notes += [f"{f.where}: {f.what}" for f in findings]
        if has_errors(findings):
            first = next(f for f in findings if f.level == "error")
            raise ContractError(
                "Die Prüfung des Ganzen ist gescheitert, veröffentlicht wurde nichts",
                code=first.code,
                where=first.where,
                found=first.what,
            )

    def _stamp(self, con: Connection, subjects: Mapping[str, Subject]) -> None:
        name = self.warehouse.next_name(self.started)
        before = stamp(
            con,
            name=name,
            city=self.settings.name,
            business_date=self.record.business_date,
            as_of=self.as_of,
            created_at=self.now(),
            run_id=self.record.run_id,
            definitions=definition_hash(subjects),
        )
        self.record.snapshot = name
        if before is not None:
            self.record.notes.append(before)

    def _publish(self, draft: Path) -> None:
        name, self.record.snapshot = self.record.snapshot, None
        with self.interruption.shielded():
            self.warehouse.publish(draft, str(name))
            self.record.snapshot, self.record.state = name, "published"
        stores = self.settings.stores
        self.warehouse.prune(stores.keep_daily, stores.keep_monthly)
        prune_landing(self.settings.landing_dir, keep=stores.keep_daily)
        shutil.rmtree(self.settings.temp_dir / "draft", ignore_errors=True)
