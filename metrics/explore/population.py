"""The figures of a pivot: every level of every metric as the door answers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from metrics.catalog import Catalog, Metric
from metrics.compute import ratio
from metrics.definition import Definition
from metrics.explore.answer import Answer, Axes, Found, Level, Origin, Place, Words
from metrics.explore.catalog import fields_of
from metrics.explore.narrow import bucket_filters, fits, merged, unknown_filters, where_of_filters
from metrics.explore.question import BUCKET, TIME_FIELDS, Filter, Path, PivotQuestion
from metrics.explore.span import Days, finest, stand, stands
from metrics.levels import Leveled, member_of, query_levels, span_of
from metrics.lineage import Snapshot, provenance
from metrics.query import query
from metrics.question import Where
from metrics.result import Cell, Scope
from warehouse.errors import AccessError

UNKNOWN_FIELD = "Diese Kennzahl wird nach diesem Merkmal nicht erhoben."
UNKNOWN_FILTER = "Diese Kennzahl lässt sich nach einem der Filter nicht einschränken."
NEVER_ADDED = "Werte dieses Merkmals werden nie zusammengezählt; einen davon wählen."
ONLY_YEARS = "Diese Kennzahl gibt es nur je Jahr."
NO_TIME_TOTAL = "Über mehrere Zeiträume gibt es für diese Kennzahl keinen richtigen Gesamtwert."
MIXED_PERIODS = "Die Teile stammen aus verschiedenen Jahren; ihre Summe wäre kein Gesamtwert."
NEEDS_BUCKET = "Die Verteilung braucht das Merkmal „Stufe“ in Zeilen oder Spalten."
PROTECTED_TIME = "Geschützte Zeiträume werden nicht zusammengezählt."
FEW_CASES = "Zu wenige Fälle für einen Wert."
PROTECTED_CELL = "Geschützt, weil der Wert Einzelne erkennen ließe."
PARTS = ("value", "numerator", "denominator", "n")

Entry = tuple[Path, Cell]


@dataclass(frozen=True, slots=True)
class Asking:
    """One metric of a question; `days` is the span asked for, None for the metric's own window."""

    catalog: Catalog
    snapshot: Snapshot
    metric: Metric
    question: PivotQuestion
    axes: Axes
    scope: Scope
    days: Days | None
    words: Words | None = None

    @property
    def definition(self) -> Definition:
        """Header of the metric."""
        return self.metric.definition

    @property
    def known(self) -> tuple[str, ...]:
        """Fields the metric knows."""
        return fields_of(self.metric)

    @property
    def is_guarded(self) -> bool:
        """Whether each cut has to be allowed by itself."""
        return bool(self.definition.protect or self.definition.min_cell)

    @property
    def times(self) -> list[str]:
        """Lengths of time on the axes, longest first."""
        return [name for name in TIME_FIELDS if name in self.axes.fields]


def answer(asking: Asking) -> Answer:
    """Return all places of a metric, and why others have none.

    Raises AccessError (protected) when nothing of it is published in this form, and what `query` raises.
    """
    origin = provenance(asking.snapshot, asking.metric)
    told = Origin(origin.as_of, origin.stale_sources, origin.nature)
    refused = dict(_refusals(asking))
    levels = [level for level in asking.axes.levels() if level not in refused]
    if not levels:
        return Answer({}, refused, told)
    where = where_of_metric(asking)
    read = _read_guarded if asking.is_guarded else _read_unruled if _is_unruled(asking) else _read_levels
    found, notes = read(asking, levels, where, refused)
    return Answer(found, refused, told, notes)


def _is_unruled(asking: Asking) -> bool:
    return asking.definition.over_time == "none"


def _refusals(asking: Asking) -> Iterator[tuple[Level, str]]:
    unknown = unknown_filters(asking.question, asking.known)
    for level in asking.axes.levels():
        reason = UNKNOWN_FILTER if unknown else _refusal(asking, set(asking.axes.keys(level)))
        if reason:
            yield level, reason


def _refusal(asking: Asking, keys: set[str]) -> str | None:
    definition = asking.definition
    if definition.grain == "year" and keys & {"quarter", "month"}:
        return ONLY_YEARS
    if keys - set(asking.known):
        return UNKNOWN_FIELD
    for name in definition.choose_one:
        if name in asking.axes.fields and name not in keys and not _is_fixed(asking, name):
            return NEVER_ADDED
    if asking.times and not keys & set(TIME_FIELDS):
        if definition.over_time == "none":
            return NO_TIME_TOTAL
        if asking.is_guarded:
            return PROTECTED_TIME
    return None


