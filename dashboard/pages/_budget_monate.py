"""Card of the months of a budget: Plan, Ist, Prognose, deviation, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_budget
from dashboard.cockpits import budget
from dashboard.cockpits.budget_choice import PLAN
from dashboard.cockpits.marken import marks_of
from dashboard.components.attributes import aria
from dashboard.components.chart_card import chart_card
from dashboard.components.layout import quiet_link
from dashboard.components.legend import PLAN_IST_FORECAST, legend
from dashboard.components.provenance import foot_line
from dashboard.components.remarks import mark_list
from dashboard.components.states import provisional
from dashboard.figures.marks import annotated, by_month
from dashboard.figures.month_columns import month_columns
from metrics.goal import rule_for
from metrics.question import period_end

if TYPE_CHECKING:
    from dashboard.pages.budget import Desk

MONTH_METRICS = ("budget_ist_month_eur", "budget_plan_month_eur", "budget_forecast_month_eur")


def months_card(desk: Desk) -> Component:
    """Plan, Ist and Prognose of each month with the comments about them."""
    choice, flow = desk.choice, messages_budget.FLOW_WORDS[desk.choice.plan_art]
    rule = rule_for(
        desk.services.catalog, budget.BALANCE, scope=desk.viewer.scope, where=choice.where(), on=choice.at
    )
    limit = budget.tolerance(rule, choice.at)
    course = budget.read_course(desk.ask, choice, limit)
    over = list(zip((m.month for m in course.months), budget.over_plan(course.months), strict=True))
    notes = [f"{flow} je Monat in T€; Zahl: Abweichung vom Plan"]
    if not course.has_forecast and not choice.is_closed:
        notes.append("ohne Prognose" if choice.is_latest else "Prognose je Monat nur zum neuesten Stichtag")
    beyond = f"mehr als {formats.eur(limit)} über Plan"
    flagged = [("over", beyond)] if any(m.flagged for m in course.months) else []
    outside = messages_budget.booked_outside(course.outside_eur)
    shown = [m.month for m in course.months]
    marks = (
        marks_of(desk.services, desk.viewer, MONTH_METRICS, first=min(shown), last=max(shown))
        if shown
        else ()
    )
    chart = month_columns(course.months, caption=f"{flow} je Monat in Euro: {desk.slice_words}")
    return chart_card(
        "budget-monate",
        messages_budget.months_over_plan(over, flow),
        annotated(chart, marks, by_month(shown)),
        subtitle=", ".join(notes),
        legend=legend([*PLAN_IST_FORECAST, *flagged]),
        foot=[*([foot_line(outside)] if outside else []), foot_line(_other_plan(desk)), *_provisional(desk)],
        origin_href=desk.origin("budget_ist_month_eur"),
        below=mark_list(marks),
    )


def _provisional(desk: Desk) -> list[Component]:
    """The month that still runs: more will be booked into it."""
    at = desk.choice.at
    end = period_end(at.replace(day=1), "month")
    if desk.choice.is_closed or at == end:
        return []
    return [provisional(f"Monatsabschluss am {formats.day_short(end)}")]


def _other_plan(desk: Desk) -> Component:
    choice = desk.choice
    where, at = choice.where(choice.other_plan), choice.at
    frame = desk.ask("budget_frame_eur", where={**where, "komponente": "ansatz"}, at=at).total
    available = desk.ask("budget_available_eur", where=where, at=at).total
    words = messages_budget.other_plan(
        choice.other_plan, frame.value if frame else None, available.value if available else None
    )
    hint = f"{messages_budget.PLAN_WORDS[choice.other_plan]} öffnen"
    link = quiet_link("Öffnen", desk.link(**{PLAN: choice.other_plan}), **aria(label=hint))
    return html.Span([f"{words} ", link])
