"""What is left of the budget: from the Ansatz to what is missing or remains at the end of the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboard import formats
from dashboard.figures.chart import Chart, Figure, TableData, columns, in_order, themed
from dashboard.figures.template import axis, bar, hatch, layout, line, note
from dashboard.theme import Palette
from metrics.result import Number

Kind = Literal["plan", "summe", "ist", "obligo", "verfuegbar", "prognose", "saldo"]
TOTALS: frozenset[str] = frozenset({"summe", "verfuegbar", "saldo"})
WIDTH = 0.62


@dataclass(frozen=True, slots=True)
class Step:
    """One column. `amount_eur` is signed; a total („summe“, „verfuegbar“, „saldo“) states the level reached.

    `label` may hold „\\n“ where a narrow column breaks it.
    """

    label: str
    amount_eur: Number
    kind: Kind


def waterfall(steps: Sequence[Step], *, caption: str, height: int = 214) -> Chart:
    """Columns in the order given; Ist, Obligo and Prognose lower the level, Ansatz and Übertrag raise it."""
    ordered = tuple(steps)
    labels = [_narrow(step.label) for step in ordered]
    figure = themed(
        lambda palette: _draw(ordered, palette, height),
        narrow={
            "xaxis.ticktext": labels,
            "margin.l": 12,
            "margin.b": 88,
            "xaxis.tickangle": -50,
            **_in_thousands(ordered),
        },
    )
    spots = in_order("x", [_plain(step.label) for step in ordered])
    return Chart(figure, _sentence(ordered), _table(ordered, caption), height, spots)


def spans(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Return bottom and top of each column, the level running from left to right."""
    level, found = 0.0, []
    for step in steps:
        value = float(step.amount_eur)
        if step.kind in TOTALS:
            found.append((min(0.0, value), max(0.0, value)))
            level = value
        else:
            found.append((min(level, level + value), max(level, level + value)))
            level += value
    return found


def _in_thousands(steps: Sequence[Step]) -> dict[str, str]:
    """Whole Euros do not fit above narrow columns; the first names the unit, the table keeps Euros."""
    texts = {}
    for index, step in enumerate(steps):
        plus = index > 0 and step.kind not in TOTALS
        text = formats.thousand_eur(step.amount_eur, plus=plus, unit=index == 0)
        texts[f"annotations.{index}.text"] = text
    return texts


def _narrow(label: str) -> str:
    """Return the word a slanted label has room for: the end of a compound, else the first line."""
    return label.split("-\n")[1].capitalize() if "-\n" in label else label.split("\n")[0]


def _draw(steps: Sequence[Step], palette: Palette, height: int) -> Figure:
    reached = spans(steps)
    top = max([high for _, high in reached] or [1.0]) or 1.0
    low = min([bottom for bottom, _ in reached] or [0.0])
    shape = layout(palette, (2, 2, 8, 38), height, barmode="overlay")
    shape["xaxis"] = axis(
        palette,
        range=[-0.5, len(steps) - 0.5],
        tickvals=list(range(len(steps))),
        ticktext=[step.label.replace("\n", "<br>") for step in steps],
    )
    shape["yaxis"] = axis(palette, range=[min(low * 1.1, -0.01 * top), top * 1.14], showticklabels=False)
    shape["shapes"] = [*_connectors(steps, reached, palette), _zero(len(steps), palette)]
    shape["annotations"] = [
        _value(index, step, max(0.0, high), palette)
        for index, (step, (_, high)) in enumerate(zip(steps, reached, strict=True))
    ]
    return {
        "data": [_column(i, s, r, palette) for i, (s, r) in enumerate(zip(steps, reached, strict=True))],
        "layout": shape,
    }


def _column(index: int, step: Step, reached: tuple[float, float], palette: Palette) -> dict[str, Any]:
    low, high = reached
    return bar([index], [high - low], base=[low], width=WIDTH, marker=_look(step, palette))


def _look(step: Step, palette: Palette) -> dict[str, Any]:
    looks: dict[str, tuple[str, str, float]] = {
        "plan": (palette["flaeche"], palette["plan"], 1.5),
        "summe": (palette["flaeche"], palette["plan"], 2.5),
        "ist": (palette["ist"], palette["ist"], 1),
        "obligo": (palette["obligo"], palette["mittel"], 1),
        "verfuegbar": (palette["aktion-grund"], palette["ist"], 2),
        "prognose": (palette["flaeche"], palette["ist"], 1.25),
    }
    # The balance is red only when money is missing; a rest looks like any other amount that is available.
    short = step.amount_eur < 0
    looks["saldo"] = (palette["krit"],) * 2 + (1,) if short else looks["verfuegbar"]
    fill, stroke, width = looks[step.kind]
    marker: dict[str, Any] = {"color": fill, "line": {"color": stroke, "width": width}}
    if step.kind == "prognose":
        marker["pattern"] = hatch(palette["ist"], palette["flaeche"], 7)
    return marker


def _value(index: int, step: Step, top: float, palette: Palette) -> dict[str, Any]:
    first = index == 0 or step.kind in TOTALS
    text = formats.number(step.amount_eur, plus=not first)
    short = step.kind == "saldo" and step.amount_eur < 0
    weight = 600 if step.kind in TOTALS or step.kind == "ist" else 400
    color = palette["krit"] if short else palette["text"]
    return note(text, index, top, color, size=13, weight=weight, yshift=10)


def _connectors(
    steps: Sequence[Step], reached: Sequence[tuple[float, float]], palette: Palette
) -> list[dict[str, Any]]:
    lines, level = [], 0.0
    for index, step in enumerate(steps[:-1]):
        level = float(step.amount_eur) if step.kind in TOTALS else level + float(step.amount_eur)
        ends = (index + WIDTH / 2, index + 1 - WIDTH / 2)
        lines.append(line(ends, (level, level), palette["achse"], width=1))
    return lines


def _zero(count: int, palette: Palette) -> dict[str, Any]:
    return line((-0.5, count - 0.5), (0, 0), palette["text"], width=1.5)


def _sentence(steps: Sequence[Step]) -> str:
    parts = [f"{_plain(s.label)} {formats.eur(s.amount_eur)}" for s in steps]
    return f"Wasserfalldiagramm. {', '.join(parts)}."


def _plain(label: str) -> str:
    return label.replace("-\n", "").replace("\n", " ")


def _table(steps: Sequence[Step], caption: str) -> TableData:
    rows = tuple((_plain(s.label), formats.number(s.amount_eur)) for s in steps)
    return TableData(caption, columns("Schritt", "Betrag in Euro"), rows)
