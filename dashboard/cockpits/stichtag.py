"""What the switch „Stichtag“ offers on a page, and what the bar above the title says about the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from dash.development.base_component import Component

from dashboard import formats
from dashboard.components.stichtag import (
    Switch,
    day_address,
    report_gone,
    stichtag_bar,
    stichtag_switch,
)
from dashboard.stichtag import nearest, note_seen, seen

if TYPE_CHECKING:
    from dashboard.page import Page
    from dashboard.services import Services

MOST_REPORTS = 14


def stichtag_control(
    services: Services,
    path: str,
    params: Mapping[str, str],
    *,
    at: date | None = None,
    days: Sequence[date] = (),
) -> Component:
    """The switch of one page. `at` is the day the page was drawn for, None that of its snapshot.

    `days` are earlier days the page can be asked about with today's knowledge; a page without them offers
    reports only.
    """
    shown = at or services.snapshot().business_date
    note_seen(shown, takes_days=bool(days))
    return stichtag_switch(read_switch(services, shown, days), path, params)


def reports_control(services: Services, path: str, params: Mapping[str, str]) -> list[Component]:
    """The switch of a page that can be asked about reports only; nothing as long as none is kept."""
    control = stichtag_control(services, path, params)
    return [control] if services.earlier() else []


def read_switch(services: Services, at: date, days: Sequence[date]) -> Switch:
    """What can be chosen: the newest reports and the days a page takes."""
    today = services.today
    reports = tuple(facts.business_date for facts in services.earlier())
    return Switch(
        today=today,
        at=at,
        reported=services.as_reported,
        reports=reports[:MOST_REPORTS],
        days=tuple(day for day in days if day < today),
    )


def bar(services: Services, page: Page, params: Mapping[str, str]) -> list[Component]:
    """The bar above the title; nothing while the current state is shown."""
    if services.as_reported:
        return [_reported_bar(services, page, params)]
    shown = seen()
    if shown is None or not shown.takes_days or shown.at >= services.today:
        return []
    return [_known_bar(services, page, params, shown.at)]


def _reported_bar(services: Services, page: Page, params: Mapping[str, str]) -> Component:
    snapshot, zone = services.snapshot(), services.settings.zone
    day, shown = snapshot.business_date, seen()
    words = (
        f"Stand wie berichtet am {formats.day(day)}, Lauf vom "
        f"{formats.stand(snapshot.created_at, zone)}; heutiger Kenntnisstand: "
        f"{formats.day(services.today)}."
    )
    links = [_now(page, params)]
    if shown is not None and shown.takes_days:
        links.insert(0, ("Denselben Tag mit heutigem Wissen", day_address(page.path, params, day=day)))
    return stichtag_bar(words, links)


def _known_bar(services: Services, page: Page, params: Mapping[str, str], at: date) -> Component:
    kept = tuple(facts.business_date for facts in services.earlier())
    near = nearest(at, kept)
    words = f"Stichtag {formats.day(at)} mit heutigem Wissen (Kenntnisstand {formats.day(services.today)})."
    links = [_now(page, params)]
    if near == at:
        links.insert(0, ("Wie damals berichtet", day_address(page.path, params, report=at)))
    elif near is not None:
        words += f" Von diesem Tag ist kein Bericht aufbewahrt, der nächste ist vom {formats.day(near)}."
        links.insert(0, ("Diesen Bericht ansehen", day_address(page.path, params, report=near)))
    else:
        words += " Ein Bericht aus dieser Zeit ist nicht aufbewahrt."
    return stichtag_bar(words, links)


def _now(page: Page, params: Mapping[str, str]) -> tuple[str, str]:
    return "Zum aktuellen Stand", day_address(page.path, params)


def gone(services: Services, page: Page, params: Mapping[str, str], day: date) -> Component:
    """What is shown when the report of a day is no longer kept; names the nearest one."""
    near = nearest(day, tuple(facts.business_date for facts in services.earlier()))
    links = [("Zum aktuellen Stand", day_address(page.path, params))]
    if near is not None:
        label = f"Nächster aufbewahrter Stand: wie berichtet am {formats.day(near)}"
        links.insert(0, (label, day_address(page.path, params, report=near)))
    return report_gone(page.title, day, links)
