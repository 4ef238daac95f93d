"""The `[[table]]` of a REST source: what is asked, how pages follow, how answers become a subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from connectors.formats.spec import FileTable, MappedTable
from connectors.http.settings import HttpSettings
from connectors.rest_api.paging import NoPaging, Paging
from connectors.rest_api.paths import is_path
from warehouse.textformat import TextFormat

PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")
WINDOW = ("since", "until")

Moment = Literal["iso", "unix_s", "unix_ms"]
Plain = bool | int | Decimal | str


class RestConnection(HttpSettings):
    """A service; `headers` go with every request (a version, a language; keys belong into auth)."""

    headers: dict[str, str] = Field(default_factory=dict)

    @field_validator("headers")
    @classmethod
    def _can_be_sent(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not re.fullmatch(r"[A-Za-z0-9-]+", name) or not (value.isascii() and value.isprintable()):
                raise ValueError(f"„{name}“: Kopfzeilen bestehen aus einer Zeile ohne Umlaute")
        return headers


class Window(BaseModel):
    """How `{since}` and `{until}` are written: a format (%Y %m %d %H %M %S) and whose clock it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str = "%Y-%m-%dT%H:%M:%S"
    clock: Literal["local", "utc"] = "local"


class SaysError(BaseModel):
    """How a service says „error“ with status 200: `at` holds the text `equals` (or anything at all)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str
    equals: str | None = None


class RestTable(MappedTable):
    """Requests to a service and the mapping of their answers to a subject.

    `{since}`, `{until}` and the names of `for_each` stand in `path`, `params`, `form` and the texts of
    `body`. The request is repeated for every combination of `for_each`; a value is a column as `@name`.
    `enter` is the path to the address of the list in a first document. `optional` are paths that may be
    absent from every record. `moments` are contract columns written with a zone or as seconds.
    """

    method: Literal["GET", "POST"] = "GET"
    path: str = ""
    params: dict[str, Plain | tuple[Plain, ...]] = Field(default_factory=dict)
    body: dict[str, Any] | None = None
    form: dict[str, Plain] | None = None
    for_each: dict[str, tuple[Plain, ...]] = Field(default_factory=dict)
    bounds: Window = Window()
    accept: str | None = None
    content_types: tuple[str, ...] = ()
    enter: str | None = None
    paging: Paging = NoPaging()
    error: SaysError | None = None

    format: Literal["json", "csv"] = "json"
    records: str = ""
    records_optional: bool = False
    optional: tuple[str, ...] = ()
    moments: dict[str, Moment] = Field(default_factory=dict)
    as_of: str | None = None
    encoding: str = "utf-8"
    delimiter: str = Field(default=";", min_length=1, max_length=1)
    header_row: int = Field(default=1, ge=1)
    require_newline: bool = True

    @field_validator("records", "as_of")
    @classmethod
    def _is_a_path(cls, path: str | None) -> str | None:
        if path and not is_path(path):
            raise ValueError(f"„{path}“ ist kein Pfad; z. B. content, a.b, a[].b, a[sprache=de].text")
        return path

    @model_validator(mode="after")
    def _asks_one_way(self) -> Self:
        if self.body is not None and self.form is not None:
            raise ValueError("Entweder body (JSON) oder form angeben")
        if self.method == "GET" and (self.body is not None or self.form is not None):
            raise ValueError('body und form brauchen method = "POST"')
        if self.paging.place == "body" and self.method == "GET":
            raise ValueError('Blättern im body braucht method = "POST"')
        if any(not values for values in self.for_each.values()):
            raise ValueError("for_each: eine leere Liste fragt nichts")
        return self

    @model_validator(mode="after")
    def _fits_the_format(self) -> Self:
        if self.format == "csv" and (self.records or self.enter or self.paging.needs_document or self.error):
            raise ValueError("records, enter, error und Angaben zum Blättern gibt es nur in JSON")
        if self.unpivot and any(column.match for column in self.unpivot.columns):
            raise ValueError("match (ein Muster für Spalten) gibt es nur in Dateien; from verwenden")
        if self.control_total:
            raise ValueError("control_total gibt es nur in Dateien; hier zählt paging.total mit")
        return self

    @model_validator(mode="after")
    def _knows_its_places(self) -> Self:
        for text in self._templates():
            for name in PLACE.findall(text):
                if name in WINDOW and not self.cursor:
                    raise ValueError(f"{{{name}}} braucht cursor und first_date")
                if name not in WINDOW and name not in self.for_each:
                    known = ", ".join(f"{{{name}}}" for name in (*WINDOW, *self.for_each))
                    raise ValueError(f"{{{name}}} ist unbekannt; erlaubt sind {known}")
        return self

    @property
    def written_as(self) -> TextFormat:
        """How the values are written; CSV knows no types and is always read by declaration."""
        return self.text if self.format == "csv" else super().written_as

    @property
    def accepts(self) -> str:
        """The header `Accept`."""
        return self.accept or ("application/json" if self.format == "json" else "text/csv")

    def column_names(self) -> Iterator[tuple[str, str]]:
        """Every contract column named anywhere in the mapping."""
        yield from super().column_names()
        for name in self.moments:
            yield "moments", name

    def as_file(self) -> FileTable:
        """The same table as a CSV file, for the reader of files."""
        return FileTable(
            feeds=self.feeds,
            path="-",
            encoding=self.encoding,
            delimiter=self.delimiter,
            header_row=self.header_row,
            require_newline=self.require_newline,
            columns=self.columns,
        )

    def _templates(self) -> Iterator[str]:
        yield self.path
        for value in (*self.params.values(), *(self.form or {}).values()):
            yield from (str(one) for one in (value if isinstance(value, tuple) else (value,)))
