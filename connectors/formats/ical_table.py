"""iCalendar (RFC 5545): every date of the calendar becomes a row, by the clock of the town.

Nothing is fetched: addresses and attachments of an event stay unread. What was cancelled is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event
from icalendar.prop import vCategory

from connectors.base import Context
from connectors.formats.content import not_declared, require_text
from connectors.formats.ical_dates import (
    Day,
    Occurrence,
    UnreadableDateError,
    day_of,
    is_cancelled,
    local,
    occurrences,
    repeats,
    sequence,
)
from connectors.formats.raw import RawRow, RawTable, half_file, undecodable
from connectors.formats.spec import FileTable
from connectors.spelling import Value, typed_text
from warehouse.errors import ContractError

Numbered = tuple[int, Event, list[Event]]
MAX_BYTES = 20 * 1024 * 1024
MAX_EVENTS = 20_000
MAX_ROWS = 50_000
LONGEST = 300
FIELDS = ("uid", "date", "time", "end_date", "end_time", "summary", "description", "location", "categories")
"""What an event is read into; of the description only its first line, the rest stays unread."""


def open_calendar(path: Path, table: FileTable, where: str, context: Context) -> RawTable:
    """Read the events at once and write out their dates on demand; `line` is the number of the event.

    Repeated events are written out up to `months_ahead` months after the day of the run. A date has its
    `time` unless it lasts the whole day; `end_date` is its last day.

    Raises ContractError (not_the_declared_format, half_file, undecodable, malformed_file, too_large).
    """
    events = _events(_calendars(path, where), where)
    # Only what the table asks for: the rest of an event is nothing it forgot to use.
    wanted = {*table.columns.values(), *table.looked_at()}
    header = [name for name in FIELDS if name in wanted] or list(FIELDS)
    zone = ZoneInfo(context.timezone)
    last = _horizon(context.as_of.astimezone(zone).date(), table.months_ahead)
    return RawTable(header, _limited(_rows(events, header, table, zone, last), where))


def _calendars(path: Path, where: str) -> list[Component]:
    if path.stat().st_size > MAX_BYTES:
        raise _too_large(where, f"{MAX_BYTES // 1024**2} MB")
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        raise half_file(where, "die Datei ist leer")
    require_text(content[:512], "ics", where)
    if not content.lstrip()[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        raise not_declared("ics", where, "der Anfang ist nicht BEGIN:VCALENDAR")
    if not content.rstrip().upper().endswith(b"END:VCALENDAR"):
        raise half_file(where, "END:VCALENDAR fehlt am Ende")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise undecodable("utf-8", where, "mindestens ein Zeichen") from None
    try:
        return list(Calendar.from_ical(content, multiple=True))
    except (ValueError, IndexError, KeyError) as error:
        raise ContractError(
            "Die Datei ist kein lesbarer Kalender",
            code="malformed_file",
            where=where,
            found=type(error).__name__,
            next_step="Bei der zuständigen Stelle eine neue Lieferung anfordern",
        ) from None


def _events(calendars: list[Component], where: str) -> list[tuple[int, Event, list[Event]]]:
    """Number, event and its single changed dates; a whole calendar may say that it is cancelled."""
    masters: dict[str, tuple[int, Event]] = {}
    moved: dict[str, list[Event]] = {}
    number = 0
    for calendar in calendars:
        if str(calendar.get("METHOD", "")).upper() == "CANCEL":
            continue
        for event in (found for found in calendar.walk("VEVENT") if isinstance(found, Event)):
            number += 1
            if number > MAX_EVENTS:
                raise _too_large(where, f"{MAX_EVENTS} Termine")
            uid = str(event.get("UID", "") or f"ohne-{number}")
            if event.get("RECURRENCE-ID") is None:
                _keep_newest(masters, uid, number, event)
            else:
                moved.setdefault(uid, []).append(event)
    whole = [(number, event, moved.pop(uid, [])) for uid, (number, event) in masters.items()]
    # A single date may be delivered without the event it belongs to.
    alone: list[Numbered] = [(0, event, []) for events in moved.values() for event in events]
    return [*whole, *alone]


def _keep_newest(masters: dict[str, tuple[int, Event]], uid: str, number: int, event: Event) -> None:
    known = masters.get(uid)
    if known is None or sequence(event) >= sequence(known[1]):
        masters[uid] = (number, event)


def _rows(
    events: list[tuple[int, Event, list[Event]]],
    header: list[str],
    table: FileTable,
    zone: ZoneInfo,
    last: date,
) -> Iterator[RawRow]:
    for number, event, moved in events:
        if is_cancelled(event):
            continue
        try:
            found = list(occurrences(event, moved, zone, last))
        except UnreadableDateError as error:
            yield RawRow(number, [str(event.get("SUMMARY", ""))[:LONGEST], str(error)], "malformed_row")
            continue
        for item in found:
            fields = _fields(item, zone, alone=number == 0)
            yield RawRow(number, [typed_text(fields[name], table.written_as) for name in header])


def _fields(item: Occurrence, zone: ZoneInfo, *, alone: bool) -> dict[str, object]:
    begins, ends = local(item.begins, zone), None if item.ends is None else local(item.ends, zone)
    event, whole_day = item.event, not isinstance(begins, datetime)
    suffix = _single_suffix(event) if alone else item.suffix
    return {
        "uid": f"{event.get('UID', '')}{suffix}" or None,
        "date": begins.date() if isinstance(begins, datetime) else begins,
        "time": None if whole_day else f"{begins:%H:%M}",
        "end_date": _last_day(begins, ends),
        "end_time": f"{ends:%H:%M}" if isinstance(ends, datetime) else None,
        "summary": _words(event, "SUMMARY"),
        "description": _words(event, "DESCRIPTION"),
        "location": _words(event, "LOCATION"),
        "categories": _categories(event),
    }


def _single_suffix(event: Event) -> str:
    original = day_of(event, "RECURRENCE-ID")
    return f"/{original:%Y-%m-%d}" if original and not repeats(event) else ""


def _last_day(begins: Day, ends: Day | None) -> date:
    """The end of whole days is the day after the last; midnight belongs to the evening before."""
    first = begins.date() if isinstance(begins, datetime) else begins
    if ends is None:
        return first
    if isinstance(ends, datetime):
        last = (ends - timedelta(microseconds=1)).date()
    else:
        last = ends - timedelta(days=1)
    return max(first, last)


def _words(event: Event, name: str) -> Value:
    found = event.get(name)
    text = str(found[0] if isinstance(found, list) else found) if found is not None else ""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line[:LONGEST] or None


def _categories(event: Event) -> Value:
    found = event.get("CATEGORIES")
    lists = found if isinstance(found, list) else [found] if found is not None else []
    return (
        ", ".join(str(word) for item in lists if isinstance(item, vCategory) for word in item.cats)[:LONGEST]
        or None
    )


def _limited(rows: Iterator[RawRow], where: str) -> Iterator[RawRow]:
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            raise _too_large(where, f"{MAX_ROWS} Termine")
        yield row


def _horizon(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, 1) + timedelta(days=31)


def _too_large(where: str, allowed: str) -> ContractError:
    return ContractError("Die Datei ist zu groß", code="too_large", where=where, allowed=allowed)
