"""Prioritätenliste: points per criterion that add up to the places of the register's own list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dashboard.demo.catalog import read_offered
from dashboard.demo.register import TOP, service_id
from dashboard.demo.streams import HISTORY_FROM, stream
from dashboard.demo.tables import german_date, write_csv

HEADER = ("Liste", "Leistung", "Kriterium", "bewertet am", "Punkte", "Verfahren")
LIST = "top20"
# As in rankings/top20.toml; the last criterion evens out what the first two leave.
WEIGHTS = {"nachfrage": 40, "wirtschaftlichkeit": 30, "prozessgewinn": 30}
ASSESSED = (HISTORY_FROM, date(2025, 3, 3))
OTHERS = 12


def write_ranking(path: Path, as_of: date, seed: int) -> None:
    """Write the points known on `as_of`."""
    rows = [
        (LIST, service, criterion, german_date(on), points, method)
        for service, criterion, on, points, method in ranking_rows(as_of, seed)
    ]
    write_csv(path, HEADER, rows)


def ranking_rows(as_of: date, seed: int) -> list[tuple[str, str, date, int, str]]:
    """(service, criterion, day, points, method); the last service still lacks a criterion."""
    rows = []
    for place, key in enumerate(_keys(), start=1):
        for on in ASSESSED:
            if on > as_of:
                continue
            points = _points(place, key, on, seed)
            if place == len(TOP) + OTHERS:
                del points["prozessgewinn"]
            rows += [(service_id(key), name, on, value, _method(name)) for name, value in points.items()]
    return rows


def _keys() -> list[str]:
    """The services of the list by rank, then some that did not make it."""
    ranked = sorted(TOP, key=lambda key: TOP[key][0])
    others = [s.key for s in read_offered() if s.zustaendigkeit == "eigen" and s.key not in TOP]
    return [*ranked, *others[:: max(1, len(others) // OTHERS)][:OTHERS]]


def _points(place: int, key: str, on: date, seed: int) -> dict[str, int]:
    """Whole points around a total that falls by 1.5 with every place."""
    total = 94 - 1.5 * (place - 1)
    chance = stream(seed, "ranking", key, on)
    demand, economy = (round(total + float(chance.uniform(-5, 5))) for _ in range(2))
    rest = total * 100 - WEIGHTS["nachfrage"] * demand - WEIGHTS["wirtschaftlichkeit"] * economy
    return {
        "nachfrage": demand,
        "wirtschaftlichkeit": economy,
        "prozessgewinn": round(rest / WEIGHTS["prozessgewinn"]),
    }


def _method(criterion: str) -> str:
    return "erhoben" if criterion == "nachfrage" else "geschätzt"
