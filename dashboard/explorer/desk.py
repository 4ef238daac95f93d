"""What every part of the explorer page needs: the question, who asks, and the words of the data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.components.address import address
from dashboard.explorer import moves, words
from dashboard.explorer.state import State, href, params_of
from metrics.explore.catalog import Dataset, Field
from metrics.explore.question import Measure, PivotQuestion
from metrics.explore.result import MeasureInfo

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

PATH = "/explorer"
EDITED = "bearbeiten"
"""Parameter beside the question: the field whose condition is being written; any other link drops it."""
WHEN = "zeit"
"""Value of EDITED for the span of time."""
SORTING, EVERY_COLUMN = "sortierung", "spaltenwahl"
"""Parameters of the view „Liste“."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One request: who asks what about which data set; `params` are those of the address as they came."""

    services: Services
    viewer: Viewer
    state: State
    dataset: Dataset
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
        """Address of the view with another question."""
        return "" if question is None else href(moves.on(self.state, question))

    def seen(self, **changes: object) -> str:
        """Address of the same question looked at in another way."""
        return href(replace(self.state, **changes))  # type: ignore[arg-type]

    def editing(self, what: str) -> str:
        """Address of the view with the form for a field."""
        return address(PATH, params_of(self.state), **{EDITED: what})

    @property
    def edited(self) -> str:
        """Field whose form is open, „“ for none."""
        return self.params.get(EDITED, "")

    def field(self, name: str) -> Field | None:
        """A field of the data set."""
        return next((field for field in self.dataset.fields if field.name == name), None)

    def label(self, name: str) -> str:
        """Words for a field."""
        return words.field_label(self.dataset, name)

    def info(self, measure: Measure) -> MeasureInfo | None:
        """A value of the data set in words."""
        return next((info for info in self.dataset.measures if info.measure == measure), None)

    def measure_words(self, measure: Measure) -> str:
        """Short name of a value."""
        info = self.info(measure)
        return info.short if info else measure.subject
