"""Liste, Fahrplan and Tafel of Maßnahmen & Projekte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard import messages_umsetzung as words
from dashboard.cockpits import massnahmen as view
from dashboard.components import measure_cards
from dashboard.components.attributes import data
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import opening
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, quiet_link, region
from dashboard.components.legend import legend
from dashboard.components.states import empty
from dashboard.figures.chart import Chart
from dashboard.figures.roadmap import roadmap
from dashboard.figures.state_bars import LATE
from dashboard.pages._massnahmen_desk import LIST, OVERDUE, PATH, STATES, Desk
from metrics.records import Records

OVER_NOTE = (
    "Überfällig zählt nach dem Tag der Maßnahmenliste (MAS-02); „wie genannt“ ist die zuletzt genannte Frist "
    "so genau, wie eine Vorlage oder Liste sie nennt."
)
NO_BEGINNING = "Wann eine Maßnahme wirklich begann, meldet niemand; gezeigt sind Plan und Überschreitung."
# What is urgent comes first; within the same urgency what is due first.
URGENT = ("-days_over", "due_on", "measure_id")
BOARD: Mapping[str, tuple[str, ...]] = {
    LATE: ("due_on", "measure_id"),
    "in_arbeit": ("due_on", "measure_id"),
    "geplant": ("planned_from", "measure_id"),
    "abgeschlossen": ("-done_on", "measure_id"),
}
PROJECT_ROWS = 30
SEARCHED = ("measure_id", "title")


def _page_of(desk: Desk, size: int, **question: Any) -> tuple[Records, view.Paging]:
    """Rows of the page asked for; a page beyond the end is the last one."""
    search = desk.choice.search if desk.choice.view == "liste" else ""
    wanted = {**question, "search": search, "search_in": SEARCHED, "limit": size}
    found = desk.rows(LIST, offset=(desk.choice.page - 1) * size, **wanted)
    if found.rows or desk.choice.page == 1:
        return found, view.Paging.of(desk.choice, found.total, size)
    paging = view.Paging.of(desk.choice, desk.rows(LIST, **wanted).total, size)
    return desk.rows(LIST, offset=(paging.page - 1) * size, **wanted), paging


def listing(desk: Desk) -> list[Component]:
    """All measures by pages, with search, sorting heads and the count read out."""
    return [region("Liste der Maßnahmen", guarded("Liste der Maßnahmen", partial(_list_card, desk)))]


def _list_card(desk: Desk) -> Component:
    choice = desk.choice
    found, paging = _page_of(desk, view.ROWS, where=choice.listed, order=view.order_of(choice))
    title = words.found_measures(paging.total, paging.first, paging.last)
    kept = {name: v for name, v in desk.params.items() if name not in (view.SEARCH, view.PAGE_NO)}
    head = html.Div(
        [measure_cards.search_form(PATH, kept, view.SEARCH, choice.search), _pager(desk, paging)],
        className="list-head",
    )
    if not found.rows:
        body: Component = desk.way_on()
    else:
        turn = lambda column: desk.href(order=view.turned(choice, column).order)  # noqa: E731
        body = measure_cards.list_table(found.dicts(), desk.shorts, choice.order, turn)
    return html.Div(
        card(
            title,
            [head, body],
            subtitle=OVER_NOTE,
            foot=[desk.source(desk.states()), _pager(desk, paging)],
            class_name="measure-list",
        ),
        **data(announce=title),
    )


def _pager(desk: Desk, paging: view.Paging) -> Component:
    return measure_cards.pager(paging, lambda page: desk.href(page=page))


def timeline(desk: Desk) -> list[Component]:
    """Measures of the choice over time, then the projects of the unit."""
    return [
        region(
            "Fahrplan",
            grid(
                cell(12, guarded("Maßnahmen im Zeitverlauf", partial(_measures_over_time, desk))),
                cell(12, guarded("Umsetzungsprojekte im Zeitverlauf", partial(_projects_over_time, desk))),
            ),
        )
    ]


def _measures_over_time(desk: Desk) -> Component:
    choice = desk.choice
    state = [choice.state] if choice.state else list(view.OPEN_STATES)
    found, paging = _page_of(desk, view.ROAD_ROWS, where={**choice.cut, "state": state}, order=URGENT)
    counts = view.counts_of(desk.states())
    count = sum(counts.get(name, 0) for name in view.OPEN_STATES)
    rows = words.found_measures(paging.total, paging.first, paging.last)
    title = rows if choice.state else words.open_title(counts.get(LATE, 0), count)
    if not found.rows:
        return desk.nothing(title)
    swatches = [("plan", "Plan"), ("over", "über der Frist")]
    swatches += [("diamond", "erledigt")] if choice.state == "abgeschlossen" else []
    chart = chart_card(
        "massnahmen-fahrplan",
        title,
        _measures_drawn(desk, found.dicts()),
        subtitle=f"Vom geplanten Beginn bis zur Frist, die längste Überschreitung zuerst; {rows}",
        legend=legend(swatches),
        foot=[NO_BEGINNING, _pager(desk, paging)],
        origin_href=desk.rated_origin(OVERDUE),
    )
    return html.Div(chart, **data(announce=rows))


def _projects_over_time(desk: Desk) -> Component:
    states = [desk.choice.state] if desk.choice.state else ["ueberfaellig", "in_arbeit"]
    where: dict[str, Any] = {**desk.unit_where(), "state": states}
    found = desk.rows("projects", where=where, order=("planned_on", "project_id"), limit=PROJECT_ROWS)
    title = f"{texts.plural(found.total, 'Umsetzungsprojekt', 'Umsetzungsprojekte')} im Zeitverlauf"
    if not found.rows:
        return card(title, empty("Keine Umsetzungsprojekte mit diesem Stand."))
    counted = f"{formats.number(len(found.rows))} von {formats.number(found.total)}, das früheste Ende zuerst"
    return chart_card(
        "projekte-fahrplan",
        title,
        _projects_drawn(desk, found.dicts()),
        subtitle=f"Beginn bis heute und geplanter Abschluss; {counted}",
        legend=legend([("ist", "Ist"), ("over", "über dem Plan"), ("diamond", "Abschluss geplant")]),
        foot=[
            f"Ziel, Wirkung und Paket gelten nur für Maßnahmen, {desk.unit_word} und Status auch hier",
            quiet_link("Projekte nach Schritt", "/ozg-fortschritt"),
        ],
    )


def _measures_drawn(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> Chart:
    roads = [view.measure_road(row, desk.today) for row in rows]
    caption = "Maßnahmen mit Plan und Überschreitung der Frist"
    drawn = roadmap(roads, desk.today, first="Maßnahme", caption=caption, row_height=21, left=372)
    keys = [(road.label, (row["measure_id"],)) for road, row in zip(roads, rows, strict=True)]
    return opening(drawn, LIST, keys)


def _projects_drawn(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> Chart:
    roads = [view.project_road(row, desk.today) for row in rows]
    caption = "Umsetzungsprojekte mit Ist und geplantem Abschluss"
    drawn = roadmap(roads, desk.today, first="Projekt", caption=caption, row_height=21, left=372)
    keys = [(road.label, (row["project_id"],)) for road, row in zip(roads, rows, strict=True)]
    return opening(drawn, "projects", keys)


def kanban(desk: Desk) -> list[Component]:
    """Columns by state with counts and the most urgent measures."""
    return [region("Tafel der Maßnahmen", guarded("Tafel der Maßnahmen", partial(_board, desk)))]


def _board(desk: Desk) -> Component:
    states = [desk.choice.state] if desk.choice.state else list(BOARD)
    columns = [_board_column(desk, state) for state in states]
    total = sum(column.total for column in columns)
    if not total:
        return desk.nothing("Tafel der Maßnahmen")
    announced = words.found_measures(total, 1, total)
    return html.Div(
        [
            measure_cards.board(columns, desk.shorts),
            html.P([desk.source(desk.states()), f" · {desk.number(STATES)}"], className="board-more"),
        ],
        **data(announce=announced),
    )


def _board_column(desk: Desk, state: str) -> measure_cards.BoardColumn:
    where: dict[str, Any] = {**desk.choice.cut, "state": state}
    found = desk.rows(LIST, where=where, order=BOARD[state], limit=view.BOARD_CARDS)
    href = desk.href(view="liste", state=state)
    return measure_cards.BoardColumn(state, found.total, found.dicts(), href)
