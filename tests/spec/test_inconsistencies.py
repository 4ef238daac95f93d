"""The 17 inconsistencies of the council papers: each is found, or can be said without adding anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from dashboard.cockpits.widersprueche import claim_words, computed_words, line, quantity_words
from dashboard.demo.city import TEMPLATE
from metrics.catalog import load_catalog
from metrics.contradictions.claim import add_up
from metrics.contradictions.comparison import World
from metrics.contradictions.finding import as_records
from metrics.contradictions.observation import observe_claims
from metrics.contradictions.rules import (
    DeadlineCheck,
    LevelCheck,
    Rules,
    SameCheck,
    ShareCheck,
    SumCheck,
    load_rules,
)
from metrics.contradictions.run import check_claims, find
from metrics.models.library import load_models
from metrics.quantity import QUALIFIERS
from metrics.result import Scope
from tests.papers import claim, claims, findings, freiburg_file, freiburg_rows, statement_rows
from tests.small_city import small_city
from warehouse.errors import ConfigError

INCOME, EXPENSE = "Ergebnis 2015 (Erträge)", "Ergebnis 2015 (Aufwendungen)"
PRINTED = "Ergebnis 2015 (Saldo/Zuschussbedarf/Erträge - Aufwendungen)"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The statements and Freiburg's budget, published."""
    budget = [*freiburg_rows(INCOME, "ertrag", 1), *freiburg_rows(EXPENSE, "aufwand", -1)]
    rows = {"statement": statement_rows(), "city_budget": budget}
    snapshot = small_city(tmp_path_factory.mktemp("papiere"), rows)
    yield World(load_catalog(None), snapshot, Scope.city(), load_models(TEMPLATE))


def _level(low: int, high: int, model: str, method: str | None = None) -> dict[str, object]:
    return {"stufe_von": low, "stufe_bis": high, "reifegrad_modell": model, "einstufung": method}


def test_inc_01_levels_of_two_models_are_never_compared() -> None:
    found = findings()["reifegrad-celle-bielefeld"]
    assert found.verdict == "nicht_vergleichbar"
    assert found.details[:2] == (
        "CE-06: Stufe 3 nach Modell celle_2023",
        "BI-18: Stufe 3 bis 5 nach Modell bielefeld_2021",
    )
    assert len(found.papers) == 2


def test_inc_01_a_level_without_its_model_is_no_level() -> None:
    one, other = claim(value_low=3), claim(value_low=3, **_level(3, 3, "ozg_1_1"))
    check = LevelCheck(id="a", title="A", kind="levels", claims=("A", "B"))
    (found, *_) = check_claims(Rules(checks=(check,)), {"A": one, "B": other}, None)
    assert found.verdict == "nicht_vergleichbar" and found.details[0].endswith("Stufe ohne Modell")


def test_inc_02_a_level_without_criteria_counts_as_a_rough_guess() -> None:
    assert findings()["einstufung-ce-02"].details[0].endswith("pauschal")
    by_criteria = claim(value_low=1, **_level(2, 2, "ozg_1_1", "kriterien"))
    roughly = claim(value_low=1, **_level(2, 2, "ozg_1_1", "pauschal"))
    assert not list(observe_claims([by_criteria]))
    assert [item.kind for item in observe_claims([roughly])] == ["einstufung"]


def test_inc_03_the_same_number_of_two_populations_is_no_agreement() -> None:
    found = findings()["ozg-575"]
    assert found.verdict == "nicht_vergleichbar"
    assert found.printed is not None and found.printed.point == 575


def test_inc_03_a_share_across_populations_is_refused() -> None:
    assert findings()["celle-an-575"].verdict == "nicht_vergleichbar"
    pair = {
        "A": claim(value_low=Decimal(1), population_id="ce_portal"),
        "B": claim(value_low=Decimal(2), population_id="katalog_einzelleistungen"),
    }
    rules = load_rules(TEMPLATE).model_copy(
        update={"checks": (ShareCheck(id="a", title="A", kind="share", part="A", whole="B"),)}
    )
    (found, *_) = check_claims(rules, pair, None)
    assert found.computed is None and "Grundgesamtheit des Nenners" in found.details[0]


