"""What can be asked in the explorer: data sets with their fields and measures, derived from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from metrics.catalog import Catalog, Metric, RecordList
from metrics.definition import ORG_COLUMN, ORG_LEVELS, Unit
from metrics.explore.question import BUCKET, COUNT, TIME_FIELDS, Measure, Part
from metrics.explore.result import MeasureInfo
from metrics.explore.sequence import sequence_of_column, sequence_of_dimension
from metrics.folding import fold
from metrics.recordlist import RecordColumn
from warehouse.errors import ConfigError, did_you_mean

FIGURES: Literal["bestand"] = "bestand"
LIST: Literal["liste"] = "liste"
FieldKind = Literal["text", "unit", "time", "bucket", "boolean", "number"]
Hierarchy = Literal["organisation", "time"] | None
_FIELD_KINDS: Mapping[str, FieldKind] = {
    "text": "text",
    "unit": "unit",
    "boolean": "boolean",
    "integer": "number",
    "year": "number",
}
_SUM_UNITS: Mapping[str, Unit | Literal["number"]] = {"integer": "count", "eur": "eur", "number": "number"}


@dataclass(frozen=True, slots=True)
class Field:
    """Something to cut or filter by; `level_of` names the hierarchy it is a level of.

    metrics: ids of the figures that know it (none in lists). label: German label of a list's column.
    sequence: values that follow one another in a procedure, in that order.
    """

    name: str
    kind: FieldKind
    level_of: Hierarchy = None
    metrics: tuple[str, ...] = ()
    label: str = ""
    sequence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """All figures of one population, or one record list.

    choose: dimensions whose values are never added up, with their default; metrics with another default of
    their own keep it unless a value is chosen. date_column: the column time fields of a list are taken from.
    key: columns that name one record of a list.
    """

    id: str
    kind: Literal["bestand", "liste"]
    title: str
    metrics: tuple[str, ...]
    fields: tuple[Field, ...]
    measures: tuple[MeasureInfo, ...]
    choose: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    scope: Literal["organisation", "city"] = "organisation"
    date_column: str | None = None
    key: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Id of the population or of the list."""
        return self.id.partition(":")[2]

    def field(self, name: str) -> Field:
        """Return a field; ConfigError (unknown_dimension) with a suggestion."""
        for item in self.fields:
            if item.name == name:
                return item
        known = [item.name for item in self.fields]
        raise ConfigError(
            f"„{self.title}“ hat kein Merkmal „{name}“",
            code="unknown_dimension",
            allowed=", ".join(known),
            next_step=did_you_mean(name, known),
        )

    def measure(self, measure: Measure) -> MeasureInfo:
        """Return a measure in words; ConfigError (unknown_measure) with a suggestion."""
        for info in self.measures:
            if info.measure == measure:
                return info
        known = sorted({info.measure.subject for info in self.measures})
        raise ConfigError(
            f"„{self.title}“ hat keinen Wert „{measure.subject}“ ({measure.part})",
            code="unknown_measure",
            allowed=", ".join(known),
            next_step=did_you_mean(measure.subject, known),
        )


_KEPT: list[tuple[Catalog, dict[str, Dataset]]] = []
MOST_KEPT = 4


def datasets(catalog: Catalog) -> tuple[Dataset, ...]:
    """Return all data sets: populations with figures first, then record lists, each by title."""
    return tuple(_by_id(catalog).values())


def dataset(catalog: Catalog, dataset_id: str) -> Dataset:
    """Return a data set; ConfigError (unknown_dataset) with a suggestion."""
    known = _by_id(catalog)
    if dataset_id not in known:
        raise ConfigError(
            "Diesen Datenbestand gibt es nicht",
            code="unknown_dataset",
            found=dataset_id,
            next_step=did_you_mean(dataset_id, known),
        )
    return known[dataset_id]


def dataset_of(metric: Metric) -> str:
    """Return the id of the data set a metric belongs to."""
    return f"{FIGURES}:{metric.definition.population}"


