"""The pivot as a real table: heads with groups, rows to open, cells that lead to what is behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dash import html

from dashboard import formats, texts
from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon
from dashboard.explorer import moves
from dashboard.explorer.columns import Leaf, total_words
from dashboard.explorer.compared import now_and_then
from dashboard.explorer.grid import Grid
from dashboard.explorer.head import head_rows
from dashboard.explorer.notation import PART, write_path
from dashboard.explorer.paper import Paper
from dashboard.explorer.parameter import CELL
from dashboard.explorer.sentence import adds_up
from dashboard.page import LONGEST_SEARCH
from metrics.explore.result import Head, Pivot, PivotCell

if TYPE_CHECKING:
    from dash.development.base_component import Component

WARMTHS = 5


def pivot_table(grid: Grid, caption: str, paper: Paper) -> Component:
    """The table in its scrolling frame; cells are reached by arrow keys, the first of them by Tab."""
    total = next((head for head in grid.pivot.rows if not head.path), None)
    cells = _Cells(grid)
    parts = [
        html.Caption(caption, className="visually-hidden"),
        *_off_paper(grid, paper),
        html.Thead(head_rows(grid)),
        html.Tbody([_row(grid, cells, head) for head in grid.shown]),
    ]
    if total is not None:
        parts.append(html.Tfoot(_row(grid, cells, total)))
    looks = ("table pivot", "pivot-wide" if paper.look else "", paper.look)
    table = html.Table(parts, className=" ".join(filter(None, looks)), **data(sums=_sums(grid)))
    return html.Div([table], className="table-scroll pivot-scroll", **data(caption=caption))


def _off_paper(grid: Grid, paper: Paper) -> list[Component]:
    """Columns as elements, where some of them are not printed."""
    if not paper.left_out:
        return []
    places = range(len(grid.leaves))
    columns = [html.Col(className="off-paper" if place in paper.left_out else None) for place in places]
    return [html.Colgroup([html.Col(), *columns])]


def _sums(grid: Grid) -> str:
    """Per value: do sums of selected cells mean something, digits, unit; read by explorer.js."""
    return "|".join(
        f"{int(_may_add(grid.pivot, at))};{info.decimals};{formats.UNIT_WORDS.get(info.unit, ('', ''))[1]}"
        for at, info in enumerate(grid.pivot.measures)
    )


def _may_add(pivot: Pivot, at: int) -> bool:
    """Whether cells of a value may be added by hand: never where their own total is refused."""
    whole = pivot.cell((), (), at)
    return pivot.question.show == "value" and adds_up(pivot.measures[at]) and whole.state != "refused"


def _row(grid: Grid, cells: _Cells, head: Head) -> Component:
    name = _total_name(grid) if not head.path else _name(grid, head)
    row: list[Component] = [html.Th(name, scope="row", className=f"to-left row-head level-{head.level}")]
    row += [cells.cell(head, leaf) for leaf in grid.leaves]
    opened = head.has_children and moves.is_open(grid.desk.question, head.path)
    return html.Tr(row, className="is-open" if opened else None)


def _total_name(grid: Grid) -> str:
    outermost = sum(1 for head in grid.pivot.rows if head.level == 1)
    if not outermost:
        return total_words(grid.pivot)
    whole = outermost + grid.pivot.hidden_rows
    return f"{total_words(grid.pivot)} ({texts.plural(whole, 'Zeile', 'Zeilen')})"


def _name(grid: Grid, head: Head) -> Component | str:
    desk = grid.desk
    label = desk.value(desk.question.rows[head.level - 1], head.path[-1])
    if not head.has_children:
        return html.Span(label, className="row-name")
    is_open = moves.is_open(desk.question, head.path)
    openable = [other.path for other in grid.pivot.rows if other.has_children]
    turned = (
        moves.closed(desk.question, head.path, openable)
        if is_open
        else moves.opened(desk.question, head.path)
    )
    parts = [icon("down" if is_open else "right", small=True), html.Span(label)]
    href = desk.seen(question=turned)
    return html.A(parts, href=href, className="row-fold", **aria(expanded=is_open))


class _Cells:
    """Draws cells; the address of a cell is the one of the view with the cell added."""

    def __init__(self, grid: Grid) -> None:
        self._grid, self._state = grid, grid.desk.state
        self._base = grid.desk.seen(cell=None)
        self._is_first = self._state.cell is None

    def cell(self, head: Head, leaf: Leaf) -> Component:
        """One cell with its shade, its words and the way behind it."""
        found = self._grid.pivot.cell(head.path, leaf.path, leaf.measure)
        classes = ["to-right"]
        if leaf.is_total or leaf.path in self._grid.parents:
            classes += ["is-sum", self._grid.edge(leaf)]
        if self._state.warm and found.warmth is not None:
            classes.append(f"heat-{min(WARMTHS - 1, int(found.warmth * WARMTHS))}")
        selected = self._state.cell == (head.path, leaf.path, leaf.measure)
        if selected:
            classes.append("is-selected")
        value = found.shown if found.state == "value" else None
        more = data(
            value=None if value is None else str(float(value)),
            measure=str(leaf.measure),
            level=str(head.level),
        )
        return html.Td(
            self._inside(head, leaf, found, selected), className=" ".join(filter(None, classes)), **more
        )

    def _inside(self, head: Head, leaf: Leaf, found: PivotCell, selected: bool) -> list[Component]:
        told = self._grid.short(leaf, found)
        if found.state in ("refused", "suppressed"):
            return self._without(told, found.reason)
        if found.state == "empty":
            return [html.Span(told, className="pivot-cell", tabIndex=-1)]
        both = now_and_then(self._grid.info(leaf), found, self._grid.pivot.question, self._grid.desk.words)
        link: dict[str, Any] = {"tabIndex": self._stop(selected), **aria(current=selected or None)}
        link |= {"title": both} if both else {}
        return [html.A(told, href=self._href(head, leaf), className="pivot-cell", **link)]

    def _without(self, told: str, reason: str) -> list[Component]:
        number = self._grid.reasons.number(reason or texts.HIDDEN_NOTE)
        note = html.Sup(number, **aria(hidden=True))
        spoken = html.Span(f" (Hinweis {number}: {reason})", className="visually-hidden")
        return [html.Span([told, note, spoken], className="pivot-cell is-refused", tabIndex=-1, title=reason)]

    def _stop(self, selected: bool) -> int:
        """One cell is a stop of the Tab key: the one selected, else the first."""
        if not selected and not self._is_first:
            return -1
        self._is_first = False
        return 0

    def _href(self, head: Head, leaf: Leaf) -> str:
        place = PART.join((write_path(head.path), write_path(leaf.path), str(leaf.measure)))
        whole = f"{self._base}&{CELL}={quote(place, safe=':,;~!*')}"
        if len(whole) <= LONGEST_SEARCH:
            return whole
        return self._grid.desk.seen(cell=(head.path, leaf.path, leaf.measure))
