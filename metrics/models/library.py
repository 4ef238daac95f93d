"""The models of a city: `models/<id>.toml`, each checked when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from metrics.models.capacity import CapacityModel
from metrics.models.cost import CostModel
from metrics.models.progress import ProgressModel
from warehouse.errors import ConfigError, did_you_mean
from warehouse.toml import parse_toml, read_text, validate

FOLDER = "models"
AnyModel = CapacityModel | CostModel | ProgressModel
KINDS: dict[str, type[AnyModel]] = {"capacity": CapacityModel, "cost": CostModel, "progress": ProgressModel}


def load_models(city: Path, *, on_fault: Callable[[ConfigError], None] | None = None) -> dict[str, AnyModel]:
    """Return models by id (file name). Raises ConfigError with file, line and what is allowed.

    With `on_fault` a faulty file is handed to it and left out.
    """
    found: dict[str, AnyModel] = {}
    for path in sorted((city / FOLDER).glob("*.toml")):
        try:
            found[path.stem] = load_model(path)
        except ConfigError as error:
            if on_fault is None:
                raise
            on_fault(error)
    return found


def load_model(path: Path) -> AnyModel:
    """Return one model, checked."""
    text = read_text(path)
    data = parse_toml(text, path)
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ConfigError(
            "„kind“ nennt keine bekannte Art von Modell",
            code="invalid_value",
            where=str(path),
            found=kind,
            allowed=", ".join(KINDS),
        )
    return validate(KINDS[kind], data, path, text=text)


def pick(models: dict[str, AnyModel], name: str) -> AnyModel:
    """Return a model. Raises ConfigError (unknown_model) with a suggestion."""
    if name not in models:
        raise ConfigError(
            f"Das Modell „{name}“ gibt es nicht",
            code="unknown_model",
            allowed=", ".join(models) or "keins: der Ordner models ist leer",
            next_step=did_you_mean(name, models),
        )
    return models[name]
