"""Small rules of sign-in and rights, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from dashboard.auth.accounts import initials_of
from dashboard.auth.guard import client_address
from dashboard.auth.passwords import Passwords, check_password
from dashboard.auth.rights import RIGHTS, may_open
from dashboard.auth.throttle import LONGEST_WAIT, wait_until
from dashboard.auth.viewer import ROLES, scope_of
from dashboard.page import Page, read_params
from metrics.result import Scope
from warehouse.errors import ConfigError

NOW = datetime(2026, 6, 9, 8, tzinfo=UTC)


def test_a_page_missing_in_the_table_opens_for_nobody() -> None:
    page = Page("neu", "/neu", "Neu", roles=frozenset(ROLES))
    assert not any(may_open(role, page) for role in ROLES)


def test_a_page_may_narrow_its_rights_but_not_widen_them() -> None:
    assert not may_open("verwaltung", Page("budget", "/budget", "Budget", roles=frozenset(ROLES)))
    assert not may_open("leitung", Page("budget", "/budget", "Budget", roles=frozenset({"controlling"})))


def test_verwaltung_opens_sources_definitions_and_help_but_no_cockpit() -> None:
    opened = {page for page, roles in RIGHTS.items() if "verwaltung" in roles}
    assert opened == {"quellen", "kennzahlen", "datenmodell", "hilfe", "barrierefreiheit", "barriere"}


@pytest.mark.parametrize(
    ("role", "units", "scope"),
    [
        ("leitung", (), Scope.city()),
        ("controlling", (), Scope.city()),
        ("controlling", ("D1",), Scope.of("D1")),
        ("fachbereichsleitung", ("D1", "D2"), Scope.of("D1", "D2")),
        ("fachbereichsleitung", (), Scope.of()),
        ("verwaltung", (), Scope.of()),
        ("verwaltung", ("D1",), Scope.of()),
        ("erfunden", (), Scope.of()),
    ],
)
def test_the_scope_of_a_role_is_never_wider_than_its_units(
    role: str, units: tuple[str, ...], scope: Scope
) -> None:
    assert scope_of(role, units) == scope


def test_waiting_grows_with_failures_and_stays_below_a_minute() -> None:
    waits = []
    for failures in range(4, 30):
        until = wait_until([NOW] * failures, free_tries=5, now=NOW)
        waits.append(until - NOW if until else timedelta(0))
    assert waits[0] == timedelta(0) and waits[1] > timedelta(0)
    assert waits == sorted(waits) and max(waits) == LONGEST_WAIT


def test_failures_outside_the_window_are_forgotten() -> None:
    assert wait_until([NOW - timedelta(minutes=16)] * 100, free_tries=5, now=NOW) is None


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("kurz", False),
        ("a" * 40, False),
        ("passwort123456passwort", False),
        ("x" * 300, False),
        ("Regenschirm tanzt im Ratssaal", True),
        ("äöü ß € 漢字 und noch mehr", True),
        ("correct horse battery staple " * 3, True),
    ],
)
def test_passwords_are_judged_by_length_and_variety(password: str, good: bool) -> None:
    if good:
        check_password(password)
    else:
        with pytest.raises(ConfigError):
            check_password(password)


def test_a_hash_fits_its_password_only_and_nothing_fits_no_hash(tmp_path: Path) -> None:
    passwords = Passwords(tmp_path)
    hashed = passwords.hash("Regenschirm tanzt im Ratssaal")
    assert hashed.startswith("$argon2id$")
    assert passwords.verify(hashed, "Regenschirm tanzt im Ratssaal")
    assert not passwords.verify(hashed, "regenschirm tanzt im Ratssaal")
    assert not passwords.verify(None, "Regenschirm tanzt im Ratssaal")


def test_no_more_than_two_hashes_are_computed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    from argon2 import PasswordHasher

    running: list[int] = []
    peak: list[int] = []

    def slow(self: object, hashed: str, password: str) -> bool:
        running.append(1)
        peak.append(len(running))
        time.sleep(0.05)
        running.pop()
        return False

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    workers = [Passwords(tmp_path) for _ in range(6)]
    threads = [Thread(target=w.verify, args=("$argon2id$x", "p")) for w in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(peak) == 6 and max(peak) <= 2


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("198.51.100.2", "203.0.113.7", "198.51.100.2"),
    ],
)
def test_only_a_configured_proxy_may_name_another_address(
    remote: str, forwarded: str | None, expected: str
) -> None:
    assert client_address(remote, forwarded, ("127.0.0.1",)) == expected


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Dr. M. Beispiel", "MB"), ("B. Muster", "BM"), ("Ada", "A"), ("Eva von Ort", "EO"), ("", "")],
)
def test_initials_skip_titles(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_the_first_of_repeated_parameters_counts_and_too_many_are_refused() -> None:
    assert read_params("?a=1&a=2&b=3") == {"a": "1", "b": "3"}
    assert read_params(None) == {}
    with pytest.raises(ValueError, match="fields"):
        read_params("?" + "&".join(f"p{n}=1" for n in range(60)))
