"""Reads the parts of an explorer address; refuses with a sentence what cannot be read or is gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from dashboard.dimension_words import DIMENSIONS
from dashboard.explorer.notation import (
    MARK,
    MOST_CONDITIONS,
    OPERATORS,
    PART,
    STEP,
    checked_text,
    clipped,
    read_conditions,
    read_path,
    read_value,
    refuse,
)
from dashboard.explorer.parameter import (
    AGAINST,
    CELL,
    CHOICE,
    COLUMNS,
    COMPARED,
    DATA,
    EVERY,
    FILTER,
    FIRST,
    LAST,
    MEMBER,
    OPEN,
    ORDER,
    ORDERS,
    ROWS,
    SAVED,
    SHOW,
    SHOWN,
    SORTING,
    STICHTAG,
    TOP,
    VALUES,
    measure_text,
)
from metrics.explore.catalog import Dataset, dataset, datasets
from metrics.explore.question import (
    BUCKET,
    MOST_FIELDS,
    MOST_METRICS,
    Against,
    Filter,
    Measure,
    Path,
    PivotQuestion,
    Top,
)
from metrics.question import EARLIEST, LATEST
from warehouse.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from metrics.catalog import Catalog

T = TypeVar("T")
FROM, UNTIL = "von", "bis"
CellPlace = tuple[Path, Path, int]
MOST_ROWS, LAST_PAGE, LONGEST_WORDS, MOST_OPEN = 1000, 10_000, 100, 200
OPENING = ("reifegrad_distribution", "themenfeld")
"""The metric and the rows the explorer opens with where the town has them."""
LIST_ROWS = ("fachdienst", "year")
"""The rows a list opens with where it has units, or else days."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SORTING = re.compile(r"-?[a-z][a-z0-9_]{0,62}")


def opening_question(data: Dataset) -> PivotQuestion:
    """The question a data set opens with: picture 06 where it has those fields, else its first measure."""
    metric, field = OPENING
    wanted, names = Measure(metric, "numerator"), {known.name for known in data.fields}
    if wanted in _measures_of(data) and {field, BUCKET} <= names:
        return PivotQuestion(data.id, (wanted,), rows=(field,), columns=(BUCKET,), open_paths=frozenset())
    first = data.measures[0].measure
    rows = _list_rows(data) if data.kind == "liste" else _figure_rows(data, first)
    return PivotQuestion(data.id, (first,), rows=rows, open_paths=frozenset())


def _list_rows(data: Dataset) -> tuple[str, ...]:
    """Records by unit, else by year, else by what tells kinds apart: a key has one record per value."""
    known = {item.name: item for item in data.fields}
    texts = [name for name, item in known.items() if item.kind == "text" and (name,) != data.key]
    kinds = [name for name in texts if name in DIMENSIONS]
    units = [name for name in LIST_ROWS if name in known]
    return next(((name,) for name in (*units, *kinds, *texts)), ())


def _figure_rows(data: Dataset, first: Measure) -> tuple[str, ...]:
    known = [item for item in data.fields if first.subject in item.metrics]
    plain = [item for item in known if item.level_of is None] or known
    return tuple(item.name for item in plain[:1])


def read_dataset(params: Mapping[str, str], catalog: Catalog) -> Dataset:
    """The data set asked for; ConfigError (unknown_dataset, no_dataset)."""
    if DATA in params:
        return dataset(catalog, checked_text(DATA, params[DATA]))
    known = datasets(catalog)
    if not known:
        raise refuse(DATA, "Es gibt noch keine Daten, nach denen gefragt werden kann", "no_dataset")
    return next((data for data in known if OPENING[0] in data.metrics), known[0])


def read_question(params: Mapping[str, str], data: Dataset, today: date) -> PivotQuestion:
    """The question of an address; what it leaves out is as the data set opens."""
    opening = opening_question(data)
    bare = not {VALUES, ROWS, COLUMNS} & params.keys()
    against, member = _compared(params)
    return PivotQuestion(
        dataset=data.id,
        measures=_measures(params[VALUES], data) if VALUES in params else opening.measures,
        rows=opening.rows if bare else _fields(params, ROWS, data),
        columns=opening.columns if bare else _fields(params, COLUMNS, data, taken=ROWS),
        filters=_filters(params, data),
        between=_between(params, today),
        at=_at(params, today),
        choose=_chosen(params, data),
        show=one_of(params, SHOW, SHOWN, "value"),
        against=against,
        against_member=member,
        top=_top(params),
        order=one_of(params, ORDER, ORDERS, ""),
        open_paths=_opened(params),
    )


