"""Zones Zeilen, Spalten, Werte and Filter: chips that can be moved and removed by link, menu or drag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon
from dashboard.explorer import moves
from dashboard.explorer.desk import Desk
from dashboard.explorer.moves import Axis
from dashboard.explorer.shelf import ONLY_VALUE, by_subject, way
from dashboard.explorer.words import condition_words
from metrics.explore.question import Filter, Measure

if TYPE_CHECKING:
    from dash.development.base_component import Component

AXES: tuple[tuple[Axis, str, str], ...] = (("rows", "zeilen", "Zeilen"), ("columns", "spalten", "Spalten"))
TO_OTHER = {"rows": ("Zu den Spalten", "spalten"), "columns": ("Zu den Zeilen", "zeilen")}


def zones(desk: Desk) -> Component:
    """The four zones in one card."""
    parts = [_axis_zone(desk, axis, key, title) for axis, key, title in AXES]
    parts += [_value_zone(desk), _filter_zone(desk)]
    head = html.H2("Aufbau der Auswertung", className="visually-hidden")
    return html.Section([head, *parts], className="zones")


def _zone(key: str, title: str, chips: Sequence[Component], more: Component | None) -> Component:
    name = f"zone-{key}"
    items = [*chips, *([html.Li(more, className="zone-more")] if more is not None else [])]
    return html.Div(
        [
            html.H3(title, className="zone-name", id=name),
            html.Ul(items, className="zone-chips", **aria(labelledby=name)),
        ],
        className="zone",
        **data(zone=key),
    )


def _axis_zone(desk: Desk, axis: Axis, key: str, title: str) -> Component:
    present = moves.fields_on(desk.question, axis)
    chips = [_field_chip(desk, axis, name, title) for name in present]
    ways = [
        way(desk.label(field.name), desk.to(moves.placed(desk.question, field.name, axis)))
        for field in desk.dataset.fields
        if field.name not in present
    ]
    room = moves.has_room(desk.question, axis) and ways
    return _zone(key, title, chips, _adding(f"Feld zu {title} hinzufügen", ways) if room else None)


def _field_chip(desk: Desk, axis: Axis, name: str, title: str) -> Component:
    question, (other_words, other) = desk.question, TO_OTHER[axis]
    steps = ((-1, "Nach vorn"), (1, "Nach hinten"))
    ways = [
        way(label, desk.to(moved))
        for step, label in steps
        if (moved := moves.shifted(question, axis, name, step))
    ]
    room = moves.has_room(question, moves.OTHER[axis])
    ways.append(
        way(other_words, desk.to(moves.placed(question, name, moves.OTHER[axis])) if room else "", to=other)
    )
    ways.append(way("Filter setzen", desk.editing(name), to="filter"))
    off = desk.to(moves.taken_off(question, name))
    ways.append(way("Entfernen", off, to="feld"))
    label = desk.label(name)
    return _chip(label, ways, off, f"{label} aus {title} entfernen", name)


def _chip(label: str, ways: Sequence[Component], off: str, spoken: str, name: str) -> Component:
    menu = html.Details(
        [
            html.Summary(html.Span(label, className="control-label"), className="chip-name"),
            html.Ul(list(ways), className="menu-list"),
        ],
        className="menu chip-menu",
    )
    parts: list[Component] = [menu]
    if off:
        parts.append(_remove(off, spoken))
    return html.Li(parts, className="zone-chip", draggable="true", **data(field=name))


def _remove(href: str, spoken: str) -> Component:
    return html.A(icon("close", small=True), href=href, className="chip-off", **aria(label=spoken))


def _value_zone(desk: Desk) -> Component:
    chips = [_value_chip(desk, measure) for measure in desk.question.measures]
    ways = [
        way(several[0].label, desk.to(moves.measured(desk.question, several[0].measure)))
        for several in by_subject(desk.dataset.measures)
        if several[0].measure not in desk.question.measures
    ]
    room = moves.can_measure(desk.question) and ways
    return _zone("werte", "Werte", chips, _adding("Wert hinzufügen", ways) if room else None)


def _value_chip(desk: Desk, measure: Measure) -> Component:
    question, label = desk.question, desk.info(measure).short
    steps = ((-1, "Nach vorn"), (1, "Nach hinten"))
    ways = [
        way(words_, desk.to(moved))
        for step, words_ in steps
        if (moved := moves.measure_shifted(question, measure, step))
    ]
    off = desk.to(moves.unmeasured(question, measure))
    ways.append(way("Entfernen", off, to="feld", full=ONLY_VALUE))
    return _chip(label, ways, off, f"{label} aus Werte entfernen", f"wert.{measure.subject}")


def _filter_zone(desk: Desk) -> Component:
    chips = [_filter_chip(desk, found) for found in desk.question.filters]
    present = {found.name for found in desk.question.filters}
    ways = [
        way(desk.label(field.name), desk.editing(field.name))
        for field in desk.dataset.fields
        if field.name not in present
    ]
    return _zone("filter", "Filter", chips, _adding("Filter hinzufügen", ways) if ways else None)


def _filter_chip(desk: Desk, found: Filter) -> Component:
    label = desk.label(found.name)
    told = condition_words(found, desk.words, most=3)
    link = html.A(told, href=desk.editing(found.name), className="chip-name")
    off = desk.to(moves.filtered(desk.question, found.name, None))
    parts = [link, _remove(off, f"Filter {label} aufheben")]
    return html.Li(parts, className="zone-chip zone-chip-filter", **data(field=found.name))


def _adding(label: str, ways: Sequence[Component]) -> Component:
    head = html.Summary(
        [icon("plus", small=True), html.Span(label, className="control-label visually-hidden")],
        className="zone-add",
        title=label,
    )
    return html.Details([head, html.Ul(list(ways), className="menu-list")], className="menu")
