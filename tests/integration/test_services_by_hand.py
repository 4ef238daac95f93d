"""Figures on attributes, connections and processes of Musterstadt against the delivered lists themselves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from metrics.records import records
from metrics.result import Scope
from tests.example_city import DAY, ExampleCity

PROFILES, VERZEICHNIS = "inbox/leistungsprofile/", "inbox/verfahrensverzeichnis/"


def _day(text: str) -> date:
    day, month, year = (int(part) for part in text.split("."))
    return date(year, month, day)


@pytest.fixture(scope="module")
def own(example_city: ExampleCity) -> dict[str, str]:
    """Own services in the list with their key."""
    sql = (
        "SELECT kennung, leika FROM leistung WHERE zustaendigkeit = 'eigen'"
        f" AND aufgenommen_am <= '{DAY.isoformat()}'"
    )
    return dict(example_city.database("leistungsregister", sql))


@pytest.fixture(scope="module")
def profiles(example_city: ExampleCity, own: dict[str, str]) -> dict[str, dict[str, str]]:
    """The newest Leistungsprofil of each own service."""
    rows = sorted(example_city.csv(f"{PROFILES}Merkmale.csv"), key=lambda row: _day(row["gilt ab"]))
    return {row["Leistung"]: row for row in rows if row["Leistung"] in own}


def test_shares_of_attributes_count_only_services_asked_about_them(
    example_city: ExampleCity, profiles: dict[str, dict[str, str]], own: dict[str, str]
) -> None:
    found = list(profiles.values())
    assert example_city.value("service_profile_share") == len(found) / len(own)
    ways = [row["Lösungsweg"] for row in found if row["Lösungsweg"]]
    assert 0 < len(ways) < len(found)
    assert example_city.value("service_efa_share") == ways.count("efa") / len(ways)
    signatures = [row["Unterschrift"] for row in found if row["Unterschrift"]]
    assert example_city.value("service_signature_free_share") == signatures.count("keine") / len(signatures)
    paid = [row["ePayment"] for row in found if row["Gebühr"] not in ("", "keine")]
    assert example_city.value("service_epayment_share") == paid.count("ja") / len(paid)
    blocks = example_city.by("service_enabler_share", "baustein")
    for name, column in (("nutzerkonto", "Nutzerkonto"), ("postfach", "Postfach"), ("eid", "eID")):
        assert blocks[name] == [row[column] for row in found].count("ja") / len(found)


def test_target_groups_overlap_and_the_whole_counts_each_service_once(
    example_city: ExampleCity, own: dict[str, str]
) -> None:
    groups: dict[str, set[str]] = defaultdict(set)
    for row in example_city.csv(f"{PROFILES}Mehrfachmerkmale.csv"):
        if row["Merkmal"] == "zielgruppe" and row["Leistung"] in own:
            groups[row["Wert"]].add(row["Leistung"])
    assert groups["buerger"] & groups["unternehmen"]
    cells = example_city.ask("service_profile_share", by=["zielgruppe"]).rows
    counted = {cell.keys["zielgruppe"]: cell.denominator for cell in cells}
    assert counted == {"alle": len(own), **{name: len(members) for name, members in groups.items()}}


def test_both_connections_follow_the_list_of_fachverfahren(example_city: ExampleCity) -> None:
    systems = {row["Kennung"] for row in example_city.csv(f"{VERZEICHNIS}Fachverfahren.csv")}
    rows = sorted(example_city.csv(f"{VERZEICHNIS}Anbindungen.csv"), key=lambda row: _day(row["gilt ab"]))
    for metric_id, target in (
        ("connection_portal_share", "portal"),
        ("connection_steering_share", "steuerung"),
    ):
        state = {row["Fachverfahren"]: row["Grad"] for row in rows if row["Ziel"] == target}
        asked = [name for name in systems if state.get(name) != "nicht_vorgesehen"]
        connected = [name for name in asked if state.get(name) in ("datei", "schnittstelle")]
        unknown = [name for name in asked if name not in state]
        (cell,) = example_city.ask(metric_id).rows
        assert (cell.numerator, cell.denominator) == (len(connected), len(asked))
        assert cell.upper == (len(connected) + len(unknown)) / len(asked)


def test_projects_and_processes_count_each_service_once(
    example_city: ExampleCity, own: dict[str, str]
) -> None:
    sql = "SELECT nummer FROM projekt WHERE begonnen_am IS NOT NULL"
    begun = {row[0] for row in example_city.database("leistungsregister", sql)}
    links = example_city.csv(f"{PROFILES}Projektleistungen.csv")
    members = [row["Leistung"] for row in links if row["Projekt"] in begun and row["Leistung"] in own]
    assert len(set(members)) < len(members)
    assert example_city.value("service_project_share") == len(set(members)) / len(own)
    processes = example_city.csv(f"{VERZEICHNIS}Prozesse.csv")
    good = {row["LeiKa"] for row in processes if row["Stand"] in ("freigegeben", "abgestimmt")}
    documented = [name for name, key in own.items() if key in good]
    assert example_city.value("process_documented_share") == len(documented) / len(own)


def test_who_is_not_competent_is_listed_with_a_reason_each(example_city: ExampleCity) -> None:
    rows = records(
        example_city.catalog, example_city.snapshot, "services_not_competent", scope=Scope.city(), limit=1000
    )
    (cell,) = example_city.ask("service_not_competent_share").rows
    assert rows.total == cell.numerator
    assert all(row["grund"] for row in rows.dicts())


def test_the_reorganisation_of_musterstadt_can_be_read_both_ways(example_city: ExampleCity) -> None:
    """FD67 went into FD66 in 2024: forward it can be carried over, back the merged unit cannot be divided."""
    early = date(2023, 12, 1)
    asked = {"by": ["org_unit_id"], "at": date(2023, 12, 31)}
    plain = {
        c.keys["org_unit_id"]: c.denominator for c in example_city.ask("dms_workplace_share", **asked).rows
    }
    same = example_city.ask("dms_workplace_share", org_as_of=DAY, **asked)
    assert {c.keys["org_unit_id"]: c.denominator for c in same.rows} == plain
    back = example_city.ask("dms_workplace_share", by=["org_unit_id"], org_as_of=early)
    units = {c.keys["org_unit_id"] for c in back.rows}
    assert "nicht_uebertragbar" in units and "FD66" not in units
