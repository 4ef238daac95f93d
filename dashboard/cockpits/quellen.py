"""Can the figures be trusted? Sources, hints and the state of the last night as finished texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard import formats, messages, messages_nachweis, texts
from dashboard.cockpits import laeufe
from dashboard.components.tile import BandEntry
from dashboard.sentence import Sentence
from metrics.catalog import Catalog, Metric
from metrics.result import Rating
from warehouse.ledger import Run
from warehouse.sources import SourceFacts
from warehouse.status import SourceStatus, Status

UNKNOWN_OWNER = "nicht angegeben"
BOOKKEEPING = "meta."
QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something about the last run that needs attention: what, why, what it touches, who clears it up."""

    rating: Rating
    title: str
    detail: str
    touches: str
    contact: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One line of the table of sources."""

    id: str
    title: str
    way: str
    owner: str
    stand: str
    rows: str
    nights: tuple[Rating, ...]
    rating: Rating
    word: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page is made of; `runs` are settled, newest first, `stock` counts the rows in force.

    `next_run` is None when no schedule is running.
    """

    status: Status
    runs: Sequence[Run]
    sources: Mapping[str, SourceFacts]
    stock: Mapping[str, int]
    catalog: Catalog
    leading: Sequence[str]
    zone: ZoneInfo
    next_run: datetime | None

    @property
    def last(self) -> Run | None:
        """The newest run that came to an end."""
        return laeufe.last_finished(self.runs)


def fresh_count(status: Status) -> int:
    """Sources that are current."""
    return sum(source.state == "aktuell" for source in status.sources)


def counted_metrics(catalog: Catalog) -> list[Metric]:
    """Metrics that are in use, in the order of their numbers."""
    used = (m for m in catalog.metrics.values() if not m.definition.deprecated)
    return sorted(used, key=lambda m: m.definition.number)


def metrics_of(facts: Facts, source: str) -> list[Metric]:
    """Metrics a source feeds: the Leitkennzahlen first, those about the data themselves last."""
    known = facts.sources.get(source)
    fed = known.subjects if known else frozenset()
    found = [m for m in counted_metrics(facts.catalog) if m.subjects & fed]
    return sorted(found, key=lambda m: (_rank(facts.leading, m.id), m.area == QUALITY, m.definition.number))


def _rank(leading: Sequence[str], metric_id: str) -> int:
    return leading.index(metric_id) if metric_id in leading else len(leading)


def fresh_metrics(facts: Facts) -> int:
    """Metrics all of whose sources are current; figures about the bookkeeping itself always are."""
    current = {s.id for s in facts.status.sources if s.state == "aktuell"}
    return sum(_is_fresh(m, facts.sources.values(), current) for m in counted_metrics(facts.catalog))


def _is_fresh(metric: Metric, sources: Iterable[SourceFacts], current: set[str]) -> bool:
    if any(table.startswith(BOOKKEEPING) for table in metric.depends):
        return True
    behind = {s.source for s in sources if s.subjects & metric.subjects}
    return bool(behind) and behind <= current


def sentence(facts: Facts) -> Sentence:
    """The Lagesatz."""
    last = facts.last
    return messages.sources(
        fresh_count(facts.status),
        len(facts.status.sources),
        None if last is None else last.state == "published",
        fresh_metrics(facts),
        len(counted_metrics(facts.catalog)),
        formats.day(facts.status.business_date),
    )


def band(facts: Facts, sources_href: str | None = None) -> tuple[BandEntry, ...]:
    """The Kennzahlenband: last run, sources, rows, metrics, next run; `sources_href` leads to the sources."""
    sources = replace(_fresh_sources(facts), drill_href=sources_href)
    return (_last_run(facts), sources, _rows(facts), _fresh_metrics(facts), _next_run(facts))


def _last_run(facts: Facts) -> BandEntry:
    run = facts.last
    if run is None or run.finished_at is None:
        return BandEntry(
            "Letzter Lauf", formats.MISSING, context="noch kein Lauf mit Abschluss", rating="neu"
        )
    value, _, unit = formats.duration(run.finished_at - run.started_at).partition(formats.NBSP)
    local = run.finished_at.astimezone(facts.zone)
    same_day = local.date() == run.business_date
    end = f", bis {formats.clock(local, facts.zone)}" if same_day else f" am {formats.day(local.date())}"
    context, rating = _how_it_ended(run, len(hints(facts)))
    label = f"Letzter Lauf, {formats.day(run.business_date)}"
    return BandEntry(label, value, f"{unit}{end}", context, rating)


