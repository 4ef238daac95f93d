"""Checks the rows of one delivery in a scratch database: types, rules, duplicates, accounting."""

# ruff: noqa: S608 - names come from contracts through `quote`, texts through `literal`, values are parameters

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from warehouse.cast import (
    OTHER_REASON,
    REASONS,
    Cast,
    cast_text,
    cast_typed,
    fits,
    judge,
    layer,
    masked,
    text_of,
)
from warehouse.contract import Column, Subject
from warehouse.digest import fingerprint, rows_digest
from warehouse.errors import ContractError, did_you_mean
from warehouse.store import Connection, literal, quote
from warehouse.textformat import TextFormat

LINE, FAULT, FAULT_COLUMN, RAW, FILE = "_line", "_fault", "_fault_column", "_raw", "_file"
DELETED = "_deleted"

MOST_FILES = 1000
_DELETED_COLUMN = Column(title="Gelöscht", type="boolean")
_KEPT = "WHERE _reason IS NULL AND NOT _duplicate"
_OWN_COLUMNS = (
    "_line BIGINT, _file VARCHAR, _reason VARCHAR, _reason_column VARCHAR, _masked VARCHAR, _content VARCHAR,"
    " _duplicate BOOLEAN"
)


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


class Inspection:
    """Takes batches, keeps typed rows with the first fault of each in the table `checked`."""

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
        self._next_line = 1
        self._schema: pa.Schema | None = None
        self._insert = ""

    def take_all(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Check batch after batch, then settle duplicate keys; one batch at a time is held as Arrow.

        Raises ContractError (missing_column, retyped_column).
        """
        for batch in batches:
            if self._schema is None or batch.schema != self._schema:
                self._prepare(batch.schema)
            self._take(batch)
        if self._schema is None:
            self._prepare(pa.schema([(name, pa.string()) for name in self._subject.columns]))
        self._settle_duplicates()

    def write(self, rows: Path, rejected: Path) -> None:
        """Write accepted and refused rows as Parquet."""
        names = _names([*self._columns, LINE])
        self._copy(f"SELECT {names} FROM checked {_KEPT} ORDER BY {LINE}, rowid", rows)
        self._connection.execute("CREATE TEMP TABLE sentence (code VARCHAR, sentence VARCHAR)")
        self._connection.executemany("INSERT INTO sentence VALUES ($1, $2)", list(REASONS.items()))
        self._copy(
            f"SELECT {FILE} AS file, {LINE} AS line, _reason_column AS column_name, _reason AS reason_code,"
            f" coalesce(sentence, {literal(OTHER_REASON)}) AS reason, _masked AS raw,"
            f" {row_key(self._key)} AS row_key"
            f" FROM checked LEFT JOIN sentence ON code = _reason WHERE _reason IS NOT NULL"
            f" ORDER BY {LINE}, checked.rowid",
            rejected,
        )

    def facts(self, cursor_column: str | None, cursor: str | None = None) -> Facts:
        """Counts, content hash and the largest cursor value of the accepted rows, or the `cursor` given."""
        counts = self._connection.execute(
            "SELECT count(*), count(*) FILTER (_reason IS NULL AND NOT _duplicate),"
            " count(*) FILTER (_reason IS NOT NULL), count(*) FILTER (_reason IS NULL AND _duplicate)"
            " FROM checked"
        ).fetchone()
        read, accepted, rejected, duplicates = counts or (0, 0, 0, 0)
        columns = tuple(name for name in self._columns if name != DELETED)
        return Facts(
            content_hash=self._content_hash(),
            cursor=self._cursor(cursor_column) if cursor is None else cursor,
            read=read,
            accepted=accepted,
            rejected=rejected,
            duplicates=duplicates,
            columns=columns,
            has_deletions=DELETED in self._columns,
            delivered_files=self._files(),
        )

    def _prepare(self, schema: pa.Schema) -> None:
        columns = {name: column for name, column in self._subject.columns.items() if name in schema.names}
        if DELETED in schema.names:
            columns[DELETED] = _DELETED_COLUMN
        if self._schema is None:
            self._require(schema)
            self._columns = columns
            fields = ", ".join(f"{quote(name)} {column.duckdb_type}" for name, column in columns.items())
            self._connection.execute(f"CREATE TABLE checked ({fields}, {_OWN_COLUMNS})")
        elif set(columns) != set(self._columns):
            raise ContractError(
                "Die Spalten wechseln innerhalb einer Lieferung",
                code="missing_column",
                where=self._subject.id,
                found=", ".join(columns),
                allowed=", ".join(self._columns),
            )
        self._schema = schema
        self._insert = self._insert_statement(schema)

    def _require(self, schema: pa.Schema) -> None:
        columns = self._subject.columns
        missing = [n for n in columns if n not in schema.names and (columns[n].required or n in self._key)]
        if not missing:
            return
        free = [name for name in schema.names if name not in columns and not name.startswith("_")]
        hints = [hint for name in missing if (hint := did_you_mean(name, free))]
        raise ContractError(
            f"Spalte fehlt: {', '.join(f'„{name}“' for name in missing)}",
            code="missing_column",
            where=self._subject.id,
            found=", ".join(name for name in schema.names if not name.startswith("_")),
            allowed=", ".join(columns),
            next_step="; ".join(hints) or "Bei der zuständigen Stelle fragen, ob die Spalte umbenannt wurde",
        )

    def _insert_statement(self, schema: pa.Schema) -> str:
        layers = [layer(name, self._cast(name, column, schema)) for name, column in self._columns.items()]
        layers += [name for name in (LINE, FAULT, FAULT_COLUMN, RAW) if name in schema.names or name == LINE]
        layers.append(FILE if FILE in schema.names else f"CAST(NULL AS VARCHAR) AS {FILE}")
        faults = [_row_fault(set(schema.names))] if FAULT in schema.names else []
        faults += [self._column_fault(name, column) for name, column in self._columns.items()]
        content = " || ".join(fingerprint(name) for name in self._columns)
        return (
            f"INSERT INTO checked SELECT {_names([*self._columns, LINE, FILE])},"
            " _verdict.code, _verdict.place, _verdict.raw,"
            f" md5({content}), false FROM (SELECT *, coalesce({', '.join(faults)}) AS _verdict"
            f" FROM (SELECT {', '.join(layers)} FROM batch))"
        )

    def _cast(self, name: str, column: Column, schema: pa.Schema) -> Cast:
        arrow_type = schema.field(name).type
        if self._format is not None:
            return cast_text(name, column, self._format)
        if not fits(column, arrow_type):
            raise ContractError(
                f"Die Spalte „{name}“ hat einen anderen Typ",
                code="retyped_column",
                where=self._subject.id,
                found=str(arrow_type),
                allowed=column.type,
                next_step="Bei der zuständigen Stelle fragen oder die Spalte in der Abfrage umwandeln",
            )
        return cast_typed(name, column, arrow_type)

    def _column_fault(self, name: str, column: Column) -> str:
        code = judge(name, column)
        if DELETED in self._columns and name not in (*self._key, DELETED):
            # A deletion says which key is gone; the rest of the row need not be there.
            code = f"(CASE WHEN NOT coalesce({DELETED}, false) THEN {code} END)"
        verdict = _verdict(code, literal(name), masked(text_of(name), column))
        return f"CASE WHEN {code} IS NOT NULL THEN {verdict} END"

    def _take(self, batch: pa.RecordBatch) -> None:
        if LINE not in batch.schema.names:
            lines = pa.array(range(self._next_line, self._next_line + batch.num_rows), pa.int64())
            batch = batch.append_column(LINE, lines)
        self._next_line += batch.num_rows
        self._connection.register("batch", pa.Table.from_batches([batch]))
        self._connection.execute(self._insert)
        self._connection.unregister("batch")

    def _settle_duplicates(self) -> None:
        key = _names(self._key)
        same = " AND ".join(f"c.{quote(name)} IS NOT DISTINCT FROM g.{quote(name)}" for name in self._key)
        shown = " || ' | ' || ".join(self._shown_key(name) for name in self._key)
        self._connection.execute(
            f"CREATE TEMP TABLE repeated AS SELECT {key}, {self._counting_row()} AS counting_row,"
            f" {'1' if self._last_wins else 'count(DISTINCT _content)'} AS versions"
            f" FROM checked WHERE _reason IS NULL GROUP BY {key} HAVING count(*) > 1"
        )
        self._connection.execute(
            "UPDATE checked AS c SET"
            " _reason = CASE WHEN g.versions > 1 THEN 'key_contradiction' END,"
            f" _reason_column = CASE WHEN g.versions > 1 THEN {literal(', '.join(self._key))} END,"
            f" _masked = CASE WHEN g.versions > 1 THEN {shown} END,"
            " _duplicate = g.versions = 1 AND c.rowid <> g.counting_row"
            f" FROM repeated AS g WHERE c._reason IS NULL AND {same}"
        )

    def _counting_row(self) -> str:
        # Of messages the last counts, in the order they were taken; of repeated rows the first.
        return "max(rowid)" if self._last_wins else "min(rowid)"

    def _shown_key(self, name: str) -> str:
        return f"coalesce({masked(f'CAST(c.{quote(name)} AS VARCHAR)', self._columns[name])}, '')"

    def _content_hash(self) -> str:
        row = self._connection.execute(f"SELECT {rows_digest('_content')} FROM checked {_KEPT}").fetchone()
        return str(row[0]) if row else ""

    def _cursor(self, column: str | None) -> str | None:
        if column is None or column not in self._columns:
            return None
        row = self._connection.execute(
            f"SELECT replace(CAST(max({quote(column)}) AS VARCHAR), ' ', 'T') FROM checked {_KEPT}"
        ).fetchone()
        return row[0] if row else None

    def _files(self) -> tuple[str, ...]:
        rows = self._connection.execute(
            f"SELECT DISTINCT {FILE} FROM checked WHERE {FILE} IS NOT NULL ORDER BY 1 LIMIT {MOST_FILES + 1}"
        ).fetchall()
        return tuple(row[0] for row in rows) if len(rows) <= MOST_FILES else ()

    def _copy(self, query: str, path: Path) -> None:
        self._connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def row_key(key: Iterable[str]) -> str:
    """Expression: hash of a row's key, NULL when a part of it is missing; finds a refused row again."""
    parts = [quote(name) for name in key]
    whole = " || ".join(fingerprint(name) for name in key)
    return f"CASE WHEN {' AND '.join(f'{part} IS NOT NULL' for part in parts)} THEN md5({whole}) END"


def _row_fault(names: set[str]) -> str:
    nothing = "CAST(NULL AS VARCHAR)"
    place = FAULT_COLUMN if FAULT_COLUMN in names else nothing
    raw = masked(RAW, None) if RAW in names else nothing
    return f"CASE WHEN {FAULT} IS NOT NULL THEN {_verdict(FAULT, place, raw)} END"


def _verdict(code: str, place: str, raw: str) -> str:
    return f"struct_pack(code := {code}, place := {place}, raw := {raw})"


def _names(names: Iterable[str]) -> str:
    return ", ".join(quote(name) for name in names)
