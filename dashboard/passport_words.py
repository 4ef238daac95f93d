"""The passport in German words: the same sections for the panel, the page of a link and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from dashboard import dimension_words as naming
from dashboard import formats, texts
from metrics.passport import Amount, Break, Delivery, Earlier, Figure, Knowledge, Known, Passport, Wording
from metrics.result import Number
from metrics.version import part_words

HASH_DIGITS = 16
SELECTION = "Auswahl"
WITHHELD = "neben geschützten Zahlen nicht ausgewiesen"
BREAKS: Mapping[str, str] = {
    "definition": "Definition",
    "population": "Grundgesamtheit",
    "model": "Reifegradmodell oder Auswahl",
    "regraded": "neu bewertet",
    "contract": "Vereinbarung der Quelle",
    "missing": "Lücke",
}
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its terms and words."""

    title: str
    rows: tuple[Row, ...]


def figure_sections(passport: Passport) -> tuple[Section, ...]:
    """Return one section per cell: value, what it was made of, how much of its population is known."""
    alone = len(passport.figures) == 1
    return tuple(
        Section("Zahl" if alone else _cell_title(figure, passport), tuple(_figure(figure, passport)))
        for figure in passport.figures
    )


def course_sections(passport: Passport) -> tuple[Section, ...]:
    """Return today's knowledge against what was reported, earlier values, and breaks in the series."""
    single = passport.figures[0] if len(passport.figures) == 1 else None
    found = []
    if single is not None and single.knowledge is not None:
        rows = _knowledge(single.knowledge, passport.definition)
        found.append(Section("Kenntnisstand", tuple(rows)))
    if single is not None and single.earlier:
        rows = (_earlier(item, passport.definition) for item in single.earlier)
        found.append(Section("Frühere Werte", tuple(rows)))
    if passport.breaks:
        breaks = ((_break_title(item), naming.without_codes(item.words)) for item in passport.breaks)
        found.append(Section("Brüche in der Reihe", tuple(breaks)))
    return tuple(found)


def _break_title(item: Break) -> str:
    return f"{formats.day(item.on)} {BREAKS.get(item.kind, item.kind)}"


def definition_section(passport: Passport) -> Section:
    """Return what is counted, of which population, in which version."""
    wording, grounds = passport.definition, passport.population
    since = f" (gilt ab {formats.day(grounds.valid_from)})" if grounds.valid_from else ""
    counted = f"{grounds.title}{since}: {grounds.definition}" if grounds.definition else grounds.id
    rows = [
        ("Bedeutung", naming.without_codes(wording.meaning)),
        ("Grundgesamtheit", counted),
        ("Grenzen", naming.without_codes(wording.limits or "")),
        ("Rechtsgrundlage", wording.legal or ""),
        ("Fassung vom", formats.day(wording.revised)),
        ("Prüfsumme", version_words(wording)),
    ]
    return Section("Definition", tuple((term, words) for term, words in rows if words))


def version_words(wording: Wording) -> str:
    """First digits of the hash of what is counted, and what has changed since."""
    words = wording.version[:HASH_DIGITS]
    if not wording.kept_with_snapshot:
        words += "; im Stand selbst nicht aufbewahrt"
    if wording.changed_since:
        words += f"; heute anders: {part_words(wording.changed_since)}"
    return words


def calculation_section(passport: Passport) -> Section:
    """Return the way from rows to value in words; the SQL is apart."""
    pairs = (words.partition(": ") for words in passport.calculation.words)
    rows = ((term, words) if words else ("Zeit", term) for term, _, words in pairs)
    return Section("Rechnung", tuple((term, _selected(term, words, passport)) for term, words in rows))


def _selected(term: str, words: str, passport: Passport) -> str:
    """The selection is kept as it was asked; people read it in their own words."""
    if term != SELECTION:
        return words
    picked = {**passport.question.chosen, **passport.question.where}
    return naming.cut_words(picked) or words


def delivery_section(passport: Passport, zone: ZoneInfo) -> Section:
    """Return the loads the figure rests on, with counts and hash."""
    rows = tuple(_delivery(delivery, zone) for delivery in passport.deliveries)
    own = (("Portal", "Buchführung des Portals über Quellen und Läufe"),)
    return Section("Lieferungen", rows or (own if passport.as_of else ()))


def state_section(passport: Passport, zone: ZoneInfo) -> Section:
    """Return Stichtag, Datenstand, snapshot and whose part of the city it is."""
    question = passport.question
    stale = ", ".join(passport.stale_sources)
    nature = texts.NATURE_NOTES[passport.nature]
    rows = [
        ("Stichtag", formats.day(passport.stichtag)),
        ("Datenstand", formats.stand(passport.as_of, zone)),
        ("Stand", f"{passport.snapshot}, veröffentlicht {formats.stand(passport.published_at, zone)}"),
        ("Veraltet", stale),
        ("Herkunft", nature),
        ("Organisation", ", ".join(question.units) if question.units is not None else "ganze Stadt"),
        *(("Hinweis", note) for note in passport.notes),
    ]
    return Section("Stand", tuple((term, words) for term, words in rows if words))


