"""The chosen cell: where it stands, the records behind it, and the way to where its figure comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import formats, texts
from dashboard.cockpits.datensaetze import cell_words, is_number, record_href
from dashboard.components.address import origin_address
from dashboard.components.attributes import data
from dashboard.components.drill import breadcrumb
from dashboard.components.layout import card_foot, card_head, quiet_link, text_link
from dashboard.components.table import table
from dashboard.explorer.compared import then_words
from dashboard.explorer.desk import Desk
from dashboard.explorer.parameter import EXPLORER
from dashboard.explorer.state import params_of
from dashboard.explorer.words import amount_words
from dashboard.figures.chart import Column
from metrics.definition import ORG_COLUMN, ORG_LEVELS
from metrics.explore.question import BUCKET, TIME_FIELDS, Path
from metrics.explore.result import MeasureInfo, Pivot, PivotCell
from metrics.recordlist import RecordDefinition
from metrics.records import Records

if TYPE_CHECKING:
    from dash.development.base_component import Component

ROWS, COLUMNS = 8, 5
Place = tuple[Path, Path, int]


def place_of(desk: Desk, pivot: Pivot) -> Place | None:
    """The chosen cell, if it is on the table."""
    chosen = desk.state.cell
    if chosen is None or chosen[2] >= len(pivot.measures):
        return None
    rows, columns = {head.path for head in pivot.rows}, {head.path for head in pivot.columns}
    return chosen if chosen[0] in rows and chosen[1] in columns else None


def crumbs(desk: Desk, place: Place) -> Component:
    """„Alle › Bauen & Wohnen › A 5 › Reifegrad 2“: every step but the last leads to its cell."""
    row, column, measure = place
    question = desk.question
    steps = [("Alle", desk.seen(cell=((), (), measure)))]
    for depth in range(1, len(row) + 1):
        words = desk.words.short(question.rows[depth - 1], row[depth - 1])
        steps.append((words, desk.seen(cell=(row[:depth], (), measure))))
    for depth in range(1, len(column) + 1):
        words = desk.words.short(question.columns[depth - 1], column[depth - 1])
        steps.append((words, desk.seen(cell=(row, column[:depth], measure))))
    return breadcrumb(steps)


def place_words(desk: Desk, place: Place) -> str:
    """„Bauen & Wohnen · A 5 Melden · Reifegrad: 2 Formular-Assistent“."""
    row, column, _ = place
    question = desk.question
    parts = [desk.value(name, value) for name, value in zip(question.rows, row, strict=False)]
    parts += [desk.value(name, value) for name, value in zip(question.columns, column, strict=False)]
    return " · ".join(parts) or "Alle"


def selection_part(desk: Desk, pivot: Pivot, place: Place) -> Component:
    """Card below the table: value of the cell, first records, ways on."""
    row, column, measure = place
    info, cell = pivot.measures[measure], pivot.cell(row, column, measure)
    told = f"{info.label}: {_told(desk, info, cell)}"
    found, why = records_of(desk, place, limit=ROWS)
    title = f"{found_words(desk, found)} in der Auswahl" if found is not None else told
    subtitle = told if found is not None else ""
    beside = html.P(place_words(desk, place), className="selection-place")
    parts: list[Component] = [card_head(title, subtitle, [beside])]
    parts.append(_body(desk, place, found, why))
    parts.append(card_foot(*_ways(desk, place, found)))
    return html.Section(parts, className="card selection", **data(announce=title))


def _body(desk: Desk, place: Place, found: Records | None, why: str) -> Component:
    if found is None or not found.rows:
        return html.Div(html.P(why or "Keine Datensätze."), className="card-body")
    notes = [html.P(note, className="field-note") for note in found.notes]
    return html.Div([preview(desk, found, _said(desk, place)), *notes], className="card-body card-body-flush")


def records_of(desk: Desk, place: Place | None, **window: Any) -> tuple[Records | None, str]:
    """Records behind a cell, or behind the whole question; else the sentence why there are none."""
    row, column, measure = place or ((), (), 0)
    answer = desk.services.explore_records(
        desk.viewer, desk.question, row=row, column=column, measure=measure, **window
    )
    return (answer, "") if isinstance(answer, Records) else (None, str(answer))


def found_words(desk: Desk, found: Records) -> str:
    """„18 Einzelleistungen“: how many records of a list there are; titles of lists are plurals."""
    label = desk.services.catalog.record_list(found.list_id).definition.label
    if found.total == 1:
        return f"1 Datensatz ({label})"
    return f"{formats.number(found.total)} {label}"


def _told(desk: Desk, info: MeasureInfo, cell: PivotCell) -> str:
    """The value with what it is made of; in a comparison the other value and the difference as well."""
    then = then_words(info, cell, desk.question, desk.words)
    if not then:
        return f"{desk.words.cell(info, cell, desk.question.show)}{_pair(cell)}"
    return f"{amount_words(info, cell.value)}{_pair(cell)} · {then}"


def _pair(cell: PivotCell) -> str:
    if cell.numerator is None or cell.denominator is None:
        return ""
    return f" ({formats.plain(cell.numerator)} von {formats.plain(cell.denominator)})"


def naming(definition: RecordDefinition) -> tuple[str, ...]:
    """Columns with the one that names a record first: the first text of its order, else the first at all.

    A key of one column says nothing to readers; of several, they are what tells records apart.
    """
    columns = definition.columns
    ordered = [name.removeprefix("-") for name in definition.order]
    named = next((name for name in ordered if columns[name].type == "text"), next(iter(columns)))
    keys = tuple(name for name in definition.key if name != named)
    leading = () if len(definition.key) == 1 else keys
    return (named, *leading, *(name for name in columns if name != named and name not in keys))


def _said(desk: Desk, place: Place) -> set[str]:
    """Columns whose one value the place of the cell says already."""
    row, column, _ = place
    names = {*desk.question.rows[: len(row)], *desk.question.columns[: len(column)]}
    return names | ({ORG_COLUMN} if names & set(ORG_LEVELS) else set())


def preview(desk: Desk, found: Records, said: Set[str] = frozenset(), most: int = COLUMNS) -> Component:
    """Table of records: what names them and the next columns, at most so many, without those said already."""
    definition = desk.services.catalog.record_list(found.list_id).definition
    first, *rest = naming(definition)
    names = (first, *[name for name in rest if name not in said][: most - 1])
    heads = [
        Column(definition.columns[name].label, "right" if is_number(definition.columns[name]) else "left")
        for name in names
    ]
    rows = [_record(desk, definition, found.list_id, names, row) for row in found.dicts()]
    caption = f"Die ersten Datensätze der Auswahl: {definition.label}"
    return table(caption, heads, rows, stacked=True, class_name="table-selection")


def _record(
    desk: Desk, definition: RecordDefinition, list_id: str, names: tuple[str, ...], row: Mapping[str, Any]
) -> list[Component | str]:
    zone, units = desk.services.settings.zone, desk.words.units
    cells: list[Component | str] = [
        cell_words(definition.columns[name], row[name], units, zone) for name in names
    ]
    href = record_href(definition, list_id, row)
    if href:
        cells[0] = html.A(cells[0], href=href, className="row-link")
    return cells


def _ways(desk: Desk, place: Place, found: Records | None) -> Iterator[Component | str]:
    if found is not None and found.total > len(found.rows):
        first = formats.number(len(found.rows))
        yield html.Span(
            [
                f"Die ersten {first} · ",
                text_link("alle in der Liste ansehen", desk.seen(view="liste", page=1)),
            ]
        )
    elif found is not None and found.rows:
        yield text_link("in der Liste ansehen", desk.seen(view="liste", page=1))
    else:
        yield html.Span("")
    origin = origin_of(desk, place)
    if origin:
        yield quiet_link(texts.ORIGIN_ONE, origin, **data(origin="1"))


def origin_of(desk: Desk, place: Place) -> str:
    """Address of the panel about the figure of a cell; nothing where its cut cannot be named there."""
    row, column, number = place
    metric = desk.question.measures[number].subject if number < len(desk.question.measures) else ""
    if metric not in desk.services.catalog.metrics:
        return ""
    cut = _cut(desk, row, column)
    if cut is None:
        return ""
    kept = params_of(desk.state)
    return origin_address(EXPLORER, kept, metric, cut, at=desk.question.at)


def _cut(desk: Desk, row: Path, column: Path) -> dict[str, str] | None:
    question = desk.question
    named: dict[str, str | None] = {}
    for condition in question.filters:
        if condition.op != "in" or len(condition.values) != 1:
            return None
        named[condition.name] = condition.values[0]
    named |= dict(zip(question.rows, row, strict=False)) | dict(zip(question.columns, column, strict=False))
    named.pop(BUCKET, None)
    if any(value is None or name in TIME_FIELDS for name, value in named.items()):
        return None
    return {**question.choose, **{name: value for name, value in named.items() if value is not None}}
