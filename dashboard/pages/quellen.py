"""Datenquellen & Läufe: can the figures be trusted, what failed, who clears it up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_nachweis, texts
from dashboard.auth.rights import EVERYBODY, RIGHTS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import laeufe, quellen
from dashboard.cockpits.quelle import Delivery, SourceView, source_view
from dashboard.components.address import address
from dashboard.components.bullet import night_strip
from dashboard.components.chart_card import chart_card
from dashboard.components.guard import guarded
from dashboard.components.icon import sign, status
from dashboard.components.layout import card, cell, grid, page_head, quiet_link, region
from dashboard.components.legend import legend
from dashboard.components.states import empty, info_bar
from dashboard.components.steckbrief import coloured
from dashboard.components.table import table
from dashboard.components.tile import band
from dashboard.drill_link import drill_address
from dashboard.figures.chart import Column
from dashboard.figures.run_timeline import run_timeline
from dashboard.jobs.clock import next_due
from dashboard.jobs.start import run_is_active
from dashboard.page import Page
from dashboard.pages._lauf_starten import STARTED, STARTERS, add_start_route, is_requested, start_form
from dashboard.pages._quelle import source_card
from warehouse.errors import IsekError
from warehouse.sources import (
    deliveries,
    rejected_groups,
    rejected_rows,
    remarks,
    rows_in_force,
    source_facts,
)
from warehouse.status import SourceStatus
from warehouse.subjects import load_subjects

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("quellen", "/datenquellen", "Datenquellen & Läufe", "Nachweis", "quellen", EVERYBODY, 90)
SOURCE, HINTS = "quelle", "hinweise"
FRESH = "source_fresh_share"
SHOWN_HINTS = 3
MOST_RUNS, SHOWN_RUNS = 400, 60


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The page; before the first run it says so."""
    active = run_is_active(services.settings)
    runs = laeufe.settled(services.ledger.runs(limit=MOST_RUNS), active)
    try:
        facts = _facts(services, viewer, runs)
    except IsekError:
        head = _head(viewer, active, "Noch ist kein Lauf freigegeben.")
        return html.Div([head, *_disturbances(services), _runs(services, runs)])
    sentence = quellen.sentence(facts)
    asked = next((s for s in facts.status.sources if s.id == params.get(SOURCE)), None)
    parts = [_head(viewer, active, sentence.bold, sentence.rest), *_disturbances(services)]
    parts += _notices(services, runs, params)
    opens = viewer.role in RIGHTS["aufgliederung"]
    parts.append(band(quellen.band(facts, drill_address(FRESH) if opens else None)))
    if asked is not None:
        parts.append(_detail_region(services, viewer, facts, asked))
    parts += [_last_run(facts, params), _sources(facts, params), _runs(services, runs)]
    return html.Div(parts, className="stack")


def _facts(services: Services, viewer: Viewer, runs: Any) -> quellen.Facts:
    settings, now = services.settings, datetime.now(UTC)
    alive, snapshot = services.night_alive(now), services.snapshot()
    known = source_facts(snapshot)
    stock = services.cache.get_or_compute(
        ("stock", snapshot.name), lambda: rows_in_force(snapshot, known.values())
    )
    return quellen.Facts(
        status=services.status(viewer),
        runs=runs,
        sources=known,
        stock=stock,
        catalog=services.catalog,
        leading=[figure.metric for figure in settings.leitkennzahlen],
        zone=settings.zone,
        next_run=next_due(now, settings.night.at, settings.zone) if alive else None,
    )


def _head(viewer: Viewer, active: bool, bold: str, rest: str = "") -> Component:
    actions = [start_form()] if viewer.role in STARTERS and not active else []
    return page_head(PAGE.title, bold=bold, rest=rest, actions=actions)


def _disturbances(services: Services) -> list[Component]:
    told = [services.reader.fallback_reason] if services.reader.fallback_reason else []
    told += messages_nachweis.disturbances(services.ledger.conditions(), services.settings.zone)
    return [info_bar(sentence) for sentence in told]


def _notices(services: Services, runs: Any, params: Mapping[str, str]) -> list[Component]:
    going = laeufe.running(runs)
    zone = services.settings.zone
    if going is not None:
        since = formats.clock(going.started_at, zone)
        return [info_bar(f"Lauf seit {since}. Bis zur Freigabe gilt der bisherige Stand.")]
    if is_requested(params.get(STARTED), runs):
        link = ("Seite neu laden", address(PAGE.path, params))
        return [info_bar("Der Lauf ist angefordert. Er erscheint unter „Läufe“.", link=link)]
    return []


def _last_run(facts: quellen.Facts, params: Mapping[str, str]) -> Component:
    last = facts.last
    title = messages_nachweis.run_title(
        last.state if last else None, last.finished_at if last else None, facts.zone
    )
    return region(
        "Letzter Lauf",
        grid(
            cell(7, guarded(title, lambda: _timeline(facts, title))),
            cell(5, guarded("Hinweise zum letzten Lauf", lambda: _hints(facts, params))),
        ),
    )


def _timeline(facts: quellen.Facts, title: str) -> Component:
    last = facts.last
    if last is None:
        return card(title, empty("Der erste Lauf steht aus."))
    subtitle = f"Lauf für den {formats.day(last.business_date)} nach Schritt, Uhrzeit"
    steps = laeufe.run_steps(last, facts.zone)
    if not steps:
        return card(title, empty("Zu diesem Lauf sind keine Schritte festgehalten."), subtitle=subtitle)
    chart = run_timeline(steps, zone=facts.zone, caption=f"{title}: Schritte des Laufs")
    trigger = f"Lauf-Nr. {last.run_id} · Auslöser: {laeufe.trigger_word(last.trigger)}"
    return chart_card(
        "lauf", title, chart, subtitle=subtitle, foot=[trigger, quiet_link("Alle Läufe", "#laeufe")]
    )


