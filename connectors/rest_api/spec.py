"""The `[[table]]` of a REST source: what is asked, how pages follow, how answers become a subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from connectors.formats.spec import FileTable, MappedTable
from connectors.http.settings import HttpSettings
from connectors.rest_api.paging import NoPaging, Paging
from connectors.rest_api.paths import MISSING, is_path, is_place
from warehouse.textformat import TextFormat

PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")
WINDOW = ("since", "until")

Moment = Literal["iso", "unix_s", "unix_ms"]


def _exact(value: object) -> object:
    # A number with a point would otherwise pass for „true“ when it is 1.0.
    return Decimal(str(value)) if isinstance(value, float) else value


Plain = Annotated[bool | int | Decimal | str, BeforeValidator(_exact)]

_KEYS = frozenset({"authorization", "proxy-authorization", "cookie"})
_OURS = frozenset(
    ("accept", "accept-encoding", "connection", "content-length", "content-type", "host", "transfer-encoding")
)


class RestConnection(HttpSettings):
    """A service; `headers` go with every request (a version, a language; keys belong into auth)."""

    headers: dict[str, str] = Field(default_factory=dict)

    @field_validator("headers")
    @classmethod
    def _can_be_sent(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not re.fullmatch(r"[A-Za-z0-9-]+", name) or not (value.isascii() and value.isprintable()):
                raise ValueError(f"„{name}“: Kopfzeilen bestehen aus einer Zeile ohne Umlaute")
            if name.lower() in _KEYS:
                raise ValueError(f"„{name}“ gehört in auth (type = „api_key“), damit es ein Geheimnis bleibt")
            if name.lower() in _OURS:
                raise ValueError(f"„{name}“ setzt das Portal selbst; den Inhalt nennt accept in der Tabelle")
        return headers


class Window(BaseModel):
    """How `{since}` and `{until}` are written: a format (%Y %m %d %H %M %S) and whose clock it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str = "%Y-%m-%dT%H:%M:%S"
    clock: Literal["local", "utc"] = "local"

    @field_validator("format")
    @classmethod
    def _tells_days_apart(cls, written: str) -> str:
        days = {
            datetime(*day).strftime(written)
            for day in ((2001, 1, 1), (2001, 1, 2), (2001, 2, 1), (2002, 1, 1))
        }
        unknown = [part for part in re.findall(r"%.?", written) if part[1:] not in tuple("YymdjHMSfzFT%")]
        if len(days) < 4 or unknown:
            raise ValueError(f"„{written}“ nennt keinen Tag; z. B. %Y-%m-%d oder %Y-%m-%dT%H:%M:%S")
        return written


class SaysError(BaseModel):
    """How a service says „error“ with status 200: `at` holds the text `equals` (or anything at all)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str
    equals: bool | int | str | None = None

    @field_validator("at")
    @classmethod
    def _is_a_place(cls, path: str) -> str:
        return _place(path)

    def is_said_by(self, found: object) -> bool:
        """Whether what stands at the place says „error“."""
        if self.equals is None:
            # Many services send an empty list of errors with every good answer.
            return found is not MISSING and bool(found)
        return found is not MISSING and plain(found) == plain(self.equals)


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

    @field_validator("records")
    @classmethod
    def _is_one_place(cls, path: str) -> str:
        if any(mark in path for mark in "|@^"):
            raise ValueError(f"„{path}“: records nennt genau einen Ort im Dokument, ohne | @ und ^")
        return path

    @field_validator("enter")
    @classmethod
    def _is_a_place(cls, path: str | None) -> str | None:
        return None if path is None else _place(path)

    @field_validator("path")
    @classmethod
    def _is_a_part_of_an_address(cls, path: str) -> str:
        if "#" in path or not path.isprintable() or " " in path:
            raise ValueError(f"„{path}“: ein Pfad hat weder Leerzeichen noch #")
        return path

    @model_validator(mode="after")
    def _asks_one_way(self) -> Self:
        if self.body is not None and self.form is not None:
            raise ValueError("Entweder body (JSON) oder form angeben")
        if self.method == "GET" and (self.body is not None or self.form is not None):
            raise ValueError('body und form brauchen method = "POST"')
        if self.paging.place == "body" and self.method == "GET":
            raise ValueError('Blättern im body braucht method = "POST"')
        if self.paging.place == "body" and self.form is None:
            for name in self.paging.params:
                _require_room(self.body or {}, name)
        return self

    @model_validator(mode="after")
    def _asks_for_each_once(self) -> Self:
        asked = {name for text in self._templates() for name in PLACE.findall(text)}
        for name, words in self.for_each.items():
            if not words:
                raise ValueError("for_each: eine leere Liste fragt nichts")
            if name in WINDOW:
                raise ValueError(f"for_each: „{name}“ ist schon der Zeitraum; einen anderen Namen wählen")
            if name not in asked:
                raise ValueError(f"for_each: {{{name}}} steht in keiner Anfrage; sie wäre immer dieselbe")
            if len({plain(word) for word in words}) < len(words):
                raise ValueError(f"for_each: „{name}“ nennt einen Wert zweimal")
        return self

    @model_validator(mode="after")
    def _fits_the_format(self) -> Self:
        if self.format == "csv" and (self.records or self.enter or self.paging.needs_document or self.error):
            raise ValueError("records, enter, error und Angaben zum Blättern gibt es nur in JSON")
        if self.format == "csv":
            self.as_file()
        elif foreign := sorted(_OF_CSV & self.model_fields_set):
            raise ValueError(f"{foreign[0]} gehört zu format = „csv“")
        elif entries := [path for path in self._places() if "{}" in path]:
            raise ValueError(f"„{entries[0]}“: {{}} (alle Einträge) gibt es nur in records")
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
        if self.format == "csv" or "text" not in self.model_fields_set:
            return self.text if self.format == "csv" else super().written_as
        # What compares (map, skip_rows_where, deleted_when) compares with what JSON says: true, not „ja“.
        said = {"true": ("true", "1", "ja"), "false": ("false", "0", "nein")}
        if self.text.model_fields_set & set(said):
            return self.text
        return self.text.model_copy(update=said)

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
        yield from _texts(self.body)

    def _places(self) -> Iterator[str]:
        yield from (*self.columns.values(), *self.looked_at(), *self.optional)
        if self.as_of:
            yield self.as_of


_OF_CSV = frozenset({"encoding", "delimiter", "header_row", "require_newline"})


def plain(value: object) -> str:
    """A value of the declaration or of an answer as it stands in a request."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _place(path: str) -> str:
    if not is_place(path):
        raise ValueError(f"„{path}“ ist kein Pfad zu einer Angabe; z. B. meta.status")
    return path


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _require_room(body: dict[str, Any], path: str) -> None:
    holder: Any = body
    for part in path.split(".")[:-1]:
        holder = holder.get(part, {})
        if not isinstance(holder, dict):
            raise ValueError(f"„{path}“: In body steht bei „{part}“ schon etwas anderes als ein Objekt")
