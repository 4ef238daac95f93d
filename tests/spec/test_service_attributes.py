"""Services with several target groups, bundles, projects and Fachverfahren: listed whole, counted once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import load_catalog
from metrics.query import query
from metrics.records import records
from metrics.result import MetricResult, Scope
from tests.small_city import Rows, small_city
from warehouse.errors import ConfigError
from warehouse.store import Snapshot

CATALOG = load_catalog(None)
CITY = Scope.city()
LONG_AGO = date(2022, 1, 1)


def _service(name: str, unit: str, competence: str = "eigen", **more: Any) -> dict[str, Any]:
    plain = {"themenfeld": "Bauen", "ozg_id": "10001", "valid_from": LONG_AGO, "bezeichnung": name}
    return {"service_id": name, "org_unit_id": unit, "zustaendigkeit": competence, **plain, **more}


ROWS: dict[str, Rows] = {
    "service": [
        _service("S1", "FD10"),
        _service("S2", "FD10"),
        _service("S3", "FD32", ozg_id="10002"),
        _service("S4", "FD32", "nicht_zustaendig", grund="Schulanmeldung ist Aufgabe des Landes"),
        _service("S5", "FD32", "nicht_zustaendig"),
    ],
    "assessment": [
        {"service_id": "S1", "reifegrad_modell": "ozg_1_1", "reifegrad": 3, "assessed_on": LONG_AGO},
        {"service_id": "S4", "reifegrad_modell": "ozg_1_1", "reifegrad": 4, "assessed_on": LONG_AGO},
    ],
    "service_profile": [
        {
            "service_id": "S1",
            "valid_from": LONG_AGO,
            "loesungsweg": "efa",
            "gebuehr": "fest",
            "epayment": True,
        },
        {"service_id": "S2", "valid_from": LONG_AGO, "loesungsweg": "formular", "gebuehr": "keine"},
    ],
    # „alle“ and „ohne“ are words of the portal; a town that delivers them must not double its services.
    "service_attribute": [
        {"service_id": service, "merkmal": what, "wert": value}
        for service, what, value in [
            ("S1", "zielgruppe", "buerger"),
            ("S1", "zielgruppe", "unternehmen"),
            ("S1", "zielgruppe", "alle"),
            ("S2", "zielgruppe", "ohne"),
            ("S1", "rechtsgrundlage", "BauGB"),
            ("S1", "rechtsgrundlage", "BauNVO"),
        ]
    ],
    "ozg_bundle": [
        {"ozg_id": ozg_id, "bezeichnung": f"Bündel {ozg_id}", "themenfeld": "Bauen"}
        for ozg_id in ("10001", "10002", "10003")
    ],
    "service_bundle": [
        {"service_id": "S1", "ozg_id": "10002"},
        {"service_id": "S1", "ozg_id": "10001"},
        {"service_id": "S4", "ozg_id": "10003"},
    ],
    "project": [
        {"project_id": f"P{n}", "org_unit_id": "FD10", "service_count": 1, "started_on": LONG_AGO}
        for n in (1, 2)
    ],
    "project_service": [
        {"project_id": project, "service_id": service}
        for project, service in [("P1", "S1"), ("P2", "S1"), ("P1", "S2")]
    ],
    "fachverfahren": [
        {"fachverfahren_id": name, "bezeichnung": name, "org_unit_id": unit, "in_betrieb_ab": LONG_AGO}
        for name, unit in [("F1", "FD10"), ("F2", "FD32")]
    ],
    "fachverfahren_anbindung": [
        {"fachverfahren_id": "F1", "ziel": "portal", "valid_from": LONG_AGO, "grad": "schnittstelle"},
        {"fachverfahren_id": "F1", "ziel": "steuerung", "valid_from": LONG_AGO, "grad": "keine"},
        {"fachverfahren_id": "F2", "ziel": "portal", "valid_from": LONG_AGO, "grad": "nicht_vorgesehen"}
        | {"grund": "nur intern"},
    ],
    "fachverfahren_leistung": [{"fachverfahren_id": system, "service_id": "S1"} for system in ("F1", "F2")],
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return small_city(tmp_path_factory.mktemp("merkmale"), ROWS)


def _ask(snapshot: Snapshot, metric_id: str, **asked: Any) -> MetricResult:
    return query(CATALOG, snapshot, metric_id, **{"scope": CITY, **asked})


def _list(snapshot: Snapshot, list_id: str, **asked: Any) -> list[Any]:
    return list(records(CATALOG, snapshot, list_id, **{"scope": CITY, **asked}).dicts())


def test_a_service_of_two_target_groups_counts_once_in_the_whole(snapshot: Snapshot) -> None:
    total = _ask(snapshot, "service_profile_share").total
    assert total and (total.numerator, total.denominator) == (2, 3)
    by_unit = _ask(snapshot, "service_profile_share", by=["org_unit_id"]).rows
    assert sum(cell.denominator or 0 for cell in by_unit) == 3


def test_each_target_group_shows_all_of_its_services(snapshot: Snapshot) -> None:
    groups = _ask(snapshot, "service_profile_share", by=["zielgruppe"]).rows
    assert {cell.keys["zielgruppe"]: cell.denominator for cell in groups} == {
        "alle": 3,
        "buerger": 1,
        "unternehmen": 1,
        "ohne": 2,
    }


@pytest.mark.parametrize(
    ("metric_id", "name", "values"),
    [
        ("service_efa_share", "zielgruppe", ["buerger", "unternehmen"]),
        ("service_enabler_share", "baustein", ["eid", "postfach"]),
    ],
)
def test_values_of_such_an_attribute_are_never_added_up(
    snapshot: Snapshot, metric_id: str, name: str, values: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        _ask(snapshot, metric_id, where={name: values})
    assert caught.value.code == "choose_one"


def test_the_list_of_services_has_one_row_per_service_with_all_of_its_values(snapshot: Snapshot) -> None:
    rows = {row["service_id"]: row for row in _list(snapshot, "services")}
    assert sorted(rows) == ["S1", "S2", "S3"]
    assert rows["S1"]["buendel"] == "10001; 10002"
    assert rows["S1"]["rechtsgrundlage"] == "BauGB; BauNVO"
    assert rows["S1"]["projekte"] == "P1; P2"
    assert rows["S1"]["fachverfahren"] == "F1; F2"
    assert (rows["S1"]["epayment"], rows["S2"]["epayment"]) == (True, None)


def test_the_list_of_services_is_filtered_by_its_attributes(snapshot: Snapshot) -> None:
    def names(**where: Any) -> list[str]:
        return [row["service_id"] for row in _list(snapshot, "services", where=where)]

    assert names(loesungsweg="efa") == ["S1"]
    assert names(loesungsweg=[None]) == ["S3"]
    assert names(gebuehr="fest", epayment=True) == ["S1"]


def test_single_values_can_be_listed_and_keep_to_the_units_of_the_viewer(snapshot: Snapshot) -> None:
    where = {"merkmal": "zielgruppe", "wert": "unternehmen"}
    assert [row["service_id"] for row in _list(snapshot, "service_values", where=where)] == ["S1"]
    assert _list(snapshot, "service_values", scope=Scope.of("FD32")) == []


def test_a_bundle_lists_every_service_and_project_that_belongs_to_it_once(snapshot: Snapshot) -> None:
    rows = {
        row["ozg_id"]: (row["leistungen"], row["davon_haupt"], row["online"], row["projekte"])
        for row in _list(snapshot, "bundles")
    }
    assert rows == {"10001": (2, 2, 1, 2), "10002": (2, 1, 1, 2)}


def test_who_is_not_competent_leaves_the_denominator_and_says_why(snapshot: Snapshot) -> None:
    total = _ask(snapshot, "ozg_online_share").total
    assert total and (total.numerator, total.denominator) == (1, 3)
    left = _ask(snapshot, "service_not_competent_share").total
    assert left and (left.numerator, left.denominator) == (2, 5)
    rows = _list(snapshot, "services_not_competent")
    assert [(row["service_id"], row["grund"]) for row in rows] == [
        ("S5", None),
        ("S4", "Schulanmeldung ist Aufgabe des Landes"),
    ]


def test_the_list_of_fachverfahren_keeps_the_connections_apart(snapshot: Snapshot) -> None:
    rows = {row["fachverfahren_id"]: row for row in _list(snapshot, "fachverfahren")}
    found = {name: (row["portal"], row["steuerung"], row["dms"], row["grund"]) for name, row in rows.items()}
    assert found == {
        "F1": ("schnittstelle", "keine", None, None),
        "F2": ("nicht_vorgesehen", None, None, "nur intern"),
    }
    assert rows["F1"]["leistungen"] == 1
    assert [row["fachverfahren_id"] for row in _list(snapshot, "fachverfahren", scope=Scope.of("FD10"))] == [
        "F1"
    ]


def test_a_city_without_profiles_has_no_value_and_not_zero(tmp_path: Path) -> None:
    city = small_city(tmp_path, {"service": [_service("S1", "FD10")]})
    for metric_id in ("service_efa_share", "service_signature_free_share", "service_epayment_share"):
        total = _ask(city, metric_id).total
        assert total is not None and total.value is None
    for metric_id in ("service_enabler_share", "connection_portal_share"):
        total = _ask(city, metric_id).total
        assert total is not None and total.value is None
