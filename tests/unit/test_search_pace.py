"""Typing fast is fine; a machine that asks without end waits, and only itself."""

from __future__ import annotations

from dashboard.search.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_account_waits_for_the_oldest_question_to_leave_the_window() -> None:
    clock = Clock()
    pace = Pace(questions=3, window_s=10, clock=clock)
    assert [pace.wait_s("a") for _ in range(3)] == [0, 0, 0]
    clock.now = 4
    assert pace.wait_s("a") == 6
    assert pace.wait_s("b") == 0, "others are not slowed down"
    clock.now = 10
    assert pace.wait_s("a") == 0


def test_a_refused_question_does_not_make_the_wait_longer() -> None:
    clock = Clock()
    pace = Pace(questions=1, window_s=10, clock=clock)
    pace.wait_s("a")
    clock.now = 9
    assert [pace.wait_s("a") for _ in range(5)] == [1] * 5
