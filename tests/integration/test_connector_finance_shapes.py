"""The shapes in which towns publish budgets: every sign convention arrives at the same positive amounts."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.recipes import find_recipe
from connectors.registry import connect
from tests.town import Town
from warehouse.errors import ContractError

SHAPES = Path(__file__).resolve().parents[1] / "fixtures/finance"
LINE = 'kind = "files"\n[[table]]\nfeeds = "budget_line"\npath = "inbox/{name}.csv"\n'


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    place = Town(tmp_path)
    (tmp_path / "inbox").mkdir()
    yield place
    place.con.close()


def _deliver(town: Town, name: str) -> None:
    shutil.copy(SHAPES / f"{name}.csv", town.folder / "inbox")


def _lines(town: Town, where: str = "true") -> list[tuple[Any, ...]]:
    return town.rows(
        "SELECT haushaltsjahr, betrag_typ, plan_art, richtung, produkt, konto, amount_eur FROM"
        f" stage.budget_line WHERE {where} ORDER BY haushaltsjahr, betrag_typ, richtung, konto"
    )


def _sum(town: Town, where: str) -> Decimal:
    return Decimal(town.rows(f"SELECT sum(amount_eur) FROM stage.budget_line WHERE {where}")[0][0])


def _sap(town: Town, name: str, **renamed: str) -> None:
    text = find_recipe("sap_export").for_source("haushalt").replace("settle_seconds = 60\n", "")
    for was, now in renamed.items():
        text = text.replace(f'"{was.replace("_", "-")}"', f'"{now}"').replace(
            f"{{{was.replace('_', '-')}}}", f"{{{now}}}"
        )
    town.declare("haushalt", text)
    (town.folder / "inbox/haushalt").mkdir()
    shutil.copy(SHAPES / f"{name}.csv", town.folder / "inbox/haushalt")


def test_moers_income_is_negative_in_sap_and_positive_here(town: Town) -> None:
    _sap(town, "moers")
    loaded = town.night("haushalt")
    # 4 rows of 4 years for the lines, 2 expense rows of 2 plans without one empty cell for the budget.
    assert (loaded.read, loaded.published, loaded.rejected) == (16 + 3, 19, 0)
    assert _lines(town, "konto = '43110000'") == [
        (2015, "ergebnis", "ergebnisplan", "ertrag", "1.12.02.01", "43110000", Decimal("2487.50")),
        (2016, "ansatz", "ergebnisplan", "ertrag", "1.12.02.01", "43110000", Decimal("2500.00")),
        (2016, "ergebnis", "ergebnisplan", "ertrag", "1.12.02.01", "43110000", Decimal("3100.25")),
        (2017, "ansatz", "ergebnisplan", "ertrag", "1.12.02.01", "43110000", Decimal("3000.00")),
    ]
    # A refund stays what it is: an expense below zero; an empty plan is unknown and not zero.
    assert _lines(town, "konto = '52910000' AND betrag_typ = 'ergebnis'")[0][-1] == Decimal("-35.00")
    assert _lines(town, "konto = '52910000' AND betrag_typ = 'ansatz'")[0][-1] is None


def test_moers_only_planned_expenses_become_budgets(town: Town) -> None:
    _sap(town, "moers")
    town.night("haushalt")
    plans = town.rows(
        "SELECT haushaltsjahr, plan_art, produkt, position_id, position, amount_eur FROM stage.budget_plan"
        " ORDER BY ALL"
    )
    assert [row[:2] + row[3:] for row in plans] == [
        (2016, "ergebnisplan", "1.120201.01 50110000", "Bezüge Beamte", Decimal("82000.00")),
        (2017, "ergebnisplan", "1.120201.01 50110000", "Bezüge Beamte", Decimal("83000.00")),
        (2017, "ergebnisplan", "1.120201.02 52910000", "Aufwendungen für Übriges", Decimal("500.00")),
    ]


def test_wesel_mixes_both_plans_and_is_told_apart_by_account(town: Town) -> None:
    _sap(town, "wesel", PSP_Element="Objektnr.", Profitcenter_Bezeichnung="Bezeichnung")
    loaded = town.night("haushalt")
    assert loaded.rejected == 0
    assert _sum(town, "richtung = 'einzahlung' AND haushaltsjahr = 2018") == Decimal("1250.00")
    assert _sum(town, "richtung = 'auszahlung' AND betrag_typ = 'ansatz'") == Decimal("225000.00")
    assert _lines(town, "betrag_typ = 'verpflichtungsermaechtigung' AND amount_eur IS NOT NULL") == [
        (2018, "verpflichtungsermaechtigung", "finanzplan", "auszahlung", "1.100.01.01", "78310000",
         Decimal("150000.00")),
    ]  # fmt: skip
    assert town.rows("SELECT DISTINCT plan_art FROM stage.budget_plan ORDER BY 1") == [
        ("ergebnisplan",),
        ("finanzplan",),
    ]


def test_next_year_brings_new_columns_and_needs_no_new_declaration(town: Town) -> None:
    _sap(town, "moers")
    path = town.folder / "inbox/haushalt/moers.csv"
    path.write_bytes(path.read_bytes().replace(b"Ist 2015;Ist 2016", b"Ist 2016;Ist 2017"))
    town.night("haushalt")
    assert town.rows("SELECT DISTINCT haushaltsjahr FROM stage.budget_line ORDER BY 1") == [(2016,), (2017,)]


def test_an_account_no_rule_names_is_refused_and_never_guessed(town: Town) -> None:
    _sap(town, "moers")
    path = town.folder / "inbox/haushalt/moers.csv"
    path.write_bytes(path.read_bytes().replace(b";50110000;", b";90110000;"))
    loaded = town.night("haushalt")
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "too_many_rejected")
    assert set(town.rows("SELECT line, column_name, reason_code FROM meta.rejected")) == {
        (4, "Kostenart", "no_rule")
    }


JENA = (
    LINE.format(name="jena")
    + r"""
