"""Kind `files`: tables of text, workbooks, JSON and Parquet, declared column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from connectors.base import Connector, Finding, NoConnection, Reading
from connectors.batches import TextRow, text_batches
from connectors.formats.archive import archived_last, is_taken, note_taken, taken_files
from connectors.formats.control import Control
from connectors.formats.csv_blocks import block_batches, reads_by_block
from connectors.formats.csv_table import open_csv
from connectors.formats.delivery import (
    DeliveredFile,
    candidates,
    delivery_hash,
    find_files,
    nothing_delivered,
    picked,
    require_unchanged,
    taken_up,
)
from connectors.formats.equations import Equations
from connectors.formats.fixed_table import open_fixed
from connectors.formats.ical_table import open_calendar
from connectors.formats.json_table import open_json
from connectors.formats.jsonl_table import open_jsonl
from connectors.formats.parquet_table import open_parquet, typed_batches
from connectors.formats.plain import is_typed
from connectors.formats.raw import RawTable
from connectors.formats.shape import Shape
from connectors.formats.spec import WORKBOOKS, FileTable
from connectors.formats.workbook.table import open_workbook
from warehouse.errors import ContractError, IsekError

KIND = "files"

OPENERS: Mapping[str, Callable[[Path, FileTable, str], RawTable]] = {
    "csv": open_csv,
    "fixed": open_fixed,
    **dict.fromkeys(WORKBOOKS, open_workbook),
    "json": open_json,
    "jsonl": open_jsonl,
}


class Files(Connector[NoConnection, FileTable]):
    """Reads one file or all files of a folder pattern as one delivery."""

    Connection = NoConnection
    Table = FileTable

    def check(self) -> list[Finding]:
        """Open every file as far as its header and its first row."""
        findings: list[Finding] = []
        for table in self.tables:
            where = f"{self.spec.id}: {table.path}"
            try:
                if table.archive and not candidates(table, self.context):
                    findings.append(Finding("warning", "empty_inbox", "Im Lieferordner liegt nichts.", where))
                    continue
                files = find_files(table, self.context)
                findings += _once([told for file in files for told in self._check_file(file, table)])
            except IsekError as error:
                findings.append(Finding("error", error.code, str(error), where))
        return findings

    def read(self, table: FileTable, since: datetime | None, until: datetime) -> Reading:
        """Read all files of the table; the Datenstand is that of the newest file."""
        return self._reading(find_files(table, self.context), table, None)

    def read_on(
        self, table: FileTable, cursor: str | None, since: datetime | None, until: datetime
    ) -> Reading:
        """Read what came since the last good load, where files are archived; else everything there is."""
        if not table.archive:
            return self.read(table, since, until)
        taken = taken_files(cursor)
        present = candidates(table, self.context)
        fresh = [file for file in present if not is_taken(file, taken)]
        if not fresh and taken:
            return Reading((), None, self.context.as_of, "", nothing_new=True)
        # Who begins anew, or reads once more, finds the last delivery where it was put.
        if not (fresh := fresh or archived_last(table, self.context)):
            raise nothing_delivered(table)
        files = [taken_up(file, table) for file in picked(fresh, table)]
        # What a newer file has made obsolete leaves the inbox with it.
        return self._reading(files, table, note_taken((f.where, f.path) for f in (*present, *fresh)))

    def _reading(self, files: list[DeliveredFile], table: FileTable, cursor: str | None) -> Reading:
        first = self._open(files[0], table)
        findings: list[Finding] = []
        return Reading(
            batches=self._batches(files, first, table, findings),
            text_format=None if is_typed(table) else table.written_as,
            as_of=max(file.as_of for file in files),
            delivery_hash=delivery_hash(files),
            findings=findings,
            cursor=cursor,
        )

    def _open(self, file: DeliveredFile, table: FileTable) -> tuple[RawTable, Shape]:
        if table.format == "parquet":
            raw = open_parquet(file.path, table, file.where, self.context.timezone)
        elif table.format == "ics":
            raw = open_calendar(file.path, table, file.where, self.context)
        else:
            raw = OPENERS[table.format](file.path, table, file.where)
        return raw, Shape(raw.header, table, self.subject_of(table), file.where)

    def _check_file(self, file: DeliveredFile, table: FileTable) -> list[Finding]:
        raw, shape = self._open(file, table)
        next(shape.rows(raw.rows), None)
        raw.close()
        return _extras(file, shape)

    def _batches(
        self,
        files: list[DeliveredFile],
        first: tuple[RawTable, Shape],
        table: FileTable,
        findings: list[Finding],
    ) -> Iterator[pa.RecordBatch]:
        seen: list[Finding] = []
        control = Control(table.control_total, table.written_as) if table.control_total else None
        equations = Equations(table.equation, table.written_as)
        for file in files:
            raw, shape = first if file is files[0] else self._open(file, table)
            _require_same_columns(file, shape.columns, first[1].columns)
            seen += _extras(file, shape)
            if is_typed(table):
                yield from typed_batches(file.path, shape, file.where)
            elif reads_by_block(table, raw):
                yield from block_batches(file.path, raw, shape, table, file.where)
            else:
                yield from _row_by_row(file, raw, shape, control, equations)
            require_unchanged(file)
        if control:
            control.finish(table.path)
        findings += [*_once(seen), *equations.findings(table.path)]


def _row_by_row(
    file: DeliveredFile, raw: RawTable, shape: Shape, control: Control | None, equations: Equations
) -> Iterator[pa.RecordBatch]:
    rows = control.watch(raw.rows, shape, file.where) if control else shape.without_skipped(raw.rows)
    shaped = shape.rows(equations.watch(rows, raw.header))
    told = (TextRow(r.line, r.values, r.fault, r.fault_column, r.raw, file.path.name) for r in shaped)
    yield from text_batches(shape.columns, told)


def _extras(file: DeliveredFile, shape: Shape) -> list[Finding]:
    extra = shape.unknown_columns()
    return (
        [Finding("warning", "extra_column", f"nicht verwendete Spalten: {', '.join(extra)}", file.where)]
        if extra
        else []
    )


def _once(findings: list[Finding]) -> list[Finding]:
    """What sixty files of one delivery have in common is said once, at the first of them."""
    files: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        files.setdefault((finding.code, finding.what), []).append(finding)
    return [
        replace(same[0], where=f"{same[0].where} und {len(same) - 1} weitere") if len(same) > 1 else same[0]
        for same in files.values()
    ]


def _require_same_columns(file: DeliveredFile, found: list[str], allowed: list[str]) -> None:
    if found != allowed:
        raise ContractError(
            "Die Dateien der Lieferung haben unterschiedliche Spalten",
            code="uneven_files",
            where=file.where,
            found=", ".join(found),
            allowed=", ".join(allowed),
        )
