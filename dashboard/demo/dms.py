"""Monthly DMS reports: workplaces and licences are two counts with two totals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from dashboard.demo.organisation import unit_name
from dashboard.demo.streams import HISTORY_FROM, months, stream
from dashboard.demo.tables import german_date, write_xlsx

HEADER = (
    "Fachdienst",
    "Bezeichnung",
    "Berichtsmonat",
    "Büroarbeitsplätze",
    "davon angebunden",
    "Lizenzen",
    "genutzte Lizenzen",
    "Digitaler Posteingang",
)
REPORTS_KEPT = 60
REFERENCE = date(2026, 6, 1)

# Unit: workplaces, month the roll-out wave went live, workplaces that stay open (shared, part time).
UNITS: dict[str, tuple[int, date, int]] = {
    "FD10": (58, date(2022, 10, 1), 2),
    "FD11": (20, date(2022, 10, 1), 1),
    "FD20": (62, date(2023, 11, 1), 4),
    "FD32": (122, date(2024, 10, 1), 9),
    "FD51": (98, date(2024, 10, 1), 7),
    "FD50": (92, date(2025, 3, 1), 6),
    "FD40": (76, date(2025, 7, 1), 5),
    "FD66": (58, date(2026, 1, 1), 4),
    "FD70": (36, date(2026, 1, 1), 2),
    "FD61": (44, date(2026, 7, 1), 2),
    "FD63": (52, date(2026, 7, 1), 3),
    "FD53": (58, date(2026, 11, 1), 3),
    "FD37": (36, date(2026, 11, 1), 2),
}
LICENCE_STEPS = ((date(2021, 7, 1), 120), (date(2022, 7, 1), 240), (date(2024, 7, 1), 750))
USED_AT_REFERENCE = 538


def write_dms_reports(folder: Path, as_of: date, seed: int) -> None:
    """Write one workbook a month, as drawn on the first day of the month; older ones are archived."""
    drawn = list(months(HISTORY_FROM, as_of))[-REPORTS_KEPT:]
    for month in drawn:
        title = (
            "DMS-Bestandsbericht der Stadt Musterstadt",
            f"Stand {german_date(month)} – erstellt von FD 10",
            "Büroarbeitsplätze und Lizenzen sind zwei Größen und werden nicht verrechnet.",
        )
        write_xlsx(folder / f"DMS-Bericht_{month.isoformat()}.xlsx", title, HEADER, report_rows(month, seed))


def report_rows(month: date, seed: int) -> list[tuple[str, str, str, int, int, int, int, str | None]]:
    """Rows of one report, one per Fachdienst."""
    licences = _licences(month)
    rows = []
    for unit, (places, wave, _) in UNITS.items():
        connected = connected_workplaces(unit, month, seed)
        used = _used(unit, month, seed, connected, licences[unit])
        mail = _mail_in(unit, wave, month)
        rows.append(
            (unit, unit_name(unit), german_date(month), places, connected, licences[unit], used, mail)
        )
    return rows


def connected_workplaces(unit: str, month: date, seed: int) -> int:
    """Connected workplaces: most on the day of the wave, the rest within half a year."""
    places, wave, stay_open = UNITS[unit]
    if month < wave:
        pilots = int(stream(seed, "dms-pilot", unit).integers(0, 3))
        return 0 if wave > REFERENCE or month < date(2022, 1, 1) else pilots
    passed = (month.year - wave.year) * 12 + month.month - wave.month
    share = min(1.0, 0.82 + passed * 0.036)
    return min(places - stay_open, round(places * share))


def _licences(month: date) -> dict[str, int]:
    """Licences bought so far, spread over the units by workplaces."""
    total = max(count for day, count in LICENCE_STEPS if day <= month)
    places = np.array([places for places, _, _ in UNITS.values()], dtype=np.float64)
    edges = np.round(np.cumsum(places) / places.sum() * total).astype(int)
    return {unit: int(part) for unit, part in zip(UNITS, np.diff(edges, prepend=0), strict=True)}


def _used(unit: str, month: date, seed: int, connected: int, bought: int) -> int:
    """Used licences: shared desks need fewer than desks; never more than bought."""
    share = 0.924 + 0.01 * float(stream(seed, "dms-used", unit).uniform(-1, 1))
    return min(bought, round(connected * share))


def _mail_in(unit: str, wave: date, month: date) -> str | None:
    passed = (month.year - wave.year) * 12 + month.month - wave.month
    if passed >= 4:
        return "Echtbetrieb"
    if passed >= 0:
        return "Test"
    return "geplant" if passed >= -12 else None
