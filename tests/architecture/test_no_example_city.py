"""Nothing of the example city stands in the code: its names, units, products and persons are data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.demo.city import TEMPLATE
from dashboard.demo.organisation import UNITS
from dashboard.demo.people import PEOPLE
from dashboard.settings import load_settings

ROOT = Path(__file__).resolve().parents[2] / "dashboard"
DEMO, TEMPLATES = ROOT / "demo", ROOT / "templates"
CODE = sorted(
    path
    for path in ROOT.rglob("*")
    if path.suffix in {".py", ".js", ".css"} and ".min." not in path.name and DEMO not in path.parents
)
# The command that writes the example city names the folder it writes it to.
FOLDER = {ROOT / "cli/parser.py": {"musterstadt"}}
# Words of the administration that a Themenfeld, a source or a role of any town may carry as well.
EVERYBODYS = {"Gesundheit", "Stadt", "Stadtplanung", "Fachadministration"}


def own_words() -> set[str]:
    """What only this town has: its name, product, units, persons, the title of its head."""
    portal = load_settings(TEMPLATE, {})
    units = {word for unit in UNITS for word in (unit.name, unit.short)}
    people = {word for _, name, function, _, _ in PEOPLE for word in (name, function)}
    return {
        *(portal.name, portal.name.lower(), portal.product_title),
        *(portal.terms.mayor, portal.budget.produkt or ""),
        *units,
        *people,
    } - {"", *EVERYBODYS}  # fmt: skip


WORDS = own_words()


def found_in(text: str) -> Iterator[str]:
    """Words of the town, and short names and ids of any unit of its kind."""
    yield from (word for word in WORDS if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))
    yield from re.findall(r"\bFD ?\d{2}\b|\bDEZ ?\d\b|\bDez(?:\.|ernat) [IV]+\b", text)


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_code_names_nothing_of_the_example_city(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(found_in(text)) - FOLDER.get(path, set()) == set()


def test_the_search_finds_what_it_looks_for() -> None:
    assert {"Musterstadt", "111240", "FD 10"} <= set(found_in('title = "Budget 111240 Musterstadt, FD 10"'))
    assert "Oberbürgermeisterin" in WORDS and "B. Muster" in WORDS


def test_a_new_city_is_not_called_like_the_example_city() -> None:
    for path in (p for p in TEMPLATES.rglob("*") if p.is_file()):
        text = path.read_text(encoding="utf-8")
        assert not {word for word in ("Musterstadt", "musterstadt") if word in text}, path


def test_arms_come_from_the_city_folder_only() -> None:
    assert [path for path in ROOT.rglob("*.svg") if DEMO not in path.parents] == []
