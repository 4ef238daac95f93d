"""Which version of a definition counted: hashes that hold over blanks and words, and change with the count.

The texts are cut into tokens here and not by a SQL library: its next release would write them differently,
and a hash has to mean the same in ten years.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from metrics.definition import Definition
from metrics.population import Population
from warehouse.build import RULERS, Model
from warehouse.store import literal

_TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
    |(?P<text>'(?:[^']|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    |(?P<name>"(?:[^"]|"")*")
    |(?P<word>\w+)
    |(?P<blank>\s+)
    |(?P<sign>.)""",
    re.S | re.X,
)
_PART_WORDS = {
    "header": "Zählweise",
    "statement": "Abfrage",
    "population": "Grundgesamtheit",
    "rulers": "Reifegradmodelle",
}
# How a figure is named, shown, judged or protected says nothing about what is counted.
_NOT_COUNTED = frozenset(
    {
        *("label", "short", "number", "question", "meaning", "numerator_text", "denominator_text"),
        *("legal", "limits", "revised", "decimals", "better", "dimensions", "min_cell", "deprecated"),
        "records",
    }
)


@dataclass(frozen=True, slots=True)
class Version:
    """Hash of what a figure counts and, by name, of each part of it.

    Parts: `header`, `statement`, `population`, every table of the warehouse the statement rests on and, where
    one of these reads them, `rulers`: the Reifegrad models, crosswalks and rules of counting.
    """

    hash: str
    parts: Mapping[str, str]

    def differs_in(self, other: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of the parts that are not the same in both."""
        names = sorted({*self.parts, *other})
        return tuple(name for name in names if self.parts.get(name) != other.get(name))


def version_of(
    definition: Definition,
    sql: str,
    population: Population | None,
    tables: Iterable[str],
    models: Mapping[str, Model],
    rulers: str = "",
) -> Version:
    """Return the version of a definition; `tables` are those its statement names, `rulers` the hash of all
    Reifegrad models."""
    counted = definition.model_dump(mode="json", exclude_defaults=True)
    named = frozenset(tables)
    resting = rests_on(named, models)
    texts = {
        "header": _json({name: value for name, value in counted.items() if name not in _NOT_COUNTED}),
        "statement": plain_sql(sql),
        "population": _population(definition.population, population),
        **{name: plain_sql(models[name].sql) for name in resting},
    }
    if rulers and RULERS & {*named, *(table for name in resting for table in models[name].reads)}:
        texts["rulers"] = rulers
    parts = {name: digest(text) for name, text in texts.items()}
    return Version(digest(_json(parts)), parts)


def part_words(parts: Iterable[str]) -> str:
    """Name parts of a definition for people: „Abfrage, Tabelle core.service_month“."""
    return ", ".join(_PART_WORDS.get(part, f"Tabelle {part}") for part in parts)


def rests_on(tables: Iterable[str], models: Mapping[str, Model]) -> tuple[str, ...]:
    """Return the models behind tables, directly or through others, by name."""
    found: set[str] = set()
    waiting = [name for name in tables if name in models]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(table for table in models[name].reads if table in models)
    return tuple(sorted(found))


@lru_cache(maxsize=1024)
def plain_sql(sql: str) -> str:
    """Return a statement without comments and layout; letters count only inside quotes, as in SQL."""
    return " ".join(_shown(kind, text) for kind, text in _tokens(sql) if kind not in ("comment", "blank"))


def written_out(sql: str, params: Sequence[object]) -> str:
    """Return a statement with its parameters in place, so that it can be run as it stands."""
    values = iter(params)
    return "".join(
        _written(next(values)) if (kind, text) == ("sign", "?") else text for kind, text in _tokens(sql)
    )


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _tokens(sql: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(sql):
        kind = "text" if found.lastgroup == "tag" else str(found.lastgroup)
        yield kind, found.group()


def _shown(kind: str, text: str) -> str:
    return text.lower() if kind == "word" else text


def _written(value: object) -> str:
    if isinstance(value, date):
        return f"DATE {literal(value.isoformat())}"
    return literal(value) if isinstance(value, str) else str(value)


def _population(population_id: str, population: Population | None) -> str:
    if population is None:
        return population_id
    words = " ".join(population.definition.split())
    return _json([population_id, population.valid_from.isoformat(), words])


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
