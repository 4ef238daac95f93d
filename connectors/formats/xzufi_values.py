"""Values of XZuFi elements as contract text: identifiers, codes, languages, moments.

Whatever is not written as agreed passes through as it stands, so that the quarantine can name it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from html import unescape

from connectors.formats.xzufi_element import Element
from connectors.spelling import Value

LONGEST_TEXT = 2000
LEIKA = re.compile(r"99\d{12}")
# A tag holds no further bracket, so that a text full of brackets costs no more than its length.
_MARKUP = re.compile(r"</?[A-Za-z!][^<>]*>")
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)

Local = Callable[[datetime], datetime]
"""An aware moment on the town hall's clock."""


def identifier(element: Element | None) -> Value:
    """Agency and number of an identifier, `L100042:868`; the number alone when no agency is named.

    One number is given by several editorial offices, so it identifies nothing without its agency.
    """
    if element is None or not element.text:
        return None
    agency = agency_of(element)
    return f"{agency}:{element.text}" if agency else element.text


def agency_of(element: Element | None) -> Value:
    """The editorial office that gave an identifier."""
    return (element.attributes.get("schemeAgencyID", "").strip() or None) if element else None


def code(element: Element | None) -> Value:
    """A code, which stands in an element `code` of its own, or directly."""
    if element is None:
        return None
    return element.at("code") or element.text or None


def codes(elements: Iterable[Element]) -> list[str]:
    """Codes in their order, each once."""
    return list(dict.fromkeys(found for element in elements if (found := code(element))))


def joined(values: Iterable[Value], mark: str = " ") -> Value:
    """Several values in one text, each once and in their order; None without any."""
    return mark.join(dict.fromkeys(value for value in values if value)) or None


def chosen(elements: Sequence[Element], language: str) -> Element | None:
    """The element in the wanted language, else in a variety of it, else without language, else the first.

    Varieties such as easy language („de-DE-x-ls“) come after the language itself.
    """

    def rank(element: Element) -> int:
        stated = element.attributes.get("languageCode", "").lower()
        if stated in (language, f"{language}-{language}"):
            return 0
        return 1 if stated.startswith(f"{language}-") else 2 if not stated else 3

    filled = [element for element in elements if element.words]
    return min(filled, key=rank, default=None)


def plain(element: Element | None, longest: int = LONGEST_TEXT) -> Value:
    """Text without mark-up, blanks drawn together, cut at `longest` characters."""
    if element is None:
        return None
    text = " ".join(unescape(_MARKUP.sub(" ", element.words)).split())
    return (text if len(text) <= longest else text[: longest - 1] + "…") or None


def web_address(text: Value) -> Value:
    """An address of the web; anything else (mail, script, file) is none."""
    return text if text and _WEB.fullmatch(text) else None


def moment(text: Value, local: Local) -> Value:
    """Date and time on the town hall's clock, in canonical spelling."""
    parsed = _parsed(text)
    return text if parsed is None else _here(parsed, local).isoformat(timespec="microseconds")


def _here(parsed: datetime, local: Local) -> datetime:
    try:
        return local(parsed) if parsed.tzinfo else parsed
    except OverflowError:
        # „Without end“ is written as the last second of 9999, which no other zone can express.
        return parsed.replace(tzinfo=None)


def day(text: Value, local: Local) -> Value:
    """The day of a date or moment; a date keeps its day whatever its zone."""
    if text and re.fullmatch(r"\d{4}-\d{2}-\d{2}(Z|[+-]\d{2}:\d{2})?", text):
        return text[:10]
    spelled = moment(text, local)
    return spelled[:10] if spelled is not text and spelled else text


def _parsed(text: Value) -> datetime | None:
    # Six digits of a second are kept; the standard allows any number.
    shortened = re.sub(r"(\.\d{6})\d+", r"\1", text or "")
    try:
        return datetime.fromisoformat(shortened)
    except ValueError:
        return None


def validity(element: Element, local: Local) -> tuple[Value, Value]:
    """First and last day of the periods `gueltigkeit`; None when open or not stated."""
    periods = element.all("gueltigkeit")
    begins = [day(period.at("beginn"), local) for period in periods]
    ends = [day(period.at("ende"), local) for period in periods]
    first = min((b for b in begins if b), default=None) if all(begins) else None
    last = max((e for e in ends if e), default=None) if all(ends) else None
    return first, last


def changed_at(element: Element, local: Local) -> Value:
    """When the object was changed last; the element was renamed between 2.2 and 2.3."""
    return moment(element.at("versionsinformation|versionsinformationen/geaendertDatumZeit"), local)


def languages(element: Element) -> Value:
    """Languages the object is written in."""
    return joined(
        version.attributes.get("languageCode") or version.at("languageCode")
        for version in element.all("sprachversion")
    )


def areas(elements: Iterable[Element]) -> Value:
    """Keys of areas (ARS and the like) in their order."""
    return joined(element.text for element in elements)
