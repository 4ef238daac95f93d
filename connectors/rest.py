"""Kind `rest`: JSON or CSV over HTTP, declared request by request, page by page, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from connectors.base import Connector, Finding, Reading
from connectors.batches import TextRow, text_batches
from connectors.formats.raw import RawRow
from connectors.formats.shape import Shape, ShapedRow
from connectors.rest_api.gathering import Gathering
from connectors.rest_api.moments import Convert, converter, newest
from connectors.rest_api.run import Series
from connectors.rest_api.spec import RestConnection, RestTable
from connectors.rest_api.wanted import Wanted
from warehouse.errors import ContractError, IsekError

KIND = "rest"


class Rest(Connector[RestConnection, RestTable]):
    """Asks a service for all pages of a table, then hands their rows on."""

    Connection = RestConnection
    Table = RestTable

    def check(self) -> list[Finding]:
        """Ask every table for its first page and compare its fields with the contract."""
        findings: list[Finding] = []
        for number, table in enumerate(self.tables, start=1):
            where = self._where(number)
            try:
                findings += self._probe(table, where)
            except IsekError as error:
                findings.append(Finding("error", error.code, str(error), where))
        return findings

    def read(self, table: RestTable, since: datetime | None, until: datetime) -> Reading:
        """Read all pages; rows go on when the last page has come and nothing contradicts them."""
        where = self._where(self.tables.index(table) + 1)
        series = self._gathering(table, where).all(since, until)
        columns, rows = self._mapped(series, table, where)
        return Reading(
            batches=text_batches(columns, rows),
            text_format=table.written_as,
            as_of=self._as_of(series, table, where),
            delivery_hash=series.delivery_hash,
        )

    def _probe(self, table: RestTable, where: str) -> list[Finding]:
        since = datetime.combine(table.first_date, time.min) if table.first_date else None
        until = self.context.local(self.context.as_of)
        series = self._gathering(table, where).first_page(since, until)
        _, rows = self._mapped(series, table, where)
        next(rows, None)
        self._as_of(series, table, where)
        told = {
            "extra_column": series.others and f"nicht verwendete Angaben: {', '.join(sorted(series.others))}",
            "one_page": series.unmarked
            and f"„{series.unmarked}“ (paging) fehlt auf der ersten Seite: Nur sie würde gelesen",
        }
        return [Finding("warning", code, text, where) for code, text in told.items() if text]

    def _gathering(self, table: RestTable, where: str) -> Gathering:
        wanted = Wanted(table, self.subject_of(table))
        return Gathering(self.connection, self.context, table, wanted, where)

    def _mapped(self, series: Series, table: RestTable, where: str) -> tuple[list[str], Iterator[TextRow]]:
        names = series.spool.names
        # An answer without records says nothing about their fields.
        empty = table.format == "json" and series.spool.count == 0
        there = [at for at, name in enumerate(names) if empty or name in series.seen | set(table.optional)]
        header = [names[at] for at in there]
        shape = Shape([*header, *sorted(series.others)], table, self.subject_of(table), where)
        delivered = (_only(row, there) for row in series.spool.rows())
        converters = self._converters(table, shape.columns)
        rows = shape.rows(shape.without_skipped(delivered))
        return shape.columns, (_told(row, converters) for row in rows)

    def _converters(self, table: RestTable, columns: list[str]) -> list[tuple[int, Convert]]:
        known = self.subject_of(table).columns
        return [
            (at, converter(table.moments[name], known[name].type, table.written_as, self.context.local))
            for at, name in enumerate(columns)
            if name in table.moments
        ]

    def _as_of(self, series: Series, table: RestTable, where: str) -> datetime:
        if table.as_of is None or not series.spool.count:
            return self.context.as_of
        stated = newest(series.stated, self.context.local)
        if stated is None:
            raise ContractError(
                "Der Dienst nennt den Stand nicht in der vereinbarten Form",
                code="as_of_unreadable",
                where=where,
                found=table.as_of,
                allowed="ein Tag oder Zeitpunkt nach ISO 8601",
            )
        return min(stated.replace(tzinfo=ZoneInfo(self.context.timezone)), self.context.as_of)

    def _where(self, number: int) -> str:
        return f"{self.spec.id}, Tabelle {number}"


def _only(row: RawRow, there: list[int]) -> RawRow:
    return row if row.fault else RawRow(row.line, [row.values[at] for at in there])


def _told(row: ShapedRow, converters: list[tuple[int, Convert]]) -> TextRow:
    if not row.fault:
        for at, convert in converters:
            row.values[at] = convert(row.values[at])
    return TextRow(row.line, row.values, row.fault, row.fault_column, row.raw)
