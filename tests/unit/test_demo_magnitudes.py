"""Figures of Musterstadt on 9 June 2026, counted by hand from the files the city delivers."""

from __future__ import annotations

import csv
import sqlite3
import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from dashboard.demo import write_city
from dashboard.demo.entries import entries

DAY = date(2026, 6, 9)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("musterstadt")
    write_city(folder, as_of=DAY)
    return folder


def _query(city: Path, database: str, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{city / 'fachverfahren' / database}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _csv(city: Path, pattern: str, encoding: str = "utf-8-sig") -> Iterator[dict[str, str]]:
    (path,) = city.glob(pattern)
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _finance(city: Path, name: str) -> list[dict[str, str]]:
    rows = list(_csv(city, f"inbox/haushaltsverfahren/{name}_*.csv", "cp1252"))
    assert rows[-1]["Haushaltsjahr"] == "Summe"
    return [row for row in rows[:-1] if row["Produkt"] == "111240" and row["Haushaltsjahr"] == "2026"]


def _euro(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def _total(rows: list[dict[str, str]]) -> Decimal:
    return sum((_euro(row["Betrag in €"]) for row in rows), Decimal(0))


CURRENT = """
SELECT l.kennung, l.themenfeld, l.fachdienst, e.stufe, e.ende_zu_ende, l.fehlende_bausteine, l.rang
FROM leistung l JOIN einstufung e ON e.leistung = l.kennung AND e.modell = 'ozg_1_1'
WHERE l.zustaendigkeit = 'eigen'
  AND e.eingestuft_am = (SELECT max(x.eingestuft_am) FROM einstufung x
                         WHERE x.leistung = l.kennung AND x.modell = 'ozg_1_1')
"""


def test_39_3_percent_of_the_services_are_online_and_13_7_percent_end_to_end(city: Path) -> None:
    services = _query(city, "leistungsregister.sqlite", CURRENT)
    ((own,),) = _query(
        city, "leistungsregister.sqlite", "SELECT count(*) FROM leistung WHERE zustaendigkeit = 'eigen'"
    )
    assert own == 1452
    assert round(sum(row[3] >= 3 for row in services) / own, 3) == 0.393
    assert round(sum(row[4] for row in services) / own, 3) == 0.137
    # Ende-zu-Ende is an attribute of its own: it is not the same set as level 4.
    assert {row[0] for row in services if row[4]} != {row[0] for row in services if row[3] == 4}


def test_some_forty_services_lack_one_block_and_13_of_the_top_20_are_online(city: Path) -> None:
    services = _query(city, "leistungsregister.sqlite", CURRENT)
    assert 33 <= sum(row[3] == 2 and row[5] == 1 for row in services) <= 41
    assert sum(row[6] is not None and row[6] <= 20 and row[3] >= 3 for row in services) == 13
    assert all(row[5] == 0 for row in services if row[3] >= 3)


def test_themenfelder_and_fachdienste_are_unequal(city: Path) -> None:
    services = _query(city, "leistungsregister.sqlite", CURRENT)
    shares = {}
    for unit in {row[2] for row in services}:
        levels = [row[3] for row in services if row[2] == unit]
        shares[unit] = sum(level >= 3 for level in levels) / len(levels)
    assert len(shares) == 12
    assert shares["FD10"] > 0.5 and shares["FD70"] > 0.5
    assert max(shares["FD63"], shares["FD53"], shares["FD37"]) < 0.2


def test_about_a_hundred_went_online_this_year_and_two_fell_back(city: Path) -> None:
    rows = _query(
        city,
        "leistungsregister.sqlite",
        "SELECT leistung, stufe, eingestuft_am FROM einstufung WHERE modell = 'ozg_1_1' ORDER BY 1, 3",
    )
    before = {key: level for key, level, on in rows if on <= "2025-12-31"}
    now = {key: level for key, level, _ in rows}
    assert 95 <= sum(now[key] >= 3 > before.get(key, 0) for key in now) <= 120
    assert sum(now[key] < before.get(key, 0) for key in now) == 2


def test_the_share_rises_along_the_curve_since_2022(city: Path) -> None:
    rows = _query(
        city,
        "leistungsregister.sqlite",
        "SELECT leistung, stufe, eingestuft_am FROM einstufung WHERE modell = 'ozg_1_1' ORDER BY 1, 3",
    )
    shares = []
    for day in ("2022-01-31", "2023-06-30", "2024-12-31", "2025-12-31"):
        levels = {key: level for key, level, on in rows if on <= day}
        shares.append(sum(level >= 3 for level in levels.values()) / len(levels))
    assert shares == pytest.approx([0.08, 0.132, 0.22, 0.323], abs=0.006)


def test_84_projects_run_and_technical_work_is_the_bottleneck(city: Path) -> None:
    states = _query(city, "leistungsregister.sqlite", "SELECT begonnen_am, abgeschlossen_am FROM projekt")
    assert len(states) == 600
    assert sum(done is not None for _, done in states) == pytest.approx(231, abs=3)
    assert sum(begun is not None and done is None for begun, done in states) == pytest.approx(84, abs=3)
    days = dict(
        _query(
            city,
            "leistungsregister.sqlite",
            "SELECT schritt, avg(julianday(bis) - julianday(von)) FROM projektschritt "
            "WHERE bis BETWEEN '2025-06-10' AND '2026-06-09' GROUP BY schritt",
        )
    )
    assert days == pytest.approx(
        {"pruefung": 18, "aufnahme": 34, "optimierung": 41, "umsetzung": 96, "test": 16}, rel=0.05
    )


def test_the_budget_of_2026_is_the_written_one_to_the_euro(city: Path) -> None:
    def plan(name: str) -> list[dict[str, str]]:
        return [row for row in _finance(city, name) if row["Plan"] == "Ergebnisplan"]

    frames = plan("Haushaltsplan")
    assert _total([row for row in frames if row["Bestandteil"] == "Ansatz"]) == 939_800
    assert _total([row for row in frames if row["Bestandteil"] == "Übertrag"]) == 46_200
    assert _total(plan("Buchungen")) == 418_350
    assert _total([row for row in plan("Auftraege") if not row["Abgerechnet"]]) == 187_420
    forecast = [
        row for row in plan("Monatswerte") if row["Art"] == "Prognose" and row["Stand"] == "05.06.2026"
    ]
    assert 986_000 - _total(forecast) == -22_670
    assert len(forecast) == 12 * 7


def test_each_position_of_2026_shows_its_written_state(city: Path) -> None:
    bookings, orders = _finance(city, "Buchungen"), _finance(city, "Auftraege")
    ist = {p: _total([r for r in bookings if r["Position"] == p]) for p in ("010", "020", "030", "070")}
    assert ist == {"010": 229_300, "020": 89_000, "030": 71_900, "070": 4_850}
    bound = {
        p: _total([r for r in orders if r["Position"] == p and not r["Abgerechnet"]])
        for p in ("010", "020", "030")
    }
    assert bound == {"010": 0, "020": 78_200, "030": 88_400}


def test_the_finanzplan_leaves_42_640_euro(city: Path) -> None:
    def plan(name: str) -> list[dict[str, str]]:
        return [row for row in _finance(city, name) if row["Plan"] == "Finanzplan"]

    bound = _total([row for row in plan("Auftraege") if not row["Abgerechnet"]])
    assert _total(plan("Haushaltsplan")) == 200_000
    assert 200_000 - _total(plan("Buchungen")) - bound == 42_640


def test_the_control_line_of_each_finance_file_is_its_sum(city: Path) -> None:
    for name in ("Haushaltsplan", "Buchungen", "Auftraege", "Monatswerte"):
        rows = list(_csv(city, f"inbox/haushaltsverfahren/{name}_*.csv", "cp1252"))
        assert _total(rows[:-1]) == _euro(rows[-1]["Betrag in €"]), name


def test_the_finance_export_has_the_quirks_of_a_real_one(city: Path) -> None:
    (path,) = city.glob("inbox/haushaltsverfahren/Buchungen_*.csv")
    raw = path.read_bytes()
    assert b"Betrag in \x80" in raw and b"\r\n" in raw
    row = next(_csv(city, "inbox/haushaltsverfahren/Buchungen_*.csv", "cp1252"))
    assert row["Sachkonto"].startswith("0") and row["Kostenstelle"].startswith("0")


def test_159_of_3046_measures_are_overdue(city: Path) -> None:
    rows = _query(
        city,
        "massnahmenliste.sqlite",
        "SELECT frist, erledigt_am, beginn_geplant, art FROM massnahme WHERE aufgegeben_am IS NULL",
    )
    day = DAY.isoformat()
    assert len(rows) == 3046
    assert sum(done is not None for _, done, _, _ in rows) == 1214
    assert sum(done is None and due < day for due, done, _, _ in rows) == 159
    assert sum(done is None and begin <= day <= due for due, done, begin, _ in rows) == 862
    assert sum(kind == "ozg" for *_, kind in rows) == pytest.approx(575, abs=30)


def _durations(city: Path, database: str, first: str, last: str, more: str = "") -> list[int]:
    rows = _query(
        city,
        database,
        "SELECT julianday(bescheid_am) - julianday(eingang_vollstaendig) FROM vorgang "
        f"WHERE bescheid_am BETWEEN '{first}' AND '{last}' {more}",
    )
    return [int(days) for (days,) in rows]


def test_wohngeld_and_bau_became_faster_with_their_online_applications(city: Path) -> None:
    median = statistics.median
    assert median(_durations(city, "wohngeld.sqlite", "2023-08-01", "2024-07-31")) == pytest.approx(
        41, abs=1.5
    )
    assert median(_durations(city, "wohngeld.sqlite", "2025-06-01", "2026-05-31")) == pytest.approx(26, abs=1)
    assert median(_durations(city, "bauaufsicht.sqlite", "2023-12-01", "2024-11-30")) == pytest.approx(
        34, abs=1.5
    )
    assert median(_durations(city, "bauaufsicht.sqlite", "2025-06-01", "2026-05-31")) == pytest.approx(
        22, abs=1
    )


def test_online_applications_take_19_days(city: Path) -> None:
    days = [
        value
        for database in ("wohngeld.sqlite", "bauaufsicht.sqlite", "buergerservice.sqlite")
        for value in _durations(city, database, "2026-03-01", "2026-05-31", "AND eingangsart = 'O'")
    ]
    assert statistics.median(days) == 19


def test_44_percent_of_22000_applications_come_online(city: Path) -> None:
    months = Counter[str]()
    online = Counter[str]()
    for row in _csv(city, "inbox/buergerportal/*.csv"):
        day, month, year = row["Monat"].split(".")
        months[f"{year}-{month}-{day}"] += int(row["Anträge"])
        online[f"{year}-{month}-{day}"] += int(row["Anträge"]) * (row["Kanal"] == "Online")
    year = [month for month in months if "2025-06" <= month < "2026-06"]
    before = [month for month in months if "2023-02" <= month < "2024-02"]
    assert sum(months[m] for m in year) == pytest.approx(22_300, rel=0.03)
    assert sum(online[m] for m in year) / sum(months[m] for m in year) == pytest.approx(0.442, abs=0.006)
    assert sum(online[m] for m in before) / sum(months[m] for m in before) == pytest.approx(0.18, abs=0.01)
    # The statistics stopped nine days ago.
    assert [p.name for p in city.glob("inbox/buergerportal/*.csv")] == ["Antragsstatistik_2026-05-31.csv"]


def test_workplaces_and_licences_are_two_counts(city: Path) -> None:
    path = city / "inbox" / "dms_berichte" / "DMS-Bericht_2026-06-01.xlsx"
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Bericht").to_python()
    assert rows[3][0] == "Fachdienst"
    places, connected, licences, used = (sum(int(row[i]) for row in rows[4:]) for i in (3, 4, 5, 6))
    assert (licences, used) == (750, 538)
    assert round(connected / places, 3) == 0.717
    assert len(list(path.parent.glob("*.xlsx"))) == 60


MEANS = {
    "Wartezeit Bürgerservice (Minuten)": ((2023, 5), 27, 11, 0.03),
    "Stellenbesetzung (Tage bis Zusage)": ((2024, 1), 118, 96, 0.03),
    "Suchzeit je Vorgang (Minuten)": ((2023, 10), 14, 8, 0.03),
    "Zufriedenheit Online-Dienste (Schulnote)": ((2023, 2), 3.1, 2.3, 0.02),
}


def test_effects_differ_before_and_after_their_introduction(city: Path) -> None:
    rows = [
        r
        for r in _csv(city, "inbox/wirkungsmessung/*.csv")
        if r["Summe"] != "k. A." and r["Monat"] != "31.02.2022"
    ]

    def mean(name: str, first: tuple[int, int]) -> float:
        span = range(first[0] * 12 + first[1] - 1, first[0] * 12 + first[1] + 11)
        chosen = [
            r
            for r in rows
            if r["Messgröße"] == name and int(r["Monat"][6:]) * 12 + int(r["Monat"][3:5]) - 1 in span
        ]
        divisor = sum(int(r["Anzahl"] or 1) for r in chosen)
        return float(sum(_euro(r["Summe"]) for r in chosen)) / divisor

    for name, (before, old, new, tolerance) in MEANS.items():
        assert mean(name, before) == pytest.approx(old, rel=tolerance), name
        assert mean(name, (2025, 6)) == pytest.approx(new, rel=tolerance), name
    assert mean("Papierverbrauch (Blatt)", (2023, 10)) == pytest.approx(565_000, rel=0.02)
    assert mean("Papierverbrauch (Blatt)", (2025, 6)) == pytest.approx(410_000, rel=0.02)


def test_2040_of_2380_person_days_are_available() -> None:
    year = [
        e.payload
        for e in entries(DAY)
        if e.subject == "capacity" and str(e.payload["month"]).startswith("2026")
    ]
    assert len(year) == 24
    assert sum(int(p["needed_pt"]) for p in year) == 2380
    assert sum(int(p["available_pt"]) for p in year) == 2040
