"""A level is a range, derived from its lowest criterion where criteria exist, and never without its model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import Catalog, load_catalog
from metrics.query import query
from metrics.records import records
from metrics.result import Scope
from tests.small_city import small_city
from warehouse.errors import ConfigError
from warehouse.store import Snapshot

CITY = Scope.city()
DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(None)


def _services(*names: str) -> list[dict[str, Any]]:
    return [
        {"service_id": name, "bezeichnung": f"Leistung {name}", "org_unit_id": "FD10", "themenfeld": "Bauen"}
        | {"zustaendigkeit": "eigen", "ozg_id": "10001", "valid_from": date(2021, 1, 1)}
        for name in names
    ]


def _level(service: str, level: int, to: int | None = None, **more: Any) -> dict[str, Any]:
    usual = {"reifegrad_modell": "ozg_1_1", "assessed_on": DAY, "method": "pauschal"}
    return usual | {"service_id": service, "reifegrad": level, "reifegrad_bis": to} | more


def _criteria(service: str, *levels: int) -> list[dict[str, Any]]:
    key = {"service_id": service, "reifegrad_modell": "ozg_1_1", "assessed_on": DAY}
    return [key | {"criterion": f"k{n}", "reifegrad": level} for n, level in enumerate(levels)]


def _states(catalog: Catalog, snapshot: Snapshot) -> Mapping[str, tuple[Any, Any, Any]]:
    rows = records(catalog, snapshot, "service_levels", scope=CITY).dicts()
    return {row["service_id"]: (row["reifegrad"], row["reifegrad_bis"], row["grundlage"]) for row in rows}


def test_celles_112_in_level_2_or_3_of_180_are_a_share_between_nothing_and_62_2_percent(
    catalog: Catalog, tmp_path: Path
) -> None:
    names = [f"C{n:03}" for n in range(180)]
    said = [_level(name, 2, 3, assessed_on=date(2023, 8, 31)) for name in names[:112]]
    snapshot = small_city(tmp_path, {"service": _services(*names), "assessment": said})
    cell = query(catalog, snapshot, "ozg_online_range_share", scope=CITY).total
    assert cell is not None and cell.qualifier == "spanne"
    assert (cell.lower, cell.upper) == (0.0, 112 / 180) and round(112 / 180, 3) == 0.622
    buckets = query(catalog, snapshot, "reifegrad_range_distribution", scope=CITY).rows
    assert [(cell.bucket, cell.numerator) for cell in buckets] == [("2–3", 112), ("ohne", 68)]
    end_to_end = query(catalog, snapshot, "ozg_end_to_end_share", scope=CITY)
    assert end_to_end.coverage is not None and end_to_end.coverage.known == 0, (
        "nobody said it, so it is unknown"
    )


def test_the_lowest_of_all_criteria_is_the_level_whatever_was_stated(
    catalog: Catalog, tmp_path: Path
) -> None:
    rows = {
        "service": _services("all", "some", "more", "none", "flat"),
        "assessment": [
            _level("all", 4, method="kriterien"),
            _level("some", 4, method="kriterien"),
            _level("more", 1, 3, method="kriterien"),
            _level("none", 4, method="kriterien"),
            _level("flat", 3),
        ],
        "assessment_criterion": [
            *_criteria("all", *[4] * 9, 2),
            *_criteria("some", 4, 3, 4),
            *_criteria("more", 2),
        ],
    }
    assert _states(catalog, small_city(tmp_path, rows)) == {
        "all": (2, 2, "kriterien"),
        "some": (3, 3, "kriterien_teilweise"),
        "more": (1, 2, "kriterien_teilweise"),
        "none": (4, 4, "kriterien_nicht_hinterlegt"),
        "flat": (3, 3, "pauschal"),
    }


def test_a_model_without_the_minimum_rule_derives_nothing(catalog: Catalog, tmp_path: Path) -> None:
    other = {"reifegrad_modell": "bielefeld"}
    rows = {
        "service": _services("S"),
        "assessment": [_level("S", 4, method="kriterien", **other)],
        "assessment_criterion": [item | other for item in _criteria("S", *[2] * 10)],
    }
    assert _states(catalog, small_city(tmp_path, rows)) == {"S": (4, 4, "kriterien_nicht_hinterlegt")}


def test_levels_that_do_not_fit_their_model_are_listed_and_count_as_unknown(
    catalog: Catalog, tmp_path: Path
) -> None:
    rows = {
        "service": _services("high", "wide", "vague", "good", "praised"),
        "assessment": [
            _level("high", 5),
            _level("wide", 3, 6),
            _level("vague", 3, reifegrad_modell="ozg_11"),
            _level("good", 4),
            _level("praised", 4, method="kriterien"),
        ],
        "assessment_criterion": _criteria("praised", 1),
    }
    snapshot = small_city(tmp_path, rows)
    faults = records(catalog, snapshot, "assessment_faults", scope=CITY).dicts()
    assert {row["service_id"]: row["fault"] for row in faults} == {
        "high": "Stufe außerhalb der Skala",
        "wide": "Stufe außerhalb der Skala",
        "vague": "Modell nicht erklärt",
        "praised": "höher als das niedrigste Kriterium",
    }
    result = query(catalog, snapshot, "ozg_online_range_share", scope=CITY)
    assert result.total is not None and (result.total.numerator, result.total.upper) == (1, 0.2)
    assert result.coverage is not None and result.coverage.known == 2
    nobody = query(
        catalog, snapshot, "ozg_online_range_share", scope=CITY, where={"reifegrad_modell": "ozg_11"}
    )
    assert nobody.total is not None and nobody.total.upper == 0 and nobody.coverage is not None
    assert nobody.coverage.known == 0, "a model nobody declared has no threshold"


def test_required_target_possible_and_actual_level_stand_side_by_side(
    catalog: Catalog, tmp_path: Path
) -> None:
    def target(kind: str, level: int, first: date, last: date | None = None) -> dict[str, Any]:
        key = {"service_id": "S", "reifegrad_modell": "bielefeld", "soll_art": kind, "quelle": "Vorlage 2021"}
        return key | {"reifegrad": level, "valid_from": first, "valid_to": last}

    rows = {
        "service": _services("S", "T"),
        "assessment": [_level("S", 2, 3, reifegrad_modell="bielefeld", end_to_end=False)],
        "reifegrad_target": [
            target("erforderlich", 3, date(2021, 1, 1)),
            target("ziel", 4, date(2021, 1, 1)),
            target("ziel", 5, date(2026, 6, 9)),
            target("ziel", 1, date(2026, 6, 10)),
            target("moeglich", 5, date(2021, 1, 1)),
            target("moeglich", 4, date(2020, 1, 1), date(2020, 12, 31)),
        ],
    }
    (row,) = records(catalog, small_city(tmp_path, rows), "service_levels", scope=CITY).dicts()
    levels = ("reifegrad", "reifegrad_bis", "erforderlich", "ziel", "moeglich", "end_to_end")
    assert tuple(row[name] for name in levels) == (2, 3, 3, 5, 5, False)


def test_a_towns_own_model_brings_its_own_threshold(tmp_path: Path) -> None:
    folder = tmp_path / "stadt/reifegrad/models"
    folder.mkdir(parents=True)
    (folder / "stadt.toml").write_text(
        'title = "Skala"\nversion = "1"\npublisher = "Stadt"\nsource = "Verfügung"\nlowest = 1\nhighest = 3\n'
        'fulfilled_from = 2\nfulfilled_source = "Verfügung"\nrule = "pauschal"\n'
        "level = [{ level = 1 }, { level = 2 }, { level = 3 }]\n",
        encoding="utf-8",
    )
    rows = {
        "service": _services("S", "T"),
        "assessment": [
            _level("S", 2, reifegrad_modell="stadt"),
            _level("T", 1, 2, reifegrad_modell="stadt"),
        ],
        "ozg_bundle": [{"ozg_id": "10001", "bezeichnung": "x", "themenfeld": "Bauen"}],
    }
    snapshot, catalog = small_city(tmp_path, rows, city=tmp_path / "stadt"), load_catalog(tmp_path / "stadt")
    where = {"reifegrad_modell": "stadt"}
    cell = query(catalog, snapshot, "ozg_online_range_share", scope=CITY, where=where).total
    assert cell is not None and (cell.lower, cell.upper) == (0.5, 1.0)
    rules = query(catalog, snapshot, "ozg_bundle_rule_share", scope=CITY, where=where, by=["zaehlregel"]).rows
    assert {cell.keys["zaehlregel"]: (cell.lower, cell.upper) for cell in rules} == {
        "alle_leistungen": (0.0, 1.0),
        "eine_leistung": (1.0, 1.0),
    }


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Four services, three of them assessed in two models as well, one of these in a third."""
    names = ["A", "B", "C", "D"]
    pilot = [_level(name, 5, reifegrad_modell="ozg_2_0", assessed_on=date(2026, 2, 2)) for name in names[:3]]
    third = _level("A", 4, reifegrad_modell="bielefeld", assessed_on=date(2026, 3, 2))
    targets = [
        {"service_id": name, "reifegrad_modell": model, "soll_art": kind, "reifegrad": 3, "valid_from": DAY}
        for name in names
        for model in ("ozg_1_1", "ozg_2_0")
        for kind in ("ziel", "erforderlich")
    ]
    rows = {
        "service": _services(*names),
        "assessment": [_level("A", 3), _level("B", 2, 3), _level("C", 4), _level("D", 1), *pilot, third],
        "reifegrad_target": targets,
        "ozg_bundle": [{"ozg_id": "10001", "bezeichnung": "x", "themenfeld": "Bauen"}],
    }
    return small_city(tmp_path_factory.mktemp("spill"), rows)


