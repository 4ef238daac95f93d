"""Addresses of the explorer: what is written is read again, whatever people type is answered in German."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.explorer.parameter import CHARTS, COMPARED, ORDERS, SHOWN, VIEWS
from dashboard.explorer.state import State, canonical, changed, href, params_of, read_state
from dashboard.page import LONGEST_SEARCH, read_params
from metrics.catalog import Catalog, load_catalog
from metrics.explore.catalog import Dataset, dataset, datasets
from metrics.explore.question import Filter, PivotQuestion, Top
from warehouse.errors import ConfigError

TODAY = date(2026, 6, 9)
SIGNS = st.sampled_from("|,:;~!%*-.&=+#?\"'„<>\n\r\t\x00 \u200b🏛️ÄßaA0'()–")
TEXT = st.text(SIGNS | st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
VALUE = st.one_of(st.none(), st.just(""), TEXT)
PATH = st.lists(VALUE, min_size=1, max_size=3).map(tuple)


@cache
def catalog() -> Catalog:
    """The shipped figures and lists."""
    return load_catalog(None)


@st.composite
def filters(draw: st.DrawFn, name: str) -> Filter:
    """One condition of any kind."""
    op = draw(st.sampled_from(("in", "not_in", "contains", "between")))
    if op == "contains":
        return Filter(name, op, (draw(TEXT),))
    if op == "between":
        return Filter(name, op, draw(st.tuples(TEXT, TEXT | st.just("")) | st.tuples(st.just(""), TEXT)))
    return Filter(name, op, tuple(draw(st.lists(VALUE, min_size=1, max_size=5))))


@st.composite
def questions(draw: st.DrawFn, data: Dataset) -> PivotQuestion:
    """Any question of a data set the address can say."""
    names = draw(st.permutations([field.name for field in data.fields]))
    first, second = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    measures = draw(st.permutations([info.measure for info in data.measures]))
    days = sorted(draw(st.lists(st.dates(date(1900, 1, 1), date(2999, 12, 31)), min_size=2, max_size=2)))
    chosen = draw(st.lists(st.sampled_from(names), max_size=4)) if names else []
    against = draw(st.sampled_from((*COMPARED.values(), "member")))
    return canonical(
        PivotQuestion(
            dataset=data.id,
            measures=tuple(measures[: draw(st.integers(1, 4))]),
            rows=tuple(names[:first]),
            columns=tuple(names[first : first + second]),
            filters=tuple(draw(filters(name)) for name in chosen),
            between=draw(st.sampled_from((None, (days[0], days[1])))),
            at=draw(st.none() | st.dates(date(1900, 1, 1), TODAY)),
            choose=MappingProxyType({name: draw(TEXT) for name in data.choose if draw(st.booleans())}),
            show=draw(st.sampled_from(tuple(SHOWN.values()))),
            against=against,
            against_member=draw(TEXT) if against == "member" else "",
            top=draw(st.none() | st.builds(Top, st.integers(1, 1000), st.booleans())),
            order=draw(st.sampled_from(tuple(ORDERS.values()))),
            open_paths=draw(st.none() | st.frozensets(PATH, max_size=5)),
        )
    )


@st.composite
def states(draw: st.DrawFn) -> State:
    """Any state of the explorer."""
    question = draw(questions(draw(st.sampled_from(datasets(catalog())))))
    row = tuple(draw(VALUE) for _ in range(draw(st.integers(0, len(question.rows)))))
    column = tuple(draw(VALUE) for _ in range(draw(st.integers(0, len(question.columns)))))
    cell = (row, column, draw(st.integers(0, len(question.measures) - 1)))
    return State(
        question=question,
        view=draw(st.sampled_from(tuple(VIEWS.values()))),
        chart=draw(st.sampled_from(CHARTS)),
        warm=draw(st.booleans()),
        cell=draw(st.none() | st.just(cell)),
        page=draw(st.integers(1, 10_000)),
        search=draw(st.just("") | TEXT),
        view_id=draw(st.just("") | st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z")),
        sorting=draw(st.sampled_from(("", "bezeichnung", "-cases_per_year"))),
        every_column=draw(st.booleans()),
    )


@settings(max_examples=150, deadline=None)
@given(states())
def test_what_is_written_is_read_again(state: State) -> None:
    params = params_of(state)
    assert read_state(params, catalog(), TODAY) == state
    assert all(params.values()) and len(params) <= 50
    assert params_of(read_state(dict(reversed(params.items())), catalog(), TODAY)) == params


@settings(max_examples=150, deadline=None)
@given(states())
def test_a_link_leads_to_the_state_it_was_made_of(state: State) -> None:
    link = href(state, page=state.page, cell=state.cell)
    found = read_state(read_params(urlsplit(link).query), catalog(), TODAY)
    if found != state:
        assert len("&".join(params_of(state).values())) > LONGEST_SEARCH / 12, "only what is long is cut"
        assert found == replace(state, cell=None, question=replace(state.question, open_paths=frozenset()))


@settings(max_examples=100, deadline=None)
@given(states(), states())
def test_every_change_of_a_state_can_be_read_again(state: State, other: State) -> None:
    new = changed(state, rows=state.question.rows[:1], columns=(), filters=state.question.filters[::-1],
                  show=other.question.show, search=other.search)  # fmt: skip
    assert read_state(params_of(new), catalog(), TODAY) == new
    assert new.page == 1 and new.cell is None


_NAMES = """
daten werte zeilen spalten von bis stichtag zeige gegen top ordnung auf ansicht diagramm waerme zelle
seite suche sicht f.themenfeld f.themenfeld.von f.themenfeld.bis f.themenfeld.enthaelt f.bucket.x
f. f.x w. w.x w.reifegrad_modell
"""
_KNOWN = """
bestand:einzelleistung_eigen liste:services reifegrad_distribution.zaehler anzahl themenfeld bucket 2026-01-31
2026-13-01 0000-00-00 -10 in:a|b von:| von:a|~ in: mitglied: mitglied:~ a;b;0 ;;0 ;;١ * ||| ,,, % %zz ² 1e3
pivot themenfeld,themenfeld summe.x;DROP
"""
HOSTILE = ("9" * 5000, "\ud800", "' OR 1=1 --", "in:'; DROP TABLE core.service; --")
NAMES = st.sampled_from(tuple(_NAMES.split()))
KNOWN = st.sampled_from((*_KNOWN.split(), *HOSTILE))
ANYTHING = st.one_of(KNOWN, st.text(max_size=30), st.lists(KNOWN, max_size=4).map(",".join))


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(NAMES | st.text(max_size=8), ANYTHING, max_size=8))
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(params: dict[str, str]) -> None:
    try:
        state = read_state(params, catalog(), TODAY)
    except ConfigError as error:
        assert error.what and error.code and len(str(error.found or "")) < 200
        assert "\n" not in str(error) and str(error).encode()
    else:
        assert read_state(params_of(state), catalog(), TODAY) == state
        data = dataset(catalog(), state.question.dataset)
        names = {condition.name for condition in state.question.filters}
        names |= {*state.question.rows, *state.question.columns, *state.question.choose}
        assert names <= {field.name for field in data.fields} | data.choose.keys()
        assert set(state.question.measures) <= {info.measure for info in data.measures}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=LONGEST_SEARCH))
def test_whole_addresses_of_any_text_are_read_or_refused(search: str) -> None:
    try:
        params = read_params(search)
    except ValueError:
        return
    try:
        read_state(params, catalog(), TODAY)
    except ConfigError as error:
        assert error.what
