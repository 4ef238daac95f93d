"""Two scenarios of one capacity model side by side: each with its own values, both in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from dashboard import formats
from dashboard.cockpits import modelle
from dashboard.cockpits.modell_worte import decimal, done_span, done_words, estimate_words
from dashboard.figures.completion import Course
from dashboard.messages_ressourcen import Verdict, days_apart, difference, verdict
from metrics.models.capacity import CapacityModel, CapacityResult, capacity
from metrics.models.library import AnyModel
from metrics.models.parameter import Estimate

MODEL = "modell"
A, B = "a", "b"
PREFIXES: Mapping[str, str] = {A: modelle.ASKED, B: "b."}
SCENARIOS: Mapping[str, str] = {A: "rechnung", B: "rechnung-b"}
# How far a button moves a value; the field takes any number.
STEPS: Mapping[str, str] = {"cases": "10", "net_days": "1", "price": "1000", "days": "1", "posts": "0.5"}


@dataclass(frozen=True, slots=True)
class Variant:
    """One scenario: which roles count, what was asked, what comes out."""

    key: str
    scenario: str
    question: modelle.Question
    result: CapacityResult

    @property
    def name(self) -> str:
        """„Szenario A“."""
        return f"Szenario {self.key.upper()}"

    @property
    def title(self) -> str:
        """„Organisatorischer und technischer Teil“."""
        return self.question.model.scenarios[self.scenario].title

    @property
    def due(self) -> date:
        """The day its work has to be done."""
        return self.question.model.due.value

    @property
    def verdict(self) -> Verdict:
        """Whether it keeps that day."""
        done = self.result.done
        return verdict(self.due, done.earliest if done else None, done.latest if done else None)

    @property
    def course(self) -> Course:
        """Its line in the drawing."""
        done, start = self.result.done, self.question.model.start.value
        days = (done.value, done.earliest, done.latest) if done else (None, None, None)
        return Course(self.key.upper(), start, self.due, *days)

    def parameter(self, name: str) -> str:
        """Name of an assumption in the address."""
        return f"{PREFIXES[self.key]}{name}"


def capacity_models(models: Mapping[str, AnyModel]) -> dict[str, CapacityModel]:
    """The city's calculations of staff by id."""
    return {name: model for name, model in models.items() if isinstance(model, CapacityModel)}


def chosen_model(models: Mapping[str, CapacityModel], params: Mapping[str, str], city: str) -> str:
    """The model asked for, else the first one of the city itself, else the first one."""
    if params.get(MODEL) in models:
        return params[MODEL]
    own = [name for name, model in models.items() if model.city == city]
    return own[0] if own else next(iter(models))


def variants(model: CapacityModel, params: Mapping[str, str], today: date) -> tuple[Variant, Variant]:
    """Both scenarios of the address: A is the fullest one and B the first one of the model unless chosen."""
    names = list(model.scenarios)
    return (
        _variant(model, params, today, A, names[-1]),
        _variant(model, params, today, B, names[0]),
    )


def _variant(
    model: CapacityModel, params: Mapping[str, str], today: date, key: str, usual: str
) -> Variant:  # fmt: skip
    wanted = params.get(SCENARIOS[key], "")
    scenario = wanted if wanted in model.scenarios else usual
    question = modelle.asked(model, own_params(params, key), today)
    return Variant(key, scenario, question, capacity(question.model, scenario))


def own_params(params: Mapping[str, str], key: str) -> dict[str, str]:
    """The values of one scenario under the names the asking of a model knows."""
    prefix = PREFIXES[key]
    return {
        f"{modelle.ASKED}{name.removeprefix(prefix)}": text
        for name, text in params.items()
        if name.startswith(prefix)
    }


def is_scenario_param(name: str) -> bool:
    """Whether a name in the address belongs to the scenarios."""
    return name in SCENARIOS.values() or name.startswith(tuple(PREFIXES.values()))


def step_of(name: str) -> str | None:
    """How far the buttons of an assumption move it; None for days, which have none."""
    return STEPS.get(name.partition(".")[0])


def need_factors(variant: Variant) -> dict[str, Estimate]:
    """What the need of each role is in a scenario, as a multiple of what the unchanged model needs."""
    base = variant.question.base
    needs = {role.id: role.need for role in variant.result.roles}
    nothing = Estimate.exactly(0)
    return {
        name: _ratio(needs.get(name, nothing), role.days_per_case.value * base.cases.value)
        for name, role in base.roles.items()
        if role.days_per_case.value and base.cases.value
    }


def _ratio(need: Estimate, usual: Decimal) -> Estimate:
    return need / Estimate.exactly(Fraction(usual))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison: what, in A, in B, how B differs from A."""

    what: str
    one: str
    other: str
    apart: str


def comparison(one: Variant, other: Variant) -> list[Line]:
    """Both results line by line; a difference is that of the expected values."""
    narrow = [variant.result.bottleneck.title for variant in (one, other)]
    return [
        Line("Umfang", one.title, other.title, ""),
        _line("Benötigte Personentage", one, other, "need", 0, "PT"),
        _line("Stellen gerechnet", one, other, "posts", 1, "Stellen"),
        _line("Stellen nötig bis zur Frist", one, other, "posts_needed", 1, "Stellen"),
        Line("Engpass", narrow[0], narrow[1], ""),
        Line("Frist", formats.day(one.due), formats.day(other.due), days_apart(one.due, other.due)),
        _done_line(one, other),
        Line("bestenfalls bis schlechtestenfalls", _span(one), _span(other), ""),
        Line("Frist gehalten", KEPT[one.verdict], KEPT[other.verdict], ""),
        _line("Preis, um die Frist zu halten", one, other, "price_in_time", 0, "€"),
        _line("Preis der gerechneten Stellen je Jahr", one, other, "yearly_price", 0, "€"),
    ]


def _line(what: str, one: Variant, other: Variant, name: str, decimals: int, unit: str) -> Line:
    first, second = (getattr(variant.result, name) for variant in (one, other))
    apart = difference(decimal(second.value) - decimal(first.value), unit, decimals)
    told = [f"{estimate_words(item, decimals)}{formats.NBSP}{unit}" for item in (first, second)]
    return Line(what, told[0], told[1], apart)


def _done_line(one: Variant, other: Variant) -> Line:
    ends = [variant.result.done for variant in (one, other)]
    days = [end.value if end else None for end in ends]
    return Line("Erledigt am", done_words(ends[0]), done_words(ends[1]), days_apart(days[0], days[1]))


def _span(variant: Variant) -> str:
    return done_span(variant.result.done) or "ohne Spanne"


KEPT: Mapping[Verdict, str] = {
    "gehalten": "ja, in jedem Fall",
    "offen": "offen, die Frist liegt in der Spanne",
    "verfehlt": "nein, in keinem Fall",
}
