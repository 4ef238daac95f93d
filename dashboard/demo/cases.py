"""Cases of the Fachverfahren and, counted from the same cases, the portal's application statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dashboard.demo.streams import (
    HISTORY_FROM,
    Days,
    Knots,
    iso,
    months,
    next_month,
    stream,
    value_at,
    working_days,
)
from dashboard.demo.tables import Row, Table

CHANNELS = ("online", "post", "vor_ort", "email", "telefon")
# How each town system writes the channel; the declarations translate it.
CODES = dict(zip(CHANNELS, ("O", "P", "V", "E", "T"), strict=True))

CASE_COLUMNS = {
    "aktenzeichen": "text",
    "verfahren": "text",
    "eingangsart": "text",
    "eingang_vollstaendig": "date",
    "bescheid_am": "date",
    "geaendert_am": "timestamp",
}

PORTAL = date(2024, 2, 1)
WOHNGELD_ONLINE = date(2024, 8, 1)
BAUAKTE = date(2024, 12, 1)


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure: volume a year, season by month, online share and median days over time."""

    id: str
    prefix: str
    unit: str
    yearly: Knots
    season: tuple[float, ...]
    online: Knots
    days: Knots
    spread: float
    others: tuple[float, ...]


def _steady(yearly: float) -> Knots:
    return ((HISTORY_FROM, yearly * 0.93), (date(2026, 1, 1), yearly), (date(2030, 12, 31), yearly * 1.05))


def _adoption(start: date, before: float, after: float) -> Knots:
    """Share before the start, quick rise within nine months, slow growth afterwards."""
    return (
        (HISTORY_FROM, before * 0.8),
        (start - timedelta(days=1), before),
        (start + timedelta(days=90), before + (after - before) * 0.55),
        (start + timedelta(days=270), before + (after - before) * 0.9),
        (date(2026, 6, 1), after),
        (date(2030, 12, 31), min(0.92, after + 0.16)),
    )


def _quicker(start: date, before: float, after: float) -> Knots:
    return (
        (HISTORY_FROM, before * 0.97),
        (start - timedelta(days=60), before),
        (start + timedelta(days=200), after * 1.15),
        (date(2025, 6, 1), after * 1.09),
        (date(2026, 3, 1), after),
        (date(2030, 12, 31), after * 0.86),
    )


_FLAT = (1.0,) * 12
PROCEDURES: tuple[Procedure, ...] = (
    Procedure(
        "wohngeld",
        "WG",
        "FD50",
        # The reform of 1 January 2023 brought a wave that took a year to work off.
        (
            (HISTORY_FROM, 2250),
            (date(2022, 11, 30), 2400),
            (date(2023, 1, 15), 6900),
            (date(2023, 6, 1), 4300),
            (date(2024, 1, 1), 3900),
            (date(2026, 1, 1), 4120),
            (date(2030, 12, 31), 4300),
        ),
        (1.35, 1.15, 1.05, 0.95, 0.9, 0.85, 0.85, 0.85, 0.95, 1.05, 1.05, 1.0),
        ((HISTORY_FROM, 0.0), (date(2024, 7, 31), 0.0), *_adoption(WOHNGELD_ONLINE, 0.02, 0.37)[2:]),
        (
            (HISTORY_FROM, 36),
            (date(2022, 12, 31), 38),
            (date(2023, 4, 1), 54),
            (date(2023, 7, 1), 42),
            (date(2024, 1, 1), 39.5),
            (date(2024, 6, 30), 39),
            (date(2024, 9, 1), 34),
            (date(2025, 2, 1), 28),
            (date(2025, 8, 1), 26),
            (date(2026, 12, 31), 25.5),
            (date(2030, 12, 31), 20),
        ),
        0.34,
        (0.0, 0.62, 0.24, 0.12, 0.02),
    ),
    Procedure(
        "bauantrag",
        "BA",
        "FD63",
        _steady(1150),
        (0.75, 0.85, 1.15, 1.2, 1.2, 1.1, 0.95, 0.85, 1.1, 1.1, 1.0, 0.75),
        ((HISTORY_FROM, 0.0), (date(2024, 11, 30), 0.03), *_adoption(BAUAKTE, 0.03, 0.44)[2:]),
        (
            (HISTORY_FROM, 33.5),
            (date(2024, 10, 1), 32.5),
            (date(2025, 3, 1), 24),
            (date(2025, 7, 1), 22),
            (date(2026, 12, 31), 21.8),
            (date(2030, 12, 31), 19),
        ),
        0.4,
        (0.0, 0.72, 0.16, 0.12, 0.0),
    ),
    Procedure(
        "melde",
        "ME",
        "FD32",
        _steady(6400),
        (0.95, 0.9, 0.95, 0.95, 0.95, 1.0, 1.05, 1.15, 1.25, 1.1, 0.95, 0.8),
        _adoption(PORTAL, 0.25, 0.497),
        _quicker(PORTAL, 25, 18.8),
        0.3,
        (0.0, 0.1, 0.82, 0.06, 0.02),
    ),
    Procedure(
        "ausweis",
        "AU",
        "FD32",
        _steady(4900),
        (0.95, 0.95, 1.05, 1.1, 1.2, 1.25, 1.15, 0.95, 0.85, 0.85, 0.85, 0.85),
        _adoption(PORTAL, 0.11, 0.235),
        _quicker(PORTAL, 27, 21.2),
        0.22,
        (0.0, 0.02, 0.94, 0.02, 0.02),
    ),
    Procedure(
        "urkunden",
        "UR",
        "FD32",
        _steady(2360),
        _FLAT,
        _adoption(PORTAL, 0.35, 0.6),
        _quicker(PORTAL, 26, 20),
        0.3,
        (0.0, 0.4, 0.34, 0.24, 0.02),
    ),
    Procedure(
        "gewerbe",
        "GE",
        "FD32",
        _steady(1700),
        (1.4, 1.1, 1.05, 1.0, 0.95, 0.95, 0.9, 0.85, 1.0, 0.95, 0.9, 0.95),
        _adoption(PORTAL, 0.37, 0.66),
        _quicker(PORTAL, 22, 16.5),
        0.35,
        (0.0, 0.32, 0.42, 0.24, 0.02),
    ),
    Procedure(
        "bewohnerparken",
        "BP",
        "FD32",
        _steady(1700),
        _FLAT,
        _adoption(PORTAL, 0.42, 0.69),
        _quicker(PORTAL, 19, 14),
        0.3,
        (0.0, 0.3, 0.5, 0.18, 0.02),
    ),
)


