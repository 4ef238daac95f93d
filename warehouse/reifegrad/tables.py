"""Writes models, crosswalks and rules into `core` of a draft, so that a snapshot explains itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from warehouse.reifegrad.ruler import CountingRule, Crosswalk, ReifegradModel, Rulers
from warehouse.store import Connection

Row = tuple[object, ...]

TABLES: dict[str, str] = {
    "reifegrad_model": "reifegrad_modell VARCHAR, title VARCHAR, version VARCHAR, publisher VARCHAR,"
    " valid_from DATE, valid_to DATE, lowest BIGINT, highest BIGINT, fulfilled_from BIGINT,"
    " fulfilled_source VARCHAR, rule VARCHAR, criteria_count BIGINT, source VARCHAR, note VARCHAR",
    "reifegrad_level": "reifegrad_modell VARCHAR, reifegrad BIGINT, name VARCHAR, meaning VARCHAR",
    "reifegrad_crosswalk": "from_modell VARCHAR, to_modell VARCHAR, from_reifegrad BIGINT, to_von BIGINT,"
    " to_bis BIGINT, reason VARCHAR, standing VARCHAR, source VARCHAR",
    "counting_rule": "zaehlregel VARCHAR, reifegrad_modell VARCHAR, title VARCHAR, meaning VARCHAR,"
    " source VARCHAR, counts VARCHAR, members VARCHAR, level_from BIGINT",
    "counting_rule_reach": "zaehlregel VARCHAR, flaechendeckung VARCHAR",
}
"""Tables of `core` by name with their columns; a crosswalk has one row for every level of its scale."""


def create_tables(connection: Connection, rulers: Rulers) -> None:
    """Create and fill the tables; `core` exists and is empty of them."""
    for table, columns in TABLES.items():
        connection.execute(f"CREATE TABLE core.{table} ({columns})")
    for table, rows in _content(rulers):
        for row in rows:
            marks = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO core.{table} VALUES ({marks})", list(row))  # noqa: S608


def rulers_hash(rulers: Rulers) -> str:
    """Hash of all of it: another ruler makes other figures from the same deliveries."""
    lines = [repr((table, row)) for table, rows in _content(rulers) for row in rows]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _content(rulers: Rulers) -> Iterator[tuple[str, list[Row]]]:
    models = list(rulers.models.values())
    yield "reifegrad_model", [_model(model) for model in models]
    yield "reifegrad_level", [(m.id, x.level, x.name, x.meaning) for m in models for x in m.level]
    steps = [row for crosswalk in rulers.crosswalks.values() for row in _steps(crosswalk, rulers)]
    yield "reifegrad_crosswalk", steps
    yield "counting_rule", [row for rule in rulers.rules.values() for row in _rule(rule, rulers)]
    yield "counting_rule_reach", [(rule.id, reach) for rule in rulers.rules.values() for reach in rule.reach]


def _model(model: ReifegradModel) -> Row:
    return (
        *(model.id, model.title, model.version, model.publisher, model.valid_from, model.valid_to),
        *(model.lowest, model.highest, model.fulfilled_from, model.fulfilled_source),
        *(model.rule, model.criteria_count, model.source, model.note),
    )


def _steps(crosswalk: Crosswalk, rulers: Rulers) -> Iterator[Row]:
    for level in rulers.models[crosswalk.from_model].scale:
        step = crosswalk.step_for(level)
        highest = step.to if step.to_highest is None else step.to_highest
        ends = (crosswalk.from_model, crosswalk.to_model, level, step.to, highest)
        yield (*ends, step.reason, crosswalk.standing, crosswalk.source)


def _rule(rule: CountingRule, rulers: Rulers) -> Iterator[Row]:
    for model in rulers.models.values():
        if rule.models and model.id not in rule.models:
            continue
        level = model.fulfilled_from if rule.level_from is None else rule.level_from
        said = (rule.title, rule.meaning, rule.source, rule.counts, rule.members)
        yield (rule.id, model.id, *said, level if rule.counts == "einstufung" else None)
