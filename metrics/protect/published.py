"""The door to protected figures: published cells as they were decided, everything else refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from metrics.compute import Figure, as_number, ratio
from metrics.definition import ORG_COLUMN, ORG_LEVELS, Definition
from metrics.result import Number, Scope
from warehouse.errors import AccessError

if TYPE_CHECKING:
    from metrics.catalog import Metric
    from metrics.lineage import Snapshot
    from metrics.question import Question

WHOLE = "ganze Stadt"
_CELLS = """
SELECT period, keys, hidden, numerator, denominator, value, n
FROM meta.protected_cell
WHERE metric = ? AND cut = ? AND period >= ? AND period <= ?
"""


def check_published(
    metric: Metric, keys: Sequence[str], filters: Mapping[str, Sequence[str | None]], is_summed: bool
) -> None:
    """Refuse what is no published cell: AccessError (protected) names the published cuts."""
    names = {*keys, *filters}
    if cut_of(metric.definition, names) is None:
        raise _refused(metric, "Dieser Zuschnitt ist nicht veröffentlicht", ", ".join(sorted(names)))
    for name, values in filters.items():
        if name not in keys and len(values) != 1:
            found = f"{name}: {', '.join(str(value) for value in values)}"
            raise _refused(metric, "Veröffentlichte Felder werden nicht zusammengezählt", found)
    if is_summed:
        raise _refused(metric, "Zeiträume werden nicht zusammengezählt", "Zeitraum ohne „period“")


def cut_of(definition: Definition, names: Collection[str]) -> tuple[str, ...] | None:
    """Return the published cut made of exactly these dimensions."""
    return next((cut for cut in definition.cuts if set(cut) == set(names)), None)


def published_figures(snapshot: Snapshot, question: Question) -> list[Figure]:
    """Return the cells asked for; hidden ones hold nothing but their place.

    Raises AccessError (protected) when units of the scope have no published cell.
    """
    metric = question.metric
    if not tables_exist(snapshot) or question.scope == Scope.of():
        return []
    names = {*question.keys, *question.filters}
    filters: dict[str, Collection[str | None]] = dict(question.filters)
    if question.scope.units is not None and metric.definition.scope == "organisation":
        names, filters = _within(snapshot, question, names, filters)
    cut = cut_of(metric.definition, names)
    first, last = _periods(snapshot, question)
    if cut is None or last is None:
        return []
    cells = []
    for period, keys, *rest in snapshot.query(_CELLS, [metric.id, ",".join(cut), first, last]):
        named = dict(zip(cut, keys, strict=True))
        if all(named[name] in allowed for name, allowed in filters.items()):
            asked = tuple(named[name] for name in question.keys)
            cells.append(_figure(metric.definition, period, asked, rest))
    return sorted(cells, key=_order)


def _within(
    snapshot: Snapshot, question: Question, names: set[str], filters: dict[str, Collection[str | None]]
) -> tuple[set[str], dict[str, Collection[str | None]]]:
    """Narrow to the viewer's units. A cut without units has a published cell only for one whole unit."""
    units = question.scope.units or frozenset()
    by_unit = [name for name in (*ORG_LEVELS, ORG_COLUMN) if name in names]
    if by_unit:
        mine = units_of(snapshot, question.scope)
        return names, filters | {
            name: [value for value in filters.get(name, mine) if value in mine] for name in by_unit
        }
    unit = next(iter(units))
    level = _level_of(snapshot, unit) if len(units) == 1 else None
    if level is None or cut_of(question.metric.definition, {*names, level}) is None:
        raise _refused(
            question.metric, "Für diese Organisationseinheiten ist kein Wert veröffentlicht", ", ".join(units)
        )
    return {*names, level}, filters | {level: [unit]}


def units_of(snapshot: Snapshot, scope: Scope) -> frozenset[str]:
    """Return the units of a scope and all below them; none for a scope of none or of the whole city."""
    marks = ", ".join("?" for _ in scope.units or ())
    if not marks:
        return frozenset()
    sql = f"SELECT DISTINCT unit_id FROM core.org_tree WHERE ancestor_id IN ({marks})"  # noqa: S608
    return frozenset(str(row[0]) for row in snapshot.query(sql, sorted(scope.units or ())))


def _level_of(snapshot: Snapshot, unit: str) -> str | None:
    rows = snapshot.query(
        f"SELECT {', '.join(ORG_LEVELS)} FROM core.org_rollup WHERE unit_id = ?",  # noqa: S608
        [unit],
    )
    if not rows:
        return None
    return next((level for level, value in zip(ORG_LEVELS, rows[0], strict=True) if value == unit), None)


def tables_exist(snapshot: Snapshot) -> bool:
    """Snapshots from before this version have no protected tables yet; the next night decides them."""
    rows = snapshot.query(
        "SELECT count(*) FROM information_schema.tables"
        " WHERE table_schema = 'meta' AND table_name = 'protected_cell'"
    )
    return bool(rows[0][0])


def _periods(snapshot: Snapshot, question: Question) -> tuple[date, date | None]:
    first = question.first or date.min
    if question.by_period:
        return first, question.last
    rows = snapshot.query(
        "SELECT max(period) FROM meta.protected_table WHERE metric = ? AND period <= ?",
        [question.metric.id, question.last],
    )
    return (rows[0][0], rows[0][0]) if rows[0][0] else (first, None)


def _figure(
    definition: Definition, period: date, keys: tuple[str | None, ...], cell: Sequence[Any]
) -> Figure:
    hidden, top, bottom, middle, n = cell
    if hidden:
        return Figure(period=period, keys=keys, exact=None, value=None, hidden=True)
    numerator, denominator = _number(top), _number(bottom)
    if definition.kind == "quantile":
        exact = None if middle is None else Fraction(middle)
        return Figure(period, keys, exact, as_number(exact), n=n)
    if definition.kind == "sum":
        exact = None if numerator is None else Fraction(numerator)
        return Figure(period, keys, exact, numerator, numerator=numerator, n=n)
    exact = ratio(numerator, denominator)
    value = None if exact is None else float(exact)
    return Figure(period, keys, exact, value, numerator=numerator, denominator=denominator, n=n)


def _number(text: str | None) -> Number | None:
    if text is None:
        return None
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _order(figure: Figure) -> tuple[Any, ...]:
    return figure.period or date.min, tuple((key is None, key or "") for key in figure.keys)


def cuts_in_words(definition: Definition) -> str:
    """Say which cuts are published: „ganze Stadt; procedure; procedure × channel“."""
    return "; ".join(" × ".join(cut) or WHOLE for cut in definition.cuts)


def _refused(metric: Metric, why: str, found: str) -> AccessError:
    return AccessError(
        f"„{metric.id}“ schützt kleine Zahlen: {why}",
        code="protected",
        found=found,
        allowed=f"veröffentlichte Zuschnitte, je Periode: {cuts_in_words(metric.definition)}",
        next_step="Nach einem veröffentlichten Zuschnitt fragen",
    )
