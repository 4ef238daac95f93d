"""A protected table that rests on a wrong delivery is withdrawn with its reason, and never decided again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from plotly.utils import PlotlyJSONEncoder
from tiny_city import refresh, snapshot

from dashboard.__main__ import main
from dashboard.auth.viewer import Viewer
from dashboard.cited import cited
from dashboard.cli.stores import open_services
from dashboard.frame.origin import requested_origin
from dashboard.page import discover_pages
from dashboard.pages import zahl
from dashboard.settings import Settings
from metrics.catalog import load_catalog
from metrics.citation import Citation
from metrics.passport import Amount
from metrics.query import query
from metrics.result import Cell, MetricResult, Scope
from tests.points_town import FIELDS, Isek, deliver, make_town
from warehouse.errors import ConfigError
from warehouse.pointer import read_pointer, snapshot_path

WITHDRAWN = """[[table]]
metric = "points"
period = 2026-05-01
on = 2026-06-10
reason = "Die Lieferung vom 30.05. war unvollständig."
"""
REASON = "zurückgezogen am 10.06.2026. Die Lieferung vom 30.05. war unvollständig."


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return make_town(tmp_path)


@pytest.fixture
def isek(capsys: pytest.CaptureFixture[str]) -> Isek:
    def run(city: Settings, *args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*args, "--city", str(city.city)], {})
        return (code, *capsys.readouterr())

    return run


def _ask(settings: Settings, *by: str) -> MetricResult:
    return query(load_catalog(settings.city), snapshot(settings), "points", scope=Scope.city(), by=by)


def _withdraw(settings: Settings, text: str = WITHDRAWN) -> None:
    (settings.city / "withdrawn.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("by", [(), ("procedure",), ("procedure", "channel"), ("period",)])
def test_no_cell_of_a_withdrawn_period_is_shown_but_its_reason_is(
    city: Settings, by: tuple[str, ...]
) -> None:
    assert any(cell.value is not None for cell in _ask(city, *by).rows) or len(by) == 2
    _withdraw(city)
    found = _ask(city, *by)
    assert found.rows and all(
        cell == Cell(cell.period, cell.keys, None, suppressed=True) for cell in found.rows
    )
    assert [note.endswith(REASON) for note in found.notes] == [True]


def test_the_command_line_says_why_a_figure_is_gone(city: Settings, isek: Isek) -> None:
    _withdraw(city)
    code, out, _ = isek(city, "query", "points")
    assert code == 0 and REASON in out and "geschützt" in out
    answer = json.loads(isek(city, "query", "points", "--format", "json")[1])
    assert answer["rows"][0]["value"] is None and answer["notes"][0].endswith(REASON)


def test_k4_a_pinned_figure_of_a_withdrawn_table_is_no_longer_shown(city: Settings, isek: Isek) -> None:
    name = str(read_pointer(city.warehouse_dir))
    code, out, err = isek(city, "figures", "pin", "points", "--by", "period", "--reason", "Rat", "--json")
    assert code == 0, err
    (pinned,) = json.loads(out)["figures"]
    _withdraw(city)
    services = open_services(city)
    viewer = Viewer("a", "a", "", "", "leitung", Scope.city())
    asked = Citation("points", date(2026, 6, 9), name, by=("period",))
    for _ in ("kept", "gone"):
        found = cited(services, viewer, asked).passport
        assert [(figure.suppressed, figure.amount) for figure in found.figures] == [(True, Amount(None))]
        assert [note.endswith(REASON) for note in found.notes] == [True]
        assert found.calculation.sql == "" and {load.read for load in found.deliveries} == {None}
        snapshot_path(city.warehouse_dir, name).unlink(missing_ok=True)
    for command in (
        ("figures", "show", "1"),
        ("query", "points", "--by", "period", "--snapshot", name, "--passport"),
    ):
        code, out, _ = isek(city, *command)
        assert code == 0 and REASON in out
        (figure,) = json.loads(isek(city, *command, "--json")[1])["figures"]
        assert pinned["cases"] == 32 and set(figure["amount"].values()) == {None}
        assert not {figure[name] for name in ("cases", "target", "knowledge", "coverage")} - {None}


def test_the_portal_says_why_a_figure_is_gone(city: Settings) -> None:
    _withdraw(city)
    services = open_services(city)
    viewer = Viewer("a", "a", "", "", "leitung", Scope.city())
    page = next(item.page for item in discover_pages() if item.page.id == "start")
    drawer = requested_origin(services, viewer, page, [page], {"zahl": "points"})
    said = json.dumps(drawer, cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert REASON in said and "Datensätze" not in said
    link = {"kennzahl": "points", "stichtag": "2026-06-09", "stand": services.snapshot().name}
    passport = json.dumps(zahl.layout(services, viewer, link), cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert REASON in passport


def test_k4_a_corrected_delivery_decides_no_second_table_withdrawn_or_not(city: Settings) -> None:
    """Both tables beside each other would tell the cases between them."""
    before = snapshot(city).query("SELECT * FROM meta.protected_cell ORDER BY ALL")
    _withdraw(city)
    deliver(city, [*FIELDS[:3], ("bauantrag", "post", 4, 22)])
    refresh(city, day=date(2026, 6, 10), now=datetime(2026, 6, 10, 10, tzinfo=UTC))
    assert snapshot(city).query("SELECT * FROM meta.protected_cell ORDER BY ALL") == before
    assert all(cell.suppressed for cell in _ask(city).rows)


def test_periods_after_a_withdrawn_one_go_on(city: Settings) -> None:
    _withdraw(city)
    deliver(city, [("wohngeld", "online", 7, 9)], month=6)
    refresh(city, day=date(2026, 7, 2), now=datetime(2026, 7, 2, 10, tzinfo=UTC))
    assert [(cell.suppressed, cell.n) for cell in _ask(city, "period").rows] == [(True, None), (False, 7)]
    total = _ask(city)
    assert total.rows[0].n == 7 and total.notes == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WITHDRAWN.replace("points", "pionts"), "points"),
        (WITHDRAWN.replace("points", "ozg_online_share"), "keine geschützten Tabellen"),
        (WITHDRAWN.replace("05-01", "05-02"), "2026-05-01"),
        (WITHDRAWN.replace("reason", "grund"), "withdrawn.toml:5"),
    ],
)
def test_a_mistyped_withdrawal_is_refused_with_its_line(city: Settings, text: str, words: str) -> None:
    _withdraw(city, text)
    with pytest.raises(ConfigError, match=words):
        load_catalog(city.city)
