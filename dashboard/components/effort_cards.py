"""Cards of what effects are made of: expected values, cases by channel, effort, paper, trips, parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash.development.base_component import Component

from dashboard import dimension_words as naming
from dashboard import formats, texts
from dashboard import messages_umsetzung as words
from dashboard.components.attributes import data
from dashboard.components.drill_rows import leading_cell, record_cell
from dashboard.components.layout import card, quiet_link
from dashboard.components.provenance import source_line
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column
from metrics.definition import Definition
from metrics.result import Cell, MetricResult, Number

Records = Sequence[Mapping[str, Any]]


def origin(href: str, metric_id: str) -> Component:
    """Link that opens the origin panel of a figure."""
    return quiet_link(texts.ORIGIN_MANY, href, **data(origin=metric_id))


def channel_card(result: MetricResult, zone: ZoneInfo, href: str, links: Mapping[str, str]) -> Component:
    """Cases of the last twelve months by procedure and channel; `links` lead deeper by procedure."""
    counts = {(row.keys["procedure"], row.keys["channel"]): row.value for row in result.rows}
    channels = [name for name in words.CHANNELS if any(key[1] == name for key in counts)]
    procedures = sorted({key[0] or "" for key in counts}, key=lambda name: -_sum(counts, procedure=name))
    title = words.channel_title(_sum(counts, channel="online"), _sum(counts))
    if not counts:
        return card(title, empty("Noch keine Fallzahlen."))
    rows = [
        [
            leading_cell(_procedure(name), links.get(name)),
            *(_count(counts.get((name, channel))) for channel in channels),
            _total(counts, name),
        ]
        for name in procedures
    ]
    total = ["gesamt", *(_count(_sum(counts, channel=channel)) for channel in channels), _count(_sum(counts))]
    heads = [Column("Verfahren"), *(Column(words.CHANNELS[name], "right") for name in channels)]
    body = table(
        "Fallzahlen nach Verfahren und Kanal", [*heads, Column("gesamt", "right")], rows, total=total
    )
    return card(
        title,
        body,
        subtitle="Anträge, Anzeigen und Meldungen in zwölf Monaten, nach Verfahren und Kanal",
        foot=[source_line(result, zone), origin(href, result.metric_id)],
        flush=True,
    )


def _sum(
    counts: Mapping[tuple[str | None, str | None], Number | None],
    *,
    procedure: str | None = None,
    channel: str | None = None,
) -> int:
    return sum(
        int(value or 0)
        for (name, way), value in counts.items()
        if procedure in (None, name) and channel in (None, way)
    )


def _procedure(name: str) -> str:
    title = naming.value(name)
    return title[:1].upper() + title[1:]


def _total(counts: Mapping[tuple[str | None, str | None], Number | None], procedure: str) -> str:
    return _count(_sum(counts, procedure=procedure))


def _count(value: Number | None) -> str:
    return formats.number(value)


def effort_card(
    hours: MetricResult, euros: MetricResult, zone: ZoneInfo, href: str, links: Mapping[str, str]
) -> Component:
    """Erfüllungsaufwand by side; a side without wage has hours and no Euro. `links` lead deeper by side."""
    title = "Erfüllungsaufwand der gezählten Anträge"
    amounts = {row.keys["addressee"]: row for row in euros.rows}
    named = [row for row in hours.rows if row.keys["addressee"] in words.ADDRESSEES]
    if not named:
        return card(title, empty("Noch keine Zeitwerte je Antrag."))
    rows = [
        [
            leading_cell(words.ADDRESSEES[str(row.keys["addressee"])], links.get(str(row.keys["addressee"]))),
            _told(row, "hours"),
            _told(amounts.get(row.keys["addressee"]), "eur"),
        ]
        for row in named
    ]
    lacks = any(_value(amounts.get(row.keys["addressee"])) is None for row in named)
    columns = (Column("Wer den Aufwand hat"), Column("Zeit", "right"), Column("Betrag", "right"))
    body: list[Component] = [table("Erfüllungsaufwand nach Seite", columns, rows)]
    foot: list[Component | str] = [source_line(hours, zone), origin(href, hours.metric_id)]
    return card(
        title,
        body,
        subtitle=words.EFFORT + (f" {words.NO_WAGE}" if lacks else ""),
        foot=foot,
        flush=True,
    )


def _told(cell: Cell | None, unit: str) -> str:
    return formats.told(_value(cell), unit, qualifier=cell.qualifier if cell else None)


def _value(cell: Cell | None) -> Number | None:
    return cell.value if cell else None


def saving_card(
    amounts: Mapping[str, MetricResult], co2: MetricResult, total: Cell | None, zone: ZoneInfo, href: str
) -> Component:
    """Paper and trips saved in twelve months and their CO₂; a missing parameter leaves a dash and a word."""
    kilograms = {row.keys["cause"]: row for row in co2.rows}
    rows = []
    for cause, label in words.CAUSES.items():
        amount = amounts[cause].total
        part = kilograms.get(cause)
        rows.append([label, _partly(amount, "count"), _partly(part, "kg")])
    columns = (Column("Was gespart ist"), Column("Menge", "right"), Column("CO₂", "right"))
    return card(
        words.saving_title(_value(total), total.qualifier if total else None),
        table("Gespartes Papier, gesparte Wege und ihr CO₂", columns, rows),
        subtitle="Papier gegen den gemessenen Ausgangswert, Wege aus Online-Anträgen",
        foot=[source_line(co2, zone), origin(href, co2.metric_id)],
        flush=True,
    )


def _partly(cell: Cell | None, unit: str) -> str:
    if cell is None or cell.value is None:
        return f"{formats.MISSING} (Parameter oder Ausgangswert fehlt)"
    return _told(cell, unit)


def parameter_card(rows: Records) -> Component:
    """Every parameter in force with the day it holds from and its source; the missing ones say so."""
    shown = [row for row in rows if row["amount"] is None or row["is_current"]]
    lines = [
        [
            str(row["title"]),
            formats.MISSING if row["amount"] is None else f"{_plain(row['amount'])} {row['unit']}",
            formats.day(row["valid_from"]),
            str(row["source"] or words.NO_PARAMETER),
        ]
        for row in shown
    ]
    columns = (Column("Parameter"), Column("Wert", "right"), Column("gilt ab", "right"), Column("Quelle"))
    return card(
        "Parameter mit Tag und Quelle",
        table("Parameter der Berechnung", columns, lines, class_name="wide"),
        subtitle="Das Portal bringt keinen Wert mit; ohne Wert gibt es die Zahl nicht",
        flush=True,
    )


def _plain(value: Any) -> str:
    exact = value.normalize()
    return formats.number(exact, max(0, -int(exact.as_tuple().exponent)))


def book_card(
    rows: Records, definitions: Mapping[str, Definition], result: MetricResult, zone: ZoneInfo, href: str
) -> Component:
    """Baseline, expected and reached value of each effect with method and confidence."""
    lines = [_effect(row, definitions.get(str(row["metric_id"]))) for row in rows]
    columns = (
        *(Column("Wirkung"), Column("wirkt"), Column("Ausgangswert", "right"), Column("erwartet", "right")),
        *(Column("erreicht", "right"), Column("Teil der Erwartung", "right"), Column("Sicherheit")),
    )
    total = result.total
    return card(
        words.reached_title(total.numerator if total else None, total.denominator if total else None),
        table("Wirkungsbuch: Ausgangswert, Erwartung, Ergebnis", columns, lines, class_name="wide"),
        subtitle="Wie zuletzt im Wirkungskatalog erfasst; oben stehen die laufenden Messwerte. "
        "100 % heißt: Die erwartete Änderung ist ganz erreicht",
        foot=[source_line(result, zone), origin(href, result.metric_id)],
        flush=True,
    )


def _effect(row: Mapping[str, Any], definition: Definition | None) -> list[Component | str]:
    def said(side: str) -> str:
        value = row[side]
        if value is None:
            return formats.MISSING
        unit, decimals = (definition.unit, definition.decimals) if definition else ("count", 2)
        method = words.METHODS.get(str(row[f"{side}_method"]), formats.MISSING)
        return f"{formats.amount(value, unit, decimals)} ({method})"

    return [
        record_cell(str(row["title"]), "effect_book", row["effect_id"]),
        words.REACH.get(str(row["reach"]), "ohne Angabe"),
        said("baseline"),
        said("expected"),
        said("reached"),
        formats.percent(row["reached_share"], 0),
        str(row["confidence"] or formats.MISSING),
    ]
