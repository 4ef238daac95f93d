"""Card of one source: what was delivered, what was refused, which figures rest on it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.auth.viewer import Viewer
from dashboard.cockpits.quelle import SourceView
from dashboard.components.icon import status
from dashboard.components.layout import card, quiet_link, text_link
from dashboard.components.states import empty
from dashboard.components.steckbrief import terms
from dashboard.components.table import table
from dashboard.figures.chart import Column
from metrics.result import Rating


def source_card(view: SourceView, viewer: Viewer, close_href: str) -> Component:
    """Return the card; refused values only for those who may see them."""
    rating: Rating = "gut" if view.adds_up else "krit"
    parts = [
        html.Div([terms(view.facts), _metrics(view)], className="two-columns"),
        html.H4("Rechnung der letzten Lieferung", className="card-part"),
        html.P([html.Strong(view.accounting), " ", status(rating, view.verdict)]),
        *_remarks(view),
        html.H4("Letzte Lieferungen", className="card-part"),
        _loads(view),
        html.H4("Abgelehnte Datensätze", className="card-part"),
        _refused(view, viewer),
    ]
    close = quiet_link("Einzelheiten schließen", close_href)
    return card(view.title, parts, subtitle="Einzelheiten der Quelle", actions=[close], class_name="detail")


def _metrics(view: SourceView) -> Component:
    if not view.metrics:
        return html.Div([html.H4("Kennzahlen"), html.P("Auf dieser Quelle beruht keine Kennzahl.")])
    links = [
        html.Li([f"{number} ", text_link(label, f"/kennzahlen?kennzahl={metric_id}#{metric_id}")])
        for metric_id, number, label in view.metrics
    ]
    return html.Div([html.H4("Kennzahlen, die darauf beruhen"), html.Ul(links, className="plain-list")])


def _remarks(view: SourceView) -> list[Component]:
    if not view.remarks:
        return []
    lines = html.Ul([html.Li(remark) for remark in view.remarks], className="plain-list")
    return [html.H4("Hinweise zur letzten Lieferung", className="card-part"), lines]


def _loads(view: SourceView) -> Component:
    if not view.loads:
        return empty("Noch wurde nichts geladen.")
    counts = (Column(word, "right") for word in ("gelesen", "übernommen", "abgelehnt", "doppelt"))
    columns = (Column("Lauf"), Column("Inhalt"), Column("Datenstand"), *counts)
    columns += (Column("Prüfsumme der Lieferung"), Column("Gültigkeit"))
    return table("Letzte Lieferungen der Quelle", columns, view.loads, dense=True)


def _refused(view: SourceView, viewer: Viewer) -> Component:
    if not view.refused:
        return html.P("Aus der letzten Lieferung wurde kein Datensatz abgelehnt.")
    columns = [Column(head, "right" if head == "Datensätze" else "left") for head in view.refused_heads]
    found = table("Abgelehnte Datensätze der letzten Lieferung", columns, view.refused, dense=True)
    if viewer.sees_rejected_values:
        return found
    note = "Die Werte selbst sehen nur Controlling und Fachadministration."
    return html.Div([found, html.P(note, className="note")])