def _measures_of(data: Dataset) -> tuple[Measure, ...]:
    return tuple(info.measure for info in data.measures)


def _measures(text: str, data: Dataset) -> tuple[Measure, ...]:
    known = {measure_text(measure): measure for measure in _measures_of(data)}
    return tuple(known[name] for name in _names(VALUES, text, known, data, "Den Wert", MOST_METRICS))


def _fields(params: Mapping[str, str], name: str, data: Dataset, taken: str = "") -> tuple[str, ...]:
    if name not in params:
        return ()
    found = _names(name, params[name], [field.name for field in data.fields], data, "Das Feld", MOST_FIELDS)
    twice = set(found) & set(params.get(taken, "").split(STEP))
    if twice:
        raise refuse(name, "Ein Feld steht in Zeilen und Spalten zugleich", "field_twice", min(twice))
    return found


def _names(
    name: str, text: str, known: Iterable[str], data: Dataset, what: str, most: int
) -> tuple[str, ...]:
    """The names of a list, each known and once."""
    found, options = text.split(STEP), list(known)
    for one in found:
        if one not in options:
            raise _missing(name, what, one, options, data)
    if len(set(found)) < len(found):
        raise refuse(name, "Etwas steht zweimal da", "field_twice", text)
    if len(found) > most:
        raise refuse(name, "Das ist zu viel auf einmal", "too_many", len(found), allowed=f"bis zu {most}")
    return tuple(found)


def _missing(name: str, what: str, found: str, options: list[str], data: Dataset) -> ConfigError:
    """An old link may ask for what a later version of the portal or of the town's files no longer has."""
    sentence = f"{what} „{clipped(found)}“ gibt es im Datensatz „{data.title}“ nicht (mehr)"
    next_step = did_you_mean(found[:100], options) or "Diese Angabe weglassen oder neu wählen"
    code = "unknown_measure" if name == VALUES else "unknown_field"
    return refuse(name, sentence, code, allowed=", ".join(options) or None, next_step=next_step)


def _filters(params: Mapping[str, str], data: Dataset) -> tuple[Filter, ...]:
    options = [field.name for field in data.fields]
    found: list[Filter] = []
    for name in sorted(param for param in params if param.startswith(FILTER)):
        field, _, part = name.removeprefix(FILTER).partition(".")
        if field not in options:
            raise _missing(FILTER, "Das Feld", field, options, data)
        found += _typed(params, name, field, part) if part else read_conditions(name, field, params[name])
    if len(found) > MOST_CONDITIONS:
        allowed = f"bis zu {MOST_CONDITIONS}"
        raise refuse(FILTER, "Das sind zu viele Bedingungen", "too_many", len(found), allowed=allowed)
    return tuple(found)


def _typed(params: Mapping[str, str], name: str, field: str, part: str) -> tuple[Filter, ...]:
    """What a form says in a field of its own, without signs in front: `f.themenfeld.enthaelt=Bau`."""
    text = checked_text(name, params[name])
    if part == UNTIL and f"{FILTER}{field}.{FROM}" in params:
        return ()
    if part in (FROM, UNTIL) and text:
        first = text if part == FROM else ""
        last = checked_text(name, params.get(f"{FILTER}{field}.{UNTIL}", ""))
        return (Filter(field, "between", (first, last)),)
    if part not in OPERATORS or not text:
        allowed = ", ".join((*OPERATORS, UNTIL))
        raise refuse(name, "Diese Bedingung ist nicht zu lesen", "bad_filter", text, allowed=allowed)
    return (Filter(field, OPERATORS[part], (text,)),)


def _chosen(params: Mapping[str, str], data: Dataset) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in sorted(param for param in params if param.startswith(CHOICE)):
        choice, value = name.removeprefix(CHOICE), read_value(name, params[name])
        if choice not in data.choose:
            raise _missing(CHOICE, "Die Auswahl", choice, list(data.choose), data)
        if not value:
            raise refuse(name, "Diese Auswahl hat keinen Wert", "choose_one", params[name])
        found[choice] = value
    return MappingProxyType(found)


def _between(params: Mapping[str, str], today: date) -> tuple[date, date] | None:
    first, last = _day(params, FIRST), _day(params, LAST)
    if first is None and last is None:
        return None
    if first is None:
        raise refuse(FIRST, "Der Zeitraum hat keinen Anfang", "bad_period", next_step="„von“ dazu angeben")
    last = last or max(first, today)
    if first > last:
        raise refuse(FIRST, "Der Zeitraum endet, bevor er beginnt", "bad_period", f"{first} – {last}")
    return first, last


