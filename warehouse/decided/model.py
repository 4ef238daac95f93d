"""Parameters and rankings as a town writes them; nothing here has a value of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5)]
"""Where a value was taken from; a dash or a blank is no source."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Need(_Part):
    """A parameter figures ask for: German title and unit, without a value."""

    title: str = Field(min_length=1)
    unit: str = Field(min_length=1)


class DatedValue(_Part):
    """A value from a day on, until the next one; both date and source are required."""

    value: Decimal = Field(ge=0, max_digits=12, decimal_places=4)
    valid_from: date
    source: Source


class Parameter(_Part):
    """A parameter of a town; `title` and `unit` only for those the portal does not know."""

    title: str | None = Field(default=None, min_length=1)
    unit: str | None = Field(default=None, min_length=1)
    values: tuple[DatedValue, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        days = [value.valid_from for value in self.values]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("values müssen nach valid_from geordnet sein, jeder Tag nur einmal")
        return self

    @property
    def intervals(self) -> tuple[tuple[DatedValue, date | None], ...]:
        """Each value with the last day it holds, None for the last one."""
        ends = [later.valid_from - timedelta(days=1) for later in self.values[1:]]
        return tuple(zip(self.values, [*ends, None], strict=True))


class Criterion(_Part):
    """One criterion of a ranking; points from 0 to 100 count with this weight."""

    title: str = Field(min_length=1)
    weight: Decimal = Field(gt=0, max_digits=9, decimal_places=4)


class Ranking(_Part):
    """A ranking `rankings/<id>.toml`: who decided it, how many places it names, its criteria and weights."""

    id: str
    title: str = Field(min_length=1)
    decided: Source
    valid_from: date
    places: int = Field(ge=1, le=1000)
    criteria: dict[str, Criterion] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Decided:
    """Everything together; `needs` are the parameters the portal knows by name."""

    needs: Mapping[str, Need]
    parameters: Mapping[str, Parameter]
    rankings: Mapping[str, Ranking]
