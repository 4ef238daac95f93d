"""The projection is a straight line from what was observed, and claims nothing it cannot know."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from metrics.projection import (
    SPAN_MONTHS,
    PaceBand,
    months_between,
    needed_pace,
    outlook,
    pace_band,
    window_paces,
)

TODAY, GOAL = date(2026, 6, 9), date(2027, 12, 31)


def test_paces_are_means_of_six_consecutive_months() -> None:
    assert window_paces([6, 6, 6, 6, 6, 6, 12]) == [Fraction(6), Fraction(7)]


def test_fewer_than_six_months_are_no_pace() -> None:
    assert pace_band([9, 9, 9, 9, 9]) is None
    assert pace_band([]) is None


def test_only_the_last_two_years_count() -> None:
    assert pace_band([600, *([3] * SPAN_MONTHS)]) == PaceBand(*[Fraction(3)] * 4)


def test_the_band_runs_from_the_lowest_to_the_highest_half_year() -> None:
    band = pace_band([0] * 6 + [12] * 6)
    assert band == PaceBand(Fraction(0), Fraction(6), Fraction(12), Fraction(12))


def test_the_projection_follows_the_middle_pace_up_to_the_day() -> None:
    ahead = outlook(600, 1200, PaceBand(Fraction(0), Fraction(10), Fraction(20), Fraction(10)), TODAY, GOAL)
    assert ahead is not None
    months = months_between(TODAY, GOAL)
    assert ahead.value == (600 + 10 * months) / 1200
    assert ahead.low == Fraction(1, 2)
    assert 18.7 < float(months) < 18.8


def test_nobody_can_be_more_than_fully_online() -> None:
    ahead = outlook(90, 100, PaceBand(Fraction(-90), Fraction(50), Fraction(99), Fraction(1)), TODAY, GOAL)
    assert ahead is not None
    assert (ahead.low, ahead.value, ahead.high) == (0, 1, 1)


def test_a_day_that_is_not_ahead_has_no_projection() -> None:
    band = PaceBand(*[Fraction(1)] * 4)
    assert outlook(1, 2, band, GOAL, GOAL) is None
    assert outlook(0, 0, band, TODAY, GOAL) is None


def test_a_goal_that_is_reached_needs_no_pace_and_a_missed_deadline_has_none() -> None:
    assert needed_pace(10, Fraction(8), Fraction(3)) == 0
    assert needed_pace(10, Fraction(16), Fraction(3)) == 2
    assert needed_pace(10, Fraction(16), Fraction(0)) is None
    assert needed_pace(10, Fraction(10), Fraction(0)) == 0


@given(st.lists(st.integers(-20, 60), min_size=6, max_size=60), st.integers(0, 900))
def test_the_span_always_holds_the_middle(monthly: list[int], reached: int) -> None:
    band = pace_band(monthly)
    assert band is not None
    assert band.low <= band.middle <= band.high
    ahead = outlook(reached, 1000, band, TODAY, GOAL)
    assert ahead is not None
    assert 0 <= ahead.low <= ahead.value <= ahead.high <= 1


@given(st.integers(0, 900), st.integers(1, 900))
def test_the_needed_pace_reaches_the_goal_exactly(reached: int, more: int) -> None:
    months = months_between(TODAY, GOAL)
    pace = needed_pace(reached, Fraction(reached + more), months)
    assert pace is not None
    assert reached + pace * months == reached + more
