"""How a source writes its values as text: declared, never guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_DIRECTIVES = {
    "%d": r"\d{1,2}",
    "%m": r"\d{1,2}",
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%H": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
    "%f": r"\d{1,6}",
    "%j": r"\d{3}",
}

GROUP_BLANKS = " \u00a0\u202f"
"""Blanks that programs write between groups of three digits or around a value."""


class TextFormat(BaseModel):
    """Decimal mark, thousands mark (None: not used), date and timestamp formats, marks for null, true, false.

    Formats use %d %m %Y %y %H %M %S %f %j. Marks are compared without outer blanks; only those named
    here mean null, true or false. Of several thousands marks ("." and blank: `". "`) each number uses one.
    `negative` allows `12-` or `(12)` beside `-12`; `unit` names what may follow a number, such as €.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    decimal: str = Field(default=",", pattern=r"^[.,]$")
    thousands: str | None = Field(default=".", pattern=r"^[.,' ’]{1,4}$")
    negative: Literal["leading", "trailing", "parentheses"] = "leading"
    unit: tuple[str, ...] = ()
    date: str = "%d.%m.%Y"
    timestamp: str = "%d.%m.%Y %H:%M:%S"
    null: tuple[str, ...] = ("",)
    true: tuple[str, ...] = ("ja", "1", "true")
    false: tuple[str, ...] = ("nein", "0", "false")

    @field_validator("date", "timestamp")
    @classmethod
    def _known_directives(cls, value: str) -> str:
        unknown = [d for d in re.findall(r"%.?", value) if d not in _DIRECTIVES]
        if unknown or "%" not in value:
            raise ValueError(
                f"„{value}“ ist kein Datumsformat; erlaubt: {' '.join(_DIRECTIVES)} und übrige Zeichen"
            )
        return value

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.decimal in (self.thousands or ""):
            raise ValueError("thousands und decimal sind dasselbe Zeichen")
        if set(self.true) & set(self.false):
            raise ValueError("Ein Zeichen kann nicht zugleich true und false heißen")
        return self


CANONICAL = TextFormat(
    decimal=".",
    thousands=None,
    date="%Y-%m-%d",
    timestamp="%Y-%m-%d %H:%M:%S",
    true=("true", "1"),
    false=("false", "0"),
)
"""Text inside typed deliveries (SQLite keeps dates as text): ISO spelling only, no null mark but NULL."""


def date_pattern(date_format: str) -> str:
    """Regular expression of a date format; strptime alone would take „1.2.26“ for the year 26."""
    parts = re.split(r"((?:%.)+)", date_format)
    return "".join(_numbers(part) if part.startswith("%") else re.escape(part) for part in parts)


def _numbers(directives: str) -> str:
    patterns = [_DIRECTIVES[directive] for directive in re.findall("%.", directives)]
    if len(patterns) == 1:
        return patterns[0]
    # Where nothing parts two numbers only their width does: 2026111 may mean the first or the eleventh.
    return "".join(pattern.replace("{1,2}", "{2}") for pattern in patterns)


def integer_pattern(text_format: TextFormat) -> str:
    """Whole number, with well-formed groups of three where a thousands mark is declared."""
    return _signed(_whole(text_format), text_format)


def decimal_pattern(text_format: TextFormat, *, most: int | None = None, zeros: bool = False) -> str:
    """Whole number with an optional fraction of at most so many digits; `zeros` behind them do not count."""
    digits = r"\d+" if most is None else rf"\d{{1,{most}}}" if most else ""
    digits += ("0*" if digits else "0+") if zeros else ""
    fraction = f"({re.escape(text_format.decimal)}{digits})?" if digits else ""
    return _signed(f"{_whole(text_format)}{fraction}", text_format)


def unit_pattern(text_format: TextFormat) -> str:
    """What may stand behind a number, with the blanks before it; only to be used where units are declared."""
    return rf"[{GROUP_BLANKS}]*({'|'.join(map(re.escape, text_format.unit))})$"


def parse_number(value: str | None, text_format: TextFormat) -> Decimal | None:
    """The number a text states by the declared format, None when it states none."""
    text = (value or "").strip(GROUP_BLANKS + "\t\ufeff").replace("\u2212", "-")
    if text_format.unit:
        text = re.sub(unit_pattern(text_format), "", text)
    if not _compiled(decimal_pattern(text_format)).fullmatch(text):
        return None
    plain = re.sub(f"[{GROUP_BLANKS}()+{re.escape(text_format.thousands or '')}-]", "", text)
    number = Decimal(plain.replace(text_format.decimal, "."))
    return -number if "-" in text or "(" in text else number


def _signed(number: str, text_format: TextFormat) -> str:
    if text_format.negative == "trailing":
        return rf"([+-]?{number}|{number}-)"
    if text_format.negative == "parentheses":
        return rf"([+-]?{number}|\({number}\))"
    return rf"[+-]?{number}"


def _whole(text_format: TextFormat) -> str:
    # Within one number all marks are the same: 1.234 567 is a slip of somebody's pen.
    groups = "".join(rf"|\d{{1,3}}({mark}\d{{3}})+" for mark in _group_marks(text_format))
    return rf"(\d+{groups})"


def _group_marks(text_format: TextFormat) -> list[str]:
    # Programs write the thousands blank as ordinary, no-break or narrow no-break blank.
    marks = dict.fromkeys(text_format.thousands or "")
    return [f"[{GROUP_BLANKS}]" if mark == " " else re.escape(mark) for mark in marks]


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
