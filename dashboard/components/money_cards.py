"""Cards of the budget cockpit beyond positions: budgets as a whole, cost of output, printed totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_money, texts
from dashboard.cockpits.deckungskreis import Circles
from dashboard.cockpits.leistungskosten import SolutionCost, UnitCost, together
from dashboard.components.budget_cards import POSITION_COLUMNS, Way, position_row
from dashboard.components.drill_rows import leading_cell, record_cell
from dashboard.components.layout import card, quiet_link
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column
from metrics.result import Number

CIRCLE_COLUMNS = (Column("Budget"), *POSITION_COLUMNS[1:])
CIRCLE_NOTE = (
    "Innerhalb eines Budgets decken sich die Ansätze gegenseitig, auch über Produkte hinweg. "
    "Ein Budget steht hier immer als Ganzes."
)
UNIT_COLUMNS = (
    Column("Leistung"),
    Column("Kosten", "right", "€"),
    Column("Vorgänge", "right"),
    Column("je Vorgang", "right", "€"),
)
SOLUTION_COLUMNS = (
    Column("Lösung"),
    Column("Kosten", "right"),
    Column("davon geschätzt", "right"),
    Column("Ersparnis", "right"),
    Column("bleibt", "right"),
)
PRINTED_COLUMNS = (
    Column("Dokument"),
    Column("Summe"),
    Column("gedruckt", "right"),
    Column("nachgerechnet", "right"),
    Column("Abweichung", "right"),
)
PRINTED_KEY = ("city", "document", "haushaltsjahr", "plan_art", "richtung", "produkt", "fundstelle")
SIDES = {"ertrag": "Erträge", "aufwand": "Aufwendungen", "auszahlung": "Auszahlungen", "saldo": "Saldo"}


def circles_card(
    circles: Circles,
    elapsed: Decimal,
    *,
    subtitle: str,
    number: Component,
    made_on: str,
    origin_href: str,
    way: Way,
) -> Component:
    """Budgets as a whole, in the columns and bars of the positions; `way` leads from one deeper."""
    if not circles.lines:
        nothing = empty("Für diese Auswahl ist keine Position einem Budget zugeordnet.")
        return card(messages_money.BUDGETS, nothing, subtitle=subtitle)
    critical = [line.name.partition(" · ")[2] for line in circles.short if line.rating == "krit"]
    title = messages_money.budgets(critical, len(circles.short), len(circles.lines), circles.unknown)
    rows = [position_row(line, leading_cell(line.name, way(line)), elapsed) for line in circles.lines]
    body = [
        table(f"{title}: {subtitle}", CIRCLE_COLUMNS, rows, class_name="budget-positions"),
        html.P(CIRCLE_NOTE, className="city-note"),
    ]
    missing = messages_money.uncovered(circles.uncovered)
    feet = [number, *(html.Span(words) for words in (made_on, missing) if words)]
    return card(
        title,
        body,
        subtitle=subtitle,
        foot=[*feet, quiet_link(texts.ORIGIN_MANY, origin_href)],
        flush=True,
        class_name="positions-card",
    )


def unit_cost_card(
    costs: Sequence[UnitCost], *, number: Component, origin_href: str, links: Mapping[str, str]
) -> Component:
    """What a decided case costs, procedure by procedure; `links` lead deeper by its name."""
    subtitle = "Kosten und entschiedene Vorgänge der letzten zwölf vollen Monate"
    if not costs:
        return card(messages_money.UNIT_COSTS, empty("Noch keine Kostenrechnung geladen."), subtitle=subtitle)
    names = [item.name for item in costs]
    title = messages_money.unit_costs(names, [item.each for item in costs])
    rows = [_unit_cost(item, links.get(item.name)) for item in costs]
    return card(
        title,
        table(f"{title}: {subtitle}", UNIT_COLUMNS, rows),
        subtitle=subtitle,
        foot=[number, quiet_link(texts.ORIGIN_MANY, origin_href)],
        flush=True,
    )


def _unit_cost(item: UnitCost, href: str | None) -> list[Component | str]:
    each = html.Strong(formats.number(item.each, 2))
    name = leading_cell(item.name, href)
    return [name, formats.number(item.cost), formats.number(item.cases), each]


def solutions_card(
    items: Sequence[SolutionCost], *, number: Component, origin_href: str, links: Mapping[str, str]
) -> Component:
    """Running cost per solution, what it replaces set against it; `links` lead deeper by its name."""
    subtitle = "Betrieb der letzten zwölf vollen Monate, in Euro; Ersparnis durch abgelöste Verfahren"
    if not items:
        return card(
            messages_money.SOLUTIONS, empty("Noch keine laufenden Kosten geladen."), subtitle=subtitle
        )
    whole = together(items)
    title = messages_money.solutions(len(items), whole.rest)
    rows = [_solution(item, links.get(item.name)) for item in items]
    return card(
        title,
        table(f"{title}: {subtitle}", SOLUTION_COLUMNS, rows, total=_solution(whole)),
        subtitle=subtitle,
        foot=[number, quiet_link(texts.ORIGIN_MANY, origin_href)],
        flush=True,
    )


def _solution(item: SolutionCost, href: str | None = None) -> list[Component | str]:
    return [
        leading_cell(item.name, href),
        formats.number(item.cost),
        formats.number(item.estimated),
        formats.number(None if item.saved is None else -item.saved),
        html.Strong(formats.number(item.rest)),
    ]


def printed_card(
    wrong: Sequence[Mapping[str, Any]], compared: int, *, number: Component, origin_href: str
) -> Component:
    """Printed totals their single values contradict; both amounts stay visible."""
    subtitle = "Summen der Haushaltsdokumente, aus den Einzelwerten nachgerechnet, in Euro"
    if not compared:
        return card(messages_money.PRINTED, empty("Noch keine gedruckten Summen erfasst."), subtitle=subtitle)
    title = messages_money.printed(len(wrong), compared)
    rows = [_printed(row) for row in wrong]
    body = (
        table(f"{title}: {subtitle}", PRINTED_COLUMNS, rows)
        if rows
        else html.P(subtitle, className="city-note")
    )
    return card(
        title,
        body,
        subtitle=subtitle,
        foot=[number, quiet_link(texts.ORIGIN_ONE, origin_href)],
        flush=True,
    )


def _printed(row: Mapping[str, Any]) -> list[Component | str]:
    what = "alle Produkte" if row["produkt"] == "gesamt" else f"Produkt {row['produkt']}"
    amounts: list[Number] = [row["printed_eur"], row["recomputed_eur"]]
    return [
        record_cell(
            f"{row['city']}, {row['document']}", "printed_totals", *(row[name] for name in PRINTED_KEY)
        ),
        f"{SIDES[row['richtung']]} {row['haushaltsjahr']}, {what}",
        *(formats.number(amount) for amount in amounts),
        html.Strong(formats.number(row["difference_eur"], plus=True)),
    ]
