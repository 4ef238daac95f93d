"""Ten questions of councils, answered on paper: plain sums over what Musterstadt's source systems delivered.

Nothing here comes through metrics/, the marts or the explorer. Rows and columns carry the words people read.
Shares are fractions. TOTAL is the last row and the last column. None: nothing to count; FEW: too few to say.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.by_hand import DEZERNAT, TODAY, Register, iso
from tests.example_city import ExampleCity

TOTAL = "Gesamt"
CHANNELS = ("Brief", "E-Mail", "Online", "Telefon", "Vorsprache")
PROCEDURES = {
    "ausweis": "Ausweise",
    "bauantrag": "Bauanträge",
    "bewohnerparken": "Bewohnerparken",
    "gewerbe": "Gewerbe",
    "melde": "Meldewesen",
    "urkunden": "Urkunden",
    "wohngeld": "Wohngeld",
}
LETTERS = {"P": "Brief", "E": "E-Mail", "O": "Online", "T": "Telefon", "V": "Vorsprache"}
STEPS = {
    "pruefung": "Prüfung",
    "aufnahme": "Prozessaufnahme",
    "optimierung": "Prozessoptimierung",
    "umsetzung": "Technische Umsetzung",
    "test": "Test und Freigabe",
}
# A median of fewer cases is not given out.
LEAST_CASES = 5

SIGNS = {"percent": " %", "eur": " €", "cents": " €"}
FEW = "< 5 Fälle"
Figure = int | float | Decimal | Fraction | str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures by row (words, outermost field first) and by column, in the order of `columns`."""

    columns: tuple[str, ...]
    rows: Mapping[tuple[str, ...], tuple[Figure, ...]]

    def only(self, *columns: str) -> Sheet:
        """The same rows with some of the columns."""
        places = [self.columns.index(column) for column in columns]
        rows = {path: tuple(figures[place] for place in places) for path, figures in self.rows.items()}
        return Sheet(columns, rows)


def written(figure: Figure, kind: str) -> str:
    """A figure as a German reads it, rounded by kind (SIGNS, count, points, days, hours); „+“: a change."""
    if figure is None or isinstance(figure, str):
        return figure or "–"
    plus, kind = kind.startswith("+"), kind.removeprefix("+")
    exact = Fraction(figure) * (100 if kind in ("percent", "points") else 1)
    digits = {"percent": 1, "points": 1, "cents": 2}.get(kind, 0)
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        Decimal(1).scaleb(-digits), ROUND_HALF_UP
    )
    text = f"{abs(rounded):,.{digits}f}".translate(str.maketrans(",.", ".,"))
    sign = "−" if rounded < 0 else "+" if plus and rounded > 0 else ""
    return f"{sign}{text}{SIGNS.get(kind, '')}"


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _crossed(found: Counter[tuple[str, str]], columns: Iterable[str]) -> Sheet:
    """Counts by row and column with both totals; a combination that does not occur is None."""
    names = tuple(column for column in columns if any(at == column for _, at in found))
    rows: dict[tuple[str, ...], tuple[Figure, ...]] = {}
    for row in sorted({row for row, _ in found}):
        cells = [found.get((row, column)) for column in names]
        rows[(row,)] = (*cells, sum(filter(None, cells)))
    sums = [sum(count for (_, at), count in found.items() if at == column) for column in names]
    rows[(TOTAL,)] = (*sums, sum(sums))
    return Sheet((*names, TOTAL), rows)


# 1 Leipzig: which services are there digitally, which end to end?


def availability(city: ExampleCity) -> Sheet:
    """By Fachdienst: services, of these online (level 3 and above), share online, share end to end."""
    register = Register(city)
    every, online, through = Counter[str](), Counter[str](), Counter[str]()
    for service in register.on(TODAY):
        for unit in (service[2], TOTAL):
            every[unit] += 1
            online[unit] += register.level(service[0]) >= 3
            through[unit] += register.is_end_to_end(service[0])
    return Sheet(
        ("Leistungen", "online", "Anteil online", "Anteil Ende-zu-Ende"),
        {
            (unit,): (
                every[unit],
                online[unit],
                share(online[unit], every[unit]),
                share(through[unit], every[unit]),
            )
            for unit in [*sorted(every.keys() - {TOTAL}), TOTAL]
        },
    )


