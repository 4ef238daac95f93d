"""The version of a definition: layout, comments and wording leave it alone, what is counted does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.catalog import Catalog, load_catalog
from metrics.version import Version, part_words, plain_sql, version_of, written_out

CATALOG = load_catalog(None)
METRICS = st.sampled_from(sorted(CATALOG.metrics))
BLANKS = st.sampled_from([" ", "\n\n", "\t  ", "\n-- sagt nichts\n", " /* auch -- nichts */ "])


def _version(metric_id: str, catalog: Catalog = CATALOG, sql: str | None = None, **header: object) -> Version:
    metric = catalog.metric(metric_id)
    definition = metric.definition.model_copy(update=header)
    population = catalog.populations.get(definition.population)
    return version_of(
        definition, sql or metric.sql, population, metric.depends, catalog.models, catalog.rulers
    )


def _spread(sql: str, blanks: list[str]) -> str:
    """Replace the blanks between words, quoted texts left alone."""
    parts = re.split(r"('(?:[^']|'')*')", sql)
    gaps = iter(blanks * len(sql))
    return "".join(
        part if number % 2 else re.sub(r"\s+", lambda _: next(gaps), part)
        for number, part in enumerate(parts)
    )


@settings(max_examples=60, deadline=None)
@given(METRICS, st.lists(BLANKS, min_size=1, max_size=5))
def test_layout_comments_and_capitals_leave_the_version_alone(metric_id: str, blanks: list[str]) -> None:
    sql = CATALOG.metric(metric_id).sql
    plain = re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.S)
    spread = _spread(plain, blanks)
    assert _version(metric_id, sql=spread).hash == CATALOG.version(metric_id).hash
    assert _version(metric_id, sql=spread.replace("SELECT", "select")).hash == CATALOG.version(metric_id).hash


@settings(max_examples=60, deadline=None)
@given(METRICS, st.data())
def test_another_word_in_the_sql_is_another_version(metric_id: str, data: st.DataObject) -> None:
    sql = CATALOG.metric(metric_id).sql
    bare = [found.start() for found in re.finditer(r"(?<![\w'-])\w+(?![\w'])", _without_comments(sql))]
    place = data.draw(st.sampled_from(bare))
    changed = _without_comments(sql)
    changed = f"{changed[:place]}zz{changed[place:]}"
    found = _version(metric_id, sql=changed)
    assert found.hash != CATALOG.version(metric_id).hash
    assert found.differs_in(CATALOG.version(metric_id).parts) == ("statement",)


def _without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.S)


def test_a_text_in_quotation_marks_counts_letter_by_letter() -> None:
    assert plain_sql("SELECT 'a  b' -- x") != plain_sql("SELECT 'a b'")
    assert plain_sql("SELECT 'ab'") != plain_sql("SELECT 'AB'")
    assert plain_sql("SELECT '-- kein Kommentar'") == "select '-- kein Kommentar'"


def test_words_about_a_figure_leave_the_version_alone_and_its_window_does_not() -> None:
    own = CATALOG.version("case_duration_days").hash
    told = {
        "label": "Anders",
        "meaning": "Anders",
        "limits": None,
        "revised": date(2030, 1, 1),
        "decimals": 2,
    }
    assert _version("case_duration_days", **told).hash == own
    found = _version("case_duration_days", window_months=6)
    assert found.differs_in(CATALOG.version("case_duration_days").parts) == ("header",)


def test_a_changed_population_is_another_version() -> None:
    before = CATALOG.version("ozg_online_share")
    population = CATALOG.populations["einzelleistung_eigen"]
    changed = population.model_copy(update={"definition": "Alle, auch die übrigen."})
    catalog = replace(CATALOG, populations={**CATALOG.populations, "einzelleistung_eigen": changed})
    found = catalog.version("ozg_online_share")
    assert found.differs_in(before.parts) == ("population",)
    assert part_words(found.differs_in(before.parts)) == "Grundgesamtheit"


def test_a_changed_table_of_the_warehouse_is_another_version_of_all_that_rest_on_it() -> None:
    model = CATALOG.models["core.assessment_interval"]
    changed = replace(model, sql=f"{model.sql}\nLIMIT 1")
    models = {**CATALOG.models, "core.assessment_interval": changed}
    catalog = replace(CATALOG, models=models)
    found = catalog.version("ozg_online_share").differs_in(CATALOG.version("ozg_online_share").parts)
    assert found == ("core.assessment_interval",)
    assert catalog.version("measure_done_share").hash == CATALOG.version("measure_done_share").hash


def test_another_crosswalk_of_reifegrad_models_is_another_version_where_it_is_read() -> None:
    catalog = replace(CATALOG, rulers="andere")
    changed = _changed(catalog)
    assert changed["ozg_bundle_rule_share"] == ("rulers",)
    assert changed["measure_done_share"] == changed["paper_sheets_count"] == ()


def _changed(catalog: Catalog) -> Mapping[str, tuple[str, ...]]:
    return {name: catalog.version(name).differs_in(CATALOG.version(name).parts) for name in catalog.metrics}


def test_parameters_are_written_where_they_belong_and_not_into_texts() -> None:
    sql = "SELECT '?' AS q, a FROM t WHERE a = ? AND d <= ? -- ?"
    assert written_out(sql, ["O'Hara", date(2026, 6, 9)]) == (
        "SELECT '?' AS q, a FROM t WHERE a = 'O''Hara' AND d <= DATE '2026-06-09' -- ?"
    )
