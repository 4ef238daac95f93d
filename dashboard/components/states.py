"""States of section „Zustände“: loading, empty, error, stale, forbidden, draft, provisional, example."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard.components.attributes import aria, data
from dashboard.components.icon import badge, icon, sign


def loading() -> Component:
    """Skeleton in final size; shown after 300 ms."""
    lines = [html.Span(className=f"skeleton skeleton-{i}") for i in range(1, 5)]
    return html.Div([*lines, html.P("Wird geladen …")], className="state state-loading", **aria(busy=True))


def empty(sentence: str, *, link: tuple[str, str] | None = None, value: bool = False) -> Component:
    """No data: a sentence and the next step as (label, address); `value` adds dash and „ohne Bewertung“."""
    head = [html.P(formats.MISSING, className="tile-value"), badge("neu")] if value else []
    tail = [html.P(html.A(link[0], href=link[1], className="text-link"))] if link else []
    return html.Div([*head, html.P(sentence), *tail], className="state state-empty")


def empty_filter(what: str, reset_href: str) -> Component:
    """Nothing fits the filters: „Keine Leistungen für diese Auswahl.“ with the way back."""
    return empty(f"Keine {what} für diese Auswahl.", link=("Filter zurücksetzen", reset_href))


def failed(sentence: str, *, incident: str = "", retry: bool = False) -> Component:
    """Error inside a card; the rest of the page keeps working. `incident` finds the line in the log.

    `retry` adds the button that asks for the same page again (states.js).
    """
    parts: list[Component] = [
        html.P(
            [sign("krit"), html.Strong("Anzeige nicht möglich. Daten unverändert.")], className="state-head"
        ),
        html.P(sentence),
    ]
    if retry:
        words = [icon("refresh", small=True), html.Span("Erneut versuchen")]
        parts.append(
            html.Button(words, type="button", className="button button-small", **data(action="again"))
        )
    if incident:
        parts.append(html.P(f"Vorgangsnummer {incident}", className="state-detail"))
    return html.Div(parts, className="state state-failed", role="alert")


def stale(as_of: datetime | None, zone: ZoneInfo, reason: str = "") -> Component:
    """Mark of an old value: „veraltet, Stand 08.06.2026“, with the reason if known."""
    day = formats.day(as_of.astimezone(zone).date()) if as_of else "unbekannt"
    parts: list[Component] = [badge("warn", f"veraltet, Stand {day}")]
    if reason:
        parts.append(html.P(reason))
    return html.Div(parts, className="state state-stale")


def forbidden(ask: str, *, why: str = "") -> Component:
    """A part of a page the viewer may not see, with whom to ask; `why` replaces the reason."""
    reason = why or "Für diese Daten fehlt Ihnen die Berechtigung."
    words = html.P(f"{reason} Zuständig: {ask}.")
    return html.Div([icon("lock"), words], className="state state-forbidden")


def tag(word: str, *, outlined: bool = True) -> Component:
    """Small tag: „Entwurf“, „vorläufig“, „Beispieldaten“ (filled)."""
    return html.Span(word, className="tag" if outlined else "tag tag-filled")


def draft_tag() -> Component:
    """„Entwurf“."""
    return tag("Entwurf")


def provisional(until: str) -> Component:
    """„vorläufig, Monatsabschluss am 15.06.“."""
    return tag(f"vorläufig, {until}")


def example_tag() -> Component:
    """„Beispieldaten“, as in the strip."""
    return tag(texts.EXAMPLE, outlined=False)


def nature_note(nature: str) -> str:
    """Words for a figure's foot: „Beispieldaten“, „teils Beispieldaten“, or nothing for real data."""
    return texts.NATURE_NOTES.get(nature, "")


def info_bar(sentence: str, *, link: tuple[str, str] | None = None) -> Component:
    """Bar above the title of every page, for example for data older than two days."""
    words: list[Component | str] = [sentence]
    if link:
        words += [" ", html.A(link[0], href=link[1], className="text-link")]
    return html.Div([icon("info"), html.P(words)], className="info-bar", role="status")
