"""Checks the rows of one delivery as they come and keeps the good ones: types, rules, duplicates, accounting.

Rows go through in pieces and are never held together. Whether a key came twice is told by the hashes of
the keys alone; only when two are equal, the rows behind them are looked at again.
"""

# ruff: noqa: S608 - names come from contracts through `quote`, texts through `literal`, values are parameters

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.ahead import PIECE_ROWS, pieces, read_ahead
from warehouse.cast import OTHER_REASON, REASONS, trimmed
from warehouse.check import (
    DELETED,
    FILE,
    KEY_HASH,
    LINE,
    MASKED,
    REASON,
    REASON_COLUMN,
    ROW_HASH,
    ROW_KEY,
    SECOND_HASH,
    check_statement,
    delivered_columns,
)
from warehouse.contract import Column, Subject
from warehouse.digest import RowsDigest, rows_digest
from warehouse.errors import ContractError
from warehouse.repeats import settle_repeats
from warehouse.rowsfile import RowsFile
from warehouse.store import Connection, literal, quote
from warehouse.textformat import TextFormat

MOST_FILES = 1000
ROWS_PER_PART = 1_000_000
_REFUSED = {
    FILE: "file VARCHAR",
    LINE: "line BIGINT",
    REASON_COLUMN: "column_name VARCHAR",
    REASON: "reason_code VARCHAR",
    MASKED: "raw VARCHAR",
    ROW_KEY: "row_key VARCHAR",
}
"""Columns of a checked piece and what they are called in the quarantine."""


@dataclass(frozen=True)
class Facts:
    """Accounting of a delivery: read = accepted + rejected + duplicates."""

    content_hash: str
    cursor: str | None
    read: int
    accepted: int
    rejected: int
    duplicates: int
    columns: tuple[str, ...]
    has_deletions: bool
    delivered_files: tuple[str, ...]


@dataclass
class _Counts:
    read: int = 0
    rejected: int = 0
    duplicates: int = 0
    digest: RowsDigest = field(default_factory=RowsDigest)
    files: set[str] = field(default_factory=set)


