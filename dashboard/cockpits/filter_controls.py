"""Filter row of the cockpits about services: Themenfeld, unit and Stichtag as menus of links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash.development.base_component import Component

from dashboard import formats
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.selection import (
    FILTERS,
    MONTHS_BACK,
    THEMENFELD,
    UNIT,
    UNIT_LEVEL,
    Option,
    Selection,
    known_params,
    options_of,
    read_selection,
    stichtag_options,
    unit_names,
    unit_plain,
    unit_shorts,
)
from dashboard.components.filters import STICHTAG, choices, filter_bar, menu, month_ends, reset_link

if TYPE_CHECKING:
    from dashboard.services import Services

SERVICES_METRIC = "ozg_online_share"


@dataclass(frozen=True, slots=True)
class Filters:
    """A checked choice with what else could be chosen; `params` are the address without ignored values."""

    selection: Selection
    params: Mapping[str, str]
    fields: tuple[Option, ...]
    units: tuple[Option, ...]
    names: Mapping[str, str]
    plain: Mapping[str, str]
    shorts: Mapping[str, str]
    unit_word: str


def read_filters(
    services: Services, viewer: Viewer, params: Mapping[str, str], fields_of: str = SERVICES_METRIC
) -> Filters:
    """Read the filters; only Themenfelder of `fields_of` and units inside the viewer's scope are on offer."""
    units = services.records(viewer, "org_units", limit=10_000)
    names = unit_names(units)
    fields = options_of(services.query(viewer, fields_of, by=(THEMENFELD,)), THEMENFELD)
    own = options_of(services.query(viewer, SERVICES_METRIC, by=(UNIT_LEVEL,)), UNIT_LEVEL, names)
    selection = read_selection(params, services.snapshot().business_date, fields, own)
    return Filters(
        selection=selection,
        params=known_params(params, selection),
        fields=tuple(fields),
        units=tuple(own),
        names=names,
        plain=unit_plain(units),
        shorts=unit_shorts(units),
        unit_word=services.settings.terms.unit,
    )


def cockpit_filters(
    path: str, filters: Filters, *, first: Component, unit: bool = True, end: Component | None = None
) -> Component:
    """Row of filters with the switch in front; without `unit` where figures know no units.

    `end` stands at the right, after the way back to no filters.
    """
    chosen = filters.selection
    controls = [first, menu("Themenfeld", choices(path, filters.params, THEMENFELD, filters.fields))]
    if unit:
        controls.append(menu(filters.unit_word, choices(path, filters.params, UNIT, filters.units)))
    days = (chosen.today, *month_ends(chosen.today, MONTHS_BACK))
    dates = stichtag_options(chosen.today, {day: formats.day(day) for day in days})
    controls.append(menu("Stichtag", choices(path, filters.params, STICHTAG, dates), icon_name="calendar"))
    reset = reset_link(path, filters.params, FILTERS)
    return filter_bar(*controls, *([reset] if reset and end else []), end=end or reset)
