"""Numbers of council papers: the same paper is recognised however it was written, what was written stays.

„AN/0002/23“, „0002/23“ and „0002/2023“ name one paper; „22-19539-01“ is a supplement of „22-19539“. Numbers
are only unique within a city, so whoever compares papers of several cities compares the city, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
_SLASHES = re.compile(
    r"(?<![\w/])(?:(?P<before>[A-Za-zÄÖÜ]{1,3})/)?(?P<number>\d{3,6})/(?P<year>\d{4}|\d{2})"
    r"(?:/(?P<after>[A-Za-zÄÖÜ]{1,3}))?(?![\w/])"
)
_DASHES = re.compile(r"(?<![\w-])(?P<year>\d{2})-(?P<number>\d{4,6})(?:-(?P<supplement>\d{2}))?(?![\w-])")
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class PaperId:
    """A paper number taken apart. `kind` is upper case („AN“, „MV“, „DS“), None when it was left out."""

    original: str
    number: int
    year: int
    kind: str | None = None
    supplement: int | None = None
    dashed: bool = False

    @property
    def key(self) -> str:
        """The number in one form for sorting and finding: „2023/0002/AN“, „2022-19539-01“."""
        if self.dashed:
            return f"{self.year}-{self.number:05d}" + (
                f"-{self.supplement:02d}" if self.supplement is not None else ""
            )
        return f"{self.year}/{self.number:04d}" + (f"/{self.kind}" if self.kind else "")

    def same(self, other: PaperId) -> bool:
        """True when both name one paper; a kind that was left out fits every kind."""
        mine, yours = ((p.dashed, p.year, p.number, p.supplement) for p in (self, other))
        return mine == yours and (self.kind == other.kind or None in (self.kind, other.kind))

    def belongs_to(self, other: PaperId) -> bool:
        """True for a supplement („-01“) of the other paper."""
        mine, yours = ((p.dashed, p.year, p.number) for p in (self, other))
        return mine == yours and self.supplement is not None and other.supplement is None


def paper_ids(text: str) -> tuple[PaperId, ...]:
    """Return all paper numbers of a text in the order in which they stand there."""
    found = [(m.start(), _slashed(m)) for m in _SLASHES.finditer(text)]
    found += [(m.start(), _dashed(m)) for m in _DASHES.finditer(text)]
    return tuple(paper for _, paper in sorted(found, key=lambda item: item[0]))


def paper_id(text: str) -> PaperId | None:
    """Return the number when the text holds exactly one, else None: nothing is guessed."""
    found = paper_ids(text)
    return found[0] if len(found) == 1 else None


def paper_key(city: str, text: str) -> str:
    """Key of a paper within all cities; a paper without a number keeps its own words."""
    found = paper_id(text)
    return f"{city} {found.key if found else _SPACE.sub(' ', text).strip().casefold()}"


def _slashed(found: re.Match[str]) -> PaperId:
    kind = found["before"] or found["after"]
    return PaperId(found[0], int(found["number"]), _year(found["year"]), kind.upper() if kind else None)


def _dashed(found: re.Match[str]) -> PaperId:
    supplement = int(found["supplement"]) if found["supplement"] else None
    return PaperId(found[0], int(found["number"]), _year(found["year"]), supplement=supplement, dashed=True)


def _year(text: str) -> int:
    """Two digits are years of this century: council information systems are not older."""
    return int(text) if len(text) == 4 else _CENTURY + int(text)
