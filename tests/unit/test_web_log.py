"""Log lines and terminal output: one line per event, whatever a browser or a source sent."""

from __future__ import annotations

import logging
import sys

import pytest

from dashboard.cli.output import print_table
from dashboard.log import LONGEST, LONGEST_ERROR, OneLine, visible


def _line(message: str, *args: object, error: Exception | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    return OneLine().format(logging.LogRecord("isek.web", logging.INFO, __file__, 1, message, args, info))


@pytest.mark.parametrize("value", ["a\nERROR isek.web gefälscht", "\x1b[2J", "a\rb", "\u2028", "\u202etxt"])
def test_a_value_cannot_write_a_line_of_its_own(value: str) -> None:
    line = _line("refused path=%s", value)
    assert len(line.splitlines()) == 1 and "\x1b" not in line and "\u202e" not in line


def test_a_long_value_is_cut() -> None:
    assert len(_line("refused path=%s", "x" * 1_000_000)) == LONGEST


def test_an_error_is_one_line_with_its_kind_its_place_and_little_of_what_it_says() -> None:
    try:
        raise ValueError("Zeile eins\nZeile zwei " + "Inhalt einer Seite " * 100)
    except ValueError as error:
        line = _line("incident=%s", "AB12", error=error)
    assert len(line.splitlines()) == 1 and len(line) < LONGEST_ERROR + 400
    assert "ValueError" in line and "test_web_log.py:" in line and "incident=AB12" in line


def test_german_text_with_narrow_blanks_stays_as_it_is() -> None:
    assert visible("39,3\u00a0% – Müller & Söhne\u202f„x“") == "39,3\u00a0% – Müller & Söhne\u202f„x“"


def test_a_delivered_value_does_not_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Wert",), [("\x1b]0;Titel\x07\x9b31m",)])
    assert not set("\x1b\x07\x9b") & set(capsys.readouterr().out)
    sys.stdout.flush()
