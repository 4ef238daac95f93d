"""What a model assumes: each parameter with unit, date and source. There are no defaults to overlook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

STAND = r"^\d{4}(-\d{2}(-\d{2})?)?$"
ASKED = "Annahme der Abfrage"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value that is not negative, with the span its parameters leave; exact arithmetic."""

    value: Fraction
    low: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Fraction | Decimal | int) -> Estimate:
        """A value without span."""
        exact = Fraction(value)
        return cls(exact, exact, exact)

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(self.value + other.value, self.low + other.low, self.high + other.high)

    def __mul__(self, other: Estimate) -> Estimate:
        return Estimate(self.value * other.value, self.low * other.low, self.high * other.high)

    def __truediv__(self, other: Estimate) -> Estimate:
        """Quotient; the divisor must be above zero over its whole span."""
        return Estimate(self.value / other.value, self.low / other.high, self.high / other.low)


class Parameter(BaseModel):
    """A number with its source. `stand` is a year, month or day; low and high need a source of their own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Decimal = Field(ge=0)
    unit: str = Field(min_length=1)
    stand: str = Field(pattern=STAND)
    source: str = Field(min_length=1)
    qualifier: str = Field(default="genau", pattern="^(genau|rund)$")
    low: Decimal | None = Field(default=None, ge=0)
    high: Decimal | None = None
    range_source: str | None = None

    @model_validator(mode="after")
    def _spans_its_value(self) -> Self:
        ends = (self.low is None, self.high is None, self.range_source is None)
        if any(ends) and not all(ends):
            raise ValueError("low, high und range_source gehören zusammen")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError("value muss zwischen low und high liegen")
        return self

    @property
    def estimate(self) -> Estimate:
        """Value with its span."""
        low, high = (self.value if end is None else end for end in (self.low, self.high))
        return Estimate(Fraction(self.value), Fraction(low), Fraction(high))

    def asked(self, value: Decimal, today: date) -> Parameter:
        """The same parameter with a value somebody asked for instead, named as such."""
        return Parameter(value=value, unit=self.unit, stand=today.isoformat(), source=ASKED)


class Day(BaseModel):
    """A day with its source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: date
    stand: str = Field(pattern=STAND)
    source: str = Field(min_length=1)

    def asked(self, value: date, today: date) -> Day:
        """Another day somebody asked for, named as such."""
        return Day(value=value, stand=today.isoformat(), source=ASKED)


class Assumption(BaseModel):
    """An entry of the register of assumptions: what was taken over without being measured for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1)
    source: str = Field(min_length=1)
    stand: str = Field(pattern=STAND)


class ModelHead(BaseModel):
    """What every model says about itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    city: str
    paper: str
    note: str = ""
    assumptions: tuple[Assumption, ...] = ()
