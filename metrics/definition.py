"""Header of a metric file: what is counted, said once."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["share", "sum", "mean", "quantile", "distribution"]
Unit = Literal["percent", "count", "eur", "days", "minutes", "grade", "sheets", "pt"]


class Definition(BaseModel):
    """The TOML header of `definitions/<area>/<id>.sql`; id = file name, area = folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    short: str | None = None
    number: str = Field(pattern=r"^[A-Z]{2,4}-\d{2}$")
    question: str
    kind: Kind
    population: str
    unit: Unit
    better: Literal["higher", "lower", "none"]
    grain: Literal["month", "day", "year"] = "month"
    over_time: Literal["last", "sum", "none"]
    window_months: int = Field(default=1, ge=1, le=60)
    dimensions: tuple[str, ...] = ()
    choose_one: dict[str, str] = Field(default_factory=dict)
    scope: Literal["organisation", "city"]
    quantile: float = Field(default=0.5, gt=0, lt=1)
    decimals: int = Field(default=0, ge=0, le=4)
    numerator_text: str
    denominator_text: str | None = None
    meaning: str
    legal: str | None = None
    revised: date
    min_cell: int = Field(default=0, ge=0)
    limits: str | None = None
    deprecated: bool = False
