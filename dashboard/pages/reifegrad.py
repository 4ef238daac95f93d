"""Reifegrad: wie tief ist digitalisiert, wer hängt zurück?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages, texts
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import ozg
from dashboard.cockpits import reifegrad as view
from dashboard.cockpits.filter_controls import Filters, cockpit_filters, read_filters
from dashboard.cockpits.selection import UNIT_LEVEL
from dashboard.components.address import address, origin_address
from dashboard.components.bullet import glyph
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import drilling, record_cell
from dashboard.components.filters import STICHTAG, Choice, segments
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, page_head, print_action, quiet_link, region
from dashboard.components.legend import STAGES_OFFLINE_FIRST, legend
from dashboard.components.provenance import foot_line, number_line, source_line, stale_words
from dashboard.components.states import empty, empty_filter
from dashboard.components.table import table
from dashboard.components.transition_matrix import transition_matrix
from dashboard.drill_link import list_address
from dashboard.figures.chart import Chart, Column, linked
from dashboard.figures.diverging_units import diverging_units
from dashboard.figures.reifegrad_columns import reifegrad_columns
from dashboard.page import Page
from dashboard.sentence import Sentence, dated
from metrics.result import Cell, MetricResult

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page(
    id="reifegrad", path="/reifegrad", title="Reifegrad", group="Cockpits", icon="reifegrad", order=30
)
MODEL, LIST, ALL_ROWS = "skala", "liste", "alle"
MODEL_DIMENSION = "reifegrad_modell"
STAGES, ONLINE, END_TO_END = "reifegrad_distribution", "ozg_online_share", "ozg_end_to_end_share"
ALMOST, MOVES = "reifegrad_almost_count", "reifegrad_transition_count"
SERVICES = "services"
FEW, MANY = 5, 200


@dataclass(frozen=True, slots=True)
class Desk:
    """What every card needs: the door for this viewer, the filters, the scale, and addresses."""

    services: Services
    viewer: Viewer
    filters: Filters
    model: str

    @property
    def at(self) -> date:
        """Stichtag."""
        return self.filters.selection.at

    @property
    def since(self) -> date:
        """Day compared with: the end of the year before."""
        return view.year_end_before(self.at)

    @property
    def where(self) -> dict[str, str]:
        """Conditions for the door."""
        chosen = self.filters.selection.where()
        return chosen if self.model == view.MODEL else {**chosen, MODEL_DIMENSION: self.model}

    def ask(self, metric_id: str, **more: Any) -> MetricResult:
        """Ask the door at the Stichtag."""
        return self.services.query(self.viewer, metric_id, **{"where": self.where, "at": self.at, **more})

    def origin(self, metric_id: str) -> str:
        """Address of this view with the origin of a figure open."""
        past = self.filters.selection.past
        return origin_address(PAGE.path, self.filters.params, metric_id, self.where, at=past)

    def drilling(self, chart: Chart) -> Chart:
        """The chart by unit with rows that lead deeper."""
        where = {name: value for name, value in self.where.items() if name != UNIT_LEVEL}
        names, past = self.filters.names, self.filters.selection.past
        return drilling(chart, ONLINE, UNIT_LEVEL, where=where, at=past, names=names)

    def number(self, metric_id: str) -> str:
        """„RG-01“."""
        return self.services.catalog.metric(metric_id).definition.number

    def source(self, result: MetricResult) -> Component:
        """Source and Datenstand of a figure."""
        return source_line(result, self.services.settings.zone)

    def stand(self, metric_id: str, result: MetricResult) -> Component:
        """Number and Datenstand of a figure."""
        return number_line(self.number(metric_id), result, self.services.settings.zone)

    def nothing(self, title: str) -> Component:
        """Card for a selection without services."""
        return card(title, empty_filter("Leistungen", address(PAGE.path, {})))


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    filters = read_filters(services, viewer, params)
    scales = view.models_in(services.query(viewer, STAGES, by=(MODEL_DIMENSION,), at=filters.selection.at))
    wanted = params.get(MODEL, view.MODEL)
    desk = Desk(services, viewer, filters, wanted if wanted in scales else view.MODEL)
    sentence = dated(_sentence(desk), stale_words(desk.ask(STAGES), services.settings.zone))
    head = page_head(PAGE.title, bold=sentence.bold, rest=sentence.rest, actions=[print_action()])
    controls = cockpit_filters(PAGE.path, filters, first=_switch(desk, scales))
    cards = _federal(desk) if desk.model == view.MODEL else _other_scale(desk)
    return html.Div([head, controls, region("Stufen und Einheiten", cards)])


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def _switch(desk: Desk, scales: tuple[str, ...]) -> Component:
    options = []
    for scale in scales:
        href = address(PAGE.path, desk.filters.params, **{MODEL: None if scale == view.MODEL else scale})
        options.append(Choice(view.model_name(scale), href, scale == desk.model))
    return segments("Skala", options)


def _sentence(desk: Desk) -> Sentence:
    if desk.model != view.MODEL:
        levels = ozg.buckets(desk.ask(STAGES))
        return messages.other_scale(view.rated(levels), sum(levels.values()), view.model_name(desk.model))
    online, deep, almost = (_total(desk.ask(name)) for name in (ONLINE, END_TO_END, ALMOST))
    missing = None if almost.value is None else int(almost.value)
    return messages.reifegrad(online.value, deep.value, missing)


def _total(result: MetricResult) -> Cell:
    return result.total or Cell(None, {}, None)


def _federal(desk: Desk) -> Component:
    unit = desk.filters.unit_word
    return grid(
        cell(4, guarded("Einzelleistungen je Reifegrad", lambda: _stair_card(desk))),
        cell(8, guarded(f"Reifegrad nach {unit}", lambda: _unit_card(desk))),
        cell(8, guarded("Kurz vor Reifegrad 3", lambda: _almost_card(desk))),
        cell(4, guarded("Wechsel zwischen den Stufen", lambda: _moves_card(desk))),
    )


def _other_scale(desk: Desk) -> Component:
    return grid(
        cell(6, guarded("Einzelleistungen je Stufe", lambda: _levels_card(desk))),
        cell(6, guarded("Wechsel zwischen den Stufen", lambda: _moves_card(desk))),
    )


def _stair_card(desk: Desk) -> Component:
    result = desk.ask(STAGES)
    now, before = ozg.buckets(result), ozg.buckets(desk.ask(STAGES, at=desk.since)) or None
    if not now:
        return desk.nothing("Einzelleistungen je Reifegrad")
    change = None if before is None else view.online(now) - view.online(before)
    day, past = formats.day(desk.at), formats.day(desk.since)
    swatches = [("vj", past), ("rg4", f"{day} mit Veränderung")] if before else [("rg4", day)]
    mean = formats.number(view.mean_level(now), 2)
    unrated = f" · {formats.number(now[view.UNRATED])} nicht eingestuft" if now.get(view.UNRATED) else ""
    return chart_card(
        "reifegrad-stufen",
        messages.newly_online(change, f"Ende {desk.since.year}"),
        _stages_leading(desk, reifegrad_columns(now, before, now_label=day, before_label=past)),
        subtitle=f"Eigene Einzelleistungen je Reifegrad{unrated}",
        legend=legend(swatches),
        foot=[
            foot_line(desk.stand(STAGES, result), f" · Mittelwert {mean}"),
            _end_to_end(desk),
        ],
        origin_href=desk.origin(STAGES),
    )


def _stages_leading(desk: Desk, chart: Chart) -> Chart:
    """A stage leads to its services; lists have no history, so only at the Stichtag of today."""
    if not desk.filters.selection.is_today:
        return chart
    return linked(
        chart,
        {
            texts.stage(level): list_address(SERVICES, {**desk.where, "reifegrad": level})
            for level in texts.REIFEGRAD
        },
    )


def _end_to_end(desk: Desk) -> Component:
    """Ende-zu-Ende is an attribute of its own and not a stage: it stands beside the stages, never in them."""
    total = _total(desk.ask(END_TO_END))
    words = f"Ende-zu-Ende {formats.number(total.numerator)} ({formats.percent(total.value)})"
    return quiet_link(words, desk.origin(END_TO_END), title=f"{desk.number(END_TO_END)} · {texts.ORIGIN_ONE}")


def _unit_card(desk: Desk) -> Component:
    level, word = "fachdienst", desk.filters.unit_word
    stages, shares = desk.ask(STAGES, by=(level,)), desk.ask(ONLINE, by=(level,))
    rows = ozg.level_rows(stages, shares, level, desk.filters.names)
    if not rows:
        return desk.nothing(f"Reifegrad nach {word}")
    plain = {desk.filters.names[unit]: name for unit, name in desk.filters.plain.items()}
    shorts = {desk.filters.names[unit]: short for unit, short in desk.filters.shorts.items()}
    behind = view.laggards(rows, plain)
    names, limit = (behind.names, behind.below_percent) if behind else ((), None)
    return chart_card(
        "reifegrad-einheiten",
        messages.units_below(names, limit, word),
        desk.drilling(diverging_units(rows, first=word, row_height=21, shorts=shorts)),
        subtitle=f"Einzelleistungen je {word} in Prozent, im Balken Anzahl",
        legend=legend(STAGES_OFFLINE_FIRST),
        foot=[desk.source(stages), desk.number(STAGES)],
        origin_href=desk.origin(STAGES),
    )


def _almost_card(desk: Desk) -> Component:
    if not desk.filters.selection.is_today:
        today = address(PAGE.path, desk.filters.params, **{STICHTAG: None})
        words = "Fehlende Bausteine werden ohne Verlauf geführt und stehen nur zum aktuellen Stichtag fest."
        link = (f"Stichtag {formats.day(desk.filters.selection.today)} ansehen", today)
        return card("Kurz vor Reifegrad 3", empty(words, link=link))
    everything = desk.filters.params.get(LIST) == ALL_ROWS
    limit = MANY if everything else FEW
    found = desk.services.records(desk.viewer, "services_almost_online", where=desk.where, limit=limit)
    rows = [_almost_row(row, desk) for row in found.dicts()]
    noun = texts.plural(found.total, "Leistung", "Leistungen")
    lines = texts.plural(found.total, "Zeile", "Zeilen")
    shown = f"{formats.number(len(rows))} von {lines} · "
    foot = [html.Span([shown, desk.stand(ALMOST, desk.ask(ALMOST))])]
    return card(
        messages.almost(found.total),
        _almost_table(rows, desk) if rows else empty("Hier gibt es zurzeit keine Leistung."),
        subtitle=f"{noun} in Reifegrad 2, sortiert nach Fällen je Jahr",
        foot=[*foot, *_list_links(desk, found.total, everything)],
        flush=True,
    )


def _almost_table(rows: list[tuple[Component | str, ...]], desk: Desk) -> Component:
    head = (
        Column("Leistung"),
        Column(desk.filters.unit_word),
        Column("Reifegrad"),
        Column("Fehlender Baustein"),
        Column("Fälle/Jahr", "right"),
        Column("geplant", "right"),
    )
    return table("Leistungen, denen ein Baustein bis Reifegrad 3 fehlt", head, rows, class_name="almost")


def _almost_row(row: Mapping[str, Any], desk: Desk) -> tuple[Component | str, ...]:
    unit = str(row["org_unit_id"] or "")
    return (
        record_cell(str(row["bezeichnung"]), SERVICES, row["service_id"]),
        desk.filters.shorts.get(unit, texts.dimension_value(unit)),
        glyph(row["reifegrad"]),
        texts.dimension_value(row["missing_block"]),
        formats.number(row["cases_per_year"]),
        formats.month(row["planned_on"]),
    )


def _list_links(desk: Desk, total: int, everything: bool) -> list[Component]:
    links = [quiet_link(texts.ORIGIN_ONE, desk.origin(ALMOST))]
    if total > FEW and everything:
        href = address(PAGE.path, desk.filters.params, **{LIST: None})
        links.append(quiet_link(f"Nur die ersten {FEW} zeigen", href))
    elif total > FEW:
        href = address(PAGE.path, desk.filters.params, **{LIST: ALL_ROWS})
        links.append(quiet_link(f"Alle {formats.number(total)} zeigen", href))
    return links


def _moves_card(desk: Desk) -> Component:
    result = desk.ask(MOVES, by=("from_level", "to_level", "wechsel"))
    moved = view.matrix(result, desk.model)
    if moved is None:
        return desk.nothing(messages.moves(None))
    past = formats.day(desk.since)
    federal = desk.model == view.MODEL
    swatches = [*([("new-online", "neu online")] if federal else []), ("downgraded", "zurückgestuft")]
    links = [quiet_link(texts.ORIGIN_ONE, desk.origin(MOVES))]
    return card(
        messages.moves(moved.count("neu_online") if federal else None),
        transition_matrix(moved, f"Einzelleistungen nach Stufe am {past} und am {formats.day(desk.at)}"),
        subtitle=f"Wechsel seit {past}: Zeile von, Spalte nach",
        foot=[foot_line(desk.stand(MOVES, result)), legend(swatches, inline=True), *links],
        flush=True,
    )


def _levels_card(desk: Desk) -> Component:
    """Other scales are piloted on few services: a table says all there is; levels are never mixed."""
    result = desk.ask(STAGES)
    now, before = ozg.buckets(result), ozg.buckets(desk.ask(STAGES, at=desk.since))
    levels = sorted((level for level in {*now, *before} if level.isdigit()), key=int)
    head = (Column("Stufe"), *(Column(formats.day(d), "right") for d in (desk.since, desk.at)))
    rows = [(level, *(formats.number(c.get(level, 0)) for c in (before, now))) for level in levels]
    total = ("eingestuft", *(formats.number(view.rated(c)) for c in (before, now)))
    name = view.model_name(desk.model)
    note = html.P(f"Stufen der {name} und der Skala Bund 0–4 werden nie zusammengezählt.", className="note")
    return card(
        f"{texts.plural(view.rated(now), 'Leistung', 'Leistungen')} nach {name} eingestuft",
        [table(f"Einzelleistungen je Stufe, {name}", head, rows, total=total), note],
        subtitle="Einzelleistungen in eigener Zuständigkeit, nur eingestufte",
        foot=[desk.source(result), quiet_link(texts.ORIGIN_MANY, desk.origin(STAGES))],
    )
