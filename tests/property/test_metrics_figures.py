"""Laws every figure keeps: parts add up to the whole, separate scopes add up, shares stay shares."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.catalog import Catalog, Metric, load_catalog
from metrics.query import query
from metrics.result import Cell, MetricResult, Scope
from tests.effect_town import decided_parameters, effect_town
from tests.money_town import money_town
from tests.small_city import small_city
from warehouse.store import Snapshot

CATALOG = load_catalog(None)
UNITS = ["FD10", "FD20", "FD32", "D1", "FD77"]
FIRST, LAST = date(2024, 1, 1), date(2026, 6, 30)
# Part of a whole by what they count; money and person days may exceed their frame.
PARTS = [
    m
    for m in CATALOG.metrics.values()
    if m.definition.kind == "share" and m.area not in ("budget", "resources")
]
# Protected tables answer as they were decided, cell by cell; their laws are those of test_metrics_protect.py.
ADDITIVE = [
    m
    for m in CATALOG.metrics.values()
    if m.definition.over_time != "none" and m.definition.kind != "quantile" and not m.definition.protect
]
BY_UNIT = [m for m in ADDITIVE if m.definition.by_organisation]
calm = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Town:
    """Random rows of all subjects from one seed, so that a failure can be repeated."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def day(self) -> date:
        return FIRST + timedelta(days=self.chance.randrange((LAST - FIRST).days))

    def later(self, day: date) -> date | None:
        return day + timedelta(days=self.chance.randrange(1, 300)) if self.chance.random() < 0.7 else None

    def month(self) -> date:
        return self.day().replace(day=1)

    def pick(self, *options: Any) -> Any:
        return self.chance.choice(options)

    def amount(self, low: int = 0) -> Decimal:
        return Decimal(self.chance.randrange(low, 90_000)) / 100

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        numbers = range(40)
        return {
            "service": [self.service(i) for i in numbers],
            "assessment": [self.assessment(i) for i in numbers for _ in range(3)],
            "ozg_bundle": [
                {"ozg_id": f"1000{i}", "themenfeld": self.pick("Bauen", "Bildung")} for i in range(4)
            ],
            "project": [self.project(i) for i in numbers],
            "project_step": [self.step(i) for i in numbers],
            "measure": [self.measure(i) for i in numbers],
            "case": [self.case(i) for i in range(120)],
            "application_month": [self.applications() for _ in numbers],
            "dms_unit": [self.dms(u, m) for u in UNITS for m in (date(2026, 4, 1), date(2026, 5, 1))],
            "budget_plan": [self.budget() | self.plan() for _ in numbers],
            "booking": [
                self.budget() | {"booked_on": self.day(), "amount_eur": self.amount(-9000)} for _ in numbers
            ],
            "commitment": [self.budget() | self.order() for _ in numbers],
            "budget_month": [self.budget() | self.expectation() for _ in range(150)],
            "capacity": [self.capacity(m, r) for m in range(1, 13) for r in ("organisatorisch", "technisch")],
            "measurement": [self.measurement() for _ in numbers],
            **money_town(self.chance, UNITS),
            "service_profile": [self.profile(i) for i in numbers for _ in range(2)],
            "service_attribute": [self.target_group(i) for i in numbers for _ in range(2)],
            "project_service": [
                {"project_id": str(self.chance.randrange(40)), "service_id": str(i)} for i in numbers
            ],
            "fachverfahren": [self.system(i) for i in numbers],
            "fachverfahren_anbindung": [self.connection(i) for i in numbers for _ in range(4)],
            "process_model": [self.process(i) for i in numbers],
            # Last, so that the rows above stay what they are for a seed.
            **effect_town(self.chance, UNITS),
        }

    def service(self, number: int) -> dict[str, Any]:
        return {
            "service_id": str(number),
            "leika_schluessel": f"99{number:012d}",
            "org_unit_id": self.pick(*UNITS),
            "themenfeld": self.pick("Bauen", "Bildung", "Umwelt"),
            "ozg_id": self.pick(None, "10000", "10001", "10009"),
            "zustaendigkeit": self.pick("eigen", "eigen", "eigen", "unklar"),
            "priority_rank": number + 1,
            "missing_count": self.pick(None, 0, 1, 2),
            "valid_from": self.day(),
        }

    def assessment(self, number: int) -> dict[str, Any]:
        level, model = self.chance.randrange(5), self.pick("ozg_1_1", "ozg_1_1", "ozg_2_0")
        return {
            "service_id": str(number),
            "reifegrad_modell": model,
            "reifegrad": level,
            "end_to_end": self.pick(True, False),
            "assessed_on": self.day(),
        }

    def project(self, number: int) -> dict[str, Any]:
        start = self.day()
        return {
            "project_id": str(number),
            "org_unit_id": self.pick(*UNITS),
            "service_count": 1,
            "started_on": self.pick(None, start),
            "done_on": self.later(start),
        }

    def step(self, number: int) -> dict[str, Any]:
        entered = self.day()
        step = self.pick("pruefung", "aufnahme", "test")
        return {
            "project_id": str(number),
            "step": step,
            "entered_on": entered,
            "left_on": self.later(entered),
        }

    def measure(self, number: int) -> dict[str, Any]:
        recorded = self.day()
        return {
            "measure_id": str(number),
            "org_unit_id": self.pick(*UNITS),
            "goal": self.chance.randrange(1, 7),
            "kind": self.pick("ozg", "eigen"),
            "recorded_on": recorded,
            "due_on": self.later(recorded),
            "done_on": self.later(recorded),
            "cancelled_on": self.pick(None, None, self.later(recorded)),
        }

    def case(self, number: int) -> dict[str, Any]:
        received = self.day()
        return {
            "procedure": self.pick("wohngeld", "bauantrag"),
            "case_id": str(number),
            "org_unit_id": self.pick(*UNITS),
            "channel": self.pick("online", "post"),
            "received_on": received,
            "decided_on": self.later(received),
        }

    def applications(self) -> dict[str, Any]:
        return {
            "procedure": self.pick("wohngeld", "bauantrag"),
            "org_unit_id": self.pick(*UNITS),
            "month": self.month(),
            "channel": self.pick("online", "post", "email"),
            "applications": self.chance.randrange(90),
        }

    def dms(self, unit: str, month: date) -> dict[str, Any]:
        workplaces, licences = self.chance.randrange(90), self.pick(None, 50, 50, 50)
        return {
            "org_unit_id": unit,
            "report_month": month,
            "workplaces": workplaces,
            "workplaces_connected": workplaces // 2,
            "licences": licences,
            "licences_used": self.pick(None, 20, 20, 20),
        }

    def profile(self, number: int) -> dict[str, Any]:
        return {
            "service_id": str(number),
            "valid_from": self.day(),
            "unterschrift": self.pick(None, "keine", "schriftform"),
            "gebuehr": self.pick(None, "keine", "fest"),
            "loesungsweg": self.pick(None, "efa", "formular"),
            **{name: self.pick(None, True, False) for name in ("epayment", "nutzerkonto", "postfach", "eid")},
        }

    def target_group(self, number: int) -> dict[str, Any]:
        return {
            "service_id": str(number),
            "merkmal": "zielgruppe",
            "wert": self.pick("buerger", "unternehmen", "alle"),
        }

    def system(self, number: int) -> dict[str, Any]:
        since = self.day()
        return {
            "fachverfahren_id": str(number),
            "org_unit_id": self.pick(*UNITS),
            "in_betrieb_ab": since,
            "abgeloest_am": self.pick(None, None, self.later(since)),
        }

    def connection(self, number: int) -> dict[str, Any]:
        return {
            "fachverfahren_id": str(number),
            "ziel": self.pick("portal", "steuerung"),
            "valid_from": self.day(),
            "grad": self.pick("keine", "datei", "schnittstelle", "nicht_vorgesehen"),
            "grund": self.pick(None, "nur intern"),
        }

    def process(self, number: int) -> dict[str, Any]:
        return {
            "process_id": str(number),
            "org_unit_id": self.pick(*UNITS),
            "leika_schluessel": f"99{self.chance.randrange(40):012d}",
            "status": self.pick("geplant", "freigegeben"),
            "recorded_on": self.day(),
        }

    def budget(self) -> dict[str, Any]:
        return {
            "haushaltsjahr": self.pick(2025, 2026),
            "plan_art": self.pick("ergebnisplan", "finanzplan"),
            "produkt": self.pick("111240", "111250"),
            "position_id": self.pick("P1", "P2", "P3"),
        }

    def plan(self) -> dict[str, Any]:
        kind = self.pick("ansatz", "nachtrag")
        return {"position": "x", "komponente": kind, "decided_on": self.day(), "amount_eur": self.amount()}

    def order(self) -> dict[str, Any]:
        ordered = self.day()
        return {"ordered_on": ordered, "settled_on": self.later(ordered), "amount_eur": self.amount()}

    def expectation(self) -> dict[str, Any]:
        month, made_on = self.month(), self.pick(date(2024, 1, 1), date(2024, 1, 1), date(2026, 5, 1))
        kind = self.pick("plan", "prognose")
        year = {"haushaltsjahr": month.year}
        return {"month": month, "kind": kind, "made_on": made_on, "amount_eur": self.amount(), **year}

    def capacity(self, month: int, role: str) -> dict[str, Any]:
        return {
            "month": date(2026, month, 1),
            "role": role,
            "needed_pt": self.amount(),
            "available_pt": self.amount(),
        }

    def measurement(self) -> dict[str, Any]:
        return {
            "indicator": self.pick("waiting_time_minutes", "paper_sheets", "satisfaction_grade"),
            "month": self.month(),
            "value_sum": self.amount(),
            "n": self.pick(None, 0, 7),
            "method": self.pick("gemessen", "stichprobe"),
        }


