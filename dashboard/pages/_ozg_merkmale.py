"""Lower part of the OZG page: attributes of the services, the services themselves, Fachverfahren."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import merkmale
from dashboard.cockpits.filter_controls import Filters
from dashboard.components.address import address, origin_address
from dashboard.components.bullet import glyph
from dashboard.components.drill_rows import record_cell
from dashboard.components.filters import STICHTAG, choices, menu, reset_link
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, quiet_link, section
from dashboard.components.provenance import number_line
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column
from metrics.result import Cell, MetricResult

if TYPE_CHECKING:
    from dashboard.services import Services

SHARES_BELOW = ("Merkmale und Fachverfahren", "merkmale")
SERVICES_BELOW = ("Einzelne Leistungen", "einzelne-leistungen")
JUMPS = (("Merkmale", SHARES_BELOW[1]), ("Leistungen", SERVICES_BELOW[1]))
SERVICES, SYSTEMS = "leistungen", "verfahren"
ALL_ROWS = "alle"
FEW, MANY = 5, 200
PROFILED, PORTAL, STEERING = "service_profile_share", "connection_portal_share", "connection_steering_share"
# Metric and what makes it one figure among several.
SHARES: tuple[tuple[str, Mapping[str, str]], ...] = (
    (PROFILED, {}),
    ("service_signature_free_share", {}),
    ("service_epayment_share", {}),
    ("service_efa_share", {}),
    ("service_enabler_share", {"baustein": "nutzerkonto"}),
    ("service_enabler_share", {"baustein": "postfach"}),
    ("service_enabler_share", {"baustein": "eid"}),
    ("process_documented_share", {}),
    ("service_project_share", {}),
    ("service_not_competent_share", {}),
)
BLOCKS = {"nutzerkonto": "Nutzerkonto", "postfach": "Postfach", "eid": "eID"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the cards need: the door for this viewer, the filters of the page and its address."""

    services: Services
    viewer: Viewer
    filters: Filters
    path: str

    def where(self, *, themenfeld: bool = True) -> dict[str, str]:
        """Conditions of the page's filters."""
        return self.filters.selection.where(themenfeld=themenfeld)

    def ask(self, metric_id: str, where: Mapping[str, str]) -> MetricResult:
        """Ask the door at the Stichtag."""
        return self.services.query(self.viewer, metric_id, where=dict(where), at=self.filters.selection.at)

    def origin(self, metric_id: str, where: Mapping[str, str]) -> str:
        """Address of this view with the origin of a figure open."""
        past = self.filters.selection.past
        return origin_address(self.path, self.filters.params, metric_id, where, at=past)

    def stand(self, metric_id: str, result: MetricResult) -> Component:
        """Number and Datenstand of a figure."""
        number = self.services.catalog.metric(metric_id).definition.number
        return number_line(number, result, self.services.settings.zone)

    def unit(self, row: Mapping[str, Any]) -> str:
        """Short name of a row's unit."""
        unit = str(row["org_unit_id"] or "")
        return self.filters.shorts.get(unit, texts.dimension_value(unit))

    @property
    def past(self) -> Component | None:
        """What stands in place of a list at a Stichtag of the past, where lists have no history."""
        if self.filters.selection.is_today:
            return None
        today = address(self.path, self.filters.params, **{STICHTAG: None})
        link = (f"Stichtag {formats.day(self.filters.selection.today)} ansehen", today)
        return empty("Die Liste gibt es nur zum aktuellen Stichtag.", link=link)


def attribute_sections(services: Services, viewer: Viewer, filters: Filters, path: str) -> list[Component]:
    """Return the parts below the cockpit: shares of attributes, Fachverfahren, and the list of services."""
    shelf = Shelf(services, viewer, filters, path)
    shares = grid(
        cell(5, guarded("Merkmale der Leistungen", lambda: _shares_card(shelf))),
        cell(7, guarded("Anbindung der Fachverfahren", lambda: _systems_card(shelf))),
    )
    single = guarded("Leistungen und ihre Merkmale", lambda: _services_card(shelf))
    return [section(*SHARES_BELOW, shares), section(*SERVICES_BELOW, single)]


def _shares_card(shelf: Shelf) -> Component:
    rows = [_share_row(shelf, metric_id, {**shelf.where(), **chosen}) for metric_id, chosen in SHARES]
    head = (Column("Merkmal"), Column("Anteil", "right"), Column("Zähler", "right"), Column("von", "right"))
    return card(
        "Merkmale der Leistungen",
        table("Merkmale der eigenen Einzelleistungen", head, rows, dense=True),
        subtitle="Jede Zeile hat ihren eigenen Nenner: nur Leistungen, für die das Merkmal erhoben ist",
        foot=[shelf.stand(PROFILED, shelf.ask(PROFILED, shelf.where()))],
        flush=True,
    )


def _share_row(shelf: Shelf, metric_id: str, where: Mapping[str, str]) -> tuple[Component | str, ...]:
    definition = shelf.services.catalog.metric(metric_id).definition
    total = shelf.ask(metric_id, where).total or Cell(None, {}, None)
    name = BLOCKS.get(where.get("baustein", ""), definition.short or definition.label)
    link = quiet_link(name, shelf.origin(metric_id, where), title=f"{definition.number} · {texts.ORIGIN_ONE}")
    counts = (formats.number(total.numerator), formats.number(total.denominator))
    return (link, formats.percent(total.value), *counts)


