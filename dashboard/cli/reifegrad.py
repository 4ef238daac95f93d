"""`isek reifegrad`: the models a Reifegrad is measured with, and one level read in another model."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from dashboard.cli.errors import OK
from dashboard.cli.output import print_json, print_table
from dashboard.cli.stores import read_settings
from warehouse.errors import ConfigError
from warehouse.reifegrad.files import load_rulers
from warehouse.reifegrad.ruler import Rulers


def run_reifegrad(args: Namespace) -> int:
    """Without a question the models; with VON NACH STUFE [BIS] the level or range in the other model."""
    rulers = load_rulers(read_settings(args).city)
    if not args.question:
        return _print_models(rulers, as_json=args.json)
    source, target, lowest, highest = _question(args.question)
    conversion = rulers.convert(source, target, lowest, highest)
    if args.json:
        levels = {"lowest": conversion.lowest, "highest": conversion.highest}
        print_json({"answer": str(conversion), **levels, "reason": conversion.reason})
        return OK
    asked = f"{lowest}" if lowest == highest else f"{lowest}–{highest}"
    print(f"{source} {asked} → {target} {conversion}")
    if conversion.reason:
        print(conversion.reason)
    return OK


def _question(words: list[str]) -> tuple[str, str, int, int]:
    numbers = words[2:]
    if len(numbers) not in (1, 2) or not all(word.isdigit() for word in numbers):
        raise ConfigError(
            "Die Frage ist nicht vollständig",
            code="bad_question",
            found=" ".join(words),
            allowed="VON NACH STUFE [BIS], zum Beispiel ozg_1_1 ozg_2_0 2 3",
        )
    return words[0], words[1], int(numbers[0]), int(numbers[-1])


def _print_models(rulers: Rulers, *, as_json: bool) -> int:
    if as_json:
        print_json([model.model_dump(mode="json") for model in rulers.models.values()])
        return OK
    head = ("Kennung", "Modell", "Fassung", "Stufen", "erfüllt ab", "umrechenbar nach")
    print_table(head, _lines(rulers))
    return OK


def _lines(rulers: Rulers) -> Iterator[tuple[str, ...]]:
    for model in rulers.models.values():
        targets = ", ".join(target for source, target in rulers.crosswalks if source == model.id)
        scale = f"{model.lowest}–{model.highest}"
        yield model.id, model.title, model.version, scale, str(model.fulfilled_from), targets or "–"
