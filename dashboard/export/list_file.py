"""Writes records into a file row by row, whatever their number: CSV, Excel, Parquet; memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from dashboard import formats
from dashboard.export.cells import exact
from dashboard.export.dialect import DIALECTS, Dialect
from dashboard.export.explorer_book import OPTIONS, set_properties, title_lines, width_of
from dashboard.export.explorer_parquet import COMPRESSION, told
from dashboard.export.limit import MOST_BYTES, TooLargeError
from dashboard.export.list_answer import TEXTS, Listing
from dashboard.export.workbook import LARGEST, LONGEST_TEXT, Book, metadata_sheet, text

SPREAD = 12
"""A workbook is packed at its end; before that its sheets take so many times the room, at most."""
PATTERNS = {"eur": '#,##0.00"\u00a0€"', "integer": "#,##0", "year": "0", "number": "#,##0.##########",
            "date": "dd.mm.yyyy", "timestamp": "dd.mm.yyyy hh:mm"}  # fmt: skip
WIDTHS = {"text": 28.0, "date": 12.0, "timestamp": 18.0, "boolean": 10.0}


FIRST_YEAR, DAY_ZERO = 1901, 693_594
"""Spreadsheets count days from the end of 1899, wrongly in the first two months of 1900."""


class Sink(Protocol):
    """A file being written."""

    def write(self, batch: Any) -> None:
        """Add rows."""

    def close(self) -> None:
        """Finish the file."""


def write_list(form: str, target: Path, listing: Listing, on_rows: Callable[[int], None]) -> None:
    """Write a whole file; `on_rows` hears after each batch how many rows are written, and may raise.

    Raises TooLargeError. Whatever is raised, the file is not finished and to be thrown away.
    """
    sink, done = _sink(form, target, listing), 0

    def handle(batch: Any) -> None:
        nonlocal done
        sink.write(batch)
        done += batch.num_rows
        _require_size(target.parent, SPREAD if form == "xlsx" else 1)
        on_rows(done)

    listing.source.stream(handle)
    sink.close()
    if target.stat().st_size > MOST_BYTES:
        raise TooLargeError


def _require_size(folder: Path, times: int) -> None:
    if sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) > MOST_BYTES * times:
        raise TooLargeError


def _sink(form: str, target: Path, listing: Listing) -> Sink:
    if form == "xlsx":
        return BookSink(target, listing)
    return ParquetSink(target, listing) if form == "parquet" else CsvSink(target, listing, DIALECTS[form])


class CsvSink:
    """CSV in one of the two dialects."""

    def __init__(self, target: Path, listing: Listing, dialect: Dialect) -> None:
        self._listing, self._dialect = listing, dialect
        self._file = target.open("w", encoding="utf-8", newline="")
        self._file.write(dialect.head(listing.names()))

    def write(self, batch: Any) -> None:
        """Add rows."""
        columns = [self._dialect.column(values) for values in self._listing.values(batch)]
        self._file.write(self._dialect.lines(zip(*columns, strict=True)))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class ParquetSink:
    """Parquet with the types of the database; a unit's id is followed by its name."""

    def __init__(self, target: Path, listing: Listing) -> None:
        self._target, self._listing = target, listing
        self._told = told(listing.metadata())
        self._writer: Any = None

    def write(self, batch: Any) -> None:
        """Add rows."""
        table = self._named(batch)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._target, table.schema, compression=COMPRESSION)
        self._writer.write_batch(table)

    def close(self) -> None:
        """Finish the file; a list without rows has its columns as texts."""
        if self._writer is None:
            names = self._listing.names()
            empty = pa.table({name: pa.array([], pa.string()) for name in names})
            pq.write_table(empty.replace_schema_metadata(self._told), self._target)
            return
        self._writer.close()

    def _named(self, batch: Any) -> Any:
        arrays = []
        for column, array in zip(self._listing.source.columns, batch.columns, strict=True):
            arrays.append(array)
            if column.type == "unit":
                names = [self._listing.units.get(value) for value in array.to_pylist()]
                arrays.append(pa.array(names, pa.string()))
        schema = pa.schema(
            [pa.field(name, array.type) for name, array in zip(self._listing.names(), arrays, strict=True)],
            metadata=self._told,
        )
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


