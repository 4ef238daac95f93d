"""Single records behind the figures: only listed lists, allow-listed columns and the viewer's units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.catalog import Catalog, RecordList
from metrics.compiler import Conditions, add_filter, add_scope
from metrics.definition import ORG_COLUMN, ORG_LEVELS
from metrics.folding import folded, words_of
from metrics.levels import TIME_KEYS
from metrics.lineage import Snapshot
from metrics.older import told_when_older
from metrics.question import Where, as_texts
from metrics.recordlist import RecordDefinition
from metrics.result import Scope
from warehouse.errors import ConfigError, did_you_mean
from warehouse.store import quote

MAXIMUM = 10_000
FARTHEST = 10_000_000


@dataclass(frozen=True, slots=True)
class RecordColumnInfo:
    """One column of an answer: name, German label, type (see RecordDefinition)."""

    name: str
    label: str
    type: str


@dataclass(frozen=True, slots=True)
class Records:
    """Rows in the order of `columns`; `total` counts all matching rows, not only those handed out.

    notes: German sentences that belong wherever the rows are shown.
    """

    list_id: str
    columns: tuple[RecordColumnInfo, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    notes: tuple[str, ...] = ()

    def dicts(self) -> list[Mapping[str, Any]]:
        """Return rows as mappings from column name to value."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def records(
    catalog: Catalog,
    snapshot: Snapshot,
    list_id: str,
    *,
    scope: Scope,
    where: Where | None = None,
    limit: int = 200,
    order: Sequence[str] | None = None,
    offset: int = 0,
    search: str = "",
    search_in: Sequence[str] | None = None,
    on: str | None = None,
    between: tuple[date, date] | None = None,
) -> Records:
    """Return records of a list within a scope.

    where: column, length of time of a date column („planned_on_year“), or organisation level for lists by
    unit → value or list of values. order: column names, „-“ in front for descending; default from the header.
    limit: at most 10,000 rows, from the offset on (with no row left there `total` is 0). search: words that
    all have to occur in the texts of a record, or in the columns `search_in`. on, between: a column of dates
    and the first and last day it may hold.
    Raises ConfigError (unknown_list, unknown_dimension) and RetriableError (older_snapshot).
    """
    asked = selection(
        catalog,
        list_id,
        scope=scope,
        where=where,
        order=order,
        search=search,
        search_in=search_in,
        on=on,
        between=between,
    )
    sql = f"{asked.sql('count(*) OVER () AS total')}\nLIMIT ? OFFSET ?"
    with told_when_older(snapshot):
        rows = snapshot.query(sql, [*asked.params, *_window(limit, offset)])
    return Records(
        list_id=list_id,
        columns=asked.columns,
        rows=tuple(row[:-1] for row in rows),
        total=rows[0][-1] if rows else 0,
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen records of a list: their columns, and the statement that reads them in order."""

    found: RecordList
    conditions: Conditions
    where: Where
    order: str

    @property
    def columns(self) -> tuple[RecordColumnInfo, ...]:
        """The columns that may leave."""
        columns = self.found.definition.columns.items()
        return tuple(RecordColumnInfo(name, column.label, column.type) for name, column in columns)

    @property
    def params(self) -> Sequence[object]:
        """Values of the statement."""
        return self.conditions.params

    def sql(self, *more: str) -> str:
        """Return the statement: the columns, then `more`."""
        names = ", ".join((*(f"item.{quote(name)}" for name in self.found.definition.columns), *more))
        return f"{_statement(self.found, names, self.where, self.conditions)}\nORDER BY {self.order}"

    def count_sql(self) -> str:
        """Return the statement that counts them."""
        return _statement(self.found, "count(*)", self.where, self.conditions)


def selection(
    catalog: Catalog,
    list_id: str,
    *,
    scope: Scope,
    where: Where | None = None,
    order: Sequence[str] | None = None,
    search: str = "",
    search_in: Sequence[str] | None = None,
    on: str | None = None,
    between: tuple[date, date] | None = None,
) -> Selection:
    """Return the records of a list that `records` would hand out, all of them; errors as there."""
    found = catalog.record_list(list_id)
    conditions = conditions_of(found, scope, where or {}, on, between)
    _add_search(conditions, found, search, search_in)
    return Selection(found, conditions, where or {}, _order(list_id, found.definition, order))


def count_records(
    catalog: Catalog, snapshot: Snapshot, list_id: str, *, scope: Scope, where: Where | None = None
) -> int:
    """Return how many records of a list fit within a scope, without reading them; errors as `records`."""
    found = catalog.record_list(list_id)
    conditions = conditions_of(found, scope, where or {})
    with told_when_older(snapshot):
        rows = snapshot.query(_statement(found, "count(*)", where or {}, conditions), conditions.params)
    return int(rows[0][0])


def _statement(found: RecordList, wanted: str, where: Where, conditions: Conditions) -> str:
    return f"""WITH item AS (
{found.sql}
)
SELECT {wanted}
FROM item{rollup_of(found.definition, where)}
WHERE {conditions.text}"""  # noqa: S608 (names are the header's own, values are bound)


def conditions_of(
    found: RecordList,
    scope: Scope,
    where: Where,
    on: str | None = None,
    between: tuple[date, date] | None = None,
) -> Conditions:
    """Return what limits the records of a list, as conditions over `item` and `home`."""
    conditions = Conditions()
    levels = ORG_LEVELS if found.definition.scope == "organisation" else ()
    known = (*found.definition.statement_columns, *levels)
    if found.definition.scope == "organisation":
        add_scope(conditions, scope, f"item.{ORG_COLUMN}")
    for name, value in where.items():
        if at := found.definition.time_of(name):
            add_filter(conditions, time_of_column(*at), as_texts(value))
            continue
        _check_name(found.id, name, known)
        add_filter(conditions, f"home.{name}" if name in levels else f"item.{quote(name)}", as_texts(value))
    if on is not None and between is not None:
        _check_name(found.id, on, known)
        conditions.add(f"CAST(item.{quote(on)} AS DATE) BETWEEN ? AND ?", *between)
    return conditions


def time_of_column(column: str, length: str) -> str:
    """Return the SQL of a length of time („year“, „quarter“, „month“) of a list's date column."""
    return TIME_KEYS[length].replace("metric.period", f"CAST(item.{quote(column)} AS DATE)")


def _window(limit: int, offset: int) -> tuple[int, int]:
    return max(0, min(limit, MAXIMUM)), max(0, min(offset, FARTHEST))


def _add_search(conditions: Conditions, found: RecordList, search: str, wanted: Sequence[str] | None) -> None:
    columns = found.definition.columns
    for name in wanted or ():
        _check_name(found.id, name, tuple(columns))
    texts = [name for name, column in columns.items() if column.type == "text"] if wanted is None else wanted
    words = words_of(search)
    if words and not texts:
        conditions.add("false")
    whole = folded(f"concat_ws(chr(10), {', '.join(f'item.{quote(name)}' for name in texts)})")
    for word in words if texts else ():
        conditions.add(f"contains({whole}, ?)", word)


def rollup_of(definition: RecordDefinition, names: Iterable[str]) -> str:
    """Return the join that names the levels of a record's unit, where one of them is asked for."""
    if definition.scope == "city" or not set(names) & set(ORG_LEVELS):
        return ""
    return f"\nLEFT JOIN core.org_rollup AS home ON home.unit_id = item.{ORG_COLUMN}"


def _order(list_id: str, definition: RecordDefinition, order: Sequence[str] | None) -> str:
    wanted = [*(definition.order if order is None else order)]
    for name in wanted:
        _check_name(list_id, name.removeprefix("-"), tuple(definition.columns))
    # All columns at the end make the order total: the same page twice shows the same rows.
    rest = [name for name in definition.columns if name not in {item.removeprefix("-") for item in wanted}]
    return ", ".join(_direction(name) for name in [*wanted, *rest])


def _direction(name: str) -> str:
    return f"item.{quote(name.removeprefix('-'))} {'DESC' if name.startswith('-') else 'ASC'} NULLS LAST"


def _check_name(list_id: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise ConfigError(
            f"Die Liste „{list_id}“ hat keine Spalte „{name}“",
            code="unknown_dimension",
            allowed=", ".join(known),
            next_step=did_you_mean(name, known),
        )
