"""A page as paper: a small neutral description of what stands on it, in reading order, complete.

It is made from the page's own components, so paper never says anything the page does not say. Everything in
it is text, number or SVG; the template sets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from dash.development.base_component import Component

from dashboard import formats
from dashboard.export.facts import Facts
from dashboard.export.picture import SMALL_LINE, drawn, legend_row
from dashboard.export.signs import bar_svg, sign_svg
from dashboard.export.tree import (
    Node,
    attribute,
    children,
    classes,
    first,
    foot_words,
    joined,
    kind,
    read_table,
    walk,
    words,
)
from dashboard.export.view import MENU, Picture, read_legend, read_pictures
from dashboard.figures.chart import TableData
from dashboard.figures.still.axes import NotDrawableError
from dashboard.theme import light

Block = dict[str, Any]
PAGE_PX = 1168.0
"""Room of the page in px: that of the screen at 1440 px, so that charts keep their proportions."""
GAP_PX, CARD_EDGE_PX = 14.0, 12.0
LONGEST_BESIDE = 14
"""A table with more rows takes the whole width, so that it can run over pages."""
BESIDE = {1: 4, 2: 4, 3: 3, 4: 2, 5: 2}
"""How many tables of so many columns stand side by side in the annex."""
ON_SCREEN_ONLY = "Dieses Diagramm gibt es nur am Bildschirm; seine Werte stehen am Ende."
SKIPPED = frozenset(
    {"filter-bar", "jumps", "mobile-block", "mobile-only", "page-head", "card-head", "card-foot", "legend",
     "chart-legend", "table-button", "skip-links", MENU, "menu"}
)  # fmt: skip
SKIPPED_KINDS = frozenset(
    {"Button", "Form", "Nav", "Input", "Script", "Graph", "Caption", "Figcaption", "Img"}
)
INLINE = frozenset({"", "Span", "A", "Strong", "B", "Em", "I", "Code", "Small", "Abbr", "Time", "Br"})
RATINGS = ("gut", "warn", "krit", "neu")


@dataclass(slots=True)
class Writer:
    """Collects the tables of the charts for the annex and numbers the drawings."""

    annex: list[Block] = field(default_factory=list)
    drawings: int = 0
    has_region: bool = False


def paper(content: Component, about: Facts) -> Block:
    """Return the description of a page for the template."""
    writer = Writer()
    lead = first(content, with_class="lead")
    bold = first(lead, of="Strong") if lead is not None else None
    title = first(content, of="H1")
    blocks = list(_blocks(content, PAGE_PX, writer))
    return {
        "titel": words(title) if title is not None else about.page,
        "seite": about.page,
        "stadt": f"{about.product} {about.city}",
        "satz_fett": words(bold) if bold is not None else "",
        "satz": words([item for item in children(lead) if item is not bold]) if lead is not None else "",
        "filter": about.filter_line,
        "stand": about.stand_line,
        "beispiel": about.example,
        "fuss": f"Erstellt für {about.viewer} am {formats.stand(about.made_at, about.zone)}",
        "bloecke": blocks,
        "anlage": _annex(writer.annex),
    }


def _annex(tables: Sequence[Block]) -> list[Block]:
    """Tables of the charts in groups that share a number of columns of text."""
    groups: list[Block] = []
    for table in tables:
        beside = BESIDE.get(len(table["koepfe"]), 1)
        if not groups or groups[-1]["spalten"] != beside:
            groups.append({"spalten": beside, "tabellen": []})
        groups[-1]["tabellen"].append(table)
    return groups


def _blocks(node: Node, wide: float, writer: Writer) -> Iterator[Block]:
    """Yield what a component says; `wide` is the room in px."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _blocks(item, wide, writer)
        return
    if not isinstance(node, Component):
        if str(node).strip():
            yield _text(str(node))
        return
    if kind(node) in SKIPPED_KINDS or classes(node) & SKIPPED:
        return
    made = _known(node, wide, writer)
    if made is not None:
        yield from made
    elif _is_words(node):
        yield from [_text(words(node))] if words(node) else []
    else:
        for child in children(node):
            yield from _blocks(child, wide, writer)


def _known(node: Component, wide: float, writer: Writer) -> Sequence[Block] | None:
    """Return the blocks of a component the house has a form for, None for any other."""
    named = classes(node)
    if "tiles" in named:
        return [{"art": "kacheln", "kacheln": [_tile(item) for item in children(node)]}]
    if "band" in named:
        return [{"art": "band", "werte": [_entry(e) for e in walk(node) if "band-entry" in classes(e)]}]
    if "grid" in named or "effects" in named:
        return _grid(node, wide, writer)
    if kind(node) == "Article" and "card" in named:
        return [_card(node, wide, writer)]
    return _figure(node, wide, writer) if kind(node) == "Figure" else _plain(node, writer)


