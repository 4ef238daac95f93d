"""Everything the catalogue knows of one figure, in finished words; nothing of it is written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from dashboard import formats, messages_nachweis, texts
from dashboard.cockpits.kennzahlen import DIRECTIONS, KINDS, UNITS
from dashboard.dimension_words import cut_words, dimension, value, without_codes
from metrics.catalog import Catalog, Metric
from metrics.compute import as_number
from metrics.definition import PERIOD_YEAR, Definition
from metrics.result import Load
from metrics.targets import Rule, Target

HASH_DIGITS = 16
SCOPES = {"organisation": "nach Organisationseinheit", "city": "nur für die ganze Stadt"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The definition of a figure; `targets` are rows of cut, day, Soll and tolerance."""

    id: str
    number: str
    title: str
    question: str
    facts: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, str, str, str], ...]
    target_note: str
    sources: tuple[tuple[str, str, str, str, str], ...]
    sql: str


def sheet(
    metric: Metric,
    catalog: Catalog,
    loads: Sequence[Load],
    pages: Sequence[str],
    *,
    today: date | None,
    zone: ZoneInfo,
) -> Sheet:
    """Return the sheet; `pages` are titles of the pages that show it, `today` gives the „Soll heute“."""
    target = catalog.targets.get(metric.id)
    return Sheet(
        id=metric.id,
        number=metric.definition.number,
        title=metric.definition.label,
        question=metric.definition.question,
        facts=tuple((t, w) for t, w in _facts(metric, catalog, target, pages) if w),
        targets=tuple(_targets(target, metric.definition)) if target else (),
        target_note=_target_note(target, metric.definition, today),
        sources=tuple(_source(load, zone) for load in loads),
        sql=metric.sql.strip(),
    )


def _facts(
    metric: Metric, catalog: Catalog, target: Target | None, pages: Sequence[str]
) -> list[tuple[str, str]]:
    d = metric.definition
    population = catalog.populations.get(d.population)
    return [
        ("Bedeutung", without_codes(d.meaning)),
        ("Zähler" if d.denominator_text else "Gezählt wird", d.numerator_text),
        ("Nenner", d.denominator_text or ""),
        ("Grundgesamtheit", f"{population.title}: {population.definition}" if population else d.population),
        ("Art und Einheit", f"{KINDS[d.kind]}, {UNITS[d.unit]}"),
        ("Richtung", DIRECTIONS[d.better]),
        ("Zeitbezug", _period(d)),
        ("Aufteilbar nach", texts.listed([_dimension(name, d) for name in d.data_dimensions])),
        ("Sicht", SCOPES[d.scope]),
        ("Kleine Zahlen", _small_numbers(d)),
        ("Rechtsgrundlage", d.legal or ""),
        ("Grenzen", without_codes(d.limits or "")),
        ("Verantwortlich", target.owner if target else "nicht festgelegt"),
        ("Verwendet in", texts.listed(list(pages)) or "keiner Seite"),
        ("Kennung", metric.id),
        ("Fassung vom", formats.day(d.revised)),
        ("Prüfsumme der Definition", catalog.version(metric.id).hash[:HASH_DIGITS]),
    ]


def _period(definition: Definition) -> str:
    if definition.over_time == "last":
        return "Bestand am Stichtag"
    if definition.over_time == "none":
        return "je Zeitraum, ohne Summe über Zeiträume"
    months = definition.window_months
    if definition.grain == "year" and months == 1:
        return "Summe eines Jahres"
    return "Summe eines Monats" if months == 1 else f"gleitend über {months} Monate"


def _small_numbers(definition: Definition) -> str:
    if definition.least_cases:
        return f"aus weniger als {definition.least_cases} Fällen nicht angegeben"
    if not definition.min_cell:
        return ""
    limit = f"unter {definition.min_cell} Fällen nicht ausgewiesen"
    if not definition.protect:
        return limit
    cuts = (" × ".join(_dimension(name, definition) for name in cut) for cut in definition.protect.cuts)
    told = f"{limit}, auch nicht, was auf sie schließen ließe; je Zeitraum einmal entschieden"
    return f"{told}. Veröffentlicht: ganze Stadt; {'; '.join(cuts)}"


def _dimension(name: str, definition: Definition) -> str:
    chosen = definition.choose_one.get(name)
    word = dimension(name)
    if chosen is None:
        return word
    return f"{word} (vorgegeben: {'Jahr des Zeitraums' if chosen == PERIOD_YEAR else value(chosen)})"


def _targets(target: Target, definition: Definition) -> list[tuple[str, str, str, str]]:
    rows = _points("insgesamt", target, definition)
    for part in target.parts:
        rows += _points(cut_words(part.where), part, definition)
    return rows


def _points(cut: str, rule: Rule, definition: Definition) -> list[tuple[str, str, str, str]]:
    room = tolerance(rule, definition)
    amounts = [formats.amount(p.value, definition.unit, definition.decimals) for p in rule.path]
    return [(cut, formats.day(p.on), text, room) for p, text in zip(rule.path, amounts, strict=True)]


def tolerance(rule: Rule, definition: Definition) -> str:
    """The tolerated distance in words."""
    if rule.tolerance_points is not None:
        value = rule.tolerance_points * 100
        text = formats.number(value, 0 if value == int(value) else 1)
        return f"{text} {'Prozentpunkt' if value == 1 else 'Prozentpunkte'}"
    if rule.tolerance_percent is not None:
        return f"{formats.percent(rule.tolerance_percent, 0)} des Solls"
    if rule.tolerance_abs:
        return formats.amount(rule.tolerance_abs, definition.unit, definition.decimals)
    return "keine"


def _target_note(target: Target | None, definition: Definition, today: date | None) -> str:
    if target is None or not (target.path or target.parts):
        return "Es ist kein Soll vereinbart; die Kennzahl wird nicht bewertet."
    decided = f"Beschluss: {target.decided}." if target.decided else "Ein Beschluss ist nicht angegeben."
    soll = as_number(target.soll(today), like=_like(definition)) if today else None
    if soll is None or today is None:
        return decided
    value = formats.amount(soll, definition.unit, definition.decimals)
    return f"{decided} Soll heute: {messages_nachweis.soll_today(value, today)}."


def _like(definition: Definition) -> Decimal | None:
    return Decimal(0) if definition.unit == "eur" else None


def _source(load: Load, zone: ZoneInfo) -> tuple[str, str, str, str, str]:
    return (
        load.source,
        load.title,
        load.owner or formats.MISSING,
        messages_nachweis.delivery_time(load.as_of, zone),
        "veraltet" if load.stale else "aktuell",
    )


def one_per_source(loads: Sequence[Load]) -> tuple[Load, ...]:
    """The oldest delivery of each source: that is its Datenstand."""
    oldest: dict[str, Load] = {}
    for load in loads:
        known = oldest.get(load.source)
        if known is None or load.as_of < known.as_of:
            oldest[load.source] = load
    return tuple(oldest.values())