class Inspection:
    """Takes batches and writes good and refused rows to two Parquet files."""

    def __init__(
        self,
        connection: Connection,
        subject: Subject,
        text_format: TextFormat | None,
        key: tuple[str, ...],
        *,
        last_wins: bool = False,
    ) -> None:
        self._connection, self._subject, self._format, self._key = connection, subject, text_format, key
        self._last_wins = last_wins
        self._columns: dict[str, Column] = {}
        self._counts = _Counts()

    def take_all(self, batches: Iterable[pa.RecordBatch], rows: Path) -> None:
        """Check piece after piece and keep the good rows in the file `rows`, then settle duplicate keys.

        Raises ContractError (missing_column, retyped_column) and whatever the source raises.
        """
        self._connection.execute("CREATE TEMP TABLE seen (key_hash UBIGINT)")
        self._connection.execute(f"CREATE TEMP TABLE refused ({', '.join(_REFUSED.values())})")
        file = RowsFile(rows)
        with file, read_ahead(self._trimmed(pieces(batches))) as coming:
            for schema, alike in groupby(coming, key=lambda piece: piece.schema):
                self._take(schema, alike, file)
            if not self._columns:
                # Nothing came, not even a header: an empty delivery of everything that was agreed on.
                self._take(pa.schema(dict.fromkeys(self._subject.columns, pa.string())), iter(()), file)
        self._settle(file)

    def write(self, rejected: Path) -> None:
        """Write the refused rows as Parquet."""
        self._connection.execute("CREATE TEMP TABLE sentence (code VARCHAR, sentence VARCHAR)")
        self._connection.executemany("INSERT INTO sentence VALUES ($1, $2)", list(REASONS.items()))
        self._connection.execute(
            "COPY (SELECT file, line, column_name, reason_code,"
            f" coalesce(sentence, {literal(OTHER_REASON)}) AS reason, raw, row_key"
            " FROM refused LEFT JOIN sentence ON code = reason_code ORDER BY line, refused.rowid)"
            f" TO {literal(str(rejected))} (FORMAT parquet, COMPRESSION zstd)"
        )

    def facts(self, rows: Path, cursor_column: str | None, cursor: str | None = None) -> Facts:
        """Counts, content hash and the largest cursor value of the accepted rows, or the `cursor` given."""
        counts = self._counts
        return Facts(
            content_hash=str(counts.digest),
            cursor=self._cursor(rows, cursor_column) if cursor is None else cursor,
            read=counts.read,
            accepted=counts.digest.rows,
            rejected=counts.rejected,
            duplicates=counts.duplicates,
            columns=tuple(name for name in self._columns if name != DELETED),
            has_deletions=DELETED in self._columns,
            delivered_files=tuple(sorted(counts.files)) if len(counts.files) <= MOST_FILES else (),
        )

    def _trimmed(self, coming: Iterator[pa.Table]) -> Iterator[pa.Table]:
        if self._format is None:
            return coming
        return (trimmed(piece, (*self._subject.columns, DELETED)) for piece in coming)

    def _require_same_columns(self, schema: pa.Schema) -> None:
        columns = delivered_columns(self._subject, schema, self._key)
        if self._columns and set(columns) != set(self._columns):
            raise ContractError(
                "Die Spalten wechseln innerhalb einer Lieferung",
                code="missing_column",
                where=self._subject.id,
                found=", ".join(columns),
                allowed=", ".join(self._columns),
            )
        self._columns = self._columns or columns

    def _take(self, schema: pa.Schema, alike: Iterator[pa.Table], file: RowsFile) -> None:
        """Check pieces of equal columns by one statement; they stream through it."""
        self._require_same_columns(schema)
        schema = schema if LINE in schema.names else schema.append(pa.field(LINE, pa.int64()))
        statement = check_statement(
            "piece", schema, self._columns, subject=self._subject, text_format=self._format, key=self._key
        )
        # A connection of its own: what is noted in between would end the stream.
        checking, failed = self._connection.cursor(), list[BaseException]()
        try:
            incoming = self._batches(alike, failed)
            checking.register("piece", pa.RecordBatchReader.from_batches(schema, incoming))
            checked = checking.execute(statement).to_arrow_reader(PIECE_ROWS)
            file.begin(pa.schema([checked.schema.field(name) for name in (*self._columns, LINE)]))
            for batch in checked:
                self._keep(batch, file)
        finally:
            checking.close()
        if failed:
            raise failed[0]

    def _batches(self, alike: Iterator[pa.Table], failed: list[BaseException]) -> Iterator[pa.RecordBatch]:
        """What the statement reads, numbered. The database would turn an error into one of its own."""
        try:
            for piece in alike:
                if LINE not in piece.schema.names:
                    first = self._counts.read + 1
                    lines = np.arange(first, first + piece.num_rows, dtype=np.int64)
                    piece = piece.append_column(LINE, pa.array(lines))  # noqa: PLW2901
                self._counts.read += piece.num_rows
                yield from piece.to_batches()
        except BaseException as error:  # noqa: BLE001 (raised again as soon as the statement has ended)
            failed.append(error)

    def _keep(self, checked: pa.RecordBatch, file: RowsFile) -> None:
        self._note_files(checked.column(FILE))
        good = self._without_refused(checked)
        self._insert("seen", good.select([KEY_HASH]))
        self._counts.digest = self._counts.digest.plus(_digest(good))
        file.add(good.select([*self._columns, LINE]), good.column(FILE))

    def _without_refused(self, checked: pa.RecordBatch) -> pa.RecordBatch:
        fine = checked.column(REASON).null_count
        if fine == checked.num_rows:
            return checked
        self._counts.rejected += checked.num_rows - fine
        is_fine = pc.is_null(checked.column(REASON))
        self._insert("refused", checked.filter(pc.invert(is_fine)).select(list(_REFUSED)))
        return checked.filter(is_fine)

    def _insert(self, table: str, rows: pa.RecordBatch) -> None:
        self._connection.register("added", pa.Table.from_batches([rows]))
        self._connection.execute(f"INSERT INTO {table} SELECT * FROM added")
        self._connection.unregister("added")

    def _note_files(self, files: pa.Array) -> None:
        if files.null_count < len(files) and len(self._counts.files) <= MOST_FILES:
            self._counts.files |= set(files.unique().drop_null().to_pylist())

    def _has_repeats(self) -> bool:
        """Whether two keys have the same hash; looked at in parts, so that memory stays small."""
        # A power of two: the last bits of a hash say to which part it belongs.
        parts = 2 ** (self._counts.digest.rows // ROWS_PER_PART).bit_length()
        repeated = (
            "SELECT count(*) - count(DISTINCT key_hash) FROM seen"
            " WHERE key_hash & CAST($1 AS UBIGINT) = CAST($2 AS UBIGINT)"
        )
        rows = (self._connection.execute(repeated, [parts - 1, part]).fetchone() for part in range(parts))
        return any(row and row[0] for row in rows)

    def _settle(self, file: RowsFile) -> None:
        if not self._has_repeats():
            return
        repeats = settle_repeats(self._connection, file, self._columns, self._key, last_wins=self._last_wins)
        self._counts.rejected += repeats.contradicting
        self._counts.duplicates += repeats.duplicates
        if repeats.contradicting or repeats.duplicates:
            self._counts.digest = rows_digest(self._connection, self._columns, _parquet(file.path))

    def _cursor(self, rows: Path, column: str | None) -> str | None:
        if column is None or column not in self._columns:
            return None
        row = self._connection.execute(
            f"SELECT replace(CAST(max({quote(column)}) AS VARCHAR), ' ', 'T') FROM {_parquet(rows)}"
        ).fetchone()
        return row[0] if row else None


def _digest(rows: pa.RecordBatch) -> RowsDigest:
    return RowsDigest(rows.num_rows, _exact_sum(rows.column(ROW_HASH)), _exact_sum(rows.column(SECOND_HASH)))


def _exact_sum(hashes: pa.Array) -> int:
    """Sum of unsigned 64 bit numbers without overflow: high and low halves apart."""
    numbers = hashes.to_numpy(zero_copy_only=False)
    high, low = numbers >> np.uint64(32), numbers & np.uint64(2**32 - 1)
    return (int(high.sum(dtype=np.uint64)) << 32) + int(low.sum(dtype=np.uint64))


def _parquet(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"
