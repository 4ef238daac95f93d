"""Filling in the past: piece by piece into the landing zone, then one publication.

Every piece that has landed is noted in a small file beside it. Killed half way, the same command goes on
with the first piece that is missing; what is published does not change before all of them are there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.accounting import one
from connectors.agreement import agreement_of
from connectors.held import whole_agreement
from connectors.land import Landed
from warehouse.errors import ConfigError, ContractError, RetriableError
from warehouse.landing import ROWS, kept_deliveries
from warehouse.pointer import sync_file, sync_folder
from warehouse.store import quote

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.base import SourceSpec
    from warehouse.contract import Subject
    from warehouse.landing import Delivery
    from warehouse.store import Connection

STEPS = ("day", "week", "month", "year")
JOURNAL = ".backfill.json"


@dataclass(frozen=True)
class Piece:
    """Days from `first` up to and without `end`."""

    first: date
    end: date

    def window(self, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
        """The same as moments; nothing is read from the future."""
        begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (self.first, self.end))
        return begin, min(end, now)


def pieces_of(first: date, last: date, step: str) -> list[Piece]:
    """Cut days (both included) at the beginnings of days, weeks, months or years."""
    found, begin = [], first
    while begin <= last:
        end = min(_next(begin, step), last + timedelta(days=1))
        found.append(Piece(begin, end))
        begin = end
    return found


def step_of(spec: SourceSpec) -> str:
    """The smallest step among the tables that can be backfilled.

    Raises ConfigError(code="no_backfill") when none has a cursor: there is no piece to ask for.
    """
    steps = [table.backfill_step for table in spec.tables if table.cursor]
    if not steps:
        raise ConfigError(
            "Diese Quelle lässt sich nicht abschnittsweise nachladen",
            code="no_backfill",
            where=spec.id,
            allowed="Tabellen mit cursor und first_date, deren Abfrage :since und :until kennt",
            next_step=f"Ganz neu lesen: isek refresh --only {spec.id}",
        )
    return min(steps, key=STEPS.index)


def _next(day: date, step: str) -> date:
    if step == "day":
        return day + timedelta(days=1)
    if step == "week":
        return day + timedelta(days=7 - day.weekday())
    if step == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return date(day.year + 1, 1, 1)


@dataclass
class Journal:
    """What of a backfill has landed. `begun` is the run it began in; pieces land under ids made from it.

    `seen` is the number of the last load when it was begun or resumed: what was loaded since may be newer.
    """

    begun: str
    first: str
    last: str
    agreement: str
    done: list[str] = field(default_factory=list)
    seen: int = 0

    def run_id(self, piece: Piece) -> str:
        """Id under which a piece lands."""
        return f"{self.begun}-{piece.first:%Y%m%d}"

    def same_work(self, other: Journal) -> bool:
        """Whether both mean the same days under the same agreement."""
        mine, theirs = ((j.first, j.last, j.agreement) for j in (self, other))
        return mine == theirs


Read = Callable[[str, datetime, datetime], Landed]
"""Reads and lands one piece under a run id."""


class Backfill:
    """One backfill of one source."""

    def __init__(
        self, folder: Path, spec: SourceSpec, days: tuple[date, date], subjects: Mapping[str, Subject]
    ) -> None:
        self._landing, self._place, self._spec = folder, folder / spec.id, spec
        self._pieces, self._days, self._subjects = pieces_of(*days, step_of(spec)), days, subjects
        agreed = [agreement_of(spec.kind, table, subjects[table.feeds]) for table in spec.tables]
        self._agreement = whole_agreement(agreed)

    def begin(self, run_id: str, con: Connection) -> Journal:
        """The journal of an unfinished backfill of the same days, or a new one.

        A piece with a row that a night brought anew since is read again: it would bring the old one back.
        """
        first, last = (day.isoformat() for day in self._days)
        new, old = Journal(run_id, first, last, self._agreement), read_journal(self._place)
        new.seen = one(con, "SELECT max(number) FROM meta.load", [])
        if old is not None and old.same_work(new) and not _is_published(con, self._spec.id, old):
            later = self._loaded_since(old, con)
            old.done = [name for name in old.done if self._is_good(old, name, later, con)]
            old.seen = new.seen
            return old
        if old is not None and not _is_published(con, self._spec.id, old):
            self._forget(old)
        return new

    def read(self, journal: Journal, zone: ZoneInfo, now: datetime, read: Read) -> Iterator[int]:
        """Read what is missing; yields the number of pieces that are there after each."""
        yield len(journal.done)
        for piece in self._pieces:
            if piece.first.isoformat() in journal.done:
                continue
            landed = read(journal.run_id(piece), *piece.window(zone, now))
            if landed.failure:
                raise self._stopped(piece, journal, landed.failure.reason)
            journal.done.append(piece.first.isoformat())
            _write(journal, self._place)
            yield len(journal.done)

    def landed(self, journal: Journal) -> list[Landed]:
        """All pieces in their order."""
        return [
            Landed(self._spec.id, kept_deliveries(self._landing, self._spec.id, journal.run_id(piece)))
            for piece in self._pieces
        ]

    def finish(self) -> None:
        """The pieces are published: nothing is left to resume."""
        (self._place / JOURNAL).unlink(missing_ok=True)

    @property
    def count(self) -> int:
        """Number of pieces."""
        return len(self._pieces)

    def _is_good(
        self, journal: Journal, name: str, later: Mapping[int, Sequence[Path]], con: Connection
    ) -> bool:
        piece = next((p for p in self._pieces if p.first.isoformat() == name), None)
        if piece is None:
            return False
        try:
            landed = kept_deliveries(self._landing, self._spec.id, journal.run_id(piece))
        except ContractError:
            return False
        return not any(self._is_overtaken(d, later.get(d.table_no, ()), con) for d in landed)

    def _loaded_since(self, journal: Journal, con: Connection) -> dict[int, list[Path]]:
        """Rows of the source by number of the table, as they landed for loads the journal does not know."""
        found: dict[int, list[Path]] = {}
        for run_id, table_no in con.execute(
            "SELECT run_id, table_no FROM meta.load WHERE source = $1 AND number > $2",
            [self._spec.id, journal.seen],
        ).fetchall():
            found.setdefault(table_no, []).append(self._place / run_id / str(table_no) / ROWS)
        return found

    def _is_overtaken(self, delivery: Delivery, later: Sequence[Path], con: Connection) -> bool:
        if not all(path.is_file() for path in later):
            return True
        key = self._spec.tables[delivery.table_no - 1].key or self._subjects[delivery.subject].key
        names = ", ".join(map(quote, key))
        sql = f"SELECT count(*) FROM read_parquet($1) SEMI JOIN read_parquet($2) USING ({names})"  # noqa: S608
        files = [str(path) for path in later]
        return bool(files) and one(con, sql, [str(delivery.rows_path), files]) > 0

    def _forget(self, journal: Journal) -> None:
        for run in self._place.glob(f"{journal.begun}-*"):
            shutil.rmtree(run, ignore_errors=True)

    def _stopped(self, piece: Piece, journal: Journal, reason: str) -> RetriableError:
        return RetriableError(
            f"Das Nachladen von „{self._spec.id}“ blieb beim Abschnitt ab {piece.first:%d.%m.%Y} stehen",
            code="backfill_stopped",
            found=reason,
            next_step=f"Derselbe Befehl setzt fort; {len(journal.done)} von {self.count}"
            " Abschnitten liegen bereit",
        )


def read_journal(place: Path) -> Journal | None:
    """The journal in a source's landing folder; None when there is none or it is unreadable."""
    try:
        return Journal(**json.loads((place / JOURNAL).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def unfinished(con: Connection, landing: Path, sources: Iterable[str]) -> Iterator[str]:
    """A sentence for every backfill that somebody began and did not end.

    One that was killed between its publication and its end is ended here.
    """
    for source in sources:
        journal = read_journal(landing / source)
        if journal is not None and _is_published(con, source, journal):
            (landing / source / JOURNAL).unlink(missing_ok=True)
        elif journal is not None:
            command = f"isek refresh --only {source} --backfill {journal.first} {journal.last}"
            yield (
                f"Ein Nachladen von „{source}“ ist nicht beendet, {len(journal.done)} Abschnitte "
                f"liegen bereit; fortsetzen: {command}"
            )


def _is_published(con: Connection, source: str, journal: Journal) -> bool:
    sql = "SELECT count(*) FROM meta.load WHERE source = $1 AND starts_with(run_id, $2)"
    return one(con, sql, [source, f"{journal.begun}-"]) > 0


def begun(landing: Path, sources: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Source and run of every piece that a later command may need."""
    journals = ((source, read_journal(landing / source)) for source in sources)
    return frozenset(
        (source, f"{journal.begun}-{day.replace('-', '')}")
        for source, journal in journals
        if journal is not None
        for day in journal.done
    )


def _write(journal: Journal, place: Path) -> None:
    temporary = place / f"{JOURNAL}-{os.getpid()}"
    temporary.write_text(json.dumps(asdict(journal)), encoding="utf-8")
    sync_file(temporary)
    temporary.replace(place / JOURNAL)
    sync_folder(place)
