"""What every sentence on a page shares: its two parts, its length, agreement in number, old values."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import formats
from metrics.result import Number

LEAD_LENGTH, TITLE_LENGTH = 160, 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A Lagesatz: `bold` carries the fact and the comparison, `rest` the consequence (may be empty)."""

    bold: str
    rest: str = ""

    @property
    def length(self) -> int:
        """Letters of both parts as they stand on the page."""
        return len(f"{self.bold} {self.rest}".strip())


def fitted(bold: str, *rests: str) -> Sentence:
    """The first consequence that leaves the Lagesatz short enough; without one the fact stands alone."""
    fitting = (Sentence(bold, rest) for rest in rests)
    return next((found for found in fitting if found.length <= LEAD_LENGTH), Sentence(bold))


def title(*wordings: str) -> str:
    """The first wording of a title that is short enough; the last one is the neutral title."""
    return next((words for words in wordings if len(words) <= TITLE_LENGTH), wordings[-1])


def dated(sentence: Sentence, stale: str) -> Sentence:
    """A Lagesatz that rests on old values says so; `stale` is „veraltet, Stand 08.06.2026“ or nothing."""
    if not stale:
        return sentence
    end = sentence.bold[-1:] if sentence.bold.endswith((".", ":")) else "."
    return fitted(f"{sentence.bold.rstrip('.:')} ({stale}){end}", sentence.rest)


def verb(count: Number, one: str, many: str) -> str:
    """The form of a verb or noun that agrees with a count."""
    return one if abs(count) == 1 else many


def upper_first(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def whole_eur(amount_eur: Number) -> int:
    """An amount as it is printed: what rounds to zero is neither missing nor left over."""
    return int(formats.rounded(amount_eur))
