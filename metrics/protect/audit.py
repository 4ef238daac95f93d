"""Attacks the protected tables of a snapshot as an outsider would, and says what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from metrics.catalog import Catalog, Metric
from metrics.lineage import Snapshot
from metrics.protect.decide import base_rows
from metrics.protect.published import tables_exist
from metrics.protect.system import narrowest
from metrics.protect.table import Table, make_table
from metrics.result import Number

EXACT = 1e-6
# Every figure by unit rests on the organisation; that says nothing about anybody.
_SHARED = {"org_unit"}
_CELLS = """
SELECT cut, keys, hidden, n, numerator, denominator, value
FROM meta.protected_cell
WHERE metric = ? AND period = ?
"""
Figures = tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Attack on one pattern: hidden sums known exactly, hidden sums known too closely, and the width that
    comes nearest to the wanted one (infinite when nothing bounds it, None when nothing is hidden)."""

    exact: int
    too_close: int
    narrowest: float | None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One protected table. `before` hides sensitive cells only, `after` is what was published.

    `changed`: later deliveries no longer agree with the decided figures, which stay; not attacked then.
    """

    metric: str
    period: date
    cells: int
    sensitive: int
    hidden: int
    min_cell: int
    changed: bool
    before: Outcome | None
    after: Outcome | None


@dataclass(frozen=True, slots=True)
class Audit:
    """All tables, and other metrics made of the same deliveries as protected ones.

    `beside`: the protected metric, one without protected tables, and from how many cases on that gives
    figures (0: always). `apart`: protected metrics each of which was attacked for itself, not with the other.
    """

    lines: tuple[AuditLine, ...]
    beside: tuple[tuple[str, str, int], ...]
    apart: tuple[tuple[str, str], ...] = ()

    @property
    def not_attacked(self) -> int:
        """Tables whose deliveries have changed: what they hide is no longer known."""
        return sum(line.changed for line in self.lines)

    @property
    def is_sound(self) -> bool:
        """Whether no hidden figure of the tables attacked came out too closely."""
        return all(line.after is None or not line.after.too_close for line in self.lines)


def audit(catalog: Catalog, snapshot: Snapshot) -> Audit:
    """Attack every protected table of a snapshot by linear programming."""
    protected = [metric for metric in catalog.metrics.values() if metric.definition.protect]
    lines = tuple(line for metric in protected for line in _lines(metric, snapshot))
    pairs = [
        (metric, other)
        for metric in protected
        for other in catalog.metrics.values()
        if other is not metric and (other.subjects & metric.subjects) - _SHARED
    ]
    beside = tuple(
        (metric.id, other.id, other.definition.least_cases)
        for metric, other in pairs
        if not other.definition.min_cell
    )
    apart = tuple(
        (metric.id, other.id)
        for metric, other in pairs
        if other.definition.min_cell and (not other.definition.protect or metric.id < other.id)
    )
    return Audit(lines, beside, apart)


def _lines(metric: Metric, snapshot: Snapshot) -> Iterator[AuditLine]:
    if not tables_exist(snapshot):
        return
    periods = [
        row[0]
        for row in snapshot.query(
            "SELECT period FROM meta.protected_table WHERE metric = ? ORDER BY period", [metric.id]
        )
    ]
    rows = base_rows(snapshot.query, metric, periods)
    for period in periods:
        table = make_table(metric.definition, rows.get(period, []))
        yield _line(metric, period, table, snapshot)


def _line(metric: Metric, period: date, table: Table, snapshot: Snapshot) -> AuditLine:
    kept = {
        (cut, tuple(keys)): (hidden, _figures(*figures))
        for cut, keys, hidden, *figures in snapshot.query(_CELLS, [metric.id, period])
    }
    found = {
        (",".join(cell.cut), cell.keys): _figures(cell.n, cell.numerator, cell.denominator, cell.value)
        for cell in table.cells
    }
    hidden = frozenset(
        number
        for number, cell in enumerate(table.cells)
        if kept.get((",".join(cell.cut), cell.keys), (True, ()))[0]
    )
    changed = kept.keys() != found.keys() or any(
        not secret and figures != found[place] for place, (secret, figures) in kept.items()
    )
    return AuditLine(
        metric=metric.id,
        period=period,
        cells=len(kept),
        sensitive=len(table.problem.sensitive),
        hidden=sum(1 for secret, _ in kept.values() if secret),
        min_cell=metric.definition.min_cell,
        changed=changed,
        before=None if changed else outcome(table, table.problem.sensitive),
        after=None if changed else outcome(table, hidden),
    )


def _figures(*amounts: Number | Fraction | str | None) -> Figures:
    """Decided amounts are kept as text; 3 and 3.00 are the same figure."""
    return tuple(None if amount is None else Fraction(amount) for amount in amounts)


def outcome(table: Table, hidden: Collection[int]) -> Outcome:
    """Attack a table of which some cells are hidden."""
    widths = narrowest(table.problem.systems, hidden)
    return Outcome(
        exact=sum(1 for width, _ in widths if width < EXACT),
        too_close=sum(1 for width, wanted in widths if width < wanted - EXACT),
        narrowest=min((width for width, _ in widths), default=None),
    )
