"""Recipes for files, each copied into a city as `isek source new` does and fed with a file of its shape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from connectors.recipes import find_recipe
from tests.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    place = Town(tmp_path)
    yield place
    place.con.close()


def _use(town: Town, recipe: str, source: str = "probe") -> None:
    """The recipe as it is, but for the minute a file has to lie untouched."""
    town.declare(source, find_recipe(recipe).for_source(source).replace("settle_seconds = 60", ""))
    (town.folder / f"inbox/{source}").mkdir(parents=True)


def _deliver(town: Town, name: str, text: str, encoding: str = "cp1252") -> None:
    town.deliver(f"inbox/probe/{name}", text.replace("\n", "\r\n"), encoding)


def test_infoma_tells_plans_by_account_and_refunds_by_the_side_of_the_book(town: Town) -> None:
    _use(town, "infoma_export")
    _deliver(
        town,
        "Ansatz_2026.csv",
        "Haushaltsjahr;Produkt;Sachkonto;Bezeichnung;Bewegungsart;Buchungsdatum;Betrag\n"
        "2026;111240;421100;Unterhaltung;Ansatz;11.12.2025;12.500,00\n"
        "2026;111240;421100;Unterhaltung;HH-Rest;15.02.2026;1.200,50\n"
        "2026;111240;787100;Hochbau;Ansatz;11.12.2025;300.000,00\n"
        "2026;111240;348100;Erstattungen;Ansatz;11.12.2025;4.000,00\n"
        "Summe;317.700,50\n",
    )
    _deliver(
        town,
        "Buchungen_2026.csv",
        "Belegnummer;Haushaltsjahr;Produkt;Sachkonto;Kostenstelle;Buchungsdatum;S/H;Betrag\n"
        "0012;2026;111240;421100;1010;03.03.2026;S;1.000,00\n"
        "0013;2026;111240;421100;1010;04.03.2026;H;250,00\n"
        "0014;2026;111240;348100;1010;04.03.2026;H;99,00\n"
        "Summe;1.349,00\n",
    )
    _deliver(
        town,
        "Auftraege_2026.csv",
        "Auftragsnummer;Haushaltsjahr;Produkt;Sachkonto;Auftragsdatum;Erledigt am;Auftragswert\n"
        "A1;2026;111240;421100;01.02.2026;;2.000,00\nSumme;2.000,00\n",
    )
    loaded = town.night("probe")
    assert (loaded.state, loaded.published, loaded.rejected) == ("aktuell", 6, 0)
    assert town.rows("SELECT plan_art, sum(amount_eur) FROM stage.budget_plan GROUP BY 1 ORDER BY 1") == [
        ("ergebnisplan", Decimal("13700.50")),
        ("finanzplan", Decimal("300000.00")),
    ]
    assert town.rows("SELECT sum(amount_eur) FROM stage.booking") == [(Decimal("750.00"),)]
    assert town.rows("SELECT booking_id, settled_on FROM stage.booking, stage.commitment LIMIT 1") == [
        ("0012", None)
    ]


def _sheet(book: Any, name: str, rows: list[list[Any]]) -> None:
    sheet, day = book.add_worksheet(name), book.add_format({"num_format": "dd.mm.yyyy"})
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), day)
            elif cell is not None:
                sheet.write(number, place, cell)


def test_hh_reads_thousands_of_euro_and_labels_that_stand_once(town: Town) -> None:
    _use(town, "hh_prodoppik_export")
    with xlsxwriter.Workbook(town.folder / "inbox/probe/HHÜ 2026.xlsx") as book:
        head = ["Produkt", "Produktbezeichnung", None, "Konto", "Kontobezeichnung", "E/A"]
        head += ["Ansatz 2025 (T€)", "Ergebnis 2025 (T€)", "Ansatz 2026 (T€)"]
        _sheet(
            book,
            "Plan-Ist",
            [
                ["Haushaltsüberwachung"],
                ["Stand 31.05.2026"],
                head,
                ["111240", "Digitales", None, "348100", "Erstattungen", "E", 4, 3.5, 4],
                [None, None, None, "421100", "Unterhaltung", "A", 12.5, 11.2345, None],
                [None, None, None, "Summe Produkt", None, None, 8.5, 7.7, 4],
                ["111250", "Rat", None, "431200", "Sitzungsgeld", "A", 100, 98, 101],
            ],
        )
        _sheet(
            book,
            "Buchungen",
            [
                ["Beleg-Nr.", "HH-Jahr", "Produkt", "Konto", "Datum", "E/A", "Betrag"],
                ["001", 2026, "111240", "421100", date(2026, 3, 3), "A", 99.5],
                ["002", 2026, "111240", "348100", "04.03.2026", "E", -20],
            ],
        )
    loaded = town.night("probe")
    assert (loaded.state, loaded.rejected) == ("aktuell", 0)
    assert town.rows(
        "SELECT produkt, haushaltsjahr, amount_eur FROM stage.budget_line"
        " WHERE konto = '421100' ORDER BY haushaltsjahr, betrag_typ"
    ) == [
        ("111240", 2025, Decimal("12500.00")),
        ("111240", 2025, Decimal("11234.50")),
        ("111240", 2026, None),
    ]
    assert town.rows("SELECT booking_id, booked_on, amount_eur FROM stage.booking") == [
        ("001", date(2026, 3, 3), Decimal("99.50"))
    ]


def test_mps_reads_fixed_widths_with_the_minus_behind(town: Town) -> None:
    _use(town, "mps_export")
    rows = [
        ("111240.348100", "Erstattungen", "AN", "2026", "4.000,00"),
        ("111240.421100", "Unterhaltung Gebäude", "AN", "2026", "12.500,00-"),
        ("111240.421100", "Unterhaltung Gebäude", "IS", "2026", "35,00"),
    ]
    body = "".join(f"{a:<15} {b:<30} {c} {d} {e:>18}\n" for a, b, c, d, e in rows)
    _deliver(town, "stand.txt", f"Stadt Musterstadt\nHaushaltsstand je Produktkonto\n{body}*** Ende ***\n")
    loaded = town.night("probe")
    assert (loaded.published, loaded.rejected) == (3, 0)
    lines = town.rows(
        "SELECT produkt, konto, richtung, betrag_typ, amount_eur FROM stage.budget_line ORDER BY ALL"
    )
    assert lines == [
        ("111240", "348100", "ertrag", "ansatz", Decimal("4000.00")),
        ("111240", "421100", "aufwand", "ansatz", Decimal("12500.00")),
        ("111240", "421100", "aufwand", "ergebnis", Decimal("-35.00")),
    ]  # fmt: skip


def test_zsk_counts_transactions_per_month_and_channel(town: Town) -> None:
    _use(town, "zsk_csv")
    _deliver(
        town,
        "mai.csv",
        "Leistung;Berichtsmonat;Kanal;Transaktionen\n"
        "Gewerbeanmeldung;2026-05;Online;1.210\nGewerbeanmeldung;2026-05;Papier;95\n",
        "utf-8",
    )
    assert town.night("probe").published == 2
    assert town.rows(
        "SELECT procedure, month, channel, applications FROM stage.application_month ORDER BY applications"
    ) == [
        ("Gewerbeanmeldung", date(2026, 5, 1), "post", 95),
        ("Gewerbeanmeldung", date(2026, 5, 1), "online", 1210),
    ]


def test_zsk_takes_a_corrected_month_for_the_one_before(town: Town) -> None:
    _use(town, "zsk_csv")
    head = "Leistung;Berichtsmonat;Kanal;Transaktionen\n"
    _deliver(town, "2026-04.csv", head + "Gewerbeanmeldung;2026-04;Online;900\n", "utf-8")
    town.night("probe")
    corrected = "Gewerbeanmeldung;2026-04;Online;905\nGewerbeanmeldung;2026-05;Online;1.210\n"
    _deliver(town, "2026-05.csv", head + corrected, "utf-8")
    assert town.night("probe").state == "aktuell"
    kept = town.rows("SELECT month, applications FROM stage.application_month ORDER BY month")
    assert kept == [(date(2026, 4, 1), 905), (date(2026, 5, 1), 1210)]


def test_openrathaus_keeps_monthly_numbers_and_nothing_of_the_applicants(town: Town) -> None:
    _use(town, "openrathaus_export")
    _deliver(
        town,
        "eingang.csv",
        "Vorgangsnummer;Eingangsdatum;Formular;Fachdienst;Status;Antragsteller;E-Mail\n"
        "OR-1;03.05.2026;Hundesteuer;FD20;eingegangen;Erika Beispiel;erika@beispiel.invalid\n"
        "OR-2;31.05.2026;Hundesteuer;FD20;bearbeitet;Max Beispiel;max@beispiel.invalid\n"
        "OR-2;31.05.2026;Hundesteuer;FD20;bearbeitet;Max Beispiel;max@beispiel.invalid\n"
        "OR-3;01.06.2026;Hundesteuer;FD20;eingegangen;Eva Beispiel;eva@beispiel.invalid\n"
        "OR-4;02.06.2026;Hundesteuer;FD20;Test;Test;test@beispiel.invalid\n",
        "utf-8",
    )
    assert town.night("probe").state == "aktuell"
    assert town.rows("SELECT month, channel, applications FROM stage.application_month ORDER BY 1") == [
        (date(2026, 5, 1), "online", 2),
        (date(2026, 6, 1), "online", 1),
    ]
    landed = [pq.read_table(path).to_pylist() for path in (town.folder / "landing").rglob("*.parquet")]
    assert any(landed) and "Beispiel" not in str(landed) and "OR-" not in str(landed)


def test_picture_brings_processes_with_their_media_breaks(town: Town) -> None:
    _use(town, "picture_prozesse")
    head = ["Prozess-ID", "Prozessname", "LeiKa-Schlüssel", "Organisationseinheit", "Status", "Stand"]
    head += ["Anzahl Bausteine", "davon mit Medienbruch", "Fallzahl pro Jahr", "Bearbeitungszeit (Min.)"]
    head += ["Durchlaufzeit (Tage)", "Prozessverantwortlich"]
    one = ["P-001", "Hund anmelden", "99065001012000", "FD20", "freigegeben", date(2026, 4, 1)]
    two = ["P-002", "Hund abmelden", None, "FD20", "in Erfassung", "02.04.2026", *[None] * 5]
    with xlsxwriter.Workbook(town.folder / "inbox/probe/prozesse.xlsx") as book:
        rows = [head, [*one, 14, 3, 1200, 22.5, 4, "Erika Beispiel"], [*two, "Max Beispiel"]]
        _sheet(book, "Steckbriefe", rows)
    assert town.night("probe").published == 2
    assert town.rows(
        "SELECT process_id, status, steps, media_break_steps, processing_minutes"
        " FROM stage.process_model ORDER BY 1"
    ) == [
        ("P-001", "freigegeben", 14, 3, Decimal("22.50")),
        ("P-002", "in_aufnahme", None, None, None),
    ]


def test_reifegrade_come_as_ranges_with_criteria_and_targets(town: Town) -> None:
    _use(town, "reifegrad_csv")
    _deliver(
        town,
        "einstufungen.csv",
        "Leistung;Modell;Fassung;Stufe;Stufe bis;Ende-zu-Ende;Eingestuft am;Eingestuft von;Verfahren;Anlass\n"
        "L1;ozg_1_1;;2;3;;31.08.2023;FD 10;pauschal;\n"
        "L1;ozg_2_0;;3;;ja;01.03.2026;FD 10;Kriterien;neu bewertet\n",
        "utf-8",
    )
    _deliver(
        town,
        "kriterien.csv",
        "Leistung;Modell;Eingestuft am;Kriterium;Stufe;Nachweis\nL1;ozg_2_0;01.03.2026;k1;3;Prüfblatt 7\n",
        "utf-8",
    )
    _deliver(
        town,
        "soll.csv",
        "Leistung;Modell;Art;Stufe;gilt ab;gilt bis;Quelle\nL1;ozg_1_1;Ziel;3;01.01.2023;;Ratsbeschluss\n",
        "utf-8",
    )
    loaded = town.night("probe")
    assert (loaded.state, loaded.published, loaded.rejected) == ("aktuell", 4, 0)
    assert town.rows(
        "SELECT reifegrad_modell, reifegrad, reifegrad_bis, end_to_end, method, anlass, assessed_by"
        " FROM stage.assessment ORDER BY assessed_on"
    ) == [
        ("ozg_1_1", 2, 3, None, "pauschal", None, "FD 10"),
        ("ozg_2_0", 3, None, True, "kriterien", "neubewertung", "FD 10"),
    ]
    assert town.rows("SELECT soll_art, reifegrad, valid_to FROM stage.reifegrad_target") == [
        ("ziel", 3, None)
    ]
