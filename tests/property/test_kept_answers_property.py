"""Kept answers: whatever is asked in whatever order, nobody is shown what was drawn for somebody else.

The pages write down everything they were drawn for; keeping, finding and putting in the person's part are
the product's own.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from dash import html
from flask import Flask, Response, g
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import live
from dashboard.answers import Answers, Asked, drawing_viewer, question
from dashboard.auth.callbacks import read_body
from dashboard.auth.guard import CALLBACK_PATH
from dashboard.auth.sessions import OpenSession
from dashboard.auth.somebody import Somebody
from dashboard.auth.viewer import ROLES, Viewer, scope_of
from dashboard.markup import write, written
from dashboard.services import Services
from dashboard.wire import to_json

NOW, IDLE = datetime(2026, 6, 9, tzinfo=UTC), timedelta(minutes=30)
UNITS = ("FD10", "FD32", "DEZ1")
# Equal rights under different names, different rights under equal names, one unit and two.
PERSONS = [
    Viewer(account, account, "", "", role, scope_of(role, units))
    for account in ("anna", "bert")
    for role in ROLES
    for units in ((), ("FD10",), ("FD32",), ("FD10", "FD32"), ("FD32", "FD10"))
]
# What a page may depend on beside snapshot, rights and address.
PATHS = {"/": None, "/budget": None, "/eingaben": live.TRAIL, "/lauf": "ledger", "/eigene": live.PERSON}
PARAMS = st.dictionaries(st.sampled_from(["einheit", "a", "b", "a&b"]), st.sampled_from(["1", "2=", "ä&c"]))
STEP = st.tuples(
    st.sampled_from(PERSONS),
    st.sampled_from(sorted(PATHS)),
    st.sampled_from([{}, {"einheit": "1"}]),
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from([0, 0, 0, 1, 2]),
)


@dataclass
class Place:
    """A server whose pages tell what they were drawn for; `snapshot`, `catalog`, `trail` may change."""

    snapshot: str = "s0"
    trail: int = 0
    catalogs: dict[int, Any] = field(default_factory=lambda: {n: SimpleNamespace() for n in range(3)})

    def __post_init__(self) -> None:
        self.services = SimpleNamespace(
            snapshot=lambda: SimpleNamespace(name=self.snapshot),
            catalog=self.catalogs[0],
            trail_head=lambda: self.trail,
            # None of these pages is heavy: nothing is ever written there.
            settings=SimpleNamespace(zone=UTC, run_dir=Path("kept-nowhere"), web=SimpleNamespace(threads=12)),
            runs_going_on=lambda: None,
            night_alive=lambda now: True,
        )
        self.server = Flask("probe")
        self.server.add_url_rule("/", CALLBACK_PATH, self._alone, methods=["POST"])
        person = lambda viewer: html.B(viewer.name)  # noqa: E731
        self.answers = Answers(cast("Services", self.services), self._draw, person)
        self.answers.install(self.server)

    def _draw(self, path: str, params: Mapping[str, str]) -> Any:
        viewer, private = drawing_viewer(), PATHS[path]
        if private is not None:
            live.note(private)
        header: Any = viewer.gap if isinstance(viewer, Somebody) else html.B(viewer.name)
        name = viewer.name if private == live.PERSON else ""
        return self._told(viewer, Asked(viewer.role, viewer.scope, path, tuple(params.items())), name, header)

    def _alone(self) -> Response:
        page = written(self._draw(g.asked.path, dict(g.asked.params)))
        return Response(to_json({"response": {"rahmen": {"children": page}}}), mimetype="application/json")

    def _told(self, viewer: Viewer, asked: Asked, name: str, header: Any) -> Any:
        units = viewer.scope.units
        rights = [viewer.role, None if units is None else sorted(units)]
        trail = self.trail if PATHS[asked.path] in (live.TRAIL, "ledger") else None
        catalog = next(n for n, held in self.catalogs.items() if held is self.services.catalog)
        page = [asked.path, sorted(map(list, asked.params)), self.snapshot, catalog, trail]
        return html.Div([html.Pre(json.dumps([rights, page, name])), header])

    def ask(self, person: Viewer, asked: Asked) -> str:
        """What the person is shown."""
        with self.request(person, asked):
            response = self.answers.answer()
        packed = response.headers.get("Content-Encoding") == "gzip"
        found = json.loads(gzip.decompress(response.data) if packed else response.data)
        return str(found["response"]["rahmen"]["children"]["props"]["html"])

    def alone(self, person: Viewer, asked: Asked) -> str:
        """What the person would be shown if nothing were kept."""
        name = person.name if PATHS[asked.path] == live.PERSON else ""
        return str(write(self._told(person, asked, name, html.B(person.name))).html)

    @contextmanager
    def request(self, person: Viewer, asked: Asked) -> Iterator[None]:
        """The request of a signed-in person as the guard leaves it."""
        with self.server.test_request_context("/", method="POST", headers={"Accept-Encoding": "gzip"}):
            g.asked, g.callback = asked, read_body(question(asked))
            session = f"{person.account_id} {person.role} {person.scope}"
            g.session = OpenSession(person, "token", session, NOW, IDLE, NOW + timedelta(hours=8))
            yield


@settings(max_examples=250, deadline=None)
@given(st.lists(STEP, max_size=40))
def test_h8_whoever_asks_is_shown_what_would_be_shown_if_nothing_were_kept(
    steps: list[tuple[Viewer, str, dict[str, str], int, int]],
) -> None:
    place = Place()
    for person, path, params, moved, changed in steps:
        place.snapshot, place.trail = f"s{moved}", place.trail + changed
        place.services.catalog = place.catalogs[changed]
        asked = Asked(person.role, person.scope, path, tuple(params.items()))
        for _ in range(2):
            assert place.ask(person, asked) == place.alone(person, asked)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PERSONS), st.sampled_from(PERSONS), PARAMS, PARAMS)
def test_h8_answers_are_shared_by_equal_rights_and_equal_addresses_only(
    one: Viewer, other: Viewer, first: dict[str, str], second: dict[str, str]
) -> None:
    place = Place()
    keys = [
        place.answers._key(Asked(who.role, who.scope, "/", tuple(params.items())))
        for who, params in ((one, first), (other, second))
    ]
    rights = (one.role, one.scope) == (other.role, other.scope)
    same = rights and list(first.items()) == list(second.items())
    assert (keys[0] == keys[1]) == same
    place.snapshot = "s1"
    assert place.answers._key(Asked(one.role, one.scope, "/", tuple(first.items()))) != keys[0]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PERSONS), st.sampled_from(sorted(PATHS)), PARAMS)
def test_h8_an_address_asked_again_in_the_background_is_the_one_that_was_asked(
    person: Viewer, path: str, params: dict[str, str]
) -> None:
    place = Place()
    asked = Asked(person.role, person.scope, path, tuple(params.items()))
    with place.request(person, asked):
        assert place.answers._asked() == asked
