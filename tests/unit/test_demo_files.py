"""The files of the example city: declarations that are valid, data that is real or says it is not."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from connectors.recipes import recipes
from connectors.registry import load_sources
from dashboard.demo.catalog import DATA, LEIKA, read_bundles, read_offered
from dashboard.demo.city import DATABASES, TEMPLATE
from dashboard.demo.entries import ACCOUNTS, PROPOSALS
from dashboard.demo.organisation import UNITS
from dashboard.settings import load_settings
from metrics.catalog import load_catalog
from metrics.rating import rate
from metrics.targets import Selection
from warehouse.subjects import load_subjects

REAL = {
    "ozg_katalog",
    "leika_katalog",
    "ratsvorlagen",
    "haushalt_freiburg",
    "haushalt_muenster",
    "haushalt_roedermark",
    "rechnungsgrundlagen",
}


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    return {name: f"sqlite:///fachverfahren/{file}" for name, file in DATABASES.values()}


def test_every_source_declaration_is_valid(secrets: dict[str, str]) -> None:
    sources = load_sources(TEMPLATE, load_subjects(TEMPLATE), secrets)
    assert set(sources) == {path.stem for path in (TEMPLATE / "sources").glob("*.toml")}
    assert {spec.kind for spec in sources.values()} == {"sql", "files", "entry"}


def test_every_subject_of_the_house_is_fed_by_the_example_city_or_by_a_recipe(
    secrets: dict[str, str],
) -> None:
    sources = load_sources(TEMPLATE, load_subjects(TEMPLATE), secrets)
    fed = {table.feeds for spec in sources.values() for table in spec.tables}
    by_recipe = {table["feeds"] for r in recipes().values() for table in tomllib.loads(r.text)["table"]}
    assert set(load_subjects(None)) - fed <= by_recipe


def test_invented_sources_are_marked_as_examples(secrets: dict[str, str]) -> None:
    natures = {
        name: spec.nature for name, spec in load_sources(TEMPLATE, load_subjects(TEMPLATE), secrets).items()
    }
    assert {name for name, nature in natures.items() if nature == "echt"} == REAL


def test_portal_and_targets_name_existing_metrics() -> None:
    catalog = load_catalog(TEMPLATE, load_subjects(TEMPLATE))
    settings = load_settings(TEMPLATE, {})
    assert settings.example is True
    assert len(settings.leitkennzahlen) == 8
    assert {figure.metric for figure in settings.leitkennzahlen} <= set(catalog.metrics)
    assert {figure.metric for figure in settings.leitkennzahlen} <= set(catalog.targets)


def test_effects_and_proposals_name_existing_metrics() -> None:
    catalog = load_catalog(TEMPLATE, load_subjects(TEMPLATE))
    with (TEMPLATE / "inbox" / "wirkungskatalog" / "wirkungen.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        effects = list(csv.DictReader(file, delimiter=";"))
    assert len(effects) == 8
    assert {row["metric_id"] for row in effects} <= set(catalog.metrics)
    assert {proposal.metric_id for proposal in PROPOSALS} <= set(catalog.metrics)


SHOWN = (
    ("ozg_online_share", {}, "0.393", "warn"),
    ("ozg_end_to_end_share", {}, "0.137", "gut"),
    ("budget_forecast_balance_eur", {"produkt": "111240"}, "-22670", "krit"),
    ("dms_workplace_share", {}, "0.717", "gut"),
    ("measure_overdue_share", {}, "0.052", "warn"),
    ("capacity_cover_share", {}, "0.857", "warn"),
    ("case_duration_days", {"channel": "online"}, "19", "gut"),
    ("application_online_share", {}, "0.442", "gut"),
)


def test_the_targets_rate_four_key_figures_good_three_to_watch_and_one_to_act_on() -> None:
    catalog = load_catalog(TEMPLATE, load_subjects(TEMPLATE))
    figures = load_settings(TEMPLATE, {}).leitkennzahlen
    assert [(figure.metric, figure.where) for figure in figures] == [
        (metric, where) for metric, where, *_ in SHOWN
    ]
    for metric, where, value, expected in SHOWN:
        rule = catalog.targets[metric].rule_for(Selection(where, frozenset(where)))
        better = catalog.metrics[metric].definition.better
        assert rate(Fraction(value), rule, date(2026, 6, 9), better).rating == expected, metric


def test_finance_declarations_tolerate_no_bad_row_and_check_their_sum() -> None:
    declared = tomllib.loads((TEMPLATE / "sources" / "haushaltsverfahren.toml").read_text(encoding="utf-8"))
    assert len(declared["table"]) == 4
    for table in declared["table"]:
        assert table["control_total"] == {"column": "amount_eur", "trailer": "Summe"}
        assert table.get("allow_rejected", 0) == 0


def test_the_written_rule_yields_the_register() -> None:
    offered = read_offered()
    counts = Counter(service.zustaendigkeit for service in offered)
    assert counts == {"eigen": 1483, "nicht_zustaendig": 335, "unklar": 4}
    assert all(service.grund for service in offered if service.zustaendigkeit != "eigen")
    assert len({service.key for service in offered}) == len(offered)


def test_the_rule_can_be_recounted_from_the_catalogue() -> None:
    bundles = read_bundles()
    with LEIKA.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file, delimiter=";") if r["leika_schluessel"].startswith("99")]
    known = [r for r in rows if r["ozg_id"] in bundles and not r["leika_schluessel"].endswith("000000")]
    plain = [r for r in known if r["leika_schluessel"].endswith("000")]
    detail = [r for r in known if not r["leika_schluessel"].endswith("000")]
    count = sum(r["leika_typ"] in ("2", "2/3", "4", "5", "1, 2/3") for r in plain)
    count += sum(r["leika_typ"] in ("4", "5") for r in detail)
    assert count == len(read_offered())


def test_every_service_belongs_to_a_unit_that_exists() -> None:
    units = {unit.unit_id for unit in UNITS if unit.valid_to is None}
    assert {service.unit for service in read_offered()} <= units


def test_the_reorganisation_leaves_no_gap_and_no_overlap() -> None:
    merged = sorted((u for u in UNITS if u.unit_id == "FD66"), key=lambda u: u.valid_from)
    assert merged[0].valid_to is not None
    assert (merged[1].valid_from - merged[0].valid_to).days == 1


def test_statements_keep_qualifier_and_leave_the_unknown_empty() -> None:
    (path,) = DATA.glob("ratsvorlagen_*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["statement_id"]: row for row in csv.DictReader(file, delimiter=";")}
    papers = {"Neumünster", "Bielefeld", "Celle", "Braunschweig", "Stadt in Rheinland-Pfalz"}
    assert {row["city"] for row in rows.values()} == {*papers, "Freiburg i. Br."}
    assert all(row["paper"] for row in rows.values())
    assert (rows["BS-01"]["qualifier"], rows["BS-01"]["value_low"]) == ("ueber", "0.70")
    assert (rows["CE-03"]["value_low"], rows["CE-03"]["value_high"]) == ("0", "112")
    unknown = [row for row in rows.values() if row["qualifier"] == "unbekannt"]
    assert unknown and all(row["value_low"] == row["value_high"] == "" for row in unknown)


OFFICE_AND_NAME = re.compile(
    r"\b(?:OB|BM|BMin|EBM|Oberbürgermeister(?:in)?|Bürgermeister(?:in)?)\s+(?:(?:Prof\.|Dr\.)\s+)*(?!Büro)[A-ZÄÖÜ][a-zäöü]{2,}"
)
TITLE_AND_NAME = re.compile(r"\b(?:Dr|Prof)\.\s+(?:[a-z]+\.?\s+)*[A-ZÄÖÜ][a-zäöü]{2,}")


def test_no_delivered_file_names_a_real_person() -> None:
    files = [*DATA.iterdir(), *(path for path in TEMPLATE.rglob("*") if path.is_file())]
    for path in files:
        encoding = "cp1252" if path.name.startswith("freiburg") else "utf-8"
        text = path.read_text(encoding=encoding)
        assert not OFFICE_AND_NAME.search(text), (path.name, OFFICE_AND_NAME.search(text))
        assert not TITLE_AND_NAME.search(text), (path.name, TITLE_AND_NAME.search(text))


def test_the_four_accounts_have_the_four_roles() -> None:
    assert [a.role for a in ACCOUNTS] == ["leitung", "fachbereichsleitung", "controlling", "verwaltung"]
    assert ACCOUNTS[1].units == ("DEZ4",)
    assert {u.unit_id for u in UNITS if u.parent_id == "DEZ4"} >= {"FD61", "FD63", "FD66"}


def test_only_files_that_are_used_lie_among_the_data() -> None:
    sources = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in DATA.iterdir() if path.name != "SOURCES.md") == sorted(
        re.findall(r"^\| `([^`]+)`", sources, re.MULTILINE)
    )


def test_the_arms_are_a_drawing_without_foreign_content() -> None:
    text = (TEMPLATE / "wappen.svg").read_text(encoding="utf-8")
    assert "<script" not in text and "href" not in text and Path("wappen.svg").suffix == ".svg"
