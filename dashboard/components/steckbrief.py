"""Small parts of the proof pages: pairs of term and words, text in fixed width, coloured words in tables."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from metrics.result import Rating


def terms(pairs: Sequence[tuple[str, Component | str]]) -> Component:
    """List of terms with their words."""
    items = [item for term, words in pairs for item in (html.Dt(term), html.Dd(words))]
    return html.Dl(items, className="terms")


def listing(caption: str, text: str) -> Component:
    """Text of a program with its caption; wide lines scroll inside, reachable by keyboard."""
    return html.Figure(
        [
            html.Figcaption(caption, className="listing-caption"),
            html.Pre(html.Code(text), className="listing", tabIndex=0),
        ],
        className="listing-figure",
    )


def coloured(words: str, rating: Rating) -> Component | str:
    """Words in the colour of a rating that is said in words elsewhere in the row; „gut“ stays plain."""
    return words if rating in ("gut", "neu") else html.Span(words, className=f"is-{rating}")
