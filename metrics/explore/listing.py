"""The records a pivot or one of its cells is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from metrics.catalog import Catalog, Metric
from metrics.drill import Value, records_behind
from metrics.explore.behind import days_of_cell, place_of, plain_place
from metrics.explore.catalog import LIST, dataset
from metrics.explore.narrow import bucket_filters, fits
from metrics.explore.population import where_of_metric
from metrics.explore.question import BUCKET, TIME_FIELDS, Measure, Path
from metrics.explore.register import list_where
from metrics.explore.span import Days, stand
from metrics.explore.whole import Whole
from metrics.query import query
from metrics.question import Where, add_months, floor, period_end
from metrics.records import Records, records
from warehouse.errors import ConfigError

NO_LIST = "Zu dieser Kennzahl sind keine einzelnen Datensätze aufgeführt."
EARLIER = "Die Liste zeigt den Stand von heute; zu früheren Ständen gibt es keine einzelnen Datensätze."
WIDER = "Die Liste kennt nicht alle Merkmale dieses Feldes und zeigt deshalb mehr Datensätze."
ALL_TIMES = "Die Liste zeigt alle Zeiträume; die Zahl rechnet nur mit ihrem eigenen."
BAD_CELL = "Dieses Feld gibt es nicht"


@dataclass(frozen=True, slots=True)
class NoRecords:
    """There is no list behind a cell, and why (German)."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the rows is wanted and how they are ordered (arguments of `records`)."""

    limit: int = 200
    offset: int = 0
    order: Sequence[str] | None = None
    search: str = ""


def listing(
    whole: Whole, *, row: Path = (), column: Path = (), measure: int = 0, window: Window | None = None
) -> Records | NoRecords:
    """Return the records of a question's filters, or of one of its cells, within the scope.

    Raises ConfigError (bad_cell) for a cell the question does not have, and what `records` raises.
    """
    found = chosen_records(whole, row=row, column=column, measure=measure)
    return found if isinstance(found, NoRecords) else _read(whole, found, window or Window())


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which records are meant, not read yet (arguments of `records`); notes belong to them."""

    list_id: str
    where: Where
    on: str | None
    between: Days | None
    notes: tuple[str, ...] = ()


def chosen_records(
    whole: Whole, *, row: Path = (), column: Path = (), measure: int = 0
) -> Chosen | NoRecords:
    """Say which records a question, or one of its cells, is about; raises ConfigError (bad_cell)."""
    question = whole.question
    if len(row) > len(question.rows) or len(column) > len(question.columns):
        raise ConfigError(BAD_CELL, code="bad_cell")
    try:
        days = _joined(whole.days, days_of_cell(place_of(question, row, column)))
    except ValueError:
        raise ConfigError(BAD_CELL, code="bad_cell") from None
    if whole.dataset.kind == LIST:
        return _of_list(whole, row, column, days)
    if not 0 <= measure < len(question.measures):
        raise ConfigError(BAD_CELL, code="bad_cell")
    return _of_metric(whole, row, column, days, question.measures[measure])


def _joined(days: Days | None, own: Days | None) -> Days | None:
    if days is None or own is None:
        return own or days
    return max(days[0], own[0]), min(days[1], own[1])


def _of_list(whole: Whole, row: Path, column: Path, days: Days | None) -> Chosen:
    place = place_of(whole.question, row, column)
    where: dict[str, list[str | None]] = list_where(whole.counting())
    on = whole.dataset.date_column
    for name, value in place.items():
        if name not in TIME_FIELDS:
            where[name] = [value]
        elif value is None and on is not None:
            where[on] = [None]
    return Chosen(whole.dataset.subject, where, on, days)


def _of_metric(
    whole: Whole, row: Path, column: Path, days: Days | None, measure: Measure
) -> Chosen | NoRecords:
    metric = whole.catalog.metric(measure.subject)
    if metric.definition.over_time != "sum" and not _is_now(whole, metric, days):
        return NoRecords(EARLIER)
    cut = _plain(_cut(whole, measure.subject, row, column))
    behind = records_behind(whole.catalog, metric, cut, whole.snapshot.business_date.year)
    if behind is None:
        return NoRecords(NO_LIST)
    where = behind.counted if measure.part == "numerator" and behind.counted else behind.where
    notes = (WIDER,) if behind.wider else ()
    if metric.definition.over_time != "sum":
        return Chosen(behind.list_id, where, None, None, notes)
    span = days or _own_window(whole, metric)
    on = _day_of_event(whole.catalog, behind.list_id)
    told = notes if on and span else (*notes, ALL_TIMES)
    return Chosen(behind.list_id, where, on, span if on else None, told)


def _day_of_event(catalog: Catalog, list_id: str) -> str | None:
    """The day something happened on, in lists of what happened: part of the key, or listed newest first.

    Projects have days as well (planned, begun), but a step that ended in May belongs to projects of any of
    them: none of these days tells which records a figure of May counts.
    """
    definition = catalog.record_list(list_id).definition
    day = dataset(catalog, f"{LIST}:{list_id}").date_column
    return day if day is not None and (day in definition.key or f"-{day}" in definition.order) else None


def _is_now(whole: Whole, metric: Metric, days: Days | None) -> bool:
    """Lists show today: only a cell whose period is today's has records."""
    grain, today = metric.definition.grain, whole.snapshot.business_date
    last = days[1] if days else date.max
    return stand(last, grain, whole.question.at, today) == floor(today, grain)


def _cut(whole: Whole, subject: str, row: Path, column: Path) -> dict[str, list[str | None]]:
    asking = whole.asking(subject)
    cut = where_of_metric(asking)
    cut |= {name: [value] for name, value in plain_place(whole.question, row, column).items()}
    buckets = _buckets(whole, asking.metric, place_of(whole.question, row, column))
    return cut | ({BUCKET: buckets} if buckets else {})


def _buckets(whole: Whole, metric: Metric, place: Mapping[str, str | None]) -> list[str | None]:
    """The levels of a distribution a cell counts; a level that stands for „nothing“ is an empty column."""
    behind = metric.definition.records
    empty = behind.empty if behind else None
    filters = bucket_filters(whole.question)
    if BUCKET in place:
        found = [place[BUCKET]]
    elif filters:
        found = [value for item in filters if item.op == "in" for value in item.values]
        found = [value for value in found if all(fits(item, value, whole.words) for item in filters)]
    else:
        return []
    return [None if value == empty else value for value in found]


def _plain(cut: Mapping[str, list[str | None]]) -> dict[str, Value]:
    many = {name: cast("list[str]", values) for name, values in cut.items()}
    return {name: values[0] if len(values) == 1 else values for name, values in many.items()}


def _own_window(whole: Whole, metric: Metric) -> Days | None:
    """The months a flow counts when nobody said which."""
    chosen = {n: v for n, v in whole.question.choose.items() if n in metric.definition.choose_one}
    found = query(whole.catalog, whole.snapshot, metric.id, scope=whole.scope, where=chosen or None).total
    if found is None or found.period is None:
        return None
    first = add_months(found.period.replace(day=1), 1 - metric.definition.window_months)
    return first, period_end(found.period, metric.definition.grain)


def _read(whole: Whole, chosen: Chosen, window: Window) -> Records:
    found = records(
        whole.catalog,
        whole.snapshot,
        chosen.list_id,
        scope=whole.scope,
        where=chosen.where,
        limit=window.limit,
        order=window.order,
        offset=window.offset,
        search=window.search,
        on=chosen.on,
        between=chosen.between,
    )
    return replace(found, notes=chosen.notes)
