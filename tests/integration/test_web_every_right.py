"""H8: every page for every role and every unit: the same whoever asked before, and nothing that is another's.

Each page is drawn once with caches nobody else has filled. What is shown when everybody's answers lie in the
caches has to be the same, and neither a word, a link, an export nor a hit of the search may lead to another
unit. That the figures themselves do not depend on other units is shown in tests/spec/test_scope_attack.py.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.answers import Answers
from dashboard.app import ANSWERS, WARMER, create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.auth.rights import may_open
from dashboard.auth.viewer import Viewer, scope_of
from dashboard.cli.stores import open_reader
from dashboard.drill_link import record_address
from dashboard.page import resolve
from dashboard.services import Services
from dashboard.town_pages import portal_pages
from metrics.catalog import load_catalog
from metrics.records import MAXIMUM
from tests.example_city import ExampleCity
from tests.web_city import navigate, page_html, use_link
from warehouse.ledger import Ledger

# Some 900 pages are drawn before the first test begins; a busy machine takes its time for them.
pytestmark = pytest.mark.timeout(1500)

Right = tuple[str, tuple[str, ...]]
Kept = dict[tuple[Right, str], str | int]

DEPARTMENTS = ("DEZ1", "DEZ2", "DEZ3", "DEZ4")
TEAMS = ("FD10", "FD11", "FD20", "FD32", "FD37", "FD40", "FD50", "FD51", "FD53", "FD61", "FD63", "FD66",
         "FD67", "FD70")  # fmt: skip
HEAD = "fachbereichsleitung"
# So many files may leave in one session within a while.
FILES = 50
RIGHTS: tuple[Right, ...] = (
    ("leitung", ()),
    ("controlling", ()),
    ("verwaltung", ()),
    *((HEAD, (unit,)) for unit in (*DEPARTMENTS, *TEAMS)),
    (HEAD, ("FD32", "FD63")),
    ("controlling", ("DEZ2",)),
)
# Cuts of a page that name units, as a colleague of another unit would mail them.
CUTS = (
    "/ozg-fortschritt?einheit=FD32",
    "/reifegrad?einheit=FD63",
    "/wirkungen?einheit=FD32",
    "/massnahmen?ansicht=liste",
    "/aufgliederung/ozg_online_share?nach=fachdienst",
    "/aufgliederung/measure_overdue_share?einheit=DEZ2",
    "/datensaetze/services?zeilen=25",
    "/datensaetze/measures?einheit=FD63",
    "/?zahl=ozg_online_share",
    "/explorer?werte=ozg_online_share&zeilen=fachdienst&spalten=year",
    "/explorer?werte=reifegrad_distribution.zaehler&zeilen=fachdienst&spalten=bucket&zelle=FD32;2;0",
    "/explorer?daten=liste:services&ansicht=liste&f.fachdienst=in:FD63",
)
# Pages that count by unit. On the others a unit is named as the owner of a figure, a source or a date of the
# town, which everybody may know who opens the page.
BY_UNIT = (
    "/ozg-fortschritt",
    "/reifegrad",
    "/wirkungen",
    "/dms-rollout",
    "/massnahmen",
    "/aufgliederung",
    "/datensaetze",
    "/datensatz",
    "/explorer",
    "/zugang",
    "/cockpit/bauantraege",
    "/cockpit/buergerservice",
)
_UNIT = re.compile(r"\b(?:FD|DEZ) ?\d{1,2}\b")
_HREF = re.compile(r' href="(/[^"]*)"')
_EXPORT = re.compile(r'"(/ausfuhr/[^"]*)"')
# The number that makes a form count once is another one each time it is drawn.
_ONCE = re.compile(r'<input[^>]*name="nummer"[^>]*>')


@dataclass
class Walk:
    """The served example city with one browser for each right."""

    server: Flask
    services: Services
    parents: Mapping[str, str | None]
    browsers: dict[Right, FlaskClient] = field(default_factory=dict)

    @property
    def answers(self) -> Answers:
        """What stands in front of Dash."""
        found: Answers = self.server.extensions[ANSWERS]
        return found

    def forget(self, *, figures: bool) -> None:
        """Empty the kept answers, and the kept figures when asked to."""
        self.answers.store._entries.clear()
        if figures:
            self.services.cache._entries.clear()
            self.services.snapshot()._recent._kept.clear()

    def read(self, right: Right, place: str) -> str | int:
        """What the server answers to this person: the page, or the status of a refusal."""
        path, _, search = place.partition("?")
        answer = navigate(self.browsers[right], path, f"?{search}" if search else "")
        return _ONCE.sub("", _text(answer)) if answer.status_code == 200 else answer.status_code

    def places(self, right: Right) -> list[str]:
        """Every page and some cuts; for a team those that count by unit, the others are as for its head."""
        pages = [item.page.path for item in portal_pages(self.services)]
        return [
            place for place in (*pages, *CUTS) if not set(right[1]) & set(TEAMS) or place.startswith(BY_UNIT)
        ]

    def own(self, right: Right) -> set[str]:
        """Units whose name may stand on a page of this right: those below, itself and the line above."""
        role, units = right
        if scope_of(role, units).units is None:
            return set(self.parents)
        found = {unit for unit in self.parents if set(units) & set(self._line(unit))}
        return found.union(*(self._line(unit) for unit in units))

    def _line(self, unit: str) -> list[str]:
        line: list[str] = []
        place: str | None = unit
        while place is not None:
            line.append(place)
            place = self.parents.get(place)
        return line


def _login(right: Right) -> str:
    return "-".join((right[0], *right[1])).lower()


def _viewer(right: Right) -> Viewer:
    role: Any = right[0]
    return Viewer("x", "x", "x", "x", role, scope_of(role, right[1]))


@pytest.fixture(scope="module")
def walk(example_city: ExampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    settings = example_city.settings
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('kladde')}/kladde.sqlite")
    services = Services(settings, load_catalog(settings.city), open_reader(settings), ledger)
    server = create_app(settings, services)
    # The background must not fill any cache while a test says they are empty.
    server.extensions[WARMER].notice = lambda name: None
    units = services.records(_viewer(("leitung", ())), "org_units", limit=MAXIMUM).dicts()
    found = Walk(server, services, {str(row["unit_id"]): row["parent_id"] for row in units})
    for right in RIGHTS:
        add_account(
            ledger, settings, login=_login(right), name="Gleich", function="", role=right[0], units=right[1]
        )
        found.browsers[right] = _signed_in(found, right)
    yield found


def _signed_in(walk: Walk, right: Right) -> FlaskClient:
    ledger, client = walk.services.ledger, walk.server.test_client()
    token = issue_link(ledger, walk.services.settings, known_account(ledger, _login(right)))
    assert use_link(client, token).status_code == 303
    return client


@pytest.fixture(scope="module")
def cold(walk: Walk) -> Kept:
    """What everybody sees with caches only they have filled."""
    found: Kept = {}
    for right in RIGHTS:
        walk.forget(figures=True)
        for place in walk.places(right):
            found[right, place] = walk.read(right, place)
    return found


def test_the_rights_of_this_walk_are_every_unit_of_the_town(walk: Walk) -> None:
    assert {*DEPARTMENTS, *TEAMS} == set(walk.parents) - {"STADT"}


def test_every_page_opens_for_exactly_the_roles_of_the_table(walk: Walk, cold: Kept) -> None:
    pages = {item.page.path: item.page for item in portal_pages(walk.services)}
    for (right, place), shown in cold.items():
        opened = may_open(right[0], pages[place]) if place in pages else right[0] != "verwaltung"
        assert isinstance(shown, str) == opened, (right, place, shown)


def test_h8_every_page_is_the_same_when_everybody_elses_figures_and_answers_are_kept(
    walk: Walk, cold: Kept
) -> None:
    order = list(cold)
    random.Random(8).shuffle(order)
    walk.forget(figures=False)
    for right, place in order:
        assert walk.read(right, place) == cold[right, place], (right, place, "figures of others are kept")
    random.Random(9).shuffle(order)
    for right, place in order:
        assert walk.read(right, place) == cold[right, place], (right, place, "answers of others are kept")


@pytest.mark.parametrize("right", RIGHTS, ids=map(_login, RIGHTS))
def test_h8_no_page_that_counts_by_unit_names_a_unit_of_others(walk: Walk, cold: Kept, right: Right) -> None:
    for place in walk.places(right):
        if place.startswith(BY_UNIT):
            assert not _foreign(str(cold[right, place]), place, walk.own(right)), place


@pytest.mark.parametrize("right", RIGHTS, ids=map(_login, RIGHTS))
def test_h8_no_link_leads_to_a_forbidden_page_a_foreign_unit_or_a_foreign_record(
    walk: Walk, cold: Kept, right: Right
) -> None:
    own, pages, records = walk.own(right), portal_pages(walk.services), _records_of(walk, right)
    for place in walk.places(right):
        asked = set(parse_qsl(urlsplit(place).query))
        for href in set(_HREF.findall(str(cold[right, place]))):
            path, query = urlsplit(href).path, set(parse_qsl(urlsplit(href).query)) - asked
            named = {value for name, value in query if name in ("einheit", "dezernat", "fachdienst")}
            assert {unit for unit in named if _UNIT.fullmatch(unit)} <= own, (place, href)
            item = resolve(pages, path)
            assert item is None or path == "/" or may_open(right[0], item.page), (place, href)
            if path.startswith("/datensatz/"):
                assert path in records, (place, href)


def _records_of(walk: Walk, right: Right) -> set[str]:
    """Addresses of all records the person may read, as the one door tells."""
    viewer, found = _viewer(right), set()
    if not viewer.sees_figures:
        return set()
    for name, listed in walk.services.catalog.lists.items():
        rows = walk.services.records(viewer, name, limit=MAXIMUM).dicts() if listed.definition.key else ()
        found |= {record_address(name, [row[part] for part in listed.definition.key]) for row in rows}
    return {urlsplit(address).path for address in found if address}


@pytest.mark.parametrize(
    ("asker", "receiver"),
    [
        (("leitung", ()), (HEAD, ("FD63",))),
        ((HEAD, ("FD32",)), (HEAD, ("DEZ4",))),
        (("leitung", ()), ("verwaltung", ())),
    ],
    ids=["leitung-fd63", "fd32-dez4", "leitung-verwaltung"],
)
def test_h8_the_address_of_an_export_gives_its_receiver_the_own_figures_only(
    walk: Walk, cold: Kept, asker: Right, receiver: Right
) -> None:
    own, given = walk.own(receiver), list[int]()
    offered = [
        (place, href)
        for place in walk.places(asker)
        for href in sorted(set(_EXPORT.findall(str(cold[asker, place]))))
        if "als=csv" in href
    ]
    assert len(offered) > 30
    for count, (place, href) in enumerate(offered):
        if count % FILES == 0:
            browser = _signed_in(walk, receiver)
        answer = browser.get(href)
        given.append(answer.status_code)
        assert (
            answer.status_code != 200 or not place.startswith(BY_UNIT) or not _foreign(answer.text, href, own)
        )
    assert set(given) <= {200, 403, 404}
    assert given.count(200) > 10 or receiver[0] == "verwaltung"


@pytest.mark.parametrize("right", RIGHTS, ids=map(_login, RIGHTS))
def test_h8_the_search_finds_no_record_and_no_page_of_others(walk: Walk, right: Right) -> None:
    records, pages = _records_of(walk, right), portal_pages(walk.services)
    for typed in ("bau", "antrag", "posteingang", "melde", "wohngeld", "budget"):
        answer = walk.browsers[right].get("/_suche", query_string={"q": typed})
        assert answer.status_code == 200
        for href in re.findall(r'"(/[^"]+)"', answer.text):
            path = urlsplit(href).path
            item = resolve(pages, path)
            assert item is None or may_open(right[0], item.page), (typed, href)
            assert not path.startswith("/datensatz/") or path in records, (typed, href)


def _text(answer: TestResponse) -> str:
    figures = answer.get_json()["response"]["rahmen"]["children"]["props"]["figures"]
    return page_html(answer) + json.dumps(figures, ensure_ascii=False)


def _foreign(text: str, place: str, own: set[str]) -> set[str]:
    """Return the units of others a text names, without those of the asked address: they stand in it again."""
    asked = {name for _, value in parse_qsl(urlsplit(place).query) for name in _UNIT.findall(value)}
    return {name for name in _UNIT.findall(text) if name.replace(" ", "") not in own | asked}
