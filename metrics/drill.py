"""From a figure to the records it counts: the cut of the figure as conditions of its record list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from metrics.catalog import Catalog, Metric, RecordList
from metrics.definition import ORG_COLUMN, ORG_LEVELS, PERIOD_YEAR

Value = str | list[str] | None


@dataclass(frozen=True, slots=True)
class RecordsBehind:
    """A list with the conditions of one cut; `wider` names dimensions of the cut the list does not know."""

    list_id: str
    where: Mapping[str, Value]
    counted: Mapping[str, Value]
    wider: tuple[str, ...]


def records_behind(
    catalog: Catalog, metric: Metric, cut: Mapping[str, Value], year: int
) -> RecordsBehind | None:
    """Return the records behind a cut (dimension or level → value or values); None when no list holds them.

    year: what dimensions stand for that follow the year of the period unless one is chosen.
    """
    behind = metric.definition.records
    if behind is None:
        return None
    whole: dict[str, Value] = {**_usual(metric, year), **cut}
    if any(whole.get(name) != value for name, value in behind.only.items()):
        return None
    found = catalog.record_list(behind.list)
    where: dict[str, Value] = dict(behind.where)
    wider = []
    for name, value in whole.items():
        column = None if name in behind.only else _column(metric, found, name)
        if column is not None:
            where[column] = value
        elif name in cut and name not in behind.only:
            wider.append(name)
    counted = {**where, **behind.counted} if behind.counted else {}
    return RecordsBehind(found.id, where, counted, tuple(wider))


def _usual(metric: Metric, year: int) -> dict[str, str | None]:
    usual = metric.definition.choose_one.items()
    return {name: str(year) if value == PERIOD_YEAR else value for name, value in usual}


def _column(metric: Metric, found: RecordList, dimension: str) -> str | None:
    behind, definition = metric.definition.records, found.definition
    if dimension in (ORG_COLUMN, *ORG_LEVELS):
        return dimension if definition.scope == "organisation" else None
    name = behind.columns.get(dimension, dimension) if behind else dimension
    return name if name in definition.columns else None


def metrics_of_list(catalog: Catalog, list_id: str) -> tuple[Metric, ...]:
    """Return the metrics that count the records of a list, by number."""
    found = [m for m in catalog.metrics.values() if m.definition.records and not m.definition.deprecated]
    mine = [m for m in found if m.definition.records and m.definition.records.list == list_id]
    return tuple(sorted(mine, key=lambda metric: metric.definition.number))
