"""What the town wants: owners, target paths and tolerances per metric (`targets.toml`).

All figures are in the unit of the metric, shares as fractions (0.45). `tolerance_points` is a difference of
fractions, `tolerance_percent` a fraction of the target itself, `tolerance_abs` an amount in the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator

from metrics.definition import ORG_LEVELS, Definition
from warehouse.errors import ConfigError, did_you_mean
from warehouse.toml import line_of, parse_toml, read_text, validate

Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class Point(BaseModel):
    """A promised value on a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    value: Decimal


class Rule(BaseModel):
    """A path with its tolerance."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: tuple[Point, ...] = ()
    decided: str | None = None
    tolerance_points: Decimal | None = Field(default=None, ge=0)
    tolerance_percent: Decimal | None = Field(default=None, ge=0)
    tolerance_abs: Decimal | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _is_a_path(self) -> Rule:
        if any(later.on <= earlier.on for earlier, later in pairwise(self.path)):
            raise ValueError("Die Punkte von path müssen nach Datum aufsteigen")
        named = [self.tolerance_points, self.tolerance_percent, self.tolerance_abs]
        if sum(value is not None for value in named) > 1:
            raise ValueError("Nur eine Angabe von tolerance_points, tolerance_percent, tolerance_abs")
        return self

    def soll(self, on: date) -> Fraction | None:
        """Return the target of a day: linear between points, the last one held, None before the first."""
        if not self.path or on < self.path[0].on:
            return None
        for earlier, later in pairwise(self.path):
            if on < later.on:
                part = Fraction((on - earlier.on).days, (later.on - earlier.on).days)
                return Fraction(earlier.value) + part * (Fraction(later.value) - Fraction(earlier.value))
        return Fraction(self.path[-1].value)

    def tolerance(self, soll: Fraction) -> Fraction:
        """Return the tolerated distance from a target value, never negative."""
        if self.tolerance_percent is not None:
            return abs(soll) * Fraction(self.tolerance_percent)
        return Fraction(self.tolerance_points or self.tolerance_abs or 0)


class Part(Rule):
    """A path of its own for a part of the figure, for example one procedure."""

    where: dict[str, Text] = Field(min_length=1)


class Target(Rule):
    """Everything a town says about one metric."""

    owner: str
    applies_to: Literal["total", "each"] = "total"
    parts: tuple[Part, ...] = ()

    def rule_for(self, selection: Selection) -> Rule | None:
        """Return the rule that applies to a cell, or None: then the cell is not rated."""
        fitting = [part for part in self.parts if selection.has(part.where)]
        for part in sorted(fitting, key=lambda part: -len(part.where)):
            if self.applies_to == "each" or selection.is_only(part.where):
                return part
        if self.applies_to == "each" or not selection.narrowed:
            return self if self.path else None
        return None


@dataclass(frozen=True, slots=True)
class Selection:
    """What a cell speaks about: value per dimension, and the dimensions that narrow it below the total.

    `other` says that something outside the dimensions narrows it (a list of values, a viewer's scope).
    """

    values: Mapping[str, str | None]
    narrowed_by: frozenset[str]
    other: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether the cell is less than the whole figure."""
        return self.other or bool(self.narrowed_by)

    def has(self, where: Mapping[str, str]) -> bool:
        """Whether the cell lies inside a part."""
        return all(key in self.values and self.values[key] == value for key, value in where.items())

    def is_only(self, where: Mapping[str, str]) -> bool:
        """Whether the cell is exactly that part."""
        return not self.other and self.narrowed_by <= where.keys()


def load_targets(path: Path, metrics: Mapping[str, Definition]) -> dict[str, Target]:
    """Read `targets.toml`; a missing file is a town without targets. ConfigError with file and line."""
    if not path.exists():
        return {}
    text = read_text(path)
    raw = parse_toml(text, path)
    checked = validate(_file_model(metrics), raw, path, text=text)
    targets: dict[str, Target] = {metric_id: getattr(checked, metric_id) for metric_id in raw}
    for metric_id, target in targets.items():
        _check_parts(metric_id, target, metrics[metric_id], f"{path}:{line_of(text, (metric_id,))}")
    return targets


def _file_model(metrics: Iterable[str]) -> type[BaseModel]:
    """One optional table per metric, so that a mistyped id is an unknown key with a suggestion."""
    fields: dict[str, Any] = dict.fromkeys(metrics, (Target | None, None))
    return create_model("Targets", __config__=ConfigDict(extra="forbid"), **fields)


def _check_parts(metric_id: str, target: Target, definition: Definition, where: str) -> None:
    levels = ORG_LEVELS if definition.by_organisation else ()
    known = (*definition.data_dimensions, *levels)
    if target.tolerance_points is not None and definition.unit != "percent":
        raise ConfigError(
            f"„{metric_id}“ ist kein Anteil: tolerance_points passt nicht",
            code="invalid_value",
            where=where,
            allowed="tolerance_percent, tolerance_abs",
        )
    for name in (name for part in target.parts for name in part.where if name not in known):
        raise ConfigError(
            f"Die Dimension „{name}“ gibt es nicht",
            code="unknown_dimension",
            where=where,
            allowed=", ".join(known),
            next_step=did_you_mean(name, known),
        )
