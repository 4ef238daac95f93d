"""Foot of the pivot: rows on show, pages, Datenstand, where the figures come from, why some are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import formats, texts
from dashboard.components.attributes import aria, data
from dashboard.components.layout import card_foot, quiet_link, text_link
from dashboard.components.states import nature_note
from dashboard.drill_link import list_address
from dashboard.explorer.grid import Grid
from dashboard.explorer.selection import origin_of

if TYPE_CHECKING:
    from dash.development.base_component import Component


def pivot_foot(grid: Grid) -> Component:
    """One line: rows, keys, Datenstand at the left, the origin at the right."""
    keys = html.Span(f"{KEYS} · ", className="pivot-keys")
    rows, rest = rows_words(grid), (_stand(grid), nature_note(grid.pivot.nature))
    words: list[Any] = [f"{rows} · " if rows else "", keys, " · ".join(part for part in rest if part)]
    told = html.Span(words, className="foot-wide")
    chosen = html.Span("", className="cells-chosen", role="status", **data(chosen="1"))
    ends = [part for part in (_pager(grid), _origin(grid)) if part is not None]
    return card_foot(html.Span([told, chosen]), *ends)


KEYS = "Umschalt + Pfeiltasten wählen Zellen"


def rows_words(grid: Grid) -> str:
    """How many rows are on show: „18 Zeilen“, „10 von 14 Zeilen“."""
    outermost = sum(1 for head in grid.body if head.level == 1)
    hidden, shown = grid.pivot.hidden_rows, len(grid.shown)
    if hidden:
        return f"{formats.number(outermost)} von {formats.number(outermost + hidden)} Zeilen"
    if grid.pages > 1:
        return f"{formats.number(shown)} von {formats.number(len(grid.body))} Zeilen"
    return texts.plural(shown, "Zeile", "Zeilen") if grid.body else ""


def _stand(grid: Grid) -> str:
    stand = formats.stand(grid.pivot.as_of, grid.desk.services.settings.zone)
    stale = len(grid.pivot.stale_sources)
    late = f" ({texts.plural(stale, 'Quelle', 'Quellen')} veraltet)" if stale else ""
    return f"Datenstand {stand}{late}"


def _pager(grid: Grid) -> Component | None:
    if grid.pages == 1:
        return None
    page, desk = grid.page, grid.desk
    told = html.Span(f"Seite {formats.number(page)} von {formats.number(grid.pages)}")
    before = [text_link("Vorige Zeilen", desk.seen(page=page - 1))] if page > 1 else []
    after = [text_link("Weitere Zeilen", desk.seen(page=page + 1))] if page < grid.pages else []
    return html.Nav([*before, told, *after], className="pager", **aria(label="Seiten der Tabelle"))


def _origin(grid: Grid) -> Component | None:
    """The panel about the first figure as it stands in the total; for lists the list itself."""
    desk = grid.desk
    if desk.is_list:
        return quiet_link(texts.ORIGIN_MANY, list_address(desk.dataset.subject))
    href = origin_of(desk, ((), (), 0))
    return quiet_link(texts.ORIGIN_MANY, href, **data(origin="1")) if href else None


def reasons_part(grid: Grid) -> Component | None:
    """Why cells show no figure, by the numbers in the cells."""
    if not grid.reasons.found:
        return None
    items = [html.Li([html.Sup(number), " ", reason]) for reason, number in grid.reasons.found.items()]
    return html.Ul(items, className="pivot-reasons", **aria(label="Hinweise zu Zellen ohne Wert"))
