"""Calendars (iCalendar): every date by the clock of the town, nothing cancelled, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Context
from connectors.formats import ical_table
from connectors.formats.ical_table import open_calendar
from connectors.formats.raw import RawRow
from connectors.formats.spec import FileTable
from connectors.recipes import find_recipe
from tests.town import Town
from warehouse.errors import ContractError

TODAY = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)
COLUMNS = {"appointment_id": "uid", "on_date": "date", "title": "summary", "detail": "description"}
ALL = "{time} {end_date} {end_time} {location} {categories}"


def calendar(*events: str, method: str = "") -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Probe//DE", *([method] if method else [])]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def read(folder: Path, content: str | bytes, **more: Any) -> list[RawRow]:
    path = folder / "k.ics"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    settings = {"feeds": "appointment", "path": "k.ics", "format": "ics", "columns": COLUMNS, **more}
    table = FileTable.model_validate(settings)
    return list(open_calendar(path, table, "k.ics", Context(folder, TODAY)).rows)


def days(rows: list[RawRow]) -> list[str]:
    return [str(row.values[1]) for row in rows if row.fault is None]


def test_a_date_of_another_zone_counts_on_the_day_of_the_town(tmp_path: Path) -> None:
    rows = read(tmp_path, calendar("UID:1\nSUMMARY:Rat\nDTSTART:20260630T223000Z"), compose={"x": ALL})
    assert rows[0].values[:3] == ["1", "2026-07-01", "00:30"]


def test_a_named_zone_and_a_floating_time_mean_what_they_say(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        calendar(
            "UID:1\nDTSTART;TZID=America/New_York:20260701T200000",
            "UID:2\nDTSTART:20260701T200000",
        ),
    )
    assert days(rows) == ["2026-07-02", "2026-07-01"]


def test_a_whole_day_has_no_time_and_ends_on_its_last_day(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        calendar("UID:1\nDTSTART;VALUE=DATE:20260630\nDTEND;VALUE=DATE:20260702"),
        compose={"x": "{time} {end_date} {end_time}"},
    )
    assert rows[0].values == ["1", "2026-06-30", None, "2026-07-01", None, None, None]


def test_repeated_dates_keep_their_hour_when_the_clocks_change(tmp_path: Path) -> None:
    event = (
        "UID:s\nDTSTART;TZID=Europe/Berlin:20260915T170000\nDTEND;TZID=Europe/Berlin:20260915T190000\n"
        "RRULE:FREQ=MONTHLY;COUNT=3"
    )
    rows = read(tmp_path, calendar(event), compose={"x": "{time} {end_time}"})
    assert [(row.values[1], row.values[2], row.values[3]) for row in rows] == [
        ("2026-09-15", "17:00", "19:00"),
        ("2026-10-15", "17:00", "19:00"),
        ("2026-11-15", "17:00", "19:00"),
    ]
    assert [row.values[0] for row in rows] == ["s/2026-09-15", "s/2026-10-15", "s/2026-11-15"]


def test_a_cancelled_event_a_cancelled_date_and_an_excluded_one_are_left_out(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        calendar(
            "UID:1\nDTSTART:20260701T100000Z\nSTATUS:CANCELLED",
            "UID:s\nDTSTART;TZID=Europe/Berlin:20260701T170000\nRRULE:FREQ=WEEKLY;COUNT=4\n"
            "EXDATE;TZID=Europe/Berlin:20260708T170000",
            "UID:s\nRECURRENCE-ID;TZID=Europe/Berlin:20260715T170000\nDTSTART;TZID=Europe/Berlin:20260715T170000\n"
            "STATUS:CANCELLED",
        ),
    )
    assert days(rows) == ["2026-07-01", "2026-07-22"]


def test_a_whole_calendar_that_takes_dates_back_names_none(tmp_path: Path) -> None:
    assert read(tmp_path, calendar("UID:1\nDTSTART:20260701T100000Z", method="METHOD:CANCEL")) == []


def test_a_moved_date_stands_on_its_new_day_once_and_the_last_sequence_counts(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        calendar(
            "UID:s\nSUMMARY:Beirat\nDTSTART;VALUE=DATE:20260701\nRRULE:FREQ=MONTHLY;COUNT=2",
            "UID:s\nSEQUENCE:2\nRECURRENCE-ID;VALUE=DATE:20260801\nDTSTART;VALUE=DATE:20260805\nSUMMARY:verlegt",
            "UID:s\nSEQUENCE:1\nRECURRENCE-ID;VALUE=DATE:20260801\nDTSTART;VALUE=DATE:20260803",
        ),
    )
    assert [(row.values[0], row.values[1], row.values[2]) for row in rows] == [
        ("s/2026-07-01", "2026-07-01", "Beirat"),
        ("s/2026-08-01", "2026-08-05", "verlegt"),
    ]


def test_an_endless_repetition_ends_with_the_months_asked_for(tmp_path: Path) -> None:
    event = "UID:s\nDTSTART;VALUE=DATE:20260601\nRRULE:FREQ=MONTHLY"
    found = days(read(tmp_path, calendar(event), months_ahead=3))
    assert found == ["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01"]


@pytest.mark.parametrize(
    "event",
    [
        "UID:1\nSUMMARY:ohne Tag",
        "UID:1\nDTSTART:2026071",
        "UID:1\nDTSTART;TZID=Mars/Olympus:20260715T170000",
        "UID:1\nDTSTART:20260715T170000Z\nRRULE:FREQ=SECONDLY",
        "UID:1\nDTSTART:20260715T170000Z\nRRULE:FREQ=SOMETIMES",
        "UID:1\nDTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY",
    ],
)
def test_an_event_nobody_can_date_costs_itself_only(tmp_path: Path, event: str) -> None:
    rows = read(tmp_path, calendar(event, "UID:2\nDTSTART;VALUE=DATE:20260701"))
    assert [row.fault for row in rows] == ["malformed_row", None]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "half_file"),
        (b"Kennung;Tag\r\n1;01.07.2026\r\n", "not_the_declared_format"),
        (b"<!doctype html><p>Anmeldung</p>", "not_the_declared_format"),
        (calendar("UID:1\nDTSTART:20260701T100000Z")[:-20].encode(), "half_file"),
        (calendar("UID:1\nSUMMARY:\xfc\nDTSTART:20260701T100000Z").encode("latin-1"), "undecodable"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "malformed_file"),
    ],
)
def test_a_file_that_is_no_whole_calendar_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(ContractError) as caught:
        read(tmp_path, content)
    assert caught.value.code == code


def test_files_events_and_dates_have_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    three = calendar(*(f"UID:{n}\nDTSTART;VALUE=DATE:20260701" for n in range(3)))
    for name, limit in (("MAX_BYTES", 100), ("MAX_EVENTS", 2), ("MAX_ROWS", 2)):
        with monkeypatch.context() as patch:
            patch.setattr(ical_table, name, limit)
            with pytest.raises(ContractError) as caught:
                read(tmp_path, three)
            assert caught.value.code == "too_large"


def test_addresses_and_attachments_stay_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the calendar made the reader connect")

    monkeypatch.setattr("socket.socket.connect", refuse)
    event = (
        "UID:1\nDTSTART;VALUE=DATE:20260701\nSUMMARY:Rat\nURL:http://169.254.169.254/\n"
        "ATTACH:http://127.0.0.1:1/x\nDTSTAMP:20260101T000000Z\n"
        "DESCRIPTION:Gegenstand\\nAnsprechperson und Telefonnummer"
    )
    assert read(tmp_path, calendar(event))[0].values == ["1", "2026-07-01", "Rat", "Gegenstand"]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    place = Town(tmp_path)
    yield place
    place.con.close()


def test_the_recipe_takes_a_calendar_to_the_dates_of_the_town(town: Town) -> None:
    recipe = find_recipe("kalender_ics").for_source("probe").replace("settle_seconds = 60", "")
    town.declare("probe", recipe)
    good = [f"UID:{n}\nSUMMARY:Rat\nDTSTART;VALUE=DATE:202607{n:02d}" for n in range(1, 21)]
    town.deliver("inbox/probe/rat.ics", calendar(*good, "UID:kaputt\nDTSTART:morgen"))
    loaded = town.night("probe")
    assert (loaded.state, loaded.published, loaded.rejected) == ("aktuell", 20, 1)
    assert town.rows("SELECT min(on_date), max(on_date) FROM stage.appointment") == [
        (date(2026, 7, 1), date(2026, 7, 20))
    ]


def test_a_setting_of_another_format_is_refused_with_the_format_it_belongs_to() -> None:
    with pytest.raises(ValueError, match="gehört zu format = „ics“"):
        FileTable.model_validate({"feeds": "appointment", "path": "x.csv", "months_ahead": 3})
