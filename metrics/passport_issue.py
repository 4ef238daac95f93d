"""Issues the passport of a figure: asks the one door once more and writes down all it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from metrics.catalog import Catalog
from metrics.compiler import compile_question
from metrics.definition import Definition
from metrics.lineage import Snapshot
from metrics.passport import (
    Break,
    Calculation,
    Coverage,
    Delivery,
    Figure,
    Grounds,
    Knowledge,
    Passport,
    Question,
    Wording,
)
from metrics.passport_breaks import breaks_of
from metrics.passport_knowledge import Archive, Views, look
from metrics.passport_series import Asked, amount_of, earlier_values, key_of
from metrics.question import Question as Checked
from metrics.question import Where, as_texts, ask, period_end
from metrics.recorded import Recorded, Written, as_recorded, as_reported
from metrics.result import Cell, Load, MetricResult, Scope
from metrics.version import written_out

PROTECTED = "Kleine Zahlen werden nicht zwischen Ständen verglichen: der Unterschied verriete sie"
GUARDED = "Schutz kleiner Zahlen: gezeigt wird nur, was für diesen Zeitraum veröffentlicht werden darf"


@dataclass(frozen=True, slots=True)
class Issued:
    """A passport with the answer it belongs to and the catalogue the answer was computed with."""

    passport: Passport
    result: MetricResult
    catalog: Catalog


def issue(
    catalog: Catalog,
    snapshot: Snapshot,
    metric_id: str,
    *,
    scope: Scope,
    by: Iterable[str] = (),
    between: tuple[date, date] | None = None,
    where: Where | None = None,
    at: date | None = None,
    archive: Archive | None = None,
    as_published: bool = False,
    history: Sequence[Written] = (),
) -> Issued:
    """Return the passport of every cell of an answer; raises like `metrics.query.query`.

    `as_published`: count by the definition the snapshot keeps, as it did when it was published; otherwise by
    that of the catalogue. Without an `archive` nothing is said about other snapshots. `history` are the
    archived versions of the definition.
    """
    used = _used(catalog, snapshot, metric_id, scope if as_published else None)
    asked = Asked(used.catalog, snapshot, metric_id, scope, tuple(dict.fromkeys(by)), between, where, at)
    result, checked = asked.answer(), _checked(asked)
    hidden = any(cell.suppressed for cell in result.rows)
    breaks = breaks_of(asked, result, history)
    views = (
        look(asked, result, used.version, archive, catalog)
        if archive and not asked.definition.min_cell
        else None
    )
    passport = Passport(
        metric=metric_id,
        stichtag=at or snapshot.business_date,
        snapshot=snapshot.name,
        business_date=snapshot.business_date,
        published_at=snapshot.created_at,
        as_of=result.as_of,
        nature=result.nature,
        stale_sources=result.stale_sources,
        question=_question(asked, checked),
        figures=_figures(asked, result, breaks, views),
        population=_population(asked),
        definition=_wording(asked.definition, used, catalog, metric_id),
        calculation=_calculation(asked, checked, hidden),
        deliveries=tuple(_delivery(load, hidden) for load in result.lineage),
        counts_withheld=hidden,
        breaks=breaks,
        notes=result.notes,
    )
    return Issued(passport, result, used.catalog)


def _used(catalog: Catalog, snapshot: Snapshot, metric_id: str, published_for: Scope | None) -> Recorded:
    if published_for is not None:
        return as_reported(catalog, snapshot, metric_id, published_for)
    kept = as_recorded(catalog, snapshot, metric_id)
    version = catalog.version(metric_id)
    return Recorded(catalog, version, kept=kept.kept and kept.version.hash == version.hash)


def _checked(asked: Asked) -> Checked:
    return ask(
        asked.catalog.metric(asked.metric_id),
        scope=asked.scope,
        by=asked.by,
        between=asked.between,
        where=asked.where,
        at=asked.at,
        business_date=asked.snapshot.business_date,
    )


def _question(asked: Asked, checked: Checked) -> Question:
    where = {name: as_texts(value) for name, value in (asked.where or {}).items()}
    defaults = {name: values[0] for name, values in checked.filters.items() if name not in where}
    chosen = {name: str(value) for name, value in defaults.items()}
    # A figure that knows no units is the same for everybody who may see it.
    units = asked.scope.units if asked.definition.scope == "organisation" else None
    return Question(
        by=asked.by,
        first=checked.first,
        last=checked.last,
        between=asked.between,
        where=where,
        chosen={**chosen, **dict.fromkeys(checked.year_of_period, "Jahr des Zeitraums")},
        units=None if units is None else tuple(sorted(units)),
    )


def _figures(
    asked: Asked, result: MetricResult, breaks: tuple[Break, ...], views: Views | None
) -> tuple[Figure, ...]:
    earlier = earlier_values(asked, result, breaks)
    return tuple(
        Figure(
            period=cell.period,
            keys=dict(cell.keys),
            bucket=cell.bucket,
            amount=amount_of(cell, asked.definition),
            cases=None if cell.suppressed else cell.n,
            coverage=_coverage(cell, result),
            target=None if cell.suppressed else cell.target,
            rating="neu" if cell.suppressed else cell.rating,
            suppressed=cell.suppressed,
            earlier=() if cell.suppressed else earlier.get(key_of(cell), ()),
            knowledge=_knowledge(asked, cell, views),
        )
        for cell in result.rows
    )


def _knowledge(asked: Asked, cell: Cell, views: Views | None) -> Knowledge | None:
    if asked.definition.min_cell or cell.suppressed:
        return Knowledge(None, None, None, PROTECTED)
    return views.of(key_of(cell, "period" in asked.by)) if views else None


def _coverage(cell: Cell, result: MetricResult) -> Coverage | None:
    """Known members of the cell's own population; nothing of a suppressed cell, nor of its answer."""
    if cell.suppressed or cell.known is None:
        return None
    if cell.denominator is not None:
        return Coverage(cell.known, int(cell.denominator))
    return (
        Coverage(result.coverage.known, result.coverage.total) if result.coverage and result.total else None
    )


