"""Skeleton of a page: title with actions, Lagesatz, twelve columns, cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon

Content = Component | str | Sequence[Component | str]


def page_head(
    title: str | Sequence[Component | str],
    *,
    bold: str = "",
    rest: str = "",
    suffix: str = "",
    actions: Sequence[Component] = (),
) -> Component:
    """Title (h1) with its actions, below it the Lagesatz: `bold` is the fact, `rest` the consequence.

    A title of several parts may hide some on small screens (class „wide-only“). `suffix` follows the title in
    normal weight („Budget“ + number and name of a product).
    """
    words: list[Any] = [title] if isinstance(title, str) else list(title)
    if suffix:
        words += [" ", html.Span(suffix, className="page-suffix")]
    rows: list[Component] = [
        html.Div(
            [
                html.H1(words, id="titel", tabIndex=-1, className="page-title"),
                html.Div(list(actions), className="page-actions"),
            ],
            className="page-top",
        )
    ]
    if bold or rest:
        rows.append(html.P([html.Strong(bold), " " if rest else "", rest], className="lead"))
    return html.Header(rows, className="page-head")


def print_action(label: str = "Drucken / PDF") -> Component:
    """Button that prints the page as it is filtered."""
    return html.Button(
        [icon("print"), html.Span(label)], type="button", className="button", **data(action="print")
    )


def link_action(label: str, href: str, *, icon_name: str = "", primary: bool = False) -> Component:
    """Link that looks like a button; the label names what happens."""
    children = [icon(icon_name)] if icon_name else []
    return html.A(
        [*children, html.Span(label)], href=href, className=f"button{' button-primary' if primary else ''}"
    )


def region(title: str, children: Content, *, visible: bool = False, class_name: str = "") -> Component:
    """Part of a page with its heading (h2), which only assistive technology reads unless `visible`."""
    heading = html.H2(title, className="region-title" if visible else "visually-hidden")
    body = [children] if isinstance(children, Component | str) else list(children)
    return html.Section([heading, *body], className=f"region {class_name}".strip())


def section(title: str, anchor: str, children: Content) -> Component:
    """Part of a long page below its cockpit, with a visible heading `jump_links` lead to."""
    body = [children] if isinstance(children, Component | str) else list(children)
    heading = html.H2(title, className="section-title")
    return html.Section([heading, *body], className="region section", id=anchor)


def jump_links(places: Sequence[tuple[str, str]]) -> Component:
    """„Auf dieser Seite“: links to (title, anchor) of what stands below the first screen."""
    links = [html.Li(text_link(title, f"#{anchor}")) for title, anchor in places]
    return html.Nav(
        html.Ul(links, className="jump-list"), className="jumps", **aria(label="Auf dieser Seite")
    )


def grid(*cells: Component) -> Component:
    """Twelve columns with 14 px between; put `cell`s in."""
    return html.Div(list(cells), className="grid")


def cell(span: int, *children: Component) -> Component:
    """Part of a grid, `span` of 12 columns wide; several children stand one below the other."""
    return html.Div(list(children), className=f"cell span-{span}")


def card(
    title: str,
    body: Content,
    *,
    subtitle: str = "",
    actions: Sequence[Component] = (),
    foot: Content = (),
    flush: bool = False,
    class_name: str = "",
) -> Component:
    """Card with title (h3), subtitle, body and foot line; `flush` lets tables reach nearer to the edges."""
    parts: list[Component] = [card_head(title, subtitle, actions)]
    inner = [body] if isinstance(body, Component | str) else list(body)
    parts.append(html.Div(inner, className=f"card-body{' card-body-flush' if flush else ''}"))
    feet = [foot] if isinstance(foot, Component | str) else list(foot)
    if feet:
        parts.append(card_foot(*feet))
    return html.Article(parts, className=f"card {class_name}".strip())


def card_head(
    title: str, subtitle: str = "", actions: Sequence[Component] = (), *, title_id: str | None = None
) -> Component:
    """Head of a card; `actions` stand at its right."""
    more: dict[str, Any] = {"id": title_id} if title_id else {}
    words: list[Component] = [html.H3(title, className="card-title", **more)]
    if subtitle:
        words.append(html.P(subtitle, className="card-subtitle"))
    return html.Div(
        [html.Div(words), html.Div(list(actions), className="card-actions")]
        if actions
        else [html.Div(words)],
        className="card-head",
    )


def card_foot(*children: Component | str) -> Component:
    """Foot line of a card: source and Datenstand at the left, links at the right (the last child)."""
    return html.Footer(
        [c if isinstance(c, Component) else html.Span(c) for c in children], className="card-foot"
    )


def quiet_link(label: str, href: str, **attributes: Any) -> Component:
    """Underlined link in the colour of secondary text, as feet of cards use it."""
    return html.A(label, href=href, className="quiet-link", **attributes)


def text_link(label: str, href: str) -> Component:
    """Underlined link in the colour of actions."""
    return html.A(label, href=href, className="text-link")
