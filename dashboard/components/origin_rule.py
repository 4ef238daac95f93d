"""The rating rule in words: when a figure is in plan, to be watched or acted upon, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.components.icon import status
from metrics.definition import Definition
from metrics.result import Cell, Rating
from metrics.targets import Rule, Target

RATED: tuple[Rating, ...] = ("gut", "warn", "krit")


def rule_of(target: Target | None, where: Mapping[str, str] | None) -> Rule | None:
    """Return the rule of exactly this cut: that of the part it names, else that of the whole figure."""
    if target is None:
        return None
    exact = (part for part in target.parts if dict(part.where) == dict(where or {}))
    return next(exact, target if target.path else None)


def rating_rule(
    cell: Cell | None, definition: Definition, target: Target | None, where: Mapping[str, str] | None = None
) -> Component:
    """The three ratings with their limits, today's deviation beside the one that holds."""
    rule = rule_of(target, where)
    if rule is None or cell is None or cell.target is None:
        return html.P([status("neu"), " Es ist kein Soll vereinbart."], className="rule-none")
    limits = _limits(cell, definition, rule)
    rows = [
        html.Div([html.Dt(status(rating)), html.Dd(words)], className="rule-row")
        for rating, words in zip(RATED, limits, strict=True)
    ]
    return html.Dl(rows, className="rule")


def _limits(cell: Cell, definition: Definition, rule: Rule) -> list[list[Component | str]]:
    lower_is_better = definition.better == "lower"
    soll = formats.amount(cell.target, definition.unit, definition.decimals)
    side = "über" if lower_is_better else "unter"
    good = f"höchstens Soll, also bis {soll}" if lower_is_better else f"ab Soll, also ab {soll}"
    room = _tolerance(rule, definition)
    warn = f"bis {room} {side} Soll" if room else "keine Toleranz vereinbart"
    krit = f"mehr als {room} {side} Soll" if room else f"jeder Wert {side} Soll"
    words: list[list[Component | str]] = [[good], [warn], [krit]]
    place = {"gut": 0, "warn": 1, "krit": 2}.get(cell.rating)
    if place is not None and cell.deviation is not None:
        today = _deviation(cell, definition)
        words[place] += [" ", html.Strong(f"(heute {today})")]
    return words


def _deviation(cell: Cell, definition: Definition) -> str:
    value = cell.deviation if cell.deviation is not None else 0
    if definition.unit == "percent":
        return formats.number(Decimal(str(value)) * 100, definition.decimals, plus=True)
    return formats.amount(value, definition.unit, definition.decimals, plus=True)


def _tolerance(rule: Rule, definition: Definition) -> str:
    if rule.tolerance_points is not None:
        value = rule.tolerance_points * 100
        text = formats.number(value, 0 if value == int(value) else 1)
        return f"{text} {'Prozentpunkt' if value == 1 else 'Prozentpunkte'}"
    if rule.tolerance_percent is not None:
        return formats.percent(rule.tolerance_percent, 0)
    if rule.tolerance_abs:
        return formats.amount(rule.tolerance_abs, definition.unit, definition.decimals)
    return ""


def soll_source(target: Target | None) -> str:
    """Who decided the Soll and when it ends: „Umsetzungsfahrplan 12/2025“."""
    if target is None or not target.path:
        return "nicht vereinbart"
    return target.decided or f"Zielpfad bis {formats.month(target.path[-1].on)}"
