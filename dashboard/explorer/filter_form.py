"""The form for the condition on one field, or for the span of time; what it says becomes the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard import formats
from dashboard.components.attributes import aria, data
from dashboard.components.entry import day_field, text_field, ticked
from dashboard.components.layout import text_link
from dashboard.explorer import moves
from dashboard.explorer.desk import FORM, WHEN, Desk
from dashboard.explorer.notation import write_value
from dashboard.explorer.parameter import EXPLORER, FILTER, FIRST, LAST, STICHTAG
from dashboard.explorer.shelf import narrowing
from dashboard.explorer.state import params_of
from metrics.explore.catalog import Field
from metrics.explore.question import Filter

if TYPE_CHECKING:
    from dash.development.base_component import Component

MOST_VALUES = 200
OPERATORS = (("in", "in", "ist"), ("nicht", "not_in", "ist nicht"), ("enthaelt", "contains", "enthält"),
             ("von", "between", "von–bis"))  # fmt: skip
# What can be asked of a field of this kind.
FITTING: Mapping[str, tuple[str, ...]] = {
    "text": ("in", "not_in", "contains"),
    "unit": ("in", "not_in", "contains"),
    "time": ("in", "not_in", "between"),
    "number": ("in", "not_in", "between"),
    "boolean": ("in", "not_in"),
    "bucket": ("in", "not_in"),
}
SPANS = {"time": "zum Beispiel 2025, 2025-Q4 oder 2025-11", "number": "zum Beispiel 1 und 3"}


def is_editing(desk: Desk) -> bool:
    """Whether the address asks for the form of something there is."""
    return _is_time(desk) or desk.edited in {field.name for field in desk.dataset.fields}


def editor(desk: Desk) -> Component:
    """The form the address asks for, below the zones."""
    if _is_time(desk):
        return _frame("Zeit wählen", _time_form(desk), desk)
    field = desk.dataset.field(desk.edited)
    return _frame(f"Filter: {desk.label(field.name)}", _condition_form(desk, field), desk)


def _is_time(desk: Desk) -> bool:
    return desk.edited == WHEN and not desk.is_list


def _frame(title: str, form: Component, desk: Desk) -> Component:
    head = html.Div(
        [html.H3(title, className="card-title"), text_link("Schließen", desk.seen())], className="card-head"
    )
    return html.Section(
        [head, form], id=FORM, tabIndex=-1, className="card filter-editor", **aria(label=title)
    )


def _kept(desk: Desk, *without: str) -> list[Component]:
    """What the address says beside the fields of the form."""
    kept = params_of(replace(desk.state, cell=None, page=1))
    return [
        dcc.Input(type="hidden", name=name, value=text) for name, text in kept.items() if name not in without
    ]


def _condition_form(desk: Desk, field: Field) -> Component:
    present = moves.filter_of(desk.question, field.name)
    fitting = FITTING[field.kind]
    shown = [entry for entry in OPERATORS if entry[1] in fitting]
    op = present.op if present is not None and present.op in fitting else "in"
    choice = html.Fieldset(
        [html.Legend("Bedingung", className="field-label"), html.Div(
            [ticked(label, "bedingung", key, on=meant == op, one=True) for key, meant, label in shown],
            className="tick-row",
        )],
    )  # fmt: skip
    name = f"{FILTER}{field.name}"
    composed = dcc.Input(type="hidden", name=name, value="")
    parts = [choice, _values_part(desk, field, present)]
    if "contains" in fitting:
        parts.append(_contains_part(present))
    if "between" in fitting:
        parts.append(_between_part(field, present))
    return html.Form(
        [*_kept(desk, name), composed, *parts, _buttons(desk, field)],
        action=EXPLORER,
        method="GET",
        className="filter-form",
        **data(compose=name),
    )


def _buttons(desk: Desk, field: Field | None) -> Component:
    use = html.Button("Anwenden", type="submit", className="button button-primary")
    off = []
    if field is not None and moves.filter_of(desk.question, field.name):
        off = [text_link("Filter aufheben", desk.to(moves.filtered(desk.question, field.name, None)))]
    return html.Div([use, *off], className="form-actions")


def _values_part(desk: Desk, field: Field, present: Filter | None) -> Component:
    chosen = set(present.values) if present is not None and present.op in ("in", "not_in") else set()
    values = desk.values(field.name)
    offered = [*values[:MOST_VALUES], *(value for value in chosen if value not in values[:MOST_VALUES])]
    boxes = [
        html.Li(ticked(label, "wert", write_value(value), on=value in chosen), **data(narrow=label))
        for value in offered
        if (label := desk.value(field.name, value))
    ]
    if not boxes:
        return html.Div(
            html.P("Zu diesem Feld gibt es gerade keine Werte.", className="field-note"),
            className="part-values",
        )
    more = len(values) - MOST_VALUES
    note = (
        [html.P(f"Gezeigt werden {formats.number(MOST_VALUES)} von {formats.number(len(values))} Werten; "
                "die übrigen finden Sie mit „enthält“.", className="field-note")] if more > 0 else []
    )  # fmt: skip
    search = [narrowing("Wert suchen", "explorer-werte")] if len(boxes) > 8 else []
    return html.Div(
        [
            *search,
            html.Ul(boxes, id="explorer-werte", className="value-list narrow-group", **aria(label="Werte")),
            *note,
        ],
        className="part-values",
    )


def _contains_part(present: Filter | None) -> Component:
    text = present.values[0] or "" if present is not None and present.op == "contains" else ""
    return html.Div(text_field("Text im Wert", "text", text, "explorer-text"), className="part-text")


def _between_part(field: Field, present: Filter | None) -> Component:
    first, last = present.values if present is not None and present.op == "between" else ("", "")
    return html.Div(
        [
            text_field("von", "ab", first or "", "explorer-ab"),
            text_field("bis", "bis_wert", last or "", "explorer-bis"),
            html.P(f"{SPANS.get(field.kind, '')}; ein leeres Ende ist offen.", className="field-note"),
        ],
        className="part-span",
    )


def _time_form(desk: Desk) -> Component:
    question = desk.question
    first, last = question.between or (None, None)
    fields = []
    if desk.is_flow:
        fields += [
            day_field("Zeitraum von", FIRST, first.isoformat() if first else "", "explorer-von"),
            day_field("bis", LAST, last.isoformat() if last else "", "explorer-bis"),
        ]
    if desk.is_stock:
        at = question.at.isoformat() if question.at else ""
        fields.append(day_field("Stichtag", STICHTAG, at, "explorer-stichtag", max=desk.today.isoformat()))
    return html.Form(
        [*_kept(desk, FIRST, LAST, STICHTAG), html.Div(fields, className="entry-row"), _buttons(desk, None)],
        action=EXPLORER,
        method="GET",
        className="filter-form time-form",
    )
