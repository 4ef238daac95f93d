"""Words with wildcards, as people write them into declarations: `4*`, `?.11*`, `Summe*`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from connectors.spelling import Value


def fits(value: Value, word: str) -> bool:
    """Whether a cell without its outer blanks is the word; `*` stands for any text, `?` for one character."""
    return _compiled((word,)).fullmatch((value or "").strip()) is not None


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """One expression for several words, to be matched in full."""
    return _compiled(tuple(words))


@lru_cache(maxsize=512)
def _compiled(words: tuple[str, ...]) -> re.Pattern[str]:
    plain = (re.escape(word).replace(r"\*", ".*").replace(r"\?", ".") for word in words)
    return re.compile("|".join(plain), re.DOTALL)
