"""Tables of the example city and the forms in which its source systems deliver them."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import xlsxwriter

Row = tuple[Any, ...]

# The declared types are the ones both SQLite and PostgreSQL understand.
SQL_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "text": sa.Text,
    "integer": sa.BigInteger,
    "boolean": sa.Boolean,
    "date": sa.Date,
    "timestamp": sa.DateTime,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one source table; `columns` maps names to portable types, `key` names the primary key."""

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Row]
    key: tuple[str, ...] = ()
    index: tuple[str, ...] = ()


def write_sqlite(path: Path, tables: Iterable[Table]) -> None:
    """Write the database of a Fachverfahren; a reader meets the old file or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for table in tables:
            _fill_sqlite(connection, table)
        connection.execute("COMMIT")
    finally:
        connection.close()
    draft.replace(path)


def _fill_sqlite(connection: sqlite3.Connection, table: Table) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in table.columns.items())
    marks = ", ".join("?" * len(table.columns))
    connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
    connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', table.rows)  # noqa: S608
    for name in table.index:
        connection.execute(f'CREATE INDEX "{table.name}_{name}" ON "{table.name}" ("{name}")')


def write_database(url: str, tables: Iterable[Table]) -> None:
    """Write the same tables to any database SQLAlchemy reaches, replacing tables of the same name."""
    engine = sa.create_engine(url)
    metadata = sa.MetaData()
    try:
        with engine.begin() as connection:
            for table in tables:
                made = sa.Table(table.name, metadata, *(_column(n, k) for n, k in table.columns.items()))
                made.drop(connection, checkfirst=True)
                made.create(connection)
                casts = [_typed(kind) for kind in table.columns.values()]
                records = [
                    {name: cast(value) for name, cast, value in zip(table.columns, casts, row, strict=True)}
                    for row in table.rows
                ]
                if records:
                    connection.execute(made.insert(), records)
    finally:
        engine.dispose()


def _column(name: str, kind: str) -> sa.Column[Any]:
    return sa.Column(name, SQL_TYPES[kind])


def _typed(kind: str) -> Callable[[Any], Any]:
    """SQLite keeps dates as text; typed databases want the real thing."""
    if kind == "date":
        return lambda value: date.fromisoformat(value) if isinstance(value, str) else value
    if kind == "timestamp":
        return lambda value: datetime.fromisoformat(value) if isinstance(value, str) else value
    if kind == "boolean":
        return lambda value: None if value is None else bool(value)
    return lambda value: value


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    encoding: str = "utf-8",
    trailer: Sequence[object] | None = None,
) -> None:
    """Write a German CSV: semicolon, CRLF, quotes only where needed; `trailer` is the control line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    with draft.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
        if trailer is not None:
            writer.writerow(trailer)
    draft.replace(path)


def write_xlsx(path: Path, title: Sequence[str], header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a report workbook the way people build them: title lines first, then header and rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    book = xlsxwriter.Workbook(str(draft), {"in_memory": True})
    # Without a fixed creation time two equal reports would have different hashes.
    book.set_properties({"title": title[0], "created": datetime(2021, 7, 1)})
    sheet = book.add_worksheet("Bericht")
    bold = book.add_format({"bold": True})
    for number, line in enumerate(title):
        sheet.write_string(number, 0, line)
    sheet.write_row(len(title), 0, header, bold)
    for number, row in enumerate(rows, start=len(title) + 1):
        sheet.write_row(number, 0, row)
    book.close()
    draft.replace(path)


def german_date(day: date | None) -> str:
    """31.12.2026, empty for no date."""
    return "" if day is None else f"{day.day:02d}.{day.month:02d}.{day.year}"


def german_amount(cents: int) -> str:
    """1.234,56 from an amount in cents; the sign leads."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}".replace(",", ".") + f",{rest:02d}"
