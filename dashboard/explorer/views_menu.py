"""Menu „Meine Ansichten“ of the explorer: keep the view that is shown, open kept ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboard.components.attributes import aria
from dashboard.components.icon import icon
from dashboard.components.view_forms import CHANGE, act, save_form
from dashboard.explorer.state import params_of
from dashboard.explorer.views import PASSING, VIEWS, Seen, views_for, without_view
from dashboard.explorer.words import title_of, words_for
from metrics.explore.catalog import dataset
from warehouse.ledger.views import LONGEST_NAME

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.explorer.state import State
    from dashboard.services import Services

MOST_LISTED = 12
GROUPS = (("own", "Eigene"), ("shared", "Mit meiner Rolle geteilt"), ("official", "Offizielle"))


def views_menu(services: Services, viewer: Viewer, state: State) -> Component:
    """The menu of one person; the page that shows it is drawn for that person."""
    found = views_for(services, viewer)
    head = html.Summary(
        [icon("book", small=True), html.Span("Meine Ansichten"), icon("down", small=True)],
        className="button",
    )
    data = dataset(services.catalog, state.question.dataset)
    title = title_of(state.question, words_for(services, viewer, data, state.question))[:LONGEST_NAME]
    parts = [
        *_update(found, state),
        save_form(question_of(state), title),
        *(_group(words, [seen for seen in found if seen.kind == kind], state) for kind, words in GROUPS),
        html.A("Alle Ansichten verwalten", href=VIEWS, className="menu-item"),
    ]
    return html.Details([head, html.Div(parts, className="menu-list views-menu")], className="menu")


def question_of(state: State) -> str:
    """The address of a state as it is kept: without the view it came from and the cell that is open."""
    kept = {name: value for name, value in without_view(params_of(state)).items() if name not in PASSING}
    return urlencode(kept)


def _update(found: Sequence[Seen], state: State) -> list[Component]:
    """Keep what is shown under the own view it was opened as."""
    present = next((s for s in found if s.view.id == state.view_id and s.kind == "own"), None)
    if present is None:
        return []
    fields = {
        "ansicht": present.view.id,
        "fassung": str(present.version.version),
        "frage": question_of(state),
        "zurueck": present.href,
    }
    label = f"Unter „{present.version.name}“ speichern"
    return [act(CHANGE, label, "als neue Fassung", fields, look="menu-item")]


def _group(words: str, found: Sequence[Seen], state: State) -> Component | None:
    if not found:
        return None
    items = [html.Li(_entry(seen, state)) for seen in found[:MOST_LISTED]]
    more = len(found) - len(items)
    rest = [html.P(f"und {more} weitere unter „Alle Ansichten“", className="menu-caption")] if more else []
    heading = html.P(words, className="menu-caption", id=f"ansichten-{found[0].kind}")
    return html.Div([heading, html.Ul(items, **aria(labelledby=f"ansichten-{found[0].kind}")), *rest])


def _entry(seen: Seen, state: State) -> Component:
    seal = [icon("check", small=True, label="offiziell")] if seen.view.official is not None else []
    here = aria(current=True if seen.view.id == state.view_id else None)
    return html.A([*seal, html.Span(seen.version.name)], href=seen.href, className="menu-item", **here)
