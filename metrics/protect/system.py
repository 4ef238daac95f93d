"""What an attacker can work with: unknown amounts and the sums of them that tables state or hide."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.protect.simplex import TOLERANCE, Matrix, Numbers, Polyhedron

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class System:
    """Unknown `amounts`, each known to be at least its floor, and sums of them.

    `sums` has one row of zeros and ones per sum; `cell_of` says which published cell states it, `widths`
    how uncertain it has to stay when that cell is hidden.
    """

    amounts: Matrix
    floors: Matrix
    sums: Matrix
    cell_of: Numbers
    widths: Matrix

    def sums_of(self, cell: int) -> list[int]:
        """The sums one published cell states."""
        return [int(number) for number in np.flatnonzero(self.cell_of == cell)]

    def visible(self, hidden: Collection[int]) -> npt.NDArray[np.bool_]:
        """Which sums an attacker reads."""
        return ~np.isin(self.cell_of, list(hidden))


class Attack:
    """Everything that follows from the visible sums of a system, by linear programming."""

    def __init__(self, system: System, hidden: Collection[int]) -> None:
        self._system = system
        visible = system.visible(hidden)
        equations = _different(system.sums[visible])
        rest = system.amounts - system.floors
        self._fixed = _fixed(equations)
        self._equations = _different(equations[:, ~self._fixed])
        self._free = np.flatnonzero(~self._fixed)
        self._part_of = _parts(self._equations, len(self._free))
        self._right = self._equations @ rest[self._free]
        self._solved: dict[int, Polyhedron] = {}

    def interval(self, number: int) -> Interval:
        """Smallest and largest possible value of a sum."""
        wanted = self._system.sums[number]
        sure = float(wanted @ np.where(self._fixed, self._system.amounts, self._system.floors))
        low = high = sure
        free = wanted[self._free]
        for part in sorted({int(p) for p in self._part_of[free > 0]}):
            inside = np.flatnonzero(self._part_of == part)
            if part not in self._solved:
                self._solved[part] = self._solve(inside)
            cost = free[inside]
            low += self._solved[part].least(cost)
            high -= self._solved[part].least(-cost)
        return low, high

    def width(self, number: int) -> float:
        """Difference between both ends."""
        low, high = self.interval(number)
        return high - low

    def is_wide(self, number: int) -> bool:
        """Whether a sum stays as uncertain as it has to."""
        width, wanted = self.width(number), float(self._system.widths[number])
        return math.isinf(width) or width >= wanted - TOLERANCE * max(1.0, wanted)

    def _solve(self, inside: Numbers) -> Polyhedron:
        rows = np.flatnonzero(self._equations[:, inside].any(axis=1))
        return Polyhedron(self._equations[np.ix_(rows, inside)], self._right[rows])


def _different(equations: Matrix) -> Matrix:
    kept = equations[equations.any(axis=1)]
    return np.unique(kept, axis=0) if kept.size else kept


def _fixed(equations: Matrix) -> npt.NDArray[np.bool_]:
    """Amounts that follow one after the other, each as the last unknown of a sum."""
    fixed = np.zeros(equations.shape[1], dtype=bool)
    while True:
        open_ = equations[:, ~fixed]
        alone = open_.sum(axis=1) == 1
        if not alone.any():
            return fixed
        fixed[np.flatnonzero(~fixed)[open_[alone].any(axis=0)]] = True


def _parts(equations: Matrix, size: int) -> Numbers:
    """Number the groups of unknowns that no equation connects with each other."""
    part = np.arange(size)
    for row in equations:
        inside = row > 0
        part[np.isin(part, part[inside])] = part[inside].min()
    return part


def narrowest(systems: Sequence[System], hidden: Collection[int]) -> list[tuple[float, float]]:
    """Width and wanted width of every hidden sum, for an attacker who reads all the rest."""
    found = []
    for system in systems:
        attack = Attack(system, hidden)
        for cell in sorted(hidden):
            found += [(attack.width(s), float(system.widths[s])) for s in system.sums_of(cell)]
    return found
