"""Two scenarios side by side: the form with both sets of values, and what comes out of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.cockpits import modelle
from dashboard.cockpits.szenarien import Line, Variant, step_of
from dashboard.components.attributes import aria, data
from dashboard.components.capacity_cards import input_errors
from dashboard.components.layout import card, text_link
from dashboard.components.table import table
from dashboard.figures.chart import Column

FORM = "Annahmen verändern"
NOT_STORED = "Geänderte Werte stehen nur in der Adresse dieser Seite. Gespeichert wird nichts."
COMPARED = "Beide Szenarien nebeneinander"


def comparison_card(lines: Sequence[Line], one: Variant, other: Variant, foot: str) -> Component:
    """Both results with the signed difference."""
    columns = [
        Column("Größe"),
        Column(one.name),
        Column(other.name),
        Column("B gegen A", "right"),
    ]
    rows = [[line.what, line.one, line.other, line.apart] for line in lines]
    changed = [variant.name for variant in (one, other) if variant.question.changed]
    told = f"{' und '.join(changed)} mit geänderten Annahmen" if changed else "mit den Annahmen der Vorlage"
    body = table(COMPARED, columns, rows, class_name="table-scenarios")
    return card(COMPARED, body, subtitle=f"{told}; Spanne in Klammern", foot=foot, flush=True)


def scenario_form(
    path: str, hidden: Mapping[str, str], one: Variant, other: Variant, reset_href: str
) -> Component:
    """Every assumption once, with a field for each scenario, its unit, span, Stand and source."""
    both = (one, other)
    columns = (
        *(Column("Annahme"), Column(one.name), Column(other.name), Column("Einheit")),
        *(Column("Spanne"), Column("Stand"), Column("Quelle")),
    )
    bases = modelle.asked(one.question.base, {}, one.due).fields
    pairs = zip(bases, one.question.fields, other.question.fields, strict=True)
    rows = [_row(base, (first, second), both) for base, first, second in pairs]
    usual = {variant.parameter(base.name): base.value for variant in both for base in bases}
    kept = [dcc.Input(type="hidden", name=name, value=value) for name, value in hidden.items()]
    errors = [f"{variant.name}, {words}" for variant in both for words in variant.question.errors]
    again = html.Button("Neu rechnen", type="submit", className="button button-primary")
    differs = any(variant.question.changed or variant.question.errors for variant in both)
    reset = [text_link("Annahmen der Vorlage wiederherstellen", reset_href)] if differs else []
    parts = [
        *input_errors(errors),
        table(FORM, columns, rows, class_name="table-assumptions table-two-scenarios"),
        html.Div([again, *reset], className="form-actions"),
    ]
    form = html.Form(
        [*kept, *parts],
        action=path,
        method="GET",
        className="scenario-form",
        **data(usual=json.dumps(usual, ensure_ascii=False)),
    )
    return card(FORM, form, subtitle=NOT_STORED)


def _row(
    base: modelle.Field, fields: tuple[modelle.Field, modelle.Field], variants: tuple[Variant, Variant]
) -> list[Component | str]:
    cells = [_entry(field, variant) for field, variant in zip(fields, variants, strict=True)]
    return [base.label, *cells, base.unit, base.span, base.stand, base.source]


def _entry(field: modelle.Field, variant: Variant) -> Component:
    """A field of one scenario with its buttons; what was changed names the usual value."""
    name = variant.parameter(field.name)
    place = name.replace(".", "-")
    label = html.Label(f"{field.label}, {variant.name}", htmlFor=place, className="visually-hidden")
    # Dash's own list of modes is older than „decimal“, the only one whose keys hold the comma.
    keys: Any = {"inputMode": "decimal"} if step_of(field.name) else {}
    entry = dcc.Input(
        id=place, name=name, type="text", value=field.value, className="field", autoComplete="off",
        maxLength=20, **keys,
    )  # fmt: skip
    parts: list[Component] = [label, *_stepped(field, place, entry, variant)]
    if field.error:
        parts.append(html.Span(field.error, className="field-error", id=f"{place}-fehler"))
    elif field.changed:
        parts.append(html.Span(f"statt {field.usual}", className="row-note"))
    return html.Div(parts, className="stepped-cell")


def _stepped(field: modelle.Field, place: str, entry: Component, variant: Variant) -> list[Component]:
    step = step_of(field.name)
    if step is None:
        return [html.Div([entry], className="stepper")]
    less, more = (_button(field, place, sign, step, variant) for sign in (formats.MINUS, "+"))
    return [html.Div([less, entry, more], className="stepper")]


def _button(field: modelle.Field, place: str, sign: str, step: str, variant: Variant) -> Component:
    down = sign == formats.MINUS
    amount = formats.number(float(step), 1 if "." in step else 0)
    words = f"{field.label}, {variant.name}: {'weniger' if down else 'mehr'} (um {amount})"
    return html.Button(
        sign,
        type="button",
        id=f"{place}-{'weniger' if down else 'mehr'}",
        className="step-button",
        title=words,
        **aria(label=words, controls=place),
        **data(action="step", step=f"-{step}" if down else step, field=place),
    )
