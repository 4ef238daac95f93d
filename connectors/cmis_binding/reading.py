"""One table of one run: which parts of the repository are asked, and how hits become rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.base import Context, Finding
from connectors.batches import TextRow
from connectors.cmis_binding.changes import DELETED_EVENT, Changed
from connectors.cmis_binding.paging import Pages
from connectors.cmis_binding.service import Item, Page, Service
from connectors.cmis_binding.spec import NUM_ITEMS, CmisConnection, CmisTable
from connectors.cmis_binding.statement import OBJECT_ID, bound, one_of, select, text
from connectors.cmis_binding.values import text_value
from connectors.spelling import Value, typed_text
from warehouse.contract import Subject
from warehouse.landing import DELETED

IDS_PER_QUERY = 50


@dataclass(frozen=True)
class Scope:
    """One part of the repository: its condition, and what its folder stands for."""

    condition: str = ""
    stands_for: str | None = None


class TableReader:
    """Reads, counts or follows one table; `findings` grows while rows are taken."""

    def __init__(
        self,
        service: Service,
        connection: CmisConnection,
        table: CmisTable,
        subject: Subject,
        context: Context,
        where: str,
    ) -> None:
        self._service, self._connection, self._table = service, connection, table
        self._context, self._where = context, where
        self._types = {name: column.type for name, column in subject.columns.items()}
        self._line = 0
        self.findings: list[Finding] = []
        self.columns = [*table.supplied, *([DELETED] if table.changes else [])]
        self._unseen = set() if table.count else set(table.columns.values())

    def scopes(self) -> list[Scope]:
        """The folders of the table, each found; one scope without folders. Raises `folder_missing`.

        A folder that is gone must not look like an empty one.
        """
        folders = self._table.folders
        if folders is None:
            return [Scope()]
        named = [("IN_TREE", *pair) for pair in folders.tree.items()]
        named += [("IN_FOLDER", *pair) for pair in folders.folder.items()]
        found = ((test, unit, self._service.folder_id(folder)) for test, unit, folder in named)
        return [Scope(f"{test}({text(own)})", unit) for test, unit, own in found]

    def all(self, since: datetime | None, until: datetime) -> Iterator[TextRow]:
        """Every object in the window."""
        for scope in self.scopes():
            for item in self._items(self._statement(scope, since, until)):
                yield self._row(item, scope)
        self._tell()

    def counted(self, until: datetime) -> Iterator[TextRow]:
        """One row for each folder: how many objects there are."""
        for scope in self.scopes():
            known = {NUM_ITEMS: self._count(scope, until), **self._today()}
            values = {name: typed_text(known[source]) for name, source in self._table.columns.items()}
            yield self._text_row(values, scope)

    def changed(self, changed: Changed, until: datetime) -> Iterator[TextRow]:
        """The objects of a change log as they are now; those that no longer belong here as deletions."""
        scopes = self.scopes()
        gone = [own for own, kind in changed.events.items() if kind == DELETED_EVENT]
        for own in gone:
            yield self._deletion(own)
        there = [own for own, kind in changed.events.items() if kind != DELETED_EVENT]
        for at in range(0, len(there), IDS_PER_QUERY):
            ids = there[at : at + IDS_PER_QUERY]
            missing = set(ids)
            for scope in scopes:
                for item in self._items(self._statement(scope, None, until, one_of(ids))):
                    missing.discard(item.id)
                    yield self._row(item, scope)
            yield from (self._deletion(own) for own in ids if own in missing)
        self._tell()

    def first_page(self, since: datetime | None, until: datetime) -> Page:
        """Two hits of the first folder, after every folder was found."""
        scopes = self.scopes()
        page = self._service.query(self._statement(scopes[0], since, until), 0, 2)
        for item in page.items:
            self._row(item, scopes[0])
        self._tell()
        return page

    def _statement(self, scope: Scope, since: datetime | None, until: datetime, further: str = "") -> str:
        table = self._table
        where = bound(table.where, since, until, self._context.timezone)
        properties = () if table.count else table.columns.values()
        orders = self._service.repository.orders
        return select(table.object_type, properties, (where, scope.condition, further), ordered=orders)

    def _items(self, statement: str) -> Iterator[Item]:
        connection = self._connection
        return Pages(
            lambda skip, most: self._service.query(statement, skip, most),
            connection.page_size,
            self._where,
            most_pages=connection.max_pages,
            total_counts=connection.num_items == "total",
        ).items()

    def _count(self, scope: Scope, until: datetime) -> int:
        statement = self._statement(scope, None, until)
        page = self._service.query(statement, 0, 1)
        # Some services say how many are on the page instead of how many there are, some nothing.
        if self._connection.num_items == "total" and page.total is not None:
            if page.has_more and page.total > len(page.items):
                return page.total
            if not page.has_more and page.total == len(page.items):
                return page.total
        return sum(1 for _ in self._items(statement))

    def _today(self) -> Mapping[str, object]:
        day = self._context.local(self._context.as_of).date()
        return {"today": day, "month": day.replace(day=1)}

    def _row(self, item: Item, scope: Scope) -> TextRow:
        self._unseen -= item.properties.keys()
        table, local = self._table, self._context.local
        values: dict[str, Value] = {}
        for name, source in table.columns.items():
            value = text_value(item.properties.get(source), self._types.get(name, "text"), local)
            # A value nobody mapped stays visible, so that the quarantine can name it.
            values[name] = table.map.get(name, {}).get(value or "", value)
        return self._text_row(values, scope)

    def _text_row(self, values: dict[str, Value], scope: Scope) -> TextRow:
        values |= {name: typed_text(value) for name, value in self._table.constants.items()}
        if self._table.folders:
            values[self._table.folders.into] = scope.stands_for
        if self._table.changes:
            values[DELETED] = "false"
        return self._next_row(values)

    def _deletion(self, own: str) -> TextRow:
        key = {name: own for name, source in self._table.columns.items() if source == OBJECT_ID}
        return self._next_row({**key, DELETED: "true"})

    def _next_row(self, values: Mapping[str, Value]) -> TextRow:
        self._line += 1
        return TextRow(self._line, [values.get(name) for name in self.columns])

    def _tell(self) -> None:
        if not self._service.repository.orders:
            what = "das Repository sortiert nicht; ändert es sich beim Lesen, bricht die Quelle ab"
            self.findings.append(Finding("warning", "unordered", what, self._where))
        if self._unseen and self._line:
            what = f"in keinem Treffer enthalten: {', '.join(sorted(self._unseen))}"
            self.findings.append(Finding("warning", "missing_property", what, self._where))
