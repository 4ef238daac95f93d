"""DMS-Rollout / E-Akte: wer arbeitet schon elektronisch?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import dimension_words, formats
from dashboard import messages_dms as words
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import dms as view
from dashboard.cockpits.selection import (
    MONTHS_BACK,
    Option,
    options_of,
    unit_names,
    unit_shorts,
)
from dashboard.cockpits.stichtag import stichtag_control
from dashboard.components import dms_cards
from dashboard.components.address import address, origin_address
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import drilling, drilling_days, drills
from dashboard.components.filters import STICHTAG, choices, filter_bar, menu, month_ends, reset_link
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, page_head, print_action, region
from dashboard.components.legend import legend
from dashboard.components.provenance import number_line, source_line, stale_words
from dashboard.components.states import empty, empty_filter
from dashboard.components.tile import band
from dashboard.figures.chart import Chart
from dashboard.figures.share_bullets import share_bullets
from dashboard.figures.step_line import StepLine, Wave, step_line
from dashboard.page import Page
from dashboard.sentence import Sentence
from metrics.goal import rule_for
from metrics.question import add_months
from metrics.result import Cell, MetricResult

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page(
    id="dms", path="/dms-rollout", title="DMS-Rollout / E-Akte", group="Cockpits", icon="dms", order=54
)
WORKPLACES, LICENCES, MAIL_IN = "dms_workplace_share", "dms_licence_share", "dms_mail_in_live_share"
TRAINING, SCANS = "dms_training_share", "dms_file_scan_share"
FILTERS = (*view.NAMES.values(), STICHTAG)
YEARS = 5
BY_UNIT = (view.UNIT,)


@dataclass
class Desk:
    """What every card needs: the door for this viewer, the choice, names of units, and addresses."""

    services: Services
    viewer: Viewer
    choice: view.Choice
    offered: Mapping[str, list[Option]]
    params: Mapping[str, str]
    names: Mapping[str, str]
    shorts: Mapping[str, str]

    def ask(self, metric_id: str, **more: Any) -> MetricResult:
        """Ask the door at the Stichtag."""
        question: dict[str, Any] = {"where": self.choice.where, "at": self.choice.at, **more}
        return self.services.query(self.viewer, metric_id, **question)

    def origin(self, metric_id: str) -> str:
        """Address of this view with the origin of a figure open."""
        return origin_address(PAGE.path, self.params, metric_id, self.choice.where, at=self.choice.past)

    @property
    def today(self) -> date:
        """Business date of the snapshot."""
        return self.services.snapshot().business_date

    def drilling(self, chart: Chart, metric_id: str) -> Chart:
        """The chart by unit with rows that lead deeper."""
        where, past = self.choice.where, self.choice.past
        return drilling(chart, metric_id, view.UNIT, where=where, at=past, names=self.names)

    def number(self, metric_id: str) -> str:
        """„DMS-01“."""
        return self.services.catalog.metric(metric_id).definition.number

    def source(self, result: MetricResult) -> Component:
        """Source and Datenstand of a figure."""
        return source_line(result, self.services.settings.zone)

    @property
    def unit_word(self) -> str:
        """„Fachdienst“, as the town calls it."""
        return self.services.settings.terms.unit

    @property
    def sees_all(self) -> bool:
        """Whoever sees the whole town can number its waves."""
        return self.viewer.scope.units is None

    @property
    def window(self) -> tuple[date, date]:
        """Months the step line shows."""
        return add_months(self.choice.at.replace(day=1), -12 * YEARS), self.choice.at

    @cached_property
    def line(self) -> StepLine:
        """Ist by month, Soll and waves of the selection."""
        history = self.services.query(
            self.viewer, WORKPLACES, by=("period",), between=self.window, where=self.choice.where
        )
        steps = view.steps_of(history, self.choice.at)
        rule = rule_for(
            self.services.catalog,
            WORKPLACES,
            scope=self.viewer.scope,
            where=self.choice.where,
            on=self.choice.at,
        )
        total = self.ask(WORKPLACES).total
        rating = total.rating if total else "neu"
        return StepLine(steps, view.soll_of(rule, steps), self.waves, rating, at=self.choice.at)

    @property
    def waves(self) -> list[Wave]:
        """Waves of the viewer's units; numbers only for the whole town, a choice keeps the numbers."""
        every = self.services.query(self.viewer, WORKPLACES, by=("period", view.UNIT), between=self.window)
        past = view.waves_of(every, self.shorts, self.choice.at, numbered=self.sees_all)
        ahead = []
        if self.choice.past is None and not self.choice.units and self.sees_all:
            dates = self.services.records(self.viewer, "appointments", limit=1000).dicts()
            ahead = view.planned_waves(dates, self.choice.at, len(past), numbered=True)
        if not self.choice.units:
            return [*past, *ahead]
        chosen = {
            self.shorts.get(str(row.keys[view.UNIT]), "") for row in self.ask(WORKPLACES, by=BY_UNIT).rows
        }
        return view.only_units(past, frozenset(chosen))


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    desk = _desk(services, viewer, params)
    sentence = _sentence(desk)
    head = page_head(PAGE.title, bold=sentence.bold, rest=sentence.rest, actions=[print_action()])
    if not desk.line.steps and not desk.choice.params:
        nothing = empty("Noch kein Bericht zum DMS.", link=("Datenquellen ansehen", "/datenquellen"))
        return html.Div([head, nothing])
    return html.Div(
        [
            head,
            _filters(desk),
            guarded("Kennzahlen", lambda: _band(desk)),
            region("Stand der Einführung", _cards(desk)),
        ]
    )


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def _desk(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Desk:
    units = services.records(viewer, "org_units", limit=10_000)
    names = unit_names(units)
    offered = {
        level: options_of(services.query(viewer, WORKPLACES, by=(level,)), level, names)
        for level in view.LEVELS
    }
    choice = view.read_choice(params, services.snapshot().business_date, offered)
    kept = {name: value for name, value in params.items() if name not in FILTERS}
    return Desk(services, viewer, choice, offered, {**kept, **choice.params}, names, unit_shorts(units))


def _sentence(desk: Desk) -> Sentence:
    result = desk.ask(WORKPLACES)
    total = result.total or Cell(None, {}, None)
    known = total.numerator is not None and bool(total.denominator)
    goal, steps = view.goal_ahead(desk.line.soll, desk.choice.at), desk.line.steps
    old = stale_words(result, desk.services.settings.zone).removeprefix("veraltet, ")
    return words.rollout(
        int(total.numerator or 0) if known else None,
        int(total.denominator or 0),
        total.target,
        goal=goal,
        pace=view.pace(steps),
        needed=view.needed(steps, goal, desk.choice.at),
        stale=old,
    )


def _filters(desk: Desk) -> Component:
    controls = [
        menu(_level_word(desk, level), choices(PAGE.path, desk.params, view.NAMES[level], options))
        for level, options in desk.offered.items()
        if len(options) > 2 or level in desk.choice.units
    ]
    days = month_ends(desk.services.today, MONTHS_BACK)
    controls.append(stichtag_control(desk.services, PAGE.path, desk.params, at=desk.choice.at, days=days))
    reset = reset_link(PAGE.path, desk.params, FILTERS)
    return filter_bar(*controls, end=reset)


def _level_word(desk: Desk, level: str) -> str:
    return desk.unit_word if level == view.LEVELS[-1] else dimension_words.DIMENSIONS[level]


def _band(desk: Desk) -> Component:
    """Workplaces and licences are two figures with two denominators."""
    wanted = (
        (WORKPLACES, "Arbeitsplätze angebunden", "", "ohne Soll"),
        (LICENCES, "Lizenzen in Nutzung", "Lizenzen", ""),
        (MAIL_IN, "Digitaler Posteingang", "Einheiten", "im Echtbetrieb"),
        (TRAINING, "Für das DMS geschult", "", "Mitarbeitende"),
        (SCANS, "Papierakten eingescannt", "Akten", ""),
    )
    return band(
        [
            dms_cards.entry(label, desk.ask(name), noun, desk.origin(name), context)
            for name, label, noun, context in wanted
        ]
    )


def _cards(desk: Desk) -> Component:
    unit = desk.unit_word
    return grid(
        cell(6, guarded("Angebundene Arbeitsplätze", lambda: _line_card(desk))),
        cell(6, guarded(f"Arbeitsplätze nach {unit}", lambda: _unit_card(desk))),
        cell(12, guarded("Digitaler Posteingang", lambda: _mail_card(desk))),
        cell(6, guarded("Schulungsstand", lambda: _training_card(desk))),
        cell(6, guarded("Eingescannte Papierakten", lambda: _scan_card(desk))),
    )


def _nothing(desk: Desk, title: str, what: str) -> Component:
    if desk.choice.params:
        reset = address(PAGE.path, desk.params, **dict.fromkeys(FILTERS))
        return card(title, empty_filter(what, reset))
    return card(title, empty("Noch keine Werte."))


def _line_card(desk: Desk) -> Component:
    result = desk.ask(WORKPLACES)
    line, total = desk.line, result.total
    if not line.steps or total is None:
        return _nothing(desk, "Angebundene Arbeitsplätze", "Arbeitsplätze")
    swatches = [("line-ist", "Ist"), *([("line-soll", "Soll")] if line.soll else []), ("intro", "Welle")]
    places = formats.number(line.steps[-1].whole)
    return chart_card(
        "dms-wellen",
        words.workplaces_title(total.value, total.target),
        drilling_days(step_line(line, height=320), WORKPLACES, desk.today, where=desk.choice.where),
        subtitle=f"Anteil angebundener Büroarbeitsplätze, in Prozent von zuletzt {places}, mit Wellen",
        legend=legend(swatches),
        foot=[desk.source(result), desk.number(WORKPLACES)],
        origin_href=desk.origin(WORKPLACES),
    )


def _unit_card(desk: Desk) -> Component:
    result = desk.ask(WORKPLACES, by=BY_UNIT)
    rows = view.bullets_of(result, desk.names, desk.shorts)
    if not rows:
        return _nothing(desk, "Arbeitsplätze je Einheit", "Arbeitsplätze")
    return chart_card(
        "dms-einheiten",
        words.mostly_title(view.mostly(rows), len(rows)),
        desk.drilling(
            share_bullets(
                rows, first=desk.unit_word, part="angebunden", whole="Büroarbeitsplätze", row_height=22
            ),
            WORKPLACES,
        ),
        subtitle=f"Büroarbeitsplätze je {desk.unit_word}; überwiegend: mindestens die Hälfte",
        legend=legend([("ist", "angebunden"), ("plan", "alle Arbeitsplätze")]),
        foot=[desk.source(result), desk.number(WORKPLACES)],
        origin_href=desk.origin(WORKPLACES),
    )


def _mail_card(desk: Desk) -> Component:
    totals = {name: desk.ask(name) for name in dms_cards.METRICS}
    lines = view.unit_lines(
        desk.ask(WORKPLACES, by=BY_UNIT),
        desk.ask(LICENCES, by=BY_UNIT),
        desk.ask(MAIL_IN, by=(view.UNIT, "mail_in_status")),
        desk.ask(TRAINING, by=BY_UNIT),
        desk.names,
    )
    units = {name: unit for unit, name in desk.names.items()}
    links = drills(MAIL_IN, view.UNIT, units, where=desk.choice.where, at=desk.choice.past)
    return dms_cards.units_card(lines, totals, desk.services.settings.zone, desk.origin(MAIL_IN), links)


def _training_card(desk: Desk) -> Component:
    result, by_unit = desk.ask(TRAINING), desk.ask(TRAINING, by=BY_UNIT)
    total = result.total or Cell(None, {}, None)
    title = words.trained_title(total.numerator, total.denominator)
    rows = view.bullets_of(by_unit, desk.names, desk.shorts)
    if not rows:
        return _nothing(desk, title, "Schulungen")
    return chart_card(
        "dms-schulung",
        title,
        desk.drilling(
            share_bullets(rows, first=desk.unit_word, part="geschult", whole="Mitarbeitende", row_height=22),
            TRAINING,
        ),
        subtitle=f"An einer Schulung teilgenommen, je {desk.unit_word}; Rahmen = alle zu Schulenden",
        foot=[desk.source(by_unit), desk.number(TRAINING)],
        origin_href=desk.origin(TRAINING),
    )


def _scan_card(desk: Desk) -> Component:
    result, by_unit = desk.ask(SCANS), desk.ask(SCANS, by=BY_UNIT)
    total = result.total or Cell(None, {}, None)
    title = words.scanned_title(total.numerator, total.denominator)
    rows = view.bullets_of(by_unit, desk.names, desk.shorts)
    if not rows:
        return _nothing(desk, title, "Papierakten")
    return chart_card(
        "dms-akten",
        title,
        desk.drilling(
            share_bullets(rows, first=desk.unit_word, part="eingescannt", whole="Papierakten", row_height=22),
            SCANS,
        ),
        subtitle=f"Eingescannt und freigegeben, je {desk.unit_word}; Rahmen = alle einzuscannenden Akten",
        foot=[number_line(desk.number(SCANS), by_unit, desk.services.settings.zone)],
        origin_href=desk.origin(SCANS),
    )
