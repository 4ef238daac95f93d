"""Aufgliederung: one figure from the whole city down to the records it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_drill
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import aufgliederung as view
from dashboard.cockpits.datensaetze import read_view
from dashboard.cockpits.einheiten import Units
from dashboard.components.address import origin_address
from dashboard.components.drill import Behind, behind_part, breadcrumb, level_table
from dashboard.components.filters import Choice, filter_bar, menu, month_ends
from dashboard.components.guard import guarded
from dashboard.components.icon import badge
from dashboard.components.key_figure import reference
from dashboard.components.layout import card, page_head, print_action, quiet_link, region, text_link
from dashboard.components.provenance import number_line, source_line
from dashboard.components.records import record_table
from dashboard.components.states import empty
from dashboard.drill_link import DAY, DRILL, LISTS, NEXT, list_address
from dashboard.page import Page
from metrics.catalog import Metric
from metrics.drill import RecordsBehind, records_behind
from metrics.question import period_end
from metrics.result import MetricResult
from warehouse.errors import AccessError, IsekError

if TYPE_CHECKING:
    from dashboard.services import Services

METRIC = "kennzahl"
PAGE = Page("aufgliederung", DRILL, "Aufgliederung", "Fuß", "steps", ALL_COCKPITS, 920, parts=(METRIC,))
NOTHING = "Diese Kennzahl gibt es nicht, oder für diese Auswahl fehlt die Berechtigung."
MONTHS_BACK = 24
PREVIEW = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """What every card needs: the door for this viewer and where on the path it stands."""

    services: Services
    viewer: Viewer
    step: view.Step
    params: Mapping[str, str]
    today: date

    @property
    def metric(self) -> Metric:
        """The figure."""
        return self.step.metric

    def ask(self, by: tuple[str, ...] = ()) -> MetricResult:
        """Ask the door for the cut."""
        where: dict[str, Any] = dict(self.step.cut)
        return self.services.query(self.viewer, self.metric.id, by=by, where=where, at=self.step.at)

    @property
    def root(self) -> str:
        """The whole this viewer sees: the city, or the own units."""
        scope = self.viewer.scope
        if scope.units is None or self.metric.definition.scope == "city":
            return self.services.settings.name
        return f"Ihr Bereich ({self.step.words.units.words(scope)})"


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The step of the path the address names; without a figure the way to choose one."""
    if METRIC not in params:
        return _stack(page_head(PAGE.title, rest=messages_drill.CHOOSE), _leading(services))
    metric = services.catalog.metrics.get(params[METRIC])
    if metric is None:
        return _nothing(NOTHING)
    desk = _desk(services, viewer, metric, params)
    try:
        result = desk.ask()
    except AccessError as error:
        return _refused(desk, error)
    except IsekError:
        return _nothing(NOTHING)
    return _page(desk, result)


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services


def _desk(services: Services, viewer: Viewer, metric: Metric, params: Mapping[str, str]) -> Desk:
    units = Units.of(services.records(viewer, "org_units", limit=10_000))
    words = view.Words(units, services.settings.terms.unit)
    today = services.snapshot().business_date
    at = _day(params.get(DAY), today)
    step = view.Step(metric, view.read_cut(params, metric, units), words, at)
    return Desk(services, viewer, step, {k: v for k, v in params.items() if k != METRIC}, today)


