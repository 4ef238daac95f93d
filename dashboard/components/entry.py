"""Native fields of forms that Dash has no element for: boxes to tick, choices of one, days.

They are written as HTML with the page (dashboard/markup.py) and read by the browser alone.
"""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.attributes import data


class Entry(Component):
    """An `<input>` with the attributes given."""

    _namespace, _type = "dash_html_components", "Input"

    def __init__(self, **attributes: Any) -> None:
        self._prop_names = list(attributes)
        self._valid_wildcard_attributes: list[str] = ["data-", "aria-"]
        super().__init__(**attributes)  # type: ignore[no-untyped-call]


def ticked(
    label: str, name: str, value: str, *, on: bool = False, one: bool = False, **more: str
) -> Component:
    """A box to tick, or with `one` a choice of several of the same name, with its words beside it."""
    kind = "radio" if one else "checkbox"
    field = Entry(type=kind, name=name, value=value, checked=on, className="tick", **data(**more))
    return html.Label([field, html.Span(label)], className="tick-line")


def day_field(label: str, name: str, value: str, field_id: str, **more: Any) -> Component:
    """A day with its words above it; browsers show it the way of the country."""
    entry = Entry(type="date", name=name, value=value, id=field_id, className="entry", **more)
    return html.Div(
        [html.Label(label, htmlFor=field_id, className="field-label"), entry], className="entry-part"
    )


def text_field(label: str, name: str, value: str, field_id: str, **more: Any) -> Component:
    """A line of text with its words above it."""
    entry = Entry(
        type="text",
        name=name,
        value=value,
        id=field_id,
        className="entry",
        autoComplete="off",
        maxLength=100,
        **more,
    )
    return html.Div(
        [html.Label(label, htmlFor=field_id, className="field-label"), entry], className="entry-part"
    )
