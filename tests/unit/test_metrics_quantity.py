"""Values as they were said: what may be computed with „über“, „rund“, „höchstens“ and „nicht beziffert“."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.quantity import Quantity, agree, said, total
from warehouse.errors import ConfigError


def test_a_number_out_of_more_than_another_is_less_than_their_ratio() -> None:
    share = said("genau", 112) / said("ueber", 180)
    assert share.upper == Fraction(112, 180) and share.high.open
    assert share.lower == 0


def test_a_rounded_number_stays_rounded_in_every_result() -> None:
    effort = said("rund", 600) * said("rund", 17)
    assert effort.point == 10_200 and effort.approximate


def test_maximal_rd_is_both_a_limit_and_rounded() -> None:
    sources = said("hoechstens", None, 250, "maximal rd.")
    assert sources.upper == 250 and sources.lower is None and sources.approximate


def test_a_sum_with_an_unknown_part_is_incomplete_and_not_zero() -> None:
    found = total([said("genau", 3_500_000), said("genau", 1_500_000), said("unbekannt", None)])
    assert (found.known.point, found.missing, found.complete) == (5_000_000, 1, False)
    assert found.quantity.is_unknown
    assert total([said("genau", 0)]).complete


def test_two_values_agree_contradict_or_cannot_be_judged() -> None:
    assert agree(said("genau", 5), said("genau", 5)) == "stimmt"
    assert agree(said("ueber", 180), said("genau", 180)) == "widerspricht"
    assert agree(said("mindestens", 180), said("genau", 180)) == "vertraeglich"
    assert agree(said("genau", 600), said("rund", 610)) == "offen"
    assert agree(said("genau", 600), said("rund", 610), Decimal("0.05")) == "stimmt"
    assert agree(said("genau", 500), said("rund", 610), Decimal("0.05")) == "widerspricht"
    assert agree(said("unbekannt", None), said("genau", 1)) == "offen"


def test_nothing_can_be_divided_by_what_may_be_zero_on_both_sides() -> None:
    assert (Quantity.exactly(1) / said("spanne", -1, 1)).is_unknown
    assert (Quantity.exactly(1) / said("spanne", 0, 4)).lower == Fraction(1, 4)
    assert (Quantity.exactly(1) / said("spanne", -4, 0)).upper == Fraction(-1, 4)


def test_nothing_times_an_end_nobody_named_is_nothing() -> None:
    assert (Quantity.exactly(0) * said("ueber", 5)).point == 0


@pytest.mark.parametrize(
    ("qualifier", "low", "high"),
    [("genau", None, None), ("spanne", 4, 1), ("spanne", None, 1), ("vielleicht", 1, None)],
)
def test_a_qualifier_without_its_value_is_refused(qualifier: str, low: int | None, high: int | None) -> None:
    with pytest.raises(ConfigError):
        said(qualifier, low, high)


NUMBERS = st.integers(-50, 50)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.fractions(0, 1), st.fractions(0, 1))
def test_whatever_lies_in_the_parts_lies_in_the_result(
    a: int, b: int, c: int, d: int, at: Fraction, of: Fraction
) -> None:
    one, other = said("spanne", min(a, b), max(a, b)), said("spanne", min(c, d), max(c, d))
    x, y = min(a, b) + at * abs(a - b), min(c, d) + of * abs(c - d)
    for result, value in ((one + other, x + y), (one - other, x - y), (one * other, x * y)):
        assert result.low.value <= value <= result.high.value
    if y:
        found = one / other
        assert found.low.value <= x / y <= found.high.value
