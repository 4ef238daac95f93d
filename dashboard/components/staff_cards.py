"""Cards of the Stellenplan: posts by grade, and what of them ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_money, texts
from dashboard.cockpits.stellenplan import Ending, Grade, StaffPlan
from dashboard.components.drill_rows import leading_cell
from dashboard.components.layout import card, quiet_link
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column

COLUMNS = (
    Column("Gruppe"),
    Column("Stellen", "right", "VZÄ"),
    Column("besetzt", "right", "VZÄ"),
    Column("unbesetzt", "right", "VZÄ"),
    Column("befristet", "right", "VZÄ"),
    Column("kw", "right", "VZÄ"),
    Column("Kosten im Jahr", "right", "€"),
)
MOST_ENDINGS = 5


def staff_card(
    plan: StaffPlan,
    ends: Sequence[Ending],
    *,
    subtitle: str,
    number: Component,
    note: str,
    origin_href: str,
    links: Mapping[str, str],
) -> Component:
    """Posts by grade with their sum, below it what ends, and on which basis the cost is reckoned."""
    if not plan.grades:
        return card(messages_money.STAFF, empty("Kein Stellenplan für diese Auswahl."), subtitle=subtitle)
    title = messages_money.staff(plan.total.filled, plan.total.known, plan.total.fte)
    body: list[Component] = [
        table(
            f"{title}: {subtitle}",
            COLUMNS,
            [_row(grade, links) for grade in plan.grades],
            total=_row(plan.total, {}),
            class_name="staff-plan",
        )
    ]
    if ends:
        lines = [_ending(item) for item in ends[:MOST_ENDINGS]]
        lines += [messages_money.more_endings(more)] if (more := len(ends) - MOST_ENDINGS) > 0 else []
        body.append(html.Ul([html.Li(line) for line in lines], className="staff-ends"))
    if note:
        body.append(html.P(note, className="city-note"))
    return card(
        title,
        body,
        subtitle=subtitle,
        foot=[number, quiet_link(texts.ORIGIN_MANY, origin_href)],
        flush=True,
    )


def _row(grade: Grade, links: Mapping[str, str]) -> list[Component | str]:
    return [
        leading_cell(grade.name, links.get(grade.name)),
        formats.number(grade.fte, 1),
        formats.number(grade.filled, 1),
        html.Strong(formats.number(grade.vacant, 1)),
        formats.number(grade.temporary, 1),
        formats.number(grade.leaving, 1),
        formats.number(grade.cost),
    ]


def _ending(item: Ending) -> str:
    return messages_money.ending(item.task, item.grade, item.fte, formats.day(item.on), leaves=item.leaves)
