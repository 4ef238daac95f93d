"""Parts of a calculation of staff that several pages show: roles, what to correct, untested assumptions."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.cockpits import modelle
from dashboard.cockpits.modell_worte import amounts, role_line
from dashboard.components.icon import sign
from dashboard.components.layout import card
from dashboard.components.table import table
from dashboard.figures.chart import Column
from metrics.models.capacity import CapacityModel, CapacityResult
from metrics.models.library import AnyModel


def roles_table(model: CapacityModel, result: CapacityResult) -> Component:
    """Person-days, posts, time and end of each role of a result."""
    heads = ("Personentage", "Stellen", f"nötig bis {formats.day(model.due.value)}", "Dauer in Jahren")
    columns = [Column("Rolle"), *(Column(head, "right") for head in heads)]
    columns += [Column("erledigt am", "right"), Column("Spanne", "right")]
    rows = [tuple(cell or formats.MISSING for cell in role_line(role)) for role in result.roles]
    total = None
    if len(rows) > 1:
        together = amounts("zusammen", result.need, result.posts, result.posts_needed, None)
        total = (*(cell or formats.MISSING for cell in together), formats.MISSING, formats.MISSING)
    return table("Personalrechnung nach Rolle", columns, rows, total=total, class_name="table-roles")


def input_errors(errors: Sequence[str]) -> list[Component]:
    """What has to be corrected above a form; nothing without errors."""
    if not errors:
        return []
    items = html.Ul([html.Li(words) for words in errors], className="bullet-list")
    words = html.Strong("Bitte berichtigen; gerechnet wurde ohne diese Werte")
    head = html.P([sign("krit"), words], className="state-head")
    return [html.Div([head, items], className="state state-failed", role="alert")]


def assumption_register(model: AnyModel) -> Component:
    """What the model took over without measuring it."""
    title = "Was ungeprüft übernommen wurde"
    if not model.assumptions:
        return card(title, html.P("Nichts: Jeder Wert steht oben mit seiner Quelle."))
    items = [
        html.Li(f"{item.text} Stand {modelle.stand_words(item.stand)}, Quelle: {item.source}.")
        for item in model.assumptions
    ]
    return card(title, html.Ul(items, className="bullet-list"))
