"""Run all checks of a city over what was published, for one viewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from metrics.catalog import Catalog
from metrics.contradictions import arithmetic, comparison
from metrics.contradictions.arithmetic import Claims, finding
from metrics.contradictions.claim import Claim, read_claims
from metrics.contradictions.comparison import World
from metrics.contradictions.finding import ORDER, Finding
from metrics.contradictions.observation import observe_claims
from metrics.contradictions.rules import (
    AnswerCheck,
    AnyCheck,
    ApartCheck,
    BaseCheck,
    CostCheck,
    DeadlineCheck,
    LevelCheck,
    LiveCheck,
    ModelCheck,
    QuotaCheck,
    RateCheck,
    Rules,
    SameCheck,
    ShareCheck,
    SumCheck,
    TermCheck,
    load_rules,
)
from metrics.lineage import Snapshot
from metrics.models.library import AnyModel, load_models
from metrics.result import Scope


def find(
    catalog: Catalog,
    snapshot: Snapshot,
    city: Path,
    *,
    scope: Scope,
    models: Mapping[str, AnyModel] | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of a city, what has to be settled first; `city` is its folder.

    models: the calculations to hold statements against; those of the folder unless given.
    """
    world = World(catalog, snapshot, scope, dict(load_models(city) if models is None else models))
    return check_claims(load_rules(city), read_claims(catalog, snapshot), world)


def check_claims(rules: Rules, claims: Mapping[str, Claim], world: World | None) -> tuple[Finding, ...]:
    """Run rules over statements; without `world` checks against models and live figures are left out."""
    found = [*_ruled(rules, dict(claims), world), *observe_claims(claims.values())]
    return tuple(sorted(found, key=lambda item: (ORDER.index(item.verdict), item.id)))


def _ruled(rules: Rules, claims: Claims, world: World | None) -> Iterator[Finding]:
    for check in rules.checks:
        missing = sorted(set(named(check)) - set(claims))
        if missing:
            known = tuple(claims[name] for name in named(check) if name in claims)
            told = (f"nicht geliefert: {', '.join(missing)}",)
            yield finding(check, check.kind, "offen", known, details=told)
        elif isinstance(check, ModelCheck | CostCheck | LiveCheck):
            if world is not None:
                yield _held_against(check, claims, world) if _knows(world, check) else _without(check, claims)
        else:
            yield _checked(check, claims, rules)


def _knows(world: World, check: ModelCheck | CostCheck | LiveCheck) -> bool:
    known = world.catalog.metrics if isinstance(check, LiveCheck) else world.models
    return _against(check) in known


def _against(check: ModelCheck | CostCheck | LiveCheck) -> str:
    return check.metric if isinstance(check, LiveCheck) else check.model


def _without(check: ModelCheck | CostCheck | LiveCheck, claims: Claims) -> Finding:
    """A model or metric that is faulty or gone leaves its check open, and all others as they are."""
    told = (f"„{_against(check)}“ ist nicht da oder fehlerhaft; isek check sagt, was",)
    return finding(check, check.kind, "offen", tuple(claims[name] for name in named(check)), details=told)


def named(check: AnyCheck) -> tuple[str, ...]:
    """Ids of all statements a check looks at."""
    if isinstance(check, SumCheck):
        return (*check.parts, *((check.whole,) if check.whole else ()))
    if isinstance(check, BaseCheck):
        return (check.base, check.result, *check.others)
    if isinstance(check, ShareCheck):
        return check.part, check.whole
    if isinstance(check, QuotaCheck):
        return (check.claim, *check.parts, *check.others)
    if isinstance(check, TermCheck):
        return (check.claim, *check.parts, *check.own, *check.not_with)
    if isinstance(check, RateCheck):
        return tuple(name for pair in check.amounts for name in pair)
    if isinstance(check, AnswerCheck | ModelCheck | CostCheck | LiveCheck):
        return (check.claim,)
    return check.claims


def _held_against(check: ModelCheck | CostCheck | LiveCheck, claims: Claims, world: World) -> Finding:
    if isinstance(check, ModelCheck):
        return comparison.check_model(check, claims, world)
    if isinstance(check, CostCheck):
        return comparison.check_cost(check, claims, world)
    return comparison.check_live(check, claims, world)


def _checked(check: AnyCheck, claims: Claims, rules: Rules) -> Finding:
    if isinstance(check, ShareCheck):
        return arithmetic.check_share(check, claims, rules)
    if isinstance(check, DeadlineCheck):
        return comparison.check_deadlines(check, claims, rules)
    answers = {
        SumCheck: arithmetic.check_sum,
        BaseCheck: arithmetic.check_base,
        QuotaCheck: arithmetic.check_quota,
        SameCheck: arithmetic.check_same,
        TermCheck: arithmetic.check_term,
        AnswerCheck: arithmetic.check_answer,
        RateCheck: arithmetic.check_rate,
        ApartCheck: comparison.check_apart,
        LevelCheck: comparison.check_levels,
    }
    return answers[type(check)](check, claims)  # type: ignore[operator,no-any-return]
