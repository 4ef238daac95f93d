"""The passport as JSON: amounts as decimal strings, shares as fractions, days and times in ISO form.

Archived texts are read for ten years: a new field needs a default, is left out while it has it, and an old
one keeps its name and meaning.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from metrics.passport import Passport

_ADAPTER = TypeAdapter(Passport)


def passport_json(passport: Passport) -> dict[str, Any]:
    """Return the passport as JSON values; `passport_schema` describes them."""
    values: dict[str, Any] = _ADAPTER.dump_python(passport, mode="json")
    if not passport.notes:
        del values["notes"]
    if not passport.definition.least_cases:
        del values["definition"]["least_cases"]
    return values


def passport_schema() -> dict[str, Any]:
    """Return the JSON schema of a passport."""
    return _ADAPTER.json_schema(mode="serialization")


def passport_text(passport: Passport) -> str:
    """Return the passport as the text that is archived: equal passports, equal text."""
    return json.dumps(passport_json(passport), sort_keys=True, ensure_ascii=False)


def read_passport_text(text: str) -> Passport:
    """Read an archived passport; pydantic's ValidationError for anything that is none."""
    # As JSON and not as values: only there a text that is a number stays a decimal to the cent.
    return _ADAPTER.validate_json(text)
