"""Parameters and rankings of a town: nothing without day and source, no value the town did not write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.jobs.stamp import definition_hash
from warehouse.decided.files import load_decided
from warehouse.decided.tables import decided_hash
from warehouse.errors import ConfigError

GOOD = """
[co2_g_per_sheet]
values = [
  { value = 4.8, valid_from = 2015-01-01, source = "Studie 2015" },
  { value = 4.1, valid_from = 2026-01-01, source = "Studie 2026" },
]
"""
RANKING = """
title = "TOP 20"
decided = "Liste 03/2025"
valid_from = 2025-03-01
places = 20
[criteria.demand]
title = "Nachfrage"
weight = 2
"""


def town(folder: Path, text: str, ranking: str = "") -> Path:
    (folder / "parameters.toml").write_text(text, encoding="utf-8")
    if ranking:
        (folder / "rankings").mkdir()
        (folder / "rankings" / "top20.toml").write_text(ranking, encoding="utf-8")
    return folder


def test_the_portal_brings_names_and_units_but_no_value() -> None:
    decided = load_decided(None)
    assert {"co2_g_per_sheet", "km_per_trip"} <= decided.needs.keys()
    assert decided.parameters == {} and decided.rankings == {}


def test_a_value_holds_from_its_day_until_the_next(tmp_path: Path) -> None:
    (first, first_end), (second, second_end) = (
        load_decided(town(tmp_path, GOOD)).parameters["co2_g_per_sheet"].intervals
    )
    assert (first.value, first.source, first_end) == (Decimal("4.8"), "Studie 2015", date(2025, 12, 31))
    assert (second.value, second_end) == (Decimal("4.1"), None)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ('{ value = 4.8, source = "Studie 2015" }', "valid_from"),
        ("{ value = 4.8, valid_from = 2015-01-01 }", "source"),
        ('{ value = 4.8, valid_from = 2015-01-01, source = "   -  " }', "source"),
        ('{ valid_from = 2015-01-01, source = "Studie 2015" }', "value"),
        ('{ value = -1, valid_from = 2015-01-01, source = "Studie 2015" }', "value"),
    ],
)
def test_a_parameter_without_day_source_or_value_is_refused_with_file_and_line(
    tmp_path: Path, value: str, named: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load_decided(town(tmp_path, f"[co2_g_per_sheet]\nvalues = [{value}]\n"))
    assert named in str(refused.value) and "parameters.toml:" in str(refused.value.where)


def test_a_parameter_without_any_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_decided(town(tmp_path, "[co2_g_per_sheet]\nvalues = []\n"))


def test_two_values_of_one_day_or_out_of_order_are_refused(tmp_path: Path) -> None:
    text = GOOD.replace("2026-01-01", "2015-01-01")
    with pytest.raises(ConfigError, match="geordnet"):
        load_decided(town(tmp_path, text))


def test_a_misspelt_parameter_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load_decided(town(tmp_path, GOOD.replace("co2_g_per_sheet", "co2_g_per_shet")))
    assert refused.value.code == "unknown_parameter"
    assert "co2_g_per_sheet" in str(refused.value.next_step)


def test_a_town_may_name_a_parameter_of_its_own_but_not_rename_a_known_one(tmp_path: Path) -> None:
    own = GOOD.replace("[co2_g_per_sheet]", '[paper_price]\ntitle = "Papierpreis"\nunit = "Euro je Blatt"')
    assert load_decided(town(tmp_path, own)).parameters["paper_price"].unit == "Euro je Blatt"
    renamed = GOOD.replace("[co2_g_per_sheet]", '[co2_g_per_sheet]\nunit = "kg je Blatt"')
    with pytest.raises(ConfigError) as refused:
        load_decided(town(tmp_path, renamed))
    assert refused.value.code == "parameter_renamed"


def test_a_ranking_without_weight_or_resolution_is_refused(tmp_path: Path) -> None:
    assert load_decided(town(tmp_path, GOOD, RANKING)).rankings["top20"].places == 20
    for broken in (RANKING.replace("weight = 2", "weight = 0"), RANKING.replace('"Liste 03/2025"', '"-"')):
        (tmp_path / "rankings" / "top20.toml").write_text(broken, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"weight|decided"):
            load_decided(tmp_path)


def test_another_parameter_or_weight_makes_another_definition_hash(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = load_decided(town(tmp_path / "a", GOOD, RANKING))
    other = load_decided(town(tmp_path / "b", GOOD, RANKING.replace("weight = 2", "weight = 3")))
    assert decided_hash(one) != decided_hash(other)
    assert definition_hash({}, None, one) != definition_hash({}, None, other)
    assert definition_hash({}) == definition_hash({}, None, load_decided(None))
