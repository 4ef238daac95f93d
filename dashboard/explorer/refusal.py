"""What the explorer says instead of figures: not allowed, not answerable, too slow, stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dash import html

from dashboard.components.attributes import data
from dashboard.components.icon import icon, sign
from dashboard.components.layout import text_link
from dashboard.components.states import failed, forbidden
from dashboard.texts import OLDER
from metrics.older import is_older
from warehouse.errors import AccessError, ConfigError, IsekError, RetriableError

if TYPE_CHECKING:
    from dash.development.base_component import Component

RESPONSIBLE = "Fachadministration"
SLOW = "Die Frage dauert länger als 5 Sekunden und wurde beendet. Die Daten sind unverändert."
STOPPED = "Die Berechnung wurde abgebrochen. Die Daten sind unverändert."
FASTER = (
    "Weniger Felder in Zeilen oder Spalten verwenden.",
    "Mit einem Filter auf die Einheiten oder Werte einschränken, um die es geht.",
    "Den Zeitraum verkürzen.",
)
RETRIED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "query_timeout": (SLOW, FASTER),
    "query_memory": ("Die Frage braucht mehr Arbeitsspeicher, als ihr zusteht.", FASTER),
    "query_cancelled": (STOPPED, ()),
}
Way = tuple[str, str]


def refused(error: IsekError, ways: Sequence[Way]) -> Component:
    """The reason in a sentence and what can be done; what may work later can be asked again."""
    if isinstance(error, AccessError):
        why = "Was dieser Stand zeigte, ist heute geschützt." if error.code == "protected" else ""
        return html.Div([forbidden(RESPONSIBLE, why=why), _ways(ways)], className="refusal")
    if isinstance(error, RetriableError) and not is_older(error):
        words, hints = RETRIED.get(error.code, (sentence(error), ()))
        return _told(words, hints, ways, again=True)
    if isinstance(error, ConfigError):
        return _told(sentence(error), (), ways)
    return failed(OLDER if is_older(error) else "Diese Auswertung konnte nicht berechnet werden.")


def sentence(error: IsekError) -> str:
    """What, what was found, what is allowed and what to do, as one line for people."""
    parts = [str(error.what).rstrip(".") + "."]
    if error.next_step:
        parts.append(str(error.next_step).rstrip(".") + ".")
    return " ".join(parts)


def _told(words: str, hints: Sequence[str], ways: Sequence[Way], *, again: bool = False) -> Component:
    parts: list[Component] = [html.P([sign("warn"), html.Strong(words)], className="state-head")]
    if hints:
        parts.append(html.Ul([html.Li(hint) for hint in hints], className="bullet-list"))
    return html.Div([*parts, _ways(ways, again=again)], className="state refusal", role="alert")


def _ways(ways: Sequence[Way], *, again: bool = False) -> Component:
    """Links, and the button that asks for the same page again (states.js)."""
    words = [icon("refresh", small=True), html.Span("Erneut versuchen")]
    press = html.Button(words, type="button", className="button button-small", **data(action="again"))
    links = [text_link(label, href) for label, href in ways]
    return html.Div([*([press] if again else []), *links], className="refusal-ways")


def notices(notes: Sequence[str]) -> Component | None:
    """Sentences that belong to the figures, above them."""
    if not notes:
        return None
    return html.Div(
        [icon("info", small=True), html.Ul([html.Li(note) for note in notes])], className="pivot-notes"
    )
