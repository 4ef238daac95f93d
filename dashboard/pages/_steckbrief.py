"""Card of one definition: facts, target path, sources, and the statement it is counted by."""

from __future__ import annotations

from collections.abc import Container, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.cockpits.places import Place
from dashboard.cockpits.steckbrief import Sheet
from dashboard.components.icon import status
from dashboard.components.layout import card, quiet_link, text_link
from dashboard.components.steckbrief import listing, terms
from dashboard.components.table import table
from dashboard.figures.chart import Column

USED = "Verwendet in"


def sheet_card(
    sheet: Sheet, head: Sequence[Component], used: Sequence[Place], known: Container[str], *, close_href: str
) -> Component:
    """Return the card; `head` holds the present value for those who may see it, `used` where it is shown.

    Places are links only where their page is `known`: one the viewer may open.
    """
    parts = [
        *head,
        terms([pair for pair in sheet.facts if pair[0] != USED]),
        html.H4(USED, className="card-part"),
        _used(used, known),
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


def _used(places: Sequence[Place], known: Container[str]) -> Component:
    """Found by drawing the pages, so the list is as current as they are."""
    if not places:
        return html.P("Noch auf keiner Seite; auf der Kommandozeile lässt sie sich abfragen.")
    items = []
    for place in places:
        is_open = place.path.partition("?")[0].partition("#")[0] in known
        title = text_link(place.title, place.path) if is_open else place.title
        items.append(html.Li([title, f": {texts.listed(place.parts)}" if place.parts else ""]))
    return html.Ul(items, className="plain-list")


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
