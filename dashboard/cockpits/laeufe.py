"""Runs as the page shows them: state, steps on the clock, and what each source did in the last nights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median_high as median
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dashboard import formats
from dashboard.figures.run_timeline import RunStep
from dashboard.texts import plural
from metrics.result import Rating
from warehouse.ledger import Run

NIGHTS = 14
ABANDONED = "Der Prozess des Laufs endete ohne Abschluss."
TRIGGERS = {
    "night": "Zeitplan",
    "hand": "von Hand",
    "part": "einzelne Quellen",
    "demo": "Beispielstadt",
    "rebuild": "Wiederaufbau",
}
STATES: Mapping[str, tuple[Rating, str]] = {
    "published": ("gut", "freigegeben"),
    "failed": ("krit", "fehlgeschlagen"),
    "interrupted": ("krit", "abgebrochen"),
    "running": ("neu", "läuft"),
}
_STEP_STATES: Mapping[str, Rating] = {"done": "gut", "running": "neu"}


class RunFacts(Protocol):
    """What the header needs of a run."""

    @property
    def state(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def finished_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class RunRow:
    """One line of the list of runs, finished texts."""

    run_id: str
    day: str
    trigger: str
    rating: Rating
    word: str
    started: str
    duration: str
    snapshot: str
    reason: str


def settled(runs: Iterable[Run], active: bool) -> tuple[Run, ...]:
    """Call runs what they are: „running“ without a living process was killed; at most one can live."""
    found: list[Run] = []
    living = active
    for run in runs:
        if run.state == "running" and not living:
            found.append(replace(run, state="interrupted", reason=run.reason or ABANDONED))
            continue
        living = living and run.state != "running"
        found.append(run)
    return tuple(found)


def last_finished(runs: Sequence[Run]) -> Run | None:
    """The newest run that came to an end, good or bad."""
    return next((run for run in runs if run.state != "running"), None)


def running(runs: Sequence[Run]) -> Run | None:
    """The run that is going on."""
    return next((run for run in runs if run.state == "running"), None)


def going_on(runs: Sequence[RunFacts], active: bool, now: datetime, zone: ZoneInfo) -> str:
    """„Lauf seit 02:00 Uhr, Freigabe etwa 02:14 Uhr“; nothing when no run goes on.

    `active`: a living process holds the warehouse; a run whose process was killed goes on no more.
    """
    newest = runs[0] if runs else None
    if newest is None or newest.state != "running" or not active:
        return ""
    since = f"Lauf seit {formats.clock(newest.started_at, zone)}"
    usual = usual_length(runs)
    if usual is None:
        return since
    end = newest.started_at + usual
    if end <= now:
        return f"{since}, dauert länger als üblich"
    return f"{since}, Freigabe etwa {formats.clock(end, zone)}"


def usual_length(runs: Sequence[RunFacts], count: int = 5) -> timedelta | None:
    """Median length of the last runs that were released; None before there was one."""
    took = [r.finished_at - r.started_at for r in runs if r.state == "published" and r.finished_at][:count]
    return median(took) if took else None


def trigger_word(trigger: str) -> str:
    """Who or what asked for a run."""
    return TRIGGERS.get(trigger, trigger)


def run_rows(runs: Iterable[Run], zone: ZoneInfo) -> tuple[RunRow, ...]:
    """The list of runs, in the given order."""
    return tuple(_row(run, zone) for run in runs)


def _row(run: Run, zone: ZoneInfo) -> RunRow:
    rating, word = STATES.get(run.state, ("neu", run.state))
    took = run.finished_at - run.started_at if run.finished_at else None
    return RunRow(
        run_id=run.run_id,
        day=formats.day(run.business_date),
        trigger=trigger_word(run.trigger),
        rating=rating,
        word=word,
        started=formats.stand(run.started_at, zone, word=False),
        duration=formats.duration(took),
        snapshot=run.snapshot or formats.MISSING,
        reason=run.reason or formats.MISSING,
    )


def run_steps(run: Run | None, zone: ZoneInfo) -> tuple[RunStep, ...]:
    """Steps of a run on the clock. The ledger keeps durations; steps follow each other without a gap."""
    if run is None:
        return ()
    steps, at = [], run.started_at
    for number, step in enumerate(run.steps, start=1):
        end = at + timedelta(seconds=float(step.get("seconds", 0.0)))
        state = _STEP_STATES.get(str(step.get("state")), "krit")
        flagged, note = _outcome(str(step.get("stage", "")), run, end, zone)
        steps.append(
            RunStep(
                label=f"{number} {step.get('title', '')}",
                started_at=at,
                finished_at=end,
                note=note if state == "gut" else STATES.get(run.state, ("neu", ""))[1],
                state="warn" if state == "gut" and flagged else state,
            )
        )
        at = end
    return tuple(steps)


def _outcome(stage: str, run: Run, end: datetime, zone: ZoneInfo) -> tuple[bool, str]:
    """Whether a step needs attention, and what came out of it."""
    lines = run.sources
    failed = sum(line.get("state") == "fehlgeschlagen" for line in lines)
    rejected = total(lines, "rejected")
    held = sum(line.get("state") == "zurückgehalten" for line in lines)
    if not lines and stage in ("S1", "S2", "S5"):
        # A run that was cut off never came to say which sources were due.
        return False, ""
    if stage == "S1":
        return False, f"{plural(len(lines), 'Quelle', 'Quellen')} fällig"
    if stage == "S2":
        return failed > 0, f"{plural(len(lines), 'Quelle', 'Quellen')}, {len(lines) - failed} erfolgreich"
    if stage == "S5":
        rows = plural(total(lines, "published"), "Datensatz", "Datensätze")
        tail = f", {formats.number(held)} zurückgehalten" if held else ""
        return rejected > 0 or held > 0, f"{rows}, {formats.number(rejected)} abgelehnt{tail}"
    if stage == "S7":
        return False, "Prüfung des Ganzen bestanden"
    if stage == "S8":
        return False, f"freigegeben {formats.clock(run.finished_at or end, zone)}"
    return False, ""


def total(lines: Iterable[Mapping[str, Any]], name: str) -> int:
    """Sum of one count over the sources of a run."""
    return sum(int(line.get(name) or 0) for line in lines)


def nights(source: str, runs: Sequence[Run], last: date, count: int = NIGHTS) -> tuple[Rating, ...]:
    """What the last nights brought for a source, oldest first; „neu“ is a night in which it was not read.

    `runs` are newest first. Of several runs of one business date the last one that was released counts.
    """
    marks: dict[date, Rating] = {}
    released: set[date] = set()
    for run in reversed(runs):
        mark = _mark(source, run)
        if mark is None or (run.state != "published" and run.business_date in released):
            continue
        marks[run.business_date] = mark
        if run.state == "published":
            released.add(run.business_date)
    days = (last - timedelta(days=back) for back in range(count - 1, -1, -1))
    return tuple(marks.get(day, "neu") for day in days)


def _mark(source: str, run: Run) -> Rating | None:
    if run.state == "running":
        return None
    line = next((line for line in run.sources if line.get("source") == source), None)
    if run.state != "published":
        # Nothing of that night was released, whatever this source had delivered.
        return "krit" if line is not None or not run.sources else None
    if line is None:
        return None
    if line.get("state") == "fehlgeschlagen":
        return "krit"
    return "warn" if line.get("state") != "aktuell" or line.get("rejected") else "gut"
