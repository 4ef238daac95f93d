"""Ten questions councils asked, answered in the explorer by clicks; every cell against the answer on paper.

The questions come from motions and inquiries: Leipzig (2025), Bad Kreuznach (2024), München (2020, 2023), Kreis
Heinsberg (2022), Hünfeld. What Musterstadt cannot answer is said in docs/explorer.md.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.chromium import Desk
from tests.browser.controller import Controller, on_paper
from tests.example_city import ExampleCity
from tests.questions_by_hand import (
    TOTAL,
    Sheet,
    availability,
    backlog,
    building_year,
    cases_by_channel,
    cases_by_year,
    digital_share,
    levels,
    running_in,
    running_projects,
    services_at,
    services_by_dezernat,
    throughput,
)
from tests.questions_by_hand_plan import (
    budget_positions,
    goals_reached,
    relief,
    results_against_plan,
    solution_costs,
)


@pytest.fixture(scope="module")
def city(desk: Desk) -> ExampleCity:
    """What the source systems of the served city delivered; nothing else of it is read here."""
    settings = SimpleNamespace(city=Path(desk.portal.folder))
    return ExampleCity(cast("Any", settings), cast("Any", None), cast("Any", None))


@pytest.fixture(scope="module")
def seated(desk: Desk) -> Iterator[Controller]:
    with desk.person("controlling") as person:
        yield Controller(person)


@pytest.fixture
def me(seated: Controller) -> Iterator[Controller]:
    seated.person.trouble.clear()
    yield seated
    assert seated.person.trouble.everything() == []


@pytest.fixture(scope="module")
def units(city: ExampleCity) -> dict[str, str]:
    """How people call the units: „FD 63 Bauaufsicht“, „Dezernat IV Planen, Bauen, Umwelt“."""
    with (city.settings.city / "organisation.csv").open(encoding="utf-8-sig") as stream:
        rows = [line.rstrip("\n").split(";") for line in stream][1:]
    return {row[0]: row[2] if row[2].startswith("Dezernat") else f"{row[3]} {row[2]}" for row in rows}


def check(
    me: Controller,
    sheet: Sheet,
    heads: Mapping[str, str],
    kinds: tuple[str, ...] | str,
    names: Mapping[str, str] | None = None,
) -> None:
    """Compare all cells; `heads` names the column of the page for every column of the paper."""
    table, paper = me.read(), on_paper(sheet, kinds, names)
    assert sorted(table.columns) == sorted(heads[column] for column in sheet.columns)
    places = [table.columns.index(heads[column]) for column in sheet.columns]
    shown = {path: tuple(cells[place] for place in places) for path, cells in table.rows.items()}
    assert shown == paper


def same(sheet: Sheet) -> dict[str, str]:
    """Columns called alike on paper and on the page; their total is „Summe“."""
    return {column: "Summe" if column == TOTAL else column for column in sheet.columns}
