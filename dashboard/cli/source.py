"""`isek source new, recipes`: from a known system to a source file that a person reads and edits."""

from __future__ import annotations

import re
from argparse import Namespace

from connectors.recipes import Recipe, find_recipe, recipes
from dashboard.cli.errors import OK
from dashboard.cli.output import print_json, print_table
from dashboard.cli.stores import read_settings
from dashboard.settings import Settings
from warehouse.errors import ConfigError

SOURCE_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")


def run_recipes(args: Namespace) -> int:
    """List the recipes, one line each."""
    rows = [(recipe.name, recipe.title) for recipe in recipes().values()]
    if args.json:
        print_json([{"name": name, "title": title} for name, title in rows])
    else:
        print_table(("Rezept", "liest"), rows)
    return OK


def run_new(args: Namespace) -> int:
    """Write `sources/<id>.toml` from a recipe; an existing file is never touched."""
    settings, recipe = read_settings(args), find_recipe(args.recipe)
    _require_source_id(args.id)
    target = settings.city / "sources" / f"{args.id}.toml"
    target.parent.mkdir(exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as stream:
            stream.write(recipe.for_source(args.id))
    except FileExistsError:
        raise ConfigError(
            f"Die Quelle „{args.id}“ gibt es schon",
            code="source_exists",
            where=str(target),
            next_step="eine andere Kennung wählen",
        ) from None
    print(f"Quelle angelegt: {target}")
    _print_next_steps(settings, recipe, args.id)
    return OK


def _require_source_id(name: str) -> None:
    if not SOURCE_ID.fullmatch(name):
        raise ConfigError(
            "So kann eine Quelle nicht heißen",
            code="invalid_source_id",
            found=name,
            allowed="Kleinbuchstaben a–z, Ziffern und _, am Anfang ein Buchstabe, höchstens 63 Zeichen",
        )


def _print_next_steps(settings: Settings, recipe: Recipe, source: str) -> None:
    if f"inbox/{source}/" in recipe.for_source(source):
        inbox = settings.city / "inbox" / source
        inbox.mkdir(parents=True, exist_ok=True)
        print(f"Lieferordner: {inbox}")
    print("Als Nächstes: die Datei lesen, Zuständigkeit und Spalten anpassen, dann")
    for name in recipe.secrets:
        print(f"  {name} in der Umgebung oder in var/secrets.env hinterlegen")
    print(f"  isek check --source {source}")
