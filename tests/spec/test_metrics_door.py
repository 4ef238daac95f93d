"""The one door: what may be asked, what is refused, whose units count, and where a figure comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import Catalog, load_catalog
from metrics.dryrun import dry_run
from metrics.explain import explain
from metrics.query import query
from metrics.records import records
from metrics.result import Cell, MetricResult, Scope
from tests.small_city import ORGANISATION, small_city
from warehouse.errors import AccessError, ConfigError
from warehouse.store import Snapshot

CITY = Scope.city()
TARGETS = """
[ozg_online_share]
owner = "FD 10"
decided = "Umsetzungsfahrplan"
path = [{ on = 2026-01-01, value = 0.3 }, { on = 2026-12-31, value = 0.3 }, { on = 2027-12-31, value = 0.8 }]
tolerance_points = 0.1

[measure_overdue_share]
owner = "FD 10"
path = [{ on = 2021-01-01, value = 0.05 }]
applies_to = "each"

[budget_forecast_balance_eur]
owner = "FD 20"
parts = [{ where = { produkt = "111240" }, path = [{ on = 2021-01-01, value = 0 }], tolerance_abs = 5 }]

[case_duration_days]
owner = "FD 32"
path = [{ on = 2021-01-01, value = 50 }]
parts = [{ where = { procedure = "wohngeld" }, path = [{ on = 2021-01-01, value = 5 }] }]
"""
PROTECTED = """/* ---
label = "Kranke"
number = "STA-02"
question = "Wie viele?"
kind = "sum"
population = "antrag"
unit = "count"
better = "none"
over_time = "sum"
dimensions = ["procedure", "org_unit_id"]
scope = "organisation"
numerator_text = "Vorgänge"
meaning = "Vorgänge."
revised = 2026-01-15
min_cell = 5
--- */
SELECT
    CAST(date_trunc('month', received_on) AS DATE) AS period, org_unit_id, procedure, count(*) AS numerator,
    count(*) AS n
