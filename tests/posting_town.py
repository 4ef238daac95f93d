"""A city folder with one source that feeds a small subject of postings: deliver, read, land."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.base import Context, Reading, SourceSpec
from connectors.files import Files
from connectors.formats.spec import FileTable
from warehouse.contract import Column, Subject
from warehouse.landing import Delivery, land

AS_OF = datetime(2026, 6, 9, 3, 15, tzinfo=UTC)

POSTING = Subject(
    id="posting",
    title="Buchung",
    key=("posting_id",),
    columns={
        "posting_id": Column(title="Beleg", type="text", required=True),
        "label": Column(title="Text", type="text"),
        "booked_on": Column(title="Tag", type="date"),
        "amount_eur": Column(title="Betrag", type="decimal"),
        "done": Column(title="Erledigt", type="boolean"),
    },
)
SUBJECTS = {"posting": POSTING}
COLUMNS = {"posting_id": "Beleg", "label": "Text", "booked_on": "Tag", "amount_eur": "Betrag"}
HEADER = "Beleg;Text;Tag;Betrag\r\n"


class PostingTown:
    """A city folder with one delivered file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "inbox").mkdir()

    def deliver(self, content: str | bytes, name: str = "x.csv", encoding: str = "cp1252") -> Path:
        """Put a file into the inbox."""
        path = self.folder / "inbox" / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def connector(self, **table: Any) -> Files:
        """The source as declared; settings replace those of a plain CSV."""
        declared = {
            "feeds": "posting",
            "path": "inbox/x.csv",
            "encoding": "cp1252",
            "columns": COLUMNS,
            **table,
        }
        spec = SourceSpec(
            id="kasse", title="Kasse", owner="FD 20", kind="files", nature="beispiel",
            connection=Files.Connection(), tables=(FileTable(**declared),),
        )  # fmt: skip
        return Files(spec, Context(self.folder, AS_OF), SUBJECTS)

    def read(self, **table: Any) -> Reading:
        """One reading of its table."""
        connector = self.connector(**table)
        return connector.read(connector.tables[0], None, AS_OF)

    def rows(self, **table: Any) -> list[dict[str, Any]]:
        """All rows of one reading, before they land."""
        return [row for batch in self.read(**table).batches for row in batch.to_pylist()]

    def land(self, **table: Any) -> Delivery:
        """One delivery as it lands."""
        reading = self.read(**table)
        return land(
            reading.batches, subject=POSTING, text_format=reading.text_format, folder=self.folder / "landing",
            source="kasse", table_no=1, run_id="r1", as_of=reading.as_of, delivery_hash=reading.delivery_hash,
        )  # fmt: skip


def accepted(delivery: Delivery) -> list[tuple[Any, ...]]:
    """Accepted rows as tuples of contract values."""
    table = pq.read_table(delivery.rows_path).select(list(delivery.columns))
    return [tuple(row.values()) for row in table.to_pylist()]


def refused(delivery: Delivery) -> list[tuple[Any, ...]]:
    """Line, column and code of every refused row."""
    rows = pq.read_table(delivery.rejected_path).to_pylist()
    return [(row["line"], row["column_name"], row["reason_code"]) for row in rows]
