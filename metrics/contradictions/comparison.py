"""Checks that compare what is not a sum: kinds of things, deadlines, levels, models and live figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from metrics.catalog import Catalog
from metrics.contradictions.arithmetic import VERDICTS, Claims, finding, rounded_to
from metrics.contradictions.claim import Claim
from metrics.contradictions.finding import Finding, Verdict
from metrics.contradictions.rules import (
    ApartCheck,
    CostCheck,
    DeadlineCheck,
    LevelCheck,
    LiveCheck,
    ModelCheck,
    Rules,
)
from metrics.lineage import Snapshot
from metrics.models.capacity import CapacityModel, capacity
from metrics.models.cost import CostModel, cost
from metrics.models.library import AnyModel
from metrics.quantity import Quantity, agree
from metrics.query import query
from metrics.result import Cell, Scope

WITHOUT_DATE = "ohne Frist"


@dataclass(frozen=True, slots=True)
class World:
    """What statements are held against: live figures within a scope, and the city's models."""

    catalog: Catalog
    snapshot: Snapshot
    scope: Scope
    models: dict[str, AnyModel]


def check_apart(check: ApartCheck, claims: Claims) -> Finding:
    """Different things stay apart, whatever their numbers; statements of one kind may be added."""
    named = tuple(claims[name] for name in check.claims)
    kinds = {(claim.population_id, claim.unit) for claim in named}
    verdict: Verdict = "nicht_vergleichbar" if len(kinds) > 1 else "stimmt"
    words = tuple(f"{claim.id}: {claim.unit}" for claim in named)
    return finding(check, "apart", verdict, named, printed=named[0].quantity, details=words)


def check_deadlines(check: DeadlineCheck, claims: Claims, rules: Rules) -> Finding:
    """Deadlines side by side, each with its paper and the law it rests on.

    Different dates under one state of the law contradict each other; under several they follow the law.
    """
    named = tuple(claims[name] for name in check.claims)
    dates = {(claim.due_kind == "ohne_frist", claim.due_on) for claim in named}
    laws = {claim.legal_basis for claim in named}
    dates_by_law = {(claim.legal_basis, claim.due_kind == "ohne_frist", claim.due_on) for claim in named}
    words = tuple(f"{claim.id}: {_due(claim)}{_law(claim, rules)}" for claim in named)
    if len(dates) == 1:
        return finding(check, "deadlines", "stimmt", named, details=words)
    explained = None not in laws and len(dates_by_law) == len(laws)
    verdict: Verdict = "nicht_vergleichbar" if explained else "widerspruch"
    return finding(check, "deadlines", verdict, named, details=words)


def _due(claim: Claim) -> str:
    if claim.due_kind == "ohne_frist":
        return WITHOUT_DATE
    words = {"fortlaufend_bis": "fortlaufend bis ", "bis": "bis "}.get(claim.due_kind or "", "")
    said = f" („{claim.wording}“)" if claim.wording else ""
    return f"{words}{_german(claim.due_on)}{said}"


def _law(claim: Claim, rules: Rules) -> str:
    basis = rules.legal_bases.get(claim.legal_basis or "")
    return f" – {basis.title}" if basis else ""


def _german(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else "nicht genannt"


def check_levels(check: LevelCheck, claims: Claims) -> Finding:
    """A level without its model says nothing: levels of two models are not compared."""
    named = tuple(claims[name] for name in check.claims)
    levels = [claim.levels for claim in named]
    words = tuple(_level_words(claim) for claim in named)
    models = {level.model if level else None for level in levels}
    verdict: Verdict = "stimmt" if len(models) == 1 and None not in models else "nicht_vergleichbar"
    return finding(check, "levels", verdict, named, details=words)


def _level_words(claim: Claim) -> str:
    if claim.levels is None:
        return f"{claim.id}: Stufe ohne Modell"
    low, high = claim.levels.low, claim.levels.high
    said = str(low) if low == high else f"{low} bis {high}"
    return f"{claim.id}: Stufe {said} nach Modell {claim.levels.model}"


def check_model(check: ModelCheck, claims: Claims, world: World) -> Finding:
    """Compare posts said with posts computed, rounded as papers round."""
    claim, model = claims[check.claim], world.models.get(check.model)
    if not isinstance(model, CapacityModel) or check.scenario not in model.scenarios:
        return finding(check, "model", "offen", (claim,), details=(f"Das Modell {check.model} fehlt",))
    needed = capacity(model, check.scenario).posts_needed
    computed = Quantity.exactly(rounded_to(needed.value))
    verdict = VERDICTS[agree(claim.quantity, computed)]
    told = (model.scenarios[check.scenario].title,)
    return finding(check, "model", verdict, (claim,), printed=claim.quantity, computed=computed, details=told)


def check_cost(check: CostCheck, claims: Claims, world: World) -> Finding:
    """Compare an amount said with the cell computed; „wie beschlossen“ stays beside it."""
    claim, model = claims[check.claim], world.models.get(check.model)
    cell = None
    if isinstance(model, CostModel) and check.column in model.columns:
        cell = {row.id: row for row in cost(model).rows}.get(check.row)
    if cell is None:
        return finding(check, "cost", "offen", (claim,), details=(f"Die Zeile {check.row} fehlt",))
    computed = Quantity.exactly(cell.cells[check.column].computed)
    verdict = VERDICTS[agree(claim.quantity, computed)]
    return finding(check, "cost", verdict, (claim,), printed=claim.quantity, computed=computed)


def check_live(check: LiveCheck, claims: Claims, world: World) -> Finding:
    """Compare with the live figure on the day named, else on the Stichtag of the statement."""
    claim, metric = claims[check.claim], world.catalog.metric(check.metric)
    if metric.definition.scope == "organisation" and world.scope.units is not None:
        # A part of the city says nothing about what was said of the whole.
        return finding(check, "live", "offen", (claim,), details=("nur mit Rechten für die ganze Stadt",))
    on = check.on or claim.stichtag
    at = min(on, world.snapshot.business_date) if on else None
    where = dict(check.where)
    result = query(world.catalog, world.snapshot, metric.id, scope=world.scope, where=where or None, at=at)
    live = _live(result.total)
    verdict = VERDICTS[agree(claim.quantity, live, check.tolerance)]
    told = (f"{metric.definition.number} {metric.definition.label}",)
    return finding(check, "live", verdict, (claim,), printed=claim.quantity, computed=live, details=told)


def _live(cell: Cell | None) -> Quantity:
    if cell is None or cell.value is None or cell.suppressed:
        return Quantity.unknown()
    if cell.lower is not None and cell.upper is not None:
        return Quantity(Quantity.exactly(_exact(cell.lower)).low, Quantity.exactly(_exact(cell.upper)).high)
    if cell.denominator:
        return Quantity.exactly(_exact(cell.numerator or 0) / _exact(cell.denominator))
    return Quantity.exactly(_exact(cell.value))


def _exact(value: int | float | Decimal) -> Fraction:
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)
