"""Cards of the DMS roll-out: what every unit reports, side by side, each figure with its own whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from dash.development.base_component import Component

from dashboard import formats
from dashboard import messages_umsetzung as words
from dashboard.cockpits.dms import UnitLine
from dashboard.components.drill_rows import leading_cell
from dashboard.components.effort_cards import origin
from dashboard.components.icon import status
from dashboard.components.layout import card
from dashboard.components.provenance import source_line
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.components.tile import BandEntry
from dashboard.figures.chart import Column
from metrics.result import Cell, MetricResult

COLUMNS = (
    *(Column("Einheit"), Column("Arbeitsplätze angebunden", "right"), Column("Lizenzen genutzt", "right")),
    *(Column("Digitaler Posteingang"), Column("Geschult (DMS)", "right")),
)
METRICS = ("dms_workplace_share", "dms_licence_share", "dms_mail_in_live_share", "dms_training_share")


def units_card(
    lines: Sequence[UnitLine],
    totals: Mapping[str, MetricResult],
    zone: ZoneInfo,
    href: str,
    links: Mapping[str, str],
) -> Component:
    """Every unit of the last report: workplaces and licences apart, mail-in, training.

    `links` lead deeper by the name of the unit.
    """
    live = totals["dms_mail_in_live_share"]
    cell = live.total
    title = words.mail_in_title(*((cell.numerator, cell.denominator) if cell else (None, None)))
    if not lines:
        return card(title, empty("Noch kein Bericht zum DMS."))
    rows: list[list[Component | str]] = [
        [
            leading_cell(line.name, links.get(line.name)),
            *(pair(line.workplaces), pair(line.licences), mail_in(line.mail_in), pair(line.training)),
        ]
        for line in lines
    ]
    total = ["gesamt", *(_share(totals[name].total) for name in METRICS)]
    return card(
        title,
        table("DMS je Einheit", COLUMNS, rows, total=total, class_name="wide"),
        subtitle="Arbeitsplätze, Lizenzen, Einheiten und Mitarbeitende haben je einen eigenen Nenner",
        foot=[source_line(live, zone), origin(href, live.metric_id)],
        flush=True,
    )


def pair(cell: Cell | None) -> str:
    """„52 von 58“; nothing reported is a dash, not zero."""
    if cell is None or cell.numerator is None or cell.denominator is None:
        return formats.MISSING
    return f"{formats.number(cell.numerator)} von {formats.number(cell.denominator)}"


def _share(cell: Cell | None) -> str:
    return formats.percent(cell.value if cell else None)


def mail_in(state: str | None) -> Component | str:
    """State of the digital mail-in."""
    return status(*words.MAIL_IN[state]) if state is not None and state in words.MAIL_IN else "ohne Angabe"


def entry(label: str, result: MetricResult, noun: str, href: str, context: str = "") -> BandEntry:
    """Value of the band: „582 von 812“ with share and Soll of today; „noch kein Bericht“ without value."""
    cell = result.total
    if cell is None or cell.numerator is None or not cell.denominator:
        return BandEntry(label, formats.MISSING, context="noch kein Bericht", origin_href=href)
    rated = None if cell.target is None else cell.rating
    soll = "" if cell.target is None else f"Soll heute {formats.percent(cell.target)}"
    line = " · ".join(part for part in (formats.percent(cell.value), soll or context) if part)
    unit = f"von {formats.number(cell.denominator)}{f' {noun}' if noun else ''}"
    return BandEntry(label, formats.number(cell.numerator), unit, line, rated, href)