def _is_fixed(asking: Asking, name: str) -> bool:
    filters = [item for item in asking.question.filters if item.name == name]
    return name in asking.question.choose or any(f.op == "in" and len(f.values) == 1 for f in filters)


def where_of_metric(asking: Asking) -> dict[str, list[str | None]]:
    """Return the chosen values and the filters of a question as the door takes them."""
    chosen = {
        name: value for name, value in asking.question.choose.items() if name in asking.definition.choose_one
    }

    def values(name: str) -> Iterable[str | None]:
        where = {key: value for key, value in chosen.items() if key != name}
        return _values(asking, name, where)

    return merged(where_of_filters(asking.question, values, asking.words), chosen)


def _values(asking: Asking, name: str, where: Where) -> Iterable[str | None]:
    """All values of a field that occur in the time asked for."""
    bare = replace(asking, axes=Axes((name, *asking.times), (), 1 + len(asking.times)))
    level = (len(bare.axes.rows), 0)
    read = _read_guarded if asking.is_guarded else _read_unruled if _is_unruled(asking) else _read_levels
    found, _ = read(bare, [level], dict(where), {})
    return [path[0] for path, _ in found]


def _door_levels(asking: Asking, levels: Sequence[Level]) -> dict[Level, tuple[str, ...]]:
    return {level: tuple(k for k in asking.axes.keys(level) if k != BUCKET) for level in levels}


def _read_levels(
    asking: Asking, levels: Sequence[Level], where: Where, refused: dict[Level, str]
) -> tuple[dict[Place, Found], tuple[str, ...]]:
    del refused
    keys = _door_levels(asking, levels)
    is_stock = asking.definition.over_time == "last"
    entries = (
        _stock_entries(asking, keys, where) if is_stock and asking.times else _entries(asking, keys, where)
    )
    return _placed(asking, entries), ()


def _entries(asking: Asking, keys: dict[Level, tuple[str, ...]], where: Where) -> dict[Level, list[Entry]]:
    found = query_levels(
        asking.catalog,
        asking.snapshot,
        asking.metric.id,
        list(keys.values()),
        scope=asking.scope,
        between=asking.days,
        where=where,
        at=asking.question.at,
    )
    return {level: [(item.path, item.cell) for item in found[names]] for level, names in keys.items()}


def _stock_entries(
    asking: Asking, keys: dict[Level, tuple[str, ...]], where: Where
) -> dict[Level, list[Entry]]:
    """A stock is read at the end of each length of time, its total at the end of all."""
    days = asking.days
    if days is None:
        return {}
    grain, at, today = asking.definition.grain, asking.question.at, asking.snapshot.business_date
    last = stand(days[1], grain, at, today)
    wanted = {name: stands(name, days, grain, at, today) for name in asking.times}
    periods = sorted({last, *(item.period for items in wanted.values() for item in items)})
    plain = {level: tuple(k for k in names if k not in TIME_FIELDS) for level, names in keys.items()}
    found = query_levels(
        asking.catalog,
        asking.snapshot,
        asking.metric.id,
        list(plain.values()),
        scope=asking.scope,
        between=(min(days[0], periods[0]), days[1]),
        where=where,
        at=at,
        periods=periods,
    )
    entries = {}
    for level, names in keys.items():
        name = finest(names)
        members = {item.period: item.member for item in wanted[name]} if name else {last: ""}
        entries[level] = list(_timed(found[plain[level]], names, name, members))
    return entries


def _timed(
    items: Iterable[Leveled], names: Sequence[str], name: str | None, members: dict[date, str]
) -> Iterator[Entry]:
    for item in items:
        member = members.get(item.cell.period) if item.cell.period else None
        if member is None:
            continue
        values = iter(item.path)
        day = span_of(name, member)[0] if name else date.min
        yield tuple(member_of(n, day) if n in TIME_FIELDS else next(values) for n in names), item.cell


def _read_guarded(
    asking: Asking, levels: Sequence[Level], where: Where, refused: dict[Level, str]
) -> tuple[dict[Place, Found], tuple[str, ...]]:
    """Cut by cut, because each is published or not; what is not says why."""
    entries: dict[Level, list[Entry]] = {}
    notes: dict[str, None] = {}
    last: AccessError | None = None
    for level in levels:
        try:
            entries[level], told = _asked(asking, _door_levels(asking, [level])[level], where)
            notes.update(dict.fromkeys(told))
        except AccessError as error:
            last, refused[level] = error, error.what.replace(f"„{asking.metric.id}“", "Diese Kennzahl")
    if last is not None and not entries:
        raise last
    return _placed(asking, entries), tuple(notes)


