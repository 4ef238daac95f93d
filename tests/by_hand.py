"""Plain sums over the deliveries of Musterstadt, without product code: the second way to each figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.example_city import DAY, ExampleCity

TODAY = DAY.isoformat()
DEZERNAT = {
    **dict.fromkeys(("FD10", "FD11", "FD20"), "DEZ1"),
    **dict.fromkeys(("FD32", "FD37"), "DEZ2"),
    **dict.fromkeys(("FD40", "FD50", "FD51", "FD53"), "DEZ3"),
    **dict.fromkeys(("FD61", "FD63", "FD66", "FD70"), "DEZ4"),
}
Groups = Mapping[Any, Any]


def iso(german: str) -> str:
    """„31.12.2026“ → „2026-12-31“, which sorts."""
    return "-".join(reversed(german.split(".")))


def euro(german: str) -> Decimal:
    """„1.234,56“ → 1234.56"""
    return Decimal(german.replace(".", "").replace(",", "."))


def ratios(numerators: Groups, denominators: Groups) -> dict[Any, float]:
    return {key: float(Fraction(numerators[key]) / Fraction(denominators[key])) for key in denominators}


class Register:
    """Own services and their level on a day: the last assessment made until then."""

    def __init__(self, city: ExampleCity) -> None:
        self.services = city.database(
            "leistungsregister",
            "SELECT kennung, themenfeld, fachdienst, ozg_id, rang, fehlende_bausteine, aufgenommen_am"
            " FROM leistung WHERE zustaendigkeit = 'eigen'",
        )
        self.assessments: dict[str, list[tuple[str, int, int]]] = {}
        for service, day, level, end_to_end in city.database(
            "leistungsregister",
            "SELECT leistung, eingestuft_am, stufe, ende_zu_ende FROM einstufung"
            " WHERE modell = 'ozg_1_1' ORDER BY eingestuft_am",
        ):
            self.assessments.setdefault(service, []).append((day, level, end_to_end))

    def on(self, day: str) -> list[tuple[Any, ...]]:
        return [service for service in self.services if service[6] <= day]

    def level(self, service: str, day: str = TODAY) -> int:
        """Level 0 to 4; −1 = not assessed."""
        return self._state(service, day)[1]

    def is_end_to_end(self, service: str) -> bool:
        return bool(self._state(service, TODAY)[2])

    def _state(self, service: str, day: str) -> tuple[str, int, int]:
        return next((a for a in reversed(self.assessments.get(service, [])) if a[0] <= day), ("", -1, 0))

    def first_online(self, service: str) -> str:
        return next((day for day, level, _ in self.assessments.get(service, []) if level >= 3), "")


def ledger(city: ExampleCity, name: str, year: int, produkt: str = "111240") -> list[dict[str, Any]]:
    """Rows of the finance export for the Ergebnisplan of one Produkt, amount as `eur`."""
    rows: list[dict[str, Any]] = [*city.csv(f"inbox/haushaltsverfahren/{name}_*.csv", "cp1252")]
    wanted = (str(year), "Ergebnisplan", produkt)
    mine = [row for row in rows if (row["Haushaltsjahr"], row["Plan"], row["Produkt"]) == wanted]
    return [{**row, "eur": euro(row["Betrag in €"])} for row in mine]


def total(rows: Iterable[Mapping[str, Any]]) -> Decimal:
    return sum((row["eur"] for row in rows), Decimal(0))


def obligo(city: ExampleCity, year: int, day: str, position: str = "") -> Decimal:
    """Ordered by the day and not settled by then, of one position or of all."""
    orders = [row for row in ledger(city, "Auftraege", year) if position in ("", row["Position"])]
    return total(
        order for order in orders
        if iso(order["Bestellt"]) <= day and not (order["Abgerechnet"] and iso(order["Abgerechnet"]) <= day)
    )  # fmt: skip


def measures(city: ExampleCity, day: str, group: int) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """All, done and overdue measures of a day by column: 0 Fachdienst, 1 goal."""
    every, done, overdue = Counter[str](), Counter[str](), Counter[str]()
    for row in city.database(
        "massnahmenliste",
        "SELECT fachdienst, ziel, frist, erledigt_am, aufgegeben_am, aufgenommen_am FROM massnahme",
    ):
        due, finished, given_up, recorded = row[2:]
        if recorded > day or (given_up and given_up <= day):
            continue
        key, is_done = str(row[group]), bool(finished and finished <= day)
        every[key] += 1
        done[key] += is_done
        overdue[key] += bool(due and due < day and not is_done)
    return every, done, overdue


def durations(city: ExampleCity, first: str, last: str) -> list[tuple[str, str, int]]:
    """Procedure, channel letter and days of the cases decided within two days, both included."""
    cases = [
        case
        for name in ("wohngeld", "bauaufsicht", "buergerservice")
        for case in city.database(
            name, "SELECT verfahren, eingangsart, eingang_vollstaendig, bescheid_am FROM vorgang"
        )
    ]
    return [
        (procedure, channel, (date.fromisoformat(decided) - date.fromisoformat(received)).days)
        for procedure, channel, received, decided in cases
        if decided and first <= decided <= last
    ]
