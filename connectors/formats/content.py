"""What a file is by its first bytes; its name says nothing."""

from __future__ import annotations

from warehouse.errors import ContractError

XLSX, XLS, ODS, PROTECTED = "xlsx", "xls", "ods", "protected"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

# Neither text of people nor tables begin like this.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "ein Windows-Programm"),
    (b"\x7fELF", "ein Linux-Programm"),
    (b"%PDF", "ein PDF-Dokument"),
    (b"PAR1", "eine Parquet-Datei"),
    (OLE, "eine alte oder geschützte Office-Datei"),
    (b"PK", "ein ZIP-Archiv oder eine Arbeitsmappe"),
    (b"\x1f\x8b", "ein GZIP-Archiv"),
    (b"7z\xbc\xaf", "ein 7z-Archiv"),
    (b"Rar!", "ein RAR-Archiv"),
    (b"{\\rtf", "ein RTF-Dokument"),
    (b"SQLite format 3", "eine SQLite-Datenbank"),
    (b"\x89PNG", "ein Bild"),
    (b"\xff\xd8\xff", "ein Bild"),
)
_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<table")
NAMES = {
    "csv": "CSV",
    "fixed": "Text mit festen Spaltenbreiten",
    "xlsx": "XLSX",
    "xls": "XLS",
    "ods": "ODS",
    "json": "JSON",
    "jsonl": "JSON Lines",
    "parquet": "Parquet",
    "ics": "iCalendar",
}


def kind_of(beginning: bytes) -> str | None:
    """In German what a file is that begins like this, None when it may be text."""
    for mark, kind in _MARKS:
        if beginning.startswith(mark):
            return kind
    start = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower()
    return "eine HTML- oder XML-Datei" if start.startswith(_PAGES) else None


def require_text(beginning: bytes, declared: str, where: str, encoding: str = "utf-8") -> None:
    """ContractError `not_the_declared_format` when a file of text is none."""
    # Two letters alone may begin an honest text: „MZ“ counts only with the bytes of a program behind it.
    if beginning.startswith((b"MZ", b"PK")) and beginning[:64].isascii() and b"\x00" not in beginning[:64]:
        printable = all(byte >= 32 or byte in b"\t\r\n" for byte in beginning[:64])
        if printable:
            return
    if (kind := kind_of(beginning)) is not None:
        raise not_declared(declared, where, kind)


def not_declared(declared: str, where: str, found: str, next_step: str | None = None) -> ContractError:
    """The error of a file that is something else than what was agreed on."""
    name = NAMES.get(declared, declared)
    return ContractError(
        f"Die Datei ist nicht, was vereinbart ist: {name}",
        code="not_the_declared_format",
        where=where,
        found=found,
        allowed=name,
        next_step=next_step or "Bei der zuständigen Stelle eine neue Lieferung anfordern",
    )
