"""Kind `files`: tables of text, workbooks, JSON and Parquet, declared column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from connectors.base import Connector, Finding, NoConnection, Reading
from connectors.batches import TextRow, text_batches
from connectors.formats.control import Control
from connectors.formats.csv_table import open_csv
from connectors.formats.delivery import DeliveredFile, delivery_hash, find_files, require_unchanged
from connectors.formats.equations import Equations
from connectors.formats.fixed_table import open_fixed
from connectors.formats.json_table import open_json
from connectors.formats.jsonl_table import open_jsonl
from connectors.formats.parquet_table import open_parquet
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
            try:
                files = find_files(table, self.context)
                findings += _once([told for file in files for told in self._check_file(file, table)])
            except IsekError as error:
                findings.append(Finding("error", error.code, str(error), f"{self.spec.id}: {table.path}"))
        return findings

    def read(self, table: FileTable, since: datetime | None, until: datetime) -> Reading:
        """Read all files of the table; the Datenstand is that of the newest file."""
        files = find_files(table, self.context)
        first = self._open(files[0], table)
        columns = first[1].columns
        findings: list[Finding] = []
        return Reading(
            batches=text_batches(columns, self._rows(files, first, table, findings)),
            text_format=table.written_as,
            as_of=max(file.as_of for file in files),
            delivery_hash=delivery_hash(files),
            findings=findings,
        )

    def _open(self, file: DeliveredFile, table: FileTable) -> tuple[RawTable, Shape]:
        if table.format == "parquet":
            raw = open_parquet(file.path, table, file.where, self.context.timezone)
        else:
            raw = OPENERS[table.format](file.path, table, file.where)
        return raw, Shape(raw.header, table, self.subject_of(table), file.where)

    def _check_file(self, file: DeliveredFile, table: FileTable) -> list[Finding]:
        raw, shape = self._open(file, table)
        next(shape.rows(raw.rows), None)
        return _extras(file, shape)

    def _rows(
        self,
        files: list[DeliveredFile],
        first: tuple[RawTable, Shape],
        table: FileTable,
        findings: list[Finding],
    ) -> Iterator[TextRow]:
        seen: list[Finding] = []
        control = Control(table.control_total, table.written_as) if table.control_total else None
        equations = Equations(table.equation, table.written_as)
        for file in files:
            raw, shape = first if file is files[0] else self._open(file, table)
            _require_same_columns(file, shape.columns, first[1].columns)
            seen += _extras(file, shape)
            rows = control.watch(raw.rows, shape, file.where) if control else shape.without_skipped(raw.rows)
            for row in shape.rows(equations.watch(rows, raw.header)):
                yield TextRow(row.line, row.values, row.fault, row.fault_column, row.raw, file.path.name)
            require_unchanged(file)
        if control:
            control.finish(table.path)
        findings += [*_once(seen), *equations.findings(table.path)]


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
