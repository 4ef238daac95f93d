"""Pivots: every total is the one the door would say, what is hidden stays hidden, and lists count records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path as File
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.auth.viewer import Viewer
from dashboard.services import Services
from metrics.catalog import Catalog, load_catalog
from metrics.explore import layout
from metrics.explore.behind import where_of
from metrics.explore.listing import NoRecords, Window, listing
from metrics.explore.pivot import pivot
from metrics.explore.question import COUNT, Filter, Measure, Path, PivotQuestion, Top
from metrics.explore.result import Pivot, PivotCell
from metrics.explore.whole import Whole
from metrics.query import query
from metrics.recorded import content_of
from metrics.records import Records
from metrics.result import Scope
from tests.small_city import small_city
from warehouse.errors import AccessError, ConfigError
from warehouse.store import Snapshot

CITY = Scope.city()
OWN, CASES, LETTERS = "bestand:einzelleistung_eigen", "bestand:vorgang_entschieden", "bestand:antrag"
SHARE, STEPS = Measure("ozg_online_share"), Measure("reifegrad_distribution")
MEDIAN, LONG = Measure("case_duration_days"), Measure("case_long_count")
FILED = Measure("application_channel_count")
RECORDS = Measure(COUNT, "count")
TARGETS = """
[ozg_online_share]
owner = "FD 10"
path = [{ on = 2026-01-01, value = 0.4 }, { on = 2026-12-31, value = 0.4 }]
applies_to = "each"
"""


def _services() -> dict[str, list[dict[str, Any]]]:
    """Six services; S3 goes online in March 2026, S5 was never assessed, S6 belongs to no known unit."""
    places = [
        ("S1", "FD10", "Bauen", 100),
        ("S2", "FD10", "Umwelt", None),
        ("S3", "FD20", "Bauen", 30),
        ("S4", "FD32", "Bildung", 7),
        ("S5", "FD32", "Bauen", 1),
        ("S6", "FD99", None, 2),
    ]
    levels = [
        ("S1", 3, date(2025, 1, 1)),
        ("S2", 1, date(2025, 1, 1)),
        ("S3", 0, date(2025, 1, 1)),
        ("S3", 3, date(2026, 3, 15)),
        ("S4", 0, date(2025, 1, 1)),
        ("S6", 4, date(2025, 1, 1)),
    ]
    return {
        "service": [
            {
                "service_id": key,
                "org_unit_id": unit,
                "themenfeld": field,
                "zustaendigkeit": "eigen",
                "bezeichnung": f"Leistung {key}",
                "valid_from": date(2025, 1, 1),
                "cases_per_year": cases,
            }
            for key, unit, field, cases in places
        ],
        "assessment": [
            {"service_id": key, "reifegrad_modell": "ozg_1_1", "reifegrad": level, "assessed_on": on}
            | {"end_to_end": False}
            for key, level, on in levels
        ],
    }


def _applications() -> list[dict[str, Any]]:
    told = [
        ("wohngeld", "online", "FD32", date(2025, 11, 1), 10),
        ("wohngeld", "post", "FD32", date(2025, 12, 1), 30),
        ("wohngeld", "online", "FD32", date(2026, 2, 1), 20),
        ("bauantrag", "online", "FD10", date(2026, 5, 1), 5),
        ("wohngeld", "post", "FD32", date(2026, 5, 1), 40),
    ]
    names = ("procedure", "channel", "org_unit_id", "month", "applications")
    return [dict(zip(names, row, strict=True)) for row in told]


def _cases() -> list[dict[str, Any]]:
    """This spring five and three decisions; in 2025 seventy, two and three that took sixty days."""
    spring = [("wohngeld", "online", "FD32", days) for days in (1, 2, 3, 4, 100)]
    spring += [("bauantrag", "online", "FD10", 10)] * 3
    long = [("wohngeld", "online", "FD32")] * 20 + [("bauantrag", "post", "FD10")] * 2
    long += [("bauantrag", "online", "FD10")] * 3
    long += [("melde", "online", "FD32")] * 30 + [("melde", "post", "FD32")] * 20
    rows = [(*place, date(2026, 4, 1), days) for *place, days in spring]
    rows += [(*place, date(2025, 3, 1), 60) for place in long]
    return [
        {
            "procedure": procedure,
            "case_id": str(number),
            "channel": channel,
            "org_unit_id": unit,
            "received_on": begin,
            "decided_on": date.fromordinal(begin.toordinal() + days if days < 60 else begin.toordinal() + 60),
        }
        for number, (procedure, channel, unit, begin, days) in enumerate(rows)
    ]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Catalog, Snapshot]]:
    folder = tmp_path_factory.mktemp("erkunden")
    (folder / "targets.toml").write_text(TARGETS)
    catalog = load_catalog(folder)
    rows = {**_services(), "application_month": _applications(), "case": _cases()}
    yield catalog, small_city(folder, rows, catalog=catalog)


class Asker:
    """Asks the town; cells by short places."""

    def __init__(self, town: tuple[Catalog, Snapshot]) -> None:
        self.catalog, self.snapshot = town

    def __call__(self, question: PivotQuestion, *, scope: Scope = CITY, words: Any = None) -> Pivot:
        return pivot(self.catalog, self.snapshot, question, scope=scope, words=words)

    def records(self, question: PivotQuestion, **place: Any) -> Records | NoRecords:
        return listing(Whole.of(self.catalog, self.snapshot, question, CITY, None), **place)


@pytest.fixture
def ask(town: tuple[Catalog, Snapshot]) -> Asker:
    return Asker(town)


def shown(found: Pivot, measure: int = 0) -> dict[Path, list[Any]]:
    """What each row shows, column by column: a number, or why there is none."""
    return {
        row.path: [_told(found.cell(row.path, column.path, measure)) for column in found.columns]
        for row in found.rows
    }


def _told(cell: PivotCell) -> Any:
    return cell.shown if cell.state == "value" else cell.state


def test_subtotals_of_a_share_are_shares_of_everything_below_them(ask: Asker) -> None:
    found = ask(PivotQuestion(OWN, (SHARE,), ("dezernat", "fachdienst")))
    assert [row.path for row in found.rows] == [
        ("D1",),
        ("D1", "FD10"),
        ("D1", "FD20"),
        ("D2",),
        ("D2", "FD32"),
        (None,),
        (None, None),
        (),
    ]
    values = {path: row[0] for path, row in shown(found).items()}
    assert values[("D1",)] == pytest.approx(2 / 3)
    assert values[("D1", "FD10")] == 0.5
    assert values[("D2",)] == 0
    assert values[()] == 0.5
    total = found.cell((), ())
    assert (total.numerator, total.denominator) == (3, 6)


def test_a_closed_row_hides_what_is_below_it_and_says_that_there_is_something(ask: Asker) -> None:
    question = PivotQuestion(OWN, (SHARE,), ("dezernat", "fachdienst"), open_paths=frozenset({("D1",)}))
    rows = ask(question).rows
    assert [row.path for row in rows if row.level] == [
        ("D1",),
        ("D1", "FD10"),
        ("D1", "FD20"),
        ("D2",),
        (None,),
    ]
    assert [row.has_children for row in rows if row.level == 1] == [True, True, True]


def test_a_stock_stands_at_the_end_of_each_month_and_its_total_is_the_last_stand(ask: Asker) -> None:
    span = date(2026, 2, 1), date(2026, 6, 9)
    found = ask(PivotQuestion(OWN, (SHARE,), columns=("month",), between=span))
    assert [column.path for column in found.columns][:-1] == [(f"2026-0{month}",) for month in range(2, 7)]
    assert shown(found)[()] == pytest.approx([2 / 6, 3 / 6, 3 / 6, 3 / 6, 3 / 6, 3 / 6])
    assert any("am Ende jedes Zeitabschnitts" in note for note in found.notes)
    quarters = ask(
        PivotQuestion(OWN, (SHARE,), columns=("quarter",), between=(date(2025, 10, 1), date(2026, 6, 9)))
    )
    assert shown(quarters)[()] == pytest.approx([2 / 6, 3 / 6, 3 / 6, 3 / 6])


def test_flows_add_up_over_time_and_a_month_without_any_is_empty_and_not_zero(ask: Asker) -> None:
    span = date(2025, 11, 1), date(2026, 5, 31)
    found = ask(PivotQuestion(LETTERS, (FILED,), ("procedure",), ("year", "month"), between=span))
    assert shown(found)[("wohngeld",)] == [40, 10, 30, 60, 20, 40, 100]
    assert shown(found)[("bauantrag",)] == ["empty", "empty", "empty", 5, "empty", 5, 5]
    assert [column.path for column in found.columns][:3] == [
        ("2025",),
        ("2025", "2025-11"),
        ("2025", "2025-12"),
    ]
    assert "Der erste Zeitabschnitt beginnt erst am 01.11.2025." not in found.notes
    years = ask(PivotQuestion(LETTERS, (FILED,), columns=("year",), between=span))
    assert "Der erste Zeitabschnitt beginnt erst am 01.11.2025." in years.notes
    assert "Gezählt ist 11/2025 bis 05/2026: 2026 ist nicht voll." in years.notes
    assert (years.unfinished, found.unfinished) == ("2026", None)


def test_a_median_has_the_right_total_and_too_few_cases_show_nothing_at_all(ask: Asker) -> None:
    found = ask(PivotQuestion(CASES, (MEDIAN, Measure("case_duration_days", "n")), ("procedure",)))
    assert shown(found) == {("bauantrag",): ["suppressed"], ("wohngeld",): [3], (): [7]}
    hidden = found.cell(("bauantrag",), ())
    assert hidden == PivotCell("suppressed", reason="Zu wenige Fälle für einen Wert.")
    assert found.cell(("bauantrag",), (), 1) == hidden
    assert "„Bearbeitungsdauer“ zählt 03/2026 bis 05/2026." in found.notes


def test_levels_of_a_distribution_are_shares_of_their_own_row(ask: Asker) -> None:
    count = Measure("reifegrad_distribution", "numerator")
    found = ask(PivotQuestion(OWN, (STEPS, count), ("dezernat",), ("bucket",)))
    assert [column.path for column in found.columns] == [("0",), ("1",), ("3",), ("4",), ("ohne",), ()]
    assert shown(found)[("D2",)] == [0.5, "empty", "empty", "empty", 0.5, 1]
    assert shown(found, 1)[()] == [1, 1, 2, 1, 1, 6]
    alone = ask(PivotQuestion(OWN, (STEPS, count), ("dezernat",)))
    assert shown(alone)[()] == ["refused"]
    assert shown(alone, 1)[()] == [6]
    assert "Stufe" in alone.cell((), ()).reason
    high = ask(PivotQuestion(OWN, (STEPS,), filters=(Filter("bucket", "between", ("3", "4")),)))
    assert shown(high)[()] == [0.5]


def test_values_that_are_never_added_up_have_no_total_unless_one_is_chosen(ask: Asker) -> None:
    question = PivotQuestion(OWN, (SHARE,), ("reifegrad_modell",))
    found = ask(question)
    assert shown(found)[()] == ["refused"]
    assert "nie zusammengezählt" in found.cell((), ()).reason
    assert shown(ask(replace(question, choose={"reifegrad_modell": "ozg_1_1"})))[()] == [0.5]


def test_a_figure_that_does_not_know_a_field_says_so_beside_one_that_does(ask: Asker) -> None:
    found = ask(PivotQuestion(CASES, (MEDIAN, Measure("service_unit_cost_eur")), ("channel",)))
    assert shown(found)[("online",)] == [7]
    assert found.cell(("online",), (), 1).state == "refused"
    assert "nicht erhoben" in found.cell(("online",), (), 1).reason
    narrowed = ask(
        PivotQuestion(
            CASES,
            (MEDIAN, Measure("service_unit_cost_eur")),
            filters=(Filter("channel", "in", ("online",)),),
        )
    )
    assert [narrowed.cell((), (), number).state for number in (0, 1)] == ["value", "refused"]


def test_protected_figures_show_published_cuts_only_and_hidden_ones_show_nothing(
    ask: Asker, town: tuple[Catalog, Snapshot]
) -> None:
    question = PivotQuestion(CASES, (LONG,), ("procedure",), ("channel",), show="row_share")
    found = ask(question)
    states = {key: cell.state for key, cell in found.cells.items()}
    door = query(*town, "case_long_count", scope=CITY, by=("procedure", "channel"))
    for cell in door.rows:
        place = (cell.keys["procedure"],), (cell.keys["channel"],), 0
        assert states[place] == ("suppressed" if cell.suppressed else "value")
    hidden = [cell for cell in found.cells.values() if cell.state == "suppressed"]
    assert len(hidden) >= 2
    for cell in hidden:
        assert (cell.value, cell.shown, cell.base, cell.numerator, cell.warmth) == (None,) * 5
    # A share of a hidden total would tell the total.
    plain = ask(replace(question, show="value"))
    rows = [row.path for row in plain.rows if plain.cell(row.path, ()).state == "suppressed"]
    assert 0 < len(rows) < 3
    told = [found.cell(row, column.path).state for row in rows for column in found.columns]
    assert "suppressed" in told
    assert "value" not in told
    unpublished = ask(PivotQuestion(CASES, (MEDIAN, LONG), ("procedure", "fachdienst")))
    assert unpublished.cell(("wohngeld", "FD32"), (), 1).state == "refused"
    assert "nicht veröffentlicht" in unpublished.cell(("wohngeld", "FD32"), (), 1).reason
    years = ask(PivotQuestion(CASES, (LONG,), columns=("year",)))
    assert shown(years)[()] == [75, "refused"]
    with pytest.raises(AccessError, match="schützt kleine Zahlen"):
        ask(PivotQuestion(CASES, (LONG,), filters=(Filter("procedure", "in", ("melde", "x")),)))


def test_filters_leave_what_they_say_and_totals_follow_them(ask: Asker) -> None:
    def by_field(*filters: Filter, words: Any = None) -> list[str | None]:
        found = ask(PivotQuestion(OWN, (SHARE,), ("themenfeld",), filters=filters), words=words)
        assert found.cell((), ()).denominator == sum(
            found.cell(row.path, ()).denominator or 0 for row in found.rows if row.level
        )
        return [row.path[0] for row in found.rows if row.level]

    assert by_field() == ["Bauen", "Bildung", "Umwelt", None]
    assert by_field(Filter("themenfeld", "in", ("Bauen", None))) == ["Bauen", None]
    assert by_field(Filter("themenfeld", "not_in", ("Bauen", None))) == ["Bildung", "Umwelt"]
    assert by_field(Filter("themenfeld", "contains", ("bau",))) == ["Bauen"]
    assert by_field(Filter("themenfeld", "between", ("Bi", ""))) == ["Bildung", "Umwelt"]
    assert by_field(Filter("dezernat", "in", ("D1",))) == ["Bauen", "Umwelt"]
    named = {"Bauen": "Planen und Wohnen"}
    words = lambda name, value: named.get(value or "", value or "ohne")  # noqa: E731
    assert by_field(Filter("themenfeld", "contains", ("wohnen",)), words=words) == ["Bauen"]


def test_i1_values_are_bound_and_never_part_of_a_statement(ask: Asker) -> None:
    payloads = ("' OR 1=1 --", '"; DROP TABLE core.service; --', "\0", "{0}", "?", "%")
    for text in payloads:
        found = ask(
            PivotQuestion(OWN, (SHARE,), ("themenfeld",), filters=(Filter("themenfeld", "in", (text,)),))
        )
        assert [row.path for row in found.rows] == [()]
        for op in ("contains", "not_in"):
            listed = PivotQuestion(
                "liste:services",
                (RECORDS,),
                filters=(Filter("bezeichnung", op, (text,)),),  # type: ignore[arg-type]
            )
            assert ask(listed).records == {"contains": 0, "not_in": 6}[op]
        assert ask(PivotQuestion(OWN, (SHARE,), choose={"reifegrad_modell": text})).cell((), ()).value is None
    assert ask(PivotQuestion(OWN, (SHARE,))).cell((), ()).denominator == 6


def test_shares_of_row_column_and_whole_are_given_for_what_adds_up(ask: Asker) -> None:
    question = PivotQuestion(LETTERS, (FILED,), ("procedure",), ("channel",))
    assert shown(ask(replace(question, show="row_share")))[("wohngeld",)] == [0.3, 0.7, 1]
    column = shown(ask(replace(question, show="column_share")))
    assert column[("bauantrag",)] == [pytest.approx(5 / 35), "empty", pytest.approx(5 / 105)]
    whole = ask(replace(question, show="total_share")).cell(("wohngeld",), ("post",))
    assert (whole.shown, whole.base) == (pytest.approx(70 / 105), 105)
    refused = ask(PivotQuestion(OWN, (SHARE,), ("themenfeld",), show="column_share"))
    assert "zusammenzählen" in refused.cell(("Bauen",), ()).reason
    stock = PivotQuestion(OWN, (replace(SHARE, part="numerator"),), ("themenfeld",), ("month",))
    assert "kein Stand" in ask(replace(stock, show="row_share")).cell(("Bauen",), ()).reason
    assert ask(replace(stock, show="column_share")).cell(("Bauen",), ()).shown == pytest.approx(2 / 3)


def test_figures_are_compared_with_the_period_and_the_year_before(ask: Asker) -> None:
    span = date(2026, 2, 1), date(2026, 6, 9)
    stock = PivotQuestion(OWN, (SHARE,), columns=("month",), between=span, show="difference")
    found = ask(replace(stock, against="previous_period"))
    assert shown(found)[()] == pytest.approx([0, 1 / 6, 0, 0, 0, 0])
    year = ask(replace(stock, against="previous_year"))
    assert shown(year)[()] == pytest.approx([0, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6])
    flow = PivotQuestion(LETTERS, (FILED,), ("procedure",), ("month",), show="difference")
    asked = replace(flow, against="previous_period", between=(date(2025, 12, 1), date(2026, 5, 31)))
    wohngeld = ask(asked)
    assert wohngeld.cell(("wohngeld",), ("2025-12",)).shown == 20
    assert wohngeld.cell(("wohngeld",), ("2026-05",)) == PivotCell(
        "empty", reason="Es gibt keinen Vergleichswert."
    )
    plain = PivotQuestion(OWN, (SHARE,), show="index", against="previous_year")
    assert ask(plain).cell((), ()).shown == pytest.approx(150)
    beside = ask(replace(plain, show="value")).cell((), ())
    assert (beside.shown, beside.base) == (0.5, pytest.approx(1 / 3))


def test_the_time_figures_are_compared_with_is_told(ask: Asker) -> None:
    flow = PivotQuestion(LETTERS, (FILED,), ("procedure",), show="difference", against="previous_year")
    spring = ask(replace(flow, between=(date(2026, 3, 1), date(2026, 5, 31))))
    assert "Verglichen mit 03/2025 bis 05/2025." in spring.notes
    before = ask(replace(flow, between=(date(2026, 3, 1), date(2026, 5, 31)), against="previous_period"))
    assert "Verglichen mit 12/2025 bis 02/2026." in before.notes
    stock = ask(PivotQuestion(OWN, (SHARE,), ("themenfeld",), show="index", against="previous_year"))
    assert "Verglichen mit dem Stand 30.06.2025." in stock.notes
    plan = ask(PivotQuestion(OWN, (SHARE,), ("themenfeld",), show="difference", against="plan"))
    assert not any(note.startswith("Verglichen") for note in plan.notes)


def test_figures_are_compared_with_their_target_and_with_one_of_their_columns(ask: Asker) -> None:
    question = PivotQuestion(OWN, (SHARE,), ("dezernat",), show="difference", against="plan")
    found = ask(question)
    assert (found.cell((), ()).shown, found.cell((), ()).base) == (0.1, 0.4)
    part = ask(replace(question, measures=(replace(SHARE, part="numerator"),)))
    assert "kein Ziel" in part.cell((), ()).reason
    against = PivotQuestion(LETTERS, (FILED,), ("procedure",), ("channel",), show="difference")
    member = ask(replace(against, against="member", against_member="online"))
    assert shown(member)[("wohngeld",)] == [0, 40, "refused"]
    index = ask(replace(against, show="index", against="member", against_member="post"))
    assert shown(index)[("wohngeld",)] == [pytest.approx(100 * 30 / 70), 100, "refused"]
    assert shown(index)[("bauantrag",)] == ["empty", "empty", "refused"]


def test_the_largest_rows_leave_the_total_of_everything_and_say_how_many_are_missing(ask: Asker) -> None:
    question = PivotQuestion(OWN, (replace(SHARE, part="denominator"),), ("themenfeld",), top=Top(2))
    found = ask(question)
    assert [(row.path, _told(found.cell(row.path, ()))) for row in found.rows] == [
        (("Bauen",), 3),
        (("Bildung",), 1),
        ((), 6),
    ]
    assert found.hidden_rows == 2
    assert found.notes[0] == "Gezeigt sind die 2 größten von 4 Zeilen; die Summe zählt alle."
    few = ask(replace(question, top=Top(1, smallest=True)))
    assert [row.path for row in few.rows] == [("Bildung",), ()]
    hidden = ask(PivotQuestion(CASES, (MEDIAN,), ("procedure",), top=Top(1)))
    assert [row.path for row in hidden.rows] == [("wohngeld",), ()]


def test_rows_are_ordered_by_value_or_name_and_hidden_ones_stand_last(ask: Asker) -> None:
    def rows(order: str) -> list[str | None]:
        found = ask(PivotQuestion(OWN, (replace(SHARE, part="denominator"),), ("themenfeld",), order=order))
        return [row.path[0] for row in found.rows if row.level]

    assert rows("-value") == ["Bauen", "Bildung", "Umwelt", None]
    assert rows("value") == ["Bildung", "Umwelt", None, "Bauen"]
    assert rows("-name") == ["Umwelt", "Bildung", "Bauen", None]
    for order in ("value", "-value"):
        found = ask(PivotQuestion(CASES, (MEDIAN,), ("procedure",), order=order))
        assert [row.path for row in found.rows] == [("wohngeld",), ("bauantrag",), ()]


def test_warmth_compares_cells_of_one_level_and_leaves_out_totals(ask: Asker) -> None:
    found = ask(PivotQuestion(LETTERS, (FILED,), ("procedure",), ("channel",)))
    warm = {key[:2]: cell.warmth for key, cell in found.cells.items() if cell.warmth is not None}
    assert warm == {
        (("bauantrag",), ("online",)): 0,
        (("wohngeld",), ("online",)): pytest.approx(25 / 65),
        (("wohngeld",), ("post",)): 1,
    }


def test_more_rows_than_fit_are_cut_with_a_notice_and_too_many_columns_are_refused(
    ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "MOST_CELLS", 6)
    found = ask(PivotQuestion("liste:services", (RECORDS,), ("service_id",)))
    assert [row.path for row in found.rows] == [("S1",), ("S2",), ("S3",), ("S4",), ("S5",), ()]
    assert (found.hidden_rows, found.cell((), ()).value) == (1, 6)
    assert found.notes[0].startswith("Gezeigt sind 5 von 6 Zeilen; die Summe zählt alle.")
    with pytest.raises(ConfigError, match="mehr Spalten"):
        ask(PivotQuestion("liste:services", (RECORDS,), ("themenfeld",), ("service_id",)))


def test_lists_count_records_and_add_up_what_is_known(ask: Asker) -> None:
    cases = Measure("cases_per_year", "sum")
    found = ask(PivotQuestion("liste:services", (RECORDS, cases), ("dezernat", "themenfeld"), ("reifegrad",)))
    assert found.records == 6
    assert [column.path for column in found.columns] == [("0",), ("1",), ("3",), ("4",), (None,), ()]
    assert shown(found)[("D1",)] == ["empty", 1, 2, "empty", "empty", 3]
    assert shown(found, 1)[("D1", "Bauen")] == ["empty", "empty", 130, "empty", "empty", 130]
    assert found.cell(("D1", "Umwelt"), (), 1).state == "empty"
    assert shown(found, 1)[()] == [7, "empty", 130, 2, 1, 140]
    assert "„Fälle je Jahr“ fehlt bei 1 von 6 Datensätzen." in found.notes
    share = ask(PivotQuestion("liste:services", (cases,), ("themenfeld",), show="column_share"))
    assert share.cell(("Bauen",), ()).shown == pytest.approx(131 / 140)
    years = ask(PivotQuestion("liste:services", (RECORDS,), columns=("year",)))
    assert shown(years)[()] == [4, 1, 1, 6]
    assert years.columns[-2].path == (None,)
    assert "2026 läuft noch: Stand 09.06.2026." in years.notes


def test_a_viewer_sees_the_rows_of_the_own_units_and_nothing_of_others(ask: Asker) -> None:
    mine = Scope.of("D2")
    found = ask(PivotQuestion(OWN, (SHARE,), ("dezernat",), ("themenfeld",)), scope=mine)
    assert [row.path for row in found.rows] == [("D2",), ()]
    assert found.cell((), ()).denominator == 2
    listed = ask(PivotQuestion("liste:services", (RECORDS,), ("fachdienst",)), scope=mine)
    assert [row.path for row in listed.rows] == [("FD32",), ()]
    assert listed.records == 2
    none = ask(PivotQuestion("liste:services", (RECORDS,), ("fachdienst",)), scope=Scope.of())
    assert (none.records, none.rows[-1].path) == (0, ())
    # The filter asks for a unit of somebody else: there is nothing, not an error that would tell it exists.
    other = Filter("fachdienst", "in", ("FD10",))
    assert ask(PivotQuestion(OWN, (SHARE,), filters=(other,)), scope=mine).cell((), ()).state == "empty"


def test_a_cell_leads_to_the_records_it_counts(ask: Asker) -> None:
    question = PivotQuestion(
        OWN,
        (SHARE, replace(SHARE, part="numerator"), replace(STEPS, part="numerator")),
        ("dezernat",),
        ("themenfeld",),
        filters=(Filter("themenfeld", "not_in", ("Umwelt",)),),
    )
    ids = _ids(ask.records(question, row=("D1",), column=("Bauen",)))
    assert ids == ["S1", "S3"]
    assert _ids(ask.records(question, row=("D2",))) == ["S4", "S5"]
    assert _ids(ask.records(question, row=(None,), column=(None,), measure=1)) == ["S6"]
    assert _ids(ask.records(question, measure=1)) == ["S1", "S3", "S6"]
    steps = PivotQuestion(OWN, (replace(STEPS, part="numerator"),), columns=("bucket",))
    assert _ids(ask.records(steps, column=("3",))) == ["S1", "S3"]
    assert _ids(ask.records(steps, column=("ohne",))) == ["S5"]
    told = ask.records(steps, column=("3",), window=Window(limit=1, offset=1))
    assert isinstance(told, Records)
    assert (len(told.rows), told.total) == (1, 2)
    with pytest.raises(ConfigError, match="Dieses Feld gibt es nicht"):
        ask.records(question, row=("D1", "x", "y"))


def test_a_cell_of_the_past_has_no_records_and_one_of_a_flow_has_those_of_its_months(ask: Asker) -> None:
    months = PivotQuestion(OWN, (SHARE,), columns=("month",))
    assert isinstance(ask.records(months, column=("2026-01",)), NoRecords)
    assert isinstance(ask.records(months, column=("2026-06",)), Records)
    with pytest.raises(ConfigError):
        ask.records(months, column=("2026-99",))
    flow = PivotQuestion(LETTERS, (FILED,), ("procedure",), ("month",))
    found = ask.records(flow, row=("wohngeld",), column=("2026-05",))
    assert isinstance(found, Records)
    assert [row["applications"] for row in found.dicts()] == [40]
    window = ask.records(PivotQuestion(LETTERS, (FILED,), ("procedure",)), row=("wohngeld",))
    assert isinstance(window, Records)
    assert sum(row["applications"] for row in window.dicts()) == 100
    assert isinstance(ask.records(PivotQuestion(CASES, (LONG,))), NoRecords)


def test_records_of_a_list_follow_filters_path_and_time(ask: Asker) -> None:
    question = PivotQuestion(
        "liste:services",
        (RECORDS,),
        ("dezernat",),
        ("year", "quarter"),
        filters=(Filter("bezeichnung", "contains", ("leistung s",)),),
    )
    assert _ids(ask.records(question)) == ["S1", "S2", "S3", "S4", "S5", "S6"]
    assert _ids(ask.records(question, row=("D1",), column=("2025", "2025-Q1"))) == ["S1", "S2"]
    assert _ids(ask.records(question, column=("2026",))) == ["S3"]
    assert _ids(ask.records(question, column=(None, None))) == ["S5"]
    assert where_of(question, ("D1",), ("2025",)) == {"dezernat": "D1"}


def _ids(found: Records | NoRecords) -> list[str]:
    assert isinstance(found, Records), found
    return sorted(row["service_id"] for row in found.dicts())


def test_services_answer_inside_the_rights_of_the_viewer_and_keep_the_answer(
    town: tuple[Catalog, Snapshot], tmp_path: File
) -> None:
    catalog, snapshot = town
    settings: Any = SimpleNamespace(warehouse_dir=tmp_path, city=None)
    reader: Any = SimpleNamespace(current=lambda: snapshot)
    services = Services(settings, catalog, reader, None)  # type: ignore[arg-type]
    chief = Viewer("a", "", "", "", "leitung", CITY)
    head = Viewer("b", "", "", "", "fachbereichsleitung", Scope.of("D2"))
    question = PivotQuestion(OWN, (SHARE,), ("fachdienst",))
    assert services.explore(chief, question).cell((), ()).denominator == 6
    assert services.explore(head, question).cell((), ()).denominator == 2
    assert services.explore(head, question) is services.explore(head, replace(question))
    assert services.explore(head, replace(question, rows=())).rows != services.explore(head, question).rows
    found = services.explore_records(head, question, row=("FD32",), measure=0, limit=1)
    assert isinstance(found, Records)
    assert (found.total, len(found.rows)) == (2, 1)
    clerk = Viewer("c", "", "", "", "verwaltung", Scope.of())
    for ask_anything in (services.explore, services.explore_records):
        with pytest.raises(AccessError):
            ask_anything(clerk, question)


def test_an_earlier_report_is_asked_by_the_definitions_of_its_day(
    tmp_path: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = load_catalog(None)
    # Then every level counted as online; the snapshot kept that statement.
    then = content_of(catalog, "ozg_online_share")
    then["statement"] = then["statement"].replace("reifegrad >= 3", "reifegrad >= 0")
    snapshot = small_city(tmp_path, _services(), catalog=catalog)
    snapshot._connection.execute("CREATE TABLE meta.definition (metric TEXT, version TEXT, content TEXT)")
    kept = ["ozg_online_share", "1", json.dumps(then)]
    snapshot._connection.execute("INSERT INTO meta.definition VALUES (?, ?, ?)", kept)
    settings: Any = SimpleNamespace(warehouse_dir=tmp_path, city=None)
    services = Services(settings, catalog, SimpleNamespace(current=lambda: snapshot), None)  # type: ignore[arg-type]
    viewer, question = Viewer("a", "", "", "", "leitung", CITY), PivotQuestion(OWN, (SHARE,))
    assert services.explore(viewer, question).cell((), ()).value == 0.5
    monkeypatch.setattr(Services, "as_reported", True)
    assert services.explore(viewer, question).cell((), ()).value == pytest.approx(5 / 6)
