"""Anmerkungen: alle Anmerkungen und Ereignisse zu Kennzahlen, die jemand sehen darf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components.address import origin_address
from dashboard.components.layout import card, page_head, print_action, region
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figure_rights import Cut, cut_where, units
from dashboard.figures.chart import Column
from dashboard.page import Page
from dashboard.pages._anmerkung_schreiben import add_remark_routes
from dashboard.remarks import KIND_WORDS, Remark, remarks
from dashboard.texts import plural

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("anmerkungen", "/anmerkungen", "Anmerkungen", "Fuß", "erfassung", ALL_COCKPITS, 920)
COLUMNS = tuple(Column(head) for head in ("Monat", "Art", "Kennzahl", "Einheit", "Text", "Von", "Am"))
NOTHING = "Noch hat niemand etwas zu einer Kennzahl angemerkt, die Sie sehen dürfen."


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """All comments, the latest month first; each leads to the origin panel of its figure."""
    found = remarks(services, viewer, tuple(services.catalog.metrics))[::-1]
    head = page_head(
        PAGE.title,
        bold=f"{plural(len(found), 'Anmerkung', 'Anmerkungen', 'Keine Anmerkung')} zu Kennzahlen.",
        rest="Geschrieben wird in „Woher kommt diese Zahl?“ bei der Zahl selbst.",
        actions=[print_action()],
    )
    if not found:
        return html.Div([head, card(PAGE.title, empty(NOTHING))], className="stack")
    shorts = units(services, viewer)
    rows = [_row(services, viewer, params, item, shorts) for item in found]
    body = card(PAGE.title, table("Anmerkungen zu Kennzahlen", COLUMNS, rows), flush=True)
    return html.Div([head, region("Verzeichnis", body)], className="stack")


def register(app: Any, services: Services) -> None:
    """The forms stand in the origin panel of every page; their routes belong to this one."""
    add_remark_routes(app, services)


def _row(
    services: Services, viewer: Viewer, params: Mapping[str, str], item: Remark, shorts: Mapping[str, str]
) -> tuple[Component | str, ...]:
    comment = item.comment
    definition = services.catalog.metric(comment.metric).definition
    where = cut_where(services, viewer, Cut(comment.metric, comment.unit))
    link = html.A(
        f"{definition.number} {definition.short or definition.label}",
        href=origin_address(PAGE.path, params, comment.metric, where),
        className="row-link",
    )
    return (
        formats.month(comment.month),
        KIND_WORDS[comment.kind],
        link,
        shorts.get(comment.unit, comment.unit) or "ganze Stadt",
        comment.text,
        item.author,
        formats.day(comment.at.astimezone(services.settings.zone).date()),
    )
