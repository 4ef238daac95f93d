"""Numbers of papers and products: recognised in every spelling, kept as they were written."""

from __future__ import annotations

from metrics.paper import PaperId, paper_id, paper_ids, paper_key
from metrics.product import ProductKey


def _one(text: str) -> PaperId:
    found = paper_id(text)
    assert found is not None
    return found


def test_inc_15_spellings_of_one_paper_are_the_same_and_keep_what_was_written() -> None:
    full, short, long = _one("AN/0002/23"), _one("0002/23"), _one("Anfrage Nr. 0002/2023")
    assert full.same(short) and short.same(long) and full.same(long)
    assert (full.original, short.original, long.original) == ("AN/0002/23", "0002/23", "0002/2023")
    assert _one("AN/0092/23").same(_one("0092/2023"))
    assert not full.same(_one("AN/0092/23"))


def test_inc_15_the_kind_behind_the_year_belongs_to_the_number() -> None:
    assert _one("0121/2018/MV").key == "2018/0121/MV"
    assert _one("0047/2018/An").kind == "AN"
    assert not _one("0503/2018/DS").same(_one("0503/2018/MV"))


def test_inc_15_a_supplement_is_a_paper_of_its_own_that_belongs_to_another() -> None:
    first, later = _one("22-19539"), _one("22-19539-01")
    assert later.key == "2022-19539-01" and later.belongs_to(first) and not later.same(first)
    assert [p.original for p in paper_ids("19-09932, 20-14268 und 21-15513-01")] == [
        "19-09932",
        "20-14268",
        "21-15513-01",
    ]


def test_inc_15_two_numbers_or_none_are_not_guessed() -> None:
    assert paper_id("Vorlage zur Anfrage AN/0002/23 und zum Antrag AN/0092/23") is None
    assert paper_id("Stand 26.09.2023, Produkt 111240, Tel. 0441/123456") is None
    assert paper_key("Celle", "AN/0002/23") == "Celle 2023/0002/AN"
    assert paper_key("Rat", " Ohne  Nummer ") == "Rat ohne nummer"


def test_inc_16_product_keys_are_compared_within_one_plan_only() -> None:
    celle, bielefeld = ProductKey("NI", "111240"), ProductKey("NW", "11.01.10")
    assert celle.levels == ("11", "111", "111240") and bielefeld.levels == ("11", "11.01", "11.01.10")
    assert celle.within(ProductKey("NI", "111")) is True and celle.within(ProductKey("NI", "12")) is False
    assert bielefeld.within(ProductKey("NW", "11.01")) is True
    assert celle.within(ProductKey("NW", "11")) is None
