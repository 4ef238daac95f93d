"""Records of a list counted and summed by several breakdowns in one reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Any

from metrics.catalog import Catalog, RecordList
from metrics.compiler import bits_of, key_names
from metrics.definition import ORG_LEVELS
from metrics.levels import MOST_ROWS, TIME_KEYS, too_fine
from metrics.lineage import Snapshot
from metrics.older import told_when_older
from metrics.question import Where
from metrics.records import conditions_of, rollup_of, time_of_column
from metrics.result import Number, Scope
from warehouse.errors import ConfigError, did_you_mean
from warehouse.store import quote

Level = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tallied:
    """One group: its values, how many records it holds, their sums by column (None where no value is known)
    and how many records have one.

    mixed: the columns kept apart (`RecordDefinition.apart`) of which a sum adds several values.
    """

    path: tuple[str | None, ...]
    count: int
    sums: Mapping[str, Number | None]
    known: Mapping[str, int]
    mixed: Mapping[str, tuple[str, ...]]


def tally(
    catalog: Catalog,
    snapshot: Snapshot,
    list_id: str,
    levels: Sequence[Level],
    sums: Sequence[str] = (),
    *,
    scope: Scope,
    where: Where | None = None,
    on: str | None = None,
    between: tuple[date, date] | None = None,
) -> dict[Level, list[Tallied]]:
    """Count the records of a list within a scope, and add up columns.

    levels: each names columns, organisation levels (lists by unit) and lengths of time („year“, „quarter“,
    „month“) of the date column `on`, or of another one („planned_on_year“). where, between: as in `records`.
    Raises ConfigError (unknown_list, unknown_dimension, too_fine) and RetriableError (older_snapshot).
    """
    found = catalog.record_list(list_id)
    levels = list(dict.fromkeys(levels))
    names = list(dict.fromkeys(name for level in levels for name in level))
    conditions = conditions_of(found, scope, where or {}, on, between)
    keys = [f"{_source(found, name, on)} AS {key}" for name, key in zip(names, key_names(names), strict=True)]
    amounts = [f"item.{quote(_number(found, name))} AS sum_{place}" for place, name in enumerate(sums)]
    apart = found.definition.apart if sums else ()
    kept = [f"CAST(item.{quote(name)} AS VARCHAR) AS apart_{place}" for place, name in enumerate(apart)]
    sql = f"""WITH item AS (
{found.sql}
),
kept AS (
    SELECT {", ".join([*keys, *amounts, *kept, "1 AS one"])}
    FROM item{rollup_of(found.definition, [*names, *(where or {})])}
    WHERE {conditions.text}
)
SELECT {_figures(names, len(sums), len(apart))}
FROM kept
GROUP BY GROUPING SETS ({_sets(levels, names)})
LIMIT ?"""  # noqa: S608 (names are the header's own, values are bound)
    with told_when_older(snapshot):
        rows = snapshot.query(sql, [*conditions.params, MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        raise too_fine()
    return {level: _level(rows, level, names, sums, apart) for level in levels}


def _level(
    rows: Sequence[Sequence[Any]],
    level: Level,
    names: Sequence[str],
    sums: Sequence[str],
    apart: Sequence[str],
) -> list[Tallied]:
    places = [names.index(name) for name in level]
    bits, first = bits_of(places, len(names)), 2 + len(names)
    return [
        Tallied(
            path=tuple(row[2 + place] for place in places),
            count=int(row[1]),
            sums=dict(zip(sums, row[first::3], strict=True)),
            known=dict(zip(sums, row[first + 1 :: 3], strict=True)),
            mixed={
                name: tuple(compress(apart, several))
                for name, several in zip(sums, row[first + 2 :: 3], strict=True)
            },
        )
        for row in rows
        if row[0] == bits and row[1]
    ]


def _figures(names: Sequence[str], sums: int, apart: int) -> str:
    keys = key_names(names)
    bits = f"grouping_id({', '.join(keys)})" if keys else "0"
    amounts = [
        f"sum(sum_{place}), count(sum_{place}), {_several(place, apart)} AS several_{place}"
        for place in range(sums)
    ]
    return ", ".join([f"{bits} AS level_bits", "count(*) AS records", *keys, *amounts])


def _several(place: int, apart: int) -> str:
    """For each column kept apart whether the amounts of a group have several of its values."""
    amount = f"FILTER (WHERE sum_{place} IS NOT NULL)"
    # „Not stated“ is a value of its own, which min and max leave out.
    told = (
        f"min(apart_{number}) {amount} IS DISTINCT FROM max(apart_{number}) {amount}"
        f" OR count(apart_{number}) {amount} NOT IN (0, count(sum_{place}))"
        for number in range(apart)
    )
    return f"CAST([{', '.join(told)}] AS BOOLEAN[])"


def _sets(levels: Sequence[Level], names: Sequence[str]) -> str:
    keys = dict(zip(names, key_names(names), strict=True))
    return ", ".join(f"({', '.join(keys[name] for name in level)})" for level in levels)


def _source(found: RecordList, name: str, on: str | None) -> str:
    if name in TIME_KEYS and on is not None:
        return time_of_column(_column(found, on), name)
    if at := found.definition.time_of(name):
        return time_of_column(*at)
    if name in ORG_LEVELS and found.definition.scope == "organisation":
        return f"home.{name}"
    return f"CAST(item.{quote(_column(found, name))} AS VARCHAR)"


def _number(found: RecordList, name: str) -> str:
    column = found.definition.columns[_column(found, name)]
    if not column.adds:
        raise ConfigError(
            "Die Werte dieser Spalte lassen sich nicht zusammenzählen",
            code="not_additive",
            where=f"{found.id}.{name}",
        )
    return name


def _column(found: RecordList, name: str) -> str:
    known = found.definition.statement_columns
    if name not in known:
        raise ConfigError(
            f"Die Liste „{found.id}“ hat keine Spalte „{name}“",
            code="unknown_dimension",
            allowed=", ".join(known),
            next_step=did_you_mean(name, known),
        )
    return name
