"""The passport of a figure on a city of few rows: what it says, what breaks its series, what it hides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import Catalog, load_catalog
from metrics.citation import cite, cite_cell, part_for
from metrics.passport import Break, Passport
from metrics.passport_issue import GUARDED, PROTECTED, issue
from metrics.passport_json import passport_json, passport_text, read_passport_text
from metrics.query import query
from metrics.recorded import Written
from metrics.result import Scope
from tests.small_city import small_city
from warehouse.errors import AccessError
from warehouse.store import Snapshot

CITY = Scope.city()
CATALOG = load_catalog(None)
TODAY = date(2026, 6, 9)
ARCHIVED = Path(__file__).parents[1] / "fixtures" / "passport"
SERVICE = {"themenfeld": "Bauen", "zustaendigkeit": "eigen", "valid_from": date(2021, 7, 1)}


def _assessed(service: str, level: int, day: date, **more: Any) -> dict[str, Any]:
    return {
        "service_id": service,
        "reifegrad_modell": "ozg_1_1",
        "reifegrad": level,
        "assessed_on": day,
        **more,
    }


def _load(number: int, day: date, **more: Any) -> dict[str, Any]:
    return {
        "source": "register", "table_no": 0, "subject": "assessment", "run_id": f"lauf-{number}",
        "number": number, "delivery_hash": f"{number}" * 8, "read": 4, "published": 3, "rejected": 1,
        "as_of": datetime.combine(day, time.min), "finished_at": datetime.combine(day, time.min), **more,
    }  # fmt: skip


def _agreement(**columns: list[str]) -> str:
    return json.dumps(
        {"kind": "files", "table": {"path": "x.csv"}, "key": ["service_id"], "columns": columns}
    )


ROWS: dict[str, Any] = {
    "service": [
        {**SERVICE, "service_id": "S1", "org_unit_id": "FD10"},
        {**SERVICE, "service_id": "S2", "org_unit_id": "FD10", "themenfeld": "Bildung"},
        {**SERVICE, "service_id": "S3", "org_unit_id": "FD32"},
        {**SERVICE, "service_id": "S4", "org_unit_id": "FD32"},
    ],
    "assessment": [
        _assessed("S1", 3, date(2025, 1, 10)),
        _assessed("S2", 2, date(2025, 1, 10)),
        _assessed("S2", 3, date(2026, 3, 5), anlass="veraenderung"),
        _assessed("S3", 3, date(2025, 1, 10)),
        _assessed("S3", 1, date(2026, 4, 7), anlass="neubewertung"),
    ],
    "meta.source": [{"source": "register", "title": "Leistungsregister", "nature": "echt"}],
    "meta.load": [
        _load(1, date(2025, 1, 15), agreement="alt"),
        _load(2, date(2026, 2, 3), agreement="neu"),
        _load(3, date(2026, 6, 9), agreement="neu"),
    ],
    "meta.agreement": [
        {"hash": "alt", "content": _agreement(reifegrad=["BIGINT", ""])},
        {"hash": "neu", "content": _agreement(reifegrad=["BIGINT", ""], anlass=["VARCHAR", ""])},
    ],
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    yield small_city(tmp_path_factory.mktemp("spill"), ROWS, business_date=TODAY)


def _passport(snapshot: Snapshot, metric: str = "ozg_online_share", **question: Any) -> Passport:
    scope = question.pop("scope", CITY)
    return issue(question.pop("catalog", CATALOG), snapshot, metric, scope=scope, **question).passport


def _breaks(passport: Passport, kind: str) -> list[Break]:
    return [found for found in passport.breaks if found.kind == kind]


def test_the_passport_says_value_population_stichtag_loads_and_coverage(snapshot: Snapshot) -> None:
    passport = _passport(snapshot)
    (figure,) = passport.figures
    assert (figure.amount.value, figure.amount.numerator, figure.amount.denominator) == (0.5, 2, 4)
    assert figure.coverage is not None and (figure.coverage.known, figure.coverage.total) == (3, 4)
    assert (passport.stichtag, passport.snapshot) == (TODAY, "2026-06-09T011500Z-0001")
    assert passport.population.id == "einzelleistung_eigen"
    assert passport.definition.version == CATALOG.version("ozg_online_share").hash
    (load,) = passport.deliveries
    assert (load.run, load.delivery_hash) == ("lauf-3", "33333333")
    assert (load.read, load.published, load.rejected) == (4, 3, 1)


def test_a_level_that_may_be_another_stays_an_interval(snapshot: Snapshot) -> None:
    (figure,) = _passport(snapshot, "ozg_online_range_share").figures
    cell = query(CATALOG, snapshot, "ozg_online_range_share", scope=CITY).rows[0]
    assert (figure.amount.lower, figure.amount.upper) == (cell.lower, cell.upper) != (None, None)


@pytest.mark.parametrize("by", [(), ("themenfeld",), ("fachdienst", "themenfeld")])
def test_the_sql_in_the_passport_gives_its_numerators_and_denominators(
    snapshot: Snapshot, by: tuple[str, ...]
) -> None:
    passport = _passport(snapshot, by=by, where={"themenfeld": ["Bauen", "Bildung"]})
    columns = [name for name, _ in snapshot.describe(passport.calculation.sql)]
    numerator, denominator = columns.index("numerator"), columns.index("denominator")
    computed = {
        (*row[1 : 1 + len(by)], row[numerator], row[denominator])
        for row in snapshot.query(passport.calculation.sql)
    }
    assert computed == {
        (*figure.keys.values(), figure.amount.numerator, figure.amount.denominator)
        for figure in passport.figures
    }


def test_every_metric_of_the_catalogue_has_a_passport_that_survives_being_archived(
    snapshot: Snapshot,
) -> None:
    for metric_id in CATALOG.metrics:
        passport = _passport(snapshot, metric_id)
        assert read_passport_text(passport_text(passport)) == passport


def test_a_passport_archived_by_the_first_version_is_still_read_to_the_cent() -> None:
    text = (ARCHIVED / "budget_available_2026-06-09.json").read_text(encoding="utf-8")
    passport = read_passport_text(text)
    (figure,) = passport.figures
    assert str(figure.amount.value) == "40500.10"
    assert json.loads(passport_text(passport)) == json.loads(text)


def test_earlier_values_are_those_of_the_months_before(snapshot: Snapshot) -> None:
    (figure,) = _passport(snapshot).figures
    shown = {item.period: (item.amount.numerator, item.comparable) for item in figure.earlier}
    assert shown[date(2026, 5, 1)] == shown[date(2026, 4, 1)] == (2, True)
    assert shown[date(2026, 3, 1)] == (3, True) and shown[date(2026, 2, 1)] == (2, True)
    assert len(shown) == 12


def test_an_assessment_under_another_ruler_is_a_break_and_an_improvement_is_none(snapshot: Snapshot) -> None:
    (found,) = _breaks(_passport(snapshot), "regraded")
    assert (found.on, found.words[:21]) == (date(2026, 4, 1), "1 von 1 Einstufungen ")


def test_units_that_were_not_regraded_have_no_such_break(snapshot: Snapshot) -> None:
    assert _breaks(_passport(snapshot, scope=Scope.of("FD10")), "regraded") == []


def test_a_changed_contract_is_a_break_that_names_source_and_columns(snapshot: Snapshot) -> None:
    (found,) = _breaks(_passport(snapshot), "contract")
    assert found.on == date(2026, 2, 3)
    assert found.words == "Vereinbarung mit „Leistungsregister“ geändert: Spalten „anlass“"


def test_archived_versions_of_a_definition_are_breaks_but_for_the_first(snapshot: Snapshot) -> None:
    history = [
        Written("b", date(2026, 5, 4), {"statement": "2", "header": "1"}),
        Written("a", date(2026, 1, 5), {"statement": "1", "header": "1"}),
    ]
    (found,) = _breaks(_passport(snapshot, history=history), "definition")
    assert (found.on, found.words[:29]) == (date(2026, 5, 4), "Definition geändert (Abfrage)")


def test_before_its_population_was_defined_a_value_is_not_comparable(snapshot: Snapshot) -> None:
    population = CATALOG.populations["einzelleistung_eigen"].model_copy(
        update={"valid_from": date(2026, 4, 1)}
    )
    populations = {**CATALOG.populations, "einzelleistung_eigen": population}
    catalog = replace(CATALOG, populations=populations, targets={}, lists={})
    passport = _passport(snapshot, catalog=catalog)
    assert [found.on for found in _breaks(passport, "population")] == [date(2026, 4, 1)]
    shown = {item.period: item.comparable for item in passport.figures[0].earlier}
    assert shown[date(2026, 4, 1)] and not shown[date(2026, 3, 1)]


def test_parts_of_the_city_see_their_figures_and_where_they_come_from(snapshot: Snapshot) -> None:
    passport = _passport(snapshot, scope=Scope.of("FD32"))
    (figure,) = passport.figures
    assert (figure.amount.numerator, figure.amount.denominator) == (0, 2)
    assert passport.question.units == ("FD32",) and passport.deliveries[0].published == 3
    assert "'FD32'" in passport.calculation.sql


def test_a_cell_of_a_breakdown_has_an_address_of_its_own(snapshot: Snapshot) -> None:
    whole = _passport(snapshot, by=("themenfeld",))
    cell = next(figure for figure in whole.figures if figure.keys["themenfeld"] == "Bildung")
    alone = _passport(snapshot, where={"themenfeld": ["Bildung"]})
    assert cite_cell(whole, cell).asks_like(cite(alone))
    part = part_for(whole, cite(alone))
    assert part is not None and [figure.amount for figure in part.figures] == [alone.figures[0].amount]
    assert part_for(whole, cite(_passport(snapshot))) is None


# 7919 points for every case: sums nobody meets by chance.
GUARDED_METRIC = """/* ---
label = "Punkte"
number = "STA-01"
question = "Wie viele?"
kind = "mean"
population = "antrag"
unit = "count"
better = "none"
over_time = "sum"
dimensions = ["channel"]
scope = "city"
numerator_text = "Punkte"
denominator_text = "Vorgänge"
meaning = "Punkte."
revised = 2026-01-15
min_cell = 5
[protect]
cuts = [["channel"]]
--- */
SELECT
    CAST(date_trunc('month', decided_on) AS DATE) AS period, channel,
    7919 * count(*) AS numerator, count(*) AS denominator, count(*) AS n
