"""The switch „Stichtag“ and the bar above the title that says which day and which knowledge is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.components.address import address
from dashboard.components.attributes import aria
from dashboard.components.filters import STICHTAG
from dashboard.components.icon import icon
from dashboard.components.layout import page_head
from dashboard.stichtag import FREE_LINK, REPORTED

LABEL = "Stichtag"
AS_REPORTED = "wie berichtet"
WITH_TODAY = "mit heutigem Wissen"


@dataclass(frozen=True, slots=True)
class Switch:
    """What can be chosen, newest first, and what is: `at`, with the knowledge of that day or of today."""

    today: date
    at: date
    reported: bool
    reports: tuple[date, ...]
    days: tuple[date, ...]


def stichtag_switch(switch: Switch, path: str, params: Mapping[str, str]) -> Component:
    """One menu: the current state, kept reports, and earlier days with today's knowledge."""
    shown = formats.day(switch.at) + (f", {AS_REPORTED}" if switch.reported else "")
    head = html.Summary(
        [
            html.Span(LABEL, className="control-label"),
            " ",
            html.Span(shown, className="control-value"),
            icon("calendar", small=True),
        ],
        className="control",
    )
    groups = [
        _group("Aktueller Stand", [_current(switch, path, params)]),
        *_some("Wie berichtet", [_report(switch, day, path, params) for day in switch.reports]),
        *_some("Mit heutigem Wissen", [_day(switch, day, path, params) for day in switch.days]),
    ]
    return html.Details([head, html.Div(groups, className="menu-list stichtag-list")], className="menu")


def _some(title: str, items: Sequence[Component]) -> list[Component]:
    return [_group(title, items)] if items else []


def _group(title: str, items: Sequence[Component]) -> Component:
    rows = html.Ul([html.Li(item) for item in items], **aria(label=title))
    return html.Div([html.P(title, className="menu-caption", **aria(hidden=True)), rows])


def _current(switch: Switch, path: str, params: Mapping[str, str]) -> Component:
    chosen = not switch.reported and switch.at == switch.today
    return _item(formats.day(switch.today), chosen, path, params, None, None)


def _report(switch: Switch, day: date, path: str, params: Mapping[str, str]) -> Component:
    chosen = switch.reported and switch.at == day
    return _item(f"{formats.day(day)}, {AS_REPORTED}", chosen, path, params, None, day)


def _day(switch: Switch, day: date, path: str, params: Mapping[str, str]) -> Component:
    chosen = not switch.reported and switch.at == day
    return _item(formats.day(day), chosen, path, params, day, None)


def _item(
    words: str, chosen: bool, path: str, params: Mapping[str, str], day: date | None, report: date | None
) -> Component:
    href = day_address(path, params, day=day, report=report)
    return html.A(words, href=href, className="menu-item", **aria(current=chosen or None), **FREE_LINK)


def day_address(
    path: str, params: Mapping[str, str], *, day: date | None = None, report: date | None = None
) -> str:
    """Address of the same view for another day; neither is the current state."""
    asked = {STICHTAG: day.isoformat() if day else None, REPORTED: report.isoformat() if report else None}
    return address(path, params, **asked)


def stichtag_bar(sentence: str, links: Sequence[tuple[str, str]]) -> Component:
    """Bar above the title; links are (label, address)."""
    parts: list[Component | str] = [html.Strong(sentence)]
    for number, (label, href) in enumerate(links):
        parts += [" · " if number else " ", html.A(label, href=href, className="text-link", **FREE_LINK)]
    return html.Div([icon("calendar"), html.P(parts)], className="info-bar stichtag-bar", role="status")


def report_gone(title: str, day: date, links: Sequence[tuple[str, str]]) -> Component:
    """In place of a page whose report is no longer kept: what is missing and where to go instead."""
    items = [html.Li(html.A(label, href=href, className="text-link", **FREE_LINK)) for label, href in links]
    words = (
        f"Der Stand, der für den {formats.day(day)} berichtet wurde, ist nicht mehr aufbewahrt. "
        "Es wird nichts anderes an seiner Stelle gezeigt."
    )
    body = [html.P(words, role="alert"), html.Ul(items, className="plain-list")]
    return html.Div([page_head(title), html.Section(body, className="meldung")])
