"""A controller in front of the explorer: clicks what the page offers and reads what the table says."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Locator, Page

from tests.browser.chromium import Person
from tests.questions_by_hand import TOTAL, Figure, Sheet, written

# Heads with their spans laid out, so that every cell knows the words above and left of it.
_READ = """
table => {
  const heads = [];
  const text = cell => {
    const own = (cell.querySelector('.row-name, .row-fold, .pivot-cell') || cell).cloneNode(true);
    own.querySelectorAll('sup, .visually-hidden').forEach(note => note.remove());
    return own.textContent.replace(/\\u00ad/g, '').replace(/\\s+/g, ' ').trim();
  };
  [...table.tHead.rows].forEach((row, y) => {
    heads[y] = heads[y] || [];
    let x = 0;
    for (const cell of row.cells) {
      while (heads[y][x] !== undefined) x += 1;
      for (let dy = 0; dy < cell.rowSpan; dy += 1)
        for (let dx = 0; dx < cell.colSpan; dx += 1)
          (heads[y + dy] = heads[y + dy] || [])[x + dx] = text(cell);
    }
  });
  const rows = [...table.querySelectorAll('tbody tr, tfoot tr')].map(row => ({
    level: Number((row.cells[0].className.match(/level-(\\d)/) || [0, row.closest('tfoot') ? 0 : 1])[1]),
    name: text(row.cells[0]),
    cells: [...row.cells].slice(1).map(text),
  }));
  return { heads, rows };
}
"""

MOST_STOPS = 250
FIGURES, LISTS = "Kennzahlen nach Bestand", "Listen"
# Units too long for cells stand once in the head.
SAID_ABOVE = {"days": "Tage", "hours": "Stunden", "points": "Prozentpunkte"}
_UNIT = re.compile(rf"( \(({'|'.join(SAID_ABOVE.values())})\))+$")
Shown = dict[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """What is on the screen: words of the columns, texts of all cells by the words of their row."""

    head: str
    columns: tuple[str, ...]
    rows: Shown


class Controller:
    """One person who works only with what is on the page; no address is typed after the first."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @property
    def page(self) -> Page:
        """The window."""
        return self.person.page

    def begin(self, dataset: str, kind: str = FIGURES) -> None:
        """Stand in front of the explorer as it opens and choose a data set, of figures or of records."""
        self.person.follow("/explorer")
        self._open(self.page.locator(".dataset-menu > summary"))
        group = self.page.locator(".dataset-list .narrow-group", has=self._exact(".menu-caption", kind))
        self._follow(group.locator("a", has=self._exact(".menu-name", dataset)))

    def put(self, field: str, way: str) -> None:
        """Open the menu of a field in the list and choose, for example „Als Zeile“."""
        item = self._fields(field)
        self._follow(item.locator("a.menu-item").filter(has=self._whole(way)))

    def value(self, label: str, part: str = "") -> None:
        """Add a value, or a part of it: „Zähler“, „Nenner“, „Fälle“, „Anteil“."""
        self._follow(self._fields(label).locator('a.menu-item[data-to="werte"]', has_text=part or None))

    def remove(self, chip: str, zone: str) -> None:
        """Take a chip off its zone by its cross."""
        self._follow(self.page.get_by_label(f"{chip} aus {zone} entfernen", exact=True))

    def clear(self) -> None:
        """Take every field off rows and columns."""
        for zone in ("zeilen", "spalten"):
            chips = self.page.locator(f'[data-zone="{zone}"] .chip-off')
            for _ in range(chips.count()):
                self._follow(chips)

    def press(self, words: str) -> None:
        """Follow a link or switch above the table."""
        self._follow(self.page.locator(".explorer-main a").filter(has=self._whole(words)))

    def span(self, first: str, last: str) -> None:
        """Choose another span of time in the form; days as the browser keeps them."""
        self.choose("Zeitraum", "anderer Zeitraum …")
        self.page.fill("#explorer-von", first)
        self.page.fill("#explorer-bis", last)
        self.person.do(self.page.locator(".time-form button[type=submit]").click)

    def choose(self, menu: str, entry: str) -> None:
        """Choose an entry of one of the small menus below the zones."""
        control = self.page.locator(".display-bar .menu", has=self._exact(".control-label", menu))
        self._open(control.locator("summary"))
        self._follow(control.locator("a.menu-item").filter(has=self._whole(entry)))

    def narrow(self, field: str, *values: str) -> None:
        """Filter a field to some of its values in the form."""
        self.put(field, "Als Filter")
        form = self.page.locator(".filter-editor form")
        for value in values:
            form.locator(".value-list label", has_text=value).first.click()
        self.person.do(form.locator("button[type=submit]").click)

    def view(self, name: str) -> None:
        """Pivot, Liste or Diagramm."""
        self._follow(self.page.locator(".explorer-views a", has_text=name))

    def workbook(self) -> Workbook:
        """Fetch the table as Excel file and open it with a reader that is not the one that wrote it."""
        self._open(self.page.locator(".explorer-export > summary"))
        with self.page.expect_download() as fetched:
            self.page.locator(".explorer-export a", has_text="Excel (.xlsx)").click()
        return load_workbook(io.BytesIO(fetched.value.path().read_bytes()))

    def cell(self, row: str, column: int) -> Locator:
        """The cell of a row, counted from the left without the name of the row."""
        line = self.page.locator(".pivot tbody tr", has=self.page.locator("th").filter(has=self._whole(row)))
        return line.locator("td").nth(column).locator(".pivot-cell")

    def read(self, selector: str = ".pivot") -> Table:
        """All texts of the table."""
        found: dict[str, Any] = self.page.locator(selector).evaluate(_READ)
        width = len(found["heads"][0])
        columns = [self._column([row[x] for row in found["heads"]]) for x in range(1, width)]
        path: list[str] = []
        rows: Shown = {}
        for row in found["rows"]:
            path = [*path[: max(0, row["level"] - 1)], row["name"]] if row["level"] else [TOTAL]
            rows[tuple(path)] = tuple(row["cells"])
        head = " ".join(dict.fromkeys(words for row in found["heads"] for words in row))
        return Table(head, tuple(columns), rows)

    @staticmethod
    def _column(heads: list[str]) -> str:
        """„Online“ or „2025 · Anzahl“; the group above all parts is no name of one of them."""
        own = [text for place, text in enumerate(heads) if place == 0 or text != heads[place - 1]]
        return _UNIT.sub("", " · ".join(own[1:] or own))

    def _fields(self, label: str) -> Locator:
        """A field of the list with its menu open."""
        item = self.page.locator(".field-item", has=self._exact(".control-label", label)).first
        self._open(item.locator("summary"))
        return item

    def _exact(self, selector: str, words: str) -> Locator:
        return self.page.locator(selector).filter(has=self._whole(words))

    def _whole(self, words: str) -> Locator:
        return self.page.locator(f"xpath=descendant-or-self::*[normalize-space(.)={_quoted(words)}]")

    def _open(self, summary: Locator) -> None:
        if not summary.evaluate("e => e.parentElement.open"):
            summary.click()

    def _follow(self, link: Locator) -> None:
        self.person.do(link.first.click)


