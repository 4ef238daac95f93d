"""Building blocks: what a figure says about itself, addresses, filters, the way of a number."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from dash.development.base_component import Component

from dashboard import shell
from dashboard.components.address import address, origin_address, origin_question
from dashboard.components.bullet import bar_of, bullet, glyph, load_bar, night_strip
from dashboard.components.chart_card import chart_card, table_text
from dashboard.components.filters import choices, menu, month_ends, read_stichtag, reset_link, segments
from dashboard.components.key_figure import course, key_figure, with_marks
from dashboard.components.origin import Origin, merged, origin_drawer
from dashboard.components.origin_rule import rating_rule
from dashboard.components.states import failed, stale
from dashboard.components.table import table
from dashboard.components.tile import compact_list, tile
from dashboard.figures.chart import Column
from dashboard.figures.levels import LevelRow
from dashboard.figures.marks import Mark
from dashboard.figures.stacked_themenfeld import stacked_themenfeld
from dashboard.figures.svg import Spot
from dashboard.markup import Written, write
from metrics.definition import Definition
from metrics.result import Cell, Load, MetricResult
from metrics.targets import Point, Target
from warehouse.errors import ConfigError

NB = "\u00a0"
BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 6, 9)
SHARE = Definition(
    label="Leistungen online",
    short="Online",
    number="OZG-01",
    question="?",
    kind="share",
    population="p",
    unit="percent",
    better="higher",
    over_time="last",
    scope="city",
    decimals=1,
    numerator_text="online",
    denominator_text="alle",
    meaning="Anteil",
    revised=date(2026, 1, 15),
)
OVERDUE = SHARE.model_copy(update={"better": "lower", "number": "MAS-02"})
MEDIAN = SHARE.model_copy(update={"kind": "quantile", "unit": "days", "decimals": 0, "better": "lower"})
BALANCE = SHARE.model_copy(update={"kind": "sum", "unit": "eur", "decimals": 0})
LOAD = Load(
    "register", "Leistungsregister", "FD 10", "sql", "beispiel", "service",
    datetime(2026, 6, 9, 1, 15, tzinfo=UTC), "r1", "h", 1800, 1791, 9, 0, "aktuell", False,
)  # fmt: skip
GOOD = Cell(TODAY, {}, 0.393, 612, 1557, target=0.45, deviation=-0.057, rating="warn")


def answer(*cells: Cell, stale_sources: tuple[str, ...] = (), **more: Any) -> MetricResult:
    fields: dict[str, Any] = {
        "metric_id": "ozg_online_share", "rows": cells, "by": (), "between": None, "snapshot": "s",
        "business_date": TODAY, "as_of": LOAD.as_of, "stale_sources": stale_sources, "coverage": None,
        "nature": "beispiel", "lineage": (LOAD,), **more,
    }  # fmt: skip
    return MetricResult(**fields)


def words(component: Any) -> str:
    """Everything a component writes, in order."""
    if isinstance(component, Component):
        return words(getattr(component, "children", None))
    if isinstance(component, list | tuple):
        return "".join(words(item) for item in component)
    return "" if component is None else str(component)


def found(component: Any, name: str, value: str) -> list[Component]:
    """All components whose property `name` contains a value."""
    if isinstance(component, list | tuple):
        return [hit for item in component for hit in found(item, name, value)]
    if not isinstance(component, Component):
        return []
    hit = [component] if value in str(getattr(component, name, "") or "") else []
    return hit + found(getattr(component, "children", None), name, value)


def test_a_share_says_value_absolute_pair_and_the_target_of_today() -> None:
    figure = key_figure(answer(GOOD), SHARE, zone=BERLIN)
    assert (figure.value, figure.unit, figure.rating) == ("39,3", "%", "warn")
    assert figure.reference == f"612 von 1.557 · Soll heute 45,0{NB}%"
    assert (figure.number, figure.stand, figure.stale) == ("OZG-01", "09.06.", False)
    past = key_figure(answer(GOOD), SHARE, zone=BERLIN, on=date(2026, 3, 31))
    assert past.reference == f"612 von 1.557 · Soll 31.03.2026 45,0{NB}%", "a Stichtag is not today"


def test_where_less_is_better_the_count_leads_and_the_target_is_a_limit() -> None:
    cell = Cell(TODAY, {}, 0.0522, 159, 3046, target=0.05, rating="warn")
    figure = key_figure(answer(cell), OVERDUE, zone=BERLIN)
    assert (figure.value, figure.unit) == ("159", "von 3.046")
    assert figure.reference == f"5,2{NB}% · Soll höchstens 5,0{NB}%"


def test_a_count_is_told_with_its_share_where_the_target_is_a_share() -> None:
    overdue = Cell(TODAY, {}, 0.0522, 159, 3046, target=0.05, rating="warn")
    assert key_figure(answer(overdue), OVERDUE, zone=BERLIN).comparable == f"159{NB}von 3.046 (5,2{NB}%)"
    assert key_figure(answer(GOOD), SHARE, zone=BERLIN).comparable == f"39,3{NB}%"


def test_a_median_says_so_and_one_day_is_one_day() -> None:
    figure = key_figure(answer(Cell(TODAY, {}, 1, target=20, rating="gut")), MEDIAN, zone=BERLIN)
    assert (figure.value, figure.unit) == ("1", "Tag")
    assert figure.reference == f"Median · Soll höchstens 20{NB}Tage"


@pytest.mark.parametrize("rows", [(), (Cell(TODAY, {}, None),)])
def test_a_figure_without_value_shows_a_dash_no_rating_and_no_bar(rows: tuple[Cell, ...]) -> None:
    figure = key_figure(answer(*rows), SHARE, zone=BERLIN)
    assert (figure.value, figure.unit, figure.rating, figure.bar) == ("–", "", "neu", None)
    assert figure.reference == "Noch keine Werte"


def test_what_qualifies_a_figure_stands_below_it() -> None:
    part = Cell(TODAY, {}, Decimal("202400.00"), qualifier="unvollständig")
    assert key_figure(answer(part), BALANCE, zone=BERLIN).reference == "unvollständig"
    span = Cell(TODAY, {}, 0.2, 1, 5, lower=0.2, upper=0.6, qualifier="spanne")
    figure = key_figure(answer(span), SHARE, zone=BERLIN)
    assert figure.reference == f"1 von 5 · 20,0{NB}% bis 60,0{NB}%"


def test_zero_is_a_value() -> None:
    figure = key_figure(answer(Cell(TODAY, {}, 0.0, 0, 1557)), SHARE, zone=BERLIN)
    assert (figure.value, figure.reference) == ("0,0", "0 von 1.557")
    assert figure.bar is not None


def test_a_hidden_value_is_below_the_limit_and_not_zero() -> None:
    secret = SHARE.model_copy(update={"min_cell": 5})
    cell = Cell(TODAY, {}, 0.5, 2, 4, suppressed=True)
    assert key_figure(answer(cell), secret, zone=BERLIN).value == f"<{NB}5"


def test_a_stale_figure_keeps_its_rating_and_says_its_day() -> None:
    old = datetime(2026, 6, 8, 0, 3, tzinfo=UTC)
    figure = key_figure(answer(GOOD, stale_sources=("x",), as_of=old), SHARE, zone=BERLIN)
    assert (figure.stale, figure.rating) == (True, "warn")
    assert "Stand 08.06." in words(tile(figure, origin_href="/?zahl=x"))
    assert "veraltet, Stand 08.06." in words(compact_list([(figure, None)]))


def test_a_day_of_another_year_carries_its_year() -> None:
    old = datetime(2025, 12, 1, 12, tzinfo=UTC)
    assert key_figure(answer(GOOD, as_of=old), SHARE, zone=BERLIN).stand == "01.12.2025"
    assert key_figure(answer(GOOD, as_of=None), SHARE, zone=BERLIN).stand == "–"


def test_a_balance_has_no_bar_of_its_own() -> None:
    cell = Cell(TODAY, {}, Decimal("-22670.00"), target=Decimal(0), rating="krit")
    figure = key_figure(answer(cell), BALANCE, zone=BERLIN)
    assert (figure.value, figure.unit, figure.bar) == ("−22.670", "€", None)


def test_a_course_keeps_gaps_and_draws_only_a_constant_target() -> None:
    cells = [Cell(date(2026, m, 1), {}, None if m == 2 else m / 10, target=0.4) for m in range(1, 5)]
    history = course(answer(*cells), SHARE)
    assert history.values == (0.1, None, 0.3, 0.4)
    assert history.soll == 0.4
    assert history.sentence == f"Verlauf 01/2026 bis 04/2026: von 10,0{NB}% auf 40,0{NB}%"
    rising = course(answer(*cells, replace(cells[0], target=0.5)), SHARE)
    assert rising.soll is None
    assert course(answer(), SHARE).sentence == "Verlauf: noch keine Werte"


def test_a_course_says_and_marks_the_comments_of_its_months_and_no_others() -> None:
    cells = [Cell(date(2026, m, 1), {}, m / 10) for m in range(1, 5)]
    figure = key_figure(answer(GOOD), SHARE, zone=BERLIN, history=answer(*cells))
    told = [Mark(1, date(2025, 6, 1), True, "Lange her"), Mark(2, date(2026, 3, 1), True, "Neues Verfahren")]
    marked = with_marks(figure, told).course
    assert marked is not None and marked.spots == (Spot(2, True),)
    assert marked.sentence.endswith("2 Ereignis 03/2026: Neues Verfahren.")
    assert "Lange her" not in marked.sentence
    assert with_marks(figure, told[:1]) == figure


def test_the_target_stands_in_the_middle_unless_a_share_would_pass_100_percent() -> None:
    low, high = bar_of(0.393, 0.45, share=True), bar_of(0.717, 0.7, share=True)
    days = bar_of(50, 20, share=False)
    assert low is not None and high is not None and days is not None
    assert (low.scale, high.scale, days.scale) == (0.9, 1.0, 50)
    assert bar_of(None, 0.4, share=True) is None
    assert bar_of(19, None, share=False) is None
    assert bullet(low)


def test_the_tile_leads_to_its_cockpit_and_keeps_the_origin_link_apart() -> None:
    figure = key_figure(answer(GOOD), SHARE, zone=BERLIN)
    card = tile(figure, origin_href="/?zahl=a", href="/ozg-fortschritt")
    assert [a.href for a in found(card, "href", "/")] == ["/ozg-fortschritt", "/?zahl=a"]
    assert "beobachten" in words(card)


def test_addresses_keep_other_choices_and_close_the_origin() -> None:
    params = {"fd": "FD 32", "zahl": "x", "zahl.channel": "online"}
    assert address("/ozg", params, themenfeld="Umwelt") == "/ozg?fd=FD+32&themenfeld=Umwelt"
    assert address("/ozg", params, fd=None) == "/ozg"
    opened = origin_address("/ozg", params, "y", {"procedure": "wohngeld"})
    assert opened == "/ozg?fd=FD+32&zahl=y&zahl.procedure=wohngeld"
    assert origin_question(params) == ("x", {"channel": "online"})
    assert origin_question({"fd": "1"}) is None


def test_an_unknown_choice_counts_as_none() -> None:
    options = [(None, "alle"), ("u", "Umwelt")]
    assert [c.selected for c in choices("/o", {"tf": "gibtsnicht"}, "tf", options)] == [True, False]
    assert [c.selected for c in choices("/o", {"tf": "u"}, "tf", options)] == [False, True]
    control = menu("Themenfeld", choices("/o", {"tf": "u"}, "tf", options))
    assert words(control.children[0]) == "Themenfeld Umwelt"
    assert len(found(segments("Art", choices("/o", {}, "tf", options)), "aria-current", "true")) == 1


def test_filters_are_reset_only_when_set() -> None:
    assert reset_link("/o", {}, ["tf"]) is None
    link = reset_link("/o", {"tf": "u", "x": "1"}, ["tf"])
    assert link is not None and link.href == "/o?x=1"


def test_a_stichtag_is_never_after_the_snapshot() -> None:
    assert read_stichtag({"stichtag": "2026-05-31"}, TODAY) == date(2026, 5, 31)
    assert {read_stichtag({"stichtag": t}, TODAY) for t in ("2027-01-01", "gestern", "")} == {TODAY}
    assert month_ends(date(2026, 3, 15), 2) == [date(2026, 2, 28), date(2026, 1, 31)]


def test_the_table_of_a_chart_goes_with_its_card_as_finished_texts() -> None:
    chart = stacked_themenfeld([LevelRow("Umwelt", {"0": 27, "3": 47})])
    sent = json.loads(table_text(chart.table))
    assert [tuple(row) for row in sent["rows"]] == list(chart.table.rows)
    assert tuple(sent["total"]) == chart.table.total
    card = chart_card("c", "Titel", chart, origin_href="/?zahl=x")
    place = found(card, "className", "chart-table")[0]
    assert json.loads(cast("Any", place.to_plotly_json()["props"])["data-table"]) == sent
    assert found(card, "className", "visually-hidden")


def test_small_graphics_say_in_words_what_they_show() -> None:
    assert cast("Any", night_strip(["gut", "gut", "krit"]).to_plotly_json()["props"])["aria-label"] == (
        "3 Nächte: 2 erfolgreich, 1 fehlgeschlagen"
    )
    label = cast("Any", load_bar(0.4, 0.2, 1.1, 0.438, "krit").to_plotly_json()["props"])["aria-label"]
    assert label == f"Ist 40,0{NB}%, Obligo 20,0{NB}%, Prognose 110,0{NB}% des Rahmens"
    assert words(glyph(2)) == "2"
    assert words(glyph(None)) == "nicht eingestuft"


def test_states_name_the_day_and_the_number_of_the_incident() -> None:
    assert "veraltet, Stand 09.06.2026" in words(stale(LOAD.as_of, BERLIN, "Quelle war nicht erreichbar."))
    text = words(failed("Die Abfrage wurde abgebrochen.", incident="AB12", retry=True))
    assert "Anzeige nicht möglich. Daten unverändert." in text and "Vorgangsnummer AB12" in text
    assert "Erneut versuchen" in text


def target(**rule: Any) -> Target:
    return Target(owner="FD 10", path=(Point(on=date(2021, 12, 31), value=Decimal("0.08")),), **rule)


def test_the_rating_rule_names_limits_and_the_deviation_of_today() -> None:
    text = words(rating_rule(GOOD, SHARE, target(tolerance_points=Decimal("0.08"))))
    assert f"ab Soll, also ab 45,0{NB}%" in text
    assert "bis 8 Prozentpunkte unter Soll (heute −5,7)" in text
    assert "mehr als 8 Prozentpunkte unter Soll" in text


def test_without_a_target_or_tolerance_the_rule_says_so() -> None:
    assert "kein Soll vereinbart" in words(rating_rule(GOOD, SHARE, None))
    assert "jeder Wert unter Soll" in words(rating_rule(GOOD, SHARE, target()))


def test_a_source_that_feeds_several_subjects_is_one_step() -> None:
    other = replace(LOAD, subject="assessment", published=3204, read=3204, rejected=0, stale=True)
    (one,) = merged([LOAD, other])
    assert (one.published, one.read, one.rejected, one.stale) == (4995, 5004, 9, True)


def test_the_way_of_a_number_ends_in_its_division() -> None:
    origin = Origin(answer(GOOD), SHARE, target(decided="Fahrplan 12/2025"), BERLIN, used_in=["Start"])
    panel = origin_drawer(origin, close_href="/")
    text = words(panel)
    for part in (
        "Leistungsregister",
        "1.791 Datensätze",
        "9 zurückgewiesen",
        "612 ÷ 1.557 × 100",
        "Fahrplan 12/2025",
    ):
        assert part in text
    assert {a.href for a in found(panel, "href", "/")} == {"/"}


def test_a_question_without_rows_still_has_a_panel() -> None:
    origin = Origin(answer(lineage=(), as_of=None), SHARE, None, BERLIN)
    assert "Definition" in words(origin_drawer(origin, close_href="/"))


def services(rating: str | None, states: tuple[str, ...] = ()) -> tuple[Any, Any]:
    def query(viewer: Any, metric_id: str, **more: Any) -> MetricResult:
        if rating is None:
            raise ConfigError("fehlt", code="x")
        return answer(replace(GOOD, rating=cast("Any", rating)))

    leading = [
        SimpleNamespace(metric="m", where={}, cockpit="ozg"),
        SimpleNamespace(metric="m", where={}, cockpit=None),
    ]
    status = SimpleNamespace(sources=[SimpleNamespace(state=s) for s in states])
    return SimpleNamespace(query=query, settings=SimpleNamespace(leitkennzahlen=leading)), status


@pytest.mark.parametrize(
    ("rating", "states", "marks"),
    [
        ("krit", ("aktuell",), {"ozg": "krit"}),
        ("gut", ("aktuell", "veraltet"), {"quellen": "warn"}),
        ("neu", (), {}),
        (None, (), {}),
    ],
)
def test_navigation_marks_only_what_needs_attention(
    rating: str | None, states: tuple[str, ...], marks: dict[str, str]
) -> None:
    city, status = services(rating, states)
    pages = [SimpleNamespace(id="ozg"), SimpleNamespace(id="quellen")]
    assert shell.navigation_marks(city, cast("Any", None), cast("Any", pages), status) == marks


def test_data_is_very_old_after_two_days() -> None:
    now = datetime(2026, 6, 11, 1, 15, tzinfo=UTC)
    assert not shell.is_very_old(now - timedelta(hours=48), now)
    assert shell.is_very_old(now - timedelta(hours=48, seconds=1), now)


def test_a_stacked_table_says_what_its_parts_are_and_other_tables_need_not() -> None:
    columns = [Column("Ansicht"), Column("Für wen"), Column("Zahl", "right")]
    stacked = write(table("Liste", columns, [("Eins", "alle", "1")], stacked=True))
    plain = write(table("Liste", columns, [("Eins", "alle", "1")]))
    assert isinstance(stacked, Written) and isinstance(plain, Written)
    written = str(stacked.html)
    assert re.findall(r' role="(\w+)"', written) == [
        "table", "rowgroup", "row", "columnheader", "columnheader", "columnheader",
        "rowgroup", "row", "rowheader", "cell", "cell",
    ]  # fmt: skip
    assert re.findall(r'data-label="([^"]+)"', written) == ["Für wen", "Zahl"]
    assert "role=" not in str(plain.html)
