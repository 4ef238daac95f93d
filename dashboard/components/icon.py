"""Icons and rating signs."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.components.attributes import aria
from metrics.result import Rating


def icon(name: str, *, label: str | None = None, small: bool = False) -> Component:
    """Return an icon of assets/icons.css in the colour of its text; without label it is decoration."""
    classes = f"icon icon-{name}{' icon-small' if small else ''}"
    if label:
        return html.Span(className=classes, role="img", **aria(label=label))
    return html.Span(className=classes, **aria(hidden=True))


def sign(rating: Rating, *, label: str | None = None, large: bool = False) -> Component:
    """Return the shape of a rating: tick, triangle, octagon, dashed ring. Alone it needs a `label`."""
    classes = f"sign sign-{rating}{' sign-large' if large else ''}"
    if label is None:
        return html.Span(className=classes, **aria(hidden=True))
    return html.Span(className=classes, role="img", **aria(label=label))


def badge(rating: Rating, word: str | None = None) -> Component:
    """Return shape, word and colour of a rating in a box; `word` replaces the usual one."""
    return html.Span(
        [sign(rating), html.Span(word or texts.RATING_WORDS[rating])], className=f"badge badge-{rating}"
    )


def status(rating: Rating, word: str | None = None) -> Component:
    """Return shape and coloured word without a box, for tables and lines of text."""
    return html.Span(
        [sign(rating), html.Span(word or texts.RATING_WORDS[rating])], className=f"status status-{rating}"
    )
