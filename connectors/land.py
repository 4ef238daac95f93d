"""One source, from its system to the landing zone; made to run in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.base import Context, Finding, Reading, SourceSpec, TableSpec
from connectors.reasons import OTHERWISE, german_reason
from connectors.registry import AnyConnector, connect
from connectors.veil import Veil
from warehouse.contract import Subject
from warehouse.errors import ContractError, IsekError
from warehouse.landing import Delivery, land
from warehouse.storage import disk_fault
from warehouse.store import DatabaseError

TOO_MUCH_MEMORY = "Der Arbeitsspeicher reichte zum Lesen nicht aus."


@dataclass(frozen=True)
class Failure:
    """Why a source could not be read: stable code, sentences for people, the whole error for the log."""

    code: str
    reason: str
    detail: str


@dataclass(frozen=True)
class Landed:
    """What one source brought in one run: one delivery per table, or a failure.

    After a failure `deliveries` holds what had landed until then; it feeds the quarantine only.
    `unchanged` numbers the tables that are well and had nothing new: their last good rows stay.
    """

    source: str
    deliveries: tuple[Delivery, ...] = ()
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None
    unchanged: tuple[int, ...] = ()


def _of_the_disk(error: Exception, folder: Path) -> Failure:
    told = disk_fault(error, folder)
    return Failure(told.code, german_reason(told), str(told)) if told else _unforeseen(error)


def _unforeseen(error: BaseException) -> Failure:
    # A foreign message may repeat a connection string; only the kind of error is told.
    return Failure("internal_error", f"{OTHERWISE} ({type(error).__name__})", type(error).__name__)


@dataclass
class _Progress:
    deliveries: list[Delivery] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    first_rows: Callable[[], None] = lambda: None

    def noting(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same batches; the first one is a sign of life."""
        for number, batch in enumerate(batches):
            if number == 0:
                self.first_rows()
            yield batch


def land_source(
    spec: SourceSpec,
    context: Context,
    subjects: Mapping[str, Subject],
    cursors: Mapping[int, str],
    folder: Path,
    run_id: str,
    since: datetime | None = None,
    *,
    until: datetime | None = None,
    first_rows: Callable[[], None] = lambda: None,
) -> Landed:
    """Read and land all tables of a source. Never raises: whatever happens becomes a Failure.

    `cursors` maps table numbers (from 1) to the last cursor; `since` (aware) replaces it for a second
    reading (a cursor that is no time begins anew). With `until` (aware) too it is a piece of a backfill,
    and tables without a cursor are left out. `first_rows` is called whenever a table begins to deliver.
    """
    progress = _Progress(first_rows=first_rows)
    try:
        connector = connect(spec, context, subjects)
        for number, table in enumerate(spec.tables, start=1):
            if until and not table.cursor:
                continue
            cursor = None if since else cursors.get(number)
            window = _window(context, table, cursors.get(number), since, until)
            _land_table(connector, number, table, window, cursor, folder, run_id, progress)
        _require_whole_subjects(spec, progress)
        failure = None
    except IsekError as error:
        failure = Failure(error.code, german_reason(error), str(error))
    except (OSError, DatabaseError) as error:
        failure = _of_the_disk(error, folder)
    except MemoryError:
        failure = Failure("source_memory", TOO_MUCH_MEMORY, "MemoryError")
    except (Exception, SystemExit) as error:  # noqa: BLE001 (the night must survive any source)
        failure = _unforeseen(error)
    return Landed(
        spec.id,
        tuple(progress.deliveries),
        tuple(progress.findings),
        failure,
        () if failure else tuple(progress.unchanged),
    )


def _require_whole_subjects(spec: SourceSpec, progress: _Progress) -> None:
    # Tables that fill one subject together are replaced together: one alone would empty the others.
    came = {delivery.subject for delivery in progress.deliveries}
    for number in progress.unchanged:
        table = spec.tables[number - 1]
        if table.delivers_everything and table.feeds in came:
            raise ContractError(
                f"Von den Tabellen, die {table.feeds} zusammen füllen, ist nur ein Teil geliefert",
                code="partial_delivery",
                where=f"{spec.id}, Tabelle {number}",
                next_step="Die fehlende Datei liefern lassen oder einen slice vereinbaren",
            )


