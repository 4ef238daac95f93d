"""Maßnahmen & Projekte: what the filters say, counts by state, Aufgabenpakete, pages of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dashboard import formats, texts
from dashboard.cockpits.selection import UNIT, UNIT_LEVEL, Option
from dashboard.figures.roadmap import RoadPoint, RoadRow
from dashboard.figures.state_bars import LATE, STATES, StateRow
from metrics.result import MetricResult, Rating

VIEW, GOAL, STATE, REACH, PACKAGE = "ansicht", "ziel", "status", "wirkung", "paket"
SEARCH, ORDER, PAGE_NO = "suche", "sortierung", "seite"
FILTERS = (GOAL, UNIT, STATE, REACH, PACKAGE)
VIEWS: Mapping[str, str] = {
    "uebersicht": "Übersicht",
    "liste": "Liste",
    "fahrplan": "Fahrplan",
    "tafel": "Tafel",
}
FIRST_VIEW = "uebersicht"
# What works on both sides counts for either side.
REACHES: Mapping[str, tuple[str, ...]] = {"intern": ("intern", "beides"), "extern": ("extern", "beides")}
SORTABLE = (
    "days_over",
    "done_on",
    "measure_id",
    "title",
    "org_unit_id",
    "goal",
    "planned_from",
    "due_on",
    "urgency",
)
# What hangs comes first.
USUAL_ORDER = "urgency"
TIES = ("due_on", "measure_id")
OPEN_STATES = ("ueberfaellig", "in_arbeit", "geplant")
ROWS, ROAD_ROWS, BOARD_CARDS = 50, 30, 8
NAMED_UNITS = 5
LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True)
class Choice:
    """A checked choice; None is „no filter“."""

    view: str = FIRST_VIEW
    goal: str | None = None
    unit: str | None = None
    state: str | None = None
    reach: str | None = None
    package: str | None = None
    search: str = ""
    order: str = USUAL_ORDER
    page: int = 1

    @property
    def cut(self) -> dict[str, str | list[str]]:
        """Conditions for figures and lists about measures, without the state."""
        chosen: dict[str, str | list[str]] = {}
        if self.goal:
            chosen["goal"] = self.goal
        if self.unit:
            chosen[UNIT_LEVEL] = self.unit
        if self.reach:
            chosen["reach"] = list(REACHES[self.reach])
        if self.package:
            chosen["package_id"] = self.package
        return chosen

    @property
    def rated_cut(self) -> dict[str, str] | None:
        """The cut as far as rated figures know it; None where they do not know it all."""
        if self.reach or self.package:
            return None
        return {name: value for name, value in self.cut.items() if isinstance(value, str)}

    @property
    def listed(self) -> dict[str, str | list[str]]:
        """Conditions for lists, with the state."""
        return {**self.cut, **({"state": self.state} if self.state else {})}

    @property
    def params(self) -> dict[str, str]:
        """The address of this choice; what holds anyway is left out."""
        words = {
            VIEW: "" if self.view == FIRST_VIEW else self.view,
            GOAL: self.goal,
            UNIT: self.unit,
            STATE: self.state,
            REACH: self.reach,
            PACKAGE: self.package,
            SEARCH: self.search,
            ORDER: "" if self.order == USUAL_ORDER else self.order,
            PAGE_NO: "" if self.page == 1 else str(self.page),
        }
        return {name: value for name, value in words.items() if value}


def order_of(choice: Choice) -> tuple[str, ...]:
    """Columns a list is sorted by: the one chosen, then what decides between equals."""
    chosen = choice.order.removeprefix("-")
    return (choice.order, *(name for name in TIES if name != chosen))


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen, „alle“ first; only what the viewer's own measures know."""

    goals: tuple[Option, ...]
    units: tuple[Option, ...]
    reaches: tuple[Option, ...]
    packages: tuple[Option, ...]


