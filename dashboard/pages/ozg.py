"""OZG-Fortschritt: werden wir rechtzeitig fertig?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import ozg, ozg_band
from dashboard.cockpits.filter_controls import Filters, cockpit_filters, read_filters
from dashboard.cockpits.marken import marks_of
from dashboard.cockpits.selection import THEMENFELD
from dashboard.components.address import address, origin_address
from dashboard.components.attributes import aria
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import drilling, drilling_days
from dashboard.components.filters import Choice, segments
from dashboard.components.guard import guarded
from dashboard.components.layout import (
    card,
    cell,
    grid,
    jump_links,
    page_head,
    print_action,
    quiet_link,
    region,
)
from dashboard.components.legend import STAGES_ONLINE_FIRST, legend
from dashboard.components.provenance import foot_line, number_line, source_line, stale_words
from dashboard.components.remarks import mark_list
from dashboard.components.states import empty_filter
from dashboard.components.tile import BandEntry, band
from dashboard.figures.chart import Chart
from dashboard.figures.marks import annotated, by_date
from dashboard.figures.s_curve import SCurve, s_curve, span_of
from dashboard.figures.share_bars import share_bars
from dashboard.figures.stacked_themenfeld import stacked_themenfeld
from dashboard.figures.step_bars import step_bars
from dashboard.page import Page
from dashboard.pages._ozg_merkmale import JUMPS, attribute_sections
from dashboard.sentence import Sentence, dated
from dashboard.texts import plural
from metrics.goal import rule_for
from metrics.models.progress import ProgressModel, monthly_amounts
from metrics.result import MetricResult

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page(
    id="ozg", path="/ozg-fortschritt", title="OZG-Fortschritt", group="Cockpits", icon="ozg", order=20
)
KIND, BUNDLES = "art", "buendel"
SERVICES_METRIC, BUNDLES_METRIC, FLOW = "ozg_online_share", "ozg_bundle_online_share", "ozg_new_online_count"
EVER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every card needs: the door for this viewer, the filters, and addresses."""

    services: Services
    viewer: Viewer
    filters: Filters
    metric: str

    @property
    def of_bundles(self) -> bool:
        """Whether bundles are shown instead of single services; the two are never mixed."""
        return self.metric == BUNDLES_METRIC

    @property
    def where(self) -> dict[str, str]:
        """Conditions of the population shown; bundles touch many units and know no unit filter."""
        return self.filters.selection.where(unit=not self.of_bundles)

    @property
    def at(self) -> date:
        """Stichtag."""
        return self.filters.selection.at

    @property
    def today(self) -> date:
        """Business date of the snapshot."""
        return self.filters.selection.today

    def ask(self, metric_id: str, *, where: Mapping[str, str] | None = None, **more: Any) -> MetricResult:
        """Ask the door at the Stichtag."""
        asked = self.where if where is None else where
        return self.services.query(self.viewer, metric_id, where=dict(asked), **{"at": self.at, **more})

    def origin(self, metric_id: str, where: Mapping[str, str] | None = None) -> str:
        """Address of this view with the origin of a figure open."""
        return origin_address(
            PAGE.path,
            self.filters.params,
            metric_id,
            self.where if where is None else where,
            at=self.filters.selection.past,
        )

    def drilling(self, chart: Chart, metric_id: str) -> Chart:
        """The chart by Themenfeld with rows that lead deeper."""
        where = {name: value for name, value in self.where.items() if name != THEMENFELD}
        return drilling(chart, metric_id, THEMENFELD, where=where, at=self.filters.selection.past)

    def number(self, metric_id: str) -> str:
        """„OZG-01“."""
        return self.services.catalog.metric(metric_id).definition.number

    def source(self, result: MetricResult) -> Component:
        """Source and Datenstand of a figure."""
        return source_line(result, self.services.settings.zone)

    def stand(self, metric_id: str, result: MetricResult) -> Component:
        """Number and Datenstand of a figure."""
        return number_line(self.number(metric_id), result, self.services.settings.zone)

    @property
    def projection(self) -> tuple[str, ProgressModel] | None:
        """The city's projection of the figure shown, by name."""
        return ozg.projection_of(self.services.models(), self.metric)

    @property
    def reset_href(self) -> str:
        """Address without filters."""
        kept = {KIND: BUNDLES} if self.of_bundles else {}
        return address(PAGE.path, kept)


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    metric = BUNDLES_METRIC if params.get(KIND) == BUNDLES else SERVICES_METRIC
    desk = Desk(services, viewer, read_filters(services, viewer, params, metric), metric)
    now = ozg.standing(desk.ask(metric), desk.at)
    ahead = _course(desk)
    pace = _pace(desk, ahead)
    stale = stale_words(desk.ask(metric), services.settings.zone)
    sentence = dated(_sentence(desk, now, ahead, pace), stale)
    below = None if desk.of_bundles else jump_links(JUMPS)
    switch = _switch(desk)
    controls = cockpit_filters(PAGE.path, desk.filters, unit=not desk.of_bundles, first=switch, end=below)
    head = page_head(PAGE.title, bold=sentence.bold, rest=sentence.rest, actions=[print_action()])
    figures = guarded("Kennzahlen", lambda: band(_entries(desk, now, ahead, pace)))
    parts = [head, controls, region("Stand und Verlauf", [figures, _cards(desk, now, ahead)])]
    if not desk.of_bundles:
        parts += attribute_sections(services, viewer, desk.filters, PAGE.path)
    return html.Div(parts)


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def _cards(desk: Desk, now: ozg.Standing, ahead: ozg.Course) -> Component:
    left = [guarded("Leistungen online", lambda: _curve_card(desk, now, ahead))]
    fields: Callable[[], Component] = lambda: _bundle_card(desk)  # noqa: E731
    if not desk.of_bundles:
        left.append(guarded("Laufende Projekte nach Schritt", lambda: _step_card(desk)))
        fields = lambda: _field_card(desk)  # noqa: E731
    return grid(cell(5, *left), cell(7, guarded("Reifegrad nach Themenfeld", fields)))


