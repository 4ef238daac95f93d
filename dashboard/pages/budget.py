"""Budget: reicht das Geld, was ist gebunden?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages, messages_budget, messages_money
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import budget, deckungskreis, leistungskosten, stellenplan
from dashboard.cockpits.budget_choice import (
    ALL_PRODUCTS,
    DAY,
    OFFER_BY,
    OFFER_METRIC,
    PARAMS,
    PLAN,
    PLANS,
    PRODUCT,
    YEAR,
    BudgetChoice,
    Offer,
    Wish,
    known_params,
    read_choice,
    read_offer,
)
from dashboard.cockpits.stichtag import stichtag_control
from dashboard.components import budget_cards, money_cards, staff_cards
from dashboard.components.address import address, origin_address
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import drills
from dashboard.components.filters import Choice, filter_bar, menu, reset_link, segments
from dashboard.components.guard import guarded
from dashboard.components.layout import (
    cell,
    grid,
    jump_links,
    page_head,
    print_action,
    region,
    section,
)
from dashboard.components.provenance import number_line
from dashboard.components.states import empty, empty_filter
from dashboard.drill_link import drill_address
from dashboard.figures.chart import Chart, linked
from dashboard.figures.waterfall import waterfall
from dashboard.page import Page
from dashboard.pages._budget_monate import months_card
from dashboard.sentence import Sentence, dated
from metrics.result import MetricResult

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page(id="budget", path="/budget", title="Budget", group="Cockpits", icon="budget", order=40)
WHOLES = ("Budgets und Stellen", "budgets-und-stellen")
OUTPUT = ("Kosten und Summen", "kosten-und-summen")
COMPARED = ("Andere Städte und Begriffe", "andere-staedte")
JUMPS = (("Stellenplan", WHOLES[1]), ("Kosten", OUTPUT[1]), ("Begriffe erklären", "begriffe"))
TERMS = (
    "budget_frame_eur",
    "budget_ist_eur",
    "budget_obligo_eur",
    "budget_available_eur",
    "budget_bound_share",
    "budget_forecast_eur",
    budget.BALANCE,
    deckungskreis.UNCOVERED,
    stellenplan.FILLED,
    stellenplan.LEAVING,
    stellenplan.COST,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every card needs: the door for this viewer, the choice, and addresses."""

    services: Services
    viewer: Viewer
    offer: Offer
    choice: BudgetChoice
    params: Mapping[str, str]

    @property
    def ask(self) -> budget.Ask:
        """The door, opened for this viewer."""
        return partial(self.services.query, self.viewer)

    def account(self) -> budget.Account:
        """The slice on its Stichtag; answered from the cache when asked again."""
        return budget.read_account(self.ask, self.choice)

    def origin(self, metric_id: str, where: Mapping[str, str] | None = None, *, dated: bool = True) -> str:
        """Address of this view with the origin of a figure open; the cut is the slice unless given.

        `dated`: the figure is that of the Stichtag chosen, not of the snapshot.
        """
        cut = self.choice.where() if where is None else where
        return origin_address(PAGE.path, self.params, metric_id, cut, at=self.past if dated else None)

    @property
    def past(self) -> date | None:
        """The Stichtag where it is not that of the snapshot."""
        return self.choice.at if self.choice.at != self.services.snapshot().business_date else None

    def drill(self, metric_id: str, cut: Mapping[str, str | None]) -> str:
        """Address of the breakdown of a figure for a part of the slice."""
        return drill_address(metric_id, {**self.choice.where(), **cut}, at=self.past)

    def drills(self, metric_id: str, dimension: str, names: Sequence[str]) -> dict[str, str]:
        """Addresses of the breakdown of a figure that no slice cuts, by its parts."""
        return drills(metric_id, dimension, {name: name for name in names}, at=self.past)

    def link(self, **changes: str | None) -> str:
        """Address of this view with another choice."""
        return address(PAGE.path, self.params, **changes)

    def line(self, metric_id: str, result: MetricResult) -> Component:
        """„STE-01 · Datenstand …“ for the foot of a card."""
        return number_line(self.number(metric_id), result, self.services.settings.zone)

    def number(self, metric_id: str) -> str:
        """„BUD-01“."""
        return self.services.catalog.metric(metric_id).definition.number

    @property
    def seen_at(self) -> date:
        """The Stichtag as the switch shows it: a year that ended earlier has no later day than its last."""
        today = self.services.snapshot().business_date
        return today if self.choice.is_latest else self.choice.at

    @property
    def slice_words(self) -> str:
        """Plan, product and year of the budget."""
        plan = messages_budget.PLAN_WORDS[self.choice.plan_art]
        product = messages_budget.product_words(self.choice.product)
        return f"{plan}, {product}, Haushaltsjahr {self.choice.year}"


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    offer = read_offer(services.query(viewer, OFFER_METRIC, by=OFFER_BY))
    settings = services.settings.budget
    wish = Wish(settings.plan_art, settings.haushaltsjahr, settings.produkt)
    choice = read_choice(params, offer, wish, services.snapshot().business_date)
    known = known_params(params, choice) if choice else {}
    others = guarded("Andere Städte", lambda: _cities(services, viewer, known))
    if choice is None:
        nothing = empty("Noch keine Haushaltsdaten geladen.", link=("Datenquellen ansehen", "/datenquellen"))
        return html.Div([page_head(PAGE.title), nothing, region("Andere Städte", others)])
    desk = Desk(services, viewer, offer, choice, known)
    last = section(*COMPARED, grid(cell(12, others, _terms(desk))))
    return html.Div([*_head(desk), region("Lage des Budgets", _main(desk)), *_wider(desk), last])


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def _head(desk: Desk) -> list[Component]:
    account, choice = desk.account(), desk.choice
    if account.is_empty:
        sentence = Sentence("Für diese Auswahl gibt es keine Haushaltsdaten.")
    elif choice.is_closed:
        sentence = messages_budget.closed_year(
            choice.year, account.total.frame, account.bound_share, account.total.available
        )
    else:
        sentence = messages_budget.situation(
            account.total.frame,
            account.bound_share,
            account.total.available,
            account.balance,
            positions=len(account.lines),
            without_forecast=account.without_forecast,
        )
    if account.stale:
        booked = budget_cards.booked_on(account, desk.services.settings.zone)
        sentence = dated(sentence, f"veraltet, Buchungsstand {booked}")
    suffix = messages_budget.product_words(choice.product)
    head = page_head(
        PAGE.title, bold=sentence.bold, rest=sentence.rest, suffix=suffix, actions=[print_action()]
    )
    return [head, _filters(desk)]


