"""Cards of the cockpit of effects: goals, small multiples, model and method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_wirkungen, texts
from dashboard.cockpits.wirkungen import BASES, PERSPECTIVES, Effect, Expected
from dashboard.cockpits.ziele import Goal
from dashboard.components.attributes import data
from dashboard.components.bullet import evidence
from dashboard.components.chart_card import figure, table_button
from dashboard.components.drill_rows import breakdown_of, record_cell
from dashboard.components.icon import badge, icon, sign, status
from dashboard.components.layout import card, card_foot, card_head
from dashboard.components.remarks import mark_list
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.before_after import BeforeAfter, small_multiple
from dashboard.figures.chart import Chart, Column
from dashboard.figures.marks import Mark, annotated, by_date
from metrics.result import Number

HEIGHT = 136
MODEL_COLUMNS = (
    Column("Wirkung"),
    Column("Messgröße"),
    Column("Ziel"),
    Column("Perspektive"),
    Column("Maßnahme"),
    Column("eingeführt", "right"),
    Column("Kennzahl"),
    Column("Grundlage"),
)


def goals_band(goals: Sequence[Goal]) -> Component:
    """All goals side by side with the worst rating of their figures."""
    title = messages_wirkungen.goals_title(len(goals))
    items = [html.Li(_goal(goal), className="goal") for goal in goals]
    return html.Section(
        [html.H2(title, className="goals-title"), html.Ul(items, className="goals-list")],
        className="card goals",
    )


def _goal(goal: Goal) -> list[Component]:
    word, count = messages_wirkungen.goal_words(goal.rating, goal.figures)
    line = [status(goal.rating or "neu", word), html.Span(count, className="goal-count")]
    return [
        html.P(f"{goal.number}. {goal.title}", className="goal-name"),
        html.P(line, className="goal-state"),
    ]


def effect_chart(effect: Effect, y_range: tuple[float, float] | None = None) -> Chart:
    """Small multiple of an effect; large amounts are drawn in thousands."""
    scale, definition = effect.scale, effect.definition
    windows = {
        name: (window.first, window.last, _scaled(window.value, scale)) if window else None
        for name, window in (("before", effect.before), ("after", effect.after))
    }
    drawing = BeforeAfter(
        title=effect.expected.title,
        points=[(month, _scaled(value, scale)) for month, value in effect.points],
        introduced_on=effect.expected.introduced_on,
        unit="count" if scale > 1 else definition.unit,
        decimals=0 if scale > 1 else definition.decimals,
        goal=None if effect.goal is None else _scaled(effect.goal, scale),
        before=windows["before"],
        after=windows["after"],
    )
    return small_multiple(drawing, height=HEIGHT, y_range=y_range)


def _marked(effect: Effect, y_range: tuple[float, float] | None, marks: Sequence[Mark]) -> Chart:
    """The drawing with numbers only: its words stand in the list below."""
    lane = by_date(effect.points[0][0], effect.points[-1][0] + timedelta(days=27))
    return annotated(effect_chart(effect, y_range), marks, lane, named=False)


def _scaled(value: Number, scale: int) -> Number:
    return value if scale == 1 else float(value) / scale


def effect_card(
    effect: Effect,
    *,
    zone: ZoneInfo,
    origin_href: str,
    reach: str = "",
    y_range: tuple[float, float] | None = None,
    marks: Sequence[Mark] = (),
) -> Component:
    """Message, drawing, introduction with Belegstärke, and where the figure comes from."""
    chart_id = f"wirkung-{effect.expected.effect_id.lower()}"
    title = effect.expected.title
    subtitle = messages_wirkungen.measure_words(effect.expected.subtitle, effect.scale)
    if not effect.points:
        words = f"{subtitle} · {reach}" if reach else subtitle
        return card(title, empty("Keine Werte für diese Auswahl."), subtitle=words, class_name="effect")
    shown = f"{subtitle} · {reach}" if reach else subtitle
    message = html.P(_change(effect), className="effect-change")
    rated = html.P(_drill(_now(effect), title, origin_href), className="effect-now")
    return html.Article(
        [
            card_head(title, shown, title_id=f"{chart_id}-titel"),
            html.Div([message, badge(effect.rating)], className="effect-line"),
            html.Div([rated, table_button(chart_id, title)], className="effect-line"),
            figure(chart_id, _marked(effect, y_range, marks)),
            *([notes] if (notes := mark_list(marks, brief=True)) else []),
            _introduced(effect),
            _provenance(effect, zone, origin_href),
        ],
        className=f"card chart-card effect{' effect-stale' if effect.result.stale_sources else ''}",
        **data(chart=chart_id),
    )


def _drill(words: str, title: str, origin_href: str) -> Component | str:
    """The line of the present value leads into its breakdown, as the reference line of a tile does."""
    href = breakdown_of(origin_href)
    spoken = html.Span(f" {title} aufgliedern", className="visually-hidden")
    return html.A([words, spoken], href=href, className="tile-drill") if href and words else words


def _now(effect: Effect) -> str:
    definition, current = effect.definition, effect.current
    return messages_wirkungen.current_words(
        current.value if current else None,
        current.target if current else None,
        definition.unit,
        definition.decimals,
        definition.better,
        effect.scale,
    )


def _change(effect: Effect) -> str:
    definition = effect.definition
    words = messages_wirkungen.change_words(
        effect.change, effect.relative, definition.unit, definition.decimals, effect.scale
    )
    if words:
        return words
    return messages_wirkungen.no_comparison(
        effect.running,
        bool(effect.points),
        effect.before is not None,
        effect.expected.introduced_on,
        effect.result.business_date,
    )


def _introduced(effect: Effect) -> Component:
    introduced = f"{effect.expected.introduced_by}, {formats.month(effect.expected.introduced_on)}"
    short = ""
    if effect.after is not None:
        short = messages_wirkungen.short_after(effect.running, effect.after.months)
    words = html.Span(f"{introduced} · {short}" if short else introduced)
    level = effect.evidence
    return card_foot(words, evidence(level) if level else html.Span("noch kein Vergleich"))


def _provenance(effect: Effect, zone: ZoneInfo, href: str) -> Component:
    as_of = effect.result.as_of
    day = formats.day_short(as_of.astimezone(zone).date() if as_of else None)
    number = effect.definition.number
    if effect.result.stale_sources:
        left = html.Span(
            [f"{number} ", sign("warn", label="veraltet, Stand"), f" {day}"], className="is-stale"
        )
    else:
        left = html.Span([f"{number} ", icon("clock", small=True), f" {day}"])
    hidden = html.Span(f" {effect.expected.title}", className="visually-hidden")
    link = html.A(
        [texts.ORIGIN_ONE, hidden],
        href=href,
        className="quiet-link",
        **data(origin=effect.expected.metric_id),
    )
    return html.Div([left, link], className="effect-origin")


def model_card(effects: Sequence[Expected], goals: Sequence[Goal], numbers: Mapping[str, str]) -> Component:
    """Which measure was to change which figure for which goal: the catalogue of effects as a table."""
    titles = {goal.number: f"{goal.number}. {goal.title}" for goal in goals}
    rows = [
        [
            record_cell(item.title, "effects", item.effect_id),
            item.subtitle,
            titles.get(item.goal, str(item.goal)),
            PERSPECTIVES.get(item.perspective, item.perspective),
            item.introduced_by,
            formats.day(item.introduced_on),
            numbers.get(item.metric_id, item.metric_id),
            BASES.get(item.basis, item.basis),
        ]
        for item in effects
    ]
    body = table("Wirkungsmodell: Maßnahme, Wirkung, Kennzahl und Ziel", MODEL_COLUMNS, rows)
    return html.Section(card("Wirkungsmodell", body, flush=True), id="wirkungsmodell")


def method_card() -> Component:
    """How the comparison is made and what it does not prove."""
    lines = [html.Li(sentence) for sentence in messages_wirkungen.METHOD]
    return html.Section(card("Methode", html.Ul(lines, className="method")), id="methode")
