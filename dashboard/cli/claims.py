"""`isek claims`: what does not add up, does not compare or is not complete in the papers, with the papers."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from dashboard.cli.errors import FINDINGS, OK
from dashboard.cli.output import print_json
from dashboard.cli.stores import load_metrics, open_reader, read_settings
from dashboard.cockpits.widersprueche import VERDICT_WORDS, claim_words, computed_words, quantity_words
from metrics.contradictions.claim import Claim, read_claims
from metrics.contradictions.finding import Finding
from metrics.contradictions.run import find
from metrics.quantity import Quantity
from metrics.result import Scope
from warehouse.errors import ConfigError, did_you_mean


def run_claims(args: Namespace) -> int:
    """Print the findings; with --strict contradictions make the exit code 1."""
    settings = read_settings(args)
    snapshot = open_reader(settings).current()
    catalog = load_metrics(settings.city)
    found = find(catalog, snapshot, settings.city, scope=Scope.city())
    claims = _asked(args.claim, read_claims(catalog, snapshot))
    shown = [item for item in found if _is_shown(item, args)]
    if args.json:
        answer: dict[str, Any] = {"snapshot": snapshot.name, "findings": [as_contract(i) for i in shown]}
        print_json(answer | ({"claim": claim_contract(claims[0])} if claims else {}))
    else:
        print(f"Stand {snapshot.name}\n")
        for claim in claims:
            print(f"{claim.id} {claim.topic}: {claim_words(claim)}\n    Vorlage:  {claim.source}\n")
        _print(shown)
        print(_summary(found))
    contradictions = any(item.verdict == "widerspruch" for item in found)
    return FINDINGS if args.strict and contradictions else OK


def _asked(name: str | None, claims: Mapping[str, Claim]) -> tuple[Claim, ...]:
    if name is None:
        return ()
    if name not in claims:
        raise ConfigError(
            f"Die Aussage „{name}“ gibt es nicht",
            code="unknown_claim",
            next_step=did_you_mean(name, claims) or "isek claims --all",
        )
    return (claims[name],)


def _is_shown(item: Finding, args: Namespace) -> bool:
    if args.claim is not None:
        return args.claim in item.claims
    return bool(args.all) or item.verdict != "stimmt"


def _print(findings: Sequence[Finding]) -> None:
    for item in findings:
        print(f"[{VERDICT_WORDS[item.verdict]}] {item.title}  ({item.id})")
        if item.printed is not None and not item.printed.is_unknown:
            print(f"    wie gedruckt: {quantity_words(item.printed, item.unit)}")
        if item.computed is not None:
            print(f"    rechnerisch:  {computed_words(item)}")
        for line in (*item.details, item.note):
            if line:
                print(f"    {line}")
        print(f"    Aussagen: {', '.join(item.claims)}")
        for paper in item.papers:
            print(f"    Vorlage:  {paper}")
        print()


def _summary(findings: Sequence[Finding]) -> str:
    counts = Counter(item.verdict for item in findings)
    words = (f"{counts[name]} {word}" for name, word in VERDICT_WORDS.items() if counts[name])
    return f"{len(findings)} Prüfungen: {', '.join(words)}"


def as_contract(item: Finding) -> dict[str, Any]:
    """JSON of one finding; values as interval with what is excluded, None for an end nobody named."""
    answer = asdict(item)
    answer["printed"], answer["computed"] = (_interval(value) for value in (item.printed, item.computed))
    answer["difference"] = None if item.difference is None else _number(item.difference)
    return answer


def claim_contract(claim: Claim) -> dict[str, Any]:
    """JSON of a statement as it was said."""
    answer = asdict(claim)
    answer["quantity"] = _interval(claim.quantity)
    return answer


def _interval(value: Quantity | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {
        "low": _number(value.lower),
        "high": _number(value.upper),
        "low_excluded": value.lower is not None and value.low.open,
        "high_excluded": value.upper is not None and value.high.open,
        "approximate": value.approximate,
    }


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)
