"""CMIS-SQL: one SELECT over one type, always with the object's id and always ordered by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

OBJECT_ID = "cmis:objectId"
WINDOW = ("since", "until")
NAME = r"[A-Za-z_][\w:.\-]*"
"""How types and properties are called in queries."""

_LITERAL = re.compile(r"'(?:[^'\\]|\\.|'')*'")
_PARAMETER = re.compile(r"(?<![\w:]):([A-Za-z_]\w*)")
_NOT_HERE = re.compile(r"(?i)\b(ORDER\s+BY|GROUP\s+BY|UNION|JOIN|COUNT\s*\()|;")


def select(
    type_name: str, properties: Iterable[str], conditions: Sequence[str], *, ordered: bool = True
) -> str:
    """The statement. Pages need an order that never changes; only the id is different for every object."""
    chosen = ", ".join(dict.fromkeys((OBJECT_ID, *properties)))
    given = [f"({condition})" for condition in conditions if condition.strip()]
    where = f" WHERE {' AND '.join(given)}" if given else ""
    order = f" ORDER BY {OBJECT_ID}" if ordered else ""
    return f"SELECT {chosen} FROM {type_name}{where}{order}"  # noqa: S608 (names are checked, texts escaped)


def parameters_of(condition: str) -> set[str]:
    """Names of `:parameters`, which are no part of `cmis:names` and of texts."""
    return {name for part in _LITERAL.split(condition) for name in _PARAMETER.findall(part)}


def what_does_not_belong(condition: str) -> str | None:
    """The part of a condition that is more than a condition, None when it is one."""
    bare = _LITERAL.sub("''", condition)
    found = _NOT_HERE.search(bare)
    if found:
        return found[0]
    return "'" if "'" in bare.replace("''", "") else None


def bound(condition: str, since: datetime | None, until: datetime, timezone: str) -> str:
    """The condition with `:since` and `:until` (local time without zone) as TIMESTAMP literals."""
    values = {"until": timestamp(until, timezone)}
    if since is not None:
        values["since"] = timestamp(since, timezone)
    pieces, at = [], 0
    for text in (*_LITERAL.finditer(condition), None):
        bare = condition[at : text.start() if text else None]
        pieces.append(_PARAMETER.sub(lambda name: values.get(name[1], name[0]), bare))
        if text:
            pieces.append(text[0])
            at = text.end()
    return "".join(pieces)


def timestamp(moment: datetime, timezone: str) -> str:
    """A literal in UTC with milliseconds, the finest CMIS knows."""
    utc = moment.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    return f"TIMESTAMP '{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z'"


def text(value: str) -> str:
    """A text literal."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def one_of(ids: Iterable[str]) -> str:
    """The condition that an object is one of these."""
    return f"{OBJECT_ID} IN ({', '.join(map(text, ids))})"
