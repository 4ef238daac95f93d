"""The canonical model in words: subjects from their files, rulers of the Reifegrad, populations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import formats, texts
from metrics.catalog import Catalog, Metric
from warehouse.contract import Column, Subject
from warehouse.reifegrad.ruler import CountingRule, Crosswalk, ReifegradModel, Rulers

TYPES: Mapping[str, str] = {
    "text": "Text",
    "integer": "ganze Zahl",
    "decimal": "Dezimalzahl",
    "boolean": "ja/nein",
    "date": "Tag",
    "timestamp": "Zeitpunkt",
}
STANDINGS: Mapping[str, str] = {
    "amtlich": "amtlich",
    "beschlossen": "von der Stadt beschlossen",
    "abgeleitet": "aus den Quellen abgeleitet, nicht amtlich",
}
DERIVED: Mapping[str, str] = {
    "minimum": "das niedrigste Kriterium entscheidet",
    "pauschal": "als Ganzes eingestuft, nicht aus Kriterien abgeleitet",
}
MEMBERS: Mapping[str, str] = {"eine": "eine Leistung genügt", "alle": "alle Leistungen nötig"}
NO_NAME = "nicht belegt"
Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SubjectView:
    """One subject: columns as rows of a table; `sources` and `metrics` are (words, address)."""

    id: str
    title: str
    description: str
    key: str
    scope: str
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Link, ...]
    metrics: tuple[Link, ...]


def subject_views(
    subjects: Mapping[str, Subject], sources: Mapping[str, Mapping[str, str]], catalog: Catalog
) -> tuple[SubjectView, ...]:
    """Return all subjects by title; `sources` are id → title by subject."""
    views = (_subject(item, sources.get(item.id, {}), catalog) for item in subjects.values())
    return tuple(sorted(views, key=lambda view: view.title.casefold()))


def _subject(subject: Subject, sources: Mapping[str, str], catalog: Catalog) -> SubjectView:
    columns = subject.columns
    unit = columns[subject.org_column].title if subject.org_column else ""
    return SubjectView(
        id=subject.id,
        title=subject.title,
        description=subject.description or "Ohne Beschreibung.",
        key=texts.listed([f"{columns[name].title} ({name})" for name in subject.key]),
        scope=f"je Organisationseinheit ({unit})" if unit else "ganze Stadt",
        rows=tuple(_row(name, column, subject.key) for name, column in columns.items()),
        sources=tuple((title, f"/datenquellen?quelle={name}") for name, title in sorted(sources.items())),
        metrics=tuple(_metric(m) for m in _resting_on(subject.id, catalog)),
    )


def _resting_on(subject_id: str, catalog: Catalog) -> list[Metric]:
    found = (m for m in catalog.metrics.values() if subject_id in m.subjects and not m.definition.deprecated)
    return sorted(found, key=lambda metric: metric.definition.number)


def _metric(metric: Metric) -> Link:
    d = metric.definition
    return f"{d.number} {d.label}", f"/kennzahlen?kennzahl={metric.id}#{metric.id}"


def _row(name: str, column: Column, key: Sequence[str]) -> tuple[str, ...]:
    duty = "Schlüssel" if name in key else "Pflicht" if column.required else ""
    return column.title, name, TYPES[column.type], column.unit or "", duty, limits(column)


def limits(column: Column) -> str:
    """What a value may be: listed values, bounds, pattern, and why a column may say who somebody is."""
    bounds = [
        (word, value)
        for word, value in (("ab", column.minimum), ("bis", column.maximum))
        if value is not None
    ]
    days = [(word, day) for word, day in (("ab", column.earliest), ("bis", column.latest)) if day]
    parts = [
        ", ".join(column.allowed),
        " ".join(
            f"{word} {formats.number(value, 0 if value == int(value) else 2)}" for word, value in bounds
        ),
        " ".join(f"{word} {formats.day(day)}" for word, day in days),
        f"Muster {column.pattern}" if column.pattern else "",
        f"personenbezogen: {column.legal}" if column.legal else "",
    ]
    return " · ".join(part for part in parts if part)


def model_facts(model: ReifegradModel) -> list[tuple[str, str]]:
    """What a model of maturity says about itself."""
    since = f"seit {formats.day(model.valid_from)}" if model.valid_from else ""
    until = f"bis {formats.day(model.valid_to)}" if model.valid_to else ""
    criteria = f"{formats.number(model.criteria_count)} Kriterien, " if model.criteria_count else ""
    pairs = [
        ("Kennung", model.id),
        ("Herausgeber", model.publisher),
        ("Gilt", " ".join(part for part in (since, until) if part) or "ohne belegte Grenzen"),
        ("Einstufung", f"{criteria}{DERIVED[model.rule]}"),
        ("Erfüllt ab", f"Stufe {model.fulfilled_from} ({model.fulfilled_source})"),
        ("Quelle", model.source),
        ("Anmerkung", model.note or ""),
    ]
    return [(term, words) for term, words in pairs if words]


def level_rows(model: ReifegradModel) -> tuple[tuple[str, ...], ...]:
    """Levels, lowest first; a name nobody has published is not invented."""
    return tuple(
        (str(item.level), item.name or NO_NAME, item.meaning or formats.MISSING) for item in model.level
    )


def crosswalk_rows(crosswalk: Crosswalk, rulers: Rulers) -> tuple[tuple[str, ...], ...]:
    """Every level of the source with its answer: a level, a range, or „nicht übertragbar“ and why."""
    source = rulers.model(crosswalk.from_model)
    rows = []
    for level in source.scale:
        answer = rulers.convert(crosswalk.from_model, crosswalk.to_model, level)
        rows.append((str(level), str(answer), answer.reason or ""))
    return tuple(rows)


def crosswalk_title(crosswalk: Crosswalk, rulers: Rulers) -> str:
    """„Von Reifegradmodell des Bundes 1.1 nach …“."""
    source, target = (rulers.model(name).title for name in (crosswalk.from_model, crosswalk.to_model))
    return f"Von „{source}“ nach „{target}“"


def rule_row(rule: CountingRule, rulers: Rulers) -> tuple[str, ...]:
    """Title, meaning, what is counted, for which models, source."""
    if rule.counts == "meldung":
        counted = f"Meldung: {', '.join(rule.reach)}"
    else:
        level = (
            f"ab Stufe {rule.level_from}" if rule.level_from is not None else "ab der Schwelle des Modells"
        )
        counted = f"Einstufung {level}, {MEMBERS[rule.members]}"
    models = texts.listed([rulers.model(name).title for name in rule.models]) or "alle Modelle"
    return rule.title, rule.meaning, counted, "–" if rule.counts == "meldung" else models, rule.source


def population_rows(catalog: Catalog) -> tuple[tuple[str, ...], ...]:
    """Populations by title with the numbers of the figures that refer to them."""
    used: dict[str, list[str]] = {}
    for metric in catalog.metrics.values():
        used.setdefault(metric.definition.population, []).append(metric.definition.number)
    rows = (
        (p.title, p.definition, formats.day(p.valid_from), ", ".join(sorted(used.get(name, []))) or "–", name)
        for name, p in catalog.populations.items()
    )
    return tuple(sorted(rows, key=lambda row: row[0].casefold()))
