"""Writes drawn pages as the JSON Dash reads, without looking at every value the way Dash does.

A page is some hundred components and figures made of plain values; what is not plain goes the way of Plotly.
"""

from __future__ import annotations

import json
from typing import Any

import dash
from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder

_WILD = ("data-", "aria-")
_of_plotly = PlotlyJSONEncoder()


def to_json(value: Any) -> bytes:
    """Return components, or what holds some, as JSON in UTF-8; equal to what Dash itself writes."""
    try:
        text = json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        # Not a number has no JSON; Plotly writes null in its place.
        to_dash_json: Any = dash._utils.to_json
        text = str(to_dash_json(value))
    return text.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Component):
        known, set_here = value._prop_names, vars(value)
        props = {name: set_here[name] for name in set_here if name in known or name.startswith(_WILD)}
        return {"props": props, "type": value._type, "namespace": value._namespace}
    return _of_plotly.default(value)
