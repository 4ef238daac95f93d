"""Breaks in the series of a figure: places where values before and after were not made alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date
from itertools import pairwise

from metrics.definition import PERIOD_YEAR
from metrics.lineage import Agreed, agreements
from metrics.older import is_older
from metrics.passport import Break, latest
from metrics.passport_series import Asked, start_of_series
from metrics.query import query
from metrics.question import add_months, as_texts, period_end
from metrics.recorded import Written
from metrics.result import MetricResult
from metrics.version import part_words
from warehouse.errors import RetriableError
from warehouse.store import DatabaseError

Window = tuple[date, date]
REGRADED, ASSESSMENT, RULER = "reifegrad_change_count", "assessment", "reifegrad_modell"
_AGREED = {"kind": "Art der Quelle", "table": "Erklärung der Tabelle", "key": "Schlüssel"}


def breaks_of(asked: Asked, result: MetricResult, history: Sequence[Written] = ()) -> tuple[Break, ...]:
    """Return the breaks between the earliest value looked at and the period of the figure, oldest first.

    Kinds: definition, population, model (another ruler), regraded, contract, missing. `history` are the
    archived versions of the definition.
    """
    end = latest(cell.period for cell in result.rows)
    if end is None or asked.definition.min_cell:
        return ()
    start = min(
        [start_of_series(asked.definition, end), *(cell.period for cell in result.rows if cell.period)]
    )
    if asked.between:
        start = min(start, asked.between[0])
    window = (start, period_end(end, asked.definition.grain))
    # What was agreed and written down counts until the day of the figure, which may lie after its period.
    until_today = (start, max(window[1], asked.at or asked.snapshot.business_date))
    found = [
        *_of_wording(asked, until_today, history),
        *_of_choice(asked, window),
        *_if_kept(lambda: _regraded(asked, window)),
        *_if_kept(lambda: _of_contracts(asked, until_today)),
        *_missing(asked, window),
    ]
    return tuple(sorted(found, key=lambda item: (item.on, item.kind, item.words)))


def _if_kept(find: Callable[[], list[Break]]) -> list[Break]:
    """Snapshots of earlier versions of the portal lack tables that only explain; that is no fault."""
    try:
        return find()
    except DatabaseError:
        return []
    except RetriableError as error:
        if not is_older(error):
            raise
        return []


def _of_wording(asked: Asked, window: Window, history: Sequence[Written]) -> list[Break]:
    definition = asked.definition
    population = asked.catalog.populations.get(definition.population)
    found = _of_versions(window, history)
    if not found and _inside(definition.revised, window):
        words = "Fassung der Definition von diesem Tag; frühere Werte sind mit ihr neu gerechnet"
        found.append(Break(definition.revised, "definition", words, parts_series=False))
    if population and _inside(population.valid_from, window):
        words = f"Grundgesamtheit „{population.title}“ gilt erst ab diesem Tag"
        found.append(Break(population.valid_from, "population", words, parts_series=True))
    return found


def _inside(day: date, window: Window) -> bool:
    return window[0] < day <= window[1]


def _of_versions(window: Window, history: Sequence[Written]) -> list[Break]:
    """Changes of what is counted, from the archive; the first version of all is no change."""
    found = []
    for old, new in pairwise(sorted(history, key=lambda item: item.since)):
        if _inside(new.since, window):
            changed = [
                name
                for name in sorted({*old.parts, *new.parts})
                if old.parts.get(name) != new.parts.get(name)
            ]
            words = f"Definition geändert ({part_words(changed)}); frühere Werte sind hier neu gerechnet"
            found.append(Break(new.since, "definition", words, parts_series=False))
    return found


def _of_choice(asked: Asked, window: Window) -> list[Break]:
    found = []
    for name, default in asked.definition.choose_one.items():
        if default != PERIOD_YEAR and name not in asked.by:
            (chosen,) = as_texts((asked.where or {}).get(name, default))
            found += _change_of_choice(asked, name, str(chosen), window)
    return found


def _change_of_choice(asked: Asked, name: str, chosen: str, window: Window) -> list[Break]:
    """A ruler that begins or ends inside the series, or another one that comes in beside it."""
    where = {key: value for key, value in (asked.where or {}).items() if key != name}
    answer = query(
        asked.catalog,
        asked.snapshot,
        asked.metric_id,
        scope=asked.scope,
        by=(name, "period"),
        between=window,
        where=where,
        at=asked.at,
    )
    months: dict[str, list[date]] = {}
    for cell in answer.rows:
        if cell.period is not None and cell.value is not None:
            months.setdefault(str(cell.keys[name]), []).append(cell.period)
    begins = {value: min(periods) for value, periods in months.items() if min(periods) > min(_all(months))}
    return [
        Break(on, "model", _words_of_choice(name, value, chosen), parts_series=value == chosen)
        for value, on in sorted(begins.items())
    ]


def _all(months: Mapping[str, list[date]]) -> list[date]:
    return [period for periods in months.values() for period in periods]


def _words_of_choice(name: str, value: str, chosen: str) -> str:
    if value == chosen:
        return f"{name} „{value}“ wird erst ab hier angewandt"
    return f"Neben {name} „{chosen}“ beginnt „{value}“; die Werte werden nicht zusammengezählt"


def _regraded(asked: Asked, window: Window) -> list[Break]:
    """Months in which services got another level because the ruler changed, not because they did."""
    catalog, metric = asked.catalog, asked.catalog.metric(asked.metric_id)
    if ASSESSMENT not in metric.subjects or RULER not in asked.definition.choose_one:
        return []
    if REGRADED not in catalog.metrics or asked.metric_id == REGRADED or RULER in asked.by:
        return []
    ruler = (asked.where or {}).get(RULER, asked.definition.choose_one[RULER])
    answer = query(
        catalog,
        asked.snapshot,
        REGRADED,
        scope=asked.scope,
        by=("period", "aenderung"),
        between=window,
        where={RULER: ruler},
    )
    counts: dict[date, dict[str, int]] = {}
    for cell in answer.rows:
        if cell.period is not None and cell.value:
            counts.setdefault(cell.period, {})[str(cell.keys["aenderung"])] = int(cell.value)
    return [
        Break(period, "regraded", _words_of_regrading(found), parts_series=False)
        for period, found in sorted(counts.items())
        if found.get("neu_bewertet")
    ]


def _words_of_regrading(found: Mapping[str, int]) -> str:
    return (
        f"{found['neu_bewertet']} von {sum(found.values())} Einstufungen des Monats sind „neu bewertet“:"
        " ein anderer Maßstab, kein Fortschritt"
    )


def _of_contracts(asked: Asked, window: Window) -> list[Break]:
    """Deliveries that were made under another agreement than the one before."""
    subjects = asked.catalog.metric(asked.metric_id).subjects
    found: dict[tuple[date, str], Break] = {}
    for one in agreements(asked.snapshot, subjects):
        day = one.as_of.astimezone(UTC).date()
        if _inside(day, window) and one.before != one.after:
            words = f"Vereinbarung mit „{one.title}“ geändert: {_words_of_contract(one)}"
            found[day, words] = Break(day, "contract", words, parts_series=False)
    return list(found.values())


def _words_of_contract(one: Agreed) -> str:
    before, after = json.loads(one.before), json.loads(one.after)
    changed = [words for name, words in _AGREED.items() if before.get(name) != after.get(name)]
    old, new = before.get("columns", {}), after.get("columns", {})
    columns = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    changed += [f"Spalten {_listed(columns)}"] if columns else []
    return ", ".join(changed) or "Fassung"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"„{name}“" for name in names)


def _missing(asked: Asked, window: Window) -> list[Break]:
    """Periods without a value between two that have one."""
    if asked.definition.grain == "day":
        return []
    answer = asked.answer(by=("period",), between=window)
    have = sorted({cell.period for cell in answer.rows if cell.period and cell.value is not None})
    step = 12 if asked.definition.grain == "year" else 1
    gaps = []
    for before, after in pairwise(have):
        first, last = add_months(before, step), add_months(after, -step)
        if first <= last:
            gaps.append(Break(first, "missing", _gap(first, last, step), parts_series=False))
    return gaps


def _gap(first: date, last: date, step: int) -> str:
    shown = [f"{day:%m/%Y}" if step == 1 else f"{day:%Y}" for day in dict.fromkeys((first, last))]
    return f"Ohne Werte: {' bis '.join(shown)}"
