"""Decisions of later snapshots, for a run that builds on an earlier one: what was published stays decided."""

from __future__ import annotations

from collections.abc import Iterable

from metrics.lineage import Snapshot
from metrics.protect.decide import Draft
from metrics.protect.published import tables_exist

_TABLES = "SELECT metric, period, decided_on, definition FROM meta.protected_table ORDER BY metric, period"
_CELLS = """
SELECT metric, period, cut, keys, hidden, numerator, denominator, value, n
FROM meta.protected_cell
WHERE metric = ? AND period = ?
"""


def carry_over(draft: Draft, later: Iterable[Snapshot]) -> list[str]:
    """Take over tables the draft has not decided, from `later` in the order given; say which.

    Deciding them anew would put a second table beside the one that was already shown.
    """
    there = set(draft.execute("SELECT metric, period FROM meta.protected_table").fetchall())
    notes: list[str] = []
    for snapshot in later:
        for line in snapshot.query(_TABLES) if tables_exist(snapshot) else ():
            metric, period = line[:2]
            if (metric, period) in there:
                continue
            there.add((metric, period))
            draft.execute("INSERT INTO meta.protected_table VALUES ($1, $2, $3, $4)", list(line))
            for cell in snapshot.query(_CELLS, [metric, period]):
                marks = "$1, $2, $3, $4, $5, $6, $7, $8, $9"
                draft.execute(f"INSERT INTO meta.protected_cell VALUES ({marks})", list(cell))  # noqa: S608
            notes.append(
                f"{metric}: Der Zeitraum ab {period:%d.%m.%Y} ist seit dem Stand {snapshot.name}"
                " festgeschrieben."
            )
    return notes
