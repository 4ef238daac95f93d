"""Why a source failed is said in German, with names and place, and without anything secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.databases.failures import connect_error, masked, query_error
from connectors.reasons import OTHERWISE, SENTENCES, german_reason
from warehouse.errors import AccessError, ContractError, IsekError, RetriableError

CONNECTORS = Path(__file__).resolve().parents[2] / "connectors"
# Refused while the declaration is read: the operator sees these, never the page of sources.
AT_LOADING = {"unknown_kind", "unknown_subject", "unknown_column", "write_modes_differ", "invalid_value"}


def test_every_reason_code_of_a_delivery_has_a_german_sentence() -> None:
    used = {
        code
        for path in CONNECTORS.rglob("*.py")
        for code in re.findall(r'code="([a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert used - AT_LOADING - set(SENTENCES) == set()


def test_the_sentence_carries_names_place_and_finding() -> None:
    error = ContractError(
        "column missing: „Betrag“", code="missing_column", where="inbox/x.csv", found="Beleg, Betrag EUR",
        next_step="did you mean „Betrag EUR“?",
    )  # fmt: skip
    assert german_reason(error) == (
        "Eine vereinbarte Spalte fehlt: „Betrag“. Ähnlich heißt: „Betrag EUR“. Ort: inbox/x.csv."
        " Vorgefunden: Beleg, Betrag EUR."
    )


def test_an_unknown_code_still_gives_a_sentence_and_long_findings_are_cut() -> None:
    reason = german_reason(ContractError("x", code="brand_new", found="y" * 500))
    assert reason.startswith(OTHERWISE)
    assert len(reason) < 300


@pytest.mark.parametrize(
    ("message", "state", "kind", "code"),
    [
        ('ERROR:  column "x" does not exist', "42703", ContractError, "query_failed"),
        ("ERROR:  permission denied for table t", "42501", AccessError, "access_denied"),
        ("ERROR:  canceling statement due to statement timeout", "57014", RetriableError, "timeout"),
        ("terminating connection due to administrator command", "57P01", RetriableError, "unreachable"),
        ("no such table: vorgang", None, ContractError, "query_failed"),
        ("unable to open database file", None, RetriableError, "unreachable"),
        ("database is locked", None, RetriableError, "unreachable"),
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
