"""From answers of the door to what a town's charts draw: rows in order, months without holes, parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from dashboard import formats
from dashboard.cockpits import ozg
from dashboard.cockpits.marken import marks_of
from dashboard.cockpits.town_desk import Desk
from dashboard.cockpits.town_file import Columns, Cut, Line, Multiples, Order, Ordered, Stacked, Table, Tile
from dashboard.components.key_figure import KeyFigure, key_figure, soll_words, with_marks
from dashboard.figures.marks import Mark
from dashboard.figures.period_columns import PeriodColumn
from dashboard.figures.s_curve import Forecast
from dashboard.figures.stacked_parts import PartRow
from dashboard.figures.value_bars import ValueRow
from dashboard.figures.value_line import Course
from metrics.definition import Definition
from metrics.goal import rule_for
from metrics.models.progress import monthly_amounts
from metrics.question import add_months, period_end
from metrics.result import Cell, MetricResult, Number, Rating
from metrics.targets import Rule
from warehouse.errors import AccessError

T = TypeVar("T")
COURSE_MONTHS = 13
EVER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Told:
    """A tile ready to be drawn, with its target in words for the Lagesatz."""

    figure: KeyFigure
    tile: Tile
    soll: str


def told(desk: Desk, tile: Tile) -> Told:
    """Ask for a tile: its figure, its course, the time it speaks about."""
    definition = desk.definition(tile.metric)
    result = desk.ask(tile)
    figure = key_figure(
        result, definition, zone=desk.services.settings.zone, label=tile.label, history=_history(desk, tile)
    )
    total = result.total
    words = (figure.reference, window_words(definition, total), desk.left_out(tile))
    figure = replace(figure, reference=" · ".join(word for word in words if word))
    figure = with_marks(figure, _marks(desk, tile))
    return Told(figure, tile, soll_words(total, definition) if total else "")


def _marks(desk: Desk, tile: Tile) -> Sequence[Mark]:
    """What people noted about the months of a tile."""
    months = desk.months(desk.definition(tile.metric), COURSE_MONTHS)
    where, _ = desk.narrowed(tile)
    first = months[0] if months else desk.at
    return marks_of(desk.services, desk.viewer, (tile.metric,), where, first=first, last=desk.at)


def _history(desk: Desk, tile: Tile) -> MetricResult | None:
    definition = desk.definition(tile.metric)
    if definition.grain != "month" or definition.over_time == "none":
        return None
    months = desk.months(definition, COURSE_MONTHS)
    try:
        return desk.ask(tile, by=("period",), between=_span(months, desk.at))
    except AccessError:
        return None  # small numbers: the total is given out, its months are not


def _span(months: Sequence[date], at: date) -> tuple[date, date]:
    return months[0], min(period_end(months[-1], "month"), at)


def window_words(definition: Definition, total: Cell | None) -> str:
    """„06/2025–05/2026“ or „03–05/2026“ of a flow, „05/2026“ of a month; nothing for stocks and plans."""
    if total is None or total.period is None or definition.over_time != "sum" or total.value is None:
        return ""
    if definition.grain != "month":
        return str(total.period.year) if definition.grain == "year" else formats.day(total.period)
    first = add_months(total.period, 1 - definition.window_months)
    last = formats.month(total.period)
    if first == total.period:
        return last
    return f"{formats.month(first)[:2] if first.year == total.period.year else formats.month(first)}–{last}"


def hidden_words(definition: Definition, cell: Cell | None) -> str:
    """What stands in place of a protected figure."""
    return formats.hidden(definition) if cell is not None and cell.suppressed else ""


def by_month(desk: Desk, cut: Cut, months: Sequence[date], at: date | None = None) -> dict[date, Cell]:
    """Cells of a figure by month."""
    result = desk.ask(cut, by=("period",), between=_span(months, at or desk.at))
    return {cell.period: cell for cell in result.rows if cell.period is not None}


def columns_of(desk: Desk, chart: Columns) -> list[PeriodColumn]:
    """The months of a chart; nothing when no month has a figure."""
    definition = desk.definition(chart.metric)
    months = desk.months(definition, chart.months)
    cells = by_month(desk, chart, months)
    earlier = [add_months(month, -12) for month in months]
    before = by_month(desk, chart, earlier) if "last_year" in chart.compare else {}
    if not any(month in cells for month in months):
        return []
    return [
        PeriodColumn(
            month,
            cells[month].value if month in cells else None,
            cells[month].target if month in cells and "target" in chart.compare else None,
            before[past].value if past in before else None,
            hidden_words(definition, cells.get(month)),
        )
        for month, past in zip(months, earlier, strict=True)
    ]


def course_of(desk: Desk, chart: Line) -> tuple[Course, Rating]:
    """Ist by month with its latest rating, the path of the target, the forecast of the town's model.

    A target for a sum of twelve months says nothing about one: then there is no path and no rating.
    """
    definition = desk.definition(chart.metric)
    months = desk.months(definition, chart.months)
    result = desk.ask(chart, by=("period",), between=_span(months, desk.at))
    cells = {cell.period: cell for cell in result.rows}
    ends = {month: min(period_end(month, "month"), desk.at) for month in months}
    ist = [(ends[month], cells[month].value if month in cells else None) for month in months]
    if all(value is None for _, value in ist):
        return Course(()), "neu"
    first = next(i for i, (_, value) in enumerate(ist) if value is not None)
    ist = ist[first:]
    where, _ = desk.narrowed(chart, by_period=True)
    rule = rule_for(desk.services.catalog, chart.metric, scope=desk.viewer.scope, where=where, on=desk.at)
    newest = [cells[month] for month in months if month in cells and cells[month].value is not None][-1]
    if newest.target is None:
        rule = None
    soll = ozg.soll_points(rule, [day for day, _ in ist], desk.at)
    ahead = _forecast(desk, chart, rule) if chart.forecast else None
    return Course(tuple(ist), soll, ahead), newest.rating


def _forecast(desk: Desk, chart: Line, rule: Rule | None) -> Forecast | None:
    """What the town's own projection of the figure leads to, from all months there are."""
    known = ozg.projection_of(desk.services.models(), chart.metric)
    if known is None:
        return None
    ever = (EVER, desk.at)
    monthly = None
    if known[1].flow:
        flow = Cut(metric=known[1].flow, where=chart.where)
        monthly = monthly_amounts(desk.ask(flow, by=("period",), between=ever))
    history = desk.ask(chart, by=("period",), between=ever)
    return ozg.course(history, desk.at, rule, monthly, known[1]).forecast


