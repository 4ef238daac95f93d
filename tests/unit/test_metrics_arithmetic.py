"""Division, quantiles, targets and ratings: exact, and honest about what is unknown."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.compute import as_number, quantile, ratio
from metrics.rating import rate
from metrics.targets import Part, Point, Rule, Selection, Target

HALF = Fraction(1, 2)
days = st.dates(date(2021, 1, 1), date(2030, 12, 31))
amounts = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2)
buckets = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 50)), max_size=30)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    on = sorted(draw(st.sets(days, min_size=1, max_size=5)))
    points = tuple(Point(on=day, value=draw(amounts)) for day in on)
    return Rule(path=points, tolerance_abs=abs(draw(amounts)))


@pytest.mark.parametrize("denominator", [None, 0, Decimal("0.00")])
def test_nothing_divided_by_nothing_is_no_value(denominator: Decimal | None) -> None:
    assert ratio(3, denominator) is None
    assert ratio(None, 4) is None


def test_money_is_divided_exactly() -> None:
    assert ratio(Decimal("0.10"), Decimal("0.30")) == Fraction(1, 3)


def test_amounts_leave_as_decimal_and_whole_days_as_whole_numbers() -> None:
    assert as_number(Fraction(45, 2), Decimal("1.00")) == Decimal("22.50")
    assert as_number(Fraction(4, 1)) == 4
    assert isinstance(as_number(Fraction(4, 1)), int)
    assert as_number(Fraction(9, 2)) == 4.5


@given(buckets)
def test_the_median_of_buckets_is_the_median_of_the_single_values(items: list[tuple[int, int]]) -> None:
    values = [value for value, n in items for _ in range(n)]
    expected = Fraction(median(values)) if values else None
    assert quantile(items, HALF) == expected


@given(buckets, st.fractions(min_value=Fraction(1, 100), max_value=Fraction(99, 100), max_denominator=100))
def test_a_quantile_lies_between_the_smallest_and_the_largest_value(
    items: list[tuple[int, int]], share: Fraction
) -> None:
    values = [value for value, n in items if n]
    found = quantile(items, share)
    assert (found is None) == (not values)
    if found is not None:
        assert min(values) <= found <= max(values)


@given(rules(), days)
def test_a_target_stays_between_the_points_around_it(rule: Rule, day: date) -> None:
    soll = rule.soll(day)
    if day < rule.path[0].on:
        assert soll is None
        return
    before = [point for point in rule.path if point.on <= day][-1]
    after = next((point for point in rule.path if point.on > day), before)
    assert soll is not None
    assert min(before.value, after.value) <= soll <= max(before.value, after.value)


@given(rules())
def test_a_target_hits_its_points_and_holds_the_last(rule: Rule) -> None:
    assert all(rule.soll(point.on) == Fraction(point.value) for point in rule.path)
    assert rule.soll(rule.path[-1].on + timedelta(days=4000)) == Fraction(rule.path[-1].value)


def test_the_target_of_today_is_linear_between_two_decisions() -> None:
    rule = Rule(
        path=(
            Point(on=date(2026, 1, 1), value=Decimal("0.2")),
            Point(on=date(2026, 1, 11), value=Decimal("0.3")),
        )
    )
    assert rule.soll(date(2026, 1, 4)) == Fraction(23, 100)


ORDER = {"krit": 0, "warn": 1, "gut": 2}


@given(rules(), days, amounts, amounts)
def test_a_better_value_never_gets_a_worse_rating(rule: Rule, day: date, one: Decimal, two: Decimal) -> None:
    low, high = sorted((Fraction(one), Fraction(two)))
    worse, better = rate(low, rule, day, "higher"), rate(high, rule, day, "higher")
    if worse.target is None:
        assert worse.rating == better.rating == "neu"
        return
    assert ORDER[worse.rating] <= ORDER[better.rating]
    assert ORDER[rate(low, rule, day, "lower").rating] >= ORDER[rate(high, rule, day, "lower").rating]


@given(rules(), days, amounts)
def test_ratings_are_symmetric_in_the_direction(rule: Rule, day: date, distance: Decimal) -> None:
    soll = rule.soll(day)
    if soll is not None:
        above, below = soll + Fraction(distance), soll - Fraction(distance)
        assert rate(above, rule, day, "higher").rating == rate(below, rule, day, "lower").rating


def test_reaching_the_target_exactly_is_good_and_the_edge_of_the_tolerance_still_to_be_watched() -> None:
    rule = Rule(path=(Point(on=date(2026, 1, 1), value=Decimal("0.45")),), tolerance_points=Decimal("0.08"))
    day = date(2026, 6, 9)
    assert rate(Fraction(45, 100), rule, day, "higher").rating == "gut"
    assert rate(Fraction(37, 100), rule, day, "higher").rating == "warn"
    assert rate(Fraction(36999, 100000), rule, day, "higher").rating == "krit"
    assert rate(Fraction(45, 100), rule, day, "none").rating == "neu"
    assert rate(None, rule, day, "higher").rating == "neu"


def test_a_tolerance_in_percent_is_a_part_of_the_target() -> None:
    rule = Rule(path=(Point(on=date(2026, 1, 1), value=Decimal(20)),), tolerance_percent=Decimal("0.25"))
    assert rate(Fraction(25), rule, date(2026, 1, 1), "lower").rating == "warn"
    assert rate(Fraction(251, 10), rule, date(2026, 1, 1), "lower").rating == "krit"


PATH = (Point(on=date(2026, 1, 1), value=Decimal(20)),)
WOHNGELD = Part(where={"procedure": "wohngeld"}, path=PATH)


def _selection(narrowed: tuple[str, ...], other: bool = False, **values: str) -> Selection:
    return Selection(values, frozenset(narrowed), other)


def test_a_target_for_the_total_does_not_rate_parts() -> None:
    target = Target(owner="FD 10", path=PATH, parts=(WOHNGELD,))
    assert target.rule_for(_selection(())) is target
    assert target.rule_for(_selection(("themenfeld",), themenfeld="Bauen")) is None
    assert target.rule_for(_selection((), other=True)) is None
    assert target.rule_for(_selection(("procedure",), procedure="wohngeld")) is WOHNGELD
    assert target.rule_for(_selection(("procedure", "channel"), procedure="wohngeld", channel="post")) is None


def test_a_target_for_each_rates_parts_and_prefers_the_part_of_its_own() -> None:
    target = Target(owner="FD 10", path=PATH, parts=(WOHNGELD,), applies_to="each")
    assert target.rule_for(_selection(("themenfeld",), themenfeld="Bauen")) is target
    assert (
        target.rule_for(_selection(("procedure", "channel"), procedure="wohngeld", channel="post"))
        is WOHNGELD
    )


def test_a_default_that_is_named_in_a_part_counts_as_no_narrowing() -> None:
    part = Part(where={"produkt": "111240", "plan_art": "ergebnisplan"}, path=PATH)
    target = Target(owner="FD 20", parts=(part,))
    assert target.rule_for(_selection(("produkt",), produkt="111240", plan_art="ergebnisplan")) is part
    assert (
        target.rule_for(_selection(("produkt", "plan_art"), produkt="111240", plan_art="finanzplan")) is None
    )