encoding = "utf-8"
delimiter = "|"
text = { decimal = ".", thousands = " " }
map.betrag_typ = { "ERG" = "ergebnis", "PLAN" = "ansatz" }
[table.columns]
objekt = "#Hhst"
produkt = "KTR komplett"
produkt_name = "KTR Bezeichnung"
konto = "Sk"
konto_name = "Sk pos"
[table.unpivot]
into = "amount_eur"
columns = [
  { match = 'J(?P<haushaltsjahr>\d{4})_(?P<betrag_typ>ERG|PLAN)', set = { plan_art = "ergebnisplan" } },
  { match = 'J(?P<haushaltsjahr>\d{4})_FINERG', set = { plan_art = "finanzplan", betrag_typ = "ergebnis" } },
]
[[table.rule]]
when = { "Ea" = "E" }
set = { richtung = "ertrag" }
[[table.rule]]
when = { "Ea" = "A" }
set = { richtung = "aufwand" }
sign = { amount_eur = -1 }
"""
)


def test_jena_groups_thousands_by_blanks_and_writes_expenses_negative(town: Town) -> None:
    _deliver(town, "jena")
    town.declare("jena", JENA)
    loaded = town.night("jena")
    assert (loaded.read, loaded.rejected) == (12, 0)
    assert _sum(town, "richtung = 'ertrag' AND haushaltsjahr = 2011") == Decimal("2090.00")
    assert _sum(town, "konto = '50110000' AND haushaltsjahr = 2019") == Decimal("1216000.00")
    assert _sum(town, "plan_art = 'finanzplan' AND richtung = 'aufwand'") == Decimal("210000.00")
    assert _sum(town, "konto = '52310000' AND haushaltsjahr = 2011") == Decimal("7.50")


GILCHING = (
    LINE.format(name="gilching")
    + r"""
