"""Passports over two nights of a small city: as reported, as known today, and when the snapshot is gone."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tiny_city import DAY, NOON, refresh, write_cases, write_city, write_rows
from web_city import PEOPLE, navigate, page_html, use_link

from dashboard.__main__ import main
from dashboard.app import create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.auth.viewer import Viewer, scope_of
from dashboard.citation_link import citation_address
from dashboard.cited import Cited, cited
from dashboard.cli.stores import open_services
from dashboard.jobs.rebuild import run_rebuild
from dashboard.services import Services
from dashboard.settings import Settings, load_settings
from metrics.citation import Citation
from metrics.passport_issue import issue
from metrics.passport_knowledge import UNREADABLE
from metrics.result import Scope
from tests.nights_town import HEAD, METRIC, NEXT, define
from tests.nights_town import UNITS as TOWN_UNITS
from warehouse.errors import AccessError
from warehouse.ledger import Ledger
from warehouse.pointer import passport_path, read_pointer, snapshot_path

Isek = Callable[..., tuple[int, str, str]]
UNITS = {"leitung": (), "soziales": ("FD50",), "bau": ("FD60",)}


@dataclass
class Town:
    """A city after two nights; in the second one cases came late and the definition was another one."""

    settings: Settings
    first: str
    second: str

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.settings.ledger_url)

    def services(self) -> Services:
        return open_services(self.settings)

    def citation(self, **more: Any) -> Citation:
        return Citation(**{"metric": "decided", "stichtag": DAY, "snapshot": self.first, **more})

    def open(self, login: str, citation: Citation) -> Cited:
        services = self.services()
        role = "leitung" if login == "leitung" else "fachbereichsleitung"
        viewer = Viewer(login, login, "", "", role, scope_of(role, UNITS[login]), login)  # type: ignore[arg-type]
        return cited(services, viewer, citation)

    def forget(self, name: str) -> None:
        """What retention does to a snapshot that had its time."""
        for path in (
            snapshot_path(self.settings.warehouse_dir, name),
            passport_path(self.settings.warehouse_dir, name),
        ):
            path.unlink()


def _make(folder: Path) -> Town:
    settings = write_city(folder)
    write_rows(settings.city / "organisation.csv", HEAD, TOWN_UNITS)
    define(settings, "count(*)")
    assert refresh(settings).state == "published"
    first = read_pointer(settings.warehouse_dir)
    write_cases(settings.city, 26)
    with sqlite3.connect(settings.city / "fachverfahren.sqlite") as con:
        con.execute("UPDATE vorgang SET org_unit_id = 'FD60' WHERE case_id IN ('A0', 'A1')")
    con.close()
    define(settings, "2 * count(*)")
    assert refresh(settings, day=NEXT, now=NOON + timedelta(days=1)).state == "published"
    return Town(settings, str(first), str(read_pointer(settings.warehouse_dir)))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """For tests that only look."""
    return _make(tmp_path_factory.mktemp("nights") / "stadt")


@pytest.fixture
def own(town: Town, tmp_path: Path) -> Town:
    """A copy for tests that delete."""
    folder = shutil.copytree(town.settings.city, tmp_path / "stadt")
    return Town(load_settings(folder, {}), town.first, town.second)


@pytest.fixture
def isek(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[Town], Isek]]:
    def of(town: Town) -> Isek:
        def run(*args: str) -> tuple[int, str, str]:
            capsys.readouterr()
            code = main([*args, "--city", str(town.settings.city)], {})
            return code, *capsys.readouterr()

        return run

    yield of


def _json(isek: Isek, *args: str) -> Any:
    code, out, err = isek(*args, "--json")
    assert code == 0, err
    return json.loads(out)


def _pin(isek: Isek, town: Town, *question: str) -> Any:
    return _json(
        isek, "figures", "pin", "decided", *question, "--snapshot", town.first, "--reason", "Vorlage 12/2026"
    )


def test_a_past_snapshot_is_asked_by_the_definition_it_keeps(town: Town, isek: Any) -> None:
    now, then = (
        _json(isek(town), "query", "decided"),
        _json(isek(town), "query", "decided", "--snapshot", town.first),
    )
    assert [answer["rows"][0]["value"] for answer in (now, then)] == [52, 20]


def test_the_passport_tells_todays_knowledge_from_what_was_reported(town: Town, isek: Any) -> None:
    passport = _json(isek(town), "query", "decided", "--at", DAY.isoformat(), "--passport")
    knowledge = passport["figures"][0]["knowledge"]
    assert (knowledge["today"]["amount"]["value"], knowledge["today"]["snapshot"]) == (52, town.second)
    assert (knowledge["reported"]["amount"]["value"], knowledge["reported"]["snapshot"]) == (20, town.first)
    assert knowledge["difference"] == 32
    assert knowledge["note"] == "Die Definition wurde seither geändert: Abfrage"


def test_the_passport_of_a_past_snapshot_says_what_is_otherwise_today(town: Town, isek: Any) -> None:
    then = _json(isek(town), "query", "decided", "--snapshot", town.first, "--passport")
    assert (then["figures"][0]["amount"]["value"], then["snapshot"]) == (20, town.first)
    assert then["definition"]["kept_with_snapshot"] and then["definition"]["changed_since"] == ["statement"]
    assert "2 * count" not in then["calculation"]["sql"]
    assert then["figures"][0]["knowledge"]["today"]["amount"]["value"] == 52


def test_the_change_of_the_definition_is_dated_by_the_night_it_first_counted(town: Town, isek: Any) -> None:
    passport = _json(
        isek(town), "query", "decided", "--from", "2026-05-01", "--to", "2026-06-30", "--passport"
    )
    breaks = [found for found in passport["breaks"] if found["kind"] == "definition"]
    assert [found["on"] for found in breaks] == [NEXT.isoformat()]


def test_definitions_are_archived_once_by_their_version(town: Town) -> None:
    kept = town.ledger.definitions_of("decided")
    assert [(one.since, one.snapshot) for one in kept] == [(DAY, town.first), (NEXT, town.second)]
    (builtin,) = town.ledger.definitions_of("case_duration_days")
    content = json.loads(builtin.content)
    assert builtin.since == DAY and "mart.case_duration" in content["models"]
    assert content["header"]["label"] == "Bearbeitungsdauer (Median)"


def test_a_run_killed_behind_the_pointer_is_archived_by_the_next_one(own: Town) -> None:
    """The definition counted for one night only: without the archive nobody would know it later."""
    before = own.ledger.definitions_of("decided") + own.ledger.definitions_of("case_duration_days")
    with sqlite3.connect(own.settings.var / "ledger.sqlite") as con:
        con.execute("DELETE FROM metric_definition WHERE snapshot = ?", [own.second])
        con.execute("DELETE FROM metric_definition WHERE metric = 'case_duration_days'")
    con.close()
    define(own.settings, "3 * count(*)")
    later = NEXT + timedelta(days=1)
    assert refresh(own.settings, day=later, now=NOON + timedelta(days=2)).state == "published"
    kept = own.ledger.definitions_of("decided")
    assert [one.since for one in kept] == [DAY, NEXT, later]
    assert kept[:2] == before[:2]
    (builtin,) = own.ledger.definitions_of("case_duration_days")
    assert builtin.content == before[2].content


def test_the_passport_in_words_has_value_way_definition_loads_and_link(town: Town, isek: Any) -> None:
    code, out, _ = isek(town)("query", "decided", "--passport")
    assert code == 0
    places = [out.index(word) for word in ("\nZahl\n", "\nRechnung\n", "\nDefinition\n", "\nLieferungen\n")]
    assert places == sorted(places)
    assert "26 gelesen, 26 übernommen, 0 zurückgewiesen" in out
    assert f"/zahl/decided/2026-06-10/{town.second}" in out and "\nSQL\nWITH metric AS (" in out


def test_a_stable_link_gives_the_figure_that_was_reported(town: Town) -> None:
    found = town.open("leitung", town.citation())
    assert (found.archived, found.pin, found.passport.figures[0].amount.value) == (False, None, 20)


def test_h5_a_link_answers_only_within_the_rights_of_who_opens_it(town: Town) -> None:
    for login, units, value in (
        ("soziales", ("FD50",), 48), ("leitung", ("FD60",), 4), ("bau", ("FD60",), 4), ("leitung", None, 52),
    ):  # fmt: skip
        citation = town.citation(stichtag=NEXT, snapshot=town.second, units=units)
        assert town.open(login, citation).passport.figures[0].amount.value == value
    for login, units in (
        ("soziales", None),
        ("soziales", ("FD60",)),
        ("bau", ("FD50", "FD60")),
        ("bau", ("S",)),
    ):
        with pytest.raises(AccessError) as caught:
            town.open(login, town.citation(stichtag=NEXT, snapshot=town.second, units=units))
        assert caught.value.code == "no_figure"


def test_h5_what_is_forbidden_unknown_or_gone_gets_the_same_answer(town: Town) -> None:
    told = set()
    for login, citation in (
        ("bau", town.citation()),
        ("leitung", town.citation(metric="nirgends")),
        ("leitung", town.citation(snapshot="2020-01-01T000000Z-0099")),
        ("leitung", town.citation(where={"nichts": ("x",)})),
    ):
        with pytest.raises(AccessError) as caught:
            town.open(login, citation)
        told.add(str(caught.value))
    assert len(told) == 1


def test_a_pinned_figure_outlives_its_snapshot_and_its_definition(own: Town, isek: Any) -> None:
    run = isek(own)
    pinned = _pin(run, own)
    own.forget(own.first)
    (own.settings.city / "metrics/decided.sql").unlink()
    assert _json(run, "query", "decided", "--snapshot", own.first, "--passport") == pinned
    shown = _json(run, "figures", "show", str(pinned["archive"]["id"]))
    assert shown["definition_text"]["statement"].count("count(*)") == 1
    assert shown["definition_text"]["version"] == shown["definition"]["parts"]
    found = own.open("leitung", own.citation())
    assert found.archived and found.passport.figures[0].amount.value == 20
    with pytest.raises(AccessError):
        own.open("soziales", own.citation())


def test_a_cell_of_a_pinned_breakdown_is_found_by_its_own_link(own: Town, isek: Any) -> None:
    _pin(isek(own), own, "--by", "channel")
    own.forget(own.first)
    found = own.open("leitung", own.citation(where={"channel": ("online",)}))
    assert found.archived and [figure.keys for figure in found.passport.figures] == [{"channel": "online"}]
    with pytest.raises(AccessError):
        own.open("leitung", own.citation(where={"channel": ("post",)}))


def test_k4_what_is_protected_today_is_not_shown_the_way_it_once_was(own: Town, isek: Any) -> None:
    run = isek(own)
    _pin(run, own)
    path = own.settings.city / "metrics/decided.sql"
    guarded = path.read_text(encoding="utf-8").replace("revised", "min_cell = 30\nrevised")
    path.write_text(guarded.replace(" AS numerator", " AS numerator, count(*) AS n"), encoding="utf-8")
    for question in (("query", "decided", "--passport"), ("query", "decided")):
        code, _, err = run(*question, "--snapshot", own.first)
        assert code != 0 and "schützt heute kleine Zahlen" in err
    for _ in ("kept", "gone"):
        with pytest.raises(AccessError):
            own.open("leitung", own.citation())
        snapshot_path(own.settings.warehouse_dir, own.first).unlink(missing_ok=True)


def test_h5_a_figure_that_knew_no_units_then_is_not_everybodys_where_it_knows_them_today(
    own: Town, isek: Any
) -> None:
    path = own.settings.city / "metrics/decided.sql"
    by_unit = path.read_text(encoding="utf-8")
    whole = by_unit.replace('"channel", "org_unit_id"]', '"channel"]').replace("organisation", "city")
    path.write_text(whole.replace(" org_unit_id, channel,", " channel,"), encoding="utf-8")
    day = NEXT + timedelta(days=1)
    assert refresh(own.settings, day=day, now=NOON + timedelta(days=2)).state == "published"
    third = str(read_pointer(own.settings.warehouse_dir))
    path.write_text(by_unit, encoding="utf-8")
    assert (
        refresh(own.settings, day=day + timedelta(days=1), now=NOON + timedelta(days=3)).state == "published"
    )
    asked = own.citation(stichtag=day, snapshot=third)
    assert own.open("leitung", asked).passport.figures[0].amount.value == 52
    for units in (None, ("FD60",)):
        with pytest.raises(AccessError):
            own.open("bau", replace(asked, units=units))
    services, bau = own.services(), Viewer("bau", "bau", "", "", "fachbereichsleitung", Scope.of("FD60"))
    passport = issue(
        services.catalog, services.snapshot(), "decided", scope=bau.scope, at=day, archive=services.archive
    ).passport
    known = passport.figures[0].knowledge
    assert known and known.today and known.today.amount.value == 4
    assert known.reported is None and known.note == UNREADABLE
    code, _, err = isek(own)("query", "decided", "--snapshot", third)
    assert (code, err) == (0, "")


MEDIAN = (
    METRIC.replace('kind = "sum"', 'kind = "quantile"')
    .replace("{count} AS numerator{n}", "date_diff('day', received_on, decided_on) AS bucket, count(*) AS n")
    .replace("{more}\n", "")
)


def test_k4_a_median_of_few_cases_is_not_shown_the_way_it_once_was(own: Town, isek: Any) -> None:
    path = own.settings.city / "metrics/decided.sql"
    path.write_text(MEDIAN, encoding="utf-8")
    day = NEXT + timedelta(days=1)
    assert refresh(own.settings, day=day, now=NOON + timedelta(days=2)).state == "published"
    third = str(read_pointer(own.settings.warehouse_dir))
    run = isek(own)
    assert (
        run("figures", "pin", "decided", "--snapshot", third, "--where", "org_unit_id=FD60", "--reason", "x")[
            0
        ]
        == 0
    )
    path.write_text(MEDIAN.replace("revised", "least_cases = 5\nrevised"), encoding="utf-8")
    asked = own.citation(stichtag=day, snapshot=third, where={"org_unit_id": ("FD60",)})
    for _ in ("kept", "gone"):
        with pytest.raises(AccessError):
            own.open("leitung", asked)
        code, _, err = run(
            "query", "decided", "--snapshot", third, "--passport", "--where", "org_unit_id=FD60"
        )
        assert code != 0 and "schützt heute kleine Zahlen" in err
        snapshot_path(own.settings.warehouse_dir, third).unlink(missing_ok=True)
    number = _json(run, "figures", "list")[0]["id"]
    code, out, err = run("figures", "show", str(number))
    assert code != 0 and "schützt heute kleine Zahlen" in err and not out


def test_a_snapshot_that_is_gone_and_was_not_pinned_says_where_to_look(own: Town, isek: Any) -> None:
    own.forget(own.first)
    code, _, err = isek(own)("query", "decided", "--snapshot", own.first, "--passport")
    assert code != 0 and "isek figures list" in err


def test_pins_survive_a_rebuild(own: Town, isek: Any) -> None:
    pinned = _pin(isek(own), own)
    _, record = run_rebuild(own.settings, own.ledger, publish=True, now=lambda: NOON + timedelta(days=2))
    assert record.state == "published", record
    assert _json(isek(own), "figures", "list")[0]["digest"] == pinned["archive"]["digest"]
    assert len(own.ledger.definitions_of("decided")) == 2
    kept = _json(isek(own), "query", "decided", "--snapshot", str(record.snapshot), "--passport")
    assert kept["definition"]["kept_with_snapshot"] and kept["figures"][0]["amount"]["value"] == 52


def test_pinning_needs_a_reason(town: Town, isek: Any) -> None:
    code, _, err = isek(town)("figures", "pin", "decided", "--reason", " ")
    assert code == 2 and "--reason" in err


@pytest.fixture
def pages(own: Town, isek: Any) -> tuple[Town, Any]:
    _pin(isek(own), own)
    services = own.services()
    for login, role, _ in PEOPLE:
        units = ("FD50",) if role == "fachbereichsleitung" else ()
        add_account(
            own.ledger,
            own.settings,
            login=login,
            name=login,
            function="",
            role=role,
            units=units,
            password=None,
        )
    return own, create_app(own.settings, services)


def _page(own: Town, server: Any, login: str, address: str) -> tuple[int, str]:
    """Status and what is sent to the browser."""
    client = server.test_client()
    assert (
        use_link(client, issue_link(own.ledger, own.settings, known_account(own.ledger, login))).status_code
        == 303
    )
    path, _, query = address.partition("?")
    answer = navigate(client, path, f"?{query}" if query else "")
    return answer.status_code, page_html(answer) if answer.status_code == 200 else answer.text


def test_the_page_of_a_link_answers_from_the_archive_when_the_snapshot_is_gone(
    pages: tuple[Town, Any],
) -> None:
    own, server = pages
    address = citation_address(own.citation())
    _, before = _page(own, server, "leitung", address)
    assert "festgeschrieben am" in before and "aus dem Archiv" not in before
    own.forget(own.first)
    _, after = _page(own, server, "controlling", address)
    assert "aus dem Archiv" in after and "Vorlage 12/2026" in after and "20 am 09.06.2026" in after
    _, refused = _page(own, server, "fachbereich", address)
    assert "fehlt die Berechtigung" in refused and "Vorlage 12/2026" not in refused
    assert _page(own, server, "verwaltung", address)[0] == 403


def test_the_list_of_pinned_figures_shows_nobody_what_he_may_not_open(pages: tuple[Town, Any]) -> None:
    own, server = pages
    assert "STA-07 Entschiedene" in _page(own, server, "leitung", "/zahl")[1]
    assert "STA-07 Entschiedene" not in _page(own, server, "fachbereich", "/zahl")[1]


def test_the_panel_of_a_figure_leads_to_its_link_and_shows_its_proof(pages: tuple[Town, Any]) -> None:
    own, server = pages
    _, text = _page(own, server, "leitung", "/kennzahlen?zahl=decided")
    address = f"/zahl/decided/{NEXT.isoformat()}/{own.second}"
    assert text.count(address) == 2 and "Zahlenpass öffnen" in text
    for word in ("Kenntnisstand", "Lieferungen", "WITH metric AS", "Prüfsumme"):
        assert word in text
    _, mine = _page(own, server, "fachbereich", "/kennzahlen?zahl=decided")
    assert f"{address}?einheit=FD50" in mine and address + '"' not in mine


def test_a_definition_changed_by_day_has_no_link_before_the_next_night(pages: tuple[Town, Any]) -> None:
    own, _ = pages
    define(own.settings, "3 * count(*)")
    server = create_app(own.settings, own.services())
    _, text = _page(own, server, "leitung", "/kennzahlen?zahl=decided")
    assert "/zahl/decided" not in text and "im Stand selbst nicht aufbewahrt" in text
