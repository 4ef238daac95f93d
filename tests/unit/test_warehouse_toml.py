"""Every fault in a TOML file is told with file, line, allowed names and a suggestion."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from warehouse.errors import ConfigError
from warehouse.subjects import BUILT_IN, load_subject, load_subjects
from warehouse.toml import line_of, parse_toml, read_toml, validate


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    feeds: str
    lag_days: int = Field(default=0, ge=0)


class _Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    note: str | None = None
    parts: tuple[_Part, ...] = Field(default=(), alias="table")
    named: dict[str, _Part] = {}
    one: _Part | None = None


TEXT = '''title = "x"
note = """
feeds = "not a key"
"""

[[table]]
feeds = "case"

[[table]] # second
feeds = "booking"
{second}

[named."a b"]
feeds = "goal"
{named}

[one]
feeds = "goal"
{one}
'''


def _fault(tmp_path: Path, **lines: str) -> ConfigError:
    path = tmp_path / "source.toml"
    path.write_text(TEXT.format(**{"second": "", "named": "", "one": "", **lines}), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        validate(_Whole, read_toml(path), path)
    return caught.value


@pytest.mark.parametrize(("where", "line"), [("second", 11), ("named", 15), ("one", 19)])
def test_an_unknown_key_is_named_with_line_and_suggestion(tmp_path: Path, where: str, line: int) -> None:
    fault = _fault(tmp_path, **{where: "lagdays = 3"})
    assert fault.code == "unknown_key"
    assert fault.where == f"{tmp_path / 'source.toml'}:{line}"
    assert fault.allowed == "feeds, lag_days"
    assert fault.next_step == "Meinten Sie „lag_days“?"


def test_a_value_out_of_range_is_shown_with_its_line(tmp_path: Path) -> None:
    fault = _fault(tmp_path, second="lag_days = -1")
    assert fault.code == "invalid_value" and fault.found == -1
    assert fault.where is not None and fault.where.endswith(":11")


def test_several_faults_are_counted_and_the_unknown_key_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "source.toml"
    path.write_text('titel = "x"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        validate(_Whole, read_toml(path), path)
    assert caught.value.code == "unknown_key" and "(und ein weiterer Fehler)" in caught.value.what
    assert caught.value.next_step == "Meinten Sie „title“?"


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "source.toml"
    path.write_text('title = "x"\nfeeds = \n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_toml(path)
    assert (caught.value.code, caught.value.where) == ("toml_syntax", f"{path}:2")


def test_toml_inside_another_file_counts_lines_of_that_file(tmp_path: Path) -> None:
    path = tmp_path / "metric.sql"
    with pytest.raises(ConfigError) as caught:
        parse_toml("label = \n", path, first_line=5)
    assert caught.value.where == f"{path}:5"
    with pytest.raises(ConfigError) as caught:
        validate(_Part, {"feeds": "x", "lag": 1}, path, text='feeds = "x"\nlag = 1\n', first_line=5)
    assert caught.value.where == f"{path}:6"


def test_a_missing_and_an_undecodable_file_are_faults_of_the_operator(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_bytes(b"title = '\xff'")
    for name, code in (("a.toml", "missing_file"), ("b.toml", "unreadable_file")):
        with pytest.raises(ConfigError) as caught:
            read_toml(tmp_path / name)
        assert caught.value.code == code


def test_lines_are_found_for_dotted_keys_and_their_parents() -> None:
    text = "[a]\nb.c = 1\n[[a.list]]\nx = 1\n[[a.list]]\nx = 2\n[a.list.deep]\ny = 1\n"
    assert line_of(text, ("a", "b", "c")) == 2
    assert line_of(text, ("a", "list", 1, "x")) == 6
    assert line_of(text, ("a", "list", 1, "deep", "y")) == 8
    assert line_of(text, ("a", "b", "missing")) == 1
    assert line_of(text, ("z",)) is None


def test_all_built_in_subjects_load_and_carry_their_file_name() -> None:
    subjects = load_subjects(None)
    assert set(subjects) == {path.stem for path in BUILT_IN.glob("*.toml")}
    assert subjects["case"].key == ("procedure", "case_id")
    assert subjects["booking"].columns["amount_eur"].duckdb_type == "DECIMAL(18,2)"


def test_a_town_adds_its_own_subject_beside_the_built_in_ones(tmp_path: Path) -> None:
    folder = tmp_path / "subjects"
    folder.mkdir()
    (folder / "baum.toml").write_text(
        'title="Baum"\nkey=["nr"]\n[columns.nr]\ntitle="Nr"\ntype="text"\n', encoding="utf-8"
    )
    assert load_subjects(tmp_path)["baum"].title == "Baum"
    (folder / "case.toml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_subjects(tmp_path)
    assert caught.value.code == "duplicate_subject"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('title="B"\nkey=["nr"]\n[columns.nr]\ntitle="Nr"\ntyp="text"\n', "unknown_key", 5),
        ('title="B"\nkey=["nr"]\n[columns.nr]\ntitle="Nr"\ntype="texxt"\n', "invalid_value", 5),
        ('title="B"\nkey=["other"]\n[columns.nr]\ntitle="Nr"\ntype="text"\n', "invalid_value", None),
        ('title="B"\nkey=["nr"]\n[columns.nr]\ntitle="Nr"\ntype="text"\npattern="("\n', "invalid_value", 3),
        ('id="x"\ntitle="B"\nkey=["nr"]\n[columns.nr]\ntitle="Nr"\ntype="text"\n', "unknown_key", 1),
        ('title="B"\nkey=["_nr"]\n[columns._nr]\ntitle="Nr"\ntype="text"\n', "invalid_value", 3),
    ],
)  # fmt: skip
def test_a_faulty_subject_is_refused_with_its_line(
    tmp_path: Path, text: str, code: str, line: int | None
) -> None:
    path = tmp_path / "baum.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_subject(path)
    assert caught.value.code == code
    assert caught.value.where == (f"{path}:{line}" if line else str(path))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("lag_days = -1", "„table.lag_days“: der Wert muss mindestens 0 sein"),
        ('lag_days = "drei"', "„table.lag_days“: erwartet wird eine ganze Zahl"),
        ("feeds = 3", "„table.feeds“: erwartet wird ein Text"),
    ],
)
def test_a_wrong_value_is_explained_in_german_and_counted_once(tmp_path: Path, wrong: str, said: str) -> None:
    class Strict(BaseModel):
        parts: tuple[_Part, ...] = Field(alias="table", min_length=1)

    path = tmp_path / "source.toml"
    path.write_text(
        f'[[table]]\nfeeds = "case"\n{wrong}\n'.replace('"case"\nfeeds = 3', "3"), encoding="utf-8"
    )
    with pytest.raises(ConfigError) as caught:
        validate(Strict, read_toml(path), path)
    assert caught.value.what == said


def test_single_brackets_where_a_list_of_tables_is_meant_are_explained(tmp_path: Path) -> None:
    path = tmp_path / "source.toml"
    path.write_text('title = "x"\n[table]\nfeeds = "case"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[\[table\]\] mit doppelten Klammern") as caught:
        validate(_Whole, read_toml(path), path)
    assert caught.value.where == f"{path}:2"


class _Mail(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["mail"]
    to: str


class _Letter(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["letter"]
    street: str


class _Sending(BaseModel):
    model_config = ConfigDict(extra="forbid")
    way: _Mail | _Letter = Field(discriminator="type")


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('[way]\ntype = "letter"\nstret = "x"\n', "Der Schlüssel „way.stret“ ist unbekannt", 3),
        ('[way]\ntype = "mail"\n', "Der Schlüssel „way.to“ fehlt", 1),
    ],
)
def test_a_fault_in_one_of_several_shapes_is_told_in_the_words_of_the_file(
    tmp_path: Path, text: str, what: str, line: int
) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        validate(_Sending, read_toml(path), path)
    assert caught.value.what.startswith(what)
    assert caught.value.where == f"{path}:{line}"
