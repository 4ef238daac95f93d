"""The pivot on paper: A4 landscape, heads of rows again where a wide table goes on beside itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import formats
from dashboard.export.explorer_answer import Analysis
from dashboard.export.explorer_table import Grid, GridColumn, GridRow, grid
from dashboard.export.facts import Facts

Block = dict[str, Any]
SIGNS_ACROSS = 150
"""How many signs of a table's text fit beside each other on the paper."""
LONGEST_LABEL, INDENT = 46, "\u00a0\u00a0\u00a0"
SPACE_BETWEEN = 3


def pivot_paper(analysis: Analysis) -> Block:
    """Return the description of the paper for the template of pages."""
    table = grid(analysis)
    parts = split(table)
    blocks: list[Block] = [{"art": "bereich", "titel": "Auswertung"}]
    for number, columns in enumerate(parts, start=1):
        if len(parts) > 1:
            blocks.append(_text(f"Teil {number} von {len(parts)} der Spalten"))
        blocks.append(_table(analysis.words.title, table, columns))
    blocks += notes("Hinweise", analysis.notes())
    blocks += notes("Angaben", [f"{name}: {words}" for name, words in analysis.metadata()])
    return frame(analysis.words.title, analysis.facts, blocks)


def frame(title: str, facts: Facts, blocks: Sequence[Block]) -> Block:
    """Return a whole paper of blocks with head and foot."""
    return {
        "titel": title,
        "seite": facts.page,
        "stadt": f"{facts.product} {facts.city}",
        "satz_fett": "",
        "satz": "",
        "filter": facts.filter_line,
        "stand": facts.stand_line,
        "beispiel": facts.example,
        "fuss": f"Erstellt für {facts.viewer} am {formats.stand(facts.made_at, facts.zone)}",
        "bloecke": list(blocks),
        "anlage": [],
    }


def notes(title: str, sentences: Sequence[str]) -> list[Block]:
    """Return a heading with a list below it; nothing without sentences."""
    if not sentences:
        return []
    return [{"art": "bereich", "titel": title}, {"art": "liste", "punkte": list(sentences)}]


def split(table: Grid) -> list[list[int]]:
    """Return the columns of each table side by side; none is left out and each has at least one."""
    room = SIGNS_ACROSS - min(LONGEST_LABEL, max((len(_label(row)) for row in table.rows), default=0))
    parts: list[list[int]] = [[]]
    used = 0
    for index in range(len(table.columns)):
        wide = _width(table, index)
        if parts[-1] and used + wide > room:
            parts.append([])
            used = 0
        parts[-1].append(index)
        used += wide
    return parts


def _width(table: Grid, index: int) -> int:
    longest_word = max((len(word) for word in _head(table.columns[index]).split()), default=0)
    cells = max((len(row.cells[index].text) for row in table.rows), default=0)
    return max(longest_word, len(_head(table.columns[index])) // 3, cells) + SPACE_BETWEEN


def _head(column: GridColumn) -> str:
    return " · ".join(word for word in column.words if word) or "Wert"


def _label(row: GridRow) -> str:
    return INDENT * max(0, row.level - 1) + row.words


def _table(title: str, table: Grid, columns: Sequence[int]) -> Block:
    lines = [[_label(row), *(row.cells[index].text for index in columns)] for row in table.rows]
    has_total = bool(table.rows) and table.rows[-1].is_total
    return {
        "art": "tabelle",
        "titel": title,
        "koepfe": [[table.corner, "left"], *([_head(table.columns[index]), "right"] for index in columns)],
        "zeilen": lines[:-1] if has_total else lines,
        "summe": lines[-1] if has_total else None,
    }


def _text(words: str) -> Block:
    return {"art": "text", "text": words, "look": "fett"}
