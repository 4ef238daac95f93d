"""What a Reifegrad is measured with: a model, a crosswalk to another one, a rule of counting.

A level means nothing without its model. Two models are compared only where somebody said, level by level,
how; everything else answers „nicht übertragbar“.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from warehouse.errors import ConfigError, did_you_mean

Standing = Literal["amtlich", "beschlossen", "abgeleitet"]
NOT_CONVERTIBLE = "nicht übertragbar"


class Level(BaseModel):
    """One level; `name` stays empty where no source names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: int = Field(ge=0)
    name: str | None = None
    meaning: str | None = None


class Criterion(BaseModel):
    """One criterion a level is derived from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")
    title: str


class ReifegradModel(BaseModel):
    """One version of a model; `fulfilled_from` is the level from which an obligation counts as met.

    With rule „minimum“ the lowest of `criteria_count` criteria decides; with „pauschal“ nothing is derived.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")
    title: str
    version: str
    publisher: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    lowest: int = Field(ge=0)
    highest: int = Field(le=99)
    fulfilled_from: int
    fulfilled_source: str
    rule: Literal["minimum", "pauschal"]
    criteria_count: int | None = Field(default=None, ge=1)
    note: str | None = None
    level: tuple[Level, ...] = ()
    criterion: tuple[Criterion, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.lowest >= self.highest:
            raise ValueError("lowest liegt nicht unter highest")
        if not self.lowest <= self.fulfilled_from <= self.highest:
            raise ValueError("fulfilled_from liegt nicht auf der Skala")
        numbers = [level.level for level in self.level]
        if numbers != list(self.scale):
            raise ValueError(
                f"level nennt nicht jede Stufe von {self.lowest} bis {self.highest} genau einmal"
            )
        if self.rule == "minimum" and self.criteria_count is None:
            raise ValueError("rule = „minimum“ braucht criteria_count")
        if self.criterion and len({item.id for item in self.criterion}) != self.criteria_count:
            raise ValueError("criterion nennt nicht so viele Kriterien, wie criteria_count sagt")
        return self

    @property
    def scale(self) -> range:
        """All levels, lowest first."""
        return range(self.lowest, self.highest + 1)


class Step(BaseModel):
    """What one level becomes: `to` (up to `to_highest`), or not convertible for a `reason`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: int
    to: int | None = None
    to_highest: int | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.to is None) == (self.reason is None):
            raise ValueError("entweder to oder reason (nicht übertragbar) angeben")
        if self.to_highest is not None and (self.to is None or self.to_highest < self.to):
            raise ValueError("to_highest liegt unter to")
        return self


class Crosswalk(BaseModel):
    """From one model to another, level by level; levels it does not name are not convertible."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_model: str
    to_model: str
    standing: Standing
    source: str
    otherwise: str = "Der Umrechnungsschlüssel nennt diese Stufe nicht."
    step: tuple[Step, ...] = ()

    def step_for(self, level: int) -> Step:
        """The step of a level, named or not."""
        found = [step for step in self.step if step.level == level]
        return found[0] if found else Step(level=level, reason=self.otherwise)


class CountingRule(BaseModel):
    """When a bundle counts as online: from assessments of its members, or from what the federation lists.

    `level_from` empty means the model's own threshold; `models` empty means every model; `reach` holds the
    listed values of Flächendeckung that count.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")
    title: str
    meaning: str
    source: str
    counts: Literal["einstufung", "meldung"]
    members: Literal["eine", "alle"] = "eine"
    level_from: int | None = None
    models: tuple[str, ...] = ()
    reach: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _counts_something(self) -> Self:
        if (self.counts == "meldung") != bool(self.reach):
            raise ValueError("reach gehört zu counts = „meldung“ und nur dazu")
        if self.counts == "meldung" and (self.level_from is not None or self.members != "eine"):
            raise ValueError("level_from und members gehören zu counts = „einstufung“")
        return self


@dataclass(frozen=True, slots=True)
class Conversion:
    """A level read in another model: `lowest` to `highest`, or none of both and the `reason`."""

    lowest: int | None
    highest: int | None
    reason: str | None
    standing: Standing | None

    @property
    def convertible(self) -> bool:
        """Whether there is an answer."""
        return self.lowest is not None

    def __str__(self) -> str:
        if self.lowest is None:
            return NOT_CONVERTIBLE
        return str(self.lowest) if self.lowest == self.highest else f"{self.lowest}–{self.highest}"


@dataclass(frozen=True, slots=True)
class Rulers:
    """All models by id, crosswalks by (from, to), rules by id."""

    models: Mapping[str, ReifegradModel]
    crosswalks: Mapping[tuple[str, str], Crosswalk]
    rules: Mapping[str, CountingRule]

    def model(self, model_id: str) -> ReifegradModel:
        """One model. Raises ConfigError (unknown_model) with a suggestion."""
        if model_id not in self.models:
            raise ConfigError(
                f"Das Reifegradmodell „{model_id}“ gibt es nicht",
                code="unknown_model",
                allowed=", ".join(self.models),
                next_step=did_you_mean(model_id, self.models),
            )
        return self.models[model_id]

    def convert(self, from_model: str, to_model: str, lowest: int, highest: int | None = None) -> Conversion:
        """Read a level or range of one model in another.

        A range is convertible only when each of its levels is; the answer then spans all of theirs.
        Raises ConfigError (unknown_model, level_outside_scale).
        """
        levels = self._levels(from_model, lowest, lowest if highest is None else highest)
        self.model(to_model)
        if from_model == to_model:
            return Conversion(levels[0], levels[-1], None, None)
        crosswalk = self.crosswalks.get((from_model, to_model))
        if crosswalk is None:
            why = f"Von „{from_model}“ nach „{to_model}“ gibt es keinen Umrechnungsschlüssel."
            return Conversion(None, None, why, None)
        return _span(crosswalk, [crosswalk.step_for(level) for level in levels])

    def _levels(self, model_id: str, lowest: int, highest: int) -> range:
        scale, levels = self.model(model_id).scale, range(lowest, highest + 1)
        if not levels or lowest not in scale or highest not in scale:
            raise ConfigError(
                f"„{model_id}“ hat diese Stufe nicht",
                code="level_outside_scale",
                found=f"{lowest}" if lowest == highest else f"{lowest}–{highest}",
                allowed=f"{scale[0]} bis {scale[-1]}",
            )
        return levels


def _span(crosswalk: Crosswalk, steps: list[Step]) -> Conversion:
    reason = next((step.reason for step in steps if step.to is None), None)
    if reason is not None:
        return Conversion(None, None, reason, crosswalk.standing)
    ends = list(_ends(steps))
    return Conversion(min(ends), max(ends), None, crosswalk.standing)


def _ends(steps: list[Step]) -> Iterator[int]:
    for step in steps:
        if step.to is not None:
            yield step.to
            yield step.to if step.to_highest is None else step.to_highest