def _plain(node: Component, writer: Writer) -> Sequence[Block] | None:
    """Return the blocks of headings, tables and lists, None for any other component."""
    what, kept = kind(node), getattr(node, "kept_table", None)
    if what in ("H2", "H3", "H4"):
        return _heading(node, writer)
    if isinstance(kept, TableData):
        return [_table(kept)]
    if what == "Table":
        return [_table(read_table(node))]
    if what in ("Ul", "Ol"):
        return [{"art": "liste", "punkte": [t for item in children(node) if (t := _point(item))]}]
    if what == "Dl":
        return [{"art": "liste", "punkte": _pairs(node)}]
    return None


def _is_words(node: Component) -> bool:
    if kind(node) in INLINE or kind(node) in ("P", "Summary", "Dt", "Dd"):
        return True
    held = children(node)
    return bool(held) and all(kind(child) in INLINE for child in held)


def _text(text: str, look: str = "") -> Block:
    return {"art": "text", "text": text.strip(), "look": look}


def _heading(node: Component, writer: Writer) -> Sequence[Block]:
    """Headings of regions stay; a smaller one becomes a bold line, so that no step is left out."""
    if not words(node):
        return []
    if kind(node) == "H2":
        writer.has_region = True
        return [{"art": "bereich", "titel": words(node)}]
    return [_text(words(node), "fett")]


def _point(node: Component) -> str:
    """Words of a list's entry; parts that stand in lines of their own on the screen are kept apart."""
    held = children(node)
    apart = len(held) > 1 and all(isinstance(child, Component) for child in held)
    return joined([words(child) for child in held]) if apart else words(node)


def _pairs(node: Component) -> list[str]:
    found: list[str] = []
    for item in walk(node):
        if kind(item) == "Dt":
            found.append(words(item))
        elif kind(item) == "Dd" and found:
            found[-1] += f": {words(item)}"
    return found


def _grid(node: Component, wide: float, writer: Writer) -> Sequence[Block]:
    """Rows of twelve columns, as on the screen; a row with a long table becomes one cell below the other."""
    found: list[Block] = []
    for row in _rows(children(node)):
        if any(_is_long(child) for _, child in row):
            found += [{"art": "spalten", "spalten": [_column(12, child, wide, writer)]} for _, child in row]
        else:
            found.append({"art": "spalten", "spalten": [_column(*cell, wide, writer) for cell in row]})
    return found


def _rows(cells: Sequence[Node]) -> list[list[tuple[int, Node]]]:
    rows: list[list[tuple[int, Node]]] = [[]]
    for child in cells:
        if sum(span for span, _ in rows[-1]) + _span(child) > 12:
            rows.append([])
        rows[-1].append((_span(child), child))
    return [row for row in rows if row]


def _column(span: int, node: Node, wide: float, writer: Writer) -> Block:
    room = (wide + GAP_PX) * span / 12 - GAP_PX
    inside = [node] if kind(node) == "Article" else children(node)
    return {"breite": span, "bloecke": list(_blocks(inside, room, writer))}


def _span(node: Node) -> int:
    """Columns of a cell; effects stand four in a row."""
    usual = "span-3" if "effect" in classes(node) else "span-12"
    named = next((name for name in classes(node) if name.startswith("span-")), usual)
    return int(named.removeprefix("span-"))


def _is_long(node: Node) -> bool:
    """Whether a cell holds a table that has to run over pages; tables of charts go to the annex."""
    for item in walk(node):
        if kind(item) == "Figure":
            continue
        kept = getattr(item, "kept_table", None)
        late = isinstance(kept, TableData) and "chart-table" not in classes(item)
        table = kept if late else read_table(item) if kind(item) == "Table" else None
        if isinstance(table, TableData) and (len(table.rows) > LONGEST_BESIDE or len(table.columns) > 7):
            return True
    return False


