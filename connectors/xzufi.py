"""Kind `xzufi`: services, online services, responsibilities and units out of XZuFi messages."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from connectors.base import Connector, Context, Finding, Reading, SourceSpec, TableSpec
from connectors.batches import TextRow, text_batches
from connectors.formats.xzufi_pulled import Pulled, pull_files
from connectors.formats.xzufi_rows import OBJECT_KINDS, columns_for, table_rows
from connectors.formats.xzufi_stream import MessageReader
from connectors.http.client import Client
from connectors.http.settings import HttpSettings
from connectors.pulls.message_index import pull_index
from connectors.pulls.pvog import pull_pvog
from connectors.pulls.spool import Spool
from warehouse.contract import Subject
from warehouse.errors import ConfigError, IsekError
from warehouse.textformat import CANONICAL

KIND = "xzufi"

ObjectName = Literal["leistung", "onlinedienst", "zustaendigkeit", "organisationseinheit"]


class XzufiConnection(HttpSettings):
    """How the messages come.

    `file`: files at `path` below the city folder. `index`: a list of files (`index`) below `url`.
    `pvog`: the Bereitstelldienst at `url`. `params` go with every request of the last two.
    """

    transport: Literal["file", "index", "pvog"]
    url: SecretStr = SecretStr("")
    path: str = ""
    settle_seconds: int = Field(default=0, ge=0)
    index: str = "index.txt"
    params: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_the_transport(self) -> Self:
        given = bool(self.url.get_secret_value())
        if self.transport == "file" and (not self.path or given):
            raise ValueError("transport = „file“ braucht path (im Ordner der Stadt) und keine url")
        if self.transport != "file" and (self.path or not given):
            raise ValueError(f"transport = „{self.transport}“ braucht url und keinen path")
        return self


class XzufiTable(TableSpec):
    """One kind of object and the subject it feeds; texts are taken in `language` where there are several."""

    object: ObjectName
    language: str = Field(default="de", pattern=r"^[a-z]{2,3}$")
    write: Literal["merge", "replace", "append"] = "merge"

    @model_validator(mode="after")
    def _modes_fit_messages(self) -> Self:
        if self.cursor or self.first_date:
            raise ValueError("Einen Zeiger (cursor) gibt es in XZuFi nicht: Der Zugang merkt sich die Stelle")
        if self.deleted_when or self.control_total:
            raise ValueError("deleted_when und control_total gibt es in XZuFi nicht: Löschungen stehen darin")
        if self.write == "append" or self.slice:
            raise ValueError("write = „merge“ (Änderungen) oder „replace“ (immer der ganze Bestand)")
        if self.persons and self.persons.aggregate:
            raise ValueError("persons.aggregate gibt es in XZuFi nicht: Änderungen lassen sich nicht zählen")
        return self

    def check_against(self, subject: Subject) -> Iterator[tuple[str, str, str]]:
        """Beside names nobody knows: a subject that objects of this kind cannot fill."""
        yield from super().check_against(subject)
        kind = OBJECT_KINDS[self.object]
        if (self.key or subject.key) != (kind.key,):
            # A deletion names the object by its number alone.
            yield "feeds", subject.id, f"Der Schlüssel muss {kind.key} sein, sonst träfe keine Löschung"
        for name, column in subject.columns.items():
            if column.required and name not in kind.columns:
                yield "feeds", name, f"{self.object} liefert: {', '.join(kind.columns)}"


class Xzufi(Connector[XzufiConnection, XzufiTable]):
    """Reads each delivery once and gives every table its kind of object."""

    Connection = XzufiConnection
    Table = XzufiTable

    def __init__(self, spec: SourceSpec, context: Context, subjects: Mapping[str, Subject]) -> None:
        super().__init__(spec, context, subjects)
        self._pulled: dict[tuple[str | None, int | None], Pulled] = {}
        self._told = False

    def check(self) -> list[Finding]:
        """Fetch the messages as far as the first object and compare the columns with the contract."""
        findings: list[Finding] = []
        for number, table in enumerate(self.tables, start=1):
            try:
                self._columns(table)
                self._probe()
            except IsekError as error:
                where = f"{self.spec.id}, Tabelle {number}"
                findings.append(Finding("error", error.code, str(error), where))
        return findings

    def read(self, table: XzufiTable, since: datetime | None, until: datetime) -> Reading:
        """All messages there are."""
        return self.read_on(table, None, since, until)

    def read_on(
        self, table: XzufiTable, cursor: str | None, since: datetime | None, until: datetime
    ) -> Reading:
        """Messages after the cursor; several tables share what was pulled from the same place."""
        columns = self._columns(table)
        # A whole inventory is read from its beginning each time.
        pulled = self._pull(self._reached(cursor) if table.write == "merge" else None)
        findings: list[Finding] = []
        return Reading(
            batches=text_batches(columns, self._rows(table, pulled, columns, findings)),
            text_format=CANONICAL,
            as_of=pulled.as_of,
            delivery_hash=pulled.digest,
            findings=findings,
            cursor=f"{pulled.cursor}@{self._query()}" if pulled.cursor and table.write == "merge" else None,
            last_wins=True,
        )

    def _reached(self, cursor: str | None) -> str | None:
        # What was reached with another address or other parameters says nothing about these.
        reached, _, query = (cursor or "").rpartition("@")
        return reached if query == self._query() else None

    def _query(self) -> str:
        asked = [self.connection.url.get_secret_value(), self.connection.index, self.connection.params]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]

    def _columns(self, table: XzufiTable) -> list[str]:
        if self.connection.transport == "pvog" and table.write != "merge":
            raise ConfigError(
                "Der Bereitstelldienst liefert Änderungen; sie ersetzen nicht den Bestand",
                code="write_mode",
                where=f"{self.spec.id}: {table.object}",
                found=f"write = „{table.write}“",
                allowed="write = „merge“",
            )
        return columns_for(OBJECT_KINDS[table.object], self.subject_of(table).columns)

    def _pull(self, cursor: str | None, limit: int | None = None) -> Pulled:
        if (cursor, limit) not in self._pulled:
            self._pulled[cursor, limit] = self._pull_anew(cursor, limit)
        return self._pulled[cursor, limit]

    def _pull_anew(self, cursor: str | None, limit: int | None) -> Pulled:
        way, context, where = self.connection, self.context, self.spec.id
        if way.transport == "file":
            return pull_files(way.path, way.settle_seconds, context)
        with Client(way, context, where) as client:
            spool = Spool(where)
            if way.transport == "index":
                return pull_index(
                    client, spool, context, where,
                    index=way.index, params=way.params, after=cursor, limit=limit,
                )  # fmt: skip
            return pull_pvog(client, spool, context, where, params=way.params, index=cursor, limit=limit)

    def _probe(self) -> None:
        for message in self._pull(None, limit=1).messages[:1]:
            next(MessageReader(message.where).items(message.pieces()), None)

    def _rows(
        self, table: XzufiTable, pulled: Pulled, columns: list[str], findings: list[Finding]
    ) -> Iterator[TextRow]:
        kind, ignored = OBJECT_KINDS[table.object], Counter[str]()
        for message in pulled.messages:
            reader = MessageReader(message.where, (kind.element,))
            items = reader.items(message.pieces())
            yield from table_rows(items, kind, columns, table.language, self.context.local, message.name)
            message.look_back()
            ignored += reader.ignored
        findings += self._tell(ignored)

    def _tell(self, ignored: Counter[str]) -> list[Finding]:
        # Every table reads the same messages; what is not read in them is said once.
        if self._told or not ignored:
            return []
        self._told = True
        what = ", ".join(f"{count} {name}" for name, count in sorted(ignored.items()))
        return [Finding("warning", "unread_objects", f"nicht gelesene Objekte: {what}", self.spec.id)]
