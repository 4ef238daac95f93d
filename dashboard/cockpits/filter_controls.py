"""Filter row of the cockpits about services: Themenfeld, unit and Stichtag as menus of links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash.development.base_component import Component

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
    unit_names,
    unit_plain,
    unit_shorts,
)
from dashboard.cockpits.stichtag import stichtag_control
from dashboard.components.filters import choices, filter_bar, menu, month_ends, reset_link

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
    services: Services


def read_filters(
    services: Services, viewer: Viewer, params: Mapping[str, str], fields_of: str = SERVICES_METRIC
) -> Filters:
    """Read the filters; only Themenfelder of `fields_of` and units inside the viewer's scope are on offer."""
    units = services.records(viewer, "org_units", limit=10_000)
    names = unit_names(units)
    fields = options_of(services.query(viewer, fields_of, by=(THEMENFELD,)), THEMENFELD)
    own = options_of(services.query(viewer, SERVICES_METRIC, by=(UNIT_LEVEL,)), UNIT_LEVEL, names)
    today = services.snapshot().business_date
    days = tuple(facts.business_date for facts in services.earlier())
    selection = read_selection(params, today, fields, own, days=days)
    return Filters(
        selection=selection,
        params=known_params(params, selection),
        fields=tuple(fields),
        units=tuple(own),
        names=names,
        plain=unit_plain(units),
        shorts=unit_shorts(units),
        unit_word=services.settings.terms.unit,
        services=services,
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
    days = month_ends(filters.services.today, MONTHS_BACK)
    controls.append(stichtag_control(filters.services, path, filters.params, at=chosen.at, days=days))
    reset = reset_link(path, filters.params, FILTERS)
    return filter_bar(*controls, *([reset] if reset and end else []), end=end or reset)
