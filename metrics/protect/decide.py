"""Decides protected tables while the draft is built, once per period, and keeps them as they were decided.

A period is decided when it is over (and `settle_days` have passed). Afterwards neither pattern nor figures
change: two snapshots side by side say nothing that one of them does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Protocol

from metrics.catalog import Catalog, Metric
from metrics.definition import CONTRIBUTOR, ORG_COLUMN, ORG_LEVELS
from metrics.protect.complement import hide
from metrics.protect.table import Row, Table, make_table
from metrics.question import add_months, floor, period_end
from metrics.result import Number
from warehouse.store import quote

MOST_PARTS = 600
"""Finest parts of one table; the programs behind the decision grow faster than tables do."""

_WAITING = """
SELECT load.source
FROM meta.load AS load
INNER JOIN meta.source AS source ON source.source = load.source
WHERE list_contains(?, load.subject) AND (source.stale OR source.state <> 'aktuell')
GROUP BY load.source
HAVING max(CAST(load.as_of AS DATE)) <= ?
ORDER BY load.source
"""

_FIGURES = ("n", "numerator", "denominator", "bucket", CONTRIBUTOR)


Read = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]
"""Rows of one SELECT with bound parameters."""


class Draft(Protocol):
    """What decisions need of a draft: `execute` of a connection."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run one statement."""


def protect(draft: Draft, catalog: Catalog, business_date: date) -> list[str]:
    """Decide all tables that are due; return sentences about those that could not be decided."""
    notes: list[str] = []
    for metric in catalog.metrics.values():
        if metric.definition.protect is not None:
            notes += _protect(draft, metric, business_date)
    return notes


def _protect(draft: Draft, metric: Metric, business_date: date) -> Iterator[str]:
    def read(sql: str, params: Sequence[object]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = draft.execute(sql, params).fetchall()
        return rows

    decided = read("SELECT period FROM meta.protected_table WHERE metric = ?", [metric.id])
    settled = {row[0] for row in decided}
    due = [period for period in due_periods(metric, business_date) if period not in settled]
    for period, rows in sorted(base_rows(read, metric, due).items()):
        if missing := _missing(read, metric, period):
            yield (
                f"{metric.id}: {period:%m/%Y} ist noch nicht festgeschrieben. Für die Zeit danach hat noch"
                f" nicht geliefert: {', '.join(missing)}."
            )
            continue
        if len({tuple(row.keys.values()) for row in rows}) > MOST_PARTS:
            yield (
                f"{metric.id}: Die geschützte Tabelle für {period:%m/%Y} ist zu fein (über {MOST_PARTS}"
                " Teile) und wurde nicht veröffentlicht. Weniger oder gröbere Zuschnitte wählen."
            )
            continue
        table = make_table(metric.definition, rows)
        _keep(draft, metric, period, table, hide(table.problem), business_date)


def _missing(read: Read, metric: Metric, period: date) -> list[str]:
    """Disturbed sources behind a metric that have not delivered since the period ended: a table is decided
    once, and half of the cases would stay half. The organisation only names units."""
    rows = read(
        _WAITING, [sorted(metric.subjects - {"org_unit"}), period_end(period, metric.definition.grain)]
    )
    return [str(row[0]) for row in rows]


def due_periods(metric: Metric, business_date: date) -> list[date]:
    """The first days of the periods that are to be published, oldest first."""
    rule, grain = metric.definition.protect, metric.definition.grain
    if rule is None:
        return []
    last = business_date - timedelta(days=rule.settle_days)
    period = floor(last, grain)
    found: list[date] = []
    while len(found) < rule.periods:
        if period_end(period, grain) < last:
            found.append(period)
        period = _before(period, grain)
    return found[::-1]


def _before(period: date, grain: str) -> date:
    return (
        period - timedelta(days=1) if grain == "day" else add_months(period, -1 if grain == "month" else -12)
    )


def base_rows(read: Read, metric: Metric, periods: Sequence[date]) -> dict[date, list[Row]]:
    """Read the finest figures the published cuts are made of, by period; periods without rows are missing."""
    if not periods:
        return {}
    names = list(dict.fromkeys(name for cut in metric.definition.cuts for name in cut))
    figures = [name for name in _FIGURES if name in metric.columns]
    rows = read(_base_sql(metric, names, figures), [list(periods)])
    found: dict[date, list[Row]] = {}
    for period, *values in rows:
        keys = dict(zip(names, values, strict=False))
        found.setdefault(period, []).append(_row(keys, dict(zip(figures, values[len(names) :], strict=True))))
    return found


def _base_sql(metric: Metric, names: Sequence[str], figures: Sequence[str]) -> str:
    levels = [name for name in names if name in ORG_LEVELS]
    keys = [
        f"CAST({f'home.{name}' if name in levels else f'metric.{quote(name)}'} AS VARCHAR)" for name in names
    ]
    apart = [f"metric.{name}" for name in figures if name in ("bucket", CONTRIBUTOR)]
    sums = [f"metric.{name}" if f"metric.{name}" in apart else f"sum(metric.{name})" for name in figures]
    join = f" LEFT JOIN core.org_rollup AS home ON home.unit_id = metric.{ORG_COLUMN}" if levels else ""
    columns = ", ".join(["metric.period", *keys, *sums])
    return f"""WITH metric AS (
{metric.sql}
)
SELECT {columns} FROM metric{join}
WHERE list_contains(?, metric.period)
GROUP BY ALL"""  # noqa: S608 (names are the header's own, values are bound)


def _row(keys: Mapping[str, str | None], figures: Mapping[str, Any]) -> Row:
    return Row(
        keys=keys,
        n=int(figures.get("n") or 0),
        numerator=figures.get("numerator"),
        denominator=figures.get("denominator"),
        bucket=figures.get("bucket"),
        contributor=None if figures.get(CONTRIBUTOR) is None else str(figures[CONTRIBUTOR]),
    )


def _keep(
    draft: Draft, metric: Metric, period: date, table: Table, hidden: frozenset[int], business_date: date
) -> None:
    draft.execute(
        "INSERT INTO meta.protected_table VALUES ($1, $2, $3, $4)",
        [metric.id, period, business_date, metric.hash],
    )
    for number, cell in enumerate(table.cells):
        secret = number in hidden
        # Nothing of a hidden figure is written anywhere: what is not there cannot be shown by mistake.
        figures = (
            [None] * 4
            if secret
            else [_text(cell.numerator), _text(cell.denominator), _text(cell.value), cell.n]
        )
        draft.execute(
            "INSERT INTO meta.protected_cell VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [metric.id, period, ",".join(cell.cut), list(cell.keys), secret, *figures],
        )


def _text(amount: Number | Fraction | None) -> str | None:
    return None if amount is None else str(amount)
