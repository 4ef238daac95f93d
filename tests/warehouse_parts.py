"""Small contracts and deliveries for the tests of the warehouse."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.build import build
from warehouse.contract import Subject
from warehouse.digest import content_hash
from warehouse.landing import Delivery, TextFormat, land
from warehouse.migrate import prepare
from warehouse.publish import Warehouse
from warehouse.store import open_draft, quote

MORNING = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)
DAY = date(2026, 6, 9)
GERMAN = TextFormat()

THING = Subject.model_validate(
    {
        "id": "thing",
        "title": "Ding",
        "key": ["nr"],
        "columns": {
            "nr": {"title": "Nummer", "type": "text", "required": True},
            "amount_eur": {"title": "Betrag", "type": "decimal"},
            "pieces": {"title": "Stück", "type": "integer", "minimum": 0, "maximum": 1000},
            "on_date": {"title": "Tag", "type": "date"},
            "at": {"title": "Zeitpunkt", "type": "timestamp"},
            "open": {"title": "Offen", "type": "boolean"},
            "colour": {"title": "Farbe", "type": "text", "allowed": ["rot", "blau"]},
            "ags": {"title": "AGS", "type": "text", "pattern": r"^\d{8}$"},
        },
    }
)


def text_batch(
    rows: Sequence[Mapping[str, str | None]], columns: Iterable[str] | None = None
) -> pa.RecordBatch:
    """Rows of text; columns a row does not name are NULL."""
    names = list(columns or dict.fromkeys(name for row in rows for name in row))
    types = {"_line": pa.int64()}
    return pa.RecordBatch.from_arrays(
        [pa.array([row.get(name) for row in rows], types.get(name, pa.string())) for name in names],
        names=names,
    )


def land_here(
    folder: Path, *batches: pa.RecordBatch, text_format: TextFormat | None = None, **options: Any
) -> Delivery:
    """Land batches for THING with everything else fixed."""
    return land_all(folder, batches, text_format=text_format, **options)


def land_all(
    folder: Path,
    batches: Iterable[pa.RecordBatch],
    *,
    text_format: TextFormat | None = GERMAN,
    **options: Any,
) -> Delivery:
    """Land batches as they come."""
    fixed: dict[str, Any] = {
        "subject": THING,
        "folder": folder,
        "source": "lager",
        "table_no": 1,
        "run_id": "run-1",
        "as_of": MORNING,
        "delivery_hash": "d",
    }
    return land(batches, text_format=text_format, **(fixed | options))


def land_text(folder: Path, *rows: Mapping[str, str | None], **options: Any) -> Delivery:
    """Land rows of text in the German default format."""
    return land_here(folder, text_batch(rows), **({"text_format": TextFormat()} | options))


def accepted(delivery: Delivery) -> list[dict[str, Any]]:
    """Accepted rows in the order of their lines."""
    return pq.read_table(delivery.rows_path).to_pylist()


def rejected(delivery: Delivery) -> list[dict[str, Any]]:
    """Refused rows in the order of their lines."""
    return pq.read_table(delivery.rejected_path).to_pylist()


def reasons(delivery: Delivery) -> list[tuple[int, str | None, str]]:
    """(line, column, code) of every refused row."""
    return [(row["line"], row["column_name"], row["reason_code"]) for row in rejected(delivery)]


def publish_city(
    warehouse: Warehouse,
    rows: Sequence[str] = ("a",),
    *,
    business_date: date = DAY,
    started_at: datetime = MORNING,
    run_id: str = "run-1",
) -> str:
    """Publish a snapshot whose two tables hold the same rows; returns its name."""
    subjects = {"thing": THING, "twin": THING.model_copy(update={"id": "twin"})}
    with warehouse.lock():
        draft = warehouse.new_draft()
        connection = open_draft(draft, memory_limit="256MB", threads=1)
        try:
            prepare(connection, subjects)
            for subject in subjects:
                connection.execute(f"DELETE FROM stage.{quote(subject)}")
                connection.executemany(
                    f"INSERT INTO stage.{quote(subject)} (nr, _source, _run_id, _line)"
                    " VALUES ($1, 'lager', $2, $3)",
                    [(row, run_id, line) for line, row in enumerate(rows, start=1)],
                )
            build(connection, subjects=subjects, business_date=business_date, as_of=started_at, models={})
            name = warehouse.next_name(started_at)
            moment = started_at.replace(tzinfo=None)
            connection.execute("DELETE FROM meta.snapshot")
            connection.execute(
                "INSERT INTO meta.snapshot VALUES ($1, 'Musterstadt', $2, $3, $3, $4, 'd', $5, 1)",
                [name, business_date, moment, run_id, content_hash(connection)],
            )
        finally:
            connection.close()
        warehouse.publish(draft, name)
    return name


def publish_forever(folder: str, first: int, report: Connection) -> None:
    """Publish snapshot after snapshot, each told through the pipe once it is there; ends by being killed."""
    for number in itertools.count(first):
        rows = [f"{number}-{row}" for row in range(200)]
        report.send(publish_city(Warehouse(Path(folder)), rows, run_id=str(number)))
