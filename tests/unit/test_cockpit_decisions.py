"""What waits for a decision: open proposals, and figures that demand one and have none."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.cockpits.lagebild import Lead, decisions
from dashboard.components.key_figure import KeyFigure
from metrics.result import Rating

TODAY = date(2026, 11, 21)


def _lead(metric_id: str, rating: Rating) -> Lead:
    figure = KeyFigure(metric_id, "XX-01", f"Kennzahl {metric_id}", "1", "", rating, "", "", False, "echt")
    return Lead(figure, {}, 1, "", None)


def _proposal(metric_id: str, due_on: date) -> dict[str, Any]:
    return {
        "metric_id": metric_id,
        "title": f"Vorschlag {metric_id}",
        "text": "Text",
        "owner": "FD 20",
        "due_on": due_on,
        "recorded_on": date(2026, 11, 1),
    }


def test_a_figure_that_demands_action_is_named_even_without_a_proposal() -> None:
    found = decisions([], [_lead("budget", "krit")], TODAY, owners={"budget": "FD 20"})
    assert [(d.title, d.owner, d.due_on) for d in found] == [("Kennzahl budget", "FD 20", None)]
    assert found[0].text == "Noch kein Vorschlag der zuständigen Stelle."


def test_an_expired_proposal_does_not_count_as_an_answer() -> None:
    rows = [_proposal("budget", date(2026, 11, 18))]
    found = decisions(rows, [_lead("budget", "krit")], TODAY, owners={})
    assert [d.title for d in found] == ["Kennzahl budget"]


def test_an_open_proposal_speaks_for_its_figure() -> None:
    rows = [_proposal("budget", date(2026, 11, 30)), _proposal("ozg", date(2026, 11, 28))]
    leads = [_lead("ozg", "warn"), _lead("budget", "krit"), _lead("dms", "gut")]
    found = decisions(rows, leads, TODAY, owners={})
    assert [(d.title, d.rating) for d in found] == [("Vorschlag budget", "krit"), ("Vorschlag ozg", "warn")]


def test_nothing_waits_when_all_is_in_plan() -> None:
    assert decisions([], [_lead("dms", "gut"), _lead("neu", "neu")], TODAY, owners={}) == []
