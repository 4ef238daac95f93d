"""What waits for a decision: rated figures with open proposals, and those that demand one and have none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboard import messages_entscheidungen as sentences
from dashboard.cockpits.entscheidungen import Rated, decisions
from dashboard.figure_rights import Cut
from metrics.result import Rating
from warehouse.ledger import Proposal, Resolution

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


def _figure(metric_id: str, rating: Rating, unit: str = "") -> Rated:
    return Rated(Cut(metric_id, unit), f"Kennzahl {metric_id}", rating, unit)


def _proposal(metric_id: str, due_on: date, entry: int = 1, **more: object) -> Proposal:
    made = Proposal(
        entry=entry,
        proposal=f"v-{metric_id}",
        metric=metric_id,
        unit="",
        title=f"Vorschlag {metric_id}",
        text="Text",
        owner="FD 20",
        due_on=due_on,
        recorded_on=date(2026, 11, 1),
        author="k",
        at=NOW,
        supersedes=None,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def _resolution(kind: str, on: date) -> Resolution:
    return Resolution("v-budget", 1, kind, on, "", "l", NOW)


def test_a_figure_that_demands_action_is_named_even_without_a_proposal() -> None:
    found = decisions([], [_figure("budget", "krit")], TODAY, owners={"budget": "FD 20"})
    assert [(d.title, d.owner, d.due_on) for d in found] == [("Kennzahl budget", "FD 20", None)]
    assert found[0].text == "Noch kein Vorschlag der zuständigen Stelle."


def test_an_expired_proposal_does_not_count_as_an_answer() -> None:
    found = decisions(
        [_proposal("budget", date(2026, 11, 18))], [_figure("budget", "krit")], TODAY, owners={}
    )
    assert [(d.title, d.text) for d in found] == [
        ("Kennzahl budget", "Die Frist des letzten Vorschlags ist am 18.11.2026 abgelaufen.")
    ]


def test_an_open_proposal_speaks_for_its_figure() -> None:
    proposals = [_proposal("budget", date(2026, 11, 30)), _proposal("ozg", date(2026, 11, 28))]
    figures = [_figure("ozg", "warn"), _figure("budget", "krit"), _figure("dms", "gut")]
    found = decisions(proposals, figures, TODAY, owners={})
    assert [(d.title, d.rating) for d in found] == [("Vorschlag budget", "krit"), ("Vorschlag ozg", "warn")]


def test_nothing_waits_when_all_is_in_plan() -> None:
    figures = [_figure("dms", "gut"), _figure("neu", "neu"), _figure("still", "warn")]
    assert decisions([], figures, TODAY, owners={}) == []


@pytest.mark.parametrize("rating", ["gut", "neu"])
def test_a_point_whose_figure_is_in_plan_again_leaves_by_itself(rating: Rating) -> None:
    proposal = _proposal("budget", date(2026, 11, 30))
    assert decisions([proposal], [_figure("budget", rating)], TODAY, owners={}) == []


def test_among_the_same_rating_the_earlier_deadline_comes_first() -> None:
    days = {"a": date(2026, 12, 15), "b": date(2026, 11, 25), "c": date(2026, 11, 22)}
    proposals = [_proposal(name, day) for name, day in days.items()]
    figures = [_figure("a", "krit"), _figure("b", "krit"), _figure("c", "warn"), _figure("d", "krit")]
    found = decisions(proposals, figures, TODAY, owners={})
    assert [d.cut.metric for d in found] == ["d", "b", "a", "c"]


def test_the_version_known_on_the_day_counts() -> None:
    old = _proposal("budget", date(2026, 12, 1), text="alt")
    new = _proposal("budget", date(2026, 12, 1), 2, text="neu", recorded_on=date(2026, 11, 20))
    figures = [_figure("budget", "krit")]
    texts = [decisions([old, new], figures, day, owners={})[0].text for day in (date(2026, 11, 10), TODAY)]
    assert texts == ["alt", "neu"]


def test_what_was_decided_leaves_until_its_deadline_and_comes_back_when_nothing_changed() -> None:
    decided = (_resolution("beschluss", date(2026, 11, 19)),)
    proposal = _proposal("budget", date(2026, 11, 30), resolutions=decided)
    figures = [_figure("budget", "krit")]
    assert decisions([proposal], figures, TODAY, owners={}) == []
    assert len(decisions([proposal], figures, date(2026, 11, 18), owners={})) == 1
    (late,) = decisions([proposal], figures, date(2026, 12, 1), owners={})
    assert late.text == "Beschlossen am 19.11.2026, die Frist ist am 30.11.2026 abgelaufen."


def test_what_was_only_noted_stays_and_says_so() -> None:
    noted = (_resolution("kenntnis", date(2026, 11, 19)),)
    proposal = _proposal("budget", date(2026, 11, 30), resolutions=noted)
    (found,) = decisions([proposal], [_figure("budget", "warn")], TODAY, owners={})
    assert found.note == "zur Kenntnis genommen am 19.11.2026"


def test_a_proposal_of_a_unit_is_about_the_figure_of_that_unit() -> None:
    proposal = _proposal("ozg", date(2026, 11, 30), unit="FD 32")
    found = decisions([proposal], [_figure("ozg", "krit"), _figure("ozg", "warn", "FD 32")], TODAY, owners={})
    assert [d.title for d in found] == ["Kennzahl ozg", "Vorschlag ozg (FD 32)"]


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        ([], "Zurzeit braucht keine Kennzahl eine Entscheidung."),
        (["krit"], "1 Punkt wartet auf eine Entscheidung. Eine Kennzahl verlangt Handeln."),
        (
            ["krit", "krit", "warn"],
            "3 Punkte warten auf eine Entscheidung. 2 Kennzahlen verlangen Handeln.",
        ),
        (["warn"], "1 Punkt wartet auf eine Entscheidung. Handeln verlangt zurzeit keine Kennzahl."),
    ],
)
def test_the_sentence_of_the_list_says_how_many_wait(ratings: list[Rating], words: str) -> None:
    sentence = sentences.situation(ratings)
    assert f"{sentence.bold} {sentence.rest}".strip() == words


def test_the_card_says_when_it_shows_a_part_only() -> None:
    assert sentences.count_words(1, 1) == "1 Punkt, nach Dringlichkeit"
    assert sentences.count_words(3, 3) == "3 Punkte, nach Dringlichkeit"
    assert sentences.count_words(3, 5) == "3 von 5 Punkten, nach Dringlichkeit"
