"""Zahlenpass: the page behind a stable link, and the list of what was pinned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.citation_link import DAY, METRIC, PATH, SNAPSHOT, citation_address, read_citation
from dashboard.cited import Cited, cited, may_see
from dashboard.components.layout import card, cell, grid, page_head, print_action, region
from dashboard.components.passport import opened, statement
from dashboard.components.states import empty, tag
from dashboard.components.table import table
from dashboard.figures.chart import Column
from dashboard.page import Page
from dashboard.passport_words import (
    Section,
    amount_words,
    calculation_section,
    course_sections,
    definition_section,
    delivery_section,
    figure_sections,
    state_section,
)
from dashboard.texts import plural
from metrics.citation import cite
from metrics.passport import Passport
from metrics.passport_json import read_passport_text
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services
    from warehouse.ledger import PinnedFigure

PAGE = Page("zahl", PATH, "Zahlenpass", "Fuß", "link", ALL_COCKPITS, 910, parts=(METRIC, DAY, SNAPSHOT))
NOTHING = (
    "Diese Zahl gibt es nicht, sie ist nicht mehr aufbewahrt, oder für diese Auswahl fehlt die Berechtigung."
)
ARCHIVE = "aus dem Archiv"


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The passport of the figure an address names; without one the figures that were pinned."""
    if METRIC not in params:
        return _stack(page_head("Festgeschriebene Zahlen"), region("Verzeichnis", _pins(services, viewer)))
    citation = read_citation(params)
    try:
        found = cited(services, viewer, citation) if citation else None
    except IsekError:
        found = None
    if found is None:
        return _stack(page_head(PAGE.title), region("Auskunft", card("Keine Zahl", empty(NOTHING))))
    return _stack(_head(found), *_parts(found, services))


def register(app: Any, services: Services) -> None:
    """Nothing on this page changes without a new address."""
    del app, services


def _stack(*parts: Component) -> Component:
    return html.Div(list(parts), className="stack passport-page")


def _head(found: Cited) -> Component:
    passport = found.passport
    wording = passport.definition
    only = passport.figures[0] if len(passport.figures) == 1 else None
    value = formats.HIDDEN if only and only.suppressed else amount_words(only.amount, wording) if only else ""
    day = formats.day(passport.stichtag)
    title: list[Component | str] = [html.Span(f"{wording.number} {wording.label}")]
    title += [" ", tag(ARCHIVE)] if found.archived else []
    return page_head(
        title,
        bold=f"{value or plural(len(passport.figures), 'Wert', 'Werte', 'Kein Wert')} am {day}.",
        rest=_rest(found),
        actions=[print_action()],
    )


def _rest(found: Cited) -> str:
    if found.pin is None:
        return f"So berichtet im Stand {found.passport.snapshot}."
    kept = (
        f"festgeschrieben am {formats.day(found.pin.pinned_at.date())}, aufbewahrt bis"
        f" {formats.day(found.pin.keep_until)} ({found.pin.reason})"
    )
    if found.archived:
        return f"Aus dem Archiv: Der Stand {found.passport.snapshot} ist nicht mehr da; {kept}."
    return f"So berichtet im Stand {found.passport.snapshot}; {kept}."


def _parts(found: Cited, services: Services) -> list[Component]:
    passport, zone = found.passport, services.settings.zone
    figures = figure_sections(passport)
    left = (*figures, calculation_section(passport), definition_section(passport))
    right = (state_section(passport, zone), *course_sections(passport), delivery_section(passport, zone))
    proof = grid(cell(7, _card("Zahl und Rechnung", left)), cell(5, _card("Stand und Verlauf", right)))
    parts = [region("Zahlenpass", proof)]
    if passport.calculation.sql:
        asked = card("Abfrage", statement(passport.calculation.sql), class_name="detail")
        parts.append(region("Abfrage", asked))
    return parts


def _card(title: str, sections: tuple[Section, ...]) -> Component:
    shown = [section for section in sections if section.rows]
    return card(title, opened(shown), class_name="detail")


def _pins(services: Services, viewer: Viewer) -> Component:
    rows = [
        _row(pin, passport)
        for pin in services.ledger.pinned_figures()
        if may_see(services, viewer, passport := read_passport_text(pin.passport))
    ]
    if not rows:
        return card("Archiv", empty("Noch ist keine Zahl festgeschrieben, die Sie sehen dürfen."))
    heads = ("Zahl", "Stichtag", "Stand", "festgeschrieben", "bis", "Anlass")
    columns = [Column(head) for head in heads]
    return card("Archiv", table("Festgeschriebene Zahlen", columns, rows), flush=True)


def _row(pin: PinnedFigure, passport: Passport) -> tuple[Component | str, ...]:
    label = f"{passport.definition.number} {passport.definition.label}"
    return (
        html.A(label, href=citation_address(cite(passport)), className="row-link"),
        formats.day(pin.stichtag),
        pin.snapshot,
        formats.day(pin.pinned_at.date()),
        formats.day(pin.keep_until),
        pin.reason,
    )
