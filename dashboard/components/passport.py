"""Parts of the Zahlenpass: closed in the panel, open on the page of a stable link."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.steckbrief import listing, terms
from dashboard.passport_words import Section


def folded(sections: Sequence[Section], sql: str) -> Component:
    """Sections behind their headings, each with the number of its entries, and the SQL."""
    parts = [_fold(f"{section.title} ({len(section.rows)})", terms(section.rows)) for section in sections]
    if sql:
        parts.append(_fold("SQL, so wie gefragt wurde", _sql(sql)))
    return html.Div(parts, className="passport-folds")


def _fold(title: str, body: Component) -> Component:
    return html.Details([html.Summary(title), body], className="passport-fold")


def opened(sections: Sequence[Section]) -> list[Component]:
    """Sections with their headings, for a card."""
    found: list[Component] = []
    for section in sections:
        found += [html.H4(section.title, className="card-part"), terms(section.rows)]
    return found


def statement(sql: str) -> Component:
    """The SQL of a figure."""
    return _sql(sql)


def _sql(sql: str) -> Component:
    return listing("Am genannten Stand gestellt, ergibt diese Abfrage Zähler und Nenner.", sql)
