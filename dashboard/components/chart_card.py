"""Card of a chart: message as title, the drawing named by it, and the table one button away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon
from dashboard.components.layout import card_foot, card_head
from dashboard.components.table import keeping, table_text
from dashboard.figures.chart import Chart
from dashboard.figures.template import CONFIG


def chart_card(
    chart_id: str,
    title: str,
    chart: Chart,
    *,
    subtitle: str = "",
    legend: Component | None = None,
    actions: Sequence[Component] = (),
    foot: Sequence[Component | str] = (),
    origin_href: str | None = None,
    table: Component | None = None,
    below: Component | None = None,
    class_name: str = "",
) -> Component:
    """Card with title (the message), subtitle, legend, drawing, table and foot line.

    `chart_id` is unique on the page and stable: the choice „Tabelle“ is kept under it. `table` replaces the
    chart's own table. `below` stands under the drawing, for example its numbered comments. `origin_href` adds
    „Woher kommen diese Zahlen?“ at the right of the foot.
    """
    parts: list[Component] = [
        card_head(title, subtitle, [*actions, table_button(chart_id, title)], title_id=f"{chart_id}-titel")
    ]
    if legend is not None:
        parts.append(html.Div([legend], className="chart-legend"))
    parts.append(figure(chart_id, chart, table))
    parts += [below] if below is not None else []
    feet = [*foot, *([_origin(origin_href, chart_id)] if origin_href else [])]
    if feet:
        parts.append(card_foot(*feet))
    return html.Article(parts, className=f"card chart-card {class_name}".strip(), **data(chart=chart_id))


def figure(chart_id: str, chart: Chart, table: Component | None = None) -> Component:
    """Drawing and table of a chart; named by `<chart_id>-titel`, described by one sentence."""
    drawing = html.Div([graph(chart)], className="chart-drawing", **aria(hidden=True))
    return html.Figure(
        [
            html.Figcaption(chart.description, className="visually-hidden", id=f"{chart_id}-satz"),
            drawing,
            _table_place(chart, table),
        ],
        className="chart",
        **aria(labelledby=f"{chart_id}-titel", describedby=f"{chart_id}-satz"),
    )


def _table_place(chart: Chart, table: Component | None) -> Component:
    """Place of the table. portal.js writes it from `data-table` when it is first asked for.

    As hundreds of components it would double the time until the page stands, for a table nobody opened yet.
    """
    place = html.Div(
        [table] if table is not None else None,
        className="chart-table",
        style={"maxHeight": f"{max(chart.height, 240)}px"},
        **data(caption=chart.table.caption, table=None if table is not None else table_text(chart.table)),
    )
    return place if table is not None else keeping(place, chart.table)


def graph(chart: Chart) -> Component:
    """The bare drawing."""
    config: Any = CONFIG  # Dash's own type knows fewer keys than plotly.js
    return dcc.Graph(
        figure=chart.figure,
        config=config,
        responsive=True,
        className="graph",
        style={"height": f"{chart.height}px"},
    )


def table_button(chart_id: str, title: str) -> Component:
    """„Tabelle“: swaps drawing and table (portal.js), keeps and announces the choice."""
    children: list[Any] = [
        icon("table", small=True),
        html.Span(texts.TABLE),
        html.Span(f" zu {title}", className="visually-hidden"),
    ]
    return html.Button(
        children,
        type="button",
        className="button button-small table-button",
        **aria(pressed=False),
        **data(action="table", chart=chart_id),
    )


def _origin(href: str, chart_id: str) -> Component:
    return html.A(texts.ORIGIN_MANY, href=href, className="quiet-link", **data(origin=chart_id))
