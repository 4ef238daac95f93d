"""The two parameters of a query, `:since` and `:until`, found where they are parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

PARAMETERS = ("since", "until")

# Everything in which a colon is no parameter: strings, quoted names, comments, dollar quotes, casts.
TOKEN = re.compile(
    r"""'(?:[^']|'')*'
      | "(?:[^"]|"")*"
      | --[^\n]*
      | /\*.*?\*/
      | (?P<tag>\$\w*\$).*?(?P=tag)
      | ::\s*\w+
      | :(?P<name>[A-Za-z_]\w*)""",
    re.VERBOSE | re.DOTALL,
)


def parameter_names(query: str) -> set[str]:
    """Names of all parameters of a query."""
    return {match["name"] for match in TOKEN.finditer(query) if match["name"]}


def substitute(query: str, literals: dict[str, str]) -> str:
    """The query with each parameter replaced by its literal."""
    return TOKEN.sub(lambda match: literals[match["name"]] if match["name"] else match[0], query)


def escape_for_binding(query: str) -> str:
    """The query for a driver that binds `:name`, with every other colon escaped."""
    parts, position = [], 0
    for match in TOKEN.finditer(query):
        if match["name"]:
            parts += [query[position : match.start()].replace(":", "\\:"), match[0]]
            position = match.end()
    return "".join([*parts, query[position:].replace(":", "\\:")])


@dataclass(frozen=True)
class Bounds:
    """Window of a query in local time; `by_day` when the cursor is a date and not a moment."""

    since: datetime | None
    until: datetime
    by_day: bool

    @classmethod
    def of(cls, since: datetime | None, until: datetime, cursor_type: str) -> Self:
        """Bounds for a cursor column; a day's rows belong to the run of that day, hence day + 1."""
        by_day = cursor_type == "date"
        return cls(since, until + timedelta(days=1) if by_day else until, by_day)

    def literals(self) -> dict[str, str]:
        """Typed SQL literals. Built from datetimes of our own, so they can carry no foreign text."""
        word = "DATE" if self.by_day else "TIMESTAMP"
        return {name: f"{word} '{text}'" for name, text in self.plain_texts("%Y-%m-%d %H:%M:%S.%f").items()}

    def plain_texts(self, moment: str = "%Y-%m-%d %H:%M:%S") -> dict[str, str]:
        """Text, for databases that keep days and moments as text (SQLite)."""
        form = "%Y-%m-%d" if self.by_day else moment
        return {name: value.strftime(form) for name, value in self._given().items()}

    def typed_values(self) -> dict[str, object]:
        """Python values for drivers that bind by type."""
        return {name: value.date() if self.by_day else value for name, value in self._given().items()}

    def _given(self) -> dict[str, datetime]:
        return {"until": self.until} | ({"since": self.since} if self.since else {})


def probe(query: str) -> str:
    """The query cut to one row."""
    return f"SELECT * FROM ({bare(query)}) AS probe LIMIT 1"  # noqa: S608 (the town's own query)


def bare(query: str) -> str:
    """The query without closing semicolon."""
    # The line break keeps a comment at the end from swallowing what a driver writes behind it.
    return query.strip().rstrip(";").rstrip() + "\n"
