"""Figures asked for by name, each said by a command of the example city and listed in docs/figures.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.example_city import ExampleCity
from tests.shown_figures import PAGE, page, run

DOCS = Path(__file__).parents[2] / "docs/figures.md"


class Terminal:
    """Types commands into the example city."""

    def __init__(self, city: Path) -> None:
        self.city = city

    def text(self, command: str, code: int = 0) -> str:
        """What a command prints; spaces inside figures as people read them."""
        found, out = run(command, self.city)
        assert found == code, out
        return out.replace("\u00a0", " ")

    def json(self, command: str) -> Any:
        """The machine-readable answer."""
        return json.loads(self.text(command))

    def rows(self, command: str) -> list[dict[str, Any]]:
        """Rows of a query."""
        found: list[dict[str, Any]] = self.json(f"{command} --format json")["rows"]
        return found


@pytest.fixture(scope="module")
def isek(example_city: ExampleCity) -> Terminal:
    return Terminal(example_city.settings.city)


def test_the_page_of_figures_says_what_the_commands_say(isek: Terminal) -> None:
    assert DOCS.read_text(encoding="utf-8") == page(isek.city), (
        "python -m tests.shown_figures docs/figures.md"
    )


def test_every_command_of_the_page_is_one_of_the_product() -> None:
    used = {command.split()[1] for shown in PAGE for command in shown.commands}
    assert used == {"query", "model", "claims", "metrics"}


def test_112_of_more_than_180_in_celle_is_at_most_62_percent(isek: Terminal) -> None:
    (row,) = isek.rows("isek query paper_share")
    assert (row["numerator"], row["denominator"], row["qualifier"]) == (112, 180, "höchstens")
    assert (row["lower"], row["upper"]) == (0, pytest.approx(112 / 180))
    assert "höchstens 62,2 %" in isek.text("isek query paper_share")


def test_a_level_of_celle_is_a_set_and_the_share_of_one_of_them_a_range(isek: Terminal) -> None:
    claim = isek.json("isek claims CE-02 --json")["claim"]
    assert (claim["levels"]["low"], claim["levels"]["high"]) == (2, 3)
    assert "Stufe 2 oder 3 nach Modell celle_2023" in isek.text("isek claims CE-02")
    query = "isek query paper_share --where statement_id=CE-03"
    (row,) = isek.rows(query)
    assert (row["lower"], row["upper"], row["qualifier"]) == (0, pytest.approx(112 / 180), "spanne")
    assert "0,0 % bis 62,2 %" in isek.text(query) and "spanne" not in isek.text(query)


def test_bielefeld_is_responsible_for_about_29_6_percent(isek: Terminal) -> None:
    query = "isek query paper_share --where statement_id=BI-03"
    (row,) = isek.rows(query)
    assert (row["numerator"], row["denominator"], row["qualifier"]) == (1557, 5252, "rund")
    assert "rund 29,6 %" in isek.text(query)


def test_bielefeld_needs_42_posts_as_presented_and_72_with_all_days(isek: Terminal) -> None:
    results = {item["scenario"]: item for item in isek.json("isek model bielefeld_ozg --json")["results"]}
    assert results["wie_vorgelegt"]["posts_rounded"] == 42
    assert results["alle_tage"]["posts_rounded"] == 72
    assert results["alle_tage"]["bottleneck"] == "technisch"


def test_the_table_of_neumuenster_is_reproduced_and_its_changed_base_is_flagged(isek: Terminal) -> None:
    rows = isek.json("isek model neumuenster_personal --json")["rows"]
    cells = {(row["row"], row["column"]): row for row in rows}
    for row, amount in (
        ("personalkosten", 784_900),
        ("haushaltswirksam", 881_900),
        ("gesamtkosten", 1_038_880),
    ):
        assert float(cells[row, "2021"]["printed"]) == float(cells[row, "2021"]["computed"]) == amount
    total = cells["gesamtkosten", "2026"]
    assert (float(total["printed"]), float(total["computed"])) == (647_760, 636_120)
    found = {item["id"]: item for item in isek.json("isek claims NMS-24 --json")["findings"]}
    assert found["neumuenster-gesamtkosten-2026"]["verdict"] == "widerspruch"


def test_about_a_third_of_neumuenster_is_investment_indeed(isek: Terminal) -> None:
    (found,) = isek.json("isek claims NMS-17 --json")["findings"]
    assert found["verdict"] == "stimmt"
    assert found["computed"]["low"] == found["computed"]["high"] == pytest.approx(350 / 1100)


def test_more_than_70_percent_in_braunschweig_names_its_denominator(isek: Terminal) -> None:
    (row,) = isek.rows("isek query paper_share --where statement_id=BS-01 --by population")
    assert (row["value"], row["lower"], row["upper"], row["qualifier"]) == (0.7, 0.7, 1, "über")
    assert row["population"] == "Büroarbeitsplätze der Stadtverwaltung"


def test_the_balance_of_freiburg_stands_beside_the_printed_one(isek: Terminal) -> None:
    where = "--where 'city=Freiburg i. Br.' haushaltsjahr=2015"
    (row,) = isek.rows(f"isek query city_budget_result_eur {where}")
    assert row["value"] == "44932086.00"
    (found,) = isek.json("isek claims FR-01 --json")["findings"]
    assert (found["printed"]["low"], found["computed"]["low"]) == (1_647_262_647, 44_932_086)
    assert found["verdict"] == "widerspruch"


def test_a_new_ruler_is_counted_apart_from_progress(isek: Terminal) -> None:
    rows = isek.rows("isek query reifegrad_change_count --by reifegrad_modell aenderung")
    found = {(row["reifegrad_modell"], row["aenderung"]): row["value"] for row in rows}
    assert found["ozg_1_1", "verbessert"] > 0 and ("ozg_1_1", "neu_bewertet") not in found
    assert found["ozg_2_0", "neu_bewertet"] > 0 and ("ozg_2_0", "verbessert") not in found


def test_the_whole_catalogue_read_in_another_model_becomes_a_range(isek: Terminal) -> None:
    rows = isek.rows("isek query reifegrad_reading_share --by reifegrad_modell")
    graded, read = ({row["reifegrad_modell"]: row for row in rows}[name] for name in ("ozg_1_1", "ozg_2_0"))
    assert graded["lower"] == graded["upper"] == graded["value"]
    assert read["denominator"] == graded["denominator"] and read["lower"] < read["upper"]


@pytest.mark.parametrize(
    ("metric", "dimension"),
    [("ozg_online_share", "reifegrad_modell"), ("ozg_bundle_rule_share", "zaehlregel")],
)
def test_values_of_which_one_is_chosen_are_neither_added_nor_covered_twice(
    isek: Terminal, metric: str, dimension: str
) -> None:
    alone = isek.json(f"isek query {metric} --format json")
    beside = isek.json(f"isek query {metric} --by {dimension} --format json")
    assert len(beside["rows"]) > 1 and beside["coverage"] is None
    assert {row["denominator"] for row in beside["rows"]} == {alone["rows"][0]["denominator"]}
    assert alone["coverage"]["total"] == alone["rows"][0]["denominator"]
    values = " ".join(f"{dimension}={row[dimension]}" for row in beside["rows"])
    assert "nie zusammengezählt" in isek.text(f"isek query {metric} --where {values}", code=2)


def test_the_attack_finds_hidden_figures_only_where_nothing_complements_them(isek: Terminal) -> None:
    tables = isek.json("isek metrics --audit --json")["tables"]
    assert len(tables) == 5
    assert all(table["before"]["exact"] > 0 for table in tables)
    assert all(table["after"]["exact"] == table["after"]["too_close"] == 0 for table in tables)
    assert "schützt kleine Zahlen" in isek.text(
        "isek query case_long_count --by procedure fachdienst", code=3
    )
