"""What `[table.persons]` means: tokens, groups, limits, and what a wrong declaration is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from connectors import counting
from connectors.batches import TextRow, text_batches
from connectors.persons import Persons
from connectors.veil import Veil
from tests.persons_town import ACTIVITY, ANNA, BODO, CARLA, COUNTS, KEY, TOKENS, PersonsTown
from warehouse.errors import ConfigError, ContractError
from warehouse.landing import DELETED, FAULT, RAW
from warehouse.subjects import load_subjects
from warehouse.textformat import CANONICAL, TextFormat

GERMAN = TextFormat()


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)


def _veil(text: TextFormat | None = CANONICAL, *, key: str = KEY, **declared: Any) -> Veil:
    return Veil(
        Persons.model_validate(declared), text, _local, {"ISEK_PSEUDONYM_KEY": key}, "probe, Tabelle 1"
    )


def _counting(text: TextFormat | None = CANONICAL, **rule: Any) -> Veil:
    whole = {"by": ["unit", "day"], "count": "documents", "distinct": {"clerks": "clerk"}, "at_least": 1}
    return _veil(text, aggregate={**whole, **rule})


def _texts(*rows: Sequence[str | None], names: Sequence[str] = ("unit", "day", "clerk")) -> Any:
    return text_batches(names, (TextRow(line, row) for line, row in enumerate(rows, start=1)))


def _typed(**columns: list[Any]) -> list[pa.RecordBatch]:
    return [pa.RecordBatch.from_pydict(columns)]


def _rows(veil: Veil, batches: Any) -> list[dict[str, Any]]:
    return [row for batch in veil.over(batches) for row in batch.to_pylist()]


def _groups(veil: Veil, batches: Any) -> list[tuple[Any, ...]]:
    rows = [row for row in _rows(veil, batches) if not row[FAULT]]
    return [(row["unit"], row["day"], row["documents"], row["clerks"]) for row in rows]


def _tokens(veil: Veil, *people: str | None) -> list[str | None]:
    return [row["clerk"] for row in _rows(veil, _texts(*((p,) for p in people), names=("clerk",)))]


def test_a_token_depends_on_the_key_and_on_nothing_but_the_person() -> None:
    first = _tokens(_veil(pseudonymise=["clerk"]), ANNA, f"  {ANNA.upper()} ", BODO)
    assert first[0] == first[1] != first[2]
    assert _tokens(_veil(pseudonymise=["clerk"]), BODO, ANNA) == [first[2], first[0]]
    other = _tokens(_veil(pseudonymise=["clerk"], key=KEY[::-1]), ANNA)
    assert other[0] is not None and other[0] not in first and len(other[0]) == 32


def test_two_spellings_of_an_umlaut_are_one_person() -> None:
    composed, decomposed = "J\u00f6rg", "Jo\u0308rg"
    tokens = _tokens(_veil(pseudonymise=["clerk"]), composed, decomposed)
    assert tokens[0] == tokens[1]


def test_nobody_stays_nobody() -> None:
    written = TextFormat(null=("", "k. A."))
    assert _tokens(_veil(written, pseudonymise=["clerk"]), None, "", "k. A.") == [None, "", "k. A."]


def test_a_number_of_personnel_has_one_token_whether_typed_or_text() -> None:
    veil = _veil(None, pseudonymise=["clerk"])
    typed = [row["clerk"] for row in _rows(veil, _typed(clerk=[4711, None, 4711]))]
    assert typed[1] is None
    assert typed[0] == typed[2] == _tokens(_veil(pseudonymise=["clerk"]), "4711")[0]


@pytest.mark.parametrize(("key", "code"), [("", "missing_secret"), ("0815", "weak_secret")])
def test_without_a_good_key_nothing_is_read(key: str, code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _veil(pseudonymise=["clerk"], key=key)
    assert caught.value.code == code
    assert "ISEK_PSEUDONYM_KEY" in str(caught.value)
    assert not key or key not in str(caught.value)


def test_a_refused_row_keeps_its_place_and_loses_its_text() -> None:
    rows = [TextRow(7, (), "extra_field", None, f"{ANNA};zu;viel", "x.csv")]
    for veil in (_veil(pseudonymise=["clerk"]), _counting()):
        (row,) = _rows(veil, text_batches(("unit", "day", "clerk"), rows))
        assert (row["_line"], row[FAULT], row["_file"]) == (7, "extra_field", "x.csv")
        assert not row.get(RAW) and ANNA not in str(row)


def test_groups_count_rows_and_different_persons() -> None:
    rows = [
        ("A", "2026-06-01", ANNA),
        ("A", "2026-06-01", ANNA.lower()),
        ("A", "2026-06-01", BODO),
        ("A", "2026-06-02", None),
        ("B", "2026-06-01", CARLA),
        (None, "2026-06-01", CARLA),
    ]
    assert _groups(_counting(), _texts(*rows)) == [
        ("A", "2026-06-01", "3", "2"),
        ("A", "2026-06-02", "1", None),
        ("B", "2026-06-01", "1", "1"),
        (None, "2026-06-01", "1", "1"),
    ]


def test_groups_are_the_same_however_the_rows_are_cut_into_batches() -> None:
    rows = [(f"U{n % 7}", f"2026-06-{n % 28 + 1:02d}", f"P{n % 11}") for n in range(3000)]
    whole = _groups(_counting(), _texts(*rows))
    pieces = [batch.slice(at, 100) for batch in _texts(*rows) for at in range(0, batch.num_rows, 100)]
    assert _groups(_counting(), pieces) == whole
    assert sum(int(documents) for _, _, documents, _ in whole) == 3000


def test_k8_groups_of_few_persons_show_no_number_of_persons_unless_that_is_declared() -> None:
    rows = [("A", "2026-06-01", f"P{n}") for n in range(10)] + [
        ("B", "2026-06-01", f"P{n}") for n in range(9)
    ]
    told = _groups(_veil(aggregate={**_rule(), "distinct": {"clerks": "clerk"}}), _texts(*rows))
    assert told == [("A", "2026-06-01", "10", "10"), ("B", "2026-06-01", "9", None)]


def _rule() -> dict[str, Any]:
    return {"by": ["unit", "day"], "count": "documents"}


def test_typed_values_stay_typed() -> None:
    moments = [datetime(2026, 6, 1, 23, 30, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC), None]
    batches = _typed(unit=["A", "A", "A"], day=moments, clerk=[1, 2, 3])
    told = _groups(_counting(None, cut={"day": "day"}), batches)
    # Half past eleven by Greenwich is the next day in the town hall.
    assert [(str(day), documents) for _, day, documents, _ in told] == [
        ("2026-06-02", 1),
        ("2026-06-01", 1),
        ("None", 1),
    ]


@pytest.mark.parametrize(
    ("text", "written", "told"),
    [
        (GERMAN, "17.06.2026", "01.06.2026"),
        (GERMAN, "17.06.2026 10:11:12", "01.06.2026"),
        (CANONICAL, "2026-06-17T10:11:12.123", "2026-06-01"),
        (CANONICAL, "2026-06-30T22:30:00Z", "2026-07-01"),
        (None, "2026-06-17", "2026-06-01"),
    ],
)
def test_days_and_moments_are_cut_to_their_month(text: TextFormat | None, written: str, told: str) -> None:
    batches = _texts(("A", written, ANNA)) if text else _typed(unit=["A"], day=[written], clerk=[ANNA])
    ((_, day, _, _),) = _groups(_counting(text, cut={"day": "month"}), batches)
    assert str(day) == told


def test_what_is_no_day_is_refused_for_itself_without_its_text() -> None:
    veil = _counting(cut={"day": "month"})
    rows = _rows(veil, _texts(("A", ANNA, "x"), ("A", "2026-06-01", "x"), ("A", None, "x")))
    refused = [row for row in rows if row[FAULT]]
    assert [(row["_line"], row[FAULT], row["_fault_column"], row["day"]) for row in refused] == [
        (1, "not_a_date", "day", None)
    ]
    assert sorted(str(row["day"]) for row in rows if not row[FAULT]) == ["2026-06-01", "None"]


def test_a_document_that_comes_twice_counts_once() -> None:
    names = ("unit", "day", "clerk", "doc")
    rows = [("A", "d", ANNA, "1"), ("A", "d", BODO, "2"), ("A", "d", ANNA, "1"), ("A", "d", ANNA, None)]
    batches = [*_texts(*rows, names=names), *_texts(("B", "d", ANNA, "2"), names=names)]
    assert _groups(_counting(once="doc"), batches) == [("A", "d", "3", "2")]


def test_nothing_delivered_is_an_empty_table_with_its_columns() -> None:
    (batch,) = _counting().over(_texts())
    assert batch.num_rows == 0
    assert {"unit", "day", "documents", "clerks"} <= set(batch.schema.names)


def test_a_renamed_column_of_persons_is_missed() -> None:
    with pytest.raises(ContractError) as caught:
        _groups(_counting(), _texts(("A", "d", ANNA), names=("unit", "day", "clerks_name")))
    assert caught.value.code == "missing_column"


@pytest.mark.parametrize(("limit", "by"), [("MOST_GROUPS", "day"), ("MOST_DISTINCT", "unit")])
def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch, limit: str, by: str) -> None:
    monkeypatch.setattr(counting, limit, 50)
    rows = [("A", f"d{n}", f"P{n}") for n in range(51)]
    with pytest.raises(ContractError) as caught:
        _rows(
            _veil(aggregate={"by": [by], "count": "documents", "distinct": {"clerks": "clerk"}}),
            _texts(*rows),
        )
    assert caught.value.code == "too_many_groups"


def test_deletions_and_messages_are_not_counted() -> None:
    deletions = _typed(unit=["A"], day=["d"], clerk=["x"], **{DELETED: [True]})
    with pytest.raises(ConfigError, match="nicht zählen"):
        _rows(_counting(None), deletions)
    with pytest.raises(ConfigError, match="nicht zählen"):
        Veil(Persons.model_validate({"aggregate": _rule()}), None, _local, {}, "probe", last_wins=True)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[PersonsTown]:
    place = PersonsTown(tmp_path)
    yield place
    place.con.close()


FILES = 'kind = "files"\n[[table]]\npath = "inbox/x.csv"\ntext.date = "%Y-%m-%d"\n'


DELETES = 'deleted_when = { column = "unit", equals = "x" }\nwrite = "merge"\n'


def _refusal(town: PersonsTown, text: str) -> ConfigError:
    town.declare("probe", text)
    with pytest.raises(ConfigError) as caught:
        town.spec("probe")
    return caught.value


@pytest.mark.parametrize(
    ("persons", "told"),
    [
        (COUNTS.replace('"unit", "day"', '"unit"'), "Der Schlüssel muss in by stehen"),
        (COUNTS.replace('"documents"', '"dokuments"'), "Meinten Sie „documents“?"),
        (COUNTS.replace('count = "documents"', 'count = "day"').replace(', "day"]', "]"), "Typ integer"),
        (COUNTS.replace("clerks =", "documents ="), "nur einmal"),
        (COUNTS + 'cut = { unit = "day" }\n', "Nur Spalten vom Typ date"),
        (COUNTS + 'cut = { documents = "day" }\n', "die nicht in by stehen"),
        ("[table.persons]\n", "pseudonymise oder aggregate angeben"),
        ('[table.persons]\npseudonymise = ["documents"]\n', "Ein Token ist Text"),
        ('[table.persons]\npseudonymise = ["klerk"]\n', "Meinten Sie „clerks“?"),
        (COUNTS + "at_leats = 3\n", "Meinten Sie „at_least“?"),
        (
            'deleted_when = { column = "unit", equals = "x" }\nwrite = "merge"\n' + COUNTS,
            "schließen sich aus",
        ),
    ],
)
def test_a_wrong_declaration_is_told_with_its_line(town: PersonsTown, persons: str, told: str) -> None:
    error = _refusal(town, f'{FILES}feeds = "activity"\n{persons}')
    assert told in str(error)
    assert "probe.toml:" in str(error.where)


def test_a_number_that_may_stay_empty_cannot_be_required(town: PersonsTown) -> None:
    strict = ACTIVITY.replace('title = "Erfassende"', 'title = "Erfassende", required = true')
    (town.folder / "subjects/strict.toml").write_text(strict, encoding="utf-8")
    town.subjects = load_subjects(town.folder)
    text = f'{FILES}feeds = "strict"\n{COUNTS.replace("at_least = 1", "at_least = 10")}'
    assert "nicht Pflicht" in str(_refusal(town, text))


def test_tokens_without_a_key_are_refused_before_the_night(tmp_path: Path) -> None:
    town = PersonsTown(tmp_path, {})
    error = _refusal(town, f'{FILES}feeds = "filing"\n{TOKENS}')
    assert (error.code, str(error.where).rpartition(":")[2]) == ("missing_secret", "10")
    town.con.close()


def test_counting_needs_no_key(tmp_path: Path) -> None:
    town = PersonsTown(tmp_path, {})
    town.declare("probe", f'{FILES}feeds = "activity"\n{COUNTS}')
    town.deliver("inbox/x.csv", f"unit;day;clerk\nA;2026-06-01;{ANNA}\n")
    assert town.night("probe").state == "aktuell"
    town.con.close()


@pytest.mark.parametrize(("tolerance", "state"), [(0.4, "fehlgeschlagen"), (0.6, "aktuell")])
def test_bad_rows_are_weighed_against_the_rows_delivered_not_against_the_groups(
    town: PersonsTown, tolerance: float, state: str
) -> None:
    good = "".join(f"A;2026-06-{n:02d};{ANNA}\n" for n in range(1, 5))
    # One group of five rows has a day that is none, one row cannot be taken apart: six of ten.
    bad = "A;heute;x\n" * 4 + f"A;2026-06-01;{ANNA};zu viel\n"
    town.deliver("inbox/x.csv", f"unit;day;clerk\n{good}{bad}A;2026-06-01;x\n")
    town.declare("probe", f'{FILES}feeds = "activity"\nallow_rejected = {tolerance}\n{COUNTS}')
    loaded = town.night("probe")
    assert (loaded.state, loaded.read, loaded.rejected) == (state, 6, 2)
    if state == "fehlgeschlagen":
        assert "5 von 10" in str(loaded.reason)
    assert town.trails(own=("inbox/",)) == []


def test_a_cursor_reads_whole_months_so_that_half_a_month_never_replaces_a_whole_one() -> None:
    rule = {**_rule(), "cut": {"day": "month"}}
    persons = Persons.model_validate({"aggregate": rule})
    now = datetime(2026, 6, 9, 5, 15)
    since, until = persons.whole_periods("day", datetime(2026, 5, 29), now, now)
    assert (since, until) == (datetime(2026, 5, 1), now)
    backfill = persons.whole_periods("day", datetime(2026, 2, 3), datetime(2026, 3, 4), now)
    assert backfill == (datetime(2026, 2, 1), datetime(2026, 4, 1))
    exact = persons.whole_periods("day", datetime(2026, 2, 1), datetime(2026, 3, 1), now)
    assert exact == (datetime(2026, 2, 1), datetime(2026, 3, 1))
    assert persons.whole_periods(None, None, now, now) == (None, now)


def test_what_a_service_delivers_beyond_the_window_is_not_counted() -> None:
    within = ("day", datetime(2026, 5, 1), datetime(2026, 6, 1))
    rule = {"by": ["unit", "day"], "count": "documents", "cut": {"day": "month"}}
    persons = Persons.model_validate({"aggregate": rule})
    veil = Veil(persons, CANONICAL, _local, {}, "probe", within=within)
    days = (
        "2026-04-30",
        "2026-05-01",
        "2026-05-31T23:59:59",
        "2026-05-31T22:00:00Z",
        "2026-06-01",
        "x",
        None,
    )
    rows = _rows(veil, _texts(*(("A", day) for day in days), names=("unit", "day")))
    assert [(row["day"], row["documents"]) for row in rows if not row[FAULT]] == [
        ("2026-05-01", "2"),
        (None, "1"),
    ]
    assert [row[FAULT] for row in rows if row[FAULT]] == ["not_a_date"]
    assert veil.rows == 4
