"""Models, crosswalks and rules of counting: what is known is said, what is not stays empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.errors import ConfigError
from warehouse.reifegrad.files import load_rulers
from warehouse.reifegrad.ruler import Rulers
from warehouse.reifegrad.tables import rulers_hash

OWN = """
title = "Skala der Stadt"
version = "2024"
publisher = "Stadt"
source = "Verfügung 1/2024"
lowest = 1
highest = 3
fulfilled_from = 2
fulfilled_source = "Verfügung 1/2024"
rule = "minimum"
criteria_count = 2
level = [{ level = 1, name = "Papier" }, { level = 2, name = "Online" }, { level = 3 }]
criterion = [{ id = "antrag", title = "Antrag" }, { id = "bescheid", title = "Bescheid" }]
"""
CROSSWALK = """
standing = "beschlossen"
source = "Verfügung 2/2024"
step = [{ level = 1, reason = "zu grob" }, { level = 2, to = 3 }, { level = 3, to = 3, to_highest = 4 }]
"""


@pytest.fixture(scope="module")
def rulers() -> Rulers:
    return load_rulers(None)


def _write(city: Path, name: str, text: str) -> Path:
    path = city / "reifegrad" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _refused(city: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_rulers(city)
    return caught.value


def test_the_built_in_models_have_their_scales_and_thresholds(rulers: Rulers) -> None:
    scales = {m.id: (m.lowest, m.highest, m.fulfilled_from, m.rule) for m in rulers.models.values()}
    assert scales == {
        "ozg_leitfaden": (0, 5, 3, "pauschal"),
        "ozg_1_1": (0, 4, 3, "minimum"),
        "ozg_2_0": (0, 7, 3, "minimum"),
        "bielefeld": (1, 5, 3, "pauschal"),
    }
    assert (rulers.model("ozg_1_1").criteria_count, rulers.model("ozg_2_0").criteria_count) == (10, 13)
    assert all(model.source and model.fulfilled_source for model in rulers.models.values())


def test_names_of_levels_nobody_published_stay_empty(rulers: Rulers) -> None:
    names = {level.level: level.name for level in rulers.model("ozg_2_0").level}
    assert [names[level] for level in (4, 5, 6, 7)] == [None] * 4
    assert not rulers.model("ozg_2_0").criterion
    assert [level.name for level in rulers.model("bielefeld").level] == [
        None,
        None,
        "Online-Leistung",
        "Online-Transaktion",
        "Vernetzte Online-Transaktion",
    ]


@pytest.mark.parametrize(
    ("source", "target", "levels", "answer"),
    [
        ("ozg_1_1", "ozg_2_0", (3,), "3–7"),
        ("ozg_1_1", "ozg_2_0", (3, 4), "3–7"),
        ("ozg_1_1", "ozg_2_0", (2,), "nicht übertragbar"),
        ("ozg_1_1", "ozg_2_0", (2, 3), "nicht übertragbar"),
        ("ozg_2_0", "ozg_1_1", (3,), "nicht übertragbar"),
        ("ozg_leitfaden", "ozg_1_1", (4,), "3"),
        ("ozg_leitfaden", "ozg_1_1", (4, 5), "3–4"),
        ("ozg_leitfaden", "ozg_1_1", (3,), "nicht übertragbar"),
        ("bielefeld", "ozg_1_1", (4,), "3"),
        ("bielefeld", "ozg_1_1", (5,), "nicht übertragbar"),
        ("ozg_1_1", "ozg_1_1", (2, 3), "2–3"),
    ],
)
def test_a_level_is_read_in_another_model_only_where_somebody_said_how(
    rulers: Rulers, source: str, target: str, levels: tuple[int, ...], answer: str
) -> None:
    conversion = rulers.convert(source, target, *levels)
    assert str(conversion) == answer
    assert conversion.convertible is (conversion.reason is None)


def test_levels_and_models_that_do_not_exist_are_refused(rulers: Rulers) -> None:
    for arguments, code in [
        (("ozg_1_1", "ozg_2_0", 5), "level_outside_scale"),
        (("ozg_1_1", "ozg_2_0", 3, 2), "level_outside_scale"),
        (("ozg_11", "ozg_2_0", 3), "unknown_model"),
        (("ozg_1_1", "ozg_20", 3), "unknown_model"),
    ]:
        with pytest.raises(ConfigError) as caught:
            rulers.convert(*arguments)  # type: ignore[arg-type]
        assert caught.value.code == code


def test_a_town_adds_its_model_its_crosswalk_and_its_rule_with_files_alone(tmp_path: Path) -> None:
    _write(tmp_path, "models/stadt.toml", OWN)
    _write(tmp_path, "crosswalks/stadt__ozg_1_1.toml", CROSSWALK)
    rule = 'title = "Zwei"\nmeaning = "ab 2"\nsource = "Stadt"\ncounts = "einstufung"\nlevel_from = 2\n'
    _write(tmp_path, "counting_rules.toml", f"[stadt_ab_2]\n{rule}")
    rulers = load_rulers(tmp_path)
    assert str(rulers.convert("stadt", "ozg_1_1", 2, 3)) == "3–4"
    assert rulers.convert("stadt", "ozg_1_1", 1).reason == "zu grob"
    assert rulers.convert("stadt", "ozg_1_1", 2).standing == "beschlossen"
    assert rulers.rules["stadt_ab_2"].level_from == 2
    assert rulers_hash(rulers) != rulers_hash(load_rulers(None)) == rulers_hash(load_rulers(None))


def test_a_town_may_decide_a_crosswalk_anew_but_not_a_model(tmp_path: Path) -> None:
    decided = 'standing = "beschlossen"\nsource = "Stadt"\nstep = [{ level = 2, to = 2 }]\n'
    _write(tmp_path, "crosswalks/ozg_1_1__ozg_2_0.toml", decided)
    rulers = load_rulers(tmp_path)
    assert str(rulers.convert("ozg_1_1", "ozg_2_0", 2)) == "2"
    assert not rulers.convert("ozg_1_1", "ozg_2_0", 3).convertible, "the town's crosswalk replaces the whole"
    _write(tmp_path, "models/ozg_1_1.toml", OWN)
    assert _refused(tmp_path).code == "duplicate_model"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("lowest = 1", "lowest = 0"), "invalid_value"),
        (("fulfilled_from = 2", "fulfilled_from = 4"), "invalid_value"),
        (("criteria_count = 2\n", ""), "invalid_value"),
        (("criteria_count = 2", "criteria_count = 3"), "invalid_value"),
        (("highest = 3", "highest = 1"), "invalid_value"),
        (("publisher =", "publischer ="), "unknown_key"),
        (('title = "Skala', 'id = "x"\ntitle = "Skala'), "unknown_key"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused(
    tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    assert change[0] in OWN
    path = _write(tmp_path, "models/stadt.toml", OWN.replace(*change))
    error = _refused(tmp_path)
    assert error.code == code and str(path) in str(error.where)


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("stadt__ozg_1_2", ("", ""), "unknown_model"),
        ("stadt__ozg_1_1", ("to = 3 }", "to = 5 }"), "level_outside_scale"),
        ("stadt__ozg_1_1", ("level = 3", "level = 2"), "level_outside_scale"),
        ("stadt__ozg_1_1", ("to_highest = 4", "to_highest = 2"), "invalid_value"),
        ("stadt__ozg_1_1", (', reason = "zu grob"', ""), "invalid_value"),
        ("stadt__ozg_1_1", ('reason = "zu grob"', 'reason = "zu grob", to = 1'), "invalid_value"),
    ],
)
def test_a_crosswalk_between_levels_that_do_not_exist_is_refused(
    tmp_path: Path, name: str, change: tuple[str, str], code: str
) -> None:
    _write(tmp_path, "models/stadt.toml", OWN)
    _write(tmp_path, f"crosswalks/{name}.toml", CROSSWALK.replace(*change) if change[0] else CROSSWALK)
    assert _refused(tmp_path).code == code


def test_a_rule_counts_assessments_or_listings_and_says_which(tmp_path: Path) -> None:
    said = 'title = "x"\nmeaning = "x"\nsource = "x"\ncounts = "meldung"\n'
    _write(tmp_path, "counting_rules.toml", f"[stadt]\n{said}")
    assert _refused(tmp_path).code == "invalid_value"
    _write(
        tmp_path,
        "counting_rules.toml",
        f'[stadt]\n{said}reach = ["bundesweit flächendeckend"]\nlevel_from = 2',
    )
    assert _refused(tmp_path).code == "invalid_value"
    _write(
        tmp_path, "counting_rules.toml", f'[alle_leistungen]\n{said}reach = ["bundesweit flächendeckend"]\n'
    )
    assert _refused(tmp_path).code == "duplicate_model"
