"""What an address of the explorer asks, answered for a file: a pivot, or all records of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dashboard import formats
from dashboard.auth.viewer import Viewer
from dashboard.dimension_words import dimension
from dashboard.dimension_words import value as word_of_value
from dashboard.explorer.parameter import EXPLORER
from dashboard.explorer.state import State, params_of, read_state
from dashboard.explorer.words import Words, condition_words, title_of, words_for
from dashboard.export import explorer_answer
from dashboard.export.explorer_answer import Analysis
from dashboard.export.facts import Facts, facts
from dashboard.export.list_answer import Listing
from dashboard.page import Page
from dashboard.services import require_data_access
from metrics.explore.catalog import dataset
from metrics.explore.extract import extract
from metrics.explore.listing import NoRecords
from metrics.explore.result import Pivot
from metrics.explore.whole import Whole
from metrics.lineage import provenance
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("explorer", EXPLORER, "Explorer (Analyse)", "Arbeiten")
"""What a file says of the page; who may open it says the page itself."""
LIST_VIEW = "liste"


@dataclass(frozen=True, slots=True)
class Asked:
    """An address that was read, with the words of its data set."""

    state: State
    words: Words
    title: str

    @property
    def is_list(self) -> bool:
        """Whether single records are asked for."""
        return self.state.view == LIST_VIEW

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Everything that narrows the question, as (name, choice)."""
        return tuple(_filters(self.state, self.words))


def read_asked(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Asked:
    """Read an address. Raises ConfigError with a German sentence."""
    state = read_state(params, services.catalog, services.today)
    question = state.question
    words = words_for(services, viewer, dataset(services.catalog, question.dataset), question)
    title = words.data.title if state.view == LIST_VIEW else title_of(question, words)
    return Asked(state, words, title)


def analysis(services: Services, viewer: Viewer, asked: Asked) -> Analysis:
    """Answer a pivot; raises what the door raises."""
    words = asked.words
    pivot = services.explore(viewer, asked.state.question)
    told = explorer_answer.Words(
        asked.title, asked.filters, words.field, words.value, words.hidden, words.data.title
    )
    return Analysis(pivot, told, _facts(services, viewer, asked), _sources(services, pivot))


def listing(services: Services, viewer: Viewer, asked: Asked) -> Listing:
    """Return the records a question is about, not read yet; raises what the door raises.

    ConfigError (no_list) where no single records are kept of it.
    """
    require_data_access(viewer)
    words, state = asked.words, asked.state
    snapshot = services.snapshot()
    whole = Whole.of(services.catalog, snapshot, state.question, viewer.scope, words.value)
    source = extract(whole, snapshot, search=state.search)
    if isinstance(source, NoRecords):
        raise ConfigError(source.reason, code="no_list")
    label, told = _list_words(services, source.selection.found.id)
    own = ("Die Liste zeigt nur Ihren Bereich.",) if viewer.scope.units is not None else ()
    return Listing(
        dataset=words.data.id,
        dataset_title=words.data.title,
        title=asked.title or label,
        filters=asked.filters,
        facts=_facts(services, viewer, asked),
        source=source,
        units=words.units.names,
        notes=(*source.notes, *own),
        definitions=told,
    )


def _list_words(services: Services, list_id: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    found = services.catalog.record_list(list_id)
    loads = provenance(services.snapshot(), found).loads
    sources = ", ".join(sorted({load.title for load in loads}))
    return found.definition.label, (("Liste", found.definition.label), ("Quelle", sources))


def _facts(services: Services, viewer: Viewer, asked: Asked) -> Facts:
    about = facts(services, viewer, PAGE, {}, None)
    address = f"{EXPLORER}?{urlencode(params_of(asked.state))}"
    return replace(about, address=address, filters=asked.filters)


def _filters(state: State, words: Words) -> Iterator[tuple[str, str]]:
    question = state.question
    for condition in question.filters:
        label = words.field(condition.name)
        yield label, condition_words(condition, words).removeprefix(label).lstrip(": ")
    for name, value in sorted(question.choose.items()):
        yield dimension(name), word_of_value(value)
    if question.between:
        yield "Zeitraum", formats.period(*question.between)
    if question.at:
        yield "Stichtag", formats.day(question.at)
    if question.top:
        yield "Auswahl", f"nur die {question.top.n} {'kleinsten' if question.top.smallest else 'größten'}"
    if state.search and state.view == LIST_VIEW:
        yield "Suche", state.search


def _sources(services: Services, pivot: Pivot) -> dict[str, str]:
    names = {info.metric for info in pivot.measures if info.metric}
    found = {}
    for name in names:
        loads = provenance(services.snapshot(), services.catalog.metric(name)).loads
        found[name] = ", ".join(sorted({load.title for load in loads}))
    return found
