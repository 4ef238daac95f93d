"""Strip and header: whose portal, how old the data, who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component
from flask import has_request_context

from dashboard import formats, texts
from dashboard.auth.guard import SIGN_OUT, current_session
from dashboard.auth.rights import roles_of
from dashboard.auth.somebody import Somebody
from dashboard.auth.viewer import ROLE_LABELS
from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon, sign
from dashboard.components.states import example_tag
from warehouse.pointer import snapshot_names

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.page import Page
    from dashboard.settings import Settings
    from warehouse.status import Status

THEMES = (("auto", "wie das Gerät", "sun-moon"), ("light", "hell", "sun"), ("dark", "dunkel", "moon"))


def banner(
    settings: Settings,
    viewer: Viewer,
    status: Status | None,
    pages: Sequence[Page],
    *,
    search: Component,
    run: str = "",
) -> Component:
    """Strip and header together, so that nothing on the page lies outside a landmark."""
    return html.Header([strip(settings), header(settings, viewer, status, pages, search=search, run=run)])


def strip(settings: Settings) -> Component:
    """Narrow line on top; says when the instance runs on example data."""
    long = f"Internes Steuerungsportal der Stadt {settings.name}"
    left = html.Div(
        [
            icon("town", small=True),
            html.Span(long, className="wide-only"),
            html.Span(f"Stadt {settings.name}, intern", className="mobile-only"),
        ],
        className="strip-left",
    )
    right = []
    if settings.example:
        origin = html.Span("Größenordnungen aus öffentlichen Ratsvorlagen", className="wide-only")
        right = [html.Div([example_tag(), origin], className="strip-right")]
    return html.Div([left, *right], className="strip")


def header(
    settings: Settings,
    viewer: Viewer,
    status: Status | None,
    pages: Sequence[Page],
    *,
    search: Component,
    run: str = "",
) -> Component:
    """Arms and name, search, Datenstand, appearance, person; `run` says that a run goes on."""
    left = [_menu_button(), _brand(settings), _search(search)]
    right = [
        _data_state(settings, status, pages, run),
        html.Button(
            icon("search"),
            type="button",
            className="icon-button search-open",
            **_labelled("Suchen", "search"),
        ),
        _theme_button(),
        *_help(pages),
        viewer.gap if isinstance(viewer, Somebody) else person(viewer),
    ]
    return html.Div(
        [html.Div(left, className="header-left"), html.Div(right, className="header-right")],
        className="header",
    )


def _labelled(label: str, action: str) -> dict[str, Any]:
    return {**aria(label=label), **data(action=action)}


def _menu_button() -> Component:
    return html.Button(
        [icon("menu"), html.Span("Menü")],
        type="button",
        className="button menu-button",
        **aria(label="Menü", expanded=False, controls="navigation"),
        **data(action="menu"),
    )


def _brand(settings: Settings) -> Component:
    arms = [html.Img(src="/wappen", alt="", className="arms")] if settings.theme.arms else []
    words = html.Span(
        [html.Strong(settings.name), html.Span(settings.product_title, className="brand-product")],
        className="brand-words",
    )
    return html.A(
        [*arms, words],
        href="/",
        className="brand",
        **aria(label=f"{settings.product_title} {settings.name}, Start"),
    )


def _search(hits: Component) -> Component:
    field = dcc.Input(
        id="suche",
        type="text",
        placeholder="Kennzahl, Maßnahme, Leistung suchen",
        autoComplete="off",
        className="search-field",
    )
    return html.Div(
        [
            html.Label("Suche", htmlFor="suche", className="visually-hidden"),
            icon("search"),
            field,
            html.Kbd("Strg K", **aria(hidden=True)),
            hits,
        ],
        className="search",
        role="search",
    )


def _data_state(settings: Settings, status: Status | None, pages: Sequence[Page], run: str = "") -> Component:
    if status is None:
        lost = bool(snapshot_names(settings.warehouse_dir))
        what, why = (
            ("Keine Daten", "Kein Stand lesbar") if lost else ("Noch keine Daten", "Der erste Lauf steht aus")
        )
        words: list[Component] = [html.Strong(what), html.Span(why)]
        waiting = [sign("neu", large=True), html.Span([*words, _run_clock(run)], className="two-lines")]
        return html.Div(waiting, className="data-state")
    fresh = sum(source.state == "aktuell" for source in status.sources)
    count = f"{formats.number(fresh)} von {texts.plural(len(status.sources), 'Quelle', 'Quellen')} aktuell"
    stand = html.Strong(f"Datenstand {formats.stand(status.as_of, settings.zone)}")
    words = [stand, html.Span(count, className="source-count"), _run_clock(run)]
    parts: list[Component] = [html.Span(words, className="two-lines"), icon("right", small=True)]
    if fresh < len(status.sources):
        parts.insert(0, sign("warn", label="Nicht alle Quellen sind aktuell", large=True))
    link = next((page.path for page in pages if page.id == "quellen"), None)
    return (
        html.A(parts, href=link, className="data-state") if link else html.Div(parts, className="data-state")
    )


def _run_clock(run: str) -> Component:
    """A clock with the time, hidden while no run goes on (states.js asks whether one began or ended).

    What is shown stays until the run has been released as a whole.
    """
    return html.Span([icon("clock", small=True), html.Span(run)], className="run-clock", hidden=not run)


def _theme_button() -> Component:
    shapes = [icon("moon"), icon("sun")]
    return html.Button(
        shapes,
        type="button",
        className="icon-button theme-button",
        **_labelled("Farbschema hell oder dunkel", "theme"),
    )


def _help(pages: Sequence[Page]) -> list[Component]:
    """Help is a page like any other; without it there is no button."""
    target = next((page for page in pages if page.id == "hilfe"), None)
    if target is None:
        return []
    label = aria(label="Hilfe: erste Schritte")
    return [html.A(icon("help"), href=target.path, className="icon-button help-button", **label)]


def person(viewer: Viewer) -> Component:
    """Whose session this is; the only part of a page that is about one person."""
    words = html.Span(
        [html.Strong(viewer.name), html.Span(viewer.function)], className="two-lines person-words"
    )
    head = html.Summary(
        [html.Span(viewer.initials, className="initials", **aria(hidden=True)), words],
        className="person",
        **aria(label=f"{viewer.name}, {viewer.function}: Ansicht und Abmelden"),
    )
    body = html.Div(
        [
            html.P(
                [
                    html.Strong(viewer.name),
                    html.Span(f"{viewer.function} · Rolle {ROLE_LABELS.get(viewer.role, viewer.role)}"),
                ]
            ),
            html.P("Farbschema", className="menu-caption"),
            html.Div([_theme_choice(*entry) for entry in THEMES], role="group", **aria(label="Farbschema")),
            _always_tables(),
            *_access(viewer),
            _sign_out(),
        ],
        className="menu-list person-menu",
    )
    session = current_session() if has_request_context() else None
    told = data(csrf=session.csrf) if session else {}
    return html.Details([head, body], className="menu person-details", **told)


def _theme_choice(name: str, words: str, shape: str) -> Component:
    return html.Button(
        [icon(shape, small=True), html.Span(words)],
        type="button",
        className="menu-item",
        **aria(pressed=False),
        **data(action="theme-set", theme=name),
    )


def _always_tables() -> Component:
    return html.Button(
        [icon("table", small=True), html.Span("Diagramme immer als Tabelle")],
        type="button",
        className="menu-item",
        **aria(pressed=False),
        **data(action="tables"),
    )


def _access(viewer: Viewer) -> list[Component]:
    """The way to the person's own tokens, for whoever may have some."""
    if viewer.role not in roles_of("zugang"):
        return []
    words = [icon("lock", small=True), html.Span("Zugang für Programme")]
    return [html.A(words, href="/zugang", className="menu-item")]


def _sign_out() -> Component:
    """A form, because signing out changes something; the token comes from the session."""
    session = current_session() if has_request_context() else None
    token = [dcc.Input(type="hidden", name="csrf", value=session.csrf)] if session else []
    button = html.Button(
        [icon("logout", small=True), html.Span("Abmelden")], type="submit", className="menu-item"
    )
    return html.Form([*token, button], action=SIGN_OUT, method="POST")
