"""Which day a page speaks about and with which knowledge: as of today, of an earlier day, or as reported.

`?stichtag=DAY` asks the current snapshot about an earlier day („mit heutigem Wissen“), `?bericht=DAY` shows
the snapshot published for that business day („wie berichtet“). Rights and protection are those of today.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from dash import dcc, html

from dashboard.components.filters import STICHTAG
from dashboard.export.tree import walk
from dashboard.page import Page, PageModule, resolve
from warehouse.errors import ContractError

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.services import Services

REPORTED = "bericht"
# Links that choose the day themselves carry this attribute; nothing is added to them.
FREE = "data-frei"
FREE_LINK: Mapping[str, Any] = {FREE: "1"}
FOLLOWING = ("", "Cockpits")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page was drawn for; `takes_days`: it also answers about earlier days with today's knowledge."""

    at: date
    takes_days: bool


_seen: ContextVar[Seen | None] = ContextVar("seen_stichtag", default=None)


def follows(page: Page) -> bool:
    """Start and cockpits follow the switch; proofs, models and help speak about today."""
    return page.group in FOLLOWING


def begin(services: Services, page: Page, params: Mapping[str, str]) -> Mapping[str, str]:
    """Fix the snapshot an address asks for and return the parameters that still count.

    Raises ContractError (not_kept, unknown_snapshot) when the snapshot of that day is gone.
    """
    _seen.set(None)
    day = reported_day(params)
    if day is None or not follows(page):
        return without(params, REPORTED)
    if day == services.today:
        return without(params, REPORTED)
    services.pin_reported(day)
    return without(params, STICHTAG)


def reported_day(params: Mapping[str, str]) -> date | None:
    """The business day whose report an address asks for."""
    try:
        return date.fromisoformat(params.get(REPORTED, ""))
    except ValueError:
        return None


def without(params: Mapping[str, str], *names: str) -> dict[str, str]:
    """Parameters without some."""
    return {name: value for name, value in params.items() if name not in names}


def note_seen(at: date, *, takes_days: bool) -> None:
    """A page says which day it was drawn for, so that the bar above it says the same."""
    _seen.set(Seen(at, takes_days))


def seen() -> Seen | None:
    """What the page of this request said; None when it knows no Stichtag."""
    return _seen.get()


def is_gone(error: Exception) -> bool:
    """Whether an error says that the report asked for is no longer kept."""
    return isinstance(error, ContractError) and error.code in ("not_kept", "unknown_snapshot")


def nearest(day: date, kept: tuple[date, ...]) -> date | None:
    """The kept day nearest to another, the earlier one of two."""
    return min(kept, key=lambda other: (abs(other - day), other), default=None)


def sticky(services: Services) -> dict[str, str]:
    """What the links of the page drawn have to carry on; nothing for the current state."""
    if services.as_reported:
        return {REPORTED: services.snapshot().business_date.isoformat()}
    shown = seen()
    past = shown is not None and shown.takes_days and shown.at < services.today
    return {STICHTAG: shown.at.isoformat()} if shown is not None and past else {}


def leads_on(pages: Sequence[PageModule], path: str) -> bool:
    """Whether a path leads to a page that follows the switch."""
    item = resolve(pages, path)
    return item is not None and follows(item.page)


def carry(drawn: Component, path: str, sticky: Mapping[str, str], leads: Callable[[str], bool]) -> None:
    """Add the day to every link of a drawn page that leads to a page which follows the switch.

    The report goes everywhere; a Stichtag with today's knowledge only to other pages, because the links of a
    page to itself know what they keep and what they drop.
    """
    if not sticky:
        return
    way = _Way(path, sticky, leads)
    for item in walk(drawn):
        _carry_on(item, way)


@dataclass(frozen=True, slots=True)
class _Way:
    path: str
    sticky: Mapping[str, str]
    leads: Callable[[str], bool]

    def onward(self, href: str) -> str:
        """The address with the day, or as it was."""
        parts = urlsplit(href)
        if not href.startswith("/") or href.startswith("//") or not self.leads(parts.path):
            return href
        present = dict(parse_qsl(parts.query))
        added = self.missing(parts.path, present)
        query = "&".join(part for part in (parts.query, urlencode(added)) if part)
        return f"{parts.path}{'?' + query if query else ''}{'#' + parts.fragment if parts.fragment else ''}"

    def missing(self, target: str, present: Mapping[str, str]) -> dict[str, str]:
        """What an address has to get."""
        if REPORTED in present or STICHTAG in present:
            return {}
        same = target == self.path
        return {name: value for name, value in self.sticky.items() if name == REPORTED or not same}


def _carry_on(item: Any, way: _Way) -> None:
    given = vars(item)
    if given.get(FREE):
        return
    for name in ("href", "data-close"):
        if isinstance(given.get(name), str):
            setattr(item, name, way.onward(given[name]))
    if isinstance(item, html.Form) and str(given.get("method", "GET")).upper() == "GET":
        _carry_form(item, given, way)
    if "data-entries" in given:
        entries = [[*entry[:-1], way.onward(entry[-1])] for entry in json.loads(given["data-entries"])]
        setattr(item, "data-entries", json.dumps(entries, ensure_ascii=False))


def _carry_form(form: Any, given: Mapping[str, Any], way: _Way) -> None:
    """A form that asks writes the address anew from its fields, so the day has to be one of them."""
    action = str(given.get("action", ""))
    if not way.leads(urlsplit(action).path):
        return
    children = given.get("children") or []
    fields = list(children) if isinstance(children, list | tuple) else [children]
    names = set(_names(form))
    fields += [
        dcc.Input(type="hidden", name=name, value=value)
        for name, value in way.sticky.items()
        if name not in names and (name == REPORTED or urlsplit(action).path != way.path)
    ]
    form.children = fields


def _names(form: Any) -> Iterator[str]:
    for item in walk(form):
        name = vars(item).get("name")
        if isinstance(name, str):
            yield name
