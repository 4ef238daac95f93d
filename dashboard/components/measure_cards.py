"""Maßnahmen: sortable list by pages, board of columns by state, the first places of the ranking."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard import messages_umsetzung as words
from dashboard.cockpits.massnahmen import Paging
from dashboard.components.attributes import aria, data
from dashboard.components.bullet import glyph
from dashboard.components.drill_rows import record_cell
from dashboard.components.icon import icon, status
from dashboard.components.layout import card, quiet_link
from dashboard.components.states import empty
from dashboard.components.table import keeping, table
from dashboard.drill_link import record_address
from dashboard.figures.chart import Align, Column, TableData

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of the list: heading, the text of a cell, the column it sorts by (none: not sortable)."""

    label: str
    text: Callable[[Row, Mapping[str, str]], str]
    sorts: str = ""
    align: Align = "left"


def _unit(row: Row, shorts: Mapping[str, str]) -> str:
    unit = str(row["org_unit_id"] or "")
    return shorts.get(unit, texts.dimension_value(unit)).replace(" ", formats.NBSP)


def _named_due(row: Row, shorts: Mapping[str, str]) -> str:
    del shorts
    return words.due_words(row["due_kind"], row["due_precision"], row["due_end"]).replace(" ", formats.NBSP)


def _reach(row: Row, shorts: Mapping[str, str]) -> str:
    del shorts
    return words.REACH.get(str(row["reach"]), "ohne Angabe").replace(" ", formats.NBSP)


NAMED, RATED, MEASURES = "Maßnahme", "Stand", "measures"
LIST_COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("Kennung", lambda row, _: str(row["measure_id"]), "measure_id"),
    ListColumn(NAMED, lambda row, _: str(row["title"]), "title"),
    ListColumn("Zuständig", _unit, "org_unit_id"),
    ListColumn("Ziel", lambda row, _: formats.number(row["goal"]), "goal", "right"),
    ListColumn("Wirkung", _reach),
    ListColumn("Beginn geplant", lambda row, _: formats.day(row["planned_from"]), "planned_from", "right"),
    ListColumn("Frist der Liste", lambda row, _: formats.day(row["due_on"]), "due_on", "right"),
    ListColumn("Frist wie genannt", _named_due),
    ListColumn(RATED, lambda row, _: words.MEASURE_STATES[str(row["state"])][1], "urgency"),
    ListColumn("Verzug (Tage)", lambda row, _: formats.number(row["days_over"]), "days_over", "right"),
    ListColumn("Erledigt am", lambda row, _: formats.day(row["done_on"]), "done_on", "right"),
)
LIST_CAPTION = "Maßnahmen mit Stand und Frist"


def list_table(
    rows: Sequence[Row], shorts: Mapping[str, str], order: str, href_of: Callable[[str], str]
) -> Component:
    """Table whose heads sort by link; lists.js writes it, as components its cells would take seconds."""
    labels = [column.label for column in LIST_COLUMNS]
    cells = tuple(tuple(column.text(row, shorts) for column in LIST_COLUMNS) for row in rows)
    spec = {
        "caption": LIST_CAPTION,
        "heads": [_head(column, order, href_of) for column in LIST_COLUMNS],
        "rows": cells,
        "named": labels.index(NAMED),
        "rated": labels.index(RATED),
        "ratings": [words.MEASURE_STATES[str(row["state"])][0] for row in rows],
        "hrefs": [record_address(MEASURES, (row["measure_id"],)) for row in rows],
    }
    text = json.dumps(spec, ensure_ascii=False)
    attributes = data(caption=LIST_CAPTION, table=text, look="measure-table")
    heads = tuple(Column(column.label, column.align) for column in LIST_COLUMNS)
    place = html.Div(className="table-scroll late-list", **attributes)
    return keeping(place, TableData(LIST_CAPTION, heads, cells))


def _head(column: ListColumn, order: str, href_of: Callable[[str], str]) -> dict[str, str | None]:
    sorted_by = bool(column.sorts) and order.removeprefix("-") == column.sorts
    down = order.startswith("-")
    return {
        "label": column.label,
        "align": column.align,
        "href": href_of(column.sorts) if column.sorts else None,
        "sort": ("descending" if down else "ascending") if sorted_by else None,
    }


def pager(paging: Paging, href_of: Callable[[int], str]) -> Component:
    """Ways to the other pages of a list; nothing for a single page."""
    here = html.Span(f"Seite {formats.number(paging.page)} von {formats.number(paging.pages)}")
    if paging.pages == 1:
        return html.Div([here], className="pager")
    steps = (
        ("Erste", 1, paging.page > 1),
        ("Zurück", paging.page - 1, paging.page > 1),
        ("Weiter", paging.page + 1, paging.page < paging.pages),
        ("Letzte", paging.pages, paging.page < paging.pages),
    )
    links = [
        html.Li(
            html.A(label, href=href_of(page), className="button button-small")
            if possible
            else html.Span(label, className="button button-small pager-off", **aria(hidden=True))
        )
        for label, page, possible in steps
    ]
    links.insert(2, html.Li(here, className="pager-here"))
    return html.Nav(
        html.Ul(links, className="pager-list"), className="pager", **aria(label="Seiten der Liste")
    )


