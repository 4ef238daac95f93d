"""The one shape every file format is read into: a header and rows of text with their line numbers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.spelling import Value
from warehouse.errors import ContractError


@dataclass(slots=True)
class RawRow:
    """One row as delivered. `line` counts from 1 in the file.

    `fault` is a reason code when the row as a whole cannot be read; `broken` maps the position of
    a cell that carries an error instead of a value to that error's text.
    """

    line: int
    values: Sequence[Value]
    fault: str | None = None
    broken: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class RawTable:
    """Header and rows of one file. `begins` is the line of the first row, where lines can be counted.

    Who does not read the rows to their end calls `close`.
    """

    header: list[str]
    rows: Iterator[RawRow]
    begins: int | None = None
    close: Callable[[], None] = lambda: None


def checked_header(names: Sequence[Value], where: str) -> list[str]:
    """Header names in composed Unicode without outer blanks; blank and repeated names are refused."""
    header = [plain_name(name) for name in names]
    blank = [str(position) for position, name in enumerate(header, start=1) if not name]
    if blank:
        raise ContractError(
            "Die Kopfzeile enthält Spalten ohne Namen",
            code="blank_header",
            where=where,
            found=f"Spalte {', '.join(blank)}",
            next_step="Sind diese Spalten immer leer: allow_blank_columns = true",
        )
    require_distinct(header, where)
    return header


def plain_name(name: Value) -> str:
    """A header name in composed Unicode, inner line breaks and repeated blanks as one blank."""
    return " ".join(unicodedata.normalize("NFC", name or "").split())


def require_distinct(header: Sequence[str], where: str) -> None:
    """ContractError `duplicate_header` with the names that occur twice."""
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise ContractError(
            "Spaltennamen kommen doppelt vor", code="duplicate_header", where=where, found=", ".join(twice)
        )


def half_file(where: str, found: str, next_step: str | None = None) -> ContractError:
    """The error of a delivery that ends before its end."""
    return ContractError(
        "Die Datei ist unvollständig",
        code="half_file",
        where=where,
        found=found,
        next_step=next_step or "Bei der zuständigen Stelle eine neue Lieferung anfordern",
    )


def undecodable(encoding: str, where: str, found: str) -> ContractError:
    """The error of a file that is not written in the encoding agreed on."""
    return ContractError(
        f"Die Datei ist nicht in {encoding} geschrieben",
        code="undecodable",
        where=where,
        found=found,
        next_step="Die Kodierung der Lieferung klären und als encoding angeben",
    )
