"""Writes docs/figures.md: the figures this portal has to be able to say, each with the command that says it.

`python -m tests.shown_figures docs/figures.md` makes the example city of 9 June 2026 in a folder of its own,
runs every command on it and writes what came out.
"""

from __future__ import annotations

import io
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from dashboard.__main__ import main
from tests.example_city import make_example_city

HEAD = """# Figures

Figures that the portal has to be able to say, each with the command that says it and what it answers. They stand for the hard cases: levels that are a set, qualifiers, denominators, sums that do not add up, two rulers side by side, small numbers.

To repeat them: `isek demo musterstadt --no-serve --date 2026-06-09`, then the command with `--city musterstadt`; names of snapshots and times of day are those of your run. The town is an example with invented data; the statements of council papers and the budgets of other towns are real and published. `python -m tests.shown_figures docs/figures.md` writes this page, `tests/integration/test_shown_figures.py` keeps it true.
"""  # noqa: E501 (one paragraph is one line)


@dataclass(frozen=True, slots=True)
class Shown:
    """A section: what is to be seen, and the commands that show it."""

    title: str
    text: str
    commands: tuple[str, ...]


PAGE = (
    Shown(
        "Celle: 112 services, level 2 or 3",
        "A level that is a set, and a denominator of which only the lower end is known: at most 62,2 %. How"
        " many of them reach level 3 was not said; the share is a range.",
        ("isek query paper_share", "isek query paper_share --where statement_id=CE-03", "isek claims CE-02"),
    ),
    Shown(
        "Bielefeld: 29,6 % in own responsibility",
        "1.557 of 5.252 services; „rund“ stays with the figure.",
        ("isek query paper_share --where statement_id=BI-03 --by population",),
    ),
    Shown(
        "Bielefeld: 42 or 72 posts",
        "42 with the 17 organisational days that were presented, 72 with all 29 days; of the 12 posts asked"
        " for, the technical ones are the bottleneck.",
        ("isek model bielefeld_ozg",),
    ),
    Shown(
        "Neumünster: 784.900, 881.900 and 1.038.880, and the flagged 647.760",
        "The printed table stands beside the computed one. From 2026 on the overheads are taken from another"
        " base: 107.960 instead of 96.320, so the total is 636.120 and not 647.760.",
        ("isek model neumuenster_personal", "isek claims NMS-24", "isek claims NMS-17"),
    ),
    Shown(
        "Braunschweig: more than 70 %, and of what",
        "The denominator are office workplaces, not files and not departments.",
        ("isek query paper_share --where statement_id=BS-01 --by population",),
    ),
    Shown(
        "Freiburg: the balance of 2015",
        "Recomputed from income and expense, beside the printed column that has lost its signs.",
        (
            "isek query city_budget_result_eur --where 'city=Freiburg i. Br.' haushaltsjahr=2015",
            "isek claims FR-01",
        ),
    ),
    Shown(
        "One catalogue under another model",
        "What got better („verbessert“) and what only met another ruler („neu_bewertet“) are counted apart."
        " Below, the whole catalogue as graded and as read in model 2.0: what the crosswalk cannot carry over"
        " makes a range.",
        (
            "isek query reifegrad_change_count --by reifegrad_modell aenderung",
            "isek query reifegrad_reading_share --by reifegrad_modell",
        ),
    ),
    Shown(
        "No double count where one value is chosen",
        "Values of which one is chosen stand side by side, each with its own coverage. Together they are"
        " refused.",
        (
            "isek query ozg_bundle_rule_share --by zaehlregel",
            "isek query ozg_online_share --by reifegrad_modell",
            "isek query ozg_online_share --where reifegrad_modell=ozg_1_1 reifegrad_modell=ozg_2_0",
        ),
    ),
    Shown(
        "Small numbers under attack",
        "What an attacker computes from the published tables by linear programming: without the complementary"
        " cells, and as published. Cuts that are not published are refused.",
        (
            "isek metrics --audit",
            "isek query case_long_count --by channel",
            "isek query case_long_count --by procedure fachdienst",
        ),
    ),
)


def run(command: str, city: Path) -> tuple[int, str]:
    """Run one command line on a city; exit code and everything it printed."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main([*shlex.split(command)[1:], "--city", str(city)], {})
    return code, out.getvalue()


def page(city: Path) -> str:
    """Return the whole page for a city."""
    return "\n".join([HEAD, *(line for shown in PAGE for line in _section(shown, city))])


def _section(shown: Shown, city: Path) -> Iterator[str]:
    yield from (f"## {shown.title}", "", shown.text, "")
    for command in shown.commands:
        _, answer = run(command, city)
        yield from ("```text", f"$ {command}", answer.rstrip(), "```", "")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = make_example_city(Path(folder) / "stadt")
        Path(sys.argv[1]).write_text(page(made.settings.city), encoding="utf-8")