def read_choice(params: Mapping[str, str], offered: Offered) -> Choice:
    """Read the address; what nobody offers is ignored."""
    order = params.get(ORDER, "")
    return Choice(
        view=params.get(VIEW, "") if params.get(VIEW) in VIEWS else FIRST_VIEW,
        goal=_one_of(params.get(GOAL), offered.goals),
        unit=_one_of(params.get(UNIT), offered.units),
        state=params.get(STATE) if params.get(STATE) in STATES else None,
        reach=_one_of(params.get(REACH), offered.reaches),
        package=_one_of(params.get(PACKAGE), offered.packages),
        search=" ".join(params.get(SEARCH, "").split())[:LONGEST_SEARCH],
        order=order if order.removeprefix("-") in SORTABLE else USUAL_ORDER,
        page=_page(params.get(PAGE_NO, "")),
    )


def _one_of(value: str | None, options: Sequence[Option]) -> str | None:
    return value if value and value in {option for option, _ in options} else None


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def with_all(options: Sequence[tuple[str, str]], every: str = texts.ALL) -> tuple[Option, ...]:
    """Options with „alle“ first."""
    return ((None, every), *options)


def reach_options(known: frozenset[str | None]) -> tuple[Option, ...]:
    """Wirkung as it can be chosen; nothing to choose where no measure says where it works."""
    found = [(name, name) for name, values in REACHES.items() if known & set(values)]
    return with_all(found, "intern und extern") if found else ()


def counts_of(result: MetricResult) -> dict[str, int]:
    """Measures by state."""
    counts: dict[str, int] = {}
    for row in result.rows:
        if row.bucket is not None:
            counts[row.bucket] = counts.get(row.bucket, 0) + int(row.numerator or 0)
    return counts


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """Measures of a unit by state, with the rating of its overdue share."""

    unit: str
    counts: Mapping[str, int]
    rating: Rating = "neu"

    @property
    def late(self) -> int:
        """Overdue measures."""
        return self.counts.get(LATE, 0)

    @property
    def late_share(self) -> float:
        """Overdue part of all measures, 0 for none."""
        return self.late / max(1, sum(self.counts.values()))


def unit_counts(states: MetricResult, overdue: MetricResult | None) -> list[UnitCounts]:
    """Units of an answer by unit, the largest overdue share first."""
    found: dict[str, dict[str, int]] = {}
    for row in states.rows:
        if row.bucket is not None:
            found.setdefault(str(row.keys[UNIT_LEVEL] or ""), {})[row.bucket] = int(row.numerator or 0)
    ratings = {str(row.keys[UNIT_LEVEL] or ""): row.rating for row in (overdue.rows if overdue else ())}
    units = [UnitCounts(unit, counts, ratings.get(unit, "neu")) for unit, counts in found.items()]
    return sorted(units, key=lambda item: (-item.late_share, item.unit))


def state_rows(units: Sequence[UnitCounts], names: Mapping[str, str], others: str) -> list[StateRow]:
    """The units with most overdue measures by their overdue share, the rest as one row; `others` names it."""
    named = sorted(units, key=lambda item: -item.late)[:NAMED_UNITS]
    rest = [item for item in units if item not in named]
    if len(rest) < 2:
        named, rest = list(units), []
    rows = [_row(item, names) for item in sorted(named, key=lambda item: (-item.late_share, item.unit))]
    if not rest:
        return rows
    inside = tuple(_row(item, names) for item in rest)
    sums = {state: sum(row.counts.get(state, 0) for row in inside) for state in STATES}
    return [*rows, StateRow(f"übrige {formats.number(len(rest))} {others}", sums, inside=inside)]


def _row(item: UnitCounts, names: Mapping[str, str]) -> StateRow:
    return StateRow(names.get(item.unit, texts.dimension_value(item.unit)), item.counts, item.rating)


def worst_units(units: Sequence[UnitCounts]) -> list[str]:
    """Units to act upon, when no other unit has a higher overdue share; none where nothing is rated so."""
    acting = [item for item in units if item.rating == "krit"]
    return [item.unit for item in acting] if acting == list(units[: len(acting)]) else []


