"""Services to read from in tests: real servers on 127.0.0.1, scripted, with a log of what was asked."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from connectors.base import Context

AS_OF = datetime(2026, 6, 9, 3, 15, tzinfo=UTC)
INTERNAL = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Asked:
    """One request as it arrived; header names in small letters."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The document of a JSON request."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One answer. `declared_length` lies about the length; `drip_s` pauses after every byte."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    declared_length: int | None = None
    drip_s: float = 0


def as_json(document: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON answer; underscores in header names become hyphens."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(document).encode(), {"Content-Type": "application/json", **told})


def as_text(text: str, content_type: str, status: int = 200) -> Reply:
    """An answer of any other type."""
    return Reply(status, text.encode(), {"Content-Type": content_type})


class Service:
    """A service on a free port of this machine; use it in a `with`.

    `script` is a list of replies (the last one for good), or subclasses override `answer`. `asked` is the
    log, `url` the address without a slash at its end.
    """

    def __init__(self, *script: Reply, certificate: Path | None = None) -> None:
        self.asked: list[Asked] = []
        self._script, self._turn, self._lock = script, 0, threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in their order."""
        return [asked.path for asked in self.asked]

    def answer(self, asked: Asked) -> Reply:
        """The next reply of the script."""
        with self._lock:
            turn, self._turn = self._turn, self._turn + 1
        return self._script[min(turn, len(self._script) - 1)]


Answering = Callable[[Asked], Any]


class Answers(Service):
    """A service whose every answer is worked out from the request; a document becomes JSON."""

    def __init__(self, work_out: Answering, *, certificate: Path | None = None) -> None:
        super().__init__(certificate=certificate)
        self._work_out = work_out

    def answer(self, asked: Asked) -> Reply:
        """What the function given says."""
        given = self._work_out(asked)
        return given if isinstance(given, Reply) else as_json(given)


def _handler_of(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._take()

        def do_POST(self) -> None:
            self._take()

        def _take(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            asked = Asked(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query, keep_blank_values=True)),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            service.asked.append(asked)
            self._give(service.answer(asked))

        def _give(self, reply: Reply) -> None:
            try:
                (self.send_response_only if "Date" in reply.headers else self.send_response)(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                length = len(reply.body) if reply.declared_length is None else reply.declared_length
                self.send_header("Content-Length", str(length))
                self.end_headers()
                for piece in _pieces(reply):
                    self.wfile.write(piece)
            except OSError:
                self.close_connection = True
            if length != len(reply.body):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _pieces(reply: Reply) -> Iterator[bytes]:
    if not reply.drip_s:
        yield reply.body
        return
    for number in range(len(reply.body)):
        time.sleep(reply.drip_s)
        yield reply.body[number : number + 1]


class RawServer:
    """A server below HTTP: `behave` gets every accepted socket; use it in a `with`."""

    def __init__(self, behave: Callable[[socket.socket], None]) -> None:
        self._behave = behave
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.accepted: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        for accepted in self.accepted:
            accepted.close()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                accepted, _ = self._socket.accept()
            except OSError:
                return
            self.accepted.append(accepted)
            threading.Thread(target=self._let_behave, args=(accepted,), daemon=True).start()

    def _let_behave(self, accepted: socket.socket) -> None:
        try:
            self._behave(accepted)
        except OSError:
            return


def web_context(city: Path, *, tries: int = 5, internal_hosts: tuple[str, ...] = INTERNAL) -> Context:
    """The context of a run whose operator lets sources reach this machine."""
    return Context(city, AS_OF, internal_hosts=internal_hosts, tries=tries)
