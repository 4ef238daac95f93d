"""Which chart fits a question, and why: said beside the choice, never forced."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.explorer.sentence import adds_up
from metrics.explore.catalog import Dataset
from metrics.explore.question import PivotQuestion, length_of

FEW = 6
"""As many lines as can be told apart in one chart."""


def suggested_chart(
    question: PivotQuestion, datasets: Sequence[Dataset], *, members: int | None = None
) -> tuple[str, str]:
    """Return (chart, why); `members` is how many values the field beside time has, if that is known."""
    names = (*question.rows, *question.columns)
    others = [name for name in names if not length_of(name)]
    if len(others) < len(names):
        return _over_time(others, members)
    if len(question.measures) > 1 and names:
        return "punkte", "Ein Punkt je Zeile zeigt, ob die ersten beiden Werte zusammenhängen."
    if len(names) < 2:
        return "balken", "Die Werte eines einzelnen Merkmals lassen sich als Balken am besten vergleichen."
    if _adds_up(question, datasets):
        return "gestapelt", "Gestapelte Balken zeigen das Ganze und zugleich seine Teile."
    return "kacheln", "Kleine Diagramme passen, weil sich dieser Wert nicht stapeln lässt."


def _over_time(others: Sequence[str], members: int | None) -> tuple[str, str]:
    if not others:
        return "linie", "Eine Linie zeigt, wie sich der Wert im Lauf der Zeit verändert."
    if len(others) == 1 and members is not None and members <= FEW:
        return "linie", "Wenige Verläufe lassen sich als Linien in einem Diagramm vergleichen."
    return "kacheln", "Viele Verläufe sind in kleinen Diagrammen mit gleicher Skala besser zu erkennen."


def _adds_up(question: PivotQuestion, datasets: Sequence[Dataset]) -> bool:
    data = next((item for item in datasets if item.id == question.dataset), None)
    return data is not None and all(adds_up(data.measure(measure)) for measure in question.measures)
