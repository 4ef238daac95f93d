"""Sentences about sources and definitions, and statements of other towns, in every edge case."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from dashboard import messages_nachweis as words
from dashboard.cockpits import kennzahlen
from dashboard.cockpits.aussagen import due, said, statement
from dashboard.cockpits.steckbrief import sheet, tolerance
from dashboard.cockpits.usage import words_of
from dashboard.page import discover_pages
from dashboard.settings import load_settings
from metrics.catalog import Catalog, load_catalog
from metrics.result import Cell, MetricResult
from metrics.targets import Point, Rule, Target
from warehouse.errors import ConfigError

ZONE = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 30, 22, tzinfo=UTC)


def test_a_delivery_that_names_a_day_shows_no_clock() -> None:
    assert words.delivery_time(MIDNIGHT, ZONE) == "31.05.2026"
    assert words.delivery_time(MORNING, ZONE) == "09.06.2026, 03:15"
    assert words.delivery_time(None, ZONE) == "–"


def test_a_failure_says_why_and_what_holds() -> None:
    assert words.failure("Die Datei fehlt", MORNING, ZONE) == (
        "Die Datei fehlt. Es gelten die Werte vom 09.06.2026."
    )
    assert words.failure(None, None, ZONE) == "Der Grund ist nicht festgehalten. Es gibt noch keine Werte."


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], "Betrifft: keine Kennzahl"),
        (["A"], "Betrifft: A"),
        (["A", "B", "C"], "Betrifft: A, B und C"),
        (["A", "B", "C", "D"], "Betrifft: A, B und 2 weitere Kennzahlen"),
    ],
)
def test_at_most_three_figures_are_named(names: list[str], text: str) -> None:
    assert words.affected(names) == text


def test_an_accounting_that_does_not_add_up_is_said() -> None:
    assert words.accounting(5, 3, 1, 1) == "5 gelesen = 3 übernommen + 1 abgelehnt + 1 doppelt"
    assert words.adds_up(5, 3, 1, 1) == "Die Rechnung geht auf."
    assert words.adds_up(5, 3, 1, 0) == "Die Rechnung geht nicht auf: 1 Datensatz fehlt."


def test_refused_rows_are_counted_in_correct_german() -> None:
    assert words.rejected(1, 296) == "1 von 296 Datensätzen wurde abgelehnt. Die übrigen gelten."
    assert words.rejected(1, 1) == "1 von 1 Datensatz wurde abgelehnt."


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("published", "Der Lauf war um 03:15\u00a0Uhr freigegeben"),
        ("interrupted", "Der Lauf wurde um 03:15\u00a0Uhr abgebrochen"),
        ("failed", "Der Lauf endete um 03:15\u00a0Uhr ohne Freigabe"),
        (None, "Noch gab es keinen Lauf"),
    ],
)
def test_the_title_of_the_run_says_how_it_ended(state: str | None, title: str) -> None:
    assert words.run_title(state, MORNING, ZONE) == title


def test_titles_of_lists_count() -> None:
    assert words.hints_title(0) == "Keine Hinweise zum letzten Lauf"
    assert words.hints_title(1) == "1 Hinweis zum letzten Lauf"
    assert words.sources_title(0, 0) == "Noch ist keine Quelle angebunden"
    assert words.sources_title(2, 2) == "Alle Quellen sind aktuell"
    assert words.sources_title(1, 3) == "1 von 3 Quellen ist aktuell"


@pytest.mark.parametrize(
    ("qualifier", "low", "high", "unit", "text"),
    [
        ("ueber", "0.70", None, "Anteil", "über 70\u00a0%"),
        ("rund", "1557.00", None, "Einzelleistungen", "rund 1.557"),
        ("hoechstens", None, "250.00", "Datenquellen", "höchstens 250"),
        ("mindestens", "10.50", None, "Stellen", "mindestens 10,5"),
        ("spanne", "0.00", "112.00", "Dienstleistungen", "0 bis 112"),
        ("spanne", "0.00", None, "Dienstleistungen", "–"),
        ("genau", "881900.00", None, "Euro", "881.900\u00a0€"),
        ("genau", "0.00", None, "Projekte", "0"),
        ("unbekannt", None, None, "Euro", "–"),
        ("unbekannt", "5.00", None, "Euro", "–"),
    ],
)
def test_the_qualifier_stays_part_of_the_value(
    qualifier: str, low: str | None, high: str | None, unit: str, text: str
) -> None:
    assert said(qualifier, Decimal(low) if low else None, Decimal(high) if high else None, unit) == text


def test_inc_12_a_limit_that_is_itself_rounded_says_both() -> None:
    assert said("hoechstens", None, Decimal("250.00"), "Datenquellen", "maximal rd.") == "höchstens rund 250"
    assert said("rund", Decimal(240), None, "Fachanwendungen", "ca.") == "rund 240"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("bis", "bis 31.12.2022"),
        ("fortlaufend_bis", "fortlaufend bis 31.12.2022"),
        ("ohne_frist", "ohne Frist"),
        (None, ""),
    ],
)
def test_a_deadline_is_told_as_one(kind: str | None, words: str) -> None:
    assert due({"due_kind": kind, "due_on": date(2022, 12, 31)}) == words


def test_a_statement_leaves_open_what_its_paper_leaves_open() -> None:
    row = {
        "city": "Celle",
        "paper": "Stellungnahme vom 26.09.2023",
        "paper_on": date(2023, 9, 26),
        "topic": "Mittel",
        "qualifier": "unbekannt",
        "value_low": None,
        "value_high": None,
        "unit": "Euro",
        "population": None,
        "stichtag": None,
        "status": "geschaetzt",
    }
    found = statement(row)
    assert (found.value, found.population, found.day, found.status) == ("–", "–", "–", "geschätzt")
    assert found.paper == "Stellungnahme vom 26.09.2023"
    assert statement({**row, "paper": "Antwort"}).paper == "Antwort, 26.09.2023"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The built-in catalogue."""
    return load_catalog(None)


