"""The catalogue: all metrics, populations, targets and record lists, each file checked when it is loaded."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from metrics.definition import PERIOD_YEAR, Definition
from metrics.header import SqlFile, read_sql_file
from metrics.population import Population, city_populations
from metrics.protect.withdrawn import FILE as WITHDRAWN
from metrics.protect.withdrawn import Withdrawn, load_withdrawn
from metrics.recordlist import RecordDefinition
from metrics.statement import Statement, check_statement, refuse_finished_ratio
from metrics.targets import Target, load_targets
from metrics.version import Version, version_of
from warehouse.build import Model, known_tables, lineage, load_models
from warehouse.contract import Subject
from warehouse.errors import ConfigError, did_you_mean
from warehouse.reifegrad.files import load_rulers
from warehouse.reifegrad.tables import rulers_hash
from warehouse.subjects import load_subjects

SHIPPED = Path(__file__).parent
DEFINITIONS = Path(__file__).with_name("definitions")
RECORDS = Path(__file__).with_name("records")
TOWN_AREA = "stadt"
CALENDAR = "core.calendar"
TARGETS = "targets.toml"
_KINDS = {"metric": "Die Kennzahl", "list": "Die Liste"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: header, statement, hash of what is counted.

    `depends` are the tables the statement names (`schema.table`), `subjects` what they rest on in the end.
    `units_of_today`: rows of all periods name the unit of today, not the one of their period.
    """

    id: str
    area: str
    definition: Definition
    sql: str
    hash: str
    depends: frozenset[str]
    subjects: frozenset[str]
    columns: tuple[str, ...]
    path: Path
    units_of_today: bool = False


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list of single records with allow-listed columns; `subjects` are what its tables rest on."""

    id: str
    definition: RecordDefinition
    sql: str
    depends: frozenset[str]
    path: Path
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the door needs to know; nothing in it changes after loading."""

    metrics: Mapping[str, Metric]
    populations: Mapping[str, Population]
    targets: Mapping[str, Target]
    lists: Mapping[str, RecordList]
    withdrawn: Withdrawn = field(default_factory=Withdrawn)
    models: Mapping[str, Model] = field(default_factory=dict)
    rulers: str = ""

    def version(self, metric_id: str) -> Version:
        """Return the version of what a metric counts, models of the warehouse included."""
        metric = self.metric(metric_id)
        population = self.populations.get(metric.definition.population)
        return version_of(metric.definition, metric.sql, population, metric.depends, self.models, self.rulers)

    def metric(self, metric_id: str) -> Metric:
        """Return a metric; ConfigError (unknown_metric) with a suggestion."""
        return _pick(self.metrics, metric_id, "metric")

    def record_list(self, list_id: str) -> RecordList:
        """Return a record list; ConfigError (unknown_list) with a suggestion."""
        return _pick(self.lists, list_id, "list")


def _pick(known: Mapping[str, T], name: str, what: str) -> T:
    if name not in known:
        raise ConfigError(
            f"{_KINDS[what]} „{name}“ gibt es nicht",
            code=f"unknown_{what}",
            next_step=did_you_mean(name, known),
        )
    return known[name]


MOST_READ = 4096
_READ: dict[tuple[Path, Hashable], Any] = {}
OnFault = Callable[[Path, ConfigError], None]


def load_catalog(
    city: Path | None, subjects: Mapping[str, Subject] | None = None, *, on_fault: OnFault | None = None
) -> Catalog:
    """Load built-in and the town's own files (`metrics/<id>.sql`, `targets.toml`, `withdrawn.toml`).

    ConfigError names file, line, what is allowed and the nearest name. With `on_fault` a faulty file is
    handed to it and left out, so that one look finds all of them.
    """
    populations = city_populations(city)
    house = House.of(subjects if subjects is not None else load_subjects(city))
    metrics: dict[str, Metric] = {}
    for area, path in _metric_files(city):
        with _told(path, on_fault):
            metric = _once(path, house.key, partial(load_metric, path, area, house, populations))
            _refuse_twin(metric, metrics)
            metrics[metric.id] = metric
    paths = sorted(RECORDS.glob("*.sql"))
    lists = [_once(path, house.key, partial(load_record_list, path, house)) for path in paths]
    by_id = {item.id: item for item in lists}
    for metric in list(metrics.values()):
        with _told(metric.path, on_fault):
            _check_behind(metric, by_id)
    definitions = {metric.id: metric.definition for metric in metrics.values()}
    targets: Mapping[str, Target] = {}
    withdrawn = Withdrawn()
    if city:
        with _told(city / TARGETS, on_fault):
            targets = load_targets(city / TARGETS, definitions)
        with _told(city / WITHDRAWN, on_fault):
            withdrawn = load_withdrawn(city, definitions)
    return Catalog(metrics, populations, targets, by_id, withdrawn, house.models, _rulers(city))


