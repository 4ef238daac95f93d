"""The switch „Stichtag“ over two nights: as reported, with today's knowledge, and when the report is gone."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.auth.viewer import Viewer, scope_of
from dashboard.cli.stores import open_services
from dashboard.settings import load_settings
from metrics.result import Scope
from tests.nights_town import NEXT, Visit, define, make_nights
from tests.points_town import make_town
from tests.tiny_city import DAY, NOON, refresh
from warehouse.errors import AccessError, ContractError
from warehouse.pointer import passport_path, snapshot_names, snapshot_path

REPORT = f"bericht={DAY.isoformat()}"
MAYOR = Viewer("a", "a", "", "", "leitung", Scope.city())
_HREF = re.compile(r'href="(/[^"]*)"')


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """For tests that only look."""
    return Visit(make_nights(tmp_path_factory.mktemp("stichtag") / "stadt"))


@pytest.fixture
def own(town: Visit, tmp_path: Path) -> Visit:
    """A copy for tests that change something."""
    return Visit(load_settings(shutil.copytree(town.settings.city, tmp_path / "stadt"), {}))


def _value(text: str) -> str:
    """The value of the tile."""
    found = re.search(r'class="value">([\d.]+|–)<', text)
    assert found, text[:2000]
    return found[1]


def test_a_report_shows_the_figures_of_that_night_with_the_definition_of_then(town: Visit) -> None:
    assert _value(town.read("/")) == "52"
    text = town.read(f"/?{REPORT}")
    assert _value(text) == "20"
    assert "Stand wie berichtet am 09.06.2026, Lauf vom 09.06.2026" in text
    assert "heutiger Kenntnisstand: 10.06.2026." in text
    assert "09.06.2026, wie berichtet" in text, "the switch shows the choice"


def test_todays_knowledge_of_the_same_day_counts_what_came_late(town: Visit) -> None:
    text = town.read(f"/?stichtag={DAY.isoformat()}")
    assert _value(text) == "52"
    assert "Stichtag 09.06.2026 mit heutigem Wissen (Kenntnisstand 10.06.2026)." in text
    assert "Wie damals berichtet" in text and REPORT in text


def test_the_current_state_has_no_bar_and_a_request_forgets_the_report_before_it(town: Visit) -> None:
    town.read(f"/?{REPORT}")
    text = town.read("/")
    assert _value(text) == "52" and "stichtag-bar" not in text


def test_the_panel_of_a_figure_proves_what_was_reported(town: Visit) -> None:
    first, second = sorted(snapshot_names(town.settings.warehouse_dir))
    text = town.read(f"/?{REPORT}&zahl=decided")
    assert f"/zahl/decided/{DAY.isoformat()}/{first}" in text
    assert f"/zahl/decided/{NEXT.isoformat()}/{second}" not in text
    assert "count(*) AS numerator" in text and "2 * count" not in text


def test_every_link_to_a_page_that_follows_carries_the_report_on(town: Visit) -> None:
    text = town.read(f"/?{REPORT}")
    links = _HREF.findall(text)
    cockpits = [link for link in links if re.match(r"/(ozg-fortschritt|reifegrad|budget|wirkungen)\b", link)]
    assert len(cockpits) >= 4 and all(REPORT in link for link in cockpits)
    assert [link for link in links if link == "/"], "the way back to the current state stays"
    proofs = [link for link in links if link.startswith(("/datenquellen", "/hilfe", "/barriere"))]
    assert proofs and not [link for link in proofs if "?bericht" in link or "&bericht" in link]


def test_proofs_and_help_speak_about_today_whatever_the_address_says(town: Visit) -> None:
    text = town.read(f"/datenquellen?{REPORT}")
    assert "wie berichtet" not in text and "10.06.2026" in text


def test_h9_a_report_shows_nobody_more_than_the_rights_of_today(town: Visit) -> None:
    assert _value(town.read(f"/?{REPORT}", "fachbereich")) == "–", "FD 60 had no cases then"
    mine = Viewer("b", "b", "", "", "fachbereichsleitung", scope_of("fachbereichsleitung", ("FD50",)))
    try:
        town.services.pin_reported(DAY)
        assert town.services.query(mine, "decided").rows[0].value == 20
        with pytest.raises(AccessError):
            town.services.query(Viewer("c", "c", "", "", "verwaltung", Scope.of()), "decided")
    finally:
        town.services.unpin()
    assert town.services.query(MAYOR, "decided").rows[0].value == 52, "the cache tells the two apart"


def test_k4_what_is_protected_today_is_not_shown_the_way_it_was_reported(own: Visit) -> None:
    define(own.settings, "count(*)", more="min_cell = 30", n=", count(*) AS n")
    services = open_services(own.settings)
    services.pin_reported(DAY)
    try:
        with pytest.raises(AccessError) as refused:
            services.query(MAYOR, "decided")
        assert refused.value.code == "protected"
    finally:
        services.unpin()
    assert '"className": "value"' not in Visit(own.settings).read(f"/?{REPORT}")


def test_k4_a_withdrawn_table_stays_withdrawn_in_the_report_of_its_time(tmp_path: Path) -> None:
    settings = make_town(tmp_path)
    refresh(settings, day=NEXT, now=NOON + timedelta(days=1))
    services = open_services(settings)
    services.pin_reported(DAY)
    shown = services.query(MAYOR, "points").rows[0]
    services.unpin()
    (settings.city / "withdrawn.toml").write_text(
        '[[table]]\nmetric = "points"\nperiod = 2026-05-01\non = 2026-06-10\nreason = "Unvollständig."\n',
        encoding="utf-8",
    )
    later = open_services(settings)
    later.pin_reported(DAY)
    gone = later.query(MAYOR, "points")
    later.unpin()
    assert shown.value is not None
    assert [cell.value for cell in gone.rows] == [None] and "Unvollständig" in gone.notes[0]


def test_a_report_that_is_gone_says_so_and_names_the_nearest(town: Visit) -> None:
    text = town.read("/?bericht=2026-05-02")
    assert "für den 02.05.2026 berichtet wurde, ist nicht mehr aufbewahrt" in text
    assert "Nächster aufbewahrter Stand: wie berichtet am 09.06.2026" in text
    assert '"className": "value"' not in text, "nothing else is shown in its place"


def test_a_report_cleared_away_while_people_hold_its_address_is_gone(own: Visit) -> None:
    name = sorted(snapshot_names(own.settings.warehouse_dir))[0]
    assert _value(own.read(f"/?{REPORT}")) == "20"
    for path in (snapshot_path, passport_path):
        path(own.settings.warehouse_dir, name).unlink()
    text = own.read(f"/?{REPORT}")
    assert "ist nicht mehr aufbewahrt" in text and '"className": "value"' not in text
    with pytest.raises(ContractError):
        own.services.pin_reported(DAY)


@pytest.mark.parametrize("asked", ["gestern", "2026-06-10", "2027-01-01T00", "%00"])
def test_an_address_that_names_no_earlier_day_shows_the_current_state(town: Visit, asked: str) -> None:
    assert _value(town.read(f"/?bericht={asked}")) == "52"


def test_the_last_report_of_a_day_counts_and_the_current_one_is_none(own: Visit) -> None:
    assert refresh(own.settings, day=NEXT, now=NOON + timedelta(days=1, hours=2)).state == "published"
    services = open_services(own.settings)
    assert [facts.business_date for facts in services.earlier()] == [DAY]
    assert [facts.business_date for facts in services.archive.kept()] == [NEXT, DAY]
    assert services.archive.kept()[0].name == services.reader.current().name
    assert services.today == date(2026, 6, 10)
