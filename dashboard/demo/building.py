"""The register of the building authority: kind, receipt, completeness and decision of every application.

The cases of the Fachverfahren begin when an application is complete; the register also knows the weeks before
and the applications still waiting for papers. It is derived from the same cases, with a stream of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from dashboard.demo.cases import CaseMonth, cases_of
from dashboard.demo.streams import HISTORY_FROM, Days, Knots, iso, stream, value_at, working_days
from dashboard.demo.tables import Row, Table

COLUMNS = {
    "aktenzeichen": "text",
    "vorhaben": "text",
    "eingang": "date",
    "vollstaendig": "date",
    "bescheid_am": "date",
}
# Kind, weight, and how many times longer than usual its applicants need to hand in all papers.
KINDS: tuple[tuple[str, float, float], ...] = (
    ("Wohngebäude, Neubau", 0.27, 1.15),
    ("Wohngebäude, Umbau", 0.24, 0.9),
    ("Garage oder Nebenanlage", 0.17, 0.6),
    ("Gewerbe und Büro", 0.12, 1.5),
    ("Nutzungsänderung", 0.1, 1.3),
    ("Werbeanlage", 0.06, 0.5),
    ("Abbruch", 0.04, 0.5),
)
# Median of days until all papers are there; fewer since forms ask for them online.
WAITING: Knots = (
    (HISTORY_FROM, 36),
    (date(2024, 11, 30), 35),
    (date(2025, 6, 30), 29),
    (date(2026, 12, 31), 26),
    (date(2030, 12, 31), 22),
)
SPREAD = 0.72
# Nobody waits longer for papers; the application is then sent back.
LONGEST_DAYS = 240


def register_table(as_of: date, seed: int) -> Table:
    """Table bauantrag: everything received up to `as_of`, as known on that day."""
    ahead = as_of + timedelta(days=LONGEST_DAYS)
    rows = [row for cases in cases_of("bauantrag", ahead, seed) for row in _rows(cases, as_of, seed)]
    return Table("bauantrag", COLUMNS, rows, ("aktenzeichen",))


def _rows(cases: CaseMonth, as_of: date, seed: int) -> Iterator[Row]:
    chance = stream(seed, "building register", cases.month)
    count, today = len(cases.received), as_of.toordinal()
    kinds = chance.choice(len(KINDS), count, p=[weight for _, weight, _ in KINDS])
    came = _receipt(cases, kinds, chance)
    names = (f"{cases.procedure.prefix}-{cases.month:%y%m}-{n:04d}" for n in range(1, count + 1))
    columns = zip(names, kinds, came, iso(came), cases.received, iso(cases.received), strict=True)
    decisions = zip(cases.decided, iso(cases.decided), strict=True)
    for (name, kind, day, received, full, complete), (end, decided) in zip(columns, decisions, strict=True):
        if day <= today:
            known = complete if full <= today else None
            yield name, KINDS[kind][0], received, known, decided if end <= today else None


def _receipt(cases: CaseMonth, kinds: Days, chance: np.random.Generator) -> Days:
    """First receipt: some weeks before all papers were there, always on a working day."""
    median = value_at(WAITING, cases.month) * np.array([factor for _, _, factor in KINDS])[kinds]
    waited = median * chance.lognormal(0, SPREAD, len(kinds))
    days = np.clip(np.round(waited), 0, LONGEST_DAYS).astype(np.int64)
    return np.minimum(working_days(cases.received - days), cases.received)
