"""Datenmodell: what the tables hold that figures are counted from, made from the files that check them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth.rights import EVERYBODY
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import datenmodell as view
from dashboard.cockpits.lieferungen import deliverers
from dashboard.components.address import address
from dashboard.components.filters import choices, filter_bar, menu
from dashboard.components.layout import card, page_head, print_action, quiet_link, region, text_link
from dashboard.components.steckbrief import terms
from dashboard.components.table import late_table, table
from dashboard.figures.chart import Column, TableData
from dashboard.page import Page
from dashboard.texts import plural
from warehouse.contract import Subject
from warehouse.errors import ConfigError
from warehouse.reifegrad.files import load_rulers
from warehouse.reifegrad.ruler import Crosswalk, ReifegradModel, Rulers
from warehouse.subjects import load_subjects

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("datenmodell", "/datenmodell", "Datenmodell", "Fuß", "book", EVERYBODY, 910)
SUBJECT, EVERY = "gegenstand", "alle"
INTRO = "Jede Beschreibung kommt aus der Datei, nach der das Portal die Lieferungen prüft."


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Subjects with the one asked for in detail, rulers of the Reifegrad, counting rules, populations."""
    del viewer
    subjects, rulers = _read(services)
    views = view.subject_views(subjects, deliverers(services, subjects), services.catalog)
    asked = params.get(SUBJECT, "")
    shown = [item for item in views if asked in (EVERY, item.id)]
    bold = (
        f"{plural(len(views), 'Gegenstand ist', 'Gegenstände sind', 'Noch kein Gegenstand ist')} beschrieben."
    )
    options = [(None, "Übersicht"), (EVERY, "alle im Einzelnen"), *((item.id, item.title) for item in views)]
    chooser = filter_bar(menu("Gegenstand", choices(PAGE.path, params, SUBJECT, options)))
    details = [_detail(item) for item in shown]
    return html.Div(
        [
            page_head(PAGE.title, bold=bold, rest=INTRO, actions=[print_action()]),
            chooser,
            *([region("Gegenstand im Einzelnen", details, class_name="stack")] if details else []),
            region("Gegenstände", _overview(views)),
            region("Reifegradmodelle", list(_models(rulers)), class_name="stack"),
            region("Zählregeln", _rules(rulers)),
            region("Grundgesamtheiten", _populations(services)),
        ],
        className="stack",
    )


def _read(services: Services) -> tuple[Mapping[str, Subject], Rulers]:
    """Files of product and city, read once per process like the catalogue."""
    city = services.settings.city
    return services.cache.get_or_compute(("datenmodell",), lambda: (load_subjects(city), _rulers(city)))


def _rulers(city: Path) -> Rulers:
    """All rulers; the product's alone while a file of the town is faulty: night and check tell it."""
    try:
        return load_rulers(city)
    except ConfigError:
        return load_rulers(None)


def _overview(views: Sequence[view.SubjectView]) -> Component:
    heads = (
        *(Column("Gegenstand"), Column("Was eine Zeile ist"), Column("Spalten", "right")),
        *(Column("Quellen"), Column("Kennzahlen", "right")),
    )
    rows = [
        (
            html.A(item.title, href=_place(item.id), className="row-link"),
            item.description,
            str(len(item.rows)),
            ", ".join(title for title, _ in item.sources) or "noch keine",
            str(len(item.metrics)),
        )
        for item in views
    ]
    return card("Gegenstände", table("Gegenstände", heads, rows, class_name="table-subjects"), flush=True)


def _heads(*words: str) -> tuple[Column, ...]:
    return tuple(Column(word) for word in words)


def _place(subject_id: str) -> str:
    return f"{address(PAGE.path, {SUBJECT: subject_id})}#{subject_id}"


def _detail(item: view.SubjectView) -> Component:
    heads = _heads("Spalte", "Technischer Name", "Art", "Einheit", "Angabe", "Erlaubt")
    parts = [
        html.P(item.description, className="paragraph"),
        terms((("Schlüssel", item.key), ("Gehört zu", item.scope), ("Kennung", item.id))),
        late_table(TableData(f"Spalten von {item.title}", heads, item.rows), class_name="table-columns"),
        html.Div(
            [
                _links("Quellen, die ihn liefern", item.sources, "Noch liefert ihn keine Quelle."),
                _links("Kennzahlen, die darauf beruhen", item.metrics, "Darauf beruht noch keine Kennzahl."),
            ],
            className="two-columns",
        ),
    ]
    close = quiet_link("Zur Übersicht", PAGE.path)
    return html.Div(card(item.title, parts, actions=[close], class_name="detail"), id=item.id)


def _links(title: str, links: Sequence[view.Link], none: str) -> Component:
    items = html.Ul([html.Li(text_link(*link)) for link in links], className="plain-list")
    return html.Div([html.H4(title), items if links else html.P(none)])


def _models(rulers: Rulers) -> Iterator[Component]:
    for model in rulers.models.values():
        yield _model(model)
    for crosswalk in rulers.crosswalks.values():
        yield _crosswalk(crosswalk, rulers)


def _model(model: ReifegradModel) -> Component:
    heads = (Column("Stufe"), Column("Name"), Column("Bedeutung"))
    levels = table(f"Stufen: {model.title}", heads, view.level_rows(model), dense=True)
    named = [html.H4("Kriterien", className="card-part"), html.P(", ".join(c.title for c in model.criterion))]
    body = [terms(view.model_facts(model)), levels, *(named if model.criterion else [])]
    return card(model.title, body, subtitle=f"Fassung {model.version}", class_name="detail")


def _crosswalk(crosswalk: Crosswalk, rulers: Rulers) -> Component:
    heads = (Column("Stufe"), Column("entspricht"), Column("Warum nicht"))
    title = view.crosswalk_title(crosswalk, rulers)
    body = [
        terms((("Rang", view.STANDINGS[crosswalk.standing]), ("Quelle", crosswalk.source))),
        table(title, heads, view.crosswalk_rows(crosswalk, rulers), dense=True),
    ]
    return card(title, body, subtitle="Umrechnungsschlüssel", class_name="detail")


def _rules(rulers: Rulers) -> Component:
    heads = _heads("Zählregel", "Bedeutung", "Gezählt wird", "Modelle", "Quelle")
    rows = tuple(view.rule_row(rule, rulers) for rule in rulers.rules.values())
    title = "Wann ein OZG-Bündel als online gilt"
    body = late_table(TableData(title, heads, rows), class_name="table-rules")
    return card(title, body, subtitle="Zwei Regeln geben zwei Zahlen; sie werden nie verrechnet", flush=True)


def _populations(services: Services) -> Component:
    heads = _heads("Grundgesamtheit", "Was dazugehört", "Gilt seit", "Kennzahlen", "Kennung")
    body = late_table(
        TableData("Grundgesamtheiten", heads, view.population_rows(services.catalog)),
        class_name="table-populations",
    )
    note = "Ändert sich, was dazugehört, entsteht eine neue Kennung; die alte bleibt"
    return card("Grundgesamtheiten", body, subtitle=note, flush=True)


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services
