"""Navigation: groups in fixed order, marks only where a rating needs attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.components.address import address
from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon, sign
from metrics.result import Rating

if TYPE_CHECKING:
    from dashboard.page import Page

# Pages of the foot, shown once they exist.
FOOT_PAGES = ("barrierefreiheit", "quellcode")
REPORT_PAGE = "barriere"


def skip_links() -> Component:
    """The first stops of the keyboard."""
    targets = (("#titel", "Zum Inhalt"), ("#navigation", "Zur Navigation"), ("#suche", "Zur Suche"))
    return html.Div(
        [html.A(words, href=target, className="skip-link", **data(skip=True)) for target, words in targets],
        className="skip-links",
    )


def side(
    pages: Sequence[Page], page: Page, marks: Mapping[str, Rating], *, here: str | None = None
) -> Component:
    """Navigation at the left; below 1280 px it opens behind „Menü“. `here` is the address now shown."""
    shown = [p for p in pages if p.group != "Fuß"]
    groups = [group for group in texts.GROUPS if any(p.group == group for p in shown)]
    blocks = [_group(group, [p for p in shown if p.group == group], page, marks) for group in groups]
    return html.Nav(
        [*blocks, _foot(pages, here or page.path)],
        id="navigation",
        className="navigation",
        tabIndex=-1,
        **aria(label="Hauptnavigation"),
    )


def _group(name: str, pages: Sequence[Page], page: Page, marks: Mapping[str, Rating]) -> Component:
    items = html.Ul([html.Li(_item(p, p.id == page.id, marks.get(p.id))) for p in pages])
    heading = [html.H2(name, className="nav-group")] if name else []
    return html.Div([*heading, items], className="nav-block")


def _item(page: Page, active: bool, mark: Rating | None) -> Component:
    parts: list[Component] = [icon(page.icon or "dots"), html.Span(page.title, className="nav-words")]
    if mark:
        parts.append(sign(mark, label=texts.RATING_WORDS[mark]))
    return html.A(parts, href=page.path, className="nav-item", **aria(current="page" if active else None))


def _foot(pages: Sequence[Page], here: str) -> Component:
    targets = [(p.title, p.path) for p in pages if p.id in FOOT_PAGES]
    if report := next((p for p in pages if p.id == REPORT_PAGE), None):
        # Reporting from the form itself keeps the page it was opened from.
        targets.append((report.title, address(report.path, {}, seite=here)))
    links: list[Component | str] = []
    for title, path in targets:
        links += [*([" · "] if links else []), html.A(title, href=path, className="quiet-link")]
    return html.Div([html.P(links), html.P(f"Version {product_version()}")], className="nav-foot")


def product_version() -> str:
    """Version of the installed product."""
    try:
        return version("isek-portal")
    except PackageNotFoundError:
        return "ohne Nummer"


def bottom(pages: Sequence[Page], page: Page) -> Component:
    """Bar of mobile: Start, Cockpits, Nachweis, Mehr; only what exists."""
    start = next((p for p in pages if p.path == "/"), None)
    entries: list[Component] = []
    if start:
        entries.append(
            html.A(
                [icon("start"), html.Span("Start")],
                href="/",
                className="bottom-item",
                **aria(current="page" if page.path == "/" else None),
            )
        )
    if any(p.group == "Cockpits" for p in pages):
        entries.append(_opener("Cockpits", "wirkungen", page.group.startswith("Cockpits")))
    sources = next((p for p in pages if p.id == "quellen"), None)
    if sources:
        entries.append(
            html.A(
                [icon("quellen"), html.Span("Quellen")],
                href=sources.path,
                className="bottom-item",
                **aria(current="page" if page.id == sources.id else None),
            )
        )
    entries.append(_opener("Mehr", "menu", False))
    return html.Nav(entries, className="bottom-bar", **aria(label="Schnellzugriff"))


def _opener(words: str, shape: str, inside: bool) -> Component:
    return html.Button(
        [icon(shape), html.Span(words)],
        type="button",
        className=f"bottom-item{' is-inside' if inside else ''}",
        **aria(expanded=False, controls="navigation"),
        **data(action="menu"),
    )
