"""The client of every source that speaks HTTP.

Patient where it helps (busy, broken or unreachable services), quick where it does not (wrong credentials,
wrong requests), and limited in time, bytes and hosts. Redirects are not followed, cookies are not kept,
proxies and credentials of the environment are not used.
"""

from __future__ import annotations

import hashlib
import io
import re
import ssl
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Self

import httpcore
import httpx

from connectors.base import Context, inside
from connectors.http.answer import (
    Answer,
    require_coding,
    require_no_page,
    require_size,
    require_type,
    require_whole,
)
from connectors.http.auth import Proof, bearer, proof_of, token_request
from connectors.http.faults import not_as_declared, status_error, transport_error
from connectors.http.guard import Guard, Resolve, host_name
from connectors.http.patience import Patience, Sleep
from connectors.http.settings import USER_AGENT, HttpSettings, OAuth2
from connectors.http.wire import Clock, Deadline, Wire
from warehouse.errors import AccessError, ConfigError, ContractError, RetriableError

Params = Mapping[str, str] | Sequence[tuple[str, str]]

BEGINNING = 1024
RENEW_BEFORE_S = 30.0


class Client:
    """Requests to one service; use it in a `with`.

    Every call raises AccessError `access_denied` (401, 403; never tried again), RetriableError
    (`unreachable`, `timed_out`, `connection_cut`, `server_error`, `too_many_requests`) after at most
    `Context.tries` attempts within `total_timeout_s`, ContractError (`http_refused`, `redirected`,
    `foreign_host`, `certificate_refused`, `not_the_declared_format`, `too_large`) or ConfigError
    (`address_refused`, `plain_http`).
    """

    def __init__(
        self,
        settings: HttpSettings,
        context: Context,
        where: str,
        *,
        sleep: Sleep = time.sleep,
        clock: Clock = time.monotonic,
        resolve: Resolve | None = None,
    ) -> None:
        self._settings, self._where, self._clock = settings, where, clock
        self._base = httpx.URL(settings.url.get_secret_value().rstrip("/"))
        self._guard = Guard(context.internal_hosts, where, resolve)
        self._require_safe(self._base)
        self._deadline = Deadline(clock)
        self._patience = Patience(context.tries, settings.rate_per_s, sleep, clock)
        self._wire = Wire(self._guard, self._deadline, _trust(settings, context, where))
        self._token: tuple[Proof, float] | None = None
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wire.close()

    @property
    def delivery_hash(self) -> str:
        """SHA-256 over all good answers so far, in their order."""
        return self._hash.hexdigest()

    def get(
        self,
        url_or_path: str | httpx.URL,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = "application/json",
        types: Sequence[str] = (),
    ) -> Answer:
        """GET. A path is put behind the base address; a whole address has to be on an allowed host.

        `types` are content types taken beside those of `accept`.
        """
        return self.call("GET", url_or_path, params, headers=headers, accept=accept, types=types)

    def post(
        self,
        url_or_path: str | httpx.URL,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = "application/json",
        types: Sequence[str] = (),
        *,
        json: Any = None,
        data: Mapping[str, str] | None = None,
    ) -> Answer:
        """POST of a JSON document or of a form; like every request it only asks and may be repeated."""
        return self.call(
            "POST", url_or_path, params, headers=headers, accept=accept, types=types, json=json, data=data
        )

    def stream(
        self,
        url_or_path: str | httpx.URL,
        into: IO[bytes],
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = "*/*",
        types: Sequence[str] = (),
        *,
        method: str = "GET",
        json: Any = None,
        data: Mapping[str, str] | None = None,
    ) -> Answer:
        """Like `get` or `post`, with the body written `into` an open file from its present place on."""
        return self.call(
            method, url_or_path, params, headers=headers, accept=accept, types=types, json=json, data=data,
            into=into,
        )  # fmt: skip

    def call(
        self,
        method: str,
        url_or_path: str | httpx.URL,
        params: Params | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        accept: str = "application/json",
        types: Sequence[str] = (),
        json: Any = None,
        data: Mapping[str, str] | None = None,
        into: IO[bytes] | None = None,
    ) -> Answer:
        """One request with all its attempts."""
        url = self._with_params(self.address(url_or_path), params)
        self._deadline.begin(self._settings.total_timeout_s)
        at_home = _origin(url) == _origin(self._base)
        used_before = at_home and self._token is not None
        while True:
            proof = self._proof() if at_home else Proof()
            request = _request(method, url, headers, accept, json, data, proof)
            try:
                answer, digest = self._patiently(request, accept, types, into)
                break
            except AccessError:
                # A token that was good before may have run out unannounced: one new one is asked for.
                if not used_before:
                    raise
                used_before, self._token = False, None
        self._hash.update(digest)
        return Answer(answer.status_code, answer.headers, b"" if into else answer.content, url, self._where)

    def address(self, url_or_path: str | httpx.URL) -> httpx.URL:
        """The whole address of a path; a URL is one already. Raises ContractError `foreign_host`."""
        text = str(url_or_path)
        is_path = isinstance(url_or_path, str) and "://" not in text.partition("?")[0]
        try:
            if is_path:
                return httpx.URL(f"{self._base}/{text.lstrip('/')}" if text else self._base)
            url = httpx.URL(text)
            at_home = _origin(url) == _origin(self._base) or _host_and_port(url) in self._further_hosts()
        except (httpx.InvalidURL, UnicodeError):
            raise not_as_declared(self._where, "ein unlesbarer Verweis", "eine Adresse") from None
        if not at_home:
            raise ContractError(
                "Der Dienst nennt einen fremden Host",
                code="foreign_host",
                where=self._where,
                found=url.netloc.decode("ascii", "replace") or f"{url.scheme}:",
                next_step="Ist er gewollt, ihn unter hosts eintragen",
            )
        self._require_safe(url)
        return url

    def _with_params(self, url: httpx.URL, params: Params | None) -> httpx.URL:
        try:
            return _with_params(url, params)
        except (httpx.InvalidURL, UnicodeError):
            told = "eine Angabe zum Weiterblättern, die in keine Adresse passt"
            raise not_as_declared(self._where, told, "kurze Texte und Zahlen") from None

    def _further_hosts(self) -> set[tuple[str, int]]:
        named = (httpx.URL(f"https://{host}") for host in self._settings.hosts)
        return {_host_and_port(url) for url in named}

    def _require_safe(self, url: httpx.URL) -> None:
        self._guard.require_plain_form(url.host)
        internal = self._settings.allow_http and self._guard.is_internal(url.host)
        if url.scheme == "https" or (url.scheme == "http" and internal):
            return
        raise ConfigError(
            "Die Adresse ist nicht verschlüsselt",
            code="plain_http",
            where=self._where,
            found=f"{url.scheme}://{url.host}",
            allowed="https; http nur mit allow_http = true für Hosts aus [night] internal_hosts",
        )

    def _patiently(
        self, request: httpx.Request, accept: str, types: Sequence[str], into: IO[bytes] | None
    ) -> tuple[httpx.Response, bytes]:
        start, attempt = into.tell() if into else 0, 0
        while True:
            attempt += 1
            self._patience.keep_the_rate(self._deadline)
            try:
                return self._attempt(request, accept, types, into)
            except RetriableError as error:
                self._patience.wait_after(error, attempt, self._deadline)
            if into:
                into.seek(start)
                into.truncate()

    def _attempt(
        self, request: httpx.Request, accept: str, types: Sequence[str], into: IO[bytes] | None
    ) -> tuple[httpx.Response, bytes]:
        host, limits = request.url.host, self._settings
        try:
            response = self._wire.send(request, limits.connect_timeout_s, limits.read_timeout_s)
            try:
                if not response.is_success:
                    raise status_error(response, self._where, host)
                return self._received(response, accept, types, into)
            finally:
                response.close()
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise transport_error(error, self._where, host) from None

    def _received(
        self, response: httpx.Response, accept: str, types: Sequence[str], into: IO[bytes] | None
    ) -> tuple[httpx.Response, bytes]:
        require_whole(response, self._where)
        require_coding(response, self._where)
        target, digest, size = into or io.BytesIO(), hashlib.sha256(), 0
        require_size(int(response.headers.get("content-length") or 0), self._settings.max_bytes, self._where)
        try:
            for part in response.iter_bytes():
                if not size:
                    require_no_page(part[:BEGINNING], accept, self._where)
                    require_type(response, accept, types, self._where)
                size += len(part)
                require_size(size, self._settings.max_bytes, self._where)
                digest.update(part)
                target.write(part)
        except httpx.DecodingError:
            raise not_as_declared(self._where, "beschädigte Komprimierung", "gzip") from None
        content = target.getvalue() if isinstance(target, io.BytesIO) and not into else b""
        # Already decoded: only the headers that describe the content are kept.
        kept = [(k, v) for k, v in response.headers.multi_items() if k not in _OF_THE_WIRE]
        return httpx.Response(response.status_code, headers=kept, content=content), digest.digest()

    def _proof(self) -> Proof:
        auth = self._settings.auth
        if not isinstance(auth, OAuth2):
            return proof_of(auth)
        if self._token is None or self._clock() >= self._token[1]:
            self._token = self._fetch_token(auth)
        return self._token[0]

    def _fetch_token(self, auth: OAuth2) -> tuple[Proof, float]:
        url = httpx.URL(auth.token_url.get_secret_value())
        self._require_safe(url)
        headers, form = token_request(auth)
        request = _request("POST", url, headers, "application/json", None, form, Proof())
        try:
            response, _ = self._patiently(request, "application/json", (), None)
        except ContractError as error:
            # An unknown client is told with 400 (RFC 6749, 5.2).
            raise _no_token(self._where, url.host) if error.code == "http_refused" else error from None
        told = Answer(response.status_code, response.headers, response.content, url, self._where).json()
        token = told.get("access_token") if isinstance(told, dict) else None
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
            raise not_as_declared(self._where, "kein brauchbares access_token", "eine Antwort nach RFC 6749")
        lasts = str(told.get("expires_in"))
        seconds = float(lasts) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", lasts) else float("inf")
        return bearer(token), self._clock() + max(seconds - RENEW_BEFORE_S, seconds / 2)


