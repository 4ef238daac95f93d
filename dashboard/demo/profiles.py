"""Leistungsprofile: attributes, target groups, legal bases, bundles and projects of the services.

Legal bases are those of the real catalogue; everything else is invented. A profile is written when the
workshop with the Fachdienst was held, and renewed on the day the service goes online.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np

from dashboard.demo.catalog import LEIKA, Offered, read_bundles, read_offered
from dashboard.demo.projects import project_tables
from dashboard.demo.register import service_id
from dashboard.demo.reifegrad import Timelines
from dashboard.demo.streams import HISTORY_FROM, stream, working_day
from dashboard.demo.tables import Row, german_date, write_csv

PROFILE_HEADER = (
    "Leistung",
    "gilt ab",
    "Unterschrift",
    "Gebühr",
    "ePayment",
    "Nutzerkonto",
    "Postfach",
    "eID",
    "eSignatur",
    "Upload",
    "DMS",
    "Lösungsweg",
    "Musterlösung",
    "Auslöser",
    "Ergebnis",
)
WORKSHOPS = (date(2022, 2, 1), date(2029, 6, 1))
# How often each value occurs; the last of a line is „not asked in the workshop“.
SIGNATURE = (("keine", "textform", "schriftform", "persoenliches_erscheinen", ""), (56, 17, 18, 6, 3))
FEE = (("keine", "fest", "rahmen", "wert", ""), (44, 29, 16, 8, 3))
WAY = (("efa", "formular", "schnittstelle", ""), (27, 46, 21, 6))
PATTERN = (("a", "b", "c", "d", ""), (26, 33, 13, 23, 5))
RESULT = (("bescheid", "handlung", "auskunft", "auszahlung"), (58, 22, 12, 8))
TRIGGER = ("Antrag", "Anzeige", "Meldung", "von Amts wegen")
PAPERS = (
    "Ausweis",
    "Lageplan",
    "Nachweis über Einkommen",
    "Führungszeugnis",
    "Vollmacht",
    "Fotos",
    "Versicherungsnachweis",
)
COMPANIES = ("Unternehmensführung & -entwicklung", "Forschung & Förderung", "Steuern & Zoll")
SECOND_BUNDLE, SECOND_UNIT, BOTH_GROUPS = 0.05, 0.12, 0.18


def write_profiles(folder: Path, as_of: date, seed: int) -> None:
    """Write the four lists of the Leistungsprofile as they stood on `as_of`."""
    own = [service for service in read_offered() if service.zustaendigkeit == "eigen"]
    timelines = Timelines(own, seed)
    noted = {service.key: _workshop(service, timelines, seed) for service in own}
    profiles = [row for service in own for row in _profiles(service, noted, timelines, as_of, seed)]
    done = [service for service in own if noted[service.key] <= as_of]
    attributes = [row for service in own for row in _attributes(service, seed)]
    attributes += [row for service in done for row in _papers(service, seed)]
    write_csv(folder / "Merkmale.csv", PROFILE_HEADER, profiles)
    write_csv(folder / "Mehrfachmerkmale.csv", ("Leistung", "Merkmal", "Wert"), attributes)
    write_csv(folder / "Buendel.csv", ("Leistung", "OZG-Kennung"), _second_bundles(own, seed))
    write_csv(folder / "Projektleistungen.csv", ("Projekt", "Leistung"), project_members(own, as_of, seed))


def draw(chance: np.random.Generator, choice: tuple[tuple[str, ...], tuple[int, ...]]) -> str:
    """One of the values, as often as its weight says."""
    values, weights = choice
    return str(chance.choice(values, p=np.array(weights) / sum(weights)))


def _workshop(service: Offered, timelines: Timelines, seed: int) -> date:
    """Day of the workshop: some time during the years of the project, at latest before the online start."""
    first, last = WORKSHOPS
    drawn = first + timedelta(days=int(stream(seed, "workshop", service.key).integers((last - first).days)))
    before = timelines.reach3[service.key] - timedelta(days=45)
    return working_day(max(HISTORY_FROM, min(drawn, before)))


def _profiles(
    service: Offered, noted: dict[str, date], timelines: Timelines, as_of: date, seed: int
) -> Iterator[Row]:
    chance = stream(seed, "profile", service.key)
    signature, fee, way, pattern = (draw(chance, choice) for choice in (SIGNATURE, FEE, WAY, PATTERN))
    fixed = (str(chance.choice(TRIGGER)), draw(chance, RESULT))
    begin, online = noted[service.key], timelines.reach3[service.key]
    later = _offered_blocks(chance, signature, fee)
    days: list[tuple[date, tuple[str, ...], str]] = [(begin, ("nein",) * 6, "keine")]
    if online > begin:
        days.append(
            (online, later, str(chance.choice(("ablage", "schnittstelle", "keine"), p=(0.5, 0.3, 0.2))))
        )
    for day, blocks, dms in days:
        if day <= as_of:
            name = service_id(service.key)
            yield (name, german_date(day), signature, fee, *blocks, dms, way, pattern, *fixed)


def _offered_blocks(chance: np.random.Generator, signature: str, fee: str) -> tuple[str, ...]:
    """ePayment, Nutzerkonto, Postfach, eID, eSignatur, Upload of a service that is online."""
    strict = signature in ("schriftform", "persoenliches_erscheinen")
    likely = (
        0.0 if fee == "keine" else 0.63,
        0.82,
        0.47,
        0.7 if strict else 0.34,
        0.2 if strict else 0.04,
        0.9,
    )
    return tuple("ja" if chance.random() < share else "nein" for share in likely)


def _attributes(service: Offered, seed: int) -> Iterator[Row]:
    """Target groups and legal bases, known for every service from the catalogue."""
    chance = stream(seed, "attributes", service.key)
    name = service_id(service.key)
    main = "unternehmen" if service.bundle.themenfeld in COMPANIES else "buerger"
    other = "buerger" if main == "unternehmen" else "unternehmen"
    for group in (main, *((other,) if chance.random() < BOTH_GROUPS else ())):
        yield (name, "zielgruppe", group)
    for law in _laws().get(service.key, ()):
        yield (name, "rechtsgrundlage", law)
    if chance.random() < SECOND_UNIT:
        yield (name, "beteiligte_einheit", "FD20" if service.unit != "FD20" else "FD10")


def _papers(service: Offered, seed: int) -> Iterator[Row]:
    chance = stream(seed, "papers", service.key)
    for paper in chance.choice(PAPERS, size=int(chance.integers(0, 4)), replace=False):
        yield (service_id(service.key), "unterlage", str(paper))


@lru_cache(maxsize=1)
def _laws() -> dict[str, tuple[str, ...]]:
    """Short names of laws by catalogue key, as the catalogue gives them."""
    with LEIKA.open(encoding="utf-8", newline="") as file:
        found = {row["leika_schluessel"]: row["gesetz_kurz"] for row in csv.DictReader(file, delimiter=";")}
    return {
        key: tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
        for key, text in found.items()
    }


def _second_bundles(own: list[Offered], seed: int) -> list[Row]:
    """Some services serve a second bundle of the same Lage."""
    by_lage: dict[str, list[str]] = defaultdict(list)
    for bundle in read_bundles().values():
        by_lage[bundle.lage].append(bundle.ozg_id)
    rows: list[Row] = []
    for service in own:
        chance = stream(seed, "second-bundle", service.key)
        others = [ozg_id for ozg_id in by_lage[service.bundle.lage] if ozg_id != service.bundle.ozg_id]
        if others and chance.random() < SECOND_BUNDLE:
            rows.append((service_id(service.key), others[int(chance.integers(len(others)))]))
    return rows


def project_members(own: list[Offered], as_of: date, seed: int) -> list[Row]:
    """Services of each project: the first of its unit in the bundle its title names, as many as it says.

    A second project on the same bundle takes up the same services again.
    """
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for service in own:
        members[service.unit, service.bundle.name].append(service_id(service.key))
    projects, _ = project_tables(own, as_of, seed)
    rows: list[Row] = []
    for number, title, unit, count, *_ in projects.rows:
        bundle = str(title).removeprefix("Online-Antrag ").removeprefix("Ende-zu-Ende ")
        rows += [(number, service) for service in members[str(unit), bundle][: int(count)]]
    return rows