def in_order(
    items: Iterable[T], keys: Sequence[str | None], sizes: Sequence[Number | None], order: Order
) -> list[T]:
    """Sort by the official order, what it does not name behind it; then the largest first, „–“ last."""
    official = [] if order == "value" else list(order)
    places = {
        key: official.index(key) if key in official else len(official) for key in keys if key is not None
    }
    ranked = sorted(
        zip(items, keys, sizes, strict=True),
        key=lambda entry: (
            places.get(entry[1] or "", len(official)), entry[2] is None, -float(entry[2] or 0), str(entry[1])
        ),
    )  # fmt: skip
    return [entry[0] for entry in ranked]


def rows_of(desk: Desk, chart: Ordered) -> list[ValueRow]:
    """One row for each value of the dimension, in order."""
    definition = desk.definition(chart.metric)
    result = desk.ask(chart, by=(chart.by,))
    cells = [cell for cell in result.rows if cell.value is not None or cell.suppressed]
    rows = [
        ValueRow(
            desk.value(chart.by, cell.keys[chart.by]), cell.value, cell.target, cell.rating,
            hidden_words(definition, cell),
        )
        for cell in cells
    ]  # fmt: skip
    keys = [cell.keys[chart.by] for cell in cells]
    return in_order(rows, keys, [cell.value for cell in cells], chart.order)


def parts_of(desk: Desk, chart: Stacked) -> tuple[tuple[str, ...], list[PartRow]]:
    """Names of the parts and the rows with their amounts."""
    definition = desk.definition(chart.metric)
    by = (chart.by,) if chart.parts is None else (chart.by, chart.parts)
    cells = desk.ask(chart, by=by).rows
    part_keys = _part_order(cells, chart)
    if chart.parts is None:
        names = tuple(desk.file.labels.get(key or "", key or "ohne Angabe") for key in part_keys)
    else:
        names = tuple(desk.value(chart.parts, key) for key in part_keys)
    groups: dict[str | None, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.keys[chart.by], []).append(cell)
    rows = [_part_row(desk, chart, definition, key, found, part_keys) for key, found in groups.items()]
    sizes = [row.total if row.amounts else None for row in rows]
    return names, in_order(rows, list(groups), sizes, chart.order)


