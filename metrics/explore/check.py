"""Checks of a question before anything is read: what it names has to exist and to fit together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from metrics.catalog import Catalog
from metrics.explore.catalog import Dataset, dataset, dataset_of
from metrics.explore.question import (
    BUCKET,
    MOST_FIELDS,
    MOST_METRICS,
    TIME_FIELDS,
    Against,
    Filter,
    Measure,
    Operator,
    Part,
    PivotQuestion,
    Show,
    length_of,
)
from metrics.explore.span import check_member
from warehouse.errors import ConfigError, did_you_mean

ORDERS = ("", "value", "-value", "name", "-name")


def checked(catalog: Catalog, question: PivotQuestion) -> Dataset:
    """Return the data set of a question.

    Raises ConfigError (unknown_dataset, unknown_measure, other_population, unknown_dimension, too_many,
    no_measure, duplicate_field, bad_filter, bad_question).
    """
    found = dataset(catalog, question.dataset)
    _check_measures(catalog, found, question.measures)
    _check_fields(found, question)
    for item in question.filters:
        _check_filter(found, item)
    for name in question.choose:
        _check_choice(found, name)
    _check_comparison(question)
    _check_order(question)
    return found


def _check_measures(catalog: Catalog, found: Dataset, measures: tuple[Measure, ...]) -> None:
    if not measures:
        raise ConfigError("Es ist kein Wert gewählt", code="no_measure")
    subjects = {measure.subject for measure in measures}
    _at_most(subjects, MOST_METRICS, "Kennzahlen nebeneinander")
    if len(set(measures)) < len(measures):
        raise ConfigError("Ein Wert ist zweimal gewählt", code="duplicate_measure")
    for measure in measures:
        _is_one_of(measure.part, get_args(Part), "Teil eines Werts")
        _check_population(catalog, found, measure)
        found.measure(measure)


def _check_population(catalog: Catalog, found: Dataset, measure: Measure) -> None:
    metric = catalog.metrics.get(measure.subject)
    if found.kind == "liste" or metric is None or dataset_of(metric) == found.id:
        return
    raise ConfigError(
        f"„{metric.definition.label}“ zählt eine andere Grundgesamtheit als „{found.title}“ und lässt sich"
        " nicht daneben stellen",
        code="other_population",
        found=metric.definition.population,
        allowed=found.title,
        next_step="Den Bestand wechseln oder eine Kennzahl dieses Bestands wählen",
    )


def _check_fields(found: Dataset, question: PivotQuestion) -> None:
    for axis in (question.rows, question.columns):
        _at_most(axis, MOST_FIELDS, "Merkmale je Achse")
    names = (*question.rows, *question.columns)
    if len(set(names)) < len(names):
        raise ConfigError("Ein Merkmal steht zweimal auf den Achsen", code="duplicate_field")
    subjects = {measure.subject for measure in question.measures}
    for name in names:
        item = found.field(name)
        if found.kind == "bestand" and not subjects & set(item.metrics):
            raise ConfigError(
                "Keine der gewählten Kennzahlen lässt sich nach diesem Merkmal aufgliedern",
                code="unknown_dimension",
                found=name,
                allowed=", ".join(f.name for f in found.fields if subjects & set(f.metrics)),
            )


def _check_filter(found: Dataset, item: Filter) -> None:
    kind = found.field(item.name).kind
    _is_one_of(item.op, get_args(Operator), "Bedingung")
    wanted = {"between": 2, "contains": 1}.get(item.op)
    if (wanted and len(item.values) != wanted) or not item.values:
        raise _bad_filter("Zu dieser Bedingung fehlen ihre Werte", item)
    if item.op == "contains" and not (item.values[0] or "").strip():
        raise _bad_filter("Es ist kein Text genannt, nach dem gesucht wird", item)
    if kind == "time":
        _check_time(item)
    if item.name == BUCKET and item.op == "between" and None in item.values:
        raise _bad_filter("Eine Spanne hat zwei Enden", item)


def _check_time(item: Filter) -> None:
    """The span of a question has no holes; lengths of time of other columns are values like any other."""
    if item.op == "contains" or (item.name in TIME_FIELDS and item.op == "not_in"):
        raise _bad_filter("Zeiträume werden als Spanne oder einzeln gewählt", item)
    for value in item.values if item.name not in TIME_FIELDS else ():
        check_member(length_of(item.name) or "", value or "")


def _bad_filter(what: str, item: Filter) -> ConfigError:
    return ConfigError(what, code="bad_filter", found=item.name)


def _check_choice(found: Dataset, name: str) -> None:
    if name not in found.choose:
        raise ConfigError(
            "Für dieses Merkmal wird kein Wert gewählt",
            code="unknown_dimension",
            found=name,
            allowed=", ".join(found.choose),
            next_step=did_you_mean(name, found.choose),
        )


def _check_comparison(question: PivotQuestion) -> None:
    _is_one_of(question.show, get_args(Show), "Anzeige")
    _is_one_of(question.against, get_args(Against), "Vergleich")
    if question.show in ("difference", "index") and not question.against:
        raise ConfigError("Es ist nicht gesagt, womit verglichen wird", code="bad_question")
    if question.against == "member" and not (question.columns or question.rows):
        raise ConfigError(
            "Ein Vergleich mit einem Wert braucht ein Merkmal in Zeilen oder Spalten", code="bad_question"
        )


def _check_order(question: PivotQuestion) -> None:
    _is_one_of(question.order, ORDERS, "Ordnung")
    if question.top is not None and (question.top.n < 1 or not question.rows):
        raise ConfigError("Die größten Zeilen gibt es nur mit einem Merkmal in Zeilen", code="bad_question")


def _is_one_of(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value not in allowed:
        raise ConfigError(
            f"{what} ist unbekannt", code="bad_question", found=value, next_step=did_you_mean(value, allowed)
        )


def _at_most(items: Iterable[str], most: int, what: str) -> None:
    count = len(list(items))
    if count > most:
        raise ConfigError(f"Zu viele {what}", code="too_many", found=count, allowed=f"höchstens {most}")
