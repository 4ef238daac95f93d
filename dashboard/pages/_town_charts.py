"""Charts of a town's own cockpit: the card for each type, its message by rule, its foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from dash.development.base_component import Component

from dashboard import formats, messages_town, texts
from dashboard.cockpits import town_figures as figures
from dashboard.cockpits.ozg import projection_of
from dashboard.cockpits.town_desk import Desk
from dashboard.cockpits.town_file import (
    AnyChart,
    Bars,
    Bullets,
    Columns,
    Line,
    Multiples,
    Stacked,
    Table,
)
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import drilling_days
from dashboard.components.layout import card, quiet_link
from dashboard.components.legend import legend
from dashboard.components.provenance import foot_line, number_line
from dashboard.components.states import empty, empty_filter
from dashboard.components.town_cards import bullet_table, cross_table, small_courses, value_table
from dashboard.figures.amounts import Amounts
from dashboard.figures.chart import Chart, linked
from dashboard.figures.period_columns import PeriodColumn, period_columns
from dashboard.figures.stacked_parts import gathered, leading_part, stacked_parts, tokens
from dashboard.figures.value_bars import ValueRow, value_bars
from dashboard.figures.value_line import value_line
from metrics.definition import Definition

GOOD = "gut"


def chart_card_of(desk: Desk, chart_id: str, chart: AnyChart) -> Component:
    """Return the card of a chart; without figures it says so and offers the way back."""
    drawn = _DRAWN[type(chart)](desk, chart_id, chart)
    if drawn is not None:
        return drawn
    if desk.chosen:
        return card(chart.title, empty_filter("Werte", desk.path))
    return card(chart.title, empty("Noch keine Werte."))


def _subtitle(desk: Desk, chart: AnyChart, amounts: Amounts, period: str = "") -> str:
    """Measure, unit, population, period."""
    definition = desk.definition(chart.metric)
    population = desk.services.catalog.populations.get(definition.population)
    words = [
        definition.short or definition.label,
        amounts.head,
        population.title if population else "",
        period,
    ]
    return ", ".join(word for word in words if word)


def _foot(
    desk: Desk, chart: AnyChart, by: Sequence[str] = (), *, by_period: bool = False
) -> list[Component | str]:
    """Number and Datenstand; above them what qualifies the chart."""
    result = desk.ask(chart)
    number = desk.definition(chart.metric).number
    notes = [chart.note or "", desk.left_out(chart, by, by_period=by_period), *result.notes]
    told = " · ".join(note for note in notes if note)
    stand = number_line(number, result, desk.services.settings.zone)
    return [*([foot_line(told)] if told else []), stand]


def _window(desk: Desk, chart: AnyChart) -> str:
    """The time an answer without months speaks about."""
    definition = desk.definition(chart.metric)
    if definition.over_time == "sum":
        result = desk.ask(chart)
        return figures.window_words(definition, result.rows[0] if result.rows else None)
    return f"am {formats.day(desk.at)}"


def _amounts(definition: Definition, values: Sequence[Any]) -> Amounts:
    return Amounts.of(definition.unit, definition.decimals, values)


def _columns(desk: Desk, chart_id: str, chart: Columns) -> Component | None:
    months = figures.columns_of(desk, chart)
    if not months:
        return None
    definition = desk.definition(chart.metric)
    amounts = _amounts(definition, [v for m in months for v in (m.value, m.target, m.last_year)])
    period = f"je Monat {formats.month(months[0].month)}–{formats.month(months[-1].month)}"
    swatches = [("vj", "Vorjahr")] if any(m.last_year is not None for m in months) else []
    swatches += [("plan", "Soll")] if any(m.target is not None for m in months) else []
    return chart_card(
        chart_id,
        _columns_title(definition, chart, months),
        period_columns(months, amounts, caption=chart.title),
        subtitle=_subtitle(desk, chart, amounts, period),
        legend=legend([*swatches, ("ist", "Ist")]) if swatches else None,
        foot=_foot(desk, chart, by_period=True),
        origin_href=desk.origin(chart),
    )


def _columns_title(definition: Definition, chart: Columns, months: Sequence[PeriodColumn]) -> str:
    rated = [m for m in months if m.target is not None and m.value is not None]
    if rated and definition.better != "none":
        lower = definition.better == "lower"
        good = sum(
            float(m.value or 0) <= float(m.target or 0)
            if lower
            else float(m.value or 0) >= float(m.target or 0)
            for m in rated
        )
        return messages_town.months_in_plan(good, len(rated), chart.title)
    if definition.kind == "sum" and definition.over_time == "sum":
        return messages_town.change_to_last_year(figures.change_to_last_year(months), chart.title)
    return chart.title


def _line(desk: Desk, chart_id: str, chart: Line) -> Component | None:
    course, rating = figures.course_of(desk, chart)
    if not course.known:
        return None
    definition = desk.definition(chart.metric)
    amounts = _amounts(definition, [value for _, value in (*course.ist, *course.soll)])
    title = messages_town.course(rating, definition.better == "lower", chart.title)
    period = f"je Monat bis {formats.month(course.known[-1][0])}"
    swatches = [("line-ist", "Ist"), *([("line-soll", "Soll")] if course.soll else [])]
    return chart_card(
        chart_id,
        title,
        _days_leading(desk, chart, value_line(course, amounts, caption=chart.title)),
        subtitle=_subtitle(desk, chart, amounts, period),
        legend=legend(swatches),
        foot=[*_assumed(desk, chart, course.forecast is not None), *_foot(desk, chart, by_period=True)],
        origin_href=desk.origin(chart),
    )


def _days_leading(desk: Desk, chart: Line, drawn: Chart) -> Chart:
    """Days of a state lead to the figure of that day; what is summed over months has no such day."""
    definition = desk.definition(chart.metric)
    where, left = desk.narrowed(chart, by_period=True)
    free = not (definition.protect or definition.min_cell)
    if definition.over_time != "last" or left or not free:
        return drawn
    return drilling_days(drawn, chart.metric, desk.today, where=where)


def _assumed(desk: Desk, chart: Line, has_forecast: bool) -> list[Component | str]:
    """The way to the assumptions of a forecast."""
    known = projection_of(desk.services.models(), chart.metric) if has_forecast else None
    if known is None:
        return []
    return [foot_line(quiet_link("Annahmen der Prognose", f"/modelle?modell={known[0]}"))]


def _rows_title(definition: Definition, by: str, rows: Sequence[ValueRow], neutral: str) -> str:
    rated = [row for row in rows if row.rating != "neu"]
    if len(rated) > 1:
        good = sum(row.rating == GOOD for row in rated)
        return messages_town.rows_in_plan(good, len(rated), definition.better == "lower", neutral)
    known = [row for row in rows if row.value is not None]
    if len(known) < 2 or len(known) < len(rows):
        return neutral
    ordered = sorted(known, key=lambda row: -float(row.value or 0))
    most, second = ordered[0], ordered[1]
    if float(most.value or 0) == float(second.value or 0):
        return neutral
    if definition.kind == "sum" and by in definition.choose_one:
        return neutral
    if definition.kind == "sum":
        whole = sum(float(row.value or 0) for row in known)
        negative = any(float(row.value or 0) < 0 for row in known)
        share = None if negative or not whole else float(most.value or 0) / whole
        return messages_town.largest(most.label, share, neutral)
    spoken = formats.amount(most.value, definition.unit, definition.decimals)
    return messages_town.highest(most.label, spoken, neutral)


def _bars(desk: Desk, chart_id: str, chart: Bars) -> Component | None:
    rows = figures.rows_of(desk, chart)
    if not rows:
        return None
    definition = desk.definition(chart.metric)
    amounts = _amounts(definition, [v for row in rows for v in (row.value, row.target)])
    first = desk.dimension(chart.by)
    caption = f"{chart.title}: {definition.short or definition.label} nach {first}"
    return chart_card(
        chart_id,
        _rows_title(definition, chart.by, rows, chart.title),
        linked(
            value_bars(rows, amounts, first=first, caption=caption, limit=chart.limit),
            desk.ways(chart, chart.by),
        ),
        subtitle=_subtitle(desk, chart, amounts, _window(desk, chart)),
        foot=[*_more(len(rows), chart.limit), *_foot(desk, chart, (chart.by,))],
        origin_href=desk.origin(chart, (chart.by,)),
    )


def _more(count: int, limit: int) -> list[Component | str]:
    if count <= limit:
        return []
    return [foot_line(f"{formats.number(limit)} von {formats.number(count)} gezeichnet, alle in der Tabelle")]


def _stacked(desk: Desk, chart_id: str, chart: Stacked) -> Component | None:
    definition = desk.definition(chart.metric)
    names, rows = figures.parts_of(desk, chart)
    if not rows:
        return None
    shown, _ = gathered(names, rows)
    first = desk.dimension(chart.by)
    # Values of which one is chosen stand beside one another; together they are no whole.
    most = None if chart.by in definition.choose_one else leading_part(names, rows)
    part, share = most or (None, None)
    parts = "" if chart.parts is None else f" und {desk.dimension(chart.parts)}"
    caption = f"{chart.title}: {definition.short or definition.label} nach {first}{parts}"
    told = f"{_subtitle(desk, chart, Amounts('count'), _window(desk, chart))}; im Balken Anzahl"
    return chart_card(
        chart_id,
        messages_town.largest(part, share, chart.title),
        linked(
            stacked_parts(names, rows, first=first, caption=caption, limit=chart.limit),
            desk.ways(chart, chart.by),
        ),
        subtitle=told,
        legend=legend(list(zip(tokens(shown), shown, strict=True))),
        foot=[*_more(len(rows), chart.limit), *_foot(desk, chart, (chart.by,))],
        origin_href=desk.origin(chart, (chart.by,)),
    )


def _origin(desk: Desk, chart_id: str, chart: AnyChart, by: Sequence[str]) -> Component:
    return quiet_link(texts.ORIGIN_MANY, desk.origin(chart, by), **{"data-origin": chart_id})


def _bullets(desk: Desk, chart_id: str, chart: Bullets) -> Component | None:
    rows = figures.rows_of(desk, chart)
    if not rows:
        return None
    definition = desk.definition(chart.metric)
    first = desk.dimension(chart.by)
    return card(
        _rows_title(definition, chart.by, rows, chart.title),
        bullet_table(rows, definition, first, f"{chart.title} nach {first}", desk.ways(chart, chart.by)),
        subtitle=_subtitle(desk, chart, Amounts(definition.unit), _window(desk, chart)),
        foot=[*_foot(desk, chart, (chart.by,)), _origin(desk, chart_id, chart, (chart.by,))],
        flush=True,
    )


def _table(desk: Desk, chart_id: str, chart: Table) -> Component | None:
    definition = desk.definition(chart.metric)
    first = desk.dimension(chart.by)
    by = (chart.by,) if chart.across is None else (chart.by, chart.across)
    body = (
        _one_way(desk, chart, first) if chart.across is None else _two_ways(desk, chart, chart.across, first)
    )
    if body is None:
        return None
    return card(
        chart.title,
        body,
        subtitle=_subtitle(desk, chart, Amounts(definition.unit), _window(desk, chart)),
        foot=[*_foot(desk, chart, by), _origin(desk, chart_id, chart, by)],
        flush=True,
    )


def _one_way(desk: Desk, chart: Table, first: str) -> Component | None:
    rows = figures.rows_of(desk, chart)
    return (
        value_table(
            rows,
            desk.definition(chart.metric),
            first,
            f"{chart.title} nach {first}",
            desk.ways(chart, chart.by),
        )
        if rows
        else None
    )


def _two_ways(desk: Desk, chart: Table, across: str, first: str) -> Component | None:
    heads, rows = figures.table_of(desk, chart, across)
    caption = f"{chart.title} nach {first} und {desk.dimension(across)}"
    definition = desk.definition(chart.metric)
    adds = definition.kind == "sum" and across not in definition.choose_one
    if not rows:
        return None
    links = desk.ways(chart, chart.by)
    return cross_table(heads, rows, definition, first, caption, adds=adds, links=links)


def _multiples(desk: Desk, chart_id: str, chart: Multiples) -> Component | None:
    months, courses = figures.courses_of(desk, chart)
    if not courses:
        return None
    definition = desk.definition(chart.metric)
    pairs = [
        (float(c.values[-1]), float(c.year_ago))
        for c in courses
        if c.values[-1] is not None and c.year_ago is not None
    ]
    more, less = (sum(a > b for a, b in pairs), sum(a < b for a, b in pairs))
    title = messages_town.risen(more, less, len(pairs), chart.title)
    first = desk.dimension(chart.by)
    period = f"je Monat {formats.month(months[0])}–{formats.month(months[-1])}, eine Skala"
    foot = [*_more(len(courses), chart.limit), *_foot(desk, chart, (chart.by,), by_period=True)]
    return small_courses(
        chart_id,
        title,
        months,
        courses,
        definition,
        subtitle=_subtitle(desk, chart, Amounts(definition.unit), period),
        first=first,
        limit=chart.limit,
        foot=[*foot, _origin(desk, chart_id, chart, (chart.by,))],
    )


_Draw = Callable[[Desk, str, Any], Component | None]
_DRAWN = cast(
    "dict[type[AnyChart], _Draw]",
    {
        Columns: _columns,
        Line: _line,
        Bars: _bars,
        Stacked: _stacked,
        Bullets: _bullets,
        Multiples: _multiples,
        Table: _table,
    },
)
