"""What a workbook is by its content, and whether it may be unpacked at all."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from connectors.formats.content import OLE, ZIP, kind_of, not_declared
from connectors.formats.raw import half_file
from warehouse.errors import ContractError

MAX_BYTES = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 2000
# Short, uniform parts compress beyond every sensible ratio and do no harm.
RATIO_COUNTS_FROM = 1024 * 1024
PIECE = 256 * 1024
ODS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_KINDS = (
    ("xl/workbook.xml", "xlsx", "eine XLSX-Arbeitsmappe"),
    ("xl/workbook.bin", "xlsb", "eine XLSB-Arbeitsmappe"),
    ("word/document.xml", "docx", "ein Word-Dokument"),
    ("ppt/presentation.xml", "pptx", "eine Präsentation"),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def require_workbook(path: Path, declared: str, where: str) -> None:
    """Refuse what is not the declared kind of workbook, or would burst, before a part of it is parsed.

    Raises ContractError: `not_the_declared_format`, `half_file`, `zip_bomb`.
    """
    found, german = _kind(path, where)
    if found != declared:
        raise not_declared(declared, where, german, _advice(found))


def workbook_kind(path: Path, where: str) -> str:
    """xlsx, xls or ods, by content. Raises what `require_workbook` raises for everything else."""
    found, german = _kind(path, where)
    if found not in ("xlsx", "xls", "ods"):
        raise not_declared("xlsx", where, german, _advice(found))
    return found


def _kind(path: Path, where: str) -> tuple[str, str]:
    with path.open("rb") as stream:
        beginning = stream.read(512)
    if beginning.startswith(OLE[:4]):
        return _inside_ole(path)
    if beginning.startswith(ZIP):
        return _inside_zip(path, where)
    if not beginning:
        raise half_file(where, "die Datei ist leer")
    return "", kind_of(beginning) or "eine Textdatei"


def check_container(path: Path, where: str) -> None:
    """Refuse by the directory of the ZIP container, and by what its parts really unpack to."""
    try:
        with ZipFile(path) as container:
            entries = container.infolist()
            fault = directory_fault(entries)
            if fault is None:
                with path.open("rb") as stream:
                    fault = next(filter(None, (_part_fault(stream, entry) for entry in entries)), None)
    except (BadZipFile, EOFError, ValueError, zlib.error, OSError, NotImplementedError) as error:
        raise half_file(where, _why(error)) from None
    if fault:
        raise ContractError(
            "Die Arbeitsmappe überschreitet ausgepackt die zulässige Größe",
            code="zip_bomb",
            where=where,
            found=fault,
            allowed=f"{MAX_BYTES // 2**20} MB, Verhältnis {MAX_RATIO}, {MAX_ENTRIES} Teile, keine Archive",
        )


def directory_fault(entries: list[ZipInfo]) -> str | None:
    """What is wrong with a container's directory, or None."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        return f"{len(entries)} Teile"
    if total > MAX_BYTES:
        return f"{total // 1024**2} MB ausgepackt"
    steep = [
        e for e in entries if e.file_size > RATIO_COUNTS_FROM and e.file_size > MAX_RATIO * e.compress_size
    ]
    if steep:
        return f"Verhältnis {steep[0].file_size // max(steep[0].compress_size, 1)}"
    return "verschlüsselte Teile" if any(entry.flag_bits & 1 for entry in entries) else None


def _part_fault(stream: BinaryIO, entry: ZipInfo) -> str | None:
    """Unpack one part, a piece at a time, and compare with what the directory claims.

    A forged size would pass the limits above and fill the memory of the reader behind them.
    """
    size, check, first = 0, 0, b""
    for piece in _unpacked(stream, entry):
        first = first or piece[:4]
        size, check = size + len(piece), zlib.crc32(piece, check)
        if size > entry.file_size:
            return f"„{entry.filename[:60]}“ ist größer, als das Verzeichnis angibt"
    if size != entry.file_size or check != entry.CRC:
        raise BadZipFile("damaged part")
    return f"Archiv im Archiv: „{entry.filename[:60]}“" if first in (ZIP, b"7z\xbc\xaf", b"Rar!") else None


def _unpacked(stream: BinaryIO, entry: ZipInfo) -> Iterator[bytes]:
    stream.seek(entry.header_offset)
    head = stream.read(30)
    if len(head) < 30 or not head.startswith(ZIP):
        raise BadZipFile("no local header")
    stream.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadZipFile("unknown compression")
    inflate = zlib.decompressobj(-15) if entry.compress_type == ZIP_DEFLATED else None
    left = entry.compress_size
    while left > 0 and (packed := stream.read(min(PIECE, left))):
        left -= len(packed)
        while packed:
            # One piece of input may be a thousand pieces of output.
            yield inflate.decompress(packed, PIECE) if inflate else packed
            packed = inflate.unconsumed_tail if inflate else b""
    if inflate:
        yield inflate.flush()


def _inside_zip(path: Path, where: str) -> tuple[str, str]:
    check_container(path, where)
    try:
        with ZipFile(path) as container:
            names = set(container.namelist())
            mimetype = container.read("mimetype") if "mimetype" in names else b""
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise half_file(where, _why(error)) from None
    if mimetype.startswith(ODS_MIMETYPE):
        return "ods", "eine ODS-Arbeitsmappe"
    known = ((kind, german) for part, kind, german in _KINDS if part in names)
    return next(known, ("zip", "ein ZIP-Archiv"))


def _inside_ole(path: Path) -> tuple[str, str]:
    content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    if _ENCRYPTED in content:
        return "protected", "durch ein Kennwort geschützt"
    if any(name in content for name in _STREAMS):
        return "xls", "eine XLS-Arbeitsmappe"
    return "ole", "eine alte Office-Datei"


def _advice(found: str) -> str | None:
    if found in ("xlsx", "xls", "ods"):
        return f"Ist das so vereinbart: format = „{found}“"
    if found == "protected":
        return "Die Datei ohne Kennwort liefern lassen"
    return "Die Datei als XLSX speichern lassen" if found == "xlsb" else None


def _why(error: Exception) -> str:
    if isinstance(error, BadZipFile) and "not a zip" in str(error).lower():
        return "das Verzeichnis der Arbeitsmappe fehlt"
    return "ein Teil der Arbeitsmappe fehlt oder ist beschädigt"
