"""Checks that compute: sums, bases, shares, amounts per head, words for amounts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from metrics.contradictions.claim import SHARE, Claim, add_up, why_not_together
from metrics.contradictions.finding import Finding, Verdict, sources
from metrics.contradictions.rules import (
    AnswerCheck,
    BaseCheck,
    Check,
    QuotaCheck,
    RateCheck,
    Rules,
    SameCheck,
    ShareCheck,
    SumCheck,
    TermCheck,
)
from metrics.quantity import Quantity, agree, total

Claims = dict[str, Claim]
VERDICTS: dict[str, Verdict] = {
    "stimmt": "stimmt",
    "vertraeglich": "stimmt",
    "widerspricht": "widerspruch",
    "offen": "offen",
}

ASKED = {"frontend": "online beantragbar", "ende_zu_ende": "fallabschließend, also Ende zu Ende"}


def finding(
    check: Check,
    kind: str,
    verdict: Verdict,
    claims: tuple[Claim, ...],
    *,
    unit: str | None = None,
    printed: Quantity | None = None,
    computed: Quantity | None = None,
    details: tuple[str, ...] = (),
) -> Finding:
    """Put an answer together; the unit is that of the first statement unless named."""
    return Finding(
        id=check.id,
        kind=kind,
        verdict=verdict,
        title=check.title,
        claims=tuple(claim.id for claim in claims),
        papers=sources(claims),
        unit=unit or (claims[0].unit if claims else ""),
        printed=printed,
        computed=computed,
        details=details,
        note=check.note,
    )


def check_sum(check: SumCheck, claims: Claims) -> Finding:
    """Add the parts; unknown parts make the sum incomplete and keep it from being judged."""
    parts = tuple(claims[name] for name in check.parts)
    whole = claims[check.whole] if check.whole else None
    named = (*parts, whole) if whole else parts
    if reason := why_not_together(named):
        return finding(check, "sum", "nicht_vergleichbar", named, details=(reason,))
    found = add_up(parts)
    computed = found.known.times(check.times)
    printed = whole.quantity if whole else None
    if not found.complete:
        unknown = ", ".join(part.topic for part in parts if part.quantity.is_unknown)
        missing = (f"unvollständig: ohne {unknown}",)
        return finding(
            check, "sum", "unvollstaendig", named, printed=printed, computed=computed, details=missing
        )
    verdict = VERDICTS[agree(printed, computed, check.tolerance)] if printed else "abgeleitet"
    return finding(check, "sum", verdict, named, printed=printed, computed=computed)


def check_base(check: BaseCheck, claims: Claims) -> Finding:
    """Compute the fraction of its stated base; name the base that would give what is printed."""
    base, result = claims[check.base], claims[check.result]
    others = tuple(claims[name] for name in check.others)
    computed = base.quantity.times(check.rate)
    verdict = VERDICTS[agree(result.quantity, computed)]
    fits = tuple(
        f"gedruckt ist der Anteil an: {other.topic}"
        for other in others
        if verdict == "widerspruch" and agree(result.quantity, other.quantity.times(check.rate)) == "stimmt"
    )
    named = (result, base, *others)
    return finding(check, "base", verdict, named, printed=result.quantity, computed=computed, details=fits)


def check_quota(check: QuotaCheck, claims: Claims) -> Finding:
    """Recompute a part said of amounts that the paper itself lists; unknown amounts leave it open."""
    claim = claims[check.claim]
    parts, others = (tuple(claims[name] for name in names) for names in (check.parts, check.others))
    amounts = (*parts, *others)
    if reason := why_not_together(amounts):
        return finding(check, "quota", "nicht_vergleichbar", (claim, *amounts), details=(reason,))
    part, whole = add_up(parts), add_up(amounts)
    if not whole.complete:
        return finding(check, "quota", "offen", (claim, *amounts), printed=claim.quantity)
    computed = part.known / whole.known
    verdict = VERDICTS[agree(claim.quantity, computed, check.tolerance)]
    return finding(check, "quota", verdict, (claim, *amounts), printed=claim.quantity, computed=computed)


def check_share(check: ShareCheck, claims: Claims, rules: Rules) -> Finding:
    """Divide part by whole where the part is counted within the whole; the denominator is named."""
    part, whole = claims[check.part], claims[check.whole]
    one, other = part.population_id, whole.population_id
    reason = why_not_together((part, whole))
    if reason is None and (one is None or other is None or not rules.is_within(one, other)):
        reason = "Der Zähler gehört nicht zur Grundgesamtheit des Nenners"
    if reason:
        return finding(check, "share", "nicht_vergleichbar", (part, whole), details=(reason,))
    title = rules.populations[other].title if other in rules.populations else whole.population or whole.topic
    computed = (part.quantity / whole.quantity).at_least(0)
    nenner = (f"Nenner: {title}",)
    return finding(check, "share", "abgeleitet", (part, whole), unit=SHARE, computed=computed, details=nenner)


def check_same(check: SameCheck, claims: Claims) -> Finding:
    """Compare values; different populations or counting rules are put side by side, not judged."""
    named = tuple(claims[name] for name in check.claims)
    populations = {claim.population_id for claim in named}
    reason = why_not_together(named)
    if reason is None and (len(populations) > 1 or None in populations):
        reason = "verschiedene Grundgesamtheiten"
    first, second = named[0].quantity, named[1].quantity
    if reason:
        words = tuple(f"{claim.id}: {_counted(claim)}" for claim in named)
        return finding(
            check,
            "same",
            "nicht_vergleichbar",
            named,
            printed=first,
            computed=second,
            details=(reason, *words),
        )
    verdicts = {
        VERDICTS[agree(one.quantity, other.quantity, check.tolerance)]
        for one, other in combinations(named, 2)
    }
    verdict: Verdict = next(v for v in ("widerspruch", "offen", "stimmt") if v in verdicts)
    return finding(check, "same", verdict, named, printed=first, computed=second)


def _counted(claim: Claim) -> str:
    rule = f", Zählregel {claim.counting_rule}" if claim.counting_rule else ""
    return f"{claim.population or claim.topic}{rule}"


def check_term(check: TermCheck, claims: Claims) -> Finding:
    """Tell what a word covers beyond its meaning, and what must not be added to it."""
    claim = claims[check.claim]
    parts = tuple(claims[name] for name in check.parts)
    own = total(claims[name].quantity for name in check.own).quantity
    beyond = tuple(part for part in parts if part.id not in check.own)
    details = [f"„{claim.term or claim.topic}“ enthält auch: {', '.join(p.topic for p in beyond)}"]
    details += [f"nicht zusammenzählen mit: {claims[name].topic}" for name in check.not_with]
    printed = claim.quantity
    verdict: Verdict = "stimmt" if agree(printed, own) == "stimmt" else "widerspruch"
    named = (claim, *parts, *(claims[name] for name in check.not_with))
    told = tuple(details) if verdict == "widerspruch" else ()
    return finding(check, "term", verdict, named, printed=printed, computed=own, details=told)


def check_answer(check: AnswerCheck, claims: Claims) -> Finding:
    """What was asked for was not counted: it lies anywhere up to what was."""
    claim = claims[check.claim]
    ceiling = claim.quantity.upper
    computed = Quantity.unknown()
    if ceiling is not None:
        lower, upper = Quantity.exactly(check.floor).low, Quantity.exactly(ceiling).high
        computed = Quantity(lower, upper, claim.quantity.approximate)
    asked = ASKED.get(claim.asked_for or "", "nicht genannt")
    details = (f"gefragt: {asked}; gezählt: {claim.topic}",)
    return finding(
        check,
        "answer",
        "nicht_vergleichbar",
        (claim,),
        printed=claim.quantity,
        computed=computed,
        details=details,
    )


def check_rate(check: RateCheck, claims: Claims) -> Finding:
    """The same amount per head at several places was measured at one of them at most."""
    pairs = [(claims[amount], claims[heads]) for amount, heads in check.amounts]
    rates = [amount.quantity / heads.quantity for amount, heads in pairs]
    named = tuple(claim for pair in pairs for claim in pair)
    points = {rate.point for rate in rates}
    is_taken_over = len(points) == 1 and None not in points
    verdict: Verdict = "annahme" if is_taken_over else "abgeleitet"
    unit = f"{pairs[0][0].unit} je {pairs[0][1].unit}"
    return finding(check, "rate", verdict, named, unit=unit, printed=rates[0], computed=rates[1])


def rounded_to(value: Fraction, step: Decimal = Decimal(1)) -> Fraction:
    """Round half up to whole steps, as papers round posts."""
    steps = value / Fraction(step) + Fraction(1, 2)
    return Fraction(steps.numerator // steps.denominator) * Fraction(step)
