"""Text answers leave compressed; files that do not change are compressed once per process.

Guessing secrets from the length of compressed answers (BREACH) needs answers that repeat chosen text next to
a secret and that another site can trigger. The forms of the sign-in are such answers and stay as they are;
callbacks answer requests of the own origin only.
"""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING

from flask import request

from dashboard.auth.headers import STATIC_PREFIXES

if TYPE_CHECKING:
    from flask import Flask, Response

CALLBACKS = "/_dash-update-component"
SMALLEST = 1024
TYPES = frozenset(
    {"text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml"}
)
KEPT_FILES = 128
_GZIP = 16 + zlib.MAX_WBITS
_QUICK, _THOROUGH = 4, 9


class Compression:
    """Compresses answers in place; `install` puts it behind every route of a server."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def install(self, server: Flask) -> None:
        """Register on a server."""
        server.after_request(self.compress)

    def compress(self, response: Response) -> Response:
        """Return the answer, compressed when it may and the client can."""
        is_file = request.path.startswith(STATIC_PREFIXES)
        if not (is_file or request.path == CALLBACKS) or response.mimetype not in TYPES:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code != 200 or not _is_wanted() or "Content-Encoding" in response.headers:
            return response
        content = self._file(response) if is_file else _packed(_content(response), _QUICK)
        if content is not None:
            _replace(response, content)
            # Whoever has these very bytes is told so; Dash compares with the version of the others.
            response.make_conditional(request.environ)
        return response

    def _file(self, response: Response) -> bytes | None:
        # Files of Dash have no version of their own; theirs stands in the address.
        version = response.get_etag()[0] or ("address" if response.cache_control.max_age else None)
        key = (request.path, version or "")
        with self._lock:
            if version and key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
        packed = _packed(_content(response), _THOROUGH)
        if version and packed is not None:
            with self._lock:
                self._files[key] = packed
                while len(self._files) > KEPT_FILES:
                    self._files.popitem(last=False)
        return packed


def _is_wanted() -> bool:
    return request.method in ("GET", "POST") and request.accept_encodings.quality("gzip") > 0


def _content(response: Response) -> bytes:
    response.direct_passthrough = False
    return response.get_data()


def _packed(content: bytes, level: int) -> bytes | None:
    if len(content) < SMALLEST:
        return None
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return packer.compress(content) + packer.flush()


def _replace(response: Response, content: bytes) -> None:
    close = getattr(response.response, "close", None)
    response.direct_passthrough = False
    response.set_data(content)
    if close is not None:
        close()
    response.headers["Content-Encoding"] = "gzip"
    version, _ = response.get_etag()
    if version:
        # The same file has other bytes uncompressed, so its version is no longer a strong one.
        response.set_etag(version, weak=True)
