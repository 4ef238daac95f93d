"""Cards of a town's own charts that are no Plotly drawing: bullets, small courses, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_town
from dashboard.cockpits.town_figures import CrossRow, SmallCourse
from dashboard.components.attributes import aria, data
from dashboard.components.bullet import bar_of, bullet
from dashboard.components.chart_card import table_button
from dashboard.components.drill_rows import leading_cell
from dashboard.components.icon import status
from dashboard.components.layout import card_foot, card_head
from dashboard.components.table import keeping, table, table_text
from dashboard.figures.amounts import Amounts, span
from dashboard.figures.chart import Column, TableData
from dashboard.figures.svg import themed_image
from dashboard.figures.value_bars import ValueRow
from dashboard.texts import plural
from dashboard.theme import Palette
from metrics.definition import Definition
from metrics.result import Cell, Number

WIDTH, HEIGHT = 220, 64
Links = Mapping[str, str]


def bullet_table(
    rows: Sequence[ValueRow], definition: Definition, first: str, caption: str, links: Links
) -> Component:
    """Bullet, Ist, Soll and rating of every row; the bars repeat what the figures say.

    `links` lead deeper by the name of a row.
    """
    amounts = Amounts(definition.unit, definition.decimals)
    heads = [Column(first), Column("Ist gegen Soll"), Column("Ist", "right"), Column("Soll", "right")]
    lines: list[list[Component | str]] = [
        [
            leading_cell(row.label, links.get(row.label)),
            _bullet(row, definition),
            row.hidden or amounts.full(row.value),
            amounts.full(row.target),
            status(row.rating),
        ]
        for row in rows
    ]
    return table(caption, [*heads, Column("Bewertung")], lines, class_name="town-bullets")


def _bullet(row: ValueRow, definition: Definition) -> Component | str:
    bar = bar_of(row.value, row.target, share=definition.kind == "share")
    return bullet(bar) if bar else formats.MISSING


def value_table(
    rows: Sequence[ValueRow], definition: Definition, first: str, caption: str, links: Links
) -> Component:
    """One figure for each row; `links` lead deeper by its name."""
    amounts = Amounts(definition.unit, definition.decimals)
    rated = any(row.target is not None for row in rows)
    heads = [Column(first), Column("Ist", "right")]
    heads += [Column("Soll", "right"), Column("Bewertung")] if rated else []
    lines: list[list[Component | str]] = []
    for row in rows:
        line: list[Component | str] = [
            leading_cell(row.label, links.get(row.label)),
            row.hidden or amounts.full(row.value),
        ]
        if rated:
            line += [amounts.full(row.target), status(row.rating)]
        lines.append(line)
    return table(caption, heads, lines)


def cross_table(
    heads: Sequence[str],
    rows: Sequence[CrossRow],
    definition: Definition,
    first: str,
    caption: str,
    *,
    adds: bool,
    links: Links,
) -> Component:
    """One row and one column for each value of two dimensions; `adds`: rows may be summed up.

    `links` lead deeper by the name of a row.
    """
    amounts = Amounts(definition.unit, definition.decimals)
    adds = adds and not any(cell and cell.suppressed for _, cells in rows for cell in cells)
    columns = [Column(first), *(Column(head, "right") for head in heads)]
    columns += [Column("Summe", "right")] if adds else []
    lines: list[list[Component | str]] = []
    for label, cells in rows:
        line: list[Component | str] = [
            leading_cell(label, links.get(label)),
            *(_cell(cell, definition, amounts) for cell in cells),
        ]
        lines.append([*line, *([amounts.full(_sum(cells))] if adds else [])])
    return table(caption, columns, lines, class_name="wide")


def _sum(cells: Sequence[Cell | None]) -> Number:
    return sum((Decimal(str(cell.value or 0)) for cell in cells if cell), Decimal(0))


def _cell(cell: Cell | None, definition: Definition, amounts: Amounts) -> str:
    if cell is None:
        return formats.MISSING
    return formats.hidden(definition) if cell.suppressed else amounts.full(cell.value)


def small_courses(
    chart_id: str,
    title: str,
    months: Sequence[date],
    courses: Sequence[SmallCourse],
    definition: Definition,
    *,
    subtitle: str,
    first: str,
    limit: int,
    foot: Sequence[Component | str],
) -> Component:
    """Card of small courses on one scale; the table holds every month of all of them."""
    amounts = Amounts(definition.unit, definition.decimals)
    shown = courses[:limit]
    scale = span([value for course in shown for value in course.values])
    cells = [html.Li(_course(course, months, amounts, scale)) for course in shown]
    sentence = _sentence(months, courses, amounts, first)
    table_data = _months_table(months, courses, amounts, title)
    place = html.Div(
        className="chart-table", style={"maxHeight": "420px"},
        **data(caption=table_data.caption, table=table_text(table_data)),
    )  # fmt: skip
    keeping(place, table_data)
    drawing = html.Div(
        [html.Ul(cells, className="town-courses")], className="chart-drawing", **aria(hidden=True)
    )
    figure = html.Figure(
        [html.Figcaption(sentence, className="visually-hidden", id=f"{chart_id}-satz"), drawing, place],
        className="chart", **aria(labelledby=f"{chart_id}-titel", describedby=f"{chart_id}-satz"),
    )  # fmt: skip
    head = card_head(title, subtitle, [table_button(chart_id, title)], title_id=f"{chart_id}-titel")
    return html.Article([head, figure, card_foot(*foot)], className="card chart-card", **data(chart=chart_id))


def _course(
    course: SmallCourse, months: Sequence[date], amounts: Amounts, scale: tuple[float, float]
) -> list[Component]:
    value = course.hidden or amounts.full(course.last)
    change = messages_town.compared_words(course.values[-1], course.year_ago, amounts.unit, amounts.decimals)
    picture = themed_image(
        lambda palette: course_svg(course.values, scale, palette), alt="", width=WIDTH, height=HEIGHT,
        class_name="town-course",
    )  # fmt: skip
    ends = html.P(
        [html.Span(formats.month(months[0])), html.Span(formats.month(months[-1]))], className="town-ends"
    )
    return [
        html.P([html.Span(course.label, className="town-name"), html.Strong(value)], className="town-head"),
        picture,
        ends,
        html.P(change or formats.NBSP, className="town-change"),
    ]


def course_svg(values: Sequence[Number | None], scale: tuple[float, float], palette: Palette) -> str:
    """A course from zero on the scale all share; gaps stay gaps."""
    low, high = scale
    room = (high - low) or 1.0
    step = (WIDTH - 8) / max(1, len(values) - 1)
    places = [
        None if v is None else (4 + i * step, HEIGHT - 5 - (float(v) - low) / room * (HEIGHT - 12))
        for i, v in enumerate(values)
    ]
    base = HEIGHT - 5 + low / room * (HEIGHT - 12)
    body = f'<path d="M0 {base:.1f}H{WIDTH}" stroke="{palette["achse"]}" stroke-width="1"/>'
    runs: list[list[str]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(f"{place[0]:.1f},{place[1]:.1f}")
    for run in (r for r in runs if len(r) > 1):
        body += (
            f'<polyline points="{" ".join(run)}" fill="none" stroke="{palette["ist"]}" stroke-width="2" '
            'stroke-linejoin="round" stroke-linecap="round"/>'
        )
    last = next((p for p in reversed(places) if p is not None), None)
    if last:
        body += f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3.5" fill="{palette["ist"]}"/>'
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>'


def _sentence(months: Sequence[date], courses: Sequence[SmallCourse], amounts: Amounts, first: str) -> str:
    ends = [f"{c.label} {c.hidden or amounts.full(c.last)}" for c in courses[:3]]
    more = f" und {len(courses) - 3} weitere" if len(courses) > 3 else ""
    span_words = f"{formats.month(months[0])} bis {formats.month(months[-1])}"
    count = plural(len(courses), "Liniendiagramm", "Liniendiagramme")
    return f"{count} nach {first}, {span_words}. Zuletzt {', '.join(ends)}{more}."


def _months_table(
    months: Sequence[date], courses: Sequence[SmallCourse], amounts: Amounts, caption: str
) -> TableData:
    heads = (Column("Monat"), *(Column(course.label, "right") for course in courses))
    rows = tuple(
        (formats.month(month), *(c.hidden or amounts.full(c.values[i]) for c in courses))
        for i, month in enumerate(months)
    )
    return TableData(caption, heads, rows)
