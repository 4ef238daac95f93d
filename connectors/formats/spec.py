"""The `[[table]]` of a file source: where the file lies, how it is written, how it becomes a subject."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from connectors.base import TableSpec
from warehouse.contract import Subject
from warehouse.textformat import CANONICAL, TextFormat

Scalar = str | bool | int | Decimal | date


class UnpivotColumn(BaseModel):
    """One column of a wide table that becomes rows: its header, what it stands for, its sign."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(alias="from")
    set: dict[str, Scalar] = Field(default_factory=dict)
    sign: Literal[1, -1] = 1


class Unpivot(BaseModel):
    """Wide to long: the amounts of several columns go `into` one, a row for each.

    An empty amount stays a row without an amount (unknown is not zero) unless `drop_empty`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    into: str
    columns: tuple[UnpivotColumn, ...] = Field(min_length=1)
    drop_empty: bool = False


class MappedTable(TableSpec):
    """How what was delivered becomes a subject: names, constants, translated values, signs, wide to long."""

    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Scalar] = Field(default_factory=dict)
    unpivot: Unpivot | None = None
    map: dict[str, dict[str, str]] = Field(default_factory=dict)
    sign: dict[str, Literal[1, -1]] = Field(default_factory=dict)
    skip_rows_where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    text: TextFormat = Field(default_factory=TextFormat)

    @field_validator("text", mode="before")
    @classmethod
    def _thousands_can_be_off(cls, text: object) -> object:
        # TOML knows no null: "" switches the mark off, and a decimal point rules the dot out.
        if not isinstance(text, dict):
            return text
        given = text.get("thousands", None if text.get("decimal") == "." else ".")
        return {**text, "thousands": given or None}

    @property
    def written_as(self) -> TextFormat:
        """How the values are written.

        Workbooks and JSON know types and need no declaration; with one, their texts are read by it
        and their typed values are spelled the same way.
        """
        return self.text if "text" in self.model_fields_set else CANONICAL

    def column_names(self) -> Iterator[tuple[str, str]]:
        """Every contract column named anywhere in the mapping."""
        yield from super().column_names()
        for setting in ("columns", "constants", "map", "sign"):
            for name in getattr(self, setting):
                yield setting, name
        if self.unpivot:
            yield "unpivot.into", self.unpivot.into
            for column in self.unpivot.columns:
                for name in column.set:
                    yield "unpivot.set", name

    def supplied(self) -> set[str]:
        """Contract columns that do not come from a column of the file."""
        if not self.unpivot:
            return set(self.constants)
        return {*self.constants, self.unpivot.into, *(name for c in self.unpivot.columns for name in c.set)}

    def source_column(self, name: str) -> str:
        """Header under which a contract column is delivered."""
        return self.columns.get(name, name)

    def needed(self, subject: Subject) -> set[str]:
        """Headers without which the delivery breaks its contract."""
        required = {n for n, c in subject.columns.items() if c.required and n not in self.supplied()}
        names = {*self.columns.values(), *(self.source_column(n) for n in required)}
        return names | ({c.source for c in self.unpivot.columns} if self.unpivot else set())


class FileTable(MappedTable):
    """A delivery folder or file and its mapping to a subject."""

    path: str
    format: Literal["csv", "xlsx", "json"] = "csv"
    pick: Literal["all", "newest"] = "all"
    encoding: str = "utf-8"
    delimiter: str = Field(default=";", min_length=1, max_length=1)
    header_row: int = Field(default=1, ge=1)
    require_newline: bool = True
    settle_seconds: int = Field(default=0, ge=0)
    sheet: str | None = None
    records: str = ""
    as_of_pattern: str | None = None

    @field_validator("encoding")
    @classmethod
    def _is_an_encoding(cls, name: str) -> str:
        try:
            codecs.lookup(name)
        except LookupError:
            raise ValueError(f"„{name}“ ist keine Kodierung; üblich sind utf-8, cp1252, utf-16") from None
        return name

    @field_validator("as_of_pattern")
    @classmethod
    def _has_one_group(cls, pattern: str | None) -> str | None:
        try:
            groups = re.compile(pattern or "()").groups
        except re.error as error:
            raise ValueError(f"kein regulärer Ausdruck: {error}") from None
        if groups != 1:
            raise ValueError("Genau eine Gruppe (…) muss den Tag enthalten")
        return pattern

    @model_validator(mode="after")
    def _fits_the_format(self) -> Self:
        if self.format != "json" and self.records:
            raise ValueError("records gehört zu format = „json“")
        if self.format != "xlsx" and self.sheet:
            raise ValueError("sheet gehört zu format = „xlsx“")
        if self.format == "json" and self.control_total and self.control_total.trailer:
            raise ValueError(
                "Eine Schlusszeile (trailer) gibt es nur in Tabellen; control_total.value verwenden"
            )
        if self.cursor:
            raise ValueError(
                "Dateien haben keinen Zeiger (cursor): einen slice ersetzen oder write = „merge“"
            )
        return self

    @property
    def written_as(self) -> TextFormat:
        """How the values are written; CSV knows no types and is always read by declaration."""
        return self.text if self.format == "csv" else super().written_as
