"""Linear programs small enough for memory: a dense tableau in two phases.

Coefficients are 0, 1 and -1, so that floating point stays close to whole numbers.
"""

from __future__ import annotations

import math
from itertools import count

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

TOLERANCE = 1e-7
# Beyond this the rule that cannot run in circles takes over from the quicker one.
PATIENCE = 2000


class InfeasibleError(ArithmeticError):
    """No point satisfies the equations."""


class Polyhedron:
    """All y ≥ 0 with `matrix` y = `right`. Raises InfeasibleError when there are none."""

    def __init__(self, matrix: Matrix, right: Matrix) -> None:
        rows, self._columns = matrix.shape
        sign = np.where(right < 0, -1.0, 1.0)
        tableau = np.zeros((rows + 1, self._columns + rows + 1))
        tableau[:rows, : self._columns] = matrix * sign[:, None]
        tableau[:rows, self._columns : -1] = np.eye(rows)
        tableau[:rows, -1] = right * sign
        tableau[rows, : self._columns] = -tableau[:rows, : self._columns].sum(axis=0)
        tableau[rows, -1] = -tableau[:rows, -1].sum()
        basis = np.arange(self._columns, self._columns + rows)
        minimise(tableau, basis)
        if -tableau[rows, -1] > TOLERANCE * max(1.0, float(np.abs(right).sum())):
            raise InfeasibleError("Gleichungen ohne gemeinsame Lösung")
        self._tableau, self._basis = _without_helpers(tableau, basis, self._columns)

    def least(self, cost: Matrix) -> float:
        """Smallest value of cost·y; minus infinity when there is none."""
        tableau = self._tableau
        tableau[-1, :-1] = cost
        tableau[-1, -1] = 0.0
        tableau[-1] -= cost[self._basis] @ tableau[:-1]
        return -float(tableau[-1, -1]) if minimise(tableau, self._basis) else -math.inf


def minimise(tableau: Matrix, basis: Numbers) -> bool:
    """Improve a feasible tableau (last row: reduced costs, last column: values) until nothing is gained.

    Changes both arguments; False when there is no bound.
    """
    for step in count():
        column = _entering(tableau[-1, :-1], step)
        if column is None:
            return True
        row = _leaving(tableau, basis, column)
        if row is None:
            return False
        pivot(tableau, row, column)
        basis[row] = column
    raise AssertionError("unreachable")


def pivot(tableau: Matrix, row: int, column: int) -> None:
    """Bring a column into the basis at a row."""
    tableau[row] /= tableau[row, column]
    factors = tableau[:, column].copy()
    factors[row] = 0.0
    touched = np.flatnonzero(factors)
    tableau[touched] -= factors[touched, None] * tableau[row]
    np.maximum(tableau[:-1, -1], 0.0, out=tableau[:-1, -1])


def _entering(costs: Matrix, step: int) -> int | None:
    if step < PATIENCE:
        best = int(np.argmin(costs)) if costs.size else 0
        return best if costs.size and costs[best] < -TOLERANCE else None
    negative = np.flatnonzero(costs < -TOLERANCE)
    return int(negative[0]) if negative.size else None


def _leaving(tableau: Matrix, basis: Numbers, column: int) -> int | None:
    rates, values = tableau[:-1, column], tableau[:-1, -1]
    rows = np.flatnonzero(rates > TOLERANCE)
    if not rows.size:
        return None
    ratios = values[rows] / rates[rows]
    tied = rows[ratios <= ratios.min() + TOLERANCE]
    return int(tied[np.argmin(basis[tied])])


def _without_helpers(tableau: Matrix, basis: Numbers, columns: int) -> tuple[Matrix, Numbers]:
    """Take the helping columns of the first phase out; rows that say nothing new go with them."""
    kept = []
    for row in range(len(basis)):
        if basis[row] >= columns:
            usable = np.flatnonzero(np.abs(tableau[row, :columns]) > TOLERANCE)
            if not usable.size:
                continue
            pivot(tableau, row, int(usable[0]))
            basis[row] = usable[0]
        kept.append(row)
    wanted = np.r_[np.arange(columns), tableau.shape[1] - 1]
    return tableau[np.ix_([*kept, len(basis)], wanted)], basis[kept]
