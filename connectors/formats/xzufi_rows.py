"""From the instructions of XZuFi messages to the rows of one table, deletions among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from connectors.batches import TextRow
from connectors.formats.xzufi_element import Element
from connectors.formats.xzufi_offer import online_service_row, responsibility_row, service_unit_row
from connectors.formats.xzufi_service import service_row
from connectors.formats.xzufi_stream import DELETE, Item
from connectors.formats.xzufi_values import Local, identifier
from connectors.spelling import Value
from warehouse.landing import DELETED

MakeRow = Callable[[Element, str, Local], dict[str, Value]]


@dataclass(frozen=True)
class ObjectKind:
    """One kind of object: its element, its name in deletions, its key column, and how it becomes a row."""

    element: str
    klasse: str
    key: str
    make_row: MakeRow

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all values a row has."""
        return tuple(self.make_row(Element(self.element, 0), "de", lambda moment: moment))


OBJECT_KINDS: Mapping[str, ObjectKind] = {
    "leistung": ObjectKind("leistung", "Leistung", "description_id", service_row),
    "onlinedienst": ObjectKind("onlinedienst", "Onlinedienst", "online_service_id", online_service_row),
    "zustaendigkeit": ObjectKind(
        "zustaendigkeitTransferObjekt", "Zustaendigkeit", "responsibility_id", responsibility_row
    ),
    "organisationseinheit": ObjectKind(
        "organisationseinheit", "Organisationseinheit", "service_unit_id", service_unit_row
    ),
}
"""Kinds of objects by the word a source declares."""

NOT_READ = frozenset({"leistungspezialisierung", "spezialisierung"})
CLASSES = frozenset(kind.klasse.lower() for kind in OBJECT_KINDS.values()) | NOT_READ


def columns_for(kind: ObjectKind, contract: Iterable[str]) -> list[str]:
    """Columns a row of the table has: what the contract knows of the values, and the mark of deletion."""
    known = set(contract)
    return [*(name for name in kind.columns if name in known), DELETED]


def table_rows(
    items: Iterable[Item], kind: ObjectKind, columns: list[str], language: str, local: Local, file: str
) -> Iterator[TextRow]:
    """Rows of one kind of object in the order of the messages; `_line` is that of the object."""
    for item in items:
        if item.action == DELETE:
            yield from _deletions(item.element, kind, columns, file)
        elif item.element.name == kind.element:
            values = {**kind.make_row(item.element, language, local), DELETED: "false"}
            yield TextRow(item.element.line, [values[name] for name in columns], file=file)


def _deletions(element: Element, kind: ObjectKind, columns: list[str], file: str) -> Iterator[TextRow]:
    klasse = element.attributes.get("klasse", "").strip().lower()
    if klasse not in CLASSES:
        # Whose deletion it is nobody can say; unread it would leave something gone in every table.
        yield TextRow(element.line, (), "value_not_allowed", "klasse", klasse or None, file)
    elif klasse == kind.klasse.lower():
        # Without an id the row has no key: refused and counted, not passed over.
        for found in element.all("id") or [Element("id", element.line)]:
            values = {kind.key: identifier(found), DELETED: "true"}
            yield TextRow(element.line, [values.get(name) for name in columns], file=file)
