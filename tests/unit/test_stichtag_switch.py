"""The switch „Stichtag“: what it offers, what links carry on, what a running run is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dash import dcc, html

from dashboard.cockpits.budget_choice import Offer, Wish, known_params, read_choice
from dashboard.cockpits.laeufe import going_on
from dashboard.cockpits.selection import read_selection
from dashboard.components.stichtag import Switch, day_address, stichtag_switch
from dashboard.formats import NBSP
from dashboard.page import Page
from dashboard.stichtag import FREE, carry, follows, is_gone, nearest, reported_day
from warehouse.errors import ContractError, RetriableError

TODAY, BEFORE, MAY = date(2026, 6, 9), date(2026, 6, 8), date(2026, 5, 31)
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)


def _switch(**more: Any) -> Switch:
    return Switch(
        **{"today": TODAY, "at": TODAY, "reported": False, "reports": (BEFORE,), "days": (MAY,), **more}
    )


def _links(drawn: Any) -> list[Any]:
    return [item for item in drawn._traverse() if isinstance(item, html.A)]


def test_the_menu_marks_reports_and_days_and_the_one_that_is_shown() -> None:
    links = _links(stichtag_switch(_switch(at=BEFORE, reported=True), "/budget", {"plan_art": "finanzplan"}))
    assert [link.children for link in links] == ["09.06.2026", "08.06.2026, wie berichtet", "31.05.2026"]
    assert [link.href for link in links] == [
        "/budget?plan_art=finanzplan",
        "/budget?plan_art=finanzplan&bericht=2026-06-08",
        "/budget?plan_art=finanzplan&stichtag=2026-05-31",
    ]
    current = [getattr(link, "aria-current", None) for link in links]
    assert current == [None, "true", None]


def test_a_page_without_earlier_days_offers_reports_only() -> None:
    text = str(stichtag_switch(_switch(days=()), "/", {}).to_plotly_json())
    assert "Wie berichtet" in text and "Mit heutigem Wissen" not in text


def test_one_choice_replaces_the_other() -> None:
    both = {"stichtag": "2026-05-31", "bericht": "2026-06-08", "einheit": "FD50"}
    assert day_address("/x", both, day=MAY) == "/x?stichtag=2026-05-31&einheit=FD50"
    assert day_address("/x", both) == "/x?einheit=FD50"


@pytest.mark.parametrize(
    ("group", "expected"), [("", True), ("Cockpits", True), ("Nachweis", False), ("Fuß", False)]
)
def test_start_and_cockpits_follow_and_proofs_do_not(group: str, expected: bool) -> None:
    assert follows(Page("x", "/x", "X", group)) is expected


def test_the_nearest_kept_day_is_the_earlier_of_two() -> None:
    kept = (date(2026, 6, 8), date(2026, 6, 4), date(2026, 1, 31))
    assert nearest(date(2026, 6, 6), kept) == date(2026, 6, 4)
    assert nearest(date(2025, 1, 1), kept) == date(2026, 1, 31)
    assert nearest(TODAY, ()) is None


@pytest.mark.parametrize(("text", "day"), [("2026-06-08", BEFORE), ("8.6.2026", None), ("", None)])
def test_only_a_day_is_a_report(text: str, day: date | None) -> None:
    assert reported_day({"bericht": text}) == day


def test_gone_is_what_is_not_kept_and_nothing_else() -> None:
    assert is_gone(ContractError("x", code="not_kept")) and is_gone(
        ContractError("x", code="unknown_snapshot")
    )
    assert not is_gone(RetriableError("x", code="snapshot_damaged"))


def _page() -> Any:
    form = html.Form([dcc.Input(name="suche", value="x")], action="/budget", method="GET")
    return html.Div(
        [
            html.A("Budget", href="/budget?plan_art=finanzplan#monate"),
            html.A("hier", href="/?zahl=x"),
            html.A("heute", href="/", **{FREE: "1"}),
            html.A("Quellen", href="/datenquellen"),
            html.A("fremd", href="//boese.example/budget"),
            html.A("Post", href="mailto:a@b.example"),
            form,
            html.Form([], action="/laeufe/starten", method="POST"),
            html.Ul(**{"data-entries": '[["Budget", "Seite", "/budget"]]'}),
        ]
    )  # fmt: skip


def _leads(path: str) -> bool:
    return path in ("/", "/budget")


def test_a_report_is_carried_to_every_page_that_follows_and_to_no_other_place() -> None:
    drawn = _page()
    carry(drawn, "/", {"bericht": "2026-06-08"}, _leads)
    assert [link.href for link in _links(drawn)] == [
        "/budget?plan_art=finanzplan&bericht=2026-06-08#monate", "/?zahl=x&bericht=2026-06-08", "/",
        "/datenquellen", "//boese.example/budget", "mailto:a@b.example",
    ]  # fmt: skip
    asks, posts = [item for item in drawn._traverse() if isinstance(item, html.Form)]
    assert [(field.name, field.value) for field in asks.children] == [
        ("suche", "x"),
        ("bericht", "2026-06-08"),
    ]
    assert posts.children == []
    assert "/budget?bericht=2026-06-08" in getattr(drawn.children[-1], "data-entries")


def test_a_day_with_todays_knowledge_goes_to_other_pages_only() -> None:
    drawn = _page()
    carry(drawn, "/", {"stichtag": "2026-05-31"}, _leads)
    assert [link.href for link in _links(drawn)][:2] == [
        "/budget?plan_art=finanzplan&stichtag=2026-05-31#monate", "/?zahl=x",
    ]  # fmt: skip


def test_nothing_is_carried_while_the_current_state_is_shown() -> None:
    drawn = _page()
    before = str(drawn.to_plotly_json())
    carry(drawn, "/", {}, _leads)
    assert str(drawn.to_plotly_json()) == before


OFFER = Offer(
    (2026, 2025),
    ("111240",),
    {2026: (TODAY, MAY, date(2026, 4, 30)), 2025: (date(2026, 2, 28), date(2025, 12, 31))},
)


@pytest.mark.parametrize(
    ("asked", "year", "at"),
    [
        ({"stichtag": "2026-06-08"}, 2026, MAY),
        ({"stichtag": "2026-05-31"}, 2026, MAY),
        ({"stichtag": "2025-12-31"}, 2025, date(2025, 12, 31)),
        ({"stichtag": "2026-03-15"}, 2025, date(2026, 2, 28)),
        ({"stichtag": "gestern"}, 2026, TODAY),
        ({}, 2026, TODAY),
    ],
)
def test_the_budget_takes_the_last_end_of_a_month_before_a_day_of_another_page(
    asked: dict[str, str], year: int, at: date
) -> None:
    choice = read_choice(asked, OFFER, Wish(), TODAY)
    assert choice is not None and (choice.year, choice.at) == (year, at)


def test_the_day_of_another_page_stays_in_the_address_of_the_budget() -> None:
    asked = {"stichtag": "2026-06-08"}
    choice = read_choice(asked, OFFER, Wish(), TODAY)
    assert choice is not None and known_params(asked, choice) == {"stichtag": "2026-05-31"}


def test_kept_days_are_on_offer_beside_ends_of_months() -> None:
    asked = {"stichtag": BEFORE.isoformat()}
    assert read_selection(asked, TODAY, [], []).is_today
    assert read_selection(asked, TODAY, [], [], days=[BEFORE]).at == BEFORE
    assert read_selection(asked, BEFORE, [], [], days=[BEFORE]).is_today


@dataclass(frozen=True)
class Facts:
    """A run of the ledger."""

    state: str
    started_at: datetime
    finished_at: datetime | None = None


def _run(minutes: int, back: int = 1) -> Facts:
    began = NIGHT - timedelta(days=back)
    return Facts("published", began, began + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("runs", "active", "minutes", "words"),
    [
        ([Facts("running", NIGHT), _run(14), _run(10, 2), _run(40, 3)], True, 5,
         "Lauf seit 03:15 Uhr, Freigabe etwa 03:29 Uhr"),
        ([Facts("running", NIGHT), _run(14)], True, 20, "Lauf seit 03:15 Uhr, dauert länger als üblich"),
        ([Facts("running", NIGHT)], True, 5, "Lauf seit 03:15 Uhr"),
        ([Facts("running", NIGHT), _run(14)], False, 5, ""),
        ([_run(14)], True, 5, ""),
        ([], True, 5, ""),
    ],
)  # fmt: skip
def test_the_header_says_since_when_a_run_goes_on_and_when_it_usually_ends(
    runs: list[Facts], active: bool, minutes: int, words: str
) -> None:
    said = going_on(runs, active, NIGHT + timedelta(minutes=minutes), BERLIN)
    assert said.replace(NBSP, " ") == words
