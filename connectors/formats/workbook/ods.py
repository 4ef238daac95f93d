"""ODS: error values, hidden rows and the extent of sheets; few bytes may repeat a row a million times."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from defusedxml.ElementTree import iterparse

from connectors.formats.workbook.sheet import SheetFacts

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
# Older programs note an error as the text they show for it.
ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|WERT!|NV|ZAHL!|BEZUG!)|Err:\d{3}")


def ods_facts(path: Path) -> list[SheetFacts]:
    """Facts of all sheets in their order, out of the content of the document."""
    found, at = list[SheetFacts](), _Place()
    with ZipFile(path) as container, container.open("content.xml") as content:
        for event, element in iterparse(content, events=("start", "end")):
            if event == "start" and element.tag == f"{TABLE}table":
                if at.enter():
                    found.append(SheetFacts())
            elif event == "end" and element.tag == f"{TABLE}table-row":
                if at.takes_rows:
                    _take_row(element, at, found[-1])
                element.clear()
            elif event == "end" and element.tag == f"{TABLE}table":
                at.leave()
                element.clear()
    return found


class _Place:
    """Where in the document the reading stands; a table inside a cell belongs to the cell."""

    def __init__(self) -> None:
        self.row, self._depth = 0, 0

    @property
    def takes_rows(self) -> bool:
        """Whether a row that ends here is one of the sheet."""
        return self._depth == 1

    def enter(self) -> bool:
        """A table begins; whether it is a sheet."""
        self._depth += 1
        if self._depth == 1:
            self.row = 0
        return self._depth == 1

    def leave(self) -> None:
        """A table ends."""
        self._depth -= 1


def _take_row(row: Element, at: _Place, facts: SheetFacts) -> None:
    times, column, filled = _times(row, "rows"), 0, False
    hidden = row.get(f"{TABLE}visibility") in ("collapse", "filter")
    for cell in row:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        wide = _times(cell, "columns")
        if _has_value(cell):
            filled = True
            facts.reach(at.row + times - 1, column + wide - 1)
            if (text := _error(cell)) is not None:
                _note_errors(facts, range(at.row, at.row + times), range(column, column + wide), text)
        column += wide
    if hidden and filled:
        facts.hidden.update(range(at.row, min(at.row + times, at.row + 100_000)))
    at.row += times


def _note_errors(facts: SheetFacts, rows: range, columns: range, text: str) -> None:
    # What is repeated beyond sense is refused for its extent.
    for row in rows[:10_000]:
        for column in columns[:1000]:
            facts.error(row, column, text)


def _times(element: Any, what: str) -> int:
    said = element.get(f"{TABLE}number-{what}-repeated", "1")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 1


def _has_value(cell: Any) -> bool:
    return cell.get(f"{OFFICE}value-type") is not None or cell.get(f"{CALC}value-type") is not None


def _error(cell: Any) -> str | None:
    shown = "".join(cell.itertext())
    if cell.get(f"{CALC}value-type") == "error":
        return shown or "#FEHLER"
    is_formula = cell.get(f"{TABLE}formula") is not None
    return shown if is_formula and ERROR.fullmatch(shown.strip()) else None
