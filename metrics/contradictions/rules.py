"""Which statements are held against what: the city's `claims.toml`, checked when it is loaded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from warehouse.toml import parse_toml, read_text, validate

FILE = "claims.toml"
Text = Annotated[str, Field(min_length=1)]
Ids = Annotated[tuple[str, ...], Field(min_length=1)]


class Frozen(BaseModel):
    """Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ClaimPopulation(Frozen):
    """What a statement counts. `within` names wider populations: only with them a share has a meaning."""

    title: Text
    stand: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    within: tuple[str, ...] = ()


class LegalBasis(Frozen):
    """A state of the law and its deadline; without `due_on` the duty has no date."""

    title: Text
    valid_from: date
    valid_to: date | None = None
    due_on: date | None = None
    source: Text


class Check(Frozen):
    """What every check says about itself."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    title: Text
    note: str = ""


class SumCheck(Check):
    """Parts add up to the whole; `times` multiplies the sum; without `whole` the sum itself is the answer."""

    kind: Literal["sum"]
    parts: Ids
    whole: str | None = None
    times: Decimal = Decimal(1)
    tolerance: Decimal = Field(default=Decimal(0), ge=0, lt=1)


class BaseCheck(Check):
    """`result` is a fraction of `base`; `others` are bases it may have been taken from instead."""

    kind: Literal["base"]
    base: str
    rate: Decimal
    result: str
    others: tuple[str, ...] = ()


class ShareCheck(Check):
    """Part of a whole, with its span; refused where the part is not counted within the whole."""

    kind: Literal["share"]
    part: str
    whole: str


class QuotaCheck(Check):
    """A statement about the part of some amounts in all: `parts` belong to it, `others` do not."""

    kind: Literal["quota"]
    claim: str
    parts: Ids
    others: Ids
    tolerance: Decimal = Field(default=Decimal(0), ge=0, lt=1)


class SameCheck(Check):
    """Statements that seem to say the same thing."""

    kind: Literal["same"]
    claims: Annotated[tuple[str, ...], Field(min_length=2)]
    tolerance: Decimal = Field(default=Decimal(0), ge=0, lt=1)


class ApartCheck(Check):
    """Statements about different kinds of things that must never be rolled up into one another."""

    kind: Literal["apart"]
    claims: Annotated[tuple[str, ...], Field(min_length=2)]


class TermCheck(Check):
    """A word for an amount: `parts` make it up, `own` are those the word means.

    `not_with` are amounts that may not be added: what the word does not mean would count twice.
    """

    kind: Literal["term"]
    claim: str
    parts: Ids
    own: Ids
    not_with: tuple[str, ...] = ()


class DeadlineCheck(Check):
    """Deadlines said about one thing, each with its paper."""

    kind: Literal["deadlines"]
    claims: Annotated[tuple[str, ...], Field(min_length=2)]


class LevelCheck(Check):
    """Levels of maturity: comparable under one model only."""

    kind: Literal["levels"]
    claims: Annotated[tuple[str, ...], Field(min_length=2)]


class AnswerCheck(Check):
    """A count given to a question about something else: what was asked lies between `floor` and the count."""

    kind: Literal["answer"]
    claim: str
    floor: int = 0


class RateCheck(Check):
    """Amounts per head that are equal because one was taken over: an assumption."""

    kind: Literal["rate"]
    amounts: Annotated[tuple[tuple[str, str], ...], Field(min_length=2)]


class ModelCheck(Check):
    """A statement held against the posts a capacity model needs in a scenario."""

    kind: Literal["model"]
    claim: str
    model: str
    scenario: str


class CostCheck(Check):
    """A statement held against a cell of a cost model."""

    kind: Literal["cost"]
    claim: str
    model: str
    row: str
    column: str


class LiveCheck(Check):
    """A statement held against a live figure of the catalogue."""

    kind: Literal["live"]
    claim: str
    metric: str
    where: dict[str, str] = Field(default_factory=dict)
    on: date | None = None
    tolerance: Decimal = Field(default=Decimal(0), ge=0, lt=1)


AnyCheck = Annotated[
    SumCheck
    | BaseCheck
    | ShareCheck
    | QuotaCheck
    | SameCheck
    | ApartCheck
    | TermCheck
    | DeadlineCheck
    | LevelCheck
    | AnswerCheck
    | RateCheck
    | ModelCheck
    | CostCheck
    | LiveCheck,
    Field(discriminator="kind"),
]


class Rules(Frozen):
    """Everything in `claims.toml`."""

    populations: dict[str, ClaimPopulation] = Field(default_factory=dict)
    legal_bases: dict[str, LegalBasis] = Field(default_factory=dict)
    checks: tuple[AnyCheck, ...] = ()

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Rules:
        ids = [check.id for check in self.checks]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"Prüfungen doppelt: {', '.join(twice)}")
        wider = {name for population in self.populations.values() for name in population.within}
        if unknown := sorted(wider - set(self.populations)):
            raise ValueError(f"within nennt unbekannte Grundgesamtheiten: {', '.join(unknown)}")
        return self

    def is_within(self, part: str, whole: str) -> bool:
        """Whether everything of one population belongs to the other, directly or through others."""
        reached, waiting = {part}, [part]
        while waiting:
            population = self.populations.get(waiting.pop())
            wider = set(population.within if population else ()) - reached
            reached |= wider
            waiting += wider
        return whole in reached

    def law_on(self, day: date) -> dict[str, LegalBasis]:
        """Legal bases in force on a day."""
        return {
            name: basis
            for name, basis in self.legal_bases.items()
            if basis.valid_from <= day and (basis.valid_to is None or day <= basis.valid_to)
        }


def load_rules(city: Path) -> Rules:
    """Return the city's rules; a city without the file has none. ConfigError names file and line."""
    path = city / FILE
    if not path.is_file():
        return Rules()
    text = read_text(path)
    return validate(Rules, parse_toml(text, path), path, text=text)