@pytest.fixture(scope="module", params=[1, 2])
def snapshot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    city = decided_parameters(tmp_path_factory.mktemp("city"))
    yield small_city(tmp_path_factory.mktemp("spill"), Town(request.param).rows(), city=city)


@st.composite
def cuts(draw: st.DrawFn, metrics: list[Metric]) -> tuple[Metric, tuple[str, ...], date]:
    metric = draw(st.sampled_from(metrics))
    definition = metric.definition
    names = [*definition.dimensions, *(("dezernat", "fachdienst") if definition.by_organisation else ())]
    by = draw(st.lists(st.sampled_from(names), max_size=3, unique=True)) if names else []
    return metric, tuple(by), draw(st.dates(date(2025, 1, 1), date(2026, 6, 9)))


def _ask(snapshot: Snapshot, metric: Metric, scope: Scope, **arguments: Any) -> MetricResult:
    return query(CATALOG, snapshot, metric.id, scope=scope, **arguments)


def _sums(cells: tuple[Cell, ...]) -> tuple[Any, Any]:
    distinct = {(cell.period, tuple(cell.keys.values())): cell.denominator or 0 for cell in cells}
    return sum(cell.numerator or 0 for cell in cells), sum(distinct.values())


@calm
@given(cut=cuts(ADDITIVE))
def test_the_parts_of_a_figure_add_up_to_the_whole(
    snapshot: Snapshot, cut: tuple[Metric, tuple[str, ...], date]
) -> None:
    metric, by, at = cut
    parts = _ask(snapshot, metric, Scope.city(), by=by, at=at)
    whole = _ask(snapshot, metric, Scope.city(), at=at)
    assert _sums(parts.rows) == _sums(whole.rows)


