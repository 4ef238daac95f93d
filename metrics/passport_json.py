"""The passport as JSON: amounts as decimal strings, shares as fractions, days and times in ISO form."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from metrics.passport import Passport

_ADAPTER = TypeAdapter(Passport)


def passport_json(passport: Passport) -> dict[str, Any]:
    """Return the passport as JSON values; `passport_schema` describes them."""
    values: dict[str, Any] = _ADAPTER.dump_python(passport, mode="json")
    return values


def passport_schema() -> dict[str, Any]:
    """Return the JSON schema of a passport."""
    return _ADAPTER.json_schema(mode="serialization")


def read_passport_json(values: dict[str, Any]) -> Passport:
    """Read a passport back; pydantic's ValidationError for anything that is none."""
    return _ADAPTER.validate_python(values)
