"""Workbooks for tests: ODS by hand, containers with parts of one's choice, sizes that lie."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures/workbooks"
ODS_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = (
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def text_cell(text: str, more: str = "") -> str:
    """A cell of an ODS sheet with a text."""
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def number_cell(value: str, more: str = "") -> str:
    """A cell of an ODS sheet with a number."""
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"{more}>'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def date_cell(day: str) -> str:
    """A cell of an ODS sheet with a day (ISO)."""
    return (
        f'<table:table-cell office:value-type="date" office:date-value="{day}">'
        f"<text:p>{day}</text:p></table:table-cell>"
    )


def error_cell(text: str) -> str:
    """A formula of an ODS sheet whose result is an error."""
    return (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
        f' calcext:value-type="error"><text:p>{text}</text:p></table:table-cell>'
    )


def row(*cells: str, more: str = "") -> str:
    """A row of an ODS sheet."""
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def write_ods(path: Path, sheets: Mapping[str, Sequence[str]]) -> None:
    """Write an ODS workbook out of the rows of its sheets."""
    tables = "".join(
        f'<table:table table:name="{name}">{"".join(rows)}</table:table>' for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{NAMESPACES}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    write_container(
        path, {"mimetype": ODS_MIMETYPE, "content.xml": content, "META-INF/manifest.xml": manifest}
    )


def write_container(path: Path, parts: Mapping[str, str | bytes]) -> None:
    """Write a ZIP container."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)


def read_container(path: Path) -> dict[str, bytes]:
    """All parts of a ZIP container."""
    with zipfile.ZipFile(path) as container:
        return {entry.filename: container.read(entry) for entry in container.infolist()}


def forge_size(path: Path, true_size: int, claimed: int) -> None:
    """Let directory and local header claim another unpacked size for the part of this size."""
    was, now = true_size.to_bytes(4, "little"), claimed.to_bytes(4, "little")
    content = path.read_bytes()
    assert content.count(was) >= 2, "the size stands in the local header and in the directory"
    path.write_bytes(content.replace(was, now))
