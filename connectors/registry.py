"""Kinds are discovered, sources are declared: `sources/<id>.toml` read, checked, bound to its kind."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, create_model

import connectors
from connectors.base import Connector, Context, SourceSpec, TableSpec
from connectors.persons import tokeniser
from warehouse.address import MailAddress
from warehouse.contract import Subject
from warehouse.errors import ConfigError, did_you_mean
from warehouse.toml import line_of, models_of, read_text, read_toml, validate

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

AnyConnector = Connector[Any, Any]


class SourceFile(BaseModel):
    """The part of a source file that is the same for all kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    owner: str
    kind: str
    nature: Literal["echt", "beispiel"]
    every: Literal["night", "week", "month"] = "night"
    fresh_for_days: int = Field(default=2, ge=0)
    minutes: float | None = Field(default=None, gt=0, le=600)
    memory_mb: int | None = Field(default=None, ge=128, le=262_144)
    owner_mail: MailAddress | None = None


@cache
def discover() -> dict[str, type[AnyConnector]]:
    """Every kind by name: the modules of this package that state a KIND."""
    kinds: dict[str, type[AnyConnector]] = {}
    for found in pkgutil.iter_modules(connectors.__path__, "connectors."):
        if found.ispkg:
            continue
        module = importlib.import_module(found.name)
        if hasattr(module, "KIND"):
            kinds[module.KIND] = next(_connectors_of(module))
    return kinds


def load_sources(
    city: Path,
    subjects: Mapping[str, Subject],
    secrets: Mapping[str, str],
    problems: list[ConfigError] | None = None,
) -> dict[str, SourceSpec]:
    """All sources of a city by id, in the order of their names.

    Raises ConfigError at the first wrong file; with a list for `problems` the error is appended
    there instead and costs only its own source.
    """
    sources: dict[str, SourceSpec] = {}
    for path in sorted((city / "sources").glob("*.toml")):
        try:
            sources[path.stem] = load_source(path, subjects, secrets)
        except ConfigError as error:
            if problems is None:
                raise
            problems.append(error)
    return sources


def load_source(path: Path, subjects: Mapping[str, Subject], secrets: Mapping[str, str]) -> SourceSpec:
    """One source file; ConfigError with file, line and suggestion for anything it says wrongly."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", path.stem):
        raise ConfigError(
            "Der Dateiname ist die Kennung der Quelle",
            where=str(path),
            found=path.stem,
            allowed="Kleinbuchstaben a–z, Ziffern und _, am Anfang ein Buchstabe",
        )
    data = read_toml(path)
    connector = _kind_of(data, path)
    data = {
        **data,
        "connection": _with_secrets(data.get("connection", {}), [connector.Connection], secrets, path),
    }
    declared: Any = validate(_file_model(connector), data, path)
    _check_tables(declared.table, subjects, path)
    _check_persons(declared.table, secrets, path)
    shared = {name: getattr(declared, name) for name in SourceFile.model_fields}
    return SourceSpec(id=path.stem, connection=declared.connection, tables=declared.table, **shared)


def connect(spec: SourceSpec, context: Context, subjects: Mapping[str, Subject]) -> AnyConnector:
    """The connector of a source, ready to check and read."""
    return discover()[spec.kind](spec, context, subjects)


def _connectors_of(module: Any) -> Iterator[type[AnyConnector]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Connector) and value.__module__ == module.__name__:
            yield value


def _kind_of(data: Mapping[str, Any], path: Path) -> type[AnyConnector]:
    kinds, name = discover(), str(data.get("kind", ""))
    if name not in kinds:
        raise ConfigError(
            f"Die Art „{name}“ gibt es nicht" if name else "kind fehlt: die Art der Quelle",
            code="unknown_kind",
            where=_at(path, "kind"),
            found=name or None,
            allowed=", ".join(kinds),
            next_step=did_you_mean(name, kinds),
        )
    return kinds[name]


@cache
def _file_model(connector: type[AnyConnector]) -> type[BaseModel]:
    table: Any = connector.Table
    return create_model(
        f"{connector.__name__}SourceFile",
        __base__=SourceFile,
        connection=(connector.Connection, ...),
        table=(tuple[table, ...], Field(min_length=1)),
    )


def _with_secrets(
    declared: Any,
    models: list[type[BaseModel]],
    secrets: Mapping[str, str],
    path: Path,
    place: tuple[str, ...] = ("connection",),
) -> Any:
    if not isinstance(declared, dict):
        return declared
    resolved: dict[str, Any] = {}
    for name, value in declared.items():
        annotations = [model.model_fields[name].annotation for model in models if name in model.model_fields]
        if isinstance(value, str):
            text = _resolved(value, secrets, path, (*place, name))
            # Wrapped before validation: the message about a wrong value repeats the value.
            resolved[name] = SecretStr(text) if any(map(_is_secret, annotations)) else text
        else:
            inner = [model for annotation in annotations for model in models_of(annotation)]
            resolved[name] = _with_secrets(value, inner, secrets, path, (*place, name))
    return resolved


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or SecretStr in get_args(annotation)


def _resolved(value: str, secrets: Mapping[str, str], path: Path, place: tuple[str, ...]) -> str:
    for name in REFERENCE.findall(value):
        if name not in secrets:
            raise ConfigError(
                f"Das Geheimnis {name} ist nicht hinterlegt",
                code="missing_secret",
                where=_at(path, *place),
                next_step=did_you_mean(name, secrets)
                or f"{name} in der Umgebung oder in der Geheimnisdatei hinterlegen",
            )
    return REFERENCE.sub(lambda match: secrets[match[1]], value)


def _check_tables(tables: tuple[TableSpec, ...], subjects: Mapping[str, Subject], path: Path) -> None:
    for number, table in enumerate(tables):
        if table.feeds not in subjects:
            raise ConfigError(
                f"Den Gegenstand „{table.feeds}“ gibt es nicht",
                code="unknown_subject",
                where=_at(path, "table", number, "feeds"),
                found=table.feeds,
                allowed=", ".join(subjects),
                next_step=did_you_mean(table.feeds, subjects),
            )
        for setting, name, next_step in table.check_against(subjects[table.feeds]):
            raise ConfigError(
                f"„{name}“ in {setting} passt nicht zu {table.feeds}",
                code="unknown_column",
                where=_at(path, "table", number, *setting.split("."), name),
                found=name,
                next_step=next_step,
            )
    _check_siblings(tables, path)


def _check_persons(tables: tuple[TableSpec, ...], secrets: Mapping[str, str], path: Path) -> None:
    for number, table in enumerate(tables):
        if table.persons and table.persons.pseudonymise:
            tokeniser(secrets, _at(path, "table", number, "persons", "pseudonymise"))


def _check_siblings(tables: tuple[TableSpec, ...], path: Path) -> None:
    # Two tables may fill one subject together; they then replace or merge the same way.
    modes: dict[str, tuple[str, tuple[str, ...]]] = {}
    for number, table in enumerate(tables):
        mode = (table.write, table.slice)
        if modes.setdefault(table.feeds, mode) != mode:
            raise ConfigError(
                f"Die Tabellen, die {table.feeds} füllen, müssen dasselbe write und denselben slice angeben",
                code="write_modes_differ",
                where=_at(path, "table", number),
            )


def _at(path: Path, *location: str | int) -> str:
    line = line_of(read_text(path), location)
    return f"{path}:{line}" if line else str(path)