@calm
@given(cut=cuts(BY_UNIT), left=st.sampled_from(UNITS), right=st.sampled_from(["FD10", "FD20", "FD32"]))
def test_the_figures_of_two_separate_scopes_add_up_to_that_of_both(
    snapshot: Snapshot, cut: tuple[Metric, tuple[str, ...], date], left: str, right: str
) -> None:
    metric, _, at = cut
    below = {"D1": {"D1", "FD10", "FD20"}}
    if below.get(left, {left}) & below.get(right, {right}):
        return
    one, two = (_sums(_ask(snapshot, metric, Scope.of(unit), at=at).rows) for unit in (left, right))
    both = _sums(_ask(snapshot, metric, Scope.of(left, right), at=at).rows)
    assert both == (one[0] + two[0], one[1] + two[1])


@calm
@given(cut=cuts(BY_UNIT), unit=st.sampled_from(UNITS))
def test_a_scope_equals_the_filter_by_its_units(
    snapshot: Snapshot, cut: tuple[Metric, tuple[str, ...], date], unit: str
) -> None:
    metric, by, at = cut
    if unit == "FD77":  # unknown to the organisation: no scope reaches it
        assert _sums(_ask(snapshot, metric, Scope.of(unit), by=by, at=at).rows) == (0, 0)
        return
    units = ["D1", "FD10", "FD20"] if unit == "D1" else [unit]
    scoped = _ask(snapshot, metric, Scope.of(unit), by=by, at=at).rows
    filtered = _ask(snapshot, metric, Scope.city(), by=by, at=at, where={"org_unit_id": units}).rows
    assert [(c.keys, c.numerator, c.denominator) for c in scoped] == [
        (c.keys, c.numerator, c.denominator) for c in filtered
    ]