def test_inc_04_two_counting_rules_stand_side_by_side_and_are_not_judged() -> None:
    any_town = claim(value_low=Decimal(484), population_id="p", counting_rule="in mindestens einer Kommune")
    every_town = claim(value_low=Decimal(150), population_id="p", counting_rule="flächendeckend")
    check = SameCheck(id="a", title="A", kind="same", claims=("A", "B"))
    (found,) = check_claims(Rules(checks=(check,)), {"A": any_town, "B": every_town}, None)
    assert found.verdict == "nicht_vergleichbar"
    assert "verschiedene Zählregeln" in found.details[0]
    assert found.details[1].endswith("Zählregel in mindestens einer Kommune")
    same_rule = {
        "A": any_town,
        "B": claim(value_low=Decimal(150), population_id="p", counting_rule="in mindestens einer Kommune"),
    }
    (judged,) = check_claims(Rules(checks=(check,)), same_rule, None)
    assert judged.verdict == "widerspruch" and judged.difference == 334


def test_inc_05_the_changed_base_of_overheads_is_found_and_named() -> None:
    found = findings()
    wrong, right = found["neumuenster-gemeinkosten-2026"], found["neumuenster-gemeinkosten-2021"]
    assert right.verdict == "stimmt"
    assert wrong.verdict == "widerspruch" and wrong.difference == 107_960 - 96_320
    assert "haushaltswirksam" in wrong.details[0]


def test_inc_05_the_total_is_flagged_beside_what_was_decided(world: World) -> None:
    found = findings(world)["neumuenster-gesamtkosten-2026"]
    assert found.verdict == "widerspruch"
    assert line(found).printed == "647.760\u00a0€" and line(found).computed == "636.120\u00a0€"
    assert findings(world)["neumuenster-gesamtkosten-2021"].verdict == "stimmt"


def test_inc_06_a_word_that_covers_more_than_it_means_is_told_and_guarded_against_double_counting() -> None:
    found = findings()["neumuenster-personalaufwendungen"]
    assert found.verdict == "widerspruch" and found.difference == 97_000
    assert found.details[0].startswith("„Personalaufwendungen“ enthält auch: Sachkosten")
    assert found.details[1] == "nicht zusammenzählen mit: Aufwand im Ergebnisplan 2021"


def test_inc_07_several_deadlines_of_one_thing_stand_side_by_side_with_their_paper() -> None:
    found = findings()["neumuenster-fristen"]
    assert found.verdict == "widerspruch" and len(found.papers) == 1
    assert [text.split(" ")[0] for text in found.details] == ["NMS-48:", "NMS-49:", "NMS-50:"]
    assert "innerhalb der nächsten zwei Jahre" in found.details[0]
    assert found.details[2] == "NMS-50: fortlaufend bis 31.12.2025"


def test_inc_08_the_paper_holds_with_its_own_assumption_and_fails_with_all_days(world: World) -> None:
    found = findings(world)
    own, full = found["bielefeld-stellen-wie-vorgelegt"], found["bielefeld-stellen-alle-tage"]
    assert own.verdict == "stimmt" and full.verdict == "widerspruch"
    assert full.computed is not None and full.computed.point == 72


def test_inc_09_deadlines_follow_the_law_of_their_time() -> None:
    found = findings()["ozg-fristen"]
    assert found.verdict == "nicht_vergleichbar" and len(found.papers) == 4
    assert found.details[-1].startswith("CE-07: ohne Frist – OZG nach dem Änderungsgesetz")
    rules = load_rules(TEMPLATE)
    assert [b.due_on for b in rules.law_on(date(2021, 1, 1)).values()] == [date(2022, 12, 31)]
    assert [b.due_on for b in rules.law_on(date(2026, 1, 1)).values()] == [None]