@dataclass(frozen=True, slots=True)
class CaseMonth:
    """All cases received in one month, whenever they were decided."""

    procedure: Procedure
    month: date
    received: Days
    decided: Days
    channel: npt.NDArray[np.int64]
    second: Days


@lru_cache(maxsize=2)
def all_cases(last: date, seed: int) -> tuple[CaseMonth, ...]:
    """Every case received up to the end of the month of `last`, procedure by procedure."""
    return tuple(_cases(p, month, seed) for p in PROCEDURES for month in months(HISTORY_FROM, last))


def cases_of(procedure_id: str, last: date, seed: int) -> Iterator[CaseMonth]:
    """Every case of one procedure received up to the end of the month of `last`."""
    procedure = next(p for p in PROCEDURES if p.id == procedure_id)
    return (_cases(procedure, month, seed) for month in months(HISTORY_FROM, last))


def _cases(procedure: Procedure, month: date, seed: int) -> CaseMonth:
    chance = stream(seed, "cases", procedure.id, month)
    middle = month + timedelta(days=14)
    expected = value_at(procedure.yearly, middle) / 12 * procedure.season[month.month - 1]
    count = round(expected * float(chance.normal(1, 0.035)))
    length = (next_month(month) - month).days
    received = np.sort(month.toordinal() + chance.integers(0, length, count))
    share = float(np.clip(value_at(procedure.online, middle) * chance.normal(1, 0.03), 0, 0.97))
    channel = _channels(procedure, share, chance, count)
    # People file online at weekends too; letters and visits arrive on working days.
    received = np.where(channel == 0, received, working_days(received))
    received = np.minimum(received, month.toordinal() + length - 1)
    median = value_at(procedure.days, middle) * chance.normal(1, 0.03)
    factor = np.where(channel == 0, 0.94, 1.04)
    lasted = np.maximum(1, np.round(median * factor * chance.lognormal(0, procedure.spread, count)))
    decided = working_days(received + lasted.astype(np.int64))
    return CaseMonth(procedure, month, received, decided, channel, chance.integers(25200, 64800, count))


def _channels(
    procedure: Procedure, share: float, chance: np.random.Generator, count: int
) -> npt.NDArray[np.int64]:
    weights = np.array(procedure.others) * (1 - share)
    weights[0] = share
    return chance.choice(len(CHANNELS), count, p=weights / weights.sum())


def case_table(procedures: tuple[str, ...], as_of: date, seed: int) -> Table:
    """Table vorgang with the cases received up to `as_of`, as known on that day."""
    rows: list[Row] = []
    for cases in all_cases(as_of.replace(day=1), seed):
        if cases.procedure.id in procedures:
            rows += _rows(cases, as_of)
    return Table("vorgang", CASE_COLUMNS, rows, ("aktenzeichen",), ("geaendert_am",))


def _rows(cases: CaseMonth, as_of: date) -> Iterator[Row]:
    today = as_of.toordinal()
    known = cases.decided <= today
    changed = iso(np.where(known, cases.decided, cases.received))
    decided = iso(cases.decided)
    prefix = f"{cases.procedure.prefix}-{cases.month:%y%m}-"
    codes = [CODES[CHANNELS[i]] for i in cases.channel]
    columns = zip(
        iso(cases.received), cases.received, codes, decided, known, changed, cases.second, strict=True
    )
    for number, (received, day, code, at, is_known, touched, second) in enumerate(columns, start=1):
        if day <= today:
            stamp = f"{touched} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
            name = f"{prefix}{number:04d}"
            yield name, cases.procedure.id, code, received, at if is_known else None, stamp


def application_months(until: date, seed: int) -> list[tuple[str, str, date, str, int]]:
    """(procedure, unit, month, channel, applications) up to and including the day `until`."""
    rows = []
    for cases in all_cases(until.replace(day=1), seed):
        counts = Counter(int(i) for i in cases.channel[cases.received <= until.toordinal()])
        rows += [
            (cases.procedure.id, cases.procedure.unit, cases.month, CHANNELS[i], n)
            for i, n in sorted(counts.items())
        ]
    return rows
