"""From the columns of a file to the columns of a subject: rename, constants, map, sign, wide to long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from connectors.columns import require_columns
from connectors.formats.raw import RawRow
from connectors.formats.spec import MappedTable, Scalar, UnpivotColumn
from connectors.spelling import Value, typed_text
from warehouse.contract import Subject
from warehouse.landing import DELETED, TextFormat

Step = Callable[[RawRow], Value]


@dataclass(slots=True)
class ShapedRow:
    """One row with contract columns in the order of `Shape.columns`, or one refused row."""

    line: int
    values: list[Value]
    fault: str | None = None
    fault_column: str | None = None
    raw: str | None = None


class Shape:
    """The mapping of one file, worked out once from its header.

    Raises ContractError `missing_column` when the header lacks a declared or required column.
    """

    def __init__(self, header: list[str], table: MappedTable, subject: Subject, where: str) -> None:
        self.header, self.table, self.subject = header, table, subject
        self.positions = {name: position for position, name in enumerate(header)}
        self._require_columns(where)
        self.columns = [
            name for name in self._contract_columns() if name in subject.columns or name == DELETED
        ]
        variants: tuple[UnpivotColumn | None, ...] = table.unpivot.columns if table.unpivot else (None,)
        self._variants = [
            (variant, [self._step(name, variant) for name in self.columns]) for variant in variants
        ]
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
        return (row for row in rows if not self.is_skipped(row))

    def rows(self, raw_rows: Iterable[RawRow]) -> Iterator[ShapedRow]:
        """Shaped rows; a row that cannot be read stays one refused row."""
        for row in raw_rows:
            fault, column = self._fault(row)
            if fault:
                yield ShapedRow(row.line, [], fault, column, _readable(row.values))
                continue
            for variant, steps in self._variants:
                if variant and self._drops(row, variant):
                    continue
                yield ShapedRow(row.line, [step(row) for step in steps])

    def control_positions(self, name: str) -> list[int]:
        """Positions of the column(s) whose sum is controlled, by contract name or header."""
        if self.table.unpivot and self.table.unpivot.into == name:
            return [self.positions[column.source] for column in self.table.unpivot.columns]
        return [self._position(name)]

    def _fault(self, row: RawRow) -> tuple[str | None, str | None]:
        if row.fault:
            return row.fault, None
        for position in row.broken:
            if position in self._used:
                return "error_cell", self.header[position]
        return None, None

    def _drops(self, row: RawRow, variant: UnpivotColumn) -> bool:
        if self.table.unpivot is None or not self.table.unpivot.drop_empty:
            return False
        value = (row.values[self.positions[variant.source]] or "").strip()
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
        names |= {column.source for column in self.table.unpivot.columns} if self.table.unpivot else set()
        names |= {self.table.source_column(name) for name in self.table.skip_rows_where}
        if self.table.deleted_when:
            names.add(self.table.source_column(self.table.deleted_when.column))
        yield from (self.positions[name] for name in names if name in self.positions)

    def _position(self, name: str) -> int:
        return self.positions[self.table.source_column(name)]

    def _step(self, name: str, variant: UnpivotColumn | None) -> Step:
        text = self.table.written_as
        if name == DELETED and self.table.deleted_when:
            return _deleted(
                self._position(self.table.deleted_when.column), self.table.deleted_when.equals, text
            )
        if variant and name in variant.set:
            return _constant(render(variant.set[name], text))
        if name in self.table.constants:
            return _constant(render(self.table.constants[name], text))
        if variant and self.table.unpivot and name == self.table.unpivot.into:
            position, sign = self.positions[variant.source], variant.sign
        else:
            position, sign = self._position(name), 1
        return _take(position, self.table.map.get(name), sign * self.table.sign.get(name, 1))

    def _require_columns(self, where: str) -> None:
        table = self.table
        needed = table.needed(self.subject) | {table.source_column(name) for name in table.skip_rows_where}
        needed |= {table.source_column(table.deleted_when.column)} if table.deleted_when else set()
        if (
            table.control_total
            and table.control_total.column
            and not (table.unpivot and table.unpivot.into == table.control_total.column)
        ):
            needed.add(table.source_column(table.control_total.column))
        require_columns(needed, self.header, where)


def render(value: Scalar, text: TextFormat) -> str:
    """A constant of the declaration, written the way the file writes its values."""
    return typed_text(value, text) or ""


def negate(value: Value) -> Value:
    """The number with the other sign; anything that is no number stays as it is and is refused later."""
    stripped = (value or "").strip()
    if stripped.startswith("-"):
        return stripped[1:]
    return f"-{stripped.removeprefix('+')}" if stripped[:1].isdigit() or stripped[:1] == "+" else value


def _cell(row: RawRow, position: int) -> Value:
    return row.values[position] if position < len(row.values) else None


def _constant(value: str) -> Step:
    return lambda row: value


def _take(position: int, mapping: Mapping[str, str] | None, sign: int) -> Step:
    if mapping is not None:
        return lambda row: _mapped(row.values[position], mapping)
    if sign < 0:
        return lambda row: negate(row.values[position])
    return lambda row: row.values[position]


def _mapped(value: Value, mapping: Mapping[str, str]) -> Value:
    # A value nobody mapped stays visible, so that the quarantine can name it.
    return mapping.get((value or "").strip(), value)


def _deleted(position: int, equals: str, text: TextFormat) -> Step:
    yes, no = text.true[0], text.false[0]
    return lambda row: yes if (row.values[position] or "").strip() == equals else no


def _readable(values: Iterable[Value]) -> str:
    return ";".join(value or "" for value in values).encode("utf-8", "backslashreplace").decode("utf-8")
