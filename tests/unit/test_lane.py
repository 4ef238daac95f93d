"""Pages are drawn one after the other; one that hangs holds up nobody for long."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.lane import Lane


def test_never_two_at_once_and_everybody_has_a_turn() -> None:
    lane, inside, seen, most = Lane(patience_s=60), [0], [], []

    def draw(number: int) -> None:
        with lane.turn():
            inside[0] += 1
            most.append(inside[0])
            seen.append(number)
            time.sleep(0.005)
            inside[0] -= 1

    with ThreadPoolExecutor(20) as pool:
        with lane.turn():
            drawn = [pool.submit(draw, number) for number in range(20)]
            time.sleep(0.05)
            assert not seen
        for one in drawn:
            one.result(60)
    assert sorted(seen) == list(range(20)) and set(most) == {1}
    assert not lane._begun and not lane._next.locked()


def test_behind_one_that_hangs_the_others_go_on_one_after_the_other() -> None:
    lane, go_on, inside, most = Lane(patience_s=0.1), threading.Event(), [0], []
    lock = threading.Lock()

    def hang() -> None:
        with lane.turn():
            assert go_on.wait(60)

    def draw() -> None:
        with lane.turn():
            with lock:
                inside[0] += 1
                most.append(inside[0])
            time.sleep(0.01)
            with lock:
                inside[0] -= 1

    with ThreadPoolExecutor(9) as pool:
        hung = pool.submit(hang)
        while not lane._begun:
            time.sleep(0.001)
        others = [pool.submit(draw) for _ in range(8)]
        for other in others:
            other.result(60)
        assert not hung.done()
        go_on.set()
        hung.result(60)
    assert len(most) == 8 and set(most) == {1}, "waiting long is no reason to draw side by side"


def test_a_drawing_that_fails_gives_its_turn_back() -> None:
    lane = Lane(patience_s=60)
    with pytest.raises(ZeroDivisionError), lane.turn():
        raise ZeroDivisionError
    with lane.turn():
        assert len(lane._begun) == 1