def _switch(desk: Desk) -> Component:
    filters = desk.filters
    counts = {
        metric: desk.services.query(desk.viewer, metric, at=desk.at).total
        for metric in (SERVICES_METRIC, BUNDLES_METRIC)
    }
    words = {SERVICES_METRIC: "Einzelleistungen", BUNDLES_METRIC: "OZG-Leistungen"}
    options = []
    for metric, total in counts.items():
        count = formats.number(total.denominator if total else None)
        href = address(PAGE.path, filters.params, **{KIND: BUNDLES if metric == BUNDLES_METRIC else None})
        options.append(Choice(f"{words[metric]} ({count})", href, metric == desk.metric))
    return segments("Grundgesamtheit", options)


def _course(desk: Desk) -> ozg.Course:
    history = desk.ask(desk.metric, by=("period",), between=(EVER, desk.at))
    scope = desk.viewer.scope
    rule = rule_for(desk.services.catalog, desk.metric, scope=scope, where=desk.where, on=desk.at)
    known = desk.projection
    model = known[1] if known else None
    if desk.of_bundles:
        return ozg.course(history, desk.at, rule, model=model)
    flow = desk.ask(FLOW, by=("period",), between=(EVER, desk.at))
    return ozg.course(history, desk.at, rule, monthly_amounts(flow), model)


def _pace(desk: Desk, ahead: ozg.Course) -> float | None:
    """Members a month: for services the metric of the flow, for bundles the net change observed."""
    if desk.of_bundles:
        return float(ahead.band.latest) if ahead.band else None
    total = desk.ask(FLOW).total
    months = desk.services.catalog.metric(FLOW).definition.window_months
    return None if total is None or total.value is None else float(total.value) / months


