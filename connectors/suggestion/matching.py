"""Which column of a file is meant by which column of a subject: by name, title and type."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.suggestion.column import ColumnLook
from warehouse.contract import Column, Subject

LEAST = 0.62
"""Likeness below which two names are two things."""

# What finance and specialised programs call the columns of subjects.
SAYINGS: Mapping[str, tuple[str, ...]] = {
    "amount_eur": (
        "betrag",
        "amount",
        "summe",
        "wert",
        "euro",
        "betrag in eur",
        "betrag in euro",
        "buchungsbetrag",
    ),
    "applications": ("anzahl", "antraege", "transaktionen", "faelle", "eingaenge"),
    "booked_on": ("buchungstag", "buchungsdatum", "datum", "belegdatum"),
    "booking_id": ("beleg", "belegnummer", "belegnr", "buchungsnummer"),
    "case_id": ("aktenzeichen", "vorgang", "vorgangsnummer", "fallnummer"),
    "channel": ("kanal", "eingangskanal", "eingangsart"),
    "commitment_id": ("auftrag", "auftragsnummer", "bestellung", "bestellnummer"),
    "decided_on": ("bescheid", "bescheiddatum", "entschieden", "beschlossen", "entscheidung"),
    "haushaltsjahr": ("jahr", "year", "hhj", "hh jahr", "geschaeftsjahr"),
    "konto": ("sachkonto", "kostenart", "konto", "gruppierung"),
    "month": ("monat", "berichtsmonat", "eingangsdatum"),
    "org_unit_id": ("fachdienst", "amt", "organisationseinheit", "dienststelle", "einheit", "abteilung"),
    "ordered_on": ("bestelldatum", "auftragsdatum", "bestellt"),
    "position_id": ("position", "sachkonto", "kostenart", "haushaltsposition"),
    "procedure": ("verfahren", "leistung", "formular", "antragsart"),
    "produkt": ("produkt", "produktnummer", "profitcenter", "kostentraeger"),
    "received_on": ("eingang", "eingangsdatum", "antragsdatum", "eingegangen"),
}


@dataclass
class Match:
    """A subject laid on a file: contract column to header, how likely each is, what found no partner."""

    subject: Subject
    columns: dict[str, str] = field(default_factory=dict)
    likeness: dict[str, float] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        """How well the subject fits: how much of what it requires is there, how much of the file it uses."""
        needed = sum(1 for column in self.subject.columns.values() if column.required) or 1
        required = sum(likeness for name, likeness in self.likeness.items() if name not in self._optional)
        used = sum(self.likeness.values()) / max(1, len(self.columns) + len(self.unused))
        return required / needed * min(1.0, required / 2) + used

    @property
    def _optional(self) -> set[str]:
        return {name for name, column in self.subject.columns.items() if not column.required}


def match(subject: Subject, looks: Sequence[ColumnLook]) -> Match:
    """The likeliest partner of every contract column; each header is used once."""
    pairs = [
        (_likeness(name, column, look), name, look.name)
        for name, column in subject.columns.items()
        for look in looks
        if _may_be(column, look)
    ]
    found = Match(subject)
    for likeness, name, header in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if likeness >= LEAST and name not in found.columns and header not in found.columns.values():
            found.columns[name], found.likeness[name] = header, likeness
    found.columns = {name: found.columns[name] for name in subject.columns if name in found.columns}
    found.missing = [n for n, c in subject.columns.items() if c.required and n not in found.columns]
    found.unused = [look.name for look in looks if look.name not in found.columns.values()]
    return found


def best_subjects(subjects: Mapping[str, Subject], looks: Sequence[ColumnLook]) -> list[Match]:
    """All subjects, the one that fits best first."""
    return sorted((match(subject, looks) for subject in subjects.values()), key=lambda found: -found.score)


def best_word(word: str, allowed: Sequence[str]) -> str | None:
    """The allowed value a delivered word most likely means."""
    plain = _plain(word)
    likely = {
        option: max(_ratio(plain, _plain(said)) for said in (option, *_MEANT.get(option, ())))
        for option in allowed
    }
    option = max(likely, key=lambda name: likely[name]) if likely else None
    return option if option is not None and likely[option] >= LEAST else None


_MEANT: Mapping[str, tuple[str, ...]] = {
    "post": ("brief", "papier", "schriftlich"),
    "vor_ort": ("vorsprache", "persoenlich", "schalter", "vor ort"),
    "email": ("e mail", "mail"),
    "ertrag": ("ertraege", "einnahmen", "e"),
    "aufwand": ("aufwendungen", "ausgaben", "a"),
    "ergebnis": ("ist", "rechnung", "rechnungsergebnis", "erg"),
    "ansatz": ("plan", "haushaltsansatz"),
    "uebertrag": ("hh rest", "haushaltsrest", "ermaechtigungsuebertragung", "rest"),
    "umschichtung": ("umbuchung", "deckung"),
}


def _likeness(name: str, column: Column, look: ColumnLook) -> float:
    header = _plain(look.name)
    said = [_plain(name), _plain(column.title), *SAYINGS.get(name, ())]
    # A title explains itself in brackets: „Monat (erster Tag)“.
    said.append(_plain(re.sub(r"\(.*?\)", "", column.title)))
    likeness = max(_ratio(header, words) for words in said if words)
    return likeness - _unlike(column, look)


def _unlike(column: Column, look: ColumnLook) -> float:
    """How much the values speak against it."""
    if column.allowed:
        words = list(dict.fromkeys(look.values))[:20]
        known = sum(1 for word in words if best_word(word, column.allowed))
        return 0.3 * (1 - known / len(words)) if words else 0.0
    if column.type == "text":
        return 0.3 if look.kind in ("decimal", "boolean", "timestamp") else 0.0
    return 0.0 if look.kind == column.type else 0.08


def _ratio(left: str, right: str) -> float:
    if left == right:
        return 1.0
    whole = difflib.SequenceMatcher(None, left, right).ratio()
    contained = set(right.split()) <= set(left.split()) and len(right) > 3
    return max(whole, 0.85) if contained else whole


def _may_be(column: Column, look: ColumnLook) -> bool:
    """Whether the values fit the type at all; text may become anything by a declared spelling."""
    if column.type == "text" or not look.values:
        return True
    if column.type in ("date", "timestamp"):
        return look.kind in ("date", "timestamp")
    if column.type == "boolean":
        return look.kind in ("boolean", "integer")
    if column.type == "integer" and look.kind == "decimal":
        return all(re.fullmatch(r"[-+]?\d{1,3}([.' \u00a0]\d{3})+|[-+]?\d+", value) for value in look.values)
    return look.kind in ("integer", "decimal")


def _plain(text: str) -> str:
    text = (
        text.lower()
        .replace("ä", "ae")
        .replace("ö", "oe")
        .replace("ü", "ue")
        .replace("ß", "ss")
        .replace("€", "eur")
    )
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())
