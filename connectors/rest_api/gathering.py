"""All pages of a table, read until they are all there and agree with one another.

Services change while they are read. What shows it (a number of records that moves, a record on two pages)
makes the reading begin again; what stays the same twice is what the service has.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from connectors.base import Context
from connectors.columns import require_columns
from connectors.formats.csv_table import open_csv
from connectors.formats.raw import RawRow, RawTable
from connectors.http.answer import Answer, require_size
from connectors.http.client import Client
from connectors.http.faults import not_as_declared
from connectors.rest_api.asking import Question, questions
from connectors.rest_api.paging import Turn
from connectors.rest_api.paths import MISSING, Record, as_text, first_at, records_at, units_at
from connectors.rest_api.run import Run, Series
from connectors.rest_api.spec import RestConnection, RestTable
from connectors.rest_api.spool import Spool
from connectors.rest_api.wanted import Wanted
from warehouse.errors import ContractError, RetriableError, did_you_mean

READINGS = 3
JSON_BYTES = 50_000_000
"""A page of JSON takes ten times its size in memory."""
MOST_NAMES, LONGEST_NAME = 200, 60


@dataclass(frozen=True)
class Gathering:
    """Reads one table of a service; `wanted` are the places of a record that are looked at."""

    connection: RestConnection
    context: Context
    table: RestTable
    wanted: Wanted
    where: str

    def all(self, since: datetime | None, until: datetime) -> Series:
        """Every page.

        Raises what `Client` raises, ContractError (`missing_records`, `missing_paging`, `paging_repeats`,
        `too_many_pages`, `incomplete`, `service_reports_error`), RetriableError `changed_while_paging`.
        """
        before: Series | None = None
        for _ in range(READINGS):
            series = self._reading(since, until, self.context)
            if not series.doubts or (before and before.spool.digest == series.spool.digest):
                if series.incomplete:
                    raise self._incomplete(series.incomplete)
                return series
            before = series
        raise RetriableError(
            "Der Bestand hat sich während des Lesens immer wieder geändert",
            code="changed_while_paging",
            where=self.where,
            found=series.doubts[0],
            next_step="Nachts lesen, größere Seiten wählen oder nach einem festen Merkmal sortieren lassen",
        )

    def first_page(self, since: datetime | None, until: datetime) -> Series:
        """One request, tried once: somebody waits for the answer."""
        return self._reading(since, until, replace(self.context, tries=1), only_first=True)

    def _reading(
        self, since: datetime | None, until: datetime, context: Context, *, only_first: bool = False
    ) -> Series:
        series = Series(Spool(self.wanted.names, in_memory=self.table.persons is not None))
        asked = questions(self.table, self.connection.headers, since, until, context.timezone)
        with Client(self.connection, context, self.where) as web:
            for question in asked:
                self._read(web, question, series, only_first)
                if only_first:
                    break
            series.delivery_hash = web.delivery_hash
        return series

    def _read(self, web: Client, question: Question, series: Series, only_first: bool) -> None:
        run = Run(self.table.paging, self.wanted, series, self.where)
        start = self._entrance(web, question)
        turn: Turn | None = self.table.paging.first()
        while turn is not None:
            run.begin(turn)
            answer, document, rows = self._page(web, question, turn, start, series)
            units = None if document is None else units_at(document, self.table.records)
            page = run.take(rows, document, dict(answer.headers), units)
            turn = self._absolute(self.table.paging.following(turn, page), answer.url)
            if only_first:
                series.unmarked = self.table.paging.unmarked(page) if page.count else None
                return
        run.end()

    def _entrance(self, web: Client, question: Question) -> httpx.URL | None:
        if self.table.enter is None:
            return None
        answer = question.ask(web, Turn(), None)
        found = first_at(document := answer.json(), self.table.enter)
        if not isinstance(found, str):
            raise self._no_records(self.table.enter, document)
        return self._joined(answer.url, found)

    def _page(
        self, web: Client, question: Question, turn: Turn, start: httpx.URL | None, series: Series
    ) -> tuple[Answer, Any, Iterator[RawRow]]:
        if self.table.format == "csv":
            with tempfile.NamedTemporaryFile(prefix=f"isek-{os.getpid()}-") as body:
                answer = question.ask(web, turn, start, into=body)
                body.flush()
                # Opened, it can be read to its end without its name.
                raw = open_csv(Path(body.name), self.table.as_file(), self.where)
            return answer, None, self._csv_rows(raw, question, series)
        answer = question.ask(web, turn, start)
        require_size(len(answer.content), JSON_BYTES, self.where)
        document = answer.json()
        self._require_no_error(document)
        return answer, document, self._json_rows(document, question, series)

    def _json_rows(self, document: Any, question: Question, series: Series) -> Iterator[RawRow]:
        names, text = self.wanted.names, self.table.written_as
        for line, record in enumerate(self._records(document, question), start=series.spool.count + 1):
            values = [record.at(name) for name in names]
            series.seen.update(n for n, value in zip(names, values, strict=True) if value is not MISSING)
            self._note_others(record, series)
            try:
                yield RawRow(line, [as_text(value, text) for value in values])
            except RecursionError:
                raise not_as_declared(self.where, "zu tief geschachtelt", "JSON") from None

    def _note_others(self, record: Record, series: Series) -> None:
        # An object may be used as a list, with data for names: nobody reads a thousand of them.
        if len(series.others) < MOST_NAMES:
            names = (name for name in record.value if name not in self.wanted.beginnings)
            series.others.update(name for name in names if len(name) <= LONGEST_NAME)

    def _csv_rows(self, raw: RawTable, question: Question, series: Series) -> Iterator[RawRow]:
        header = self.wanted.header(raw.header)
        places = {name: place for place, name in enumerate(header)}
        came = {name for name in self.wanted.names if name in places}
        # A column that was there before and is gone would be empty in silence.
        require_columns(series.header, header, self.where)
        series.header = series.header or came
        series.seen |= {*header, *(name for name in self.wanted.names if name[1:] in question.names)}
        series.others |= set(header) - set(self.wanted.names)
        fixed = {f"@{name}": value for name, value in question.names.items()}
        before = series.lines
        for row in raw.rows:
            series.lines = before + row.line
            if row.fault:
                yield RawRow(series.lines, row.values, row.fault)
                continue
            values = row.values
            yield RawRow(
                series.lines,
                [values[places[n]] if n in places else fixed.get(n) for n in self.wanted.names],
            )

    def _records(self, document: Any, question: Question) -> Iterator[Record]:
        path = self.table.records
        try:
            yield from records_at(document, path, question.names)
        except LookupError as missing:
            if not self.table.records_optional:
                raise self._no_records(str(missing.args[0]), document) from None
        except TypeError as other:
            allowed = f"Objekte bei „{path or 'dem Anfang'}“"
            raise not_as_declared(self.where, str(other), allowed) from None

    def _require_no_error(self, document: Any) -> None:
        told = self.table.error
        if told is None:
            return
        found = first_at(document, told.at)
        if not told.is_said_by(found):
            return
        raise ContractError(
            "Der Dienst meldet einen Fehler statt Daten",
            code="service_reports_error",
            where=self.where,
            found=told.at,
            next_step="Zugangsdaten und Parameter prüfen; der Wortlaut steht im Protokoll des Dienstes",
        )

    def _no_records(self, name: str, document: Any) -> ContractError:
        names = [str(key) for key in document] if isinstance(document, dict) else []
        return ContractError(
            f"Datensätze fehlen: kein „{name}“ in der Antwort",
            code="missing_records",
            where=self.where,
            found=", ".join(name[:LONGEST_NAME] for name in names[:20]) or None,
            next_step=did_you_mean(name, names)
            or "Bei der zuständigen Stelle fragen, ob der Dienst sich"
            " geändert hat; darf die Angabe fehlen: records_optional = true",
        )

    def _incomplete(self, found: str) -> ContractError:
        return ContractError(
            "Der Dienst nennt eine andere Zahl von Datensätzen, als er liefert",
            code="incomplete",
            where=self.where,
            found=found,
            next_step="Klären, ob der Dienst die Treffer begrenzt; enger fragen (for_each, Zeitraum)",
        )

    def _absolute(self, turn: Turn | None, page: httpx.URL) -> Turn | None:
        # One page has one name, however its link is written: that is how a circle is noticed.
        return turn if turn is None or turn.link is None else Turn(link=str(self._joined(page, turn.link)))

    def _joined(self, page: httpx.URL, link: str) -> httpx.URL:
        try:
            target = page.join(link)
        except (httpx.InvalidURL, UnicodeError):
            raise not_as_declared(self.where, "ein unlesbarer Verweis", "eine Adresse") from None
        if target.host == page.host and target.scheme == "http" and page.scheme == "https":
            # Services behind a proxy often do not know that they are reached encrypted.
            return target.copy_with(scheme="https", port=page.port)
        return target