def _filters(desk: Desk) -> Component:
    choice, offer = desk.choice, desk.offer
    plans = [
        Choice(messages_budget.SWITCH_WORDS[plan], desk.link(**{PLAN: plan}), plan == choice.plan_art)
        for plan in PLANS
    ]
    years = [
        Choice(str(year), desk.link(**{YEAR: str(year), DAY: None}), year == choice.year)
        for year in offer.years
    ]
    products = [
        Choice(product, desk.link(**{PRODUCT: product}), product == (choice.product or ALL_PRODUCTS))
        for product in (*offer.products, ALL_PRODUCTS)
    ]
    reset = reset_link(PAGE.path, desk.params, PARAMS)
    return filter_bar(
        segments("Plan", plans),
        menu("Haushaltsjahr", years),
        menu("Produkt", products),
        stichtag_control(
            desk.services, PAGE.path, desk.params, at=desk.seen_at, days=desk.offer.days[choice.year][1:]
        ),
        *([reset] if reset else []),
        end=jump_links(JUMPS),
    )


def _main(desk: Desk) -> Component:
    account = desk.account()
    if account.is_empty:
        reset = address(PAGE.path, desk.params, **dict.fromkeys(PARAMS))
        return empty_filter("Haushaltsdaten", reset)
    return grid(
        cell(7, guarded("Vom Ansatz zum verfügbaren Betrag", lambda: _waterfall(desk, account))),
        cell(5, guarded("Verlauf je Monat", lambda: months_card(desk))),
        cell(12, guarded("Positionen", lambda: _positions(desk, account))),
    )


