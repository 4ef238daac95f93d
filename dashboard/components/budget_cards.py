"""Cards of the budget cockpit: positions with their load, other cities, terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_budget, texts
from dashboard.cockpits.budget import Account, Line, OtherCity, document_title, stand_of
from dashboard.components.bullet import load_bar
from dashboard.components.drill_rows import leading_cell, record_cell
from dashboard.components.icon import status
from dashboard.components.layout import card, quiet_link
from dashboard.components.legend import legend
from dashboard.components.provenance import stale_words
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column
from metrics.result import MetricResult

Way = Callable[[Line], str | None]
POSITION_COLUMNS = (
    Column("Position"),
    Column("Verfügungsrahmen", "right"),
    Column("Ist", "right"),
    Column("Obligo", "right"),
    Column("verfügbar", "right"),
    Column("Auslastung (Rahmen = 100 %)"),
    Column("Abweichung Prognose", "right"),
    Column("Bewertung"),
)
CITY_COLUMNS = (
    Column("Stadt"),
    Column("Haushaltsjahr"),
    Column("Erträge", "right"),
    Column("Aufwendungen", "right"),
    Column("Ergebnis", "right"),
    Column("Dokument"),
)
CITY_NOTE = (
    "Nicht vergleichbar über Ländergrenzen: Die Städte haben verschiedene Aufgaben, Größen und ein "
    "verschiedenes Haushaltsrecht. Aus den veröffentlichten Einzelwerten neu berechnet, kein Rang."
)


def booking_line(account: Account, zone: ZoneInfo, number: str) -> Component:
    """Number, source and day of the bookings; the forecast's own day where it differs."""
    booked = stand_of(account.loads, "booking")
    if booked is None:
        return html.Span(f"{number} · noch keine Buchungen geladen")
    day = formats.day(booked.as_of.astimezone(zone).date())
    words = f"{number} · {booked.title}, Buchungsstand {day}"
    expected = stand_of(account.loads, "budget_month")
    if expected is not None and expected.as_of != booked.as_of:
        words += f", Prognose vom {formats.day(expected.as_of.astimezone(zone).date())}"
    if account.stale:
        return html.Span([status("warn", "veraltet"), f" {words}"], className="is-stale")
    return html.Span(words)


def booked_on(account: Account, zone: ZoneInfo) -> str:
    """Day of the bookings an account rests on."""
    booked = stand_of(account.loads, "booking")
    return formats.day(booked.as_of.astimezone(zone).date()) if booked else "unbekannt"


def positions_card(
    account: Account,
    *,
    title: str,
    subtitle: str,
    total_name: str,
    number: str,
    zone: ZoneInfo,
    origin_href: str,
    way: Way,
) -> Component:
    """Table of positions with bullets; the last row is the whole slice and equals the tile on Start.

    `way` leads from a line into its breakdown.
    """
    elapsed = account.elapsed
    rows = [position_row(line, leading_cell(line.name, way(line)), elapsed) for line in account.lines]
    swatches = [("plan", "Plan"), ("ist", "Ist"), ("obligo", "Obligo"), ("prognose", "Prognose")]
    swatches.append(("elapsed", f"Jahr vorbei: {formats.percent(elapsed)}"))
    note = messages_budget.missing_forecast(account.without_forecast, len(account.lines))
    feet = [booking_line(account, zone, number), *([html.Span(note)] if note else [])]
    return card(
        title,
        table(
            f"{title}: {subtitle}",
            POSITION_COLUMNS,
            rows,
            total=position_row(account.total, total_name, elapsed),
            class_name="budget-positions",
        ),
        subtitle=subtitle,
        actions=[legend(swatches, inline=True)],
        foot=[*feet, quiet_link(texts.ORIGIN_MANY, origin_href)],
        flush=True,
        class_name="positions-card",
    )


def position_row(line: Line, name: Component | str, elapsed: Decimal) -> list[Component | str]:
    """Cells of a line in POSITION_COLUMNS."""
    return [
        name,
        formats.number(line.frame),
        formats.number(line.ist),
        formats.number(line.obligo),
        html.Strong(formats.number(line.available)),
        _load(line, elapsed),
        html.Strong(formats.number(line.balance, plus=True), className=_colour(line)),
        status(line.rating),
    ]


def _colour(line: Line) -> str:
    return f"is-{line.rating}" if line.rating in ("warn", "krit") else ""


def _load(line: Line, elapsed: Decimal) -> Component | str:
    ist, obligo = line.part(line.ist), line.part(line.obligo)
    if ist is None or obligo is None:
        return html.Span("– kein Rahmen", className="muted")
    return load_bar(ist, obligo, line.part(line.forecast), elapsed, line.rating)


def cities_card(
    cities: Sequence[OtherCity], result: MetricResult, *, number: str, zone: ZoneInfo, origin_href: str
) -> Component:
    """Published budgets of other cities as a table, each with its document."""
    title, subtitle = "Andere Städte", "Ertrag − Aufwand der letzten veröffentlichten Jahre, in Mio. €"
    if not cities:
        return card(title, empty("Noch keine Haushalte anderer Städte geladen."), subtitle=subtitle)
    stands = {load.title: formats.day(load.as_of.astimezone(zone).date()) for load in result.lineage}
    sources = ", ".join(f"{name} (Stand {day})" for name, day in stands.items())
    old = stale_words(result, zone)
    feet = [html.Span(f"{number} · {sources}"), *([status("warn", old)] if old else [])]
    rows = [_city_row(entry) for entry in cities]
    return card(
        title,
        [table(f"{title}: {subtitle}", CITY_COLUMNS, rows), html.P(CITY_NOTE, className="city-note")],
        subtitle=subtitle,
        foot=[*feet, quiet_link(texts.ORIGIN_MANY, origin_href)],
        flush=True,
    )


def _city_row(entry: OtherCity) -> list[Component | str]:
    million = 1_000_000
    amounts = [None if v is None else v / million for v in (entry.earned, entry.spent, entry.result)]
    return [
        record_cell(entry.city, "city_budgets", entry.city, entry.year, "ergebnis", entry.document),
        str(entry.year),
        formats.number(amounts[0], 1),
        formats.number(amounts[1], 1),
        html.Strong(formats.number(amounts[2], 1, plus=True)),
        document_title(entry.document),
    ]


def component_terms(parts: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What may change a frame, as the law of each Land calls and bounds it."""
    return [
        (f"{part['bezeichnung']} ({part['land']})", ". ".join(filter(None, _basis(part))) + ".")
        for part in parts
    ]


def _basis(part: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return f"{part['rechtsgrundlage']}, {part['quelle']}", part["hinweis"]


def terms_card(terms: Sequence[tuple[str, str]]) -> Component:
    """Terms of the page with the meaning the metrics themselves state."""
    pairs = [part for term, meaning in terms for part in (html.Dt(term), html.Dd(meaning))]
    return html.Section(card("Begriffe", html.Dl(pairs, className="terms")), id="begriffe")
