"""Head of the explorer: saved views, reset, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.components.address import address
from dashboard.components.attributes import data
from dashboard.components.icon import icon
from dashboard.explorer.desk import Desk
from dashboard.explorer.parameter import EXPLORER
from dashboard.explorer.state import params_of
from dashboard.explorer.views_menu import views_menu
from dashboard.export.offer import EXPORT, FORMAT

if TYPE_CHECKING:
    from dash.development.base_component import Component

FORMS = (
    ("xlsx", "Excel (.xlsx)", "Auswertung, Daten und Metadatenblatt"),
    ("csv", "CSV deutsch", "Semikolon, UTF-8, Dezimalkomma"),
    ("csv-int", "CSV international", "Komma, UTF-8, Dezimalpunkt"),
    ("parquet", "Parquet", "Für Datenleute: Typen bleiben erhalten"),
    ("pdf", "PDF", "A4 quer mit Filter und Datenstand"),
)


def actions(desk: Desk) -> list[Component]:
    """„Meine Ansichten“, „Zurücksetzen“, „Exportieren“."""
    reset = html.A([icon("refresh"), html.Span("Zurücksetzen")], href=EXPLORER, className="button")
    return [views_menu(desk.services, desk.viewer, desk.state), reset, export_menu(desk)]


def export_menu(desk: Desk) -> Component:
    """The forms of an export, each with what it is good for; the answers are of dashboard/export."""
    head = html.Summary(
        [icon("download"), html.Span("Exportieren"), icon("down", small=True)],
        className="button button-primary",
    )
    target, kept = f"{EXPORT}{EXPLORER}", params_of(desk.state)
    links = [
        html.Li(_link(address(target, kept, **{FORMAT: form}), name, note)) for form, name, note in FORMS
    ]
    copy = html.Button(
        [
            html.Span("Öffnet genau diese Ansicht", className="menu-note"),
            html.Span("Link kopieren", className="menu-name"),
        ],
        type="button",
        className="menu-item menu-two menu-copy",
        **data(action="copy-link", link=desk.seen()),
    )
    caption = html.Li("Auswahl exportieren", className="menu-caption")
    return html.Details(
        [head, html.Ul([caption, *links, html.Li(copy)], className="menu-list")],
        className="menu explorer-export",
    )


def _link(href: str, name: str, note: str) -> Component:
    parts = [html.Span(name, className="menu-name"), html.Span(note, className="menu-note")]
    return html.A(parts, href=href, className="menu-item menu-two")
