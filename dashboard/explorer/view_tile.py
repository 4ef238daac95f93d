"""A saved view as a tile: one large figure, or a small table, asked with the rights of the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.components.chart_card import chart_card
from dashboard.components.layout import card, quiet_link
from dashboard.components.legend import legend
from dashboard.components.states import empty, nature_note
from dashboard.components.table import table
from dashboard.explorer.chart import suggestion
from dashboard.explorer.chart_rule import KINDS, Kind, refusal
from dashboard.explorer.desk import Desk, desk_of
from dashboard.explorer.drawable import Sheet
from dashboard.explorer.drawing import drawn
from dashboard.explorer.listing import order_of
from dashboard.explorer.selection import found_words, place_words, preview, records_of
from dashboard.explorer.state import read_state
from dashboard.explorer.views import Seen, missing
from dashboard.explorer.words import Words, filter_words, title_of, unit_beside, words_for
from dashboard.figures.chart import Column
from dashboard.figures.datum import Noticed
from dashboard.texts import plural
from metrics.explore.catalog import dataset
from metrics.explore.result import Head, MeasureInfo, Pivot

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.explorer.state import State
    from dashboard.services import Services

MOST_ROWS, MOST_COLUMNS = 8, 4
FIRST_RECORDS, FIRST_COLUMNS = 5, 3
NOTHING = "Für diese Ansicht gibt es gerade keine Werte in Ihrem Bereich."


def view_tile(services: Services, viewer: Viewer, seen: Seen, actions: Sequence[Component] = ()) -> Component:
    """Card of a view; raises like `services.explore` when it may not be asked."""
    version = seen.version
    if lost := missing(services, version):
        return card(version.name, [empty(lost), *actions], class_name="view-tile")
    state = read_state(version.params, services.catalog, services.snapshot().business_date)
    if state.view == "liste":
        return _records(desk_of(services, viewer, version.params), seen, actions)
    asked = state.question
    # Of a table only the outermost rows: the rest is a click away.
    question = asked if state.view == "diagramm" else replace(asked, open_paths=frozenset())
    pivot = services.explore(viewer, question)
    words = words_for(services, viewer, dataset(services.catalog, question.dataset), question)
    told = (title_of(question, words), filter_words(question, words, most=3))
    parts: dict[str, Any] = {
        "subtitle": "; ".join(line for line in told if line),
        "foot": [_stand(services, pivot), quiet_link("Im Explorer öffnen", seen.href)],
        "class_name": "view-tile",
    }
    if (kind := _kind(state, pivot, words)) is not None:
        return _chart(seen, drawn(kind, Sheet.of(pivot, words, state)), actions, parts)
    return card(version.name, [*_body(pivot, words, version.name), *actions], **parts)


def _records(desk: Desk, seen: Seen, actions: Sequence[Component]) -> Component:
    """The first records of a list with the way to all of them."""
    state, name = desk.state, seen.version.name
    found, why = records_of(desk, state.cell, limit=FIRST_RECORDS, order=order_of(desk), search=state.search)
    parts: dict[str, Any] = {"class_name": "view-tile"}
    if found is None or not found.rows:
        return card(name, [empty(why or NOTHING, link=("Im Explorer öffnen", seen.href)), *actions], **parts)
    where = place_words(desk, state.cell) if state.cell else ""
    many = found_words(desk, found)
    told = (many, where, filter_words(desk.question, desk.words, most=3))
    foot: list[Component | str] = [
        f"Stand {formats.day(desk.today)}",
        quiet_link(f"alle {many}" if found.total > len(found.rows) else "als Liste ansehen", seen.href),
    ]
    notes = [html.P(note, className="field-note") for note in found.notes]
    body = [preview(desk, found, most=FIRST_COLUMNS), *notes, *actions]
    return card(name, body, subtitle="; ".join(line for line in told if line), foot=foot, **parts)


def _kind(state: State, pivot: Pivot, words: Words) -> Kind | None:
    """The kind of chart the view says; None for a table, and where its answer today allows no drawing."""
    if state.view != "diagramm":
        return None
    wanted = cast("Kind", state.chart) if state.chart in KINDS else suggestion(pivot, words)[0]
    return wanted if refusal(wanted, pivot, words) is None else None


def _chart(seen: Seen, result: Noticed, actions: Sequence[Component], parts: Mapping[str, Any]) -> Component:
    return chart_card(
        f"ansicht-{seen.view.id}",
        seen.version.name,
        result.chart,
        legend=legend(result.legend) if result.legend else None,
        below=html.Div(list(actions), className="pinned-below") if actions else None,
        **parts,
    )


def _stand(services: Services, pivot: Pivot) -> str:
    stand = f"Datenstand {formats.stand(pivot.as_of, services.settings.zone)}"
    return " · ".join(part for part in (stand, nature_note(pivot.nature)) if part)


def _body(pivot: Pivot, words: Words, name: str) -> list[Component]:
    if not pivot.question.rows and not pivot.question.columns:
        return _figures(pivot, words)
    rows = [head for head in pivot.rows if head.level == 1]
    if not rows and pivot.question.rows:
        return [empty(NOTHING)]
    return [_table(pivot, words, rows, name), *_left_out(pivot, rows)]


def _figures(pivot: Pivot, words: Words) -> list[Component]:
    """Each measure as a large figure with its words."""
    return [
        html.Div(
            [
                html.P(
                    html.Span(_cell(pivot, words, info, (), (), place), className="value"),
                    className="tile-value",
                ),
                html.P(info.short, className="view-measure"),
            ]
        )
        for place, info in enumerate(pivot.measures)
    ]


def _cell(
    pivot: Pivot, words: Words, info: MeasureInfo, row: tuple[str | None, ...],
    column: tuple[str | None, ...], place: int,
) -> str:  # fmt: skip
    return words.cell(info, pivot.cell(row, column, place), pivot.question.show)


def _table(pivot: Pivot, words: Words, rows: Sequence[Head], name: str) -> Component:
    columns = _columns(pivot)
    places = [(head, place) for head in columns for place in range(len(pivot.measures))]
    first = words.field(pivot.question.rows[0]) if pivot.question.rows else ""
    heads = [Column(first), *(_head(pivot, words, head, place) for head, place in places)]
    lines = [
        (words.value(pivot.question.rows[0], head.path[0]), *_line(pivot, words, head.path, places))
        for head in rows[:MOST_ROWS]
    ]
    total = ("Gesamt", *_line(pivot, words, (), places))
    if not pivot.question.rows:
        return table(name, heads, [total], dense=True)
    return table(name, heads, lines, total=total, dense=True)


def _line(
    pivot: Pivot, words: Words, row: tuple[str | None, ...], places: Sequence[tuple[Head, int]]
) -> tuple[str, ...]:
    return tuple(_cell(pivot, words, pivot.measures[n], row, head.path, n) for head, n in places)


def _columns(pivot: Pivot) -> list[Head]:
    """The first outermost columns and the total."""
    outer = [head for head in pivot.columns if head.level == 1]
    return [*outer[:MOST_COLUMNS], Head(())]


def _head(pivot: Pivot, words: Words, head: Head, place: int) -> Column:
    info = pivot.measures[place]
    names = pivot.question.columns
    said = words.short(names[0], head.path[0]) if head.path else ("Gesamt" if names else info.short)
    label = f"{said}: {info.short}" if names and len(pivot.measures) > 1 else said
    return Column(label, "right", unit_beside(label, info, pivot.question.show))


def _left_out(pivot: Pivot, rows: Sequence[Head]) -> list[Component]:
    columns = len([head for head in pivot.columns if head.level == 1])
    found = []
    if (more := len(rows) - MOST_ROWS + pivot.hidden_rows) > 0:
        found.append(plural(more, "weitere Zeile", "weitere Zeilen"))
    if (more := columns - MOST_COLUMNS) > 0:
        found.append(plural(more, "weitere Spalte", "weitere Spalten"))
    return [html.P(f"{' und '.join(found)} im Explorer", className="view-more")] if found else []