FROM core."case"
WHERE decided_on IS NOT NULL
GROUP BY ALL
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalog, Snapshot]:
    folder = tmp_path_factory.mktemp("stadt")
    (folder / "metrics").mkdir()
    (folder / "metrics/points.sql").write_text(GUARDED_METRIC, encoding="utf-8")
    catalog = load_catalog(folder)
    cases = [
        {
            "case_id": f"{channel}{number}", "channel": channel, "org_unit_id": "FD10",
            "procedure": "wohngeld", "received_on": date(2026, 5, 1), "decided_on": date(2026, 5, 20),
        }
        for channel, count in (("online", 12), ("post", 3), ("telefon", 8))
        for number in range(count)
    ]  # fmt: skip
    rows = {
        "case": cases,
        "meta.source": [{"source": "register", "title": "Register", "nature": "echt"}],
        "meta.load": [_load(1, TODAY, subject="case", read=23, published=23, rejected=0)],
    }
    return catalog, small_city(folder, rows, catalog=catalog)


def test_k6_a_hidden_cell_has_no_number_no_sql_and_no_counts_in_its_passport(
    guarded: tuple[Catalog, Snapshot],
) -> None:
    catalog, snapshot = guarded
    passport = _passport(snapshot, "points", catalog=catalog, by=("channel",))
    hidden = [figure for figure in passport.figures if figure.suppressed]
    assert {figure.keys["channel"] for figure in hidden} >= {"post"}
    for figure in hidden:
        assert (
            figure.amount.value
            is figure.amount.numerator
            is figure.amount.denominator
            is figure.cases
            is None
        )
        assert figure.knowledge is not None and figure.knowledge.note == PROTECTED
    assert passport.calculation.sql == "" and GUARDED in passport.calculation.words
    assert passport.counts_withheld and passport.deliveries[0].published is None
    sent = json.dumps(passport_json(passport))
    assert not [secret for secret in (str(3 * 7919), "23") if f": {secret}" in sent]


def test_k4_a_protected_figure_says_nothing_of_other_days_or_snapshots(
    guarded: tuple[Catalog, Snapshot],
) -> None:
    catalog, snapshot = guarded
    passport = _passport(snapshot, "points", catalog=catalog)
    (figure,) = passport.figures
    assert figure.amount.denominator == 23
    assert figure.earlier == () and passport.breaks == ()
    assert figure.knowledge is not None and figure.knowledge.today is figure.knowledge.reported is None


def test_k3_the_passport_refuses_the_cuts_the_door_refuses(guarded: tuple[Catalog, Snapshot]) -> None:
    catalog, snapshot = guarded
    with pytest.raises(AccessError) as caught:
        _passport(snapshot, "points", catalog=catalog, between=(date(2026, 4, 1), date(2026, 5, 31)))
    assert caught.value.code == "protected"
