"""Tile, Kennzahlenband and the compact line of small screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.components.attributes import aria, data
from dashboard.components.bullet import bullet
from dashboard.components.drill_rows import breakdown_of
from dashboard.components.icon import badge, icon, sign
from dashboard.components.key_figure import SEPARATOR, Course, KeyFigure
from dashboard.figures.svg import sparkline
from metrics.result import Rating


def tile(
    figure: KeyFigure, *, origin_href: str, href: str | None = None, drill_href: str | None = None
) -> Component:
    """Tile of a figure. The whole tile leads to `href` (its cockpit); the origin link stays separate, and so
    does the reference line, which leads into the drill path."""
    classes = f"tile tile-{figure.rating}{' tile-stale' if figure.stale else ''}"
    return html.Article(
        [
            _name(figure, href),
            html.Div([_value(figure), badge(figure.rating)], className="tile-main"),
            html.Div(_graphics(figure), className="tile-graphics"),
            _reference(figure, drill_href),
            html.Footer([_stand(figure), origin_link(figure, origin_href)], className="tile-foot"),
        ],
        className=classes,
    )


def _reference(figure: KeyFigure, href: str | None) -> Component:
    if href is None:
        return html.P(_parts(figure.reference), className="tile-reference")
    spoken = html.Span(f" {figure.label} aufgliedern", className="visually-hidden")
    link = html.A([*_parts(figure.reference), spoken], href=href, className="tile-drill")
    return html.P(link, className="tile-reference")


def _parts(reference: str) -> list[Component | str]:
    """A reference line breaks between its parts, not inside „06/2025–05/2026“."""
    first, *more = reference.split(SEPARATOR)
    if not more:
        return [reference]
    spans = [html.Span(part, className="tile-part") for part in (first, *more)]
    return [spans[0], *(item for span in spans[1:] for item in (SEPARATOR, span))]


def _name(figure: KeyFigure, href: str | None) -> Component:
    if href is None:
        return html.H3(figure.label, className="tile-name")
    link = html.A(figure.label, href=href, className="tile-link", title=figure.label)
    return html.H3([link, icon("right", small=True)], className="tile-name")


def _value(figure: KeyFigure) -> Component:
    words: list[Component | str] = [html.Span(figure.value, className="value")]
    if figure.unit:
        words += [" ", html.Span(figure.unit, className="value-unit")]
    return html.P(words, className="tile-value")


def _graphics(figure: KeyFigure) -> list[Component]:
    bar = bullet(figure.bar) if figure.bar else html.Span(className="bullet-none")
    return [bar, _sparkline(figure.course)]


def _sparkline(course: Course | None) -> Component:
    if course is None or not any(v is not None for v in course.values):
        return html.Span(className="picture")
    return sparkline(course.values, soll=course.soll, marks=course.spots, alt=course.sentence)


def _stand(figure: KeyFigure) -> Component:
    if figure.stale:
        return html.Span(
            [sign("warn"), html.Strong(f"Stand {figure.stand}")], className="tile-stand is-stale"
        )
    return html.Span(
        [
            html.Span(figure.number),
            icon("clock", small=True),
            html.Span([html.Span("Datenstand ", className="visually-hidden"), figure.stand]),
        ],
        className=f"tile-stand{' tile-stand-long' if len(figure.stand) > 6 else ''}",
    )


def origin_link(figure: KeyFigure, href: str) -> Component:
    """„Woher kommt diese Zahl?“, spoken with the name of the figure."""
    more = html.Span(f" {figure.label}", className="visually-hidden")
    return html.A(
        [texts.ORIGIN_ONE, more], href=href, className="quiet-link", **data(origin=figure.metric_id)
    )


def tile_row(*tiles: Component) -> Component:
    """Tiles in their fixed places, four in a row on desktop, two on tablet, one on mobile."""
    return html.Div(list(tiles), className="tiles")


@dataclass(frozen=True, slots=True)
class BandEntry:
    """One value of a Kennzahlenband: label, value, unit words, one line of context, rating if rated.

    The context leads into the breakdown of the figure `origin_href` asks about, or to `drill_href`.
    """

    label: str
    value: str
    unit: str = ""
    context: str = ""
    rating: Rating | None = None
    origin_href: str | None = None
    drill_href: str | None = None


def band(entries: Sequence[BandEntry], *, title: str = "Kennzahlen") -> Component:
    """Up to five values in one card, separated by hairlines."""
    items = [html.Li(_entry(entry), className="band-entry") for entry in entries]
    return html.Section(
        [html.H2(title, className="visually-hidden"), html.Ul(items, className="band-list")],
        className="card band",
    )


def _entry(entry: BandEntry) -> list[Component]:
    value: list[Component | str] = [html.Span(entry.value, className="value")]
    if entry.unit:
        value += [" ", html.Span(entry.unit, className="value-unit")]
    context: list[Component | str] = []
    if entry.rating:
        context += [sign(entry.rating, label=texts.RATING_WORDS[entry.rating]), " "]
    label: Component | str = entry.label
    if entry.origin_href:
        hint = f"{texts.ORIGIN_ONE} {entry.label}"
        label = html.A(
            entry.label, href=entry.origin_href, className="band-origin", title=hint, **aria(label=hint)
        )
    return [
        html.P(label, className="band-label"),
        html.P(value, className="band-value"),
        html.P([*context, _context(entry)], className="band-context"),
    ]


def _context(entry: BandEntry) -> Component:
    """The line of context leads into the breakdown of the same figure, as that of a tile does."""
    href = entry.drill_href or breakdown_of(entry.origin_href)
    if href is None or not entry.context:
        return html.Span(entry.context)
    spoken = html.Span(f" {entry.label} aufgliedern", className="visually-hidden")
    return html.A([entry.context, spoken], href=href, className="tile-drill")


def compact_list(figures: Sequence[tuple[KeyFigure, str | None]]) -> Component:
    """Lines of sign, name and value, as mobile shows what is in plan; each leads to its cockpit."""
    return html.Ul([html.Li(_line(figure, href)) for figure, href in figures], className="card compact")


def _line(figure: KeyFigure, href: str | None) -> Component:
    name: list[Component | str] = [figure.label]
    if figure.stale:
        name.append(html.Span(f"veraltet, Stand {figure.stand}", className="compact-stale"))
    parts: list[Component] = [
        sign(figure.rating, label=texts.RATING_WORDS[figure.rating], large=True),
        html.Span(name, className="compact-name"),
        html.Span(figure.spoken, className="compact-value"),
    ]
    if href is None:
        return html.Div(parts, className="compact-line")
    return html.A([*parts, icon("right", small=True)], href=href, className="compact-line")
