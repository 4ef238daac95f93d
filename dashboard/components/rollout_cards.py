"""Cards of what the council decided: items, deadlines and their rules, ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard import messages_umsetzung as words
from dashboard.components.bullet import glyph
from dashboard.components.drill_rows import leading_cell, record_cell
from dashboard.components.effort_cards import origin
from dashboard.components.icon import status
from dashboard.components.layout import card
from dashboard.components.provenance import source_line
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column
from metrics.result import Cell, MetricResult

Records = Sequence[Mapping[str, Any]]
COUNCIL_COLUMNS = (
    *(Column("Gegenstand"), Column("Art"), Column("Vorlage"), Column("Zuständig"), Column("Frist")),
    *(Column("Quelle der Frist"), Column("Stand")),
)
RANKING_COLUMNS = (
    *(Column("Rang", "right"), Column("Leistung"), Column("Zuständig"), Column("Reifegrad")),
    *(Column("Punkte", "right"), Column("Punkte je Kriterium")),
)


def _pair(cell: Cell | None) -> tuple[Any, Any]:
    return (cell.numerator, cell.denominator) if cell else (None, None)


def council_card(
    rows: Records, total: int, result: MetricResult, units: Mapping[str, str], zone: ZoneInfo, href: str
) -> Component:
    """Council items, the overdue and open ones first, each with its deadline as it was named."""
    title = words.council_title(*_pair(result.total))
    if not rows:
        return card(title, empty("Noch keine Anträge, Anfragen oder Beschlüsse."))
    ordered = sorted(rows, key=_urgency)
    lines: list[list[Component | str]] = [
        [
            record_cell(str(row["title"]), "council_items", row["item_id"]),
            words.KINDS.get(str(row["kind"]), str(row["kind"])),
            str(row["paper_no"]),
            units.get(str(row["org_unit_id"]), str(row["org_unit_id"])),
            words.due_words(row["due_kind"], row["due_precision"], row["due_end"]).replace(" ", formats.NBSP),
            _due_source(row),
            _state(row),
        ]
        for row in ordered[: words.COUNCIL_ROWS]
    ]
    counted = html.Span(f"{formats.number(len(lines))} von {formats.number(total)}, Offenes zuerst · ")
    return card(
        title,
        table("Anträge, Anfragen und Beschlüsse", COUNCIL_COLUMNS, lines, class_name="wide"),
        subtitle="Mit Frist, erledigt oder abgelaufen; eine unscharfe Frist endet mit ihrem letzten Tag",
        foot=[html.Span([counted, source_line(result, zone)]), origin(href, result.metric_id)],
        flush=True,
    )


def _urgency(row: Mapping[str, Any]) -> int:
    """Overdue, open, settled; within each the order of the list."""
    if row["is_overdue"]:
        return 0
    return 2 if row["done_on"] is not None or row["outcome"] in ("abgelehnt", "zurueckgezogen") else 1


def _due_source(row: Mapping[str, Any]) -> str:
    named = int(row["deadlines"])
    source = str(row["due_source"] or formats.MISSING)
    return f"{source} ({named} Fristen genannt)" if named > 1 else source


def _state(row: Mapping[str, Any]) -> Component:
    if row["is_overdue"]:
        return status("krit", "überfällig")
    rating, word = words.STATES.get(str(row["status"]), ("neu", str(row["status"])))
    if row["outcome"] == "abgelehnt":
        return status("neu", "abgelehnt")
    return status(rating, word)


def deadline_card(
    last: MetricResult,
    first: MetricResult,
    total: Cell | None,
    zone: ZoneInfo,
    href: str,
    links: Mapping[str, str],
) -> Component:
    """Measures by the precision of their deadline, overdue under both rules; `links` lead deeper by it."""
    before = {row.keys["genauigkeit"]: row for row in first.rows}
    after = {row.keys["genauigkeit"]: row for row in last.rows}
    lines = [
        [
            leading_cell(label, links.get(name)),
            formats.number(_pair(after.get(name))[1]),
            formats.number(_pair(after.get(name))[0]),
            formats.number(_pair(before.get(name))[0]),
        ]
        for name, label in words.PRECISIONS.items()
        if name in after or name in before
    ]
    columns = (
        *(Column("Frist genannt"), Column("Maßnahmen", "right")),
        *(Column("überfällig (letzte Frist)", "right"), Column("überfällig (erste Frist)", "right")),
    )
    return card(
        words.overdue_title(_pair(total)[0]),
        table("Maßnahmen nach Genauigkeit der Frist", columns, lines),
        subtitle=words.DEADLINE_SCOPE,
        foot=[source_line(last, zone), origin(href, last.metric_id)],
        flush=True,
    )


def rule_card(rows: Records) -> Component:
    """When something is overdue, and which of several deadlines decides."""
    lines = [[str(row["title"]), str(row["meaning"])] for row in rows]
    columns = (Column("Fristregel"), Column("Bedeutung"))
    body = [html.P(words.DEADLINE_RULE, className="card-text"), table("Fristregeln", columns, lines)]
    return card("Wann etwas überfällig ist", body, flush=True)


def ranking_card(rows: Records, criteria: Records, units: Mapping[str, str]) -> Component:
    """The named places with points per criterion; with the weights in the foot all can be recomputed."""
    if not rows or not criteria:
        return card("TOP 20 der Leistungen", empty("Noch keine Rangliste mit Gewichten."))
    first = criteria[0]
    lines: list[list[Component | str]] = [
        [
            formats.number(row["place"]),
            record_cell(str(row["title"]), "ranking_places", row["ranking_id"], row["object_id"]),
            units.get(str(row["org_unit_id"]), str(row["org_unit_id"])),
            glyph(row["reifegrad"]),
            formats.number(row["points"], 1),
            str(row["points_text"]),
        ]
        for row in rows
    ]
    weights = " · ".join(f"{row['title']} {formats.number(row['weight'])}" for row in criteria)
    return card(
        str(first["ranking_title"]),
        table("Rangliste mit Punkten", RANKING_COLUMNS, lines, class_name="wide"),
        subtitle="Punkte 0 bis 100; Rang = Summe aus Gewicht × Punkten, geteilt durch die Summe der Gewichte",
        foot=[f"Gewichte: {weights}", f"{first['decided']}, gilt ab {formats.day(first['valid_from'])}"],
        flush=True,
    )
