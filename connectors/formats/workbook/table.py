"""XLSX, XLS and ODS as a grid of canonical text: values only, errors and hidden rows by declaration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from connectors.formats.content import not_declared
from connectors.formats.grid import find_section, tabulate
from connectors.formats.raw import RawRow, RawTable
from connectors.formats.spec import FileTable
from connectors.formats.workbook.container import require_workbook
from connectors.formats.workbook.ods import ods_facts
from connectors.formats.workbook.sheet import SheetFacts, require_sensible_extent
from connectors.formats.workbook.xls import ProtectedError, xls_facts
from connectors.formats.workbook.xlsx import xlsx_facts
from connectors.spelling import typed_text
from warehouse.errors import ContractError, IsekError, did_you_mean

# What the readers of containers, XML and values say of files that are damaged or made to harm.
_UNREADABLE = (
    CalamineError,
    OSError,
    BadZipFile,
    ParseError,
    ValueError,
    LookupError,
    RuntimeError,
)
Cells = Sequence[Sequence[object]]


def open_workbook(path: Path, table: FileTable, where: str) -> RawTable:
    """Read one sheet (the first visible one when none is declared); cells become canonical text.

    Raises ContractError: `not_the_declared_format`, `half_file`, `zip_bomb`, `too_large`, `missing_sheet`,
    `hidden_content`, `missing_section`, header faults.
    """
    cells, facts = read_cells(path, table, where)
    _require_nothing_hidden(facts, table, where)
    above = find_section(_first_cells(cells), table, where) if table.section else 0
    return tabulate(_rows(cells, facts, table, above), table, where, above=above, strict=False)


def read_cells(path: Path, table: FileTable, where: str) -> tuple[Cells, SheetFacts]:
    """All cells of a sheet as the reader gives them, with what it does not tell."""
    require_workbook(path, table.format, where)
    with _told(table.format, where):
        return _read(path, table, where)


def sheet_names(path: Path, kind: str, where: str) -> list[tuple[str, bool]]:
    """Names of all sheets and whether each is visible."""
    require_workbook(path, kind, where)
    with _told(kind, where):
        _facts_of_all(path, kind, where)
        book = _opened(path)
        return [(sheet.name, sheet.visible == SheetVisibleEnum.Visible) for sheet in book.sheets_metadata]


@contextmanager
def _told(kind: str, where: str) -> Iterator[None]:
    """Whatever the readers of a damaged file say becomes one sentence."""
    try:
        yield
    except IsekError:
        raise
    except (PasswordError, ProtectedError):
        raise _not_readable(kind, where, "durch ein Kennwort geschützt") from None
    except _UNREADABLE as error:
        raise _not_readable(kind, where, type(error).__name__) from None
    except BaseException as error:
        # The reader is compiled; what it did not foresee arrives as an exception beside all others.
        if type(error).__name__ != "PanicException":
            raise
        raise _not_readable(kind, where, "beschädigt") from None


def _read(path: Path, table: FileTable, where: str) -> tuple[Cells, SheetFacts]:
    known = _facts_of_all(path, table.format, where)
    with _opened(path) as book:
        name = _sheet_name(book, table, where)
        facts = known[book.sheet_names.index(name)] if known else xlsx_facts(path, name)
        require_sensible_extent(facts, where)
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False), facts


def _opened(path: Path) -> CalamineWorkbook:
    # By its content: given a path, the reader would believe the ending of the name.
    return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))


def _facts_of_all(path: Path, kind: str, where: str) -> list[SheetFacts]:
    """Facts of the kinds whose reader takes in all sheets as soon as it opens a file; empty for the other."""
    known = xls_facts(path) if kind == "xls" else ods_facts(path) if kind == "ods" else []
    for facts in known:
        require_sensible_extent(facts, where)
    return known


def _sheet_name(book: CalamineWorkbook, table: FileTable, where: str) -> str:
    visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    known = book.sheet_names if table.hidden == "read" else visible
    if table.sheet is None and known:
        return str(known[0])
    if table.sheet in known:
        return str(table.sheet)
    if table.sheet in book.sheet_names:
        raise _hidden(f"Das Tabellenblatt „{table.sheet}“ ist ausgeblendet", None, where)
    raise ContractError(
        f"Das vereinbarte Tabellenblatt „{table.sheet}“ fehlt",
        code="missing_sheet",
        where=where,
        found=", ".join(known) or "kein sichtbares Blatt",
        next_step=did_you_mean(table.sheet or "", known),
    )


def _require_nothing_hidden(facts: SheetFacts, table: FileTable, where: str) -> None:
    if facts.hidden and table.hidden == "refuse":
        lines = [str(row + 1) for row in sorted(facts.hidden)]
        more = f" und {len(lines) - 5} weitere" if len(lines) > 5 else ""
        found = f"Zeile {', '.join(lines[:5])}{more}"
        raise _hidden("Das Tabellenblatt enthält ausgeblendete Zeilen", found, where)


def _hidden(what: str, found: str | None, where: str) -> ContractError:
    return ContractError(
        what,
        code="hidden_content",
        where=where,
        found=found,
        next_step="Mit der zuständigen Stelle klären, ob Ausgeblendetes zählt: "
        "hidden = „read“ (lesen) oder „skip“ (auslassen)",
    )


def _first_cells(cells: Cells) -> Iterator[tuple[int, str | None]]:
    for number, row in enumerate(cells, start=1):
        yield number, typed_text(row[0]) if row else None


def _rows(cells: Cells, facts: SheetFacts, table: FileTable, above: int) -> Iterator[RawRow]:
    text = table.written_as
    for index in range(above, len(cells)):
        if table.hidden == "skip" and index in facts.hidden:
            continue
        values = [typed_text(cell, text) or None for cell in cells[index]]
        # Formatting alone widens the used area of a sheet.
        while values and not values[-1]:
            values.pop()
        yield RawRow(index + 1, values, None, facts.errors_in(index))


def _not_readable(kind: str, where: str, found: str) -> ContractError:
    step = "Die Datei ohne Kennwort liefern lassen" if "Kennwort" in found else None
    return not_declared(kind, where, found, step)
