"""The page of protection and the tests named after its numbers belong together."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LISTED, LEFT_OUT = (ROOT / "docs/protection.md").read_text(encoding="utf-8").split("## Left out")


def _numbers(page: str) -> set[str]:
    return set(re.findall(r"^\| (K\d+) \|", page, re.MULTILINE))


def _tested() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for names in re.findall(r"def test_((?:k\d+_)+)", path.read_text(encoding="utf-8")):
            found.update(name.upper() for name in names.strip("_").split("_"))
    return found


def test_every_number_of_protection_is_listed_once() -> None:
    assert _numbers(LISTED) | _numbers(LEFT_OUT) == {f"K{number}" for number in range(1, 16)}
    assert _numbers(LISTED) & _numbers(LEFT_OUT) == set()


def test_protection_that_is_listed_has_a_test_of_its_name_and_what_is_left_out_has_none() -> None:
    assert _tested() == _numbers(LISTED)


def test_the_long_attack_runs_in_the_night_tier() -> None:
    text = (ROOT / "tests/unit/test_metrics_protect.py").read_text(encoding="utf-8")
    assert "@pytest.mark.night\ndef test_k1_ten_thousand_random_tables_stand_the_attack" in text
