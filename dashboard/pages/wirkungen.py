"""Wirkungen: was hat es gebracht?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import messages_wirkungen, texts
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.marken import marks_of
from dashboard.cockpits.selection import UNIT, UNIT_LEVEL, options_of, unit_names
from dashboard.cockpits.stichtag import stichtag_control
from dashboard.cockpits.wirkungen import (
    PERSPECTIVES,
    Effect,
    Expected,
    expected_of,
    last_full_month,
    measure,
    start_of,
    y_range_of,
)
from dashboard.cockpits.ziele import Goal, Linked, goals_of
from dashboard.components import effect_cards
from dashboard.components.address import address, origin_address
from dashboard.components.filters import (
    Choice,
    filter_bar,
    menu,
    month_ends,
    read_stichtag,
    reset_link,
    segments,
)
from dashboard.components.guard import guarded
from dashboard.components.layout import (
    cell,
    grid,
    jump_links,
    page_head,
    print_action,
    region,
    section,
    text_link,
)
from dashboard.components.legend import legend
from dashboard.components.states import empty, empty_filter
from dashboard.figures.marks import Mark
from dashboard.page import Page
from dashboard.pages._umsetzung import JUMPS, Below, below
from dashboard.sentence import Sentence, dated
from metrics.goal import rule_for
from metrics.question import period_end
from metrics.result import MetricResult
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page(
    id="wirkungen", path="/wirkungen", title="Wirkungen", group="Cockpits", icon="wirkungen", order=50
)
PERSPECTIVE = "perspektive"
FILTERS = (PERSPECTIVE, UNIT)
MONTHS_BACK = 24
LEGEND = (
    ("mean-before", "Mittel 12 Monate vorher"),
    ("mean-after", "Mittel letzte 12 Monate"),
    ("line-soll", "Ziel"),
    ("intro", "Einführung"),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every card needs: the door for this viewer, all expected effects, the choice, and addresses."""

    services: Services
    viewer: Viewer
    params: Mapping[str, str]
    all_effects: tuple[Expected, ...]
    units: tuple[tuple[str | None, str], ...]
    perspective: str | None
    unit: str | None
    at: date | None = None

    @property
    def today(self) -> date:
        """The Stichtag; that of the snapshot where the address names no earlier one."""
        return self.at or self.services.snapshot().business_date

    def by_unit(self, item: Expected) -> bool:
        """Whether the figure of an effect can be asked for one unit."""
        return self.services.catalog.metric(item.metric_id).definition.by_organisation

    def where(self, item: Expected) -> dict[str, str]:
        """The cut of an effect with the unit chosen."""
        return {**item.where, **({UNIT_LEVEL: self.unit} if self.unit else {})}

    def measured(self, item: Expected) -> Effect:
        """Ask the door for one effect; answered from the cache when asked again."""
        services, where = self.services, self.where(item)
        return measure(
            partial(services.query, self.viewer),
            services.catalog.metric(item.metric_id).definition,
            item,
            rule=rule_for(
                services.catalog, item.metric_id, scope=self.viewer.scope, where=where, on=self.today
            ),
            start=start_of(self.all_effects),
            today=self.today,
            where=where,
            at=self.at,
        )


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    rows = services.records(viewer, "effects", limit=200).dicts()
    desk = _desk(services, viewer, params, tuple(expected_of(row) for row in rows))
    if not desk.all_effects:
        nothing = empty("Noch keine Wirkungen beschrieben.", link=("Datenquellen ansehen", "/datenquellen"))
        return html.Div([page_head(PAGE.title), nothing])
    shown, hidden = _shown(desk)
    measured = _measured(desk, shown)
    sentence = dated(_sentence(measured), messages_wirkungen.stale_effects(_stale(measured), len(measured)))
    goals = _goals(desk)
    numbers = {
        item.metric_id: services.catalog.metrics[item.metric_id].definition.number
        for item in desk.all_effects
        if item.metric_id in services.catalog.metrics
    }
    head = page_head(PAGE.title, bold=sentence.bold, rest=sentence.rest, actions=[print_action()])
    effects = [
        guarded("Ziele der Digitalisierung", lambda: effect_cards.goals_band(goals)),
        _notes(messages_wirkungen.hidden(hidden, services.settings.terms.unit)),
        _multiples(desk, shown, measured),
    ]
    method = [effect_cards.model_card(desk.all_effects, goals, numbers), effect_cards.method_card()]
    return html.Div(
        [
            head,
            _filters(desk),
            region("Ziele und Wirkungen", effects),
            *below(Below(services, viewer, desk.params, desk.unit, desk.perspective, desk.at)),
            section("Wirkungsmodell und Methode", "modell-und-methode", grid(cell(12, *method))),
        ]
    )


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def shows(services: Services, viewer: Viewer) -> frozenset[str]:
    """Figures the page shows because the catalogue of effects or the goals of the town name them."""
    effects = services.records(viewer, "effects", limit=200).dicts()
    leading = {figure.metric for figure in services.settings.leitkennzahlen if figure.goal is not None}
    return frozenset(leading | {str(row["metric_id"]) for row in effects})


