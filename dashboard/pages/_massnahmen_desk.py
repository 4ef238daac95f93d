"""What every part of Maßnahmen & Projekte needs: the door for one viewer, the choice, names, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component

from dashboard.auth.viewer import Viewer
from dashboard.cockpits import massnahmen as view
from dashboard.cockpits.selection import UNIT_LEVEL
from dashboard.components.address import address, origin_address
from dashboard.components.layout import card
from dashboard.components.provenance import source_line
from dashboard.components.states import empty, empty_filter
from metrics.records import Records
from metrics.result import MetricResult

if TYPE_CHECKING:
    from dashboard.services import Services

PATH = "/massnahmen"
STATES, DONE, OVERDUE = "measure_state_count", "measure_done_share", "measure_overdue_share"
LIST = "measures"
CLEARED: Mapping[str, Any] = {
    **dict.fromkeys(("goal", "unit", "state", "reach", "package")),
    "search": "",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The door for this viewer with the choice; `params` are the address without ignored values."""

    services: Services
    viewer: Viewer
    choice: view.Choice
    offered: view.Offered
    params: Mapping[str, str]
    names: Mapping[str, str]
    plain: Mapping[str, str]
    shorts: Mapping[str, str]

    @property
    def today(self) -> date:
        """Business date of the snapshot."""
        return self.services.snapshot().business_date

    @property
    def unit_word(self) -> str:
        """„Fachdienst“, as the town calls it."""
        return self.services.settings.terms.unit

    def ask(self, metric_id: str, **question: Any) -> MetricResult:
        """Ask the door."""
        return self.services.query(self.viewer, metric_id, **question)

    def states(self, *by: str) -> MetricResult:
        """Measures of the choice by state."""
        return self.ask(STATES, by=by, where=self.choice.cut)

    def rated(self, metric_id: str, *by: str) -> MetricResult | None:
        """A rated figure of the choice; None where it does not know all of the choice."""
        cut = self.choice.rated_cut
        return None if cut is None else self.ask(metric_id, by=by, where=cut)

    def rows(self, list_id: str, **question: Any) -> Records:
        """Records of a list."""
        return self.services.records(self.viewer, list_id, **question)

    def unit_where(self) -> dict[str, str]:
        """The unit alone, for lists that know no goals."""
        return {UNIT_LEVEL: self.choice.unit} if self.choice.unit else {}

    def href(self, **changes: Any) -> str:
        """Address of this page with some of the choice changed; a change begins at the first page."""
        changed = replace(self.choice, **{"page": 1, **changes})
        gone = dict.fromkeys(self.choice.params)
        return address(PATH, self.params, **{**gone, **changed.params})

    def origin(self, metric_id: str, where: Mapping[str, str] | None = None) -> str:
        """Address of this view with the origin of a figure open."""
        cut = (self.choice.rated_cut or {}) if where is None else where
        return origin_address(PATH, self.params, metric_id, cut)

    def nothing(self, title: str) -> Component:
        """Card without measures."""
        return card(title, self.way_on())

    def way_on(self) -> Component:
        """Where there are no measures: back from the filters, or to what brings the first ones."""
        chosen = any(self.params.get(name) for name in view.FILTERS) or self.choice.search
        if chosen:
            return empty_filter("Maßnahmen", self.href(**CLEARED))
        link = ("Datenquellen ansehen", "/datenquellen")
        return empty("Noch keine Maßnahmen geladen.", link=link)

    def states_origin(self) -> str | None:
        """Origin of the counts by state; None for a choice that one address cannot hold."""
        single = self.single_cut
        return self.origin(STATES, single) if len(single) == len(self.choice.cut) else None

    @property
    def single_cut(self) -> dict[str, str]:
        """The choice as far as it names one value each."""
        return {name: value for name, value in self.choice.cut.items() if isinstance(value, str)}

    def rated_origin(self, metric_id: str) -> str | None:
        """Origin of a rated figure; None where it does not know all of the choice."""
        return None if self.choice.rated_cut is None else self.origin(metric_id)

    def number(self, metric_id: str) -> str:
        """„MAS-02“."""
        return self.services.catalog.metric(metric_id).definition.number

    def source(self, result: MetricResult) -> Component:
        """Source and Datenstand of a figure."""
        return source_line(result, self.services.settings.zone)
