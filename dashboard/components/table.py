"""Real HTML tables: caption, heads with scope, figures to the right, totals set apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.attributes import data
from dashboard.figures.chart import Column, TableData

Cell = Component | str


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    total: Sequence[Cell] | None = None,
    show_caption: bool = False,
    dense: bool = False,
    stacked: bool = False,
    class_name: str = "",
) -> Component:
    """Table whose first column names the row. Cells are finished texts or components.

    Wide tables scroll inside their card; the container can then be reached by keyboard. `stacked` is for
    records: on phones each stands as a block of its own, every cell beside the name of its column.
    """
    parts = [
        html.Caption(caption, className="" if show_caption else "visually-hidden"),
        html.Thead(html.Tr([_head(column, stacked) for column in columns], **_role("row", stacked)),
                   **_role("rowgroup", stacked)),
        html.Tbody([_row(columns, row, stacked) for row in rows], **_role("rowgroup", stacked)),
    ]  # fmt: skip
    if total is not None:
        parts.append(html.Tfoot(_row(columns, total, stacked), **_role("rowgroup", stacked)))
    looks = ("table", "table-dense" if dense else "", "table-stacked" if stacked else "", class_name)
    classes = " ".join(look for look in looks if look)
    whole = html.Table(parts, className=classes, **_role("table", stacked))
    return html.Div([whole], className="table-scroll", **data(caption=caption))


def data_table(data: TableData, *, show_caption: bool = False) -> Component:
    """Table of a chart."""
    return table(
        data.caption, data.columns, data.rows, total=data.total, show_caption=show_caption, dense=True
    )


def _role(role: str, stacked: bool) -> dict[str, Any]:
    """Said again, because some browsers forget that blocks are the cells of a table."""
    return {"role": role} if stacked else {}


def _head(column: Column, stacked: bool) -> Component:
    words: list[Any] = [column.label]
    if column.unit:
        words.append(html.Span(f" ({column.unit})", className="unit"))
    return html.Th(words, scope="col", className=f"to-{column.align}", **_role("columnheader", stacked))


def _row(columns: Sequence[Column], cells: Sequence[Cell], stacked: bool) -> Component:
    first, *rest = cells
    body: list[Component] = [
        html.Th(first, scope="row", className=f"to-{columns[0].align}", **_role("rowheader", stacked))
    ]
    body += [
        html.Td(cell, className=f"to-{column.align}", **_role("cell", stacked),
                **data(label=column.label if stacked else None))
        for column, cell in zip(columns[1:], rest, strict=True)
    ]  # fmt: skip
    return html.Tr(body, **_role("row", stacked))


def late_table(content: TableData, *, class_name: str = "") -> Component:
    """Long table of plain texts that portal.js writes at once; as components its cells would take seconds."""
    box = html.Div(
        className="table-scroll late-table",
        **data(caption=content.caption, table=table_text(content), look=class_name),
    )
    return keeping(box, content)


def keeping(box: Component, content: TableData) -> Component:
    """Return the place of a table with the table itself; exports read it, browsers never get it."""
    kept: Any = box
    kept.kept_table = content
    return box


def table_text(table: TableData) -> str:
    """Return a table as JSON: caption, heads [label, alignment, unit], rows and total of finished texts.

    Where rows lead somewhere, `links` holds an address or null per row.
    """
    heads = [[column.label, column.align, column.unit] for column in table.columns]
    whole: dict[str, Any] = {
        "caption": table.caption,
        "heads": heads,
        "rows": table.rows,
        "total": table.total,
    }
    if table.links:
        whole["links"] = [table.links.get(row[0]) for row in table.rows]
    return json.dumps(whole, ensure_ascii=False)
