"""Saved views and their pins in the ledger, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from warehouse.errors import AccessError, ConfigError, ContractError
from warehouse.ledger import Ledger, SavedView, ViewDraft
from warehouse.ledger.view_pins import MOST_PINS
from warehouse.ledger.views import DECLINED, MOST_VIEWS, RELEASED

DRAFT = ViewDraft("Online-Quote", "für den Ausschuss", {"daten": "bestand:leistungen", "zeilen": "thema"})


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    else:
        url = request.getfixturevalue("postgres_url")
    found = Ledger(url)
    yield found
    found.close()


def _official(ledger: Ledger) -> SavedView:
    """A view of „eva“ that „rita“ has released."""
    made = ledger.write_view(DRAFT, owner="eva", number="1")
    ledger.propose_view(made.id, who="eva", number="2", based_on=1)
    ledger.decide_view(made.id, kind=RELEASED, who="rita", number="3", based_on=1)
    return _there(ledger, made.id)


def _there(ledger: Ledger, view_id: str) -> SavedView:
    found = ledger.view(view_id)
    assert found is not None
    return found


def test_a_view_comes_back_as_it_was_kept_and_a_change_is_a_new_version(ledger: Ledger) -> None:
    made = ledger.write_view(DRAFT, owner="eva", number="1")
    ledger.change_view(made.id, replace(DRAFT, name="Quote"), author="eva", number="2", based_on=1)
    (found,) = ledger.views()
    assert [item.name for item in found.versions] == ["Online-Quote", "Quote"]
    assert dict(found.head.params) == dict(DRAFT.params) and found.owner == "eva"
    assert found.official is None and found.pending is None


def test_n2_the_same_form_of_the_same_person_is_one_view_and_of_another_person_another(
    ledger: Ledger,
) -> None:
    first = ledger.write_view(DRAFT, owner="eva", number="1")
    assert ledger.write_view(DRAFT, owner="eva", number="1").id == first.id
    assert ledger.write_view(DRAFT, owner="rita", number="1").id != first.id
    assert len(ledger.views()) == 2


def test_n1_whoever_saw_an_older_version_is_told(ledger: Ledger) -> None:
    made = ledger.write_view(DRAFT, owner="eva", number="1")
    ledger.change_view(made.id, replace(DRAFT, name="neu"), author="eva", number="2", based_on=1)
    for act in (
        lambda: ledger.change_view(made.id, DRAFT, author="eva", number="3", based_on=1),
        lambda: ledger.propose_view(made.id, who="eva", number="4", based_on=1),
        lambda: ledger.decide_view(made.id, kind=RELEASED, who="rita", number="5", based_on=1),
    ):
        with pytest.raises(ContractError) as caught:
            act()
        assert caught.value.code == "changed_meanwhile"


def test_a_view_taken_back_is_gone_for_links_and_lists_but_not_from_the_ledger(ledger: Ledger) -> None:
    made = _official(ledger)
    ledger.withdraw_view(made.id, who="eva")
    ledger.withdraw_view(made.id, who="eva")
    assert ledger.views() == [] and len(_there(ledger, made.id).versions) == 2
    assert _there(ledger, made.id).official is None
    with pytest.raises(ConfigError) as caught:
        ledger.change_view(made.id, DRAFT, author="eva", number="9", based_on=2)
    assert caught.value.code == "unknown_view"


@pytest.mark.parametrize("who", ["eva", "vertretung"])
def test_nobody_who_made_or_proposed_a_view_can_release_or_decline_it(ledger: Ledger, who: str) -> None:
    made = ledger.write_view(DRAFT, owner="eva", number="1")
    ledger.propose_view(made.id, who="vertretung", number="2", based_on=1)
    for kind in (RELEASED, DECLINED):
        with pytest.raises(AccessError) as caught:
            ledger.decide_view(made.id, kind=kind, who=who, number=f"3 {kind}", based_on=1)
        assert caught.value.code == "four_eyes"
    assert _there(ledger, made.id).official is None and _there(ledger, made.id).pending is not None


def test_a_changed_official_view_stays_as_released_until_it_is_released_again(ledger: Ledger) -> None:
    made = _official(ledger)
    ledger.change_view(made.id, replace(DRAFT, name="Neu"), author="eva", number="4", based_on=1)
    changed = _there(ledger, made.id)
    assert changed.official is not None and changed.official.name == "Online-Quote"
    ledger.propose_view(made.id, who="eva", number="5", based_on=2)
    assert _there(ledger, made.id).official == changed.official
    ledger.decide_view(made.id, kind=DECLINED, who="rita", number="6", based_on=2, reason="Titel unklar")
    declined = _there(ledger, made.id)
    assert declined.official == changed.official and declined.decisions[-1].reason == "Titel unklar"
    ledger.propose_view(made.id, who="eva", number="7", based_on=2)
    ledger.decide_view(made.id, kind=RELEASED, who="rita", number="8", based_on=2)
    released = _there(ledger, made.id).official
    assert released is not None and released.name == "Neu"
    ledger.end_official_view(made.id, who="rita")
    assert _there(ledger, made.id).official is None


def test_a_proposal_lapses_when_its_view_is_changed(ledger: Ledger) -> None:
    made = ledger.write_view(DRAFT, owner="eva", number="1")
    ledger.propose_view(made.id, who="eva", number="2", based_on=1)
    ledger.change_view(made.id, replace(DRAFT, note=""), author="eva", number="3", based_on=1)
    assert _there(ledger, made.id).pending is None
    with pytest.raises(ContractError):
        ledger.decide_view(made.id, kind=RELEASED, who="rita", number="4", based_on=1)


def test_nobody_keeps_more_views_than_allowed_and_those_taken_back_do_not_count(ledger: Ledger) -> None:
    made = [ledger.write_view(DRAFT, owner="eva", number=str(n)) for n in range(MOST_VIEWS)]
    with pytest.raises(ContractError) as caught:
        ledger.write_view(DRAFT, owner="eva", number="zu viel")
    assert caught.value.code == "too_many_views"
    ledger.write_view(DRAFT, owner="rita", number="andere")
    ledger.withdraw_view(made[0].id, who="eva")
    ledger.write_view(DRAFT, owner="eva", number="wieder Platz")


def test_tiles_are_pinned_moved_and_taken_off_without_holes(ledger: Ledger) -> None:
    for view in ("a", "b", "c"):
        ledger.pin_view("person:eva", view, who="eva")
    ledger.pin_view("person:eva", "b", who="eva")
    ledger.pin_view("unit:FD10", "a", who="rita")

    def order(board: str) -> list[tuple[str, int]]:
        return [(pin.view, pin.place) for pin in ledger.view_pins([board])]

    assert order("person:eva") == [("a", 1), ("b", 2), ("c", 3)]
    ledger.move_view_pin("person:eva", "c", steps=-2, who="eva")
    ledger.move_view_pin("person:eva", "c", steps=-1, who="eva")
    assert order("person:eva") == [("c", 1), ("a", 2), ("b", 3)]
    ledger.unpin_view("person:eva", "a", who="eva")
    ledger.unpin_view("person:eva", "a", who="eva")
    assert order("person:eva") == [("c", 1), ("b", 2)] and order("unit:FD10") == [("a", 1)]
    assert len(ledger.view_pins()) == 3


def test_a_board_has_a_limit(ledger: Ledger) -> None:
    for number in range(MOST_PINS):
        ledger.pin_view("person:eva", str(number), who="eva")
    with pytest.raises(ContractError) as caught:
        ledger.pin_view("person:eva", "noch eine", who="eva")
    assert caught.value.code == "too_many_pins"


def test_every_step_leaves_its_line_in_the_trail(ledger: Ledger) -> None:
    made = _official(ledger)
    ledger.pin_view("person:eva", made.id, who="eva")
    ledger.pin_view("person:eva", "b", who="eva")
    ledger.move_view_pin("person:eva", "b", steps=-1, who="eva")
    ledger.unpin_view("person:eva", "b", who="eva")
    ledger.change_view(made.id, replace(DRAFT, name="Neu"), author="eva", number="7", based_on=1)
    ledger.end_official_view(made.id, who="rita")
    ledger.withdraw_view(made.id, who="eva")
    told = [(event.who, event.what) for event in reversed(ledger.audit_events())]
    assert told == [
        ("eva", "view.written"), ("eva", "view.proposed"), ("rita", "view.released"), ("eva", "view.pinned"),
        ("eva", "view.pinned"), ("eva", "view.moved"), ("eva", "view.unpinned"), ("eva", "view.changed"),
        ("rita", "view.ended"), ("eva", "view.withdrawn"),
    ]  # fmt: skip
    changed = next(event for event in ledger.audit_events() if event.what == "view.changed")
    assert (changed.detail["old"]["name"], changed.detail["new"]["name"]) == ("Online-Quote", "Neu")
    assert ledger.verify_audit_chain() is None


def test_a_ledger_of_the_version_before_gets_the_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    before = Ledger(url)
    before.record("x", "y")
    before.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("view_version", "view_decision", "view_pin"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DELETE FROM ledger_version"))
        connection.execute(text("INSERT INTO ledger_version VALUES (5)"))
    engine.dispose()
    later = Ledger(url)
    made = later.write_view(DRAFT, owner="eva", number="1")
    assert later.views() == [_there(later, made.id)] and len(later.audit_events()) == 2
    later.close()
