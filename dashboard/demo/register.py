"""The Leistungsregister: services, assessments, projects and project steps as one source database."""

from __future__ import annotations

from datetime import date

import numpy as np

from dashboard.demo.catalog import Offered, read_offered
from dashboard.demo.projects import project_tables
from dashboard.demo.reifegrad import Timelines
from dashboard.demo.streams import HISTORY_FROM, stream
from dashboard.demo.tables import Row, Table

# A service whose online start is this near lacks one block only; the rest lack more.
ALMOST_DAYS = 74
PLANNED_WITHIN_DAYS = 540

BLOCKS = (
    "Upload von Nachweisen",
    "Terminvergabe und Zahlung",
    "Bezahlkomponente",
    "Schriftform (eID) prüfen",
    "Fachverfahren anbinden",
    "Rückkanal für den Bescheid",
    "Formular in verständlicher Sprache",
)

# Priority list: rank, cases per year and, where known, the block that is missing.
TOP: dict[str, tuple[int, int, str | None]] = {
    "99107023017000": (1, 4120, "Upload von Nachweisen"),
    "99012008001000": (2, 510, "Fachverfahren anbinden"),
    "99041004034000": (3, 1280, None),
    "99108001001000": (4, 1700, None),
    "99050012104000": (5, 1130, None),
    "99027002012000": (6, 2360, None),
    "99107021017000": (7, 890, None),
    "99110009104000": (8, 1870, "Bezahlkomponente"),
    "99108012005000": (9, 960, "Schriftform (eID) prüfen"),
    "99001009004002": (10, 3480, None),
    "99023002049000": (11, 2050, None),
    "99003002022000": (12, 2310, "Terminvergabe und Zahlung"),
    "99115005104000": (13, 6400, None),
    "99008001012000": (14, 4900, "Schriftform (eID) prüfen"),
    "99085001012000": (15, 2900, "Schriftform (eID) prüfen"),
    "99015007012000": (16, 1450, None),
    "99025002169000": (17, 240, None),
    "99128009012000": (18, 9800, None),
    "99077020040000": (19, 2600, None),
    "99093003001000": (20, 310, None),
    "99012010001000": (21, 640, "Fachverfahren anbinden"),
}

SERVICE_COLUMNS = {
    "kennung": "text",
    "leika": "text",
    "bezeichnung": "text",
    "ozg_id": "text",
    "themenfeld": "text",
    "fachdienst": "text",
    "zustaendigkeit": "text",
    "grund": "text",
    "faelle_jahr": "integer",
    "rang": "integer",
    "fehlender_baustein": "text",
    "fehlende_bausteine": "integer",
    "online_geplant": "date",
    "aufgenommen_am": "date",
}
ASSESSMENT_COLUMNS = {
    "leistung": "text",
    "modell": "text",
    "stufe": "integer",
    "ende_zu_ende": "boolean",
    "eingestuft_am": "date",
    "verfahren": "text",
}


def register_tables(as_of: date, seed: int) -> list[Table]:
    """Tables leistung, einstufung, projekt and projektschritt as they stand on `as_of`."""
    offered = read_offered()
    own = [service for service in offered if service.zustaendigkeit == "eigen"]
    timelines = Timelines(own, seed)
    levels = timelines.levels(as_of)
    services = [
        _service_row(service, timelines, levels, as_of, seed)
        for service in offered
        if timelines.valid_from.get(service.key, HISTORY_FROM) <= as_of
    ]
    assessments = [
        (service_id(a.key), a.model, a.level, int(a.end_to_end), a.on.isoformat(), a.method)
        for a in timelines.until(as_of)
    ]
    return [
        Table("leistung", SERVICE_COLUMNS, services, ("kennung",)),
        Table("einstufung", ASSESSMENT_COLUMNS, assessments, ("leistung", "modell", "eingestuft_am")),
        *project_tables(own, as_of, seed),
    ]


def service_id(key: str) -> str:
    """The register's own number, stable because it follows the catalogue key."""
    return f"MS-{key[2:]}"


def _service_row(
    service: Offered, timelines: Timelines, levels: dict[str, int], as_of: date, seed: int
) -> Row:
    rank, cases, block, count, planned = None, None, None, None, None
    if service.zustaendigkeit == "eigen":
        rank, cases, block = _priority(service.key, seed)
        level, online = levels.get(service.key), timelines.reach3[service.key]
        block, count = _missing(level, block, (online - as_of).days, seed, service.key)
        if level is not None and level < 3 and (online - as_of).days <= PLANNED_WITHIN_DAYS:
            planned = online.replace(day=1).isoformat()
    listed = timelines.valid_from.get(service.key, HISTORY_FROM).isoformat()
    return (
        service_id(service.key),
        service.key,
        service.name,
        service.bundle.ozg_id,
        service.bundle.themenfeld,
        service.unit,
        service.zustaendigkeit,
        service.grund or None,
        cases,
        rank,
        block,
        count,
        planned,
        listed,
    )


def _priority(key: str, seed: int) -> tuple[int | None, int, str]:
    chance = stream(seed, "cases-per-year", key)
    block = str(chance.choice(BLOCKS))
    if key in TOP:
        rank, cases, known = TOP[key]
        return rank, cases, known or block
    return None, int(np.clip(chance.lognormal(3.6, 1.4), 1, 3200)), block


def _missing(
    level: int | None, block: str, days_left: int, seed: int, key: str
) -> tuple[str | None, int | None]:
    """Missing blocks until Reifegrad 3; unknown below level 2, where nobody has checked yet."""
    if level is None or level < 2:
        return None, None
    if level >= 3:
        return None, 0
    if days_left <= ALMOST_DAYS or (key in TOP and days_left <= 150):
        return block, 1
    return block, int(stream(seed, "blocks", key).integers(2, 6))