def _quoted(words: str) -> str:
    return f'"{words}"' if '"' not in words else f"'{words}'"


class Typist(Controller):
    """The same person without a mouse: Tab until the stop is reached, then Enter."""

    def _open(self, summary: Locator) -> None:
        if not summary.evaluate("e => e.parentElement.open"):
            self._reach(summary)
            self.page.keyboard.press("Enter")

    def _follow(self, link: Locator) -> None:
        self._reach(link.first)
        self.person.do(lambda: self.page.keyboard.press("Enter"))

    def _reach(self, stop: Locator) -> None:
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if stop.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"Tab never reaches {stop}")


def in_excel(book: Workbook) -> dict[str, list[Any]]:
    """Values of the first sheet by the words of their row, as the file holds them."""
    rows = {
        str(row[0]).strip(): list(row[1:]) for row in book["Auswertung"].iter_rows(values_only=True) if row[0]
    }
    return {words: cells for words, cells in rows.items() if any(cell is not None for cell in cells)}


def in_file(figure: Figure) -> Any:
    """A figure as a workbook holds it: a number, nothing, or the words in place of a protected one."""
    if figure is None or isinstance(figure, str):
        return figure and figure.replace(" ", "\u00a0")
    return pytest.approx(float(figure), rel=1e-9, abs=1e-9)


def plain_head(cell: Any) -> str:
    """Words of a head without the unit behind them."""
    return _UNIT.sub("", str(cell or ""))


def on_paper(
    sheet: Sheet, kinds: tuple[str, ...] | str, names: Mapping[str, str] | None = None
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """All cells of a sheet as texts; `names` are the words the page uses for a row."""
    every = (kinds,) * len(sheet.columns) if isinstance(kinds, str) else kinds
    named = names or {}
    return {
        tuple(named.get(part, part) for part in path): tuple(
            written(figure, kind) for figure, kind in zip(figures, every, strict=True)
        )
        for path, figures in sheet.rows.items()
    }
