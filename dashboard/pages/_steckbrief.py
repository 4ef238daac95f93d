"""Card of one definition: facts, target path, sources, and the statement it is counted by."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.cockpits.steckbrief import Sheet
from dashboard.components.icon import status
from dashboard.components.layout import card, quiet_link
from dashboard.components.steckbrief import listing, terms
from dashboard.components.table import table
from dashboard.figures.chart import Column


def sheet_card(sheet: Sheet, head: Sequence[Component], *, close_href: str) -> Component:
    """Return the card; `head` holds the present value for those who may see it."""
    parts = [
        *head,
        terms(sheet.facts),
        html.H4("Soll", className="card-part"),
        html.P(sheet.target_note),
        *_targets(sheet),
        html.H4("Quellen", className="card-part"),
        _sources(sheet),
        html.H4("Abfrage", className="card-part"),
        listing(f"SQL von {sheet.number}, so wie gezählt wird", sheet.sql),
    ]
    close = quiet_link("Steckbrief schließen", close_href)
    title = f"{sheet.number} {sheet.title}"
    return html.Div(
        card(title, parts, subtitle=sheet.question, actions=[close], class_name="detail"), id=sheet.id
    )


def _targets(sheet: Sheet) -> list[Component]:
    if not sheet.targets:
        return []
    columns = (
        Column("Gilt für"),
        Column("ab", "right"),
        Column("Soll", "right"),
        Column("Toleranz", "right"),
    )
    return [table(f"Zielpfad von {sheet.number}", columns, sheet.targets, dense=True)]


def _sources(sheet: Sheet) -> Component:
    if not sheet.sources:
        return html.P("Diese Kennzahl beruht auf der Buchführung des Portals oder auf noch keiner Lieferung.")
    columns = (Column("Quelle"), Column("Zuständig"), Column("Datenstand"), Column("Status"))
    rows = [
        (
            html.A(title, href=f"/datenquellen?quelle={source}", className="row-link"),
            owner,
            stand,
            status("gut" if word == "aktuell" else "warn", word),
        )
        for source, title, owner, stand, word in sheet.sources
    ]
    return table(f"Quellen von {sheet.number}", columns, rows, dense=True)
