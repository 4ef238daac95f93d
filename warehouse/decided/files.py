"""Loads `parameters.toml` and `rankings/<id>.toml`; a parameter without day or source is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import create_model

from warehouse.decided.model import Decided, Need, Parameter, Ranking
from warehouse.errors import ConfigError, did_you_mean
from warehouse.toml import line_of, parse_toml, read_text, read_toml, validate

NEEDS = Path(__file__).with_name("parameters.toml")
PARAMETERS_FILE = "parameters.toml"
RANKINGS_FOLDER = "rankings"


def load_decided(city: Path | None, *, on_fault: Callable[[ConfigError], None] | None = None) -> Decided:
    """Read what a town decided; without a town nothing has a value.

    Raises ConfigError with file and line: missing day or source, an unknown parameter without title and unit,
    a built-in one renamed. With `on_fault` a faulty file is handed to it and left out instead.
    """
    needs = _read_needs()
    parameters: dict[str, Parameter] = {}
    rankings: dict[str, Ranking] = {}
    if city:
        with _told(on_fault):
            parameters = _read_parameters(city / PARAMETERS_FILE, needs)
        for path in sorted((city / RANKINGS_FOLDER).glob("*.toml")):
            with _told(on_fault):
                rankings[path.stem] = _read_ranking(path)
    return Decided(needs, parameters, rankings)


@contextmanager
def _told(on_fault: Callable[[ConfigError], None] | None) -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        if on_fault is None:
            raise
        on_fault(error)


def _read_needs() -> dict[str, Need]:
    raw = read_toml(NEEDS)
    checked = validate(_all_of(raw, Need), raw, NEEDS)
    return {name: getattr(checked, name) for name in raw}


def _all_of(raw: dict[str, object], kind: type[Need] | type[Parameter]) -> type[Need]:
    fields = dict.fromkeys(raw, (kind, ...))
    return create_model("File", **fields)  # type: ignore[call-overload, no-any-return]


def _read_parameters(path: Path, needs: dict[str, Need]) -> dict[str, Parameter]:
    if not path.is_file():
        return {}
    text = read_text(path)
    raw = parse_toml(text, path)
    checked = validate(_all_of(raw, Parameter), raw, path, text=text)
    found: dict[str, Parameter] = {name: getattr(checked, name) for name in raw}
    for name, parameter in found.items():
        _check_name(name, parameter, needs, f"{path}:{line_of(text, (name,))}")
    return found


def _check_name(name: str, parameter: Parameter, needs: dict[str, Need], where: str) -> None:
    named = parameter.title is not None and parameter.unit is not None
    if name in needs and (parameter.title or parameter.unit):
        raise ConfigError(
            f"Name und Einheit von „{name}“ stehen im Portal fest",
            code="parameter_renamed",
            where=where,
            found=parameter.title or parameter.unit,
            allowed=f"{needs[name].title}, {needs[name].unit}",
        )
    if name not in needs and not named:
        raise ConfigError(
            f"Den Parameter „{name}“ kennt das Portal nicht",
            code="unknown_parameter",
            where=where,
            allowed=", ".join(sorted(needs)) + " oder ein eigener mit title und unit",
            next_step=did_you_mean(name, needs),
        )


def _read_ranking(path: Path) -> Ranking:
    text = read_text(path)
    data = parse_toml(text, path)
    if "id" in data:
        where = f"{path}:{line_of(text, ('id',))}"
        raise ConfigError("Das sagt schon der Dateiname", code="unknown_key", where=where, found="id")
    return validate(Ranking, {**data, "id": path.stem}, path, text=text)