def _sentence(desk: Desk, now: ozg.Standing, ahead: ozg.Course, pace: float | None) -> Sentence:
    if desk.of_bundles:
        return messages.bundles(now.online, now.total)
    before = _before(desk)
    needed = None if ahead.needed is None else float(ahead.needed)
    return messages.ozg_progress(now.online, now.total, now.target, pace, needed, before.gap)


def _before(desk: Desk) -> ozg.Standing:
    past = ozg.month_before(desk.at)
    return ozg.standing(desk.ask(desk.metric, at=past), past)


def _entries(desk: Desk, now: ozg.Standing, ahead: ozg.Course, pace: float | None) -> list[BandEntry]:
    stale = stale_words(desk.ask(desk.metric), desk.services.settings.zone)
    window = desk.services.catalog.metric(FLOW).definition.window_months
    link = desk.origin(desk.metric)
    if desk.of_bundles:
        return [
            ozg_band.online_entry(now, "Bündel online", stale, link),
            ozg_band.pace_entry(pace, ahead, window, link, label="Zuwachs"),
        ]
    unit_only = desk.filters.selection.where(themenfeld=False)
    done = desk.ask("ozg_project_done_share", where=unit_only)
    states = ozg.buckets(desk.ask("ozg_project_status_count", where=unit_only))
    top20 = ozg.standing(desk.ask("ozg_top20_online_share"), desk.at)
    return [
        ozg_band.online_entry(now, "Online ab Reifegrad 3", stale, link),
        ozg_band.gap_entry(now, _before(desk), link),
        ozg_band.pace_entry(pace, ahead, window, desk.origin(FLOW)),
        ozg_band.projects_entry(done, states, desk.origin("ozg_project_done_share", unit_only)),
        ozg_band.top20_entry(
            top20, desk.origin("ozg_top20_online_share"), past=not desk.filters.selection.is_today
        ),
    ]


def _curve_card(desk: Desk, now: ozg.Standing, ahead: ozg.Course) -> Component:
    if now.online is None or not ahead.ist:
        return card("Leistungen online", empty_filter("Leistungen", desk.reset_href))
    noun = ("OZG-Leistung", "OZG-Leistungen") if desk.of_bundles else ozg_band.MEMBERS
    gap, soll, ist = ozg_band.soll_words(now)
    data = SCurve(
        ist=ahead.ist,
        soll=ahead.soll,
        forecast=ahead.forecast,
        gap_note=gap,
        soll_note=soll,
        ist_note=ist,
        rating=now.rating,
        events=[event for event in ozg.EVENTS if ahead.ist[0][0] <= event[0]],
        measure="Anteil online ab Reifegrad 3",
    )
    chart = s_curve(data, height=400 if desk.of_bundles else 226)
    first, last = span_of(data)
    where = desk.filters.selection.where()
    marks = marks_of(desk.services, desk.viewer, (desk.metric,), where, first=first, last=last)
    nouns = noun if desk.of_bundles else ("eigenen Einzelleistung", "eigenen Einzelleistungen")
    result = desk.ask(desk.metric)
    return chart_card(
        "ozg-verlauf",
        "OZG-Leistungen (Bündel) online" if desk.of_bundles else messages.curve(now.gap, _before(desk).gap),
        drilling_days(
            annotated(chart, marks, by_date(first, last)), desk.metric, desk.today, where=desk.where
        ),
        subtitle=f"Anteil ab RG 3 an {plural(now.total, *nouns)}",
        foot=[foot_line(*_assumed(desk, ozg_band.band_note(ahead, noun))), desk.stand(desk.metric, result)],
        origin_href=desk.origin(desk.metric),
        below=mark_list(marks),
    )