_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})


def _request(
    method: str,
    url: httpx.URL,
    headers: Mapping[str, str] | None,
    accept: str,
    json: Any,
    data: Mapping[str, str] | None,
    proof: Proof,
) -> httpx.Request:
    own = httpx.Headers({"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": "gzip"})
    own.update(headers)
    own.update(proof.headers)
    form = {**data, **proof.form} if data is not None else (dict(proof.form) or None)
    return httpx.Request(method, _with_params(url, proof.query), headers=own, json=json, data=form)


def _with_params(url: httpx.URL, params: Params | None) -> httpx.URL:
    if not params:
        return url
    pairs = list(params.items()) if isinstance(params, Mapping) else list(params)
    return url.copy_with(params=[*url.params.multi_items(), *pairs])


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, *_host_and_port(url)


def _host_and_port(url: httpx.URL) -> tuple[str, int]:
    return host_name(url.raw_host.decode("ascii")), url.port or (80 if url.scheme == "http" else 443)


def _trust(settings: HttpSettings, context: Context, where: str) -> ssl.SSLContext:
    if settings.ca_file is None:
        return ssl.create_default_context()
    path = inside(context.city, settings.ca_file, where)
    try:
        return ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError):
        raise ConfigError(
            "Die Datei der Zertifizierungsstelle lässt sich nicht lesen",
            code="unreadable_file",
            where=where,
            found=settings.ca_file,
            allowed="eine PEM-Datei unterhalb des Ordners der Stadt",
        ) from None


def _no_token(where: str, host: str) -> AccessError:
    return AccessError(
        "Der Dienst gibt keinen Zugangsschlüssel (Token) aus",
        code="access_denied",
        where=where,
        found=host,
        next_step="client_id und client_secret bei der zuständigen Stelle erneuern lassen",
    )
