"""XZuFi messages as a stream: one object at a time, whatever the size of the file, and nothing but XML.

Document type definitions are refused before anything in them is read, so no entity is ever expanded and
no file or address ever opened. Depth and size of an object are bounded, and so is a single mark-up token:
the parser keeps one whole in memory and reads it again with every piece that comes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from connectors.formats.raw import half_file
from connectors.formats.xzufi_element import Element
from warehouse.errors import ContractError

WRITE, DELETE, HEAD = "schreibe", "loesche", "nachrichtenkopf"

OBJECTS = ("leistung", "onlinedienst", "zustaendigkeitTransferObjekt", "organisationseinheit")
"""Elements of the objects that are read."""

UNREAD = ("spezialisierung",)
"""Known objects that are not read: they refine a text for an area and change no figure."""

VERSIONS = ("2.1", "2.2", "2.3")

PIECE = 65536
DEEPEST = 64
LONGEST_TOKEN = 1024 * 1024
MOST_TEXT = 8 * 1024 * 1024
MOST_ELEMENTS = 50_000
LONGEST_NAMESPACE = 200

_NAMESPACE = re.compile(r"xzufi.*?(\d+)[._](\d+)(?:[._]\d+)*$")


@dataclass(frozen=True, slots=True)
class Item:
    """One instruction: the object to `schreibe`, or `loesche` itself (attribute `klasse`, children `id`)."""

    action: str
    element: Element


class MessageReader:
    """Reads one message; `version` (two numbers), `created_at` and `ignored` are known when it is read.

    Objects outside `wanted` are passed over and only counted.
    """

    def __init__(self, where: str, wanted: Iterable[str] = OBJECTS) -> None:
        self.where = where
        self._handler = _Handler(where, frozenset(wanted))

    @property
    def version(self) -> str | None:
        """Version of the message, for example „2.2“."""
        return self._handler.version

    @property
    def created_at(self) -> str | None:
        """When the sender wrote the message, as it stands there."""
        head = self._handler.head
        return head.at("erstelltDatumZeit") if head else None

    @property
    def ignored(self) -> Counter[str]:
        """How many objects of which name were not read although somebody might miss them."""
        return self._handler.ignored

    def items(self, pieces: Iterable[bytes | str]) -> Iterator[Item]:
        """Instructions in their order.

        Raises ContractError: `half_file`, `malformed_file`, `unsafe_xml`, `too_large`,
        `not_the_declared_format`, `unknown_version`.
        """
        parser: Any = DefusedExpatParser(namespaceHandling=1, forbid_dtd=True)
        parser.setContentHandler(self._handler)
        self._handler.line_now = parser.getLineNumber
        silent = 0
        for piece in pieces:
            before = self._handler.events
            with self._told(parser):
                parser.feed(piece)
            silent = 0 if self._handler.events > before else silent + len(piece)
            if silent > LONGEST_TOKEN:
                raise _too_large(self.where, f"ein einzelnes Zeichen-Element über {LONGEST_TOKEN} Bytes")
            yield from self._handler.take()
        with self._told(parser, at_the_end=True):
            parser.close()
        if self.version is None:
            raise half_file(self.where, "die Nachricht ist leer")
        yield from self._handler.take()

    @contextmanager
    def _told(self, parser: Any, *, at_the_end: bool = False) -> Iterator[None]:
        try:
            yield
        except DefusedXmlException:
            raise ContractError(
                "Die Nachricht bringt eine Dokumenttyp-Definition mit und wird nicht gelesen",
                code="unsafe_xml",
                where=self.where,
                allowed="XML ohne DOCTYPE",
                next_step="Bei der zuständigen Stelle klären, woher die Nachricht stammt",
            ) from None
        except (SAXParseException, ValueError, LookupError) as error:
            line = parser.getLineNumber()
            if at_the_end:
                raise half_file(self.where, f"die Nachricht endet in Zeile {line}") from None
            said = error.getMessage() if isinstance(error, SAXParseException) else type(error).__name__
            raise ContractError(
                "Die Nachricht ist kein lesbares XML",
                code="malformed_file",
                where=self.where,
                found=f"Zeile {line}: {said}",
            ) from None


class _Handler(ContentHandler):
    """Builds the wanted objects and forgets each as soon as it was taken."""

    def __init__(self, where: str, wanted: frozenset[str]) -> None:
        super().__init__()
        self.where, self.wanted = where, wanted
        self.version: str | None = None
        self.head: Element | None = None
        self.ignored: Counter[str] = Counter()
        self.events = 0
        self._namespace: str | None = None
        # Depth of the root is 1, of the instructions 2; an object that is itself the root stands at 1.
        self._depth, self._level = 0, 2
        self._action: str | None = None
        self._open: list[Element] = []
        self._ready: list[Item] = []
        self._elements = self._characters = 0
        self.line_now: Callable[[], int] = int

    def take(self) -> list[Item]:
        """What was completed since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def startElementNS(self, name: Any, qname: Any, attributes: Any) -> None:  # noqa: N802
        """One element begins."""
        self.events += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise _too_large(self.where, f"mehr als {DEEPEST} Ebenen")
        if self._depth == 1:
            self._begin(name, attributes)
        local = name[1] if name[0] in (None, self._namespace) else f"{{{name[0]}}}{name[1]}"
        if self._open:
            self._open.append(self._element(local, attributes))
            self._open[-2].children.append(self._open[-1])
        elif self._depth == self._level:
            self._enter(local, attributes)
        elif self._depth == self._level + 1 and self._action == WRITE:
            self._choose(local, attributes)

    def characters(self, content: str) -> None:
        """Text; kept only inside an object that is read."""
        self.events += 1
        if self._open:
            self._count(len(content))
            self._open[-1].pieces.append(content)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802
        """One element ends; the outermost kept one is an instruction."""
        self.events += 1
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._finish(element)
        if self._depth < self._level:
            self._action = None

    def _begin(self, name: Any, attributes: Any) -> None:
        self._namespace = name[0]
        if "xzufi" not in (name[0] or "").lower():
            raise ContractError(
                "Die Datei ist keine XZuFi-Nachricht",
                code="not_the_declared_format",
                where=self.where,
                found=f"Wurzelelement „{name[1][:40]}“",
                allowed=f"eine XZuFi-Nachricht der Versionen {', '.join(VERSIONS)}",
            )
        self.version = self._version_of(attributes)
        # The FIM portal hands out single objects without a message around them.
        self._level, self._action = (0, WRITE) if name[1] in (*OBJECTS, *UNREAD) else (2, None)

    def _version_of(self, attributes: Any) -> str:
        # An address of a megabyte would be searched from every place in it.
        in_namespace = _NAMESPACE.search((self._namespace or "")[:LONGEST_NAMESPACE].lower())
        stated = str(attributes.get((None, "xzufiVersion"), ""))
        version = ".".join(in_namespace.groups() if in_namespace else stated.split(".")[:2])
        if version not in VERSIONS:
            raise ContractError(
                "Diese Version von XZuFi wird nicht gelesen",
                code="unknown_version",
                where=self.where,
                found=version[:40] or "keine Angabe",
                allowed=", ".join(VERSIONS),
            )
        return version

    def _enter(self, local: str, attributes: Any) -> None:
        self._action = local if local in (WRITE, DELETE) else None
        if local in (DELETE, HEAD):
            self._open_object(local, attributes)

    def _choose(self, local: str, attributes: Any) -> None:
        if local in self.wanted:
            self._open_object(local, attributes)
        elif local not in OBJECTS:
            self.ignored[local] += 1

    def _open_object(self, local: str, attributes: Any) -> None:
        self._elements = self._characters = 0
        self._open.append(self._element(local, attributes))

    def _element(self, local: str, attributes: Any) -> Element:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise _too_large(self.where, f"ein Objekt mit über {MOST_ELEMENTS} Elementen")
        values = {key[1]: value for key, value in attributes.items()} if len(attributes) else {}
        self._count(sum(map(len, values.values())))
        return Element(local, self.line_now(), values)

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MOST_TEXT:
            raise _too_large(self.where, f"ein Objekt mit über {MOST_TEXT} Zeichen")

    def _finish(self, element: Element) -> None:
        if element.name == HEAD:
            self.head = element
        else:
            self._ready.append(Item(DELETE if element.name == DELETE else WRITE, element))


def _too_large(where: str, found: str) -> ContractError:
    return ContractError(
        "Die Nachricht sprengt jedes Maß und wird nicht gelesen",
        code="too_large",
        where=where,
        found=found,
        next_step="Bei der zuständigen Stelle klären, woher die Nachricht stammt",
    )