def _at(params: Mapping[str, str], today: date) -> date | None:
    day = _day(params, STICHTAG)
    if day is not None and day > today:
        allowed = f"bis {today.isoformat()}, dem Tag des Datenstands"
        raise refuse(STICHTAG, "Der Stichtag liegt nach dem Datenstand", "bad_period", day, allowed=allowed)
    return day


def _day(params: Mapping[str, str], name: str) -> date | None:
    if name not in params:
        return None
    text = params[name]
    day = _or_none(date.fromisoformat, text) if _DAY.fullmatch(text) else None
    if day is None or not EARLIEST <= day <= LATEST:
        allowed = f"JJJJ-MM-TT, von {EARLIEST.isoformat()} bis {LATEST.isoformat()}"
        raise refuse(name, "Das ist kein Tag", "bad_period", text, allowed=allowed)
    return day


def _or_none(read: Callable[[str], T], text: str) -> T | None:
    try:
        return read(text)
    except ValueError:
        return None


def _compared(params: Mapping[str, str]) -> tuple[Against, str]:
    word, mark, rest = params.get(AGAINST, "").partition(MARK)
    if word == MEMBER and mark:
        member = read_value(AGAINST, rest)
        if not member:
            raise refuse(AGAINST, "Womit verglichen wird, fehlt", "bad_member", params[AGAINST])
        return "member", member
    return one_of(params, AGAINST, COMPARED, "", more=f"{MEMBER}:WERT"), ""


def _top(params: Mapping[str, str]) -> Top | None:
    if TOP not in params:
        return None
    smallest = params[TOP].startswith("-")
    return Top(whole({TOP: params[TOP].removeprefix("-")}, TOP, MOST_ROWS), smallest)


def _opened(params: Mapping[str, str]) -> frozenset[Path] | None:
    text = params.get(OPEN, "")
    if text == EVERY:
        return None
    paths = frozenset(read_path(OPEN, part) for part in text.split(STEP)) if text else frozenset()
    if len(paths) > MOST_OPEN or any(not 0 < len(path) <= MOST_FIELDS for path in paths):
        raise refuse(OPEN, "Diese Zeilen lassen sich nicht öffnen", "bad_path", text, allowed="* für alle")
    return paths


def read_cell(params: Mapping[str, str], question: PivotQuestion) -> CellPlace | None:
    """The chosen cell; ConfigError (bad_cell) for one the question does not have."""
    if CELL not in params:
        return None
    parts = params[CELL].split(PART)
    number = parts[2] if len(parts) == 3 else ""
    row, column = (read_path(CELL, part) for part in (*parts, "", "")[:2])
    fits = len(row) <= len(question.rows) and len(column) <= len(question.columns)
    if not fits or number not in {str(n) for n in range(len(question.measures))}:
        next_step = "Die Zelle in der Tabelle neu wählen"
        raise refuse(CELL, "Diese Zelle gibt es nicht", "bad_cell", params[CELL], next_step=next_step)
    return row, column, int(number)


def read_sorting(params: Mapping[str, str]) -> str:
    """Column a list is sorted by, „-“ before it for the greatest first; „“ for what can be none."""
    text = params.get(SORTING, "")
    return text if _SORTING.fullmatch(text) else ""


def read_saved(params: Mapping[str, str]) -> str:
    """Id of the saved view an address began as."""
    text = params.get(SAVED, "")
    if text and not _ID.fullmatch(text):
        raise refuse(SAVED, "Das ist keine gespeicherte Ansicht", "bad_view", text)
    return text


def one_of(params: Mapping[str, str], name: str, words: Mapping[str, T], usual: T, more: str = "") -> T:
    """What a word stands for; ConfigError (bad_word) for a word nobody knows."""
    if name not in params:
        return usual
    text = params[name]
    if text not in words:
        allowed = ", ".join((*words, *([more] if more else [])))
        next_step = did_you_mean(text[:100], words)
        raise refuse(
            name, "Das kennt der Explorer nicht", "bad_word", text, allowed=allowed, next_step=next_step
        )
    return words[text]


def whole(params: Mapping[str, str], name: str, most: int) -> int:
    """A whole number from 1; ConfigError (bad_number)."""
    text = params[name]
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    if not 1 <= number <= most:
        raise refuse(name, "Das ist keine passende Zahl", "bad_number", text, allowed=f"1 bis {most}")
    return number
