"""Control totals: a delivery that does not add up to its own total is refused as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from connectors.base import ControlTotal
from connectors.formats.raw import RawRow, half_file
from connectors.formats.shape import Shape
from warehouse.errors import ContractError
from warehouse.textformat import TextFormat, parse_number


class Control:
    """Adds up the controlled column over the rows of a delivery while they stream through."""

    def __init__(self, control: ControlTotal, text: TextFormat) -> None:
        self.control, self.text = control, text
        self.total = Decimal(0)

    def watch(self, rows: Iterator[RawRow], shape: Shape, where: str) -> Iterator[RawRow]:
        """Pass rows on without subtotals and trailer; raises `half_file` or `control_total_mismatch`."""
        positions = shape.control_positions(self.control.column) if self.control.column else []
        file_total, count, last = Decimal(0), 0, None
        for row in _without_last(rows) if self.control.trailer else rows:
            if isinstance(row, Last):
                last = row.row
                continue
            if shape.is_skipped(row):
                continue
            count += 1
            file_total += self._sum(row, positions)
            yield row
        self.total += file_total
        if self.control.trailer:
            self._compare(last, file_total, count, where)

    def finish(self, where: str) -> None:
        """Compare the whole delivery with the fixed total."""
        if self.control.value is not None and self.total != self.control.value:
            raise mismatch(where, "sum", self.total, self.control.value)

    def _sum(self, row: RawRow, positions: list[int]) -> Decimal:
        values = (row.values[at] for at in positions if at < len(row.values))
        return sum((parse_number(value, self.text) or Decimal(0) for value in values), Decimal(0))

    def _compare(self, last: RawRow | None, total: Decimal, count: int, where: str) -> None:
        fields = [value.strip() for value in (last.values if last else []) if value and value.strip()]
        word = self.control.trailer or ""
        if not fields or not fields[0].startswith(word):
            raise half_file(where, f"die letzte Zeile beginnt nicht mit „{word}“")
        expected = [Decimal(count)] if self.control.rows else []
        expected += [total] if self.control.column else []
        stated = [parse_number(value, self.text) for value in fields[1:]]
        if stated != expected:
            found = " / ".join(fields[1:]) or "nichts"
            raise mismatch(where, "sum", " / ".join(str(value) for value in expected), found)


class Last:
    """Marks the last row of a file."""

    def __init__(self, row: RawRow) -> None:
        self.row = row


def _without_last(rows: Iterator[RawRow]) -> Iterator[RawRow | Last]:
    held: RawRow | None = None
    for row in rows:
        if held is not None:
            yield held
        held = row
    if held is not None:
        yield Last(held)


def mismatch(where: str, what: str, counted: object, stated: object) -> ContractError:
    """The error of a delivery whose rows and total contradict each other."""
    return ContractError(
        "Die Kontrollsumme stimmt nicht mit den Zeilen überein",
        code="control_total_mismatch",
        where=where,
        found=f"aus den Zeilen berechnet: {counted}",
        allowed=f"in der Datei angegeben: {stated}",
        next_step="Bei der zuständigen Stelle eine neue Lieferung anfordern",
    )
