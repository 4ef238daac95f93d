"""Start (Lagebild): wo stehen wir heute, was ist zu entscheiden?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages, messages_entscheidungen, texts
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import ozg, ozg_band
from dashboard.cockpits.entscheidungen import SHOWN, decisions, rated_figures, waiting_metrics
from dashboard.cockpits.lagebild import Lead, by_urgency, leads_of, most_urgent
from dashboard.cockpits.marken import latest, marks_of
from dashboard.cockpits.stichtag import stichtag_control
from dashboard.cockpits.termine import appointments, coming
from dashboard.components.address import origin_address
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import drilling_days
from dashboard.components.filters import month_ends, read_stichtag
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, page_head, print_action, quiet_link, region
from dashboard.components.legend import reading_aid
from dashboard.components.points import PROPOSE, point_list
from dashboard.components.provenance import source_words
from dashboard.components.remarks import mark_list
from dashboard.components.states import empty
from dashboard.components.tile import compact_list, tile, tile_row
from dashboard.drill_link import drill_address
from dashboard.figures.marks import annotated, by_date
from dashboard.figures.s_curve import SCurve, s_curve, span_of
from dashboard.page import Page, allowed_pages, cockpit_named
from dashboard.proposals import proposals_for
from dashboard.town_pages import portal_pages
from metrics.goal import rule_for
from metrics.models.progress import monthly_amounts
from metrics.question import add_months

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page(id="start", path="/", title="Start (Lagebild)", icon="start", order=10)
ONLINE, FLOW = "ozg_online_share", "ozg_new_online_count"
CURVE_YEARS = 2
DECISIONS, DATES_TITLE = "Was braucht eine Entscheidung?", "Nächste Termine"
DATES, MARKS = 4, 2
MARK_HEIGHT = 23
MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class Desk:
    """The door for this viewer at the Stichtag, and the address of the view."""

    services: Services
    viewer: Viewer
    params: Mapping[str, str]
    at: date

    def ask(self, metric_id: str, **question: Any) -> Any:
        """Ask the door."""
        return self.services.query(self.viewer, metric_id, **question)

    def origin(self, metric_id: str, where: Mapping[str, str] | None = None) -> str:
        """Address of this view with the origin of a figure open."""
        today = self.services.snapshot().business_date
        past = None if self.at == today else self.at
        return origin_address(PAGE.path, self.params, metric_id, where, at=past)

    def drill(self, metric_id: str, where: Mapping[str, str] | None = None) -> str:
        """Address of the breakdown of a figure on the day of this view."""
        today = self.services.snapshot().business_date
        return drill_address(metric_id, where, at=None if self.at == today else self.at)

    def rows(self, list_id: str) -> Sequence[Mapping[str, Any]]:
        """Records of a list."""
        return self.services.records(self.viewer, list_id).dicts()

    def cockpit(self, name: str | None) -> str | None:
        """Address of a cockpit of the house or of the town this viewer may open."""
        page = cockpit_named(allowed_pages(portal_pages(self.services), self.viewer), name)
        return page.path if page else None


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    business_date = services.snapshot().business_date
    desk = Desk(services, viewer, params, read_stichtag(params, business_date))
    leads = leads_of(services, viewer, desk.at)
    sentence = messages.lagebild([item.figure.rating for item in leads], _consequence(leads))
    day = formats.day_words(desk.at, with_weekday=False)
    head = page_head(
        ["Lagebild", html.Span(f" am {formats.weekday(desk.at)}", className="wide-only"), f", {day}"],
        bold=sentence.bold,
        rest=sentence.rest,
        actions=[_switch(desk), print_action()],
    )
    return html.Div([head, *_figures(desk, leads), _cards(desk, leads)])


def _switch(desk: Desk) -> Component:
    days = month_ends(desk.services.today, MONTHS_BACK)
    return stichtag_control(desk.services, PAGE.path, desk.params, at=desk.at, days=days)


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def shows(services: Services, viewer: Viewer) -> frozenset[str]:
    """Figures the page shows because settings or proposals name them."""
    return waiting_metrics(services, viewer)


def _consequence(leads: Sequence[Lead]) -> str:
    urgent = most_urgent(leads)
    if urgent is None:
        return ""
    if "produkt" in urgent.where:
        return messages.budget_outlook(urgent.where["produkt"], urgent.value)
    told = [f"{urgent.figure.label} {urgent.figure.comparable}", urgent.soll]
    told += [f"veraltet, Stand {urgent.figure.stand}"] if urgent.figure.stale else []
    return f"{', '.join(words for words in told if words)}."


def _figures(desk: Desk, leads: Sequence[Lead]) -> list[Component]:
    tiles = [_tile(desk, item) for item in leads]
    aid = reading_aid(noted=any(item.figure.is_noted for item in leads))
    return [
        region("Leitkennzahlen", [tile_row(*tiles), aid], class_name="not-mobile"),
        *_mobile_figures(desk, leads),
    ]


def _tile(desk: Desk, item: Lead) -> Component:
    origin = desk.origin(item.figure.metric_id, item.where)
    cockpit, drill = desk.cockpit(item.cockpit), desk.drill(item.figure.metric_id, item.where)
    return tile(item.figure, origin_href=origin, href=cockpit, drill_href=drill)


def _mobile_figures(desk: Desk, leads: Sequence[Lead]) -> list[Component]:
    """On small screens what needs attention comes first, the rest becomes a list."""
    flagged, good, open_ = by_urgency(leads)
    parts = []
    if flagged:
        tiles = tile_row(*(_tile(desk, item) for item in flagged))
        parts.append(_mobile_region("Handeln und beobachten", len(flagged), tiles))
    for title, items in (("Im Plan", good), ("Ohne Bewertung", open_)):
        if items:
            lines = [
                (i.figure, desk.cockpit(i.cockpit) or desk.origin(i.figure.metric_id, i.where)) for i in items
            ]
            parts.append(_mobile_region(title, len(items), compact_list(lines)))
    return parts


def _mobile_region(title: str, count: int, body: Component) -> Component:
    """Part of the small screen; how many figures it holds stands beside its heading."""
    counted = html.P(texts.plural(count, "Kennzahl", "Kennzahlen"), className="region-count")
    return region(title, [counted, body], visible=True, class_name="mobile-block counted")


def _cards(desk: Desk, leads: Sequence[Lead]) -> Component:
    return grid(
        cell(5, guarded(DECISIONS, lambda: _decision_card(desk, leads))),
        cell(4, guarded("Leistungen online", lambda: _curve_card(desk))),
        cell(3, guarded(DATES_TITLE, lambda: _dates_card(desk))),
    )


def _decision_card(desk: Desk, leads: Sequence[Lead]) -> Component:
    owners = {metric_id: target.owner for metric_id, target in desk.services.catalog.targets.items()}
    proposals = proposals_for(desk.services, desk.viewer)
    figures = rated_figures(desk.services, desk.viewer, leads, proposals, desk.at)
    points = decisions(proposals, figures, desk.at, owners=owners)
    if not points:
        nothing = empty(messages_entscheidungen.NOTHING, link=("Alle Punkte", PROPOSE))
        return card(DECISIONS, nothing)
    shown = points[:SHOWN]
    return card(
        DECISIONS,
        point_list(shown),
        subtitle=messages_entscheidungen.count_words(len(shown), len(points)),
        foot=["Vorschläge der zuständigen Stellen", quiet_link("Alle Punkte", PROPOSE)],
    )


def _curve_card(desk: Desk) -> Component:
    history = desk.ask(ONLINE, by=("period",), between=(date(desk.at.year - CURVE_YEARS, 1, 1), desk.at))
    flow = desk.ask(FLOW, by=("period",), between=(add_months(desk.at.replace(day=1), -30), desk.at))
    rule = rule_for(desk.services.catalog, ONLINE, scope=desk.viewer.scope, where={}, on=desk.at)
    known = ozg.projection_of(desk.services.models(), ONLINE)
    ahead = ozg.course(history, desk.at, rule, monthly_amounts(flow), known[1] if known else None)
    now = ozg.standing(desk.ask(ONLINE, at=desk.at), desk.at)
    if not ahead.ist:
        return card("Leistungen online", empty("Noch keine Leistungen eingestuft."))
    gap, soll, ist = ozg_band.soll_words(now)
    outlook = ahead.forecast
    data = SCurve(
        ist=ahead.ist,
        soll=ahead.soll,
        forecast=outlook,
        gap_note=gap,
        soll_note=soll,
        ist_note=ist,
        rating=now.rating,
        measure="Anteil online ab Reifegrad 3",
    )
    definition = desk.services.catalog.metric(ONLINE).definition
    first, last = span_of(data)
    # The latest ones only: with the list of their words the card keeps its height on the first screen.
    marks = latest(marks_of(desk.services, desk.viewer, (ONLINE,), first=first, last=last), MARKS)
    goal = ahead.goal
    foot = [f"{definition.number} · {source_words(history)}"]
    if href := desk.cockpit("ozg"):
        foot_parts: list[Component | str] = [*foot, quiet_link("Cockpit öffnen", href)]
    else:
        foot_parts = list(foot)
    return chart_card(
        "start-verlauf",
        messages.goal_gap(
            outlook.value if outlook else None,
            goal[1] if goal else None,
            goal[0].year if goal else None,
            outlook.low if outlook else None,
            outlook.high if outlook else None,
        ),
        drilling_days(
            annotated(s_curve(data, height=218 - MARK_HEIGHT * len(marks)), marks, by_date(first, last)),
            ONLINE,
            desk.services.snapshot().business_date,
        ),
        subtitle=f"Anteil ab Reifegrad 3 an {texts.plural(now.total, 'Einzelleistung', 'Einzelleistungen')}",
        foot=foot_parts,
        below=mark_list(marks, brief=True),
        class_name="head-below",
    )


def _dates_card(desk: Desk) -> Component:
    known = appointments(desk.services.records(desk.viewer, "calendar", limit=10_000).dicts())
    dates = coming(known, desk.at, DATES)
    if not dates:
        return card(DATES_TITLE, empty("Keine Termine eingetragen.", link=("Alle Termine", "/termine")))
    items = [
        html.Li(
            [
                html.Span(formats.day_short(item.on_date), className="date-day"),
                html.Span(item.title, className="date-title"),
                html.Span(item.detail, className="date-text"),
            ]
        )
        for item in dates
    ]
    return card(
        DATES_TITLE,
        html.Ul(items, className="dates"),
        subtitle=f"bis {formats.day(dates[-1].on_date)}",
        foot=["Sitzungskalender", quiet_link("Alle Termine", "/termine")],
    )