def _card(node: Component, wide: float, writer: Writer) -> Block:
    head, foot = first(node, with_class="card-head"), first(node, with_class="card-foot")
    title = first(head, with_class="card-title") if head is not None else None
    subtitle = first(head, with_class="card-subtitle") if head is not None else None
    region = [] if writer.has_region else [{"art": "bereich", "titel": "Inhalt"}]
    writer.has_region = True
    before = writer.drawings
    parts = [block for child in children(node) for block in _blocks(child, wide - 2 * CARD_EDGE_PX, writer)]
    return {
        "art": "karte",
        "davor": region,
        "titel": words(title) if title is not None else "",
        "untertitel": words(subtitle) if subtitle is not None else "",
        "legende": _legend(node, wide - 2 * CARD_EDGE_PX),
        "teile": parts,
        "fuss": foot_words(foot),
        "ganz": writer.drawings > before,
    }


def _legend(node: Component, wide: float) -> Block | None:
    entries = read_legend(node)
    if not entries:
        return None
    high, body = legend_row(entries, 2, SMALL_LINE / 2, wide - 4, light())
    alt = "Legende: " + ", ".join(word for _, word in entries)
    return _image(_svg(body, wide, high), alt, wide, high)


def _figure(node: Component, wide: float, writer: Writer) -> Sequence[Block]:
    found: list[Block] = []
    for picture in read_pictures(node):
        writer.drawings += 1
        found.append(_drawing(picture, wide, f"m{writer.drawings}"))
        writer.annex += _values(node, picture, writer)
    return found


def _drawing(picture: Picture, wide: float, prefix: str) -> Block:
    try:
        drawing = drawn(picture, wide, prefix)
    except NotDrawableError:
        return _text(f"{picture.description} {ON_SCREEN_ONLY}")
    return _image(drawing.alone(), picture.description or "Diagramm", drawing.width, drawing.height)


def _values(node: Component, picture: Picture, writer: Writer) -> list[Block]:
    for item in walk(node):
        kept = getattr(item, "kept_table", None)
        table = kept if isinstance(kept, TableData) else read_table(item) if kind(item) == "Table" else None
        if isinstance(table, TableData):
            return [{**_table(table), "titel": table.caption or picture.description}]
    return []


def _image(svg: str, alt: str, wide: float, high: float) -> Block:
    return {"art": "bild", "svg": svg, "alt": alt, "breite": wide, "hoehe": high}


def _svg(body: str, wide: float, high: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" '
        f'viewBox="0 0 {wide:.0f} {high:.0f}">{body}</svg>'
    )


def _table(table: TableData) -> Block:
    return {
        "art": "tabelle",
        "titel": table.caption,
        "koepfe": [[_named(c.label, c.unit), c.align] for c in table.columns],
        "zeilen": [list(row) for row in table.rows],
        "summe": list(table.total) if table.total is not None else None,
    }


def _named(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _tile(node: Component) -> Block:
    rating = _rating(node)
    bar, course = first(node, with_class="bullet"), first(node, with_class="sparkline")
    return {
        "name": _part(node, "tile-name"),
        "wert": _part(node, "value"),
        "einheit": _part(node, "value-unit"),
        "zeichen": sign_svg(rating, light()),
        "farbe": light()[rating],
        "wort": _part(node, "badge"),
        "bezug": _part(node, "tile-reference"),
        "stand": _part(node, "tile-stand"),
        "balken": bar_svg(bar, light()) if bar is not None else "",
        "verlauf": _light(course) if course is not None else "",
        "verlauf_satz": attribute(course, "aria-label") if course is not None else "",
    }


def _entry(node: Component) -> Block:
    context = first(node, with_class="band-context")
    rated = context is not None and first(context, with_class="sign") is not None
    rating = _rating(node)
    return {
        "name": _part(node, "band-label"),
        "wert": _part(node, "value"),
        "einheit": _part(node, "value-unit"),
        "bezug": words(context) if context is not None else "",
        "zeichen": sign_svg(rating, light()) if rated else "",
    }


def _part(node: Component, name: str) -> str:
    found = first(node, with_class=name)
    return words(found) if found is not None else ""


def _rating(node: Component) -> str:
    for item in walk(node):
        for rating in RATINGS:
            if f"sign-{rating}" in classes(item):
                return rating
    return "neu"


def _light(node: Component) -> str:
    """The light one of the two pictures of a small graphic."""
    for item in walk(node):
        if kind(item) == "Img" and "only-light" in classes(item):
            return unquote(attribute(item, "src").removeprefix("data:image/svg+xml,"))
    return ""


def page_facts(block: Mapping[str, Any]) -> list[str]:
    """Return every text of a description, for who wants to compare it with the page."""
    found: list[str] = []
    for value in block.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                found += page_facts(item)
            elif isinstance(item, list):
                found += [str(part) for part in item]
            elif isinstance(item, str):
                found.append(item)
    return found
