"""Records on paper, as far as paper makes sense: the columns of the list, split where they do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboard import formats
from dashboard.dimension_words import value as word_of
from dashboard.export.explorer_paper import SIGNS_ACROSS, SPACE_BETWEEN, Block, frame, notes
from dashboard.export.list_answer import Listing, local

RIGHT = frozenset({"integer", "eur", "number", "date", "timestamp"})
LONGEST_CELL = 40


def list_paper(listing: Listing) -> Block:
    """Return the description of the paper; the first column stands in front of each part."""
    columns: list[list[str]] = [[] for _ in listing.source.columns]

    def handle(batch: Any) -> None:
        for place, (column, array) in enumerate(zip(listing.source.columns, batch.columns, strict=True)):
            columns[place] += [_words(listing, column.type, value) for value in array.to_pylist()]

    listing.source.stream(handle)
    parts = _split(listing, columns)
    blocks: list[Block] = [{"art": "bereich", "titel": "Datensätze"}]
    for number, places in enumerate(parts, start=1):
        if len(parts) > 1:
            said = f"Teil {number} von {len(parts)} der Spalten"
            blocks.append({"art": "text", "text": said, "look": "fett"})
        blocks.append(_table(listing, columns, places))
    blocks += notes("Angaben", [f"{name}: {words}" for name, words in listing.metadata()])
    return frame(listing.title, listing.facts, blocks)


def _words(listing: Listing, kind: str, value: Any) -> str:
    if value is None:
        return formats.MISSING
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if kind == "unit":
        return listing.units.get(str(value), str(value))
    if isinstance(value, datetime):
        moment = local(value, listing.facts.zone)
        return f"{formats.day(moment.date())}, {moment:%H:%M}"
    if isinstance(value, date):
        return formats.day(value)
    if kind == "eur":
        return formats.eur(value, cents=True)
    if kind != "year" and isinstance(value, int | float | Decimal):
        return formats.plain(value)
    return word_of(str(value)) if kind == "text" else str(value)


def _split(listing: Listing, columns: Sequence[Sequence[str]]) -> list[list[int]]:
    heads = listing.source.columns
    wide = [_width(column.label, cells) for column, cells in zip(heads, columns, strict=True)]
    parts: list[list[int]] = [[]]
    used = 0
    for place in range(1, len(columns)):
        if parts[-1] and used + wide[place] > SIGNS_ACROSS - wide[0]:
            parts.append([])
            used = 0
        parts[-1].append(place)
        used += wide[place]
    return [[0, *part] for part in parts]


def _width(label: str, cells: Sequence[str]) -> int:
    longest = max((len(text) for text in cells), default=0)
    return max(min(LONGEST_CELL, longest), len(label) // 2) + SPACE_BETWEEN


def _table(listing: Listing, columns: Sequence[Sequence[str]], places: Sequence[int]) -> Block:
    heads = [listing.source.columns[place] for place in places]
    chosen = [columns[place] for place in places]
    return {
        "art": "tabelle",
        "titel": listing.title,
        "koepfe": [[column.label, "right" if column.type in RIGHT else "left"] for column in heads],
        "zeilen": [list(row) for row in zip(*chosen, strict=True)],
        "summe": None,
    }
