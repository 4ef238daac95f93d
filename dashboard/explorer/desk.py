"""What every part of the explorer page needs: the question, who asks, and the words of the data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard.components.address import address
from dashboard.explorer import moves
from dashboard.explorer.parameter import EXPLORER
from dashboard.explorer.state import State, href, params_of, read_state
from dashboard.explorer.words import Words, words_for
from metrics.explore.catalog import Dataset, dataset
from metrics.explore.question import TIME_FIELDS, Measure, PivotQuestion
from metrics.explore.result import MeasureInfo
from warehouse.errors import AccessError, ConfigError, IsekError

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services
    from metrics.catalog import Metric

EDITED = "bearbeiten"
"""Parameter beside the question: the field whose condition is being written; any other link drops it."""
WHEN = "zeit"
"""Value of EDITED for the span of time."""
FORM = "explorer-formular"
"""Place of that form on the page."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One request: who asks what about which data set; `params` are those of the address as they came."""

    services: Services
    viewer: Viewer
    state: State
    dataset: Dataset
    words: Words
    today: date
    params: Mapping[str, str]

    @property
    def question(self) -> PivotQuestion:
        """What is asked."""
        return self.state.question

    @property
    def is_list(self) -> bool:
        """Whether records are counted rather than figures asked."""
        return self.dataset.kind == "liste"

    def to(self, question: PivotQuestion | None) -> str:
        """Address of the view with another question; nothing for none."""
        return "" if question is None else href(moves.on(self.state, question))

    def seen(self, **changes: Any) -> str:
        """Address of the view with other fields of its state; what is not named stays."""
        return href(replace(self.state, **changes))

    def editing(self, what: str) -> str:
        """Address of the view with the form for a field."""
        return f"{address(EXPLORER, params_of(self.state), **{EDITED: what})}#{FORM}"

    @property
    def edited(self) -> str:
        """Field whose form is open, „“ for none."""
        return self.params.get(EDITED, "")

    def label(self, name: str) -> str:
        """Words for a field."""
        return self.words.field(name)

    def value(self, name: str, value: str | None) -> str:
        """Words for a value of a field."""
        return self.words.value(name, value)

    def info(self, measure: Measure) -> MeasureInfo:
        """A value of the data set in words."""
        return self.dataset.measure(measure)

    @property
    def asked_metrics(self) -> list[Metric]:
        """Figures the question asks."""
        known = self.services.catalog.metrics
        return [known[m.subject] for m in self.question.measures if m.subject in known]

    @property
    def is_flow(self) -> bool:
        """Whether a span of time can be chosen: something happens in it, or time divides the table."""
        across = set(TIME_FIELDS) & {*self.question.rows, *self.question.columns}
        return bool(across) or any(m.definition.over_time == "sum" for m in self.asked_metrics)

    @property
    def is_stock(self) -> bool:
        """Whether a Stichtag can be chosen."""
        return any(m.definition.over_time != "sum" for m in self.asked_metrics)

    def choices(self, name: str) -> list[str | None]:
        """Values of a dimension of which exactly one holds, as far as a figure of the question has it."""
        metric = next((m for m in self.asked_metrics if name in m.definition.choose_one), None)
        if metric is None:
            return []
        try:
            rows = self.services.query(self.viewer, metric.id, by=(name,), at=self.question.at).rows
        except IsekError:
            return []
        return sorted({row.keys[name] for row in rows}, key=lambda value: value or "")

    def values(self, name: str) -> list[str | None]:
        """Values of a field that occur, as far as this viewer sees them; none where that cannot be asked."""
        asked = PivotQuestion(
            self.question.dataset,
            self._measure_that_knows(name),
            rows=(name,),
            between=self.question.between,
            at=self.question.at,
            choose={key: value for key, value in self.question.choose.items() if key != name},
        )
        try:
            found = self.services.explore(self.viewer, asked)
        except (AccessError, ConfigError):
            return []
        return [head.path[0] for head in found.rows if head.level == 1]

    def _measure_that_knows(self, name: str) -> tuple[Measure, ...]:
        field = next((item for item in self.dataset.fields if item.name == name), None)
        known = set(field.metrics) if field is not None else set()
        for measure in (*self.question.measures, *(info.measure for info in self.dataset.measures)):
            if not known or measure.subject in known:
                return (measure,)
        return self.question.measures[:1]


def desk_of(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Desk:
    """Read an address; raises ConfigError with a sentence for what cannot be read."""
    today = services.snapshot().business_date
    state = read_state(params, services.catalog, today)
    data = dataset(services.catalog, state.question.dataset)
    return Desk(
        services, viewer, state, data, words_for(services, viewer, data, state.question), today, params
    )
