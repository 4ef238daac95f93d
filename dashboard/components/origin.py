"""„Woher kommt diese Zahl?“: the way from the delivery to the figure, its rule, its definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard.components.attributes import aria, data
from dashboard.components.icon import badge, icon
from dashboard.components.layout import text_link
from dashboard.components.origin_rule import rating_rule, soll_source
from dashboard.components.passport import folded
from dashboard.components.remarks import RemarkPanel, remark_section
from dashboard.dimension_words import cut_words, without_codes
from dashboard.passport_words import WITHHELD, course_sections, delivery_section, version_words
from metrics.definition import Definition
from metrics.passport import Passport
from metrics.result import Cell, Load, MetricResult
from metrics.targets import Target


@dataclass(frozen=True, slots=True)
class Origin:
    """What the panel shows. `population` is the name of the counted set, `used_in` titles of pages.

    `where` is the cut the question was asked with, `catalog_href` leads to the entry of the catalogue.
    `passport` proves the figure, `cite_href` is the address that leads to it in years to come. `drill_href`
    leads to its breakdown, `records` are the number and the address of the records behind it. `remarks` are
    the comments about it, `propose_href` leads to the proposal for a decision.
    """

    result: MetricResult
    definition: Definition
    target: Target | None
    zone: ZoneInfo
    population: str = ""
    used_in: Sequence[str] = ()
    where: Mapping[str, str] | None = None
    catalog_href: str | None = None
    passport: Passport | None = None
    cite_href: str | None = None
    drill_href: str | None = None
    records: tuple[int, str] | None = None
    remarks: RemarkPanel | None = None
    propose_href: str | None = None


def origin_drawer(origin: Origin, *, close_href: str) -> Component:
    """Panel from the right (a whole page on mobile); closing is a link, so it works by address alone."""
    title = html.H2(texts.ORIGIN_ONE, id="herkunft-titel", tabIndex=-1, className="drawer-title")
    close = html.A(
        icon("close"), href=close_href, className="icon-button drawer-close", **aria(label="Schließen")
    )
    parts = [
        _head(f"{origin.definition.number} · Kennzahl", title, close),
        _value(origin),
        _section("Rechenweg", html.Ol(_steps(origin), className="way")),
        _section(
            "Bewertung", rating_rule(origin.result.total, origin.definition, origin.target, origin.where)
        ),
        _section("Definition", _definition(origin)),
        *([remark_section(origin.remarks)] if origin.remarks else []),
        *_passport(origin),
        *_more(origin),
        _actions(origin),
    ]
    panel = html.Div(
        parts,
        className="drawer",
        role="dialog",
        **aria(modal=True, labelledby="herkunft-titel"),
        **data(close=close_href),
    )
    shade = html.A(className="drawer-shade", href=close_href, tabIndex=-1, **aria(hidden=True))
    return html.Div([shade, panel], className="drawer-layer", id="herkunft")


def drawer_failed(sentence: str, *, close_href: str) -> Component:
    """Panel of a question that has no answer, for example about a figure that does not exist."""
    title = html.H2(texts.ORIGIN_ONE, id="herkunft-titel", tabIndex=-1, className="drawer-title")
    close = html.A(
        icon("close"), href=close_href, className="icon-button drawer-close", **aria(label="Schließen")
    )
    panel = html.Div(
        [_head("Kennzahl", title, close), html.P(sentence)],
        className="drawer",
        role="dialog",
        **aria(modal=True, labelledby="herkunft-titel"),
        **data(close=close_href),
    )
    return html.Div([panel], className="drawer-layer", id="herkunft")


def _head(lead: str, title: Component, close: Component) -> Component:
    return html.Div([html.P(lead, className="drawer-lead"), title, close], className="drawer-head")


def _section(title: str, body: Component) -> Component:
    return html.Section([html.H3(title, className="drawer-heading"), body])


def _value(origin: Origin) -> Component:
    cell, definition = origin.result.total, origin.definition
    number, unit = formats.parts(cell.value if cell else None, definition.unit, definition.decimals)
    if cell is not None and cell.suppressed:
        number, unit = formats.hidden(definition), ""
    if (whole := known_to(cell, definition)) is not None:
        number, unit = whole, ""
    words = f"{unit} {definition.label}".strip()
    rated = badge(cell.rating if cell else "neu")
    value = html.P([html.Span(number, className="value"), " ", html.Span(words, className="value-unit")])
    return html.Div([value, rated], className="drawer-value")


def known_to(cell: Cell | None, definition: Definition) -> str | None:
    """The value of a figure that is a range or rests on a part only; None for a plain one."""
    if cell is None or cell.suppressed:
        return None
    unit, digits = definition.unit, definition.decimals
    ends = {"lower": cell.lower, "upper": cell.upper}
    whole = formats.told(cell.value, unit, digits, qualifier=cell.qualifier, **ends)
    return whole if whole != formats.amount(cell.value, unit, digits) else None


def _steps(origin: Origin) -> list[Component]:
    loads, cell = merged(origin.result.lineage), origin.result.total
    # Like the passport: beside a hidden figure the counts are left out.
    counted = cell is None or not cell.suppressed
    steps = [_step(load.title, _load_words(load, counted), _stand(load, origin.zone)) for load in loads]
    if loads:
        steps.append(_step("Prüfen", _check_words(loads) if counted else WITHHELD, ""))
    elif origin.result.as_of:
        steps.append(_step("Eigene Aufzeichnung", "Buchführung des Portals über Quellen und Läufe", ""))
    return [*steps, *([] if cell is None else _arithmetic(cell, origin))]


def merged(loads: Sequence[Load]) -> list[Load]:
    """Return one entry per source: a source that feeds several subjects is one step of the way."""
    found: dict[str, Load] = {}
    for load in loads:
        old = found.get(load.source)
        found[load.source] = load if old is None else _sum(old, load)
    return list(found.values())


def _sum(one: Load, other: Load) -> Load:
    counts = {
        name: getattr(one, name) + getattr(other, name)
        for name in ("read", "published", "rejected", "duplicates")
    }
    return replace(one, as_of=min(one.as_of, other.as_of), stale=one.stale or other.stale, **counts)


def _step(title: str, words: str, result: str) -> Component:
    head = html.P([html.Strong(title), html.Span(result, className="way-result")], className="way-head")
    return html.Li([head, html.P(words, className="way-words")])


def _stand(load: Load, zone: ZoneInfo) -> str:
    return formats.stand(load.as_of, zone, word=False)


def _load_words(load: Load, counted: bool) -> str:
    words = [texts.SOURCE_KINDS.get(load.kind, load.kind)]
    words += [texts.plural(load.published, "Datensatz", "Datensätze")] if counted else []
    words += [load.owner] if load.owner else []
    words += [note] if (note := texts.NATURE_NOTES.get(load.nature, "")) else []
    words += ["veraltet"] if load.stale else []
    return " · ".join(words)


def _check_words(loads: Sequence[Load]) -> str:
    read, rejected, double = (
        sum(getattr(load, name) for load in loads) for name in ("read", "rejected", "duplicates")
    )
    if not rejected and not double:
        return f"{formats.number(read)} gelesen, alle Regeln erfüllt"
    words = [f"{formats.number(read)} gelesen"]
    words += [f"{formats.number(rejected)} zurückgewiesen"] if rejected else []
    words += [f"{formats.number(double)} doppelt"] if double else []
    return ", ".join(words)


def _arithmetic(cell: Cell, origin: Origin) -> list[Component]:
    definition = origin.definition
    if cell.suppressed:
        told = " ".join((texts.HIDDEN_NOTE, *origin.result.notes))
        return [_step("Schützen", told, formats.hidden(definition))]
    shown = known_to(cell, definition) or formats.amount(cell.value, definition.unit, definition.decimals)
    if definition.kind in ("share", "mean"):
        factor = " × 100" if definition.unit == "percent" else ""
        top, bottom = (_plain(v) for v in (cell.numerator, cell.denominator))
        return [
            _step("Zählen" if definition.kind == "share" else "Summieren", definition.numerator_text, top),
            _step("Grundgesamtheit", definition.denominator_text or "", bottom),
            _step("Teilen", f"{top} ÷ {bottom}{factor}", shown),
        ]
    if definition.kind == "quantile":
        cases = f"{texts.plural(cell.n, 'Fall', 'Fälle')}, " if cell.n is not None else ""
        return [_step("Median bilden", f"{cases}{definition.numerator_text}", shown)]
    return [_step("Summieren", definition.numerator_text, shown)]


def _plain(value: object) -> str:
    if isinstance(value, float):
        return formats.number(value, 0 if value == int(value) else 1)
    return formats.number(value)  # type: ignore[arg-type]


def _definition(origin: Origin) -> Component:
    rows = [(term, words) for term, words in _terms(origin) if words]
    items = [item for term, words in rows for item in (html.Dt(term), html.Dd(words))]
    return html.Dl(items, className="terms")


def _terms(origin: Origin) -> list[tuple[str, str]]:
    result, definition, target = origin.result, origin.definition, origin.target
    coverage = result.coverage
    known = (
        f"{formats.number(coverage.known)} von {formats.number(coverage.total)} bekannt" if coverage else ""
    )
    run = f", Lauf {result.lineage[0].run_id}" if result.lineage else ""
    return [
        ("Bedeutung", without_codes(definition.meaning)),
        ("Auswahl", cut_words(origin.where or {})),
        ("Stichtag", formats.day(origin.passport.stichtag) if origin.passport else ""),
        ("Grundgesamtheit", origin.population),
        ("Abdeckung", known),
        ("Grenzen", without_codes(definition.limits or "")),
        ("Rechtsgrundlage", definition.legal or ""),
        ("Soll", soll_source(target)),
        ("Verantwortlich", target.owner if target else ""),
        ("Verwendet in", ", ".join(origin.used_in)),
        ("Datenstand", f"{formats.stand(result.as_of, origin.zone)}{run}"),
        ("Fassung", f"Schnappschuss {result.snapshot}"),
        ("Letzte Änderung", f"Definition vom {formats.day(definition.revised)}"),
        ("Prüfsumme", version_words(origin.passport.definition) if origin.passport else ""),
    ]


def _passport(origin: Origin) -> list[Component]:
    if origin.passport is None:
        return []
    found = [*course_sections(origin.passport), delivery_section(origin.passport, origin.zone)]
    sections = [section for section in found if section.rows]
    return [_section("Zahlenpass", folded(sections, origin.passport.calculation.sql))]


def _ways(origin: Origin) -> list[tuple[str, str, str]]:
    """Where to go from a figure as (sign, words, address), the nearest first."""
    records = origin.records
    count = texts.plural(records[0], "Datensatz", "Datensätze") if records else ""
    ways = [
        ("table", f"{count} ansehen", records[1] if records else None),
        ("steps", "Aufgliedern", origin.drill_href),
        ("kennzahlen", "Im Verzeichnis der Kennzahlen öffnen", origin.catalog_href),
        ("book", "Zahlenpass öffnen", origin.cite_href),
        ("erfassung", "Vorschlag zur Entscheidung", origin.propose_href),
    ]
    return [(shape, words, href) for shape, words, href in ways if href]


def _more(origin: Origin) -> list[Component]:
    """All ways but the first, which is the button at the foot."""
    links = [html.Li(text_link(words, href)) for _, words, href in _ways(origin)[1:]]
    return [_section("Weiter mit dieser Zahl", html.Ul(links, className="plain-list"))] if links else []


def _actions(origin: Origin) -> Component:
    """The nearest way and the link to copy; always in sight at the foot of the panel."""
    buttons: list[Component] = [_button(*way) for way in _ways(origin)[:1]]
    copy = [icon("link", small=True), html.Span("Link kopieren")]
    told = data(action="copy-link", **({"link": origin.cite_href} if origin.cite_href else {}))
    buttons.append(html.Button(copy, type="button", className="button", **told))
    return html.Div(buttons, className="drawer-actions")


def _button(shape: str, words: str, href: str) -> Component:
    return html.A([icon(shape, small=True), html.Span(words)], href=href, className="button button-primary")
