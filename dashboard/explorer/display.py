"""How the answer is shown: view, what cells say, comparison, rank, time, chosen dimensions, heat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dash import html

from dashboard import formats
from dashboard.components.attributes import aria
from dashboard.components.filters import Choice, menu, month_ends
from dashboard.components.icon import icon
from dashboard.explorer import moves
from dashboard.explorer.desk import WHEN, Desk
from metrics.explore.question import Against, Show, Top
from metrics.explore.result import Pivot

if TYPE_CHECKING:
    from dash.development.base_component import Component

VIEWS = (("pivot", "Pivot", "explorer"), ("liste", "Liste", "list"), ("diagramm", "Diagramm", "reifegrad"))
SHOWS: tuple[tuple[Show, str], ...] = (
    ("value", "Werte"),
    ("row_share", "Anteil an der Zeile"),
    ("column_share", "Anteil an der Spalte"),
    ("total_share", "Anteil am Gesamten"),
    ("difference", "Differenz"),
    ("index", "Index (Vergleich = 100)"),
)
AGAINST: tuple[tuple[Against, str], ...] = (
    ("", "ohne"),
    ("previous_period", "Vorperiode"),
    ("previous_year", "Vorjahr"),
    ("plan", "Plan"),
)
RANKS = (
    (None, "alle"),
    (Top(5), "die 5 größten"),
    (Top(10), "die 10 größten"),
    (Top(20), "die 20 größten"),
    (Top(5, smallest=True), "die 5 kleinsten"),
    (Top(10, smallest=True), "die 10 kleinsten"),
)
STICHTAGE = 12
MOST_MEMBERS = 30


def view_segments(desk: Desk) -> Component:
    """Pivot, Liste, Diagramm; the present one filled."""
    links = [
        html.A(
            [icon(sign, small=True), html.Span(label)],
            href=desk.seen(view=key, page=1),
            className="segment",
            **aria(current=desk.state.view == key or None),
        )
        for key, label, sign in VIEWS
    ]
    return html.Div(links, className="segments explorer-views", role="group", **aria(label="Ansicht"))


def display_bar(desk: Desk, pivot: Pivot | None) -> Component:
    """Small menus below the zones."""
    parts = list(_menus(desk, pivot))
    return html.Div(parts, className="display-bar", role="group", **aria(label="Darstellung"))


def _menus(desk: Desk, pivot: Pivot | None) -> Iterator[Component]:
    yield from _times(desk)
    yield from (_choose_menu(desk, name) for name in desk.dataset.choose if offered_values(desk, name))
    if desk.state.view == "liste":
        return
    question = desk.question
    shows = [
        Choice(label, desk.to(moves.shown_as(question, key)), key == question.show) for key, label in SHOWS
    ]
    yield menu("Zeige", shows)
    yield menu("Vergleich", _comparisons(desk, pivot))
    if question.rows or question.columns:
        spoken = aria(label="Zeilen und Spalten tauschen")
        yield html.A("Tauschen", href=desk.to(moves.turned(question)), className="control", **spoken)
    if question.rows:
        ranks = _ranks(desk)
        yield menu(
            "Rang",
            [
                Choice(label, desk.to(moves.ranked(question, top)), top == question.top)
                for top, label in ranks
            ],
        )


def _ranks(desk: Desk) -> list[tuple[Top | None, str]]:
    known = [top for top, _ in RANKS]
    present = desk.question.top
    own = [] if present in known or present is None else [(present, _rank_words(present))]
    return [*RANKS, *own]


def _rank_words(top: Top) -> str:
    return f"die {formats.number(top.n)} {'kleinsten' if top.smallest else 'größten'}"


def _comparisons(desk: Desk, pivot: Pivot | None) -> list[Choice]:
    question = desk.question
    usual = AGAINST if not desk.is_list else AGAINST[:1]
    found = [
        Choice(label, desk.to(moves.compared(question, against)), question.against == against)
        for against, label in usual
    ]
    leading = (question.columns or question.rows)[:1]
    for name in leading:
        found += [
            Choice(
                desk.value(name, value),
                desk.to(moves.compared(question, "member", value)),
                question.against == "member" and question.against_member == value,
            )
            for value in _members(desk, pivot)
        ]
    return found


def _members(desk: Desk, pivot: Pivot | None) -> list[str]:
    """Values of the leading field one may compare with."""
    if pivot is None:
        return [desk.question.against_member] if desk.question.against == "member" else []
    heads = pivot.columns if desk.question.columns else pivot.rows
    return [head.path[0] for head in heads if head.level == 1 and head.path[0] is not None][:MOST_MEMBERS]


def switches(desk: Desk, pivot: Pivot | None) -> Component | None:
    """Heat and open rows, beside the views; only where there is a table."""
    if desk.state.view != "pivot" or pivot is None:
        return None
    warm, question = desk.state.warm, desk.question
    box = html.Span(className=f"switch-box{' is-on' if warm else ''}", **aria(hidden=True))
    told = html.Span(" ausschalten" if warm else " einschalten", className="visually-hidden")
    parts: list[Component] = [
        html.A(
            [box, html.Span("Wärmefelder"), told],
            href=desk.seen(warm=not warm),
            className="control control-switch",
        )
    ]
    if len(question.rows) > 1:
        every = question.open_paths is None
        turned = moves.all_closed(question) if every else moves.all_opened(question)
        words = "Alle schließen" if every else "Alle öffnen"
        parts.append(html.A(words, href=desk.seen(question=turned), className="control"))
    return html.Div(parts, className="display-bar display-switches", role="group", **aria(label="Tabelle"))


def _times(desk: Desk) -> Iterator[Component]:
    if desk.is_list:
        return
    if desk.is_flow:
        yield _span_menu(desk)
    if desk.is_stock:
        yield _day_menu(desk)


def _day_menu(desk: Desk) -> Component:
    today, present = desk.today, desk.question.at
    offered: list[date | None] = [None, *month_ends(today, STICHTAGE)]
    offered += [] if present in offered else [present]
    question = desk.question
    days = [
        Choice(
            formats.day(day or today), desk.to(moves.dated(question, question.between, day)), day == present
        )
        for day in offered
    ]
    return menu("Stichtag", [*days, Choice("anderer Tag …", desk.editing(WHEN))], icon_name="calendar")


def _span_menu(desk: Desk) -> Component:
    question = desk.question
    spans = [*_spans(desk.today)]
    if question.between is not None and question.between not in [span for span, _ in spans]:
        spans.append((question.between, formats.period(*question.between)))
    choices = [
        Choice(label, desk.to(moves.dated(question, span, question.at)), span == question.between)
        for span, label in spans
    ]
    return menu(
        "Zeitraum", [*choices, Choice("anderer Zeitraum …", desk.editing(WHEN))], icon_name="calendar"
    )


def _spans(today: date) -> Iterator[tuple[tuple[date, date] | None, str]]:
    first = date(today.year, 1, 1)
    month = today.replace(day=1) - timedelta(days=1)
    back = date(month.year - 1, month.month, 1) + timedelta(days=31)
    yield None, "wie in der Kennzahl"
    yield (back.replace(day=1), month), "letzte 12 Monate"
    yield (first, today), f"{today.year} bis heute"
    if month.year == today.year:
        # What can be compared with the year before: the running month is no whole one.
        begin = "Januar bis " if month.month > 1 else ""
        yield (first, month), f"{begin}{formats.month_words(month)}"
    for year in (today.year - 1, today.year - 2):
        yield (date(year, 1, 1), date(year, 12, 31)), str(year)
    yield (date(today.year - 3, 1, 1), today), f"seit {today.year - 3}"


def offered_values(desk: Desk, name: str) -> list[str]:
    """Values of a dimension of which exactly one holds, where there is a choice."""
    known = desk.dataset.choose
    values = [value for value in desk.choices(name) if value is not None]
    return values if name in known and len(values) > 1 else []


def _choose_menu(desk: Desk, name: str) -> Component:
    default = desk.dataset.choose[name]
    present = desk.question.choose.get(name, str(desk.today.year) if default.startswith("@") else default)
    offered = offered_values(desk, name)
    offered += [] if present in offered else [present]
    return menu(
        desk.label(name),
        [
            Choice(desk.value(name, v), desk.to(moves.chosen(desk.question, name, v)), v == present)
            for v in offered
        ],
    )
