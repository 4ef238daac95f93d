"""`isek model` and `isek claims` as people and machines use them, over the published council papers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.__main__ import main
from tests.meaning_city import meaning_city

Isek = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small town that has published the papers and Freiburg's budget, with models and rules."""
    return meaning_city(tmp_path_factory.mktemp("stadt")).city


@pytest.fixture
def isek(capsys: pytest.CaptureFixture[str], city: Path) -> Isek:
    def run(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*args, "--city", str(city)], {})
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_models_of_a_city_are_listed(isek: Isek) -> None:
    code, out, _ = isek("model", "--json")
    assert code == 0
    assert [row["id"] for row in json.loads(out)] == [
        "bielefeld_ozg",
        "musterstadt_personal",
        "neumuenster_personal",
        "ozg_fortschritt",
    ]
    assert "Personalbedarfsplan" in isek("model")[1]


def test_42_posts_as_presented_and_72_with_all_days(isek: Isek) -> None:
    code, out, _ = isek("model", "bielefeld_ozg", "--json")
    results = {result["scenario"]: result for result in json.loads(out)["results"]}
    assert code == 0
    assert results["wie_vorgelegt"]["posts_rounded"] == 42
    assert results["alle_tage"]["posts_rounded"] == 72
    assert results["alle_tage"]["bottleneck"] == "technisch"
    text = isek("model", "bielefeld_ozg")[1]
    assert "Gerundet 42 Stellen; die Vorlage nennt 42." in text
    assert "Gerundet 72 Stellen. Engpass: Technik (100.2)." in text
    assert "31.08.2030 bis 19.07.2031" in text


def test_every_assumption_is_printed_with_its_source(isek: Isek) -> None:
    _, out, _ = isek("model", "bielefeld_ozg", "--json")
    parameters = json.loads(out)["parameters"]
    assert set(parameters) >= {"cases", "net_days", "price", "days.technisch", "posts.organisatorisch"}
    assert all(item["source"] and item["stand"] for item in parameters.values())


def test_asking_with_other_values_says_so(isek: Isek) -> None:
    code, out, _ = isek(
        "model", "bielefeld_ozg", "--scenario", "alle_tage", "--set", "posts.technisch=8", "net_days=200"
    )
    assert code == 0
    assert "Engpass: Organisation (100.1)" in out and "Annahme der Abfrage" in out
    assert "[wie_vorgelegt]" not in out


@pytest.mark.parametrize(
    "args",
    [
        ("model", "bielefeld"),
        ("model", "bielefeld_ozg", "--set", "posts.technisch"),
        ("model", "bielefeld_ozg", "--set", "posten=8"),
        ("model", "bielefeld_ozg", "--scenario", "alle"),
        ("model", "neumuenster_personal", "--set", "eg12=1"),
        ("claims", "XX-01"),
    ],
)
def test_a_name_nobody_knows_is_a_mistake_of_the_call(isek: Isek, args: tuple[str, ...]) -> None:
    code, _, err = isek(*args)
    assert code == 2 and err.startswith("Fehler:")


def test_the_printed_table_stands_beside_the_computed_one(isek: Isek) -> None:
    _, out, _ = isek("model", "neumuenster_personal", "--json")
    rows = {(row["row"], row["column"]): row for row in json.loads(out)["rows"]}
    for row, column, amount in (
        ("personalkosten", "2021", "784900"),
        ("haushaltswirksam", "2021", "881900"),
        ("gesamtkosten", "2021", "1038880"),
        ("personalkosten", "2026", "481600"),
        ("haushaltswirksam", "2026", "539800"),
    ):
        cell = rows[row, column]
        assert float(cell["printed"]) == float(cell["computed"]) == float(amount)
    text = isek("model", "neumuenster_personal")[1]
    (overhead,) = [line for line in text.splitlines() if "107.960" in line]
    assert "96.320" in overhead and overhead.endswith("andere Basis: Haushaltswirksame Kosten")
    (total,) = [line for line in text.splitlines() if "647.760" in line]
    assert "636.120" in total