def _stand_words(desk: Desk) -> str:
    return f" · Stand {formats.day(desk.choice.at)}" if not desk.choice.is_latest else ""


def _waterfall(desk: Desk, account: budget.Account) -> Component:
    choice = desk.choice
    title = messages.year_end(account.balance)
    if choice.is_closed:
        title = messages_budget.closed_title(choice.year, account.total.available)
    subtitle = f"{desk.slice_words}, in Euro{_stand_words(desk)}"
    if account.without_forecast:
        subtitle += f" · {messages_budget.forecast_gap(account.without_forecast, len(account.lines))}"
    return chart_card(
        "budget-wasserfall",
        title,
        _steps_leading(desk, account),
        subtitle=subtitle,
        foot=[budget_cards.booking_line(account, desk.services.settings.zone, desk.number(budget.BALANCE))],
        origin_href=desk.origin(budget.BALANCE),
    )


def _steps_leading(desk: Desk, account: budget.Account) -> Chart:
    """Each column leads into the breakdown of its own figure."""
    chart = waterfall(
        budget.steps(account), caption=f"Vom Ansatz zum Jahresende: {desk.slice_words}", height=256
    )
    figures = budget.step_figures(account)
    rows = [row[0] for row in chart.table.rows]
    return linked(chart, {row: desk.drill(*figure) for row, figure in zip(rows, figures, strict=True)})


def _positions(desk: Desk, account: budget.Account) -> Component:
    over = [line for line in account.lines if line.balance is not None and line.balance < 0]
    title = messages_budget.positions(
        budget.drivers(account.lines),
        len(over),
        all(line.rating == "warn" for line in over),
        not account.without_forecast,
    )
    plan = messages_budget.PLAN_WORDS[desk.choice.plan_art]
    return budget_cards.positions_card(
        account,
        title=title,
        subtitle=f"{plan} nach Position, in Euro; sortiert nach Verfügungsrahmen",
        total_name=f"{plan} gesamt",
        number=f"{desk.number('budget_frame_eur')}, {desk.number(budget.BALANCE)}",
        zone=desk.services.settings.zone,
        origin_href=desk.origin("budget_frame_eur"),
        way=lambda line: desk.drill(budget.BALANCE, line.cut),
    )


def _wider(desk: Desk) -> list[Component]:
    wholes = grid(
        cell(12, guarded("Budgets als Ganzes", lambda: _circles(desk))),
        cell(12, guarded("Stellenplan", lambda: _staff(desk))),
    )
    output = grid(
        cell(5, guarded("Kosten je Vorgang", lambda: _unit_costs(desk))),
        cell(7, guarded("Laufende Kosten der Lösungen", lambda: _solutions(desk))),
        cell(12, guarded("Gedruckte Summen", lambda: _printed(desk))),
    )
    return [section(*WHOLES, wholes), section(*OUTPUT, output)]


def _circles(desk: Desk) -> Component:
    choice = desk.choice
    circles = deckungskreis.read_circles(desk.ask, choice)
    plan = messages_budget.PLAN_WORDS[choice.plan_art]
    whole = {PLAN: choice.plan_art, YEAR: str(choice.year)}
    made: tuple[date, ...] = ()
    if choice.is_latest:
        positions = desk.services.records(desk.viewer, deckungskreis.LIST, where=choice.where(), limit=10_000)
        made = deckungskreis.forecast_days(positions.dicts())
    return money_cards.circles_card(
        circles,
        desk.account().elapsed,
        subtitle=f"{plan} {choice.year} nach Deckungskreis, in Euro{_stand_words(desk)}",
        number=desk.line(deckungskreis.BALANCE, circles.result),
        made_on=messages_money.made_on(made),
        origin_href=desk.origin(deckungskreis.BALANCE, whole),
        way=lambda line: drill_address(deckungskreis.BALANCE, {**whole, **line.cut}, at=desk.past),
    )


