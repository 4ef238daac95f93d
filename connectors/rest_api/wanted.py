"""Which places of a record a table looks at; everything else is left where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.rest_api.spec import RestTable
from warehouse.contract import Subject


class Wanted:
    """The places (paths, or headers of a CSV) by name; which of them make the `key` and tell the state.

    `stated` is the number of the place that says of when a record is, None when none does.
    """

    def __init__(self, table: RestTable, subject: Subject) -> None:
        self.names = list(dict.fromkeys(_names(table, subject)))
        self.beginnings = {
            re.split(r"[.\[|]", choice, maxsplit=1)[0] for name in self.names for choice in name.split("|")
        } | set(self.names)
        self.stated = self.names.index(table.as_of) if table.as_of else None
        supplied = table.supplied()
        key = [table.source_column(name) for name in table.key or subject.key if name not in supplied]
        places = {name: place for place, name in enumerate(self.names)}
        self.key = [places[name] for name in key if name in places] or list(places.values())

    def header(self, delivered: Sequence[str]) -> list[str]:
        """The header of a CSV with each name as it is declared (`leika_key|leikaKey`)."""
        spelled = {choice: name for name in self.names for choice in name.split("|")}
        return [spelled.get(name, name) for name in delivered]


def _names(table: RestTable, subject: Subject) -> Iterator[str]:
    supplied = table.supplied()
    for name in subject.columns:
        if name not in supplied:
            yield table.source_column(name)
    yield from sorted(table.needed(subject))
    yield from sorted(table.looked_at())
    if table.as_of:
        yield table.as_of
    if table.deleted_when:
        yield table.source_column(table.deleted_when.column)
