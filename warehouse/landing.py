"""The landing zone: a delivery is checked against its contract and kept, immutable and hashed.

Batches may carry columns beside the contract's:
`_line` (int64, line in the source), `_fault` (reason code: the row as a whole cannot be read),
`_fault_column`, `_raw` (text of such a row), `_file` (name of the file it came from) and
`_deleted` (boolean: this key no longer exists).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from warehouse.cast import REASONS
from warehouse.check import DELETED, FAULT, FAULT_COLUMN, FILE, LINE, RAW
from warehouse.contract import Subject
from warehouse.errors import ContractError
from warehouse.inspection import Inspection
from warehouse.pointer import file_digest, sync_file, sync_folder
from warehouse.store import scratch
from warehouse.textformat import TextFormat

__all__ = [
    "DELETED",
    "FAULT",
    "FAULT_COLUMN",
    "FILE",
    "LINE",
    "RAW",
    "REASONS",
    "Delivery",
    "TextFormat",
    "kept_deliveries",
    "land",
]

ROWS, REJECTED, MANIFEST = "rows.parquet", "rejected.parquet", "manifest.json"
_MOMENTS, _LISTS = ("as_of", "window_from", "window_to"), ("columns", "delivered_files")


@dataclass(frozen=True)
class Delivery:
    """One table of one source as it landed; read = accepted + rejected + duplicates.

    `columns` are the contract columns that were delivered. `cursor` is the largest value of the cursor
    column as ISO text, None without rows. `content_hash` depends on the accepted rows alone, not on
    their order nor on the run. What was asked for: rows from `cursor_before` on, in the half-open window
    of local time. `delivered_files` names the files rows came from, unless there are very many.
    """

    folder: Path
    source: str
    table_no: int
    subject: str
    run_id: str
    as_of: datetime
    delivery_hash: str
    content_hash: str
    cursor: str | None
    read: int
    accepted: int
    rejected: int
    duplicates: int
    columns: tuple[str, ...]
    has_deletions: bool = False
    delivered_files: tuple[str, ...] = ()
    window_from: datetime | None = None
    window_to: datetime | None = None
    cursor_before: str | None = None

    @property
    def rows_path(self) -> Path:
        """Accepted rows: the delivered contract columns, `_line`, and `_deleted` where declared."""
        return self.folder / ROWS

    @property
    def rejected_path(self) -> Path:
        """Refused rows: file, line, column_name, reason_code, reason, raw."""
        return self.folder / REJECTED

    @classmethod
    def load(cls, folder: Path) -> Delivery:
        """A kept delivery. Raises ContractError(code="landing_damaged") when a file changed."""
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            intact = all(
                file_digest(folder / name) == digest for name, digest in manifest.pop("files").items()
            )
        except (OSError, ValueError, KeyError) as error:
            raise ContractError(
                "Hier liegt keine vollständige Lieferung", code="landing_damaged", where=str(folder)
            ) from error
        if not intact:
            raise ContractError(
                "Die aufbewahrte Lieferung wurde verändert", code="landing_damaged", where=str(folder)
            )
        for name in _MOMENTS:
            manifest[name] = datetime.fromisoformat(manifest[name]) if manifest.get(name) else None
        manifest |= {name: tuple(manifest.get(name, ())) for name in _LISTS}
        return cls(folder=folder, **manifest)


def kept_deliveries(folder: Path, source: str, run_id: str) -> tuple[Delivery, ...]:
    """All tables of a source as they landed in a run.

    Raises ContractError(code="landing_damaged"), also when nothing is left of them.
    """
    place = folder / source / run_id
    tables = sorted(int(path.name) for path in place.glob("*") if path.name.isdigit())
    return tuple(Delivery.load(place / str(number)) for number in tables or [1])


def land(
    batches: Iterable[pa.RecordBatch],
    *,
    subject: Subject,
    text_format: TextFormat | None,
    folder: Path,
    source: str,
    table_no: int,
    run_id: str,
    as_of: datetime,
    delivery_hash: str,
    cursor_column: str | None = None,
    key: Sequence[str] = (),
    memory_limit: str = "512MB",
    timezone: str = "Europe/Berlin",
    cursor: str | None = None,
    last_wins: bool = False,
    window: tuple[datetime | None, datetime | None] = (None, None),
    cursor_before: str | None = None,
) -> Delivery:
    """Check every row of a delivery and keep it below `folder/<source>/<run_id>/<table_no>/`.

    With `text_format` all values are text and read by its rules; without, they are typed Arrow values.
    `key` replaces the subject's key when the source declares its own. Rows stream through DuckDB.
    `cursor` is noted instead of the largest value of the cursor column (at most the end of the `window`: a
    date in the future would hide what comes until then); `window` and `cursor_before` are
    noted as what was asked for. With `last_wins` the last good row of a key counts and the earlier ones
    are duplicates; without, contradicting rows are refused.

    Raises ContractError: missing_column (a required column is absent), retyped_column (a typed column
    that cannot feed its contract column).
    """
    target = folder / source / run_id / str(table_no)
    with _workplace(target) as place:
        connection = scratch(memory_limit=memory_limit, temp_directory=place / "spill", timezone=timezone)
        try:
            inspection = Inspection(
                connection, subject, text_format, tuple(key) or subject.key, last_wins=last_wins
            )
            inspection.take_all(batches, place / ROWS)
            inspection.write(place / REJECTED)
            facts = inspection.facts(place / ROWS, cursor_column, cursor)
            if cursor is None:
                facts = replace(facts, cursor=_reached(facts.cursor, window[1]))
        finally:
            connection.close()
        delivery = Delivery(
            folder=target, source=source, table_no=table_no, subject=subject.id, run_id=run_id,
            as_of=as_of.astimezone(UTC), delivery_hash=delivery_hash,
            window_from=window[0], window_to=window[1], cursor_before=cursor_before, **asdict(facts),
        )  # fmt: skip
        shutil.rmtree(place / "spill", ignore_errors=True)
        _seal(delivery, place)
        _move(place, target)
    return delivery


def _reached(cursor: str | None, end: datetime | None) -> str | None:
    if cursor is None or end is None:
        return cursor
    # A day is written with ten characters; both spellings sort as they count.
    limit = end.isoformat()[: 10 if len(cursor) == 10 else None]
    try:
        datetime.fromisoformat(cursor)
    except ValueError:
        # Without end, before Christ, after the year 9999: no night could go on from there.
        return limit
    return min(cursor, limit)


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    # A killed run leaves a folder with a dot in front: never taken for a delivery, removed by the next try.
    place = target.with_name(f".{target.name}-{os.getpid()}")
    for leftover in target.parent.glob(f".{target.name}-*") if target.parent.is_dir() else ():
        shutil.rmtree(leftover, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _seal(delivery: Delivery, place: Path) -> None:
    files = [place / delivery.rows_path.name, place / delivery.rejected_path.name]
    manifest = {name: value for name, value in asdict(delivery).items() if name != "folder"}
    manifest |= {name: moment.isoformat() for name in _MOMENTS if (moment := manifest[name])}
    manifest["files"] = {path.name: file_digest(path) for path in files}
    (place / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False), encoding="utf-8")
    for path in (*files, place / MANIFEST):
        sync_file(path)
    sync_folder(place)


def _move(place: Path, target: Path) -> None:
    if target.exists():
        # A second attempt of the same run before anything was published replaces the first.
        outdated = target.with_name(f".{target.name}-outdated")
        target.rename(outdated)
        shutil.rmtree(outdated)
    place.rename(target)
    sync_folder(target.parent)
