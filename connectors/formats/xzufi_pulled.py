"""What a transport brought: messages in the order in which they count, still to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.base import Context
from connectors.formats.delivery import DeliveredFile, delivery_hash, find_files, require_unchanged
from connectors.formats.spec import FileTable
from connectors.formats.xzufi_stream import PIECE, MessageReader
from warehouse.errors import ContractError


@dataclass(frozen=True)
class Message:
    """One message: `where` for people, `name` for the accounting, its pieces, a look back after reading."""

    where: str
    name: str
    pieces: Callable[[], Iterator[bytes | str]]
    look_back: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Pulled:
    """All messages of one night with their Datenstand, a hash over all bytes, and the cursor for the next."""

    messages: tuple[Message, ...]
    as_of: datetime
    digest: str
    cursor: str | None = None


def pull_files(path: str, settle_seconds: int, context: Context) -> Pulled:
    """Files at a path or pattern below the city folder, in the order of their names.

    The Datenstand is the newest moment a message says it was written, else that of the newest file.
    Raises what `find_files` raises.
    """
    files = find_files(FileTable(feeds="", path=path, settle_seconds=settle_seconds), context)
    messages = tuple(_of_file(file) for file in files)
    as_of = newest(messages, context) or max(file.as_of for file in files)
    return Pulled(messages, as_of, delivery_hash(files))


def newest(messages: Iterable[Message], context: Context) -> datetime | None:
    """The latest moment at which one of the messages was written, at most now; None when none says."""
    stated = [moment for message in messages if (moment := _written_at(message, context))]
    return min(max(stated), context.as_of) if stated else None


def file_pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _of_file(file: DeliveredFile) -> Message:
    return Message(
        file.where, file.path.name, lambda: file_pieces(file.path), lambda: require_unchanged(file)
    )


def _written_at(message: Message, context: Context) -> datetime | None:
    reader = MessageReader(message.where, wanted=())
    try:
        # The head stands at the beginning; the rest is read when its turn comes.
        for _ in reader.items(islice(message.pieces(), 1)):
            pass
    except ContractError as error:
        if error.code != "half_file":
            raise
    try:
        moment = datetime.fromisoformat(reader.created_at or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(context.timezone))
