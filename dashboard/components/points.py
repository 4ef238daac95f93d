"""Points that wait for a decision as a list: rating, title, proposal, owner and deadline."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import messages_entscheidungen as sentences
from dashboard import texts
from dashboard.cockpits.entscheidungen import Decision
from dashboard.components.address import address
from dashboard.components.icon import sign

PROPOSE = "/vorschlag"


def proposal_address(metric: str, unit: str) -> str:
    """Address of the page about the proposal for one figure."""
    return address(PROPOSE, {}, kennzahl=metric, einheit=unit or None)


def point_list(points: Sequence[Decision]) -> Component:
    """The points in their order; each title leads to its proposal."""
    return html.Ul([_point(point) for point in points], className="points")


def _point(point: Decision) -> Component:
    link = html.A(
        point.title, href=proposal_address(point.cut.metric, point.cut.unit), className="point-link"
    )
    meta = (point.owner, sentences.due(point.due_on), point.note)
    return html.Li(
        [
            sign(point.rating, label=texts.RATING_WORDS[point.rating]),
            html.P(link, className="point-title"),
            html.P(point.text, className="point-text"),
            html.P(" · ".join(words for words in meta if words), className="point-meta"),
        ]
    )