def test_inc_09_two_deadlines_under_one_law_contradict_each_other() -> None:
    early, late = (
        claim(qualifier="unbekannt", due_kind="bis", due_on=date(y, 12, 31), legal_basis="g")
        for y in (2022, 2023)
    )
    check = DeadlineCheck(id="a", title="A", kind="deadlines", claims=("A", "B"))
    (found,) = check_claims(Rules(checks=(check,)), {"A": early, "B": late}, None)
    assert found.verdict == "widerspruch"


def test_inc_10_what_was_asked_for_lies_anywhere_up_to_what_was_counted() -> None:
    found = findings()["celle-fallabschliessend"]
    assert found.computed is not None and (found.computed.lower, found.computed.upper) == (0, 112)
    assert line(found).computed == "0 bis 112 Dienstleistungen"
    assert found.details[0].startswith("gefragt: fallabschließend")


def test_inc_11_different_kinds_of_things_are_never_added_up() -> None:
    said = claims()
    for one, other in (("NMS-03", "NMS-04"), ("NMS-05", "NMS-01")):
        with pytest.raises(ConfigError, match="verschiedene Einheiten"):
            add_up([said[one], said[other]])
    assert findings()["neumuenster-quellen"].verdict == "nicht_vergleichbar"
    assert findings()["neumuenster-prozesse"].verdict == "nicht_vergleichbar"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CE-01", "über 180 Dienstleistungen"),
        ("BI-04", "rund 600 Projekte"),
        ("NMS-03", "höchstens rund 250 Datenquellen"),
        ("NMS-04", "rund 240 Fachanwendungen"),
        ("BI-18", "mindestens 3"),
        ("CE-03", "0 bis 112 Dienstleistungen"),
        ("BS-04", "nicht beziffert"),
        ("BI-08", "12 Vollzeitstellen"),
    ],
)
def test_inc_12_the_qualifier_stands_in_every_rendering(name: str, words: str) -> None:
    said = claims()[name]
    assert quantity_words(said.quantity, said.unit) == words


def test_inc_12_every_qualifier_of_the_subject_can_be_computed_with() -> None:
    assert {row["qualifier"] for row in statement_rows()} | {"mindestens"} == set(QUALIFIERS)
    assert claims()["NMS-03"].wording == "maximal rd."


def test_inc_13_a_sum_with_an_unknown_part_says_so_and_is_no_total() -> None:
    found = findings()["braunschweig-mittel"]
    assert found.verdict == "unvollstaendig"
    assert computed_words(found) == "5.000.000\u00a0€ (unvollständig)"
    assert "Telefon" in found.details[0]
    said = claims()
    assert add_up(said[name] for name in ("BS-02", "BS-03", "BS-04")).quantity.is_unknown


def test_inc_13_an_incomplete_sum_contradicts_nothing() -> None:
    said = {
        "A": claim(value_low=Decimal(1)),
        "B": claim(qualifier="unbekannt"),
        "C": claim(value_low=Decimal(9)),
    }
    check = SumCheck(id="a", title="A", kind="sum", parts=("A", "B"), whole="C")
    (found,) = check_claims(Rules(checks=(check,)), said, None)
    assert found.verdict == "unvollstaendig"


def test_inc_14_a_share_is_never_said_without_its_denominator() -> None:
    words = claim_words(claims()["BS-01"])
    assert words == (
        "über 70\u00a0% – Grundgesamtheit: Büroarbeitsplätze der Stadtverwaltung, Stand 27.04.2026, erhoben"
    )
    (found,) = observe_claims([claim(unit="Anteil", value_low=Decimal("0.7"))])
    assert found.kind == "nenner"


def test_inc_15_spellings_of_one_paper_are_recognised_and_kept() -> None:
    found = findings()
    assert found["schreibweise-2-2023"].details == ("AN/0002/23", "0002/23")
    assert found["schreibweise-92-2023"].details == ("AN/0092/23", "0092/2023")


