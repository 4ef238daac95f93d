"""What the pages of the meaning show, without a page: choices, findings, asked values, descriptions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dashboard import asked as recorder
from dashboard.cockpits import befunde, datenmodell, kennzahlen, modelle
from dashboard.cockpits.ozg import projection_of
from dashboard.demo.city import TEMPLATE
from dashboard.pages import modelle as modelle_page
from metrics.catalog import Catalog, load_catalog
from metrics.contradictions.claim import Claim
from metrics.contradictions.finding import ORDER, Finding, Verdict
from metrics.contradictions.rules import AnyCheck
from metrics.models.capacity import CapacityModel, capacity
from metrics.models.library import load_models
from metrics.models.progress import ProgressModel
from metrics.quantity import Quantity
from warehouse.contract import Column
from warehouse.reifegrad.files import load_rulers
from warehouse.subjects import load_subjects

TODAY = date(2026, 6, 9)
MODELS = load_models(TEMPLATE)
POSTS = cast("CapacityModel", MODELS["bielefeld_ozg"])


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(None)


def finding(verdict: Verdict = "widerspruch", **facts: Any) -> Finding:
    """A finding about one statement."""
    usual = {"id": "p-1", "kind": "sum", "title": "Summe", "claims": ("A-1",), "papers": ("Stadt: Vorlage",)}
    return Finding(**{**usual, "verdict": verdict, "unit": "Euro", **facts})


def claim(**facts: Any) -> Claim:
    """A statement of the paper."""
    usual = {"id": "A-1", "city": "Stadt", "paper": "Vorlage", "topic": "Kosten", "unit": "Euro"}
    return Claim(**{**usual, "quantity": Quantity.exactly(5), "status": "geplant", **facts})


def test_a_figure_is_found_by_what_stands_around_it_and_by_every_filter(catalog: Catalog) -> None:
    metric = catalog.metric("ozg_online_share")
    about = kennzahlen.About("Einzelleistungen", "FD 10", {"register": "Leistungsregister"}, ("Start",))
    for words in ("einzelleistungen", "FD 10", "leistungsREGISTER", "start ozg-01", "§ 1a"):
        assert kennzahlen.matches(metric, words, about), words
    assert not kennzahlen.matches(metric, "haushalt", about)
    assert kennzahlen.Choice("", "ozg", "einzelleistung_eigen", "register").fits(metric, about)
    assert not kennzahlen.Choice(source="andere").fits(metric, about)
    assert not kennzahlen.Choice(area="dms").fits(metric, about)
    assert not kennzahlen.Choice(population="ozg_leistung").fits(metric, about)


def test_the_note_of_a_figure_names_owner_version_and_places_or_says_that_there_are_none(
    catalog: Catalog,
) -> None:
    metric = catalog.metric("ozg_online_share")
    about = kennzahlen.About("Einzelleistungen", "FD 10", {}, ("Start", "Reifegrad"))
    assert kennzahlen.note_of(metric, about) == (
        f"Einzelleistungen · verantwortlich FD 10 · Fassung vom 15.01.2026 ({metric.hash[:8]})"
        " · verwendet in Start und Reifegrad"
    )
    bare = kennzahlen.note_of(metric, kennzahlen.NOTHING)
    assert bare.startswith("Fassung vom ") and bare.endswith("auf keiner Seite verwendet")


def test_what_is_asked_is_written_down_by_card_and_only_while_somebody_listens() -> None:
    recorder.note("vorher")
    with recorder.recorded() as notes:
        recorder.note("ohne_karte")
        with recorder.inside("Karte"), recorder.inside("Innen"):
            recorder.note("in_karte")
        recorder.note("in_karte")
    recorder.note("nachher")
    assert {name: list(cards) for name, cards in notes.items()} == {
        "ohne_karte": [""],
        "in_karte": ["Innen", ""],
    }


def test_every_kind_of_check_has_its_rule_in_words_and_every_verdict_its_advice() -> None:
    kinds = {kind.model_fields["kind"].annotation.__args__[0] for kind in AnyCheck.__args__[0].__args__}  # type: ignore[attr-defined]
    assert kinds <= befunde.RULES.keys()
    assert set(befunde.SEVERITY) == set(ORDER)


def test_a_finding_shows_both_values_and_the_signed_difference() -> None:
    item = finding(printed=Quantity.exactly(107960), computed=Quantity.exactly(96320), note="Andere Basis.")
    card = befunde.card_of(item, {"A-1": claim()})
    assert card.sides == (
        ("wie gedruckt", "107.960\u00a0€"),
        ("rechnerisch", "96.320\u00a0€"),
        ("Abweichung", "+11.640\u00a0€"),
    )
    assert (card.anchor, card.details, card.rating) == ("befund-p-1", ("Andere Basis.",), "warn")
    assert befunde.difference_words(Fraction(-30), "Stellen") == "−30 Stellen"


def test_what_nobody_said_has_no_side_and_a_deadline_is_told_as_one() -> None:
    due = claim(quantity=Quantity.unknown(), due_kind="fortlaufend_bis", due_on=date(2025, 12, 31))
    card = befunde.card_of(finding(printed=Quantity.unknown()), {"A-1": due})
    assert card.sides == ()
    assert card.papers == (("Stadt: Vorlage", ("A-1 Kosten: fortlaufend bis 31.12.2025",)),)
    assert befunde.card_of(finding(), {}).papers == (("Stadt: Vorlage", ()),)


def test_choices_of_findings_count_and_leave_out_what_is_in_order() -> None:
    found = [finding(), finding("stimmt", id="p-2"), finding("annahme", id="p-3", title="Reise nach Celle")]
    assert [item.id for item in befunde.chosen(found, befunde.OPEN, "")] == ["p-1", "p-3"]
    assert [item.id for item in befunde.chosen(found, befunde.EVERY, "celle REISE")] == ["p-3"]
    assert [item.id for item in befunde.chosen(found, "stimmt", "")] == ["p-2"]
    assert befunde.options(found)[0] == ("offene", "zu beachten (2)")
    assert befunde.options(found)[-1] == ("alle", "alle (3)")


@pytest.mark.parametrize(
    ("verdicts", "lead"),
    [
        ((), ("Noch ist keine Prüfung der Vorlagen eingerichtet.", "")),
        (("widerspruch",), ("1 Widerspruch in 1 Prüfung der Vorlagen.", "Keine Prüfung stimmt.")),
        (
            ("widerspruch", "widerspruch", "annahme", "stimmt"),
            (
                "2 Widersprüche in 4 Prüfungen der Vorlagen.",
                "1 weiterer Befund ist zu beachten; 1 Prüfung stimmt.",
            ),
        ),
    ],
)
def test_the_sentence_about_findings_is_true_in_all_cases(
    verdicts: tuple[Verdict, ...], lead: tuple[str, str]
) -> None:
    assert befunde.lead([finding(verdict) for verdict in verdicts]) == lead


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("182,1", "182.1"),
        ("69.000", "69000"),
        ("1.234.567,8", "1234567.8"),
        ("12.5", "12.5"),
        ("viele", "viele"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, plain: str) -> None:
    assert modelle.plain_number(text) == plain


def test_a_day_is_read_in_german_and_nonsense_stays_nonsense() -> None:
    assert modelle.plain_day("31.12.2027") == "2027-12-31"
    assert modelle.plain_day("31.02.2027") == "31.02.2027"
    assert modelle.stand_words("2021-12-09") == "09.12.2021"
    assert modelle.stand_words("2021-12") == "12/2021"


def test_values_of_the_address_change_the_question_and_not_the_model() -> None:
    question = modelle.asked(POSTS, {"p.posts.technisch": "12,5", "p.cases": "600"}, TODAY)
    assert question.changed and question.errors == ()
    assert question.model.roles["technisch"].posts.value == Decimal("12.5")
    assert question.base is POSTS and POSTS.roles["technisch"].posts.value == 4
    fields = {field.name: field for field in question.fields}
    assert fields["posts.technisch"].changed and not fields["cases"].changed
    assert modelle.compared(question, "alle_tage") == capacity(POSTS, "alle_tage")
    same = modelle.asked(POSTS, {"p.cases": "600"}, TODAY)
    assert not same.changed and modelle.compared(same, "alle_tage") is None


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"p.cases": "-3"}, "Fälle: Bitte nur Zahlen ab 0"),
        ({"p.due": "morgen"}, "Frist: Bitte einen Tag als TT.MM.JJJJ"),
        ({"p.net_days": "0"}, "Personentage je Stelle und Jahr: Bitte eine Zahl über 0"),
        ({"p.due": "31.12.2020"}, "So lässt sich nicht rechnen"),
        ({"p.cases": "1E+999999999"}, "Fälle: Bitte 0 oder eine Zahl von 0,001 bis 10.000.000"),
        ({"p.net_days": "1E-400"}, "Personentage je Stelle und Jahr: Bitte 0 oder eine Zahl"),
        ({"p.price": "9" * 5000}, "Preis je Stelle und Jahr: Bitte 0 oder eine Zahl"),
        ({"p.due": "31.12.9999"}, "Frist: Bitte einen Tag der Jahre 1900 bis 2200"),
        ({"p.start": "01.01.0001"}, "Beginn: Bitte einen Tag der Jahre 1900 bis 2200"),
    ],
)
def test_a_value_that_does_not_work_is_told_and_changes_nothing(params: dict[str, str], error: str) -> None:
    question = modelle.asked(POSTS, params, TODAY)
    assert not question.changed
    (found,) = question.errors
    assert found.startswith(error)


@pytest.mark.parametrize("ends", [("0,001", "10000000"), ("10000000", "0,001")])
@pytest.mark.parametrize("span", [("31.12.2199", "31.12.2199"), ("01.01.1900", "31.12.2200")])
def test_whatever_may_be_asked_can_be_shown(ends: tuple[str, str], span: tuple[str, str]) -> None:
    divisors, others = ends
    names = [field.name for field in modelle.asked(POSTS, {}, TODAY).fields]
    params = {f"p.{name}": divisors if name.startswith(("net", "posts")) else others for name in names}
    params |= {"p.start": span[0], "p.due": span[1]}
    services = SimpleNamespace(
        models=lambda: {"m": POSTS}, snapshot=lambda: SimpleNamespace(business_date=TODAY)
    )
    for scenario in POSTS.scenarios:
        question = modelle.asked(POSTS, params, TODAY)
        assert question.errors == () and question.changed
        shown = modelle_page.layout(
            cast("Any", services), cast("Any", None), {**params, "rechnung": scenario}
        )
        assert "mit geänderten Annahmen" in str(shown)


def test_start_and_due_may_move_together() -> None:
    params = {"p.start": "01.01.2030", "p.due": "31.12.2031"}
    question = modelle.asked(POSTS, params, TODAY)
    assert question.errors == () and question.model.start.value == date(2030, 1, 1)


def test_the_sentence_of_the_capacity_names_need_stock_and_bottleneck() -> None:
    whole = modelle.capacity_lead(POSTS, capacity(POSTS, "alle_tage"))
    assert whole[0] == "Bis 31.12.2022 sind 72 Stellen nötig (65 bis 72), gerechnet wird mit 12."
    assert (
        whole[1] == "Engpass ist Technik (100.2): Dort ist die Arbeit zwischen 08/2030 und 07/2031 erledigt."
    )
    known = POSTS.with_values({"net_days": "200"}, TODAY)
    told = modelle.capacity_lead(known, capacity(known, "alle_tage"))
    assert told[0] == "Bis 31.12.2022 sind 65 Stellen nötig, gerechnet wird mit 12."
    assert told[1] == "Engpass ist Technik (100.2): Dort ist die Arbeit am 31.08.2030 erledigt."
    none = POSTS.with_values({"posts.technisch": "0"}, TODAY)
    assert modelle.capacity_lead(none, capacity(none, "alle_tage"))[1].endswith(
        "ist die Arbeit nie erledigt."
    )


def test_a_projection_without_values_says_so() -> None:
    model = cast("ProgressModel", MODELS["ozg_fortschritt"])
    assert modelle.progress_lead(model, None) == ("Für diese Projektion liegen noch keine Werte vor.", "")
    paceless = cast("Any", SimpleNamespace(ahead=lambda day: None))
    assert modelle.progress_lead(model, paceless)[0] == "Für eine Prognose fehlen volle Monate."


def test_the_projection_of_a_figure_is_the_one_that_names_it() -> None:
    known = projection_of(MODELS, "ozg_online_share")
    assert known is not None and known[0] == "ozg_fortschritt"
    assert known[1].length == {"window": 6, "span": 24}
    assert projection_of(MODELS, "measure_done_share") is None


def test_every_subject_is_described_in_german_with_its_key_and_what_rests_on_it(catalog: Catalog) -> None:
    views = datenmodell.subject_views(load_subjects(None), {"service": {"register": "Register"}}, catalog)
    assert all(view.title and view.description and view.key and view.rows for view in views)
    service = next(view for view in views if view.id == "service")
    assert service.sources == (("Register", "/datenquellen?quelle=register"),)
    assert any(words.startswith("OZG-01 ") for words, _ in service.metrics)
    assert service.rows[0] == ("Kennung", "service_id", "Text", "", "Schlüssel", "")


def test_limits_of_a_column_are_said_in_full() -> None:
    column = Column(title="Betrag", type="decimal", minimum=0, maximum=2.5, pattern="^x$", allowed=("a", "b"))
    assert datenmodell.limits(column) == "a, b · ab 0 bis 2,50 · Muster ^x$"
    days = Column(title="Tag", type="date", earliest=date(2020, 1, 1))
    assert datenmodell.limits(days) == "ab 01.01.2020"


def test_levels_nobody_named_stay_without_name_and_untold_ones_are_not_convertible() -> None:
    rulers = load_rulers(None)
    assert datenmodell.level_rows(rulers.model("ozg_2_0"))[4] == ("4", "nicht belegt", "–")
    crosswalk = rulers.crosswalks["ozg_1_1", "ozg_2_0"]
    rows = datenmodell.crosswalk_rows(crosswalk, rulers)
    assert [row[:2] for row in rows][2:4] == [("2", "nicht übertragbar"), ("3", "3–7")]
    assert all(bool(row[2]) == (row[1] == "nicht übertragbar") for row in rows)


def test_counting_rules_say_what_they_count() -> None:
    rulers = load_rulers(None)
    rows = {rule_id: datenmodell.rule_row(rule, rulers) for rule_id, rule in rulers.rules.items()}
    assert rows["alle_leistungen"][2] == "Einstufung ab der Schwelle des Modells, alle Leistungen nötig"
    assert rows["bund_eine_ab_2"][2].startswith("Einstufung ab Stufe 2")
    assert rows["meldung_flaechendeckend"][2].startswith("Meldung: bundesweit flächendeckend")
