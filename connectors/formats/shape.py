"""From the columns of a file to the columns of a subject: rename, constants, map, sign, wide to long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connectors.columns import require_columns
from connectors.formats.mapping import MappedTable, UnpivotColumn
from connectors.formats.raw import RawRow
from connectors.formats.rules import NO_RULE, Decision, Rules
from connectors.formats.steps import Step, composed, constant, deleted, extracted, render, take, turned
from connectors.spelling import Value
from warehouse.contract import Subject
from warehouse.errors import ContractError
from warehouse.landing import DELETED


@dataclass(slots=True)
class ShapedRow:
    """One row with contract columns in the order of `Shape.columns`, or one refused row."""

    line: int
    values: list[Value]
    fault: str | None = None
    fault_column: str | None = None
    raw: str | None = None


@dataclass(frozen=True)
class _Variant:
    """One row that a delivered row becomes: the place of its amount, what stands in its columns."""

    steps: list[Step]
    amount: int | None


class Shape:
    """The mapping of one file, worked out once from its header.

    Raises ContractError `missing_column` when the header lacks a declared or required column.
    """

    def __init__(self, header: list[str], table: MappedTable, subject: Subject, where: str) -> None:
        self.header, self.table, self.subject = header, table, subject
        self.positions = {name: position for position, name in enumerate(header)}
        self.wide = _expanded(header, table, where)
        self._require_columns(where)
        self.columns = [
            name for name in self._contract_columns() if name in subject.columns or name == DELETED
        ]
        variants: tuple[UnpivotColumn | None, ...] = self.wide if table.unpivot else (None,)
        self._variants = [self._variant(variant) for variant in variants]
        self._rules = Rules(table, self.positions, self.columns) if table.rule else None
        self._used = sorted(self._used_positions())
        self._skip = [
            (self._position(name), frozenset(words)) for name, words in table.skip_rows_where.items()
        ]

    def unknown_columns(self) -> list[str]:
        """Headers nobody asked for."""
        return [name for position, name in enumerate(self.header) if position not in self._used]

    def is_skipped(self, row: RawRow) -> bool:
        """True for declared subtotal rows, which would be counted twice."""
        return any((_cell(row, at) or "").strip() in words for at, words in self._skip)

    def without_skipped(self, rows: Iterable[RawRow]) -> Iterator[RawRow]:
        """The rows that count."""
        return (row for row in rows if not self.is_skipped(row)) if self._skip else iter(rows)

    def rows(self, raw_rows: Iterable[RawRow]) -> Iterator[ShapedRow]:
        """Shaped rows; a row that cannot be read stays one refused row."""
        for row in raw_rows:
            fault, column = self._fault(row)
            if fault:
                yield ShapedRow(row.line, [], fault, column, _readable(row.values))
                continue
            for variant in self._variants:
                if not self._drops(row, variant):
                    yield from self._shaped(row, variant)

    def control_positions(self, name: str) -> list[int]:
        """Positions of the column(s) whose sum is controlled, by contract name or header."""
        if self.table.unpivot and self.table.unpivot.into == name:
            return [self.positions[column.source or ""] for column in self.wide]
        return [self._position(name)]

    def _shaped(self, row: RawRow, variant: _Variant) -> Iterator[ShapedRow]:
        values = [step(row) for step in variant.steps]
        if self._rules is None:
            yield ShapedRow(row.line, values)
            return
        amount = None if variant.amount is None else row.values[variant.amount]
        decided = self._rules.decide(row, amount, values)
        if decided is Decision.NONE:
            yield ShapedRow(row.line, [], NO_RULE, self._rules.column, _readable(row.values))
        elif decided is Decision.KEEP:
            yield ShapedRow(row.line, values)

    def _fault(self, row: RawRow) -> tuple[str | None, str | None]:
        if row.fault:
            return row.fault, None
        for position in row.broken:
            if position in self._used:
                return "error_cell", self.header[position]
        return None, None

    def _drops(self, row: RawRow, variant: _Variant) -> bool:
        if self.table.unpivot is None or not self.table.unpivot.drop_empty or variant.amount is None:
            return False
        value = (row.values[variant.amount] or "").strip()
        return value in ("", *self.table.written_as.null)

    def _contract_columns(self) -> Iterator[str]:
        supplied = self.table.supplied()
        for name in self.subject.columns:
            if name in supplied or self.table.source_column(name) in self.positions:
                yield name
        if self.table.deleted_when:
            yield DELETED

    def _used_positions(self) -> Iterator[int]:
        names = {self.table.source_column(name) for name in self.columns if name not in self.table.supplied()}
        names |= {column.source or "" for column in self.wide} | self.table.looked_at()
        if self.table.deleted_when:
            names.add(self.table.source_column(self.table.deleted_when.column))
        yield from (self.positions[name] for name in names if name in self.positions)

    def _position(self, name: str) -> int:
        return self.positions[self.table.source_column(name)]

    def _variant(self, column: UnpivotColumn | None) -> _Variant:
        steps = [self._step(name, column) for name in self.columns]
        amount = self.table.amount_column
        if column is not None:
            return _Variant(steps, self.positions[column.source or ""])
        return _Variant(steps, self._position(amount) if amount else None)

    def _step(self, name: str, variant: UnpivotColumn | None) -> Step:
        table = self.table
        if name == DELETED and table.deleted_when:
            place = self._position(table.deleted_when.column)
            return deleted(place, table.deleted_when.equals, table.written_as)
        if variant and name in variant.set:
            return constant(render(variant.set[name], table.written_as))
        if name in table.constants:
            return constant(render(table.constants[name], table.written_as))
        sign: int = table.sign.get(name, 1)
        if variant and table.unpivot and name == table.unpivot.into:
            step, sign = take(self.positions[variant.source or ""]), sign * variant.sign
        else:
            step = self._taken(name)
        return turned(step, table.map.get(name), table.factor.get(name), sign, table.written_as)

    def _taken(self, name: str) -> Step:
        if name in self.table.compose:
            return composed(self.table.compose[name], self.positions)
        if name in self.table.extract:
            extract = self.table.extract[name]
            return extracted(self.positions[extract.source], extract.match)
        if self.table.source_column(name) in self.positions:
            return take(self._position(name))
        # Only some rules say what stands here.
        return lambda row: None

    def _require_columns(self, where: str) -> None:
        table = self.table
        needed = table.needed(self.subject)
        needed |= {table.source_column(table.deleted_when.column)} if table.deleted_when else set()
        control = table.control_total.column if table.control_total else None
        if control and not (table.unpivot and table.unpivot.into == control):
            needed.add(table.source_column(control))
        if table.amount:
            needed.add(table.source_column(table.amount))
        require_columns(needed, self.header, where)


def _expanded(header: list[str], table: MappedTable, where: str) -> tuple[UnpivotColumn, ...]:
    """The columns of the unpivot with every pattern replaced by the headers that fit it."""
    found: list[UnpivotColumn] = []
    for column in table.unpivot.columns if table.unpivot else ():
        if column.match is None:
            found.append(column)
            continue
        matches = [match for name in header if (match := re.fullmatch(column.match, name))]
        if not matches:
            raise ContractError(
                f"Spalte fehlt: keine passt zu „{column.match}“",
                code="missing_column",
                where=where,
                found=", ".join(header),
                next_step="Bei der zuständigen Stelle fragen, ob die Spalten umbenannt wurden",
            )
        found += [_one_of(column, match, table) for match in matches]
    return tuple(found)


def _one_of(column: UnpivotColumn, match: re.Match[str], table: MappedTable) -> UnpivotColumn:
    said = {name: text for name, text in match.groupdict().items() if text is not None}
    words = {name: table.map.get(name, {}).get(text, text) for name, text in said.items()}
    return UnpivotColumn.model_validate(
        {"from": match[0], "set": {**words, **column.set}, "sign": column.sign}
    )


def _cell(row: RawRow, position: int) -> Value:
    return row.values[position] if position < len(row.values) else None


def _readable(values: Iterable[Value]) -> str:
    return ";".join(value or "" for value in values).encode("utf-8", "backslashreplace").decode("utf-8")
