"""Which entries fit what somebody types, the best first: codes, beginnings, words, parts of long words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metrics.folding import fold, words_of

MOST = 12
FAIR_SHARE = 3
LONGEST_TITLE = 90
# Shorter pieces inside a word would find half of the dictionary.
INSIDE = 3
_WORD = re.compile(r"[^\W_]+")
_NO_SIGN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found: folded words and codes to compare, texts to show."""

    kind: str
    title: str
    note: str
    href: str
    words: tuple[str, ...]
    codes: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found: the shown entries, best first within their kinds, and how many fit in all."""

    shown: tuple[Entry, ...]
    total: int


def entry(
    kind: str, title: str, note: str, href: str, *, codes: Iterable[object] = (), more: str = ""
) -> Entry:
    """Prepare an entry; `more` is text that is searched, too, but counts least."""
    plain = tuple(code for raw in codes if raw and (code := bare(str(raw))))
    return Entry(kind, _cut(title), note, href, tuple(_WORD.findall(fold(title))), plain, fold(more))


def bare(text: str) -> str:
    """„ozg01“ of „OZG-01“ and of „ozg 01“."""
    return _NO_SIGN.sub("", fold(text))


def _cut(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def find(index: Sequence[Entry], text: str, kinds: Sequence[str]) -> Hits:
    """Return what fits; every word has to occur. Each kind gets its share before any gets more."""
    wanted = tuple(word for typed in words_of(text) for word in _WORD.findall(typed))
    whole = bare(text)
    if not wanted:
        return Hits((), 0)
    scored = []
    for place, item in enumerate(index):
        score = 0 if whole in item.codes else _score(item, wanted)
        if score is not None:
            scored.append((score, len(item.title), place, item))
    scored.sort(key=lambda found: found[:3])
    best = [found[3] for found in scored]
    return Hits(_shared(best, kinds), len(best))


def _score(item: Entry, wanted: Sequence[str]) -> int | None:
    total = 0
    for word in wanted:
        score = _word_score(item, word)
        if score is None:
            return None
        total += score
    return total


def _word_score(item: Entry, word: str) -> int | None:
    if any(code.startswith(word) for code in item.codes):
        return 1
    if item.words and item.words[0].startswith(word):
        return 2
    if any(part.startswith(word) for part in item.words):
        return 3
    if len(word) < INSIDE:
        return None
    if any(word in part for part in item.words):
        return 5
    return 8 if word in item.more else None


def _shared(best: Sequence[Entry], kinds: Sequence[str]) -> tuple[Entry, ...]:
    by_kind = {kind: [item for item in best if item.kind == kind] for kind in kinds}
    chosen = {id(item) for items in by_kind.values() for item in items[:FAIR_SHARE]}
    for item in best:
        if len(chosen) >= MOST:
            break
        chosen.add(id(item))
    return tuple(item for items in by_kind.values() for item in items if id(item) in chosen)[:MOST]
