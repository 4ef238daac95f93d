"""Progress: one renewed line on a terminal, one plain line per source in a journal."""

from __future__ import annotations

import io

from dashboard.cli.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _told(stream: io.StringIO) -> str:
    progress = Progress(stream)
    progress("  1 von 2 gelesen, zuletzt termine (0.1 s)")
    progress("  2 von 2 gelesen, zuletzt wohngeld (0.2 s)")
    progress("termine aktuell gelesen 10")
    progress("  3 von 2 gelesen")
    progress.close()
    return stream.getvalue()


def test_a_journal_gets_the_accounting_only() -> None:
    assert _told(io.StringIO()) == "termine aktuell gelesen 10\n"


def test_a_terminal_gets_one_line_that_renews_itself() -> None:
    told = _told(Terminal())
    assert told.count("\n") == 1
    last = told.split("\n")[0].split("\r\x1b[K")
    assert last == [
        "  1 von 2 gelesen, zuletzt termine (0.1 s)",
        "  2 von 2 gelesen, zuletzt wohngeld (0.2 s)",
        "termine aktuell gelesen 10",
    ]
    assert told.endswith("\r\x1b[K"), "nothing passing stays on the screen"


def test_a_reason_cannot_drive_the_terminal() -> None:
    stream = Terminal()
    Progress(stream)("quelle fehlgeschlagen \x1b[2J\nx")
    assert "\x1b" not in stream.getvalue() and stream.getvalue().count("\n") == 1
