"""Kept answers: one gzip text put together for each person, bounded, young, never of something that moves."""

from __future__ import annotations

import gzip
import zlib
from contextlib import ExitStack

from hypothesis import given
from hypothesis import strategies as st

from dashboard import live
from dashboard.answers import AnswerStore
from dashboard.auth.somebody import somebody
from dashboard.kept_answer import Continuation, KeptAnswer, Part
from metrics.result import Scope


@given(st.binary(), st.binary(), st.binary())
def test_the_parts_make_one_whole_text_for_whoever_unpacks_it(
    before: bytes, person: bytes, after: bytes
) -> None:
    kept = KeptAnswer(before, after)
    assert gzip.decompress(kept.packed(person, Part.of(person))) == before + person + after
    assert kept.plain(person) == before + person + after


def test_a_browser_that_stops_at_the_end_of_the_first_member_has_read_everything() -> None:
    text = KeptAnswer(b"a" * 5000, b"c" * 5000).packed(b"b", Part.of(b"b"))
    reader = zlib.decompressobj(31)
    assert reader.decompress(text) == b"a" * 5000 + b"b" + b"c" * 5000
    assert reader.eof and not reader.unused_data


@given(st.binary(), st.binary())
def test_the_checksum_of_a_continuation_is_that_of_both_together(before: bytes, after: bytes) -> None:
    assert Continuation(after).after(zlib.crc32(before)) == zlib.crc32(before + after)


def test_an_answer_is_forgotten_when_its_minute_is_over() -> None:
    clock = [0.0]
    store = AnswerStore(seconds=60, now=lambda: clock[0])
    store.put("a", KeptAnswer(b"", b""))
    clock[0] = 59.0
    assert store.get("a") is not None
    clock[0] = 60.0
    assert store.get("a") is None


def test_the_answer_asked_for_longest_ago_makes_room() -> None:
    answer = KeptAnswer(b"", b"")
    store = AnswerStore(size=2 * answer.size)
    for name in ("a", "b"):
        store.put(name, answer)
    assert store.get("a") is answer
    store.put("c", answer)
    assert store.get("b") is None and store.get("a") is answer and len(store) == 2
    store.put("c", answer)
    assert len(store) == 2


def test_whoever_asks_for_the_name_of_somebody_has_drawn_for_one_person() -> None:
    with live.noticed() as notes:
        viewer = somebody("leitung", Scope.city(), "hier")
        assert viewer.sees_figures and viewer.role == "leitung" and viewer.gap == "hier"
        assert notes == set()
        assert viewer.name == ""
    assert notes == {live.PERSON}


def test_notes_belong_to_the_innermost_drawing_and_need_none() -> None:
    live.note("nobody listens")
    with ExitStack() as outer:
        notes = outer.enter_context(live.noticed())
        with live.noticed() as inner:
            live.note("ledger")
        assert (notes, inner) == (set(), {"ledger"})