def _by_id(catalog: Catalog) -> dict[str, Dataset]:
    """Built once per catalogue; nothing in a catalogue changes after loading."""
    for kept, found in _KEPT:
        if kept is catalog:
            return found
    built = {item.id: item for item in (*_populations(catalog), *_lists(catalog))}
    _KEPT.insert(0, (catalog, built))
    del _KEPT[MOST_KEPT:]
    return built


def _populations(catalog: Catalog) -> list[Dataset]:
    groups: dict[str, list[Metric]] = {}
    for metric in catalog.metrics.values():
        if not metric.definition.deprecated:
            groups.setdefault(metric.definition.population, []).append(metric)
    found = [_population(catalog, name, metrics) for name, metrics in groups.items()]
    return sorted(found, key=lambda item: fold(item.title))


def _population(catalog: Catalog, name: str, metrics: list[Metric]) -> Dataset:
    known = catalog.populations.get(name)
    metrics = sorted(metrics, key=lambda metric: metric.definition.number)
    choose: dict[str, str] = {}
    for metric in metrics:
        choose = {**metric.definition.choose_one, **choose}
    title = known.title if known else name
    return Dataset(
        id=f"{FIGURES}:{name}",
        kind=FIGURES,
        title=title[:1].upper() + title[1:],
        metrics=tuple(metric.id for metric in metrics),
        fields=tuple(_fields(catalog, metrics)),
        measures=tuple(info for metric in metrics for info in measures_of(metric)),
        choose=MappingProxyType(choose),
        scope="organisation" if any(m.definition.scope == "organisation" for m in metrics) else "city",
    )


def _fields(catalog: Catalog, metrics: Iterable[Metric]) -> Iterator[Field]:
    knowing: dict[str, list[Metric]] = {}
    for metric in metrics:
        for name in fields_of(metric):
            knowing.setdefault(name, []).append(metric)
    order = {name: place for place, name in enumerate((*ORG_LEVELS, ORG_COLUMN))}
    last = {name: place for place, name in enumerate((BUCKET, *TIME_FIELDS))}
    for name in sorted(knowing, key=lambda name: (name in last, order.get(name, 9), last.get(name, 0))):
        sequences = (sequence_of_dimension(catalog, metric, name) for metric in knowing[name])
        sequence = next((values for values in sequences if values), ())
        ids = tuple(metric.id for metric in knowing[name])
        yield Field(name, _kind(name), _level_of(name), ids, sequence=sequence)


def fields_of(metric: Metric) -> tuple[str, ...]:
    """Names of all fields a metric knows."""
    definition = metric.definition
    levels = ORG_LEVELS if definition.by_organisation else ()
    bucket = (BUCKET,) if definition.kind == "distribution" else ()
    times = ("year",) if definition.grain == "year" else TIME_FIELDS
    return tuple(dict.fromkeys((*levels, *definition.data_dimensions, *bucket, *times)))


def _kind(name: str) -> FieldKind:
    if name in (*ORG_LEVELS, ORG_COLUMN):
        return "unit"
    if name in TIME_FIELDS:
        return "time"
    return "bucket" if name == BUCKET else "text"


def _level_of(name: str) -> Hierarchy:
    if name in (*ORG_LEVELS, ORG_COLUMN):
        return "organisation"
    return "time" if name in TIME_FIELDS else None


