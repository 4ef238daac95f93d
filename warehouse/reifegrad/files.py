"""Loads models, crosswalks and rules of counting: the built-in files, then those of the town.

`reifegrad/models/<id>.toml`, `reifegrad/crosswalks/<from>__<to>.toml`, `reifegrad/counting_rules.toml`;
in the folder of the city as in the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from warehouse.errors import ConfigError, did_you_mean
from warehouse.reifegrad.ruler import CountingRule, Crosswalk, ReifegradModel, Rulers
from warehouse.toml import line_of, parse_toml, read_text, validate

BUILT_IN = Path(__file__).parent
FOLDER = "reifegrad"
RULES_FILE = "counting_rules.toml"


def load_rulers(city: Path | None) -> Rulers:
    """Everything Reifegrade are measured with.

    A town adds its own models and rules and may decide a crosswalk anew; a built-in model or rule keeps its
    meaning everywhere. Raises ConfigError with file and line.
    """
    folders = [BUILT_IN, *([city / FOLDER] if city else [])]
    models: dict[str, ReifegradModel] = {}
    rules: dict[str, CountingRule] = {}
    crosswalks: dict[tuple[str, str], Crosswalk] = {}
    for folder in folders:
        for path in sorted((folder / "models").glob("*.toml")):
            _refuse_twin("Das Reifegradmodell", path.stem, models, path)
            models[path.stem] = _read_model(path)
        for path, rule in _read_rules(folder / RULES_FILE):
            _refuse_twin("Die Zählregel", rule.id, rules, path)
            rules[rule.id] = rule
    for folder in folders:
        for path in sorted((folder / "crosswalks").glob("*.toml")):
            crosswalk = _read_crosswalk(path, models)
            crosswalks[crosswalk.from_model, crosswalk.to_model] = crosswalk
    return Rulers(models, crosswalks, rules)


def _read_model(path: Path) -> ReifegradModel:
    text = read_text(path)
    data = _without(("id",), parse_toml(text, path), path, text)
    return validate(ReifegradModel, {**data, "id": path.stem}, path, text=text)


def _read_rules(path: Path) -> Iterator[tuple[Path, CountingRule]]:
    if not path.is_file():
        return
    text = read_text(path)
    for name, data in parse_toml(text, path).items():
        if not isinstance(data, dict):
            where = f"{path}:{line_of(text, (name,))}"
            raise ConfigError(
                "Jede Zählregel ist eine Tabelle", code="invalid_value", where=where, found=name
            )
        yield path, validate(CountingRule, {**data, "id": name}, path, text=text)


def _read_crosswalk(path: Path, models: Mapping[str, ReifegradModel]) -> Crosswalk:
    source, _, target = path.stem.partition("__")
    for name in (source, target):
        if name not in models:
            raise ConfigError(
                f"Das Reifegradmodell „{name}“ gibt es nicht",
                code="unknown_model",
                where=str(path),
                allowed="der Dateiname ist <von>__<nach>.toml mit zwei Modellen: " + ", ".join(models),
                next_step=did_you_mean(name, models),
            )
    text = read_text(path)
    data = _without(("from_model", "to_model"), parse_toml(text, path), path, text)
    full = {**data, "from_model": source, "to_model": target}
    crosswalk = validate(Crosswalk, full, path, text=text)
    _check_steps(crosswalk, models[source], models[target], path)
    return crosswalk


def _check_steps(crosswalk: Crosswalk, source: ReifegradModel, target: ReifegradModel, path: Path) -> None:
    levels = [step.level for step in crosswalk.step]
    for step in crosswalk.step:
        ends = {end for end in (step.to, step.to_highest) if end is not None}
        if step.level in source.scale and ends <= set(target.scale) and levels.count(step.level) == 1:
            continue
        raise ConfigError(
            f"Die Stufe {step.level} ist doppelt genannt oder steht nicht auf den Skalen der Modelle",
            code="level_outside_scale",
            where=str(path),
            allowed=f"{source.lowest} bis {source.highest} nach {target.lowest} bis {target.highest}",
        )


def _without(names: tuple[str, ...], data: dict[str, Any], path: Path, text: str) -> dict[str, Any]:
    for name in names:
        if name in data:
            where = f"{path}:{line_of(text, (name,))}"
            raise ConfigError("Das sagt schon der Dateiname", code="unknown_key", where=where, found=name)
    return data


def _refuse_twin(what: str, name: str, seen: Mapping[str, object], path: Path) -> None:
    if name in seen:
        raise ConfigError(
            f"{what} „{name}“ bringt das Portal schon mit",
            code="duplicate_model",
            where=str(path),
            next_step="Einen anderen Namen wählen; Einstufungen nennen ihn",
        )
