"""Every step from a question to the next: fields between the zones, values, conditions, comparisons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.explorer import moves
from dashboard.explorer.moves import Axis
from dashboard.explorer.state import State
from metrics.catalog import load_catalog
from metrics.explore.check import checked
from metrics.explore.question import MOST_FIELDS, MOST_METRICS, Filter, Measure, PivotQuestion, Top

CASES, DAYS, COST, SHARE = (Measure(name) for name in ("cases", "days", "cost", "share"))
FIELD, UNIT = Filter("themenfeld", "in", ("Bauen",)), Filter("fachdienst", "in", ("FD10",))
PLAIN = PivotQuestion(
    "bestand:proben", (CASES, DAYS), rows=("themenfeld", "fachdienst"), columns=("month",), filters=(FIELD,)
)


@pytest.mark.parametrize(
    ("name", "axis", "rows", "columns"),
    [
        # From the shelf.
        ("bucket", "rows", ("themenfeld", "fachdienst", "bucket"), ("month",)),
        ("bucket", "columns", ("themenfeld", "fachdienst"), ("month", "bucket")),
        # From the other axis, which it leaves.
        ("month", "rows", ("themenfeld", "fachdienst", "month"), ()),
        ("themenfeld", "columns", ("fachdienst",), ("month", "themenfeld")),
        # Where it is already: to the end, never twice.
        ("themenfeld", "rows", ("fachdienst", "themenfeld"), ("month",)),
        ("month", "columns", ("themenfeld", "fachdienst"), ("month",)),
    ],
)
def test_a_field_goes_to_the_end_of_an_axis_and_stands_there_once(
    name: str, axis: Axis, rows: Any, columns: Any
) -> None:
    found = moves.placed(PLAIN, name, axis)
    assert (found.rows, found.columns) == (rows, columns)
    assert moves.fields_on(found, axis)[-1] == name
    assert (found.measures, found.filters) == (PLAIN.measures, PLAIN.filters)


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("themenfeld", ("fachdienst",), ("month",)),
        ("month", ("themenfeld", "fachdienst"), ()),
        ("gibt_es_nicht", ("themenfeld", "fachdienst"), ("month",)),
    ],
)
def test_a_field_is_taken_off_the_axes_and_its_filter_stays(name: str, rows: Any, columns: Any) -> None:
    found = moves.taken_off(PLAIN, name)
    assert (found.rows, found.columns, found.filters) == (rows, columns, (FIELD,))


def test_an_axis_has_room_for_as_many_fields_as_a_question_may_have() -> None:
    fields = ("fachdienst", "themenfeld", "bucket")
    assert len(fields) == MOST_FIELDS
    full = replace(PLAIN, rows=fields, columns=fields[:-1])
    assert (moves.has_room(full, "rows"), moves.has_room(full, "columns")) == (False, True)
    assert moves.has_room(moves.taken_off(full, "bucket"), "rows")


def test_a_field_is_shifted_by_one_place_and_not_beyond_the_ends() -> None:
    back = moves.shifted(PLAIN, "rows", "themenfeld", 1)
    assert back is not None and back.rows == ("fachdienst", "themenfeld")
    assert moves.shifted(back, "rows", "themenfeld", -1) == PLAIN
    assert moves.shifted(PLAIN, "rows", "themenfeld", -1) is None
    assert moves.shifted(PLAIN, "rows", "fachdienst", 1) is None
    two = replace(PLAIN, columns=("year", "month"))
    columns = moves.shifted(two, "columns", "month", -1)
    assert columns is not None and (columns.rows, columns.columns) == (PLAIN.rows, ("month", "year"))


def test_rows_and_columns_are_exchanged_and_back() -> None:
    turned = moves.turned(PLAIN)
    assert (turned.rows, turned.columns) == (PLAIN.columns, PLAIN.rows)
    assert moves.turned(turned) == PLAIN


def test_open_rows_are_kept_where_a_field_is_added_below_and_closed_where_the_outer_ones_change() -> None:
    opened = replace(PLAIN, open_paths=frozenset({("Bauen",)}))
    assert moves.placed(opened, "bucket", "rows").open_paths == {("Bauen",)}
    assert moves.placed(opened, "bucket", "columns").open_paths == {("Bauen",)}
    assert moves.taken_off(opened, "themenfeld").open_paths == frozenset()
    # „All open“ holds for whatever the rows are.
    assert moves.taken_off(PLAIN, "themenfeld").open_paths is None


def test_without_rows_there_is_no_rank_and_no_order_any_more() -> None:
    ranked = replace(PLAIN, rows=("themenfeld",), top=Top(5), order="-value")
    bare = moves.taken_off(ranked, "themenfeld")
    assert (bare.rows, bare.top, bare.order) == ((), None, "")
    kept = moves.placed(ranked, "bucket", "rows")
    assert (kept.top, kept.order) == (Top(5), "-value")


def test_a_member_compared_with_goes_with_the_field_it_belongs_to() -> None:
    against = moves.compared(PLAIN, "member", "2026-05")
    assert (against.show, against.against, against.against_member) == ("difference", "member", "2026-05")
    assert moves.placed(against, "bucket", "columns").against == "member"
    gone = moves.taken_off(against, "month")
    assert (gone.show, gone.against, gone.against_member) == ("value", "", "")


def test_a_value_stands_beside_the_others_once_and_comes_last() -> None:
    assert moves.measured(PLAIN, COST).measures == (CASES, DAYS, COST)
    assert moves.measured(PLAIN, CASES).measures == (DAYS, CASES)


def test_values_have_room_until_there_are_as_many_as_a_question_may_have() -> None:
    every = (CASES, DAYS, COST, SHARE)
    assert len(every) == MOST_METRICS
    assert not moves.can_measure(replace(PLAIN, measures=every))
    assert moves.can_measure(replace(PLAIN, measures=every[:-1]))


@pytest.mark.parametrize("measure", [CASES, DAYS, COST])
def test_one_value_takes_the_place_of_all_others_in_one_step(measure: Measure) -> None:
    found = moves.measured_alone(PLAIN, measure)
    assert found == replace(PLAIN, measures=(measure,))


def test_the_last_value_cannot_be_taken_off() -> None:
    one = moves.unmeasured(PLAIN, CASES)
    assert one is not None and one.measures == (DAYS,)
    assert moves.unmeasured(one, DAYS) is None
    # What is not there leaves everything as it is.
    assert moves.unmeasured(one, COST) == one


def test_values_change_places_and_not_beyond_the_ends() -> None:
    first = moves.measure_shifted(PLAIN, DAYS, -1)
    assert first is not None and first.measures == (DAYS, CASES)
    assert moves.measure_shifted(PLAIN, CASES, -1) is None
    assert moves.measure_shifted(PLAIN, DAYS, 1) is None


def test_a_field_has_one_condition_which_is_replaced_or_taken_off() -> None:
    other = replace(FIELD, values=("Familie",))
    assert moves.filtered(PLAIN, "themenfeld", other).filters == (other,)
    assert moves.filtered(PLAIN, "fachdienst", UNIT).filters == (FIELD, UNIT)
    assert moves.filtered(PLAIN, "themenfeld", None).filters == ()
    assert moves.filter_of(PLAIN, "themenfeld") == FIELD
    assert moves.filter_of(PLAIN, "fachdienst") is None


def test_a_difference_has_something_to_be_compared_with_and_without_it_there_is_none() -> None:
    shown = moves.shown_as(PLAIN, "index")
    assert (shown.show, shown.against) == ("index", "previous_year")
    assert moves.shown_as(replace(PLAIN, against="plan"), "difference").against == "plan"
    assert moves.shown_as(PLAIN, "row_share").against == ""
    assert moves.compared(shown, "plan").show == "index"
    assert moves.compared(PLAIN, "previous_period").show == "difference"
    assert (moves.compared(shown, "").show, moves.compared(shown, "").against) == ("value", "")


def test_rows_are_opened_and_closed_one_by_one_and_all_at_once() -> None:
    closed = moves.all_closed(PLAIN)
    assert closed.open_paths == frozenset() and not moves.is_open(closed, ("Bauen",))
    one = moves.opened(closed, ("Bauen",))
    assert one.open_paths == {("Bauen",)} and moves.is_open(one, ("Bauen",))
    assert moves.all_opened(one).open_paths is None
    # All but one: what is below a closed row closes with it.
    openable = [("Bauen",), ("Bauen", "FD10"), ("Familie",)]
    assert moves.closed(PLAIN, ("Bauen",), openable).open_paths == {("Familie",)}
    assert moves.opened(PLAIN, ("Bauen",)) == PLAIN


def test_a_head_goes_through_its_orders_and_back_to_that_of_the_field() -> None:
    def orders(what: Any) -> list[str]:
        question, found = PLAIN, []
        for _ in range(3):
            question = moves.sorted_by(question, what)
            found.append(question.order)
        return found

    assert orders("value") == ["-value", "value", ""]
    assert orders("name") == ["name", "-name", ""]


def test_time_choice_and_rank_change_nothing_else() -> None:
    span = date(2026, 1, 1), date(2026, 5, 31)
    dated = moves.dated(PLAIN, span, date(2026, 5, 31))
    assert dated == replace(PLAIN, between=span, at=date(2026, 5, 31))
    assert moves.ranked(PLAIN, Top(3)) == replace(PLAIN, top=Top(3))
    chosen = moves.chosen(moves.chosen(PLAIN, "modell", "a"), "modell", "b")
    assert dict(chosen.choose) == {"modell": "b"}


def test_another_question_selects_nothing_and_starts_on_the_first_page() -> None:
    state = State(PLAIN, cell=(("Bauen",), (), 0), page=4, view_id="v1", warm=False)
    found = moves.on(state, moves.turned(PLAIN))
    assert (found.cell, found.page, found.warm, found.view_id) == (None, 1, False, "v1")
    assert found.question == moves.turned(PLAIN)


def test_whatever_the_moves_make_of_a_question_can_be_asked() -> None:
    catalog = load_catalog(None)
    share = Measure("ozg_online_share")
    start = PivotQuestion("bestand:einzelleistung_eigen", (share,), rows=("themenfeld",), columns=("month",))
    names = ("themenfeld", "fachdienst", "month")
    placed = [moves.placed(start, name, axis) for name in names for axis in moves.OTHER]
    for question in (*placed, *(moves.taken_off(one, name) for one in placed for name in names)):
        for step in (question, moves.turned(question), moves.compared(question, "previous_year")):
            assert checked(catalog, step).id == start.dataset
