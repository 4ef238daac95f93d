"""The warehouse once more from its landing zone: to prove that it can be, to correct, or in its place."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from connectors.replay import Missing, read_anew, replay
from dashboard.jobs.accounting import RunRecord, Say
from dashboard.jobs.audit import require_sound
from dashboard.jobs.definitions import archive_definitions, definitions_of_base, keep_definitions
from dashboard.jobs.interruption import Interruption
from dashboard.jobs.outcome import enter, settle
from dashboard.jobs.protection import protect_small_numbers
from dashboard.jobs.stamp import definition_hash, stamp
from warehouse.book import books, prune_books, read_book, write_book
from warehouse.build import build, load_models
from warehouse.decided.files import load_decided
from warehouse.digest import table_hashes
from warehouse.errors import ConfigError, ContractError
from warehouse.in_force import KeptLoad, loads_in_force
from warehouse.migrate import prepare
from warehouse.publish import Warehouse
from warehouse.reifegrad.files import load_rulers
from warehouse.store import open_draft
from warehouse.subjects import load_subjects

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.settings import Settings
    from metrics.recorded import Kept
    from warehouse.contract import Subject
    from warehouse.ledger import KeptDefinition, Ledger
    from warehouse.store import Connection

TRIGGER = "rebuild"


@dataclass
class Rebuilt:
    """What a rebuild found. `differing` names tables whose content is another one than in `target`.

    `from_book`: no snapshot was readable, so there was nothing to compare with.
    """

    target: str
    business_date: date
    differing: list[str] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    loads: int = 0
    from_book: bool = False

    @property
    def equal(self) -> bool:
        """Whether every table came out as it was published."""
        return not self.differing and not self.missing and not self.from_book

    def as_contract(self) -> dict[str, object]:
        """JSON form of `isek rebuild --json`."""
        return {
            "target": self.target,
            "business_date": self.business_date,
            "equal": self.equal,
            "from_book": self.from_book,
            "loads": self.loads,
            "differing": self.differing,
            "missing": [
                {"source": m.load.source, "run_id": m.load.run_id, "table": m.load.table_no, "why": m.why}
                for m in self.missing
            ],
        }


def run_rebuild(
    settings: Settings,
    ledger: Ledger,
    *,
    to: str | None = None,
    publish: bool = False,
    say: Say = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Rebuilt | None, RunRecord]:
    """Rebuild the current snapshot or a named one, compare, and publish it as a new one when asked to.

    The record is in the ledger only when something was to be published. Nothing is published with rows
    missing, unless no snapshot is readable any more. Raises RetriableError when another run goes on.
    """
    started, warehouse = now(), Warehouse(settings.warehouse_dir)
    record = RunRecord(f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}", started.date(), TRIGGER)
    with Interruption().listening() as interruption, warehouse.lock():
        work = _Rebuild(settings, warehouse, record, to, publish, started, now, say, interruption)
        if publish:
            ledger.start_run(
                record.run_id, business_date=record.business_date, trigger=TRIGGER, started_at=started
            )
        settle(work.run, record, interruption, settings.var)
        with interruption.shielded():
            warehouse.discard_drafts()
            if publish:
                if record.state == "published":
                    told = archive_definitions(
                        ledger, work.base, work.definitions, work.record.snapshot or "", record.business_date
                    )
                    record.notes += [told] if told else []
                enter(ledger, record, now())
    return work.found, record


@dataclass
class _Rebuild:
    settings: Settings
    warehouse: Warehouse
    record: RunRecord
    to: str | None
    publish: bool
    started: datetime
    now: Callable[[], datetime]
    say: Say
    interruption: Interruption
    found: Rebuilt | None = None
    loads: Sequence[KeptLoad] = ()
    base: Sequence[KeptDefinition] = ()
    definitions: Sequence[Kept] = ()

    def run(self) -> None:
        """Draft, repeat the loads, build, compare, publish."""
        subjects = load_subjects(self.settings.city)
        draft = self.warehouse.new_draft(self.settings.stores.preflight_factor, self.to)
        con = open_draft(draft, memory_limit="1GB", temp_directory=self.settings.temp_dir / "draft")
        try:
            with self.interruption.ending(con.interrupt):
                self._fill(con, subjects)
        finally:
            con.close()
            shutil.rmtree(self.settings.temp_dir / "draft", ignore_errors=True)
        if self.record.snapshot:
            self._publish(draft, self.record.snapshot)
        else:
            self.record.state = "compared"

    def _fill(self, con: Connection, subjects: Mapping[str, Subject]) -> None:
        with self.record.step("S1", "Bestand und Ablage sichten"):
            self.found = self._begin(con, subjects, is_new=self.warehouse.current() is None)
        with self.record.step("S5", "Lieferungen wiederholen"):
            self._repeat(con, self.found, subjects)
        if self._may_publish(self.found):
            self._stamp(con, self.found, subjects)

    def _begin(self, con: Connection, subjects: Mapping[str, Subject], *, is_new: bool) -> Rebuilt:
        prepare(con, subjects)
        self.base = definitions_of_base(con)
        if is_new:
            newest = next(iter(books(self.settings.landing_dir)), None)
            if newest is None:
                raise ContractError(
                    "Es gibt weder einen lesbaren Stand noch eine Abschrift seiner Buchführung",
                    code="nothing_to_rebuild",
                    where=str(self.settings.landing_dir),
                    next_step="Aus der Sicherung wiederherstellen oder neu lesen: isek refresh",
                )
            self.loads = read_book(con, newest)
        else:
            self.loads = loads_in_force(con)
        name, day, _ = _facts(con)
        self.record.business_date = day
        return Rebuilt(name, day, loads=len(self.loads), from_book=is_new)

    def _repeat(self, con: Connection, found: Rebuilt, subjects: Mapping[str, Subject]) -> None:
        before = {} if found.from_book else table_hashes(con)
        self.say(f"  {found.loads} Lieferungen werden wiederholt")
        found.missing = replay(con, self.loads, self.settings.landing_dir, subjects)
        if found.from_book:
            read_anew(con, found.missing)
        self.interruption.check()
        _, day, as_of = _facts(con)
        build(
            con, subjects=subjects, business_date=day, as_of=as_of, models=load_models(),
            rulers=load_rulers(self.settings.city), decided=load_decided(self.settings.city),
        )  # fmt: skip
        after = table_hashes(con)
        names = before.keys() | after.keys() if before else set[str]()
        found.differing = sorted(name for name in names if before.get(name) != after.get(name))

    def _may_publish(self, found: Rebuilt) -> bool:
        if self.publish and found.missing and not found.from_book:
            raise ContractError(
                "Der Wiederaufbau ist nicht vollständig, veröffentlicht wurde nichts",
                code="rebuild_incomplete",
                found=f"{len(found.missing)} von {found.loads} Lieferungen fehlen in der Ablage",
                next_step="Den bisherigen Stand behalten, oder die Quellen neu lesen: isek refresh",
            )
        return self.publish

    def _stamp(self, con: Connection, found: Rebuilt, subjects: Mapping[str, Subject]) -> None:
        with self.record.step("S7", "Prüfen"):
            self.record.notes += protect_small_numbers(con, self.settings, found.business_date)
            require_sound(con, subjects, load_models(), found.business_date, self.record)
            name, (_, day, as_of) = self.warehouse.next_name(self.started), _facts(con)
            told = stamp(
                con, name=name, city=self.settings.name, business_date=day, as_of=as_of,
                created_at=self.now(), run_id=self.record.run_id,
                definitions=definition_hash(
                    subjects, load_rulers(self.settings.city), load_decided(self.settings.city)
                ),
            )  # fmt: skip
            self.definitions, fault = keep_definitions(con, self.settings.city, subjects)
            self.record.notes += [note for note in (told, fault) if note is not None]
            write_book(con, loads_in_force(con), self.settings.landing_dir, name)
            self.record.snapshot = name

    def _publish(self, draft: Path, name: str) -> None:
        self.record.snapshot = None
        with self.record.step("S8", "Veröffentlichen"), self.interruption.shielded():
            self.warehouse.publish(draft, name)
            self.record.snapshot, self.record.state = name, "published"
        prune_books(self.settings.landing_dir)


def _facts(con: Connection) -> tuple[str, date, datetime]:
    row = con.execute("SELECT name, business_date, as_of FROM meta.snapshot").fetchone()
    if row is None:
        raise ContractError("meta.snapshot ist leer", code="draft_invalid")
    return row[0], row[1], row[2].replace(tzinfo=UTC)


def snapshot_of(warehouse: Warehouse, day: date) -> tuple[str, bool]:
    """The last snapshot of a business date, and whether it is the one that counts.

    Raises ConfigError(code="unknown_date").
    """
    infos = warehouse.snapshots()
    same = [info for info in infos if info.business_date == day]
    if not same:
        days = ", ".join(sorted({f"{i.business_date}" for i in infos if i.business_date}, reverse=True))
        raise ConfigError(
            f"Vom Geschäftstag {day:%d.%m.%Y} gibt es keinen Stand",
            code="unknown_date",
            allowed=days or "noch keiner",
        )
    current = next((info for info in same if info.current), None)
    return (current or same[0]).name, current is not None