def test_a_search_needs_all_its_words(catalog: Catalog) -> None:
    metric = catalog.metric("ozg_online_share")
    assert kennzahlen.matches(metric, "")
    assert kennzahlen.matches(metric, "ozg-01 ONLINE")
    assert not kennzahlen.matches(metric, "online haushalt")
    assert kennzahlen.cleaned("  a \n b ") == "a b"
    assert len(kennzahlen.cleaned("x" * 500)) == 80


def test_the_catalogue_shows_every_figure_once_and_without_a_door_no_value(catalog: Catalog) -> None:
    groups = kennzahlen.areas(catalog, "", None, lambda result: "")
    shown = [entry for group in groups for entry in group.entries]
    assert sorted(entry.id for entry in shown) == sorted(catalog.metrics)
    assert all(entry.value is None for entry in shown)


def test_one_figure_that_fails_does_not_take_the_catalogue_with_it(catalog: Catalog) -> None:
    def refuse(metric_id: str) -> MetricResult:
        raise ConfigError("kaputt", code="no_breakdown")

    groups = kennzahlen.areas(catalog, "ozg-01", refuse, lambda result: "")
    (entry,) = groups[0].entries
    assert entry.value is not None
    assert (entry.value.text, entry.value.note) == ("–", kennzahlen.NOT_SHOWN)


@pytest.mark.parametrize(
    ("value", "suppressed", "text"), [(None, False, "–"), (Decimal("0"), False, "0,0\u00a0%")]
)
def test_no_value_is_a_dash_and_zero_is_zero(
    catalog: Catalog, value: Decimal | None, suppressed: bool, text: str
) -> None:
    cell = Cell(None, {}, value, suppressed=suppressed)
    result = cast("MetricResult", SimpleNamespace(total=cell, stale_sources=("a",)))
    shown = kennzahlen.present_value(
        catalog.metric("ozg_online_share"), lambda _: result, lambda _: "31.05.2026"
    )
    assert (shown.text, shown.stale, shown.stand) == (text, True, "31.05.2026")