def _systems_card(shelf: Shelf) -> Component:
    where = shelf.where(themenfeld=False)
    portal, steering = shelf.ask(PORTAL, where), shelf.ask(STEERING, where)
    return card(
        merkmale.connection_title(portal.total, steering.total),
        _systems_list(shelf, where),
        subtitle=_systems_words(portal.total, steering.total),
        foot=[
            shelf.stand(PORTAL, portal),
            quiet_link("Woher kommt ANB-01?", shelf.origin(PORTAL, where)),
            quiet_link("Woher kommt ANB-02?", shelf.origin(STEERING, where)),
        ],
        flush=True,
    )


def _systems_words(portal: Cell | None, steering: Cell | None) -> str:
    words = "Schnittstelle oder regelmäßige Datei; mit Grund ausgeschlossene zählen nicht mit"
    if portal is None or steering is None or portal.value is None or steering.value is None:
        return words
    return f"{merkmale.share_words(portal)} und {merkmale.share_words(steering)} · {words}"


def _systems_list(shelf: Shelf, where: Mapping[str, str]) -> Component:
    if shelf.past:
        return shelf.past
    everything = shelf.filters.params.get(SYSTEMS) == ALL_ROWS
    found = shelf.services.records(
        shelf.viewer,
        "fachverfahren",
        where=dict(where),
        order=["-leistungen", "bezeichnung"],
        limit=MANY if everything else FEW,
    )
    if not found.total:
        return empty("Hier ist kein Fachverfahren verzeichnet.")
    head = ("Fachverfahren", shelf.filters.unit_word, "Bürgerportal", "Steuerung", "DMS")
    columns = (*(Column(name) for name in head), Column("Leistungen", "right"))
    rows = [_system_row(shelf, row) for row in found.dicts()]
    caption = "Fachverfahren nach Zahl der Leistungen, die sie tragen"
    return html.Div(
        [table(caption, columns, rows, dense=True), _more(shelf, SYSTEMS, found.total, everything)]
    )


def _system_row(shelf: Shelf, row: Mapping[str, Any]) -> tuple[Component | str, ...]:
    grades = (merkmale.word("anbindung", row[target]) for target in ("portal", "steuerung", "dms"))
    name = record_cell(str(row["bezeichnung"]), "fachverfahren", row["fachverfahren_id"])
    return (name, shelf.unit(row), *grades, formats.number(row["leistungen"]))


def _services_card(shelf: Shelf) -> Component:
    title = "Leistungen und ihre Merkmale"
    if shelf.past:
        return card(title, shelf.past)
    params = shelf.filters.params
    everything = params.get(SERVICES) == ALL_ROWS
    chosen = merkmale.where(params)
    found = shelf.services.records(
        shelf.viewer,
        "services",
        where={**shelf.where(), **chosen},
        order=["-cases_per_year", "bezeichnung"],
        limit=MANY if everything else FEW,
    )
    rows = [_service_row(shelf, row) for row in found.dicts()]
    noun = texts.plural(found.total, "eigene Einzelleistung", "eigene Einzelleistungen")
    return card(
        title,
        [
            _service_filters(shelf),
            _service_table(shelf, rows) if rows else empty("Keine Leistung hat diese Merkmale."),
            _more(shelf, SERVICES, found.total, everything),
        ],
        subtitle=f"{noun}, sortiert nach Fällen je Jahr",
        flush=True,
    )


def _service_filters(shelf: Shelf) -> Component:
    params = shelf.filters.params
    menus: list[Component] = [
        menu(title, choices(shelf.path, params, name, merkmale.options(name)))
        for name, title in merkmale.TITLES.items()
    ]
    reset = reset_link(shelf.path, params, tuple(merkmale.TITLES))
    return html.Div([*menus, *([reset] if reset else [])], className="filter-bar")


def _service_table(shelf: Shelf, rows: list[tuple[Component | str, ...]]) -> Component:
    names = ("Zielgruppe", "Lösungsweg", "Unterschrift", "Gebühr", "ePayment", "Nutzerkonto", "Fachverfahren")
    columns = (
        Column("Leistung"),
        Column(shelf.filters.unit_word),
        Column("Reifegrad"),
        *(Column(name) for name in names),
        Column("Fälle/Jahr", "right"),
    )
    return table("Eigene Einzelleistungen mit ihren Merkmalen", columns, rows, dense=True)


def _service_row(shelf: Shelf, row: Mapping[str, Any]) -> tuple[Component | str, ...]:
    values = (
        merkmale.word(name, row[name]) for name in ("zielgruppe", "loesungsweg", "unterschrift", "gebuehr")
    )
    return (
        record_cell(str(row["bezeichnung"]), "services", row["service_id"]),
        shelf.unit(row),
        glyph(row["reifegrad"]),
        *values,
        merkmale.yes_no(row["epayment"]),
        merkmale.yes_no(row["nutzerkonto"]),
        str(row["fachverfahren"] or merkmale.UNKNOWN),
        formats.number(row["cases_per_year"]),
    )


def _more(shelf: Shelf, name: str, total: int, everything: bool) -> Component:
    shown = min(total, MANY if everything else FEW)
    words = f"{formats.number(shown)} von {texts.plural(total, 'Zeile', 'Zeilen')}"
    if total <= FEW:
        return html.P(words, className="note")
    href = address(shelf.path, shelf.filters.params, **{name: None if everything else ALL_ROWS})
    label = f"Nur die ersten {FEW} zeigen" if everything else _all_words(total)
    return html.P([f"{words} · ", quiet_link(label, href)], className="note")


def _all_words(total: int) -> str:
    return f"Alle {formats.number(total)} zeigen" if total <= MANY else f"Die ersten {MANY} zeigen"
