"""What is noticed without a rule: levels without criteria, shares without denominator, spellings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from metrics.contradictions.claim import SHARE, Claim
from metrics.contradictions.finding import Finding, sources
from metrics.paper import PaperId

# Under model 1.1 the lowest criterion decides; without criteria nobody can check that.
METHODS: Mapping[str, str] = {
    "pauschal": "pauschal eingestuft, ohne Kriterien",
    "nicht_genannt": "nicht gesagt, wie eingestuft wurde; ohne Kriterien gilt die Angabe als pauschal",
}


def observe_claims(claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yield what has to be known before a statement is compared with anything."""
    found = tuple(claims)
    for claim in found:
        # Targets and duties name a level, too, but nobody has assessed anything there.
        told = METHODS.get(claim.levels.method or "") if claim.levels else None
        if told:
            yield _about(claim, "einstufung", "Stufe ohne Kriterien", told)
        if claim.unit == SHARE and not claim.population:
            yield _about(claim, "nenner", "Anteil ohne Grundgesamtheit", "der Nenner ist nicht genannt")
    yield from _spellings(found)


def _about(claim: Claim, kind: str, title: str, told: str) -> Finding:
    return Finding(
        id=f"{kind}-{claim.id.lower()}",
        kind=kind,
        verdict="nicht_vergleichbar",
        title=f"{title}: {claim.topic}",
        claims=(claim.id,),
        papers=(claim.source,),
        unit=claim.unit,
        printed=claim.quantity,
        details=(told,),
    )


def _spellings(claims: tuple[Claim, ...]) -> Iterator[Finding]:
    """Papers of one city that are written in several ways: recognised as one, the originals kept."""
    groups: list[tuple[str, PaperId, dict[str, None], list[Claim]]] = []
    for claim in claims:
        for paper in claim.papers:
            group = next((g for g in groups if g[0] == claim.city and g[1].same(paper)), None)
            if group is None:
                group = (claim.city, paper, {}, [])
                groups.append(group)
            group[2][paper.original] = None
            if claim not in group[3]:
                group[3].append(claim)
    for city, paper, originals, named in groups:
        if len(originals) > 1:
            yield Finding(
                id=f"schreibweise-{paper.number}-{paper.year}",
                kind="schreibweise",
                verdict="abgeleitet",
                title=f"{city}: eine Vorlage in mehreren Schreibweisen",
                claims=tuple(claim.id for claim in named),
                papers=sources(named),
                unit="",
                details=tuple(originals),
            )
