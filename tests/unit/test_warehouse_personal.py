"""Who somebody is stays out of the warehouse unless a law is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse_parts import DAY, MORNING
from warehouse.audit import audit_draft, has_errors
from warehouse.build import Model, build, load_models
from warehouse.errors import ConfigError
from warehouse.migrate import prepare
from warehouse.personal import kind_of
from warehouse.store import scratch
from warehouse.subjects import load_subjects

SUBJECT = """
title = "Antrag"
key = ["antrag"]
columns.antrag = { title = "Antrag", type = "text", required = true }
"""


@pytest.mark.parametrize(
    ("column", "what"),
    [
        ("nachname", "Name einer Person"),
        ("antragsteller_vorname", "Name einer Person"),
        ("last_name", "Name einer Person"),
        ("created_by", "Name einer Person"),
        ("geburtsdatum", "Geburtsdatum"),
        ("date_of_birth", "Geburtsdatum"),
        ("kind_geboren_am", "Geburtsdatum"),
        ("personalnummer", "Personalnummer"),
        ("employee_id", "Personalnummer"),
        ("user_id", "Benutzerkennung"),
        ("login", "Benutzerkennung"),
        ("benutzerkennung", "Benutzerkennung"),
    ],
)
def test_k9_a_column_that_says_who_somebody_is_is_known_by_its_name(column: str, what: str) -> None:
    assert kind_of(column) == what


@pytest.mark.parametrize(
    "column",
    [
        "name",
        "produkt_name",
        "owner",
        "users",
        "mail_in_status",
        "unit_id",
        "personal_eur",
        "clerks",
        "rolle_name",
    ],
)
def test_k9_columns_about_things_and_numbers_are_left_alone(column: str) -> None:
    assert kind_of(column) is None


def test_k9_a_subject_with_birth_dates_is_refused_until_it_names_its_legal_basis(tmp_path: Path) -> None:
    (tmp_path / "subjects").mkdir()
    path = tmp_path / "subjects/antrag.toml"
    path.write_text(
        f'{SUBJECT}columns.geburtsdatum = {{ title = "Geboren", type = "date" }}\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError) as caught:
        load_subjects(tmp_path)
    assert caught.value.code == "personal_column" and "Geburtsdatum" in str(caught.value)
    assert caught.value.where == f"{path}:5" and "legal" in str(caught.value.next_step)
    declared = 'title = "Geboren", type = "date", legal = "§ 5 Satzung, Altersgruppen der Bedarfsplanung"'
    path.write_text(f"{SUBJECT}columns.geburtsdatum = {{ {declared} }}\n", encoding="utf-8")
    assert load_subjects(tmp_path)["antrag"].columns["geburtsdatum"].legal


def test_k9_a_table_of_core_or_mart_with_user_ids_stops_the_publication(tmp_path: Path) -> None:
    subjects, models = load_subjects(None), load_models()
    extra = Model("mart.use", tmp_path / "use.sql", "SELECT 'a' AS user_id, 1 AS n")
    models = {**models, "mart.use": extra}
    connection = scratch(temp_directory=tmp_path / "spill")
    prepare(connection, subjects)
    build(connection, subjects=subjects, business_date=DAY, as_of=MORNING, models=models)
    findings = audit_draft(connection, subjects=subjects, models=models, business_date=DAY)
    assert has_errors(findings)
    assert [(f.code, f.where) for f in findings if f.level == "error"] == [
        ("personal_column", "mart.use.user_id")
    ]


def test_k9_the_house_itself_has_no_such_column(tmp_path: Path) -> None:
    subjects, models = load_subjects(None), load_models()
    connection = scratch(temp_directory=tmp_path / "spill")
    prepare(connection, subjects)
    build(connection, subjects=subjects, business_date=DAY, as_of=MORNING, models=models)
    findings = audit_draft(connection, subjects=subjects, models=models, business_date=DAY)
    assert [f for f in findings if f.code == "personal_column"] == []
