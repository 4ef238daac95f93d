"""Runs say what they were: released, failed, cut off; and every night of a source has one mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.cockpits import laeufe
from dashboard.figures.run_timeline import run_timeline
from warehouse.ledger import Run

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)
DAY = date(2026, 6, 9)


def run(day: int = 9, state: str = "published", source: str | None = "aktuell", **more: Any) -> Run:
    """A run of a June day with one source."""
    started = START + timedelta(days=day - 9)
    lines = [{"source": "a", "state": source, "read": 3, "published": 2, "rejected": 0}] if source else []
    values: dict[str, Any] = {
        "run_id": f"run-{day}-{state}",
        "business_date": date(2026, 6, day),
        "trigger": "night",
        "state": state,
        "started_at": started,
        "finished_at": None if state == "running" else started + timedelta(seconds=20),
        "snapshot": None,
        "reason": None,
        "steps": [],
        "sources": lines,
    }
    names = Run.__dataclass_fields__
    if "number" in names:
        values["number"] = day
    return Run(**{**values, **more})


def test_a_running_run_without_a_process_is_called_abandoned() -> None:
    (found,) = laeufe.settled([run(state="running")], active=False)
    assert found.state == "interrupted"
    assert "ohne Abschluss" in str(found.reason)


def test_of_two_running_runs_only_the_newest_can_be_alive() -> None:
    newest, older = laeufe.settled([run(9, "running"), run(8, "running")], active=True)
    assert (newest.state, older.state) == ("running", "interrupted")
    assert laeufe.running((newest, older)) is newest
    assert laeufe.last_finished((newest, older)) is older


@pytest.mark.parametrize(
    ("runs", "last_mark"),
    [
        ([], "neu"),
        ([run()], "gut"),
        ([run(source="veraltet")], "warn"),
        ([run(source="fehlgeschlagen")], "krit"),
        ([run(state="running")], "neu"),
        ([run(state="failed")], "krit"),
        ([run(state="interrupted", source=None)], "krit"),
        ([run(source=None)], "neu"),
        # Newest first: a failed try takes nothing back, a released run mends a failed one.
        ([run(state="failed"), run()], "gut"),
        ([run(), run(state="failed")], "gut"),
    ],
)
def test_a_night_is_marked_by_what_was_released(runs: list[Run], last_mark: str) -> None:
    marks = laeufe.nights("a", runs, DAY)
    assert len(marks) == laeufe.NIGHTS
    assert marks[-1] == last_mark
    assert set(marks[:-1]) == {"neu"}


def test_refused_rows_make_a_night_one_with_a_hint() -> None:
    lines = [{"source": "a", "state": "aktuell", "rejected": 1}]
    assert laeufe.nights("a", [run(sources=lines)], DAY)[-1] == "warn"


def test_nights_before_the_window_do_not_show() -> None:
    assert set(laeufe.nights("a", [run(1)], date(2026, 6, 30))) == {"neu"}


STEPS = [
    {"stage": "S1", "title": "Sperren und planen", "state": "done", "seconds": 0.5},
    {"stage": "S2", "title": "Lesen und ablegen", "state": "done", "seconds": 10.0},
    {"stage": "S5", "title": "Übernehmen", "state": "failed", "seconds": 1.0},
]


def test_steps_follow_each_other_on_the_clock() -> None:
    first, second, third = laeufe.run_steps(run(steps=STEPS, state="failed"), ZONE)
    assert first.started_at == START
    assert second.started_at == first.finished_at == START + timedelta(seconds=0.5)
    assert third.finished_at == START + timedelta(seconds=11.5)
    assert [s.state for s in (first, second, third)] == ["gut", "gut", "krit"]
    assert second.note == "1 Quelle, 1 erfolgreich"


def test_a_failed_source_puts_a_hint_on_the_reading_step() -> None:
    second = laeufe.run_steps(run(steps=STEPS, source="fehlgeschlagen"), ZONE)[1]
    assert (second.state, second.note) == ("warn", "1 Quelle, 0 erfolgreich")


def test_the_table_of_the_time_bars_has_the_values_of_the_bars() -> None:
    chart = run_timeline(laeufe.run_steps(run(steps=STEPS), ZONE), zone=ZONE, caption="Schritte")
    drawn = [bar["base"][0].split("T")[1][:8] for bar in chart.figure["data"]]
    assert [row[1] for row in chart.table.rows] == drawn
    assert len(chart.table.rows) == len(STEPS)


def test_rows_say_what_is_missing_with_a_dash() -> None:
    (row,) = laeufe.run_rows([replace(run(state="running"), reason=None)], ZONE)
    assert (row.word, row.duration, row.snapshot, row.reason) == ("läuft", "–", "–", "–")
    assert row.started == "09.06.2026, 03:15"


def test_a_run_that_was_cut_off_claims_nothing_about_sources() -> None:
    first, *_ = laeufe.run_steps(run(steps=STEPS, state="interrupted", source=None), ZONE)
    assert first.note == ""
