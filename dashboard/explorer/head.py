"""Heads of the pivot: groups of columns above their members, values below them, links that sort."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.icon import icon
from dashboard.explorer import moves
from dashboard.explorer.columns import Leaf, total_words
from dashboard.explorer.grid import Grid

if TYPE_CHECKING:
    from dash.development.base_component import Component


def head_rows(grid: Grid) -> list[Component]:
    """Rows of heads, from the group of all columns down to the single value."""
    parts = [leaf for leaf in grid.leaves if leaf.path]
    if not parts:
        return [html.Tr([_row_label(grid, 1), *_totals(grid, 1)])]
    depth = max(len(leaf.path) for leaf in parts)
    several = len({leaf.measure for leaf in parts}) > 1
    height = 1 + depth + several
    first = html.Tr([_row_label(grid, height), _group(grid, parts), *_totals(grid, height)])
    levels = [html.Tr(list(_level(grid, parts, level, depth))) for level in range(1, depth + 1)]
    if several:
        levels.append(html.Tr([_th(_value_words(grid, leaf), align="to-right") for leaf in parts]))
    return [first, *levels]


def _group(grid: Grid, parts: list[Leaf]) -> Component:
    fields = " / ".join(grid.desk.label(name) for name in grid.pivot.question.columns)
    shown = {leaf.measure for leaf in parts}
    unit = ""
    if len(shown) == 1:
        fields = f"{fields}, {grid.pivot.measures[shown.pop()].label}"
        unit = grid.long_unit(parts[0])
    words = html.Span([fields, *_unit(unit, fields)], className="head-words")
    return html.Th(words, scope="colgroup", colSpan=len(parts), className="head-group")


def _unit(unit: str, words: str) -> list[Component]:
    """The unit behind words that do not say it themselves, as „Aufwand (Stunden)“ does."""
    return [html.Span(f" ({unit})", className="unit")] if unit and not words.endswith(f"({unit})") else []


def _value_words(grid: Grid, leaf: Leaf) -> Component:
    short = grid.info(leaf).short
    return html.Span([short, *_unit(grid.long_unit(leaf), short)])


def _level(grid: Grid, parts: list[Leaf], level: int, depth: int) -> Iterator[Component]:
    for path, several in groupby(parts, key=lambda leaf: leaf.path[:level]):
        span = len(list(several))
        rows = depth - level + 1
        if len(path) == level and path in grid.parents:
            yield _th(_member(grid, path), span=span, align="head-group")
        elif len(path) == level:
            yield _th(_member(grid, path), span=span, rows=rows)
        elif len(path) == level - 1 and path in grid.parents:
            yield _th(total_words(grid.pivot), span=span, rows=rows)


def _member(grid: Grid, path: tuple[str | None, ...]) -> str:
    return grid.desk.value(grid.pivot.question.columns[len(path) - 1], path[-1])


def _th(
    words: str | Component, *, span: int = 1, rows: int = 1, align: str = "", sort: str | None = None
) -> Component:
    more: dict[str, Any] = {"colSpan": span if span > 1 else None, "rowSpan": rows if rows > 1 else None}
    more = {name: value for name, value in more.items() if value}
    align = align or ("head-group" if span > 1 else "to-right")
    scope = "colgroup" if span > 1 else "col"
    if span > 1:
        words = html.Span(words, className="head-words")
    return html.Th(words, scope=scope, className=align, **more, **aria(sort=sort))


def _row_label(grid: Grid, height: int) -> Component:
    label = " / ".join(grid.desk.label(name) for name in grid.pivot.question.rows)
    if not label:
        return _th("Auswahl", rows=height, align="to-left row-head")
    link, spoken = _sorting(grid, label, "name")
    return _th(link, rows=height, align="to-left row-head", sort=spoken)


def _totals(grid: Grid, height: int) -> list[Component]:
    found = []
    for leaf in (leaf for leaf in grid.leaves if leaf.is_total):
        align = f"to-right is-sum {grid.edge(leaf)}".strip()
        words = grid.total_words(leaf)
        unit = _unit(grid.long_unit(leaf), words) if not grid.pivot.question.columns or leaf.measure else []
        if leaf.measure or not grid.pivot.question.rows:
            found.append(_th(html.Span([words, *unit]), rows=height, align=align))
        else:
            link, spoken = _sorting(grid, words, "value", unit)
            found.append(_th(link, rows=height, align=align, sort=spoken))
    return found


def _sorting(
    grid: Grid, label: str, what: Literal["value", "name"], unit: Sequence[Component] = ()
) -> tuple[Component, str | None]:
    order = grid.desk.question.order
    mine = order.removeprefix("-") == what
    falling = order.startswith("-")
    arrow = [icon("down", small=True)] if mine else []
    href = grid.desk.seen(question=moves.sorted_by(grid.desk.question, what))
    spoken = ("descending" if falling else "ascending") if mine else None
    return html.A([label, *unit, *arrow], href=href, className="sort-link"), spoken
