"""The drill path on the screen: where one stands, the parts of a figure, the records behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard.cockpits.aufgliederung import Level, Row, pair_heads
from dashboard.components.attributes import aria
from dashboard.components.bullet import bullet
from dashboard.components.icon import status
from dashboard.components.layout import link_action
from dashboard.components.table import Cell as TableCell
from dashboard.components.table import table
from dashboard.figures.chart import Column
from metrics.definition import Definition

Crumb = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Behind:
    """Records behind a figure: all of them, those in its numerator, and what the list cannot say."""

    title: str
    all_href: str
    total: int
    counted_href: str = ""
    counted: int = 0
    counted_words: str = ""
    remarks: Sequence[str] = ()


def breadcrumb(crumbs: Sequence[Crumb]) -> Component:
    """„Stadt › Dezernat › Fachdienst › Themenfeld“; every step but the last leads back."""
    last = len(crumbs) - 1
    items = [
        html.Li(
            html.Span(words, **aria(current="page"))
            if place == last
            else html.A(words, href=href, className="text-link")
        )
        for place, (words, href) in enumerate(crumbs)
    ]
    return html.Nav(html.Ol(items, className="crumbs"), **aria(label="Weg der Aufgliederung"))


def level_table(level: Level, definition: Definition, caption: str) -> Component:
    """Parts of a figure, worst first; the name of a part leads deeper."""
    if level.buckets:
        return _bucket_table(level, caption)
    top, bottom = pair_heads(definition)
    rated = any(row.rating != "neu" for row in level.rows)
    aimed = any(row.target for row in level.rows)
    drawn = any(row.bar for row in level.rows)
    shared = any(row.share for row in level.rows)
    heads = [
        Column(level.title),
        Column("Wert", "right"),
        *([Column(top, "right")] if top else []),
        *([Column(bottom, "right")] if bottom else []),
        *([Column("Soll", "right")] if aimed else []),
        *([Column("Bewertung")] if rated else []),
        *([Column("Balken")] if drawn else []),
        *([Column("Anteil", "right")] if shared else []),
    ]
    rows = [
        [
            _name(row),
            html.Strong(row.value),
            *([row.pair[0]] if top else []),
            *([row.pair[1]] if bottom else []),
            *([row.target or formats.MISSING] if aimed else []),
            *([status(row.rating)] if rated else []),
            *([_bar(row)] if drawn else []),
            *([row.share] if shared else []),
        ]
        for row in level.rows
    ]
    return table(caption, heads, rows, class_name="table-drill")


def _bucket_table(level: Level, caption: str) -> Component:
    heads = [
        Column(level.title),
        *(Column(words, "right") for words in level.buckets),
        Column("Summe", "right"),
    ]
    rows = [[_name(row), *row.counts, html.Strong(row.value)] for row in level.rows]
    return table(caption, heads, rows, class_name="table-drill")


def _name(row: Row) -> TableCell:
    if row.href:
        return html.A(row.label, href=row.href, className="row-link")
    note = html.Span(texts.HIDDEN_NOTE, className="row-note")
    return html.Span([row.label, note]) if row.hidden else row.label


def _bar(row: Row) -> TableCell:
    return bullet(row.bar) if row.bar else ""


def behind_part(behind: Behind) -> Component:
    """Ways into the list of records, with what the list cannot narrow down."""
    words = texts.plural(behind.total, "Datensatz", "Datensätze")
    links = [link_action(f"{words} ansehen", behind.all_href, icon_name="table", primary=True)]
    if behind.counted_href:
        counted = f"Davon {formats.number(behind.counted)} im Zähler ansehen"
        links.append(link_action(counted, behind.counted_href))
    remarks = [html.P(remark, className="field-note") for remark in behind.remarks]
    return html.Div([html.Div(links, className="drill-ways"), *remarks])
