"""A first look at workbooks, JSON and Parquet, which know the types of their cells."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.formats.json_text import JsonError, parse_json
from connectors.formats.parquet_table import parquet_batches
from connectors.formats.spec import FileTable
from connectors.formats.workbook.table import read_cells, sheet_names
from connectors.suggestion.sample import ROWS, Cells, Sample, table_in
from warehouse.errors import ContractError

LONGEST = 50_000_000


def sample_workbook(path: Path, kind: str, where: str) -> Sample:
    """Sample of the first visible sheet."""
    table = FileTable(feeds="", path=path.name, format=kind, hidden="read")  # type: ignore[arg-type]
    sheets = sheet_names(path, kind, where)
    name = next((sheet for sheet, visible in sheets if visible), sheets[0][0])
    cells, facts = read_cells(path, table.model_copy(update={"sheet": name}), where)
    sample = Sample(kind, [], [], {"sheet": name}, typed=True)
    grid: list[Cells] = [[_cell(cell) for cell in row] for row in cells[: ROWS + 50]]
    table_in(grid, sample)
    others = [sheet for sheet, _ in sheets if sheet != name]
    if others:
        sample.doubts.append(f"Weitere Blätter: {', '.join(others)}.")
    if facts.hidden:
        sample.settings["hidden"] = "read"
        sample.doubts.append("Das Blatt hat ausgeblendete Zeilen: hidden = read (lesen), skip (auslassen).")
    return sample


def sample_json(path: Path, where: str) -> Sample:
    """Sample of the first list of objects, or of JSON lines."""
    if path.stat().st_size > LONGEST:
        raise ContractError(
            "Die Datei ist für einen Vorschlag zu groß", code="too_large", where=where, allowed="50 MB"
        )
    sample = Sample("json", [], [], typed=True)
    text = path.read_bytes().decode("utf-8-sig", "replace")
    lists: list[tuple[list[dict[str, Any]], str]] = []
    try:
        lists = list(_records(parse_json(text), ""))
        found = max(lists, key=lambda one: len(one[0]), default=None)
    except JsonError as error:
        found = _lines(text)
        sample.format = "jsonl"
        if found is None:
            raise ContractError(
                "Die Datei ist kein lesbares JSON", code="malformed_file", where=where, found=str(error)
            ) from None
    if found is None:
        raise ContractError("Keine Liste von Objekten gefunden", code="missing_records", where=where)
    records, place = found
    if place:
        sample.settings["records"] = place
    if "records" in sample.settings and len(lists) > 1:
        others = [name or "Anfang" for _, name in lists if name != place]
        sample.doubts.append(f"Weitere Listen in der Datei: {', '.join(others[:8])}.")
    flat = [_flat(record) for record in records[:ROWS]]
    sample.header = list(dict.fromkeys(name for record in flat for name in record))
    sample.rows = [[record.get(name) for name in sample.header] for record in flat]
    return sample


def sample_parquet(path: Path, where: str) -> Sample:
    """Sample of the first rows."""
    sample = Sample("parquet", [], [], typed=True)
    for batch in islice(parquet_batches(path, where), 2):
        sample.header = list(batch.schema.names)
        sample.rows = [list(record.values()) for record in batch.slice(0, ROWS).to_pylist()]
    return sample


def _cell(cell: object) -> object:
    return None if cell == "" else cell


def _records(document: Any, place: str) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """All lists of objects in a document and the ways to them."""
    if isinstance(document, list) and document and all(isinstance(record, dict) for record in document):
        yield document, place
    elif isinstance(document, dict):
        for name, value in document.items():
            if "." not in name:
                yield from _records(value, f"{place}.{name}" if place else name)


def _lines(text: str) -> tuple[list[dict[str, Any]], str] | None:
    records = []
    for line in islice((line for line in text.splitlines() if line.strip()), ROWS):
        try:
            record = parse_json(line)
        except JsonError:
            return None
        if not isinstance(record, dict):
            return None
        records.append(record)
    return (records, "") if records else None


def _flat(record: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and "." not in name:
            flat |= _flat(value, f"{above}{name}.")
        elif not isinstance(value, list):
            flat[f"{above}{name}"] = value if isinstance(value, (str, bool, int, Decimal)) else None
    return flat
