"""The wire: one connection to one checked address, every wait on it cut by the total deadline."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore
import httpx

from connectors.http.guard import Guard

Clock = Callable[[], float]


class Deadline:
    """When the whole call has to be over, whatever single waits would still allow."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock, self._end = clock, float("inf")

    def begin(self, seconds: float) -> None:
        """Start anew."""
        self._end = self._clock() + seconds

    def left(self) -> float:
        """Seconds until the end; not above it."""
        return self._end - self._clock()

    def cut(self, timeout: float | None) -> float:
        """The wait that is still possible. Raises httpcore.ReadTimeout when there is none."""
        left = self.left()
        if left <= 0:
            raise httpcore.ReadTimeout("total deadline")
        return min(left, timeout) if timeout is not None else left


class _Stream(httpcore.NetworkStream):
    """Bytes of a connection. A byte a second renews a read time-out for ever, but not the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.cut(timeout))
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to addresses the guard has checked, never to a name."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard, self._deadline, self._plain = guard, deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._guard.addresses(host, port, self._deadline.cut(timeout))
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, timeout)

    def _connect(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        return _Stream(self._plain.connect_tcp(address, port, self._deadline.cut(timeout)), self._deadline)


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class Wire:
    """Sends requests; what goes wrong is raised as an error of httpcore. Redirects are answers to it."""

    def __init__(self, guard: Guard, deadline: Deadline, trust: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust,
            max_connections=2,
            keepalive_expiry=5,
            network_backend=_Backend(guard, deadline),
        )

    def send(self, request: httpx.Request, connect_s: float, read_s: float) -> httpx.Response:
        """Status and headers; the body is read from the answer, which has to be closed."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.read(),
                extensions={
                    "timeout": {"connect": connect_s, "read": read_s, "write": read_s, "pool": connect_s}
                },
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), request=request)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
