"""docs/explorer.md: every address on it answers what was computed on paper, every figure on it is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.explorer.state import params_of, read_state
from metrics.explore.pivot import pivot
from metrics.explore.result import Pivot
from metrics.result import Scope
from tests import questions_by_hand as paper
from tests import questions_by_hand_plan as plan
from tests.example_city import DAY, ExampleCity
from tests.questions_by_hand import FEW, PROCEDURES, STEPS, TOTAL, Figure, Sheet, written
from tests.questions_by_hand_plan import ADDRESSEES, PERSPECTIVES

PAGE = Path(__file__).parents[2] / "docs/explorer.md"
ADDRESS = re.compile(r"`(/explorer\?[^`]+)`")
CHANNELS = {
    "post": "Brief",
    "email": "E-Mail",
    "online": "Online",
    "telefon": "Telefon",
    "vor_ort": "Vorsprache",
}
COSTS = {name.lower(): name for name in ("Betreuung", "Betrieb", "Ersparnis", "Lizenz", "Wartung")}
WORDS = {**PROCEDURES, **STEPS, **ADDRESSEES, **PERSPECTIVES, **CHANNELS, **COSTS}
NOW, CHANGE = ("letzte zwölf Monate",), ("Differenz",)


def _now(make: Callable[[ExampleCity], Sheet], *columns: str) -> Callable[[ExampleCity], Sheet]:
    return lambda city: make(city).only(*columns)


# In the order of the page.
SHEETS: tuple[Callable[[ExampleCity], Sheet], ...] = (
    paper.availability,
    paper.cases_by_channel,
    paper.cases_by_year,
    paper.throughput,
    paper.backlog,
    paper.building_year,
    paper.running_projects,
    plan.goals_reached,
    plan.solution_costs,
    _now(paper.digital_share, *NOW),
    _now(paper.digital_share, *CHANGE),
    plan.budget_positions,
    _now(plan.results_against_plan, *CHANGE),
    paper.services_by_dezernat,
    _now(plan.relief, *NOW),
    _now(plan.relief, *CHANGE),
    paper.levels,
)


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def _answer(city: ExampleCity, address: str) -> Pivot:
    params = dict(parse_qsl(urlsplit(address).query))
    state = read_state(params, city.catalog, DAY)
    assert params_of(state) == params, "the page gives the plain form"
    return pivot(city.catalog, city.snapshot, state.question, scope=Scope.city())


def _shown(found: Pivot) -> dict[tuple[str, ...], dict[str, object]]:
    """Cells by words of row and column; with several values a column is named by the place of its value."""
    several = len(found.measures) > 1
    return {
        _words(row.path): {
            str(measure) if several else _words(column.path)[-1]: _figure(
                found, row.path, column.path, measure
            )
            for column in found.columns
            for measure in range(len(found.measures))
        }
        for row in found.rows
    }


def _words(path: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(WORDS.get(part or "", part or "") for part in path) or (TOTAL,)


def _figure(
    found: Pivot, row: tuple[str | None, ...], column: tuple[str | None, ...], measure: int
) -> object:
    cell = found.cell(row, column, measure)
    return FEW if cell.state == "suppressed" else cell.shown


def _expected(sheet: Sheet, *, by_place: bool) -> Mapping[tuple[str, ...], Mapping[str, object]]:
    single = len(sheet.columns) == 1
    names = [str(n) if by_place else TOTAL if single else name for n, name in enumerate(sheet.columns)]
    return {
        row: {name: _exact(figure) for name, figure in zip(names, figures, strict=True)}
        for row, figures in sheet.rows.items()
    }


def _exact(figure: Figure) -> object:
    # Hours are kept with four digits a month; everything else agrees to the last digit of a float.
    return (
        figure
        if figure is None or isinstance(figure, str)
        else pytest.approx(float(figure), abs=2e-3, rel=1e-9)
    )


@pytest.mark.parametrize("place", range(len(SHEETS)))
def test_an_address_of_the_page_answers_what_was_computed_on_paper(
    example_city: ExampleCity, page: str, place: int
) -> None:
    addresses = ADDRESS.findall(page)
    assert len(addresses) == len(SHEETS)
    found = _answer(example_city, addresses[place])
    shown = {
        row: {name: float(cell) if isinstance(cell, Decimal) else cell for name, cell in cells.items()}
        for row, cells in _shown(found).items()
    }
    assert shown == _expected(SHEETS[place](example_city), by_place=len(found.measures) > 1)


def _said(sheet: Sheet, kind: str, *path: str) -> list[str]:
    """The figures of a row as a German reads them, without sign and unit."""
    return [written(f, kind).lstrip("+−").split(" ")[0] for f in sheet.rows[path or (TOTAL,)]]


def test_what_the_page_says_about_services_and_cases_was_computed_on_paper(
    example_city: ExampleCity, page: str
) -> None:
    city, sheet = example_city, paper.availability(example_city)
    counts, shares = _said(sheet, "count"), _said(sheet, "percent")
    best, last = _said(sheet, "percent", "FD10")[2], _said(sheet, "percent", "FD53")[2]
    letter, _, online, _, person, cases = _said(paper.cases_by_channel(city), "count")
    years = [_said(paper.cases_by_year(city), "count", year)[2] for year in ("2022", "2025")]
    days, built = _said(paper.throughput(city), "days"), _said(paper.building_year(city), "count")
    old, part = _said(paper.backlog(city), "count"), _said(paper.backlog(city), "percent")[2]
    offices = _said(paper.backlog(city), "count", "Gewerbe und Büro")[1]
    running = _said(paper.running_projects(city), "count")
    here = _said(paper.running_projects(city), "count", "FD63")
    level, there = (_said(paper.levels(city), "count", *at) for at in ((), ("Bauen & Wohnen", "FD63")))
    said = [
        f"{counts[1]} of {counts[0]} services are online ({shares[2]} %), {shares[3]} % run end to end",
        f"FD 10 leads with {best} %, FD 53 has {last} %",
        f"{online} of {cases} applications of 2025 came online, {letter} by letter, {person} in person",
        f"online rises from {years[0]} to {years[1]}",
        f"{days[2]} days online, {days[0]} by letter, {days[-1]} over all channels",
        f"{old[0]} building applications are open, {old[1]} of them ({part} %)",
        f"most of these „Gewerbe und Büro“ ({offices})",
        f"{built[0]} came in and {built[1]} were decided in 2025",
        f"at most {built[2]} days",
        f"{running[-1]} projects are running, {running[3]} of them in technical implementation",
        f"FD 63 has {here[-1]}",
        f"{counts[1]} of {counts[0]} services; the applications",
        f"{level[0]} offline, {level[1]} information, {level[2]} form, {level[3]} online, {level[4]} trans",
        f"{there[0]} of {there[-1]} offline",
        f"the {there[2]} of FD 63 on level 2 lists the {there[2]} services",
    ]
    assert [sentence for sentence in said if sentence not in page] == []


def test_what_the_page_says_about_money_plans_and_relief_was_computed_on_paper(
    example_city: ExampleCity, page: str
) -> None:
    city, reached = example_city, _said(plan.goals_reached(example_city), "count")
    citizens = _said(plan.goals_reached(city), "count", "Bürgerinnen und Bürger")
    net, saving = (_said(plan.solution_costs(city), "cents", *at)[-1] for at in ((), ("Terminvergabe",)))
    digital = paper.digital_share(city)
    share, _, more = _said(digital, "percent")
    high, low = (_said(digital, "percent", name)[0] for name in ("Bewohnerparken", "Ausweise"))
    rose = _said(digital, "percent", "Bauanträge")[2]
    frame, booked, ordered, expected = _said(plan.budget_positions(city), "eur")
    units: tuple[tuple[str, ...], ...] = ((), ("DEZ3",), ("DEZ1",))
    below = [_said(plan.results_against_plan(city), "points", *unit)[2] for unit in units]
    names: tuple[tuple[str, ...], ...] = ((), ("Bürgerinnen und Bürger",), ("Verwaltung",), ("Unternehmen",))
    hours = [_said(plan.relief(city), "hours", *name) for name in names]
    said = [
        f"{reached[1]} of {reached[0]} effects reached what was expected, all {citizens[1]} of them for",
        f"{net} € net since introduction",
        f"(−{saving} €)",
        f"{share} % in twelve months, {more} Prozentpunkte more than the year before",
        f"Bewohnerparken {high} %, Ausweise {low} %",
        f"Bauanträge rose most, by {rose} Prozentpunkte",
        f"{frame} € frame, {booked} € booked, {ordered} € ordered; {expected} € are expected",
        f"{below[0]} Prozentpunkte below the target of today",
        f"Dezernat III is {below[1]} below, Dezernat I {below[2]} above it",
        f"took {hours[0][0]} hours, {hours[0][2]} fewer than those of the year before",
        f"citizens {hours[1][2]}, administration {hours[2][2]} fewer, businesses {hours[3][2]} more",
    ]
    assert [sentence for sentence in said if sentence not in page] == []
