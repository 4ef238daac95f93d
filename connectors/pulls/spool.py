"""Where fetched messages lie until every table has read them: a folder that goes with its connector."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from connectors.formats.xzufi_pulled import Message, file_pieces
from connectors.formats.xzufi_stream import PIECE
from connectors.http.faults import not_as_declared
from warehouse.errors import ContractError

MOST_BYTES = 20_000_000_000
"""What one night may fetch: beyond every town, and before every disk is full."""


class Spool:
    """Keeps messages in the order in which they came; file names are numbers, never names of the sender."""

    def __init__(self, where: str, most_bytes: int = MOST_BYTES) -> None:
        self._where, self._most = where, most_bytes
        self._folder = Path(tempfile.mkdtemp(prefix=f"isek-{os.getpid()}-"))
        self._count = self._size = 0
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def create(self) -> IO[bytes]:
        """A new file to fetch one message into; `message_of` takes it over."""
        self._count += 1
        return (self._folder / f"{self._count}.xml").open("w+b")

    def message_of(self, file: IO[bytes], name: str) -> Message:
        """The message fetched into a file. Raises ContractError `too_large`."""
        file.flush()
        self._add(file.tell())
        path = Path(file.name)
        file.close()
        return Message(f"{self._where}, {name}", name, lambda: self._bytes_of(path))

    def keep(self, text: str, name: str) -> Message:
        """A message that came as text: the encoding it states inside no longer holds."""
        self._count += 1
        path = self._folder / f"{self._count}.txt"
        try:
            path.write_text(text, encoding="utf-8", newline="")
        except UnicodeError:
            raise not_as_declared(f"{self._where}, {name}", "unlesbare Zeichen", "Text in Unicode") from None
        self._add(path.stat().st_size)
        return Message(f"{self._where}, {name}", name, lambda: self._texts(path))

    # Methods, so that the folder stays as long as one of its messages may be read.
    def _bytes_of(self, path: Path) -> Iterator[bytes]:
        return file_pieces(path)

    def _texts(self, path: Path) -> Iterator[str]:
        with path.open(encoding="utf-8", newline="") as file:
            while piece := file.read(PIECE):
                yield piece

    def _add(self, size: int) -> None:
        self._size += size
        if self._size > self._most:
            raise ContractError(
                "Der Dienst liefert mehr, als in einer Nacht geholt werden darf",
                code="too_large",
                where=self._where,
                allowed=f"{self._most} Bytes",
                next_step="Die Abfrage auf das eigene Gebiet einschränken (params)",
            )
