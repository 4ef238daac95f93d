"""Models as objects: the papers' calculations are reproduced, and what they left out is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from dashboard.demo.city import TEMPLATE
from metrics.models.capacity import CapacityModel, capacity, span_years
from metrics.models.cost import CostModel, cost
from metrics.models.library import load_model, load_models, pick
from metrics.models.parameter import ASKED
from metrics.models.progress import Progress, ProgressModel
from metrics.result import Cell
from warehouse.errors import ConfigError

MODELS = TEMPLATE / "models"
TODAY = date(2026, 6, 9)


def _bielefeld() -> CapacityModel:
    model = load_model(MODELS / "bielefeld_ozg.toml")
    assert isinstance(model, CapacityModel)
    return model


def _neumuenster() -> CostModel:
    model = load_model(MODELS / "neumuenster_personal.toml")
    assert isinstance(model, CostModel)
    return model


def _posts(value: Fraction) -> int:
    return round(value)


def test_the_paper_of_bielefeld_is_reproduced_with_its_own_assumptions() -> None:
    result = capacity(_bielefeld(), "wie_vorgelegt")
    assert result.need.value == 10_200
    assert result.span_years == Fraction(16, 12)
    assert _posts(result.posts_needed.value) == 42


def test_inc_08_with_all_29_days_72_posts_are_needed_and_not_42() -> None:
    result = capacity(_bielefeld(), "alle_tage")
    assert result.need.value == 17_400
    assert _posts(result.posts_needed.value) == 72
    # With the 200 net days of the upper end it would still be 65.
    assert _posts(result.posts_needed.low) == 65


def test_technology_is_the_bottleneck_of_the_twelve_posts() -> None:
    result = capacity(_bielefeld().with_values({"net_days": "200"}, TODAY), "alle_tage")
    years = {role.id: role.years.value for role in result.roles if role.years}
    assert years == {"organisatorisch": Fraction(51, 8), "technisch": 9}
    assert result.bottleneck.id == "technisch"
    assert result.pooled_years is not None and result.pooled_years.value == Fraction(29, 4)
    assert result.done is not None and result.done.value == date(2030, 8, 31)
    assert result.yearly_price.value == 828_000


def test_the_date_has_a_span_where_the_net_days_have_one() -> None:
    done = capacity(_bielefeld(), "alle_tage").done
    assert done is not None and done.value is not None and done.earliest is not None
    assert done.earliest == date(2030, 8, 31) and done.value == done.latest == date(2031, 7, 19)


def test_the_price_of_the_date_is_posts_times_years_times_price() -> None:
    result = capacity(
        _bielefeld().with_values({"net_days": "182.142857142857142857"}, TODAY), "wie_vorgelegt"
    )
    assert round(result.price_in_time.value) == 42 * 69_000 * 16 / 12


def test_a_value_somebody_asks_for_is_named_as_its_own_source() -> None:
    model = _bielefeld().with_values(
        {"posts.technisch": "8", "due": "2027-12-31", "days.technisch": "12,5"}, TODAY
    )
    assert model.roles["technisch"].posts.source == ASKED and model.due.stand == "2026-06-09"
    assert model.roles["technisch"].days_per_case.value == Decimal("12.5")
    assert model.roles["organisatorisch"] == _bielefeld().roles["organisatorisch"]


def test_a_role_without_posts_is_never_done() -> None:
    result = capacity(_bielefeld().with_values({"posts.technisch": "0"}, TODAY), "alle_tage")
    assert result.bottleneck.id == "technisch" and result.done is None
    assert result.posts_needed.value > 70


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"posts.technik": "8"}, "unknown_parameter"),
        ({"cases": "viele"}, "bad_value"),
        ({"cases": "-1"}, "bad_value"),
        ({"cases": "NaN"}, "bad_value"),
        ({"cases": "1E+999999999"}, "out_of_range"),
        ({"price": "9" * 100_000}, "out_of_range"),
        ({"net_days": "1E-999999999"}, "out_of_range"),
        ({"due": "9999-12-31"}, "out_of_range"),
        ({"start": "0001-01-01"}, "out_of_range"),
        ({"due": "2020-01-01"}, "bad_value"),
        ({"due": "bald"}, "bad_value"),
        ({"net_days": "0"}, "bad_value"),
    ],
)
def test_a_value_that_cannot_be_computed_with_is_refused(values: dict[str, str], code: str) -> None:
    with pytest.raises(ConfigError) as refused:
        _bielefeld().with_values(values, TODAY)
    assert refused.value.code == code


def test_an_unknown_calculation_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match="alle_tage"):
        capacity(_bielefeld(), "alle_tag")


def test_time_is_counted_in_whole_months_where_they_are_whole() -> None:
    assert span_years(date(2021, 9, 1), date(2022, 12, 31)) == Fraction(16, 12)
    assert span_years(date(2026, 1, 1), date(2026, 12, 31)) == 1
    assert span_years(date(2026, 1, 1), date(2026, 1, 1)) > 0


def test_the_table_of_neumuenster_is_reproduced() -> None:
    table = cost(_neumuenster())
    first = {row.id: row.cells["2021"] for row in table.rows}
    assert [int(first[row].computed) for row in ("personalkosten", "haushaltswirksam", "gesamtkosten")] == [
        784_900,
        881_900,
        1_038_880,
    ]
    assert table.cell("personalkosten", "2026").computed == 481_600
    assert table.cell("haushaltswirksam", "2026").computed == 539_800
    assert not any(cell.difference for cell in first.values())


def test_inc_05_the_changed_base_is_flagged_and_both_amounts_stay() -> None:
    table = cost(_neumuenster())
    overhead, total = table.cell("gemeinkosten", "2026"), table.cell("gesamtkosten", "2026")
    assert (overhead.printed, overhead.computed) == (107_960, 96_320)
    assert (overhead.cause, overhead.base) == ("andere_basis", "haushaltswirksam")
    assert (total.printed, total.computed, total.difference) == (647_760, 636_120, 11_640)
    assert total.cause == "folgt_aus_gedrucktem"
    assert [row.id for row, _, _ in table.flagged] == ["gemeinkosten", "gesamtkosten"]


def test_an_amount_that_follows_from_nothing_stays_unexplained() -> None:
    data = _neumuenster().model_dump()
    data["rows"][-1]["printed"]["2021"] = 1_000_000
    (flagged, *_) = [item for item in cost(CostModel.model_validate(data)).flagged if item[1] == "2021"]
    assert flagged[2].cause == "ungeklaert"


def test_a_post_that_is_not_printed_is_no_zero() -> None:
    cell = cost(_neumuenster()).cell("koordination_technik", "2026")
    assert cell.printed is None and cell.computed == 0 and cell.difference is None


def test_inc_17_what_was_taken_over_unmeasured_stands_in_the_register_of_assumptions() -> None:
    texts = [item.text for item in _bielefeld().assumptions]
    assert any("100.1" in text and "100.2" in text for text in texts)
    assert all(item.source and item.stand for item in _bielefeld().assumptions)


def test_the_projection_says_when_a_goal_is_reached_at_each_pace() -> None:
    rows = [
        Cell(date(2026 - (m < 12), m % 12 + 1, 1), {}, None, 100 + n, 400) for n, m in enumerate(range(6, 18))
    ]
    progress = Progress.of(rows, TODAY, dict.fromkeys((r.period for r in rows if r.period), 12))
    found = progress.when(Fraction(1, 2))
    assert found is not None and found.middle is not None
    assert found.early == found.middle == found.late > TODAY
    ahead = progress.ahead(date(2027, 6, 9))
    assert ahead is not None and ahead.low == ahead.value == ahead.high


def test_a_goal_without_pace_is_never_reached_and_a_reached_one_today() -> None:
    rows = [Cell(date(2025, m, 1), {}, None, 100, 400) for m in range(1, 13)]
    progress = Progress.of(rows, TODAY)
    never, now = progress.when(Fraction(1, 2)), progress.when(Fraction(1, 4))
    assert never is not None and never.early is None
    assert now is not None and now.late == TODAY
    assert Progress.of(rows[:3], TODAY).when(Fraction(1)) is None


def test_every_model_of_the_example_city_is_valid_and_every_parameter_has_a_source() -> None:
    models = load_models(TEMPLATE)
    assert set(models) == {"bielefeld_ozg", "musterstadt_personal", "neumuenster_personal", "ozg_fortschritt"}
    assert isinstance(pick(models, "ozg_fortschritt"), ProgressModel)
    with pytest.raises(ConfigError, match="bielefeld_ozg"):
        pick(models, "bielefeld")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace('kind  = "capacity"', 'kind = "kapazitaet"'), "capacity"),
        (
            lambda text: text.replace('source = "Vorlage, Ziffer 4.2: Umsetzung bis Ende 2022"', ""),
            "due.source",
        ),
        (lambda text: text.replace("high         = 200", ""), "gehören zusammen"),
        (lambda text: text.replace("high         = 200", "high = 100"), "zwischen low und high"),
        (lambda text: text.replace('roles = ["organisatorisch"]', 'roles = ["fachlich"]'), "fachlich"),
        (lambda text: text + "\nfarbe = 1\n", "farbe"),
    ],
)
def test_a_faulty_model_is_refused_with_file_and_reason(
    change: Callable[[str], str], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "bielefeld_ozg.toml"
    path.write_text(change((MODELS / path.name).read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as refused:
        load_model(path)
    assert "bielefeld_ozg.toml" in str(refused.value)
