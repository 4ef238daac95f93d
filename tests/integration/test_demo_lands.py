"""Musterstadt through the connectors: every source lands, and two show the honest states."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.base import Context, SourceSpec
from connectors.land import Landed, land_source
from connectors.registry import connect, load_sources
from dashboard.demo import seed_ledger, write_case_tables, write_city
from dashboard.demo.city import DATABASES
from dashboard.settings import load_settings
from warehouse.contract import Subject
from warehouse.ledger import Ledger
from warehouse.subjects import load_subjects

DAY = date(2026, 6, 9)
RUN_AT = datetime(2026, 6, 9, 22, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(folder, as_of=DAY)
    seed_ledger(Ledger(load_settings(folder, {}).ledger_url), DAY)
    return folder


@pytest.fixture(scope="module")
def subjects(city: Path) -> dict[str, Subject]:
    return load_subjects(city)


@pytest.fixture(scope="module")
def context(city: Path) -> Context:
    settings = load_settings(city, {})
    return Context(city, RUN_AT, settings.ledger_url, settings.plain_secrets())


@pytest.fixture(scope="module")
def sources(city: Path, context: Context, subjects: dict[str, Subject]) -> dict[str, SourceSpec]:
    return load_sources(city, subjects, context.secrets)


@pytest.fixture(scope="module")
def landed(
    city: Path, sources: dict[str, SourceSpec], context: Context, subjects: dict[str, Subject]
) -> Iterator[dict[str, Landed]]:
    folder = city / "var" / "landing"
    yield {
        name: land_source(spec, context, subjects, {}, folder, "night-1") for name, spec in sources.items()
    }


def test_every_source_passes_its_check(
    sources: dict[str, SourceSpec], context: Context, subjects: dict[str, Subject]
) -> None:
    assert sources
    for spec in sources.values():
        findings = connect(spec, context, subjects).check()
        assert [f for f in findings if f.level == "error"] == [], spec.id


def test_every_source_lands_without_failure(landed: dict[str, Landed]) -> None:
    assert {name: result.failure for name, result in landed.items() if result.failure} == {}


def test_every_table_brings_rows_and_the_accounts_add_up(landed: dict[str, Landed]) -> None:
    for name, result in landed.items():
        for delivery in result.deliveries:
            assert delivery.accepted > 0, (name, delivery.subject)
            assert delivery.read == delivery.accepted + delivery.rejected + delivery.duplicates, name


def test_only_the_hand_kept_list_has_rejected_rows(landed: dict[str, Landed]) -> None:
    rejected = {name: sum(d.rejected for d in result.deliveries) for name, result in landed.items()}
    assert {name: count for name, count in rejected.items() if count} == {"wirkungsmessung": 3}


def test_the_rejected_rows_say_why(city: Path, landed: dict[str, Landed]) -> None:
    (file,) = (city / "var" / "landing" / "wirkungsmessung").rglob("rejected.parquet")
    rows = pq.read_table(file).to_pylist()
    assert sorted((row["column_name"], row["reason_code"]) for row in rows) == [
        ("month", "not_a_date"),
        ("value_sum", "not_a_number"),
        ("value_sum", "not_a_number"),
    ]


def test_only_the_portal_statistics_are_older_than_they_may_be(
    landed: dict[str, Landed], sources: dict[str, SourceSpec]
) -> None:
    limit = {name: RUN_AT - timedelta(days=spec.fresh_for_days + 1) for name, spec in sources.items()}
    stale = [name for name, result in landed.items() if max(d.as_of for d in result.deliveries) < limit[name]]
    assert stale == ["buergerportal"]


def _rows(city: Path, source: str, subject: str, landed: dict[str, Landed]) -> list[dict[str, Any]]:
    numbers = [d.table_no for d in landed[source].deliveries if d.subject == subject]
    folders = [city / "var" / "landing" / source / "night-1" / str(n) for n in numbers]
    return [row for folder in folders for row in pq.read_table(folder / "rows.parquet").to_pylist()]


def test_the_landed_budget_is_the_one_the_finance_system_wrote(city: Path, landed: dict[str, Landed]) -> None:
    bookings = _rows(city, "haushaltsverfahren", "booking", landed)
    mine = [
        b
        for b in bookings
        if (b["haushaltsjahr"], b["plan_art"], b["produkt"]) == (2026, "ergebnisplan", "111240")
    ]
    assert sum(b["amount_eur"] for b in mine) == 418_350
    assert all(b["sachkonto"].startswith("0") for b in bookings)


def test_freiburgs_result_of_2015_is_recomputed_and_not_the_printed_one(
    city: Path, landed: dict[str, Landed]
) -> None:
    rows = [r for r in _rows(city, "haushalt_freiburg", "city_budget", landed) if r["haushaltsjahr"] == 2015]
    income = sum(r["amount_eur"] for r in rows if r["richtung"] == "ertrag")
    expense = sum(r["amount_eur"] for r in rows if r["richtung"] == "aufwand")
    assert income - expense == 44_932_086


def test_muenster_keeps_its_missing_amount_as_unknown(city: Path, landed: dict[str, Landed]) -> None:
    rows = _rows(city, "haushalt_muenster", "city_budget", landed)
    assert len(rows) == 1501
    assert sum(row["amount_eur"] is None for row in rows) == 1


def test_roedermark_brings_both_directions(city: Path, landed: dict[str, Landed]) -> None:
    rows = _rows(city, "haushalt_roedermark", "city_budget", landed)
    assert {row["richtung"] for row in rows} == {"ertrag", "aufwand"}
    ist = {
        r["richtung"]: r["amount_eur"]
        for r in rows
        if (r["haushaltsjahr"], r["betrag_typ"]) == (2024, "ergebnis")
    }
    assert str(ist["ertrag"]) == "75345716.52"


def _content(folder: Path) -> pa.Table:
    table = pq.read_table(folder / "rows.parquet").drop_columns(["_line"])
    return table.sort_by([(name, "ascending") for name in table.column_names])


@pytest.mark.parametrize("source", ["fachverfahren_bau", "leistungsregister"])
def test_the_same_declaration_reads_the_same_rows_from_postgresql(
    source: str,
    postgres_url: str,
    city: Path,
    context: Context,
    subjects: dict[str, Subject],
    landed: dict[str, Landed],
) -> None:
    write_case_tables(postgres_url.replace("postgresql://", "postgresql+psycopg://"), source, as_of=DAY)
    secrets = {**context.secrets, DATABASES[source][0]: postgres_url}
    spec = load_sources(city, subjects, secrets)[source]
    folder = city / "var" / "landing-postgresql"
    result = land_source(spec, context, subjects, {}, folder, "night-1")
    assert result.failure is None
    for delivery in result.deliveries:
        place = Path(source) / "night-1" / str(delivery.table_no)
        assert _content(folder / place).equals(_content(city / "var" / "landing" / place)), delivery.subject
