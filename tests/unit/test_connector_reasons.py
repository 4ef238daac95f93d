"""Why a source failed is said in German, with names and place, and without anything secret."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.databases.failures import connect_error, masked, query_error
from connectors.reasons import german_reason
from warehouse.audit import Finding
from warehouse.errors import AccessError, ContractError, IsekError, RetriableError

ROOT = Path(__file__).resolve().parents[2]


def test_the_reason_gives_all_five_answers() -> None:
    error = ContractError(
        "Spalte fehlt: „Betrag“", code="missing_column", where="inbox/x.csv", found="Beleg, Betrag EUR",
        allowed="Betrag", next_step="Meinten Sie „Betrag EUR“?",
    )  # fmt: skip
    assert german_reason(error) == (
        "Spalte fehlt: „Betrag“. Ort: inbox/x.csv. Vorgefunden: Beleg, Betrag EUR. Erlaubt: Betrag."
        " Nächster Schritt: Meinten Sie „Betrag EUR“?"
    )


def test_long_findings_are_cut() -> None:
    assert len(german_reason(ContractError("Die Datei ist unvollständig", found="y" * 500))) < 300


@pytest.mark.parametrize("sign", ["\ud800", "\x1b[2J", "\n", "\x00", "\u202e", "\u2028", "\ufeff"])
def test_c21_foreign_names_neither_steer_a_terminal_nor_end_a_line_nor_break_a_database(sign: str) -> None:
    name = f"Betrag{sign}EUR"
    error = ContractError(
        f"Spalte fehlt: „{name}“", where=name, found=name, next_step=f"Meinten Sie „{name}“?"
    )
    for told in (str(error), german_reason(error), Finding("warning", "x", name, name).what):
        assert sign not in told and "\ufffd" in told
        told.encode("utf-8")


def test_what_is_readable_stays_as_it_is() -> None:
    assert str(ContractError("Fehlt: „Betrag\u00a0€“", found="Straße, 北京")) == (
        "Fehlt: „Betrag\u00a0€“ | gefunden: Straße, 北京"
    )


ENGLISH = re.compile(r"\b(the|is|not|of|file|cannot|missing|unknown|found|allowed|with|must)\b", re.I)
ANSWERS = ("found", "allowed", "next_step")


def _said(path: Path) -> Iterator[tuple[str, str]]:
    """Every literal text that an error or a finding of a module says to a person."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if not isinstance(node, ast.Call) or not re.fullmatch(
            r"\w+Error|half_file|not_declared|undecodable|missing_section|_hidden|_malformed", name
        ):
            continue
        texts = [*node.args, *(word.value for word in node.keywords if word.arg in ANSWERS)]
        for text in texts:
            for part in ast.walk(text):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                    yield f"{path.name}:{part.lineno}", part.value


@pytest.mark.parametrize("package", ["warehouse", "connectors", "metrics"])
def test_what_an_error_says_to_a_person_is_german(package: str) -> None:
    said = [told for path in sorted((ROOT / package).rglob("*.py")) for told in _said(path)]
    assert len(said) > 20
    # Names of settings stay as they are written.
    assert [told for told in said if ENGLISH.search(re.sub("„[^“]*“", "", told[1]))] == []


@pytest.mark.parametrize(
    ("message", "state", "kind", "code"),
    [
        ('ERROR:  column "x" does not exist', "42703", ContractError, "query_failed"),
        ("ERROR:  permission denied for table t", "42501", AccessError, "access_denied"),
        ("ERROR:  canceling statement due to statement timeout", "57014", RetriableError, "timeout"),
        ("terminating connection due to administrator command", "57P01", RetriableError, "unreachable"),
        ("no such table: vorgang", None, ContractError, "query_failed"),
        ("unable to open database file", None, RetriableError, "unreachable"),
        ("database is locked", None, RetriableError, "source_locked"),
        ("ERROR:  canceling statement due to lock timeout", "55P03", RetriableError, "source_locked"),
        ("ERROR:  cannot execute DELETE in a read-only transaction", "25006", ContractError, "query_failed"),
        ("(1045, \"Access denied for user 'u'@'h'\")", None, AccessError, "access_denied"),
        ("(1969, 'Query execution was interrupted')", None, RetriableError, "timeout"),
        ("(1213, 'Deadlock found when trying to get lock')", None, RetriableError, "source_locked"),
        ("(2013, 'Lost connection to MySQL server during query')", None, RetriableError, "unreachable"),
        ("(1054, \"Unknown column 'x' in 'field list'\")", None, ContractError, "query_failed"),
        ("(18456, b\"Login failed for user 'u'.\")", None, AccessError, "access_denied"),
        ("ORA-01017: invalid credential or not authorized; logon denied", None, AccessError, "access_denied"),
        ("DPY-6005: cannot connect to database. [Errno 111]", None, RetriableError, "unreachable"),
        ("FATAL:  breche Verbindung ab aufgrund von Anweisung", None, RetriableError, "unreachable"),
        ("FEHLER:  storniere Anfrage wegen Zeitüberschreitung der Anfrage", None, RetriableError, "timeout"),
        ("FEHLER:  keine Berechtigung für Tabelle t", None, AccessError, "access_denied"),
        ("FEHLER:  Spalte »x« existiert nicht", None, ContractError, "query_failed"),
        ("SSL error: certificate verify failed", None, AccessError, "untrusted_certificate"),
        ("interrupted", None, RetriableError, "timeout"),
    ],
)
def test_errors_of_queries_are_sorted_by_what_to_do_next(
    message: str, state: str | None, kind: type[IsekError], code: str
) -> None:
    error = query_error(message, state, "quelle", [])
    assert (type(error), error.code) == (kind, code)


def test_a_refused_login_is_no_reason_to_try_again() -> None:
    assert isinstance(connect_error('FATAL: password authentication failed for user "x"', "q"), AccessError)
    assert isinstance(connect_error("Connection refused", "q"), RetriableError)


def test_addresses_and_secret_parts_are_masked_in_every_message() -> None:
    message = masked(
        "at db.intern as leser via postgresql://leser:geheim@db.intern/x", ["geheim", "leser", "db.intern"]
    )
    assert not re.search("geheim|leser|intern|postgresql", message)