def _part_key(cell: Cell, chart: Stacked) -> str | None:
    return cell.bucket if chart.parts is None else cell.keys[chart.parts]


def _part_order(cells: Sequence[Cell], chart: Stacked) -> list[str | None]:
    sums: dict[str | None, float] = {}
    for cell in cells:
        key = _part_key(cell, chart)
        sums[key] = sums.get(key, 0.0) + float(cell.numerator or cell.value or 0)
    keys = list(sums)
    if chart.parts is None and chart.parts_order == "value":
        return sorted(keys, key=lambda key: (len(key or ""), key or ""))
    return in_order(keys, keys, [sums[key] for key in keys], chart.parts_order)


def _part_row(
    desk: Desk, chart: Stacked, definition: Definition, key: str | None, cells: Sequence[Cell],
    parts: Sequence[str | None],
) -> PartRow:  # fmt: skip
    label = desk.value(chart.by, key)
    if any(cell.suppressed for cell in cells):
        return PartRow(label, (), formats.hidden(definition))
    found = {_part_key(cell, chart): cell.numerator if chart.parts is None else cell.value for cell in cells}
    return PartRow(label, tuple(found.get(part) or 0 for part in parts))


@dataclass(frozen=True, slots=True)
class SmallCourse:
    """One of several small courses."""

    label: str
    values: tuple[Number | None, ...]
    hidden: str = ""

    @property
    def last(self) -> Number | None:
        """The newest value known."""
        return next((value for value in reversed(self.values) if value is not None), None)

    @property
    def year_ago(self) -> Number | None:
        """The value twelve months before the last month, None where the course is shorter."""
        return self.values[-13] if len(self.values) > 12 else None


def courses_of(desk: Desk, chart: Multiples) -> tuple[list[date], list[SmallCourse]]:
    """Months and one course for each value of the dimension."""
    definition = desk.definition(chart.metric)
    months = desk.months(definition, chart.months)
    result = desk.ask(chart, by=("period", chart.by), between=_span(months, desk.at))
    groups: dict[str | None, dict[date | None, Cell]] = {}
    for cell in result.rows:
        groups.setdefault(cell.keys[chart.by], {})[cell.period] = cell
    courses = [
        SmallCourse(
            desk.value(chart.by, key),
            tuple(cells[month].value if month in cells else None for month in months),
            formats.hidden(definition) if any(cell.suppressed for cell in cells.values()) else "",
        )
        for key, cells in groups.items()
    ]
    return months, in_order(courses, list(groups), [course.last for course in courses], chart.order)


def common_target(rows: Sequence[ValueRow]) -> Number | None:
    """The target all rows share, None when they differ or one has none."""
    targets = {row.target for row in rows}
    return targets.pop() if len(targets) == 1 else None


def change_to_last_year(months: Sequence[PeriodColumn]) -> Fraction | None:
    """How much more than in the same months a year ago, as a fraction; None where a month is missing."""
    if not months or any(m.value is None or m.last_year is None for m in months):
        return None
    before = sum(Fraction(m.last_year or 0) for m in months)
    return sum(Fraction(m.value or 0) for m in months) / before - 1 if before else None


CrossRow = tuple[str, tuple[Cell | None, ...]]


def table_of(desk: Desk, chart: Table, across: str) -> tuple[list[str], list[CrossRow]]:
    """Heads of the columns and the rows of a table of two dimensions, cells in the order of the heads."""
    cells = desk.ask(chart, by=(chart.by, across)).rows
    found: dict[str | None, dict[str | None, Cell]] = {}
    for cell in cells:
        found.setdefault(cell.keys[chart.by], {})[cell.keys[across]] = cell
    columns = list(dict.fromkeys(cell.keys[across] for cell in cells))
    sizes = [sum(float(c.value or 0) for c in cells if c.keys[across] == key) for key in columns]
    columns = in_order(columns, columns, sizes, chart.across_order)
    heights = [sum(float(c.value or 0) for c in row.values()) for row in found.values()]
    keys = in_order(list(found), list(found), heights, chart.order)
    rows = [(desk.value(chart.by, key), tuple(found[key].get(c) for c in columns)) for key in keys]
    return [desk.value(across, key) for key in columns], rows
