"""DMS roll-out: who is connected, by which waves, against which Soll; filters of unit and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.cockpits.selection import MONTHS_BACK, Option
from dashboard.cockpits.selection import UNIT as UNIT_PARAM
from dashboard.components.filters import STICHTAG, month_ends
from dashboard.figures.share_bullets import BulletRow
from dashboard.figures.step_line import Step, Wave
from metrics.question import add_months
from metrics.result import Cell, MetricResult, Number
from metrics.targets import Rule

# Levels a town may steer by, the upper ones first; each is a filter where more than one unit has data.
LEVELS = ("dezernat", "fachbereich", "fachdienst")
# How the address names them; the lowest level as on every other page.
NAMES: Mapping[str, str] = {**{level: level for level in LEVELS}, LEVELS[-1]: UNIT_PARAM}
UNIT = "org_unit_id"
# A unit counts as live from the month in which at least half of its workplaces are connected.
LIVE = 0.5
PACE_MONTHS = 12
MONTH_DAYS = 365.25 / 12
DMS_WORD = "DMS"


@dataclass(frozen=True, slots=True)
class Choice:
    """A checked choice: units by level and the day; `today` is the business date."""

    today: date
    at: date
    units: Mapping[str, str]

    @property
    def where(self) -> dict[str, str]:
        """Conditions for the door."""
        return dict(self.units)

    @property
    def past(self) -> date | None:
        """The Stichtag where it is not that of the snapshot."""
        return None if self.at == self.today else self.at

    @property
    def params(self) -> dict[str, str]:
        """What of the address was understood."""
        day = {STICHTAG: self.at.isoformat()} if self.past else {}
        return {**{NAMES[level]: unit for level, unit in self.units.items()}, **day}


def read_choice(params: Mapping[str, str], today: date, offered: Mapping[str, Sequence[Option]]) -> Choice:
    """Read the address; what nobody offers is ignored."""
    units = {
        level: params[NAMES[level]]
        for level, options in offered.items()
        if params.get(NAMES[level]) in {value for value, _ in options if value}
    }
    days = {day.isoformat(): day for day in month_ends(today, MONTHS_BACK)}
    return Choice(today, days.get(params.get(STICHTAG, ""), today), units)


def steps_of(history: MetricResult, at: date) -> tuple[Step, ...]:
    """Reported months up to the day, oldest first."""
    return tuple(
        Step(row.period, int(row.numerator or 0), int(row.denominator))
        for row in history.rows
        if row.period is not None and row.period <= at and row.denominator
    )


def pace(steps: Sequence[Step], months: int = PACE_MONTHS) -> Number | None:
    """Workplaces connected a month in the last months; None without that many months."""
    if not steps:
        return None
    since = add_months(steps[-1].on, -months)
    before = next((step for step in steps if step.on == since), None)
    return None if before is None else (steps[-1].part - before.part) / months


def needed(steps: Sequence[Step], goal: tuple[date, Number] | None, at: date) -> Number | None:
    """Workplaces a month that would reach the goal in time; None without one, or when it is reached."""
    if not steps or goal is None:
        return None
    missing = round(float(goal[1]) * steps[-1].whole) - steps[-1].part
    months = (goal[0] - at).days / MONTH_DAYS
    return missing / months if missing > 0 and months >= 1 else None


def waves_of(by_unit: MetricResult, shorts: Mapping[str, str], at: date, *, numbered: bool) -> list[Wave]:
    """Months in which units went live, from an answer by period and unit.

    Units that are live in the first month known went live before; their wave is not known.
    """
    live: dict[date, list[str]] = {}
    before: dict[str, bool] = {}
    for row in sorted(by_unit.rows, key=lambda row: row.period or date.min):
        unit, month = str(row.keys[UNIT]), row.period
        if month is None or month > at or not row.denominator:
            continue
        is_live = float(row.numerator or 0) >= LIVE * float(row.denominator)
        if is_live and before.get(unit) is False:
            live.setdefault(month, []).append(shorts.get(unit, unit))
        before[unit] = before.get(unit, False) or is_live
    return [
        Wave(month, number if numbered else None, tuple(sorted(live[month])))
        for number, month in enumerate(sorted(live), start=1)
    ]


def planned_waves(
    appointments: Sequence[Mapping[str, Any]], after: date, known: int, *, numbered: bool
) -> list[Wave]:
    """Waves ahead: dates of the calendar whose title names the DMS."""
    ahead = sorted({row["on_date"] for row in appointments if DMS_WORD in str(row["title"])})
    return [
        Wave(day, number if numbered else None, planned=True)
        for number, day in enumerate((day for day in ahead if day > after), start=known + 1)
    ]


def only_units(waves: Sequence[Wave], units: frozenset[str]) -> list[Wave]:
    """Waves that lie ahead, and those past that brought one of the units (short names)."""
    return [wave for wave in waves if wave.planned or units & set(wave.units)]


def soll_of(rule: Rule | None, steps: Sequence[Step]) -> tuple[tuple[date, Number], ...]:
    """Path of the Soll on the reported months and at its own corners since then."""
    if rule is None or not rule.path or not steps:
        return ()
    days = {step.on for step in steps} | {point.on for point in rule.path if point.on >= steps[0].on}
    values = ((day, rule.soll(day)) for day in sorted(days))
    return tuple((day, float(value)) for day, value in values if value is not None)


def goal_ahead(soll: Sequence[tuple[date, Number]], at: date) -> tuple[date, Number] | None:
    """End of the path where it lies ahead."""
    return soll[-1] if soll and soll[-1][0] > at else None


def bullets_of(result: MetricResult, names: Mapping[str, str], shorts: Mapping[str, str]) -> list[BulletRow]:
    """Units of an answer by unit, the furthest first."""
    rows = [
        BulletRow(
            names.get(str(row.keys[UNIT]), str(row.keys[UNIT])),
            int(row.numerator or 0),
            int(row.denominator),
            None if row.target is None else float(row.target),
            shorts.get(str(row.keys[UNIT]), ""),
        )
        for row in result.rows
        if row.denominator
    ]
    return sorted(rows, key=lambda row: (-(row.share or 0), row.label))


def mostly(rows: Sequence[BulletRow]) -> int:
    """Units with at least half of their workplaces connected."""
    return sum((row.share or 0) >= LIVE for row in rows)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit in the table: pairs are (part, whole), None where nothing was reported."""

    name: str
    workplaces: Cell | None
    licences: Cell | None
    mail_in: str | None
    training: Cell | None


def unit_lines(
    workplaces: MetricResult,
    licences: MetricResult,
    mail_in: MetricResult,
    training: MetricResult,
    names: Mapping[str, str],
) -> list[UnitLine]:
    """Everything reported per unit, in the order of their names; `mail_in` also by its state."""
    places, used, people = (_by_unit(result) for result in (workplaces, licences, training))
    states = {str(row.keys[UNIT]): row.keys["mail_in_status"] for row in mail_in.rows}
    return [
        UnitLine(names.get(unit, unit), places.get(unit), used.get(unit), states.get(unit), people.get(unit))
        for unit in sorted({*places, *states}, key=lambda unit: names.get(unit, unit))
    ]


def _by_unit(result: MetricResult) -> dict[str, Cell]:
    return {str(row.keys[UNIT]): row for row in result.rows}