def measures_of(metric: Metric) -> tuple[MeasureInfo, ...]:
    """Return what a metric can show: its value, and what it is made of."""
    definition = metric.definition
    short = definition.short or definition.label
    found = [_info(metric, "value", definition.label, short, definition.unit, definition.decimals)]
    if definition.kind in ("share", "mean"):
        bottom = definition.denominator_text or ""
        top_unit, bottom_unit = _unit_of_part(metric, "numerator"), _unit_of_part(metric, "denominator")
        found.append(_info(metric, "numerator", definition.numerator_text, f"{short}: Zähler", top_unit))
        found.append(_info(metric, "denominator", bottom, f"{short}: Nenner", bottom_unit))
    if definition.kind == "distribution":
        found[0] = _info(metric, "value", f"{definition.label}: Anteil", f"{short}: Anteil", "percent", 1)
        found.append(_info(metric, "numerator", f"{definition.label}: Anzahl", f"{short}: Anzahl", "count"))
    elif "n" in metric.columns:
        found.append(_info(metric, "n", f"{definition.label}: Fälle", f"{short}: Fälle", "count"))
    return tuple(found)


def _info(
    metric: Metric,
    part: Part,
    label: str,
    short: str,
    unit: Unit | Literal["number"],
    decimals: int = 0,
) -> MeasureInfo:
    kind = metric.definition.kind
    note = (metric.definition.limits or "") if part == "value" else ""
    return MeasureInfo(Measure(metric.id, part), label, short, unit, decimals, kind, metric.id, note)


def _unit_of_part(metric: Metric, part: str) -> Unit | Literal["number"]:
    """What a share is made of need not be a count: budgets are amounts, posts and days have fractions."""
    if metric.definition.kind == "mean":
        return metric.definition.unit if part == "numerator" else "count"
    if re.search(rf"_eur\b[^,]*\bAS {part}\b", metric.sql, re.IGNORECASE):
        return "eur"
    return "number" if metric.area == "resources" else "count"


def _lists(catalog: Catalog) -> list[Dataset]:
    """Lists whose records have an address; the others are words for other pages."""
    found = [_list(item) for item in catalog.lists.values() if item.definition.key]
    return sorted(found, key=lambda item: fold(item.title))


def _list(item: RecordList) -> Dataset:
    definition = item.definition
    dates = definition.date_columns
    # Of several days the one that names the record is the one it happened on. The others have fields of their
    # own („planned_on_year“), so that „year“ in addresses people keep goes on meaning the same day.
    on = next((name for name in (*definition.key, *dates) if name in dates), None)
    return Dataset(
        id=f"{LIST}:{item.id}",
        kind=LIST,
        title=definition.label,
        metrics=(),
        fields=tuple(_list_fields(item, on)),
        measures=tuple(_list_measures(item)),
        scope=definition.scope,
        date_column=on,
        key=definition.key,
    )


def _list_fields(item: RecordList, on: str | None) -> Iterator[Field]:
    definition = item.definition
    if definition.scope == "organisation":
        for level in ORG_LEVELS:
            yield Field(level, "unit", "organisation")
    for name, column in definition.columns.items():
        if column.type in _FIELD_KINDS and not column.adds:
            sequence = sequence_of_column(item, name)
            kind = _FIELD_KINDS[column.type]
            yield Field(name, kind, _level_of_column(name), label=column.label, sequence=sequence)
    if on is not None:
        for name in TIME_FIELDS:
            yield Field(name, "time", "time", label=definition.columns[on].label)
    for day in definition.date_columns:
        for length in TIME_FIELDS if day != on else ():
            yield Field(f"{day}_{length}", "time", "time", label=definition.columns[day].label)


def _level_of_column(name: str) -> Hierarchy:
    return "organisation" if name == ORG_COLUMN else None


def _list_measures(item: RecordList) -> Iterator[MeasureInfo]:
    label = item.definition.label
    yield MeasureInfo(Measure(COUNT, "count"), f"{label}: Anzahl", "Anzahl", "count", 0, "count", None)
    for name, column in item.definition.columns.items():
        if column.adds:
            yield _sum_info(name, column)


def _sum_info(name: str, column: RecordColumn) -> MeasureInfo:
    decimals = {"eur": 2, "number": 1}.get(column.type, 0)
    unit = _SUM_UNITS[column.type]
    return MeasureInfo(Measure(name, "sum"), column.label, column.label, unit, decimals, "sum", None)
