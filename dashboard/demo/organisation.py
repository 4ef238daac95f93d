"""The invented administration of Musterstadt: Dezernate, Fachdienste and one reorganisation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from dashboard.demo.tables import german_date, write_csv


class Unit(NamedTuple):
    """One line of organisation.csv; a renamed or merged unit gets a new line."""

    unit_id: str
    parent_id: str
    name: str
    short: str
    kind: str
    valid_from: date
    valid_to: date | None = None


FOUNDED = date(2015, 1, 1)
# Tiefbau and Grünflächen were merged; the old lines stay so that older figures keep their unit.
MERGED = date(2024, 1, 1)
BEFORE_MERGER = date(2023, 12, 31)


def _unit(number: int, parent: str, name: str) -> Unit:
    return Unit(f"FD{number}", parent, name, f"FD {number}", "fachdienst", FOUNDED)


UNITS: tuple[Unit, ...] = (
    Unit("STADT", "", "Stadt Musterstadt", "Stadt", "stadt", FOUNDED),
    Unit("DEZ1", "STADT", "Dezernat I Zentrale Steuerung", "Dez. I", "dezernat", FOUNDED),
    Unit("DEZ2", "STADT", "Dezernat II Bürgerservice und Sicherheit", "Dez. II", "dezernat", FOUNDED),
    Unit("DEZ3", "STADT", "Dezernat III Bildung, Soziales, Gesundheit", "Dez. III", "dezernat", FOUNDED),
    Unit("DEZ4", "STADT", "Dezernat IV Planen, Bauen, Umwelt", "Dez. IV", "dezernat", FOUNDED),
    _unit(10, "DEZ1", "Personal und Organisation"),
    _unit(11, "DEZ1", "Personalgewinnung und Digitalisierung"),
    _unit(20, "DEZ1", "Haushalt und Finanzen"),
    _unit(32, "DEZ2", "Bürgerservice und Ordnung"),
    _unit(37, "DEZ2", "Feuerwehr und Rettung"),
    _unit(40, "DEZ3", "Schule, Kultur, Sport"),
    _unit(50, "DEZ3", "Soziale Hilfen"),
    _unit(51, "DEZ3", "Kinder- und Jugendhilfe"),
    _unit(53, "DEZ3", "Gesundheit"),
    _unit(61, "DEZ4", "Stadtplanung"),
    _unit(63, "DEZ4", "Bauaufsicht"),
    Unit("FD66", "DEZ4", "Tiefbau", "FD 66", "fachdienst", FOUNDED, BEFORE_MERGER),
    Unit("FD67", "DEZ4", "Grünflächen", "FD 67", "fachdienst", FOUNDED, BEFORE_MERGER),
    Unit("FD66", "DEZ4", "Tiefbau und Grünflächen", "FD 66", "fachdienst", MERGED),
    _unit(70, "DEZ4", "Abfallwirtschaft"),
)

HEADER = ("Kennung", "Übergeordnet", "Name", "Kurz", "Ebene", "gültig ab", "gültig bis")


def unit_name(unit_id: str) -> str:
    """Current name of a unit."""
    return next(unit.name for unit in reversed(UNITS) if unit.unit_id == unit_id)


def write_organisation(path: Path, as_of: date) -> None:
    """Write organisation.csv with the lines that exist on `as_of`."""
    rows = [
        (*unit[:5], german_date(unit.valid_from), german_date(unit.valid_to))
        for unit in UNITS
        if unit.valid_from <= as_of
    ]
    write_csv(path, HEADER, rows)