def package_rows(
    packages: Sequence[Mapping[str, Any]], milestones: Sequence[Mapping[str, Any]], today: date
) -> list[RoadRow]:
    """Aufgabenpakete for the roadmap: the Ist ends with the package or today, the Prognose begins there."""
    points: dict[str, list[RoadPoint]] = {}
    for row in milestones:
        on = row["reached_on"] or row["planned_on"]
        points.setdefault(str(row["package_id"]), []).append(
            RoadPoint(on, str(row["title"]), row["reached_on"] is not None)
        )
    return [_package(row, tuple(points.get(str(row["package_id"]), ())), today) for row in packages]


def _package(row: Mapping[str, Any], points: tuple[RoadPoint, ...], today: date) -> RoadRow:
    begun, done, expected = row["started_on"], row["done_on"], row["forecast_to"]
    running = done is None
    ahead = (max(today, begun or row["planned_from"]), expected) if running and expected else None
    return RoadRow(
        str(row["title"]),
        plan=(row["planned_from"], row["planned_to"]),
        ist=(begun, done or today) if begun else None,
        forecast=ahead if ahead and ahead[1] > ahead[0] else None,
        points=points,
        state=_package_state(row, today),
    )


def _package_state(row: Mapping[str, Any], today: date) -> str:
    if row["done_on"]:
        return "abgeschlossen"
    if not row["started_on"]:
        return "nicht begonnen"
    return "länger als geplant" if is_late(row, today) else "läuft"


def is_late(row: Mapping[str, Any], today: date) -> bool:
    """A running package that ends after its plan, or is past the end of its plan."""
    if row["done_on"] or not row["started_on"]:
        return False
    return bool((row["forecast_to"] or today) > row["planned_to"] or today > row["planned_to"])


def late_packages(packages: Sequence[Mapping[str, Any]], today: date) -> tuple[int, int, bool]:
    """Return how many run late, how many run, and whether every running one has a forecast."""
    running = [row for row in packages if row["started_on"] and not row["done_on"]]
    late = sum(is_late(row, today) for row in running)
    return late, len(running), all(row["forecast_to"] for row in running)


def measure_road(row: Mapping[str, Any], today: date) -> RoadRow:
    """A measure for the roadmap. Its true beginning is nowhere reported, so no Ist is drawn."""
    begin, due, done = row["planned_from"], row["due_on"], row["done_on"]
    late_until = done or (today if row["state"] == LATE else None)
    over = (due, late_until) if due and late_until and late_until > due else None
    return RoadRow(
        f"{row['measure_id']} {row['title']}",
        plan=(begin, due) if begin and due and begin <= due else None,
        over=over,
        points=(RoadPoint(done, "erledigt"),) if done else (),
        state=STATES[str(row["state"])],
    )


def project_road(row: Mapping[str, Any], today: date) -> RoadRow:
    """A project for the roadmap: Ist from its beginning, the planned end as an open diamond."""
    begun, planned, done = row["started_on"], row["planned_on"], row["done_on"]
    end = done or today
    late = begun and planned and end > planned
    return RoadRow(
        f"{row['project_id']} {row['title']}",
        ist=(begun, min(end, planned) if late and planned > begun else end) if begun else None,
        over=(max(planned, begun), end) if late else None,
        points=(RoadPoint(planned, "Abschluss geplant", done is not None),) if planned else (),
        state=STATES[str(row["state"])],
    )


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page of a list stands: rows `first` to `last` of `total`."""

    page: int
    pages: int
    first: int
    last: int
    total: int

    @classmethod
    def of(cls, choice: Choice, total: int, size: int) -> Paging:
        """Paging of a choice; a page beyond the end is the last one."""
        pages = max(1, -(-total // size))
        page = min(choice.page, pages)
        first = (page - 1) * size
        return cls(page, pages, min(total, first + 1), min(total, first + size), total)


def turned(choice: Choice, column: str) -> Choice:
    """The choice sorted by a column; a second time in the other direction, always from the first page."""
    order = f"-{column}" if choice.order == column else column
    return replace(choice, order=order, page=1)
