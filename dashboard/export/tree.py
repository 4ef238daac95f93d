"""Reading a drawn page: its components, their words, and the tables they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from dash.development.base_component import Component

from dashboard.figures.chart import Align, Column, TableData
from dashboard.shown import Shown

Node = Any
BLOCKS = frozenset({"P", "Li", "Div", "Td", "Th", "Br", "Tr", "Dt", "Dd", "H1", "H2", "H3", "H4"})
SILENT = frozenset({"Button", "Script", "Style", "Img", "Input", "Graph"})
CLOSING = ",.;:)!?%“"


def children(node: Node) -> list[Node]:
    """Return what a component holds, as a list without empty places."""
    # Straight from its attributes: asking a component for one it does not have is slow.
    held = node.__dict__.get("children") if isinstance(node, Component) else None
    if held is None:
        return []
    return [item for item in held if item is not None] if isinstance(held, list | tuple) else [held]


def kind(node: Node) -> str:
    """Return the element of a component („Table“), „“ for text."""
    return type(node).__name__ if isinstance(node, Component) else ""


def classes(node: Node) -> frozenset[str]:
    """Return the class names of a component."""
    named = node.__dict__.get("className") if isinstance(node, Component) else None
    return frozenset(named.split()) if named else frozenset()


def attribute(node: Node, name: str) -> str:
    """Return an attribute such as „data-chart“ as text, „“ without it."""
    value = node.__dict__.get(name) if isinstance(node, Component) else None
    return "" if value is None else str(value)


def walk(node: Node) -> Iterator[Component]:
    """Yield a component and all below it, in reading order."""
    if isinstance(node, Component):
        yield node
    for child in node if isinstance(node, list | tuple) else children(node):
        yield from walk(child)


def first(node: Node, *, of: str = "", with_class: str = "") -> Component | None:
    """Return the first component of an element or with a class, or None."""
    for found in walk(node):
        if (not of or kind(found) == of) and (not with_class or with_class in classes(found)):
            return found
    return None


def words(node: Node, *, links: bool = True) -> str:
    """Return the words of a component as they are read; pictures give their names, buttons nothing."""
    return re.sub(r"[ \t\n]+", " ", _spoken(node, SILENT if links else SILENT | {"A"})).strip()


def _spoken(node: Node, silent: frozenset[str]) -> str:
    if not isinstance(node, Component):
        several = isinstance(node, list | tuple)
        return "".join(_spoken(item, silent) for item in node) if several else str(node)
    if kind(node) in silent or attribute(node, "aria-hidden") == "true" or attribute(node, "data-origin"):
        return ""
    if attribute(node, "role") == "img" and attribute(node, "aria-label"):
        return attribute(node, "aria-label")
    text = ""
    for index, child in enumerate(children(node)):
        part = _spoken(child, silent)
        text += _between(node, index, text, part) + part
    return f"{text} " if kind(node) in BLOCKS else text


def _between(node: Component, index: int, before: str, after: str) -> str:
    """Words of two elements side by side are kept apart, as the style sheet does on the screen."""
    if not before or not after or before[-1].isspace() or after[0].isspace() or after[0] in CLOSING:
        return ""
    held = children(node)
    apart = isinstance(held[index], Component) and isinstance(held[index - 1], Component)
    return " " if apart else ""


def cell_text(node: Node) -> str:
    """Return the text of a table's cell; one that is a single figure keeps its value."""
    leaves = [leaf for leaf in _leaves(node) if leaf.strip()]
    if len(leaves) == 1 and isinstance(leaves[0], Shown) and words(node) == leaves[0]:
        return leaves[0]
    return words(node)


def _leaves(node: Node) -> Iterator[str]:
    if isinstance(node, Component):
        for child in children(node):
            yield from _leaves(child)
    elif isinstance(node, list | tuple):
        for child in node:
            yield from _leaves(child)
    else:
        yield node if isinstance(node, str) else str(node)


def tables(node: Node) -> list[TableData]:
    """Return the tables below a component: those it carries for later and those that stand there."""
    found: list[TableData] = []
    for item in walk(node):
        kept = getattr(item, "kept_table", None)
        if isinstance(kept, TableData):
            found.append(kept)
        elif kind(item) == "Table":
            found.append(read_table(item))
    return found


def read_table(node: Component) -> TableData:
    """Read a table of components back: caption, heads, rows, total."""
    caption = first(node, of="Caption")
    head = first(node, of="Thead")
    body = [row for part in children(node) if kind(part) == "Tbody" for row in children(part)]
    foot = first(node, of="Tfoot")
    heads = [_head(cell) for cell in children(children(head)[0])] if head is not None else []
    total = _cells(children(foot)[0], len(heads)) if foot is not None and children(foot) else None
    rows = tuple(_cells(row, len(heads)) for row in body if kind(row) == "Tr")
    return TableData(words(caption) if caption is not None else "", tuple(heads), rows, total)


def _head(cell: Component) -> Column:
    align: Align = "right" if "to-right" in classes(cell) else "left"
    unit = first(cell, with_class="unit")
    named = words([child for child in children(cell) if child is not unit])
    return Column(named, align, words(unit).strip("()") if unit is not None else "")


def _cells(row: Component, wide: int) -> tuple[str, ...]:
    found: list[str] = []
    for cell in children(row):
        found += [cell_text(children(cell)), *[""] * (int(getattr(cell, "colSpan", 1) or 1) - 1)]
    return tuple((found + [""] * wide)[: max(wide, 1)])


def foot_words(foot: Component | None) -> str:
    """Return the words of a card's foot without its links, which lead nowhere on paper."""
    said = [words(child, links=False).rstrip(" .·") for child in children(foot)]
    return joined(said)


def joined(parts: Sequence[str], between: str = " · ") -> str:
    """Join what is not empty."""
    return between.join(part for part in parts if part)
