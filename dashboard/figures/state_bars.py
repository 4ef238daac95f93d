"""Where do measures hang: bars of 100 % by state per unit, counts inside, the overdue share at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Figure, TableData, columns, in_order, themed
from dashboard.figures.template import axis, bar, label_axis, layout, note, safe
from dashboard.theme import Palette
from metrics.result import Rating

ROW, TOP, BOTTOM, RIGHT, LEFT = 24, 24, 4, 62, 218
# Longer names would run out of the drawing; the table has them in full.
LONGEST = 32
# In the order of drawing: what is done first, what is late at the end of the bar.
STATES: Mapping[str, str] = {
    "abgeschlossen": "abgeschlossen",
    "in_arbeit": "in Arbeit",
    "geplant": "geplant",
    "ueberfaellig": "überfällig",
}
LATE = "ueberfaellig"
LEAST_LABELLED = 0.055


@dataclass(frozen=True, slots=True)
class StateRow:
    """Measures of a unit by state; `rating` is that of its overdue share. `inside` are the parts of a sum."""

    label: str
    counts: Mapping[str, int]
    rating: Rating = "neu"
    inside: tuple[StateRow, ...] = ()

    @property
    def total(self) -> int:
        """All measures of the row."""
        return sum(self.counts.values())

    @property
    def late_share(self) -> float | None:
        """Part that is overdue, as a fraction; None without measures."""
        return self.counts.get(LATE, 0) / self.total if self.total else None


def state_bars(rows: Sequence[StateRow], *, first: str) -> Chart:
    """Rows in the order given; `first` heads the units. The table also lists what a sum is made of."""
    ordered = tuple(rows)
    height = TOP + BOTTOM + ROW * max(1, len(ordered))
    narrow = {
        "margin.l": 118,
        "yaxis.ticktext": [safe(_short(row.label)) for row in ordered],
        "yaxis.tickfont.size": 12,
        **_fitting(ordered, 150),
    }
    tiny = {
        "margin.l": 96,
        "yaxis.ticktext": [safe(_short(row.label, 12)) for row in ordered],
        **_fitting(ordered, 110),
    }
    figure = themed(lambda palette: _draw(ordered, palette, height), narrow=narrow, below=460, tiny=tiny)
    spots = in_order("y", [row.label for row in ordered])
    return Chart(figure, _sentence(ordered, first), _table(ordered, first), height, spots)


def _short(label: str, longest: int = 15) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def _fitting(rows: Sequence[StateRow], width: int) -> dict[str, list[str]]:
    """Counts that are wider than their part of a bar of `width` px are left to the table."""
    return {
        f"data.{place}.text": [
            text if part * width >= 7 * len(text) + 4 else ""
            for text, part in ((_count(row, state), _part(row, state)) for row in rows)
        ]
        for place, state in enumerate(STATES)
    }


def _draw(rows: Sequence[StateRow], palette: Palette, height: int) -> Figure:
    shape = layout(palette, (LEFT, RIGHT, TOP, BOTTOM), height, barmode="stack", bargap=0.36)
    shape["xaxis"] = axis(palette, range=[0, 1], showticklabels=False)
    shape["yaxis"] = label_axis(palette, [_short(row.label, LONGEST) for row in rows], ticklabelstandoff=8)
    shape["annotations"] = _side(rows, palette)
    return {"data": [_segment(rows, state, palette) for state in STATES], "layout": shape}


def _segment(rows: Sequence[StateRow], state: str, palette: Palette) -> dict[str, Any]:
    fill, edge, ink = _look(state, palette)
    return bar(
        [_part(row, state) for row in rows],
        list(range(len(rows))),
        orientation="h",
        marker={"color": fill, "line": {"color": edge, "width": 1}},
        text=[_count(row, state) if _part(row, state) >= LEAST_LABELLED else "" for row in rows],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"size": 12, "color": ink},
    )


def _look(state: str, palette: Palette) -> tuple[str, str, str]:
    """Fill, outline and ink; what has not begun is light and outlined."""
    quiet = palette["flaeche"]
    looks = {
        "abgeschlossen": (palette["tinte"], quiet, quiet),
        "in_arbeit": (palette["mittel"], quiet, quiet),
        "geplant": (palette["versenkt"], palette["rg-linie"], palette["text"]),
        LATE: (palette["krit"], quiet, quiet),
    }
    return looks[state]


def _part(row: StateRow, state: str) -> float:
    return row.counts.get(state, 0) / row.total if row.total else 0.0


def _count(row: StateRow, state: str) -> str:
    return formats.number(row.counts.get(state, 0))


def _side(rows: Sequence[StateRow], palette: Palette) -> list[Any]:
    place: dict[str, Any] = {"xref": "paper", "xanchor": "right", "xshift": RIGHT - 2}
    head = note("überfällig", 1, 1, palette["text2"], yref="paper", yshift=11, **place)
    return [head, *(_late_note(index, row, palette, place) for index, row in enumerate(rows))]


def _late_note(index: int, row: StateRow, palette: Palette, place: dict[str, Any]) -> dict[str, Any]:
    ink = palette[row.rating] if row.rating in ("warn", "krit") else palette["text"]
    return note(formats.percent(row.late_share), 1, index, ink, size=13, weight=600, **place)


def _sentence(rows: Sequence[StateRow], first: str) -> str:
    known = [row for row in rows if row.total]
    if not known:
        return f"Balken nach {first} ohne Werte."
    worst = max(known, key=lambda row: row.late_share or 0.0)
    counted = texts.plural(len(known), "Zeile", "Zeilen")
    return (
        f"Gestapelte Balken, {counted} nach {first}. Höchster Anteil überfälliger Maßnahmen: "
        f"{worst.label} {formats.percent(worst.late_share)}."
    )


def _table(rows: Sequence[StateRow], first: str) -> TableData:
    body = [cells for row in rows for cells in (_cells(row), *(_cells(r, "darunter ") for r in row.inside))]
    whole = StateRow("Summe", {state: sum(row.counts.get(state, 0) for row in rows) for state in STATES})
    head = columns(first, *STATES.values(), "Maßnahmen", "Anteil überfällig")
    return TableData(f"Maßnahmen nach {first} und Stand", head, tuple(body), _cells(whole))


def _cells(row: StateRow, lead: str = "") -> tuple[str, ...]:
    counts = (_count(row, state) for state in STATES)
    return (f"{lead}{row.label}", *counts, formats.number(row.total), formats.percent(row.late_share))