CHOSEN = sorted(
    metric.id
    for metric in load_catalog(None).metrics.values()
    if "reifegrad_modell" in metric.definition.choose_one
)


@pytest.mark.parametrize("metric_id", CHOSEN)
def test_a_service_assessed_in_several_models_is_never_counted_twice(
    metric_id: str, catalog: Catalog, twice: Snapshot
) -> None:
    def ask(**arguments: Any) -> list[tuple[Any, ...]]:
        rows = query(catalog, twice, metric_id, scope=CITY, **arguments).rows
        return [(cell.bucket, cell.numerator, cell.denominator, cell.value, cell.upper) for cell in rows]

    default = catalog.metric(metric_id).definition.choose_one["reifegrad_modell"]
    assert ask() == ask(where={"reifegrad_modell": default}), "unset means the default and not all of them"
    for cell in query(catalog, twice, metric_id, scope=CITY).rows:
        assert (cell.denominator or 0) <= 4
    with pytest.raises(ConfigError) as caught:
        ask(where={"reifegrad_modell": ["ozg_1_1", "ozg_2_0"]})
    assert caught.value.code == "choose_one"


def test_every_metric_on_levels_has_a_model_to_choose(catalog: Catalog) -> None:
    on_levels = {m.id for m in catalog.metrics.values() if "reifegrad_modell" in m.columns}
    assert on_levels == set(CHOSEN) and len(CHOSEN) >= 12


def test_the_breakdown_by_model_repeats_the_same_services_and_says_so(
    catalog: Catalog, twice: Snapshot
) -> None:
    rows = query(catalog, twice, "ozg_online_range_share", scope=CITY, by=["reifegrad_modell"]).rows
    seen = {cell.keys["reifegrad_modell"]: (cell.numerator, cell.upper, cell.denominator) for cell in rows}
    assert seen == {"ozg_1_1": (2, 0.75, 4), "ozg_2_0": (3, 0.75, 4), "bielefeld": (1, 0.25, 4)}
    read = query(catalog, twice, "reifegrad_reading_share", scope=CITY, by=["lesart"]).rows
    assert {cell.keys["lesart"]: cell.denominator for cell in read} == {"eigen": 3, "nicht_uebertragbar": 1}
