"""The ledger on SQLite and on PostgreSQL: one behaviour."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from warehouse.errors import AccessError, ConfigError, ContractError, RetriableError
from warehouse.ledger import Account, Ledger
from warehouse.ledger.trail import LOCK_WAIT_MS

NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'var' / 'ledger.sqlite'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    ledger = Ledger(url)
    yield ledger
    ledger.close()


def _account(ledger: Ledger, login: str = "e.musterfrau") -> Account:
    return ledger.add_account(
        login=login,
        name="Erika Musterfrau",
        function="FD 20",
        initials="EM",
        role="leitung",
        units=("d1", "d2"),
        who="cli",
    )


def _session(ledger: Ledger, account: Account, id_hash: str = "hash-1") -> None:
    ledger.open_session(
        id_hash=id_hash, account_id=account.id, csrf="c", created_at=NOW, expires_at=NOW + timedelta(hours=8)
    )


def test_an_account_comes_back_as_it_was_added(ledger: Ledger) -> None:
    added = _account(ledger)
    assert ledger.account(added.id) == added == ledger.account_by_login("e.musterfrau")
    assert added.units == ("d1", "d2") and added.created_at.tzinfo is not None
    assert [a.login for a in ledger.accounts()] == ["e.musterfrau"]
    assert ledger.account("nobody") is None


def test_a_login_is_given_once(ledger: Ledger) -> None:
    _account(ledger)
    with pytest.raises(ConfigError) as caught:
        _account(ledger)
    assert caught.value.code == "login_taken"


def test_closing_an_account_ends_its_sessions_and_links(ledger: Ledger) -> None:
    account = _account(ledger)
    _session(ledger, account)
    ledger.add_link(token_hash="t", account_id=account.id, expires_at=NOW + timedelta(hours=1), who="cli")
    ledger.disable_account(account.id, who="cli")
    assert ledger.session("hash-1") is None
    assert ledger.use_link("t", NOW) is None
    closed = ledger.account(account.id)
    assert closed is not None and closed.disabled_at is not None
    ledger.enable_account(account.id, who="cli")
    assert ledger.use_link("t", NOW) is None


def test_a_new_password_or_role_ends_open_sessions(ledger: Ledger) -> None:
    account = _account(ledger)
    for change in (
        lambda: ledger.set_password_hash(account.id, "argon", who="cli"),
        lambda: ledger.set_role(account.id, "controlling", (), who="cli"),
    ):
        _session(ledger, account)
        change()
        assert ledger.session("hash-1") is None
    changed = ledger.account(account.id)
    assert changed is not None and (changed.password_hash, changed.role, changed.units) == (
        "argon",
        "controlling",
        (),
    )


def test_changing_an_unknown_account_is_refused_and_leaves_no_line(ledger: Ledger) -> None:
    with pytest.raises(ConfigError):
        ledger.disable_account("nobody", who="cli")
    assert ledger.audit_events() == []


def test_a_link_opens_once_and_not_too_late(ledger: Ledger) -> None:
    account = _account(ledger)
    for token in ("a", "b"):
        ledger.add_link(
            token_hash=token, account_id=account.id, expires_at=NOW + timedelta(hours=1), who="cli"
        )
    assert ledger.use_link("a", NOW) == account.id
    assert ledger.use_link("a", NOW) is None
    assert ledger.use_link("b", NOW + timedelta(hours=1)) is None
    assert ledger.use_link("c", NOW) is None


def test_two_clicks_at_once_open_one_session(ledger: Ledger) -> None:
    account = _account(ledger)
    ledger.add_link(token_hash="a", account_id=account.id, expires_at=NOW + timedelta(hours=1), who="cli")
    answers: list[str | None] = []
    threads = [threading.Thread(target=lambda: answers.append(ledger.use_link("a", NOW))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == sorted([account.id, *[None] * 7], key=str)


def test_sessions_are_touched_listed_and_ended(ledger: Ledger) -> None:
    account = _account(ledger)
    _session(ledger, account, "one")
    _session(ledger, account, "two")
    ledger.touch_session("one", NOW + timedelta(minutes=5))
    touched = ledger.session("one")
    assert touched is not None and touched.last_seen_at == NOW + timedelta(minutes=5)
    ledger.close_session("one", who=account.id)
    ledger.close_session("one", who=account.id)
    assert [s.id_hash for s in ledger.sessions_of(account.id)] == ["two"]
    assert ledger.close_all_sessions(account.id, who="cli") == 1
    assert ledger.sessions_of(account.id) == []


def test_failures_are_counted_per_key_and_window(ledger: Ledger) -> None:
    ledger.add_failures(["account:x", "address:y"], NOW)
    ledger.add_failures(["account:x"], NOW + timedelta(minutes=1))
    assert ledger.failures("account:x", NOW) == [NOW, NOW + timedelta(minutes=1)]
    assert ledger.failures("account:x", NOW + timedelta(seconds=1)) == [NOW + timedelta(minutes=1)]
    assert ledger.failures("address:y", NOW) == [NOW]


def test_what_is_over_is_forgotten_and_what_is_open_stays(ledger: Ledger) -> None:
    account = _account(ledger)
    _session(ledger, account)
    ledger.add_link(token_hash="t", account_id=account.id, expires_at=NOW, who="cli")
    ledger.add_failures(["k"], NOW)
    assert ledger.forget_expired(NOW, failures_before=NOW + timedelta(seconds=1)) == 2
    assert ledger.session("hash-1") is not None


def test_an_entry_counts_after_somebody_else_released_it(ledger: Ledger) -> None:
    entry = ledger.add_entry("goal", {"goal": 1, "title": "Ö"}, author="a", created_at=NOW)
    assert ledger.released_entries("goal") == []
    with pytest.raises(AccessError) as caught:
        ledger.release_entry(entry.id, who="a")
    assert caught.value.code == "four_eyes"
    ledger.release_entry(entry.id, who="b", released_at=NOW)
    (released,) = ledger.released_entries("goal")
    assert (released.payload, released.released_by, released.released_at) == (
        {"goal": 1, "title": "Ö"},
        "b",
        NOW,
    )
    with pytest.raises(ContractError):
        ledger.release_entry(entry.id, who="b")


def test_a_correction_replaces_its_entry_only_once_it_is_released(ledger: Ledger) -> None:
    first = ledger.add_entry("goal", {"goal": 1}, author="a")
    ledger.release_entry(first.id, who="b")
    second = ledger.add_entry("goal", {"goal": 2}, author="a", supersedes=first.id)
    assert [e.id for e in ledger.released_entries("goal")] == [first.id]
    ledger.release_entry(second.id, who="b")
    assert [e.id for e in ledger.released_entries("goal")] == [second.id]
    assert [e.id for e in ledger.entries("goal")] == [first.id, second.id]


def test_a_correction_stays_within_its_subject(ledger: Ledger) -> None:
    first = ledger.add_entry("goal", {"goal": 1}, author="a")
    with pytest.raises(ContractError):
        ledger.add_entry("measure", {}, author="a", supersedes=first.id)


def test_a_draft_has_to_be_submitted_before_its_release(ledger: Ledger) -> None:
    draft = ledger.add_entry("goal", {"goal": 1}, author="a", submit=False)
    with pytest.raises(ContractError):
        ledger.release_entry(draft.id, who="b")
    ledger.submit_entry(draft.id, who="a")
    assert ledger.release_entry(draft.id, who="b").state == "released"


def test_a_run_is_shown_from_its_start_to_its_end(ledger: Ledger) -> None:
    ledger.start_run("r1", business_date=date(2026, 6, 9), trigger="night", started_at=NOW)
    ledger.note_run("r1", steps=[{"step": "land", "seconds": 1.5}])
    ledger.start_run("r2", business_date=date(2026, 6, 10), trigger="cli", started_at=NOW + timedelta(days=1))
    ledger.finish_run(
        "r1", state="published", snapshot="s", sources=[{"id": "a", "read": 3}], finished_at=NOW
    )
    newest, oldest = ledger.runs()
    assert (newest.run_id, newest.state) == ("r2", "running")
    assert (oldest.state, oldest.snapshot, oldest.steps[0]["step"], oldest.business_date) == (
        "published", "s", "land", date(2026, 6, 9),
    )  # fmt: skip
    assert ledger.runs(limit=1) == [newest]
    with pytest.raises(ConfigError):
        ledger.start_run("r1", business_date=date(2026, 6, 9), trigger="cli")
    with pytest.raises(ConfigError):
        ledger.finish_run("r9", state="failed")


def test_dead_runs_are_settled_once(ledger: Ledger) -> None:
    ledger.start_run("r1", business_date=date(2026, 6, 9), trigger="night")
    assert ledger.interrupt_runs("Der Prozess endete.") == 1
    assert ledger.interrupt_runs("Der Prozess endete.") == 0
    run = ledger.run("r1")
    assert run is not None and (run.state, run.reason) == ("interrupted", "Der Prozess endete.")


def test_every_action_leaves_a_line_in_an_unbroken_chain(ledger: Ledger) -> None:
    account = _account(ledger)
    _session(ledger, account)
    ledger.record("cli", "rollback", {"snapshot": "2026-06-09T031702Z-0042", "on": date(2026, 6, 9)})
    assert [e.what for e in ledger.audit_events()] == ["rollback", "session.opened", "account.added"]
    assert ledger.verify_audit_chain() is None
    assert ledger.audit_head()[0] == 3


@pytest.mark.parametrize(
    ("damage", "position"),
    [
        ("UPDATE audit_event SET who = 'x' WHERE id = 2", 2),
        ("UPDATE audit_event SET detail = '{}' WHERE id = 1", 1),
        ("DELETE FROM audit_event WHERE id = 2", 2),
        ("UPDATE audit_event SET id = CASE id WHEN 2 THEN 13 ELSE 12 END WHERE id IN (2, 3)", 2),
    ],
)
def test_an_altered_removed_or_moved_line_is_found(
    url: str, ledger: Ledger, damage: str, position: int
) -> None:
    for number in range(4):
        ledger.record("cli", f"step {number}", {"n": number})
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(damage))
    engine.dispose()
    assert ledger.verify_audit_chain() == position


def test_a_fault_between_action_and_audit_line_leaves_neither(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    ledger.audit_head()
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "_note", fail)
        with pytest.raises(RuntimeError):
            _account(ledger)
    assert ledger.accounts() == [] and ledger.audit_head()[0] == 0


def test_parallel_writers_keep_the_chain_whole(url: str) -> None:
    ledgers = [Ledger(url) for _ in range(4)]

    def write(ledger: Ledger) -> None:
        for number in range(10):
            ledger.record("cli", "step", {"n": number})

    threads = [threading.Thread(target=write, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledgers[0].audit_head()[0] == 40
    assert ledgers[0].verify_audit_chain() is None
    for ledger in ledgers:
        ledger.close()


def test_a_naive_time_is_refused(ledger: Ledger) -> None:
    account = _account(ledger)
    with pytest.raises(Exception, match="Zeitzone"):
        ledger.add_link(token_hash="t", account_id=account.id, expires_at=datetime(2026, 1, 1), who="cli")


def test_a_ledger_of_a_newer_version_is_refused(url: str, ledger: Ledger) -> None:
    ledger.audit_head()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO ledger_version VALUES (99)"))
    engine.dispose()
    with pytest.raises(ConfigError) as caught:
        Ledger(url).audit_head()
    assert caught.value.code == "newer_schema"


def test_e7_a_ledger_that_stays_locked_says_try_again_and_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    ledger = Ledger(url, lock_wait_ms=100)
    ledger.record("cli", "one")
    engine = create_engine(url)
    with engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(RetriableError) as caught:
            ledger.record("cli", "two")
    engine.dispose()
    assert caught.value.code == "ledger_busy"
    ledger.record("cli", "three")
    assert [e.what for e in ledger.audit_events()] == ["three", "one"]


def test_e8_a_damaged_ledger_is_refused_with_the_way_back(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"this is no database, and was one yesterday" * 100)
    with pytest.raises(ConfigError) as caught:
        Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}").runs()
    assert caught.value.code == "ledger_damaged" and "restore" in str(caught.value.next_step)


def test_e8_a_ledger_with_a_torn_page_is_found_before_anybody_relies_on_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(f"sqlite:///{path}")
    for number in range(300):
        ledger.record("cli", "line", {"number": number})
    ledger.require_whole()
    ledger.close()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = os.urandom(4096)
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        Ledger(f"sqlite:///{path}").require_whole()
    assert caught.value.code == "ledger_damaged" and "isek restore" in str(caught.value.next_step)


def test_e7_writers_wait_for_a_locked_ledger_and_none_of_their_lines_is_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    ledger = Ledger(url)
    ledger.record("cli", "before")
    engine = create_engine(url)
    with engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        writers = [threading.Thread(target=ledger.record, args=("cli", f"waited {n}")) for n in range(5)]
        for writer in writers:
            writer.start()
        time.sleep(1.5)
        assert [event.what for event in ledger.audit_events()] == ["before"], "reading goes on meanwhile"
        other.exec_driver_sql("COMMIT")
    engine.dispose()
    for writer in writers:
        writer.join(30)
    assert len(ledger.audit_events()) == 6 and ledger.verify_audit_chain() is None
    assert LOCK_WAIT_MS == 30_000


def test_an_unreachable_server_says_try_again_without_its_password() -> None:
    with pytest.raises(RetriableError) as caught:
        Ledger("postgresql://portal:hunter2@127.0.0.1:1/ledger").runs()
    assert caught.value.code == "ledger_busy" and "hunter2" not in str(caught.value)


def test_runs_of_one_moment_come_in_the_order_they_began(ledger: Ledger) -> None:
    for name in ("b", "c", "a"):
        ledger.start_run(name, business_date=date(2026, 6, 9), trigger="cli", started_at=NOW)
    assert [run.run_id for run in ledger.runs()] == ["a", "c", "b"]


def test_sqlite_runs_with_write_ahead_log_and_foreign_keys(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with ledger._reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {n}").scalar()
            for n in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    assert settings == ["wal", 1, 30_000]
    with pytest.raises(Exception, match="FOREIGN KEY"):
        _session(ledger, Account("ghost", "g", "g", "", "", "leitung", (), None, None, NOW))


def test_the_ledger_never_shows_its_password() -> None:
    assert "hunter2" not in repr(Ledger("postgresql://portal:hunter2@localhost/ledger"))


def test_a_condition_keeps_since_when_it_holds(ledger: Ledger) -> None:
    later = NOW + timedelta(days=1)
    ledger.note_conditions({"source:a": ("gestört", "Weg."), "source:b": ("in Ordnung", None)}, NOW)
    ledger.note_conditions({"source:a": ("gestört", "Immer noch weg.")}, later)
    (kept,) = ledger.conditions()
    assert (kept.topic, kept.state, kept.since, kept.reason) == (
        "source:a",
        "gestört",
        NOW,
        "Immer noch weg.",
    )
    ledger.note_conditions({"source:a": ("in Ordnung", None)}, later)
    assert [(c.state, c.since) for c in ledger.conditions()] == [("in Ordnung", later)]


def test_who_was_told_what_is_kept_with_its_audit_line_and_forgotten_with_its_topic(ledger: Ledger) -> None:
    ledger.note_conditions({"source:a": ("gestört", None)}, NOW)
    for state in ("gestört", "in Ordnung"):
        ledger.note_told("it@stadt.example", {"source:a": state}, NOW, who="system")
    assert ledger.told() == {("source:a", "it@stadt.example"): "in Ordnung"}
    assert [event.what for event in ledger.audit_events()] == ["mail.sent", "mail.sent"]
    ledger.forget_topics(["source:a"])
    assert (ledger.conditions(), ledger.told()) == ([], {})


def test_a_ledger_of_the_first_version_gets_the_new_tables_and_keeps_its_rows(url: str) -> None:
    old = Ledger(url)
    old.record("cli", "before")
    old.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("condition", "notice"):
            connection.execute(text(f'DROP TABLE "{table}"'))
        connection.execute(text("DELETE FROM ledger_version"))
        connection.execute(text("INSERT INTO ledger_version VALUES (1)"))
    engine.dispose()
    ledger = Ledger(url)
    ledger.note_conditions({"run": ("gescheitert", None)}, NOW)
    assert [c.topic for c in ledger.conditions()] == ["run"]
    assert [event.what for event in ledger.audit_events()] == ["before"]
    ledger.close()
