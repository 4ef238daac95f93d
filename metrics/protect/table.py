"""The protected table of one metric and period: its cells, which are sensitive, and what they give away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from metrics.compute import quantile
from metrics.definition import Definition
from metrics.protect.complement import Problem
from metrics.protect.simplex import Matrix, Numbers
from metrics.protect.system import System
from metrics.result import Number

DOMINANCE = Fraction(85, 100)
"""A cell is hidden in which one contributor makes more than this part of the amount."""

Keys = tuple[str | None, ...]
Cut = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Finest known figures of one period: keys of all dimensions and levels any published cut uses."""

    keys: Mapping[str, str | None]
    n: int
    numerator: Number | None = None
    denominator: Number | None = None
    bucket: Number | None = None
    contributor: str | None = None


@dataclass(frozen=True, slots=True)
class TableCell:
    """One published cell with its true figures; `sensitive` on its own account, `base` its finest parts."""

    cut: Cut
    keys: Keys
    base: tuple[int, ...]
    n: int
    numerator: Number | None
    denominator: Number | None
    value: Fraction | None
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Table:
    """All cells of all published cuts together, and the attacker's view of them."""

    cells: tuple[TableCell, ...]
    problem: Problem


def make_table(definition: Definition, rows: Iterable[Row]) -> Table:
    """Cross-tabulate the rows of a period for every published cut; rows without cases do not count."""
    cuts = definition.cuts
    finest = tuple(dict.fromkeys(name for cut in cuts for name in cut))
    base: dict[Keys, list[Row]] = defaultdict(list)
    for row in rows:
        if row.n:
            base[tuple(row.keys[name] for name in finest)].append(row)
    groups: dict[tuple[Cut, Keys], list[int]] = defaultdict(list)
    order = sorted(base, key=lambda keys: tuple((key is None, key or "") for key in keys))
    for number, keys in enumerate(order):
        named = dict(zip(finest, keys, strict=True))
        for cut in cuts:
            groups[cut, tuple(named[name] for name in cut)].append(number)
    parts = [base[keys] for keys in order]
    cells = tuple(_cell(definition, cut, keys, inside, parts) for (cut, keys), inside in groups.items())
    return Table(cells, Problem(_costs(cells), _sensitive(cells), _systems(definition, cells, parts)))


def _cell(
    definition: Definition, cut: Cut, keys: Keys, inside: Sequence[int], parts: Sequence[Sequence[Row]]
) -> TableCell:
    rows = [row for number in inside for row in parts[number]]
    numerator, denominator = _sum(row.numerator for row in rows), _sum(row.denominator for row in rows)
    n = sum(row.n for row in rows)
    value = None
    if definition.kind == "quantile":
        buckets = [(row.bucket, row.n) for row in rows if row.bucket is not None]
        value = quantile(buckets, Fraction(str(definition.quantile)))
    small = [n]
    if definition.kind == "share":
        # Numerator, denominator and difference: whoever knows two of them knows the third.
        small += [numerator or 0, denominator or 0, (denominator or 0) - (numerator or 0)]  # type: ignore[list-item, operator]
    sensitive = any(0 < amount < definition.min_cell for amount in small) or _is_dominated(rows)
    return TableCell(cut, keys, tuple(inside), n, numerator, denominator, value, sensitive)


def _sum(amounts: Iterable[Number | None]) -> Number | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known[1:], start=known[0]) if known else None


def _is_dominated(rows: Sequence[Row]) -> bool:
    """Whether one contributor makes almost the whole amount, where contributors are known."""
    amounts: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        if row.contributor is not None and row.numerator is not None:
            amounts[row.contributor] += abs(Fraction(row.numerator))
    whole = sum((abs(Fraction(row.numerator)) for row in rows if row.numerator is not None), Fraction(0))
    return bool(amounts) and max(amounts.values()) > DOMINANCE * whole


def _sensitive(cells: Sequence[TableCell]) -> frozenset[int]:
    return frozenset(number for number, cell in enumerate(cells) if cell.sensitive)


def _costs(cells: Sequence[TableCell]) -> Matrix:
    """Prefer to hide small cells, and a total only when nothing else helps."""
    widest = max((len(cell.cut) for cell in cells), default=0)
    return np.array([(1 + np.log2(1 + c.n)) * 3.0 ** (widest - len(c.cut)) for c in cells], dtype=float)


def _systems(
    definition: Definition, cells: Sequence[TableCell], parts: Sequence[Sequence[Row]]
) -> tuple[System, ...]:
    n = [float(sum(row.n for row in part)) for part in parts]
    numerator = [_amount(row.numerator for row in part) for part in parts]
    denominator = [_amount(row.denominator for row in part) for part in parts]
    sums, cell_of = _membership(cells, len(parts)), np.arange(len(cells))
    # Zeros are shown, so an attacker knows that each finest part has a case.
    wide = np.full(len(cells), float(definition.min_cell))
    systems = [] if n == denominator else [System(np.array(n), np.ones(len(n)), sums, cell_of, wide)]
    if definition.kind == "share":
        systems.append(_share(numerator, denominator, sums, cell_of, wide))
    elif definition.kind == "mean":
        systems.append(System(np.array(denominator), np.zeros(len(n)), sums, cell_of, wide))
    if definition.kind in ("mean", "sum") and numerator != n:
        systems.append(_amounts(numerator, sums, cell_of))
    return tuple(systems)


def _share(
    numerator: Sequence[float],
    denominator: Sequence[float],
    sums: Matrix,
    cell_of: Numbers,
    wide: Matrix,
) -> System:
    """Every cell states three sums: those that have it, those that have not, and both together."""
    top = np.array(numerator)
    rest, none = np.array(denominator) - top, np.zeros_like(sums)
    amounts = np.concatenate([top, rest])
    stated = np.block([[sums, none], [none, sums], [sums, sums]])
    return System(amounts, np.minimum(amounts, 0), stated, np.tile(cell_of, 3), np.tile(wide, 3))


def _amounts(
    numerator: Sequence[float],
    sums: Matrix,
    cell_of: Numbers,
) -> System:
    """Amounts have to stay open by the part that the dominance rule leaves to all others."""
    amounts = np.array(numerator)
    wide = np.maximum(np.abs(sums @ amounts) * float(1 - DOMINANCE), 1.0)
    return System(amounts, np.minimum(amounts, 0), sums, cell_of, wide)


def _amount(amounts: Iterable[Number | None]) -> float:
    return float(sum((Decimal(str(amount)) for amount in amounts if amount is not None), Decimal(0)))


def _membership(cells: Sequence[TableCell], size: int) -> Matrix:
    sums = np.zeros((len(cells), size))
    for number, cell in enumerate(cells):
        sums[number, list(cell.base)] = 1.0
    return sums
