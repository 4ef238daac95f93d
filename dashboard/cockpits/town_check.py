"""Whether what a town's cockpit names exists: metrics, dimensions, cuts that may be shown, projections."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.cockpits.ozg import projection_of
from dashboard.cockpits.town_file import (
    Bullets,
    ChartCut,
    CockpitFile,
    Columns,
    Cut,
    Line,
    Multiples,
    Stacked,
)
from metrics.definition import ORG_COLUMN, ORG_LEVELS, Definition
from metrics.models.library import AnyModel
from warehouse.errors import ConfigError, did_you_mean
from warehouse.toml import line_of

if TYPE_CHECKING:
    from pathlib import Path

    from metrics.catalog import Catalog

Place = tuple[Any, ...]
# Names of the address that mean something else already.
TAKEN = frozenset({"zahl", "zahl-stichtag", "stichtag", "einheit", "stand"})


def dimensions_of(definition: Definition) -> tuple[str, ...]:
    """Dimensions a figure can be cut by, levels of the organisation included."""
    levels = ORG_LEVELS if definition.by_organisation else ()
    own = (name for name in definition.data_dimensions if name != ORG_COLUMN)
    return (*own, *levels)


def may_be_cut(definition: Definition, names: Collection[str], *, by_period: bool = False) -> bool:
    """Whether a figure with small numbers is published in this cut; all others are in every cut."""
    if definition.protect:
        return any(set(cut) == set(names) for cut in definition.cuts)
    return not definition.min_cell or not (names or by_period)


@dataclass(frozen=True, slots=True)
class Checker:
    """Looks at one file; `text` is what stands in it."""

    path: Path
    text: str
    file: CockpitFile
    catalog: Catalog
    models: Mapping[str, AnyModel]

    def faults(self) -> Iterator[ConfigError]:
        """Every fault with its line."""
        for place, cut in self.file.cuts():
            definition = self._definition(cut.metric)
            if definition is None:
                yield self._unknown_metric((*place, "metric"), cut.metric)
                continue
            yield from self._where(place, cut, definition)
            if isinstance(cut, ChartCut):
                yield from self._chart(place, cut, definition)
            elif definition.kind == "distribution":
                what = f"„{cut.metric}“ ist eine Verteilung und hat keine Zahl für eine Kachel"
                yield self._fault((*place, "metric"), what, allowed="ein Diagramm type = „stacked“")
        yield from self._filters()

    def _definition(self, metric_id: str) -> Definition | None:
        metric = self.catalog.metrics.get(metric_id)
        return metric.definition if metric else None

    def _fault(self, place: Place, what: str, **more: Any) -> ConfigError:
        line = line_of(self.text, place)
        where = f"{self.path}:{line}" if line else str(self.path)
        return ConfigError(what, code="bad_cockpit", where=where, **more)

    def _unknown_metric(self, place: Place, name: str) -> ConfigError:
        hint = did_you_mean(name, self.catalog.metrics) or "„isek metrics“ nennt alle Kennzahlen"
        return self._fault(place, f"Die Kennzahl „{name}“ gibt es nicht", found=name, next_step=hint)

    def _unknown_dimension(
        self, place: Place, name: str, metric_id: str, known: tuple[str, ...]
    ) -> ConfigError:
        return self._fault(
            place,
            f"„{metric_id}“ hat keine Dimension „{name}“",
            found=name,
            allowed=", ".join(known) or "keine Aufgliederung",
            next_step=did_you_mean(name, known) or "Eine der erlaubten Dimensionen nennen",
        )

    def _where(self, place: Place, cut: Cut, definition: Definition) -> Iterator[ConfigError]:
        known = dimensions_of(definition)
        for name in cut.where:
            if name not in known:
                yield self._unknown_dimension((*place, "where", name), name, cut.metric, known)

    def _chart(self, place: Place, chart: ChartCut, definition: Definition) -> Iterator[ConfigError]:
        known = dimensions_of(definition)
        names = {name: key for key in ("by", "parts", "across") if (name := getattr(chart, key, None))}
        for name, key in names.items():
            if name not in known:
                yield self._unknown_dimension((*place, key), name, chart.metric, known)
        by_period = isinstance(chart, Columns | Line | Multiples)
        cut = {*names, *chart.where}
        if cut <= set(known) and not may_be_cut(definition, cut, by_period=by_period):
            allowed = "; ".join(" und ".join(c) or "ohne Aufgliederung" for c in definition.cuts or ((),))
            what = f"„{chart.metric}“ schützt kleine Zahlen und wird so nicht gezeigt"
            yield self._fault(
                (*place, "metric"), what, found=", ".join(sorted(cut)) or "je Monat", allowed=allowed,
                next_step="Einen der erlaubten Zuschnitte wählen",
            )  # fmt: skip
        yield from self._fits(place, chart, definition)

    def _fits(self, place: Place, chart: ChartCut, definition: Definition) -> Iterator[ConfigError]:
        here = (*place, "type")
        if isinstance(chart, Columns | Line | Multiples) and not _has_months(definition):
            what = f"„{chart.metric}“ wird nicht je Monat gezählt"
            yield self._fault(here, what, found=definition.grain, allowed="bars, bullets, stacked, table")
        if isinstance(chart, Stacked):
            yield from self._parts(place, chart, definition)
        elif definition.kind == "distribution":
            what = f"„{chart.metric}“ ist eine Verteilung"
            yield self._fault(here, what, found=getattr(chart, "type", ""), allowed="stacked")
        if isinstance(chart, Bullets) and chart.metric not in self.catalog.targets:
            what = f"Für „{chart.metric}“ gibt es kein Soll, gegen das ein Balken stehen könnte"
            yield self._fault(
                here, what, next_step=f"In targets.toml [{chart.metric}] anlegen oder type = „bars“"
            )
        if isinstance(chart, Line) and chart.forecast and not self._projected(chart.metric):
            what = f"Für „{chart.metric}“ gibt es kein Modell, aus dem eine Prognose folgt"
            yield self._fault((*place, "forecast"), what, next_step="In models/ eine Fortschreibung anlegen")

    def _projected(self, metric_id: str) -> bool:
        return projection_of(self.models, metric_id) is not None

    def _parts(self, place: Place, chart: Stacked, definition: Definition) -> Iterator[ConfigError]:
        if definition.kind == "distribution":
            if chart.parts:
                what = "Die Teile einer Verteilung sind ihre Stufen: parts entfällt"
                yield self._fault((*place, "parts"), what, found=chart.parts)
        elif definition.kind != "sum" or chart.parts is None:
            what = "Teile eines Ganzen gibt es bei Verteilungen und, mit parts, bei Summen"
            yield self._fault((*place, "type"), what, found=f"kind = „{definition.kind}“")
        elif chart.parts in definition.choose_one:
            what = f"Werte von „{chart.parts}“ werden nie zusammengezählt und sind keine Teile eines Ganzen"
            yield self._fault((*place, "parts"), what, found=chart.parts)
        elif chart.parts == chart.by:
            yield self._fault((*place, "parts"), "by und parts nennen dieselbe Dimension", found=chart.parts)

    def _filters(self) -> Iterator[ConfigError]:
        definitions = [d for _, cut in self.file.cuts() if (d := self._definition(cut.metric))]
        known = tuple(dict.fromkeys(name for d in definitions for name in dimensions_of(d)))
        for name in self.file.filters.dimensions:
            place = ("filters", "dimensions")
            if name not in known:
                yield self._unknown_dimension(place, name, "keine Kennzahl dieser Seite", known)
            elif name in TAKEN or name in ORG_LEVELS:
                what = f"„{name}“ ist kein eigener Filter; Einheiten wählt unit = true"
                yield self._fault(place, what, found=name)
        if self.file.filters.unit and not any(d.by_organisation for d in definitions):
            what = "Keine Kennzahl dieser Seite lässt sich nach Organisationseinheiten aufgliedern"
            yield self._fault(("filters", "unit"), what, next_step="unit = false")


def _has_months(definition: Definition) -> bool:
    return definition.grain == "month" and definition.over_time != "none"
