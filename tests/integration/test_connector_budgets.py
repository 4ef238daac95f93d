"""Real budget files of three towns come in by declaration alone and add up to the last cent."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.town import Town

DEMO = Path(__file__).resolve().parents[2] / "dashboard/demo"
TOWNS = ("freiburg", "muenster", "roedermark")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    place = Town(tmp_path)
    (tmp_path / "inbox/vergleich").mkdir(parents=True)
    for name in TOWNS:
        shutil.copy(_data(name), tmp_path / "inbox/vergleich")
        shutil.copy(DEMO / f"city/sources/haushalt_{name}.toml", tmp_path / "sources")
    yield place
    place.con.close()


def _data(name: str) -> Path:
    return next((DEMO / "data").glob(f"{name}_*"))


def _sum(town: Town, where: str) -> Decimal:
    return Decimal(town.rows(f"SELECT sum(amount_eur) FROM stage.city_budget WHERE {where}")[0][0])


def test_the_wide_table_of_freiburg_gives_the_true_balance_and_not_the_printed_one(town: Town) -> None:
    loaded = town.night("haushalt_freiburg")
    assert (loaded.state, loaded.read, loaded.published) in [
        ("aktuell", 2904, 2904),
        ("veraltet", 2904, 2904),
    ]
    year = "haushaltsjahr = 2015 AND _source = 'haushalt_freiburg'"
    income, expense = (
        _sum(town, f"{year} AND richtung = 'ertrag'"),
        _sum(town, f"{year} AND richtung = 'aufwand'"),
    )
    assert income - expense == Decimal("44932086.00")


def test_freiburg_agrees_with_an_independent_reading_in_every_year(town: Town) -> None:
    town.night("haushalt_freiburg")
    with _data("freiburg").open(encoding="cp1252", newline="") as stream:
        table = list(csv.DictReader(stream, delimiter=";"))
    for year, kind in ((2015, "Ergebnis"), (2016, "Ansatz"), (2017, "Ansatz"), (2018, "Ansatz")):
        for column, side, sign in (("Erträge", "ertrag", 1), ("Aufwendungen", "aufwand", -1)):
            expected = sign * sum(Decimal(row[f"{kind} {year} ({column})"]) for row in table)
            assert _sum(town, f"haushaltsjahr = {year} AND richtung = '{side}'") == expected


def test_the_long_table_of_muenster_keeps_unknown_apart_from_zero(town: Town) -> None:
    loaded = town.night("haushalt_muenster")
    assert (loaded.read, loaded.published, loaded.rejected) == (1501, 1501, 0)
    with _data("muenster").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    for side, word in (("ertrag", "Erträge"), ("aufwand", "Aufwendungen")):
        expected = sum(Decimal(row["Betrag"]) for row in table if row["Richtung"] == word and row["Betrag"])
        assert _sum(town, f"richtung = '{side}'") == expected
    assert town.rows("SELECT count(*) FROM stage.city_budget WHERE amount_eur IS NULL") == [(1,)]
    assert town.rows("SELECT count(*) FROM stage.city_budget WHERE amount_eur < 0") == [(1,)]
    assert town.rows("SELECT min(produkt) FROM stage.city_budget") == [("0101",)]


def test_the_json_of_roedermark_arrives_from_two_lists_to_the_cent(town: Town) -> None:
    for _ in range(2):
        loaded = town.night("haushalt_roedermark")
        assert (loaded.read, loaded.published) == (46, 46)
    document = json.loads(_data("roedermark").read_text(encoding="utf-8"), parse_float=Decimal)
    lists = document["ergebnishaushalt"]
    for side, name in (("ertrag", "ordentliche_ertraege"), ("aufwand", "ordentliche_aufwendungen")):
        assert _sum(town, f"richtung = '{side}'") == sum(record["amount"] for record in lists[name])


def test_three_towns_stand_side_by_side_in_one_subject(town: Town) -> None:
    for name in TOWNS:
        assert town.night(f"haushalt_{name}").state != "fehlgeschlagen"
    assert len(town.rows("SELECT DISTINCT city FROM stage.city_budget")) == 3
