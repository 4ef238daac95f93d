"""What a town may say in `cockpits/<id>.toml`: a page of tiles, charts and plain sentences by metric id.

Only the grammar stands here; whether metrics and dimensions exist is looked up by `town_check`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dashboard.auth.viewer import Role

ICONS = Path(__file__).parents[1] / "assets" / "icons.css"
MOST_TILES = 8
# More drawings than these make a page slow.
MOST_DRAWN = 9
LONGEST = 400
DRAWN = frozenset({"columns", "line", "bars", "stacked"})
_MARKUP = re.compile(r"<[a-zA-Z/!?]|\*\*|__|`|\]\(|^\s*(#|[-*]\s)", re.MULTILINE)


def _plain(text: str) -> str:
    """One sentence or several without any markup: what stands in the file is shown as it is."""
    if found := _MARKUP.search(text):
        raise ValueError(f"Texte sind schlichte Sätze ohne HTML und Markdown, gefunden „{found[0].strip()}“")
    if not text.strip() or len(text) > LONGEST:
        raise ValueError(f"Ein Text hat 1 bis {LONGEST} Zeichen")
    return " ".join(text.split())


@cache
def icon_names() -> tuple[str, ...]:
    """Names of the packaged icons, in alphabetical order."""
    text = ICONS.read_text(encoding="utf-8")
    return tuple(sorted(set(re.findall(r"^\.icon-([a-z-]+) \{", text, re.MULTILINE)) - {"small"}))


def _known_icon(name: str) -> str:
    if name not in icon_names():
        raise ValueError(f"Dieses Zeichen gibt es nicht; erlaubt sind {', '.join(icon_names())}")
    return name


def _many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Plain = Annotated[str, AfterValidator(_plain)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Value = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int) else v)]
Texts = Annotated[tuple[Plain, ...], BeforeValidator(_many)]
Order = Literal["value"] | tuple[Value, ...]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Cut(_Part):
    """A figure: a metric and what narrows it (dimension → one value)."""

    metric: Name
    where: dict[str, Value] = Field(default_factory=dict)


class Tile(Cut):
    """One tile; without label the short name of the metric stands there."""

    label: Plain | None = None


class ChartCut(Cut):
    """What every chart says. `title` is the neutral one, shown when no message holds."""

    title: Plain
    note: Plain | None = None
    width: Literal[4, 5, 6, 7, 8, 12] = 6


class Columns(ChartCut):
    """Month after month: Ist, behind it the target or the same month of the year before."""

    type: Literal["columns"]
    months: int = Field(default=12, ge=3, le=24)
    compare: tuple[Literal["target", "last_year"], ...] = ("last_year",)


class Line(ChartCut):
    """A course with the target path; `forecast` needs a projection of the metric in models/."""

    type: Literal["line"]
    months: int = Field(default=24, ge=3, le=72)
    forecast: bool = False


class ByCut(ChartCut):
    """A chart with one row for each value of a dimension."""

    by: Name
    order: Order = "value"


class Bars(ByCut):
    """One bar for each value of a dimension, the largest first or in the order given."""

    type: Literal["bars"]
    limit: int = Field(default=12, ge=1, le=30)


class Stacked(ByCut):
    """Parts of each value of a dimension in percent: a second dimension, or the steps of a distribution."""

    type: Literal["stacked"]
    parts: Name | None = None
    parts_order: Order = "value"
    limit: int = Field(default=12, ge=1, le=30)


class Bullets(ByCut):
    """Ist against target of each value of a dimension, usually the units, with the rating."""

    type: Literal["bullets"]


class Multiples(ByCut):
    """One small course for each value of a dimension, all on one scale."""

    type: Literal["multiples"]
    months: int = Field(default=24, ge=3, le=60)
    limit: int = Field(default=9, ge=1, le=12)


class Table(ByCut):
    """The figures themselves; a second dimension makes columns."""

    type: Literal["table"]
    across: Name | None = None
    across_order: Order = "value"


AnyChart = Columns | Line | Bars | Stacked | Bullets | Multiples | Table
Ordered = Bars | Stacked | Bullets | Multiples | Table
TYPES: tuple[str, ...] = tuple(
    get_args(kind.model_fields["type"].annotation)[0] for kind in get_args(AnyChart)
)


class Section(_Part):
    """A part of the page: sentences, tiles, charts in this order."""

    title: Plain
    text: Texts = ()
    tile: tuple[Tile, ...] = ()
    chart: tuple[Annotated[AnyChart, Field(discriminator="type")], ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Section:
        if not (self.text or self.tile or self.chart):
            raise ValueError("Ein Abschnitt braucht text, [[section.tile]] oder [[section.chart]]")
        return self


class Filters(_Part):
    """Which filters the page offers."""

    unit: bool = False
    day: bool = True
    dimensions: tuple[Name, ...] = ()


class CockpitFile(_Part):
    """The content of `cockpits/<id>.toml`. `labels` are words for names of dimensions and their values."""

    title: Annotated[Plain, Field(max_length=40)]
    question: Plain
    icon: Annotated[str, AfterValidator(_known_icon)] = "chart"
    order: int = Field(default=100, ge=0, le=9999)
    roles: tuple[Role, ...] | None = None
    filters: Filters = Filters()
    labels: dict[str, Plain] = Field(default_factory=dict)
    section: tuple[Section, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _stays_readable(self) -> CockpitFile:
        if len(self.tiles) > MOST_TILES:
            raise ValueError(f"Höchstens {MOST_TILES} Kacheln je Seite, es sind {len(self.tiles)}")
        drawn = sum(chart.type in DRAWN for _, chart in self.charts())
        if drawn > MOST_DRAWN:
            raise ValueError(f"Höchstens {MOST_DRAWN} gezeichnete Diagramme je Seite, es sind {drawn}")
        if self.roles is not None and not self.roles:
            raise ValueError("roles nennt niemanden; ohne roles sehen alle Rollen mit Kennzahlen die Seite")
        return self

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """All tiles in the order of the page."""
        return tuple(tile for section in self.section for tile in section.tile)

    def charts(self) -> Iterator[tuple[tuple[Any, ...], AnyChart]]:
        """All charts with their place in the file."""
        for number, section in enumerate(self.section):
            for index, chart in enumerate(section.chart):
                yield ("section", number, "chart", index), chart

    def cuts(self) -> Iterator[tuple[tuple[Any, ...], Cut]]:
        """All figures asked for with their place in the file, tiles and charts."""
        for number, section in enumerate(self.section):
            for index, tile in enumerate(section.tile):
                yield ("section", number, "tile", index), tile
        yield from self.charts()
