"""What the checks of the papers found, as cards: both values, the rule behind them, statements and papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dashboard import formats
from dashboard.cockpits.aussagen import due
from dashboard.cockpits.widersprueche import VERDICT_WORDS, claim_words, computed_words, quantity_words
from dashboard.dimension_words import without_codes
from dashboard.sentence import upper_first
from dashboard.texts import plural
from metrics.contradictions.claim import Claim
from metrics.contradictions.finding import ORDER, Finding, Verdict
from metrics.quantity import Quantity
from metrics.result import Rating

OPEN = "offene"
EVERY = "alle"
FINE: Verdict = "stimmt"
SEVERITY: Mapping[Verdict, tuple[Rating, str]] = {
    "widerspruch": ("warn", "klären, bevor die Zahl weitergegeben wird"),
    "nicht_vergleichbar": ("neu", "nicht nebeneinander verwenden"),
    "unvollstaendig": ("neu", "nur mit dem Hinweis „unvollständig“ verwenden"),
    "annahme": ("neu", "als Annahme kennzeichnen"),
    "abgeleitet": ("neu", "als gerechnet kennzeichnen, so steht es in keiner Vorlage"),
    "offen": ("neu", "noch nicht prüfbar"),
    "stimmt": ("gut", "nichts zu tun"),
}
RULES: Mapping[str, str] = {
    "sum": "Die Teile ergeben zusammen das Ganze.",
    "base": "Ein Anteil wird von der Größe genommen, die die Vorlage nennt.",
    "share": "Ein Anteil hat nur dort einen Sinn, wo der Teil in der Grundgesamtheit enthalten ist.",
    "quota": "Ein Anteil an Beträgen folgt aus den Beträgen, die dieselbe Vorlage nennt.",
    "same": "Dieselbe Angabe an zwei Stellen hat denselben Wert.",
    "apart": "Verschiedene Dinge werden nicht zusammengezählt.",
    "term": "Ein Begriff umfasst die Beträge, für die die Vorlage ihn gebraucht.",
    "deadlines": "Für eine Sache gilt unter einer Rechtslage eine Frist.",
    "levels": "Reifegrade werden nur unter einem Modell verglichen.",
    "answer": "Eine Zahl antwortet auf die Frage, die gestellt war.",
    "rate": "Gleiche Beträge je Kopf können übernommen sein: Dann sind sie eine Annahme.",
    "model": "Die Zahl der Vorlage folgt aus ihren eigenen Annahmen.",
    "cost": "Jede Zeile der Kostentabelle folgt aus ihrer eigenen Regel.",
    "live": "Die Angabe der Vorlage passt zum Wert dieses Portals am selben Tag.",
    "einstufung": "Eine Stufe ohne Kriterien lässt sich nicht nachprüfen.",
    "nenner": "Ein Anteil nennt seine Grundgesamtheit.",
    "schreibweise": "Nummern derselben Vorlage werden als eine erkannt.",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One finding in finished words. `sides` are (what, value); `papers` are (source, statements of it)."""

    id: str
    title: str
    verdict: str
    rating: Rating
    advice: str
    rule: str
    sides: tuple[tuple[str, str], ...]
    details: tuple[str, ...]
    papers: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def anchor(self) -> str:
        """Stable name of the card in addresses."""
        return f"befund-{self.id}"


def chosen(findings: Sequence[Finding], verdict: str, words: str) -> tuple[Finding, ...]:
    """Findings of a verdict („offene“ leaves out what is in order, „alle“ nothing) that hold all words."""
    return tuple(item for item in findings if _is_asked(item, verdict) and _holds(item, words))


def _is_asked(item: Finding, verdict: str) -> bool:
    return verdict == EVERY or (item.verdict != FINE if verdict == OPEN else item.verdict == verdict)


def _holds(item: Finding, words: str) -> bool:
    told = (item.id, item.title, item.note, *item.details, *item.claims, *item.papers)
    text = " ".join((*told, VERDICT_WORDS[item.verdict], RULES.get(item.kind, ""))).casefold()
    return all(word in text for word in words.casefold().split())


def options(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Choices of the list with their counts: (value, words), what is empty left out."""
    counts = Counter(item.verdict for item in findings)
    total = len(findings)
    found = [(OPEN, f"zu beachten ({formats.number(total - counts[FINE])})")]
    found += [(v, f"{VERDICT_WORDS[v]} ({formats.number(counts[v])})") for v in ORDER if counts[v]]
    return [*found, (EVERY, f"alle ({formats.number(total)})")]


def lead(findings: Sequence[Finding]) -> tuple[str, str]:
    """Lagesatz: how many contradictions, and of how many checks."""
    if not findings:
        return "Noch ist keine Prüfung der Vorlagen eingerichtet.", ""
    counts = Counter(item.verdict for item in findings)
    bold = plural(counts["widerspruch"], "Widerspruch", "Widersprüche", "Kein Widerspruch")
    rest = len(findings) - counts["widerspruch"] - counts[FINE]
    more = f"{plural(rest, 'weiterer Befund ist', 'weitere Befunde sind')} zu beachten" if rest else ""
    fine = plural(counts[FINE], "Prüfung stimmt", "Prüfungen stimmen", "keine Prüfung stimmt")
    checks = f"in {plural(len(findings), 'Prüfung', 'Prüfungen')} der Vorlagen."
    return f"{bold} {checks}", f"{upper_first('; '.join(part for part in (more, fine) if part))}."


def card_of(item: Finding, claims: Mapping[str, Claim]) -> Card:
    """Return a finding in words; what was not said is left out."""
    rating, advice = SEVERITY[item.verdict]
    return Card(
        id=item.id,
        title=item.title,
        verdict=VERDICT_WORDS[item.verdict],
        rating=rating,
        advice=advice,
        rule=RULES.get(item.kind, ""),
        sides=tuple(_sides(item)),
        details=tuple(without_codes(part) for part in (*item.details, item.note) if part),
        papers=_papers(item, claims),
    )


def _sides(item: Finding) -> list[tuple[str, str]]:
    sides = []
    if _is_said(item.printed):
        sides.append(("wie gedruckt", quantity_words(item.printed, item.unit)))
    if _is_said(item.computed):
        sides.append(("rechnerisch", computed_words(item)))
    if item.difference:
        sides.append(("Abweichung", difference_words(item.difference, item.unit)))
    return sides


def _is_said(value: Quantity | None) -> bool:
    return value is not None and not value.is_unknown


def difference_words(value: Fraction, unit: str) -> str:
    """„+107.960 €“: printed minus computed, the sign always shown."""
    words = quantity_words(Quantity.exactly(abs(value)), unit)
    return f"{'+' if value > 0 else '−'}{words}"


def _papers(item: Finding, claims: Mapping[str, Claim]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    named = [claims[name] for name in item.claims if name in claims]
    found = {
        paper: tuple(without_codes(f"{c.id} {c.topic}: {_said(c)}") for c in named if c.source == paper)
        for paper in item.papers
    }
    return tuple(found.items())


def _said(claim: Claim) -> str:
    """A statement as it was said; a deadline is told as one."""
    deadline = due({"due_kind": claim.due_kind, "due_on": claim.due_on})
    if not deadline:
        return claim_words(claim)
    return f"{deadline} („{claim.wording}“)" if claim.wording else deadline
