"""Ten Lagesätze of the example city, each beside the same sentence put together from figures of the one door.

Nothing of the pages' own arithmetic or wording is used: figures come from the door (or the delivered
register of runs), numbers are written by the few lines below.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from dash.development.base_component import Component

from dashboard.cli.stores import open_services
from dashboard.page import discover_pages, resolve
from dashboard.services import Services
from metrics.result import Cell, Rating
from tests.example_city import DAY, ExampleCity
from tests.services_city import viewer_of, words

GOAL, GOAL_DAY = Fraction(8, 10), date(2027, 12, 31)
MONTH = Fraction(146097, 4800)


@pytest.fixture(scope="module")
def services(example_city: ExampleCity) -> Services:
    return open_services(example_city.settings)


def number(value: Any, digits: int = 0) -> str:
    """„1.557“, „39,3“."""
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    text = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP
    )
    return f"{text:,}".translate(str.maketrans(",.", ".,"))


def percent(value: Any, digits: int = 1) -> str:
    """„39,3 %“."""
    return f"{number(Fraction(str(value)) * 100, digits)} %"


def lead(services: Services, path: str, **params: str) -> str:
    """The Lagesatz of a page as it reads."""
    page = resolve(discover_pages(), path)
    assert page is not None
    drawn = page.module.layout(services, viewer_of("leitung"), params)
    (found,) = [part for part in parts(drawn) if getattr(part, "className", None) == "lead"]
    return words(found)


def parts(component: object) -> list[Component]:
    """Every component of a drawing."""
    if isinstance(component, list | tuple):
        return [part for item in component for part in parts(item)]
    if not isinstance(component, Component):
        return []
    return [component, *parts(getattr(component, "children", None))]


def cell(city: ExampleCity, metric: str, **question: Any) -> Cell:
    """The single cell of a figure."""
    (found,) = city.ask(metric, **question).rows
    return found


def rated(value: Fraction, soll: Fraction, better: str, room: Fraction) -> Rating:
    """The rating rule: Soll reached, missed within the tolerance, missed by more."""
    missed = soll - value if better == "higher" else value - soll
    return "gut" if missed <= 0 else "warn" if missed <= room else "krit"


def rule(city: ExampleCity, metric: str, where: Mapping[str, str]) -> Mapping[str, Any]:
    """The entry of targets.toml for a cut."""
    target = tomllib.loads((city.settings.city / "targets.toml").read_text(encoding="utf-8"))[metric]
    return next((part for part in target.get("parts", ()) if part["where"] == dict(where)), target)


def soll_of(path: list[Mapping[str, Any]], on: date) -> Fraction:
    """The Soll of a day between two points of a path."""
    past = [point for point in path if point["on"] <= on]
    ahead = [point for point in path if point["on"] > on]
    first = Fraction(str(past[-1]["value"]))
    if not ahead:
        return first
    days = Fraction((on - past[-1]["on"]).days, (ahead[0]["on"] - past[-1]["on"]).days)
    return first + (Fraction(str(ahead[0]["value"])) - first) * days


def ratings(city: ExampleCity) -> list[Rating]:
    """Ratings of the eight leading figures from value, path and tolerance alone."""
    found = []
    for figure in city.settings.leitkennzahlen:
        item = rule(city, figure.metric, figure.where)
        value = Fraction(str(city.value(figure.metric, where=dict(figure.where) or None)))
        soll = soll_of(item["path"], DAY)
        room = Fraction(str(item.get("tolerance_points", item.get("tolerance_abs", 0))))
        room += soll * Fraction(str(item.get("tolerance_percent", 0)))
        better = city.catalog.metric(figure.metric).definition.better
        found.append(rated(value, soll, better, room))
    return found


def test_start_counts_the_leading_figures_and_names_the_most_urgent(
    example_city: ExampleCity, services: Services
) -> None:
    found = ratings(example_city)
    good, warn, krit = (found.count(rating) for rating in ("gut", "warn", "krit"))
    assert (good, warn, krit) == (4, 3, 1)
    assert [f.metric for f in example_city.settings.leitkennzahlen][found.index("krit")].startswith("budget")
    over = -Fraction(str(example_city.value("budget_forecast_balance_eur", where={"produkt": "111240"})))
    assert lead(services, "/") == (
        f"{good} von {len(found)} Leitkennzahlen sind im Plan, {warn} zu beobachten, "
        f"bei {krit} ist zu handeln: Das Budget 111240 läuft auf {number(over)} € Überschreitung zu."
    )


def test_ozg_compares_with_the_plan_of_today_and_with_the_pace_it_needs(
    example_city: ExampleCity, services: Services
) -> None:
    now, before = (cell(example_city, "ozg_online_share", at=day) for day in (DAY, date(2026, 4, 30)))
    path = rule(example_city, "ozg_online_share", {})["path"]

    def behind(figure: Cell, on: date) -> int:
        wanted = soll_of(path, on) * Fraction(str(figure.denominator))
        return int(number(wanted).replace(".", "")) - int(figure.numerator or 0)

    gap, gap_before = behind(now, DAY), behind(before, date(2026, 4, 30))
    assert gap > gap_before > 0
    pace = Fraction(str(example_city.value("ozg_new_online_count"))) / 6
    missing = GOAL * Fraction(str(now.denominator)) - Fraction(str(now.numerator))
    needed = missing / ((GOAL_DAY - DAY).days / MONTH)
    assert pace < needed
    assert lead(services, "/ozg-fortschritt") == (
        f"{number(now.numerator)} von {number(now.denominator)} Leistungen sind online, "
        f"{gap} weniger als geplant. Der Rückstand wächst: {number(pace, 1)} neue Leistungen je Monat "
        f"reichen nicht, nötig sind {number(needed, 1)}."
    )


def test_bundles_are_counted_with_their_rule(example_city: ExampleCity, services: Services) -> None:
    now = cell(example_city, "ozg_bundle_online_share")
    assert lead(services, "/ozg-fortschritt", art="buendel") == (
        f"{number(now.numerator)} von {number(now.denominator)} OZG-Leistungen sind online. Gezählt wird ein "
        "Bündel, sobald eine eigene Einzelleistung darin Reifegrad 3 erreicht."
    )


def share(figure: Cell) -> Fraction:
    """Numerator ÷ denominator of a figure."""
    return Fraction(str(figure.numerator)) / Fraction(str(figure.denominator))


def test_reifegrad_tells_threshold_depth_and_what_is_nearly_there(
    example_city: ExampleCity, services: Services
) -> None:
    online, deep = (cell(example_city, name) for name in ("ozg_online_share", "ozg_end_to_end_share"))
    levels = {row.bucket: row.numerator for row in example_city.ask("reifegrad_distribution").rows}
    assert sum(int(levels[level] or 0) for level in ("3", "4")) == online.numerator
    almost = number(example_city.value("reifegrad_almost_count"))
    assert lead(services, "/reifegrad") == (
        f"{percent(share(online))} der Leistungen erfüllen das OZG (Reifegrad 3 oder 4), "
        f"{percent(share(deep))} laufen Ende-zu-Ende. {almost} Leistungen fehlt nur ein Baustein."
    )


@dataclass(frozen=True)
class Account:
    """A slice of the budget: frame, booked, bound."""

    frame: Fraction
    ist: Fraction
    obligo: Fraction

    @property
    def used(self) -> str:
        """Share used or bound, as it is written."""
        return percent((self.ist + self.obligo) / self.frame)

    @property
    def rest(self) -> Fraction:
        """What is left."""
        return self.frame - self.ist - self.obligo


def account(city: ExampleCity, where: Mapping[str, str]) -> Account:
    """Ask for the three parts of a slice."""
    asked = (city.value(f"budget_{name}_eur", where=where) for name in ("frame", "ist", "obligo"))
    return Account(*(Fraction(str(amount)) for amount in asked))


def test_the_budget_says_what_is_bound_left_and_expected(
    example_city: ExampleCity, services: Services
) -> None:
    where = {"produkt": "111240", "plan_art": "ergebnisplan", "haushaltsjahr": "2026"}
    found = account(example_city, where)
    over = Fraction(str(example_city.value("budget_forecast_eur", where=where))) - found.frame
    assert over > 0
    assert lead(services, "/budget") == (
        f"Von {number(found.frame)} € sind {found.used} verbraucht oder gebunden, "
        f"{number(found.rest)} € sind verfügbar. Der erwartete Bedarf ist {number(over)} € "
        "höher, Deckung ist zu beschließen."
    )


def test_investments_are_told_on_their_own(example_city: ExampleCity, services: Services) -> None:
    where = {"produkt": "111240", "plan_art": "finanzplan", "haushaltsjahr": "2026"}
    found = account(example_city, where)
    assert lead(services, "/budget", plan_art="finanzplan").startswith(
        f"Von {number(found.frame)} € sind {found.used} verbraucht oder gebunden, "
        f"{number(found.rest)} € sind verfügbar. "
    )


def test_a_closed_year_is_told_in_the_past(example_city: ExampleCity, services: Services) -> None:
    found = account(example_city, {"plan_art": "ergebnisplan", "haushaltsjahr": "2025"})
    left = found.rest > 0
    told = f"{number(found.rest)} € blieben übrig" if left else f"{number(-found.rest)} € fehlten"
    assert lead(services, "/budget", haushaltsjahr="2025", produkt="alle") == (
        f"2025 wurden {found.used} von {number(found.frame)} € verbraucht oder gebunden. {told}."
    )


def test_the_night_counts_sources_and_the_figures_that_rest_on_them(
    example_city: ExampleCity, services: Services
) -> None:
    fresh = cell(example_city, "source_fresh_share")
    total = int(fresh.denominator or 0)
    current = int(fresh.numerator or 0)
    states = services.status(viewer_of("leitung")).sources
    assert (current, total) == (sum(not s.stale for s in states), len(states))
    told = f"{total - current} von {total} Quellen brauchen Aufmerksamkeit"
    if current == total:
        told = f"alle {total} Quellen sind aktuell"
    elif total - current == 1:
        told = f"1 von {total} Quellen braucht Aufmerksamkeit"
    found = lead(services, "/datenquellen")
    assert found.startswith(f"Der letzte Lauf ist freigegeben, {told}. Am 09.06.2026 beruhen ")


def test_resources_name_what_is_missing_and_the_bottleneck(
    example_city: ExampleCity, services: Services
) -> None:
    year = {"between": (date(2026, 1, 1), date(2026, 12, 31))}
    needed, available = (
        {
            role: Fraction(str(days))
            for role, days in example_city.by(f"capacity_{name}_pt", "role", **year).items()
        }
        for name in ("needed", "available")
    )
    missing = {role: needed[role] - available[role] for role in needed}
    narrow = min(needed, key=lambda role: available[role] / needed[role])
    assert narrow == "technisch"
    cover = sum(available.values()) / sum(needed.values())
    soll = soll_of(rule(example_city, "capacity_cover_share", {})["path"], DAY)
    assert lead(services, "/ressourcen") == (
        f"2026 fehlen {number(sum(missing.values()))} von {number(sum(needed.values()))} Personentagen: "
        f"{percent(cover)} sind gedeckt, Soll {percent(soll)}. Engpass ist der technische Teil: "
        f"Dort fehlen {number(missing[narrow])} Personentage."
    )
    assert lead(services, "/ressourcen", rolle="organisatorisch") == (
        f"2026 fehlen im organisatorischen Teil {number(missing['organisatorisch'])} von "
        f"{number(needed['organisatorisch'])} Personentagen: "
        f"{percent(available['organisatorisch'] / needed['organisatorisch'])} sind gedeckt."
    )


def test_the_capacity_model_names_posts_with_their_span_and_the_bottleneck(services: Services) -> None:
    # 600 projects × (17 + 12) days in the 16 months from September 2021 to December 2022.
    years = Fraction(16, 12)
    posts, least = (600 * 29 / (Fraction(days) * years) for days in ("182.1", "200"))
    # 600 × 12 days of technology for 4 posts from 1 September 2021 on: 1.800 days a post.
    ends = [Fraction(1800) / days for days in (Fraction(200), Fraction("182.1"))]
    months = [2021 * 12 + 8 + floor(length * 12) for length in ends]
    early, late = (f"{month % 12 + 1:02d}/{month // 12}" for month in (months[0] - 1, months[1]))
    assert lead(services, "/modelle", modell="bielefeld_ozg") == (
        f"Bis 31.12.2022 sind {number(posts)} Stellen nötig ({number(least)} bis {number(posts)}), "
        "gerechnet wird mit 12. Engpass ist Technik (100.2): Dort ist die Arbeit zwischen "
        f"{early} und {late} erledigt."
    )


def test_the_tile_of_the_cover_leads_to_the_resources(services: Services) -> None:
    page = resolve(discover_pages(), "/")
    assert page is not None
    drawn = page.module.layout(services, viewer_of("leitung"), {})
    tiles = [part for part in parts(drawn) if getattr(part, "href", None) == "/ressourcen"]
    assert tiles and "Personentage OZG: Deckung" in words(tiles[0])
