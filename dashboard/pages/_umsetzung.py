"""Lower part of the page of effects: what they are made of, cases, effort, savings, their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component

from dashboard.auth.viewer import Viewer
from dashboard.cockpits.selection import UNIT_LEVEL
from dashboard.components import effort_cards
from dashboard.components.address import address, origin_address
from dashboard.components.drill_rows import drills
from dashboard.components.filters import STICHTAG
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, section
from dashboard.components.states import empty
from metrics.result import MetricResult

if TYPE_CHECKING:
    from dashboard.services import Services

PATH = "/wirkungen"
EFFORT = ("Erwartung und Aufwand", "aufwand")
JUMPS = (("Aufwand", EFFORT[1]),)


class Below:
    """Asks the door for the sections below the small multiples, for one viewer and one unit or all."""

    def __init__(
        self,
        services: Services,
        viewer: Viewer,
        params: Mapping[str, str],
        unit: str | None,
        perspective: str | None,
        at: date | None = None,
    ) -> None:
        self.at = at
        self.services, self.viewer, self.params = services, viewer, params
        self.where = {UNIT_LEVEL: unit} if unit else {}
        self.perspective = {"perspective": perspective} if perspective else {}
        self.zone = services.settings.zone

    def ask(
        self, metric_id: str, *, by: tuple[str, ...] = (), where: Mapping[str, str] | None = None
    ) -> MetricResult:
        """A figure, narrowed to the unit where it knows units."""
        by_unit = self.services.catalog.metric(metric_id).definition.by_organisation
        cut = {**(self.where if by_unit else {}), **(where or {})}
        return self.services.query(self.viewer, metric_id, by=by, where=cut, at=self.at)

    def rows(
        self, list_id: str, *, where: Mapping[str, str] | None = None, limit: int = 200
    ) -> list[Mapping[str, Any]]:
        """Records of a list."""
        return self.services.records(self.viewer, list_id, where=where or {}, limit=limit).dicts()

    def origin(self, metric_id: str, where: Mapping[str, str] | None = None) -> str:
        """Address of the origin panel of a figure, for the cut that `ask` makes."""
        by_unit = self.services.catalog.metric(metric_id).definition.by_organisation
        cut = {**(self.where if by_unit else {}), **(where or {})}
        return origin_address(PATH, self.params, metric_id, cut, at=self.at)


def below(below: Below) -> list[Component]:
    """Return the section; a card that fails says so in its own place."""
    effort = grid(
        cell(12, guarded("Wirkungsbuch", partial(_book, below))),
        cell(7, guarded("Fallzahlen nach Kanal", partial(_channels, below))),
        cell(
            5,
            guarded("Erfüllungsaufwand", partial(_effort, below)),
            guarded("Papier, Wege und CO₂", partial(_saving, below)),
        ),
        cell(12, guarded("Parameter", lambda: effort_cards.parameter_card(below.rows("parameters")))),
    )
    return [section(*EFFORT, effort)]


def _book(below: Below) -> Component:
    if below.at is not None:
        today = address(PATH, below.params, **{STICHTAG: None})
        words = "Die Liste gibt es nur zum aktuellen Stichtag."
        return card("Wirkungsbuch", empty(words, link=("Aktuellen Stichtag ansehen", today)))
    metric_id = "effect_reached_share"
    definitions = {name: metric.definition for name, metric in below.services.catalog.metrics.items()}
    return effort_cards.book_card(
        below.rows("effect_book", where=below.perspective),
        definitions,
        below.ask(metric_id, where=below.perspective),
        below.zone,
        below.origin(metric_id, below.perspective),
    )


def _channels(below: Below) -> Component:
    metric_id = "application_channel_count"
    result = below.ask(metric_id, by=("procedure", "channel"))
    procedures = {name: name for row in result.rows if (name := row.keys["procedure"])}
    links = drills(metric_id, "procedure", procedures, where=below.where, at=below.at)
    return effort_cards.channel_card(result, below.zone, below.origin(metric_id), links)


def _effort(below: Below) -> Component:
    hours = below.ask("compliance_effort_hours", by=("addressee",))
    euros = below.ask("compliance_effort_eur", by=("addressee",))
    sides = {name: name for row in hours.rows if (name := row.keys["addressee"])}
    links = drills("compliance_effort_hours", "addressee", sides, where=below.where, at=below.at)
    return effort_cards.effort_card(hours, euros, below.zone, below.origin("compliance_effort_hours"), links)


def _saving(below: Below) -> Component:
    amounts = {"papier": below.ask("paper_saved_sheets"), "wege": below.ask("trips_saved_count")}
    total = below.ask("co2_saved_kg").total
    by_cause = below.ask("co2_saved_kg", by=("cause",))
    return effort_cards.saving_card(amounts, by_cause, total, below.zone, below.origin("co2_saved_kg"))