FROM core."case"
GROUP BY ALL
"""


def _service(
    number: int, unit: str, level: int, themenfeld: str = "Bauen"
) -> tuple[dict[str, Any], dict[str, Any]]:
    service = {
        "service_id": f"S{number}",
        "org_unit_id": unit,
        "themenfeld": themenfeld,
        "zustaendigkeit": "eigen",
    }
    assessment = {
        "service_id": f"S{number}",
        "reifegrad_modell": "ozg_1_1",
        "reifegrad": level,
        "end_to_end": False,
    }
    return (
        {**service, "bezeichnung": f"Leistung {number}", "valid_from": date(2021, 1, 1), "missing_count": 1},
        {**assessment, "assessed_on": date(2026, 1, 1)},
    )


def _rows() -> dict[str, list[dict[str, Any]]]:
    pairs = [_service(1, "FD10", 3), _service(2, "FD20", 2), _service(3, "FD32", 3), _service(4, "FD99", 2)]
    cases = [
        {"procedure": "wohngeld", "case_id": str(i), "org_unit_id": "FD32", "channel": "online"}
        | {"received_on": date(2026, 5, 1), "decided_on": date(2026, 5, 6)}
        for i in range(6)
    ]
    plan = {"haushaltsjahr": 2026, "plan_art": "ergebnisplan", "produkt": "111240", "position_id": "P1"}
    return {
        "service": [service for service, _ in pairs],
        "assessment": [assessment for _, assessment in pairs],
        "case": cases,
        "budget_plan": [
            {
                **plan,
                "position": "Personal",
                "komponente": "ansatz",
                "decided_on": date(2025, 12, 1),
                "amount_eur": 100,
            }
        ],
        "budget_month": [
            {
                **plan,
                "month": date(2026, 7, 1),
                "kind": "prognose",
                "made_on": date(2026, 6, 1),
                "amount_eur": Decimal("103.50"),
            }
        ],
        "meta.source": [
            {
                "source": "register",
                "title": "Leistungsregister",
                "owner": "FD 10",
                "kind": "sql",
                "nature": "beispiel",
            },
            {"source": "liste", "title": "Liste", "nature": "echt", "stale": True, "state": "veraltet"},
        ],
        "meta.load": [
            {
                "source": "register",
                "table_no": 0,
                "subject": "service",
                "run_id": "r1",
                "read": 9,
                "published": 8,
            }
            | {"rejected": 1, "as_of": datetime(2026, 6, 8, 1), "finished_at": datetime(2026, 6, 8, 2)},
            {
                "source": "register",
                "table_no": 0,
                "subject": "service",
                "run_id": "r2",
                "read": 4,
                "published": 4,
            }
            | {"as_of": datetime(2026, 6, 9, 1), "finished_at": datetime(2026, 6, 9, 2)},
            {
                "source": "liste",
                "table_no": 0,
                "subject": "assessment",
                "run_id": "r1",
                "read": 4,
                "published": 4,
            }
            | {"as_of": datetime(2026, 5, 31, 1), "finished_at": datetime(2026, 6, 1, 2)},
            {
                "source": "liste",
                "table_no": 1,
                "subject": "proposal",
                "run_id": "r1",
                "read": 1,
                "published": 1,
            },
        ],
    }


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    (folder / "metrics").mkdir()
    (folder / "metrics" / "sick_count.sql").write_text(PROTECTED, encoding="utf-8")
    (folder / "targets.toml").write_text(TARGETS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def catalog(town: Path) -> Catalog:
    return load_catalog(town)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    yield small_city(tmp_path_factory.mktemp("spill"), _rows())


@pytest.fixture
def ask(catalog: Catalog, snapshot: Snapshot) -> Any:
    def answer(metric_id: str, *, scope: Scope = CITY, **arguments: Any) -> MetricResult:
        return query(catalog, snapshot, metric_id, scope=scope, **arguments)

    return answer


def test_the_door_has_no_default_scope(catalog: Catalog, snapshot: Snapshot) -> None:
    with pytest.raises(TypeError):
        query(catalog, snapshot, "ozg_online_share")  # type: ignore[call-arg]


def test_a_viewer_counts_only_units_at_and_below_the_own_ones(ask: Any) -> None:
    assert ask("ozg_online_share", scope=Scope.of("D1")).total.denominator == 2
    assert ask("ozg_online_share", scope=Scope.of("FD10", "D2")).total.denominator == 2
    assert ask("ozg_online_share").total.denominator == 4


@pytest.mark.parametrize("units", [[], ["FD77"], ["' OR 1=1 --"]])
def test_a_scope_of_unknown_or_no_units_sees_nothing(ask: Any, units: list[str]) -> None:
    total = ask("ozg_online_share", scope=Scope.of(*units)).total
    assert (total.value, total.denominator) == (None, None)


def test_a_filter_cannot_widen_the_scope(ask: Any) -> None:
    result = ask("ozg_online_share", scope=Scope.of("D1"), where={"dezernat": "D2"})
    assert result.total.value is None
    assert (
        ask("ozg_online_share", scope=Scope.of("D1"), by=["org_unit_id"], where={"org_unit_id": "FD32"}).rows
        == ()
    )


def test_a_row_without_a_known_unit_keeps_its_place_in_a_breakdown(ask: Any) -> None:
    rows = {row.keys["dezernat"]: row.denominator for row in ask("ozg_online_share", by=["dezernat"]).rows}
    assert rows == {"D1": 2, "D2": 1, None: 1}
    assert ask("ozg_online_share", where={"dezernat": None}).total.denominator == 1


@pytest.mark.parametrize("name", ["org_unit_id", "dezernat", "fachdienst", "fachbereich"])
def test_a_figure_of_the_city_refuses_a_breakdown_by_unit(ask: Any, name: str) -> None:
    for arguments in ({"by": [name]}, {"where": {name: "FD10"}}):
        with pytest.raises(ConfigError) as caught:
            ask("budget_available_eur", **arguments)
        assert caught.value.code == "no_breakdown"


@pytest.mark.parametrize(
    "name", ["themenfelt", "numerator", "1; DROP TABLE core.run", 'x" FROM meta.source --']
)
def test_an_unknown_dimension_is_refused_before_it_reaches_the_database(ask: Any, name: str) -> None:
    for arguments in ({"by": [name]}, {"where": {name: "x"}}):
        with pytest.raises(ConfigError) as caught:
            ask("ozg_online_share", **arguments)
        assert caught.value.code == "unknown_dimension"


def test_a_mistyped_dimension_is_answered_with_the_nearest_name(ask: Any) -> None:
    with pytest.raises(ConfigError, match="themenfeld"):
        ask("ozg_online_share", by=["themenfelt"])


@pytest.mark.parametrize("value", ["' OR '1'='1", "Bauen'; DROP TABLE core.run; --", "%"])
def test_filter_values_are_bound_and_never_part_of_the_text(ask: Any, value: str) -> None:
    assert ask("ozg_online_share", where={"themenfeld": value}).total.value is None
    assert ask("ozg_online_share").total.denominator == 4


def test_values_that_are_chosen_one_of_are_never_added(ask: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        ask("ozg_online_share", where={"reifegrad_modell": ["ozg_1_1", "ozg_2_0"]})
    assert caught.value.code == "choose_one"
    asked = ask(
        "ozg_online_share", by=["reifegrad_modell"], where={"reifegrad_modell": ["ozg_1_1", "ozg_2_0"]}
    )
    assert [row.keys for row in asked.rows] == [{"reifegrad_modell": "ozg_1_1"}]


def test_a_period_that_ends_before_it_begins_is_refused(ask: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        ask("ozg_online_share", by=["period"], between=(date(2026, 2, 1), date(2026, 1, 1)))
    assert caught.value.code == "bad_period"


@pytest.mark.parametrize("level", ["org_unit_id", "fachdienst", "fachbereich", "dezernat"])
def test_k8_how_far_posts_are_filled_is_not_told_by_unit(ask: Any, catalog: Catalog, level: str) -> None:
    """By unit, grade and month it would be the working time of whoever holds the post."""
    for question in ({"by": [level]}, {"where": {level: "FD10"}}):
        with pytest.raises(ConfigError) as caught:
            ask("post_filled_share", **question)
        assert caught.value.code == "no_breakdown"
    assert [name for name, item in catalog.lists.items() if "filled_fte" in item.sql] == []


@pytest.mark.parametrize("day", [date.min, date(1, 12, 31), date(1899, 12, 31), date(3000, 1, 1), date.max])
@pytest.mark.parametrize("metric", ["ozg_online_share", "case_duration_days", "case_long_count"])
def test_days_at_the_ends_of_the_calendar_are_refused_and_break_nothing(
    ask: Any, metric: str, day: date
) -> None:
    for question in ({"at": day}, {"by": ["period"], "between": tuple(sorted((day, date(2026, 6, 9))))}):
        with pytest.raises(ConfigError) as caught:
            ask(metric, **question)
        assert caught.value.code == "bad_period"


def test_what_is_no_text_is_refused_and_not_handed_to_the_database(ask: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        ask("ozg_online_share", where={"themenfeld": "\ud800"})
    assert caught.value.code == "bad_text"
    assert ask("ozg_online_share", where={"themenfeld": "\x00 😀"}).total.value is None


def test_without_data_there_is_one_row_without_value(ask: Any) -> None:
    result = ask("dms_workplace_share")
    assert [(row.value, row.rating) for row in result.rows] == [(None, "neu")]
    assert ask("dms_workplace_share", by=["org_unit_id"]).rows == ()


def test_small_numbers_are_given_out_as_a_total_of_enough_cases_only(
    catalog: Catalog, tmp_path: Path
) -> None:
    four = _rows()["case"][:4]
    few = small_city(tmp_path, {"case": four})
    total = query(catalog, few, "sick_count", scope=CITY).total
    assert total is not None
    assert (total.suppressed, total.value, total.numerator, total.n) == (True, None, None, None)
    enough = small_city(tmp_path, {"case": [*four, {**four[0], "case_id": "5"}]})
    total = query(catalog, enough, "sick_count", scope=CITY).total
    assert total is not None
    assert (total.suppressed, total.value) == (False, 5)


@pytest.mark.parametrize(
    "arguments",
    [
        {"by": ["procedure"]},
        {"by": ["period"]},
        {"by": ["fachdienst"]},
        {"where": {"procedure": "wohngeld"}},
        {"between": (date(2026, 1, 1), date(2026, 5, 31))},
        {"at": date(2026, 3, 31)},
        {"scope": Scope.of("D2")},
    ],
)
def test_every_cut_of_a_protected_figure_is_refused_with_a_reason(
    ask: Any, arguments: dict[str, Any]
) -> None:
    with pytest.raises(AccessError) as caught:
        ask("sick_count", **arguments)
    assert caught.value.code == "protected"


def test_the_total_is_rated_against_the_target_of_the_day(ask: Any) -> None:
    total = ask("ozg_online_share").total
    assert (total.value, total.target, total.deviation, total.rating) == (0.5, 0.3, 0.2, "gut")


def test_a_part_is_not_rated_by_a_target_for_the_total(ask: Any) -> None:
    for arguments in ({"by": ["themenfeld"]}, {"where": {"themenfeld": "Bauen"}}, {"scope": Scope.of("D1")}):
        assert {row.rating for row in ask("ozg_online_share", **arguments).rows} == {"neu"}
    assert ask("ozg_online_share", where={"reifegrad_modell": "ozg_1_1"}).total.rating == "gut"


def test_past_months_are_rated_by_their_own_target(ask: Any) -> None:
    rows = ask("ozg_online_share", by=["period"], between=(date(2025, 12, 1), date(2026, 1, 31))).rows
    assert [(row.period, row.target, row.rating) for row in rows] == [
        (date(2025, 12, 1), None, "neu"),
        (date(2026, 1, 1), 0.3, "gut"),
    ]


def test_a_part_may_have_a_target_of_its_own(ask: Any) -> None:
    assert ask("case_duration_days", where={"procedure": "wohngeld"}).total.target == 5
    assert ask("case_duration_days").total.target == 50
    assert [row.rating for row in ask("case_duration_days", by=["procedure"]).rows] == ["gut"]


def test_a_median_of_a_few_cases_is_not_given_out_nor_how_few_they_are(
    catalog: Catalog, tmp_path: Path
) -> None:
    four = _rows()["case"][:4]
    other = {**four[0], "procedure": "bauantrag", "case_id": "9"}
    found = small_city(tmp_path, {"case": [*four, other]})
    assert query(catalog, found, "case_duration_days", scope=CITY).rows[0].n == 5
    for cell in query(catalog, found, "case_duration_days", scope=CITY, by=["procedure"]).rows:
        assert cell == Cell(cell.period, cell.keys, None, suppressed=True)


def test_without_any_case_a_median_is_missing_and_not_hidden(ask: Any) -> None:
    (cell,) = ask("case_duration_days", where={"procedure": "nie"}).rows
    assert (cell.value, cell.suppressed) == (None, False)


def test_money_is_rated_and_deviates_in_exact_amounts(ask: Any) -> None:
    total = ask("budget_forecast_balance_eur", where={"produkt": "111240"}).total
    assert (total.value, total.target, total.deviation) == (
        Decimal("-3.50"),
        Decimal("0.00"),
        Decimal("-3.50"),
    )
    assert total.rating == "warn"
    assert ask("budget_forecast_balance_eur").total.rating == "neu"


def test_an_answer_names_its_snapshot_sources_and_oldest_age(ask: Any) -> None:
    result = ask("ozg_online_share")
    assert result.snapshot == "2026-06-09T011500Z-0001"
    assert [(load.source, load.run_id) for load in result.lineage] == [("liste", "r1"), ("register", "r2")]
    assert result.as_of == datetime(2026, 5, 31, 1, tzinfo=UTC)
    assert (result.stale_sources, result.nature) == (("liste",), "gemischt")


def test_a_figure_does_not_rest_on_sources_of_other_subjects(ask: Any) -> None:
    result = ask("capacity_cover_share")
    assert (result.lineage, result.as_of, result.stale_sources) == ((), None, ())


def test_a_figure_about_the_bookkeeping_is_as_old_as_the_snapshot_and_never_stale(ask: Any) -> None:
    result = ask("source_fresh_share")
    assert (result.stale_sources, result.as_of is not None, result.nature) == ((), True, "gemischt")


def test_the_way_to_a_share_goes_from_sources_over_checks_and_count_to_division(
    catalog: Catalog, snapshot: Snapshot
) -> None:
    explanation = explain(catalog, snapshot, "ozg_online_share", scope=CITY)
    assert [(step.number, step.kind) for step in explanation.steps] == [
        (1, "source"),
        (2, "source"),
        (3, "check"),
        (4, "count"),
        (5, "divide"),
    ]
    last = explanation.steps[-1]
    assert (last.numerator, last.denominator, last.value) == (2, 4, 0.5)
    assert explanation.rule is not None
    assert (explanation.rule.target, explanation.rule.tolerance, explanation.rule.owner) == (
        0.3,
        0.1,
        "FD 10",
    )


def test_the_rule_of_a_part_is_shown_with_its_own_tolerance(catalog: Catalog, snapshot: Snapshot) -> None:
    where = {"produkt": "111240", "plan_art": "ergebnisplan"}
    rule = explain(catalog, snapshot, "budget_forecast_balance_eur", scope=CITY, where=where).rule
    assert rule is not None
    assert (rule.target, rule.tolerance) == (Decimal("0.00"), Decimal("5.00"))


def test_a_figure_without_applicable_target_shows_no_rule(catalog: Catalog, snapshot: Snapshot) -> None:
    assert explain(catalog, snapshot, "budget_forecast_balance_eur", scope=CITY).rule is None
    assert explain(catalog, snapshot, "ozg_online_share", scope=Scope.of("D1")).rule is None


def test_an_answer_becomes_a_frame_without_turning_money_into_floating_point(ask: Any) -> None:
    frame = ask("budget_forecast_balance_eur", by=["position"], where={"produkt": "111240"}).frame()
    assert list(frame.columns[:3]) == ["period", "position", "value"]
    assert frame["value"].tolist() == [Decimal("-3.50")]
    assert frame["position"].tolist() == ["Personal"]


@pytest.mark.parametrize(
    "metric_id", ["reifegrad_distribution", "case_duration_days", "budget_available_eur"]
)
def test_every_kind_of_figure_can_be_explained(catalog: Catalog, snapshot: Snapshot, metric_id: str) -> None:
    steps = explain(catalog, snapshot, metric_id, scope=CITY).steps
    assert steps[-1].value is not None
    assert all(step.title and step.detail for step in steps)


def test_records_keep_to_scope_filter_order_and_listed_columns(catalog: Catalog, snapshot: Snapshot) -> None:
    everything = records(catalog, snapshot, "services", scope=CITY)
    assert everything.total == 4
    assert [column.label for column in everything.columns][:2] == ["Kennung", "Leistung"]
    mine = records(catalog, snapshot, "services", scope=Scope.of("D1"), order=["-service_id"])
    assert [row["service_id"] for row in mine.dicts()] == ["S2", "S1"]
    part = records(catalog, snapshot, "services", scope=CITY, where={"dezernat": ["D2"], "reifegrad": 3})
    assert [row["service_id"] for row in part.dicts()] == ["S3"]
    page = records(catalog, snapshot, "services", scope=CITY, limit=1)
    assert (len(page.rows), page.total) == (1, 4)


@pytest.mark.parametrize(
    "arguments", [{"where": {"raw": 1}}, {"order": ["1; DROP TABLE x"]}, {"order": ["-titel"]}]
)
def test_unlisted_columns_of_records_are_refused(
    catalog: Catalog, snapshot: Snapshot, arguments: Any
) -> None:
    with pytest.raises(ConfigError) as caught:
        records(catalog, snapshot, "services", scope=CITY, **arguments)
    assert caught.value.code == "unknown_dimension"


def test_lists_by_unit_show_nothing_to_a_scope_without_units(catalog: Catalog, snapshot: Snapshot) -> None:
    for item in catalog.lists.values():
        if item.definition.scope == "organisation":
            assert records(catalog, snapshot, item.id, scope=Scope.of()).total == 0


def test_every_metric_and_list_runs_on_a_warehouse_without_any_data(catalog: Catalog, tmp_path: Path) -> None:
    assert dry_run(catalog, small_city(tmp_path, {})) == []


def test_the_dry_run_finds_floating_money_and_statements_that_do_not_run(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    floating = PROTECTED.replace("count(*) AS numerator", "sum(CAST(1 AS DOUBLE)) AS numerator")
    (tmp_path / "metrics" / "floating_count.sql").write_text(floating, encoding="utf-8")
    broken = PROTECTED.replace("count(*) AS numerator", "sum(amount) AS numerator").replace(
        "STA-02", "STA-03"
    )
    (tmp_path / "metrics" / "broken_count.sql").write_text(broken, encoding="utf-8")
    found = dry_run(load_catalog(tmp_path), small_city(tmp_path, {}))
    assert {error.code for error in found} == {"wrong_type", "does_not_run"}


def test_a_circle_in_the_organisation_ends_and_counts_nothing_twice(catalog: Catalog, tmp_path: Path) -> None:
    units = [{**unit, "parent_id": "FD10"} if unit["unit_id"] == "stadt" else unit for unit in ORGANISATION]
    units.append({**ORGANISATION[1], "unit_id": "D3", "parent_id": "D3"})
    circle = small_city(tmp_path, {**_rows(), "org_unit": units})
    rows = query(catalog, circle, "ozg_online_share", scope=CITY, by=["dezernat"]).rows
    assert sum(row.denominator or 0 for row in rows) == 4
    assert query(catalog, circle, "ozg_online_share", scope=Scope.of("D3")).total.value is None  # type: ignore[union-attr]


def test_a_dissolved_unit_keeps_its_figures_under_its_last_parent(catalog: Catalog, tmp_path: Path) -> None:
    old = {**ORGANISATION[3], "unit_id": "FD99", "parent_id": "D2", "valid_to": date(2026, 3, 31)}
    moved = {**ORGANISATION[3], "parent_id": "D2", "valid_from": date(2026, 4, 1)}
    later = {**ORGANISATION[3], "parent_id": "D1", "valid_from": date(2026, 7, 1)}
    city = small_city(tmp_path, {**_rows(), "org_unit": [*ORGANISATION, old, moved, later]})
    rows = query(catalog, city, "ozg_online_share", scope=CITY, by=["dezernat"]).rows
    assert {row.keys["dezernat"]: row.denominator for row in rows} == {"D1": 1, "D2": 3}


def test_the_calendar_reaches_back_six_years_and_to_the_first_data_but_not_to_a_stray_date(
    tmp_path: Path,
) -> None:
    def first_month(day: date) -> date:
        case = {**_rows()["case"][0], "decided_on": day}
        city = small_city(tmp_path, {"case": [case]})
        return city.query("SELECT min(period) FROM core.calendar")[0][0]

    assert first_month(date(2026, 5, 1)) == date(2020, 6, 1)
    assert first_month(date(2018, 2, 14)) == date(2018, 2, 1)
    assert first_month(date(1900, 1, 1)) == date(2006, 6, 1)
