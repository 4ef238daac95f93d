"""What programs read: the figures of the one door for each person, in every form, with their origin."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from dashboard.contract import as_contract, json_value
from dashboard.explorer.state import read_state
from metrics.query import query
from tests.example_city import ExampleCity
from tests.programs import ACCOUNTS, Programs, programs
from warehouse.errors import AccessError, IsekError

SHARE = "/metrics/ozg_online_share"
PEOPLE = [login for login, role, _ in ACCOUNTS if role != "verwaltung"]


@pytest.fixture(scope="module")
def api(example_city: ExampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    found = programs(example_city, f"sqlite:///{tmp_path_factory.mktemp('kladde')}/kladde.sqlite")
    yield found
    found.ledger.close()


@pytest.mark.parametrize("login", PEOPLE)
def test_h7_every_metric_is_answered_as_the_one_door_answers_this_person(
    api: Programs, example_city: ExampleCity, login: str
) -> None:
    viewer, token, answered = api.viewer(login), api.token(login), 0
    for metric in example_city.catalog.metrics.values():
        answer = api.ask(token, f"/metrics/{metric.id}")
        try:
            result = query(example_city.catalog, example_city.snapshot, metric.id, scope=viewer.scope)
        except IsekError as error:
            assert answer.status_code == 422 and answer.json["code"] == error.code, metric.id
            assert isinstance(error, AccessError), metric.id
            continue
        expected = json.loads(json.dumps(as_contract(metric, result), default=json_value))
        assert answer.json == expected, metric.id
        answered += 1
    assert answered > 40


def test_two_people_asking_the_same_address_one_after_the_other_read_their_own_figures(api: Programs) -> None:
    tokens = {login: api.token(login) for login in PEOPLE}
    first = {login: api.ask(token, f"{SHARE}?by=fachdienst").json["rows"] for login, token in tokens.items()}
    again = {
        login: api.ask(tokens[login], f"{SHARE}?by=fachdienst").json["rows"] for login in reversed(PEOPLE)
    }
    assert first == again
    assert {row["fachdienst"] for row in first["meldeamt"]} == {"FD32"}
    assert {row["fachdienst"] for row in first["leitung"]} > {row["fachdienst"] for row in first["bauamt"]}


def test_filters_periods_and_days_mean_what_they_mean_at_the_door(
    api: Programs, example_city: ExampleCity
) -> None:
    token = api.token("leitung")
    asked = [
        ("by=period&from=2026-01-01&to=2026-03-31", "period"),
        ("where.fachdienst=FD32&where.fachdienst=FD63&by=fachdienst", "fachdienst"),
        ("by=themenfeld,fachdienst", "fachdienst"),
        ("at=2025-12-31", None),
        ("where.themenfeld=~", None),
    ]
    rows = [api.ask(token, f"{SHARE}?{words}").json["rows"] for words, _ in asked]
    assert [row["period"] for row in rows[0]] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert [row["fachdienst"] for row in rows[1]] == ["FD32", "FD63"]
    assert len({(row["themenfeld"], row["fachdienst"]) for row in rows[2]}) == len(rows[2]) > 10
    assert rows[3][0]["period"] == "2025-12-01"
    assert rows[3][0]["value"] == example_city.value("ozg_online_share", at=date(2025, 12, 31))


def test_pandas_reads_the_csv_and_finds_the_figures_of_the_json(api: Programs) -> None:
    token = api.token("controlling")
    rows = api.ask(token, f"{SHARE}?by=fachdienst").json["rows"]
    answer = api.ask(token, f"{SHARE}?by=fachdienst&format=csv")
    frame = pd.read_csv(io.StringIO(answer.text))
    assert frame["fachdienst"].tolist() == [row["fachdienst"] for row in rows]
    assert frame["value"].tolist() == [row["value"] for row in rows]
    assert frame["suppressed"].dtype == bool
    german = pd.read_csv(
        io.BytesIO(api.ask(token, f"{SHARE}?by=fachdienst&format=csv-de").data),
        sep=";", decimal=",", encoding="utf-8-sig",
    )  # fmt: skip
    assert german["value"].tolist() == frame["value"].tolist()


def test_the_columns_of_a_table_depend_on_the_question_only(api: Programs) -> None:
    token = api.token("meldeamt")
    some = api.ask(token, f"{SHARE}?by=fachdienst&format=csv").text
    none = api.ask(token, f"{SHARE}?by=fachdienst&where.fachdienst=FD63&format=csv").text
    assert len(none.splitlines()) == 1
    assert none.splitlines() == some.splitlines()[:1]


def test_arrow_keeps_amounts_to_the_cent_and_says_what_it_rests_on(api: Programs) -> None:
    token, place = api.token("leitung"), "/metrics/budget_frame_eur?by=produkt"
    rows = api.ask(token, place).json["rows"]
    table = pa.ipc.open_stream(api.ask(token, f"{place}&format=arrow").data).read_all()
    assert pa.types.is_decimal(table.schema.field("value").type)
    assert [None if v is None else Decimal(v) for v in (row["value"] for row in rows)] == (
        table.column("value").to_pylist()
    )
    facts = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert facts["isek.nature"] == "beispiel" and facts["isek.business-date"] == "2026-06-09"
    assert pa.types.is_date(table.schema.field("period").type)


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"),
        ("text/html,application/json;q=0.5", "application/json"),
    ],
)
def test_the_form_may_be_named_by_the_accept_header(api: Programs, accept: str, mimetype: str) -> None:
    answer = api.ask(api.token("leitung"), SHARE, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


def test_a_form_nobody_has_is_a_406(api: Programs) -> None:
    for place in (SHARE, "/metrics", "/status"):
        answer = api.ask(api.token("leitung"), place, headers={"Accept": "image/png"})
        assert (answer.status_code, answer.json["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("form", ["json", "csv", "csv-de", ".csv", "arrow"])
def test_every_form_says_snapshot_business_date_and_that_these_are_examples(api: Programs, form: str) -> None:
    answer = api.ask(api.token("leitung"), f"{SHARE}?format={form}")
    assert answer.headers["Isek-Nature"] == "beispiel"
    assert answer.headers["Isek-Business-Date"] == "2026-06-09"
    assert answer.headers["Isek-Snapshot"] == api.services.snapshot().name
    assert answer.headers["Isek-As-Of"].startswith("2026-06-09T")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"] and "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_who_has_an_answer_already_is_told_that_it_still_holds(api: Programs) -> None:
    token = api.token("leitung")
    first = api.ask(token, SHARE)
    again = api.ask(token, SHARE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = api.ask(api.token("meldeamt"), SHARE, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200, "the answer of somebody else is another one"


def test_small_numbers_stay_hidden_and_refused_as_everywhere(
    api: Programs, example_city: ExampleCity
) -> None:
    token = api.token("leitung")
    protected = [m.id for m in example_city.catalog.metrics.values() if m.definition.protect]
    hidden = 0
    for metric in protected:
        definition = example_city.catalog.metric(metric).definition
        for cut in definition.cuts:
            answer = api.ask(token, f"/metrics/{metric}", query={"by": ",".join((*cut, "period"))})
            assert answer.status_code == 200, (metric, cut)
            for row in (row for row in answer.json["rows"] if row["suppressed"]):
                hidden += 1
                assert {row["value"], row["numerator"], row["denominator"], row["target"]} == {None}
                assert not {"n", "lower", "upper"} & set(row)
        refused = api.ask(
            token, f"/metrics/{metric}?by=org_unit_id,period&where.org_unit_id=FD32&at=2026-01-01"
        )
        assert refused.status_code == 200 or refused.json["code"] == "protected"
    assert protected and hidden


def test_lists_are_paged_typed_and_within_the_units_of_who_asks(api: Programs) -> None:
    token = api.token("meldeamt")
    first = api.ask(token, "/lists/services?limit=100&order=service_id").json
    assert first["total"] > 100 and len(first["rows"]) == 100 and first["nature"] in ("beispiel", "gemischt")
    found: list[dict[str, Any]] = []
    place: str | None = "/lists/services?limit=100&order=service_id"
    while place:
        page = api.ask(token, place).json
        found += page["rows"]
        place = page["next"].removeprefix("/api/v1") if page["next"] else None
    assert len(found) == first["total"] == len({row["service_id"] for row in found})
    assert {row["org_unit_id"] for row in found} == {"FD32"}
    whole = api.ask(api.token("leitung"), "/lists/services?limit=1").json
    assert whole["total"] > first["total"]
    searched = api.ask(token, "/lists/services?search=personalausweis&limit=5").json
    assert 0 < searched["total"] < first["total"]


def test_every_list_is_read_in_every_form(api: Programs, example_city: ExampleCity) -> None:
    token = api.token("leitung")
    for name in example_city.catalog.lists:
        body = api.ask(token, f"/lists/{name}?limit=50").json
        columns = [column["name"] for column in body["columns"]]
        assert all(list(row) == columns for row in body["rows"]), name
        table = pa.ipc.open_stream(api.ask(token, f"/lists/{name}?limit=50&format=arrow").data).read_all()
        assert table.column_names == columns and table.num_rows == len(body["rows"]), name
        frame = pd.read_csv(io.StringIO(api.ask(token, f"/lists/{name}?limit=50&format=csv").text))
        assert frame.columns.tolist() == columns and len(frame) == len(body["rows"]), name


@pytest.mark.parametrize("login", PEOPLE)
def test_a_question_of_the_explorer_is_answered_with_one_row_for_each_innermost_cell(
    api: Programs, login: str
) -> None:
    place = (
        "/explore?daten=bestand:einzelleistung_eigen&werte=ozg_online_share,ozg_online_share.nenner"
        "&zeilen=dezernat,fachdienst&spalten=themenfeld"
    )
    token, viewer = api.token(login), api.viewer(login)
    body = api.ask(token, place).json
    asked = dict(part.split("=") for part in place.partition("?")[2].split("&"))
    state = read_state(asked, api.services.catalog, api.services.today)
    pivot = api.services.explore(viewer, replace(state.question, open_paths=None))
    inner = [head.path for head in pivot.rows if head.level == 2]
    across = [head.path for head in pivot.columns if head.level == 1]
    expected = {
        (*row, *column, number): pivot.cell(row, column, number).value
        for row in inner for column in across for number in range(2)
    }  # fmt: skip
    numbers = {measure["name"]: number for number, measure in enumerate(body["measures"])}
    found = {(*row["keys"].values(), numbers[row["measure"]]): row["value"] for row in body["rows"]}
    assert found == expected and any(value is not None for value in found.values())
    if login == "meldeamt":
        assert {row["keys"]["fachdienst"] for row in body["rows"]} == {"FD32"}
    frame = pd.read_csv(io.StringIO(api.ask(token, f"{place}&format=csv").text))
    values = [None if pd.isna(value) else value for value in frame["value"].tolist()]
    assert values == [row["value"] for row in body["rows"]]
    table = pa.ipc.open_stream(api.ask(token, f"{place}&format=arrow").data).read_all()
    assert table.column("value").to_pylist() == [row["value"] for row in body["rows"]]


def test_what_the_explorer_refuses_is_a_422_that_names_the_part_of_the_address(api: Programs) -> None:
    token = api.token("leitung")
    for words, code in (
        ("daten=bestand:nichts", "unknown_dataset"),
        ("daten=bestand:einzelleistung_eigen&werte=ozg_online_share&zeilen=nichts", "unknown_field"),
    ):
        answer = api.ask(token, f"/explore?{words}")
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert api.ask(token, "/explore").status_code == 400
    assert api.ask(token, "/explore?daten=bestand:einzelleistung_eigen&ansicht=diagramm").status_code == 400
    empty = api.ask(token, "/explore?daten=liste:services&spalten=year&gegen=")
    assert (empty.status_code, empty.json["code"]) == (400, "bad_parameter")


def test_the_catalogues_name_everything_there_is(api: Programs, example_city: ExampleCity) -> None:
    token = api.token("bauamt")
    metrics = api.ask(token, "/metrics").json["metrics"]
    assert {metric["id"] for metric in metrics} == set(example_city.catalog.metrics)
    assert {item["id"] for item in api.ask(token, "/lists").json["lists"]} == set(example_city.catalog.lists)
    share = next(metric for metric in metrics if metric["id"] == "ozg_online_share")
    assert share["choose_one"] == {"reifegrad_modell": "ozg_1_1"} and "fachdienst" in share["levels"]
    state = api.ask(token, "/status").json
    assert state["business_date"] == "2026-06-09" and len(state["sources"]) > 20 and "runs" not in state
