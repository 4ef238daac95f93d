"""Named, dated populations: what a figure refers to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, create_model

from warehouse.errors import ConfigError, did_you_mean
from warehouse.toml import read_toml, validate

BUILT_IN = Path(__file__).with_name("populations.toml")
OWN = "populations.toml"


class Population(BaseModel):
    """A named set; `title` is German and stands in subtitles („von 1.557 <title>“).

    A change of what belongs to it makes a new id that names the one it replaces; the old one ends the day
    before at the latest and stays readable.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    definition: str
    valid_from: date
    valid_to: date | None = None
    replaces: str | None = None


def city_populations(city: Path | None) -> dict[str, Population]:
    """Built-in populations and the town's own (`populations.toml`), whose ids must be new ones."""
    built_in = load_populations()
    path = (city / OWN) if city else None
    if path is None or not path.exists():
        return built_in
    own = load_populations(path)
    for name in own.keys() & built_in.keys():
        raise ConfigError(
            f"Die Grundgesamtheit „{name}“ ist eingebaut",
            code="duplicate_id",
            where=f"{path}, [{name}]",
            next_step="Eine eigene Kennung wählen",
        )
    return {**built_in, **own}


def load_populations(path: Path = BUILT_IN) -> dict[str, Population]:
    """Read populations by id; ConfigError with file and line for unknown or missing keys."""
    raw = read_toml(path)
    file_model = create_model("Populations", **dict.fromkeys(raw, (Population, ...)))  # type: ignore[call-overload]
    checked = validate(file_model, raw, path)
    found: dict[str, Population] = {key: getattr(checked, key) for key in raw}
    for name, population in found.items():
        if population.replaces is not None:
            _check_version(name, population, found, path)
    return found


def _check_version(name: str, population: Population, known: Mapping[str, Population], path: Path) -> None:
    old = known.get(population.replaces or "")
    where = f"{path}, [{name}]"
    if old is None:
        raise ConfigError(
            f"Die Grundgesamtheit „{population.replaces}“ gibt es nicht",
            code="unknown_population",
            where=where,
            next_step=did_you_mean(population.replaces or "", known),
        )
    if old.valid_to is None or old.valid_to >= population.valid_from:
        raise ConfigError(
            f"„{name}“ löst „{population.replaces}“ ab, die am selben Tag noch gilt",
            code="population_overlap",
            where=where,
            found=str(old.valid_to or "ohne Ende"),
            allowed=f"valid_to vor {population.valid_from.isoformat()}",
        )