def _how_it_ended(run: Run, count: int) -> tuple[str, Rating]:
    if run.state != "published":
        return laeufe.STATES.get(run.state, ("krit", run.state))[1], "krit"
    if count == 0:
        return "ohne Hinweise abgeschlossen", "gut"
    return f"mit {texts.plural(count, 'Hinweis', 'Hinweisen')} abgeschlossen", "warn"


def _fresh_sources(facts: Facts) -> BandEntry:
    total, fresh = len(facts.status.sources), fresh_count(facts.status)
    if not total:
        return BandEntry("Quellen aktuell", formats.MISSING, context="keine Quelle angebunden", rating="neu")
    open_ = total - fresh
    verb = "braucht" if open_ == 1 else "brauchen"
    context = f"{formats.number(open_)} {verb} Aufmerksamkeit" if open_ else "alle angebundenen"
    unit = f"von {formats.number(total)}"
    return BandEntry("Quellen aktuell", formats.number(fresh), unit, context, "warn" if open_ else "gut")


def _rows(facts: Facts) -> BandEntry:
    if facts.last is None:
        return BandEntry("Im letzten Lauf gelesen", formats.MISSING, context="noch kein Lauf", rating="neu")
    lines = facts.last.sources
    if facts.last.state != "published":
        read = formats.number(laeufe.total(lines, "read")) if lines else formats.MISSING
        return BandEntry("Im letzten Lauf gelesen", read, "Datensätze", "nichts davon freigegeben", "krit")
    refused, twice = laeufe.total(lines, "rejected"), laeufe.total(lines, "duplicates")
    context = f"{formats.number(refused)} abgelehnt, {formats.number(twice)} doppelt"
    read = formats.number(laeufe.total(lines, "read"))
    return BandEntry("Im letzten Lauf gelesen", read, "Datensätze", context, "warn" if refused else "gut")


def _fresh_metrics(facts: Facts) -> BandEntry:
    total, fresh = len(counted_metrics(facts.catalog)), fresh_metrics(facts)
    context = f"{formats.number(total - fresh)} auf nicht aktuellen Quellen"
    context = context if fresh < total else "alle auf aktuellen Quellen"
    unit, rating = f"von {formats.number(total)}", "warn" if fresh < total else "gut"
    return BandEntry("Kennzahlen aktuell", formats.number(fresh), unit, context, _rating(rating))


def _rating(word: str) -> Rating:
    return "warn" if word == "warn" else "gut"


def _next_run(facts: Facts) -> BandEntry:
    if facts.next_run is None:
        return BandEntry("Nächster Lauf", formats.MISSING, context="Der Zeitplan läuft nicht.", rating="warn")
    clock = formats.clock(facts.next_run, facts.zone, word=False)
    day = formats.day(facts.next_run.astimezone(facts.zone).date())
    return BandEntry("Nächster Lauf", clock, f"Uhr, {day}", "täglich, auch an Feiertagen")


def hints(facts: Facts) -> tuple[Hint, ...]:
    """What needs attention, the most urgent first."""
    found = [*_run_hints(facts.last), *_undeclared(facts)]
    for source in facts.status.sources:
        found += _source_hints(source, facts)
    return tuple(sorted(found, key=lambda hint: texts.URGENCY.index(hint.rating)))


def _run_hints(run: Run | None) -> list[Hint]:
    if run is None or run.state == "published":
        return []
    word = laeufe.STATES.get(run.state, ("krit", run.state))[1]
    title = f"Lauf für den {formats.day(run.business_date)} {word}"
    detail = f"{run.reason or 'Der Grund ist nicht festgehalten.'} Es gilt der Stand davor."
    return [Hint("krit", title, detail, "Betrifft: alle Quellen dieses Laufs", f"Lauf-Nr. {run.run_id}")]


def undeclared(facts: Facts) -> list[Mapping[str, object]]:
    """Sources of the last run whose declaration could not be read and that were never loaded."""
    known = {source.id for source in facts.status.sources}
    lines = facts.last.sources if facts.last else ()
    return [line for line in lines if line.get("source") not in known]


