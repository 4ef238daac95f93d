"""What people type into forms: plain text of a limited length, days as they write them, faults by field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class TypedFault(Exception):  # noqa: N818 - what a person typed is no error of the program
    """Sentences by field, each naming the right format."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = dict(faults)


class Typed:
    """Reads fields one by one and collects what is wrong with them."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}

    def text(self, field: str, value: object, *, longest: int, name: str) -> str:
        """One paragraph of plain text."""
        words = plain(value)
        if not words:
            self.faults[field] = f"Bitte {name} eingeben."
        elif len(words) > longest:
            self.faults[field] = f"Bitte {name} auf {longest} Zeichen kürzen; eingegeben sind {len(words)}."
        return words

    def day(self, field: str, value: object, *, earliest: date, latest: date) -> date:
        """A day written DD.MM.YYYY."""
        found = read_day(value)
        if found is None:
            self.faults[field] = "Bitte ein Datum als TT.MM.JJJJ eingeben, zum Beispiel 30.09.2026."
        elif not earliest <= found <= latest:
            self.faults[field] = (
                f"Bitte ein Datum vom {earliest:%d.%m.%Y} bis zum {latest:%d.%m.%Y} eingeben."
            )
        return found or earliest

    def finish(self) -> None:
        """Raise TypedFault when anything was wrong."""
        if self.faults:
            raise TypedFault(self.faults)


def plain(value: object) -> str:
    """Text without control characters, blanks as one; markup stays the letters it is written with."""
    text = unicodedata.normalize("NFC", value) if isinstance(value, str) else ""
    visible = "".join(
        " " if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char for char in text
    )
    return " ".join(visible.split())


def read_day(value: object) -> date | None:
    """A day written DD.MM.YYYY, None for anything else."""
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