def _assumed(desk: Desk, note: str) -> list[Component | str]:
    """What the Prognose rests on, with the way to the dated assumptions where the city has a model."""
    if desk.projection is None:
        return [note]
    href = f"/modelle?modell={desk.projection[0]}"
    return [note, ". ", quiet_link("Annahmen", href, **aria(label="Annahmen der Prognose"))]


def _step_card(desk: Desk) -> Component:
    where = desk.filters.selection.where(themenfeld=False)
    counts = desk.ask("ozg_project_step_count", where=where)
    days = desk.ask("ozg_project_step_days", by=("step",), where=where)
    rows = ozg.step_rows(counts, days, desk.services.settings.terms.unit)
    running = sum(row.projects for row in rows)
    if not running:
        return card("Laufende Projekte nach Schritt", empty_filter("laufenden Projekte", desk.reset_href))
    fields = ", alle Themenfelder" if desk.filters.selection.themenfeld else ""
    projects = plural(running, "laufendes Projekt", "laufende Projekte")
    return chart_card(
        "ozg-schritte",
        messages.bottleneck(ozg.bottleneck(rows), any(None not in (row.days, row.days_soll) for row in rows)),
        _steps_drilling(desk, step_bars(rows, caption="Laufende Umsetzungsprojekte nach Schritt")),
        subtitle=f"{projects} nach Schritt{fields}, mittlere Verweildauer",
        foot=[foot_line(_window(desk, days)), desk.stand("ozg_project_step_days", days)],
        origin_href=desk.origin("ozg_project_step_days", where),
    )


def _steps_drilling(desk: Desk, chart: Chart) -> Chart:
    where, unit = desk.filters.selection.where(themenfeld=False), desk.services.settings.terms.unit
    names = ozg.step_names(unit)
    past = desk.filters.selection.past
    return drilling(chart, "ozg_project_step_days", "step", where=where, at=past, names=names)


def _window(desk: Desk, days: MetricResult) -> str:
    months = desk.services.catalog.metric(days.metric_id).definition.window_months
    last = max((row.period for row in days.rows if row.period), default=None)
    return f"Tage: beendete Schritte in {months} Monaten bis {formats.month(last)}"


def _field_card(desk: Desk) -> Component:
    stages = desk.ask("reifegrad_distribution", by=("themenfeld",))
    shares = desk.ask(SERVICES_METRIC, by=("themenfeld",))
    rows = ozg.level_rows(stages, shares, "themenfeld")
    if not rows:
        return card("Reifegrad nach Themenfeld", empty_filter("Leistungen", desk.reset_href))
    above, total, target = ozg.above_target(shares)
    return chart_card(
        "ozg-themenfelder",
        messages.fields_above(above, total, target),
        desk.drilling(stacked_themenfeld(rows, soll=target, row_height=39), SERVICES_METRIC),
        subtitle="Einzelleistungen nach Reifegrad, Anteil in Prozent, im Balken Anzahl",
        legend=legend(STAGES_ONLINE_FIRST),
        foot=[desk.source(stages), desk.number("reifegrad_distribution")],
        origin_href=desk.origin("reifegrad_distribution"),
    )


def _bundle_card(desk: Desk) -> Component:
    result = desk.ask(BUNDLES_METRIC, by=("themenfeld",))
    rows = ozg.share_rows(result, "themenfeld")
    if not rows:
        return card("OZG-Leistungen nach Themenfeld", empty_filter("OZG-Leistungen", desk.reset_href))
    return chart_card(
        "ozg-buendel",
        "OZG-Leistungen nach Themenfeld",
        desk.drilling(share_bars(rows, first="Themenfeld", noun="OZG-Leistungen"), BUNDLES_METRIC),
        subtitle="OZG-Leistungen (Bündel) online ab Reifegrad 3, ganze Stadt, im Balken Anzahl",
        foot=[foot_line(desk.source(result)), desk.number(BUNDLES_METRIC)],
        origin_href=desk.origin(BUNDLES_METRIC),
    )
