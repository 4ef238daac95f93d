"""The questions of councils about money, plans and relief, answered on paper; see questions_by_hand."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.by_hand import DEZERNAT, TODAY, Register, euro, iso, ledger, obligo, total
from tests.example_city import DAY, ExampleCity
from tests.questions_by_hand import (
    PROCEDURES,
    TOTAL,
    Figure,
    Sheet,
    applications,
    availability,
    backlog,
    building_year,
    cases_by_channel,
    cases_by_year,
    digital_share,
    levels,
    running_projects,
    services_by_dezernat,
    share,
    throughput,
    year_ending_in_may,
)

ADDRESSEES = {
    "buerger": "Bürgerinnen und Bürger",
    "wirtschaft": "Unternehmen",
    "verwaltung": "Verwaltung",
}
PERSPECTIVES = {
    "buerger": "Bürgerinnen und Bürger",
    "verwaltung": "Verwaltung",
    "politik": "Politik und Gesellschaft",
}


# 6 Bad Kreuznach: what did it cost, and was the goal reached?


def goals_reached(city: ExampleCity) -> Sheet:
    """Effects by perspective: compared, reached, share reached; the value recorded last counts."""
    said: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    values = city.csv("inbox/wirkungskatalog/wirkungswerte.csv")
    for row in sorted(values, key=lambda row: iso(row["recorded_on"])):
        if iso(row["recorded_on"]) <= TODAY:
            said[row["effect_id"]][row["role"]] = euro(row["amount"])
    every, reached = Counter[str](), Counter[str]()
    for row in city.csv("inbox/wirkungskatalog/wirkungen.csv", delimiter=";"):
        value = said[row["effect_id"]]
        expected = value["erwartet"] - value["ausgangswert"]
        for name in (PERSPECTIVES[row["perspective"]], TOTAL):
            every[name] += 1
            reached[name] += (value["erreicht"] - value["ausgangswert"]) / expected >= 1
    names = [*sorted(every.keys() - {TOTAL}), TOTAL]
    return Sheet(
        ("verglichen", "erreicht", "Anteil"),
        {(name,): (every[name], reached[name], share(reached[name], every[name])) for name in names},
    )


def solution_costs(city: ExampleCity) -> Sheet:
    """Running costs of each solution since its introduction by kind; what it replaces counts as minus."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in city.csv("inbox/kostenrechnung/Loesungskosten_*.csv"):
        if iso(row["Monat"]) > TODAY:
            continue
        sign = -1 if row["Kostenart"] == "Ersparnis" else 1
        for name in (row["Lösung"], TOTAL):
            for kind in (row["Kostenart"], TOTAL):
                found[name, kind] += sign * euro(row["Betrag in €"])
    kinds = (*sorted({kind for _, kind in found} - {TOTAL}), TOTAL)
    names = [*sorted({name for name, _ in found} - {TOTAL}), TOTAL]
    return Sheet(kinds, {(name,): tuple(found.get((name, kind)) for kind in kinds) for name in names})


# 8 München: plan against actual, for money and for results


def budget_positions(city: ExampleCity) -> Sheet:
    """Produkt 111240, Ergebnisplan 2026, by position: frame, booked, ordered, expected by the year's end."""
    names = {row["Position"]: row["Bezeichnung"] for row in ledger(city, "Haushaltsplan", 2026)}
    forecast = [row for row in ledger(city, "Monatswerte", 2026) if row["Art"] == "Prognose"]
    newest = max(iso(row["Stand"]) for row in forecast if iso(row["Stand"]) <= TODAY)
    parts: dict[str, list[Mapping[str, Any]]] = {
        "frame": [r for r in ledger(city, "Haushaltsplan", 2026) if iso(r["Beschlossen"]) <= TODAY],
        "booked": [r for r in ledger(city, "Buchungen", 2026) if iso(r["Buchungstag"]) <= TODAY],
        "expected": [r for r in forecast if iso(r["Stand"]) == newest],
    }

    def at(part: str, position: str) -> Decimal:
        return total(row for row in parts[part] if row["Position"] == position)

    rows: dict[tuple[str, ...], tuple[Figure, ...]] = {
        (names[position],): (
            at("frame", position),
            at("booked", position),
            obligo(city, 2026, TODAY, position),
            at("expected", position),
        )
        for position in sorted(names, key=lambda position: names[position])
    }
    rows[(TOTAL,)] = (
        total(parts["frame"]),
        total(parts["booked"]),
        obligo(city, 2026, TODAY),
        total(parts["expected"]),
    )
    return Sheet(("Verfügungsrahmen", "Ist", "Obligo", "Prognose 31.12."), rows)


