"""Sums printed in a file, checked against its own columns: a contradiction is told, not corrected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.base import Finding
from connectors.formats.raw import RawRow
from connectors.formats.spec import Equation
from warehouse.textformat import TextFormat, parse_number


@dataclass
class _Tally:
    """How often one equation was checked and did not hold, and by how much at most."""

    checked: int = 0
    wrong: int = 0
    worst: Decimal = Decimal(0)
    line: int = 0


class Equations:
    """Checks the declared equations over all rows of a delivery while they stream through."""

    def __init__(self, equations: Sequence[Equation], text: TextFormat) -> None:
        self._equations, self._text = equations, text
        self._tallies = [_Tally() for _ in equations]

    def watch(self, rows: Iterator[RawRow], header: Sequence[str]) -> Iterator[RawRow]:
        """Pass rows on."""
        if not self._equations:
            yield from rows
            return
        places = {name: position for position, name in enumerate(header)}
        for row in rows:
            if not row.fault:
                for equation, tally in zip(self._equations, self._tallies, strict=True):
                    self._check(equation, tally, row, places)
            yield row

    def findings(self, where: str) -> Iterator[Finding]:
        """One warning for every equation that did not hold in all rows."""
        for equation, tally in zip(self._equations, self._tallies, strict=True):
            if tally.wrong:
                sum_of = " + ".join(f"„{name}“" for name in equation.plus)
                sum_of += "".join(f" − „{name}“" for name in equation.minus)
                what = f"„{equation.total}“ ist nicht {sum_of}"
                counted = f"in {tally.wrong} von {tally.checked} Zeilen, am meisten in Zeile {tally.line}"
                yield Finding("warning", "sum_mismatch", f"{what}: {counted} ({tally.worst})", where)

    def _check(self, equation: Equation, tally: _Tally, row: RawRow, places: dict[str, int]) -> None:
        numbers = {name: parse_number(row.values[places[name]], self._text) for name in equation.names}
        known = {name: number for name, number in numbers.items() if number is not None}
        if len(known) < len(numbers):
            # Unknown is not zero: without all of its parts a sum says nothing.
            return
        tally.checked += 1
        total = sum(known[name] for name in equation.plus) - sum(known[name] for name in equation.minus)
        off = abs(known[equation.total] - total)
        if off > equation.tolerance:
            tally.wrong += 1
            if off > tally.worst:
                tally.worst, tally.line = off, row.line
