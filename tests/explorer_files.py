"""Hand-made answers of the explorer for tests of its files, and texts that spreadsheets might execute."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from dashboard.export.explorer_answer import Analysis, Words
from dashboard.export.facts import Facts
from metrics.explore.question import Measure, PivotQuestion
from metrics.explore.result import CellKey, Head, MeasureInfo, Pivot, PivotCell

_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "|", "%", "＝", "＋", "－", "＠")
_TAILS = ("1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("https://fremd.example","x")')
_CARRIERS = (
    " =1+1", '"=1+1', "'=1+1", "a;=1+1", 'a";=1+1', "a,=1+1", 'a",=1+1', "a\n=1+1", "a\r\n=1+1",
    "\ufeff=1+1", "\u00a0=1+1", "%0A=1+1", "https://fremd.example/", "mailto:a@fremd.example",
    "file:///etc/passwd", "{=1+1}", "<b>fett</b>", "&C&\"Arial\"=1+1", "internal:Metadaten!A1", "\u2212=1",
)  # fmt: skip
PAYLOADS = tuple(dict.fromkeys([*(f"{a}{b}" for a in _BEGINS for b in _TAILS), *_CARRIERS]))
_BREAKS = (
    "", '">', "'>", "</td>", "</title>", "</textarea>", "</script>", "-->", "]]>", "\\x22>", "&quot;>",
    "\u2028", "%22%3E", '"}', "`",
)  # fmt: skip
_ACTS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<svg/onload=alert`1`>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>", '" onfocus=alert(1) autofocus ', "' onmouseover=alert(1) x='",
    "<style>@import 'https://fremd.example/'</style>", "<base href=https://fremd.example>",
    "<form action=https://fremd.example><button>", "<details open ontoggle=alert(1)>",
    "<math><mtext><script>alert(1)", "{{7*7}}${7*7}", "<object data=data:text/html,x>",
    "<link rel=stylesheet href=//fremd.example>", "<meta http-equiv=refresh content=0>",
    "<video><source onerror=alert(1)>", "&lt;script&gt;alert(1)&lt;/script&gt;", "javascript:alert(1)",
)  # fmt: skip
MARKUP = tuple(f"{before}{act}" for before in _BREAKS for act in _ACTS)
"""300 texts that want to be markup."""
CANARY = 98765
"""Stands in every place of a hidden cell where no export may look."""


def facts(**changes: Any) -> Facts:
    """What a file says about itself."""
    given: dict[str, Any] = {
        "city": "Kleinstadt", "product": "Steuerungsportal", "page": "Explorer", "address": "/explorer?a=b",
        "filters": (("Themenfeld", "Umwelt"),), "day": date(2026, 6, 9), "stand": "09.06.2026, 03:15 Uhr",
        "run": "L1", "snapshot": "S1", "viewer": "K. Probe",
        "made_at": datetime(2026, 6, 9, 12, 30, tzinfo=UTC), "zone": ZoneInfo("Europe/Berlin"),
        "example": "Beispieldaten", "catalog": cast("Any", SimpleNamespace(metrics={})),
    }  # fmt: skip
    return Facts(**{**given, **changes})


def measure(label: str, unit: str = "count", decimals: int = 0) -> MeasureInfo:
    """A measure with a label."""
    return MeasureInfo(Measure(label, "sum"), label, label, unit, decimals, "sum", None)  # type: ignore[arg-type]


def analysis(
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    measures: tuple[MeasureInfo, ...],
    cells: Mapping[CellKey, PivotCell],
    **more: Any,
) -> Analysis:
    """A pivot of one row field and one column field with a total on both axes."""
    asked = {"show": more.get("show", "value"), "against": more.get("against", "")}
    question = PivotQuestion(
        "liste:probe", tuple(info.measure for info in measures), ("feld",), ("monat",), **asked
    )
    pivot = Pivot(
        question=question,
        rows=(*(Head((name,)) for name in rows), Head(())),
        columns=(*(Head((name,)) for name in columns), Head(())),
        measures=measures,
        cells=cells,
        snapshot="S1",
        business_date=date(2026, 6, 9),
        as_of=None,
        stale_sources=(),
        nature="beispiel",
        notes=more.get("notes", ()),
    )
    words = Words(
        more.get("title", "Titel"),
        more.get("filters", (("Themenfeld", "Umwelt"),)),
        more.get("field", str),
        lambda name, value: value or "ohne Angabe",
    )
    return Analysis(pivot, words, facts(filters=words.filters), {})


def hidden(reason: str = "Geschützt.") -> PivotCell:
    """A cell that is not given out, with a figure wherever there is room for one."""
    many = dict.fromkeys(("value", "shown", "base", "numerator", "denominator", "lower", "upper"), CANARY)
    return PivotCell("suppressed", **many, warmth=0.98765, reason=reason)  # type: ignore[arg-type]


def shown(value: Any, **more: Any) -> PivotCell:
    """A cell with a figure."""
    return PivotCell("value", value=value, shown=more.pop("shown", value), **more)


def unzipped(book: bytes) -> dict[str, bytes]:
    """Every part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(book)) as container:
        return {entry.filename: container.read(entry) for entry in container.infolist()}


AMOUNT = Decimal("22670.55")


class _Elements(HTMLParser):
    """Elements with the names of their attributes, and where their addresses lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, tuple[str, ...]]] = set()
        self.addresses: list[str] = []
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "data")]


def elements(html: str) -> set[tuple[str, tuple[str, ...]]]:
    """Return the kinds of elements a browser makes of a page; what leads out of the portal is refused."""
    parser = _Elements()
    parser.feed(html)
    away = [address for address in parser.addresses if not re.match(r"/(?!/)|#|\?|mailto:|$", address)]
    assert away == [], away
    return parser.found


def spoken(html: str) -> str:
    """Return the text of a page, blanks as single ones."""
    parser = _Elements()
    parser.feed(html)
    return " ".join(" ".join(parser.said).split())
