"""`isek metrics --audit`: what an attacker computes from the published tables of small numbers."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dashboard import formats
from dashboard.cli.errors import FINDINGS, OK
from dashboard.cli.output import print_json, print_table

if TYPE_CHECKING:
    from metrics.protect.audit import Audit, AuditLine, Outcome

_HEAD = (
    "Kennzahl", "ab", "Felder", "klein", "verborgen", "Schwelle",
    "exakt ohne Ergänzung", "zu eng ohne", "exakt", "zu eng", "schmalste Spanne",
)  # fmt: skip


def print_audit(found: Audit, *, as_json: bool) -> int:
    """Print the attack; exit code 1 when a hidden figure came out too closely."""
    if as_json:
        print_json(_contract(found))
        return OK if found.is_sound else FINDINGS
    print_table(_HEAD, [_row(line) for line in found.lines], right=range(2, len(_HEAD)))
    if not found.lines:
        print("Keine geschützten Tabellen in diesem Stand.")
    for metric, other, least in found.beside:
        told = f"gibt Werte erst ab {least} Fällen an" if least else "ohne Schutz"
        print(f"Hinweis: {other} rechnet aus denselben Lieferungen wie {metric}, {told}.")
    for metric, other in found.apart:
        print(
            f"Hinweis: {metric} und {other} beruhen auf denselben Lieferungen; angegriffen ist jede für sich."
        )
    print(_verdict(found))
    return OK if found.is_sound else FINDINGS


def _verdict(found: Audit) -> str:
    if not found.is_sound:
        return "BEFUND: Verborgenes ist errechenbar."
    if not found.not_attacked:
        return "Kein verborgener Wert ist errechenbar."
    return (
        f"Kein verborgener Wert der übrigen Tabellen ist errechenbar; nicht angegriffen, weil Daten seither"
        f" geändert: {found.not_attacked}."
    )


def _row(line: AuditLine) -> tuple[object, ...]:
    counts = (line.metric, formats.day(line.period), line.cells, line.sensitive, line.hidden, line.min_cell)
    if line.before is None or line.after is None:
        return (*counts, *("Daten seither geändert; die Festschreibung gilt", "", "", "", ""))
    before, after = line.before, line.after
    return (*counts, before.exact, before.too_close, after.exact, after.too_close, _width(after))


def _width(outcome: Outcome) -> str:
    if outcome.narrowest is None:
        return formats.MISSING
    return "unbegrenzt" if math.isinf(outcome.narrowest) else formats.number(outcome.narrowest, 1)


def _contract(found: Audit) -> dict[str, Any]:
    lines = [asdict(line) for line in found.lines]
    for line in lines:
        for name in ("before", "after"):
            if line[name] and math.isinf(line[name]["narrowest"] or 0):
                line[name]["narrowest"] = "unbounded"
    return {
        "sound": found.is_sound,
        "tables": lines,
        "beside": [
            {"protected": metric, "unprotected": other, "least_cases": least}
            for metric, other, least in found.beside
        ],
        "apart": [list(pair) for pair in found.apart],
        "not_attacked": found.not_attacked,
    }
