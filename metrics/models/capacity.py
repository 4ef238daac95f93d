"""Capacity: cases × person-days ÷ (net days × posts) → date, bottleneck, posts needed and what they cost.

Person-days of roles are kept apart: somebody who models processes does not write interfaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metrics.models.parameter import Day, Estimate, ModelHead, Parameter
from metrics.projection import DAYS_PER_MONTH
from metrics.question import add_months
from warehouse.errors import ConfigError, did_you_mean

MONTHS_PER_YEAR = 12
FIRST_YEAR, LAST_YEAR = 1900, 2200
LEAST, MOST = Decimal("0.001"), Decimal(10_000_000)
"""Between these values can be asked for, and 0; a number of a million digits would keep everybody waiting."""
LONGEST = 40


class Role(BaseModel):
    """Person-days a case costs this role, and the posts that are there for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    days_per_case: Parameter
    posts: Parameter


class Scenario(BaseModel):
    """Which roles count: a paper may have left one out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    roles: tuple[str, ...] = Field(min_length=1)
    printed_posts: Parameter | None = None


class CapacityModel(ModelHead):
    """A calculation of staff; `net_days` are person-days, `price` is euro, both per post and year."""

    kind: Literal["capacity"]
    cases: Parameter
    net_days: Parameter
    price: Parameter
    start: Day
    due: Day
    roles: dict[str, Role] = Field(min_length=1)
    scenarios: dict[str, Scenario] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_computed(self) -> Self:
        if self.due.value < self.start.value:
            raise ValueError("due liegt vor start")
        if not self.net_days.estimate.low:
            raise ValueError("net_days muss größer als 0 sein")
        named = {role for scenario in self.scenarios.values() for role in scenario.roles}
        if unknown := sorted(named - set(self.roles)):
            raise ValueError(f"scenarios nennen unbekannte Rollen: {', '.join(unknown)}")
        return self

    def with_values(self, values: Mapping[str, str], today: date) -> CapacityModel:
        """The model with other values, by name: cases, net_days, price, start, due, days.ROLE, posts.ROLE.

        What was asked for is named as its own source. Raises ConfigError (unknown_parameter, bad_value,
        out_of_range).
        """
        data = self.model_dump()
        for name, text in values.items():
            place, current = self._parameter(name)
            changed = (
                _day(current, text, today) if isinstance(current, Day) else _number(current, text, today)
            )
            _put(data, place, changed.model_dump())
        try:
            return CapacityModel.model_validate(data)
        except ValueError as error:
            raise ConfigError(
                "Mit diesen Werten lässt sich nicht rechnen", code="bad_value", found=str(dict(values))
            ) from error

    def _parameter(self, name: str) -> tuple[tuple[str, ...], Parameter | Day]:
        known: dict[str, tuple[tuple[str, ...], Parameter | Day]] = {
            key: ((key,), getattr(self, key)) for key in ("cases", "net_days", "price", "start", "due")
        }
        for role, item in self.roles.items():
            known[f"days.{role}"] = ("roles", role, "days_per_case"), item.days_per_case
            known[f"posts.{role}"] = ("roles", role, "posts"), item.posts
        if name not in known:
            raise ConfigError(
                f"Den Parameter „{name}“ gibt es nicht",
                code="unknown_parameter",
                allowed=", ".join(known),
                next_step=did_you_mean(name, known),
            )
        return known[name]


def _number(current: Parameter, text: str, today: date) -> Parameter:
    try:
        asked = current.asked(Decimal(text[: LONGEST + 1].replace(",", ".")), today)
    except (ArithmeticError, ValueError):
        raise ConfigError("Der Wert ist keine Zahl ab 0", code="bad_value", found=text[:LONGEST]) from None
    if len(text) > LONGEST or (asked.value and not LEAST <= asked.value <= MOST):
        raise ConfigError(
            "Der Wert ist zu klein oder zu groß, um damit zu rechnen",
            code="out_of_range",
            found=text[:LONGEST],
            allowed=f"0 oder {LEAST} bis {MOST}",
        )
    return asked


def _day(current: Day, text: str, today: date) -> Day:
    try:
        asked = current.asked(date.fromisoformat(text), today)
    except ValueError:
        raise ConfigError(
            "Der Wert ist kein Tag (JJJJ-MM-TT)", code="bad_value", found=text[:LONGEST]
        ) from None
    if not FIRST_YEAR <= asked.value.year <= LAST_YEAR:
        raise ConfigError(
            "Der Tag liegt zu weit zurück oder voraus",
            code="out_of_range",
            found=text,
            allowed=f"{FIRST_YEAR} bis {LAST_YEAR}",
        )
    return asked


def _put(data: dict[str, object], place: tuple[str, ...], value: object) -> None:
    *path, last = place
    for part in path:
        data = data[part]  # type: ignore[assignment]
    data[last] = value


@dataclass(frozen=True, slots=True)
class DaySpan:
    """An expected day with the earliest and latest the parameters leave; None lies beyond planning."""

    value: date | None
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class RoleResult:
    """One role: person-days needed, posts there and needed in time, years its posts take (None: never)."""

    id: str
    title: str
    need: Estimate
    posts: Estimate
    posts_needed: Estimate
    years: Estimate | None
    done: DaySpan | None


@dataclass(frozen=True, slots=True)
class CapacityResult:
    """The answer of a scenario. `pooled_years` is how long it took if everybody could do everything.

    `price_in_time` is the price of keeping the date; `yearly_price` that of the posts that are there.
    """

    scenario: str
    span_years: Fraction
    roles: tuple[RoleResult, ...]
    need: Estimate
    posts: Estimate
    posts_needed: Estimate
    pooled_years: Estimate | None
    bottleneck: RoleResult
    yearly_price: Estimate
    price_in_time: Estimate

    @property
    def done(self) -> DaySpan | None:
        """The work is done when its slowest role is."""
        return self.bottleneck.done


def capacity(model: CapacityModel, scenario: str) -> CapacityResult:
    """Compute a scenario. Raises ConfigError (unknown_scenario)."""
    if scenario not in model.scenarios:
        raise ConfigError(
            f"Die Rechnung „{scenario}“ gibt es nicht",
            code="unknown_scenario",
            allowed=", ".join(model.scenarios),
            next_step=did_you_mean(scenario, model.scenarios),
        )
    span = span_years(model.start.value, model.due.value)
    roles = tuple(_role(model, name, span) for name in model.scenarios[scenario].roles)
    need, posts, needed = (_sum(items) for items in zip(*(_amounts(role) for role in roles), strict=True))
    return CapacityResult(
        scenario=scenario,
        span_years=span,
        roles=roles,
        need=need,
        posts=posts,
        posts_needed=needed,
        pooled_years=_years(need, posts, model),
        bottleneck=max(roles, key=_slowness),
        yearly_price=posts * model.price.estimate,
        price_in_time=needed * model.price.estimate * Estimate.exactly(span),
    )


def _role(model: CapacityModel, name: str, span: Fraction) -> RoleResult:
    role = model.roles[name]
    need, posts = model.cases.estimate * role.days_per_case.estimate, role.posts.estimate
    needed = need / (model.net_days.estimate * Estimate.exactly(span))
    years = _years(need, posts, model)
    done = _done(model.start.value, years) if years else None
    return RoleResult(name, role.title, need, posts, needed, years, done)


def _amounts(role: RoleResult) -> tuple[Estimate, Estimate, Estimate]:
    return role.need, role.posts, role.posts_needed


def _sum(items: tuple[Estimate, ...]) -> Estimate:
    return sum(items, Estimate.exactly(0))


def _years(need: Estimate, posts: Estimate, model: CapacityModel) -> Estimate | None:
    return need / (posts * model.net_days.estimate) if posts.low else None


def _slowness(role: RoleResult) -> tuple[bool, Fraction]:
    return role.years is None, role.years.value if role.years else role.need.value


def span_years(start: date, due: date) -> Fraction:
    """Time from the start of a day to the end of another in years: whole months count as such."""
    after = due + timedelta(days=1)
    months = (after.year - start.year) * MONTHS_PER_YEAR + after.month - start.month
    return (months + (after.day - start.day) / DAYS_PER_MONTH) / MONTHS_PER_YEAR


def _done(start: date, years: Estimate) -> DaySpan:
    return DaySpan(*(_after(start, length) for length in (years.value, years.low, years.high)))


def _after(start: date, years: Fraction) -> date | None:
    if start.year + years > LAST_YEAR:
        return None
    months, rest = divmod(years * MONTHS_PER_YEAR, 1)
    same_day = add_months(start.replace(day=1), int(months)) + timedelta(days=start.day - 1)
    # The last day of work: a whole year that begins on 1 January ends on 31 December.
    return max(start, same_day + timedelta(days=ceil(rest * DAYS_PER_MONTH) - 1))
