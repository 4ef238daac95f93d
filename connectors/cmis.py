"""Kind `cmis`: objects of a document management system by CMIS 1.1, browser binding, read-only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, time
from itertools import islice

from connectors.base import Connector, Context, Finding, Reading
from connectors.batches import TextRow, text_batches
from connectors.cmis_binding.changes import changed_since, token_now
from connectors.cmis_binding.reading import TableReader
from connectors.cmis_binding.service import Service
from connectors.cmis_binding.spec import CmisConnection, CmisTable
from connectors.http.client import Client
from warehouse.errors import IsekError
from warehouse.textformat import CANONICAL

KIND = "cmis"


class Cmis(Connector[CmisConnection, CmisTable]):
    """Reads documents or folders, counts them, or follows the change log."""

    Connection = CmisConnection
    Table = CmisTable

    def check(self) -> list[Finding]:
        """Ask every table for its first hits, and for its folders and properties on the way."""
        findings: list[Finding] = []
        for number, table in enumerate(self.tables, start=1):
            where = self._where(number)
            try:
                findings += self._probe(table, where)
            except IsekError as error:
                findings.append(Finding("error", error.code, str(error), where))
        return findings

    def read(self, table: CmisTable, since: datetime | None, until: datetime) -> Reading:
        """Read, or count, everything in the window."""
        return self.read_on(table, None, since, until)

    def read_on(
        self, table: CmisTable, cursor: str | None, since: datetime | None, until: datetime
    ) -> Reading:
        """With `changes` only what changed since the token; everything on the first night."""
        where = self._where(self.tables.index(table) + 1)
        asked = f"{self.spec.id}\n{table.model_dump_json()}\n{since}\n{until}\n{cursor}"
        with ExitStack() as stack:
            service = self._service(stack, self.context, where)
            reader = self._reader(service, table, where)
            rows, token = self._rows(service, reader, table, cursor, since, until)
            # The first hit is read now: a wrong query or a folder that is gone has to fail here.
            first = list(islice(rows, 1))
            opened = stack.pop_all()
        return Reading(
            batches=text_batches(reader.columns, _until_closed(opened, first, rows)),
            text_format=CANONICAL,
            as_of=self.context.as_of,
            delivery_hash=hashlib.sha256(asked.encode()).hexdigest(),
            findings=reader.findings,
            cursor=token,
        )

    def _rows(
        self,
        service: Service,
        reader: TableReader,
        table: CmisTable,
        cursor: str | None,
        since: datetime | None,
        until: datetime,
    ) -> tuple[Iterator[TextRow], str | None]:
        if table.count:
            return reader.counted(until), None
        if not table.changes:
            return reader.all(since, until), None
        where, limits = self._where(self.tables.index(table) + 1), self.connection
        if cursor is None:
            # What changes while everything is read comes again tomorrow.
            return reader.all(None, until), token_now(service.repository, where)
        changed = changed_since(
            service, cursor, size=limits.page_size, most_pages=limits.max_pages, where=where
        )
        return reader.changed(changed, until), changed.token

    def _probe(self, table: CmisTable, where: str) -> list[Finding]:
        since = datetime.combine(table.first_date, time.min) if table.first_date else None
        # Somebody waits for this answer, and sees it: no second try.
        with ExitStack() as stack:
            service = self._service(stack, replace(self.context, tries=1), where)
            if table.changes:
                token_now(service.repository, where)
            reader = self._reader(service, table, where)
            reader.first_page(since, self.context.local(self.context.as_of))
            return reader.findings

    def _service(self, stack: ExitStack, context: Context, where: str) -> Service:
        return Service(stack.enter_context(Client(self.connection, context, where)), self.connection, where)

    def _reader(self, service: Service, table: CmisTable, where: str) -> TableReader:
        subject = self.subject_of(table)
        return TableReader(service, self.connection, table, subject, self.context, where)

    def _where(self, number: int) -> str:
        return f"{self.spec.id}, Tabelle {number}"


def _until_closed(opened: ExitStack, first: list[TextRow], rows: Iterator[TextRow]) -> Iterator[TextRow]:
    """All rows; the connection is given back when they end or nobody wants more."""
    with opened:
        yield from first
        yield from rows
