"""Kind `entry`: figures people typed into the portal and others released, out of the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.base import Connector, Finding, NoConnection, Reading, TableSpec
from connectors.batches import TextRow, text_batches
from connectors.spelling import typed_text
from warehouse.contract import Subject
from warehouse.errors import ConfigError, IsekError, RetriableError
from warehouse.ledger import Entry, Ledger
from warehouse.textformat import CANONICAL

KIND = "entry"


class Entries(Connector[NoConnection, TableSpec]):
    """Reads the entries in force of each subject; `_line` is the number of the entry."""

    Connection = NoConnection
    Table = TableSpec

    def check(self) -> list[Finding]:
        """Read the entries and compare their fields with the contract."""
        findings: list[Finding] = []
        for table in self.tables:
            try:
                findings += self._unknown_fields(self._entries(table), self.subject_of(table))
            except IsekError as error:
                findings.append(Finding("error", error.code, str(error), f"{self.spec.id}: {table.feeds}"))
        return findings

    def read(self, table: TableSpec, since: datetime | None, until: datetime) -> Reading:
        """All entries in force; the Datenstand is that of the last release."""
        subject, entries = self.subject_of(table), self._entries(table)
        released = [entry.released_at for entry in entries if entry.released_at]
        content = json.dumps(
            [[entry.id, dict(entry.payload)] for entry in entries], sort_keys=True, default=str
        )
        return Reading(
            batches=text_batches(list(subject.columns), _rows(entries, subject)),
            text_format=CANONICAL,
            as_of=min(max(released, default=self.context.as_of), self.context.as_of),
            delivery_hash=hashlib.sha256(content.encode()).hexdigest(),
            findings=self._unknown_fields(entries, subject),
        )

    def _entries(self, table: TableSpec) -> list[Entry]:
        if not self.context.ledger_url:
            raise ConfigError(
                "Für die Erfassung im Portal ist keine Datenbank des Portals eingerichtet",
                code="no_ledger",
                where=self.spec.id,
            )
        ledger = Ledger(self.context.ledger_url)
        try:
            return ledger.released_entries(table.feeds)
        except IsekError:
            raise
        except Exception as error:  # noqa: BLE001 (a driver's words may repeat the address)
            raise RetriableError(
                "Die Datenbank des Portals lässt sich nicht lesen",
                code="unreachable",
                where=self.spec.id,
                found=type(error).__name__,
            ) from None
        finally:
            ledger.close()

    def _unknown_fields(self, entries: Sequence[Entry], subject: Subject) -> list[Finding]:
        extra = sorted({name for entry in entries for name in entry.payload} - set(subject.columns))
        what = f"nicht verwendete Spalten: {', '.join(extra)}"
        return [Finding("warning", "extra_column", what, f"{self.spec.id}: {subject.id}")] if extra else []


def _rows(entries: Sequence[Entry], subject: Subject) -> Iterator[TextRow]:
    for entry in entries:
        values = [typed_text(entry.payload.get(name)) for name in subject.columns]
        yield TextRow(entry.id, values)
