"""Header of a metric file: what is counted, said once."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["share", "sum", "mean", "quantile", "distribution"]
Unit = Literal["percent", "count", "eur", "days", "minutes", "grade", "sheets", "pt"]

# choose_one default meaning „the year the row's period lies in“: a fixed year would age.
PERIOD_YEAR = "@year"

ORG_COLUMN = "org_unit_id"
# Levels a unit can be rolled up to; columns of core.org_rollup.
ORG_LEVELS = ("dezernat", "fachbereich", "fachdienst")

_REQUIRED: dict[Kind, tuple[str, ...]] = {
    "share": ("numerator", "denominator"),
    "mean": ("numerator", "denominator"),
    "sum": ("numerator",),
    "quantile": ("bucket", "n"),
    "distribution": ("bucket", "numerator"),
}
_OPTIONAL = frozenset({"n", "known", "lower", "upper", "qualifier"})
_RESERVED = frozenset({"period", "numerator", "denominator", "bucket", *_OPTIONAL, *ORG_LEVELS})


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

    @model_validator(mode="after")
    def _fits_together(self) -> Definition:
        if self.kind in ("share", "mean") and not self.denominator_text:
            raise ValueError(f"kind = „{self.kind}“ braucht denominator_text")
        if self.scope == "city" and ORG_COLUMN in self.dimensions:
            raise ValueError(f"scope = „city“ kennt keine Aufgliederung nach {ORG_COLUMN}")
        reserved = _RESERVED & {*self.dimensions, *self.choose_one}
        if reserved:
            raise ValueError(f"„{min(reserved)}“ ist eine vorbehaltene Spalte und keine Dimension")
        return self

    @property
    def data_dimensions(self) -> tuple[str, ...]:
        """Dimension columns of the statement, the choose_one ones included, without repeats."""
        return tuple(dict.fromkeys((*self.dimensions, *self.choose_one)))

    @property
    def by_organisation(self) -> bool:
        """Whether figures may be broken down by organisation unit."""
        return self.scope == "organisation" and ORG_COLUMN in self.dimensions

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Columns the statement has to yield."""
        org = (ORG_COLUMN,) if self.scope == "organisation" else ()
        cell = ("n",) if self.min_cell else ()
        wanted = ("period", *org, *self.data_dimensions, *_REQUIRED[self.kind], *cell)
        return tuple(dict.fromkeys(wanted))

    @property
    def allowed_columns(self) -> frozenset[str]:
        """Columns the statement may yield."""
        return frozenset(self.required_columns) | _OPTIONAL