def _staff(desk: Desk) -> Component:
    choice = desk.choice
    where = {} if choice.product is None else {PRODUCT: choice.product}
    plan = stellenplan.read_staff(desk.ask, choice)
    posts: list[Mapping[str, Any]] = []
    if choice.is_latest:
        posts = desk.services.records(desk.viewer, stellenplan.LIST, where=where, limit=10_000).dicts()
    stands, without = stellenplan.cost_bases(posts)
    words = messages_budget.product_words(choice.product)
    return staff_cards.staff_card(
        plan,
        stellenplan.endings(posts, choice.at),
        subtitle=messages_money.staff_scope(words, formats.day(choice.at)),
        number=desk.line(stellenplan.FILLED, plan.filled),
        note=messages_money.cost_basis(stands, without, plan.workplace_eur),
        origin_href=desk.origin(stellenplan.FILLED, where),
        links=drills(
            stellenplan.FILLED,
            stellenplan.GRADE,
            {g.name: g.name for g in plan.grades},
            where=where,
            at=desk.past,
        ),
    )


def _unit_costs(desk: Desk) -> Component:
    result = desk.ask(leistungskosten.UNIT_COST, by=("leistung",), at=desk.choice.at)
    costs = leistungskosten.unit_costs(result)
    return money_cards.unit_cost_card(
        costs,
        links=desk.drills(leistungskosten.UNIT_COST, "leistung", [item.name for item in costs]),
        number=desk.line(leistungskosten.UNIT_COST, result),
        origin_href=desk.origin(leistungskosten.UNIT_COST, {}),
    )


def _solutions(desk: Desk) -> Component:
    items, result = leistungskosten.read_solutions(desk.ask, desk.choice.at)
    return money_cards.solutions_card(
        items,
        links=desk.drills(leistungskosten.RUNNING, "solution", [item.name for item in items]),
        number=desk.line(leistungskosten.RUNNING, result),
        origin_href=desk.origin(leistungskosten.RUNNING, {}),
    )


def _printed(desk: Desk) -> Component:
    result = desk.ask(leistungskosten.MATCHES)
    rows = desk.services.records(desk.viewer, leistungskosten.PRINTED, limit=10_000).dicts()
    compared = sum(row["agrees"] is not None for row in rows)
    return money_cards.printed_card(
        leistungskosten.mismatches(rows),
        compared,
        number=desk.line(leistungskosten.MATCHES, result),
        origin_href=desk.origin(leistungskosten.MATCHES, {}, dated=False),
    )


def _cities(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    keys = ("city", "haushaltsjahr", "document")
    balance = services.query(viewer, "city_budget_result_eur", by=keys)
    sides = services.query(viewer, "city_budget_result_eur", by=(*keys, "richtung"))
    return budget_cards.cities_card(
        budget.other_cities(balance, sides),
        balance,
        number=services.catalog.metric("city_budget_result_eur").definition.number,
        zone=services.settings.zone,
        origin_href=origin_address(PAGE.path, params, "city_budget_result_eur"),
    )


def _terms(desk: Desk) -> Component:
    definitions = [desk.services.catalog.metric(metric).definition for metric in TERMS]
    parts = desk.services.records(desk.viewer, budget.COMPONENT_LIST).dicts()
    terms = [(d.short or d.label, d.meaning) for d in definitions]
    return budget_cards.terms_card([*terms, *budget_cards.component_terms(parts)])
