"""One element of an XZuFi message with everything below it, read without caring for prefixes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Element:
    """`name` is the local name (names of foreign namespaces keep theirs), `line` counts from 1.

    Attributes go by their local names. `text` is what stands directly in the element.
    """

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Text directly in the element, without outer blanks."""
        return "".join(self.pieces).strip()

    @property
    def words(self) -> str:
        """Text of the element and of everything below it."""
        return " ".join(filter(None, (element.text for element in self.walk())))

    def all(self, *names: str) -> list[Element]:
        """Children that bear one of the names; several names stand for renames between versions."""
        return [child for child in self.children if child.name in names]

    def first(self, *names: str) -> Element | None:
        """The first such child."""
        return next((child for child in self.children if child.name in names), None)

    def at(self, path: str) -> str | None:
        """Text at a path like `versionsinformation/geaendertDatumZeit`; None when absent or blank."""
        found: Element | None = self
        for name in path.split("/"):
            found = found.first(*name.split("|")) if found else None
        return (found.text or None) if found else None

    def walk(self) -> Iterator[Element]:
        """The element and everything below it, in the order of the document."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))

    def below(self, *names: str) -> list[Element]:
        """Everything below the element that bears one of the names."""
        return [element for element in self.walk() if element.name in names and element is not self]
