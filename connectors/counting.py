"""Groups instead of rows: counted in memory, batch by batch; persons as numbers that end with the run."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.batches import ROWS_PER_BATCH
from connectors.columns import require_columns
from connectors.persons import Aggregate, Period, fingerprinter, first_of
from connectors.spelling import typed_text
from warehouse.errors import ContractError
from warehouse.landing import FAULT, FAULT_COLUMN, FILE, LINE
from warehouse.textformat import CANONICAL, TextFormat

MOST_GROUPS = 200_000
MOST_DISTINCT = 5_000_000
"""Persons and documents told apart in one table: some 400 MB."""

Place = tuple[str | None, int]
"""File and line."""
Within = tuple[str, datetime | None, datetime]
"""The column of the cursor and its half-open window: beyond it groups are not whole."""

_BESIDE = (FAULT, FAULT_COLUMN, FILE)
_UNREADABLE = "not_a_date"


@dataclass(slots=True)
class _Group:
    file: str | None
    line: int
    rows: int = 0
    people: list[set[int]] = field(default_factory=list)


class Groups:
    """Takes batches with delivered columns and gives back batches with contract columns."""

    def __init__(
        self,
        rule: Aggregate,
        text_format: TextFormat | None,
        local: Callable[[datetime], datetime],
        where: str,
        within: Within | None = None,
    ) -> None:
        self._rule, self._format, self._local, self._where = rule, text_format, local, where
        self._within = within
        self._groups: dict[tuple[Any, ...], _Group] = {}
        # A key of its own for every run: what is kept in memory means nothing outside of it.
        self._key = secrets.token_bytes(32)
        self._fingerprint = fingerprinter(self._key)
        self._seen: set[int] = set()
        self._types: dict[str, pa.DataType] = {}
        self._distinct = self._next_line = 0
        self.rows = 0

    def take(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Count the rows of a batch; what comes back are rows that cannot be counted, each with its fault."""
        require_columns((*self._rule.by, *self._rule.counted), batch.schema.names, self._where)
        table = self._with_lines(pa.Table.from_batches([batch]))
        self.rows += table.num_rows
        for name in self._rule.by:
            table = self._cut(table, name)
            self._types.setdefault(name, table.column(name).type)
        refused = table.filter(pc.is_valid(table.column(FAULT)))
        if refused.num_rows:
            yield self._refused(refused)
        self._count(self._first_times(table.filter(pc.is_null(table.column(FAULT)))))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All groups, in the order of their first rows; at least one batch."""
        groups = iter(self._groups.items())
        piece = list(islice(groups, ROWS_PER_BATCH))
        while True:
            yield self._batch(piece)
            if not (piece := list(islice(groups, ROWS_PER_BATCH))):
                return

    def sizes(self) -> dict[Place, int]:
        """How many rows each group has, by the place of its first row."""
        return {(group.file, group.line): group.rows for group in self._groups.values()}

    def _with_lines(self, table: pa.Table) -> pa.Table:
        count = table.num_rows
        if LINE not in table.column_names:
            lines = np.arange(self._next_line + 1, self._next_line + 1 + count, dtype=np.int64)
            table = table.append_column(LINE, pa.array(lines))
        self._next_line += count
        for name in _BESIDE:
            if name not in table.column_names:
                table = table.append_column(name, pa.nulls(count, pa.string()))
        return table

    def _cut(self, table: pa.Table, name: str) -> pa.Table:
        """Days and moments as the first day of their period; a row with anything else is refused."""
        at, column, period = table.column_names.index(name), table.column(name), self._rule.cut.get(name)
        if period is None:
            plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
            return table.set_column(at, name, plain)
        encoded = pc.dictionary_encode(column.combine_chunks())
        values = encoded.dictionary.to_pylist()
        moments = [self._here(value) for value in values]
        table, encoded = self._only_within(table, name, moments, encoded)
        days = [self._day(moment, period) for moment in moments]
        unread = [day is None and self._says(value) for day, value in zip(days, values, strict=True)]
        broken = pc.fill_null(pa.array(unread, pa.bool_()).take(encoded.indices), False)
        broken = pc.and_(broken, pc.is_null(table.column(FAULT)))
        for place, told in ((FAULT, _UNREADABLE), (FAULT_COLUMN, name)):
            position = table.column_names.index(place)
            table = table.set_column(position, place, pc.if_else(broken, told, table.column(place)))
        kind = pa.date32() if self._format is None else pa.string()
        return table.set_column(at, name, pa.array(days, kind).take(encoded.indices))

    def _only_within(
        self, table: pa.Table, name: str, moments: Sequence[datetime | None], encoded: Any
    ) -> tuple[pa.Table, Any]:
        """Without what a service delivered beyond the window it was asked for."""
        if self._within is None or self._within[0] != name:
            return table, encoded
        _, since, until = self._within
        beyond = [m is not None and (m >= until or (since is not None and m < since)) for m in moments]
        out = pc.fill_null(pa.array(beyond, pa.bool_()).take(encoded.indices), False)
        self.rows -= pc.sum(out).as_py() or 0
        kept = pc.invert(out)
        return table.filter(kept), encoded.filter(kept)

    def _here(self, value: Any) -> datetime | None:
        moment = _moment(value, self._written)
        return self._local(moment) if moment and moment.tzinfo else moment

    def _day(self, moment: datetime | None, period: Period) -> date | str | None:
        if moment is None:
            return None
        day = first_of(moment, period).date()
        return day if self._format is None else typed_text(day, self._format)

    def _says(self, value: Any) -> bool:
        return value is not None and str(value).strip() not in ("", *self._written.null)

    @property
    def _written(self) -> TextFormat:
        return self._format or CANONICAL

    def _first_times(self, table: pa.Table) -> pa.Table:
        """Without the rows whose `once` was counted before."""
        if self._rule.once is None:
            return table
        kept: list[bool] = []
        for value in table.column(self._rule.once).to_pylist():
            known = len(self._seen)
            if value is not None:
                self._seen.add(_exactly(str(value), self._key))
            kept.append(value is None or len(self._seen) > known)
        self._require_limit(len(self._seen) + self._distinct, MOST_DISTINCT)
        return table.filter(pa.array(kept, pa.bool_()))

    def _count(self, table: pa.Table) -> None:
        people = list(dict.fromkeys(self._rule.distinct.values()))
        # Arrow reduces first: what remains for Python is one step for each person in each group.
        keys = list(dict.fromkeys((*self._rule.by, *people)))
        counted = table.group_by(keys, use_threads=False).aggregate(
            [(LINE, "first"), (FILE, "first"), ([], "count_all")]
        )
        columns = {name: counted.column(name).to_pylist() for name in counted.column_names}
        for at, rows in enumerate(columns["count_all"]):
            values = tuple(columns[name][at] for name in self._rule.by)
            group = self._group(values, columns[f"{FILE}_first"][at], columns[f"{LINE}_first"][at])
            group.rows += rows
            for place, source in enumerate(self._rule.distinct.values()):
                self._tell_apart(group.people[place], columns[source][at])
        self._require_limit(len(self._groups), MOST_GROUPS)
        self._require_limit(len(self._seen) + self._distinct, MOST_DISTINCT)

    def _group(self, values: tuple[Any, ...], file: str | None, line: int) -> _Group:
        if (group := self._groups.get(values)) is None:
            people: list[set[int]] = [set() for _ in self._rule.distinct]
            group = self._groups[values] = _Group(file, line, people=people)
        return group

    def _tell_apart(self, people: set[int], value: Any) -> None:
        # Nobody knows who it was: that is not one person more.
        if not self._says(value):
            return
        known = len(people)
        people.add(self._fingerprint(str(typed_text(value))))
        self._distinct += len(people) - known

    def _require_limit(self, found: int, limit: int) -> None:
        if found > limit:
            raise ContractError(
                "Die Zusammenfassung wird zu fein",
                code="too_many_groups",
                where=self._where,
                found=found,
                allowed=f"{limit} Gruppen oder unterschiedene Angaben",
                next_step="In persons.aggregate gröber zusammenfassen (by, cut) oder je Lauf weniger lesen",
            )

    def _refused(self, table: pa.Table) -> pa.RecordBatch:
        empty: dict[str, list[Any]] = {name: [None] * table.num_rows for name in self._schema.names}
        kept = {name: table.column(name).to_pylist() for name in (LINE, *_BESIDE)}
        return pa.RecordBatch.from_pydict({**empty, **kept}, schema=self._schema)

    def _batch(self, piece: list[tuple[tuple[Any, ...], _Group]]) -> pa.RecordBatch:
        told: dict[str, list[Any]] = {name: [None] * len(piece) for name in self._schema.names}
        told[LINE] = [group.line for _, group in piece]
        told[FILE] = [group.file for _, group in piece]
        for at, name in enumerate(self._rule.by):
            told[name] = [values[at] for values, _ in piece]
        told[self._rule.count] = [self._number(group.rows) for _, group in piece]
        for at, name in enumerate(self._rule.distinct):
            told[name] = [self._persons(len(group.people[at])) for _, group in piece]
        return pa.RecordBatch.from_pydict(told, schema=self._schema)

    @property
    def _schema(self) -> pa.Schema:
        number = pa.int64() if self._format is None else pa.string()
        by = [(name, self._types.get(name, pa.string())) for name in self._rule.by]
        counts = [(name, number) for name in (self._rule.count, *self._rule.distinct)]
        return pa.schema([(LINE, pa.int64()), *((name, pa.string()) for name in _BESIDE), *by, *counts])

    def _persons(self, count: int) -> int | str | None:
        return self._number(count) if count >= self._rule.at_least else None

    def _number(self, count: int) -> int | str:
        return count if self._format is None else str(count)


def each_value(column: pa.Array, change: Callable[[Any], Any], kind: pa.DataType) -> pa.Array:
    """The column with every different value changed once."""
    encoded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    changed = pa.array([change(value) for value in encoded.dictionary.to_pylist()], kind)
    return changed.take(encoded.indices)


def _moment(value: Any, written: TextFormat) -> datetime | None:
    """The point in time a value states: typed, or text by the declared formats (ISO without one)."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    text = str(value).strip()
    try:
        return datetime.fromisoformat(text) if written is CANONICAL else datetime.strptime(text, written.date)
    except ValueError:
        pass
    try:
        return datetime.strptime(text, written.timestamp)
    except ValueError:
        return None


def _exactly(text: str, key: bytes) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return int.from_bytes(digest)