def _population(asked: Asked) -> Grounds:
    population_id = asked.definition.population
    found = asked.catalog.populations.get(population_id)
    if found is None:
        return Grounds(population_id, population_id, "", None)
    return Grounds(population_id, found.title, found.definition, found.valid_from)


def _wording(definition: Definition, used: Recorded, today: Catalog, metric_id: str) -> Wording:
    now = today.version(metric_id) if metric_id in today.metrics else None
    return Wording(
        number=definition.number,
        label=definition.label,
        kind=definition.kind,
        unit=definition.unit,
        decimals=definition.decimals,
        grain=definition.grain,
        scope=definition.scope,
        min_cell=definition.min_cell,
        meaning=definition.meaning,
        numerator=definition.numerator_text,
        denominator=definition.denominator_text,
        legal=definition.legal,
        limits=definition.limits,
        revised=definition.revised,
        version=used.version.hash,
        parts=dict(used.version.parts),
        kept_with_snapshot=used.kept,
        changed_since=now.differs_in(used.version.parts) if now else (),
        least_cases=definition.least_cases,
    )


def _calculation(asked: Asked, checked: Checked, hidden: bool) -> Calculation:
    """The SQL of the very question. A protected figure is not computed from its rows when it is asked for, so
    there it is the statement of its definition; beside a hidden cell there is none."""
    words = (*_arithmetic(asked.definition), *_selection(asked, checked))
    if not asked.definition.min_cell:
        compiled = compile_question(checked)
        return Calculation(words, written_out(compiled.sql, compiled.params))
    return Calculation((*words, GUARDED), "" if hidden else checked.metric.sql)


def _arithmetic(definition: Definition) -> tuple[str, ...]:
    if definition.kind in ("share", "mean"):
        times = ", mal 100 in Prozent" if definition.unit == "percent" else ""
        return (
            f"Zähler: {definition.numerator_text}",
            f"Nenner: {definition.denominator_text}",
            f"Wert: Summe der Zähler durch Summe der Nenner{times}",
        )
    if definition.kind == "quantile":
        name = (
            "Median" if definition.quantile == 0.5 else f"Quantil {definition.quantile:g}".replace(".", ",")
        )
        return (f"Fälle: {definition.numerator_text}", f"Wert: {name} aller Fälle, der Größe nach geordnet")
    if definition.kind == "distribution":
        return (
            f"Je Ausprägung: {definition.numerator_text}",
            "Wert: Anteil der Ausprägung an der Summe aller",
        )
    return (f"Wert: Summe über {definition.numerator_text}",)


def _selection(asked: Asked, checked: Checked) -> tuple[str, ...]:
    definition = asked.definition
    picked = [f"{name} = {_values(values)}" for name, values in checked.filters.items()]
    picked += [f"{name} = Jahr des Zeitraums" for name in checked.year_of_period]
    units = asked.scope.units
    where = "ganze Stadt" if units is None or definition.scope == "city" else ", ".join(sorted(units))
    return (
        f"Auswahl: {'; '.join(picked) or 'keine'}",
        f"Organisation: {where or 'keine'}",
        f"Zeit: {_time(definition, checked, asked.at or asked.snapshot.business_date)}",
    )


def _values(values: Iterable[str | None]) -> str:
    return " oder ".join("ohne Angabe" if value is None else value for value in values)


def _time(definition: Definition, checked: Checked, today: date) -> str:
    end = period_end(checked.last, definition.grain)
    if definition.over_time == "last":
        return f"letzter Bestand bis {min(end, today):%d.%m.%Y}"
    if checked.first:
        return f"{checked.first:%d.%m.%Y} bis {end:%d.%m.%Y}"
    if definition.over_time == "sum":
        months = definition.window_months
        return f"{months} {'Monat' if months == 1 else 'Monate'}, die letzten mit Daten bis {end:%d.%m.%Y}"
    return f"neuester Zeitabschnitt bis {end:%d.%m.%Y}"


def _delivery(load: Load, withheld: bool) -> Delivery:
    """Counts of a whole delivery stand on the page of sources for everybody; beside a hidden cell they would
    be one more sum to compute with."""
    return Delivery(
        source=load.source,
        title=load.title,
        owner=load.owner,
        kind=load.kind,
        nature=load.nature,
        subject=load.subject,
        as_of=load.as_of,
        run=load.run_id,
        delivery_hash=load.delivery_hash,
        read=None if withheld else load.read,
        published=None if withheld else load.published,
        rejected=None if withheld else load.rejected,
        duplicates=None if withheld else load.duplicates,
        stale=load.stale,
    )