@calm
@given(cut=cuts(PARTS))
def test_a_share_of_counted_things_lies_between_nothing_and_all(
    snapshot: Snapshot, cut: tuple[Metric, tuple[str, ...], date]
) -> None:
    metric, by, at = cut
    for cell in _ask(snapshot, metric, Scope.city(), by=by, at=at).rows:
        assert cell.value is None or 0 <= cell.value <= 1
        assert cell.value is not None or not cell.denominator


@calm
@given(cut=cuts([m for m in ADDITIVE if m.definition.kind == "distribution"]))
def test_the_shares_of_a_distribution_add_up_to_one(
    snapshot: Snapshot, cut: tuple[Metric, tuple[str, ...], date]
) -> None:
    metric, by, at = cut
    totals: dict[Any, float] = {}
    for cell in _ask(snapshot, metric, Scope.city(), by=by, at=at).rows:
        group = tuple(cell.keys.values())
        totals[group] = totals.get(group, 0.0) + float(cell.value or 0)
    assert all(abs(total - 1) < 1e-9 for total in totals.values() if total)


@calm
@given(cut=cuts([CATALOG.metric("case_duration_days")]))
def test_a_median_lies_within_the_durations_of_its_own_cases(
    snapshot: Snapshot, cut: tuple[Metric, tuple[str, ...], date]
) -> None:
    metric, by, at = cut
    whole = _ask(snapshot, metric, Scope.city(), at=at).rows[0]
    parts = _ask(snapshot, metric, Scope.city(), by=by, at=at).rows
    few = metric.definition.least_cases
    assert all(cell.suppressed == (cell.value is None) or cell.n is None for cell in parts)
    assert all(cell.n is None or cell.n >= few for cell in (whole, *parts))
    if any(cell.suppressed for cell in (whole, *parts)):
        return
    assert sum(cell.n or 0 for cell in parts) == (whole.n or 0)
    if whole.value is not None:
        values = [cell.value for cell in parts if cell.value is not None]
        assert min(values) <= whole.value <= max(values)


@calm
@given(cut=cuts([m for m in ADDITIVE if m.definition.over_time == "sum"]))
def test_the_months_of_a_flow_add_up_to_the_whole_period(
    snapshot: Snapshot, cut: tuple[Metric, tuple[str, ...], date]
) -> None:
    metric, _, at = cut
    window = (date(2024, 6, 1), at)
    months = _ask(snapshot, metric, Scope.city(), by=("period",), between=window)
    assert _sums(months.rows) == _sums(_ask(snapshot, metric, Scope.city(), between=window).rows)


def test_the_random_town_reaches_most_metrics(snapshot: Snapshot) -> None:
    """Laws about empty answers prove nothing."""
    catalog: Catalog = CATALOG
    empty = {
        metric.id
        for metric in catalog.metrics.values()
        if not metric.definition.protect
        and query(catalog, snapshot, metric.id, scope=Scope.city()).rows[0].value is None
    }
    unfed = {
        "city_budget_result_eur",
        "source_fresh_share",
        "row_rejected_share",
        "source_age_days",
        "finding_open_count",
        "recruiting_days",
        "reifegrad_target_share",
        "search_minutes",
    }
    assert empty <= unfed
