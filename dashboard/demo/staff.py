"""Stellenplan of the two products: posts, never persons, and how far each is filled.

The posts of product 111240 are those of the Neumünster paper (10 until 2025, 6 from 2026); everything
else is invented. Amounts are in Vollzeitstellen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.demo.budget import adopted_on
from dashboard.demo.tables import german_date, write_csv

FIRST = date(2021, 1, 1)
END_2025, END_2027 = date(2025, 12, 31), date(2027, 12, 31)
STEERING, COMPUTING = "111240", "111250"
UNIT = "FD11"
ART = {True: "Planstelle", False: "andere Stelle"}


@dataclass(frozen=True, slots=True)
class Post:
    """One post: task, product, grade, and the day it was decided to end on; `kw` posts fall away then."""

    number: str
    task: str
    produkt: str
    grade: str
    until: date | None = None
    kw: bool = False
    since: date = FIRST
    fte: str = "1,000"

    @property
    def ends(self) -> date | None:
        """Last day of the post: a kw post goes with its time limit."""
        return self.until if self.kw else None


POSTS: tuple[Post, ...] = (
    Post("1124-01", "Projektleitung Digitalisierung", STEERING, "EG 12"),
    Post("1124-02", "Digitalkoordination Technik", STEERING, "EG 11", END_2025, True),
    Post("1124-03", "Digitalkoordination Prozesse", STEERING, "EG 10", END_2025, True),
    Post("1124-04", "Digitalkoordination Prozesse", STEERING, "EG 10", END_2025, True),
    Post("1124-05", "Digitalkoordination Prozesse", STEERING, "EG 10", END_2025, True),
    Post("1124-06", "Systembetreuung Datenbanken", STEERING, "EG 11"),
    Post("1124-07", "Systembetreuung Geoinformation", STEERING, "EG 11"),
    Post("1124-08", "Systembetreuung Geoinformation", STEERING, "EG 11", END_2027, True),
    Post("1124-09", "BI-Entwicklung", STEERING, "EG 10"),
    Post("1124-10", "Administration DMS", STEERING, "EG 10"),
    Post("1125-01", "Leitung Rechenzentrum", COMPUTING, "EG 12"),
    Post("1125-02", "Server und Speicher", COMPUTING, "EG 11"),
    Post("1125-03", "Netze", COMPUTING, "EG 11"),
    Post("1125-04", "Informationssicherheit", COMPUTING, "A 11"),
    Post("1125-05", "Anwendungsbetreuung", COMPUTING, "EG 10"),
    Post("1125-06", "Anwendungsbetreuung", COMPUTING, "EG 10"),
    Post("1125-07", "Arbeitsplatzbetreuung", COMPUTING, "EG 9b"),
    Post("1125-08", "Arbeitsplatzbetreuung", COMPUTING, "EG 9b", END_2027),
    *(Post(f"1125-{number:02d}", "Servicestelle", COMPUTING, "EG 6") for number in range(9, 15)),
)

# Day, post, extent filled from then on; posts not named here are filled from their first day.
FILLED: tuple[tuple[date, str, str], ...] = (
    (FIRST, "1124-02", "0,000"),
    (date(2021, 10, 1), "1124-02", "1,000"),
    (FIRST, "1124-04", "0,000"),
    (date(2021, 9, 1), "1124-04", "1,000"),
    (FIRST, "1124-05", "0,000"),
    (date(2022, 2, 1), "1124-05", "1,000"),
    (date(2025, 7, 1), "1124-05", "0,500"),
    (date(2026, 1, 1), "1124-09", "0,000"),
    (date(2026, 7, 1), "1124-09", "1,000"),
    (date(2024, 4, 1), "1125-03", "0,000"),
    (date(2024, 11, 1), "1125-03", "1,000"),
    (date(2026, 3, 1), "1125-08", "0,500"),
    (date(2026, 5, 1), "1125-14", "0,000"),
    (date(2026, 9, 1), "1125-14", "0,500"),
)
POST_HEADER = (
    *("Stelle", "gültig ab", "gültig bis", "Aufgabe", "Produkt", "Fachdienst", "Art", "Gruppe", "VZÄ"),
    *("befristet bis", "kw", "kw ab", "Beschluss"),
)


def write_staff(folder: Path, as_of: date) -> None:
    """Write the Stellenplan in force and who-less filling as known on `as_of`."""
    day = as_of.isoformat()
    write_csv(folder / f"Stellenplan_{day}.csv", POST_HEADER, post_rows(as_of), encoding="utf-8-sig")
    header = ("Stelle", "ab", "besetzt (VZÄ)")
    write_csv(folder / f"Besetzung_{day}.csv", header, filled_rows(as_of), encoding="utf-8-sig")


def post_rows(as_of: date) -> Iterator[tuple[str, ...]]:
    """Posts of every Stellenplan adopted by `as_of`."""
    for post in POSTS:
        if adopted_on(post.since.year) <= as_of:
            yield (
                post.number,
                german_date(post.since),
                german_date(post.ends),
                post.task,
                post.produkt,
                UNIT,
                ART[post.grade.startswith("A ")],
                post.grade,
                post.fte,
                german_date(post.until),
                "ja" if post.kw else "nein",
                german_date(post.ends),
                f"Stellenplan {post.since.year}",
            )


def filled_rows(as_of: date) -> Iterator[tuple[str, str, str]]:
    """Changes of the filling up to `as_of`."""
    named = {number for day, number, _ in FILLED if day == FIRST}
    for post in POSTS:
        if post.number not in named:
            yield post.number, german_date(post.since), post.fte
    for day, number, extent in FILLED:
        if day <= as_of:
            yield number, german_date(day), extent
