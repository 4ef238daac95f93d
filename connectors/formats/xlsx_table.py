"""Workbooks: values only, the container checked before anything is unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from connectors.formats.raw import RawRow, RawTable, checked_header, half_file
from connectors.formats.spec import FileTable
from connectors.spelling import typed_text
from warehouse.errors import ContractError, did_you_mean

MAX_BYTES = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 2000
# Short, uniform parts compress beyond every sensible ratio and do no harm.
RATIO_COUNTS_FROM = 1024 * 1024
# The reader allocates the whole rectangle: one stray value in the last corner of a sheet is 17 billion cells.
MAX_CELLS = 10_000_000

CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>""")
CELL_WITHOUT_PLACE = re.compile(rb"""<(?:\w+:)?c\b(?![^>]*\br=)[^>]*(?<!/)>""")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d{1,7})["']""")

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def open_xlsx(path: Path, table: FileTable, where: str) -> RawTable:
    """Read one sheet (the first when none is declared); cells become canonical text.

    Raises ContractError: `not_xlsx`, `half_file`, `zip_bomb`, `too_large`, `missing_sheet`, header faults.
    """
    check_container(path, where)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            name = _sheet_name(book, table, where)
            part = _part_of(path, name)
            require_sensible_extent(part, where)
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except PasswordError:
        raise _not_xlsx(where, "durch ein Kennwort geschützt") from None
    except (CalamineError, OSError, BadZipFile, ElementTree.ParseError) as error:
        raise _not_xlsx(where, str(error)) from None
    if len(cells) < table.header_row:
        raise half_file(where, f"keine Kopfzeile in Zeile {table.header_row}")
    broken = error_cells(part)
    header = _trimmed([typed_text(cell) or None for cell in cells[table.header_row - 1]])
    rows = _rows(cells[table.header_row :], table, len(header), broken)
    return RawTable(checked_header(header, where), rows)


def check_container(path: Path, where: str) -> None:
    """Refuse by the directory of the ZIP container alone, before a byte is unpacked."""
    with path.open("rb") as stream:
        magic = stream.read(4)
    if not magic.startswith(b"PK"):
        raise _not_xlsx(
            where,
            "eine alte oder geschützte Office-Datei" if magic[:2] == b"\xd0\xcf" else "keine Arbeitsmappe",
        )
    try:
        with ZipFile(path) as container:
            entries = container.infolist()
    except BadZipFile:
        raise half_file(where, "das Verzeichnis der Arbeitsmappe fehlt") from None
    fault = container_fault(entries)
    if fault:
        raise ContractError(
            "Die Arbeitsmappe überschreitet ausgepackt die zulässige Größe",
            code="zip_bomb",
            where=where,
            found=fault,
            allowed=f"{MAX_BYTES // 1024**2} MB, Verhältnis {MAX_RATIO}, {MAX_ENTRIES} Teile",
        )


def container_fault(entries: list[ZipInfo]) -> str | None:
    """What is wrong with a container's directory, or None."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        return f"{len(entries)} Teile"
    if total > MAX_BYTES:
        return f"{total // 1024**2} MB ausgepackt"
    steep = [
        e for e in entries if e.file_size > RATIO_COUNTS_FROM and e.file_size > MAX_RATIO * e.compress_size
    ]
    return f"Verhältnis {steep[0].file_size // max(steep[0].compress_size, 1)}" if steep else None


def require_sensible_extent(part: bytes, where: str) -> None:
    """Refuse a sheet whose values span more cells than any report has, before the reader allocates them."""
    rows = columns = 0
    if CELL_WITHOUT_PLACE.search(part):
        rows = max((int(match[1]) for match in ROW.finditer(part)), default=0)
    # Cells that are formatted and empty do not count, not for the reader either.
    for match in CELL.finditer(part):
        rows, columns = max(rows, int(match[2])), max(columns, _column(match[1].decode()) + 1)
    if rows * columns > MAX_CELLS:
        raise ContractError(
            "Das Tabellenblatt ist zu groß",
            code="too_large",
            where=where,
            found=f"{rows} Zeilen mal {columns} Spalten",
            allowed=f"{MAX_CELLS // 1_000_000} Millionen Zellen",
            next_step="Einzelne Angaben weit außerhalb der Tabelle löschen und die Datei neu liefern",
        )


def error_cells(part: bytes) -> dict[int, dict[int, str]]:
    """Error values of a sheet by row and column (both from 0).

    The reader hands out `#DIV/0!` as an empty cell, which would turn an error into „unknown“.
    """
    if b't="e"' not in part:
        return {}
    return _collect_errors(ElementTree.iterparse(BytesIO(part)))  # noqa: S314 (sizes are checked)


def _collect_errors(events: Iterator[tuple[str, ElementTree.Element]]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for _, element in events:
        if element.tag == f"{NAMESPACE}c" and element.get("t") == "e":
            row, column = _position(element.get("r", ""))
            found.setdefault(row, {})[column] = element.findtext(f"{NAMESPACE}v") or "#FEHLER"
        if element.tag == f"{NAMESPACE}row":
            element.clear()
    return found


def _position(reference: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    if not match:
        return -1, -1
    return int(match[2]) - 1, _column(match[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _part_of(path: Path, sheet: str) -> bytes:
    with ZipFile(path) as container:
        part = _sheet_part(container, sheet)
        return container.read(part) if part else b""


def _sheet_part(container: ZipFile, sheet: str) -> str | None:
    names = set(container.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    # The parser of the standard library loads nothing from outside and refuses entity bombs itself.
    book = ElementTree.fromstring(container.read("xl/workbook.xml"))  # noqa: S314
    relations = ElementTree.fromstring(container.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in book.iter(f"{NAMESPACE}sheet"):
        if element.get("name") == sheet:
            target = targets.get(element.get(RELATION), "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            return part if part in names else None
    return None


def _sheet_name(book: CalamineWorkbook, table: FileTable, where: str) -> str:
    name = table.sheet or book.sheet_names[0]
    if name not in book.sheet_names:
        raise ContractError(
            f"Das vereinbarte Tabellenblatt „{name}“ fehlt",
            code="missing_sheet",
            where=where,
            found=", ".join(book.sheet_names),
            next_step=did_you_mean(name, book.sheet_names),
        )
    return name


def _trimmed(names: list[str | None]) -> list[str | None]:
    # Formatting alone widens the used area of a sheet; a nameless column with values is refused later.
    while names and not names[-1]:
        names.pop()
    return names


def _rows(
    cells: Sequence[Sequence[object]], table: FileTable, width: int, broken: dict[int, dict[int, str]]
) -> Iterator[RawRow]:
    text = table.written_as
    for index, row in enumerate(cells, start=table.header_row):
        values = [typed_text(cell, text) or None for cell in row[:width]]
        errors = broken.get(index, {})
        if any(values) or errors:
            beyond = any(typed_text(cell) for cell in row[width:])
            yield RawRow(index + 1, values, "extra_field" if beyond else None, errors)


def _not_xlsx(where: str, found: str) -> ContractError:
    return ContractError(
        "Die Datei ist keine lesbare Arbeitsmappe",
        code="not_xlsx",
        where=where,
        found=found,
        allowed="XLSX ohne Kennwort",
    )
