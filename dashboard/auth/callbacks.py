"""Checks of a callback request before Dash sees it: known output, fitting inputs, page allowed.

What a browser claims (stores, states, ids, what triggered) is never identity and never a right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

POLLING = ".n_intervals"


class CallbackBody(BaseModel):
    """The outer shape of a callback request."""

    model_config = ConfigDict(extra="allow", strict=True)

    output: str
    outputs: Any = None
    inputs: list[Any] = []
    state: list[Any] = []
    changedPropIds: list[str] = []  # noqa: N815 - the renderer's name

    @property
    def is_polling(self) -> bool:
        """True when only a timer caused the request."""
        return bool(self.changedPropIds) and all(p.endswith(POLLING) for p in self.changedPropIds)


def read_body(payload: object) -> CallbackBody | None:
    """Return the body when it has the outer shape, else None."""
    try:
        return CallbackBody.model_validate(payload)
    except ValidationError:
        return None


def parse_body(text: bytes) -> CallbackBody | None:
    """Return the body of a request, or None for anything that is no callback.

    Deep nesting ends Python's recursion, and half a surrogate pair breaks whatever writes the text out
    later; both are refused here instead of becoming an incident somewhere behind.
    """
    try:
        payload = json.loads(text.decode())
        if b"\\u" in text:
            json.dumps(payload, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return read_body(payload)


def fits(body: CallbackBody, spec: Mapping[str, Any]) -> bool:
    """True when inputs, states and outputs are those the callback declares."""
    return (
        _fit_list(body.inputs, spec.get("inputs") or [])
        and _fit_list(body.state, spec.get("state") or [])
        and _fit_outputs(body)
    )


def _fit_list(sent: list[Any], declared: list[Mapping[str, Any]]) -> bool:
    if len(sent) != len(declared):
        return False
    return all(_fit_one(got, want) for got, want in zip(sent, declared, strict=True))


def _fit_one(got: Any, want: Mapping[str, Any]) -> bool:
    name, prop = str(want["id"]), want["property"]
    if name.startswith("{"):
        items = got if isinstance(got, list) else [got]
        return all(
            isinstance(i, dict) and i.get("property") == prop and _fit_pattern(i.get("id"), name)
            for i in items
        )
    return isinstance(got, dict) and got.get("id") == name and got.get("property") == prop


def _fit_pattern(got: Any, pattern: str) -> bool:
    wanted = json.loads(pattern)
    if not isinstance(got, dict) or set(got) != set(wanted):
        return False
    return all(isinstance(v, list) or got[k] == v for k, v in wanted.items())


def _fit_outputs(body: CallbackBody) -> bool:
    """Outputs repeat what `output` names; Dash writes the whole answer into the log when they do not."""
    many = body.output.startswith("..") and body.output.endswith("..")
    names = body.output[2:-2].split("...") if many else [body.output]
    sent = body.outputs if many else [body.outputs]
    if not isinstance(sent, list) or len(sent) != len(names):
        return False
    parts = (name.rpartition(".") for name in names)
    return all(
        _fit_one(got, {"id": name, "property": prop})
        for got, (name, _, prop) in zip(sent, parts, strict=True)
    )


def input_value(body: CallbackBody, component: str, prop: str) -> Any:
    """Return what the request carries for one input, or None."""
    for item in body.inputs:
        if isinstance(item, dict) and item.get("id") == component and item.get("property") == prop:
            return item.get("value")
    return None
