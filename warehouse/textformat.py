"""How a source writes its values as text: declared, never guessed."""

from __future__ import annotations

import re
from typing import Self

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


class TextFormat(BaseModel):
    """Decimal mark, thousands mark (None: not used), date and timestamp formats, marks for null, true, false.

    Formats use %d %m %Y %y %H %M %S %f %j. Marks are compared without outer blanks; only those named
    here mean null, true or false.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    decimal: str = Field(default=",", pattern=r"^[.,]$")
    thousands: str | None = Field(default=".", pattern=r"^[.,' ’]$")
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
        if self.thousands == self.decimal:
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
    parts = re.split(r"(%.)", date_format)
    return "".join(_DIRECTIVES.get(part, re.escape(part)) for part in parts)


def integer_pattern(text_format: TextFormat) -> str:
    """Whole number, with well-formed groups of three where a thousands mark is declared."""
    groups = f"|\\d{{1,3}}({_group_mark(text_format)}\\d{{3}})+" if text_format.thousands else ""
    return rf"[+-]?(\d+{groups})"


def decimal_pattern(text_format: TextFormat) -> str:
    """Whole number with an optional fraction after the declared mark."""
    return rf"{integer_pattern(text_format)}({re.escape(text_format.decimal)}\d+)?"


def _group_mark(text_format: TextFormat) -> str:
    # Programs write the thousands blank as ordinary, no-break or narrow no-break blank.
    return "[ \u00a0\u202f]" if text_format.thousands == " " else re.escape(text_format.thousands or "")
