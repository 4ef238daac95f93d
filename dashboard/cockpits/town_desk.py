"""The door for one viewer of a town's cockpit: filters of the address, cuts of the file, words for both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard import dimension_words, texts
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.selection import MONTHS_BACK, UNIT, UNIT_LEVEL, Option, options_of, unit_names
from dashboard.cockpits.town_check import dimensions_of, may_be_cut
from dashboard.cockpits.town_file import CockpitFile, Cut
from dashboard.components.address import origin_address
from dashboard.components.filters import STICHTAG, month_ends
from dashboard.drill_link import drill_address
from metrics.definition import ORG_LEVELS, Definition
from metrics.question import add_months, period_end
from metrics.result import MetricResult
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services


@dataclass(frozen=True, slots=True)
class Desk:
    """`chosen` are the filters set in the address: dimension → value; `params` the address without others.

    `options` are the choices of each filter offered, `names` the units by id.
    """

    services: Services
    viewer: Viewer
    path: str
    file: CockpitFile
    params: Mapping[str, str]
    at: date
    today: date
    chosen: Mapping[str, str]
    options: Mapping[str, Sequence[Option]]
    names: Mapping[str, str]

    def definition(self, metric_id: str) -> Definition:
        """Header of a metric."""
        return self.services.catalog.metric(metric_id).definition

    def narrowed(
        self, cut: Cut, by: Collection[str] = (), *, by_period: bool = False
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return the conditions of a cut with the filters it knows, and the filters it cannot follow."""
        definition = self.definition(cut.metric)
        known, where, left = dimensions_of(definition), dict(cut.where), []
        for name, value in self.chosen.items():
            if name in where:
                left += [name] if where[name] != value else []
            elif name in known and may_be_cut(definition, {*where, name, *by}, by_period=by_period):
                where[name] = value
            else:
                left.append(name)
        return where, tuple(left)

    def ask(
        self, cut: Cut, *, by: tuple[str, ...] = (), between: tuple[date, date] | None = None
    ) -> MetricResult:
        """Ask for a cut at the Stichtag."""
        dimensions = [name for name in by if name != "period"]
        where, _ = self.narrowed(cut, dimensions, by_period="period" in by)
        more: dict[str, Any] = {"by": by, "where": where or None, "at": self.at}
        return self.services.query(self.viewer, cut.metric, between=between, **more)

    def origin(self, cut: Cut, by: Collection[str] = ()) -> str:
        """Address of this view with the origin of a figure open; `by` as the chart asks it."""
        where, _ = self.narrowed(cut, by)
        if not may_be_cut(self.definition(cut.metric), where):
            where = dict(cut.where)
        return origin_address(self.path, self.params, cut.metric, where, at=self.past)

    @property
    def past(self) -> date | None:
        """The Stichtag where it is not that of the snapshot."""
        return None if self.at == self.today else self.at

    def ways(self, cut: Cut, by: str) -> dict[str, str]:
        """Addresses of the breakdown by the words of a dimension's values; hidden ones lead nowhere."""
        where, _ = self.narrowed(cut, (by,))
        if not may_be_cut(self.definition(cut.metric), {*where, by}):
            return {}
        cells = [c for c in self.ask(cut, by=(by,)).rows if not c.suppressed]
        return {
            self.value(by, c.keys[by]): drill_address(cut.metric, {**where, by: c.keys[by]}, at=self.past)
            for c in cells
        }

    def left_out(self, cut: Cut, by: Collection[str] = (), *, by_period: bool = False) -> str:
        """„gilt ohne Filter Art“ where a figure cannot follow a filter that is set, else nothing."""
        _, left = self.narrowed(cut, by, by_period=by_period)
        return f"ohne Filter {texts.listed([self.dimension(name) for name in left])}" if left else ""

    def dimension(self, name: str) -> str:
        """Word for a dimension: of the file, of the town, of the house."""
        if name in self.file.labels:
            return self.file.labels[name]
        return self.services.settings.terms.unit if name == UNIT_LEVEL else dimension_words.dimension(name)

    def value(self, name: str, key: str | None) -> str:
        """Word for a value of a dimension; units by their names."""
        if key is None:
            return texts.dimension_value(None)
        if name in ORG_LEVELS:
            return self.names.get(key, key)
        return self.file.labels.get(key) or dimension_words.value(key)

    def months(self, definition: Definition, count: int) -> list[date]:
        """The last `count` months up to the Stichtag: of flows only complete ones."""
        last = self.at.replace(day=1)
        if definition.over_time == "sum" and self.at < period_end(last, "month"):
            last = add_months(last, -1)
        return [add_months(last, -back) for back in range(count - 1, -1, -1)]


def open_desk(
    services: Services, viewer: Viewer, path: str, file: CockpitFile, params: Mapping[str, str]
) -> Desk:
    """Read the address; values nobody offers count as not set."""
    today = services.snapshot().business_date
    offered = {day.isoformat(): day for day in month_ends(today, MONTHS_BACK)}
    at = offered.get(params.get(STICHTAG, ""), today) if file.filters.day else today
    units = unit_names(services.records(viewer, "org_units", limit=10_000))
    options = _options(services, viewer, file, units)
    chosen = {
        name: params[key]
        for name, found in options.items()
        if (key := parameter(name)) in params and params[key] in {value for value, _ in found}
    }
    days = {} if at == today else {STICHTAG: at.isoformat()}
    known = {parameter(name): value for name, value in chosen.items()} | days
    ours = {STICHTAG, *(parameter(name) for name in options)}
    kept = {name: value for name, value in params.items() if name not in ours}
    return Desk(services, viewer, path, file, {**kept, **known}, at, today, chosen, options, units)


def parameter(dimension: str) -> str:
    """Name of a filter in the address; that of units is the same on all pages."""
    return UNIT if dimension == UNIT_LEVEL else dimension


def _options(
    services: Services, viewer: Viewer, file: CockpitFile, units: Mapping[str, str]
) -> dict[str, Sequence[Option]]:
    wanted = [*([UNIT_LEVEL] if file.filters.unit else []), *file.filters.dimensions]
    return {name: found for name in wanted if len(found := _values(services, viewer, file, name, units)) > 1}


def _values(
    services: Services, viewer: Viewer, file: CockpitFile, name: str, units: Mapping[str, str]
) -> list[Option]:
    """„alle“ and what any figure of the page knows of this dimension, within the viewer's rights."""
    found: dict[str | None, str] = {}
    for _, cut in file.cuts():
        definition = services.catalog.metric(cut.metric).definition
        fixed = {key: value for key, value in cut.where.items() if key != name}
        if name not in dimensions_of(definition) or not may_be_cut(definition, {*fixed, name}):
            continue
        words = units if name in ORG_LEVELS else {**dimension_words.VALUES, **file.labels}
        try:
            result = services.query(viewer, cut.metric, by=(name,), where=fixed or None)
        except IsekError:
            continue  # a card that cannot be asked says so itself
        found |= dict(options_of(result, name, words)[1:])
    return [(None, texts.ALL), *sorted(found.items(), key=lambda item: item[1].casefold())]
