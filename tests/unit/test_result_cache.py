"""The cache of answers: what many ask for at once, right after a publication, is computed once."""

from __future__ import annotations

import threading

import pytest

from dashboard.services import ResultCache


def test_what_several_ask_for_at_once_is_computed_by_the_first_of_them() -> None:
    cache, begun, go, again = ResultCache(), threading.Event(), threading.Event(), threading.Event()
    answers: list[str] = []

    def first() -> str:
        begun.set()
        go.wait(10)
        return "der erste"

    def second() -> str:
        again.set()
        return "noch einer"

    one = threading.Thread(target=lambda: answers.append(cache.get_or_compute("a", first)))
    one.start()
    assert begun.wait(10)
    two = threading.Thread(target=lambda: answers.append(cache.get_or_compute("a", second)))
    two.start()
    # Other questions do not wait, and the same one is not computed a second time meanwhile.
    assert cache.get_or_compute("b", lambda: "anderes") == "anderes"
    assert not again.wait(0.2)
    go.set()
    one.join(10)
    two.join(10)
    assert answers == ["der erste", "der erste"]


def test_an_error_is_not_kept_and_the_next_one_tries_again() -> None:
    cache = ResultCache()

    def fail() -> str:
        raise ValueError

    with pytest.raises(ValueError):
        cache.get_or_compute("a", fail)
    assert cache.get_or_compute("a", lambda: "jetzt") == "jetzt"


def test_the_oldest_answer_makes_room() -> None:
    cache = ResultCache(size=2)
    for name in ("a", "b", "a", "c"):
        cache.get_or_compute(name, lambda name=name: name)  # type: ignore[misc]
    assert len(cache) == 2
    assert cache.get_or_compute("a", lambda: "neu") == "a"
    assert cache.get_or_compute("b", lambda: "neu") == "neu"
