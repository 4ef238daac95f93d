"""`isek source`: from a recipe or a delivered file to a source a person can read."""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_city import write_city

from dashboard.__main__ import main
from dashboard.settings import Settings

Isek = Callable[..., tuple[int, str, str]]


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path / "stadt")


@pytest.fixture
def isek(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Isek:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())

    def run(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(args, {})
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_recipes_are_listed_with_one_line_each(isek: Isek) -> None:
    code, out, _ = isek("source", "recipes")
    assert code == 0
    assert any(line.startswith("zsk_csv ") and "Transaktionen" in line for line in out.splitlines())
    listed = json.loads(isek("source", "recipes", "--json")[1])
    assert {"name", "title"} == set(listed[0])


def test_a_source_from_a_recipe_is_there_with_its_inbox_and_passes_for_a_source(
    city: Settings, isek: Isek
) -> None:
    code, out, _ = isek("source", "new", "antraege", "--recipe", "zsk_csv", "--city", str(city.city))
    assert code == 0 and "isek check --source antraege" in out
    assert (city.city / "inbox/antraege").is_dir()
    code, out, _ = isek("sources", "--json", "--city", str(city.city))
    assert "antraege" in {row["id"] for row in json.loads(out)}


def test_an_existing_source_is_never_overwritten(city: Settings, isek: Isek) -> None:
    before = (city.city / "sources/termine.toml").read_bytes()
    code, _, err = isek("source", "new", "termine", "--recipe", "zsk_csv", "--city", str(city.city))
    assert code == 2 and "gibt es schon" in err
    assert (city.city / "sources/termine.toml").read_bytes() == before


@pytest.mark.parametrize("name", ["../oben", "Großbuchstaben", "a" * 64, "mit leer"])
def test_a_source_cannot_be_called_just_anything(city: Settings, isek: Isek, name: str) -> None:
    code, _, err = isek("source", "new", name, "--recipe", "zsk_csv", "--city", str(city.city))
    assert code == 2 and "Kleinbuchstaben" in err
    assert len(list((city.city / "sources").glob("*.toml"))) == 3


def test_a_mistyped_recipe_is_answered_with_the_right_one(city: Settings, isek: Isek) -> None:
    code, _, err = isek("source", "new", "x", "--recipe", "zsk", "--city", str(city.city))
    assert code == 2 and "zsk_csv" in err


def test_a_proposal_is_printed_and_nothing_is_written(city: Settings, isek: Isek, tmp_path: Path) -> None:
    file = tmp_path / "Termine.csv"
    file.write_text("appointment_id;on_date;title;detail\nT1;01.06.2026;Rat;Haushalt\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*.toml"))
    code, out, _ = isek("source", "suggest", str(file), "--feeds", "appointment", "--city", str(city.city))
    assert code == 0
    assert tomllib.loads(out)["table"][0]["feeds"] == "appointment"
    assert sorted(tmp_path.rglob("*.toml")) == before


def test_a_proposal_needs_no_city_and_a_wrong_subject_is_corrected(isek: Isek, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Beleg;Betrag\nA;1,50\n", encoding="utf-8")
    assert isek("source", "suggest", str(file))[0] == 0
    code, _, err = isek("source", "suggest", str(file), "--feeds", "bookings")
    assert code == 2 and "booking" in err


def test_a_file_that_is_no_table_is_refused_in_a_sentence(isek: Isek, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"%PDF-1.7 ...")
    code, _, err = isek("source", "suggest", str(file))
    assert code == 3 and "PDF" in err and "Traceback" not in err
