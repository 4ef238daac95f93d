"""Proposals and comments in the ledger, on SQLite and PostgreSQL: versions, double clicks, two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from warehouse.errors import ConfigError, ContractError
from warehouse.ledger import CommentDraft, Ledger, ProposalDraft

NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
DRAFT = ProposalDraft("budget", "", "Deckung beschließen", "Umschichten.", "FD 20", date(2026, 6, 18))
COMMENT = CommentDraft("ozg", "DEZ4", date(2026, 3, 17), "anmerkung", "Zwei Verfahren kamen hinzu.")


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    else:
        url = request.getfixturevalue("postgres_url")
    found = Ledger(url)
    yield found
    found.close()


def _at_once(*actions: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment; what was raised stands in place of the answer."""
    start, answers = threading.Barrier(len(actions)), list[object]()

    def act(action: Callable[[], object]) -> None:
        start.wait()
        try:
            answers.append(action())
        except ContractError as error:
            answers.append(error.code)

    threads = [threading.Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_change_is_a_new_version_and_the_old_one_stays(ledger: Ledger) -> None:
    first = ledger.propose(DRAFT, author="k", number="1", based_on=None, at=NOW)
    second = ledger.propose(
        replace(DRAFT, text="Nachtrag beantragen."), author="f", number="2", based_on=first.entry, at=NOW
    )
    found = ledger.proposals()
    assert [p.text for p in found] == ["Umschichten.", "Nachtrag beantragen."]
    assert second.supersedes == first.entry and second.proposal == first.proposal
    assert (first.recorded_on, first.author, first.at) == (date(2026, 6, 9), "k", NOW)
    # What the night takes over is the version in force.
    assert [entry.payload["text"] for entry in ledger.released_entries("proposal")] == [
        "Nachtrag beantragen."
    ]


def test_another_proposal_about_the_same_figure_begins_a_line_of_its_own(ledger: Ledger) -> None:
    first = ledger.propose(DRAFT, author="k", number="1", based_on=None)
    other = ledger.propose(DRAFT, author="k", number="2", based_on=first.entry, anew=True)
    assert other.proposal != first.proposal and other.supersedes is None
    assert len(ledger.released_entries("proposal")) == 2


def test_n1_whoever_saw_an_older_version_does_not_write_over_the_newer_one(ledger: Ledger) -> None:
    first = ledger.propose(DRAFT, author="k", number="1", based_on=None)
    ledger.propose(DRAFT, author="f", number="2", based_on=first.entry)
    with pytest.raises(ContractError) as caught:
        ledger.propose(DRAFT, author="k", number="3", based_on=first.entry)
    assert caught.value.code == "changed_meanwhile"
    assert len(ledger.proposals()) == 2


def test_n1_of_two_people_at_the_same_moment_one_is_asked(ledger: Ledger) -> None:
    ledger.proposals()
    answers = _at_once(
        lambda: ledger.propose(DRAFT, author="k", number="1", based_on=None),
        lambda: ledger.propose(DRAFT, author="f", number="2", based_on=None),
    )
    assert answers.count("changed_meanwhile") == 1 and len(ledger.proposals()) == 1


def test_n2_the_same_form_sent_four_times_at_once_is_one_entry(ledger: Ledger) -> None:
    ledger.proposals()
    send = [lambda: ledger.propose(DRAFT, author="k", number="same", based_on=None)] * 4
    answers = _at_once(*send)
    assert len(ledger.proposals()) == 1 and len({p.entry for p in answers}) == 1  # type: ignore[attr-defined]
    assert [e.what for e in ledger.audit_events()] == ["proposal.written"]


def test_proposals_of_two_units_about_one_figure_do_not_replace_each_other(ledger: Ledger) -> None:
    ledger.propose(DRAFT, author="k", number="1", based_on=None)
    ledger.propose(replace(DRAFT, unit="DEZ4"), author="f", number="2", based_on=None)
    assert [p.unit for p in ledger.proposals()] == ["", "DEZ4"]


def test_a_resolution_is_about_the_version_somebody_saw(ledger: Ledger) -> None:
    first = ledger.propose(DRAFT, author="k", number="1", based_on=None)
    second = ledger.propose(DRAFT, author="k", number="2", based_on=first.entry)
    day = date(2026, 6, 16)
    with pytest.raises(ContractError):
        ledger.resolve(first.entry, kind="beschluss", decided_on=day, remark="", who="l", number="3")
    for _ in range(2):
        ledger.resolve(second.entry, kind="beschluss", decided_on=day, remark="Rat", who="l", number="4")
    (found,) = ledger.proposals()[-1].resolutions
    assert (found.kind, found.decided_on, found.remark, found.who) == ("beschluss", day, "Rat", "l")
    assert ledger.proposals()[-1].decided == found and ledger.proposals()[-1].noted is None


def test_a_proposal_nobody_made_cannot_be_decided(ledger: Ledger) -> None:
    with pytest.raises(ConfigError):
        ledger.resolve(99, kind="beschluss", decided_on=date(2026, 6, 16), remark="", who="l", number="1")
    assert ledger.audit_events() == []


def test_l3_an_entry_without_its_audit_line_does_not_exist(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    ledger.proposals()
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "_note", fail)
        for write in (
            lambda: ledger.propose(DRAFT, author="k", number="1", based_on=None),
            lambda: ledger.write_comment(COMMENT, author="k", number="2"),
        ):
            with pytest.raises(RuntimeError):
                write()
    assert ledger.proposals() == [] and ledger.comments() == []
    # The numbers of the forms are free again: what failed can be sent once more.
    ledger.propose(DRAFT, author="k", number="1", based_on=None)
    ledger.write_comment(COMMENT, author="k", number="2")
    assert len(ledger.proposals()) == len(ledger.comments()) == 1


def test_a_comment_speaks_about_its_month_and_keeps_its_versions(ledger: Ledger) -> None:
    made = ledger.write_comment(COMMENT, author="k", number="1", at=NOW)
    changed = replace(COMMENT, text="Drei Verfahren kamen hinzu.")
    ledger.change_comment(made.thread, changed, author="f", number="2", based_on=1, at=NOW)
    (found,) = ledger.comments(metrics=["ozg"])
    assert (found.text, found.version, found.author, found.month) == (
        "Drei Verfahren kamen hinzu.", 2, "f", date(2026, 3, 1),
    )  # fmt: skip
    assert [c.text for c in ledger.comment_versions(made.thread)] == [COMMENT.text, changed.text]
    assert ledger.comments(metrics=["budget"]) == []


def test_n1_a_comment_changed_meanwhile_is_not_written_over(ledger: Ledger) -> None:
    made = ledger.write_comment(COMMENT, author="k", number="1")
    answers = _at_once(
        lambda: ledger.change_comment(made.thread, COMMENT, author="k", number="2", based_on=1),
        lambda: ledger.change_comment(made.thread, COMMENT, author="f", number="3", based_on=1),
    )
    assert answers.count("changed_meanwhile") == 1 and len(ledger.comment_versions(made.thread)) == 2


def test_n2_a_comment_sent_twice_at_once_is_one_comment(ledger: Ledger) -> None:
    ledger.comments()
    _at_once(*[lambda: ledger.write_comment(COMMENT, author="k", number="same")] * 3)
    assert len(ledger.comments()) == 1


def test_a_withdrawn_comment_is_not_shown_and_not_lost(ledger: Ledger) -> None:
    made = ledger.write_comment(COMMENT, author="k", number="1")
    ledger.withdraw_comment(made.thread, who="k")
    ledger.withdraw_comment(made.thread, who="k")
    assert ledger.comments() == []
    assert [(c.version, c.withdrawn) for c in ledger.comment_versions(made.thread)] == [(1, False), (2, True)]
    assert [e.what for e in ledger.audit_events()] == ["comment.withdrawn", "comment.written"]
    with pytest.raises(ConfigError):
        ledger.withdraw_comment("nobody", who="k")


def test_the_audit_trail_keeps_old_and_new_words(ledger: Ledger) -> None:
    made = ledger.write_comment(COMMENT, author="k", number="1")
    ledger.change_comment(made.thread, replace(COMMENT, text="neu"), author="k", number="2", based_on=1)
    detail = ledger.audit_events()[0].detail
    assert (detail["old"], detail["new"]) == (COMMENT.text, "neu")
    assert ledger.verify_audit_chain() is None


def test_a_ledger_of_the_version_before_gets_the_new_tables_and_keeps_its_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    old = Ledger(url)
    old.add_entry("capacity", {"role": "technisch"}, author="k")
    old.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("comment", "resolution", "sent_form"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DELETE FROM ledger_version"))
        connection.execute(text("INSERT INTO ledger_version VALUES (4)"))
    engine.dispose()
    new = Ledger(url)
    new.write_comment(COMMENT, author="k", number="1")
    assert len(new.entries("capacity")) == 1 and len(new.comments()) == 1
    new.close()
