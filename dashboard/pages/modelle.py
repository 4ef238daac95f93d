"""Modelle: the city's calculations with dated assumptions; asked with other values, never stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import modelle
from dashboard.cockpits.modell_worte import (
    KINDS,
    decimal,
    done_span,
    done_words,
    estimate_words,
    parameter_words,
    progress_lines,
    why,
)
from dashboard.components.address import address
from dashboard.components.attributes import data
from dashboard.components.capacity_cards import assumption_register, input_errors, roles_table
from dashboard.components.filters import Choice, filter_bar, menu, segments
from dashboard.components.icon import status
from dashboard.components.layout import card, page_head, print_action, region, text_link
from dashboard.components.states import draft_tag, empty
from dashboard.components.table import table
from dashboard.components.tile import BandEntry, band
from dashboard.figures.chart import Column
from dashboard.page import Page
from metrics.models.capacity import CapacityModel, CapacityResult, capacity
from metrics.models.cost import CostModel, CostRow, CostTable, cost
from metrics.models.library import AnyModel
from metrics.models.parameter import Day, Parameter
from metrics.models.progress import ProgressModel
from warehouse.errors import IsekError, RetriableError

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("modelle", "/modelle", "Modelle", "Arbeiten", "compare", ALL_COCKPITS, 70)
MODEL, SCENARIO = "modell", "rechnung"
NOT_STORED = "Geänderte Werte stehen nur in der Adresse dieser Seite. Gespeichert wird nichts."
ASSUMPTIONS = "Annahmen, jede mit Stand und Quelle"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part needs: the door, who asks, the address, the models and the one chosen."""

    services: Services
    viewer: Viewer
    params: Mapping[str, str]
    models: Mapping[str, AnyModel]
    name: str

    @property
    def kept(self) -> dict[str, str]:
        """Parameters that choose model and scenario, without asked values."""
        return {k: v for k, v in self.params.items() if k in (MODEL, SCENARIO)}


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The chosen calculation: result, assumptions, and where the page has a form, other values."""
    models = services.models()
    if not models:
        none = empty(
            "Diese Stadt hat noch keine Modelle: Der Ordner „models“ ist leer, oder isek check nennt Fehler."
        )
        return html.Div([page_head(PAGE.title), card(PAGE.title, none)], className="stack")
    asked = params.get(MODEL, "")
    desk = Desk(services, viewer, params, models, asked if asked in models else next(iter(models)))
    model = models[desk.name]
    if isinstance(model, CapacityModel):
        return _capacity(desk, model)
    return _cost(desk, model) if isinstance(model, CostModel) else _progress(desk, model)


def _page(
    desk: Desk, model: AnyModel, lead: tuple[str, str], parts: Sequence[Component], *, draft: bool = False
) -> Component:
    """`draft`: the reader changed assumptions; what is shown is nobody's result until somebody decides it."""
    head = page_head(
        [PAGE.title, " ", draft_tag()] if draft else PAGE.title,
        bold=lead[0], rest=lead[1], suffix=f"{model.city}: {model.title}", actions=[print_action()],
    )  # fmt: skip
    about = [f"Vorlage: {model.paper}.", *([model.note] if model.note else [])]
    told = html.P(" ".join(about), className="paragraph")
    grounds = [assumption_register(model), card("Woher die Rechnung kommt", told)]
    return html.Div(
        [head, *parts, region("Grundlagen", grounds, class_name="stack")],
        className="stack",
        **data(announce=lead[0]),
    )


def _choice(desk: Desk, *more: Component) -> Component:
    options = [
        Choice(f"{KINDS[m.kind]} ({m.city})", address(PAGE.path, {MODEL: name}), name == desk.name)
        for name, m in desk.models.items()
    ]
    return filter_bar(menu("Modell", options), *more)


def _capacity(desk: Desk, model: CapacityModel) -> Component:
    wanted = desk.params.get(SCENARIO, "")
    # The fullest calculation stands last in the file and is shown first: it leaves nothing out.
    scenario = wanted if wanted in model.scenarios else list(model.scenarios)[-1]
    question = modelle.asked(model, desk.params, _today(desk.services))
    result = capacity(question.model, scenario)
    kept = {k: v for k, v in desk.params.items() if k == MODEL or k.startswith(modelle.ASKED)}
    options = [
        Choice(item.title, address(PAGE.path, {**kept, SCENARIO: name}), name == scenario)
        for name, item in model.scenarios.items()
    ]
    parts = [
        _choice(desk, segments("Rechnung", options)),
        band(_entries(question, result, scenario), title="Ergebnis"),
        card(
            "Ergebnis nach Rolle",
            roles_table(question.model, result),
            subtitle=_subtitle(question),
            flush=True,
        ),
        region("Annahmen", _form(desk, question, scenario)),
    ]
    lead = modelle.capacity_lead(question.model, result)
    return _page(desk, model, lead, parts, draft=question.changed)


def _today(services: Services) -> date:
    """A question is dated with the published business date; before the first run with the calendar."""
    try:
        return services.snapshot().business_date
    except IsekError:
        return datetime.now(services.settings.zone).date()


def _subtitle(question: modelle.Question) -> str:
    return (
        "mit geänderten Annahmen" if question.changed else "mit den Annahmen der Vorlage; Spanne in Klammern"
    )


