"""Write the whole example city: declarations, deliveries and Fachverfahren databases of one day."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

from dashboard.demo.account_books import write_budget_book, write_cost_accounts
from dashboard.demo.board_calendar import write_board_calendar
from dashboard.demo.building import register_table
from dashboard.demo.cases import application_months, case_table
from dashboard.demo.catalog import DATA, LEIKA, OZG
from dashboard.demo.council import write_council
from dashboard.demo.dms import write_dms_reports
from dashboard.demo.finance import write_finance_export
from dashboard.demo.measurements import write_measurements
from dashboard.demo.measures import measure_table
from dashboard.demo.organisation import write_organisation
from dashboard.demo.packages import write_packages
from dashboard.demo.profiles import write_profiles
from dashboard.demo.ranking import write_ranking
from dashboard.demo.register import register_tables
from dashboard.demo.scans import write_scans
from dashboard.demo.sittings import write_appointments
from dashboard.demo.staff import write_staff
from dashboard.demo.streams import HISTORY_FROM
from dashboard.demo.systems import write_systems
from dashboard.demo.tables import Table, german_date, write_csv, write_database, write_sqlite
from dashboard.demo.training import write_training

SEED = 111240
TEMPLATE = Path(__file__).with_name("city")

# The portal statistics stopped arriving: this source shows what „nicht aktuell“ looks like.
PORTAL_SILENT_DAYS = 9

DATABASES: dict[str, tuple[str, str]] = {
    "leistungsregister": ("LEISTUNGSREGISTER_URL", "leistungsregister.sqlite"),
    "massnahmenliste": ("MASSNAHMENLISTE_URL", "massnahmenliste.sqlite"),
    "fachverfahren_wohngeld": ("WOHNGELD_URL", "wohngeld.sqlite"),
    "fachverfahren_bau": ("BAUAUFSICHT_URL", "bauaufsicht.sqlite"),
    "buergerservice": ("BUERGERSERVICE_URL", "buergerservice.sqlite"),
}
CASE_SOURCES: dict[str, tuple[str, ...]] = {
    "fachverfahren_wohngeld": ("wohngeld",),
    "fachverfahren_bau": ("bauantrag",),
    "buergerservice": ("melde", "ausweis", "urkunden", "gewerbe", "bewohnerparken"),
}
CHANNEL_NAMES = {
    "online": "Online",
    "post": "Brief",
    "vor_ort": "Vorsprache",
    "email": "E-Mail",
    "telefon": "Telefon",
}


def write_city(folder: Path, *, as_of: date, seed: int = SEED) -> None:
    """Write or renew Musterstadt as it stood on `as_of`.

    A pure function of seed and day: everything dated up to a day is the same whether the city is
    written on that day or later. What people changed (var/, own files) is left alone; declarations
    that exist are kept, so that a second start does not undo an edited target.
    """
    if as_of <= HISTORY_FROM:
        raise ValueError(
            f"the example city begins after {HISTORY_FROM.isoformat()}, not on {as_of.isoformat()}"
        )
    _copy_template(folder)
    write_organisation(folder / "organisation.csv", as_of)
    _copy_real_data(folder / "inbox")
    _write_deliveries(folder / "inbox", as_of, seed)
    for source, tables in source_tables(as_of, seed).items():
        write_sqlite(folder / "fachverfahren" / DATABASES[source][1], tables)
    _write_secrets(folder / "var" / "secrets.env")


def source_tables(as_of: date, seed: int = SEED) -> dict[str, list[Table]]:
    """Tables of every database source as they stood on `as_of`, by source id."""
    tables = {source: [case_table(names, as_of, seed)] for source, names in CASE_SOURCES.items()}
    tables["fachverfahren_bau"].append(register_table(as_of, seed))
    tables["leistungsregister"] = register_tables(as_of, seed)
    tables["massnahmenliste"] = [measure_table(as_of, seed)]
    return tables


def write_case_tables(url: str, source: str, *, as_of: date, seed: int = SEED) -> None:
    """Write the tables of one database source to any database, for example PostgreSQL.

    `source` is an id of `DATABASES`; tables of the same name are replaced.
    """
    write_database(url, source_tables(as_of, seed)[source])


def _copy_template(folder: Path) -> None:
    for source in sorted(TEMPLATE.rglob("*")):
        target = folder / source.relative_to(TEMPLATE)
        if source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def _copy_real_data(inbox: Path) -> None:
    for place, pattern in (
        ("kataloge", LEIKA.name),
        ("kataloge", OZG.name),
        ("vergleich", "freiburg_*.csv"),
        ("vergleich", "muenster_*.csv"),
        ("vergleich", "roedermark_*.json"),
        ("ratsvorlagen", "ratsvorlagen_*.csv"),
    ):
        (inbox / place).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DATA / "SOURCES.md", inbox / place / "SOURCES.md")
        for source in DATA.glob(pattern):
            shutil.copyfile(source, inbox / place / source.name)


def _write_deliveries(inbox: Path, as_of: date, seed: int) -> None:
    day = as_of.isoformat()
    write_finance_export(inbox / "haushaltsverfahren", as_of, seed)
    write_budget_book(inbox / "haushaltsbuch", as_of)
    write_cost_accounts(inbox / "kostenrechnung", as_of, seed)
    write_staff(inbox / "stellenplan", as_of)
    write_dms_reports(inbox / "dms_berichte", as_of, seed)
    write_measurements(inbox / "wirkungsmessung" / f"Wirkungsmessung_{day}.csv", as_of, seed)
    write_council(inbox / "beschlusskontrolle", as_of, seed)
    write_training(inbox / "schulungen" / f"Schulungsstand_{day}.csv", as_of, seed)
    write_ranking(inbox / "prioritaetenliste" / f"Punkte_{day}.csv", as_of, seed)
    write_appointments(inbox / "sitzungskalender" / f"Termine_{day}.csv", as_of)
    write_board_calendar(inbox / "beiratskalender" / f"Digitalbeirat_{day}.ics")
    write_profiles(inbox / "leistungsprofile", as_of, seed)
    write_systems(inbox / "verfahrensverzeichnis", as_of, seed)
    write_packages(inbox / "umsetzungsfahrplan", as_of, seed)
    write_scans(inbox / "aktendigitalisierung" / f"Aktenstand_{day}.csv", as_of, seed)
    _write_portal(inbox / "buergerportal", as_of - timedelta(days=PORTAL_SILENT_DAYS), seed)


def _write_portal(folder: Path, delivered: date, seed: int) -> None:
    rows = [
        (procedure, unit, german_date(month), CHANNEL_NAMES[channel], count)
        for procedure, unit, month, channel, count in application_months(delivered, seed)
    ]
    header = ("Verfahren", "Fachdienst", "Monat", "Kanal", "Anträge")
    write_csv(folder / f"Antragsstatistik_{delivered.isoformat()}.csv", header, rows, encoding="utf-8-sig")


def _write_secrets(path: Path) -> None:
    """Addresses of the databases; a real town puts its own here or into the environment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [
        f"{name}=sqlite:///fachverfahren/{file}"
        for name, file in DATABASES.values()
        if f"{name}=" not in known
    ]
    if missing:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write("\n".join(missing) + "\n")
