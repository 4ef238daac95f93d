"""Figures of Musterstadt on 9 June 2026 again, added up from the delivered files without the product's SQL.

The first line of a test carries the sum as a person would write it; the code adds up the files and compares.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.by_hand import (
    DEZERNAT,
    TODAY,
    Register,
    durations,
    euro,
    iso,
    ledger,
    measures,
    obligo,
    ratios,
    total,
)
from tests.example_city import ExampleCity

NEW_YEAR = "2025-12-31"


@pytest.fixture(scope="module")
def register(example_city: ExampleCity) -> Register:
    return Register(example_city)


def test_ozg_online_share(example_city: ExampleCity, register: Register) -> None:
    """570 own services at level 3 or 4, of 1.452: 570 / 1452 = 39,3 %."""
    online = [service for service in register.on(TODAY) if register.level(service[0]) >= 3]
    assert (len(online), len(register.on(TODAY))) == (570, 1452)
    result = example_city.ask("ozg_online_share")
    assert (result.rows[0].numerator, result.rows[0].denominator) == (570, 1452)
    assert result.rows[0].value == 570 / 1452
    assert result.coverage and (result.coverage.known, result.coverage.total) == (1452, 1452)


@pytest.mark.parametrize(
    ("dimension", "member"),
    [
        ("themenfeld", lambda service: service[1]),
        ("org_unit_id", lambda service: service[2]),
        ("dezernat", lambda service: DEZERNAT[service[2]]),
    ],
)
def test_ozg_online_share_in_its_breakdowns(
    example_city: ExampleCity, register: Register, dimension: str, member: Callable[[Any], str]
) -> None:
    every = Counter(member(service) for service in register.on(TODAY))
    online = Counter(member(service) for service in register.on(TODAY) if register.level(service[0]) >= 3)
    assert example_city.by("ozg_online_share", dimension) == ratios(online, every)


def test_ozg_online_share_at_the_end_of_2024(example_city: ExampleCity, register: Register) -> None:
    """Then 318 of the 1.442 services that were on the list: 22,1 %; the months in between agree as well."""
    day = "2024-12-31"
    online = [service for service in register.on(day) if register.level(service[0], day) >= 3]
    assert (len(online), len(register.on(day))) == (318, 1442)
    assert example_city.value("ozg_online_share", at=date(2024, 12, 31)) == 318 / 1442
    history = example_city.by("ozg_online_share", "period")
    for month, end in (("2021-12", "2021-12-31"), ("2023-06", "2023-06-30"), ("2024-12", day)):
        there = [register.level(service[0], end) >= 3 for service in register.on(end)]
        assert history[month] == sum(there) / len(there)


def test_ozg_end_to_end_share(example_city: ExampleCity, register: Register) -> None:
    """199 of 1.452: 13,7 %."""
    found = sum(register.is_end_to_end(service[0]) for service in register.on(TODAY))
    assert found == 199 and example_city.value("ozg_end_to_end_share") == 199 / 1452


def test_reifegrad_distribution(example_city: ExampleCity, register: Register) -> None:
    levels = Counter(str(register.level(service[0])) for service in register.on(TODAY))
    assert example_city.by("reifegrad_distribution", "bucket") == ratios(
        levels, dict.fromkeys(levels, levels.total())
    )


def test_reifegrad_transition_count(example_city: ExampleCity, register: Register) -> None:
    moves: Counter[str] = Counter()
    before = {service[0] for service in register.on(NEW_YEAR)}
    for service in register.on(TODAY):
        old, new = register.level(service[0], NEW_YEAR), register.level(service[0])
        if new >= 3 > old:
            moves["neu_online"] += 1
        elif service[0] not in before or (old < 0 <= new):
            moves["neu_erfasst"] += 1
        else:
            moves["hoeher" if new > old else "zurueckgestuft" if new < old else "gleich"] += 1
    assert moves.total() == 1452 and moves["zurueckgestuft"] == 2
    assert example_city.by("reifegrad_transition_count", "wechsel") == moves


def test_ozg_new_online_count_over_six_full_months(example_city: ExampleCity, register: Register) -> None:
    """December 2025 to May 2026; June is not over. 112 services, 18,7 a month."""
    months = Counter(register.first_online(service[0])[:7] for service in register.services)
    window = ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
    assert example_city.value("ozg_new_online_count") == sum(months[m] for m in window) == 112
    flow = example_city.by("ozg_new_online_count", "period", between=(date(2024, 1, 1), date(2024, 12, 31)))
    assert flow == {f"2024-{m:02d}": months[f"2024-{m:02d}"] for m in range(1, 13)}


def test_reifegrad_almost_count_and_top20(example_city: ExampleCity, register: Register) -> None:
    almost = sum(register.level(service[0]) == 2 and service[5] == 1 for service in register.on(TODAY))
    assert example_city.value("reifegrad_almost_count") == almost == 35
    top = [register.level(service[0]) >= 3 for service in register.on(TODAY) if (service[4] or 99) <= 20]
    assert (sum(top), len(top)) == (13, 20) and example_city.value("ozg_top20_online_share") == 13 / 20


def test_ozg_bundle_online_share(example_city: ExampleCity, register: Register) -> None:
    """One service online makes its bundle online: 186 of the 372 bundles that concern the city."""
    catalogue = {row["ozg_id"] for row in example_city.csv("inbox/kataloge/ozg_leistungen_*.csv")}
    own = {service[3] for service in register.on(TODAY)} & catalogue
    online = {service[3] for service in register.on(TODAY) if register.level(service[0]) >= 3} & own
    assert (len(online), len(own)) == (186, 372)
    assert example_city.value("ozg_bundle_online_share") == 186 / 372


def test_ozg_projects(example_city: ExampleCity) -> None:
    projects = example_city.database("leistungsregister", "SELECT begonnen_am, abgeschlossen_am FROM projekt")
    done = sum(end is not None and end <= TODAY for _, end in projects)
    running = sum(
        begin is not None and begin <= TODAY and not (end and end <= TODAY) for begin, end in projects
    )
    assert (done, running, len(projects)) == (231, 83, 600)
    assert example_city.value("ozg_project_done_share") == 231 / 600
    states = {"erledigt": 231, "laufend": 83, "offen": 600 - 231 - 83}
    assert example_city.by("ozg_project_status_count", "bucket") == ratios(states, dict.fromkeys(states, 600))


def test_ozg_project_step_days_of_twelve_full_months(example_city: ExampleCity) -> None:
    days: Counter[str] = Counter()
    steps: Counter[str] = Counter()
    for step, begin, end in example_city.database(
        "leistungsregister", "SELECT schritt, von, bis FROM projektschritt"
    ):
        if end and "2025-06-01" <= end <= "2026-05-31":
            days[step] += (date.fromisoformat(end) - date.fromisoformat(begin)).days
            steps[step] += 1
    assert example_city.by("ozg_project_step_days", "step") == ratios(days, steps)


def test_budget_of_the_product_111240(example_city: ExampleCity) -> None:
    """986.000 frame − 418.350 Ist − 187.420 Obligo = 380.230 free; 418.350 / 986.000 = 42,4 %."""
    frame, ist = (
        total(ledger(example_city, "Haushaltsplan", 2026)),
        total(ledger(example_city, "Buchungen", 2026)),
    )
    bound = obligo(example_city, 2026, TODAY)
    assert (frame, ist, bound) == (986_000, 418_350, 187_420)
    mine = {"where": {"produkt": "111240"}}
    assert example_city.value("budget_frame_eur", **mine) == frame
    assert example_city.value("budget_ist_eur", **mine) == ist
    assert example_city.value("budget_obligo_eur", **mine) == bound
    assert example_city.value("budget_available_eur", **mine) == frame - ist - bound == 380_230
    assert example_city.value("budget_use_share", **mine) == 418_350 / 986_000
    assert example_city.value("budget_bound_share", **mine) == (418_350 + 187_420) / 986_000


def test_budget_use_share_by_position(example_city: ExampleCity) -> None:
    frame: Counter[str] = Counter()
    ist: Counter[str] = Counter()
    for row in ledger(example_city, "Haushaltsplan", 2026):
        frame[row["Position"]] += row["eur"]
    for row in ledger(example_city, "Buchungen", 2026):
        ist[row["Position"]] += row["eur"]
    assert example_city.by("budget_use_share", "position_id", where={"produkt": "111240"}) == ratios(
        ist, frame
    )


def test_budget_at_the_end_of_august_2024(example_city: ExampleCity) -> None:
    day, question = "2024-08-31", {"where": {"produkt": "111240"}, "at": date(2024, 8, 31)}
    frame = total(r for r in ledger(example_city, "Haushaltsplan", 2024) if iso(r["Beschlossen"]) <= day)
    ist = total(r for r in ledger(example_city, "Buchungen", 2024) if iso(r["Buchungstag"]) <= day)
    assert example_city.value("budget_available_eur", **question) == frame - ist - obligo(
        example_city, 2024, day
    )
    assert example_city.value("budget_ist_eur", **question) == ist == Decimal("832074.33")


def test_budget_forecast_and_its_months(example_city: ExampleCity) -> None:
    """The forecast of 05.06.2026 says 1.008.670: 986.000 − 1.008.670 = −22.670."""
    months = [r for r in ledger(example_city, "Monatswerte", 2026) if r["Art"] == "Prognose"]
    newest = max(iso(r["Stand"]) for r in months)
    last = [r for r in months if iso(r["Stand"]) == newest]
    assert (newest, total(last)) == ("2026-06-05", 1_008_670)
    mine = {"where": {"produkt": "111240"}}
    assert example_city.value("budget_forecast_balance_eur", **mine) == 986_000 - 1_008_670
    per_month: Counter[str] = Counter()
    for row in last:
        per_month[iso(row["Monat"])[:7]] += row["eur"]
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert example_city.by("budget_forecast_month_eur", "period", between=year, **mine) == per_month
    booked: Counter[str] = Counter()
    for row in ledger(example_city, "Buchungen", 2026):
        booked[iso(row["Buchungstag"])[:7]] += row["eur"]
    assert example_city.by("budget_ist_month_eur", "period", between=year, **mine) == booked


def test_dms_workplaces_and_licences(example_city: ExampleCity) -> None:
    """582 of 812 workplaces (71,7 %), 538 of 750 licences."""
    report = example_city.workbook("inbox/dms_berichte/DMS-Bericht_2026-06-01.xlsx", header_row=4)
    places, linked = (Counter[str](), Counter[str]())
    for row in report:
        places[DEZERNAT[row["Fachdienst"]]] += int(row["Büroarbeitsplätze"])
        linked[DEZERNAT[row["Fachdienst"]]] += int(row["davon angebunden"])
    assert (linked.total(), places.total()) == (582, 812)
    assert example_city.value("dms_workplace_share") == 582 / 812
    assert example_city.by("dms_workplace_share", "dezernat") == ratios(linked, places)
    used, bought = (sum(int(row[name]) for row in report) for name in ("genutzte Lizenzen", "Lizenzen"))
    assert (used, bought) == (538, 750) and example_city.value("dms_licence_share") == 538 / 750


def test_measures(example_city: ExampleCity) -> None:
    """159 of 3.046 are overdue: 5,2 %; 1.214 are done."""
    every, done, overdue = measures(example_city, TODAY, group=1)
    assert (every.total(), done.total(), overdue.total()) == (3046, 1214, 159)
    assert example_city.value("measure_overdue_share") == 159 / 3046
    assert example_city.value("measure_done_share") == 1214 / 3046
    assert example_city.by("measure_overdue_share", "goal") == ratios(overdue, every)
    every, _, overdue = measures(example_city, "2024-12-31", group=0)
    assert (
        example_city.value("measure_overdue_share", at=date(2024, 12, 31)) == overdue.total() / every.total()
    )


def test_capacity_cover_share(example_city: ExampleCity) -> None:
    """1.300 + 740 available of 1.395 + 985 needed: 2.040 / 2.380 = 85,7 %."""
    needed, available = Counter[str](), Counter[str]()
    for entry in example_city.entered("capacity"):
        if str(entry["month"]).startswith("2026"):
            needed[entry["role"]] += Decimal(str(entry["needed_pt"]))
            available[entry["role"]] += Decimal(str(entry["available_pt"]))
    assert (available.total(), needed.total()) == (2040, 2380)
    assert example_city.value("capacity_cover_share") == 2040 / 2380
    assert example_city.by("capacity_cover_share", "role") == ratios(available, needed)


def test_case_duration_days(example_city: ExampleCity) -> None:
    """March to May 2026: half of the 2.528 online cases took at most 19 days."""
    decided = durations(example_city, "2026-03-01", "2026-05-31")
    online = [days for _, channel, days in decided if channel == "O"]
    assert (len(online), statistics.median(online)) == (2528, 19)
    assert example_city.value("case_duration_days", where={"channel": "online"}) == 19
    medians = {
        procedure: statistics.median(days for name, _, days in decided if name == procedure)
        for procedure in {name for name, _, _ in decided}
    }
    assert example_city.by("case_duration_days", "procedure") == medians
    past = [
        days for name, _, days in durations(example_city, "2024-10-01", "2024-12-31") if name == "wohngeld"
    ]
    question = {"where": {"procedure": "wohngeld"}, "at": date(2024, 12, 31)}
    assert example_city.value("case_duration_days", **question) == statistics.median(past)


def test_application_online_share_over_twelve_full_months(example_city: ExampleCity) -> None:
    """June 2025 to May 2026: 9.810 of 22.193 applications came online: 44,2 %."""
    every, online = Counter[str](), Counter[str]()
    for row in example_city.csv("inbox/buergerportal/Antragsstatistik_*.csv"):
        if "2025-06-01" <= iso(row["Monat"]) <= "2026-05-01":
            every[row["Verfahren"]] += int(row["Anträge"])
            online[row["Verfahren"]] += int(row["Anträge"]) if row["Kanal"] == "Online" else 0
    assert (online.total(), every.total()) == (9810, 22193)
    assert example_city.value("application_online_share") == 9810 / 22193
    assert example_city.by("application_online_share", "procedure") == ratios(online, every)


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("waiting_time_minutes", "Wartezeit Bürgerservice (Minuten)"),
        ("recruiting_days", "Stellenbesetzung (Tage bis Zusage)"),
        ("search_minutes", "Suchzeit je Vorgang (Minuten)"),
        ("satisfaction_grade", "Zufriedenheit Online-Dienste (Schulnote)"),
    ],
)
def test_means_are_sums_over_counts_of_twelve_full_months(
    example_city: ExampleCity, metric: str, name: str
) -> None:
    rows = [
        row
        for row in example_city.csv("inbox/wirkungsmessung/Wirkungsmessung_*.csv")
        if row["Messgröße"] == name and "2025-06-01" <= iso(row["Monat"]) <= "2026-05-01"
    ]
    assert len(rows) == 12
    mean = Fraction(sum(euro(row["Summe"]) for row in rows)) / sum(int(row["Anzahl"]) for row in rows)
    assert example_city.value(metric) == float(mean)


def test_paper_of_the_last_full_month(example_city: ExampleCity) -> None:
    rows = example_city.csv("inbox/wirkungsmessung/Wirkungsmessung_*.csv")
    (may,) = (r for r in rows if r["Messgröße"] == "Papierverbrauch (Blatt)" and r["Monat"] == "01.05.2026")
    assert example_city.value("paper_sheets_count") == euro(may["Summe"]) == 413_674
