"""Left side of the explorer: the data set, and its fields with the ways to put them to use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dash import html

from dashboard import formats, texts
from dashboard.components.address import address
from dashboard.components.attributes import aria, data
from dashboard.components.entry import Entry
from dashboard.components.icon import icon
from dashboard.explorer import moves
from dashboard.explorer.desk import Desk
from dashboard.explorer.moves import Axis
from dashboard.explorer.parameter import DATA, EXPLORER
from dashboard.other_words import other_words
from metrics.explore.catalog import Dataset, Field, datasets
from metrics.explore.result import MeasureInfo, Pivot
from metrics.folding import fold

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from metrics.catalog import Catalog

KINDS = (("bestand", "Kennzahlen nach Bestand"), ("liste", "Listen"))
GROUPS = (("organisation", "Zuständigkeit"), ("time", "Zeit"), ("", "Merkmale"))
AXIS_WAYS: tuple[tuple[Axis, str, str], ...] = (
    ("rows", "Als Zeile", "zeilen"),
    ("columns", "Als Spalte", "spalten"),
)
MEASURES = "Messwerte"
RECORDS, NAMED = "Liste: einzelne Datensätze", 2
FULL = "Hier ist kein Platz mehr"
ONLY_VALUE = "Ein Wert muss bleiben"


def shelf(desk: Desk, pivot: Pivot | None) -> Component:
    """Data set and fields; on tablets both fold behind one line."""
    inner = html.Div([_dataset_part(desk, pivot), _field_part(desk)], className="shelf-inner")
    fold = html.Details(
        [html.Summary([html.Span("Datensatz und Felder"), icon("down")], className="shelf-fold"), inner],
        className="shelf-details",
        open=True,
    )
    return html.Section(
        [html.H2("Datensatz und Felder", className="visually-hidden"), fold], className="shelf"
    )


def _dataset_part(desk: Desk, pivot: Pivot | None) -> Component:
    head = html.Summary(
        [
            html.Span("Datensatz", className="control-label"),
            html.Span(desk.dataset.title, className="dataset-title"),
            html.Span(_size(desk, pivot), className="dataset-size"),
            icon("down", small=True),
        ],
        className="dataset-now",
    )
    catalog = desk.services.catalog
    groups = [
        _dataset_group(
            catalog, title, [item for item in datasets(catalog) if item.kind == kind], desk.dataset
        )
        for kind, title in KINDS
    ]
    box = html.Div(
        [narrowing("Datensatz suchen", "explorer-datensaetze"), html.Div(groups, id="explorer-datensaetze")],
        className="menu-list dataset-list",
    )
    return html.Details([head, box], className="menu dataset-menu")


def _dataset_group(catalog: Catalog, title: str, found: Sequence[Dataset], present: Dataset) -> Component:
    links = [
        html.Li(
            html.A(
                [
                    html.Span(item.title, className="menu-name"),
                    html.Span(_content(catalog, item), className="menu-note"),
                ],
                href=address(EXPLORER, {}, **{DATA: item.id}),
                className="menu-item menu-two",
                **aria(current=item.id == present.id or None),
            ),
            **data(narrow=found_by(catalog, item)),
        )
        for item in sorted(found, key=lambda item: fold(item.title))
    ]
    return html.Div([html.P(title, className="menu-caption"), html.Ul(links)], className="narrow-group")


def _content(catalog: Catalog, item: Dataset) -> str:
    """What it is, for two of the same name: records, or figures and the first of them."""
    if item.kind == "liste":
        return RECORDS
    known = [catalog.metrics[name].definition for name in item.metrics]
    named = [definition.short or definition.label for definition in known[:NAMED]]
    more = [f"{formats.number(len(known) - NAMED)} weitere"] if len(known) > NAMED else []
    return f"{'Kennzahl' if len(known) == 1 else 'Kennzahlen'}: {', '.join((*named, *more))}"


def found_by(catalog: Catalog, item: Dataset) -> str:
    """What a data set is found by: its name, its columns or numbers and names of its figures, other words."""
    if item.kind == "liste":
        summed = (info.label for info in item.measures)
        names = [item.title, *(field.label for field in item.fields), *summed]
    else:
        known = (catalog.metrics[name].definition for name in item.metrics)
        names = [item.title, *(text for one in known for text in (one.number, one.short or "", one.label))]
    found = " ".join(filter(None, names))
    return f"{found} {other_words(found)}".strip()


def _size(desk: Desk, pivot: Pivot | None) -> str:
    """Kind of the data set, how much there is of it, and its Stand."""
    count = len(desk.dataset.metrics)
    kind = RECORDS if desk.is_list else texts.plural(count, "Kennzahl", "Kennzahlen")
    if pivot is None:
        return kind
    rows = [] if pivot.records is None else [texts.plural(pivot.records, "Zeile", "Zeilen")]
    stand = formats.stand(pivot.as_of, desk.services.settings.zone).split(",")[0]
    return " · ".join((kind, *rows, f"Stand {stand}"))


def narrowing(label: str, target: str) -> Component:
    """Field that narrows a list beside it while one types (explorer.js); what is found is told."""
    field = Entry(
        type="search", className="entry", placeholder=label, autoComplete="off", **aria(label=label),
        **data(narrows=target),
    )  # fmt: skip
    return html.Div([icon("search", small=True), field], className="narrowing")


def _field_part(desk: Desk) -> Component:
    groups = [
        _group(title, [_field(desk, field) for field in desk.dataset.fields if (field.level_of or "") == key])
        for key, title in GROUPS
    ]
    groups.append(
        _group(MEASURES, [_measure(desk, *several) for several in by_subject(desk.dataset.measures)])
    )
    found = html.Div([group for group in groups if group is not None], id="explorer-felder")
    return html.Div([narrowing("Feld suchen", "explorer-felder"), found], className="field-part")


def _group(title: str, items: Sequence[Component]) -> Component | None:
    if not items:
        return None
    return html.Div([html.H3(title, className="field-group"), html.Ul(list(items))], className="narrow-group")


def by_subject(measures: Sequence[MeasureInfo]) -> list[list[MeasureInfo]]:
    """Values of the same figure or column together, the usual one first: counts of a distribution."""
    found: dict[str, list[MeasureInfo]] = {}
    for info in measures:
        found.setdefault(info.measure.subject, []).append(info)
    return [sorted(several, key=_is_share_of_distribution) for several in found.values()]


def _is_share_of_distribution(info: MeasureInfo) -> bool:
    return info.kind == "distribution" and info.measure.part == "value"


def _field(desk: Desk, field: Field) -> Component:
    question, name = desk.question, field.name
    used = name in (*question.rows, *question.columns) or moves.filter_of(question, name) is not None
    return _item(desk.label(name), name, [*axis_ways(desk, name), *_off_ways(desk, name)], used=used)


def axis_ways(desk: Desk, name: str) -> list[Component]:
    """„Als Zeile“, „Als Spalte“, „Als Filter“."""
    question = desk.question
    ways = [
        way(
            label,
            desk.to(moves.placed(question, name, axis)) if moves.has_room(question, axis) else "",
            to=to,
        )
        for axis, label, to in AXIS_WAYS
        if name not in moves.fields_on(question, axis)
    ]
    label = "Filter ändern" if moves.filter_of(question, name) else "Als Filter"
    return [*ways, way(label, desk.editing(name), to="filter")]


def _off_ways(desk: Desk, name: str) -> list[Component]:
    question, found = desk.question, []
    if name in (*question.rows, *question.columns):
        found.append(way("Aus der Tabelle nehmen", desk.to(moves.taken_off(question, name)), to="feld"))
    if moves.filter_of(question, name):
        found.append(way("Filter aufheben", desk.to(moves.filtered(question, name, None))))
    return found


def way(label: str, href: str, *, to: str = "", full: str = FULL) -> Component:
    """One entry of a menu; without an address it says why not. `to` names the zone for drag."""
    if not href:
        words = [html.Span(label), html.Span(full, className="menu-note")]
        return html.Li(html.Span(words, className="menu-item is-full"))
    return html.Li(html.A(label, href=href, className="menu-item", **data(to=to or None)))


def _measure(desk: Desk, *several: MeasureInfo) -> Component:
    whole = several[0]
    metric = desk.services.catalog.metrics.get(whole.metric or "")
    name = whole.short if metric is None else metric.definition.short or metric.definition.label
    used = any(info.measure in desk.question.measures for info in several)
    ways = [
        entry for info in several for entry in _measure_ways(desk, info, info.short if several[1:] else "")
    ]
    number = "" if metric is None else metric.definition.number
    searched = " ".join((number, whole.label, other_words(name, whole.label))).strip()
    place = f"wert.{whole.measure.subject}"
    return _item(name, place, ways, used=used, summed=True, note=whole.note, searched=searched)


def _measure_ways(desk: Desk, info: MeasureInfo, name: str) -> Iterator[Component]:
    """A value beside the others or instead of them; `name` where a figure has several."""
    question = desk.question
    if info.measure in question.measures:
        fewer = moves.unmeasured(question, info.measure)
        yield way(f"{info.short} entfernen", desk.to(fewer), full=ONLY_VALUE)
    else:
        wanted = desk.to(moves.measured(question, info.measure)) if moves.can_measure(question) else ""
        yield way(f"{name} als Wert" if name else "Als Wert", wanted, to="werte")
    if question.measures != (info.measure,):
        alone = desk.to(moves.measured_alone(question, info.measure))
        yield way(f"{name} als einzigen Wert" if name else "Als einzigen Wert", alone)


def _item(
    label: str,
    name: str,
    ways: Sequence[Component],
    *,
    used: bool,
    summed: bool = False,
    note: str = "",
    searched: str = "",
) -> Component:
    head = html.Summary(
        [
            icon("grip", small=True),
            html.Span(label, className="control-label"),
            html.Span(" (in der Tabelle)", className="visually-hidden") if used else "",
            icon("sum", small=True) if summed else "",
        ],
        className="field-name",
        title=note or None,
    )
    menu = html.Details([head, html.Ul(list(ways), className="menu-list")], className="menu field-menu")
    return html.Li(
        menu,
        className=f"field-item{' is-used' if used else ''}",
        draggable="true",
        **data(field=name, narrow=f"{label} {searched}".strip()),
    )
