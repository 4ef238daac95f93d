"""A saved view as `cockpits/<id>.toml`, as far as the file of a town's cockpit can say what it asks.

The text is checked by the same loader that reads the files of a town; what it refuses is told as a lack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.cockpits.town_check import Checker
from dashboard.cockpits.town_file import CockpitFile
from dashboard.dimension_words import dimension
from dashboard.explorer.state import read_state
from dashboard.explorer.views import missing
from metrics.explore.question import BUCKET, TIME_FIELDS, Filter, PivotQuestion
from metrics.folding import fold
from warehouse.errors import ConfigError
from warehouse.toml import parse_toml, validate

if TYPE_CHECKING:
    from dashboard.explorer.state import State
    from dashboard.services import Services
    from metrics.definition import Definition
    from warehouse.ledger import ViewVersion

LONGEST_TITLE, MONTH = 40, "month"
_MARKUP = re.compile(r"[<>*_`#\[\]]")
_NO_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Fragment:
    """The text with a name for its file; `lacks` says in sentences why there is none."""

    name: str
    text: str
    lacks: tuple[str, ...] = ()


def fragment_of(services: Services, version: ViewVersion) -> Fragment:
    """Write a view as a page of the town, or say what such a page cannot show."""
    name = _file_name(version.name)
    if lost := missing(services, version):
        return Fragment(name, "", (lost,))
    state = read_state(version.params, services.catalog, services.snapshot().business_date)
    lacks = tuple(dict.fromkeys(_lacks(state.question)))
    if lacks:
        return Fragment(name, "", lacks)
    text = _text(services, version, state)
    faults = tuple(_faults(services, text, name))
    return Fragment(name, "" if faults else text, faults)


def _lacks(question: PivotQuestion) -> Iterator[str]:
    if not question.dataset.startswith("bestand:"):
        yield "Datensätze einer Liste: Ein Cockpit der Stadt zeigt Kennzahlen."
        return
    fields = (*question.rows, *question.columns)
    parts = {"value", "numerator"} if BUCKET in fields else {"value"}
    if any(measure.part not in parts for measure in question.measures):
        yield "Zähler, Nenner oder Fälle einer Kennzahl als eigenen Wert."
    if question.show != "value" or question.against:
        yield "Anteile, Differenzen, Indexwerte oder einen gewählten Vergleich."
    if question.between is not None or question.at is not None:
        yield "Einen festen Zeitraum oder Stichtag: Ein Cockpit zeigt den Stand, den die Seite wählt."
    yield from (words for condition in question.filters if (words := _lack_of(condition)))
    yield from _odd_order(question, fields)


def _odd_order(question: PivotQuestion, fields: tuple[str, ...]) -> Iterator[str]:
    if "year" in fields or "quarter" in fields:
        yield "Jahre oder Quartale als Zeilen oder Spalten; möglich sind Monate."
    if len(question.rows) > 1 or len(question.columns) > 1 or fields in ((BUCKET,), (MONTH, BUCKET)):
        yield "Diese Anordnung: Möglich sind ein Merkmal und höchstens ein zweites quer dazu."
    if question.top is not None and question.top.smallest:
        yield "Nur die kleinsten Werte; möglich sind die größten."


def _lack_of(condition: Filter) -> str:
    label = dimension(condition.name)
    if condition.op != "in" or len(condition.values) != 1 or not condition.values[0]:
        return f"Den Filter auf „{label}“: Möglich ist genau ein Wert je Merkmal."
    return f"Den Filter auf „{label}“." if condition.name in (*TIME_FIELDS, BUCKET) else ""


def _text(services: Services, version: ViewVersion, state: State) -> str:
    question = state.question
    title = _plain(version.name)
    head = [
        f"# {version.name}",
        f"title = {_quoted(title[:LONGEST_TITLE].rstrip())}",
        f"question = {_quoted(_plain(version.note) or f'Was zeigt „{title}“?')}",
        'icon = "explorer"',
        "",
        "[[section]]",
        f"title = {_quoted(title)}",
    ]
    metrics = list(dict.fromkeys(measure.subject for measure in question.measures))
    blocks = [
        _block(state, services.catalog.metric(metric).definition, metric, title, alone=len(metrics) == 1)
        for metric in metrics
    ]
    return "\n".join([*head, *(line for block in blocks for line in ("", *block))]) + "\n"


def _block(state: State, definition: Definition, metric: str, title: str, *, alone: bool) -> list[str]:
    drawn, lines = _drawn(state), [f"metric = {_quoted(metric)}"]
    if where := _where(state.question, definition):
        pairs = ", ".join(f"{_key(name)} = {_quoted(value)}" for name, value in where.items())
        lines.append(f"where = {{ {pairs} }}")
    if not drawn:
        return ["[[section.tile]]", *lines]
    own = title if alone else _plain(definition.short or definition.label)
    told = [
        f"{name} = {value if isinstance(value, int) else _quoted(value)}" for name, value in drawn.items()
    ]
    return ["[[section.chart]]", *told, *lines, f"title = {_quoted(own)}", "width = 12"]


def _where(question: PivotQuestion, definition: Definition) -> dict[str, str]:
    """What narrows one figure: a choice of another figure of the same view does not belong to it."""
    chosen = {name: value for name, value in question.choose.items() if name in definition.choose_one}
    filtered = {item.name: str(item.values[0]) for item in question.filters}
    return dict(sorted((chosen | filtered).items()))


def _drawn(state: State) -> dict[str, Any]:
    """Keys of the chart that shows one figure as the view does; none for a tile."""
    question = state.question
    row, column = (next(iter(axis), "") for axis in (question.rows, question.columns))
    if not row and not column:
        return {}
    pair = tuple(name for name in (row, column) if name)
    if pair == (MONTH,):
        return {"type": "columns", "months": 12}
    others = [name for name in pair if name not in (MONTH, BUCKET)]
    if MONTH in pair:
        return {"type": "multiples", "by": others[0]}
    if BUCKET in pair:
        return {"type": "stacked", "by": others[0]}
    if len(pair) == 2:
        return {"type": "table", "by": row, "across": column}
    if state.view != "diagramm" and question.top is None:
        return {"type": "table", "by": others[0]}
    limit = {"limit": min(question.top.n, 30)} if question.top else {}
    return {"type": "bars", "by": others[0], **limit}


def _faults(services: Services, text: str, name: str) -> Iterator[str]:
    path = Path(f"cockpits/{name}.toml")
    try:
        file = validate(CockpitFile, parse_toml(text, path), path, text=text)
        faults: Sequence[ConfigError] = list(
            Checker(path, text, file, services.catalog, services.models()).faults()
        )
    except ConfigError as error:
        faults = [error]
    for fault in faults:
        yield f"{fault.what}{f' ({fault.found})' if fault.found else ''}."


def _quoted(text: str) -> str:
    """A basic string of TOML; JSON escapes at least as much."""
    return json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _plain(text: str) -> str:
    """Words without the signs that a cockpit's file takes for markup."""
    return " ".join(_MARKUP.sub(" ", text).split())[:400]


def _file_name(text: str) -> str:
    found = _NO_ID.sub("-", fold(text)).strip("-")[:40].strip("-")
    return found if found[:1].isalpha() and len(found) > 1 else f"ansicht-{found}".strip("-")[:41]
