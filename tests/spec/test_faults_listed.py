"""The page of faults and the tests named after its numbers belong together."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/faults.md").read_text()
LISTED, LEFT_OUT = PAGE.split("## Left out")
GROUPS = {"a": 12, "b": 16, "c": 24, "d": 8, "e": 9}


def _numbers(page: str) -> set[str]:
    return {number.lower() for number in re.findall(r"^\| ([A-E]\d+) \|", page, re.MULTILINE)}


def _tested() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name in re.findall(r"def test_((?:[a-e]\d+_)+)", path.read_text()):
            found.update(name.strip("_").split("_"))
    return found


def test_every_number_is_listed_once() -> None:
    asked = {f"{group}{number}" for group, count in GROUPS.items() for number in range(1, count + 1)}
    assert _numbers(LISTED) | _numbers(LEFT_OUT) == asked
    assert _numbers(LISTED) & _numbers(LEFT_OUT) == set()


def test_what_is_listed_has_a_test_of_its_name_and_what_is_left_out_has_none() -> None:
    assert _tested() == _numbers(LISTED)
