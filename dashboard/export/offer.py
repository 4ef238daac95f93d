"""Menus „Exportieren“ and „Drucken / PDF“, put into a drawn page where there is something to export.

One place for all pages: a card that holds a chart or a table gets its menu, whoever drew it. The entries are
links, so they work without script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.address import address
from dashboard.components.attributes import data
from dashboard.components.icon import icon
from dashboard.export.tree import Node, attribute, children, classes, first, kind, walk, words
from dashboard.export.view import MENU, exportable

EXPORT = "/ausfuhr"
CARD, FORMAT, PART = "karte", "als", "teil"
Entry = tuple[str, str, str]


def offer(content: Component, path: str, params: Mapping[str, str]) -> Component:
    """Add the menus to a page in place, once, and return it; `params` are those of its address."""
    target = f"{EXPORT}{path}"
    for key, node in exportable(content).items():
        _offer_card(node, key, target, params)
    for item in walk(content):
        if "page-actions" in classes(item):
            _offer_page(item, target, params)
            break
    return content


def _offer_card(node: Component, key: str, target: str, params: Mapping[str, str]) -> None:
    head = first(node, with_class="card-head")
    if head is None or first(node, with_class=MENU) is not None:
        return
    entries = [(address(target, params, **{CARD: key, FORMAT: form}), *told) for form, told in _forms(node)]
    title = first(head, with_class="card-title")
    beside = _beside_the_table_button(node)
    place = _actions(head) if beside is None else beside
    _append(place, _card_menu(entries, words(title) if title is not None else key))


def _forms(node: Component) -> list[tuple[str, tuple[str, str]]]:
    found = [
        ("xlsx", ("Excel (.xlsx)", "Auswertung, Daten und Metadaten")),
        ("csv", ("CSV (.csv)", "Semikolon, Dezimalkomma, UTF-8")),
    ]
    if first(node, of="Graph") is not None:
        found += [
            ("svg", ("Bild (.svg)", "Vektorgrafik für Texte und Druck")),
            ("png", ("Bild (.png)", "Doppelte Auflösung für Präsentationen")),
        ]
    return found


def _beside_the_table_button(node: Component) -> Component | None:
    """Where a card has its button „Tabelle“, the menu stands beside it."""
    for item in walk(node):
        if any("table-button" in classes(child) for child in children(item)):
            return item
    return None


def _actions(head: Component) -> Component:
    found = first(head, with_class="card-actions")
    if found is None:
        found = html.Div([], className="card-actions")
        _append(head, found)
    return found


def _append(place: Component, extra: Component) -> None:
    held: Any = place
    held.children = [*children(place), extra]


def _card_menu(entries: Sequence[Entry], title: str) -> Component:
    hidden = html.Span(f" {title}", className="visually-hidden")
    head = html.Summary(
        [icon("download", small=True), html.Span(["Exportieren", hidden])], className="button button-small"
    )
    items = [html.Li(_link(*entry)) for entry in entries]
    return html.Details([head, html.Ul(items, className="menu-list")], className=f"menu {MENU}")


def _link(href: str, name: str, note: str) -> Component:
    return html.A(_two_lines(name, note), href=href, className="menu-item menu-two")


def _two_lines(name: str, note: str) -> list[Component]:
    return [html.Span(name, className="menu-name"), html.Span(note, className="menu-note")]


def _offer_page(actions: Component, target: str, params: Mapping[str, str]) -> None:
    held: Any = actions
    held.children = [
        _print_menu(address(target, params, **{FORMAT: "pdf"})) if _is_print(child) else child
        for child in children(actions)
    ]


def _is_print(node: Node) -> bool:
    return kind(node) == "Button" and attribute(node, "data-action") == "print"


def _print_menu(href: str) -> Component:
    head = html.Summary([icon("print"), html.Span("Drucken / PDF")], className="button")
    printing = html.Button(
        _two_lines("Drucken", "Über den Browser, wie die Seite gerade steht"),
        type="button",
        className="menu-item menu-two",
        **data(action="print"),
    )
    items = [html.Li(printing), html.Li(_link(href, "PDF", "A4 quer, vollständig und barrierefrei"))]
    return html.Details([head, html.Ul(items, className="menu-list")], className=f"menu {MENU}")
