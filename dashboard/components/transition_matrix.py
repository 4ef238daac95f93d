"""What moved between stages: rows from, columns to; newly online filled, downgrades outlined."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.cockpits.reifegrad import NEW, UNRATED, Matrix, MatrixCell, MatrixRow
from dashboard.components.attributes import data

NO_MOVE = "·"
ROW_WORDS: Mapping[str, str] = {NEW: "neu in der Liste", UNRATED: "nicht eingestuft"}
# Spoken beside the number: colour and outline must not be the only difference.
MOVE_WORDS: Mapping[str, str] = {"neu_online": "neu online", "zurueckgestuft": "zurückgestuft"}
CLASSES: Mapping[str, str] = {
    "neu_online": "move-online",
    "zurueckgestuft": "move-down",
    "hoeher": "move-up",
    "gleich": "move-none",
    "neu_erfasst": "move-new",
}


def transition_matrix(matrix: Matrix, caption: str) -> Component:
    """Return the matrix as a table with heads for rows and columns; it scrolls inside its card."""
    head = [html.Th("von", scope="col", className="to-left")]
    head += [html.Th(_column(level), scope="col", className="to-right") for level in matrix.levels]
    head.append(html.Th("Summe", scope="col", className="to-right"))
    table = html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr(head)),
            html.Tbody([_row(row) for row in matrix.rows]),
        ],
        className="table table-dense moves",
    )
    return html.Div([table], className="table-scroll", **data(caption=caption))


def _column(level: str) -> str:
    return "ohne" if level == UNRATED else level


def _row(row: MatrixRow) -> Component:
    words = ROW_WORDS.get(row.level, row.level)
    cells = [html.Td(_cell(cell), className=f"to-right {_class(cell)}") for cell in row.cells]
    total = html.Td(formats.number(row.total), className="to-right move-sum")
    return html.Tr([html.Th(words, scope="row", className="to-left"), *cells, total])


def _class(cell: MatrixCell) -> str:
    return CLASSES.get(cell.kind, "move-empty") if cell.count else "move-empty"


def _cell(cell: MatrixCell) -> list[Component | str]:
    if not cell.count:
        return [NO_MOVE]
    words = MOVE_WORDS.get(cell.kind)
    spoken = [html.Span(f" {words}", className="visually-hidden")] if words else []
    return [formats.number(cell.count), *spoken]
