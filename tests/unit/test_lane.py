"""Pages are drawn one after the other; one that hangs holds up nobody for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from dashboard.lane import BusyError, HeavyLane, Lane
from warehouse.errors import RetriableError
from warehouse.stopping import stopped_by


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


@dataclass
class Held:
    """Work in a heavy lane that goes on until it may end."""

    lane: HeavyLane
    pool: ThreadPoolExecutor
    go_on: threading.Event = field(default_factory=threading.Event)
    begun: list[str] = field(default_factory=list)
    most: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock, self._inside = threading.Lock(), []

    def work(self, person: str) -> None:
        """Take a turn and keep it until all may end."""
        with self.lane.turn(person):
            with self._lock:
                self.begun.append(person)
                self._inside.append(person)
                self.most[person] = max(self.most.get(person, 0), self._inside.count(person))
                self.most["all"] = max(self.most.get("all", 0), len(self._inside))
            assert self.go_on.wait(60)
            with self._lock:
                self._inside.remove(person)

    def start(self, person: str) -> Future[None]:
        """Begin in another thread, and return when it runs or waits."""
        before, begun = self.line(), len(self.begun)
        future = self.pool.submit(self.work, person)
        while self.line() <= before and len(self.begun) == begun and not future.done():
            time.sleep(0.001)
        return future

    def line(self) -> set[object]:
        """Tickets of those who wait."""
        with self.lane._changed:
            return set(self.lane._line)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as threads:
        yield threads


def test_heavy_work_runs_two_at_once_and_one_of_each_person(pool: ThreadPoolExecutor) -> None:
    held = Held(HeavyLane(line=10, wait_s=60), pool)
    work = [held.start(person) for person in ("a", "a", "a", "b", "c", "b")]
    assert sorted(held.begun) == ["a", "b"], "b does not wait behind the second of a"
    held.go_on.set()
    for one in work:
        one.result(60)
    assert held.most == {"a": 1, "b": 1, "c": 1, "all": 2} and len(held.begun) == 6
    assert not held.lane._line and not held.lane._running


def test_who_waited_as_long_as_a_question_may_take_is_sent_away_and_cheap_pages_go_on(
    pool: ThreadPoolExecutor,
) -> None:
    held, cheap = Held(HeavyLane(wait_s=0.2), pool), Lane(patience_s=60)
    work = [held.start("a"), held.start("b")]
    with pytest.raises(BusyError) as caught, held.lane.turn("c"):
        pass
    assert caught.value.code == "busy" and caught.value.next_step
    with cheap.turn():
        assert len(held.begun) == 2 and not any(one.done() for one in work)
    held.go_on.set()
    for one in work:
        one.result(60)
    with held.lane.turn("c"):
        assert held.lane._running == {"c"}


def test_a_full_line_sends_away_at_once_so_that_threads_stay_free(pool: ThreadPoolExecutor) -> None:
    held = Held(HeavyLane(line=2, wait_s=60), pool)
    work = [held.start(person) for person in "abcd"]
    with pytest.raises(BusyError), held.lane.turn("e"):
        pass
    assert len(held.lane._line) == 2
    held.go_on.set()
    for one in work:
        one.result(60)


def test_who_asks_again_and_again_gives_up_what_was_asked_first(pool: ThreadPoolExecutor) -> None:
    held = Held(HeavyLane(line=10, each=2, wait_s=60), pool)
    work = [held.start("a") for _ in range(4)]
    with pytest.raises(BusyError):
        work[1].result(60)
    other = held.start("b")
    assert held.begun == ["a", "b"], "and nobody else is held up by it"
    held.go_on.set()
    for one in (work[0], *work[2:], other):
        one.result(60)


def test_who_asks_in_order_keeps_what_was_asked_first_and_hears_whose_questions_are_in_the_way(
    pool: ThreadPoolExecutor,
) -> None:
    held = Held(HeavyLane(line=10, each=1, wait_s=60), pool)
    work = [held.start("a"), held.start("a")]
    with pytest.raises(BusyError) as own, held.lane.turn("a", in_order=True):
        pass
    assert own.value.own and not any(one.done() for one in work)
    held.go_on.set()
    for one in work:
        one.result(60)
    late = HeavyLane(wait_s=0.01)
    with late.turn("a"), late.turn("b"):
        with pytest.raises(BusyError) as mine, late.turn("a"):
            pass
        with pytest.raises(BusyError) as full, late.turn("c"):
            pass
    assert mine.value.own and not full.value.own


def test_heavy_work_that_fails_gives_its_turn_back_and_cancelled_waiting_ends(
    pool: ThreadPoolExecutor,
) -> None:
    held = Held(HeavyLane(wait_s=60), pool)
    with pytest.raises(ZeroDivisionError), held.lane.turn("a"):
        raise ZeroDivisionError
    work, wish = [held.start("a"), held.start("b")], threading.Event()
    reason = RetriableError("abgebrochen", code="query_cancelled")

    def wait() -> None:
        with stopped_by(lambda: reason if wish.is_set() else None), held.lane.turn("c"):
            raise AssertionError("there was no turn")

    waiting = pool.submit(wait)
    while not held.lane._line:
        time.sleep(0.001)
    wish.set()
    assert waiting.exception(60) is reason and not held.lane._line
    held.go_on.set()
    for one in work:
        one.result(60)
