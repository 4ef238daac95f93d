"""Nobody is watched at work: no figure, list or command counts what single persons do in the portal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from metrics.catalog import House, load_catalog, load_metric
from metrics.population import load_populations
from warehouse.build import META, known_tables, load_models
from warehouse.errors import ConfigError
from warehouse.ledger.tables import metadata
from warehouse.personal import kind_of
from warehouse.subjects import load_subjects

METRIC = """/* ---
label = "Nutzung"
number = "STA-01"
question = "Wer?"
kind = "sum"
population = "antrag"
unit = "count"
better = "none"
over_time = "sum"
scope = "city"
numerator_text = "Anmeldungen"
meaning = "Anmeldungen."
revised = 2026-01-15
--- */
SELECT CAST('2026-01-01' AS DATE) AS period, count(*) AS numerator FROM {table}
"""
LEDGER = sorted(metadata.tables)


@pytest.mark.parametrize("table", [*LEDGER, *(f"ledger.{name}" for name in LEDGER), "meta.protected_cell"])
def test_k10_no_figure_may_read_sign_ins_trail_or_protected_cells(tmp_path: Path, table: str) -> None:
    path = tmp_path / "usage_count.sql"
    path.write_text(METRIC.format(table=table), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_metric(path, "stadt", House.of(load_subjects(None)), load_populations())
    assert caught.value.code in ("unknown_table", "forbidden_table", "bad_sql")


def test_k10_tables_for_figures_and_tables_about_users_have_nothing_in_common() -> None:
    known = {name.partition(".")[2] for name in known_tables(load_models(), load_subjects(None))}
    # core.run is the one row that says which business date a snapshot is of.
    assert known & set(LEDGER) == {"run"}
    assert not {name for name in META if re.search("user|session|login|trail|account", name)}


def test_k10_no_list_of_records_and_no_dimension_names_a_person() -> None:
    catalog = load_catalog(None)
    named = {name for item in catalog.lists.values() for name in item.definition.columns}
    named |= {name for metric in catalog.metrics.values() for name in metric.definition.data_dimensions}
    assert [name for name in sorted(named) if kind_of(name)] == []
