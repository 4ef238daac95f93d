"""What single values look like: numbers with their marks, days with their spelling, yes and no."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

UNITS = ("€", "EUR", "Euro", "%", "T€", "TEUR")
_BLANKS = " \u00a0\u202f"
# Groups of three with one mark, or digits without groups; 1.16.01.01 is no number but a place in a plan.
_WHOLE = rf"(?:\d+|\d{{1,3}}(?:\.\d{{3}})+|\d{{1,3}}(?:,\d{{3}})+|\d{{1,3}}(?:['’{_BLANKS}]\d{{3}})+)"
_UNIT = rf"[{_BLANKS}]*(?:{'|'.join(map(re.escape, UNITS))})?"
_NUMBER = re.compile(
    rf"[+\-\u2212]?{_WHOLE}(?:[.,]\d+)?{_UNIT}|{_WHOLE}(?:[.,]\d+)?[-\u2212]{_UNIT}", re.ASCII
)
DATES = {
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%Y-%m-%d": r"\d{4}-\d{1,2}-\d{1,2}",
    "%d.%m.%y": r"\d{1,2}\.\d{1,2}\.\d{2}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%m/%d/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%Y/%m/%d": r"\d{4}/\d{1,2}/\d{1,2}",
    "%Y-%m": r"\d{4}-\d{2}",
    "%m.%Y": r"\d{2}\.\d{4}",
    "%Y%m%d": r"(?:19|20)\d{6}",
}
TIMES = {
    "": "",
    " %H:%M": r" \d{1,2}:\d{2}",
    " %H:%M:%S": r" \d{1,2}:\d{2}:\d{2}",
    "T%H:%M:%S": r"T\d{2}:\d{2}:\d{2}",
}
_DAY = "|".join(pattern for form, pattern in DATES.items() if form != "%Y%m%d")
_DATE = re.compile(f"({_DAY})({'|'.join(TIMES.values())})")
BOOLEANS = (("ja", "nein"), ("true", "false"), ("j", "n"), ("wahr", "falsch"), ("y", "n"), ("yes", "no"))
NULL_WORDS = ("NULL", "null", "k. A.", "k.A.", "n/a", "N/A", "#N/A", "#NV", "-", "–", "unbekannt", "entfällt")


def is_number(text: str) -> bool:
    """Whether a text is a number in any of the usual spellings."""
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    return _NUMBER.fullmatch(inner) is not None


def is_date(text: str) -> bool:
    """Whether a text is a day or a moment in any of the usual spellings; bare digits are not."""
    return _DATE.fullmatch(text) is not None


def date_formats(values: Iterable[str]) -> list[str]:
    """All formats in which every value is a day (or moment) that exists, the usual ones first."""
    texts = list(values)
    found = []
    for form, pattern in DATES.items():
        for time, tail in TIMES.items():
            if all(re.fullmatch(pattern + tail, text) for text in texts) and _all_exist(texts, form + time):
                found.append(form + time)
    return found if texts else []


def bare(text: str) -> tuple[str, str | None]:
    """A number without its unit, and the unit."""
    for unit in sorted(UNITS, key=len, reverse=True):
        if text.rstrip().endswith(unit):
            return text.rstrip()[: -len(unit)].rstrip(_BLANKS), unit
    return text, None


def _all_exist(texts: list[str], form: str) -> bool:
    try:
        for text in texts:
            datetime.strptime(text, form)
    except ValueError:
        return False
    return True