def test_figures_of_several_towns_have_no_sum(catalog: Catalog) -> None:
    cell = SimpleNamespace(value=Decimal(5), suppressed=False, rating="gut")
    result = cast("MetricResult", SimpleNamespace(total=cell, stale_sources=()))
    shown = kennzahlen.present_value(catalog.metric("city_budget_result_eur"), lambda _: result, lambda _: "")
    assert (shown.text, shown.rating, shown.note) == ("–", "neu", "nur aufgegliedert")


def test_the_sheet_of_a_figure_without_target_says_so(catalog: Catalog) -> None:
    metric = catalog.metric("ozg_online_share")
    found = sheet(metric, catalog, (), (), today=date(2026, 6, 9), zone=ZONE)
    assert found.target_note == "Es ist kein Soll vereinbart; die Kennzahl wird nicht bewertet."
    assert found.sql.startswith("SELECT")
    facts = dict(found.facts)
    assert facts["Nenner"] == metric.definition.denominator_text
    assert facts["Verwendet in"] == "keiner Seite"


def test_the_sheet_tells_the_target_of_the_day(catalog: Catalog) -> None:
    path = (
        Point(on=date(2025, 12, 31), value=Decimal("0.4")),
        Point(on=date(2026, 12, 31), value=Decimal("0.6")),
    )
    target = Target(owner="FD 10", path=path, tolerance_points=Decimal("0.075"), decided="Rat 12/2025")
    own = Catalog(catalog.metrics, catalog.populations, {"ozg_online_share": target}, catalog.lists)
    found = sheet(
        catalog.metric("ozg_online_share"), own, (), ("Start",), today=date(2026, 12, 31), zone=ZONE
    )
    assert found.target_note == "Beschluss: Rat 12/2025. Soll heute: 60,0\u00a0% am 31.12.2026."
    assert found.targets[0] == ("insgesamt", "31.12.2025", "40,0\u00a0%", "7,5 Prozentpunkte")


def test_no_tolerance_is_said(catalog: Catalog) -> None:
    definition = catalog.metric("ozg_online_share").definition
    assert tolerance(Rule(), definition) == "keine"
    assert tolerance(Rule(tolerance_percent=Decimal("0.25")), definition) == "25\u00a0% des Solls"


def test_dimensions_of_the_catalogue_have_german_names(catalog: Catalog) -> None:
    from dashboard.dimension_words import DIMENSIONS

    names = {name for m in catalog.metrics.values() for name in m.definition.data_dimensions}
    assert names <= DIMENSIONS.keys()
    assert {m.area for m in catalog.metrics.values()} <= kennzahlen.AREAS.keys()


def test_pages_that_name_a_figure_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "seitenprobe"
    package.mkdir()
    (package / "__init__.py").write_text('"""x"""\n', encoding="utf-8")
    (package / "eine.py").write_text('ID = "measure_done_share"\n', encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = __import__("seitenprobe.eine", fromlist=["eine"])
    assert "measure_done_share" in words_of(module.__name__)
    assert "ozg_online_share" not in words_of(module.__name__)


def test_the_cockpit_of_a_figure_is_found_through_what_it_imports() -> None:
    pages = discover_pages()
    found = {item.page.id for item in pages if "ozg_online_share" in words_of(item.module.__name__)}
    assert "ozg" in found
    assert "hilfe" not in found


@pytest.mark.parametrize("address", ["kein Mail", "a@b", 'x"@stadt.example', "a@stadt.example?bcc=b"])
def test_a_contact_that_is_no_mail_address_is_refused(tmp_path: Path, address: str) -> None:
    text = f"name = 'Stadt'\nags = '01001000'\ncontact_mail = '{address}'\n"
    (tmp_path / "portal.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        load_settings(tmp_path, {})


def test_a_contact_address_is_read(tmp_path: Path) -> None:
    text = "name = 'Stadt'\nags = '01001000'\ncontact_mail = 'barriere@stadt.example'\n"
    (tmp_path / "portal.toml").write_text(text, encoding="utf-8")
    assert load_settings(tmp_path, {}).contact_mail == "barriere@stadt.example"
