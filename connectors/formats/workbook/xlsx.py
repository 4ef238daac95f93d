"""XLSX: error values and hidden rows out of the XML of one sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from connectors.formats.workbook.sheet import SheetFacts

CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>""")
CELL_WITHOUT_PLACE = re.compile(rb"""<(?:\w+:)?c\b(?![^>]*\br=)[^>]*(?<!/)>""")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d{1,7})["']""")
ERROR = re.compile(rb"""\bt=["']e["']""")
HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")

# ISO 29500 has a strict form with names of its own.
MAIN = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


def xlsx_facts(path: Path, sheet: str) -> SheetFacts:
    """Facts of one sheet; nothing but its extent where it has neither errors nor hidden rows."""
    with ZipFile(path) as container:
        part = _sheet_part(container, sheet)
        content = container.read(part) if part else b""
    return facts_of(content)


def facts_of(content: bytes) -> SheetFacts:
    """Facts out of the XML of a sheet."""
    facts = SheetFacts()
    _measure(content, facts)
    if ERROR.search(content) or HIDDEN.search(content):
        # The parser of the standard library loads nothing from outside and refuses entity bombs itself.
        _collect(ElementTree.iterparse(BytesIO(content)), facts)  # noqa: S314 (sizes are checked)
    return facts


def _measure(content: bytes, facts: SheetFacts) -> None:
    if CELL_WITHOUT_PLACE.search(content):
        facts.rows = max((int(match[1]) for match in ROW.finditer(content)), default=0)
    # Cells that are formatted and empty do not count, not for the reader either.
    for match in CELL.finditer(content):
        facts.reach(int(match[2]) - 1, _column(match[1].decode()))


def _collect(events: Iterator[tuple[str, ElementTree.Element]], facts: SheetFacts) -> None:
    for _, element in events:
        name = element.tag.rpartition("}")[2]
        if name == "c" and element.get("t") == "e":
            row, column = _position(element.get("r", ""))
            said = next((child.text for child in element if child.tag.endswith("}v")), None)
            facts.error(row, column, said or "#FEHLER")
        elif name == "row":
            if element.get("hidden") in ("1", "true"):
                facts.hidden.add(int(element.get("r", "0")) - 1)
            element.clear()


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


def _sheet_part(container: ZipFile, sheet: str) -> str | None:
    names = set(container.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = ElementTree.fromstring(container.read("xl/workbook.xml"))  # noqa: S314
    relations = ElementTree.fromstring(container.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in (found for space in MAIN for found in book.iter(f"{space}sheet")):
        if element.get("name") == sheet:
            identity = next((value for key in RELATIONS if (value := element.get(key))), None)
            target = targets.get(identity, "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            return part if part in names else None
    return None
