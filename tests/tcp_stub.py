"""Servers that misbehave below the protocol: silent ones, hanging-up ones, lines that go dead in between."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

Talk = Callable[[socket.socket], None]


class Stub:
    """Listens on 127.0.0.1; every caller gets a thread that runs `talk`. `calls` counts them."""

    def __init__(self, talk: Talk) -> None:
        self._talk, self.calls = talk, 0
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for caller in self._open:
            caller.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            self.calls += 1
            self._open.append(caller)
            threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: socket.socket) -> None:
        try:
            self._talk(caller)
        except OSError:
            return


def silent(caller: socket.socket) -> None:
    """Take everything, say nothing."""
    while caller.recv(65536):
        pass


def hang_up(caller: socket.socket) -> None:
    """End the call at once."""
    caller.close()


@contextmanager
def dead_line_after(port: int, received: int) -> Iterator[Stub]:
    """A line to the server at `port` that stays open but falls silent after so many bytes of answers."""

    def talk(caller: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=_carry, args=(caller, server, None), daemon=True).start()
        _carry(server, caller, received)
        silent(server)

    with Stub(talk) as stub:
        yield stub


def _carry(source: socket.socket, target: socket.socket, most: int | None) -> None:
    carried = 0
    try:
        while (most is None or carried < most) and (data := source.recv(65536)):
            target.sendall(data)
            carried += len(data)
    except OSError:
        return
