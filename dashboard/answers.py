"""Whole pages as they leave the server, drawn once for all who have the same rights and ask the same.

An answer is kept by snapshot, definitions, role, scope, address and what the frame says of the moment (a run,
the day). It is drawn for somebody with these rights and without a name; the one part that is about the
person, in the header, is put in for each request. What a drawing depends on beside that (`dashboard.live`)
keeps it from being kept at all, and no answer gets older than ten minutes, so that words which count hours
and days move as well. What several ask for at once is drawn for the first of them.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, g, request

from dashboard import live
from dashboard.auth.callbacks import input_value
from dashboard.auth.guard import CALLBACK_PATH, LOCATION_ID, current_session, current_viewer
from dashboard.auth.somebody import somebody
from dashboard.auth.viewer import Role, Viewer
from dashboard.explorer.turn import HeavyTurns, is_heavy
from dashboard.frame.moment import Moment, drawing_at
from dashboard.kept_answer import KeptAnswer, Part
from dashboard.lane import Lane
from dashboard.markup import Written, write, written
from dashboard.page import LONGEST_PATH, LONGEST_SEARCH, read_params
from dashboard.wire import to_json
from metrics.result import Scope
from warehouse.errors import IsekError
from warehouse.stopping import stop_reason

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.services import Services
    from dashboard.shared_answers import SharedAnswers

FRAME_ID = "rahmen"
FRAME_OUTPUT = f"{FRAME_ID}.children"
# Twice over, because what another process kept may be nearly as old when it is found: ten minutes at most.
KEPT_S = 300.0
KEPT_BYTES = 48 * 1024 * 1024
KEPT_PERSONS = 2000
REMEMBERED = 200

_drawn_for: ContextVar[Viewer | None] = ContextVar("drawn_for", default=None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who may see what, and which page: everything an answer that is kept depends on beside the snapshot."""

    role: Role
    scope: Scope
    path: str
    params: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """What an answer is kept by."""

    snapshot: str
    definitions: int
    moment: Moment
    asked: Asked