def _read_unruled(
    asking: Asking, levels: Sequence[Level], where: Where, refused: dict[Level, str]
) -> tuple[dict[Place, Found], tuple[str, ...]]:
    """Without a rule over time each cell shows its newest period; a sum of different ones is none."""
    del refused
    keys = _door_levels(asking, levels)
    entries = {level: _asked(asking, names, where)[0] for level, names in keys.items()}
    placed = _placed(asking, entries)
    return placed | dict(_mixed(placed, max(levels))), ()


def _mixed(placed: dict[Place, Found], deepest: Level) -> Iterator[tuple[Place, Found]]:
    """Totals of parts that are about different periods."""
    periods: dict[Place, set[date | None]] = {}
    for (row, column), item in placed.items():
        if (len(row), len(column)) == deepest:
            for i in range(len(row) + 1):
                for j in range(len(column) + 1):
                    periods.setdefault((row[:i], column[:j]), set()).add(item.period)
    for place in placed:
        if len(periods.get(place, ())) > 1:
            yield place, Found({}, dict.fromkeys(PARTS, MIXED_PERIODS))


def _asked(asking: Asking, names: Sequence[str], where: Where) -> tuple[list[Entry], tuple[str, ...]]:
    """One breakdown by itself, its lengths of time from the periods of the answer."""
    name = finest(names)
    found = query(
        asking.catalog,
        asking.snapshot,
        asking.metric.id,
        scope=asking.scope,
        by=[*(n for n in names if n not in TIME_FIELDS), *(["period"] if name else [])],
        between=asking.days,
        where=where or None,
        at=asking.question.at,
    )
    entries = []
    for cell in found.rows:
        values = iter(cell.keys.values())
        day = cell.period or date.min
        entries.append((tuple(member_of(n, day) if n in TIME_FIELDS else next(values) for n in names), cell))
    return entries, found.notes


def _placed(asking: Asking, entries: dict[Level, list[Entry]]) -> dict[Place, Found]:
    found: dict[Place, Found] = {}
    for level, items in entries.items():
        if asking.definition.kind == "distribution":
            found.update(_distributed(asking, level, items))
        else:
            found.update((asking.axes.place(level, path), _found(asking, cell)) for path, cell in items)
    return found


def _found(asking: Asking, cell: Cell) -> Found:
    if cell.suppressed:
        few = FEW_CASES if asking.definition.least_cases else PROTECTED_CELL
        return Found({}, {"value": few}, suppressed=True, period=cell.period)
    return Found(
        amounts={
            "value": cell.value,
            "numerator": cell.numerator,
            "denominator": cell.denominator,
            "n": cell.n,
        },
        lower=cell.lower,
        upper=cell.upper,
        qualifier=cell.qualifier,
        target=cell.target,
        period=cell.period,
    )


def _distributed(asking: Asking, level: Level, items: Iterable[Entry]) -> Iterator[tuple[Place, Found]]:
    """Buckets stand on an axis or are added up: then there is a count, and a share of those filtered."""
    keys, filters = asking.axes.keys(level), bucket_filters(asking.question)
    groups: dict[Path, list[Cell]] = {}
    for path, cell in items:
        if all(fits(item, cell.bucket, asking.words) for item in filters):
            values = iter(path)
            whole = tuple(cell.bucket if name == BUCKET else next(values) for name in keys)
            groups.setdefault(whole, []).append(cell)
    for whole, cells in groups.items():
        yield asking.axes.place(level, whole), _share(asking, cells, filters)


def _share(asking: Asking, cells: Sequence[Cell], filters: Sequence[Filter]) -> Found:
    known = [cell.numerator for cell in cells if cell.numerator is not None]
    count, whole = sum(known) if known else None, cells[0].denominator
    exact = ratio(count, whole)
    meant = BUCKET in asking.axes.fields or filters
    return Found(
        amounts={
            "value": float(exact) if exact is not None and meant else None,
            "numerator": count,
            "denominator": whole,
            "n": None,
        },
        reasons={} if meant else {"value": NEEDS_BUCKET},
        period=cells[0].period,
    )
