"""Behind a figure stand exactly the records it counts; headers that promise otherwise are refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import load_catalog
from metrics.drill import metrics_of_list, records_behind
from metrics.question import add_months
from metrics.records import MAXIMUM, count_records, records
from metrics.result import Scope
from metrics.trace import delivered
from tests.example_city import ExampleCity
from tests.unit.test_metrics_catalog import GOOD
from warehouse.errors import ConfigError
from warehouse.subjects import load_subjects

CATALOG = load_catalog(None)
SUBJECTS = load_subjects(None)
# Figures whose list holds one row per member of the denominator and names those of the numerator.
EXACT = (
    *("ozg_online_share", "ozg_end_to_end_share", "ozg_top20_online_share", "ozg_online_range_share"),
    *("measure_done_share", "measure_overdue_share", "ozg_project_done_share"),
    *("reifegrad_reading_share", "unit_delivered_share"),
)
CUTS: tuple[dict[str, str | None], ...] = ({}, {"dezernat": "DEZ4"}, {"fachdienst": "FD63"})


@pytest.mark.parametrize("metric_id", EXACT)
@pytest.mark.parametrize("cut", CUTS, ids=str)
@pytest.mark.parametrize("scope", [Scope.city(), Scope.of("DEZ4"), Scope.of("FD32")], ids=str)
def test_the_lists_count_what_numerator_and_denominator_say(
    metric_id: str, cut: dict[str, str | None], scope: Scope, example_city: ExampleCity
) -> None:
    metric, snapshot = CATALOG.metric(metric_id), example_city.snapshot
    behind = records_behind(CATALOG, metric, cut, 2026)
    assert behind is not None and behind.wider == ()
    (cell,) = example_city.ask(metric_id, scope=scope, where=cut).rows
    found = [
        count_records(CATALOG, snapshot, behind.list_id, scope=scope, where=where)
        for where in (behind.counted, behind.where)
    ]
    assert found == [cell.numerator or 0, cell.denominator or 0]


# Figures that sum a column of their list: metric, column, and how many months up to the last full one.
SUMMED = (
    ("application_channel_count", "applications", 12),
    ("application_online_share", "applications", 12),
    ("capacity_needed_pt", "needed_pt", 1),
    ("capacity_available_pt", "available_pt", 1),
    ("co2_saved_kg", "co2_kg", 12),
)


@pytest.mark.parametrize(("metric_id", "column", "months"), SUMMED)
def test_the_months_of_a_list_add_up_to_the_figure(
    metric_id: str, column: str, months: int, example_city: ExampleCity
) -> None:
    metric = CATALOG.metric(metric_id)
    behind = records_behind(CATALOG, metric, {}, 2026)
    assert behind is not None
    (cell,) = example_city.ask(metric_id).rows
    assert cell.period is not None
    rows = records(
        CATALOG,
        example_city.snapshot,
        behind.list_id,
        scope=Scope.city(),
        where=behind.counted or behind.where,
        limit=MAXIMUM,
    ).dicts()
    first = add_months(cell.period, 1 - months)
    month = "period" if "period" in rows[0] else "month"
    found = sum(row[column] for row in rows if first <= row[month] <= cell.period)
    counted = cell.value if cell.numerator is None else cell.numerator
    assert found == counted


def test_the_portals_own_lists_count_what_its_figures_say(example_city: ExampleCity) -> None:
    def listed(name: str) -> list[dict[str, Any]]:
        found = records(CATALOG, example_city.snapshot, name, scope=Scope.city(), limit=MAXIMUM)
        return [dict(row) for row in found.dicts()]

    def pair(metric_id: str) -> tuple[Any, Any]:
        (cell,) = example_city.ask(metric_id).rows
        return cell.numerator, cell.denominator

    sources, deliveries = listed("sources"), listed("deliveries")
    assert pair("source_fresh_share") == (sum(row["is_fresh"] for row in sources), len(sources))
    read, rejected = (sum(row[name] for row in deliveries) for name in ("read", "rejected"))
    assert pair("row_rejected_share") == (rejected, read)
    assert pair("finding_open_count")[0] == len(listed("source_findings"))


def test_a_service_is_listed_once_with_the_day_it_first_went_online(example_city: ExampleCity) -> None:
    cells = example_city.ask("ozg_new_online_count", by=("period",)).rows
    found = records(
        CATALOG, example_city.snapshot, "services_newly_online", scope=Scope.city(),
        where={"reifegrad_modell": "ozg_1_1"}, limit=MAXIMUM,
    ).dicts()  # fmt: skip
    by_month = Counter(row["first_online_on"].replace(day=1) for row in found)
    counted = {cell.period: cell.value for cell in cells if cell.value}
    shown = {month: by_month[month] for month in counted}
    assert len({row["service_id"] for row in found}) == len(found)
    assert shown == counted


def test_a_themenfeld_narrows_the_list_as_it_narrows_the_figure(example_city: ExampleCity) -> None:
    cut: dict[str, str | None] = {"dezernat": "DEZ4", "themenfeld": "Bauen & Wohnen"}
    behind = records_behind(CATALOG, CATALOG.metric("ozg_online_share"), cut, 2026)
    assert behind is not None
    rows = records(CATALOG, example_city.snapshot, behind.list_id, scope=Scope.city(), where=behind.where)
    (cell,) = example_city.ask("ozg_online_share", where=cut).rows
    assert rows.total == cell.denominator
    assert {row["themenfeld"] for row in rows.dicts()} == {"Bauen & Wohnen"}


def test_another_choice_than_the_list_holds_has_no_records() -> None:
    metric = CATALOG.metric("ozg_online_share")
    assert records_behind(CATALOG, metric, {"reifegrad_modell": "ozg_2_0"}, 2026) is None
    assert records_behind(CATALOG, metric, {"reifegrad_modell": "ozg_1_1"}, 2026) is not None


def test_what_a_list_cannot_narrow_down_is_named() -> None:
    found = records_behind(CATALOG, CATALOG.metric("budget_frame_eur"), {"komponente": "sperre"}, 2026)
    assert found is not None
    assert found.wider == ("komponente",)
    assert found.where == {"plan_art": "ergebnisplan", "haushaltsjahr": "2026"}


def test_no_list_stands_behind_a_figure_with_small_numbers() -> None:
    open_ones = [m for m in CATALOG.metrics.values() if m.definition.min_cell or m.definition.least_cases]
    assert open_ones
    assert not [m.id for m in open_ones if m.definition.records]


@pytest.mark.parametrize("metric_id", EXACT)
def test_naming_records_changes_no_version_of_a_figure(metric_id: str) -> None:
    metric = CATALOG.metric(metric_id)
    without = replace(metric, definition=metric.definition.model_copy(update={"records": None}))
    catalog = replace(CATALOG, metrics={metric_id: without})
    assert metric.definition.records is not None
    assert catalog.version(metric_id) == CATALOG.version(metric_id)


@pytest.mark.parametrize(
    ("block", "code", "told"),
    [
        ('list = "service"', "unknown_list", "services"),
        ('list = "services"\ncounted = { reifegard = "3" }', "unknown_dimension", "reifegrad"),
        ('list = "services"\nonly = { procedur = "x" }', "unknown_dimension", "procedur"),
    ],
)
def test_a_header_that_names_no_list_or_column_is_refused(
    block: str, code: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "metrics").mkdir()
    text = GOOD.replace("\n--- */", f"\n\n[records]\n{block}\n--- */")
    (tmp_path / "metrics" / "open_case_count.sql").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_catalog(tmp_path)
    assert caught.value.code == code
    assert told in str(caught.value)


def test_a_list_behind_protected_numbers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    text = GOOD.replace("\n--- */", '\nmin_cell = 5\n\n[records]\nlist = "services"\n--- */')
    (tmp_path / "metrics" / "open_case_count.sql").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="kleine Zahlen"):
        load_catalog(tmp_path)


def test_pages_of_a_list_show_every_record_once_in_one_order(example_city: ExampleCity) -> None:
    def page(number: int) -> list[Any]:
        return list(
            records(
                CATALOG,
                example_city.snapshot,
                "measures",
                scope=Scope.of("FD63"),
                limit=50,
                offset=number * 50,
            ).rows
        )

    whole = records(CATALOG, example_city.snapshot, "measures", scope=Scope.of("FD63"), limit=10_000).rows
    pages = [row for number in range(1 + len(whole) // 50) for row in page(number)]
    assert pages == list(whole)


@pytest.mark.parametrize("typed", ["straße", "STRASSE", "strasse"])
def test_a_list_is_searched_with_german_letters_in_any_spelling(
    typed: str, example_city: ExampleCity
) -> None:
    found = records(CATALOG, example_city.snapshot, "services", scope=Scope.city(), search=typed, limit=500)
    names = [row["bezeichnung"] for row in found.dicts()]
    assert found.total == len(names) > 0
    assert all("straße" in " ".join(map(str, row)).lower() or "strasse" in " ".join(map(str, row)).lower()
               for row in found.rows)  # fmt: skip


@pytest.mark.parametrize("typed", ["%", "_%_", ".*", "'; DROP TABLE core.service; --", "\\"])
def test_a_search_in_a_list_knows_no_patterns(typed: str, example_city: ExampleCity) -> None:
    found = records(CATALOG, example_city.snapshot, "services", scope=Scope.city(), search=typed, limit=1)
    assert found.total == 0


def test_a_record_leads_back_to_source_run_hash_and_line(example_city: ExampleCity) -> None:
    (row,) = example_city.snapshot.query(
        "SELECT service_id, _source, _run_id, _line FROM stage.service ORDER BY _line LIMIT 1 OFFSET 7"
    )
    (found,) = delivered(example_city.snapshot, SUBJECTS["service"], {"service_id": row[0]})
    assert (found.source, found.run_id, found.line) == row[1:]
    hashes = example_city.snapshot.query(
        "SELECT delivery_hash FROM meta.load WHERE source = ? AND run_id = ? AND subject = 'service'",
        [found.source, found.run_id],
    )
    assert (found.delivery_hash,) in hashes
    assert delivered(example_city.snapshot, SUBJECTS["service"], {"service_id": "gibt es nicht"}) == ()
    assert delivered(example_city.snapshot, None, {"service_id": row[0]}) == ()


@pytest.mark.parametrize("name", [n for n, i in sorted(CATALOG.lists.items()) if i.definition.key])
def test_the_key_of_a_list_names_one_record_only(name: str, example_city: ExampleCity) -> None:
    found = records(CATALOG, example_city.snapshot, name, scope=Scope.city(), limit=10_000)
    key = CATALOG.lists[name].definition.key
    keys = [tuple(row[part] for part in key) for row in found.dicts()]
    assert len(set(keys)) == len(keys)


def test_figures_know_their_lists_and_lists_their_figures() -> None:
    for metric in CATALOG.metrics.values():
        if metric.definition.records:
            assert metric in metrics_of_list(CATALOG, metric.definition.records.list)