class Turns:
    """One at a time per key; nothing stays of a key nobody waits for."""

    def __init__(self) -> None:
        self._turns: dict[Hashable, tuple[threading.Lock, int]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def of(self, key: Hashable) -> Iterator[None]:
        """Wait for those who came before with the same key."""
        with self._lock:
            turn, waiting = self._turns.get(key, (threading.Lock(), 0))
            self._turns[key] = (turn, waiting + 1)
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, waiting = self._turns.pop(key)
                if waiting > 1:
                    self._turns[key] = (turn, waiting - 1)


def read_address(pathname: object, search: object) -> tuple[str, Mapping[str, str]]:
    """Return path and parameters of what a browser sends; 400 for anything else."""
    if not isinstance(pathname, str) or not isinstance(search, str | None):
        abort(400)
    if len(pathname) > LONGEST_PATH or len(search or "") > LONGEST_SEARCH:
        abort(400)
    try:
        return pathname, read_params(search)
    except ValueError:
        abort(400)


def drawing_viewer() -> Viewer:
    """The viewer a page is drawn for: somebody with the rights of the person, or the person."""
    return _drawn_for.get() or current_viewer()


class AnswerStore:
    """Kept answers, bounded in bytes; the one asked for longest ago makes room, none outlives its time."""

    def __init__(
        self,
        size: int = KEPT_BYTES,
        seconds: float = KEPT_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._size, self._seconds, self._now = size, seconds, now
        self._entries: OrderedDict[Hashable, tuple[float, KeptAnswer]] = OrderedDict()
        self._bytes, self._lock = 0, threading.Lock()

    def get(self, key: Hashable) -> KeptAnswer | None:
        """Return what is kept and young enough."""
        with self._lock:
            made, answer = self._entries.get(key, (0.0, None))
            if answer is None or self._now() - made >= self._seconds:
                return None
            self._entries.move_to_end(key)
            return answer

    def put(self, key: Hashable, answer: KeptAnswer) -> None:
        """Keep an answer in the place of an older one."""
        with self._lock:
            self._drop(key)
            self._entries[key] = (self._now(), answer)
            self._bytes += answer.size
            while self._bytes > self._size:
                self._drop(next(iter(self._entries)))

    def _drop(self, key: Hashable) -> None:
        if (entry := self._entries.pop(key, None)) is not None:
            self._bytes -= entry[1].size

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)


class Answers:
    """Stands in front of Dash for the one callback that draws pages; everything else goes on to Dash.

    `page` draws the frame of an address for `drawing_viewer`, `person` the part of the header that is about a
    viewer; `dress` sets colours and words of the city where no request does.
    """

    def __init__(
        self,
        services: Services,
        page: Callable[[str, Mapping[str, str]], Component],
        person: Callable[[Viewer], Component],
        dress: Callable[[], None] = lambda: None,
    ) -> None:
        self._services, self._page, self._person, self._dress = services, page, person, dress
        self.store = AnswerStore()
        self.shared: SharedAnswers | None = None
        self._gap = f"person-{secrets.token_hex(16)}"
        self._persons: OrderedDict[Hashable, tuple[bytes, Part]] = OrderedDict()
        self._remembered: OrderedDict[Asked, None] = OrderedDict()
        self._lock, self._turns = threading.Lock(), Turns()
        self._lane = Lane()
        self._personal: set[str] = set()
        settings = services.settings
        self.heavy = HeavyTurns(settings.run_dir, settings.web.threads)
        self.waiting = 0
        """People whose page is being drawn at this moment."""
        self._server: Any = None
        self._dash: Callable[[], Any] = lambda: None

    def install(self, server: Flask) -> None:
        """Take the place of Dash's own view."""
        self._server, self._dash = server, server.view_functions[CALLBACK_PATH]
        server.view_functions[CALLBACK_PATH] = self.answer

    def answer(self) -> Any:
        """Answer one callback."""
        asked = self._asked()
        key = self._key(asked) if asked is not None else None
        if asked is None or key is None:
            return self._dash()
        self._remember(asked)
        if (kept := self._good(key)) is not None:
            return self._for_person(kept)
        self.waiting += 1
        try:
            if not is_heavy(asked.path):
                return self._in_turn(asked, key, self._lane.turn)
            # Before the turn of the key: whoever asks the same again and again waits in the line, too.
            with self.heavy.of(_session_hash(), asked.path, dict(asked.params)):
                return self._in_turn(asked, key, nullcontext)
        finally:
            self.waiting -= 1

    def _in_turn(self, asked: Asked, key: Key, turn: Callable[[], AbstractContextManager[None]]) -> Any:
        with self._turns.of(key):
            # Whoever had to wait for a turn finds what the one before has drawn.
            if (kept := self._good(key)) is not None:
                return self._for_person(kept)
            with turn():
                return self._draw(asked, key)

    def _good(self, key: Key) -> KeptAnswer | None:
        kept = self.store.get(key)
        if kept is None and self.shared is not None and (kept := self.shared.get(key)) is not None:
            self.store.put(key, kept)
        if kept is None or (kept.trail is not None and kept.trail != self._services.trail_head()):
            return None
        return kept

    def recent(self) -> list[Asked]:
        """What was asked last, the newest first."""
        with self._lock:
            return list(reversed(self._remembered))

    def prepare(self, asked: Asked) -> None:
        """Draw and keep an answer before anybody asks for it; what cannot be kept is thrown away."""
        with self._server.test_request_context(CALLBACK_PATH, method="POST", json=question(asked)):
            self._dress()
            self._services.pin()
            try:
                key = self._key(asked)
                if key is not None and self._good(key) is None:
                    trail = self._services.trail_head()
                    self._keep(key, trail, *self._drawn(asked, key))
            finally:
                self._services.unpin()

    def _asked(self) -> Asked | None:
        body = g.get("callback")
        if body is None or body.output != FRAME_OUTPUT:
            return None
        find = partial(input_value, body, LOCATION_ID)
        path, params = read_address(find("pathname"), find("search"))
        viewer = current_viewer()
        return Asked(viewer.role, viewer.scope, path, tuple(params.items()))

    def _key(self, asked: Asked) -> Key | None:
        """Without a snapshot there is nothing that could be kept."""
        try:
            moment = Moment.of(self._services, datetime.now(UTC))
            return Key(self._services.snapshot().name, id(self._services.catalog), moment, asked)
        except IsekError:
            return None

    def _remember(self, asked: Asked) -> None:
        with self._lock:
            self._remembered[asked] = None
            self._remembered.move_to_end(asked)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)

    def _draw(self, asked: Asked, key: Key) -> Any:
        if asked.path in self._personal:
            return self._dash()
        # Before it is drawn: what is entered meanwhile may be missing.
        trail = self._services.trail_head()
        text, notes = self._drawn(asked, key)
        if live.PERSON in notes or text is None:
            # A page drawn twice is twice as heavy; the next one is drawn for its person at once.
            self._personal |= {asked.path} if is_heavy(asked.path) else set()
            return self._dash()
        kept = self._keep(key, trail, text, notes)
        if kept is not None:
            return self._for_person(kept)
        return Response(
            text.replace(self._gap.encode(), self._about_person()[0]), mimetype="application/json"
        )

    def _drawn(self, asked: Asked, key: Key) -> tuple[bytes | None, set[str]]:
        """The answer with a gap for the person; none for a page that needs the renderer of Dash."""
        viewer = somebody(asked.role, asked.scope, self._gap)
        with _drawing(viewer), drawing_at(key.moment), live.noticed() as notes:
            page = written(self._page(asked.path, dict(asked.params)))
        notes |= {"stopped"} if stop_reason() is not None else set()
        text = to_json({"multi": True, "response": {FRAME_ID: {"children": page}}})
        return text if isinstance(page, Written) else None, notes

    def _keep(self, key: Key, trail: int, text: bytes | None, notes: set[str]) -> KeptAnswer | None:
        parts = (text or b"").split(self._gap.encode())
        if notes - {live.TRAIL} or len(parts) != 2:
            return None
        kept = KeptAnswer(parts[0], parts[1], trail if live.TRAIL in notes else None)
        self.store.put(key, kept)
        if self.shared is not None:
            self.shared.put(key, parts[0], parts[1], kept.trail)
        return kept

    def _for_person(self, kept: KeptAnswer) -> Response:
        text, part = self._about_person()
        if request.accept_encodings.quality("gzip") <= 0:
            return Response(kept.plain(text), mimetype="application/json")
        response = Response(kept.packed(text, part), mimetype="application/json")
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        return response

    def _about_person(self) -> tuple[bytes, Part]:
        """What the header says of the person; it holds the token of the session, so it is of one session."""
        session, viewer = current_session(), current_viewer()
        with self._lock:
            if session in self._persons:
                self._persons.move_to_end(session)
                return self._persons[session]
        # Put into the middle of a text that is in quotation marks already.
        text = to_json(write(self._person(viewer)).html)[1:-1]
        made = (text, Part.of(text))
        with self._lock:
            self._persons[session] = made
            while len(self._persons) > KEPT_PERSONS:
                self._persons.popitem(last=False)
        return made


def _session_hash() -> str:
    session = current_session()
    return session.id_hash if session is not None else ""


def question(asked: Asked) -> dict[str, Any]:
    """What a browser sends for an address."""
    # The first of several equal names wins when an address is read, so it is read from its end.
    search = urlencode(asked.params[::-1])
    return {
        "output": FRAME_OUTPUT,
        "outputs": {"id": FRAME_ID, "property": "children"},
        "inputs": [
            {"id": LOCATION_ID, "property": "pathname", "value": asked.path},
            {"id": LOCATION_ID, "property": "search", "value": f"?{search}" if search else ""},
        ],
        "changedPropIds": [f"{LOCATION_ID}.pathname"],
        "state": [],
    }


@contextmanager
def _drawing(viewer: Viewer) -> Iterator[None]:
    before = _drawn_for.set(viewer)
    try:
        yield
    finally:
        _drawn_for.reset(before)
