"""docs/explorer.md: every address on it answers what was computed on paper, every figure on it is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
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
from tests.questions_by_hand import FEW, PROCEDURES, STEPS, TOTAL, Figure, Sheet
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
    assert params_of(state) == params | {"werte": params["werte"]}, "the page gives the plain form"
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


def _n(figure: Figure, digits: int = 0) -> str:
    exact = Fraction(figure if figure is not None and not isinstance(figure, str) else 0)
    return f"{abs(float(exact)):,.{digits}f}".translate(str.maketrans(",.", ".,"))


def _percent(figure: Figure) -> str:
    return _n(Fraction(figure if isinstance(figure, Fraction) else 0) * 100, 1)


def test_the_figures_on_the_page_are_those_computed_on_paper(example_city: ExampleCity, page: str) -> None:
    city = example_city

    def row(sheet: Sheet, *path: str) -> tuple[Figure, ...]:
        return sheet.rows[path or (TOTAL,)]

    services, channels, years = (
        paper.availability(city),
        paper.cases_by_channel(city),
        paper.cases_by_year(city),
    )
    whole, (letters, _, online, _, in_person, cases) = row(services), row(channels)
    days, old, built = row(paper.throughput(city)), paper.backlog(city), row(paper.building_year(city))
    running, reached, costs = (
        paper.running_projects(city),
        plan.goals_reached(city),
        plan.solution_costs(city),
    )
    digital, budget, results = (
        paper.digital_share(city),
        row(plan.budget_positions(city)),
        plan.results_against_plan(city),
    )
    hours, levels = plan.relief(city), paper.levels(city)
    inspection = row(levels, "Bauen & Wohnen", "FD63")
    said = [
        f"{_n(whole[1])} of {_n(whole[0])} services are online ({_percent(whole[2])} %), {_percent(whole[3])} % run end",
        f"FD 10 leads with {_percent(row(services, 'FD10')[2])} %, FD 53 has {_percent(row(services, 'FD53')[2])} %",
        f"{_n(online)} of {_n(cases)} applications of 2025 came online, {_n(letters)} by letter, {_n(in_person)} in person",
        f"online rises from {_n(row(years, '2022')[2])} to {_n(row(years, '2025')[2])}",
        f"{_n(days[2])} days online, {_n(days[0])} by letter, {_n(days[-1])} over all channels",
        f"{_n(row(old)[0])} building applications are open, {_n(row(old)[1])} of them ({_percent(row(old)[2])} %)",
        f"most of these „Gewerbe und Büro“ ({_n(row(old, 'Gewerbe und Büro')[1])})",
        f"{_n(built[0])} came in and {_n(built[1])} were decided in 2025",
        f"at most {_n(built[2])} days",
        f"{_n(row(running)[-1])} projects are running, {_n(row(running)[3])} of them in technical implementation",
        f"FD 63 has {_n(row(running, 'FD63')[-1])}",
        f"{_n(row(reached)[1])} of {_n(row(reached)[0])} effects reached",
        f"all {_n(row(reached, 'Bürgerinnen und Bürger')[1])} of them for citizens",
        f"{_n(row(costs)[-1], 2)} € net",
        f"(−{_n(row(costs, 'Terminvergabe')[-1], 2)} €)",
        f"{_percent(row(digital)[0])} % in twelve months, {_percent(row(digital)[2])} Prozentpunkte more",
        f"Bewohnerparken {_percent(row(digital, 'Bewohnerparken')[0])} %, Ausweise {_percent(row(digital, 'Ausweise')[0])} %",
        f"Bauanträge rose most, by {_percent(row(digital, 'Bauanträge')[2])} Prozentpunkte",
        f"{_n(budget[0])} € frame, {_n(budget[1])} € booked, {_n(budget[2])} € ordered; {_n(budget[3])} € are expected",
        f"{_percent(row(results)[2])} Prozentpunkte below the target",
        f"Dezernat III is {_percent(row(results, 'DEZ3')[2])} below, Dezernat I {_percent(row(results, 'DEZ1')[2])} above",
        f"took {_n(row(hours)[0])} hours, {_n(row(hours)[2])} fewer",
        f"citizens {_n(row(hours, 'Bürgerinnen und Bürger')[2])}, administration {_n(row(hours, 'Verwaltung')[2])} fewer",
        f"businesses {_n(row(hours, 'Unternehmen')[2])} more",
        f"{_n(row(levels)[0])} offline, {_n(row(levels)[1])} information, {_n(row(levels)[2])} form,"
        f" {_n(row(levels)[3])} online, {_n(row(levels)[4])} transaction",
        f"{_n(inspection[0])} of {_n(inspection[-1])} offline",
        f"the {_n(inspection[2])} of FD 63 on level 2 lists the {_n(inspection[2])} services",
    ]
    assert [sentence for sentence in said if sentence not in page] == []
