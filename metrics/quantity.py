"""Values as they were said: „über 180“, „maximal rd. 250“, „nicht beziffert“, and arithmetic that keeps it.

A value is an interval whose ends may be open or missing. Shares are fractions. Unknown is not zero: a sum
with an unknown part is told as incomplete, never filled up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from warehouse.errors import ConfigError

Exact = Fraction | Decimal | int
Number = Fraction | float
"""A float is only ever minus or plus infinity: a bound nobody named."""

Verdict = Literal["stimmt", "vertraeglich", "widerspricht", "offen"]
QUALIFIERS = ("genau", "ueber", "rund", "hoechstens", "mindestens", "spanne", "unbekannt")
APPROXIMATE_WORDS = ("rd.", "rund", "ca.", "etwa", "circa")


class Bound(NamedTuple):
    """One end; `open` when the value itself is excluded („über 180“)."""

    value: Number
    open: bool = False


NO_LOW, NO_HIGH = Bound(-math.inf, True), Bound(math.inf, True)


@dataclass(frozen=True, slots=True)
class Quantity:
    """All values a statement leaves possible. `approximate` is „rund“: nobody said how far it reaches."""

    low: Bound
    high: Bound
    approximate: bool = False

    @classmethod
    def exactly(cls, value: Exact) -> Quantity:
        """The one value."""
        exact = Fraction(value)
        return cls(Bound(exact), Bound(exact))

    @classmethod
    def unknown(cls) -> Quantity:
        """Anything."""
        return cls(NO_LOW, NO_HIGH)

    @property
    def is_unknown(self) -> bool:
        """True when neither end is named."""
        return math.isinf(self.low.value) and math.isinf(self.high.value)

    @property
    def point(self) -> Fraction | None:
        """The single value, None for anything wider."""
        if isinstance(self.low.value, Fraction) and self.low.value == self.high.value:
            return self.low.value
        return None

    @property
    def lower(self) -> Fraction | None:
        """Lower end, None when nobody named one."""
        return self.low.value if isinstance(self.low.value, Fraction) else None

    @property
    def upper(self) -> Fraction | None:
        """Upper end, None when nobody named one."""
        return self.high.value if isinstance(self.high.value, Fraction) else None

    def __add__(self, other: Quantity) -> Quantity:
        low = Bound(self.low.value + other.low.value, self.low.open or other.low.open)
        high = Bound(self.high.value + other.high.value, self.high.open or other.high.open)
        return Quantity(low, high, self.approximate or other.approximate)

    def __neg__(self) -> Quantity:
        low = Bound(-self.high.value, self.high.open)
        return Quantity(low, Bound(-self.low.value, self.low.open), self.approximate)

    def __sub__(self, other: Quantity) -> Quantity:
        return self + -other

    def __mul__(self, other: Quantity) -> Quantity:
        ends = [_times(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Quantity(
            min(ends, key=_as_low), max(ends, key=_as_high), self.approximate or other.approximate
        )

    def __truediv__(self, other: Quantity) -> Quantity:
        """Quotient; unknown when the divisor may be zero with values on both sides."""
        return self * other.reciprocal()

    def times(self, factor: Exact) -> Quantity:
        """The value multiplied by an exact factor."""
        return self * Quantity.exactly(factor)

    def reciprocal(self) -> Quantity:
        """One divided by the value."""
        if self.low.value < 0 < self.high.value or self.point == 0:
            return Quantity(NO_LOW, NO_HIGH, self.approximate)
        low, high = _inverse(self.high, math.inf), _inverse(self.low, math.inf)
        if self.high.value == 0:
            low, high = NO_LOW, _inverse(self.low, math.inf)
        return Quantity(low, high, self.approximate)

    def at_least(self, floor: Exact) -> Quantity:
        """The value when it cannot lie below `floor` (counts and shares cannot be negative)."""
        low = self.low if self.low.value >= floor else Bound(Fraction(floor))
        return Quantity(low, self.high, self.approximate)


def _times(one: Bound, other: Bound) -> Bound:
    if one.value == 0 or other.value == 0:
        # Nothing times whatever is nothing, also where the other end is not named.
        is_closed = (one.value == 0 and not one.open) or (other.value == 0 and not other.open)
        return Bound(Fraction(0), not is_closed)
    return Bound(one.value * other.value, one.open or other.open)


def _inverse(bound: Bound, at_zero: float) -> Bound:
    if bound.value == 0:
        return Bound(at_zero, True)
    if isinstance(bound.value, float):
        return Bound(Fraction(0), True)
    return Bound(1 / bound.value, bound.open)


def _as_low(bound: Bound) -> tuple[Number, bool]:
    return bound.value, bound.open


def _as_high(bound: Bound) -> tuple[Number, bool]:
    return bound.value, not bound.open


def said(
    qualifier: str, low: Exact | None, high: Exact | None = None, wording: str | None = None
) -> Quantity:
    """Return a value with its qualifier; `wording` are the words of the paper („maximal rd.“).

    Raises ConfigError (bad_qualifier, bad_value) for a qualifier nobody knows or one without its value.
    """
    approximate = qualifier == "rund" or is_approximate(wording)
    if qualifier == "unbekannt":
        return Quantity.unknown()
    value = high if low is None else low
    if qualifier not in QUALIFIERS:
        raise ConfigError(
            "Diese Einschränkung gibt es nicht",
            code="bad_qualifier",
            found=qualifier,
            allowed=", ".join(QUALIFIERS),
        )
    if value is None or (qualifier == "spanne" and (low is None or high is None or low > high)):
        raise ConfigError("Zur Einschränkung fehlt ihr Wert", code="bad_value", found=qualifier)
    bounds = _bounds(qualifier, Fraction(value), Fraction(high if high is not None else value))
    return Quantity(*bounds, approximate)


def is_approximate(wording: str | None) -> bool:
    """Whether words of a paper say „rund“: „ca.“, „maximal rd.“."""
    return any(word in (wording or "").lower().split() for word in APPROXIMATE_WORDS)


def _bounds(qualifier: str, value: Fraction, high: Fraction) -> tuple[Bound, Bound]:
    if qualifier in ("ueber", "mindestens"):
        return Bound(value, qualifier == "ueber"), NO_HIGH
    if qualifier == "hoechstens":
        return NO_LOW, Bound(high)
    return (Bound(value), Bound(high)) if qualifier == "spanne" else (Bound(value), Bound(value))


@dataclass(frozen=True, slots=True)
class Total:
    """Sum of the parts that are known, and how many are not: with `missing` the sum is „unvollständig“."""

    known: Quantity
    missing: int

    @property
    def complete(self) -> bool:
        """True when every part has a value."""
        return self.missing == 0

    @property
    def quantity(self) -> Quantity:
        """What the whole can be: an unknown part makes it unknown."""
        return self.known if self.complete else Quantity.unknown()


def total(parts: Iterable[Quantity]) -> Total:
    """Add parts up; those without value are counted, not taken for zero."""
    known, missing = Quantity.exactly(0), 0
    for part in parts:
        if part.is_unknown:
            missing += 1
        else:
            known = known + part
    return Total(known, missing)


def agree(one: Quantity, other: Quantity, tolerance: Exact = 0) -> Verdict:
    """Say whether two values can both be true; `tolerance` is the part of the second that may lie between.

    „offen“: a value is unknown, or „rund“ without a tolerance that would say how far it reaches.
    """
    if one.is_unknown or other.is_unknown:
        return "offen"
    if _meet(_widened(one, other, tolerance), other):
        return "stimmt" if one.point is not None and other.point is not None else "vertraeglich"
    return "offen" if (one.approximate or other.approximate) and not tolerance else "widerspricht"


def _widened(one: Quantity, other: Quantity, tolerance: Exact) -> Quantity:
    """The first value with the tolerance added at both ends."""
    ends = [abs(end) for end in (other.lower, other.upper) if end is not None]
    reach = max(ends) * Fraction(tolerance)
    if not reach:
        return one
    return Quantity(Bound(one.low.value - reach), Bound(one.high.value + reach), one.approximate)


def _meet(one: Quantity, other: Quantity) -> bool:
    return _reaches(one.high, other.low) and _reaches(other.high, one.low)


def _reaches(high: Bound, low: Bound) -> bool:
    if high.value == low.value:
        return not (high.open or low.open)
    return high.value > low.value