def _desk(
    services: Services, viewer: Viewer, params: Mapping[str, str], effects: tuple[Expected, ...]
) -> Desk:
    known = {item.perspective for item in effects} & PERSPECTIVES.keys()
    perspective = params.get(PERSPECTIVE) if params.get(PERSPECTIVE) in known else None
    today = services.snapshot().business_date
    asked = read_stichtag(params, today)
    at = None if asked == today else asked
    bare = Desk(services, viewer, params, effects, (), perspective, None, at)
    units = _units(bare)
    unit = params.get(UNIT) if params.get(UNIT) in {value for value, _ in units} else None
    kept = {name: value for name, value in params.items() if name not in FILTERS}
    chosen = {PERSPECTIVE: perspective, UNIT: unit}
    clean = {**kept, **{name: value for name, value in chosen.items() if value is not None}}
    return Desk(services, viewer, clean, effects, tuple(units), perspective, unit, at)


def _units(desk: Desk) -> list[tuple[str | None, str]]:
    """Units of the viewer that have data in an effect measured by unit."""
    names = unit_names(desk.services.records(desk.viewer, "org_units", limit=10_000))
    between = (start_of(desk.all_effects), period_end(last_full_month(desk.today), "month"))
    found: dict[str | None, str] = {None: texts.ALL}
    for item in desk.all_effects:
        with suppress(IsekError):
            if desk.by_unit(item):
                answer = desk.services.query(
                    desk.viewer, item.metric_id, by=(UNIT_LEVEL,), between=between, where=item.where
                )
                found.update(options_of(answer, UNIT_LEVEL, names))
    return [(None, texts.ALL), *sorted(((k, v) for k, v in found.items() if k), key=lambda option: option[1])]


def _shown(desk: Desk) -> tuple[list[Expected], int]:
    """Effects of the perspective, and how many of them a chosen unit hides."""
    wanted = [e for e in desk.all_effects if desk.perspective in (None, e.perspective)]
    if desk.unit is None:
        return wanted, 0
    kept = []
    for item in wanted:
        with suppress(IsekError):
            if desk.by_unit(item) and desk.measured(item).points:
                kept.append(item)
    return kept, len(wanted) - len(kept)


def _measured(desk: Desk, shown: Sequence[Expected]) -> dict[str, Effect]:
    """What could be measured; an effect that fails shows so in its own card."""
    found = {}
    for item in shown:
        with suppress(IsekError):
            found[item.effect_id] = desk.measured(item)
    return found


def _sentence(measured: Mapping[str, Effect]) -> Sentence:
    compared = [effect for effect in measured.values() if effect.wanted is not None]
    names = messages_wirkungen.short_names([effect.expected.title for effect in compared])
    behind = [name for name, effect in zip(names, compared, strict=True) if effect.rating in ("warn", "krit")]
    return messages_wirkungen.effects(
        sum(effect.wanted is True for effect in compared),
        len(compared),
        sum(effect.rating == "gut" for effect in compared),
        behind,
    )