def _entries(question: modelle.Question, result: CapacityResult, scenario: str) -> list[BandEntry]:
    base = modelle.compared(question, scenario)
    due = formats.day(question.model.due.value)
    needed = formats.number(decimal(result.posts_needed.value))
    price = formats.eur(decimal(result.price_in_time.value))
    yearly = f"gerechnete Stellen: {formats.eur(decimal(result.yearly_price.value))} je Jahr"
    there = modelle.usual_number(result.posts.value)
    return [
        BandEntry(f"Stellen nötig bis {due}", needed, "gerundet", _told(question, result, base, scenario)),
        BandEntry("Stellen gerechnet", there, context="besetzt oder beantragt"),
        BandEntry("Engpass", result.bottleneck.title, context="braucht am längsten"),
        BandEntry("Erledigt am", done_words(result.done), context=done_span(result.done)),
        BandEntry("Preis des Termins", price, context=yearly),
    ]


def _told(
    question: modelle.Question, result: CapacityResult, base: CapacityResult | None, scenario: str
) -> str:
    """Beside the rounded posts: the exact amount, then what the paper says or would give unchanged."""
    exact = estimate_words(result.posts_needed, 1)
    if base is not None:
        return f"{exact} · unverändert: {formats.number(decimal(base.posts_needed.value))}"
    printed = question.base.scenarios[scenario].printed_posts
    return f"{exact} · Vorlage: {formats.number(printed.value)}" if printed else exact


def _form(desk: Desk, question: modelle.Question, scenario: str) -> Component:
    columns = (
        *(Column("Annahme"), Column("Wert"), Column("Einheit"), Column("Spanne"), Column("Stand")),
        Column("Quelle"),
    )
    rows = [_input_row(item) for item in question.fields]
    hidden = [
        dcc.Input(type="hidden", name=name, value=value)
        for name, value in ((MODEL, desk.name), (SCENARIO, scenario))
    ]
    again = html.Button("Neu rechnen", type="submit", className="button button-primary")
    unchanged = address(PAGE.path, {MODEL: desk.name, SCENARIO: scenario})
    differs = question.changed or bool(question.errors)
    reset = [text_link("Annahmen der Vorlage wiederherstellen", unchanged)] if differs else []
    usual = json.dumps({item.parameter: item.usual for item in question.fields}, ensure_ascii=False)
    parts = [
        *input_errors(question.errors),
        table(ASSUMPTIONS, columns, rows, class_name="table-assumptions"),
        html.Div([again, *reset], className="form-actions"),
    ]
    form = html.Form([*hidden, *parts], action=PAGE.path, method="GET", **data(usual=usual))
    return card(ASSUMPTIONS, form, subtitle=NOT_STORED)


def _input_row(item: modelle.Field) -> list[Component | str]:
    words: list[Component | str] = [item.label]
    if item.error:
        words.append(html.Span(item.error, className="field-error"))
    name = item.parameter.replace(".", "-")
    label = html.Label(words, htmlFor=name, className="field-label")
    field = dcc.Input(
        id=name, name=item.parameter, type="text", value=item.value, className="field", autoComplete="off",
        maxLength=20,
    )  # fmt: skip
    source = [item.source, *([f" (statt {item.usual})"] if item.changed and not item.error else [])]
    return [label, field, item.unit, item.span, item.stand, html.Span(source)]


def _cost(desk: Desk, model: CostModel) -> Component:
    found = cost(model)
    cards = [
        card(f"{title} (Euro)", _cost_table(found, column, title), flush=True)
        for column, title in found.columns.items()
    ]
    results = region("Ergebnis", cards, class_name="stack")
    parts = [_choice(desk), results, region("Annahmen", _parameters(model.parameters))]
    return _page(desk, model, modelle.cost_lead(found), parts)


def _cost_table(found: CostTable, column: str, title: str) -> Component:
    columns = (
        Column("Zeile"), Column("wie beschlossen", "right", "Euro"), Column("rechnerisch", "right", "Euro"),
        Column("Abweichung", "right", "Euro"), Column("Befund"),
    )  # fmt: skip
    rows = [_cost_row(row, column, found) for row in found.rows]
    return table(f"Kosten {title}", columns, rows, class_name="table-cost")


def _cost_row(row: CostRow, column: str, found: CostTable) -> list[Component | str]:
    cell = row.cells[column]
    if not cell.difference:
        off = formats.MISSING if cell.printed is None else formats.number(0)
        return [row.title, formats.number(cell.printed), formats.number(cell.computed), off, ""]
    off = formats.number(cell.difference, plus=True)
    reason = status("warn", why(cell, found))
    return [row.title, formats.number(cell.printed), formats.number(cell.computed), off, reason]


def _progress(desk: Desk, model: ProgressModel) -> Component:
    try:
        progress = desk.services.progress(desk.viewer, model)
    except RetriableError:
        progress = None
    columns = (Column("Größe"), Column("Wert", "right"))
    body: Component = empty("Für diese Projektion liegen noch keine Werte vor.")
    if progress is not None:
        body = table("Projektion", columns, list(progress_lines(model, progress)))
    shown = text_link("Als Kurve mit Band: OZG-Fortschritt", "/ozg-fortschritt")
    names = {name: getattr(model, name) for name in ("window_months", "span_months", "due", "goal")}
    result = region("Ergebnis", card(model.title, body, foot=[shown], flush=True))
    parts = [_choice(desk), result, region("Annahmen", _parameters(names))]
    return _page(desk, model, modelle.progress_lead(model, progress), parts)


def _parameters(parameters: Mapping[str, Parameter | Day]) -> Component:
    columns = (
        Column("Annahme"),
        Column("Wert", "right"),
        Column("Einheit"),
        Column("Stand"),
        Column("Quelle"),
    )
    rows = [
        (modelle.parameter_title(name), *parameter_words(item), modelle.stand_words(item.stand), item.source)
        for name, item in parameters.items()
    ]
    return card(ASSUMPTIONS, table(ASSUMPTIONS, columns, rows), flush=True)


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services