def _window(
    context: Context, table: TableSpec, cursor: str | None, since: datetime | None, until: datetime | None
) -> tuple[datetime | None, datetime]:
    now = context.local(context.as_of)
    start, end = table.window(cursor, context.local(until) if until else now)
    if start and since:
        # A second reading leaves out nothing that the first one of another table still has to bring.
        start = context.local(since) if until else min(start, context.local(since))
    start = _first_time(start, ZoneInfo(context.timezone)) if start else None
    return table.persons.whole_periods(table.cursor, start, end, now) if table.persons else (start, end)


def _first_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment, or an hour earlier where the clock shows it twice: what it meant was maybe the first."""
    meant = (moment.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return moment - timedelta(hours=1) if len(set(meant)) > 1 else moment


def _land_table(
    connector: AnyConnector,
    number: int,
    table: TableSpec,
    window: tuple[datetime | None, datetime],
    cursor: str | None,
    folder: Path,
    run_id: str,
    progress: _Progress,
) -> None:
    context, spec = connector.context, connector.spec
    reading = connector.read_on(table, cursor, *window)
    if reading.nothing_new:
        progress.unchanged.append(number)
        return
    veil = _veil(table, reading, context, f"{spec.id}, Tabelle {number}", window)
    batches = progress.noting(reading.batches)
    delivery = land(
        veil.over(batches) if veil else batches,
        subject=table.plausible(connector.subjects[table.feeds], context.local(context.as_of).date()),
        text_format=reading.text_format,
        folder=folder,
        source=spec.id,
        table_no=number,
        run_id=run_id,
        as_of=reading.as_of,
        delivery_hash=reading.delivery_hash,
        cursor_column=table.cursor,
        key=table.key,
        timezone=context.timezone,
        cursor=reading.cursor,
        last_wins=reading.last_wins,
        window=window if table.cursor else (None, None),
        cursor_before=cursor,
    )
    progress.deliveries.append(delivery)
    progress.findings += [*reading.findings, *_nothing_came(delivery, table)]
    _require_tolerable(delivery, table, spec.id, veil)


def _veil(
    table: TableSpec,
    reading: Reading,
    context: Context,
    where: str,
    window: tuple[datetime | None, datetime],
) -> Veil | None:
    """What hides persons on the way to the landing zone, where that is declared."""
    if table.persons is None:
        return None
    return Veil(
        table.persons,
        reading.text_format,
        context.local,
        context.secrets,
        where,
        last_wins=reading.last_wins,
        within=(table.cursor, *window) if table.cursor else None,
    )


def _delivered_rows(delivery: Delivery, veil: Veil | None) -> tuple[int, int]:
    """Rows read and refused as the source counts them; a group stands for all its rows."""
    if veil is None or veil.rows is None:
        return delivery.read, delivery.rejected
    refused = pq.read_table(delivery.rejected_path, columns=["file", "line"]).to_pylist()
    return veil.rows, veil.rows_behind((row["file"], row["line"]) for row in refused)


def _nothing_came(delivery: Delivery, table: TableSpec) -> list[Finding]:
    """Nothing is remarkable when everything was promised; whether it counts is judged later."""
    if delivery.read or not table.delivers_everything:
        return []
    where = f"{delivery.source}, Tabelle {delivery.table_no}"
    return [Finding("warning", "empty_delivery", "Die Lieferung enthält keine Zeile.", where)]


def _require_tolerable(delivery: Delivery, table: TableSpec, source: str, veil: Veil | None) -> None:
    read, rejected = _delivered_rows(delivery, veil)
    if rejected > max(table.allow_rejected * read, table.allow_rejected_rows):
        raise ContractError(
            "Zu viele Zeilen sind fehlerhaft",
            code="too_many_rejected",
            where=f"{source}, Tabelle {delivery.table_no}",
            found=f"{rejected} von {read}",
            allowed=_tolerated(table),
            next_step=f"Die Zeilen ansehen: isek rejected {source}",
        )


def _tolerated(table: TableSpec) -> str:
    percent = f"{table.allow_rejected * 100:.3g}".replace(".", ",")
    share = f"höchstens {percent} % der Zeilen" if table.allow_rejected else ""
    rows = f"höchstens {table.allow_rejected_rows} Zeilen" if table.allow_rejected_rows else ""
    return " oder ".join(filter(None, (share, rows))) or "keine"
