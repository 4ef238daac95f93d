"""Which rows of a grid are the table: below a title, in a section, between two lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from connectors.formats.pattern import fits
from connectors.formats.raw import (
    RawRow,
    RawTable,
    checked_header,
    half_file,
    plain_name,
    require_distinct,
)
from connectors.formats.spec import FileTable
from connectors.spelling import Value
from warehouse.errors import ContractError


@dataclass(frozen=True)
class Columns:
    """Which positions of a grid carry the columns of the table; all others have to be empty."""

    header: list[str]
    positions: tuple[int, ...]
    width: int

    @property
    def is_whole(self) -> bool:
        """Whether the grid has no column beside those of the table."""
        return len(self.positions) == self.width


def tabulate(rows: Iterator[RawRow], table: FileTable, where: str, *, above: int, strict: bool) -> RawTable:
    """Header and data of a grid whose row numbers follow `above` lines (of a title or of other tables).

    `strict` rows have exactly as many fields as the header; others may end early (workbooks drop empty
    cells). Raises ContractError: `half_file`, header faults, `missing_section` when its end never comes.
    """
    if table.has_header:
        columns = _columns(_header_row(rows, above + table.header_row, table, where), table, where)
    else:
        names = [field.name for field in table.field] or list(table.names)
        columns = whole_width(checked_header(names, where))
    data = _filled(_data(rows, table, where, above), columns, table, strict=strict)
    return RawTable(columns.header, (fitted(row, columns, strict=strict) for row in data))


def whole_width(header: list[str]) -> Columns:
    """Columns of a grid that has no other ones."""
    return Columns(header, tuple(range(len(header))), len(header))


def find_section(cells: Iterator[tuple[int, Value]], table: FileTable, where: str) -> int:
    """Line of the title below which the section begins; `cells` are the first cells with their lines."""
    title = table.section.begins if table.section else ""
    for line, cell in cells:
        if fits(cell, title):
            return line
    raise missing_section(where, title)


def missing_section(where: str, title: str) -> ContractError:
    """The error of a file without one of its tables, or without the end of it."""
    return ContractError(
        f"Der Abschnitt fehlt: keine Zeile beginnt mit „{title}“",
        code="missing_section",
        where=where,
        next_step="Bei der zuständigen Stelle fragen, ob der Bericht umgebaut wurde",
    )


def _header_row(rows: Iterator[RawRow], line: int, table: FileTable, where: str) -> RawRow:
    for row in rows:
        if row.line >= line:
            if row.fault:
                code = "undecodable" if row.fault == "undecodable" else "malformed_file"
                raise ContractError(
                    "Die Kopfzeile lässt sich nicht lesen", code=code, where=where, found=f"Zeile {line}"
                )
            if any(row.values):
                return row
            break
    raise half_file(where, f"keine Kopfzeile in Zeile {line}")


def _columns(row: RawRow, table: FileTable, where: str) -> Columns:
    values = list(row.values)
    if not table.allow_blank_columns:
        return whole_width(checked_header(values, where))
    names = [(position, plain_name(name)) for position, name in enumerate(values)]
    named = [(position, name) for position, name in names if name]
    require_distinct([name for _, name in named], where)
    return Columns([name for _, name in named], tuple(position for position, _ in named), len(values))


def _data(rows: Iterator[RawRow], table: FileTable, where: str, above: int) -> Iterator[RawRow]:
    until = table.section.until if table.section else None
    line = above
    for row in rows:
        line = row.line
        if line < above + table.first_line:
            continue
        if table.last_row and line > table.last_row:
            return
        if until is not None and _ends(row, until):
            return
        if any(row.values) or row.fault or row.broken:
            yield row
    if until:
        raise missing_section(where, until)
    if table.last_row and line < table.last_row:
        raise half_file(where, f"die Datei endet vor Zeile {table.last_row}")


def _ends(row: RawRow, until: str) -> bool:
    if not until:
        return not any((value or "").strip() for value in row.values)
    return bool(row.values) and fits(row.values[0], until)


def _filled(rows: Iterator[RawRow], columns: Columns, table: FileTable, *, strict: bool) -> Iterator[RawRow]:
    """Repeat in declared columns what stands above: reports name a group once, in its first row."""
    at = [
        position
        for name, position in zip(columns.header, columns.positions, strict=True)
        if name in table.fill_down
    ]
    if not at:
        yield from rows
        return
    last: dict[int, Value] = {}
    for row in rows:
        values = list(row.values)
        if not strict:
            values += [None] * (columns.width - len(values))
        for position in at:
            if position < len(values) and (values[position] or "").strip():
                last[position] = values[position]
            elif position < len(values):
                values[position] = last.get(position)
        yield replace(row, values=values)


def fitted(row: RawRow, columns: Columns, *, strict: bool) -> RawRow:
    """The values of the table's own columns; a row that has more or less than those is refused."""
    values = row.values
    if row.fault or (len(values) == columns.width and columns.is_whole):
        return row
    if strict and len(values) != columns.width:
        fault = "extra_field" if len(values) > columns.width else "missing_field"
        return RawRow(row.line, values, fault)
    chosen = set(columns.positions)
    if any(value for position, value in enumerate(values) if position not in chosen):
        return RawRow(row.line, values, "extra_field")
    taken = [values[position] if position < len(values) else None for position in columns.positions]
    broken = {new: row.broken[old] for new, old in enumerate(columns.positions) if old in row.broken}
    return RawRow(row.line, taken, None, broken)