def _undeclared(facts: Facts) -> list[Hint]:
    return [
        Hint(
            "krit",
            f"{line['source']}: noch nie geladen",
            messages_nachweis.failure(str(line.get("reason") or ""), None, facts.zone),
            messages_nachweis.affected([]),
            "Zu klären durch: Fachadministration",
        )
        for line in undeclared(facts)
    ]


def _source_hints(source: SourceStatus, facts: Facts) -> list[Hint]:
    rating, title, detail = _what_is_wrong(source, facts)
    if not title:
        return []
    names = [m.definition.short or m.definition.label for m in metrics_of(facts, source.id)]
    contact = f"Zu klären durch: {source.owner or UNKNOWN_OWNER}"
    touches = messages_nachweis.affected(names)
    return [Hint(rating, f"{source.title}: {title}", detail, touches, contact, source.id)]


def _what_is_wrong(source: SourceStatus, facts: Facts) -> tuple[Rating, str, str]:
    known = facts.sources.get(source.id)
    if source.state == "fehlgeschlagen":
        return "krit", "nicht geladen", messages_nachweis.failure(source.reason, source.as_of, facts.zone)
    if source.state == "zurückgehalten":
        return "warn", "zurückgehalten", messages_nachweis.failure(source.reason, source.as_of, facts.zone)
    if source.state == "nie_geladen":
        if source.reason:
            return "krit", "noch nie geladen", messages_nachweis.failure(source.reason, None, facts.zone)
        return "warn", "noch nie geladen", messages_nachweis.what_holds(None, facts.zone)
    if source.state == "veraltet":
        days = known.fresh_for_days if known else None
        words = messages_nachweis.staleness(source.as_of, days, facts.zone)
        if source.rejected:
            words = f"{words} {messages_nachweis.rejected(source.rejected, source.read)}"
        return "warn", "veraltet", words
    waiting = known.quarantined if known else 0
    if source.rejected or waiting:
        rows = texts.plural(max(source.rejected, waiting), "Datensatz", "Datensätze")
        told = messages_nachweis.rejected(source.rejected, source.read) if source.rejected else ""
        earlier = messages_nachweis.rejected_earlier(waiting - source.rejected)
        return "warn", f"{rows} abgelehnt", " ".join(filter(None, (told, earlier)))
    return "gut", "", ""


def last_night(facts: Facts) -> date:
    """The newest business date there is anything to say about."""
    return max([facts.status.business_date, *(run.business_date for run in facts.runs[:1])])


def nights_title(facts: Facts) -> str:
    """Head of the strips: „27.05. bis 09.06.2026“."""
    last = last_night(facts)
    first = last - timedelta(days=laeufe.NIGHTS - 1)
    return f"{formats.day_short(first)} bis {formats.day(last)}"


def source_rows(facts: Facts) -> tuple[SourceRow, ...]:
    """All sources: those that need attention first, then by title."""
    last = last_night(facts)
    rows = [_source_row(source, facts, last) for source in facts.status.sources]
    rows += [_lost_row(line, facts, last) for line in undeclared(facts)]
    return tuple(sorted(rows, key=lambda r: (texts.URGENCY.index(r.rating), r.title.casefold())))


def _source_row(source: SourceStatus, facts: Facts, last: date) -> SourceRow:
    rating, word = texts.SOURCE_STATES.get(source.state, ("neu", source.state))
    return SourceRow(
        id=source.id,
        title=source.title,
        way=texts.SOURCE_KINDS.get(source.kind, source.kind),
        owner=source.owner or formats.MISSING,
        stand=messages_nachweis.delivery_time(source.as_of, facts.zone),
        rows=formats.number(facts.stock.get(source.id, 0)),
        nights=laeufe.nights(source.id, facts.runs, last),
        rating=rating,
        word=word,
    )


def _lost_row(line: Mapping[str, object], facts: Facts, last: date) -> SourceRow:
    name, missing = str(line["source"]), formats.MISSING
    marks = laeufe.nights(name, facts.runs, last)
    return SourceRow(name, name, missing, missing, missing, missing, marks, "krit", "noch nie geladen")


def nature_foot(status: Status) -> str:
    """How many sources are real, said once below the table."""
    example = sum(source.nature == "beispiel" for source in status.sources)
    total = texts.plural(len(status.sources), "Quelle", "Quellen")
    if example == 0:
        return total
    verb = "liefert" if example == 1 else "liefern"
    return f"{total}, davon {verb} {formats.number(example)} Beispieldaten"
