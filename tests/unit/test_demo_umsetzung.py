"""Deadlines, council items, training and ranking of the example city: they only grow and fit together."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from dashboard.demo.city import SEED, TEMPLATE
from dashboard.demo.council import deadlines, items, write_council
from dashboard.demo.measures import measure_table
from dashboard.demo.ranking import WEIGHTS, ranking_rows
from dashboard.demo.register import TOP, service_id
from dashboard.demo.training import training_rows
from warehouse.decided.files import load_decided

DAY, LATER = date(2026, 6, 9), date(2026, 11, 20)
EARLIER = (date(2022, 1, 31), date(2024, 10, 15), DAY)


@pytest.mark.parametrize("day", EARLIER)
def test_what_was_named_up_to_a_day_is_still_named_later(day: date) -> None:
    assert set(deadlines(day, SEED)) == {d for d in deadlines(LATER, SEED) if d.stated <= day}
    assert set(training_rows(day, SEED)) == {row for row in training_rows(LATER, SEED) if row[2] <= day}
    assert set(ranking_rows(day, SEED)) == {row for row in ranking_rows(LATER, SEED) if row[2] <= day}


def test_the_lists_of_a_day_hold_nothing_of_the_days_after_it(tmp_path: Path) -> None:
    write_council(tmp_path, DAY, SEED)
    text = (tmp_path / "Auftraege_2026-06-09.csv").read_text(encoding="utf-8-sig")
    lines = [line.split(";") for line in text.splitlines()[1:]]
    days = [
        date(*map(int, reversed(cell.split("."))))
        for line in lines
        for cell in (*line[6:8], line[10])
        if cell
    ]
    assert lines and max(days) <= DAY
    assert all(line[9] in ("erledigt", "formal erledigt") for line in lines if line[10])


def test_every_deadline_names_a_thing_of_the_lists_and_most_are_vague() -> None:
    known = {row[0] for row in measure_table(DAY, SEED).rows} | {item.item_id for item in items(SEED)}
    named = deadlines(DAY, SEED)
    assert {d.object_id for d in named} <= known
    measures = [d for d in named if d.about == "Maßnahme"]
    assert len(measures) > 3000
    assert sum(d.precision not in ("tag", "") for d in measures) > len(measures) / 2
    assert {d.kind for d in measures} == {"bis", "fortlaufend bis", "ohne Frist"}
    per_measure = Counter(d.object_id for d in measures)
    assert max(per_measure.values()) == 2, "some deadlines were moved, and both stand"


def test_training_counts_groups_of_ten_and_more_and_never_more_than_all() -> None:
    for _, _, _, planned, trained in training_rows(DAY, SEED):
        assert planned >= 10 and 0 <= trained <= planned


def test_the_points_and_weights_of_the_town_give_the_places_of_the_register() -> None:
    declared = tomllib.loads((TEMPLATE / "rankings" / "top20.toml").read_text(encoding="utf-8"))["criteria"]
    assert {name: criterion["weight"] for name, criterion in declared.items()} == WEIGHTS
    points: dict[str, dict[str, int]] = defaultdict(dict)
    for service, criterion, _, value, _ in ranking_rows(DAY, SEED):
        assert 0 <= value <= 100
        points[service][criterion] = value
    scored = {
        service: sum(WEIGHTS[name] * value for name, value in given.items())
        for service, given in points.items()
        if given.keys() == WEIGHTS.keys()
    }
    assert len(points) - len(scored) == 1, "one service still lacks a criterion"
    best = sorted(scored, key=lambda service: -scored[service])
    assert best[: len(TOP)] == [service_id(key) for key in sorted(TOP, key=lambda key: TOP[key][0])]


def test_the_example_city_leaves_one_known_parameter_open_and_sources_the_rest() -> None:
    decided = load_decided(TEMPLATE)
    assert decided.needs.keys() - decided.parameters.keys() == {"wage_eur_per_hour_wirtschaft"}
    assert list(decided.rankings) == ["top20"]