encoding = "cp1252"
text = { unit = ["€"] }
map.betrag_typ = { "Ansatz" = "ansatz", "Rechnung" = "ergebnis" }
map.plan_art = { "VwH" = "verwaltungshaushalt", "VmH" = "vermoegenshaushalt" }
[table.columns]
haushaltsjahr = "Jahr"
betrag_typ = "Art"
plan_art = "Haushalt"
objekt = "Haushaltsstelle"
konto_name = "Bezeichnung"
amount_eur = "Betrag"
[table.extract]
produkt = { from = "Haushaltsstelle", match = '^\d\.(\d{4})\.' }
konto = { from = "Haushaltsstelle", match = '\.(\d{4})$' }
# Kameral: Gruppierung 0 bis 3 Einnahmen, 4 bis 9 Ausgaben.
[[table.rule]]
when = { "Haushaltsstelle" = ["?.????.0*", "?.????.1*", "?.????.2*", "?.????.3*"] }
set = { richtung = "einnahme" }
[[table.rule]]
set = { richtung = "ausgabe" }
"""
)


def test_gilching_keeps_cameral_books_with_years_and_kinds_in_rows(town: Town) -> None:
    _deliver(town, "gilching")
    town.declare("gilching", GILCHING)
    assert (town.night("gilching").published) == 6
    assert _lines(town, "plan_art = 'vermoegenshaushalt'") == [
        (2014, "ansatz", "vermoegenshaushalt", "ausgabe", "2110", "9400", Decimal("350000.00")),
        (2014, "ansatz", "vermoegenshaushalt", "einnahme", "2110", "3610", Decimal("120000.00")),
    ]
    assert _sum(town, "betrag_typ = 'ergebnis' AND richtung = 'ausgabe'") == Decimal("11876.05")


OLDENBURG = (
    LINE.format(name="oldenburg")
    + """
encoding = "cp1252"
allow_blank_columns = true
section = { from = "Übersicht der Teilhaushalte", until = "" }
columns = { produkt = "Teilhaushalt", produkt_name = "Bezeichnung" }
skip_rows_where = { "Teilhaushalt" = ["Summe"] }
[table.constants]
haushaltsjahr = 2025
plan_art = "ergebnisplan"
objekt = "gesamt"
konto = "gesamt"
stand = 2025-06-30
plan_basis = "ohne_uebertragung"
[table.unpivot]
into = "amount_eur"
columns = [
  { from = "Erträge Ansatz", set = { betrag_typ = "ansatz", richtung = "ertrag" } },
  { from = "Aufwendungen Ansatz", set = { betrag_typ = "ansatz", richtung = "aufwand" } },
  { from = "Erträge Prognose 31.12.", set = { betrag_typ = "prognose", richtung = "ertrag" } },
  { from = "Aufwendungen Prognose 31.12.", set = { betrag_typ = "prognose", richtung = "aufwand" } },
]
# Fünf Gleichungen, die jeder Bericht erfüllen muss; gedruckte Summen dürfen um wenige Euro abweichen.
[[table.equation]]
total = "Ergebnis Ansatz"
plus = ["Erträge Ansatz"]
minus = ["Aufwendungen Ansatz"]
tolerance = 15
[[table.equation]]
total = "Ergebnis Prognose 31.12."
plus = ["Erträge Prognose 31.12."]
minus = ["Aufwendungen Prognose 31.12."]
tolerance = 15
[[table.equation]]
total = "Abweichung Erträge"
plus = ["Erträge Prognose 31.12."]
minus = ["Erträge Ansatz"]
tolerance = 15
[[table.equation]]
total = "Abweichung Aufwendungen"
plus = ["Aufwendungen Prognose 31.12."]
minus = ["Aufwendungen Ansatz"]
tolerance = 15
[[table.equation]]
total = "Abweichung Ergebnis"
plus = ["Ergebnis Prognose 31.12."]
minus = ["Ergebnis Ansatz"]
tolerance = 15
"""
)


def test_oldenburg_reports_estimates_and_never_an_actual(town: Town) -> None:
    _deliver(town, "oldenburg")
    town.declare("oldenburg", OLDENBURG)
    loaded = town.night("oldenburg")
    assert (loaded.read, loaded.published) == (12, 12)
    assert _sum(town, "betrag_typ = 'ansatz' AND richtung = 'ertrag'") == Decimal("310120500.00")
    assert _sum(town, "betrag_typ = 'prognose' AND richtung = 'aufwand'") == Decimal("148560000.00")
    assert town.rows("SELECT DISTINCT betrag_typ FROM stage.budget_line ORDER BY 1") == [
        ("ansatz",),
        ("prognose",),
    ]
    assert town.rows(
        "SELECT amount_eur FROM stage.budget_line WHERE produkt = '03' AND richtung = 'ertrag'"
    ) == [(None,), (None,)]


def test_oldenburg_a_report_that_contradicts_itself_beyond_rounding_is_told(town: Town) -> None:
    text = (SHAPES / "oldenburg.csv").read_text(encoding="cp1252").replace("265.000.000", "265.000.100")
    town.deliver("inbox/oldenburg.csv", text, "cp1252")
    town.declare("oldenburg", OLDENBURG)
    spec = town.spec("oldenburg")
    reading = connect(spec, town.context(), town.subjects).read(spec.tables[0], None, None)  # type: ignore[arg-type]
    list(reading.batches)
    assert [f.what for f in reading.findings if f.code == "sum_mismatch"] == [
        "„Ergebnis Ansatz“ ist nicht „Erträge Ansatz“ − „Aufwendungen Ansatz“:"
        " in 1 von 2 Zeilen, am meisten in Zeile 6 (100)",
        "„Abweichung Ergebnis“ ist nicht „Ergebnis Prognose 31.12.“ − „Ergebnis Ansatz“:"
        " in 1 von 3 Zeilen, am meisten in Zeile 6 (98)",
    ]


def test_freiburg_contradicts_its_own_balances_and_says_so(town: Town) -> None:
    source = Path(__file__).resolve().parents[2] / "dashboard/demo"
    (data,) = (source / "data").glob("freiburg_*")
    (town.folder / "inbox/vergleich").mkdir()
    shutil.copy(data, town.folder / "inbox/vergleich")
    with data.open(encoding="cp1252", newline="") as stream:
        header = next(csv.reader(stream, delimiter=";"))
    saldo = next(name for name in header if name.startswith("Ergebnis 2015 (Saldo"))
    text = (source / "city/sources/haushalt_freiburg.toml").read_text(encoding="utf-8")
    # The expenses of this file carry a minus already.
    town.declare(
        "freiburg",
        f'{text}\n[[table.equation]]\ntotal = "{saldo}"\n'
        'plus = ["Ergebnis 2015 (Erträge)", "Ergebnis 2015 (Aufwendungen)"]\n',
    )
    spec = town.spec("freiburg")
    reading = connect(spec, town.context(), town.subjects).read(spec.tables[0], None, None)  # type: ignore[arg-type]
    list(reading.batches)
    (told,) = [f.what for f in reading.findings if f.code == "sum_mismatch"]
    assert "in 324 von 363 Zeilen" in told


BY_SIGN = (
    LINE.format(name="vorzeichen")
    + """