def _stale(measured: Mapping[str, Effect]) -> int:
    return sum(bool(effect.result.stale_sources) for effect in measured.values())


def _goals(desk: Desk) -> tuple[Goal, ...]:
    linked = [Linked(e.goal, e.metric_id, e.where, "neu") for e in desk.all_effects]
    linked += [
        Linked(figure.goal, figure.metric, figure.where, "neu")
        for figure in desk.services.settings.leitkennzahlen
        if figure.goal is not None
    ]
    rated = []
    for item in linked:
        with suppress(IsekError):
            answer = desk.services.query(desk.viewer, item.metric_id, where=item.where, at=desk.at)
            rated.append(Linked(item.goal, item.metric_id, item.where, _rating(answer)))
    return goals_of(desk.services.records(desk.viewer, "goals").dicts(), rated)


def _rating(answer: MetricResult) -> Any:
    return answer.total.rating if answer.total else "neu"


def _filters(desk: Desk) -> Component:
    known = {item.perspective for item in desk.all_effects}
    options: list[tuple[str | None, str]] = [(None, "Alle Perspektiven")]
    options += [(name, words) for name, words in PERSPECTIVES.items() if name in known]
    perspectives = [
        Choice(words, address(PAGE.path, desk.params, **{PERSPECTIVE: name}), name == desk.perspective)
        for name, words in options
    ]
    units = [
        Choice(words, address(PAGE.path, desk.params, **{UNIT: unit}), unit == desk.unit)
        for unit, words in desk.units
    ]
    controls = [segments("Perspektive", perspectives)]
    if len(units) > 1:
        controls.append(menu(desk.services.settings.terms.unit, units))
    days = month_ends(desk.services.today, MONTHS_BACK)
    controls.append(stichtag_control(desk.services, PAGE.path, desk.params, at=desk.today, days=days))
    reset = reset_link(PAGE.path, desk.params, FILTERS)
    controls += [reset] if reset else []
    return filter_bar(*controls, end=jump_links((*JUMPS, ("Wirkungsmodell", "wirkungsmodell"))))


def _notes(hidden: str) -> Component:
    note = html.P([texts.BEFORE_AFTER_NOTE, " ", text_link("Methode", "#methode")], className="effects-note")
    lines: list[Component] = [html.Div([legend(LEGEND), note], className="effects-legend")]
    if hidden:
        lines.append(html.P(hidden, className="effects-note", role="status"))
    return html.Div(lines)


def _multiples(desk: Desk, shown: Sequence[Expected], measured: Mapping[str, Effect]) -> Component:
    if not shown:
        return empty_filter("Wirkungen", address(PAGE.path, desk.params, **dict.fromkeys(FILTERS)))
    cards = [guarded(item.title, partial(_card, desk, item, measured)) for item in shown]
    return html.Div(cards, className="effects")


def _card(desk: Desk, item: Expected, measured: Mapping[str, Effect]) -> Component:
    effect = measured.get(item.effect_id) or desk.measured(item)
    alike = [other for other in measured.values() if other.expected.metric_id == item.metric_id]
    return effect_cards.effect_card(
        effect,
        zone=desk.services.settings.zone,
        origin_href=origin_address(PAGE.path, desk.params, item.metric_id, desk.where(item), at=desk.at),
        reach=messages_wirkungen.reach_words(desk.viewer.scope.units is not None, desk.by_unit(item)),
        y_range=y_range_of(alike),
        marks=_marks(desk, effect),
    )


def _marks(desk: Desk, effect: Effect) -> Sequence[Mark]:
    if not effect.points:
        return ()
    item, first, last = effect.expected, effect.points[0][0], effect.points[-1][0]
    return marks_of(desk.services, desk.viewer, (item.metric_id,), desk.where(item), first=first, last=last)
