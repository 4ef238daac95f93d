"""What can be done with one saved view: rename, share, propose, take back, pin for a unit; its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.auth.viewer import Viewer
from dashboard.components.layout import card, cell, grid, link_action, page_head, region, text_link
from dashboard.components.states import info_bar
from dashboard.components.table import table
from dashboard.components.view_forms import (
    END,
    PROPOSE,
    WITHDRAW,
    act,
    audience_name,
    change_form,
    pin_form,
)
from dashboard.explorer.view_changes import AUDIENCES, may_end
from dashboard.explorer.views import (
    VIEWS,
    audience_words,
    desk_address,
    missing,
    seen_by,
    version_for,
    view_address,
)
from dashboard.figure_rights import own_units, units
from dashboard.figures.chart import Column
from dashboard.proposals import names_of, who
from warehouse.ledger import SavedView, ViewVersion
from warehouse.ledger.views import DECLINED, ENDED, PROPOSED, RELEASED

if TYPE_CHECKING:
    from dashboard.services import Services

COLUMNS = tuple(Column(head) for head in ("Fassung", "Name", "Für wen", "Von", "Entscheidung"))
KIND_WORDS = {
    PROPOSED: "vorgeschlagen",
    RELEASED: "freigegeben",
    DECLINED: "abgelehnt",
    ENDED: "nicht mehr offiziell",
}


def desk_layout(services: Services, viewer: Viewer, view: SavedView) -> Component:
    """The page about one view; others than its owner see what it is and may pin it."""
    mine = view.owner == who(viewer)
    version = version_for(services, viewer, view.id)
    lost = missing(services, version)
    head = page_head(
        version.name,
        bold=f"{audience_words(view, viewer).capitalize()}.",
        rest=version.note,
        actions=[
            link_action("Im Explorer öffnen", view_address(view.id), icon_name="explorer", primary=True),
            link_action("Alle Ansichten", VIEWS),
        ],
    )
    left = [cell(6, _changing(view))] if mine else []
    beside = [_deciding(viewer, view)] if mine else []
    if not mine and may_end(viewer, view):
        left = [cell(6, card("Offizielle Ansicht", _ending(view)))]
    beside.append(_placing(services, viewer, view))
    return html.Div(
        [
            head,
            *([info_bar(lost)] if lost else []),
            region("Ansicht", grid(*left, cell(6, *beside))),
            *([region("Fassungen", _versions(services, view))] if mine else []),
        ],
        className="stack",
    )


def _changing(view: SavedView) -> Component:
    return card("Umbenennen und teilen", change_form(view.head, AUDIENCES))


def _deciding(viewer: Viewer, view: SavedView) -> Component:
    head, fields = view.head, {"ansicht": view.id, "fassung": str(view.head.version)}
    lines: list[Component] = []
    if view.pending is not None:
        lines.append(html.P("Vorgeschlagen. Eine zweite Person aus Leitung oder Controlling entscheidet."))
    elif view.official == head:
        lines.append(html.P("Diese Fassung ist offiziell. Jede Änderung braucht eine neue Freigabe."))
    else:
        lines += [
            html.P("Offiziell wird eine Ansicht, wenn eine zweite Person sie freigibt."),
            act(PROPOSE, "Als offiziell vorschlagen", head.name, fields),
        ]
    if view.decisions and view.decisions[-1].kind == DECLINED:
        lines.insert(0, html.P(f"Abgelehnt: {view.decisions[-1].reason}", className="view-note"))
    if may_end(viewer, view):
        lines.append(_ending(view))
    lines.append(act(WITHDRAW, "Ansicht zurücknehmen", head.name, {"ansicht": view.id}))
    return card("Freigabe und Ende", html.Div(lines, className="view-steps"))


def _ending(view: SavedView) -> Component:
    return act(END, "Nicht mehr offiziell", view.head.name, {"ansicht": view.id})


def _placing(services: Services, viewer: Viewer, view: SavedView) -> Component:
    parts: list[Component] = []
    if seen_by(viewer, view) is not None:
        names, mine = units(services, viewer), own_units(services, viewer)
        offered = sorted(((unit, names.get(unit, unit)) for unit in mine), key=lambda item: item[1])
        if offered:
            parts.append(pin_form(view.id, offered, desk_address(view.id)))
    link = text_link("Kachel für ein Cockpit der Stadt", desk_address(view.id, "kachel"))
    return card("Auf ein Cockpit", [*parts, html.P(link, className="view-steps")])


def _versions(services: Services, view: SavedView) -> Component:
    logins = {item.author for item in view.versions} | {item.who for item in view.decisions}
    names = names_of(services, logins)
    rows = [_row(services, view, item, names) for item in view.versions[::-1]]
    told = "Fassungen der Ansicht, die neueste zuerst"
    return card("Fassungen", table(told, COLUMNS, rows, stacked=True), flush=True)


def _row(
    services: Services, view: SavedView, item: ViewVersion, names: dict[str, str]
) -> tuple[Component | str, ...]:
    zone = services.settings.zone
    link = html.A(item.name, href=view_address(view.id, item.version), className="row-link")
    told = [
        f"{KIND_WORDS[d.kind]} von {names[d.who]}, {formats.stand(d.at, zone)}"
        for d in view.decisions
        if d.version == item.version
    ]
    return (
        f"Fassung {item.version}", link, audience_name(item.audience),
        f"{names[item.author]}, {formats.stand(item.at, zone)}", "; ".join(told) or formats.MISSING,
    )  # fmt: skip
