"""The container of old Office files ([MS-CFB]): one named stream out of chains of sectors."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.formats.content import OLE

END_OF_CHAIN = 0xFFFFFFF9
"""Numbers from here on are marks, not sectors."""
_ENTRY = 128
_MINI = 64


class BadCompoundError(ValueError):
    """The container is damaged."""


def compound_stream(content: bytes, names: tuple[str, ...]) -> bytes:
    """The first stream of one of these names. Raises BadCompoundError."""
    container = _Container(content)
    for name, start, size, is_stream in container.entries():
        if is_stream and name in names:
            return container.stream(start, size)
    raise BadCompoundError("kein Strom dieses Namens")


class _Container:
    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(OLE):
            raise BadCompoundError("kein Verbund von Strömen")
        self._content = content
        self._size = 1 << _number(content, 30, 2) if _number(content, 30, 2) in (9, 12) else 512
        self._cutoff = _number(content, 56)
        self._fat = self._table(self._fat_sectors())
        self._directory = b"".join(self._chain(_number(content, 48), self._fat))
        self._mini_fat = self._table(list(self._numbers(_number(content, 60), self._fat)))
        self._mini = b""

    def entries(self) -> Iterator[tuple[str, int, int, bool]]:
        """Name, first sector, size and whether it is a stream, of all entries of the directory."""
        for at in range(0, len(self._directory) - _ENTRY + 1, _ENTRY):
            entry = self._directory[at : at + _ENTRY]
            length = max(0, min(_number(entry, 64, 2), 64) - 2)
            name = entry[:length].decode("utf-16-le", "replace")
            if entry[66] == 5:
                self._mini = b"".join(self._chain(_number(entry, 116), self._fat))
            yield name, _number(entry, 116), _number(entry, 120), entry[66] == 2

    def stream(self, start: int, size: int) -> bytes:
        """Bytes of a stream; small ones lie together in one of their own."""
        if size >= self._cutoff:
            return b"".join(self._chain(start, self._fat))[:size]
        pieces = (self._mini[n * _MINI : (n + 1) * _MINI] for n in self._numbers(start, self._mini_fat))
        return b"".join(pieces)[:size]

    def _fat_sectors(self) -> list[int]:
        sectors = [_number(self._content, 76 + 4 * index) for index in range(109)]
        more, per_sector = _number(self._content, 68), self._size // 4 - 1
        for _ in range(min(_number(self._content, 72), len(self._content) // self._size + 1)):
            if more >= END_OF_CHAIN:
                break
            piece = self._sector(more)
            sectors += [_number(piece, 4 * index) for index in range(per_sector)]
            more = _number(piece, 4 * per_sector)
        return [sector for sector in sectors if sector < END_OF_CHAIN]

    def _table(self, sectors: list[int]) -> list[int]:
        pieces = b"".join(self._sector(sector) for sector in sectors)
        return [_number(pieces, at) for at in range(0, len(pieces) - 3, 4)]

    def _chain(self, start: int, table: list[int]) -> Iterator[bytes]:
        return (self._sector(number) for number in self._numbers(start, table))

    def _numbers(self, start: int, table: list[int]) -> Iterator[int]:
        # A chain that bites its tail would never end; none is longer than its table.
        for _ in range(len(table) + 1):
            if start >= END_OF_CHAIN:
                return
            if start >= len(table):
                raise BadCompoundError("eine Kette führt hinaus")
            yield start
            start = table[start]
        raise BadCompoundError("eine Kette endet nie")

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        if at >= len(self._content):
            raise BadCompoundError("ein Sektor fehlt")
        return self._content[at : at + self._size]


def _number(content: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(content[at : at + size], "little")
