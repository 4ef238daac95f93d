"""Writes a drawn page as HTML, so that a browser reads it at once.

Pages are drawn with the components of Dash. Handed over as such, the renderer of Dash wraps each of some
hundred elements of a page by itself and takes longer for them than for all charts together. No element of a
page has a callback, so one component (`Written`, drawn.js) takes the whole page as text; charts stand in it
as places and travel beside it as figures for Plotly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from dash.development.base_component import Component

_NAMES = {"className": "class", "htmlFor": "for", "acceptCharset": "accept-charset"}
_SILENT = frozenset(
    ("children", "style", "key", "n_clicks", "n_clicks_timestamp", "disable_n_clicks", "loading_state")
)
# What Dash notes at a component about itself.
_OWN_NAMES = ("_", "available_")
_VOID = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_ACTIVE = frozenset(("script", "style", "iframe", "object", "embed", "base"))
_ADDRESSES = frozenset(("href", "src", "action", "formAction"))
_UNITLESS = frozenset(
    ("opacity", "zIndex", "flex", "flexGrow", "flexShrink", "fontWeight", "lineHeight", "order")
)
# Of an address that names a scheme, these do not run anything; images may also carry their own bytes.
_HARMLESS = re.compile(
    r"\s*(https?:|mailto:|tel:|data:image/(svg\+xml|png)[;,]|[^:]*$|[^:]*[/?#])", re.IGNORECASE
)
_HTML, _CORE = "dash_html_components", "dash_core_components"


class Written(Component):
    """A page as text: `html` with a place for each of `figures` (`data`, `layout`, `config` for Plotly)."""

    _namespace, _type = "isek_portal", "Written"

    def __init__(self, html: str, figures: list[dict[str, Any]]) -> None:
        self._prop_names = ["html", "figures"]
        self._valid_wildcard_attributes: list[str] = []
        super().__init__(html=html, figures=figures)  # type: ignore[no-untyped-call]
        self.html, self.figures = html, figures


class NeedsRendererError(Exception):
    """A component that is more than an element: it needs the renderer."""


def written(page: Component) -> Component:
    """Return a page as text, or unchanged when it holds a component that needs the renderer of Dash."""
    try:
        return write(page)
    except NeedsRendererError:
        return page


def write(node: Any) -> Written:
    """Return components as text. Raises NeedsRendererError."""
    parts: list[str] = []
    figures: list[dict[str, Any]] = []
    _write(node, parts, figures)
    return Written("".join(parts), figures)


def _write(node: Any, parts: list[str], figures: list[dict[str, Any]]) -> None:
    if node is None or isinstance(node, bool):
        return
    if isinstance(node, list | tuple):
        for child in node:
            _write(child, parts, figures)
    elif isinstance(node, Component):
        _component(node, parts, figures)
    else:
        parts.append(escape(str(node), quote=False))


def _component(node: Component, parts: list[str], figures: list[dict[str, Any]]) -> None:
    namespace = node._namespace
    if namespace == _HTML:
        _element(node._type.lower(), node.__dict__, parts, figures)
    elif namespace == _CORE and node._type in _OWN:
        _OWN[node._type](node.__dict__, parts, figures)
    else:
        raise NeedsRendererError(node._type)


def _element(tag: str, values: Mapping[str, Any], parts: list[str], figures: list[dict[str, Any]]) -> None:
    if tag in _ACTIVE:
        raise NeedsRendererError(tag)
    parts.append(f"<{tag}{_attributes(values)}>")
    if tag in _VOID:
        return
    if tag in ("pre", "textarea"):
        # The first line break in them would be swallowed.
        parts.append("\n")
    _write(values.get("children"), parts, figures)
    parts.append(f"</{tag}>")


def _attributes(values: Mapping[str, Any]) -> str:
    found = "".join(
        _attribute(name, value)
        for name, value in values.items()
        if value is not None and name not in _SILENT and not name.startswith(_OWN_NAMES)
    )
    style = values.get("style")
    return f'{found} style="{escape(_style(style))}"' if style else found


def _attribute(name: str, value: Any) -> str:
    if name.startswith(("data-", "aria-")):
        return f' {name}="{escape(_word(value))}"'
    if value is False or (name in _ADDRESSES and not _HARMLESS.match(str(value))):
        return ""
    name = _NAMES.get(name, name).lower()
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _style(style: Mapping[str, Any]) -> str:
    given = ((name, value) for name, value in style.items() if value is not None)
    return ";".join(f"{_property(name)}:{_length(name, value)}" for name, value in given)


def _property(name: str) -> str:
    return name if name.startswith("--") else re.sub("[A-Z]", lambda found: f"-{found[0].lower()}", name)


def _length(name: str, value: Any) -> str:
    is_number = isinstance(value, int | float) and not name.startswith("--") and name not in _UNITLESS
    return f"{value}px" if is_number and value else str(value)


def _graph(values: Mapping[str, Any], parts: list[str], figures: list[dict[str, Any]]) -> None:
    place = {name: values[name] for name in ("id", "style") if name in values}
    place["className"] = f"dash-graph {values.get('className') or ''}".strip()
    parts.append(f'<div{_attributes(place)} data-figure="{len(figures)}"></div>')
    config = {**(values.get("config") or {}), "responsive": bool(values.get("responsive"))}
    figures.append({**values["figure"], "config": config})


def _input(values: Mapping[str, Any], parts: list[str], figures: list[dict[str, Any]]) -> None:
    del figures
    if values.get("type") == "hidden":
        parts.append(f"<input{_attributes(values)}>")
        return
    classes = f"dash-input-container dash-input {values.get('className') or ''}".strip()
    given = {"autoComplete": "off", **values, "className": "dash-input-element"}
    parts.append(f'<div class="{escape(classes)}"><input{_attributes(given)}></div>')


def _textarea(values: Mapping[str, Any], parts: list[str], figures: list[dict[str, Any]]) -> None:
    classes = f"dash-textarea {values.get('className') or ''}".strip()
    given = {**values, "className": classes, "children": values.get("value"), "value": None}
    parts.append('<div class="dash-textarea-container">')
    _element("textarea", given, parts, figures)
    parts.append("</div>")


_OWN = {"Graph": _graph, "Input": _input, "Textarea": _textarea}
