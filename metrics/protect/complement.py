"""Which further cells have to be hidden so that nobody computes a hidden one from the rest.

A hidden sum is safe when other amounts exist that give every visible sum as published and this one another
value, far enough away. Where none exist, the cheapest change of published sums that would allow it says
which cells to hide (an attacker's linear program with a price on every visible sum).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from metrics.protect.simplex import TOLERANCE, Matrix, Numbers, minimise
from metrics.protect.system import Attack, System


@dataclass(frozen=True, slots=True)
class Problem:
    """Published cells by number: what hiding each costs, which are sensitive, and what they state."""

    costs: Matrix
    sensitive: frozenset[int]
    systems: tuple[System, ...]


def hide(problem: Problem) -> frozenset[int]:
    """Return all cells to hide, the sensitive ones included.

    What is safe stays safe when more is hidden, so every cell is looked at once.
    """
    hidden = set(problem.sensitive)
    waiting = deque(sorted(hidden))
    while waiting:
        cell = waiting.popleft()
        for system in problem.systems:
            for number in system.sums_of(cell):
                added = _widen(problem, system, number, hidden) - hidden
                hidden |= added
                waiting.extend(sorted(added))
    return frozenset(hidden)


def _widen(problem: Problem, system: System, number: int, hidden: set[int]) -> set[int]:
    """Return what to hide so that a sum is as open as it has to be; nothing where it is."""
    if Attack(system, hidden).is_wide(number):
        return set()
    ways = [way for way in _ways(problem, system, number, hidden) if _suffices(system, number, hidden | way)]
    # Should arithmetic fail, everything is hidden rather than too little.
    ways = ways or [set(range(len(problem.costs)))]
    return min(ways, key=lambda way: (float(problem.costs[sorted(way - hidden)].sum()), sorted(way)))


def _suffices(system: System, number: int, hidden: set[int]) -> bool:
    return Attack(system, hidden).is_wide(number)


def _ways(problem: Problem, system: System, number: int, hidden: set[int]) -> Iterator[set[int]]:
    """Hide so that the sum could be larger, or smaller where there is room below.

    A step of one may be enough, as what lets a sum move a little often lets it move to both sides; the
    whole width upwards always is.
    """
    wanted, members = float(system.widths[number]), system.sums[number]
    room = float(members @ (system.amounts - system.floors))
    for step in dict.fromkeys((min(1.0, wanted), wanted)):
        yield _cheapest(problem, system, number, hidden, step)
        if room >= step:
            yield _cheapest(problem, system, number, hidden, -step)


def _cheapest(problem: Problem, system: System, number: int, hidden: set[int], step: float) -> set[int]:
    """Unknown is by how much each amount moves, up or down to its floor; visible sums that move cost.

    Columns: moves up, moves down, sums up, sums down, room left below. Rows: visible sums, room, the aim.
    """
    seen = np.flatnonzero(system.visible(hidden))
    sums, size, aim = system.sums[seen], len(system.amounts), system.sums[number] * np.sign(step)
    rows = len(seen) + size + 1
    tableau = np.zeros((rows + 1, 3 * size + 2 * len(seen) + 1))
    up, down = slice(0, size), slice(size, 2 * size)
    more = slice(2 * size, 2 * size + len(seen))
    less = slice(more.stop, more.stop + len(seen))
    room = slice(less.stop, less.stop + size)
    tableau[: len(seen), up], tableau[: len(seen), down] = -sums, sums
    tableau[: len(seen), more], tableau[: len(seen), less] = np.eye(len(seen)), -np.eye(len(seen))
    tableau[len(seen) : rows - 1, down] = tableau[len(seen) : rows - 1, room] = np.eye(size)
    tableau[len(seen) : rows - 1, -1] = system.amounts - system.floors
    tableau[rows - 1, up], tableau[rows - 1, down] = aim, -aim
    tableau[rows - 1, -1] = abs(step)
    prices = problem.costs[system.cell_of[seen]]
    tableau[rows, more] = tableau[rows, less] = prices
    basis = np.r_[np.arange(more.start, more.stop), np.arange(room.start, room.stop), -1]
    _begin(tableau, basis, len(seen), less.start)
    minimise(tableau, basis)
    values = np.zeros(tableau.shape[1] - 1)
    values[basis] = tableau[:-1, -1]
    moved = (values[more] + values[less]) > TOLERANCE
    return {int(cell) for cell in system.cell_of[seen[moved]]}


def _begin(tableau: Matrix, basis: Numbers, seen: int, less: int) -> None:
    """Find a first feasible tableau without a first phase of its own.

    The aim is reached by moving amounts of the wanted sum one after the other; what the visible sums then
    miss is taken by their own column of the fitting sign.
    """
    aim = len(basis) - 1
    while True:
        rates = tableau[aim, :-1]
        helpful = np.flatnonzero(rates > TOLERANCE)
        column = int(helpful[0])
        limits = np.flatnonzero(tableau[seen:aim, column] > TOLERANCE) + seen
        wanted = tableau[aim, -1] / rates[column]
        short = [int(r) for r in limits if tableau[r, -1] / tableau[r, column] < wanted - TOLERANCE]
        row = min(short, key=lambda r: float(tableau[r, -1] / tableau[r, column])) if short else aim
        _enter(tableau, row, column)
        basis[row] = column
        if row == aim:
            break
    for row in range(seen):
        if tableau[row, -1] < 0:
            tableau[row] *= -1
            basis[row] = less + row
    for row in range(len(basis)):
        tableau[-1] -= tableau[-1, basis[row]] * tableau[row]


def _enter(tableau: Matrix, row: int, column: int) -> None:
    """Pivot without mending signs: sums may still miss in either direction."""
    tableau[row] /= tableau[row, column]
    factors = tableau[:, column].copy()
    factors[row] = 0.0
    tableau -= factors[:, None] * tableau[row]
