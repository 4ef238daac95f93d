"""Reifegrad of the own services over time: who goes online when, and who falls back.

Each level has a published-looking curve over absolute dates. Services are put into one order of
readiness (Themenfeld, Fachdienst, chance); the n-th service reaches a level when the curve has
reached n. So totals follow the curves, and unequal Themenfelder and Fachdienste follow the order.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from dashboard.demo.catalog import Offered
from dashboard.demo.streams import (
    HISTORY_FROM,
    HORIZON,
    Days,
    Knots,
    days_when,
    stream,
    working_day,
    working_days,
)

MODEL = "ozg_1_1"
PILOT_MODEL = "ozg_2_0"

_AXIS = (
    date(2021, 7, 1),
    date(2022, 1, 1),
    date(2022, 12, 31),
    date(2023, 12, 31),
    date(2024, 12, 31),
    date(2025, 6, 30),
    date(2025, 12, 31),
    date(2026, 6, 10),
    date(2026, 12, 31),
    date(2027, 12, 31),
    date(2030, 12, 31),
)
_SHARES: dict[int, tuple[float, ...]] = {
    1: (0.400, 0.430, 0.500, 0.580, 0.660, 0.697, 0.735, 0.778, 0.815, 0.890, 0.985),
    2: (0.130, 0.155, 0.205, 0.275, 0.365, 0.410, 0.462, 0.528, 0.605, 0.745, 0.955),
    3: (0.065, 0.080, 0.110, 0.158, 0.215, 0.262, 0.317, 0.389, 0.471, 0.630, 0.920),
    4: (0.012, 0.016, 0.026, 0.045, 0.072, 0.087, 0.104, 0.138, 0.176, 0.280, 0.600),
    5: (0.008, 0.012, 0.022, 0.041, 0.069, 0.086, 0.104, 0.137, 0.174, 0.270, 0.580),
}
CURVES = {level: tuple(zip(_AXIS, shares, strict=True)) for level, shares in _SHARES.items()}

THEMENFELD_SHARE: dict[str, float] = {
    "Unternehmensführung & -entwicklung": 0.632,
    "Engagement & Hobby": 0.574,
    "Querschnitt": 0.538,
    "Umwelt": 0.476,
    "Mobilität & Reisen": 0.462,
    "Familie & Kind": 0.401,
    "Arbeit & Ruhestand": 0.327,
    "Bildung": 0.303,
    "Bauen & Wohnen": 0.250,
    "Recht & Ordnung": 0.194,
    "Ein- & Auswanderung": 0.170,
    "Gesundheit": 0.132,
    "Steuern & Zoll": 0.129,
    "Forschung & Förderung": 0.077,
}
UNIT_SHARE: dict[str, float] = {
    "FD70": 0.716,
    "FD10": 0.660,
    "FD32": 0.535,
    "FD66": 0.473,
    "FD40": 0.448,
    "FD20": 0.417,
    "FD51": 0.368,
    "FD50": 0.318,
    "FD61": 0.242,
    "FD63": 0.167,
    "FD53": 0.134,
    "FD37": 0.087,
}

# Days on which a level-4 service was found to be level 3 after all (Nachweise again on paper).
DOWNGRADES = (
    date(2023, 5, 16),
    date(2024, 3, 12),
    date(2024, 11, 5),
    date(2025, 6, 17),
    date(2026, 2, 17),
    date(2026, 4, 21),
    date(2026, 11, 10),
    date(2027, 9, 14),
    date(2029, 3, 13),
)
DOWNGRADE_LASTS = timedelta(days=420)

# Fixed course of well-known services: level reached on a day. They carry the TOP 20 list.
COURSE: dict[str, dict[int, date]] = {
    "99107023017000": {1: date(2021, 7, 1), 2: date(2024, 8, 6), 3: date(2026, 7, 14)},
    "99012008001000": {1: date(2021, 7, 1), 2: date(2026, 10, 6), 3: date(2027, 3, 9)},
    "99041004034000": {2: date(2021, 7, 1), 3: date(2022, 9, 6), 4: date(2024, 9, 10)},
    "99108001001000": {2: date(2021, 7, 1), 3: date(2022, 3, 8), 4: date(2023, 10, 10)},
    "99050012104000": {2: date(2021, 7, 1), 3: date(2022, 6, 14), 4: date(2024, 2, 13)},
    "99027002012000": {1: date(2021, 7, 1), 3: date(2023, 11, 7)},
    "99107021017000": {1: date(2021, 7, 1), 2: date(2023, 2, 7), 3: date(2025, 2, 11)},
    "99110009104000": {1: date(2021, 7, 1), 2: date(2024, 5, 14), 3: date(2026, 6, 30)},
    "99108012005000": {1: date(2021, 7, 1), 2: date(2025, 3, 11), 3: date(2026, 8, 11)},
    "99001009004002": {2: date(2021, 7, 1), 3: date(2021, 11, 9), 4: date(2023, 3, 14)},
    "99023002049000": {1: date(2021, 7, 1), 3: date(2025, 10, 14)},
    "99003002022000": {1: date(2021, 7, 1), 2: date(2025, 5, 13), 3: date(2026, 9, 8)},
    "99115005104000": {1: date(2021, 7, 1), 3: date(2024, 2, 13), 4: date(2025, 11, 11)},
    "99008001012000": {1: date(2021, 7, 1), 2: date(2024, 2, 13), 3: date(2027, 5, 11)},
    "99085001012000": {1: date(2021, 7, 1), 2: date(2024, 2, 13), 3: date(2027, 5, 11)},
    "99015007012000": {1: date(2021, 7, 1), 3: date(2025, 6, 10)},
    "99025002169000": {1: date(2021, 7, 1), 3: date(2024, 4, 9)},
    "99128009012000": {3: date(2021, 7, 1), 4: date(2025, 1, 14)},
    "99077020040000": {2: date(2021, 7, 1), 3: date(2024, 6, 11)},
    "99093003001000": {1: date(2021, 7, 1), 2: date(2024, 10, 8), 3: date(2026, 5, 12)},
    "99012010001000": {1: date(2021, 7, 1), 2: date(2025, 7, 8), 3: date(2026, 10, 6)},
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """Level of one service in one model from a day on."""

    key: str
    model: str
    level: int
    end_to_end: bool
    on: date
    method: str


class Timelines:
    """All assessments ever; `until` cuts them at a day."""

    def __init__(self, own: list[Offered], seed: int) -> None:
        reached = _reached_days(own, seed)
        listed = _listed_days(own, seed)
        self.valid_from = {service.key: listed[i] for i, service in enumerate(own)}
        self.reach3: dict[str, date] = {}
        self.assessments: list[Assessment] = []
        for i, service in enumerate(own):
            levels = {level: date.fromordinal(int(reached[level][i])) for level in (1, 2, 3, 4, 5)}
            self.reach3[service.key] = levels[3]
            self.assessments += _timeline(
                service.key, listed[i], levels, stream(seed, "inventory", service.key)
            )
        self._downgrade()
        self.assessments += _pilot([s for s in own if self.valid_from[s.key] == HISTORY_FROM], seed)
        self.assessments.sort(key=lambda a: (a.key, a.model, a.on))

    def until(self, day: date) -> list[Assessment]:
        """Assessments dated up to and including `day`."""
        return [a for a in self.assessments if a.on <= day]

    def levels(self, day: date) -> dict[str, int]:
        """Level of each assessed service in the main model on `day`."""
        return {a.key: a.level for a in self.until(day) if a.model == MODEL}

    def _downgrade(self) -> None:
        reached4 = sorted((a.on, a.key, a) for a in self.assessments if a.level == 4 and a.key not in COURSE)
        taken: set[str] = set()
        for day in DOWNGRADES:
            place = bisect_right([on for on, _, _ in reached4], day - timedelta(days=300)) - 1
            while place >= 0 and reached4[place][1] in taken:
                place -= 1
            if place >= 0:
                taken.add(reached4[place][1])
                self._fall_back(reached4[place][1], reached4[place][2], day)

    def _fall_back(self, key: str, before: Assessment, day: date) -> None:
        again = working_day(day + DOWNGRADE_LASTS)
        kept = [a for a in self.assessments if a.key != key or a.on < day or a.on > again]
        down = replace(before, level=3, end_to_end=False, on=day, method="kriterien")
        self.assessments = [*kept, down, replace(before, on=again, method="kriterien")]


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _order(own: list[Offered], seed: int, spread: float, name: str) -> npt.NDArray[np.float64]:
    """Rank of each service as a share of all, the readiest first."""
    pull = [_logit(THEMENFELD_SHARE[s.bundle.themenfeld]) + _logit(UNIT_SHARE[s.unit]) for s in own]
    chance = [stream(seed, name, s.key).logistic() for s in own]
    score = np.array(pull) * 0.55 + np.array(chance) * spread
    rank = np.empty(len(own))
    rank[np.argsort(-score)] = np.arange(len(own))
    return (rank + 0.5) / len(own)


def _reached_days(own: list[Offered], seed: int) -> dict[int, Days]:
    """Ordinal day per level 1 to 4 and for Ende-zu-Ende (5), consistent with each other."""
    order = _order(own, seed, 0.8, "readiness")
    # Four of ten services leap from information to a full online service (EfA), without a form assistant.
    leaps = np.array([stream(seed, "leap", s.key).random() < 0.4 for s in own])
    form = tuple(
        (day, (two - 0.4 * three) / 0.6) for (day, two), (_, three) in zip(CURVES[2], CURVES[3], strict=True)
    )
    jitter = np.array([stream(seed, "jitter", s.key).integers(-9, 10) for s in own])
    days: dict[int, Days] = {3: days_when(CURVES[3], order) + jitter}
    days[2] = np.where(leaps, days[3], np.minimum(days_when(form, order), days[3]))
    days[1] = np.minimum(days_when(CURVES[1], order), days[2])
    days[4] = _follow(CURVES[4], days[3], _order(own, seed, 1.3, "transaction"))
    chain = np.array([stream(seed, "chain", s.key).normal(0, 0.04) for s in own])
    days[5] = _follow(CURVES[5], days[3], days[4] / HORIZON.toordinal() + chain * 0.01)
    for level in days:
        days[level] = working_days(days[level])
    _apply_courses(own, days)
    return days


def _follow(curve: Knots, available: Days, wish: npt.NDArray[np.float64]) -> Days:
    """Let a level follow its curve: whenever it gains one, the best wish among the available goes next."""
    count = len(available)
    events = days_when(curve, (np.arange(count) + 0.5) / count)
    waiting = sorted(range(count), key=lambda i: int(available[i]), reverse=True)
    ready: list[tuple[float, int]] = []
    days = np.full(count, HORIZON.toordinal() + 5000, dtype=np.int64)
    for event in events:
        while waiting and available[waiting[-1]] <= event:
            i = waiting.pop()
            heapq.heappush(ready, (float(wish[i]), i))
        if ready:
            days[heapq.heappop(ready)[1]] = event
    return days


def _apply_courses(own: list[Offered], days: dict[int, Days]) -> None:
    never = date(2044, 1, 4).toordinal()
    for i, service in enumerate(own):
        course = COURSE.get(service.key)
        if course is None:
            continue
        for level in (1, 2, 3, 4):
            later = [on.toordinal() for step, on in course.items() if step >= level]
            days[level][i] = min(later) if later else never
        days[5][i] = days[4][i]


def _listed_days(own: list[Offered], seed: int) -> list[date]:
    """Day a service entered the register: most at the start, a few dozen as competence was settled."""
    listed = []
    for service in own:
        late = stream(seed, "listed", service.key)
        settled = HISTORY_FROM + timedelta(days=int(late.integers(60, 3400)))
        keep = service.key in COURSE or late.random() > 0.05
        listed.append(HISTORY_FROM if keep else working_day(settled))
    return listed


def _timeline(
    key: str, listed: date, levels: dict[int, date], chance: np.random.Generator
) -> list[Assessment]:
    """Assessments of one service: a first inventory after listing, then every change."""
    lag = int(chance.integers(12, 90))
    first = listed if key in COURSE else working_day(listed + timedelta(days=lag))
    days = sorted({first, *(max(first, day) for day in levels.values())})
    made: list[Assessment] = []
    for day in days:
        level = max([step for step in (1, 2, 3, 4) if levels[step] <= day], default=0)
        state = (level, levels[5] <= day)
        if not made or (made[-1].level, made[-1].end_to_end) != state:
            method = "pauschal" if not made else ("kriterien" if level >= 3 else "selbstauskunft")
            made.append(Assessment(key, MODEL, *state, day, method))
    return made


def _pilot(own: list[Offered], seed: int) -> list[Assessment]:
    """Trial of the federal model 2.0 (0 to 7) on every twelfth service; never mixed with 1.1."""
    made = []
    for service in own[::12]:
        chance = stream(seed, "pilot", service.key)
        day = working_day(date(2025, 10, 6) + timedelta(days=int(chance.integers(0, 700))))
        level = int(chance.choice(8, p=(0.14, 0.2, 0.14, 0.24, 0.13, 0.09, 0.05, 0.01)))
        made.append(Assessment(service.key, PILOT_MODEL, level, level == 7, day, "kriterien"))
    return made