def search_form(path: str, params: Mapping[str, str], name: str, text: str) -> Component:
    """A plain form: works by keyboard, leaves an address that restores the search."""
    kept = [dcc.Input(type="hidden", name=key, value=value) for key, value in params.items()]
    field = dcc.Input(
        id="massnahme-suche", type="search", name=name, value=text, className="field", maxLength=80
    )
    button = html.Button([icon("search", small=True), html.Span("Suchen")], type="submit", className="button")
    return html.Form(
        [
            html.Label("Maßnahme suchen", htmlFor="massnahme-suche", className="field-label"),
            *kept,
            field,
            button,
        ],
        action=path,
        method="GET",
        className="search-form",
        role="search",
        **aria(label="In den Maßnahmen"),
    )


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column of the board: state, how many measures stand there, the most urgent of them, all as list."""

    state: str
    total: int
    rows: Sequence[Row]
    href: str


def board(columns: Sequence[BoardColumn], shorts: Mapping[str, str]) -> Component:
    """Columns by state with counts; whatever does not fit is one link away in the list."""
    return html.Div([_column(column, shorts) for column in columns], className="board")


def _column(column: BoardColumn, shorts: Mapping[str, str]) -> Component:
    rating, word = words.MEASURE_STATES[column.state]
    title = html.H3(
        [status(rating, word), html.Span(formats.number(column.total), className="board-count")],
        className="board-title",
    )
    cards = html.Ul([html.Li(_board_card(row, shorts)) for row in column.rows], className="board-cards")
    more = quiet_link(f"Alle {formats.number(column.total)} in der Liste", column.href)
    body: list[Component] = (
        [cards, html.P(more, className="board-more")]
        if column.rows
        else [html.P("Keine Maßnahmen.", className="board-more")]
    )
    return html.Section([title, *body], className=f"card board-column board-{column.state}")


def _board_card(row: Row, shorts: Mapping[str, str]) -> Component:
    due = words.due_words(row["due_kind"], row["due_precision"], row["due_end"])
    when = f"erledigt am {formats.day(row['done_on'])}" if row["done_on"] else _due_line(row, due)
    return html.Article(
        [
            html.P(record_cell(str(row["title"]), MEASURES, row["measure_id"]), className="board-name"),
            html.P(
                f"{row['measure_id']} · {_unit(row, shorts)} · Ziel {row['goal']}", className="board-line"
            ),
            html.P(when, className="board-line"),
        ],
        className="board-card",
    )


def _due_line(row: Row, named: str) -> str:
    if row["due_on"] is None:
        return named if named != formats.MISSING else "ohne Frist"
    over = words.days_over(row["days_over"])
    words_of = [f"Frist {formats.day(row['due_on'])}", over]
    if named not in (formats.MISSING, formats.day(row["due_on"])):
        words_of.append(f"genannt: {named}")
    return " · ".join(part for part in words_of if part)


def _place_state(row: Row, today: date) -> Component:
    """State with the day that is promised, as long as the service is not online."""
    level, planned = row["reifegrad"], row["planned_on"]
    rating, word = words.place_state(level, planned, bool(row["in_project"]), today)
    shown = planned is not None and rating != "gut"
    note = [html.Span(f"bis {formats.month(planned)}", className="cell-note")] if shown else []
    return html.Span([status(rating, word), *note])


def top_card(
    rows: Sequence[Row],
    shown: int,
    title: str,
    subtitle: str,
    shorts: Mapping[str, str],
    today: date,
    *,
    unit_short: str,
    links: Sequence[Component],
) -> Component:
    """First places of the ranking with their state; weights and criteria are one link away.

    Below `unit_short` („FD“) the units stand without it: the card is narrow.
    """
    if not rows:
        return card(title, empty("Noch keine Rangliste mit Gewichten."))
    lines: list[list[Component | str]] = [
        [
            formats.number(row["place"]),
            record_cell(str(row["title"]), "ranking_places", row["ranking_id"], row["object_id"]),
            _unit(row, shorts).removeprefix(f"{unit_short}{formats.NBSP}"),
            glyph(row["reifegrad"]),
            formats.number(row["points"]),
            _place_state(row, today),
        ]
        for row in rows[:shown]
    ]
    columns = (
        *(Column("Rang", "right"), Column("Leistung"), Column(unit_short), Column("Reifegrad")),
        *(Column("Punkte", "right"), Column("Stand")),
    )
    counted = f"{formats.number(len(lines))} von {texts.plural(len(rows), 'Zeile', 'Zeilen')}"
    return card(
        title,
        table("Rangliste der Leistungen mit Reifegrad und Stand", columns, lines, class_name="top-table"),
        subtitle=subtitle,
        foot=[html.Span(counted), *links],
        flush=True,
    )
