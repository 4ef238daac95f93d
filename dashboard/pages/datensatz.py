"""Datensatz: one record with all its columns, where it came from, and the figures it counts in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_drill
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.datensaetze import cell_words
from dashboard.cockpits.einheiten import Units
from dashboard.components.drill import breadcrumb
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, page_head, print_action, region, text_link
from dashboard.components.states import empty
from dashboard.components.steckbrief import terms
from dashboard.components.table import table
from dashboard.drill_link import LISTS, RECORD, drill_address, key_text, list_address, read_key
from dashboard.figures.chart import Column
from dashboard.page import Page
from metrics.catalog import Metric, RecordList
from metrics.definition import ORG_COLUMN, ORG_LEVELS
from metrics.drill import metrics_of_list

if TYPE_CHECKING:
    from dashboard.services import Services

LIST, KEY = "liste", "schluessel"
PAGE = Page("datensatz", RECORD, "Datensatz", "Fuß", "table", ALL_COCKPITS, 940, parts=(LIST, KEY))
NAMES = ("bezeichnung", "title", "name", "position")
MOST_NAMED = 90


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was found: its list, its values by column."""

    listed: RecordList
    row: Mapping[str, Any]
    units: Units

    @property
    def key(self) -> dict[str, Any]:
        """Columns that name it."""
        return {name: self.row[name] for name in self.listed.definition.key}

    @property
    def title(self) -> str:
        """Its name, or its key where it has none."""
        named = next((self.row[name] for name in NAMES if self.row.get(name)), None)
        words = str(named) if named else " · ".join(key_text(value) for value in self.key.values())
        return words if len(words) <= MOST_NAMED else f"{words[: MOST_NAMED - 1]}…"


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The record the address names; what is not there and what may not be seen look the same."""
    record = _find(services, viewer, params.get(LIST, ""), params.get(KEY, ""))
    if record is None:
        words = empty(messages_drill.NO_RECORD, link=("Alle Listen", LISTS))
        return _stack(page_head(PAGE.title), region("Auskunft", card("Kein Datensatz", words)))
    return _page(services, viewer, record)


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services


def _find(services: Services, viewer: Viewer, list_id: str, key: str) -> Record | None:
    listed = services.catalog.lists.get(list_id)
    names = listed.definition.key if listed else ()
    parts = read_key(key) if key else ()
    if listed is None or not names or len(parts) != len(names) or any("\0" in (p or "") for p in parts):
        return None
    where: dict[str, Any] = dict(zip(names, parts, strict=True))
    found = services.records(viewer, listed.id, where=where, limit=1)
    if not found.rows:
        return None
    units = Units.of(services.records(viewer, "org_units", limit=10_000))
    return Record(listed, found.dicts()[0], units)


def _page(services: Services, viewer: Viewer, record: Record) -> Component:
    definition = record.listed.definition
    head = page_head(
        record.title, rest=f"Ein Datensatz der Liste „{definition.label}“.", actions=[print_action()]
    )
    path = breadcrumb(
        [
            ("Datensätze", LISTS),
            (definition.label, list_address(record.listed.id)),
            (record.title, ""),
        ]
    )
    left = guarded("Angaben", lambda: _values_card(services, record))
    right = [
        guarded("Herkunft", lambda: _origin_card(services, viewer, record)),
        guarded("Kennzahlen dazu", lambda: _counted_card(services, viewer, record)),
        guarded("Dazu gehört", lambda: _related_card(services, viewer, record)),
    ]
    return _stack(head, path, region("Datensatz", grid(cell(7, left), cell(5, *right))))


def _values_card(services: Services, record: Record) -> Component:
    zone = services.settings.zone
    pairs = [
        (column.label, _value(name, record, cell_words(column, record.row[name], record.units, zone)))
        for name, column in record.listed.definition.columns.items()
    ]
    return card("Angaben", terms(pairs), class_name="detail")


def _value(name: str, record: Record, words: str) -> Component | str:
    """Units lead to the other records of theirs."""
    unit = record.row[name]
    if name != ORG_COLUMN or unit is None:
        return words
    level = record.units.levels.get(unit)
    return text_link(words, list_address(record.listed.id, {level or ORG_COLUMN: unit}))


def _origin_card(services: Services, viewer: Viewer, record: Record) -> Component:
    found = services.delivered(viewer, record.listed.id, record.key)
    if not found:
        words = "Dieser Datensatz ist aus mehreren Lieferungen zusammengesetzt oder im Portal erfasst."
        return card("Herkunft", empty(words))
    zone = services.settings.zone
    heads = (Column("Quelle"), Column("Datenstand"), Column("Zeile", "right"))
    rows = [
        (
            text_link(item.title, f"/datenquellen?quelle={item.source}"),
            formats.stand(item.as_of, zone),
            formats.number(item.line),
        )
        for item in found
    ]
    newest = found[0]
    facts = terms(
        [
            ("Zuständig", newest.owner or formats.MISSING),
            ("Lauf", newest.run_id),
            ("Prüfsumme der Lieferung", html.Code(newest.delivery_hash, className="hash")),
            ("Stand der Quelle", "veraltet" if newest.stale else "aktuell"),
        ]
    )
    return card(
        "Herkunft",
        [table("Lieferungen dieses Datensatzes", heads, rows, dense=True), facts],
        class_name="detail",
    )


def _counted_card(services: Services, viewer: Viewer, record: Record) -> Component:
    metrics = [
        m for m in metrics_of_list(services.catalog, record.listed.id) if _holds(services, viewer, m, record)
    ]
    if not metrics:
        return card("Kennzahlen dazu", empty("Auf dieser Liste beruht noch keine Kennzahl."))
    items = [
        html.Li(
            text_link(f"{m.definition.number} {m.definition.label}", drill_address(m.id, _cut(m, record)))
        )
        for m in metrics
    ]
    return card(
        "Zählt in",
        html.Ul(items, className="plain-list"),
        subtitle="Zahlen über solche Datensätze, in der Auswahl dieses einen",
    )


def _holds(services: Services, viewer: Viewer, metric: Metric, record: Record) -> bool:
    """Whether the record is of the part of the list the figure is about."""
    behind = metric.definition.records
    if behind is None or not behind.where:
        return behind is not None
    key = {name: None if value is None else key_text(value) for name, value in record.key.items()}
    where: dict[str, Any] = {**behind.where, **key}
    return bool(services.count_records(viewer, record.listed.id, where))


def _cut(metric: Metric, record: Record) -> dict[str, str | None]:
    """The unit and the Themenfeld of the record, where the figure knows them."""
    definition = metric.definition
    cut: dict[str, str | None] = {}
    unit = record.row.get(ORG_COLUMN)
    level = record.units.levels.get(unit or "")
    if unit and definition.by_organisation and level == ORG_LEVELS[-1]:
        cut[level] = unit
    if "themenfeld" in definition.dimensions and record.row.get("themenfeld"):
        cut["themenfeld"] = str(record.row["themenfeld"])
    return cut


def _related_card(services: Services, viewer: Viewer, record: Record) -> Component:
    items = list(_related(services, viewer, record))
    if not items:
        return card("Dazu gehört", empty("Keine andere Liste nennt diesen Datensatz."))
    return card("Dazu gehört", html.Ul(items, className="plain-list"))


def _related(services: Services, viewer: Viewer, record: Record) -> Iterator[Component]:
    """Other lists that hold rows with the same key; a unit alone is no such key."""
    names = list(record.key)
    if ORG_COLUMN in names or any(value is None for value in record.key.values()):
        return
    where: dict[str, Any] = {name: key_text(record.key[name]) for name in names}
    for other in services.catalog.lists.values():
        if other.id != record.listed.id and set(names) <= set(other.definition.columns):
            total = services.count_records(viewer, other.id, where)
            if total:
                words = f"{other.definition.label} ({formats.number(total)})"
                yield html.Li(text_link(words, list_address(other.id, where)))


def _stack(*parts: Component) -> Component:
    return html.Div(list(parts), className="stack drill-page")
