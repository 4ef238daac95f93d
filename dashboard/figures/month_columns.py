"""How the year runs: Plan, Ist and Prognose per month with the deviation from Plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import formats
from dashboard.figures.chart import Chart, Figure, TableData, columns, themed
from dashboard.figures.template import axis, bar, base_axis, hatch, layout, note
from dashboard.theme import Palette
from metrics.result import Number


@dataclass(frozen=True, slots=True)
class Month:
    """Amounts of a month in Euro. `forecast_eur` is the whole expected month; with Ist, the running month.

    A month that is not `complete` and has no forecast says nothing about its Plan.
    """

    month: date
    plan_eur: Number | None
    ist_eur: Number | None = None
    forecast_eur: Number | None = None
    flagged: bool = False
    complete: bool = True

    @property
    def expected_eur(self) -> Number | None:
        """Forecast where there is one, else Ist."""
        return self.forecast_eur if self.forecast_eur is not None else self.ist_eur

    @property
    def deviation_eur(self) -> Number | None:
        """Expected minus Plan; None when one of them is unknown."""
        if self.expected_eur is None or self.plan_eur is None:
            return None
        if self.forecast_eur is None and not self.complete:
            return None
        return float(self.expected_eur) - float(self.plan_eur)


def month_columns(months: Sequence[Month], *, caption: str, height: int = 180) -> Chart:
    """Twelve months: outlined Plan behind, solid Ist, hatched Prognose; the deviation in T€ on top."""
    ordered = tuple(months)
    initials = [formats.month_name(m.month)[0] for m in ordered]
    figure = themed(
        lambda palette: _draw(ordered, palette, height), narrow={"xaxis.ticktext": initials}, below=380
    )
    return Chart(figure, _sentence(ordered), _table(ordered, caption), height)


def _draw(months: Sequence[Month], palette: Palette, height: int) -> Figure:
    top = max([_height(m) for m in months] or [1.0]) or 1.0
    shape = layout(palette, (2, 2, 4, 22), height, barmode="overlay")
    shape["xaxis"] = base_axis(
        palette,
        range=[-0.6, len(months) - 0.4],
        tickvals=list(range(len(months))),
        ticktext=[formats.month_name(m.month) for m in months],
    )
    shape["yaxis"] = axis(palette, range=[0, top * 1.16], showticklabels=False)
    shape["annotations"] = [_deviation(i, m, palette) for i, m in enumerate(months)]
    return {"data": _traces(months, palette), "layout": shape}


def _height(month: Month) -> float:
    return max(float(v) for v in (month.plan_eur or 0, month.ist_eur or 0, month.forecast_eur or 0))


def _traces(months: Sequence[Month], palette: Palette) -> list[dict[str, Any]]:
    places = list(range(len(months)))
    ist = [float(m.ist_eur or 0) for m in months]
    rest = [
        max(0.0, float(m.forecast_eur or 0) - i) if m.forecast_eur is not None else 0.0
        for m, i in zip(months, ist, strict=True)
    ]
    plan_look = {"color": palette["flaeche"], "line": {"color": palette["plan"], "width": 1.25}}
    rest_look = {
        "color": palette["flaeche"],
        "line": {"color": palette["ist"], "width": 1},
        "pattern": hatch(palette["ist"], palette["flaeche"], 6),
    }
    return [
        bar(places, [float(m.plan_eur or 0) for m in months], width=0.58, offset=-0.42, marker=plan_look),
        bar(places, rest, base=ist, width=0.56, offset=-0.2, marker=rest_look),
        bar(places, ist, width=0.56, offset=-0.2, marker={"color": palette["ist"]}),
    ]


def _deviation(index: int, month: Month, palette: Palette) -> dict[str, Any]:
    color = palette["krit"] if month.flagged else palette["text2"]
    text = formats.thousand_eur(month.deviation_eur, plus=True, unit=False)
    weight = 500 if month.flagged else 400
    return note(text, index + 0.04, _height(month), color, weight=weight, yshift=10)


def _sentence(months: Sequence[Month]) -> str:
    if not months:
        return "Säulendiagramm ohne Werte."
    ist = [m for m in months if m.ist_eur is not None]
    total = sum(float(m.ist_eur or 0) for m in ist)
    plan = sum(float(m.plan_eur or 0) for m in ist)
    last = formats.month(ist[-1].month) if ist else formats.month(months[0].month)
    return (
        f"Säulendiagramm je Monat, {formats.month(months[0].month)} bis {formats.month(months[-1].month)}. "
        f"Ist bis {last} {formats.eur(total)}, Plan {formats.eur(plan)}."
    )


def _table(months: Sequence[Month], caption: str) -> TableData:
    rows = tuple(
        (
            formats.month(m.month),
            *(formats.number(v) for v in (m.plan_eur, m.ist_eur, m.forecast_eur)),
            formats.number(m.deviation_eur, plus=True),
        )
        for m in months
    )
    return TableData(caption, columns("Monat", "Plan", "Ist", "Prognose", "Abweichung"), rows)
