"""Fachverfahren of Musterstadt, how far each is connected, what services it carries; and recorded processes.

All names say a task, never a product: the list is invented.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from dashboard.demo.catalog import Offered, read_offered
from dashboard.demo.profiles import draw
from dashboard.demo.register import service_id
from dashboard.demo.streams import HISTORY_FROM, stream, working_day
from dashboard.demo.tables import Row, german_date, write_csv

INTERNAL = "*"
# Task of each Fachverfahren by unit; with the mark behind it nobody outside the town hall uses it.
TASKS: dict[str, tuple[str, ...]] = {
    "FD10": (
        "Zeiterfassung*",
        "Aktenplan*",
        "Statistik*",
        "Wahlen",
        "Ratsinformation",
        "Fuhrparkreservierung*",
    ),
    "FD11": ("Personalabrechnung*", "Bewerbungen", "Fortbildung*", "Stellenplan*", "Lizenzverwaltung*"),
    "FD20": (
        *("Haushalt und Buchung*", "Kasse", "Vollstreckung", "Grundsteuer", "Gewerbesteuer", "Hundesteuer"),
        *("Vergaben", "Anlagen*", "Beteiligungen*"),
    ),
    "FD32": (
        *("Einwohnermeldung", "Ausweise und Pässe", "Standesamt", "Gewerberegister", "Gaststätten"),
        *("Bewohnerparken", "Bußgeld", "Fundsachen", "Kfz-Zulassung", "Führerschein", "Ausländerwesen"),
        *("Waffen", "Jagd und Fischerei", "Sondernutzung", "Terminvergabe"),
    ),
    "FD37": ("Einsatzleitung*", "Brandschau", "Atemschutz*", "Veranstaltungen", "Rettungsdienstabrechnung"),
    "FD40": (
        *("Schulanmeldung", "Schülerbeförderung", "Bibliothek", "Musikschule", "Volkshochschule"),
        *("Sportstätten", "Archiv", "Museumsverwaltung*"),
    ),
    "FD50": (
        *(
            "Wohngeld",
            "Sozialhilfe",
            "Asylbewerberleistungen",
            "Schwerbehinderung",
            "Betreuung*",
            "Heimaufsicht",
        ),
        *("Bildung und Teilhabe", "Unterhaltssicherung"),
    ),
    "FD51": (
        "Kita-Platzvergabe",
        "Elternbeiträge",
        "Unterhaltsvorschuss",
        "Jugendhilfe*",
        "Elterngeld",
        "Beistand*",
    ),
    "FD53": (
        "Infektionsschutz",
        "Schuleingang*",
        "Belehrungen",
        "Trinkwasser",
        "Lebensmittelkontrolle*",
        "Tierhaltung",
    ),
    "FD61": ("Bauleitplanung", "Geodaten", "Denkmalschutz", "Umweltgenehmigung", "Altlasten*"),
    "FD63": ("Bauantrag", "Baulasten", "Bauaktenarchiv", "Statikprüfung*"),
    "FD66": (
        "Straßenkataster*",
        "Aufbruchgenehmigung",
        "Baumkataster*",
        "Spielplatzkontrolle*",
        "Verkehrsanordnung",
    ),
    "FD70": ("Abfallgebühren", "Sperrmüll", "Behälterverwaltung*", "Friedhof", "Winterdienst*"),
}
# Those whose figures the portal really reads in the example city.
READ_EVERY_NIGHT = (
    "Wohngeld",
    "Bauantrag",
    "Einwohnermeldung",
    "Ausweise und Pässe",
    "Standesamt",
    "Gewerberegister",
)
READ_AS_FILE = ("Haushalt und Buchung", "Bewohnerparken")
PORTAL_FROM, STEERING_FROM, DMS_FROM = date(2022, 3, 1), date(2023, 1, 1), date(2022, 10, 1)
LAST = date(2030, 6, 1)
# Of those that can be connected, how many are by the end; the rest stay as they are.
EVER = {"portal": 0.74, "steuerung": 0.8, "dms": 0.7}
BEGIN = {"portal": PORTAL_FROM, "steuerung": STEERING_FROM, "dms": DMS_FROM}
NOT_ASKED = 0.06
PROCESS_SHARE = 0.36
STATES = (("freigegeben", "abgestimmt", "in Erfassung", "geplant", "veraltet"), (46, 22, 17, 10, 5))
PROCESS_HEADER = (
    "Prozess",
    "Bezeichnung",
    "LeiKa",
    "Fachdienst",
    "Stand",
    "aufgenommen",
    "Schritte",
    "mit Medienbruch",
    "Fälle im Jahr",
    "Bearbeitungszeit",
    "Durchlaufzeit",
)


class System(NamedTuple):
    """One Fachverfahren; `internal` ones have no use for the Bürgerportal."""

    id: str
    task: str
    unit: str
    internal: bool


def write_systems(folder: Path, as_of: date, seed: int) -> None:
    """Write the list of Fachverfahren, their connections and services, and the processes as of a day."""
    found = systems()
    write_csv(
        folder / "Fachverfahren.csv",
        ("Kennung", "Bezeichnung", "Fachdienst", "Aufgabe", "Betrieb", "in Betrieb seit", "abgelöst"),
        [_system(system, seed) for system in found],
    )
    write_csv(
        folder / "Anbindungen.csv",
        ("Fachverfahren", "Ziel", "gilt ab", "Grad", "Grund"),
        [row for system in found for row in _connections(system, as_of, seed)],
    )
    own = [service for service in read_offered() if service.zustaendigkeit == "eigen"]
    write_csv(
        folder / "Fachverfahren_Leistungen.csv", ("Fachverfahren", "Leistung"), _carried(found, own, seed)
    )
    write_csv(folder / "Prozesse.csv", PROCESS_HEADER, _processes(own, as_of, seed))


def systems() -> list[System]:
    """All Fachverfahren, by unit."""
    return [
        System(f"FV-{unit[2:]}-{number:02d}", task.rstrip(INTERNAL), unit, task.endswith(INTERNAL))
        for unit, tasks in TASKS.items()
        for number, task in enumerate(tasks, start=1)
    ]


def _system(system: System, seed: int) -> Row:
    chance = stream(seed, "system", system.id)
    since = date(2008, 1, 1) + timedelta(days=int(chance.integers(0, 4700)))
    where = draw(chance, (("stadt", "rechenzentrum", "hersteller"), (41, 47, 12)))
    return (system.id, f"Verfahren {system.task}", system.unit, system.task, where, german_date(since), "")


def _connections(system: System, as_of: date, seed: int) -> Iterator[Row]:
    for target, begin in BEGIN.items():
        chance = stream(seed, "connection", system.id, target)
        if target == "portal" and system.internal:
            reason = "nur innerhalb der Verwaltung genutzt"
            yield (system.id, target, german_date(HISTORY_FROM), "nicht_vorgesehen", reason)
            continue
        if chance.random() < NOT_ASKED and system.task not in READ_EVERY_NIGHT + READ_AS_FILE:
            continue
        yield (system.id, target, german_date(HISTORY_FROM), "keine", "")
        day = begin + timedelta(days=int((LAST - begin).days * float(chance.beta(1.1, 1.3))))
        degree = "datei" if chance.random() < 0.35 else "schnittstelle"
        if target == "steuerung" and system.task in READ_EVERY_NIGHT + READ_AS_FILE:
            day, degree = STEERING_FROM, "schnittstelle" if system.task in READ_EVERY_NIGHT else "datei"
        elif chance.random() > EVER[target]:
            continue
        for on, grade in ((working_day(day - timedelta(days=200)), "geplant"), (working_day(day), degree)):
            if HISTORY_FROM < on <= as_of:
                yield (system.id, target, german_date(on), grade, "")


def _carried(found: list[System], own: list[Offered], seed: int) -> list[Row]:
    """One Fachverfahren of the unit for most services, two for some, none for the rest."""
    by_unit: dict[str, list[str]] = defaultdict(list)
    for system in found:
        if not system.internal:
            by_unit[system.unit].append(system.id)
    rows: list[Row] = []
    for service in own:
        chance = stream(seed, "carried", service.key)
        wanted = int(chance.choice((0, 1, 2), p=(0.14, 0.78, 0.08)))
        here = by_unit[service.unit]
        for place in chance.permutation(len(here))[:wanted]:
            rows.append((here[int(place)], service_id(service.key)))
    return rows


def _processes(own: list[Offered], as_of: date, seed: int) -> list[Row]:
    rows: list[Row] = []
    for number, service in enumerate(own, start=1):
        chance = stream(seed, "process", service.key)
        span = (LAST - PORTAL_FROM).days
        noted = working_day(PORTAL_FROM + timedelta(days=int(chance.integers(span))))
        if chance.random() > PROCESS_SHARE * 2 or noted > as_of:
            continue
        state = draw(chance, STATES)
        steps = int(chance.integers(5, 24))
        breaks = int(chance.binomial(steps, 0.22))
        minutes, days = int(chance.lognormal(3.4, 0.6)), int(chance.lognormal(2.6, 0.7))
        head = (f"PR-{number:04d}", service.name, service.key, service.unit, state, german_date(noted))
        rows.append((*head, steps, breaks, int(chance.lognormal(4.0, 1.2)), minutes, days))
    return rows
