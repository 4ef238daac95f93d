"""The `[[table]]` of a file source: where the file lies, how it is written, which part of it counts."""

from __future__ import annotations

import codecs
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from connectors.base import TableSpec
from connectors.formats.mapping import MappedTable as MappedTable
from connectors.formats.mapping import Scalar as Scalar
from connectors.formats.mapping import UnpivotColumn as UnpivotColumn
from connectors.formats.mapping import require_one_group
from warehouse.textformat import TextFormat

Format = Literal["csv", "fixed", "xlsx", "xls", "ods", "json", "jsonl", "parquet", "ics"]
WORKBOOKS = ("xlsx", "xls", "ods")
LINES = ("csv", "fixed")
TABLES = (*LINES, *WORKBOOKS)


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FixedField(_Declared):
    """One field of a fixed-width file: its name, the place of its first character (from 1), its width."""

    name: str
    start: int = Field(ge=1)
    width: int = Field(ge=1)

    @property
    def end(self) -> int:
        """Place of its last character."""
        return self.start + self.width - 1


class Section(_Declared):
    """One of several tables in a file: it begins below the row whose first cell says `begins`.

    It ends above the row that says `until` (`""`: an empty row), else with the file. `*` stands for any text.
    """

    begins: str = Field(alias="from", min_length=1)
    until: str | None = None


class Equation(_Declared):
    """What columns of the file must add up to; a contradiction is told, the printed sum never taken over."""

    total: str
    plus: tuple[str, ...] = Field(min_length=1)
    minus: tuple[str, ...] = ()
    tolerance: Decimal = Field(default=Decimal(0), ge=0)

    @property
    def names(self) -> tuple[str, ...]:
        """All headers it looks at."""
        return (self.total, *self.plus, *self.minus)


class FileTable(MappedTable):
    """A delivery folder or file and its mapping to a subject.

    Line numbers (`header_row`, `first_row`, `last_row`) are those of the file, in a `section` those below
    its title. `names` replaces a header that the file does not have. `hidden` says what becomes of hidden
    rows and sheets of a workbook, `months_ahead` how far repeated dates of a calendar are written out. With
    `archive` files leave the folder once what they say is published.
    """

    OPERATIONAL: ClassVar[frozenset[str]] = TableSpec.OPERATIONAL | frozenset(
        ("path", "pick", "archive", "settle_seconds", "as_of_pattern", "require_newline", "equation")
    )

    path: str
    format: Format = "csv"
    pick: Literal["all", "newest"] = "all"
    archive: bool = False
    settle_seconds: int = Field(default=0, ge=0)
    as_of_pattern: str | None = None
    encoding: str = "utf-8"
    delimiter: str = Field(default=";", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    require_newline: bool = True
    field: tuple[FixedField, ...] = ()
    sheet: str | None = None
    hidden: Literal["refuse", "read", "skip"] = "refuse"
    records: str = ""
    months_ahead: int = Field(default=24, ge=1, le=60)
    header_row: int = Field(default=1, ge=1)
    names: tuple[str, ...] = ()
    first_row: int | None = Field(default=None, ge=1)
    last_row: int | None = Field(default=None, ge=1)
    section: Section | None = None
    allow_blank_columns: bool = False
    fill_down: tuple[str, ...] = ()
    equation: tuple[Equation, ...] = ()

    @field_validator("encoding")
    @classmethod
    def _is_an_encoding(cls, name: str) -> str:
        try:
            codecs.lookup(name)
            "".encode(name)
        except LookupError:
            raise ValueError(f"„{name}“ ist keine Kodierung; üblich sind utf-8, cp1252, utf-16") from None
        return name

    @field_validator("as_of_pattern")
    @classmethod
    def _has_one_group(cls, pattern: str | None) -> str | None:
        return require_one_group(pattern) if pattern is not None else None

    @model_validator(mode="after")
    def _fits_the_format(self) -> Self:
        for formats, settings in _BELONGS.items():
            for name in settings:
                if name in self.model_fields_set and self.format not in formats:
                    raise ValueError(f"{name} gehört zu format = {', '.join(f'„{f}“' for f in formats)}")
        if self.format not in TABLES and self.control_total and self.control_total.trailer:
            raise ValueError(
                "Eine Schlusszeile (trailer) gibt es nur in Tabellen; control_total.value verwenden"
            )
        if self.cursor:
            raise ValueError(
                "Dateien haben keinen Zeiger (cursor): einen slice ersetzen oder write = „merge“"
            )
        return self

    @model_validator(mode="after")
    def _signs_can_part_fields(self) -> Self:
        if self.delimiter in ("\r", "\n", self.quote):
            raise ValueError("delimiter ist weder ein Zeilenende noch das Anführungszeichen (quote)")
        return self

    @model_validator(mode="after")
    def _rows_are_named_one_way(self) -> Self:
        if self.section and (self.first_row or self.last_row):
            raise ValueError(
                "In einem Abschnitt (section) gelten from und until statt first_row und last_row"
            )
        if self.names and "header_row" in self.model_fields_set:
            raise ValueError("names ersetzt die Kopfzeile; header_row weglassen")
        if self.last_row and self.last_row < self.first_line:
            raise ValueError("last_row liegt vor der ersten Zeile der Tabelle")
        return self

    @model_validator(mode="after")
    def _fields_are_places(self) -> Self:
        if self.format != "fixed":
            return self
        if not self.field:
            raise ValueError("field fehlt: Name, Anfang und Breite jedes Feldes")
        if self.names or "header_row" in self.model_fields_set:
            raise ValueError("Die Namen stehen in field; wo die Daten beginnen, sagt first_row")
        for left, right in zip(self.field, self.field[1:], strict=False):
            if right.start <= left.end:
                raise ValueError(f"Die Felder „{left.name}“ und „{right.name}“ überschneiden sich")
        return self

    @property
    def has_header(self) -> bool:
        """Whether the file names its columns itself."""
        return not self.names and self.format != "fixed"

    @property
    def first_line(self) -> int:
        """Line of the first row of data, counted from the beginning of the file or section."""
        return self.first_row or (self.header_row + 1 if self.has_header else 1)

    @property
    def written_as(self) -> TextFormat:
        """How the values are written; files of text know no types and are always read by declaration."""
        return self.text if self.format in LINES else super().written_as

    def looked_at(self) -> set[str]:
        """Headers that are read without being a contract column."""
        names = {*self.fill_down, *(name for equation in self.equation for name in equation.names)}
        return super().looked_at() | names


_BELONGS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("csv",): ("delimiter", "quote"),
    ("csv", *WORKBOOKS): ("allow_blank_columns",),
    ("fixed",): ("field",),
    WORKBOOKS: ("sheet", "hidden"),
    ("json",): ("records",),
    ("ics",): ("months_ahead",),
    ("csv", "fixed", "jsonl"): ("require_newline",),
    TABLES: ("header_row", "names", "first_row", "last_row", "section", "fill_down"),
}
