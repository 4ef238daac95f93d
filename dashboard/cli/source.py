"""`isek source new, recipes, suggest`: from a known system or a file to a source that a person reads."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path

from connectors.recipes import Recipe, find_recipe, recipes
from dashboard.cli.errors import OK
from dashboard.cli.output import print_json, print_table
from dashboard.cli.stores import read_settings
from dashboard.settings import Settings
from warehouse.contract import Subject
from warehouse.errors import ConfigError, did_you_mean
from warehouse.subjects import load_subjects

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


def run_suggest(args: Namespace) -> int:
    """Print a proposal for a delivered file; nothing is written, nothing is guessed a second time."""
    from connectors.suggestion import suggest
    from dashboard.jobs.apart import answer_apart

    subjects = _known_subjects(args)
    if args.feeds is not None and args.feeds not in subjects:
        raise ConfigError(
            f"Den Gegenstand „{args.feeds}“ gibt es nicht",
            code="unknown_subject",
            allowed=", ".join(subjects),
            next_step=did_you_mean(args.feeds, subjects) or "isek sources --subjects",
        )
    print(answer_apart(suggest, Path(args.file).expanduser().resolve(), subjects, args.feeds), end="")
    return OK


def _known_subjects(args: Namespace) -> dict[str, Subject]:
    """Subjects of the city; outside of one those that come with the product."""
    try:
        city: Path | None = read_settings(args).city
    except ConfigError:
        if args.city is not None:
            raise
        city = None
    return load_subjects(city)


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
