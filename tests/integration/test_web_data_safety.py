"""Text from deliveries is text and nothing else; what one person asked never answers another."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from dash import dcc
from dash.development.base_component import Component

from dashboard import shell
from dashboard.auth.viewer import Viewer
from dashboard.frame import header
from dashboard.frame.moment import Moment
from dashboard.pages import ozg, reifegrad
from dashboard.services import Services
from tests.services_city import graphs, services_city, services_rows, viewer_of, words

PAYLOAD = '<b>fett</b><br><a href="https://fremd.example/">klick</a><img src=x onerror=alert(1)>'
MARKUP = re.compile(r"<(?:b>fett|br><a|a href|img)")


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Services:
    rows = {name: [dict(row) for row in items] for name, items in services_rows().items()}
    for name, columns in {
        "service": ("bezeichnung", "themenfeld", "missing_block"),
        "ozg_bundle": ("bezeichnung", "themenfeld"),
        "project": ("title",),
    }.items():
        for row in rows[name]:
            row.update({column: f"{row[column]} {PAYLOAD}" for column in columns if row.get(column)})
    return services_city(tmp_path_factory.mktemp("gift"), rows=rows)


def test_markup_in_a_delivery_is_shown_as_it_was_written(poisoned: Services) -> None:
    pages = [page.layout(poisoned, viewer_of("leitung"), {}) for page in (ozg, reifegrad)]
    assert all(PAYLOAD in words(page) for page in pages)
    texts = [text for figure in graphs(pages) for text in _texts(figure) if "fett" in text]
    assert texts, "names of Themenfelder are labels of a chart"
    assert [text for text in texts if MARKUP.search(text)] == []


def test_the_check_for_markup_in_figures_finds_some_in_a_figure_that_has_it() -> None:
    figure = {"data": [{"y": [PAYLOAD]}], "layout": {"annotations": [{"text": f"x {PAYLOAD}"}]}}
    assert sum(bool(MARKUP.search(text)) for text in _texts(figure)) == 2


@pytest.mark.parametrize("page", [ozg, reifegrad])
def test_no_page_uses_parts_that_turn_text_into_markup(poisoned: Services, page: Any) -> None:
    drawn = page.layout(poisoned, viewer_of("leitung"), {})
    kinds = {type(part) for part in drawn._traverse() if isinstance(part, Component)}
    assert kinds and dcc.Markdown not in kinds
    source = "".join(p.read_text(encoding="utf-8") for p in (Path(ozg.__file__).parents[1]).rglob("*.py"))
    assert "Markdown(" not in source and "dangerously" not in source.lower()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


PEOPLE = (
    viewer_of("leitung"),
    viewer_of("fachbereichsleitung", "D1"),
    viewer_of("fachbereichsleitung", "D2"),
    viewer_of("fachbereichsleitung", "FD20"),
    viewer_of("fachbereichsleitung"),
)
QUESTIONS: tuple[dict[str, str], ...] = (
    {},
    {"einheit": "FD32"},
    {"einheit": "FD10"},
    {"stichtag": "2026-03-31"},
)


def test_answers_are_the_same_whoever_asked_before(tmp_path: Path) -> None:
    warm = services_city(tmp_path)
    cases = [
        (page, who, q)
        for page in (ozg, reifegrad)
        for who in range(len(PEOPLE))
        for q in range(len(QUESTIONS))
    ]
    cold = {case: _answer(warm, *case, fresh=True) for case in cases}
    assert len({cold[ozg, who, 0] for who in range(len(PEOPLE))}) == len(PEOPLE)
    order = cases * 4
    random.Random(7).shuffle(order)
    assert [case for case in order if _answer(warm, *case) != cold[case]] == []


def _answer(city: Services, page: Any, who: int, question: int, *, fresh: bool = False) -> str:
    services = Services(city.settings, city.catalog, city.reader, city.ledger) if fresh else city
    return str(words(page.layout(services, PEOPLE[who], QUESTIONS[question])))


@pytest.mark.parametrize(("role", "told"), [("controlling", True), ("verwaltung", True), ("leitung", False)])
def test_d8_who_looks_after_the_night_is_told_when_it_is_silent(role: str, told: bool) -> None:
    def notices(alive: bool) -> str:
        city = cast("Services", SimpleNamespace(as_reported=False))
        status = cast("Any", SimpleNamespace(as_of=datetime.now(UTC)))
        moment = Moment(date(2026, 6, 9), "", silent=not alive)
        return "".join(words(part) for part in shell._notices(city, _viewer(role), status, (), moment))

    assert (shell.SILENT_NIGHT in notices(alive=False)) is told
    assert shell.SILENT_NIGHT not in notices(alive=True)


@pytest.mark.parametrize("published", [False, True])
def test_e4_without_a_readable_snapshot_pages_say_whether_there_was_one(
    tmp_path: Path, published: bool
) -> None:
    settings = cast("Any", SimpleNamespace(warehouse_dir=tmp_path))
    if published:
        (tmp_path / "snapshots").mkdir()
        (tmp_path / "snapshots" / "2026-06-09T011500Z-0001.duckdb").write_bytes(b"damaged")
    city = cast("Services", SimpleNamespace(settings=settings))
    moment = Moment(date(2026, 6, 9), "", silent=False)
    told = "".join(words(part) for part in shell._notices(city, _viewer("leitung"), None, (), moment))
    assert (shell.UNREADABLE in told, shell.NO_DATA in told) == (published, not published)
    head = str(words(header._data_state(settings, None, ())))
    assert ("Kein Stand lesbar" in head, "Der erste Lauf steht aus" in head) == (published, not published)


def _viewer(role: str) -> Viewer:
    return viewer_of(cast("Any", role))
