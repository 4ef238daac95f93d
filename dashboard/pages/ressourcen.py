"""Ressourcen: schaffen wir das mit dem Personal?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_money
from dashboard import messages_ressourcen as words
from dashboard.auth.rights import RIGHTS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import ressourcen, stellenplan, szenarien
from dashboard.cockpits.modell_worte import decimal, done_span, done_words
from dashboard.cockpits.modelle import usual_number
from dashboard.cockpits.stichtag import reports_control
from dashboard.components import resource_cards, scenario_cards
from dashboard.components.address import address, origin_address
from dashboard.components.attributes import data
from dashboard.components.capacity_cards import assumption_register, roles_table
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import drilling_days, drills
from dashboard.components.filters import Choice, choices, filter_bar, menu, reset_link, segments
from dashboard.components.guard import guarded
from dashboard.components.key_figure import soll_words
from dashboard.components.layout import (
    card,
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
from dashboard.components.provenance import number_line, stale_words
from dashboard.components.states import empty
from dashboard.components.tile import BandEntry, band
from dashboard.figures.completion import completion
from dashboard.figures.quarter_columns import quarter_columns
from dashboard.figures.staff_steps import staff_steps
from dashboard.page import Page
from dashboard.sentence import dated
from metrics.models.capacity import CapacityModel

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page(
    id="ressourcen", path="/ressourcen", title="Ressourcen", group="Cockpits", icon="ressourcen", order=68
)
ROLE = "rolle"
FORECAST, POSTS = ("Prognose und Szenarien", "szenarien"), ("Stellenplan", "stellenplan")
JUMPS = ((FORECAST[0], FORECAST[1]), (POSTS[0], POSTS[1]))
BUDGET = "budget"
LEGEND = (("plan", "Bedarf"), ("ist", "verfügbar"), ("band", "Bedarf im Szenario A: Spanne"))


@dataclass(frozen=True, slots=True)
class Desk:
    """The door for this viewer, the address, the year, and the two scenarios if the city has a model."""

    services: Services
    viewer: Viewer
    params: Mapping[str, str]
    today: date
    role: str | None
    models: Mapping[str, CapacityModel]
    name: str
    pair: tuple[szenarien.Variant, szenarien.Variant] | None

    def ask(self, metric_id: str, **question: Any) -> Any:
        """Ask the door."""
        return self.services.query(self.viewer, metric_id, **question)

    def year(self) -> ressourcen.Year:
        """The person-days of this year; answered from the cache when asked again."""
        return ressourcen.read_year(self.ask, self.today, self.role)

    def posts(self) -> ressourcen.Posts:
        """The Stellenplan; answered from the cache when asked again."""
        return ressourcen.read_posts(self.ask, self.today)

    def origin(self, metric_id: str, where: Mapping[str, str] | None = None) -> str:
        """Address of this view with the origin of a figure open."""
        return origin_address(PAGE.path, self.params, metric_id, where)

    @property
    def cut(self) -> dict[str, str]:
        """The role chosen, as the door knows it."""
        return {ressourcen.ROLE: self.role} if self.role else {}

    def line(self, metric_id: str, result: Any) -> Component:
        """„RES-01 · Datenstand …“ for the foot of a card."""
        number = self.services.catalog.metric(metric_id).definition.number
        return number_line(number, result, self.services.settings.zone)

    def kept(self, *, scenarios: bool) -> dict[str, str]:
        """The address without asked values, or without everything about scenarios."""
        names = (ROLE, szenarien.MODEL, *szenarien.SCENARIOS.values()) if scenarios else (ROLE,)
        return {name: value for name, value in self.params.items() if name in names}


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    desk = _desk(services, viewer, params)
    year = desk.year()
    sentence = words.situation(year.year, year.whole, year.cell.target if year.cell else None, year.parts)
    sentence = dated(sentence, stale_words(year.result, services.settings.zone))
    head = page_head(PAGE.title, bold=sentence.bold, rest=sentence.rest, actions=[print_action()])
    return html.Div([
        head,
        _filters(desk),
        guarded("Kennzahlen", lambda: band(_entries(desk, year))),
        region("Bedarf und Stellen", grid(
            cell(7, guarded(words.QUARTERS, lambda: _quarters(desk))),
            cell(5, guarded(words.STAFF, lambda: _staff(desk))),
        )),
        section(*FORECAST, _scenarios(desk)),
        section(*POSTS, grid(cell(12, guarded(resource_cards.TITLE, lambda: _grades(desk))))),
    ], **data(announce=sentence.bold))  # fmt: skip


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def _desk(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Desk:
    role = params.get(ROLE) if params.get(ROLE) in ressourcen.ROLES else None
    kept = {name: value for name, value in params.items() if name != ROLE}
    clean = {**kept, **({ROLE: role} if role else {})}
    today = services.snapshot().business_date
    models = szenarien.capacity_models(services.models())
    name = szenarien.chosen_model(models, params, services.settings.name) if models else ""
    pair = szenarien.variants(models[name], params, today) if models else None
    return Desk(services, viewer, clean, today, role, models, name, pair)


def _filters(desk: Desk) -> Component:
    options = [(None, "alle Rollen"), *ressourcen.ROLES.items()]
    reset = reset_link(PAGE.path, desk.params, (ROLE,))
    return filter_bar(
        segments("Rolle", choices(PAGE.path, desk.params, ROLE, options)),
        *reports_control(desk.services, PAGE.path, desk.params),
        *([reset] if reset else []),
        end=jump_links(JUMPS),
    )


def _entries(desk: Desk, year: ressourcen.Year) -> list[BandEntry]:
    entries = [_cover_entry(desk, year)]
    if desk.role is None:
        entries.append(_bottleneck_entry(desk, year))
    entries.append(_filled_entry(desk))
    return entries + (_model_entries(desk.pair[0]) if desk.pair else [])


def _cover_entry(desk: Desk, year: ressourcen.Year) -> BandEntry:
    definition = desk.services.catalog.metric(ressourcen.COVER).definition
    value, unit = formats.parts(year.whole.cover, definition.unit, definition.decimals)
    told = [f"{formats.number(year.whole.available)} von {formats.person_days(year.whole.needed)}"]
    if year.cell is None or year.cell.value is None:
        told = ["keine Planung für dieses Jahr"]
    elif soll := soll_words(year.cell, definition):
        told.append(soll)
    return BandEntry(
        f"Deckung {year.year}", value, unit, " · ".join(told),
        year.cell.rating if year.cell else None, desk.origin(ressourcen.COVER, desk.cut),
    )  # fmt: skip


def _bottleneck_entry(desk: Desk, year: ressourcen.Year) -> BandEntry:
    narrow = words.bottleneck(year.parts)
    if narrow is None:
        known = bool(year.parts) and all(part.missing is not None for part in year.parts)
        told = "in keinem Teil fehlen Personentage" if known else "nicht bekannt"
        return BandEntry("Engpass", "keiner" if known else formats.MISSING, context=told)
    share, unit = formats.parts(narrow.cover, "percent", 1)
    missing = formats.person_days(narrow.missing)
    origin = desk.origin(ressourcen.COVER, {ressourcen.ROLE: narrow.role})
    told = f"{words.PARTS.get(narrow.role, narrow.role)}, es fehlen {missing}"
    return BandEntry("Engpass: Deckung", share, unit, told, origin_href=origin)


def _filled_entry(desk: Desk) -> BandEntry:
    posts = desk.posts()
    planned = posts.total.planned if posts.total else None
    told = f"von {formats.full_time(posts.known)}" if posts.filled is not None else words.NOT_TOLD
    if planned is None:
        told = "keine Stellen im Stellenplan"
    value = formats.number(posts.filled, 1)
    unit = "VZÄ" if posts.filled is not None else ""
    return BandEntry("Stellen besetzt", value, unit, told, origin_href=desk.origin(stellenplan.FILLED))


def _model_entries(variant: szenarien.Variant) -> list[BandEntry]:
    result = variant.result
    needed = formats.number(decimal(result.posts_needed.value), 1)
    ends = [formats.number(decimal(end), 1) for end in (result.posts_needed.low, result.posts_needed.high)]
    span = f"Spanne {ends[0]} bis {ends[1]}, " if ends[0] != ends[1] else ""
    there = f"{span}gerechnet {usual_number(result.posts.value)}"
    return [
        BandEntry(f"Stellen nötig ({variant.name})", needed, "VZÄ", there),
        BandEntry(
            f"Erledigt am ({variant.name})",
            done_words(result.done),
            context=done_span(result.done) or "ohne Spanne der Annahmen",
        ),
    ]


def _quarters(desk: Desk) -> Component:
    between = ressourcen.window(desk.today)
    asked = {"by": ("period", ressourcen.ROLE), "between": between, "where": desk.cut}
    needed, available = (desk.ask(m, **asked) for m in (ressourcen.NEEDED, ressourcen.AVAILABLE))
    factors = szenarien.need_factors(desk.pair[0]) if desk.pair else {}
    found = ressourcen.quarters(needed, available, factors, desk.today)
    if not found:
        return card(words.QUARTERS, empty("Noch keine Planung der Personentage freigegeben."))
    gaps = [quarter.gap for quarter in found if quarter.gap is not None]
    scope = f", {words.IN_PARTS[desk.role]}" if desk.role else ""
    banded = any(quarter.middle is not None for quarter in found)
    return chart_card(
        "ressourcen-quartale",
        words.quarters(sum(gap < 0 for gap in gaps), len(gaps)),
        quarter_columns(
            found, today=desk.today, caption=f"Personentage je Quartal{scope}", scenario="Szenario A"
        ),
        subtitle=f"Personentage laut Planung{scope}; Zahl: verfügbar weniger Bedarf",
        legend=legend(LEGEND if banded else LEGEND[:2]),
        foot=[desk.line(ressourcen.NEEDED, needed)],
        origin_href=desk.origin(ressourcen.NEEDED, desk.cut),
    )


def _staff(desk: Desk) -> Component:
    posts = desk.posts()
    if not posts.months or posts.total is None:
        return card(words.STAFF, empty("Für Ihren Bereich steht keine Stelle im Stellenplan."))
    title = words.STAFF
    if posts.filled is not None:
        title = messages_money.staff(posts.filled, posts.known, posts.total.planned)
    subtitle = "Vollzeitstellen (VZÄ) je Monat, alle Produkte; Stellen, keine Personen"
    if posts.filled is None:
        subtitle += f"; Besetzung {words.NOT_TOLD}"
    return chart_card(
        "ressourcen-stellen",
        title,
        drilling_days(
            staff_steps(posts.months, caption="Stellen nach Plan und Besetzung"),
            stellenplan.FILLED,
            desk.today,
        ),
        subtitle=subtitle,
        legend=legend((("line-soll", "Plan"), ("line-ist", "besetzt"))),
        foot=[desk.line(stellenplan.FILLED, posts.result)],
        origin_href=desk.origin(stellenplan.FILLED),
    )


def _scenarios(desk: Desk) -> Component:
    if desk.pair is None:
        none = "Diese Stadt hat noch kein Personalmodell: Im Ordner „models“ liegt keines der Art „capacity“."
        return card(words.FORECAST, empty(none))
    one, other = desk.pair
    return grid(
        cell(12, _choice(desk, one, other)),
        cell(5, guarded(words.FORECAST, lambda: _forecast(desk, one, other))),
        cell(7, guarded(scenario_cards.COMPARED, lambda: _comparison(desk, one, other))),
        cell(12, guarded(scenario_cards.FORM, lambda: _form(desk, one, other))),
        *(cell(12, _roles(variant)) for variant in desk.pair),
        cell(6, assumption_register(desk.models[desk.name])),
        cell(6, _about(desk)),
    )


def _choice(desk: Desk, *variants: szenarien.Variant) -> Component:
    plain = desk.kept(scenarios=False)
    models = [
        Choice(
            f"{m.title} ({m.city})", address(PAGE.path, {**plain, szenarien.MODEL: name}), name == desk.name
        )
        for name, m in desk.models.items()
    ]
    menus = [menu(variant.name, _options(desk, variant)) for variant in variants]
    return filter_bar(menu("Modell", models), *menus)


def _options(desk: Desk, variant: szenarien.Variant) -> list[Choice]:
    name = szenarien.SCENARIOS[variant.key]
    return [
        Choice(item.title, address(PAGE.path, desk.params, **{name: key}), key == variant.scenario)
        for key, item in variant.question.model.scenarios.items()
    ]


def _forecast(desk: Desk, *variants: szenarien.Variant) -> Component:
    title = words.forecast([v.due for v in variants], [v.verdict for v in variants])
    drawing = completion(
        [variant.course for variant in variants],
        today=desk.today,
        caption="Wann die Arbeit erledigt ist",
        height=380,
    )
    return chart_card(
        "ressourcen-prognose",
        title,
        drawing,
        subtitle="Erledigter Anteil im langsamsten Teil, bei gleichmäßigem Tempo",
        legend=legend((("forecast", "Szenario A und B"), ("band", "Spanne der Annahmen"))),
        foot=[f"Modell „{desk.models[desk.name].title}“", text_link("Rechenweg", _model_address(desk))],
    )


def _model_address(desk: Desk) -> str:
    return address("/modelle", {szenarien.MODEL: desk.name})


def _comparison(desk: Desk, one: szenarien.Variant, other: szenarien.Variant) -> Component:
    foot = f"Vorlage: {desk.models[desk.name].paper}"
    return scenario_cards.comparison_card(szenarien.comparison(one, other), one, other, foot)


def _form(desk: Desk, one: szenarien.Variant, other: szenarien.Variant) -> Component:
    hidden = {**desk.kept(scenarios=True), szenarien.MODEL: desk.name}
    hidden |= {szenarien.SCENARIOS[v.key]: v.scenario for v in (one, other)}
    return scenario_cards.scenario_form(PAGE.path, hidden, one, other, address(PAGE.path, hidden))


def _roles(variant: szenarien.Variant) -> Component:
    title = f"{variant.name} nach Rolle"
    return card(
        title, roles_table(variant.question.model, variant.result), subtitle=variant.title, flush=True
    )


def _about(desk: Desk) -> Component:
    model = desk.models[desk.name]
    told = [f"Vorlage: {model.paper} ({model.city}).", *([model.note] if model.note else [])]
    return card("Woher die Rechnung kommt", html.P(" ".join(told), className="paragraph"))


def _grades(desk: Desk) -> Component:
    posts = desk.posts()
    rows = desk.services.records(desk.viewer, stellenplan.LIST, limit=10_000).dicts()
    opens = desk.viewer.role in RIGHTS[BUDGET]
    return resource_cards.grades_card(
        posts.grades,
        posts.total,
        stellenplan.endings(rows, desk.today),
        subtitle=f"Alle Produkte am {formats.day(desk.today)}, in Vollzeitstellen (VZÄ)",
        foot=[desk.line(stellenplan.LEAVING, posts.plan)],
        budget_href="/budget#budgets-und-stellen" if opens else None,
        links=drills(
            stellenplan.LEAVING, stellenplan.GRADE, {grade.name: grade.name for grade in posts.grades}
        ),
    )