def _hints(facts: quellen.Facts, params: Mapping[str, str]) -> Component:
    hints = quellen.hints(facts)
    title = messages_nachweis.hints_title(len(hints))
    if not hints:
        return card(title, empty("Alle Quellen sind aktuell, kein Datensatz wurde abgelehnt."))
    shown = hints if params.get(HINTS) else hints[:SHOWN_HINTS]
    items = html.Ul([_hint(hint) for hint in shown], className="points")
    subtitle = "Was nicht aktuell ist und wer es klärt, das Dringendste zuerst"
    return card(title, items, subtitle=subtitle, foot=_hint_foot(len(shown), len(hints), params))


def _hint_foot(shown: int, total: int, params: Mapping[str, str]) -> list[Component | str]:
    if total <= SHOWN_HINTS:
        return []
    href = address(PAGE.path, params, hinweise="alle" if shown < total else None)
    label = "Alle Hinweise" if shown < total else "Weniger Hinweise"
    return [f"{formats.number(shown)} von {formats.number(total)}", quiet_link(label, href)]


def _hint(hint: quellen.Hint) -> Component:
    title: Component | str = hint.title
    if hint.source:
        title = html.A(hint.title, href=address(PAGE.path, {}, quelle=hint.source), className="row-link")
    words = [
        html.P(title, className="point-title"),
        html.P(hint.detail, className="point-text"),
        html.P(hint.touches, className="point-text point-strong"),
        html.P(hint.contact, className="point-meta"),
    ]
    return html.Li([sign(hint.rating, label=texts.RATING_WORDS[hint.rating], large=True), *words])


def _sources(facts: quellen.Facts, params: Mapping[str, str]) -> Component:
    return region("Quellen", guarded("Datenquellen", lambda: _source_card(facts, params)))


NIGHT_LEGEND = (
    ("night-gut", "erfolgreich"),
    ("night-warn", "mit Hinweis"),
    ("night-krit", "fehlgeschlagen"),
    ("night-neu", "kein Abruf"),
)


def _source_card(facts: quellen.Facts, params: Mapping[str, str]) -> Component:
    rows = quellen.source_rows(facts)
    title = messages_nachweis.sources_title(quellen.fresh_count(facts.status), len(rows))
    columns = (
        Column("Datenquelle"),
        Column("Weg"),
        Column("Zuständig"),
        Column("Datenstand"),
        Column("Datensätze", "right"),
        Column(quellen.nights_title(facts)),
        Column("Status"),
    )
    body = table("Alle Datenquellen", columns, [_source_cells(row, params) for row in rows])
    return card(
        title,
        body,
        subtitle=f"Letzte {laeufe.NIGHTS} Nächte je Quelle",
        actions=[legend(NIGHT_LEGEND, inline=True)],
        foot=[quellen.nature_foot(facts.status)],
        flush=True,
        class_name="sources-card",
    )


def _source_cells(row: quellen.SourceRow, params: Mapping[str, str]) -> list[Component | str]:
    href = address(PAGE.path, params, quelle=row.id, angefordert=None)
    return [
        html.A(row.title, href=href, className="row-link"),
        row.way,
        row.owner,
        coloured(row.stand, row.rating),
        row.rows,
        night_strip(row.nights),
        status(row.rating, row.word),
    ]


def _detail_region(
    services: Services, viewer: Viewer, facts: quellen.Facts, asked: SourceStatus
) -> Component:
    build = lambda: source_card(_view(services, viewer, facts, asked), viewer, PAGE.path)  # noqa: E731
    return region("Einzelheiten der Quelle", guarded(asked.title, build))


def _view(services: Services, viewer: Viewer, facts: quellen.Facts, asked: SourceStatus) -> SourceView:
    snapshot, city = services.snapshot(), services.settings.city
    rows = rejected_rows(snapshot, asked.id) if viewer.sees_rejected_values else None
    told = remarks(snapshot, asked.id)
    delivery = Delivery(deliveries(snapshot, asked.id), rejected_groups(snapshot, asked.id), rows, told)
    subjects = services.cache.get_or_compute(("subjects", str(city)), lambda: load_subjects(city))
    metrics = quellen.metrics_of(facts, asked.id)
    return source_view(asked, facts.sources.get(asked.id), delivery, metrics, subjects, facts.zone)


def _runs(services: Services, runs: Any) -> Component:
    return region("Läufe", guarded("Läufe", lambda: _run_card(services, runs)))


def _run_card(services: Services, runs: Any) -> Component:
    rows = laeufe.run_rows(runs[:SHOWN_RUNS], services.settings.zone)
    if not rows:
        return card("Läufe", empty("Noch gab es keinen Lauf."))
    columns = (
        *(Column("Lauf-Nr."), Column("Geschäftstag"), Column("Auslöser"), Column("Zustand")),
        *(Column("Beginn"), Column("Dauer", "right"), Column("Veröffentlichter Stand"), Column("Grund")),
    )
    cells = [
        (r.run_id, r.day, r.trigger, status(r.rating, r.word), r.started, r.duration, r.snapshot, r.reason)
        for r in rows
    ]
    foot = f"Die letzten {SHOWN_RUNS} Läufe" if len(runs) > SHOWN_RUNS else f"{len(rows)} insgesamt"
    body = table("Alle Läufe, der neueste zuerst", columns, cells, dense=True)
    title = "Läufe"
    return html.Div(
        card(title, body, subtitle="Der neueste zuerst, auch abgebrochene und fehlgeschlagene",
             foot=[foot], flush=True),
        id="laeufe",
    )  # fmt: skip


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address; only starting a run has a route."""
    add_start_route(app, services, PAGE.path)
