"""Points in time as services write them, on the town hall's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from connectors.spelling import Value, typed_text
from warehouse.textformat import TextFormat

Convert = Callable[[Value], Value]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def converter(
    written: str,
    kind: str,
    text: TextFormat,
    local: Callable[[datetime], datetime],
) -> Convert:
    """From one spelling (`iso`, `unix_s`, `unix_ms`) to that of the contract.

    What cannot be read stays as it is, so that the quarantine can name it.
    """

    def convert(value: Value) -> Value:
        if value is None or value.strip() in text.null:
            return value
        moment = read_moment(value.strip(), written, local)
        if moment is None:
            return value
        return typed_text(moment.date() if kind == "date" else moment, text)

    return convert


def read_moment(value: str, written: str, local: Callable[[datetime], datetime]) -> datetime | None:
    """Local time without zone, None when the text is no point in time."""
    try:
        if written == "iso":
            moment = datetime.fromisoformat(value)
        else:
            moment = _EPOCH + timedelta(**{"milliseconds" if written == "unix_ms" else "seconds": int(value)})
    except (ValueError, OverflowError):
        return None
    # Without a zone it is taken for local time: that is what such services mean.
    return _here(moment, local) if moment.tzinfo else moment


def _here(moment: datetime, local: Callable[[datetime], datetime]) -> datetime:
    try:
        return local(moment)
    except OverflowError:
        # „Without end“ is written as the last second of 9999, which no other zone can express.
        return moment.replace(tzinfo=None)


def newest(values: set[str], local: Callable[[datetime], datetime]) -> datetime | None:
    """The newest of several ISO texts, as local time; None when none can be read."""
    read = (read_moment(value, "iso", local) for value in values)
    return max((moment for moment in read if moment is not None), default=None)