def _check_behind(metric: Metric, lists: Mapping[str, RecordList]) -> None:
    behind = metric.definition.records
    if behind is None:
        return
    file = read_sql_file(metric.path)
    if behind.list not in lists:
        raise ConfigError(
            f"Die Liste „{behind.list}“ gibt es nicht",
            code="unknown_list",
            where=file.at_key("records", "list"),
            allowed=", ".join(sorted(lists)),
            next_step=did_you_mean(behind.list, lists),
        )
    columns = lists[behind.list].definition.statement_columns
    bucket = ("bucket",) if metric.definition.kind == "distribution" else ()
    if unknown := behind.unknown((*metric.definition.data_dimensions, *bucket), columns):
        raise ConfigError(
            f"[records]: „{unknown}“ ist keine Spalte der Liste und keine Dimension der Kennzahl",
            code="unknown_dimension",
            where=file.at_key("records"),
            allowed=", ".join(columns),
            next_step=did_you_mean(unknown, columns),
        )


def _rulers(city: Path | None) -> str:
    """Hash of all Reifegrad models; a fault in a town's own is told by the night and by the check."""
    try:
        return rulers_hash(load_rulers(city))
    except ConfigError:
        return ""


def _once(path: Path, house: Hashable, load: Callable[[], T]) -> T:
    """What a shipped file says in this house: read once per process, for nobody edits it meanwhile."""
    if not path.is_relative_to(SHIPPED):
        return load()
    key = (path, house)
    if key not in _READ:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[key] = load()
    found: T = _READ[key]
    return found


@contextmanager
def _told(path: Path, on_fault: OnFault | None) -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        if on_fault is None:
            raise
        on_fault(path, error)


@dataclass(frozen=True, slots=True)
class House:
    """The warehouse as metrics see it: models, subjects, and the tables a statement may name."""

    models: Mapping[str, Model]
    subjects: Mapping[str, Subject]
    tables: frozenset[str]

    @property
    def key(self) -> Hashable:
        """The same for houses in which a file says the same."""
        units = tuple((name, item.unit_of, item.org_column) for name, item in sorted(self.subjects.items()))
        return self.tables, units, tuple((name, model.sql) for name, model in self.models.items())

    @classmethod
    def of(cls, subjects: Mapping[str, Subject]) -> House:
        """Look at the built-in models; `stage` is the warehouse's own workshop and not for figures."""
        models = load_models()
        tables = {name for name in known_tables(models, subjects) if not name.startswith("stage.")}
        return cls(models, subjects, frozenset(tables))

    def subjects_of(self, tables: Iterable[str]) -> frozenset[str]:
        """Return the subjects that tables rest on, through all models.

        The calendar only looks at deliveries to know how far back months go; no figure rests on that.
        """
        counted = {name: model for name, model in self.models.items() if name != CALENDAR}
        return frozenset(name for table in tables for name in lineage(table, counted, self.subjects))

    def units_of_today(self, tables: Iterable[str]) -> bool:
        """Whether all subjects behind tables that name a unit name the one of today."""
        found = [self.subjects[name] for name in self.subjects_of(tables)]
        named = [subject.unit_of == "today" for subject in found if subject.org_column]
        return bool(named) and all(named)


def load_metric(path: Path, area: str, house: House, populations: Mapping[str, Population]) -> Metric:
    """Load and check one metric file."""
    file = read_sql_file(path)
    _check_name(file)
    definition = file.typed(Definition)
    if definition.population not in populations:
        raise ConfigError(
            f"Die Grundgesamtheit „{definition.population}“ gibt es nicht",
            code="unknown_population",
            where=file.at_key("population"),
            allowed=", ".join(sorted(populations)),
            next_step=did_you_mean(definition.population, populations),
        )
    statement = check_statement(file, house.tables)
    _check_columns(file, definition, statement)
    return Metric(
        id=file.id,
        area=area,
        definition=definition,
        sql=file.sql,
        hash=_hash(definition, file.sql),
        depends=statement.tables,
        subjects=house.subjects_of(statement.tables),
        columns=statement.columns,
        path=path,
        units_of_today=house.units_of_today(statement.tables),
    )


