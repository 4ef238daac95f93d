"""`isek query … --passport` for people and machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dashboard import formats
from dashboard.citation_link import citation_address
from dashboard.log import visible
from dashboard.passport_words import Section, all_sections
from metrics.citation import cite
from metrics.passport_json import passport_json

if TYPE_CHECKING:
    from metrics.passport import Passport
    from warehouse.ledger import PinnedFigure

WIDTH = 24


def as_contract(passport: Passport, pin: PinnedFigure | None = None) -> dict[str, Any]:
    """Return the JSON contract of a passport; `archive` is the entry it was read from or became."""
    facts = pin_facts(pin) if pin is not None else None
    return {**passport_json(passport), "link": citation_address(cite(passport)), "archive": facts}


def pin_facts(pin: PinnedFigure) -> dict[str, Any]:
    """Return what the archive says about a pinned figure."""
    names = ("id", "who", "reason", "pinned_at", "keep_until", "digest")
    return {name: getattr(pin, name) for name in names}


def print_passport(passport: Passport, zone: ZoneInfo, *, pin: PinnedFigure | None = None) -> None:
    """Print a passport; `pin` is the entry of the archive it was read from."""
    wording = passport.definition
    print(f"Zahlenpass {wording.number} {wording.label}")
    if pin is not None:
        print(archive_words(pin))
    for section in all_sections(passport, zone):
        if section.rows:
            print()
            for line in _lines(section):
                print(visible(line))
    print(f"\nLink\n  {citation_address(cite(passport))}")
    if passport.calculation.sql:
        print(f"\nSQL\n{passport.calculation.sql}")


def archive_words(pin: PinnedFigure) -> str:
    """„Aus dem Archiv: Nr. 3, festgeschrieben am … von …“."""
    return (
        f"Aus dem Archiv: Nr. {pin.id}, festgeschrieben am {formats.day(pin.pinned_at.date())} von {pin.who}"
        f" ({pin.reason}), aufbewahrt bis {formats.day(pin.keep_until)}"
    )


def _lines(section: Section) -> Iterator[str]:
    yield section.title
    for term, words in section.rows:
        yield f"  {term:<{WIDTH}} {words}"
