"""Filter row: segments and menus made of links, so that every choice is an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.components.address import address
from dashboard.components.attributes import aria
from dashboard.components.icon import icon

STICHTAG = "stichtag"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter: its words, its address, whether it is the present one."""

    label: str
    href: str
    selected: bool = False


def choices(
    path: str, params: Mapping[str, str], name: str, options: Sequence[tuple[str | None, str]]
) -> list[Choice]:
    """Return choices for the parameter `name`; options are (value, label), None is „no filter“."""
    present = params.get(name)
    known = {value for value, _ in options}
    present = present if present in known else None
    return [
        Choice(label, address(path, params, **{name: value}), value == present) for value, label in options
    ]


def filter_bar(*controls: Component, end: Component | None = None) -> Component:
    """Row of filters below the Lagesatz; `end` stands at the right, for example „Ansicht erklären“."""
    parts = [html.H2("Filter", className="visually-hidden"), *controls]
    if end is not None:
        parts.append(html.Div([end], className="filter-end"))
    return html.Section(parts, className="filter-bar")


def segments(label: str, options: Sequence[Choice]) -> Component:
    """Few choices side by side, the present one filled."""
    links = [
        html.A(
            option.label,
            href=option.href,
            className="segment",
            **aria(current=option.selected or None),
        )
        for option in options
    ]
    return html.Div(links, className="segments", role="group", **aria(label=label))


def menu(label: str, options: Sequence[Choice], *, icon_name: str = "down") -> Component:
    """Many choices behind one control that shows the present one: „Themenfeld alle“."""
    present = next((o.label for o in options if o.selected), texts.ALL)
    head = html.Summary(
        [
            html.Span(label, className="control-label"),
            " ",
            html.Span(present, className="control-value"),
            icon(icon_name, small=True),
        ],
        className="control",
    )
    items = [
        html.Li(
            html.A(
                o.label,
                href=o.href,
                className="menu-item",
                **aria(current=o.selected or None),
            )
        )
        for o in options
    ]
    return html.Details([head, html.Ul(items, className="menu-list")], className="menu")


def reset_link(path: str, params: Mapping[str, str], names: Sequence[str]) -> Component | None:
    """„Filter zurücksetzen“, only when one of the filters is set."""
    if not any(params.get(name) for name in names):
        return None
    return html.A(
        "Filter zurücksetzen", href=address(path, params, **dict.fromkeys(names)), className="text-link"
    )


def read_stichtag(params: Mapping[str, str], business_date: date) -> date:
    """Return the day asked for; anything but a day up to the snapshot's is the snapshot's."""
    try:
        asked = date.fromisoformat(params.get(STICHTAG, ""))
    except ValueError:
        return business_date
    return min(asked, business_date)


def month_ends(day: date, count: int) -> list[date]:
    """Return the last `count` ends of months before a day, newest first."""
    ends, end = [], day.replace(day=1) - timedelta(days=1)
    for _ in range(count):
        ends.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    return ends
