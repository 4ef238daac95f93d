"""Texts as people type them: case, umlauts, ß and accents make no difference. For Python and for SQL."""

from __future__ import annotations

import unicodedata

MOST_WORDS, LONGEST = 8, 100
_LETTERS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))
_GERMAN = str.maketrans(dict(_LETTERS))


def fold(text: str) -> str:
    """„strasse“ of „Straße“, „aenderung“ of „Änderung“, „cafe“ of „Café“."""
    german = unicodedata.normalize("NFC", text).lower().translate(_GERMAN)
    return "".join(sign for sign in unicodedata.normalize("NFD", german) if not unicodedata.combining(sign))


def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words of what somebody typed, cut to what a search takes."""
    whole = text[:LONGEST].encode("utf-8", "ignore").decode("utf-8")
    return tuple(fold(whole.replace("\0", " ")).split()[:MOST_WORDS])


def folded(expression: str) -> str:
    """Return the SQL that folds a text the way `fold` does."""
    sql = f"lower(nfc_normalize({expression}))"
    for letter, plain in _LETTERS:
        sql = f"replace({sql}, '{letter}', '{plain}')"
    return f"strip_accents({sql})"
