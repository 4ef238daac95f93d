"""Sentences about person-days, posts and scenarios in every edge case."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import messages_ressourcen as words
from dashboard.messages_ressourcen import Part
from dashboard.sentence import Sentence, dated

ORG, TECH = Part("organisatorisch", 1395, 1300), Part("technisch", 985, 740)
DUE = date(2030, 12, 31)


@pytest.mark.parametrize(
    ("whole", "soll", "parts", "bold", "rest"),
    [
        (
            Part("", 2380, 2040), 0.95, (ORG, TECH),
            "2026 fehlen 340 von 2.380 Personentagen: 85,7\u00a0% sind gedeckt, Soll 95,0\u00a0%.",
            "Engpass ist der technische Teil: Dort fehlen 245 Personentage.",
        ),
        (
            Part("", 100, 99), None, (Part("organisatorisch", 50, 50), Part("technisch", 50, 49)),
            "2026 fehlt 1 von 100 Personentagen: 99,0\u00a0% sind gedeckt.",
            "Engpass ist der technische Teil: Dort fehlt 1 Personentag.",
        ),
        (
            Part("", 100, 110), 0.95, (Part("organisatorisch", 50, 80), Part("technisch", 50, 30)),
            "2026 bleiben bei einem Bedarf von 100 noch 10 Personentage frei: 110,0\u00a0% sind gedeckt, "
            "Soll 95,0\u00a0%.",
            "Trotzdem fehlen im technischen Teil 20 Personentage.",
        ),
        (
            Part("", 100, 101), None, (Part("organisatorisch", 50, 51), Part("technisch", 50, 50)),
            "2026 bleibt bei einem Bedarf von 100 noch 1 Personentag frei: 101,0\u00a0% sind gedeckt.",
            "In keinem Teil fehlen Personentage.",
        ),
        (
            Part("technisch", 985, 740), None, (),
            "2026 fehlen im technischen Teil 245 von 985 Personentagen: 75,1\u00a0% sind gedeckt.",
            "",
        ),
        (
            Part("", 100, 100), 0.95, (Part("organisatorisch", 100, 100),),
            "2026 reichen die Personentage für den Bedarf von 100 genau aus: 100,0\u00a0% sind gedeckt, "
            "Soll 95,0\u00a0%.",
            "",
        ),
        (
            Part("", 1, None), 0.95, (),
            "2026 wird 1 Personentag gebraucht; was bereitsteht, ist nicht erfasst.", "",
        ),
        (Part("", 0, 10), 0.95, (), "Für 2026 ist kein Bedarf an Personentagen erfasst.", ""),
        (Part("technisch", None, None), None, (),
         "Für 2026 ist im technischen Teil kein Bedarf an Personentagen erfasst.", ""),
    ],
)  # fmt: skip
def test_the_situation_says_what_is_missing_against_which_soll_and_where(
    whole: Part, soll: float | None, parts: tuple[Part, ...], bold: str, rest: str
) -> None:
    assert words.situation(2026, whole, soll, parts) == Sentence(bold, rest)


def test_the_bottleneck_is_the_role_covered_least_and_none_when_no_role_lacks_days() -> None:
    assert words.bottleneck((ORG, TECH)) == TECH
    assert words.bottleneck((Part("organisatorisch", 10, 12), Part("technisch", 10, None))) is None


@pytest.mark.parametrize(
    ("short", "known", "title"),
    [
        (0, 0, "Personentage nach Quartal"),
        (0, 1, "Im Quartal fehlen keine Personentage"),
        (1, 1, "Im Quartal fehlen Personentage"),
        (0, 8, "In keinem Quartal fehlen Personentage"),
        (1, 8, "In 1 von 8 Quartalen fehlen Personentage"),
        (8, 8, "In allen 8 Quartalen fehlen Personentage"),
    ],
)
def test_the_title_of_the_quarters_counts_those_that_lack_days(short: int, known: int, title: str) -> None:
    assert words.quarters(short, known) == title


@pytest.mark.parametrize(
    ("earliest", "latest", "found"),
    [
        (date(2029, 1, 1), date(2030, 12, 31), "gehalten"),
        (date(2029, 1, 1), date(2031, 1, 1), "offen"),
        (date(2029, 1, 1), None, "offen"),
        (date(2031, 1, 1), None, "verfehlt"),
        (None, None, "verfehlt"),
    ],
)
def test_a_date_is_kept_only_when_the_worst_case_keeps_it(
    earliest: date | None, latest: date | None, found: str
) -> None:
    assert words.verdict(DUE, earliest, latest) == found


@pytest.mark.parametrize(
    ("dues", "verdicts", "title"),
    [
        ((), (), "Wann die Arbeit erledigt ist"),
        ((DUE,), ("gehalten",), "Das Szenario hält die Frist 31.12.2030"),
        ((DUE, DUE), ("gehalten", "gehalten"), "Beide Szenarien halten die Frist 31.12.2030"),
        ((DUE, DUE), ("verfehlt", "verfehlt"), "Beide Szenarien verfehlen die Frist 31.12.2030"),
        ((DUE, DUE), ("offen", "offen"), "Ob die Frist 31.12.2030 hält, bleibt offen"),
        ((DUE, DUE), ("verfehlt", "offen"), "Frist 31.12.2030: A verfehlt, B offen"),
        (
            (DUE, date(2031, 12, 31)), ("verfehlt", "gehalten"),
            "Frist: A verfehlt (31.12.2030), B gehalten (31.12.2031)",
        ),
    ],
)  # fmt: skip
def test_the_title_of_the_forecast_claims_a_date_only_for_the_whole_span(
    dues: tuple[date, ...], verdicts: tuple[words.Verdict, ...], title: str
) -> None:
    assert words.forecast(dues, verdicts) == title
    assert len(title) <= 60


def test_below_ten_posts_nobody_says_how_far_they_are_filled() -> None:
    assert not words.may_tell_filled(9.5) and not words.may_tell_filled(None)
    assert words.may_tell_filled(10)


def test_differences_carry_their_sign_and_unit_and_the_unknown_is_a_dash() -> None:
    assert words.difference(-245, "PT") == "−245\u00a0PT"
    assert words.difference(1.5, "Stellen", 1) == "+1,5\u00a0Stellen"
    assert words.difference(None, "PT") == "–"
    assert words.days_apart(date(2030, 1, 1), date(2030, 1, 2)) == "+1\u00a0Tag"
    assert words.days_apart(date(2030, 1, 2), None) == "–"


def test_a_lagesatz_of_old_values_says_so() -> None:
    told = dated(Sentence("2026 fehlen 340 Personentage.", "Folge."), "veraltet, Stand 08.06.2026")
    assert told == Sentence("2026 fehlen 340 Personentage (veraltet, Stand 08.06.2026).", "Folge.")
    assert dated(Sentence("Satz."), "") == Sentence("Satz.")
