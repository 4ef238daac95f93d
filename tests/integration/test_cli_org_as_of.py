"""`isek query --org-as-of`: the tree of another day, said in the heading and in the JSON answer."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from dashboard.__main__ import main
from tests.tiny_city import refresh, write_city, write_rows

UNITS = [
    ("S", "", "Stadt", "Stadt", "stadt", "01.01.2020", ""),
    ("FD50", "S", "Soziales", "FD 50", "fachdienst", "01.01.2020", "31.12.2026"),
    ("FD55", "S", "Soziales und Wohnen", "FD 55", "fachdienst", "01.01.2027", ""),
]
MAPPING = """
[[table]]
feeds = "org_mapping"
path = "uebergaenge.csv"
"""


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny city with a reorganisation that is decided and still ahead."""
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    settings = write_city(tmp_path / "stadt")
    folder = settings.city
    head = ("unit_id", "parent_id", "name", "short", "kind", "valid_from", "valid_to")
    write_rows(folder / "organisation.csv", head, UNITS)
    write_rows(
        folder / "uebergaenge.csv",
        ("from_unit_id", "to_unit_id", "valid_from"),
        [("FD50", "FD55", "01.01.2027")],
    )
    with (folder / "sources" / "organisation.toml").open("a", encoding="utf-8") as file:
        file.write(MAPPING)
    assert refresh(settings).state == "published"
    return folder


def test_the_answer_names_the_tree_it_stands_under(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["query", "case_duration_days", "--by", "org_unit_id", "--city", str(city)]
    assert main([*asked, "--format", "json"], {}) == 0
    plain = json.loads(capsys.readouterr().out)
    assert [row["org_unit_id"] for row in plain["rows"]] == ["FD50"] and "org_as_of" not in plain
    assert main([*asked, "--org-as-of", "2027-01-01", "--format", "json"], {}) == 0
    ahead = json.loads(capsys.readouterr().out)
    assert ahead["org_as_of"] == "2027-01-01"
    assert [(row["org_unit_id"], row["value"]) for row in ahead["rows"]] == [("FD55", 19)]
    assert main([*asked, "--org-as-of", "2027-01-01"], {}) == 0
    assert "Gliederung vom 01.01.2027" in capsys.readouterr().out


def test_a_day_without_a_tree_is_refused_with_the_first_day_there_is(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["query", "case_duration_days", "--by", "fachdienst", "--city", str(city)]
    assert main([*asked, "--org-as-of", "2019-12-31"], {}) == 2
    assert "ab 2020-01-01" in capsys.readouterr().err
