"""Words for the foot of a card: which sources, which Datenstand, and whether it is stale."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.components.icon import sign
from metrics.result import MetricResult


def source_words(result: MetricResult) -> str:
    """„Quelle: Leistungsregister“; more than two sources are counted."""
    titles = list(dict.fromkeys(load.title for load in result.lineage))
    if not titles:
        return "Quelle: noch nicht geladen"
    if len(titles) > 2:
        return f"{len(titles)} Quellen"
    return f"{'Quelle' if len(titles) == 1 else 'Quellen'}: {', '.join(titles)}"


def stale_words(result: MetricResult, zone: ZoneInfo) -> str:
    """„veraltet, Stand 08.06.2026“ when a source behind the figure is stale, else nothing."""
    if not result.stale_sources:
        return ""
    day = formats.day(result.as_of.astimezone(zone).date()) if result.as_of else "unbekannt"
    return f"veraltet, Stand {day}"


def foot_line(*words: Component | str) -> Component:
    """A line of its own above the rest of a foot, for what a narrow card cannot hold beside the links."""
    return html.Span(list(words), className="foot-wide")


def number_line(number: str, result: MetricResult, zone: ZoneInfo) -> Component:
    """„OZG-01 · Datenstand 09.06.2026, 03:15 Uhr“, or the number with the mark of a stale figure."""
    old = stale_words(result, zone)
    if old:
        return html.Span([f"{number} · ", sign("warn"), html.Strong(f" {old}")], className="is-stale")
    if result.as_of is None:
        return html.Span(f"{number} · noch nicht geladen")
    return html.Span(f"{number} · Datenstand {formats.stand(result.as_of, zone)}")


def source_line(result: MetricResult, zone: ZoneInfo) -> Component:
    """Source and Datenstand for the left of a foot; a stale figure carries its sign."""
    old = stale_words(result, zone)
    if old:
        words = [html.Span(f"{source_words(result)} · "), sign("warn"), html.Strong(f" {old}")]
        return html.Span(words, className="is-stale")
    if result.as_of is None:
        return html.Span(source_words(result))
    return html.Span(f"{source_words(result)} · Datenstand {formats.stand(result.as_of, zone)}")
