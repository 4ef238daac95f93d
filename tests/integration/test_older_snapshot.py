"""Between a new version and its first night the last snapshot lacks tables: said in words, nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dash import html
from tiny_city import DAY, NOON, refresh, snapshot, write_city

from dashboard import texts
from dashboard.__main__ import main
from dashboard.app import draw
from dashboard.auth.viewer import Viewer
from dashboard.cli.stores import open_services
from dashboard.page import discover_pages
from dashboard.settings import Settings
from metrics.catalog import load_catalog
from metrics.dryrun import dry_run
from metrics.result import Scope
from warehouse.publish import Warehouse
from warehouse.store import open_draft

VIEWER = Viewer("k", "", "", "", "controlling", Scope.city())
# What a version before had not built.
NOT_YET = (
    *("core.org_transfer", "core.org_home", "core.service_reading", "core.parameter"),
    "core.ranking_criterion",
    *("mart.dms_mail_in", "mart.reifegrad_change", "mart.service_range", "mart.effect_book"),
    *("mart.service_level", "meta.definition", "meta.protected_table", "meta.protected_cell"),
)


def publish_older(settings: Settings) -> str:
    """Publish the current state once more, as the version before would have built it."""
    warehouse = Warehouse(settings.warehouse_dir)
    with warehouse.lock():
        draft = warehouse.new_draft()
        name = warehouse.next_name(NOON + timedelta(hours=1))
        con = open_draft(draft, temp_directory=settings.temp_dir)
        for table in NOT_YET:
            con.execute(f"DROP TABLE {table}")
        con.execute("DROP VIEW core.statement")
        con.execute("DELETE FROM meta.migration WHERE version >= 6")
        con.execute("UPDATE meta.snapshot SET name = $1", [name])
        con.close()
        warehouse.publish(draft, name)
    return name


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = write_city(tmp_path_factory.mktemp("alt") / "stadt")
    refresh(settings)
    publish_older(settings)
    return settings


@pytest.fixture
def isek(capsys: pytest.CaptureFixture[str], city: Settings) -> Callable[..., tuple[int, str]]:
    def run(*args: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main([*args, "--city", str(city.city)], {})
        return code, "\n".join(capsys.readouterr())

    return run


@pytest.mark.parametrize(
    "args",
    [
        ("query", "dms_mail_in_live_share"),
        ("query", "dms_mail_in_live_share", "--passport"),
        ("query", "ozg_online_share", "--by", "fachdienst", "--org-as-of", "2026-06-01"),
        ("claims",),
    ],
)
def test_a_question_an_older_snapshot_cannot_answer_says_when_it_can(
    isek: Any, args: tuple[str, ...]
) -> None:
    code, told = isek(*args)
    assert code == 3
    assert "fehlt eine Tabelle oder Spalte" in told and "isek refresh" in told
    assert "Unerwarteter Fehler" not in told


def test_a_figure_whose_tables_are_there_has_its_passport(isek: Any) -> None:
    code, told = isek("query", "case_duration_days", "--passport")
    assert code == 0, told


def _words(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, list | tuple):
        return " ".join(_words(item) for item in part)
    return _words(getattr(part, "children", None) or "")


def test_every_page_opens_or_says_that_the_next_run_completes_it(city: Settings) -> None:
    services, pages = open_services(city), discover_pages()
    told = {}
    for item in pages:
        shown = draw(services, pages, lambda *parts: html.Div(parts[-1]), VIEWER, item.page.path, {})
        words = _words(shown)
        broken = "Diese Seite kann gerade nicht gezeigt werden" in words
        broken |= "konnte nicht berechnet werden" in words
        told[item.page.id] = not broken or texts.OLDER in words
    assert told == dict.fromkeys(told, True)


def test_the_first_night_of_the_new_version_builds_everything(tmp_path: Path) -> None:
    settings = write_city(tmp_path / "stadt")
    refresh(settings)
    publish_older(settings)
    day: date = DAY + timedelta(days=1)
    now: datetime = NOON + timedelta(days=1)
    assert refresh(settings, day=day, now=now).state == "published"
    assert dry_run(load_catalog(settings.city), snapshot(settings)) == []
