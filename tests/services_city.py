"""A city with a handful of services, projects and bundles, and the services of the dashboard on top of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dash.development.base_component import Component

from dashboard.auth.viewer import Role, Viewer, scope_of
from dashboard.services import Services
from dashboard.settings import Settings
from metrics.catalog import load_catalog
from tests.small_city import Rows, small_city
from warehouse.ledger import Ledger
from warehouse.store import Snapshot

TODAY = date(2026, 6, 9)
TARGETS = """
[ozg_online_share]
owner = "FD 10"
path = [
  { on = 2023-12-31, value = 0.20 }, { on = 2025-12-31, value = 0.40 }, { on = 2027-12-31, value = 0.80 },
]
tolerance_points = 0.10
applies_to = "each"

[ozg_project_step_days]
owner = "FD 10"
applies_to = "each"
parts = [
  { where = { step = "umsetzung" }, path = [{ on = 2021-01-01, value = 60 }], tolerance_percent = 0.25 },
]
"""
# service, unit, Themenfeld, bundle, stages as (day, stage): eight services, four online today.
LIVES: tuple[tuple[str, str, str, str, tuple[tuple[date, int], ...]], ...] = (
    ("S1", "FD10", "Umwelt", "O1", ((date(2023, 1, 5), 3),)),
    ("S2", "FD10", "Umwelt", "O1", ((date(2023, 1, 5), 1), (date(2025, 11, 3), 4))),
    ("S3", "FD10", "Bildung", "O2", ((date(2023, 1, 5), 2), (date(2026, 3, 3), 3))),
    ("S4", "FD20", "Bildung", "O2", ((date(2023, 1, 5), 4), (date(2026, 4, 1), 3))),
    ("S5", "FD20", "Bildung", "O3", ((date(2023, 1, 5), 2),)),
    ("S6", "FD20", "Gesundheit", "O3", ((date(2023, 1, 5), 0), (date(2026, 2, 1), 1))),
    ("S7", "FD32", "Gesundheit", "O4", ((date(2023, 1, 5), 1),)),
    ("S8", "FD32", "Gesundheit", "O4", ((date(2023, 1, 5), 0),)),
)


class OneSnapshot:
    """A reader that always hands out the same snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def current(self) -> Snapshot:
        """The snapshot."""
        return self._snapshot


def services_rows() -> dict[str, Rows]:
    """Rows of the services, their stages, bundles and two projects."""
    rows: dict[str, Rows] = {
        "service": [_service(*life[:4]) for life in LIVES],
        "assessment": [
            {"service_id": life[0], "reifegrad_modell": "ozg_1_1", "reifegrad": stage, "assessed_on": day}
            | {"end_to_end": stage == 4, "method": "kriterien"}
            for life in LIVES
            for day, stage in life[4]
        ],
        "ozg_bundle": [
            {"ozg_id": f"O{n}", "bezeichnung": f"Bündel {n}", "themenfeld": "Umwelt"} for n in range(1, 5)
        ],
        "project": [
            {"project_id": "P1", "org_unit_id": "FD10", "done_on": date(2026, 5, 20)},
            {"project_id": "P2", "org_unit_id": "FD20"},
        ],
        "project_step": [
            {"project_id": "P1", "step": "umsetzung", "entered_on": date(2026, 1, 10)}
            | {"left_on": date(2026, 5, 20)},
            {"project_id": "P2", "step": "umsetzung", "entered_on": date(2026, 5, 1)},
        ],
    }
    for project in rows["project"]:
        project |= {"title": "Probe", "service_count": 1, "started_on": date(2026, 1, 10)}  # type: ignore[operator]
    return rows


def _service(service: str, unit: str, field: str, bundle: str) -> Mapping[str, Any]:
    almost = {"missing_count": 1, "missing_block": "Bezahlkomponente"} if service == "S5" else {}
    return {
        "service_id": service,
        "bezeichnung": f"Leistung {service}",
        "themenfeld": field,
        "org_unit_id": unit,
        "ozg_id": bundle,
        "zustaendigkeit": "eigen",
        "valid_from": date(2022, 1, 1),
        "priority_rank": int(service[1:]),
        **almost,
    }


def services_city(
    folder: Path, *, rows: Mapping[str, Rows] | None = None, targets: str = TARGETS
) -> Services:
    """Build the city in memory; other rows or targets replace the usual ones."""
    city = folder / "stadt"
    city.mkdir()
    (city / "targets.toml").write_text(targets, encoding="utf-8")
    snapshot = small_city(folder, services_rows() if rows is None else rows, business_date=TODAY)
    settings = Settings(name="Kleinstadt", ags="01001000", city=city)
    return Services(settings, load_catalog(city), OneSnapshot(snapshot), Ledger(settings.ledger_url))  # type: ignore[arg-type]


def viewer_of(role: Role, *units: str) -> Viewer:
    """A person of a role with the units given."""
    return Viewer("konto", "K. Probe", "", "KP", role, scope_of(role, units))


def words(component: object) -> str:
    """All text of a drawing in reading order, blanks and no-break spaces as single blanks."""
    return " ".join(" ".join(_texts(component)).replace("\u00a0", " ").split())


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str | int | float):
        yield str(part)
    elif isinstance(part, list | tuple):
        for item in part:
            yield from _texts(item)
    elif isinstance(part, Component) and type(part).__name__ != "Graph":
        yield from _texts(getattr(part, "children", None))
        yield from _late_table(getattr(part, "data-table", None))


def _late_table(spec: str | None) -> Iterator[str]:
    """Cells of a table that the browser writes from its JSON."""
    table = json.loads(spec) if spec else {"rows": []}
    for row in [*table["rows"], table.get("total") or []]:
        yield from row


def hrefs(component: object) -> list[str]:
    """All addresses of a drawing in reading order."""
    if isinstance(component, list | tuple):
        return [href for item in component for href in hrefs(item)]
    if not isinstance(component, Component):
        return []
    own = getattr(component, "href", None)
    return [*([own] if own else []), *hrefs(getattr(component, "children", None))]


def headings(component: object) -> list[tuple[int, str]]:
    """Level and text of every heading of a drawing in reading order."""
    if isinstance(component, list | tuple):
        return [found for item in component for found in headings(item)]
    if not isinstance(component, Component):
        return []
    name = type(component).__name__
    if len(name) == 2 and name[0] == "H" and name[1].isdigit():
        return [(int(name[1]), words(component))]
    return headings(getattr(component, "children", None))


def graphs(component: object) -> list[dict[str, Any]]:
    """All figures of a drawing."""
    if isinstance(component, list | tuple):
        return [figure for item in component for figure in graphs(item)]
    if not isinstance(component, Component):
        return []
    if type(component).__name__ == "Graph":
        return [component.figure]  # type: ignore[attr-defined]
    return graphs(getattr(component, "children", None))
