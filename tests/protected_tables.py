"""Random tables with small numbers, and an attacker who tries every table that fits the published sums."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterator
from typing import Any

from metrics.definition import Definition
from metrics.protect.complement import hide
from metrics.protect.system import Attack, System
from metrics.protect.table import Row, Table, make_table

DIMENSIONS = ("a", "b", "c")


def definition(
    dimensions: int = 2, *, kind: str = "sum", min_cell: int = 5, cuts: Any = None, **more: Any
) -> Definition:
    """A metric over the first dimensions that publishes each of them, and all pairs of them."""
    names = DIMENSIONS[:dimensions]
    pairs = [[name] for name in names] + [list(pair) for pair in itertools.combinations(names, 2)]
    return Definition.model_validate(
        {
            "label": "Fälle",
            "number": "TST-01",
            "question": "Wie viele?",
            "kind": kind,
            "population": "antrag",
            "unit": "percent" if kind == "share" else "count",
            "better": "none",
            "over_time": "sum",
            "dimensions": names,
            "scope": "city",
            "numerator_text": "Fälle",
            "denominator_text": "Alle" if kind in ("share", "mean") else None,
            "meaning": "Fälle.",
            "revised": "2026-01-15",
            "min_cell": min_cell,
            "protect": {"cuts": pairs if cuts is None else cuts, **more},
        }
    )


def random_rows(seed: int, sizes: tuple[int, ...], most: int = 14) -> list[Row]:
    """Counts as small as they are where people are few; every third cell is empty."""
    chance = random.Random(seed)
    rows = []
    for place in itertools.product(*(range(size) for size in sizes)):
        n = chance.choice([0, chance.randint(1, 6), chance.randint(1, most)])
        if n:
            keys = dict(zip(DIMENSIONS, (f"{i}" for i in place), strict=False))
            rows.append(Row(keys, n, numerator=n))
    return rows


def random_shares(seed: int, sizes: tuple[int, ...]) -> list[Row]:
    """The same with a part of each count as numerator, none and all of them included."""
    chance = random.Random(seed)
    return [
        Row(row.keys, row.n, chance.choice([0, row.n, chance.randint(0, row.n)]), row.n)
        for row in random_rows(seed, sizes, 30)
    ]


def decided(metric: Definition, rows: list[Row]) -> tuple[Table, frozenset[int]]:
    """The table and what is hidden of it."""
    table = make_table(metric, rows)
    return table, hide(table.problem)


def too_narrow(table: Table, hidden: Collection[int]) -> list[tuple[Any, ...]]:
    """Every hidden sum that an attacker narrows down too far: its cell, the interval, the wanted width."""
    found = []
    for system in table.problem.systems:
        attack = Attack(system, hidden)
        for cell in sorted(hidden):
            for number in system.sums_of(cell):
                if not attack.is_wide(number):
                    place = table.cells[cell].cut, table.cells[cell].keys
                    found.append((*place, attack.interval(number), float(system.widths[number])))
    return found


def every_table(system: System, hidden: Collection[int], most: int) -> Iterator[tuple[int, ...]]:
    """All tables of whole numbers up to `most` with the visible sums: independent of any program."""
    seen = [i for i, cell in enumerate(system.cell_of) if cell not in hidden]
    wanted = [(system.sums[i], system.sums[i] @ system.amounts) for i in seen]
    ranges = [range(int(floor), most + 1) for floor in system.floors]
    for guess in itertools.product(*ranges):
        if all(row @ guess == value for row, value in wanted):
            yield guess
