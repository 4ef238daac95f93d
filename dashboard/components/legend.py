"""Legends with the same swatches and patterns as the charts, in the order of drawing."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.components.attributes import aria

# Names of swatches: bar, ist, vj, plan, obligo, prognose, over, rg0 … rg4, rg-ohne, line-ist, line-soll,
# line-vj, mark, elapsed, intro, noted, spark, new-online, downgraded, night-gut, night-warn, night-krit,
# night-neu.
Entry = tuple[str, str]
STAGES_ONLINE_FIRST: tuple[Entry, ...] = tuple((f"rg{s}", texts.stage(s)) for s in "43210")
STAGES_OFFLINE_FIRST: tuple[Entry, ...] = tuple((f"rg{s}", texts.stage(s)) for s in "01234")
PLAN_IST_FORECAST: tuple[Entry, ...] = (("plan", "Plan"), ("ist", "Ist"), ("prognose", "Prognose"))


def legend(entries: Sequence[Entry], *, lead: str = "", inline: bool = False) -> Component:
    """List of (swatch, words); `lead` is a bold first word („Lesehilfe“), `inline` fits heads of cards."""
    items = [
        html.Li([html.Span(className=f"swatch swatch-{swatch}", **aria(hidden=True)), words])
        for swatch, words in entries
    ]
    head = [html.Strong(lead, className="legend-lead")] if lead else []
    return html.Div(
        [*head, html.Ul(items, className="legend-list")],
        className=f"legend{' legend-inline' if inline else ''}",
    )


def reading_aid(*, budget: bool = True, noted: bool = False) -> Component:
    """One line below a block of tiles: bar, mark, Obligo, course, and comments where a course has any."""
    entries = [("bar", "Ist"), ("mark", "Soll heute")]
    if budget:
        entries.append(("obligo", "Obligo (gebunden)"))
    entries.append(("spark", "Verlauf 12 Monate"))
    if noted:
        entries.append(("noted", "Anmerkung"))
    return legend(entries, lead="Lesehilfe")
