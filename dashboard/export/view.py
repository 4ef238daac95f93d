"""What can be exported of a page: cards with their charts and tables, and the filters that hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dash.development.base_component import Component

from dashboard.components.address import ORIGIN, origin_question
from dashboard.export.tree import (
    Node,
    attribute,
    children,
    classes,
    first,
    foot_words,
    kind,
    tables,
    walk,
    words,
)
from dashboard.figures.chart import TableData

MENU = "export-menu"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing: the Plotly figure, its height in px, and the sentence that describes it."""

    figure: Mapping[str, Any]
    height: float
    description: str


@dataclass(frozen=True, slots=True)
class Card:
    """A card that can be exported; `key` names it in addresses, `node` is its component."""

    key: str
    title: str
    subtitle: str
    legend: tuple[tuple[str, str], ...]
    pictures: tuple[Picture, ...]
    tables: tuple[TableData, ...]
    foot: str
    metrics: tuple[tuple[str, Mapping[str, str]], ...]
    node: Component


def slug(text: str, between: str = "-") -> str:
    """Return text as part of a file's name or a technical name: small letters, digits, `between`."""
    plain = re.sub(r"[^a-z0-9]+", between, text.lower().translate(_UMLAUTS)).strip(between)
    return plain[:LONGEST_NAME].strip(between) or "ansicht"


@dataclass(slots=True)
class Outline:
    """What the menus need to know of a card, found in one walk that leaves out cells and drawings."""

    node: Component
    head: Component | None = None
    foot: Component | None = None
    title: Component | None = None
    actions: Component | None = None
    beside: Component | None = None
    captions: list[str] = field(default_factory=list)
    has_drawing: bool = False
    has_menu: bool = False

    @property
    def key(self) -> str:
        """Name of a card that lasts: of its chart, of the figure its foot leads to, else of its table."""
        if attribute(self.node, "data-chart"):
            return attribute(self.node, "data-chart")
        if not self.captions:
            return ""
        named = [name for name, _ in read_metrics(self.foot)]
        return f"tabelle-{slug(named[0] if named else self.captions[0])}"


def exportable(content: Node) -> dict[str, Component]:
    """Return the cards of a page that hold a chart or a table, by their key, in reading order."""
    return {key: found.node for key, found in outlines(content).items()}


def outlines(content: Node) -> dict[str, Outline]:
    """Return the outlines of these cards by their key."""
    found: dict[str, Outline] = {}
    _collect(content, found)
    return found


def _collect(node: Node, found: dict[str, Outline]) -> None:
    if isinstance(node, Component) and kind(node) == "Article" and "card" in classes(node):
        outline = Outline(node)
        _scan(node, outline)
        if outline.key:
            found[_free(outline.key, found)] = outline
        return
    for child in node if isinstance(node, list | tuple) else children(node):
        _collect(child, found)


def _scan(node: Component, outline: Outline) -> None:
    for child in children(node):
        if not isinstance(child, Component):
            continue
        _note(child, node, outline)
        if kind(child) not in ("Table", "Graph", "Details"):
            _scan(child, outline)


def _note(child: Component, parent: Component, outline: Outline) -> None:
    named, kept = child.__dict__.get("className") or "", child.__dict__.get("kept_table")
    if isinstance(kept, TableData):
        outline.captions.append(kept.caption)
    elif kind(child) == "Table":
        caption = next((item for item in children(child) if kind(item) == "Caption"), None)
        outline.captions.append(words(caption) if caption is not None else "")
    elif kind(child) == "Graph":
        outline.has_drawing = True
    elif "table-button" in named:
        outline.beside = parent
    elif MENU in named:
        outline.has_menu = True
    elif named.startswith("card-"):
        part = {"card-head": "head", "card-foot": "foot", "card-title": "title", "card-actions": "actions"}
        if named in part and getattr(outline, part[named]) is None:
            setattr(outline, part[named], child)


def _free(name: str, taken: Mapping[str, object]) -> str:
    numbered = (name if number == 1 else f"{name}-{number}" for number in range(1, 1000))
    return next(wanted for wanted in numbered if wanted not in taken)


def read_card(key: str, node: Component) -> Card:
    """Read one card."""
    head, foot = first(node, with_class="card-head"), first(node, with_class="card-foot")
    subtitle = first(head, with_class="card-subtitle") if head is not None else None
    title = first(head, with_class="card-title") if head is not None else None
    return Card(
        key=key,
        title=words(title) if title is not None else "",
        subtitle=words(subtitle) if subtitle is not None else "",
        legend=read_legend(node),
        pictures=tuple(read_pictures(node)),
        tables=tuple(tables(node)),
        foot=foot_words(foot),
        metrics=read_metrics(node),
        node=node,
    )


def read_legend(node: Node) -> tuple[tuple[str, str], ...]:
    """Return (swatch, words) of the legends of a card."""
    found = []
    for legend in (item for item in walk(node) if "legend" in classes(item)):
        for entry in (item for item in walk(legend) if kind(item) == "Li"):
            swatch = first(entry, with_class="swatch")
            name = (
                next((c for c in classes(swatch) if c.startswith("swatch-")), "")
                if swatch is not None
                else ""
            )
            found.append((name.removeprefix("swatch-"), words(entry)))
    return tuple(found)


def read_pictures(node: Node) -> list[Picture]:
    """Return the drawings of a card with their sentences."""
    found = []
    for figure in (item for item in walk(node) if kind(item) == "Figure"):
        graph, caption = first(figure, of="Graph"), first(figure, of="Figcaption")
        if graph is not None:
            drawn: Any = graph
            height = float(drawn.figure["layout"].get("height") or 240)
            found.append(Picture(drawn.figure, height, words(caption) if caption is not None else ""))
    return found


def read_metrics(node: Node) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Return the figures a card names by its links „Woher kommt diese Zahl?“, with their cuts."""
    found: dict[str, Mapping[str, str]] = {}
    links = (attribute(item, "href") for item in walk(node) if kind(item) == "A")
    for link in (href for href in links if f"{ORIGIN}=" in href):
        params = dict(parse_qsl(urlsplit(link).query))
        asked = origin_question(params) if ORIGIN in params else None
        if asked:
            found.setdefault(asked[0], asked[1])
    return tuple(found.items())


def read_filters(content: Node) -> tuple[tuple[str, str], ...]:
    """Return (name, choice) of every switch and menu of a page as it stands."""
    found: dict[str, str] = {}
    for item in walk(content):
        if "segments" in classes(item):
            chosen = [words(c) for c in children(item) if attribute(c, "aria-current") == "true"]
            found.setdefault(attribute(item, "aria-label"), ", ".join(chosen))
        elif "menu" in classes(item) and MENU not in classes(item):
            label, value = first(item, with_class="control-label"), first(item, with_class="control-value")
            if label is not None and value is not None:
                found.setdefault(words(label), words(value))
    return tuple((name, value) for name, value in found.items() if name and value)