def all_sections(passport: Passport, zone: ZoneInfo) -> tuple[Section, ...]:
    """Return everything in the order of the panel: value, way, definition, then course and loads."""
    return (
        *figure_sections(passport),
        state_section(passport, zone),
        calculation_section(passport),
        definition_section(passport),
        *course_sections(passport),
        delivery_section(passport, zone),
    )


def amount_words(amount: Amount, wording: Wording) -> str:
    """„über 39,3 %“, „62 % bis 65 %“ or the plain value."""
    return formats.told(
        amount.value,
        wording.unit,
        wording.decimals,
        lower=amount.lower,
        upper=amount.upper,
        qualifier=amount.qualifier,
    )


def _amount(value: Number | None, wording: Wording) -> str:
    return formats.amount(value, wording.unit, wording.decimals)


def _figure(figure: Figure, passport: Passport) -> Iterator[Row]:
    wording = passport.definition
    if figure.suppressed:
        yield "Wert", f"{formats.HIDDEN}, {texts.HIDDEN_NOTE}"
        return
    yield "Wert", amount_words(figure.amount, wording)
    if figure.period is not None:
        yield "Zeitabschnitt", _period(figure.period, wording)
    if figure.amount.numerator is not None and wording.kind != "sum":
        yield "Zähler", formats.plain(figure.amount.numerator)
    if figure.amount.denominator is not None:
        yield "Nenner", formats.plain(figure.amount.denominator)
    if figure.cases is not None:
        yield "Fälle", formats.number(figure.cases)
    if figure.coverage is not None:
        known, total = formats.number(figure.coverage.known), formats.number(figure.coverage.total)
        yield "Abdeckung", f"{known} von {total}"
    if figure.target is not None:
        yield "Soll", f"{_amount(figure.target, wording)}, {texts.RATING_WORDS[figure.rating]}"


def _cell_title(figure: Figure, passport: Passport) -> str:
    keys = [f"{naming.dimension(name)} {naming.value(key)}" for name, key in figure.keys.items()]
    keys += [naming.value(figure.bucket)] if figure.bucket is not None else []
    if "period" in passport.question.by and figure.period is not None:
        keys.append(_period(figure.period, passport.definition))
    return ", ".join(keys) or "Zahl"


def _period(period: date, wording: Wording) -> str:
    shown = {"year": str(period.year), "day": formats.day(period)}
    return shown.get(wording.grain, formats.month(period))


def _knowledge(knowledge: Knowledge, wording: Wording) -> Iterator[Row]:
    if knowledge.today is not None:
        yield "Heutiger Kenntnisstand", _known(knowledge.today, wording)
    if knowledge.reported is not None:
        yield "Wie berichtet", _known(knowledge.reported, wording)
    if knowledge.difference:
        yield "Unterschied", formats.change(knowledge.difference, wording.unit, wording.decimals)
    if knowledge.note:
        yield "Hinweis", knowledge.note


def _known(known: Known, wording: Wording) -> str:
    day = formats.day(known.business_date)
    return f"{amount_words(known.amount, wording)}, Stand vom {day} ({known.snapshot})"


def _earlier(item: Earlier, wording: Wording) -> Row:
    value = amount_words(item.amount, wording)
    why_not = "" if item.comparable else f"; nicht vergleichbar: {item.why_not}"
    return _period(item.period, wording), value + why_not


def _delivery(delivery: Delivery, zone: ZoneInfo) -> Row:
    counts = _counts(delivery)
    words = [
        f"{delivery.source} · {delivery.subject}",
        texts.SOURCE_KINDS.get(delivery.kind, delivery.kind),
        formats.stand(delivery.as_of, zone),
        counts,
        f"Lauf {delivery.run}",
        f"Lieferung {delivery.delivery_hash[:HASH_DIGITS]}",
        *(["veraltet"] if delivery.stale else []),
    ]
    return delivery.title, " · ".join(words)


def _counts(delivery: Delivery) -> str:
    if delivery.read is None:
        return WITHHELD
    pairs = [
        (delivery.read, "gelesen"),
        (delivery.published, "übernommen"),
        (delivery.rejected, "zurückgewiesen"),
    ]
    pairs += [(delivery.duplicates, "doppelt")] if delivery.duplicates else []
    return ", ".join(f"{formats.number(count)} {word}" for count, word in pairs)