# 2 Leipzig: how many cases a year, on paper and digitally?


def applications(city: ExampleCity) -> list[tuple[str, str, str, int]]:
    """Procedure, month, channel, applications."""
    return [
        (PROCEDURES[row["Verfahren"]], iso(row["Monat"])[:7], row["Kanal"], int(row["Anträge"]))
        for row in city.csv("inbox/buergerportal/Antragsstatistik_*.csv")
    ]


def cases_by_channel(city: ExampleCity) -> Sheet:
    """Applications of 2025 by procedure and channel."""
    found: Counter[tuple[str, str]] = Counter()
    for procedure, month, channel, count in applications(city):
        if month.startswith("2025-"):
            found[procedure, channel] += count
    return _crossed(found, CHANNELS)


def cases_by_year(city: ExampleCity) -> Sheet:
    """Applications of the four whole years by channel."""
    found: Counter[tuple[str, str]] = Counter()
    for _, month, channel, count in applications(city):
        if "2022" <= month[:4] <= "2025":
            found[month[:4], channel] += count
    return _crossed(found, CHANNELS)


# 3 Leipzig: how long does a case take, on paper and digitally?


def _decided(city: ExampleCity, first: str, last: str) -> list[tuple[str, str, int]]:
    """Procedure, channel and days of cases decided within two days, both included."""
    rows = [
        row
        for name in ("wohngeld", "bauaufsicht", "buergerservice")
        for row in city.database(
            name,
            "SELECT verfahren, eingangsart, eingang_vollstaendig, bescheid_am FROM vorgang"
            f" WHERE bescheid_am BETWEEN '{first}' AND '{last}' AND bescheid_am >= eingang_vollstaendig",
        )
    ]
    return [(PROCEDURES[row[0]], LETTERS[row[1]], _days(row[2], row[3])) for row in rows]


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def throughput(city: ExampleCity) -> Sheet:
    """Median days by procedure and channel of March to May 2026; the totals are medians of all cases."""
    lengths: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for procedure, channel, days in _decided(city, "2026-03-01", "2026-05-31"):
        for row in (procedure, TOTAL):
            for column in (channel, TOTAL):
                lengths[row, column].append(days)
    names = sorted({row for row, _ in lengths} - {TOTAL})
    return Sheet(
        (*CHANNELS, TOTAL),
        {(row,): tuple(_median(lengths[row, at]) for at in (*CHANNELS, TOTAL)) for row in [*names, TOTAL]},
    )


def _median(days: list[int]) -> Figure:
    if not days:
        return None
    return statistics.median(days) if len(days) >= LEAST_CASES else FEW


# 4 Leipzig: what has piled up, and how long do the decided ones take?


def backlog(city: ExampleCity) -> Sheet:
    """Building applications not decided on 9 June 2026, by kind: all, received before 9 March 2026, share."""
    every, old = Counter[str](), Counter[str]()
    for kind, received, decided in city.database(
        "bauaufsicht", "SELECT vorhaben, eingang, bescheid_am FROM bauantrag"
    ):
        if received > TODAY or (decided and decided <= TODAY):
            continue
        for name in (kind, TOTAL):
            every[name] += 1
            old[name] += received < "2026-03-09"
    names = [*sorted(every.keys() - {TOTAL}), TOTAL]
    return Sheet(
        ("offen", "älter als drei Monate", "Anteil"),
        {(name,): (every[name], old[name], share(old[name], every[name])) for name in names},
    )


def building_year(city: ExampleCity) -> Sheet:
    """Building applications of 2025 by kind: received, decided, median days from receipt to decision."""
    received, lengths = Counter[str](), defaultdict[str, list[int]](list)
    for kind, came, decided in city.database(
        "bauaufsicht", "SELECT vorhaben, eingang, bescheid_am FROM bauantrag"
    ):
        for name in (kind, TOTAL):
            received[name] += came.startswith("2025")
            if decided and decided.startswith("2025"):
                lengths[name].append(_days(came, decided))
    names = [*sorted(received.keys() - {TOTAL}), TOTAL]
    return Sheet(
        ("eingegangen", "entschieden", "Tage (Median)"),
        {(name,): (received[name], len(lengths[name]), _median(lengths[name])) for name in names},
    )


