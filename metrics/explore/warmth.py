"""Shades of cells: how large each is among those it may be compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from metrics.explore.layout import Layout
from metrics.explore.result import CellKey, PivotCell

Group = tuple[int, int]


def with_warmth(cells: Mapping[CellKey, PivotCell], layout: Layout, columns: int) -> dict[CellKey, PivotCell]:
    """Return cells with their warmth: 0 for the smallest, 1 for the largest of a measure and level.

    columns: how many column fields there are. Totals and opened rows have none, nor has what is not told.
    """
    opened = {row.path[:end] for row in layout.rows for end in range(len(row.path))}
    groups: dict[Group, dict[CellKey, Fraction]] = {}
    for key, cell in cells.items():
        row, column, number = key
        is_part = row not in opened and len(column) == columns and (row or column)
        if is_part and cell.state == "value" and cell.shown is not None:
            groups.setdefault((number, len(row)), {})[key] = Fraction(cell.shown)
    found = dict(cells)
    for amounts in groups.values():
        low, high = min(amounts.values()), max(amounts.values())
        for key, amount in amounts.items():
            share = (amount - low) / (high - low) if high > low else Fraction(0)
            found[key] = replace(cells[key], warmth=float(share))
    return found