columns = { haushaltsjahr = "Jahr", produkt = "Produkt", konto = "Konto", amount_eur = "Betrag" }
constants = { betrag_typ = "ergebnis", plan_art = "ergebnisplan", objekt = "gesamt" }
amount = "amount_eur"
[[table.rule]]
amount = "negative"
set = { richtung = "ertrag" }
sign = { amount_eur = -1 }
[[table.rule]]
amount = "positive"
set = { richtung = "aufwand" }
[[table.rule]]
amount = "zero"
skip = true
"""
)


def test_where_only_the_sign_tells_income_from_expense_a_rule_may_look_at_it(town: Town) -> None:
    town.deliver(
        "inbox/vorzeichen.csv",
        "Jahr;Produkt;Konto;Betrag\n2025;111;1;-5,00\n2025;111;2;7,00\n2025;111;3;0,00\n2025;111;4;k. A.\n",
    )
    town.declare("vorzeichen", BY_SIGN.replace("[[table]]", "[[table]]\nallow_rejected = 0.5"))
    loaded = town.night("vorzeichen")
    assert (loaded.published, loaded.rejected) == (2, 1)
    assert [row[3:] for row in _lines(town)] == [
        ("aufwand", "111", "2", Decimal("7.00")),
        ("ertrag", "111", "1", Decimal("5.00")),
    ]


def test_a_pattern_no_column_fits_is_a_missing_column(town: Town) -> None:
    _deliver(town, "jena")
    town.declare("jena", JENA.replace("_FINERG'", "_FINANZ'"))
    spec = town.spec("jena")
    with pytest.raises(ContractError, match="keine passt zu") as caught:
        connect(spec, town.context(), town.subjects).read(spec.tables[0], None, None)  # type: ignore[arg-type]
    assert caught.value.code == "missing_column"
