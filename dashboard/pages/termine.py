"""Termine: Sitzungen, Stichtage und Inbetriebnahmen mit Gremium und Gegenstand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_termine, texts
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.termine import BODY, FILTERS, SPAN, SPANS, Appointment, appointments, bodies, chosen
from dashboard.components.address import address
from dashboard.components.filters import choices, filter_bar, menu, reset_link
from dashboard.components.layout import card, page_head, print_action, region
from dashboard.components.states import empty, empty_filter
from dashboard.components.table import table
from dashboard.figures.chart import Column
from dashboard.page import Page

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("termine", "/termine", "Termine", "Fuß", "calendar", ALL_COCKPITS, 900)
COLUMNS = (Column("Tag"), Column("Wochentag"), Column("Gremium oder Termin"), Column("Gegenstand"))
MOST = 10_000


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """All dates the calendars delivered, from today on unless the filter looks back."""
    today = services.snapshot().business_date
    dates = appointments(services.records(viewer, "calendar", limit=MOST).dicts())
    shown = chosen(dates, params, today)
    sentence = messages_termine.situation(shown, params.get(SPAN), today)
    head = page_head(PAGE.title, bold=sentence.bold, rest=sentence.rest, actions=[print_action()])
    return html.Div([head, _filters(params, dates), region("Termine", _card(dates, shown, params))])


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def _filters(params: Mapping[str, str], dates: Sequence[Appointment]) -> Component:
    offered: list[tuple[str | None, str]] = [(None, texts.ALL), *((title, title) for title in bodies(dates))]
    return filter_bar(
        menu("Gremium", choices(PAGE.path, params, BODY, offered)),
        menu("Zeitraum", choices(PAGE.path, params, SPAN, SPANS), icon_name="calendar"),
        end=reset_link(PAGE.path, params, FILTERS),
    )


def _card(dates: Sequence[Appointment], shown: Sequence[Appointment], params: Mapping[str, str]) -> Component:
    if not dates:
        return card(PAGE.title, empty("Noch kein Kalender hat Termine geliefert."))
    if not shown:
        reset = address(PAGE.path, params, **dict.fromkeys(FILTERS))
        return card(PAGE.title, empty_filter("Termine", reset))
    rows = [_row(item) for item in shown]
    count = texts.plural(len(shown), "Termin", "Termine")
    return card(PAGE.title, table(f"Termine: {count}", COLUMNS, rows), subtitle=count, flush=True)


def _row(item: Appointment) -> tuple[Component | str, ...]:
    return (
        formats.day(item.on_date),
        formats.weekday(item.on_date),
        item.title,
        item.detail or formats.MISSING,
    )