# 5 Bad Kreuznach: what is running, where, in which phase, until when?


def _running(city: ExampleCity) -> list[tuple[str, str, str, int, str]]:
    """Number, Fachdienst, open step, services, planned end of the projects that run on 9 June 2026."""
    steps = {
        project: STEPS[step]
        for project, step, entered, left in city.database(
            "leistungsregister", "SELECT projekt, schritt, von, bis FROM projektschritt ORDER BY von"
        )
        if entered <= TODAY and not (left and left <= TODAY)
    }
    return [
        (number, unit, steps[number], services, planned)
        for number, unit, services, planned, begun, done in city.database(
            "leistungsregister",
            "SELECT nummer, fachdienst, leistungen, abschluss_geplant, begonnen_am, abgeschlossen_am"
            " FROM projekt",
        )
        if begun and begun <= TODAY and not (done and done <= TODAY)
    ]


def running_projects(city: ExampleCity) -> Sheet:
    """Projects by Fachdienst and step."""
    found = Counter((unit, step) for _, unit, step, _, _ in _running(city))
    return _crossed(found, STEPS.values())


def running_in(city: ExampleCity, unit: str) -> dict[str, tuple[str, str]]:
    """Open step and planned end (ISO) of each running project of a Fachdienst, by number."""
    return {number: (step, planned) for number, at, step, _, planned in _running(city) if at == unit}


# 7 München: how large is the share of digital applications, per application?


def digital_share(city: ExampleCity) -> Sheet:
    """Share of applications made online by procedure: June 2025 to May 2026, the year before, difference."""
    every, online = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for procedure, month, channel, count in applications(city):
        year = year_ending_in_may(month)
        for name in (procedure, TOTAL):
            every[name, year] += count
            online[name, year] += count if channel == "Online" else 0
    names = [*sorted(set(PROCEDURES.values())), TOTAL]
    rows: dict[tuple[str, ...], tuple[Figure, ...]] = {}
    for name in names:
        now, before = (share(online[name, year], every[name, year]) for year in ("2026", "2025"))
        assert now is not None
        assert before is not None
        rows[(name,)] = (now, before, now - before)
    return Sheet(("letzte zwölf Monate", "Vorjahr", "Differenz"), rows)


def year_ending_in_may(month: str) -> str:
    """„2025-06“ to „2026-05“ → „2026“."""
    year, number = int(month[:4]), int(month[5:])
    return str(year + (number > 5))


# 9 Kreis Heinsberg: how many services, how many online?


def services_by_dezernat(city: ExampleCity) -> Sheet:
    """By Dezernat: services, of these online."""
    register = Register(city)
    every, online = Counter[str](), Counter[str]()
    for service in register.on(TODAY):
        for unit in (DEZERNAT[service[2]], TOTAL):
            every[unit] += 1
            online[unit] += register.level(service[0]) >= 3
    units = [*sorted(every.keys() - {TOTAL}), TOTAL]
    return Sheet(("Leistungen", "online"), {(unit,): (every[unit], online[unit]) for unit in units})


# 10 Hünfeld: not the number of services but their Reifegrad


def levels(city: ExampleCity) -> Sheet:
    """Services by Themenfeld and Fachdienst on each level, the Themenfelder with their own sums."""
    register = Register(city)
    found: Counter[tuple[tuple[str, ...], str]] = Counter()
    for service in register.on(TODAY):
        level = str(register.level(service[0]))
        for row in ((service[1],), (service[1], service[2]), (TOTAL,)):
            found[row, level] += 1
    names = tuple(sorted({level for _, level in found}))
    rows: dict[tuple[str, ...], tuple[Figure, ...]] = {}
    for row in sorted({row for row, _ in found}):
        cells = [found.get((row, level)) for level in names]
        rows[row] = (*cells, sum(filter(None, cells)))
    return Sheet((*names, TOTAL), rows)


def services_at(city: ExampleCity, themenfeld: str, unit: str, level: int) -> set[str]:
    """Ids of the services of a Themenfeld and Fachdienst on a level."""
    register = Register(city)
    return {
        service[0]
        for service in register.on(TODAY)
        if (service[1], service[2], register.level(service[0])) == (themenfeld, unit, level)
    }