def test_inc_16_products_of_two_plans_are_not_compared() -> None:
    assert findings()["produktplan"].details[0] == "verschiedene Produktpläne (NI, NW)"


def test_inc_17_a_rate_taken_over_is_an_assumption_and_no_measurement() -> None:
    found = findings()["bielefeld-sachkosten"]
    assert found.verdict == "annahme"
    assert found.printed is not None and found.printed.point == 3_000


def test_celle_has_at_most_62_2_percent_of_its_portal() -> None:
    found = findings()["celle-reifegrad-anteil"]
    assert found.computed is not None and found.computed.upper == Fraction(112, 180)
    assert computed_words(found) == "höchstens 62,2\u00a0%"
    assert found.details == ("Nenner: Dienstleistungen / Informationen im Bürgerportal der Stadt Celle",)


def test_bielefeld_is_responsible_for_about_29_6_percent() -> None:
    assert computed_words(findings()["bielefeld-vollzug"]) == "rund 29,6\u00a0%"


def test_freiburgs_printed_balance_stands_beside_the_recomputed_one(world: World) -> None:
    assert sum(Decimal(row[PRINTED] or 0) for row in freiburg_file()) == 1_647_262_647
    found = findings(world)["freiburg-saldo-2015"]
    assert found.verdict == "widerspruch"
    assert line(found).printed == "1.647.262.647\u00a0€" and line(found).computed == "44.932.086\u00a0€"


def test_a_part_of_the_city_is_never_held_against_what_was_said_of_the_whole(world: World) -> None:
    rules = load_rules(TEMPLATE)
    live = next(check for check in rules.checks if check.id == "freiburg-saldo-2015")
    online = live.model_copy(update={"metric": "ozg_online_share", "where": {}})
    narrow = World(world.catalog, world.snapshot, Scope.of("FD10"), world.models)
    (found, *_) = [
        item
        for item in check_claims(rules.model_copy(update={"checks": (online,)}), claims(), narrow)
        if item.kind == "live"
    ]
    assert found.verdict == "offen" and found.computed is None


def test_what_adds_up_says_so_and_what_has_to_be_settled_comes_first(world: World) -> None:
    found = find(world.catalog, world.snapshot, TEMPLATE, scope=Scope.city())
    assert found[0].verdict == "widerspruch" and found[-1].verdict == "stimmt"
    fine = {item.id for item in found if item.verdict == "stimmt"}
    assert {"neumuenster-investitionen-2021", "neumuenster-aufwand-2022", "bielefeld-ganzes-jahr"} <= fine
    assert not [item for item in found if item.verdict == "offen"]
    assert all(item.papers for item in found)


def test_findings_are_a_record_list_for_a_page(world: World) -> None:
    listed = as_records(find(world.catalog, world.snapshot, TEMPLATE, scope=Scope.city())).dicts()
    row = next(row for row in listed if row["finding_id"] == "freiburg-saldo-2015")
    assert (row["printed_low"], row["computed_low"]) == (1_647_262_647, 44_932_086)
    assert row["papers"] == "Freiburg i. Br.: Doppelhaushalt 2017/2018"


def test_a_statement_that_was_not_delivered_leaves_its_check_open() -> None:
    said = claims()
    del said["NMS-20"]
    found = {item.id: item for item in check_claims(load_rules(TEMPLATE), said, None)}
    assert found["neumuenster-haushaltswirksam-2021"].verdict == "offen"
    assert found["neumuenster-haushaltswirksam-2021"].details == ("nicht geliefert: NMS-20",)


def test_a_rule_nobody_knows_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text('[[checks]]\nid = "a"\nkind = "sum"\ntitle = "A"\nparts = ["X"]\nganzes = "Y"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"claims\.toml:6.*ganzes"):
        load_rules(tmp_path)
    assert load_rules(tmp_path / "leer").checks == ()
