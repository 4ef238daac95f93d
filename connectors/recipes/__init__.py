"""Recipes: commented source files for known systems, copied into a city and edited there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from warehouse.errors import ConfigError, did_you_mean

_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class Recipe:
    """One template: `name` is its file name, `text` a whole `sources/<id>.toml` with comments."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """What it reads: the first comment line."""
        return self.text.partition("\n")[0].lstrip("# ").rstrip()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of the secrets its source needs, in the order of their appearance."""
        lines = (line for line in self.text.splitlines() if not line.lstrip().startswith("#"))
        return tuple(dict.fromkeys(name for line in lines for name in _SECRET.findall(line)))

    def for_source(self, source: str) -> str:
        """The text for a source of this id: the inbox of the recipe becomes that of the source."""
        return self.text.replace(f"inbox/{self.name}/", f"inbox/{source}/")


@cache
def recipes() -> dict[str, Recipe]:
    """All recipes that come with the product, by name."""
    found = (entry for entry in files(__package__).iterdir() if entry.name.endswith(".toml"))
    read = (Recipe(entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8")) for entry in found)
    return {recipe.name: recipe for recipe in sorted(read, key=lambda recipe: recipe.name)}


def find_recipe(name: str) -> Recipe:
    """The recipe of this name; ConfigError `unknown_recipe` with what comes near."""
    known = recipes()
    if name not in known:
        raise ConfigError(
            f"Das Rezept „{name}“ gibt es nicht",
            code="unknown_recipe",
            allowed=", ".join(known),
            next_step=did_you_mean(name, known) or "isek source recipes",
        )
    return known[name]
