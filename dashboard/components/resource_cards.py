"""Cards of the cockpit of resources: the Stellenplan by grade and what of it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_money
from dashboard.cockpits.ressourcen import Grade
from dashboard.cockpits.stellenplan import Ending
from dashboard.components.drill_rows import leading_cell
from dashboard.components.layout import card, text_link
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column

TITLE = "Stellenplan nach Gruppe"
NO_PERSONS = "Stellen, keine Personen. Wie weit einzelne Gruppen besetzt sind, wird hier nicht berechnet."
MOST_ENDINGS = 6
COLUMNS = (
    Column("Gruppe"),
    Column("Stellen", "right", "VZÄ"),
    Column("davon befristet", "right", "VZÄ"),
    Column("davon kw", "right", "VZÄ"),
)


def grades_card(
    grades: Sequence[Grade],
    total: Grade | None,
    ends: Sequence[Ending],
    *,
    subtitle: str,
    foot: Sequence[Component | str],
    budget_href: str | None,
    links: Mapping[str, str],
) -> Component:
    """Posts by grade with their sum, below it what ends, and the way to what they cost.

    `links` lead deeper by the name of the grade.
    """
    if not grades or total is None:
        return card(TITLE, empty("Für Ihren Bereich steht keine Stelle im Stellenplan."), subtitle=subtitle)
    body: list[Component] = [
        table(
            f"{TITLE}: {subtitle}", COLUMNS, [_row(grade, links) for grade in grades], total=_row(total, {})
        )
    ]
    if ends:
        body.append(html.Ul([html.Li(_ending(item)) for item in ends[:MOST_ENDINGS]], className="staff-ends"))
    if (more := len(ends) - MOST_ENDINGS) > 0:
        body.append(html.P(messages_money.more_endings(more), className="city-note"))
    body.append(html.P(NO_PERSONS, className="city-note"))
    costs = [text_link("Kosten der Stellen im Budget ansehen", budget_href)] if budget_href else []
    return card(
        messages_money.grades(total.planned, total.temporary, total.leaving),
        body,
        subtitle=subtitle,
        foot=[*foot, *costs],
        flush=True,
    )


def _row(grade: Grade, links: Mapping[str, str]) -> list[Component | str]:
    amounts = (grade.planned, grade.temporary, grade.leaving)
    return [
        leading_cell(grade.name, links.get(grade.name)),
        *(formats.number(amount, 1) for amount in amounts),
    ]


def _ending(item: Ending) -> str:
    return messages_money.ending(item.task, item.grade, item.fte, formats.day(item.on), leaves=item.leaves)
