"""How stages are distributed and what changed: five columns with the period before behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Figure, TableData, columns, in_order, themed
from dashboard.figures.levels import OFFLINE, ONLINE, fill
from dashboard.figures.template import axis, bar, base_axis, layout, line, note
from dashboard.theme import Palette

STAGES = (*OFFLINE, *ONLINE)
BOTTOM, TOP = 56, 40


def reifegrad_columns(
    now: Mapping[str, int],
    before: Mapping[str, int] | None,
    *,
    now_label: str,
    before_label: str = "",
    height: int = 262,
) -> Chart:
    """Columns of services per stage „0“ to „4“; `before` is the period compared with, None for none."""
    # The names of the stages do not fit below columns of a phone; legend and table name them.
    tiny = {"xaxis.ticktext": [f"<b>{stage}</b>" for stage in STAGES], "margin.b": 24}
    figure = themed(lambda palette: _draw(now, before, palette, height), tiny=tiny)
    table = _table(now, before, now_label, before_label)
    spots = in_order("x", [row[0] for row in table.rows])
    return Chart(figure, _sentence(now, before, before_label), table, height, spots)


def _draw(now: Mapping[str, int], before: Mapping[str, int] | None, palette: Palette, height: int) -> Figure:
    highest = max([*now.values(), *(before or {}).values(), 1])
    shape = layout(palette, (4, 4, TOP, BOTTOM), height, barmode="overlay")
    shape["xaxis"] = base_axis(
        palette,
        range=[-0.55, 4.55],
        tickvals=list(range(5)),
        ticktext=[f"<b>{s}</b><br>{texts.REIFEGRAD_BROKEN[s]}" for s in STAGES],
    )
    shape["yaxis"] = axis(palette, range=[0, highest * 1.36], showticklabels=False)
    shape["shapes"] = [line((2.5, 2.5), (0, 1.08), palette["text"], width=2, yref="paper")]
    shape["annotations"] = [*_values(now, before, palette), *_threshold_notes(now, palette)]
    traces = _columns_now(now, palette)
    if before is not None:
        traces.insert(0, _columns_before(before, palette))
    return {"data": traces, "layout": shape}


def _columns_before(before: Mapping[str, int], palette: Palette) -> dict[str, Any]:
    heights = [before.get(s, 0) for s in STAGES]
    return bar(list(range(5)), heights, width=0.44, offset=-0.36, marker={"color": palette["vj"]})


def _columns_now(now: Mapping[str, int], palette: Palette) -> list[dict[str, Any]]:
    """One trace per stage: with a colour per column Plotly would drop the ground of the hatching."""
    return [
        bar([index], [now.get(stage, 0)], width=0.5, offset=-0.2, marker=fill(stage, palette))
        for index, stage in enumerate(STAGES)
    ]


def _values(
    now: Mapping[str, int], before: Mapping[str, int] | None, palette: Palette
) -> list[dict[str, Any]]:
    notes = []
    for index, stage in enumerate(STAGES):
        value, old = now.get(stage, 0), (before or {}).get(stage, 0)
        top = max(value, old)
        lift = 28 if before is not None else 12
        notes.append(
            note(formats.number(value), index + 0.05, top, palette["text"], size=16, weight=600, yshift=lift)
        )
        if before is not None:
            text = formats.number(value - old, plus=True)
            notes.append(note(text, index + 0.05, top, palette["text2"], size=13, yshift=10))
    return notes


def _threshold_notes(now: Mapping[str, int], palette: Palette) -> list[dict[str, Any]]:
    offline, online = (sum(now.get(s, 0) for s in part) for part in (OFFLINE, ONLINE))
    place: dict[str, Any] = {"yref": "paper", "y": 1}
    left = f"← {formats.number(offline)} noch nicht online"
    right = f"{formats.number(online)} online →"
    return [
        {**note(left, 2.5, 1, palette["text2"], xanchor="right", xshift=-6, yshift=14), **place},
        {**note(right, 2.5, 1, palette["text"], weight=600, xanchor="left", xshift=6, yshift=14), **place},
    ]


def _sentence(now: Mapping[str, int], before: Mapping[str, int] | None, before_label: str) -> str:
    stages = ", ".join(f"Stufe {s} {formats.number(now.get(s, 0))}" for s in STAGES)
    online = sum(now.get(s, 0) for s in ONLINE)
    text = f"Fünf Säulen je Reifegrad. {stages}. Online {formats.number(online)}"
    if before is None:
        return f"{text}."
    change = formats.number(online - sum(before.get(s, 0) for s in ONLINE), plus=True)
    return f"{text}, {change} gegenüber {before_label}."


def _table(
    now: Mapping[str, int], before: Mapping[str, int] | None, now_label: str, before_label: str
) -> TableData:
    head = (
        ("Reifegrad", before_label, now_label, "Veränderung")
        if before is not None
        else ("Reifegrad", now_label)
    )
    rows = [
        _row(texts.stage(s), now.get(s, 0), before.get(s, 0) if before is not None else None) for s in STAGES
    ]
    total = _row(
        "Summe",
        sum(now.get(s, 0) for s in STAGES),
        sum(before.get(s, 0) for s in STAGES) if before is not None else None,
    )
    return TableData("Einzelleistungen je Reifegrad", columns(*head), tuple(rows), total)


def _row(label: str, now: int, before: int | None) -> tuple[str, ...]:
    if before is None:
        return label, formats.number(now)
    return label, formats.number(before), formats.number(now), formats.number(now - before, plus=True)
