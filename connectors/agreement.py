"""What a table of a source was agreed to deliver: its declaration and the contract of its subject."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import TableSpec
from warehouse.contract import Column, Subject

_SETTING = "Einstellung „{}“ geändert"


@dataclass(frozen=True)
class Agreement:
    """JSON text and its hash; equal hashes mean that rows still say the same."""

    content: str

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.content.encode()).hexdigest()


def agreement_of(kind: str, table: TableSpec, subject: Subject) -> Agreement:
    """Everything that decides what the rows of a table mean, without what only says how to read them."""
    declared = table.model_dump(mode="json", exclude_defaults=True, exclude=set(table.OPERATIONAL))
    # A rebuild repeats loads as they were meant, so this is said even where it is the usual.
    placed = {"write": table.write, "slice": list(table.slice), "key": list(table.key)}
    agreed = {
        "kind": kind,
        "table": declared | placed,
        "key": list(subject.key),
        "columns": {name: _shape(column) for name, column in subject.columns.items()},
    }
    return Agreement(json.dumps(agreed, sort_keys=True, ensure_ascii=False))


def differences(old: str, new: str) -> list[str]:
    """What another agreement says differently, as German clauses; what was only added is no difference."""
    before, after = json.loads(old), json.loads(new)
    return [
        *([f"Art {before['kind']} → {after['kind']}"] if before["kind"] != after["kind"] else []),
        *_settings(before["table"], after["table"]),
        *(
            [f"Schlüssel {_listed(before['key'])} → {_listed(after['key'])}"]
            if _rekeyed(before, after)
            else []
        ),
        *_columns(before["columns"], after["columns"]),
    ]


def _shape(column: Column) -> list[str]:
    return [column.duckdb_type, column.unit or ""]


def _rekeyed(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return bool(before["key"] != after["key"])


def _settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if not _extends(before.get(name), after.get(name)):
            yield _SETTING.format(name)


def _extends(before: Any, after: Any) -> bool:
    """Whether nothing that was agreed is said differently; new names in a mapping only add."""
    if isinstance(before, dict) and isinstance(after, dict):
        return all(name in after and _extends(value, after[name]) for name, value in before.items())
    return bool(before == after)


def _columns(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> Iterator[str]:
    for name, (kind, unit) in before.items():
        if name not in after:
            yield f"Spalte „{name}“ entfällt"
            continue
        new_kind, new_unit = after[name]
        if kind != new_kind:
            yield f"Spalte „{name}“: Typ {kind} → {new_kind}"
        if unit != new_unit:
            yield f"Spalte „{name}“: Einheit {unit or 'keine'} → {new_unit or 'keine'}"


def _listed(names: list[str]) -> str:
    return ", ".join(names)
