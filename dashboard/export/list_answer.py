"""Records of the explorer as an export tells them: columns, filters, facts, where their rows come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dashboard import formats
from dashboard.export.cells import cleaned
from dashboard.export.explorer_answer import dataset_rows
from dashboard.export.facts import Facts
from metrics.records import RecordColumnInfo

Handle = Callable[[Any], None]
NAME = "_name"


class RowSource(Protocol):
    """Chosen records, not read yet. `stream` hands Arrow batches in the order of `columns` to a function."""

    @property
    def columns(self) -> tuple[RecordColumnInfo, ...]:
        """The columns that may leave."""

    @property
    def total(self) -> int:
        """How many records there are."""

    def stream(self, handle: Handle) -> None:
        """Hand over all rows; what `handle` raises ends the reading."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with everything its files say about it. `units` names organisation units by id."""

    dataset: str
    title: str
    filters: tuple[tuple[str, str], ...]
    facts: Facts
    source: RowSource
    units: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    dataset_title: str = ""

    def metadata(self) -> list[tuple[str, str]]:
        """Return (name, content) of the sheet „Metadaten“."""
        filters = [(f"Filter {name}", value) for name, value in self.filters] or [("Filter", "keine")]
        columns = [(f"Spalte {c.name}", f"{c.label} ({TYPES[c.type]})") for c in self.source.columns]
        told = [
            ("Titel", self.title),
            *dataset_rows(self.dataset, self.dataset_title),
            ("Datensätze", formats.number(self.source.total)),
            *filters,
            *self.facts.standing(),
            *columns,
            *self.definitions,
            *(("Anmerkung", note) for note in self.notes),
            *self.facts.made(),
        ]
        return [(name, content) for name, content in told if content]

    def names(self) -> list[str]:
        """Return the technical names; a unit's id is followed by its name."""
        return [name for column in self.source.columns for name in names_of(column)]

    def values(self, batch: Any) -> Sequence[list[Any]]:
        """Return the values of a batch by column of the file, texts without signs no document may hold."""
        columns: list[list[Any]] = []
        for column, array in zip(self.source.columns, batch.columns, strict=True):
            values = array.to_pylist()
            if column.type == "timestamp":
                values = [None if value is None else local(value, self.facts.zone) for value in values]
            elif column.type in TEXTS:
                values = [None if value is None else cleaned(value) for value in values]
            columns.append(values)
            if column.type == "unit":
                columns.append(
                    [None if v is None else cleaned(self.units.get(v, "")) or None for v in values]
                )
        return columns


TEXTS = frozenset({"text", "unit"})
TYPES: Mapping[str, str] = {
    "text": "Text",
    "unit": "Kennung einer Organisationseinheit",
    "integer": "ganze Zahl",
    "number": "Zahl",
    "eur": "Betrag in Euro",
    "boolean": "ja oder nein",
    "date": "Tag",
    "timestamp": "Zeitpunkt in Ortszeit, in Parquet Weltzeit",
    "year": "Jahr",
}


def names_of(column: RecordColumnInfo) -> tuple[str, ...]:
    """Return the columns of a file that a column of the list becomes."""
    return (column.name, f"{column.name}{NAME}") if column.type == "unit" else (column.name,)


def local(value: datetime, zone: ZoneInfo) -> datetime:
    """A moment as clocks of the town show it: the warehouse keeps universal time without saying so."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(zone).replace(tzinfo=None)
