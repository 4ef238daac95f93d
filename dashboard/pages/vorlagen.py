"""Vorlagen & Aussagen: what council papers say, and what of it does not fit together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import befunde
from dashboard.cockpits.aussagen import Statement, statement
from dashboard.cockpits.kennzahlen import cleaned
from dashboard.components.address import address
from dashboard.components.attributes import aria, data
from dashboard.components.filters import Choice, filter_bar, menu
from dashboard.components.guard import guarded
from dashboard.components.icon import badge, icon
from dashboard.components.layout import (
    card,
    jump_links,
    page_head,
    print_action,
    quiet_link,
    region,
    section,
    text_link,
)
from dashboard.components.states import empty
from dashboard.components.table import late_table
from dashboard.figures.chart import Column, TableData
from dashboard.page import Page
from metrics.contradictions.finding import Finding

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("vorlagen", "/vorlagen", "Vorlagen & Aussagen", "Nachweis", "berichte", ALL_COCKPITS, 96)
JUMPS = (("Aussagen der Vorlagen", "aussagen"),)
VERDICT, SEARCH = "befund", "suche"
STATEMENTS = "statements"
MOST_STATEMENTS = 1000
STATEMENT_COLUMNS = (
    *(Column("Stadt"), Column("Vorlage"), Column("Gegenstand"), Column("Wert", "right"), Column("Einheit")),
    *(Column("Grundgesamtheit"), Column("Stichtag"), Column("Art der Angabe")),
)


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Findings first, below them all statements as the papers say them."""
    findings = services.findings(viewer)
    bold, rest = befunde.lead(findings)
    head = page_head(PAGE.title, bold=bold, rest=rest, actions=[print_action()])
    title = "Aussagen der Vorlagen"
    return html.Div(
        [
            head,
            _search(cleaned(params.get(SEARCH)), params),
            region("Befunde", guarded("Befunde", lambda: _findings(services, viewer, findings, params))),
            section(title, JUMPS[0][1], guarded(title, lambda: _statements(services, viewer, title))),
        ],
        className="stack",
    )


def _search(words: str, params: Mapping[str, str]) -> Component:
    """A plain form: works by keyboard and without script, leaves an address that restores the search."""
    kept = [dcc.Input(type="hidden", name=VERDICT, value=params[VERDICT])] if params.get(VERDICT) else []
    field = dcc.Input(
        id="befund-suche", type="search", name=SEARCH, value=words, className="field", maxLength=80
    )
    button = html.Button([icon("search", small=True), html.Span("Suchen")], type="submit", className="button")
    reset = [text_link("Suche zurücksetzen", address(PAGE.path, params, suche=None))] if words else []
    label = html.Label("Befund suchen", htmlFor="befund-suche", className="field-label")
    return html.Form(
        [label, *kept, field, button, *reset], action=PAGE.path, method="GET", className="search-form",
        role="search", **aria(label="In den Befunden"),
    )  # fmt: skip


def _findings(
    services: Services, viewer: Viewer, findings: tuple[Finding, ...], params: Mapping[str, str]
) -> Component:
    if not findings:
        return card("Befunde", empty("Diese Stadt prüft noch keine Aussagen (claims.toml)."))
    options = befunde.options(findings)
    asked = params.get(VERDICT, befunde.OPEN)
    verdict = asked if asked in dict(options) else befunde.OPEN
    shown = befunde.chosen(findings, verdict, cleaned(params.get(SEARCH)))
    links = [
        Choice(
            words, address(PAGE.path, params, befund=None if name == befunde.OPEN else name), name == verdict
        )
        for name, words in options
    ]
    claims = services.claims(viewer)
    cards = [_card(befunde.card_of(item, claims), params) for item in shown]
    told = f"{formats.number(len(shown))} von {formats.number(len(findings))} Prüfungen"
    none = empty("Keine Befunde für diese Auswahl.", link=("Filter zurücksetzen", PAGE.path))
    body = cards or [card("Befunde", none)]
    return html.Div(
        [filter_bar(menu("Befunde", links), end=jump_links(JUMPS)), html.Div(body, className="stack")],
        **data(announce=told),
    )


def _choice(name: str, words: str, verdict: str, params: Mapping[str, str]) -> Choice:
    href = address(PAGE.path, params, befund=None if name == befunde.OPEN else name)
    return Choice(words, href, name == verdict)


def _card(item: befunde.Card, params: Mapping[str, str]) -> Component:
    sides = [html.Div([html.Dt(what), html.Dd(value)]) for what, value in item.sides]
    told = [
        html.P([badge(item.rating, item.verdict), " ", item.advice], className="finding-verdict"),
        *([html.Dl(sides, className="sides")] if sides else []),
        *[html.P(words, className="paragraph") for words in item.details],
        *([html.P([html.Strong("Regel: "), item.rule], className="note")] if item.rule else []),
    ]
    papers = html.Ul([_paper(paper, said) for paper, said in item.papers], className="bullet-list")
    parts = html.Div([html.Div(told), html.Div([html.H4("Vorlagen"), papers])], className="two-columns")
    href = f"{address(PAGE.path, params)}#{item.anchor}"
    link = quiet_link("Link auf diesen Befund", href, **aria(label=f"Link auf den Befund {item.title}"))
    body = card(item.title, parts, foot=[link], class_name="finding")
    return html.Div(body, id=item.anchor)


def _paper(paper: str, said: tuple[str, ...]) -> Component:
    return html.Li([html.Strong(paper), html.Ul([html.Li(words) for words in said], className="plain-list")])


def _statements(services: Services, viewer: Viewer, title: str) -> Component:
    records = services.records(viewer, STATEMENTS, limit=MOST_STATEMENTS)
    if not records.rows:
        return card(title, empty("Noch sind keine Vorlagen erfasst."))
    rows = [_cells(statement(row)) for row in records.dicts()]
    subtitle = "Wie die Vorlagen es sagen; „–“ heißt: nicht angegeben"
    foot = f"{len(rows)} von {formats.number(records.total)} Aussagen, keine ist ein Wert dieser Stadt"
    body = late_table(TableData(title, STATEMENT_COLUMNS, tuple(rows)), class_name="table-statements")
    return card(title, body, subtitle=subtitle, foot=[foot], flush=True)


def _cells(item: Statement) -> tuple[str, ...]:
    return (
        item.city, item.paper, item.topic, item.value, item.unit, item.population, item.day, item.status,
    )  # fmt: skip


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services
