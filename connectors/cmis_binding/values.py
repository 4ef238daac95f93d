"""Properties of an object as text under the names of the contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.spelling import Value, typed_text

BETWEEN = "; "
"""Between several values of one property."""

Local = Callable[[datetime], datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def properties_of(result: Any) -> Mapping[str, Any] | None:
    """Values by name, from the short form or from the long one; None for anything else.

    Services may ignore `succinct` and describe every property.
    """
    if not isinstance(result, dict):
        return None
    short, long = result.get("succinctProperties"), result.get("properties")
    if isinstance(short, dict):
        return short
    if not isinstance(long, dict):
        return None
    return {name: told.get("value") for name, told in long.items() if isinstance(told, dict)}


def text_value(value: Any, kind: str, local: Local) -> Value:
    """Canonical text of a property for a contract column of this type; several values are joined.

    Moments come as milliseconds since 1970 or as ISO text; for a `date` they become the day in the town.
    """
    if isinstance(value, list):
        told = [text for one in value if (text := text_value(one, kind, local)) is not None]
        return BETWEEN.join(told) or None
    if kind in ("date", "timestamp"):
        moment = _moment(value)
        if moment is not None:
            here = local(moment) if moment.tzinfo else moment
            return typed_text(here.date() if kind == "date" else here)
    text = typed_text(value)
    # Half a character (JSON may spell it) becomes a NUL, which no text column accepts.
    return _LONE_SURROGATE.sub("\x00", text) if text else text


def _moment(value: Any) -> datetime | None:
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return _EPOCH + timedelta(milliseconds=value)
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
