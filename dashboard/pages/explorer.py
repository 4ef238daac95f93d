"""Explorer: one's own questions as pivot, list or chart; everything chosen stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components.attributes import data
from dashboard.components.guard import guarded
from dashboard.components.layout import card, page_head, region
from dashboard.components.states import empty
from dashboard.explorer import selection
from dashboard.explorer.actions import actions
from dashboard.explorer.chart import chart_part
from dashboard.explorer.desk import Desk, desk_of
from dashboard.explorer.display import display_bar, switches, view_segments
from dashboard.explorer.filter_form import editor, is_editing
from dashboard.explorer.foot import pivot_foot, reasons_part, rows_words
from dashboard.explorer.grid import Grid
from dashboard.explorer.listing import listing_part
from dashboard.explorer.paper import paper_of
from dashboard.explorer.parameter import EXPLORER
from dashboard.explorer.reading import opening_question, read_dataset
from dashboard.explorer.refusal import notices, refused, sentence
from dashboard.explorer.sentence import sentence_of
from dashboard.explorer.shelf import shelf
from dashboard.explorer.table import pivot_table
from dashboard.explorer.views import Refusal, resolved
from dashboard.explorer.words import title_of
from dashboard.explorer.zones import zones
from dashboard.page import Page
from metrics.explore.result import Pivot
from warehouse.errors import ConfigError, IsekError

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("explorer", EXPLORER, "Explorer (Analyse)", "Arbeiten", "explorer", ALL_COCKPITS, 60)
TITLE, UNREAD = "Explorer", "Diese Adresse lässt sich nicht lesen"
SMALL = (
    "Der Explorer ist für größere Bildschirme gedacht. Hier lesen Sie das Ergebnis; "
    "Felder und Filter ändern Sie am Arbeitsplatz."
)


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The question the address asks, with its answer; a sentence where it cannot be read."""
    found = resolved(services, viewer, params)
    if isinstance(found, Refusal):
        told = empty(found.sentence, link=("Neu beginnen", EXPLORER))
        return _without(card("Ansicht nicht geöffnet", told))
    try:
        desk = desk_of(services, viewer, found)
    except ConfigError as error:
        words = empty(sentence(error), link=("Neu beginnen", EXPLORER))
        return _without(card(UNREAD, words))
    pivot, problem = _answer(desk)
    lead = sentence_of(pivot, desk.words) if pivot is not None else ""
    head = page_head(TITLE, rest=lead, actions=actions(desk))
    small = html.P(SMALL, className="explorer-small")
    parts = [zones(desk), display_bar(desk, pivot), _editor(desk), *_result(desk, pivot, problem)]
    side = html.Div([part for part in parts if part is not None], className="explorer-main")
    return html.Div(
        [head, small, html.Div([shelf(desk, pivot), side], className="explorer")], className="explorer-page"
    )


def shows(services: Services, viewer: Viewer) -> frozenset[str]:
    """Figures of the question the explorer opens with; it can show all others as well, which says nothing."""
    del viewer
    opening = opening_question(read_dataset({}, services.catalog))
    return frozenset(measure.subject for measure in opening.measures)


def _without(told: Component) -> Component:
    return html.Div([page_head(TITLE), region("Auskunft", told)], className="stack")


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services


def _answer(desk: Desk) -> tuple[Pivot | None, IsekError | None]:
    """The pivot, or why there is none; the list does not need one."""
    if desk.state.view == "liste":
        return None, None
    try:
        return desk.services.explore(desk.viewer, desk.question), None
    except IsekError as error:
        return None, error


def _editor(desk: Desk) -> Component | None:
    return guarded("Filter", partial(editor, desk)) if is_editing(desk) else None


def _result(desk: Desk, pivot: Pivot | None, problem: IsekError | None) -> list[Component]:
    place = selection.place_of(desk, pivot) if pivot is not None else None
    # A chart shows everything: the path of a cell above it would say it shows that cell.
    is_path = place is not None and desk.state.view == "pivot"
    crumbs = selection.crumbs(desk, place) if place is not None and is_path else _title(desk, pivot)
    bar_parts = (view_segments(desk), crumbs, switches(desk, pivot))
    heading = html.H2("Ergebnis", className="visually-hidden")
    bar = html.Div([heading, *(part for part in bar_parts if part is not None)], className="explorer-bar")
    if desk.state.view == "liste":
        return [bar, guarded("Liste", partial(listing_part, desk))]
    if pivot is None:
        return [bar, _refusal(desk, problem)]
    if desk.state.view == "diagramm":
        return [bar, guarded("Diagramm", partial(_chart, desk, pivot))]
    parts = [bar, guarded("Pivot", partial(_pivot_part, desk, pivot, place is None))]
    if place is not None:
        parts.append(guarded("Datensätze", partial(selection.selection_part, desk, pivot, place)))
    return parts


def _title(desk: Desk, pivot: Pivot | None) -> Component | None:
    """What is shown, unless the head of the page says just that."""
    title = title_of(desk.question, desk.words)
    if pivot is None or sentence_of(pivot, desk.words) == title:
        return None
    return html.P(title, className="explorer-title")


def _refusal(desk: Desk, problem: IsekError | None) -> Component:
    ways = [("Auswertung zurücksetzen", EXPLORER)]
    body = refused(problem, ways) if problem is not None else empty("Keine Antwort.")
    return html.Section(html.Div(body, className="card-body"), className="card")


def _pivot_part(desk: Desk, pivot: Pivot, is_told: bool) -> Component:
    caption = title_of(desk.question, desk.words)
    grid = Grid.of(desk, pivot)
    if not grid.body and pivot.cell((), ()).state == "empty":
        body = empty("Keine Werte für diese Auswahl.", link=("Auswertung zurücksetzen", EXPLORER))
        return html.Section(html.Div(body, className="card-body"), className="card pivot-card")
    paper = paper_of(grid)
    table = pivot_table(grid, caption, paper)
    parts = [
        notices(pivot.notes),
        html.Div(table, className="card-body card-body-flush"),
        reasons_part(grid),
        html.P(paper.note, className="paper-note") if paper.note else None,
        pivot_foot(grid),
    ]
    told = data(announce=rows_words(grid) if is_told else None)
    return html.Section([part for part in parts if part is not None], className="card pivot-card", **told)


def _chart(desk: Desk, pivot: Pivot) -> Component:
    return chart_part(desk.services, desk.viewer, desk.state, pivot)
