"""What is looked at by command is looked at apart: files that burst, hang or kill cost only their answer."""

from __future__ import annotations

import json
import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_city import write_city

from connectors.registry import load_sources
from connectors.suggestion import suggest
from dashboard.cli.city import run_check
from dashboard.jobs.apart import answer_apart, check_sources
from warehouse.errors import ContractError, RetriableError
from warehouse.subjects import load_subjects


def double(number: int) -> int:
    return 2 * number


def refuse() -> None:
    raise RetriableError(
        "Noch nicht", code="later", where="hier", found=3, allowed="vier", next_step="warten"
    )


def hang() -> None:
    time.sleep(60)


def leave() -> None:
    sys.exit(3)


def die() -> None:
    os._exit(3)


def burst() -> int:
    held = b"x" * 500_000_000
    time.sleep(30)
    return len(held)


def test_an_answer_comes_back() -> None:
    assert answer_apart(double, 21) == 42


def test_an_error_comes_back_with_all_its_answers() -> None:
    with pytest.raises(RetriableError) as caught:
        answer_apart(refuse)
    error = caught.value
    assert (error.what, error.code, error.where, error.found) == ("Noch nicht", "later", "hier", "3")
    assert (error.allowed, error.next_step) == ("vier", "warten")


@pytest.mark.parametrize(
    ("question", "limits", "said"),
    [
        (hang, {"limit_s": 1.0}, "zu lange"),
        (burst, {"memory_mb": 200}, "zu viel Arbeitsspeicher"),
        (leave, {}, "ohne Ergebnis"),
        (die, {}, "ohne Ergebnis"),
    ],
)
def test_b16_what_hangs_bursts_or_dies_is_only_a_question_without_an_answer(
    question: Callable[[], object], limits: dict[str, float], said: str
) -> None:
    with pytest.raises(ContractError) as caught:
        answer_apart(question, **limits)  # type: ignore[arg-type]
    assert caught.value.code == "too_much" and said in str(caught.value.found)


def test_c20_a_file_that_bursts_is_one_finding_of_the_check_and_the_others_are_checked(
    tmp_path: Path,
) -> None:
    city = write_city(tmp_path)
    (tmp_path / "inbox/gross.json").write_text(json.dumps([{"a": [[]] * 4} for _ in range(600_000)]))
    (tmp_path / "sources/gross.toml").write_text(
        'title = "Groß"\nowner = "FD 20"\nkind = "files"\nnature = "echt"\nmemory_mb = 128\n'
        '[[table]]\nfeeds = "appointment"\npath = "inbox/gross.json"\nformat = "json"\n',
        encoding="utf-8",
    )
    subjects = load_subjects(tmp_path)
    specs = list(load_sources(tmp_path, subjects, {}).values())
    answers = check_sources(city, specs, subjects)
    failure = answers.pop("gross").failure
    assert failure is not None and failure.code == "source_memory"
    assert all(a.failure is None and not a.findings for a in answers.values())


def test_a_proposal_is_made_apart_and_comes_back_as_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Beleg;Betrag\nA;1,50\n", encoding="utf-8")
    assert 'feeds = "booking"' in answer_apart(suggest, path, load_subjects(None), "booking")


def test_a_check_says_what_a_child_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_city(tmp_path)
    (tmp_path / "inbox/termine.csv").unlink()
    code = run_check(Namespace(city=str(tmp_path), environ={}, source="termine", json=False))
    assert code == 1 and "Es liegt keine Lieferung vor" in capsys.readouterr().out