class BookSink:
    """A workbook whose rows leave memory as soon as they are written."""

    def __init__(self, target: Path, listing: Listing) -> None:
        self._listing, self._line = listing, 0
        options = {"constant_memory": True, "tmpdir": str(target.parent), "use_zip64": True, **OPTIONS}
        self._book = Book(xlsxwriter.Workbook(str(target), options), {})
        set_properties(self._book, listing.title, listing.facts)
        _overview(self._book, listing)
        self._sheet = self._book.file.add_worksheet("Daten")
        self._sheet.activate()
        self._writers = [self._writer(kind) for kind in _kinds(listing)]
        self._heads()

    def write(self, batch: Any) -> None:
        """Add rows."""
        writers = list(enumerate(self._writers))
        for row in zip(*self._listing.values(batch), strict=True):
            self._line += 1
            for index, put in writers:
                if (value := row[index]) is not None:
                    put(self._line, index, value)

    def close(self) -> None:
        """Finish the file."""
        metadata_sheet(self._book, self._listing.metadata())
        self._book.file.close()

    def _heads(self) -> None:
        names, kinds = self._listing.names(), _kinds(self._listing)
        for index, (name, kind) in enumerate(zip(names, kinds, strict=True)):
            self._sheet.set_column(index, index, max(width_of([len(name)]), WIDTHS.get(kind, 14.0)))
        self._sheet.freeze_panes(1, 0)
        for index, name in enumerate(names):
            text(self._sheet, 0, index, name, self._book.look(bold=True, bottom=1))

    def _writer(self, kind: str) -> Callable[[int, int, Any], object]:
        """Return how values of a type are written; looked up once per column, not once per cell."""
        sheet, pattern = self._sheet, PATTERNS.get(kind)
        look = self._book.look(num_format=pattern) if pattern else None
        if kind in TEXTS:
            return lambda line, index, value: sheet.write_string(line, index, value[:LONGEST_TEXT])
        if kind == "boolean":
            return sheet.write_boolean  # type: ignore[no-any-return]
        if kind in ("date", "timestamp"):
            return lambda line, index, value: _put_day(sheet, line, index, value, look)
        return lambda line, index, value: _put_number(sheet, line, index, value, look)


def _put_day(sheet: Any, line: int, index: int, value: date, look: Any) -> None:
    if value.year < FIRST_YEAR:
        sheet.write_string(line, index, value.isoformat())
    else:
        # Spreadsheets count days; handing them the number takes a fraction of the time for a million rows.
        whole = value.toordinal() - DAY_ZERO
        part = (value.hour * 60 + value.minute) * 60 + value.second if isinstance(value, datetime) else 0
        sheet.write_number(line, index, whole + part / 86_400, look)


def _put_number(sheet: Any, line: int, index: int, value: float | Decimal, look: Any) -> None:
    number = float(value)
    if isfinite(number) and abs(number) < LARGEST:
        sheet.write_number(line, index, number, look)
    else:
        sheet.write_string(line, index, f"{exact(value):f}")


def _kinds(listing: Listing) -> list[str]:
    """Types of the columns of the file: beside the id of a unit stands its name, a text."""
    kinds = [column.type for column in listing.source.columns]
    return [found for kind in kinds for found in ((kind, "text") if kind == "unit" else (kind,))]


def _overview(book: Book, listing: Listing) -> None:
    """„Auswertung“ of a list: what it holds, and its columns by both names."""
    sheet, facts = book.file.add_worksheet("Auswertung"), listing.facts
    count = f"{formats.number(listing.source.total)} Datensätze auf dem Blatt „Daten“"
    lines = (count, facts.filter_line, facts.stand_line, facts.example, *listing.notes)
    line = title_lines(book, sheet, listing.title, lines)
    head = book.look(bold=True, bottom=1)
    for index, words in enumerate(("Spalte", "Bezeichnung")):
        text(sheet, line, index, words, head)
    for column in listing.source.columns:
        line += 1
        text(sheet, line, 0, column.name)
        text(sheet, line, 1, column.label)
    sheet.set_column(0, 1, 34)