def load_record_list(path: Path, house: House) -> RecordList:
    """Load and check one record list: the statement yields exactly the columns the header allows."""
    file = read_sql_file(path)
    _check_name(file)
    definition = file.typed(RecordDefinition)
    statement = check_statement(file, house.tables)
    _compare_columns(file, statement.columns, definition.statement_columns, definition.statement_columns)
    _check_subject(file, definition, house)
    subjects = house.subjects_of(statement.tables)
    return RecordList(file.id, definition, file.sql, statement.tables, path, subjects)


def _check_subject(file: SqlFile, definition: RecordDefinition, house: House) -> None:
    if definition.subject is None:
        return
    subject = house.subjects.get(definition.subject)
    if subject is None or not set(definition.key) & set(subject.columns):
        raise ConfigError(
            f"Den Inhalt „{definition.subject}“ mit einer Spalte des Schlüssels gibt es nicht",
            code="unknown_subject",
            where=file.at_key("subject"),
            allowed=", ".join(sorted(house.subjects)),
            next_step=did_you_mean(definition.subject, house.subjects),
        )


def _metric_files(city: Path | None) -> list[tuple[str, Path]]:
    built_in = [(path.parent.name, path) for path in sorted(DEFINITIONS.glob("*/*.sql"))]
    own = sorted((city / "metrics").glob("*.sql")) if city else []
    return [*built_in, *((TOWN_AREA, path) for path in own)]


def _check_name(file: SqlFile) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,62}", file.id):
        raise ConfigError(
            f"Der Dateiname „{file.id}“ ist keine Kennung",
            code="bad_id",
            where=str(file.path),
            allowed="Kleinbuchstaben a–z, Ziffern und _",
        )


def _refuse_twin(metric: Metric, seen: Mapping[str, Metric]) -> None:
    for other in seen.values():
        if other.id == metric.id:
            where = str(metric.path)
            raise ConfigError("Die Kennung ist vergeben", code="duplicate_id", where=where, found=other.path)
        if other.definition.number == metric.definition.number:
            raise ConfigError(
                f"Die Nummer {metric.definition.number} ist vergeben",
                code="duplicate_number",
                where=read_sql_file(metric.path).at_key("number"),
                found=other.id,
                next_step="Nummern werden in Vorlagen zitiert; eine freie wählen",
            )


def _check_columns(file: SqlFile, definition: Definition, statement: Statement) -> None:
    refuse_finished_ratio(file, statement.columns)
    if definition.kind == "sum" and "denominator" in statement.columns:
        raise ConfigError(
            "Eine Summe hat keinen Nenner (denominator)", code="column_contract", where=file.at()
        )
    _compare_columns(file, statement.columns, definition.required_columns, definition.allowed_columns)
    years = [name for name, default in definition.choose_one.items() if default.startswith("@")]
    if any(definition.choose_one[name] != PERIOD_YEAR for name in years):
        raise ConfigError(
            "Die Vorgabe in choose_one ist unbekannt",
            code="bad_default",
            where=file.at_key("choose_one"),
            allowed=f"ein Wert der Spalte oder „{PERIOD_YEAR}“",
        )


def _compare_columns(
    file: SqlFile, found: tuple[str, ...], required: Iterable[str], allowed: Iterable[str]
) -> None:
    allowed_names = set(allowed)
    missing = [name for name in required if name not in found]
    extra = [name for name in found if name not in allowed_names]
    if not missing and not extra:
        return
    name = (missing or extra)[0]
    raise ConfigError(
        f"Die Spalte „{name}“ {'fehlt' if missing else 'ist im Kopf nicht erklärt'}",
        code="column_contract",
        where=file.at(),
        found=", ".join(found),
        allowed=", ".join(sorted(allowed_names)),
        next_step=did_you_mean(name, found if missing else allowed_names),
    )


def _hash(definition: Definition, sql: str) -> str:
    # A definition keeps the hash it always had when it does without what headers learned later.
    left_out = {name for name in ("protect", "least_cases") if not getattr(definition, name)} | {"records"}
    fields = definition.model_dump(mode="json", exclude=left_out)
    header = json.dumps(fields, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{header}\n{' '.join(sql.split())}".encode()).hexdigest()
