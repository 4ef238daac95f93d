"""One run: lock, read, land, merge, build, audit, publish. What fails costs as little as possible.

A source that fails keeps its last good slice; only a broken whole stops the publication. Killed at any
moment, the old snapshot or the new one is there; the next run starts afresh.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from connectors.held import held_in
from connectors.load import Run, load, note_age
from dashboard.jobs.accounting import PART, RunRecord, Say, SourceLine
from dashboard.jobs.again import Start, start_of
from dashboard.jobs.audit import require_sound
from dashboard.jobs.backfill import begun, unfinished
from dashboard.jobs.breaker import as_probe, disturbed_sources, healthy_first, tell_patience
from dashboard.jobs.clock import local_today, run_instant
from dashboard.jobs.definitions import archive_definitions, definitions_of_base, keep_definitions
from dashboard.jobs.extract import Extracted, Order, extract
from dashboard.jobs.inboxes import Taken, archived_after, clear_inboxes, missing_files, taken_over
from dashboard.jobs.interruption import Interruption
from dashboard.jobs.keep import clear_temporary, prune_landing
from dashboard.jobs.notify import tell_run
from dashboard.jobs.outcome import enter, settle
from dashboard.jobs.past import Past
from dashboard.jobs.plan import Plan, last_good_dates, make_context, make_plan
from dashboard.jobs.preflight import look_over
from dashboard.jobs.protection import protect_small_numbers
from dashboard.jobs.released import take_released
from dashboard.jobs.stamp import definition_hash, drop_retired, note_broken, stamp
from warehouse.book import prune_books, write_book
from warehouse.build import build, load_models
from warehouse.decided.files import load_decided
from warehouse.in_force import Place, loads_in_force, places
from warehouse.migrate import prepare
from warehouse.pointer import read_passport
from warehouse.publish import Warehouse
from warehouse.reifegrad.files import load_rulers
from warehouse.store import open_draft
from warehouse.subjects import load_subjects

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.settings import Settings
    from metrics.recorded import Kept
    from warehouse.contract import Subject
    from warehouse.decided.model import Decided
    from warehouse.ledger import KeptDefinition, Ledger, Release
    from warehouse.reifegrad.ruler import Rulers
    from warehouse.store import Connection

DRAFT_MEMORY = "1GB"
DRAFT_THREADS = 2


@dataclass(frozen=True)
class Request:
    """What was asked for; without a date the business date is today in the city's time zone.

    Of the sources in `only`: `release` takes over what was held and released and reads nothing, `again`
    reads from where refused rows came, `backfill` reads days of the past (both ends included).
    """

    business_date: date | None = None
    only: Collection[str] | None = None
    trigger: str = "hand"
    release: bool = False
    again: bool = False
    backfill: tuple[date, date] | None = None


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
        trigger = request.trigger if request.only is None else PART
        record = RunRecord(f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}", day, trigger)
        ledger.start_run(record.run_id, business_date=day, trigger=trigger, started_at=started)
        refresh = _Refresh(
            settings, warehouse, request, record, as_of, started, now, say, interruption, ledger.releases()
        )
        settle(refresh.run, record, interruption, settings.var)
        with interruption.shielded():
            if record.state != "published":
                # A disk that a draft has filled is needed by the sign-in, too.
                warehouse.discard_drafts()
            elif told := archive_definitions(ledger, refresh.base, refresh.definitions, refresh.name, day):
                record.notes.append(told)
            enter(ledger, record, now())
    # Without the lock: a mail server that is slow keeps nobody from the warehouse.
    if (trouble := tell_run(settings, ledger, record, now())) is not None:
        record.notes.append(trouble)
    return record


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
    releases: Sequence[Release] = ()
    disturbed: frozenset[str] = frozenset()
    taken: Taken = field(default_factory=dict)
    past: Past | None = None
    needed: frozenset[Place] = frozenset()
    name: str = ""
    rulers: Rulers | None = None
    decided: Decided | None = None
    stepped_back_to: str | None = None
    base: Sequence[KeptDefinition] = ()
    definitions: Sequence[Kept] = ()

    def run(self) -> None:
        """All stages in order."""
        clear_temporary(self.settings.temp_dir)
        subjects = load_subjects(self.settings.city)
        self.rulers = load_rulers(self.settings.city)
        self.decided = load_decided(self.settings.city)
        with self.record.step("S1", "Sperren und planen"):
            self.stepped_back_to = look_over(self.warehouse, self.record, self.settings.landing_dir)
            # First what has had its time: a disk that is full for want of clearing would stay full for ever.
            self._prune_snapshots()
            draft = self.warehouse.new_draft(self.settings.stores.preflight_factor)
            plan, starts = self._plan(draft, subjects)
        with self.record.step("S2", "Lesen und ablegen"):
            # S3 and S4 (landing, refusing rows) happen inside the child of each source.
            extracted = self._extract(plan, starts, subjects)
            self._read_past(subjects)
        self._make_draft(draft, plan, extracted, subjects)
        with self.record.step("S8", "Veröffentlichen"), self.interruption.shielded():
            self.warehouse.publish(draft, self.name)
            self.record.snapshot, self.record.state = self.name, "published"
        self._tidy(plan)
        day = self.record.business_date
        self.record.notes += clear_inboxes(self.settings.city, plan.specs, self.taken, day)

    def _prune_snapshots(self) -> None:
        stores = self.settings.stores
        self.warehouse.prune(stores.keep_daily, stores.keep_monthly)

    def _open(self, draft: Path) -> Connection:
        return open_draft(
            draft,
            memory_limit=DRAFT_MEMORY,
            threads=DRAFT_THREADS,
            temp_directory=self.settings.temp_dir / "draft",
        )

    def _plan(self, draft: Path, subjects: Mapping[str, Subject]) -> tuple[Plan, dict[str, Start]]:
        con = self._open(draft)
        try:
            with self.interruption.ending(con.interrupt):
                return self._plan_on(con, subjects)
        finally:
            con.close()

    def _plan_on(self, con: Connection, subjects: Mapping[str, Subject]) -> tuple[Plan, dict[str, Start]]:
        prepare(con, subjects)
        self.base = definitions_of_base(con)
        plan = make_plan(
            self.settings,
            subjects,
            last_good_dates(con, self.settings.zone),
            self.record.business_date,
            self.request.only,
        )
        self._tell_what_was_archived(con, plan)
        self._take_released(con, plan, subjects)
        if self.request.release or self.request.backfill:
            plan = replace(plan, due=())
        mine = self.request.only or () if self.request.backfill else ()
        others = sorted(plan.specs.keys() - set(mine))
        self.record.notes += unfinished(con, self.settings.landing_dir, others)
        if self.request.backfill:
            self.past = Past.begin(
                con, plan, self.request, self.settings.landing_dir, subjects, self.record.run_id
            )
        self.disturbed = disturbed_sources(con) if self.request.only is None else frozenset()
        zone = self.settings.zone if self.request.again else None
        return plan, {
            source: start_of(con, plan.specs[source], subjects, again_in=zone) for source in plan.due
        }

    def _tell_what_was_archived(self, con: Connection, plan: Plan) -> None:
        """Built on an earlier snapshot, a run lacks what later ones took out of the inboxes."""
        passport = read_passport(self.warehouse.folder, self.stepped_back_to or "")
        if passport is None:
            return
        lost = archived_after(con, self.settings.city, plan.specs, passport.business_date)
        if lost:
            self.record.remark(missing_files(passport.name, lost))

    def _take_released(self, con: Connection, plan: Plan, subjects: Mapping[str, Subject]) -> None:
        run = Run(self.record.run_id, self.as_of, self.started, self.now(), "freigegeben")
        landing = self.settings.landing_dir
        for done in take_released(
            con, plan.specs, self.releases, subjects=subjects, landing=landing, run=run
        ):
            if self.request.release or done.source not in plan.due:
                self._tell(SourceLine(**vars(done)))
            else:
                # The source is read as well; its line is about that.
                told = f"{done.source}: freigegebene Lieferung {done.state}"
                self.record.notes.append(f"{told}. {done.reason}" if done.reason else f"{told}.")

    def _extract(
        self, plan: Plan, starts: Mapping[str, Start], subjects: Mapping[str, Subject]
    ) -> dict[str, Extracted]:
        context, landing, run_id = (
            make_context(self.settings, self.as_of),
            self.settings.landing_dir,
            self.record.run_id,
        )
        orders = [
            Order(plan.specs[s], context, subjects, start.cursors, landing, run_id, start.since)
            for s, start in starts.items()
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

    def _read_past(self, subjects: Mapping[str, Subject]) -> None:
        if self.past is not None:
            context = make_context(self.settings, self.as_of)
            for told in self.past.read(self.settings, context, subjects):
                self.interruption.check()
                self.say(told)

    def _make_draft(
        self,
        draft: Path,
        plan: Plan,
        extracted: Mapping[str, Extracted],
        subjects: Mapping[str, Subject],
    ) -> None:
        con = self._open(draft)
        try:
            with self.interruption.ending(con.interrupt):
                self._fill(con, plan, extracted, subjects)
        finally:
            con.close()

    def _fill(
        self,
        con: Connection,
        plan: Plan,
        extracted: Mapping[str, Extracted],
        subjects: Mapping[str, Subject],
    ) -> None:
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
                rulers=self.rulers,
                decided=self.decided,
            )
            self.record.notes += protect_small_numbers(con, self.settings, self.record.business_date)
        with self.record.step("S7", "Prüfen"):
            require_sound(con, subjects, models, self.record.business_date, self.record)
            self._stamp(con, subjects)
            self.needed = self._note_landing(con, plan)
        self.taken = taken_over(con, plan.specs)

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
            self.interruption.check()
            spec = plan.specs[source]
            run = Run(self.record.run_id, self.as_of, self.started, self.now())
            done = tell_patience(con, load(con, spec, answer.landed, subjects=subjects, run=run))
            self._tell(SourceLine(**vars(done), seconds=round(answer.seconds, 3)))
        if self.past is not None:
            run = Run(self.record.run_id, self.as_of, self.started, self.now(), "nachgeladen")
            self._tell(SourceLine(**vars(self.past.take_over(con, subjects, run))))
        note_age(con, [plan.specs[s] for s in plan.waiting], self.as_of)
        if retired := drop_retired(con, plan.declared):
            names = ", ".join(f"„{source}“" for source in retired)
            # Kept with the run: figures that are gone tomorrow are explained on its page.
            self.record.remark(f"Nicht mehr erklärt, ihre Zeilen sind entfernt: {names}.")

    def _tell(self, line: SourceLine) -> None:
        self.record.sources.append(line)
        self.record.notes += [f"{line.source}: {remark}" for remark in line.remarks]
        self.say(line.sentence())

    def _stamp(self, con: Connection, subjects: Mapping[str, Subject]) -> None:
        self.name = self.warehouse.next_name(self.started)
        before = stamp(
            con,
            name=self.name,
            city=self.settings.name,
            business_date=self.record.business_date,
            as_of=self.as_of,
            created_at=self.now(),
            run_id=self.record.run_id,
            definitions=definition_hash(subjects, self.rulers, self.decided),
        )
        self.definitions, fault = keep_definitions(con, self.settings.city, subjects)
        self.record.notes += [note for note in (before, fault) if note is not None]

    def _note_landing(self, con: Connection, plan: Plan) -> frozenset[Place]:
        """Write the book; return which deliveries the landing zone keeps whatever their age."""
        landing, loads = self.settings.landing_dir, loads_in_force(con)
        write_book(con, loads, landing, self.name)
        held = {(held.source, held.run_id) for held in held_in(con).values()}
        return places(loads) | held | begun(landing, plan.specs)

    def _tidy(self, plan: Plan) -> None:
        if self.past is not None:
            self.past.finish()
        self._prune_snapshots()
        limit = self.started - timedelta(days=self.settings.stores.landing_days)
        prune_landing(self.settings.landing_dir, before=limit, declared=plan.declared, needed=self.needed)
        prune_books(self.settings.landing_dir)
        shutil.rmtree(self.settings.temp_dir / "draft", ignore_errors=True)