def results_against_plan(city: ExampleCity) -> Sheet:
    """By Dezernat: share online, target of the day (between two points of the path), difference."""
    register, soll = Register(city), _target(city, "ozg_online_share", DAY)
    every, online = Counter[str](), Counter[str]()
    for service in register.on(TODAY):
        for unit in (DEZERNAT[service[2]], TOTAL):
            every[unit] += 1
            online[unit] += register.level(service[0]) >= 3
    units = [*sorted(every.keys() - {TOTAL}), TOTAL]
    return Sheet(
        ("Ist", "Soll", "Differenz"),
        {
            (unit,): (
                Fraction(online[unit], every[unit]),
                soll,
                Fraction(online[unit], every[unit]) - soll,
            )
            for unit in units
        },
    )


def _target(city: ExampleCity, metric: str, day: date) -> Fraction:
    with (city.settings.city / "targets.toml").open("rb") as stream:
        path = tomllib.load(stream, parse_float=Fraction)[metric]["path"]
    before = max((point for point in path if point["on"] <= day), key=lambda point: point["on"])
    after = min((point for point in path if point["on"] > day), key=lambda point: point["on"])
    passed = Fraction((day - before["on"]).days, (after["on"] - before["on"]).days)
    return Fraction(before["value"] + passed * (after["value"] - before["value"]))


# 9 Kreis Heinsberg: how large is the relief?


def relief(city: ExampleCity) -> Sheet:
    """Hours for the counted applications by who spends them: June 2025 to May 2026, the year before."""
    rates = city.csv("inbox/wirkungskatalog/zeitwerte.csv")
    hours: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for procedure, month, channel, count in applications(city):
        for addressee, minutes in _minutes(rates, procedure, month, channel).items():
            for name in (ADDRESSEES[addressee], TOTAL):
                hours[name, year_ending_in_may(month)] += count * minutes / 60
    names = [*sorted(ADDRESSEES.values()), TOTAL]
    return Sheet(
        ("letzte zwölf Monate", "Vorjahr", "Differenz"),
        {
            (name,): (hours[name, "2026"], hours[name, "2025"], hours[name, "2026"] - hours[name, "2025"])
            for name in names
        },
    )


def _minutes(rates: list[dict[str, str]], procedure: str, month: str, channel: str) -> dict[str, Fraction]:
    """Minutes of an application by addressee, as they hold in a month: the rate that began last."""
    words = {
        "post": "Brief",
        "vor_ort": "Vorsprache",
        "email": "E-Mail",
        "online": "Online",
        "telefon": "Telefon",
    }
    holding = [
        rate
        for rate in rates
        if (PROCEDURES[rate["procedure"]], words[rate["channel"]]) == (procedure, channel)
        and iso(rate["valid_from"])[:7] <= month
    ]
    ordered = sorted(holding, key=lambda rate: iso(rate["valid_from"]))
    return {rate["addressee"]: Fraction(rate["minutes"].replace(",", ".")) for rate in ordered}


SHEETS: Mapping[str, Callable[[ExampleCity], Sheet]] = {
    function.__name__: function
    for function in (
        availability, cases_by_channel, cases_by_year, throughput, backlog, building_year, running_projects,
        goals_reached, solution_costs, digital_share, budget_positions, results_against_plan,
        services_by_dezernat, relief, levels,
    )
}  # fmt: skip
