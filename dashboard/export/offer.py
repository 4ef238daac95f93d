"""Menus „Exportieren“ and „Drucken / PDF“, put into a drawn page where there is something to export.

One place for all pages: a card that holds a chart or a table gets its menu, whoever drew it. The entries are
plain links; no callback stands behind them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.address import address
from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon
from dashboard.export.tree import Node, attribute, children, classes, kind, words
from dashboard.export.view import MENU, Outline, outlines

EXPORT = "/ausfuhr"
LABEL = "Exportieren"
CARD, FORMAT, PART = "karte", "als", "teil"
Entry = tuple[str, str, str]


def offer(content: Component, path: str, params: Mapping[str, str]) -> Component:
    """Add the menus to a page in place, once, and return it; `params` are those of its address."""
    target = f"{EXPORT}{path}"
    for key, outline in outlines(content).items():
        _offer_card(outline, key, target, params)
    actions = _page_actions(content)
    if actions is not None:
        _offer_page(actions, target, params)
    return content


def _offer_card(outline: Outline, key: str, target: str, params: Mapping[str, str]) -> None:
    if outline.head is None or outline.has_menu:
        return
    entries = [
        (address(target, params, **{CARD: key, FORMAT: form, PART: part}), *told)
        for form, part, told in _forms(outline)
    ]
    place = outline.beside if outline.beside is not None else _actions(outline)
    _append(place, _card_menu(entries, words(outline.title) if outline.title is not None else key))


def _forms(outline: Outline) -> list[tuple[str, str, tuple[str, str]]]:
    """Return (format, number of the table, words); a CSV holds one table, a workbook all of a card."""
    found = [
        ("xlsx", "", ("Excel (.xlsx)", "Auswertung, Daten und Metadaten")),
        ("csv", "", ("CSV (.csv)", "Semikolon, Dezimalkomma, UTF-8")),
    ]
    for number, caption in list(enumerate(outline.captions, start=1))[1:]:
        found.append(("csv", str(number), (f"CSV (.csv), Tabelle {number}", caption)))
    if outline.has_drawing:
        found += [
            ("svg", "", ("Bild (.svg)", "Vektorgrafik für Texte und Druck")),
            ("png", "", ("Bild (.png)", "Doppelte Auflösung für Präsentationen")),
        ]
    return found


def _actions(outline: Outline) -> Component:
    """Place of the actions of a card; the menu stands beside its button „Tabelle“ where it has one."""
    if outline.actions is None:
        outline.actions = html.Div([], className="card-actions")
        _append(outline.head, outline.actions)
    return outline.actions


def _page_actions(node: Node) -> Component | None:
    """Actions of the page's head; cards have none of these."""
    for child in node if isinstance(node, list | tuple) else children(node):
        if "page-actions" in classes(child):
            return child  # type: ignore[no-any-return]
        if kind(child) in ("Div", "Header", "Section") and not classes(child) & {"grid", "region", "card"}:
            found = _page_actions(child)
            if found is not None:
                return found
    return None


def _append(place: Component | None, extra: Component) -> None:
    held: Any = place
    held.children = [*children(place), extra]


def _card_menu(entries: Sequence[Entry], title: str) -> Component:
    """Menu of a card, whose links portal.js writes when it is opened.

    As components, the menus of a long page would make it stand noticeably later.
    """
    named = f"{LABEL}: {title}"
    head = html.Summary(LABEL, className="button button-small icon-download", **aria(label=named))
    return html.Details([head], className=f"menu {MENU}", **data(entries=json.dumps(entries)))


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
