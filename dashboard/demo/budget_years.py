"""What the council of Musterstadt decided and what each year cost, as plain tables.

Amounts in Euro. 2026 is written down so that 9 June 2026 shows a full, readable picture; all other
years follow the same rules with their own figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

YEARS = tuple(range(2021, 2031))
REFERENCE = date(2026, 6, 9)


@dataclass(frozen=True, slots=True)
class Position:
    """One line of a plan: number, name, product, plan and the Ansatz of 2021 to 2030."""

    number: str
    name: str
    produkt: str
    plan_art: str
    sachkonto: str
    kostenstelle: str
    ansatz: tuple[int, ...]
    over: tuple[int, ...]
    """Expected overspending (+) at the end of each year 2021 to 2030."""

    def ansatz_of(self, year: int) -> int:
        """Adopted amount of a year."""
        return self.ansatz[year - YEARS[0]]

    def name_in(self, year: int) -> str:
        """Name as printed in the plan of a year; four temporary posts ended with 2025."""
        temporary = self.number == "010" and self.produkt == PRODUKT and year < 2026
        return "Personal (10 Stellen)" if temporary else self.name

    def over_of(self, year: int) -> int:
        """Overspending (+) or saving (−) the year ends with."""
        return self.over[year - YEARS[0]]


PRODUKT = "111240"
E, F = "ergebnisplan", "finanzplan"

POSITIONS: tuple[Position, ...] = (
    Position(
        "010",
        "Personal (6 Stellen)",
        PRODUKT,
        E,
        "0401200",
        "0011240",
        (842000, 856000, 868400, 877200, 884000, 539800, 553300, 567100, 581300, 595800),
        (-31000, -17600, -8200, -3100, -9400, 900, -2400, 1200, -3300, -1900),
    ),
    Position(
        "020",
        "Erstellung elektronischer Akten",
        PRODUKT,
        E,
        "0429100",
        "0011241",
        (100000, 170000, 160000, 165000, 160000, 170000, 175000, 160000, 120000, 90000),
        (-14000, 6200, -2100, 9800, -4800, 13900, 3100, -2200, -1400, -900),
    ),
    Position(
        "030",
        "Technische Umsetzung OZG",
        PRODUKT,
        E,
        "0427100",
        "0011242",
        (130000, 150000, 150000, 155000, 150000, 150000, 160000, 170000, 170000, 160000),
        (-9000, -4100, 7300, 4600, 2900, 11800, -1800, 4200, -2600, -3100),
    ),
    Position(
        "040",
        "Schulungen",
        PRODUKT,
        E,
        "0426200",
        "0011240",
        (20000, 30000, 28000, 30000, 30000, 30000, 32000, 32000, 30000, 30000),
        (-6500, -3900, -1200, -2800, -4100, -6400, -1500, -2100, -900, -1200),
    ),
    Position(
        "050",
        "Bürgerportal",
        PRODUKT,
        E,
        "0427100",
        "0011243",
        (50000, 20000, 20000, 20000, 20000, 20000, 22000, 22000, 24000, 24000),
        (3200, -800, 400, -600, 300, -500, -400, 200, -300, 100),
    ),
    Position(
        "060",
        "Strategieprozesse",
        PRODUKT,
        E,
        "0427110",
        "0011240",
        (25000, 20000, 20000, 20000, 20000, 20000, 20000, 20000, 20000, 20000),
        (-7200, -2600, -3100, -1900, -2400, -6200, -1200, -800, -1100, -700),
    ),
    Position(
        "070",
        "ISEK-Portal",
        PRODUKT,
        E,
        "0427120",
        "0011244",
        (25000, 10000, 10000, 10000, 10000, 10000, 12000, 12000, 12000, 12000),
        (-1800, -300, -150, 200, -400, -100, -300, -200, 100, -100),
    ),
    Position(
        "510",
        "Lizenzen",
        PRODUKT,
        F,
        "0783100",
        "0011240",
        (80000, 150000, 120000, 160000, 140000, 150000, 90000, 90000, 80000, 80000),
        (-4000, -11000, -3000, -7000, -2000, -9000, -3000, -1000, -2000, -1500),
    ),
    Position(
        "520",
        "Digitale Terminvergabe",
        PRODUKT,
        F,
        "0783100",
        "0011243",
        (25000, 25000, 20000, 30000, 10000, 25000, 15000, 10000, 10000, 10000),
        (-2000, -1000, -500, -3000, -200, -2500, -500, -300, -200, -100),
    ),
    Position(
        "530",
        "Endgeräte Gremienarbeit",
        PRODUKT,
        F,
        "0783200",
        "0011245",
        (20000, 15000, 15000, 10000, 15000, 15000, 30000, 10000, 10000, 15000),
        (-900, -700, -1100, -400, -800, -600, -1500, -300, -200, -700),
    ),
    Position(
        "540",
        "Hardware Konferenzräume",
        PRODUKT,
        F,
        "0783200",
        "0011245",
        (10000, 7000, 7000, 9000, 7000, 7000, 8000, 8000, 7000, 7000),
        (-300, -150, -400, 250, -100, -200, -150, -200, -100, -120),
    ),
    Position(
        "550",
        "Digitallabor",
        PRODUKT,
        F,
        "0783200",
        "0011245",
        (5000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000),
        (-1200, -200, -150, -300, -100, -180, -90, -120, -110, -80),
    ),
    Position(
        "010",
        "Personal (14 Stellen)",
        "111250",
        E,
        "0401200",
        "0011250",
        (968000, 984000, 1006000, 1049000, 1092000, 1118000, 1146000, 1175000, 1204000, 1234000),
        (-12000, -8000, 4000, -6000, 2000, -9000, 3000, -4000, 1000, -2000),
    ),
    Position(
        "020",
        "Rechenzentrum und Wartung",
        "111250",
        E,
        "0443100",
        "0011251",
        (612000, 640000, 655000, 690000, 715000, 742000, 760000, 781000, 799000, 818000),
        (6000, 9000, -4000, 12000, 3000, 7000, -2000, 5000, 1000, 2000),
    ),
    Position(
        "510",
        "Server und Netze",
        "111250",
        F,
        "0783100",
        "0011252",
        (180000, 220000, 160000, 240000, 190000, 210000, 185000, 195000, 200000, 205000),
        (-8000, -21000, -5000, -9000, -12000, -6000, -7000, -4000, -5000, -3000),
    ),
)


@dataclass(frozen=True, slots=True)
class Movement:
    """A decided change of the Ansatz: Übertrag, Nachtrag, Umschichtung or Sperre, in Euro."""

    decided_on: date
    number: str
    komponente: str
    amount: int
    produkt: str = PRODUKT

    @property
    def year(self) -> int:
        """Haushaltsjahr the movement belongs to."""
        return self.decided_on.year


MOVEMENTS: tuple[Movement, ...] = (
    Movement(date(2022, 2, 24), "020", "uebertrag", 12400),
    Movement(date(2022, 7, 12), "060", "sperre", -3000),
    Movement(date(2023, 2, 23), "030", "uebertrag", 18900),
    Movement(date(2023, 9, 12), "030", "nachtrag", 25000),
    Movement(date(2024, 2, 22), "020", "uebertrag", 9600),
    Movement(date(2024, 9, 10), "040", "umschichtung", -4000),
    Movement(date(2024, 9, 10), "020", "umschichtung", 4000),
    Movement(date(2025, 2, 20), "030", "uebertrag", 21300),
    Movement(date(2026, 2, 19), "020", "uebertrag", 16200),
    Movement(date(2026, 2, 19), "030", "uebertrag", 30000),
    Movement(date(2026, 7, 14), "040", "umschichtung", -6000),
    Movement(date(2026, 7, 14), "060", "umschichtung", -6000),
    Movement(date(2026, 7, 14), "020", "umschichtung", 12000),
    Movement(date(2027, 2, 18), "030", "uebertrag", 14800),
    Movement(date(2028, 2, 24), "020", "uebertrag", 8200),
    Movement(date(2029, 2, 22), "030", "uebertrag", 11500),
    Movement(date(2030, 2, 21), "020", "uebertrag", 6900),
)


@dataclass(frozen=True, slots=True)
class Midyear:
    """State of a position on the reference day: booked, bound, expected overspending (+)."""

    ist: int
    obligo: int
    over: int


MIDYEAR: dict[str, Midyear] = {
    "010": Midyear(229300, 0, 1400),
    "020": Midyear(89000, 78200, 17270),
    "030": Midyear(71900, 88400, 16500),
    "040": Midyear(8700, 7520, -6000),
    "050": Midyear(9400, 6100, -400),
    "060": Midyear(5200, 4000, -6000),
    "070": Midyear(4850, 3200, -100),
    "510": Midyear(65400, 58100, -4800),
    "520": Midyear(11250, 6900, -1500),
    "530": Midyear(6800, 2900, -400),
    "540": Midyear(3260, 1200, 0),
    "550": Midyear(1050, 500, 0),
}

# Month by month of 2026, in thousand Euro: booked beside the payroll until 9 June, and the plan.
REFERENCE_SACH = (23.8, 28.9, 31.7, 43.8, 52.8, 8.05)
PLAN_SHAPE = (65, 68, 73, 76, 81, 85, 89, 90, 92, 93, 97, 93)
# Share of the final deviation that was expected in each month's forecast of an ordinary year …
EXPECTED_SHAPE = (0.0, 0.1, 0.15, 0.25, 0.4, 0.5, 0.6, 0.75, 0.85, 0.9, 0.95, 1.0)
# … and how the concern of spring 2026 grew until the June forecast and eased afterwards.
CONCERN_2026 = (-0.1, -0.15, 0.1, 0.4, 0.7, 1.0)
