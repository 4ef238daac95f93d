"""German numbers, days and periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from dashboard import formats, texts

NB = "\u00a0"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1557, 0, "1.557"),
        (999, 0, "999"),
        (1234567.5, 1, "1.234.567,5"),
        (39.25, 1, "39,3"),
        (-22670, 0, "−22.670"),
        (-0.04, 1, "0,0"),
        (0, 0, "0"),
        (2.675, 2, "2,68"),
        (Decimal("0.5"), 0, "1"),
        (None, 0, "–"),
    ],
)
def test_numbers_have_points_commas_and_a_real_minus(value: float | None, decimals: int, text: str) -> None:
    assert formats.number(value, decimals) == text


def test_rounding_is_commercial_and_not_to_the_even_digit() -> None:
    assert [formats.number(Decimal(v)) for v in ("0.5", "1.5", "2.5", "-2.5")] == ["1", "2", "3", "−3"]
    assert formats.rounded(Fraction(1, 8), 2) == Decimal("0.13")


def test_changes_carry_their_sign_and_zero_has_none() -> None:
    assert [formats.number(v, plus=True) for v in (62, -15, 0)] == ["+62", "−15", "0"]


def test_percentages_come_from_fractions_with_a_no_break_space() -> None:
    assert formats.percent(0.3925619834710744) == f"39,3{NB}%"
    assert formats.percent(Decimal("0.45"), 0) == f"45{NB}%"
    assert formats.percent(None) == "–"


def test_shares_differ_by_prozentpunkte() -> None:
    assert formats.points(-0.057) == f"−5,7{NB}Prozentpunkte"
    assert formats.points(0.25, 0) == f"+25{NB}Prozentpunkte"
    assert formats.points(0.01, 0) == f"+1{NB}Prozentpunkt"
    assert formats.points(None) == "–"


def test_amounts_of_money() -> None:
    assert formats.eur(986000) == f"986.000{NB}€"
    assert formats.eur(Decimal("-22670.00")) == f"−22.670{NB}€"
    assert formats.eur(Decimal("1234.5"), cents=True) == f"1.234,50{NB}€"
    assert formats.thousand_eur(11400, plus=True, unit=False) == "+11"
    assert formats.thousand_eur(986000) == f"986{NB}T€"
    assert formats.million_eur(3_452_000) == f"3,5{NB}Mio.{NB}€"
    assert {formats.eur(None), formats.thousand_eur(None), formats.million_eur(None)} == {"–"}


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (0.393, "percent", 1, f"39,3{NB}%"),
        (19, "days", 0, f"19{NB}Tage"),
        (1, "days", 0, f"1{NB}Tag"),
        (0, "minutes", 0, f"0{NB}Minuten"),
        (1, "minutes", 0, f"1{NB}Minute"),
        (2.34, "grade", 1, "2,3"),
        (2040, "pt", 0, f"2.040{NB}PT"),
        (37, "count", 0, "37"),
        (-22670, "eur", 0, f"−22.670{NB}€"),
        (None, "eur", 0, "–"),
    ],
)
def test_values_of_metrics_carry_their_unit(value: float | None, unit: str, decimals: int, text: str) -> None:
    assert formats.amount(value, unit, decimals) == text


def test_changes_of_metrics_are_signed_in_their_unit() -> None:
    assert formats.change(-15, "days") == f"−15{NB}Tage"
    assert formats.change(0.25, "percent", 0) == f"+25{NB}Prozentpunkte"
    assert formats.change(-0.8, "grade", 1) == f"−0,8{NB}Noten"
    assert formats.change(None, "grade", 1) == "–"


def test_days_months_and_weekdays() -> None:
    day = date(2026, 6, 9)
    assert formats.day(day) == "09.06.2026"
    assert formats.day_short(day) == "09.06."
    assert formats.month(day) == "06/2026"
    assert formats.day_words(day) == "Dienstag, 9. Juni 2026"
    assert formats.day_words(day, with_weekday=False) == "9. Juni 2026"
    assert formats.month_name(date(2026, 3, 1)) == "Mär"
    assert formats.quarter(day) == "2. Quartal 2026"
    assert formats.quarter(day, short=True) == "Q2/26"
    assert formats.half_year(date(2026, 7, 1)) == "2. Halbjahr 2026"
    assert {formats.day(None), formats.day_short(None), formats.month(None)} == {"–"}


def test_times_are_local_on_both_sides_of_the_clock_change() -> None:
    assert formats.clock(datetime(2026, 10, 24, 1, 15, tzinfo=UTC), BERLIN) == f"03:15{NB}Uhr"
    assert formats.clock(datetime(2026, 10, 25, 2, 15, tzinfo=UTC), BERLIN) == f"03:15{NB}Uhr"
    assert formats.stand(datetime(2026, 6, 8, 22, 14, tzinfo=UTC), BERLIN) == f"09.06.2026, 00:14{NB}Uhr"
    assert formats.stand(None, BERLIN) == "–"


REPEATED = [
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30\u00a0Uhr\u00a0MESZ"),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30\u00a0Uhr\u00a0MEZ"),
    (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "03:30\u00a0Uhr"),
    (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), "01:59\u00a0Uhr"),
    (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "01:30\u00a0Uhr"),
    (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "03:30\u00a0Uhr"),
]


@pytest.mark.parametrize(("moment", "text"), REPEATED, ids=lambda value: str(value)[:16])
def test_d7_the_hour_that_exists_twice_names_its_zone(moment: datetime, text: str) -> None:
    assert formats.clock(moment, BERLIN) == text
    assert formats.stand(moment, BERLIN).endswith(text)
    assert ("MEZ" in formats.clock_seconds(moment, BERLIN)) is ("MEZ" in text)


PERIOD_ENDS = [
    # day, quarter, half year, part of the year that has passed
    (date(2026, 12, 31), "4. Quartal 2026", "2. Halbjahr 2026", Fraction(1)),
    (date(2027, 1, 1), "1. Quartal 2027", "1. Halbjahr 2027", Fraction(1, 365)),
    (date(2028, 2, 29), "1. Quartal 2028", "1. Halbjahr 2028", Fraction(60, 366)),
    (date(2026, 6, 30), "2. Quartal 2026", "1. Halbjahr 2026", Fraction(181, 365)),
    (date(2026, 7, 1), "3. Quartal 2026", "2. Halbjahr 2026", Fraction(182, 365)),
]


@pytest.mark.parametrize(("day", "quarter", "half", "elapsed"), PERIOD_ENDS)
def test_d6_ends_of_periods_have_their_names(day: date, quarter: str, half: str, elapsed: Fraction) -> None:
    assert (formats.quarter(day), formats.half_year(day)) == (quarter, half)
    assert formats.year_elapsed(day) == Decimal(elapsed.numerator) / Decimal(elapsed.denominator)


def test_periods_have_an_en_dash_without_spaces() -> None:
    assert formats.period(2021, 2027) == "2021–2027"
    assert formats.period(2026, 2026) == "2026"
    assert formats.period(date(2026, 1, 1), date(2026, 6, 9)) == "01.01.2026–09.06.2026"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, f"0{NB}Sekunden"), (1, f"1{NB}Sekunde"), (59, f"59{NB}Sekunden"), (60, f"1{NB}Minute"),
     (14 * 60, f"14{NB}Minuten"), (125 * 60, f"2:05{NB}Stunden")],
)  # fmt: skip
def test_runs_last_seconds_minutes_or_hours(seconds: int, text: str) -> None:
    assert formats.duration(timedelta(seconds=seconds)) == text


def test_the_elapsed_part_of_the_year_knows_leap_years() -> None:
    assert formats.percent(formats.year_elapsed(date(2026, 6, 9))) == f"43,8{NB}%"
    assert formats.year_elapsed(date(2024, 12, 31)) == 1


def test_counts_in_sentences_for_none_one_and_many() -> None:
    assert texts.plural(0, "Leistung", "Leistungen") == "0 Leistungen"
    assert texts.plural(0, "Leistung", "Leistungen", zero="keine Leistungen") == "keine Leistungen"
    assert texts.plural(1, "Leistung", "Leistungen") == "1 Leistung"
    assert texts.plural(1557, "Leistung", "Leistungen") == "1.557 Leistungen"


def test_words_are_listed_as_sentences_do() -> None:
    assert [texts.listed(list("abc")[:n]) for n in range(4)] == ["", "a", "a und b", "a, b und c"]


def test_what_a_source_left_open_says_so() -> None:
    assert texts.dimension_value(None) == "ohne Angabe"
    assert texts.stage("3") == "3 Online-Leistung"
    assert texts.stage("ohne") == "nicht eingestuft"


def test_months_of_columns_are_short_as_people_write_them() -> None:
    months = [formats.month_words(date(2025, number, 1)) for number in (1, 3, 5, 6, 9, 12)]
    assert months == ["Jan. 2025", "März 2025", "Mai 2025", "Juni 2025", "Sept. 2025", "Dez. 2025"]
    assert formats.index(104.3) == "104" and formats.index(None) == "–"
