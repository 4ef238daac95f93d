"""Small numbers from the night to every way out: decided once, answered as published, without a trace."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tiny_city import refresh, snapshot

from dashboard.__main__ import main
from dashboard.jobs.rebuild import run_rebuild
from dashboard.settings import Settings
from metrics.catalog import load_catalog
from metrics.explain import explain
from metrics.query import query
from metrics.result import Cell, MetricResult, Scope
from tests.points_town import FIELDS, METRIC, Isek, deliver, make_town
from warehouse.errors import AccessError
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse

NEXT_DAY, JULY = date(2026, 6, 10), date(2026, 7, 2)
SECRETS = {str(7919 * days * n) for _, _, n, days in FIELDS} | {str(7919 * days) for *_, days in FIELDS}


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A city of the test's own, decided for May."""
    return make_town(tmp_path)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same for all tests that only look."""
    return make_town(tmp_path_factory.mktemp("shown"))


def _ask(settings: Settings, *by: str, scope: Scope | None = None, **more: Any) -> MetricResult:
    catalog = load_catalog(settings.city)
    return query(catalog, snapshot(settings), "points", scope=scope or Scope.city(), by=by, **more)


def _cells(settings: Settings) -> list[tuple[Any, ...]]:
    return snapshot(settings).query("SELECT * FROM meta.protected_cell ORDER BY ALL")


@pytest.fixture
def isek(capsys: pytest.CaptureFixture[str]) -> Isek:
    def run(city: Settings, *args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*args, "--city", str(city.city)], {})
        return (code, *capsys.readouterr())

    return run


def test_k1_the_small_field_and_its_three_neighbours_are_hidden_and_their_sums_are_shown(
    shown: Settings,
) -> None:
    assert all(cell.suppressed for cell in _ask(shown, "procedure", "channel").rows)
    assert [cell.n for cell in _ask(shown, "procedure").rows] == [11, 21]
    assert [cell.n for cell in _ask(shown, "channel").rows] == [20, 12]
    total = _ask(shown).total
    assert total is not None and (total.n, total.suppressed) == (32, False)


def test_k4_a_late_case_changes_neither_pattern_nor_figures_of_a_decided_month(city: Settings) -> None:
    before = _cells(city)
    deliver(city, [*FIELDS[:3], ("bauantrag", "post", 4, 22)])
    refresh(city, day=NEXT_DAY, now=datetime(2026, 6, 10, 10, tzinfo=UTC))
    assert snapshot(city).query('SELECT count(*) FROM core."case"') == [(33,)]
    assert _cells(city) == before


def test_k4_the_next_month_is_decided_by_itself_when_it_is_over(city: Settings) -> None:
    before = _cells(city)
    deliver(city, [("wohngeld", "online", 7, 9)], month=6)
    refresh(city, day=JULY, now=datetime(2026, 7, 2, 10, tzinfo=UTC))
    after = _cells(city)
    assert set(map(str, before)) < set(map(str, after))
    assert [(cell.period, cell.n) for cell in _ask(city, "period").rows] == [
        (date(2026, 5, 1), 32), (date(2026, 6, 1), 7),
    ]  # fmt: skip


def test_k4_a_month_that_is_not_over_is_not_shown(city: Settings) -> None:
    deliver(city, [("wohngeld", "online", 7, 5)], month=6)
    refresh(city, day=NEXT_DAY, now=datetime(2026, 6, 10, 10, tzinfo=UTC))
    assert [cell.period for cell in _ask(city, "period").rows] == [date(2026, 5, 1)]


def test_a_month_waits_for_a_source_that_did_not_deliver_since_its_end(city: Settings) -> None:
    """What is decided stays, so half of the cases would stay half for ever."""
    deliver(city, [("wohngeld", "online", 7, 5)], month=6)
    refresh(city, day=NEXT_DAY, now=datetime(2026, 6, 10, 10, tzinfo=UTC))
    database = city.city / "fachverfahren.sqlite"
    database.rename(city.city / "fort.sqlite")
    record = refresh(city, day=JULY, now=datetime(2026, 7, 2, 10, tzinfo=UTC))
    assert [cell.period for cell in _ask(city, "period").rows] == [date(2026, 5, 1)]
    assert any(
        "06/2026 ist noch nicht festgeschrieben" in note and "wohngeld" in note for note in record.notes
    )
    (city.city / "fort.sqlite").rename(database)
    refresh(city, day=date(2026, 7, 3), now=datetime(2026, 7, 3, 10, tzinfo=UTC))
    assert [cell.n for cell in _ask(city, "period").rows] == [32, 7]


def test_k4_a_rebuild_keeps_what_was_decided(city: Settings) -> None:
    before = _cells(city)
    deliver(city, [*FIELDS[:3], ("bauantrag", "post", 4, 22)])
    refresh(city, day=NEXT_DAY, now=datetime(2026, 6, 10, 10, tzinfo=UTC))
    _, record = run_rebuild(city, Ledger(city.ledger_url), publish=True)
    assert record.state == "published"
    assert _cells(city) == before


def _way_back(city: Settings) -> list[tuple[Any, ...]]:
    """Decide June with seven cases, go back to the state before, let four more come in; cells of June."""
    deliver(city, [("wohngeld", "online", 7, 9)], month=6)
    refresh(city, day=JULY, now=datetime(2026, 7, 2, 10, tzinfo=UTC))
    shown = _cells(city)
    Warehouse(city.warehouse_dir).rollback()
    assert _cells(city) != shown
    deliver(city, [("wohngeld", "post", 4, 9)], month=6)
    return shown


def test_k4_a_run_after_a_way_back_decides_nothing_anew_that_was_already_shown(city: Settings) -> None:
    """Beside the snapshot that is still kept, a second table would tell the four cases."""
    shown = _way_back(city)
    record = refresh(city, day=date(2026, 7, 3), now=datetime(2026, 7, 3, 10, tzinfo=UTC))
    assert snapshot(city).query('SELECT count(*) FROM core."case"') == [(43,)]
    assert _cells(city) == shown
    assert any("ab 01.06.2026 ist seit dem Stand" in note for note in record.notes)


def test_k4_a_rebuild_of_an_earlier_state_decides_nothing_anew(city: Settings) -> None:
    first = snapshot(city).name
    shown = _way_back(city)
    _, record = run_rebuild(city, Ledger(city.ledger_url), to=first, publish=True)
    assert record.state == "published"
    assert _cells(city) == shown


@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize("by", [("procedure", "channel"), ("procedure", "channel", "period")])
def test_k6_no_way_out_of_the_command_line_carries_a_trace(
    shown: Settings, isek: Isek, form: str, by: tuple[str, ...]
) -> None:
    code, out, _ = isek(shown, "query", "points", "--by", *by, "--format", form)
    assert code == 0
    assert [secret for secret in SECRETS if secret in out.replace(".", "").replace(",", "")] == []
    if form == "json":
        for row in json.loads(out)["rows"]:
            told = {name for name, value in row.items() if value not in (None, False)}
            assert row["suppressed"] is True and told == {
                "procedure",
                "channel",
                "period",
                "rating",
                "suppressed",
            }
            assert row["rating"] == "neu"
    if form == "table":
        assert out.count("geschützt") == 4


def test_k6_cells_and_frames_of_the_door_hold_nothing_of_a_hidden_figure(shown: Settings) -> None:
    result = _ask(shown, "procedure", "channel")
    for cell in result.rows:
        assert cell == Cell(cell.period, cell.keys, None, suppressed=True)
    assert [s for s in SECRETS if s in result.frame().to_csv()] == []
    explained = explain(
        load_catalog(shown.city), snapshot(shown), "points", scope=Scope.city(),
        where={"procedure": "bauantrag", "channel": "post"},
    )  # fmt: skip
    assert [step.kind for step in explained.steps] == ["source"] * (len(explained.steps) - 1) + ["check"]


def test_k6_the_published_file_itself_keeps_no_figure_of_a_hidden_cell(shown: Settings) -> None:
    rows = snapshot(shown).query(
        "SELECT numerator, denominator, value, n FROM meta.protected_cell WHERE hidden"
    )
    assert rows == [(None, None, None, None)] * 4


@pytest.mark.parametrize(
    "question",
    [
        {"by": ["org_unit_id"]},
        {"by": ["procedure", "fachdienst"]},
        {"by": ["procedure"], "where": {"fachdienst": "FD50"}},
        {"where": {"channel": ["online", "post"]}},
        {"between": (date(2026, 4, 1), date(2026, 5, 31))},
    ],
)
def test_k3_cuts_and_combinations_that_are_not_published_are_refused(
    shown: Settings, question: dict[str, Any]
) -> None:
    with pytest.raises(AccessError) as caught:
        _ask(shown, *question.pop("by", ()), **question)
    assert caught.value.code == "protected"
    assert "schützt kleine Zahlen" in caught.value.what and "procedure × channel" in str(caught.value.allowed)


def test_k7_more_than_two_dimensions_are_refused_with_the_published_ones_named(
    shown: Settings, isek: Isek
) -> None:
    code, out, err = isek(shown, "query", "points", "--by", "procedure", "channel", "fachdienst")
    assert code == 3 and out == ""
    assert "nicht veröffentlicht" in err and "procedure × channel" in err


def test_k3_a_viewer_sees_published_cells_of_the_own_units_and_no_others(shown: Settings) -> None:
    mine = _ask(shown, "fachdienst", scope=Scope.of("S")).rows
    assert [(cell.keys, cell.n) for cell in mine] == [({"fachdienst": "FD50"}, 32)]
    total = _ask(shown, scope=Scope.of("FD50")).total
    assert total is not None and total.n == 32
    assert _ask(shown, "fachdienst", scope=Scope.of("FD99")).rows == ()
    assert _ask(shown, "procedure", scope=Scope.of()).rows == ()
    with pytest.raises(AccessError, match="kein Wert veröffentlicht"):
        _ask(shown, "procedure", scope=Scope.of("FD50"))


def test_the_audit_prints_what_an_attacker_gets_with_and_without_neighbours(
    shown: Settings, isek: Isek
) -> None:
    code, out, _ = isek(shown, "metrics", "--audit", "--json")
    (line,) = [table for table in json.loads(out)["tables"] if table["metric"] == "points"]
    assert code == 0
    assert (line["sensitive"], line["hidden"], line["changed"]) == (1, 4, False)
    assert line["before"]["exact"] > 0 and line["after"]["exact"] == line["after"]["too_close"] == 0
    code, out, _ = isek(shown, "metrics", "--audit")
    assert code == 0 and "Kein verborgener Wert ist errechenbar." in out
    assert "Hinweis: case_duration_days rechnet aus denselben Lieferungen wie points" in out
    told = "case_long_count und points beruhen auf denselben Lieferungen; angegriffen ist jede für sich"
    assert told in out


def test_the_audit_says_when_later_deliveries_no_longer_fit(city: Settings, isek: Isek) -> None:
    deliver(city, [("wohngeld", "online", 40, 19), *FIELDS[1:]])
    refresh(city, day=NEXT_DAY, now=datetime(2026, 6, 10, 10, tzinfo=UTC))
    code, out, _ = isek(city, "metrics", "--audit")
    assert code == 0 and "Daten seither geändert; die Festschreibung gilt" in out
    assert "nicht angegriffen, weil Daten seither geändert: 1." in out
    assert "Kein verborgener Wert ist errechenbar" not in out


def test_the_audit_notices_changed_amounts_of_as_many_cases(city: Settings, isek: Isek) -> None:
    """As many cases, each a day longer: the decided points no longer agree with the deliveries."""
    deliver(city, [(procedure, channel, n, days + 1) for procedure, channel, n, days in FIELDS])
    refresh(city, day=NEXT_DAY, now=datetime(2026, 6, 10, 10, tzinfo=UTC))
    tables = json.loads(isek(city, "metrics", "--audit", "--json")[1])["tables"]
    assert [table["changed"] for table in tables if table["metric"] == "points"] == [True]


def test_a_faulty_catalogue_costs_no_publication_and_shows_nothing(city: Settings) -> None:
    (city.city / "metrics/points.sql").write_text(METRIC.replace("GROUP BY ALL", "GROUP"), encoding="utf-8")
    record = refresh(city, day=NEXT_DAY, now=datetime(2026, 6, 10, 10, tzinfo=UTC))
    assert record.state == "published"
    assert any("Geschützte Tabellen wurden nicht entschieden" in note for note in record.notes)