def _day(text: str | None, today: date) -> date | None:
    """Return the end of a month before today; what the menu offers is the latest of them."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day < today and day == period_end(day.replace(day=1), "month") else None


def _page(desk: Desk, result: MetricResult) -> Component:
    definition = desk.metric.definition
    if view.is_empty(result):
        return _without_values(desk)
    sentence = messages_drill.standing(result.total, definition, _place(desk), desk.step.at)
    head = page_head(
        f"{definition.number} {definition.label}",
        bold=sentence.bold,
        rest=sentence.rest,
        actions=[print_action()],
    )
    path = breadcrumb(view.crumbs(desk.step, desk.root))
    options = view.next_dimensions(desk.metric, desk.step.cut, desk.step.words.units)
    shown = view.choose(options, desk.params.get(NEXT), desk.ask)
    parts = [_value_card(desk, result)]
    if shown:
        parts.append(guarded("Aufgliederung", lambda: _level_card(desk, shown)))
    parts.append(guarded("Datensätze", lambda: _records_card(desk, result, leaf=shown is None)))
    return _stack(
        head, path, _controls(desk, options, shown), region("Aufgliederung", parts, class_name="stack")
    )


def _without_values(desk: Desk) -> Component:
    """The same whether a value is missing, does not exist, or lies outside what this viewer sees."""
    definition = desk.metric.definition
    reset = ("Auswahl zurücksetzen", desk.step.address({}))
    path = breadcrumb([(desk.root, desk.step.address({})), ("Auswahl ohne Werte", "")])
    head = page_head(f"{definition.number} {definition.label}", rest=definition.question)
    return _stack(head, path, region("Auskunft", card("Keine Werte", empty(NOTHING_HERE, link=reset))))


def _place(desk: Desk) -> str:
    """What the figure holds for: the end of the breadcrumb, within what this viewer sees."""
    *_, (last, _) = view.crumbs(desk.step, desk.root)
    unlimited = desk.viewer.scope.units is None or desk.metric.definition.scope == "city"
    return last if unlimited or not desk.step.cut else f"{desk.root}, {last}"


NOTHING_HERE = "Für diese Auswahl gibt es keine Werte, oder es fehlt die Berechtigung."


def _controls(desk: Desk, options: Sequence[str], shown: str | None) -> Component:
    menus = []
    if len(options) > 1:
        chosen = [
            Choice(desk.step.words.dimension(name), _with(desk, NEXT, name), name == shown)
            for name in options
        ]
        menus.append(menu("Aufgliedern nach", chosen))
    menus += [
        _choice_menu(desk, name) for name in desk.metric.definition.choose_one if _has_choice(desk, name)
    ]
    days = [None, *_days(desk)]
    dates = [
        Choice(
            formats.day(day or desk.today),
            _with(desk, DAY, day.isoformat() if day else None),
            day == desk.step.at,
        )
        for day in days
    ]
    return filter_bar(*menus, menu("Stichtag", dates, icon_name="calendar"))


def _days(desk: Desk) -> list[date]:
    offered = month_ends(desk.today, MONTHS_BACK)
    chosen = desk.step.at
    return offered if chosen is None or chosen in offered else [*offered, chosen]


def _has_choice(desk: Desk, name: str) -> bool:
    return len(_values(desk, name)) > 1


def _values(desk: Desk, name: str) -> list[str]:
    rest = {k: v for k, v in desk.step.cut.items() if k != name}
    other = replace(desk, step=replace(desk.step, cut=rest))
    try:
        rows = other.ask((name,)).rows
    except IsekError:
        return []
    return sorted({value for row in rows if (value := row.keys[name]) is not None})


def _choice_menu(desk: Desk, name: str) -> Component:
    default = desk.metric.definition.choose_one[name]
    present = desk.step.cut.get(name, str(desk.today.year) if default.startswith("@") else default)
    choices = [
        Choice(desk.step.words.value(name, value), desk.step.deeper(name, value), value == present)
        for value in _values(desk, name)
    ]
    return menu(desk.step.words.dimension(name), choices)


def _with(desk: Desk, name: str, value: str | None) -> str:
    step = desk.step if name != DAY else replace(desk.step, at=date.fromisoformat(value) if value else None)
    address = step.address(step.cut)
    if name == NEXT and value:
        address += f"{'&' if '?' in address else '?'}{NEXT}={value}"
    return address


def _value_card(desk: Desk, result: MetricResult) -> Component:
    definition, zone = desk.metric.definition, desk.services.settings.zone
    cell = result.total
    origin = origin_address(
        f"{DRILL}/{desk.metric.id}", desk.params, desk.metric.id,
        {k: v for k, v in desk.step.cut.items() if v is not None}, at=desk.step.at,
    )  # fmt: skip
    if cell is None or definition.kind == "distribution":
        counts = [(view.bucket_words(c.bucket or ""), formats.plain(c.numerator)) for c in result.rows]
        body: Component = html.Dl([e for w, n in counts for e in (html.Dt(w), html.Dd(n))], className="terms")
    else:
        number = html.Span(view.value_words(cell, definition), className="value")
        body = html.Div(
            [
                html.P(number, className="tile-value"),
                badge(cell.rating),
                html.P(reference(cell, definition), className="drill-reference"),
            ],
            className="drill-value",
        )
    feet = [number_line(definition.number, result, zone), quiet_link("Woher kommt diese Zahl?", origin)]
    return card("Wert dieser Auswahl", body, subtitle=definition.question, foot=feet)


def _level_card(desk: Desk, name: str) -> Component:
    title = messages_drill.level_title(desk.step.words.dimension(name))
    try:
        result = desk.ask((name,))
    except AccessError as error:
        return card(title, empty(messages_drill.PROTECTED if view.refused(error) else NOTHING_HERE))
    level = view.level(desk.step, result, name)
    if not level.rows:
        return card(title, empty(NOTHING_HERE))
    definition = desk.metric.definition
    caption = f"{definition.label} nach {level.title}"
    cut_off = view.is_cut_off(desk.metric, desk.step.cut, desk.step.words.units)
    note = [messages_drill.CUT_OFF] if cut_off else []
    zone = desk.services.settings.zone
    body = [
        level_table(level, definition, caption),
        *(html.P(words, className="field-note") for words in note),
    ]
    subtitle = messages_drill.order_words(definition)
    return card(title, body, subtitle=subtitle, foot=[source_line(result, zone)], flush=True)


def _records_card(desk: Desk, result: MetricResult, *, leaf: bool) -> Component:
    definition = desk.metric.definition
    title = "Datensätze dahinter"
    behind = records_behind(desk.services.catalog, desk.metric, desk.step.cut, _year(desk, result))
    if behind is None:
        words = [html.P(messages_drill.no_records(definition, desk.metric.area))]
        if leaf and view.is_cut_off(desk.metric, desk.step.cut, desk.step.words.units):
            words.append(html.P(messages_drill.CUT_OFF))
        return card(title, words)
    found = desk.services.catalog.record_list(behind.list_id)
    parts = _behind(desk, behind, result)
    body = [behind_part(parts)]
    if leaf and parts.total:
        body.append(_preview(desk, behind))
    return card(title, body, subtitle=f"Liste „{found.definition.label}“")


def _year(desk: Desk, result: MetricResult) -> int:
    period = next((row.period for row in result.rows if row.period), None)
    return (period or desk.step.at or desk.today).year


def _behind(desk: Desk, behind: RecordsBehind, result: MetricResult) -> Behind:
    total = _count(desk, behind.list_id, behind.where)
    counted = _count(desk, behind.list_id, behind.counted) if behind.counted else 0
    wider = [desk.step.words.dimension(name) for name in behind.wider]
    return Behind(
        title=desk.metric.definition.label,
        all_href=list_address(behind.list_id, behind.where),
        total=total,
        counted_href=list_address(behind.list_id, behind.counted) if behind.counted else "",
        counted=counted,
        remarks=messages_drill.record_remarks(
            desk.metric.definition, result.total, total, wider, desk.step.at, desk.today
        ),
    )


def _count(desk: Desk, list_id: str, where: Mapping[str, Any]) -> int:
    return desk.services.count_records(desk.viewer, list_id, where)


def _preview(desk: Desk, behind: RecordsBehind) -> Component:
    found = desk.services.catalog.record_list(behind.list_id)
    rows = desk.services.records(desk.viewer, behind.list_id, where=dict(behind.where), limit=PREVIEW)
    shown = read_view({}, behind.list_id, found.definition, desk.step.words.units)
    zone = desk.services.settings.zone
    return record_table(shown, rows, desk.step.words.units, zone, sortable=False)


def _leading(services: Services) -> Component:
    figures = [
        (figure.label, f"{DRILL}/{figure.metric}")
        for figure in services.settings.leitkennzahlen
        if figure.metric in services.catalog.metrics
    ]
    items = html.Ul([html.Li(text_link(str(label), href)) for label, href in figures], className="plain-list")
    ways = html.P([text_link("Alle Kennzahlen", "/kennzahlen"), " · ", text_link("Alle Listen", LISTS)])
    return region("Leitkennzahlen", card("Leitkennzahlen aufgliedern", [items, ways]))


def _refused(desk: Desk, error: AccessError) -> Component:
    definition = desk.metric.definition
    words = messages_drill.PROTECTED if view.refused(error) else NOTHING
    reset = ("Auswahl zurücksetzen", desk.step.address({}))
    head = page_head(f"{definition.number} {definition.label}")
    path = breadcrumb([(desk.root, desk.step.address({})), ("Auswahl nicht gezeigt", "")])
    return _stack(head, path, region("Auskunft", card("Nicht gezeigt", empty(words, link=reset))))


def _nothing(words: str) -> Component:
    return _stack(page_head(PAGE.title), region("Auskunft", card("Keine Zahl", empty(words))))


def _stack(*parts: Component) -> Component:
    return html.Div(list(parts), className="stack drill-page")
