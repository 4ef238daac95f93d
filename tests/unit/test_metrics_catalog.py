"""Bad metric files, targets and populations are refused with file, line and a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.catalog import DEFINITIONS, load_catalog
from metrics.population import load_populations
from warehouse.errors import ConfigError

GOOD = """/* ---
label = "Offene Vorgänge"
number = "STA-01"
question = "Wie viele Vorgänge sind offen?"
kind = "sum"
population = "antrag"
unit = "count"
better = "lower"
over_time = "sum"
dimensions = ["procedure"]
scope = "organisation"
numerator_text = "Vorgänge"
meaning = "Vorgänge je Monat."
revised = 2026-01-15
--- */
SELECT
    CAST(date_trunc('month', received_on) AS DATE) AS period,
    org_unit_id,
    procedure,
    count(*) AS numerator
FROM core."case"
GROUP BY ALL
"""
SHARE = (
    GOOD.replace('kind = "sum"', 'kind = "share"')
    .replace("numerator_text", 'denominator_text = "alle"\nnumerator_text')
    .replace("count(*) AS numerator", "count(*) AS numerator, count(*) AS denominator")
)


def _load(city: Path, text: str, name: str = "open_case_count") -> None:
    (city / "metrics").mkdir(exist_ok=True)
    (city / "metrics" / f"{name}.sql").write_text(text, encoding="utf-8")
    load_catalog(city)


def _refused(city: Path, text: str, name: str = "open_case_count") -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        _load(city, text, name)
    return caught.value


def test_a_town_adds_a_metric_with_one_file(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "open_case_count.sql").write_text(GOOD, encoding="utf-8")
    metric = load_catalog(tmp_path).metric("open_case_count")
    assert (metric.area, metric.depends, metric.subjects) == ("stadt", {"core.case"}, {"case"})


def test_built_in_metrics_read_only_marts_core_and_bookkeeping() -> None:
    tables = {table for metric in load_catalog(None).metrics.values() for table in metric.depends}
    assert {name.split(".")[0] for name in tables} == {"core", "mart", "meta"}


def test_a_metric_rests_on_the_subjects_behind_its_marts() -> None:
    assert load_catalog(None).metric("ozg_bundle_online_share").subjects >= {
        "service",
        "assessment",
        "ozg_bundle",
    }


@pytest.mark.parametrize(
    ("change", "code", "line", "hint"),
    [
        (("label =", "lable ="), "unknown_key", 2, "label"),
        (('population = "antrag"', 'population = "antrage"'), "unknown_population", 6, "antrag"),
        (('kind = "sum"', 'kind = "summe"'), "invalid_value", 5, None),
        (("revised = 2026-01-15", "revised = "), "toml_syntax", 14, None),
        (("/* ---", "/* --"), "missing_header", 1, None),
        (('FROM core."case"', 'FROM core."cases"'), "unknown_table", 21, "core.case"),
        (('FROM core."case"', "FROM stage.case"), "unknown_table", 21, "core.case"),
        (('FROM core."case"', "FROM read_csv('geheim.csv')"), "forbidden_function", 21, None),
        (('FROM core."case"', "FROM 'geheim.csv'"), "unknown_table", 21, None),
        (('FROM core."case"', "FROM duckdb_tables()"), "forbidden_function", 21, None),
        (("count(*) AS numerator", "count(getenv('HOME')) AS numerator"), "forbidden_function", 20, None),
        (("received_on)", "current_date)"), "forbidden_function", 17, None),
        (("count(*) AS numerator", "count(random()) AS numerator"), "forbidden_function", 20, None),
        (("GROUP BY ALL", "GROUP BY ALL; SELECT 1"), "not_one_select", 16, None),
        (("SELECT\n    CAST", "CREATE TABLE x AS SELECT CAST"), "not_one_select", 16, None),
        (("SELECT\n    CAST", "SELECT * FROM (SELECT CAST"), "bad_sql", None, None),
        (("    procedure,\n", ""), "column_contract", 16, None),
        (("    org_unit_id,\n", ""), "column_contract", 16, None),
        (("AS numerator", "AS zaehler"), "column_contract", 16, None),
        (("    procedure,", "    procedure, channel,"), "column_contract", 16, None),
        (
            ("count(*) AS numerator", "count(*) AS numerator, count(*) AS denominator"),
            "column_contract",
            16,
            None,
        ),
        (('number = "STA-01"', 'number = "OZG-01"'), "duplicate_number", 3, None),
        (
            ('scope = "organisation"', 'scope = "city"\nchoose_one = { a = "@monat" }'),
            "column_contract",
            None,
            None,
        ),
    ],
)
def test_a_faulty_metric_file_is_refused_with_file_line_and_suggestion(
    tmp_path: Path, change: tuple[str, str], code: str, line: int | None, hint: str | None
) -> None:
    assert change[0] in GOOD
    error = _refused(tmp_path, GOOD.replace(*change))
    assert error.code == code
    assert "open_case_count.sql" in str(error.where)
    if line:
        assert str(error.where).endswith(f":{line}")
    if hint:
        assert hint in str(error.next_step)


@pytest.mark.parametrize(
    "columns",
    [
        "avg(1) AS numerator, count(*) AS denominator",
        "count(*) / count(*) AS numerator, count(*) AS denominator",
        "count(*) AS numerator, count(*) AS denominator, 0.5 AS value",
        "count(*) AS numerator, count(*) AS denominator, 0.5 AS Anteil",
    ],
)
def test_a_finished_ratio_is_refused(tmp_path: Path, columns: str) -> None:
    text = SHARE.replace("count(*) AS numerator, count(*) AS denominator", columns)
    assert _refused(tmp_path, text).code == "finished_ratio"


def test_no_built_in_metric_is_a_finished_ratio() -> None:
    for path in DEFINITIONS.glob("*/*.sql"):
        statement = path.read_text(encoding="utf-8").split("--- */")[1]
        assert not any(word in statement.lower() for word in (" / ", "avg(", "round("))


def test_the_id_of_a_built_in_metric_cannot_be_taken(tmp_path: Path) -> None:
    assert _refused(tmp_path, GOOD, name="ozg_online_share").code == "duplicate_id"


def test_a_figure_that_protects_small_numbers_has_to_count_its_cases(tmp_path: Path) -> None:
    error = _refused(tmp_path, GOOD.replace("revised", "min_cell = 5\nrevised"))
    assert (error.code, "„n“" in str(error)) == ("column_contract", True)


def test_a_figure_of_the_city_names_no_unit(tmp_path: Path) -> None:
    text = GOOD.replace('"organisation"', '"city"').replace('["procedure"]', '["procedure", "org_unit_id"]')
    assert _refused(tmp_path, text).code == "invalid_value"


def test_the_hash_follows_the_meaning_and_not_the_blanks(tmp_path: Path) -> None:
    hashes = set()
    for number, text in enumerate(
        [GOOD, GOOD.replace("    ", "\t"), GOOD.replace("count(*)", "count(received_on)")]
    ):
        city = tmp_path / str(number)
        city.mkdir()
        (city / "metrics").mkdir()
        (city / "metrics" / "open_case_count.sql").write_text(text, encoding="utf-8")
        hashes.add(load_catalog(city).metric("open_case_count").hash)
    assert len(hashes) == 2


def test_an_unknown_metric_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError) as caught:
        load_catalog(None).metric("ozg_onlin_share")
    assert (caught.value.code, "ozg_online_share" in str(caught.value.next_step)) == ("unknown_metric", True)


@pytest.mark.parametrize(
    ("text", "code", "line", "hint"),
    [
        ('\n[ozg_onlne_share]\nowner = "FD 10"', "unknown_key", 2, "ozg_online_share"),
        ('[ozg_online_share]\nowner = "FD 10"\ntolerance_point = 0.1', "unknown_key", 3, "tolerance_points"),
        ("[ozg_online_share]\npath = []", "missing_key", 1, None),
        (
            '[ozg_online_share]\nowner = "a"\n'
            "path = [{on = 2026-01-01, value = 1}, {on = 2025-01-01, value = 2}]",
            "invalid_value",
            1,
            None,
        ),
        (
            '[ozg_online_share]\nowner = "a"\ntolerance_points = 0.1\ntolerance_abs = 1',
            "invalid_value",
            1,
            None,
        ),
        ('[budget_ist_eur]\nowner = "a"\ntolerance_points = 0.1', "invalid_value", 1, None),
        (
            '[case_duration_days]\nowner = "a"\nparts = [{ where = { chanel = "online" } }]',
            "unknown_dimension",
            1,
            "channel",
        ),
    ],
)
def test_a_faulty_target_is_refused_with_file_line_and_suggestion(
    tmp_path: Path, text: str, code: str, line: int, hint: str | None
) -> None:
    (tmp_path / "targets.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_catalog(tmp_path)
    assert (caught.value.code, str(caught.value.where)) == (code, f"{tmp_path / 'targets.toml'}:{line}")
    if hint:
        assert hint in str(caught.value.next_step)


def test_an_unknown_key_in_the_populations_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "populations.toml"
    path.write_text('[a]\ntitel = "A"\ndefinition = "a"\nvalid_from = 2021-01-01', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_populations(path)
    assert (caught.value.code, str(caught.value.where)) == ("unknown_key", f"{path}:2")


def test_every_header_text_is_a_german_sentence_that_can_be_read_aloud() -> None:
    for metric in load_catalog(None).metrics.values():
        definition = metric.definition
        assert definition.question.endswith("?"), metric.id
        assert definition.meaning.endswith("."), metric.id
        assert definition.limits and definition.limits.endswith("."), metric.id
        assert definition.short and len(definition.short) <= 40, metric.id
        assert not any(word in definition.meaning for word in ("KPI", "Service", "Case", "Target"))
