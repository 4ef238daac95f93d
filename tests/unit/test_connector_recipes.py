"""Every recipe is a whole, readable source file that says what it was verified against."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.base import SourceSpec
from connectors.recipes import Recipe, find_recipe, recipes
from connectors.registry import load_source
from warehouse.errors import ConfigError
from warehouse.subjects import load_subjects

EVERY = pytest.mark.parametrize("recipe", recipes().values(), ids=lambda recipe: recipe.name)


def load(recipe: Recipe, city: Path, source: str = "probe") -> SourceSpec:
    """The recipe as a source of a city, its secrets filled with something harmless."""
    path = city / f"sources/{source}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(recipe.for_source(source), encoding="utf-8")
    secrets = {name: _harmless(name) for name in recipe.secrets}
    return load_source(path, load_subjects(None), secrets)


def _harmless(name: str) -> str:
    return "https://dienst.beispiel.invalid" if name.endswith("URL") else "harmlos"


@EVERY
def test_a_recipe_loads_into_a_city_once_its_secrets_are_filled(recipe: Recipe, tmp_path: Path) -> None:
    assert load(recipe, tmp_path).tables


@EVERY
def test_a_recipe_begins_with_what_it_reads_and_says_what_it_was_verified_against(recipe: Recipe) -> None:
    head = re.match(r"(#.*\n)+", recipe.text)
    assert head is not None and 20 <= len(recipe.title) <= 110
    assert "Geprüft gegen" in head[0]


@EVERY
def test_a_recipe_holds_no_secret_and_no_address_of_a_real_host(recipe: Recipe) -> None:
    for line in recipe.text.splitlines():
        assert not re.search(r"(?i)(passwor[dt]|token|secret|api_?key)\w*\s*=\s*\"[^$\"]", line), line


def test_an_unknown_recipe_is_answered_with_what_comes_near() -> None:
    with pytest.raises(ConfigError) as caught:
        find_recipe("zsk_cvs")
    assert caught.value.code == "unknown_recipe"
    assert "zsk_csv" in str(caught.value.next_step)


def test_the_inbox_of_a_recipe_becomes_that_of_the_source() -> None:
    assert "inbox/antraege/" in find_recipe("zsk_csv").for_source("antraege")
