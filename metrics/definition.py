"""Header of a metric file: what is counted, said once."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metrics.behind import Behind

Kind = Literal["share", "sum", "mean", "quantile", "distribution"]
Unit = Literal["percent", "count", "eur", "days", "minutes", "grade", "sheets", "pt", "hours", "kg"]

# choose_one default meaning „the year the row's period lies in“: a fixed year would age.
PERIOD_YEAR = "@year"

ORG_COLUMN = "org_unit_id"
# Who a row's amount comes from; only read where cells are decided, never handed out.
CONTRIBUTOR = "contributor"
# Levels a unit can be rolled up to; columns of core.org_rollup.
ORG_LEVELS = ("dezernat", "fachbereich", "fachdienst")

# The qualifier of a figure that lies between its `lower` and its `upper`.
SPAN = "spanne"

_REQUIRED: dict[Kind, tuple[str, ...]] = {
    "share": ("numerator", "denominator"),
    "mean": ("numerator", "denominator"),
    "sum": ("numerator",),
    "quantile": ("bucket", "n"),
    "distribution": ("bucket", "numerator"),
}
_OPTIONAL = frozenset({"n", "known", "lower", "upper", "qualifier"})
_RESERVED = frozenset({"period", "numerator", "denominator", "bucket", CONTRIBUTOR, *_OPTIONAL, *ORG_LEVELS})

STAFF_CELL = 10
MOST_DIMENSIONS = 2


class Protect(BaseModel):
    """Table `[protect]` of a header: which cuts of a metric with small numbers are published at all.

    cuts: lists of at most two dimensions or organisation levels; the whole city is always among them.
    periods: how many complete periods are decided at first. settle_days: how long after its end a period
    waits for late deliveries. about: staff figures need groups of ten (BAG, 1 ABR 6/94).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cuts: tuple[tuple[str, ...], ...]
    about: Literal["citizens", "staff"] = "citizens"
    periods: int = Field(default=12, ge=1, le=120)
    settle_days: int = Field(default=0, ge=0, le=400)

    @model_validator(mode="after")
    def _names_each_once(self) -> Protect:
        for cut in self.cuts:
            if len(set(cut)) < len(cut):
                raise ValueError(f"Eine Dimension steht zweimal in einem Zuschnitt: {', '.join(cut)}")
            if len(cut) > MOST_DIMENSIONS:
                raise ValueError(
                    f"Höchstens {MOST_DIMENSIONS} Dimensionen je geschütztem Zuschnitt: {', '.join(cut)}"
                )
        return self

    @property
    def published(self) -> tuple[tuple[str, ...], ...]:
        """All cuts, the whole first."""
        return tuple(dict.fromkeys(((), *self.cuts)))


class Definition(BaseModel):
    """The TOML header of `definitions/<area>/<id>.sql`; id = file name, area = folder.

    least_cases: a quantile of fewer cases is not given out, as it would be the value of one or two of them.
    records: the list of what is counted, for the last step of a drill path.
    """

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
    least_cases: int = Field(default=0, ge=0)
    limits: str | None = None
    deprecated: bool = False
    protect: Protect | None = None
    records: Behind | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Definition:
        if self.kind in ("share", "mean") and not self.denominator_text:
            raise ValueError(f"kind = „{self.kind}“ braucht denominator_text")
        if self.scope == "city" and ORG_COLUMN in self.dimensions:
            raise ValueError(f"scope = „city“ kennt keine Aufgliederung nach {ORG_COLUMN}")
        reserved = _RESERVED & {*self.dimensions, *self.choose_one}
        if reserved:
            raise ValueError(f"„{min(reserved)}“ ist eine vorbehaltene Spalte und keine Dimension")
        if self.least_cases and (self.kind != "quantile" or self.min_cell):
            raise ValueError(
                "least_cases gibt es für kind = „quantile“ ohne min_cell: Nur was sich nicht abziehen lässt,"
                " ist durch Weglassen kleiner Felder geschützt"
            )
        if self.records and (self.min_cell or self.least_cases):
            raise ValueError("[records] gibt es nicht, wo kleine Zahlen geschützt sind: Die Liste zeigte sie")
        self._can_be_protected()
        return self

    def _can_be_protected(self) -> None:
        """What a protected table cannot promise is refused: overlapping windows, stocks, chosen figures."""
        if self.protect is None:
            return
        if self.kind == "distribution" or self.over_time != "sum" or self.window_months != 1:
            raise ValueError(
                "[protect] gibt es für Flussgrößen (over_time = „sum“, window_months = 1),"
                " nicht als Verteilung"
            )
        if self.choose_one:
            raise ValueError("[protect] verträgt sich nicht mit choose_one")
        least = STAFF_CELL if self.protect.about == "staff" else 1
        if self.min_cell < least:
            raise ValueError(f"[protect] braucht min_cell, mindestens {least}")
        levels = ORG_LEVELS if self.by_organisation else ()
        for name in (name for cut in self.protect.cuts for name in cut):
            if name not in (*self.dimensions, *levels):
                raise ValueError(f"[protect] cuts: „{name}“ ist keine Dimension dieser Kennzahl")

    @property
    def data_dimensions(self) -> tuple[str, ...]:
        """Dimension columns of the statement, the choose_one ones included, without repeats."""
        return tuple(dict.fromkeys((*self.dimensions, *self.choose_one)))

    @property
    def cuts(self) -> tuple[tuple[str, ...], ...]:
        """Published cuts of a protected metric, the whole first; none of others."""
        return self.protect.published if self.protect else ()

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
        if self.protect:
            # Bounds and coverage beside a hidden figure would say what it hides.
            return frozenset(self.required_columns) | {"n", CONTRIBUTOR}
        return frozenset(self.required_columns) | _OPTIONAL
