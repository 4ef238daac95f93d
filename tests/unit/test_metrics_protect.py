"""Which cells are hidden, and that an attacker with all published cuts does not get at them.

The attacker of the product is checked against one that tries every table, and
against HiGHS of SciPy.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from pydantic import ValidationError

from metrics.protect.audit import outcome
from metrics.protect.complement import hide
from metrics.protect.system import Attack, System
from metrics.protect.table import Row, Table, make_table
from tests.protected_tables import (
    decided,
    definition,
    every_table,
    random_rows,
    random_shares,
    too_narrow,
)

SHAPES = ((4, 3), (6, 5), (3, 3, 3), (12,))


def _hidden_keys(table: Table, hidden: frozenset[int]) -> set[tuple[str | None, ...]]:
    return {table.cells[number].keys for number in hidden}


def _widths_of(metric_seed: int) -> tuple[Table, frozenset[int]]:
    shape = SHAPES[metric_seed % len(SHAPES)]
    return decided(definition(len(shape)), random_rows(metric_seed, shape))


@pytest.mark.parametrize("seed", range(80))
def test_k1_no_hidden_cell_is_known_closer_than_the_threshold(seed: int) -> None:
    table, hidden = _widths_of(seed)
    assert table.problem.sensitive <= hidden
    assert too_narrow(table, hidden) == []


def test_k1_hiding_small_cells_alone_would_protect_almost_nothing() -> None:
    alone, complete = [], []
    for seed in range(80):
        table, hidden = _widths_of(seed)
        alone.append(outcome(table, table.problem.sensitive))
        complete.append(outcome(table, hidden))
    assert sum(found.exact for found in alone) > 100
    assert sum(found.exact for found in complete) == sum(found.too_close for found in complete) == 0


@pytest.mark.night
def test_k1_ten_thousand_random_tables_stand_the_attack() -> None:
    for seed in range(10_000):
        table, hidden = _widths_of(seed)
        assert too_narrow(table, hidden) == [], seed


@pytest.mark.parametrize("seed", range(12))
def test_k1_the_attacker_finds_what_trying_every_table_finds(seed: int) -> None:
    table = make_table(definition(2), random_rows(seed, (2, 2), 7))
    system = table.problem.systems[0]
    for hidden in (
        table.problem.sensitive,
        frozenset(n for n, c in enumerate(table.cells) if len(c.cut) == 2),
    ):
        attack, most = Attack(system, hidden), int(system.amounts.sum()) + 1
        possible = list(every_table(system, hidden, most))
        for cell in hidden:
            (number,) = system.sums_of(cell)
            found = [float(system.sums[number] @ guess) for guess in possible]
            low, high = attack.interval(number)
            assert low == pytest.approx(min(found))
            assert min(high, max(found)) == pytest.approx(max(found)) and (high <= most or max(found) >= most)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5, 8, pytest.param(-500, marks=pytest.mark.night)])
def test_k1_the_attacker_agrees_with_an_independent_solver(seed: int) -> None:
    solve = importlib.import_module("scipy.optimize").linprog
    for one in range(-seed) if seed < 0 else [seed]:
        table, hidden = _widths_of(one)
        system = table.problem.systems[0]
        for pattern in (table.problem.sensitive, hidden):
            attack = Attack(system, pattern)
            for cell in sorted(pattern):
                (number,) = system.sums_of(cell)
                expected = _scipy_interval(solve, system, pattern, number)
                assert attack.interval(number) == pytest.approx(expected)


def _scipy_interval(
    solve: Callable[..., object], system: System, hidden: frozenset[int], number: int
) -> tuple[float, float]:
    seen = system.visible(hidden)
    ends = []
    for sign in (1.0, -1.0):
        done = solve(
            sign * system.sums[number],
            A_eq=system.sums[seen] if seen.any() else None,
            b_eq=system.sums[seen] @ system.amounts if seen.any() else None,
            bounds=[(floor, None) for floor in system.floors],
            method="highs",
        )
        ends.append(sign * np.inf * -1 if done.status == 3 else sign * done.fun)  # type: ignore[attr-defined]
    return ends[0], ends[1]


def test_k1_a_zero_is_shown_and_hides_nothing() -> None:
    rows = [Row({"a": "x", "b": b}, 20, 20) for b in "pqr"] + [Row({"a": "y", "b": "p"}, 30, 30)]
    table, hidden = decided(definition(2), rows)
    assert hidden == frozenset()
    assert ("y", "q") not in {cell.keys for cell in table.cells}


def test_k1_one_small_cell_takes_a_partner_in_its_row_and_column_along() -> None:
    numbers = {("x", "p"): 3, ("x", "q"): 9, ("x", "r"): 40, ("y", "p"): 8, ("y", "q"): 7, ("y", "r"): 50}
    rows = [Row({"a": a, "b": b}, n, n) for (a, b), n in numbers.items()]
    table, hidden = decided(definition(2), rows)
    assert _hidden_keys(table, hidden) == {("x", "p"), ("x", "q"), ("y", "p"), ("y", "q")}


def test_k1_a_table_with_one_small_case_only_hides_its_total_as_well() -> None:
    table, hidden = decided(definition(2), [Row({"a": "x", "b": "p"}, 2, 2)])
    assert len(hidden) == len(table.cells) and ("x", "p") in _hidden_keys(table, hidden)


def _paid(*amounts: tuple[str, str, int]) -> list[Row]:
    return [Row({"a": a}, 6, numerator=amount, contributor=who) for a, who, amount in amounts]


def test_k2_a_cell_is_hidden_in_which_one_contributor_makes_more_than_85_percent() -> None:
    many = [(place, who, 100) for place in "yzw" for who in ("k", "l", "m")]
    table, hidden = decided(definition(1), _paid(("x", "k", 86), ("x", "l", 14), *many))
    assert ("x",) in _hidden_keys(table, hidden) and len(hidden) > 1
    assert too_narrow(table, hidden) == []


def test_k2_exactly_85_percent_dominate_nothing() -> None:
    many = [(place, who, 100) for place in "yzw" for who in ("k", "l", "m")]
    _, hidden = decided(definition(1), _paid(("x", "k", 85), ("x", "l", 15), *many))
    assert hidden == frozenset()


def test_k2_a_contributor_spread_over_parts_counts_as_one() -> None:
    rows = [
        Row({"a": "x", "b": b}, 6, numerator=amount, contributor=who)
        for b, who, amount in [("p", "k", 50), ("p", "l", 10), ("q", "k", 50), ("q", "m", 5)]
    ]
    table, _ = decided(definition(2, cuts=[["a"]]), rows)
    (cell,) = [cell for cell in table.cells if cell.cut == ("a",)]
    assert cell.sensitive and Fraction(100, 115) > Fraction(85, 100)


@pytest.mark.parametrize("seed", range(20))
def test_k3_teams_and_their_department_are_one_table(seed: int) -> None:
    """Levels are sums of one another: cuts by team, by department and the whole are attacked together."""
    rows = [
        Row({"a": f"team{row.keys['a']}", "b": f"department{int(row.keys['a'] or 0) // 3}"}, row.n, row.n)
        for row in random_rows(seed, (9,))
    ]
    table, hidden = decided(definition(2, cuts=[["a"], ["b"]]), rows)
    assert too_narrow(table, hidden) == []
    for cell in (c for n, c in enumerate(table.cells) if c.cut == ("b",) and n not in hidden):
        open_teams = [
            n
            for n, c in enumerate(table.cells)
            if c.cut == ("a",) and set(c.base) <= set(cell.base) and n in hidden
        ]
        assert len(open_teams) != 1


@pytest.mark.parametrize("seed", range(20))
def test_k3_the_difference_of_any_two_published_cells_is_never_a_few_people(seed: int) -> None:
    """A∪B minus A over the whole lattice: cells that contain one another, both visible."""
    table, hidden = _widths_of(seed)
    visible = [cell for n, cell in enumerate(table.cells) if n not in hidden]
    sums = {frozenset(cell.base): cell.n for cell in table.cells if cell.n < 5}
    for large in visible:
        for small in visible:
            rest = frozenset(large.base) - frozenset(small.base)
            if rest and set(small.base) < set(large.base):
                assert rest not in sums


@pytest.mark.parametrize("seed", range(30))
def test_k5_numerator_denominator_and_difference_are_hidden_together(seed: int) -> None:
    table, hidden = decided(definition(2, kind="share"), random_shares(seed, (4, 3)))
    for number, cell in enumerate(table.cells):
        top, bottom = int(cell.numerator or 0), int(cell.denominator or 0)
        if any(0 < part < 5 for part in (top, bottom, bottom - top)):
            assert number in hidden
    assert too_narrow(table, hidden) == []


@pytest.mark.parametrize(("top", "is_hidden"), [(0, False), (20, False), (3, True), (17, True), (10, False)])
def test_k5_shares_of_nothing_and_of_all_are_shown_and_those_next_to_them_are_not(
    top: int, is_hidden: bool
) -> None:
    others = [Row({"a": a}, 40, 20, 40) for a in "xyz"]
    table, hidden = decided(definition(1, kind="share"), [Row({"a": "w"}, 20, top, 20), *others])
    assert (("w",) in _hidden_keys(table, hidden)) is is_hidden


def test_k5_a_mean_hides_its_sum_as_far_as_its_cases() -> None:
    rows = [Row({"a": a}, n, numerator=n * 30, denominator=n) for a, n in [("x", 3), ("y", 12), ("z", 15)]]
    table, hidden = decided(definition(1, kind="mean"), rows)
    assert ("x",) in _hidden_keys(table, hidden) and len(hidden) == 2
    assert len(table.problem.systems) == 2 and too_narrow(table, hidden) == []


def test_k7_a_protected_cut_of_three_dimensions_cannot_be_declared() -> None:
    with pytest.raises(ValidationError, match="Höchstens 2 Dimensionen"):
        definition(3, cuts=[["a", "b", "c"]])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"over_time": "last"}, "Flussgrößen"),
        ({"window_months": 12}, "Flussgrößen"),
        ({"choose_one": {"b": "x"}}, "choose_one"),
        ({"min_cell": 0}, "min_cell"),
    ],
)
def test_k3_overlapping_windows_and_stocks_are_refused_because_their_differences_are_people(
    wrong: dict[str, object], words: str
) -> None:
    good = definition(2).model_dump()
    with pytest.raises(ValidationError, match=words):
        type(definition(2)).model_validate({**good, **wrong})


@pytest.mark.parametrize("min_cell", [5, 9])
def test_k8_staff_figures_need_groups_of_ten(min_cell: int) -> None:
    with pytest.raises(ValidationError, match="mindestens 10"):
        definition(2, min_cell=min_cell, about="staff")
    assert definition(2, min_cell=10, about="staff").min_cell == 10


def test_k8_a_group_of_nine_is_hidden_in_staff_figures_and_ten_are_shown() -> None:
    rows = [Row({"a": a}, n, n) for a, n in [("x", 9), ("y", 10), ("z", 30), ("w", 31)]]
    table, hidden = decided(definition(1, min_cell=10, about="staff"), rows)
    assert ("x",) in _hidden_keys(table, hidden) and ("z",) not in _hidden_keys(table, hidden)
    assert hide(table.problem) == hidden