def test_a_projection_without_observations_says_that_there_are_none(isek: Isek) -> None:
    code, out, _ = isek("model", "ozg_fortschritt")
    assert code == 0 and "Kein Wert." in out
    assert json.loads(isek("model", "ozg_fortschritt", "--json")[1])["known"] is False


def test_findings_are_listed_with_values_and_papers(isek: Isek) -> None:
    code, out, _ = isek("claims")
    assert code == 0
    assert "[Widerspruch] Freiburg i. Br., Saldo 2015" in out
    assert "1.647.262.647" in out and "44.932.086" in out
    assert "höchstens 62,2" in out and "rund 29,6" in out
    assert "5.000.000\u00a0€ (unvollständig)" in out
    assert "[stimmt]" not in out and "[stimmt]" in isek("claims", "--all")[1]


def test_shares_of_papers_are_asked_like_every_figure(isek: Isek) -> None:
    _, out, _ = isek("query", "paper_share", "--by", "statement_id", "population", "--format", "json")
    rows = {row["statement_id"]: row for row in json.loads(out)["rows"]}
    celle, bielefeld, braunschweig = (rows[name] for name in ("CE-02", "BI-03", "BS-01"))
    assert (celle["numerator"], celle["denominator"], celle["qualifier"]) == (112, 180, "höchstens")
    assert (celle["lower"], celle["upper"]) == (0, pytest.approx(112 / 180))
    span = rows["CE-03"]
    assert (span["lower"], span["upper"], span["qualifier"]) == (0, pytest.approx(112 / 180), "spanne")
    assert (bielefeld["value"], bielefeld["qualifier"]) == (pytest.approx(1557 / 5252), "rund")
    assert (braunschweig["value"], braunschweig["qualifier"]) == (0.7, "über")
    assert (braunschweig["lower"], braunschweig["upper"]) == (0.7, 1)
    assert braunschweig["population"] == "Büroarbeitsplätze der Stadtverwaltung"
    assert "höchstens 62,2\u00a0%" in isek("query", "paper_share")[1]
    assert "rund 29,6\u00a0%" in isek("query", "paper_share", "--where", "statement_id=BI-03")[1]
    assert "über 70,0\u00a0%" in isek("query", "paper_share", "--where", "statement_id=BS-01")[1]


def test_the_recomputed_balance_is_asked_like_every_figure(isek: Isek) -> None:
    where = ("--where", "city=Freiburg i. Br.", "haushaltsjahr=2015")
    _, out, _ = isek("query", "city_budget_result_eur", *where, "--format", "json")
    (row,) = json.loads(out)["rows"]
    assert row["value"] == "44932086.00"


def test_contradictions_make_a_strict_check_fail(isek: Isek) -> None:
    assert isek("claims", "--strict")[0] == 1


def test_one_statement_is_shown_with_its_denominator_and_what_was_found(isek: Isek) -> None:
    _, out, _ = isek("claims", "BS-01")
    assert "über 70\u00a0% – Grundgesamtheit: Büroarbeitsplätze der Stadtverwaltung" in out
    answer = json.loads(isek("claims", "CE-02", "--json")[1])
    assert answer["claim"]["quantity"]["high"] == 112
    assert (answer["claim"]["levels"]["low"], answer["claim"]["levels"]["high"]) == (2, 3)
    shares = {item["id"]: item["computed"] for item in answer["findings"]}
    assert shares["celle-reifegrad-anteil"]["high"] == pytest.approx(112 / 180)
    assert shares["celle-fallabschliessend"] == {
        "low": 0,
        "high": 112,
        "low_excluded": False,
        "high_excluded": False,
        "approximate": False,
    }


def test_a_faulty_model_or_rule_is_found_by_check(isek: Isek, city: Path) -> None:
    rules = city / "claims.toml"
    text = rules.read_text(encoding="utf-8")
    try:
        rules.write_text(text.replace('"neumuenster_personal"', '"neumuenster"'), encoding="utf-8")
        code, out, _ = isek("check")
        assert code == 1 and "Das Modell „neumuenster“ gibt es nicht" in out
    finally:
        rules.write_text(text, encoding="utf-8")
