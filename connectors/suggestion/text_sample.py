"""A first look at a file of text: encoding, delimiter or fixed widths, header, how it ends."""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from itertools import islice
from pathlib import Path

from connectors.formats.content import require_text
from connectors.formats.raw import half_file
from connectors.suggestion.sample import ROWS, Cells, Sample, table_in

LOOK_BYTES = 4_000_000
DELIMITERS = (";", "\t", "|", ",")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_UMLAUTS = re.compile("(?<=[A-Za-zäöüÄÖÜß])[äöüß]|[ÄÖÜ](?=[a-zäöüß])")


def sample_text(path: Path, where: str) -> Sample:
    """Sample of a CSV or fixed-width file. Raises ContractError for what is no table of text."""
    with path.open("rb") as stream:
        beginning = stream.read(LOOK_BYTES)
        whole = not stream.read(1)
    if not beginning:
        raise half_file(where, "die Datei ist leer")
    sample = Sample("csv", [], [])
    text = _decode(beginning, sample, whole=whole, where=where)
    lines = text.splitlines()
    if not whole and lines:
        lines.pop()
    if whole and not text.endswith(("\n", "\r")):
        sample.settings["require_newline"] = False
        sample.doubts.append("Die letzte Zeile hat kein Zeilenende: Ist die Datei vollständig?")
    delimiter = _delimiter(lines)
    if delimiter is None and (fields := _fields(lines)):
        return _fixed(lines, fields, sample)
    return table_in(_grid(lines, delimiter or ";", sample), sample)


def _decode(content: bytes, sample: Sample, *, whole: bool, where: str) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            sample.settings["encoding"] = name
            return content.decode("utf-8-sig" if name == "utf-8" else name, "replace")
    require_text(content[:512], "csv", where)
    # The look may end within a character.
    head = content if whole else content[: content.rfind(b"\n") + 1]
    try:
        sample.settings["encoding"] = "utf-8"
        if head.isascii():
            sample.doubts.append("Keine Umlaute in der Datei: utf-8 und cp1252 passen beide.")
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return _single_byte(head, sample)


def _single_byte(content: bytes, sample: Sample) -> str:
    windows, dos = content.decode("cp1252", "replace"), content.decode("cp850", "replace")
    if len(_UMLAUTS.findall(dos)) > len(_UMLAUTS.findall(windows)):
        sample.settings["encoding"] = "cp850"
        sample.doubts.append("Umlaute wie aus einem DOS-Programm (cp850).")
        return dos
    sample.settings["encoding"] = "cp1252"
    if _UNDEFINED.search(content):
        sample.doubts.append(
            "Einzelne Zeichen passen weder zu cp1252 noch zu utf-8; ihre Zeilen werden abgewiesen."
        )
    return windows


def _delimiter(lines: list[str]) -> str | None:
    """The mark that parts most lines into the same number of fields; None when none does."""
    best, found = 0.0, None
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in _split(lines[:500], delimiter) if len(row) > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = count / max(1, sum(1 for line in lines[:500] if line.strip())) * min(width, 10)
        # A comma also stands inside numbers; it has to part nearly every line.
        if delimiter == "," and score < 0.8 * min(width, 10):
            continue
        if score > best:
            best, found = score, delimiter
    return found if best >= 1.0 else None


def _split(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in lines]


def _grid(lines: list[str], delimiter: str, sample: Sample) -> list[Cells]:
    sample.settings["delimiter"] = delimiter
    text = "\n".join(lines[: ROWS + 50]) + "\n"
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        sample.settings["quote"] = ""
        sample.doubts.append('Anführungszeichen sind hier gewöhnliche Zeichen (quote = "").')
        rows = [line.split(delimiter) for line in lines[: ROWS + 50]]
    return list(rows)


def _fields(lines: list[str]) -> list[tuple[int, int]]:
    """Places (first, last; from 0) that blanks part in the same way in most lines; empty without any."""
    usual = Counter(len(line.rstrip()) // 4 for line in lines if line.strip()).most_common(1)
    body = (
        [line for line in lines[:2000] if line.strip() and abs(len(line.rstrip()) // 4 - usual[0][0]) <= 4]
        if usual
        else []
    )
    if len(body) < 3:
        return []
    width = max(map(len, body))
    padded = [line.ljust(width) for line in body]
    empty = [all(line[place] == " " for line in padded) for place in range(width)]
    fields, start = [], None
    for place in range(width + 1):
        blank = place == width or empty[place]
        if not blank and start is None:
            start = place
        elif blank and start is not None:
            fields.append((start, place - 1))
            start = None
    return fields if len(fields) > 1 else []


def _fixed(lines: list[str], fields: list[tuple[int, int]], sample: Sample) -> Sample:
    sample.format = "fixed"
    # A column reaches to the next one: longer values than those of today have their place, too.
    ends = [start - 2 for start, _ in fields[1:]] + [fields[-1][1]]
    places = [(start, max(end, last)) for (start, last), end in zip(fields, ends, strict=True)]
    grid: list[Cells] = [
        [line[start : end + 1].strip() for start, end in places] for line in islice(lines, ROWS + 50)
    ]
    table_in(grid, sample)
    above = sample.settings.pop("header_row", 1)
    sample.settings["first_row"] = int(str(above)) + ("names" not in sample.settings)
    sample.settings.pop("names", None)
    sample.settings.pop("allow_blank_columns", None)
    sample.header = [name or f"Spalte {number}" for number, name in enumerate(sample.header, start=1)]
    sample.header += [f"Spalte {number}" for number in range(len(sample.header) + 1, len(places) + 1)]
    sample.settings["field"] = [
        {"name": name, "start": start + 1, "width": end - start + 1}
        for name, (start, end) in zip(sample.header, places, strict=True)
    ]
    sample.doubts.append(
        "Feste Spaltenbreiten sind aus den Leerstellen erraten; mit der Satzbeschreibung vergleichen."
    )
    return sample
