"""A page as it leaves the server, kept compressed, with a gap for the person it is shown to.

The parts before and after the gap are compressed once; a person's part is a block of its own between them.
The checksum that ends a gzip text covers all three and is put together from theirs, so that nothing of the
size of a page is read, compressed or kept uncompressed while people wait.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_BITS = 32
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A text as deflate blocks that need nothing before them."""

    blocks: bytes
    length: int
    crc: int

    @classmethod
    def of(cls, text: bytes, *, last: bool = False) -> Part:
        """Compress a text; `last` ends the whole."""
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        blocks = packer.compress(text) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
        return cls(blocks, len(text), zlib.crc32(text))

    @property
    def text(self) -> bytes:
        """The text itself, for who takes nothing compressed."""
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(self.blocks)


class Continuation:
    """The checksum of anything followed by one text: of the checksum before, every bit counts by itself."""

    def __init__(self, text: bytes) -> None:
        self._nothing = zlib.crc32(text, 0)
        self._bits = tuple(zlib.crc32(text, 1 << bit) ^ self._nothing for bit in range(_BITS))

    def after(self, crc: int) -> int:
        """Checksum of a beginning with this checksum and the text together."""
        found = self._nothing
        for bit, change in enumerate(self._bits):
            if crc >> bit & 1:
                found ^= change
        return found


class KeptAnswer:
    """What stands before and after the person; `trail` is the line of the trail it holds for, if for one."""

    def __init__(self, before: bytes, after: bytes, trail: int | None = None) -> None:
        self.trail = trail
        self._before, self._after = Part.of(before), Part.of(after, last=True)
        self._from_here = (Continuation(after), zlib.crc32(before))

    @property
    def size(self) -> int:
        """Bytes kept."""
        return len(self._before.blocks) + len(self._after.blocks)

    def packed(self, text: bytes, part: Part) -> bytes:
        """The whole as gzip for one person; `part` is `text` compressed."""
        continuation, before = self._from_here
        crc = continuation.after(zlib.crc32(text, before))
        length = (self._before.length + part.length + self._after.length) & 0xFFFFFFFF
        return b"".join(
            (_HEAD, self._before.blocks, part.blocks, self._after.blocks, struct.pack("<II", crc, length))
        )

    def plain(self, text: bytes) -> bytes:
        """The whole uncompressed for one person."""
        return self._before.text + text + self._after.text
