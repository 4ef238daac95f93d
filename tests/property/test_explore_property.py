"""Laws of pivots over random towns: every level is what the door says, parts add up, scopes stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.catalog import Catalog, Metric, load_catalog
from metrics.explore.catalog import dataset, dataset_of, fields_of
from metrics.explore.pivot import pivot
from metrics.explore.question import BUCKET, COUNT, TIME_FIELDS, Measure, PivotQuestion
from metrics.levels import member_of, query_levels, span_of
from metrics.query import query
from metrics.question import floor
from metrics.result import Cell, Scope
from tests.property.test_metrics_figures import CATALOG, UNITS, Town
from tests.small_city import small_city
from warehouse.store import Snapshot

CITY = Scope.city()
SCOPES = [CITY, Scope.of("D1"), Scope.of("FD32"), Scope.of("FD10", "D2"), Scope.of()]
WINDOW = date(2025, 8, 1), date(2026, 5, 31)
FOLDED = [
    m for m in CATALOG.metrics.values() if m.definition.over_time != "none" and not m.definition.protect
]
ADDITIVE = [m for m in FOLDED if m.definition.kind == "sum"]
FLOWS = [m for m in FOLDED if m.definition.over_time == "sum"]
STOCKS = [m for m in FOLDED if m.definition.over_time == "last" and m.definition.kind != "distribution"]
calm = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
few = settings(calm, max_examples=40)
LISTS = ("services", "applications", "measures", "bookings", "posts")


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Snapshot]]:
    folder = tmp_path_factory.mktemp("erkunden")
    yield [small_city(folder, Town(seed).rows(), catalog=CATALOG) for seed in (11, 12)]


def axes_of(draw: st.DrawFn, metric: Metric, most: int = 3) -> tuple[str, ...]:
    names = [name for name in fields_of(metric) if name not in (*TIME_FIELDS, BUCKET)]
    if not names:
        return ()
    return tuple(draw(st.lists(st.sampled_from(names), unique=True, max_size=most)))


def is_told(cell: Cell) -> bool:
    return cell.value is not None


@calm
@given(data=st.data())
def test_each_level_read_at_once_is_what_the_door_says_alone(
    towns: list[Snapshot], data: st.DataObject
) -> None:
    town = data.draw(st.sampled_from(towns))
    metric = data.draw(st.sampled_from(FOLDED))
    names = axes_of(data.draw, metric)
    scope = data.draw(st.sampled_from(SCOPES))
    between = data.draw(st.sampled_from([None, WINDOW]))
    levels = [names[:end] for end in range(len(names) + 1)]
    found = query_levels(CATALOG, town, metric.id, levels, scope=scope, between=between)
    for level in levels:
        alone = query(CATALOG, town, metric.id, scope=scope, by=level, between=between)
        told = [item.cell for item in found[level]]
        if not told:
            assert not [cell for cell in alone.rows if is_told(cell)]
            continue
        # Amounts, bounds, qualifiers, known and ratings, with unknown numerators and denominators.
        assert sorted(map(repr, told)) == sorted(map(repr, alone.rows))


@few
@given(data=st.data())
def test_a_flow_by_months_quarters_and_years_is_what_the_door_says_of_each_span(
    towns: list[Snapshot], data: st.DataObject
) -> None:
    town, metric = data.draw(st.sampled_from(towns)), data.draw(st.sampled_from(FLOWS))
    name = data.draw(st.sampled_from(TIME_FIELDS))
    found = query_levels(CATALOG, town, metric.id, [(name,), ()], scope=CITY, between=WINDOW)
    for item in found[(name,)]:
        first, last = span_of(name, item.path[0] or "")
        span = max(first, WINDOW[0]), min(last, WINDOW[1])
        alone = query(CATALOG, town, metric.id, scope=CITY, between=span).rows
        assert [repr(item.cell)] == [repr(cell) for cell in alone if cell.bucket == item.cell.bucket]


@few
@given(data=st.data())
def test_a_stock_by_time_is_what_the_door_says_of_the_end_of_each_span(
    towns: list[Snapshot], data: st.DataObject
) -> None:
    town, metric = data.draw(st.sampled_from(towns)), data.draw(st.sampled_from(STOCKS))
    name = data.draw(st.sampled_from(TIME_FIELDS))
    measure = Measure(metric.id)
    span = WINDOW[0], town.business_date
    question = PivotQuestion(dataset_of(metric), (measure,), columns=(name,), between=span)
    found = pivot(CATALOG, town, question, scope=CITY)
    for column in found.columns:
        last = span_of(name, column.path[0] or "")[1] if column.path else town.business_date
        alone = query(CATALOG, town, metric.id, scope=CITY, at=min(last, town.business_date)).rows[0]
        assert found.cell((), column.path).value == alone.value
    told = {column.path for column in found.columns}
    for cell in query(CATALOG, town, metric.id, scope=CITY, by=("period",), between=WINDOW).rows:
        if cell.period and is_told(cell) and floor(cell.period, "month") == cell.period and name == "month":
            assert (member_of(name, cell.period),) in told


@calm
@given(data=st.data())
def test_parts_of_what_adds_up_are_the_total_on_both_axes(towns: list[Snapshot], data: st.DataObject) -> None:
    town, metric = data.draw(st.sampled_from(towns)), data.draw(st.sampled_from(ADDITIVE))
    apart = set(metric.definition.choose_one)
    names = tuple(name for name in axes_of(data.draw, metric, 2) if name not in apart)
    cut = data.draw(st.integers(0, len(names)))
    question = PivotQuestion(dataset_of(metric), (Measure(metric.id),), names[:cut], names[cut:])
    found = pivot(CATALOG, town, question, scope=data.draw(st.sampled_from(SCOPES)))
    for row in found.rows:
        below = [head.path for head in found.rows if head.path[:-1] == row.path and head.path]
        for column in found.columns if below else ():
            parts = [found.cell(path, column.path).value for path in below]
            assert sum(part for part in parts if part is not None) == (
                found.cell(row.path, column.path).value or 0
            )


@few
@given(data=st.data())
def test_a_limited_viewer_sees_the_pivot_of_the_own_rows(towns: list[Snapshot], data: st.DataObject) -> None:
    town = data.draw(st.sampled_from(towns))
    metric = data.draw(st.sampled_from([m for m in FOLDED if m.definition.by_organisation]))
    unit = data.draw(st.sampled_from(UNITS[:3]))
    question = PivotQuestion(dataset_of(metric), (Measure(metric.id, "value"),), ("org_unit_id",))
    whole = pivot(CATALOG, town, question, scope=CITY)
    mine = pivot(CATALOG, town, question, scope=Scope.of(unit))
    assert {row.path for row in mine.rows} <= {(unit,), ()}
    # Targets are not part of a cell, so the row of the unit is the same figure for both.
    assert mine.cell((unit,), ()).value == whole.cell((unit,), ()).value
    assert mine.cell((), ()).value == whole.cell((unit,), ()).value


@few
@given(data=st.data())
def test_records_of_a_list_are_counted_once_at_every_level(
    towns: list[Snapshot], data: st.DataObject
) -> None:
    town = data.draw(st.sampled_from(towns))
    data_set = dataset(CATALOG, f"liste:{data.draw(st.sampled_from(LISTS))}")
    apart = CATALOG.record_list(data_set.subject).definition.apart
    sums = [info.measure for info in data_set.measures][:3]
    names = data.draw(st.lists(st.sampled_from([f.name for f in data_set.fields]), unique=True, max_size=3))
    scope = data.draw(st.sampled_from(SCOPES))
    found = pivot(CATALOG, town, PivotQuestion(data_set.id, tuple(sums), tuple(names)), scope=scope)
    assert found.measures[0].measure == Measure(COUNT, "count")
    for row in found.rows:
        below = [head.path for head in found.rows if head.path[:-1] == row.path and head.path]
        for number in range(len(sums)) if below else ():
            parts = [found.cell(path, (), number) for path in below]
            whole = found.cell(row.path, (), number)
            if whole.state == "refused":
                # Amounts kept apart have no sum; within one value of each they have.
                assert sums[number].part == "sum" and set(apart) - set(names[: row.level])
                continue
            assert all(part.state != "refused" for part in parts), "a sum is no better than its parts"
            assert sum(part.value for part in parts if part.value is not None) == (whole.value or 0)


@few
@given(data=st.data())
def test_nothing_of_a_hidden_cell_is_told_whatever_is_compared_or_shaded(
    towns: list[Snapshot], data: st.DataObject
) -> None:
    town = data.draw(st.sampled_from(towns))
    metric = data.draw(st.sampled_from(["case_long_count", "case_duration_days"]))
    names = data.draw(
        st.lists(st.sampled_from(["procedure", "channel", "fachdienst", "year"]), unique=True, max_size=2)
    )
    show = data.draw(st.sampled_from(["value", "row_share", "total_share", "difference", "index"]))
    against = data.draw(st.sampled_from(["previous_period", "previous_year", "plan", "member"]))
    order = data.draw(st.sampled_from(["", "value", "-value"]))
    question = PivotQuestion(
        "bestand:vorgang_entschieden",
        (Measure(metric), Measure(metric, "n")),
        tuple(names[:1]),
        tuple(names[1:]),
        show=show,
        against=against,
        against_member="online",
        order=order,
    )
    if not names and against == "member":
        return
    found = pivot(CATALOG, town, question, scope=CITY)
    plain = pivot(
        CATALOG,
        town,
        PivotQuestion(question.dataset, question.measures, question.rows, question.columns),
        scope=CITY,
    )
    hidden = {key for key, cell in plain.cells.items() if cell.state == "suppressed"}
    for key in hidden:
        cell = found.cell(*key)
        assert cell.state == "suppressed"
        assert {cell.value, cell.shown, cell.base, cell.numerator, cell.denominator, cell.warmth} == {None}
    for key, cell in found.cells.items():
        if cell.state == "value" and show in ("row_share", "total_share"):
            base = (key[0], (), key[2]) if show == "row_share" else ((), (), key[2])
            assert plain.cell(*base).state == "value"
    heads = [row.path for row in found.rows if row.level == 1]
    told = {path for path in heads if plain.cell(path, ()).state == "value"}
    if order:
        # A hidden row stands behind all others whichever way they are ordered.
        assert set(heads[: len(told)]) == told


def test_the_catalogue_of_the_house_is_what_is_tested() -> None:
    assert isinstance(CATALOG, Catalog)
    assert len(FOLDED) > 70
    assert {m.id for m in load_catalog(None).metrics.values()} >= {m.id for m in FOLDED}
