"""Whatever the figures are: sentences agree in number, keep their length, and claim only what holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import (
    messages,
    messages_budget,
    messages_money,
    messages_nachweis,
    messages_ressourcen,
    messages_umsetzung,
    messages_wirkungen,
)
from dashboard.cockpits import modelle
from dashboard.demo.city import TEMPLATE
from dashboard.sentence import LEAD_LENGTH, TITLE_LENGTH, Sentence, dated
from metrics.models.capacity import CapacityModel, capacity
from metrics.models.library import load_models

BERLIN = ZoneInfo("Europe/Berlin")
STAFF = cast("CapacityModel", load_models(TEMPLATE)["musterstadt_personal"])
ENGLISH = re.compile(r"\b(the|and|of|is|are|with|services?|budget total|target|forecast|null|true|false)\b")
BROKEN = re.compile(r"None|nan|inf\b|\{|\}|  | \.|\.\.|,,|\.$\.|-\d")
# A noun in the plural or a verb in the plural right behind a lonely „1“ that is no part of a larger number.
PLURALS = (
    "Leistungen", "Prozentpunkte", "Positionen", "Maßnahmen", "Kennzahlen", "Quellen", "Personentage",
    "Budgets", "Einheiten", "Wirkungen", "Monate", "Tage", "Datensätze", "Hinweise", "Stellen",
    "Lösungen", "Summen",
)  # fmt: skip
LONELY = re.compile(rf"(?<![\d.,])(?<!von )(?<!bis )1 (?:{'|'.join(PLURALS)})\b")
ALL_OF_ONE = re.compile(
    r"(?:Alle|alle|allen|Keine der|Keiner der|Keine von) 1(?![\d.,])|(?<![\d.,])0 von 0(?![\d.,])"
)
COUNTS = st.integers(0, 3000) | st.integers(0, 2)
EUROS = st.decimals(-99_999_999, 99_999_999, places=2) | st.sampled_from([0, 1, -1])
SHARES = st.floats(0, 1.5) | st.sampled_from([0.0, 0.5, 1.0])
PACES = st.none() | st.floats(0, 90)
NAMES = st.lists(
    st.sampled_from(["Wohngeld", "Papierverbrauch", "Stellenbesetzung", "Personal-" * 12]), max_size=6
)
RATINGS = st.lists(st.sampled_from(["gut", "warn", "krit", "neu"]), max_size=9)
DAYS = st.dates(date(2026, 1, 1), date(2060, 12, 31))


def complain(text: str) -> Iterator[str]:
    """What is wrong with a text wherever it stands."""
    plain = text.replace("\u00a0", " ")
    for pattern in (ENGLISH, BROKEN, LONELY, ALL_OF_ONE):
        if found := pattern.search(plain):
            yield f"{found.group()!r} in {plain!r}"


def check_title(text: str) -> None:
    """A title of a chart or card."""
    assert text and not list(complain(text)), list(complain(text))
    assert len(text) <= TITLE_LENGTH, text
    assert not text.endswith("."), text


def check_lead(sentence: Sentence) -> None:
    """A Lagesatz."""
    for part in (sentence.bold, sentence.rest):
        assert not list(complain(part)), list(complain(part))
    assert sentence.length <= LEAD_LENGTH, sentence
    assert sentence.bold.endswith((".", ":")) and (not sentence.rest or sentence.rest.endswith("."))
    assert sentence.rest or not sentence.bold.endswith(":")


@given(ratings=RATINGS, consequence=st.sampled_from(["", "Das Budget läuft auf etwas zu.", "X" * 120 + "."]))
def test_the_lagebild_counts_what_there_is(ratings: list, consequence: str) -> None:  # type: ignore[type-arg]
    found = messages.lagebild(ratings, consequence)
    check_lead(found)
    if set(ratings) - {"gut"}:
        assert "Alle" not in found.bold


@given(balance=EUROS)
def test_budget_outlooks_follow_the_sign_of_what_is_printed(balance: object) -> None:
    told = messages.budget_outlook("111240", balance)  # type: ignore[arg-type]
    title = messages.year_end(balance)  # type: ignore[arg-type]
    check_title(title)
    assert not list(complain(told))
    for text in (told, title):
        assert " 0\u00a0€" not in text, text
        assert not re.search(r"\b(bleiben|fehlen) (nach der Prognose )?1\u00a0€", text), text


@given(
    online=COUNTS,
    more=COUNTS,
    target=st.none() | SHARES,
    pace=PACES,
    needed=PACES,
    before=st.integers(-900, 900),
)
def test_the_backlog_is_claimed_only_below_the_soll(
    online: int, more: int, target: float | None, pace: float | None, needed: float | None, before: int
) -> None:
    total = online + more
    found = messages.ozg_progress(online, total, target, pace, needed, before)
    check_lead(found)
    if not total or target is None:
        assert "geplant" not in found.bold
    elif "weniger als geplant" in found.bold:
        assert online < target * total
    elif "mehr als geplant" in found.bold:
        assert online > target * total
    if "Rückstand" in found.rest:
        assert "weniger als geplant" in found.bold
    if found.rest and pace is not None and needed is not None:
        assert "reichen nicht" not in found.rest or pace < needed


@given(share=SHARES, low=SHARES, high=SHARES, goal=st.none() | st.floats(0.01, 1))
def test_a_goal_inside_the_band_is_neither_reached_nor_missed(
    share: float, low: float, high: float, goal: float | None
) -> None:
    low, share, high = sorted((low, share, high))
    found = messages.goal_gap(share, goal, 2027, low, high)
    check_title(found)
    if "erreichbar" in found:
        assert goal is not None and low >= goal - 0.001
    if "fehl" in found:
        assert goal is not None and high < goal


@given(
    above=COUNTS, below=COUNTS, target=st.none() | st.floats(0, 1), names=NAMES, percent=st.integers(0, 100)
)
def test_titles_of_rankings_count_what_lies_above(
    above: int, below: int, target: float | None, names: list[str], percent: int
) -> None:
    check_title(messages.fields_above(above, above + below, target))
    check_title(messages.units_below(names, percent, "Fachdienst"))
    check_title(messages.moves(above))
    check_title(messages.almost(above))
    check_title(messages.newly_online(above - below, "Ende 2025"))
    check_title(messages.curve(above - below, 0))
    check_lead(messages.bundles(above, above + below))
    check_lead(messages.other_scale(above, above + below, "Bielefelder Skala"))


@given(online=SHARES, deep=st.none() | SHARES, almost=st.none() | COUNTS)
def test_the_depth_is_told_whole(online: float, deep: float | None, almost: int | None) -> None:
    check_lead(messages.reifegrad(online, deep, almost))


@given(
    frame=EUROS, bound=SHARES, available=EUROS, balance=st.none() | EUROS,
    positions=st.integers(1, 40), part=st.floats(0, 1),
)  # fmt: skip
def test_the_budget_says_what_is_left_as_it_is_printed(
    frame: object, bound: float, available: object, balance: object, positions: int, part: float
) -> None:
    found = messages_budget.situation(
        frame,
        bound,
        available,
        balance,
        positions=positions,
        without_forecast=int(part * positions),  # type: ignore[arg-type]
    )
    check_lead(found)
    assert "-" not in found.bold.replace("−", "-") or str(frame).startswith("-")
    check_lead(messages_budget.closed_year(2025, frame, bound, available))  # type: ignore[arg-type]
    check_title(messages_budget.closed_title(2025, available))  # type: ignore[arg-type]


@given(flags=st.lists(st.sampled_from([True, False, None]), max_size=12))
def test_months_over_plan_are_claimed_only_where_they_are(flags: list[bool | None]) -> None:
    months = [(date(2026, place + 1, 1), flag) for place, flag in enumerate(flags)]
    found = messages_budget.months_over_plan(months, "Aufwand")
    check_title(found)
    if "über Plan" in found:
        assert True in flags
    if found == "Kein Monat liegt über dem Plan":
        assert True not in flags


@given(critical=NAMES, over=st.integers(0, 9), tolerated=st.booleans(), complete=st.booleans())
def test_positions_and_budgets_over_their_frame_are_named_as_far_as_they_fit(
    critical: list[str], over: int, tolerated: bool, complete: bool
) -> None:
    check_title(messages_budget.positions(critical, over, tolerated, complete))
    found = messages_money.budgets(critical, over, len(critical) + over + 1, 0)
    check_title(found)
    if not critical:
        assert "reichen nicht" not in found


@given(
    filled=SHARES, fte=st.floats(0, 4000), unsaid=st.sampled_from([0.0, 0.04, 2.5]), count=COUNTS, rest=EUROS
)
def test_posts_and_costs_keep_to_their_room(
    filled: float, fte: float, unsaid: float, count: int, rest: object
) -> None:
    check_title(messages_money.staff(round(fte * min(filled, 1), 1), fte, fte + unsaid))
    check_title(messages_money.grades(fte, round(fte * 0.1, 1), unsaid))
    check_title(messages_money.solutions(count, rest))  # type: ignore[arg-type]
    check_title(messages_money.printed(min(count, 5), max(count, 5)))
    check_title(messages_money.unit_costs(["Wohngeldantrag im Bürgerbüro", "Bauantrag"], [count, 2500]))


@given(wanted=st.integers(0, 20), more=st.integers(0, 20), in_plan=st.integers(0, 20), behind=NAMES)
def test_effects_go_the_wanted_way_only_where_they_do(
    wanted: int, more: int, in_plan: int, behind: list[str]
) -> None:
    found = messages_wirkungen.effects(wanted, wanted + more, in_plan, behind)
    check_lead(found)
    if "Alle" in found.bold:
        assert not more
    check_title(messages_wirkungen.goals_title(wanted))


@given(fresh=COUNTS, more=COUNTS, known=COUNTS, rest=COUNTS, published=st.sampled_from([True, False, None]))
def test_the_night_is_counted(fresh: int, more: int, known: int, rest: int, published: bool | None) -> None:
    check_lead(messages.sources(fresh, fresh + more, published, known, known + rest, "09.06.2026"))
    check_title(messages_nachweis.sources_title(fresh, fresh + more))
    check_title(messages_nachweis.hints_title(fresh))
    for text in (
        messages_nachweis.rejected(min(fresh, more), more),
        messages_nachweis.adds_up(fresh, more, known, rest),
        messages_nachweis.catalogue(fresh, fresh + more, "", True),
        messages_nachweis.catalogue(fresh, fresh + more, "Haushalt"),
    ):
        assert not list(complain(text)), text


@pytest.mark.parametrize("state", [None, "published", "interrupted", "failed", "running"])
def test_a_run_without_an_end_has_no_hour(state: str | None) -> None:
    check_title(messages_nachweis.run_title(state, None, BERLIN))


@given(part=st.none() | COUNTS, rest=COUNTS, kg=st.none() | st.floats(-9e5, 9e5), shares=SHARES)
def test_titles_of_the_roll_out_count(part: int | None, rest: int, kg: float | None, shares: float) -> None:
    total = (part or 0) + rest
    check_title(messages_umsetzung.channel_title(part, total))
    check_title(messages_umsetzung.saving_title(kg, "unvollständig"))
    check_title(messages_umsetzung.reached_title(part, total))
    check_title(messages_umsetzung.mail_in_title(part, total))
    check_title(messages_umsetzung.council_title(part, total))
    check_title(messages_umsetzung.overdue_title(part))


@given(
    needed=st.none() | COUNTS, available=st.none() | COUNTS, soll=st.none() | SHARES,
    org=COUNTS, tech=COUNTS, role=st.sampled_from(["", "organisatorisch", "technisch"]),
)  # fmt: skip
def test_missing_days_are_claimed_only_where_they_are_missing(
    needed: int | None, available: int | None, soll: float | None, org: int, tech: int, role: str
) -> None:
    part = messages_ressourcen.Part
    parts = (part("organisatorisch", org, tech), part("technisch", tech, org))
    found = messages_ressourcen.situation(2026, part(role, needed, available), soll, parts)
    check_lead(found)
    if "fehl" in found.bold:
        assert needed is not None and available is not None and available < needed
    if "fehlen im" in found.rest or "Dort fehl" in found.rest:
        assert org != tech
    check_title(messages_ressourcen.quarters(min(org, tech), max(org, tech)))


@given(due=DAYS, earliest=st.none() | DAYS, latest=st.none() | DAYS, other=DAYS)
def test_a_date_is_called_kept_only_in_the_worst_case(
    due: date, earliest: date | None, latest: date | None, other: date
) -> None:
    if earliest is None or (latest is not None and latest < earliest):
        earliest, latest = latest, None
    found = messages_ressourcen.verdict(due, earliest, latest)
    check_title(messages_ressourcen.forecast([due, other], [found, "offen"]))
    check_title(messages_ressourcen.forecast([due, due], [found, found]))
    if found == "gehalten":
        assert latest is not None and latest <= due


@given(
    bold=st.sampled_from(["Satz.", "Satz:", "X" * 110 + "."]), rest=st.sampled_from(["", "Folge.", "Y" * 50])
)
def test_old_values_are_said_to_be_old_within_the_length(bold: str, rest: str) -> None:
    found = dated(Sentence(bold, rest), "veraltet, Stand 08.06.2026")
    assert "(veraltet, Stand 08.06.2026)" in found.bold
    assert found.length <= LEAD_LENGTH


@given(
    cases=st.integers(0, 9000), posts=st.decimals(0, 90, places=1), days=st.decimals(1, 400, places=1),
    scenario=st.sampled_from(["nur_organisation", "alle_tage"]),
)  # fmt: skip
def test_a_calculation_of_staff_names_its_span_whatever_is_asked(
    cases: int, posts: object, days: object, scenario: str
) -> None:
    asked = {"cases": str(cases), "posts.technisch": str(posts), "days.technisch": str(days)}
    result = capacity(STAFF.with_values(asked, date(2026, 6, 9)), scenario)
    bold, rest = modelle.capacity_lead(STAFF, result)
    check_lead(Sentence(bold, rest))
    if result.done and result.done.latest and result.done.earliest:
        apart = (result.done.latest - result.done.earliest).days
        assert apart < 32 or "zwischen" in rest, rest
