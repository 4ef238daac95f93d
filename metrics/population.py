"""Named, dated populations: what a figure refers to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, create_model

from warehouse.toml import read_toml, validate

BUILT_IN = Path(__file__).with_name("populations.toml")


class Population(BaseModel):
    """A named set; `title` is German and stands in subtitles („von 1.557 <title>“)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    definition: str
    valid_from: date


def load_populations(path: Path = BUILT_IN) -> dict[str, Population]:
    """Read populations by id; ConfigError with file and line for unknown or missing keys."""
    raw = read_toml(path)
    file_model = create_model("Populations", **dict.fromkeys(raw, (Population, ...)))  # type: ignore[call-overload]
    checked = validate(file_model, raw, path)
    return {key: getattr(checked, key) for key in raw}
