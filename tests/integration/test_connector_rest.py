"""The kind `rest` against real servers: what is asked, how pages follow, what becomes of answers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.web_services import Answering, Answers, Asked, Reply, Service, as_json, as_text
from tests.web_town import MAPPED, WebTown, capacity
from warehouse.errors import ConfigError, ContractError, IsekError


def records(count: int) -> list[dict[str, Any]]:
    return [capacity(number) for number in range(count)]


def needed(rows: list[dict[str, Any]]) -> list[str]:
    return [row["needed_pt"] for row in rows]


def failure_of(city: Path, table: str, *, url: str, **more: Any) -> IsekError:
    with pytest.raises(IsekError) as caught:
        WebTown(city, table, url=url, **more).rows()
    return caught.value


def test_a_list_of_objects_is_read_and_typed(tmp_path: Path) -> None:
    listed = [{**capacity(0), "bedarf": 10.50}, {**capacity(1), "da": 9007199254740}]
    with Answers(lambda asked: {"daten": {"zeilen": listed}}) as service:
        town = WebTown(
            tmp_path, f'path = "v1/kapazitaet"\nrecords = "daten.zeilen"\n{MAPPED}', url=service.url
        )
        assert town.landed() == [
            {"role": "organisatorisch", "month": date(2020, 1, 1), "needed_pt": Decimal("10.50"),
             "available_pt": Decimal("1.00")},
            {"role": "technisch", "month": date(2020, 1, 1), "needed_pt": Decimal("1.00"),
             "available_pt": Decimal("9007199254740.00")},
        ]  # fmt: skip
        assert service.asked[0].path == "/v1/kapazitaet"
        assert service.asked[0].headers["accept"] == "application/json"


def test_numbers_are_never_floating_point(tmp_path: Path) -> None:
    exact = "0.1000000000000000055511151231257827"
    body = f'[{{"rolle":"technisch","monat":"2026-01-01","bedarf":{exact},"da":1E+2}}]'.encode()
    with Service(Reply(body=body)) as service:
        row = WebTown(tmp_path, MAPPED, url=service.url).rows()[0]
    assert row["needed_pt"] == exact
    assert row["available_pt"] == "100"


def _offset(asked: Asked, size_param: str = "limit") -> list[dict[str, Any]]:
    start, size = int(asked.query.get("offset", 0)), int(asked.query.get(size_param, 3))
    return records(10)[start : start + size]


def _page(asked: Asked, first: int = 0) -> list[dict[str, Any]]:
    start = (int(asked.query.get("page", first)) - first) * 3
    return records(10)[start : start + 3]


def _cursor(asked: Asked) -> dict[str, Any]:
    start = int(asked.query.get("cursor", 0))
    more = {"next_cursor": start + 4 if start + 4 < 10 else None}
    return {"items": records(10)[start : start + 4], **more}


def _links(asked: Asked) -> dict[str, Any]:
    start = int(asked.query.get("ab", 0))
    links = {"next": f"/liste?ab={start + 4}"} if start + 4 < 10 else {}
    return {"data": records(10)[start : start + 4], "links": links}


def _link_header(asked: Asked) -> Reply:
    start = int(asked.query.get("ab", 0))
    following = {"Link": f'<?ab={start + 4}>; rel="next"'} if start + 4 < 10 else {}
    return as_json(records(10)[start : start + 4], **following)


@pytest.mark.parametrize(
    ("paging", "requests", "answer", "at"),
    [
        ('type = "offset"\nsize = 3', 5, _offset, ""),
        ('type = "offset"\nsize = 3\ntotal = "n"', 4, lambda a: {"z": _offset(a), "n": 10}, "z"),
        (
            'type = "offset"\nsize = 5\nhas_more = "m"',
            2,
            lambda a: {"z": _offset(a), "m": a.query["offset"] == "0"},
            "z",
        ),
        ('type = "page"\nsize = 3', 5, _page, ""),
        (
            'type = "page"\nstart = 1\nlast = "last"',
            4,
            lambda a: {"z": _page(a, 1), "last": a.query["page"] == "4"},
            "z",
        ),
        ('type = "page"\npages = "seiten.zahl"', 4, lambda a: {"z": _page(a), "seiten": {"zahl": 4}}, "z"),
        ('type = "short_page"\nsize = 3', 4, _offset, ""),
        ('type = "short_page"\ncounts = "pages"\nparam = "page"\nsize = 3', 4, _page, ""),
        ('type = "cursor"\nnext = "next_cursor"', 3, _cursor, "items"),
        ('type = "next_link"\nnext = "links.next"', 3, _links, "data"),
        ('type = "next_link"\nheader = true', 3, _link_header, ""),
    ],
)
def test_every_way_of_paging_brings_every_record_once(
    tmp_path: Path, paging: str, requests: int, answer: Answering, at: str
) -> None:
    with Answers(answer) as service:
        table = f'path = "liste"\nrecords = "{at}"\n{MAPPED}[table.paging]\n{paging}\n'
        assert needed(WebTown(tmp_path, table, url=service.url).rows()) == [str(n) for n in range(10)]
        assert len(service.asked) == requests
        assert set(service.paths) == {"/liste"}


def test_a_service_that_gives_less_per_page_than_asked_for_loses_nothing(tmp_path: Path) -> None:
    capped = Answers(lambda a: records(10)[int(a.query["offset"]) :][:3])
    with capped as service:
        town = WebTown(tmp_path, f'{MAPPED}[table.paging]\ntype = "offset"\nsize = 500\n', url=service.url)
        assert len(town.rows()) == 10


def test_a_post_carries_json_with_the_page_where_the_service_wants_it(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Any:
        start = asked.json["seite"]["ab"]
        return records(5)[start : start + 2]

    table = (
        f'method = "POST"\npath = "suche"\n{MAPPED}body = {{ filter = {{ jahr = 2026, art = ["a"] }} }}\n'
        '[table.paging]\ntype = "offset"\noffset_param = "seite.ab"\nsize_param = "seite.anzahl"\nsize = 2\n'
        'place = "body"\n'
    )
    with Answers(answer) as service:
        assert len(WebTown(tmp_path, table, url=service.url).rows()) == 5
        assert service.asked[1].json == {
            "filter": {"jahr": 2026, "art": ["a"]},
            "seite": {"ab": 2, "anzahl": 2},
        }
        assert service.asked[0].query == {}


def test_a_post_can_carry_a_form_with_a_token_nobody_logs(tmp_path: Path) -> None:
    table = f'method = "POST"\n{MAPPED}form = {{ method = "Kapazitaet.get", limit = -1 }}\n'
    auth = '[connection.auth]\ntype = "api_key"\nname = "token"\nvalue = "${TOKEN}"\nplace = "form"\n'
    with Answers(lambda asked: records(1)) as service:
        town = WebTown(tmp_path, table, url=service.url, connection=auth, secrets={"TOKEN": "geheim-1"})
        assert len(town.rows()) == 1
        assert service.asked[0].form == {"method": "Kapazitaet.get", "limit": "-1", "token": "geheim-1"}
    assert "geheim-1" not in repr(town.spec)


def test_a_request_is_repeated_for_every_word_and_the_word_is_a_column(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Any:
        return [{"monat": "2026-01-01", "bedarf": 1, "da": 1}]

    table = (
        'path = "rollen/{rolle}"\nparams = { jahr = "{jahr}", mit = true, feld = ["a", "b"] }\n'
        'for_each = { rolle = ["organisatorisch", "technisch"], jahr = [2026] }\n'
        'columns = { role = "@rolle", month = "monat", needed_pt = "bedarf", available_pt = "da" }\n'
    )
    with Answers(answer) as service:
        rows = WebTown(tmp_path, table, url=service.url).rows()
        assert [row["role"] for row in rows] == ["organisatorisch", "technisch"]
        assert service.paths == ["/rollen/organisatorisch", "/rollen/technisch"]
        assert service.asked[0].query == {"jahr": "2026", "mit": "true", "feld": "b"}


def test_a_word_cannot_leave_its_place_in_the_path(tmp_path: Path) -> None:
    table = f'path = "rollen/{{rolle}}"\nfor_each = {{ rolle = ["../../admin?x="] }}\n{MAPPED}'
    with Answers(lambda asked: records(1)) as service:
        WebTown(tmp_path, table, url=service.url).rows()
        assert service.paths == ["/rollen/..%2F..%2Fadmin%3Fx%3D"]


def test_only_what_changed_since_the_last_night_is_asked_for(tmp_path: Path) -> None:
    cases = [
        {
            "vorgang": "A1",
            "amt": "FD50",
            "kanal": "online",
            "ein": "2026-05-01",
            "geaendert": "2026-06-08T22:30:00Z",
        }
    ]
    table = (
        'path = "vorgaenge"\nparams = { seit = "{since}", bis = "{until}" }\nwrite = "merge"\n'
        'cursor = "changed_at"\nfirst_date = 2026-01-01\nlag_days = 1\n'
        'bounds = { format = "%Y-%m-%dT%H:%M:%SZ", clock = "utc" }\n'
        'constants = { procedure = "wohngeld" }\n'
        'columns = { case_id = "vorgang", org_unit_id = "amt", channel = "kanal", received_on = "ein",'
        ' changed_at = "geaendert" }\nmoments = { changed_at = "iso" }\n'
    )
    with Answers(lambda asked: cases) as service:
        town = WebTown(tmp_path, table, url=service.url)
        town.text = town.text.replace('"capacity"', '"case"')
        first = town.land()
        assert first.failure is None, first.failure
        assert first.deliveries[0].cursor == "2026-06-09T00:30:00"
        town.land({1: "2026-06-09T00:30:00"})
        assert service.asked[0].query == {"seit": "2025-12-31T23:00:00Z", "bis": "2026-06-09T03:15:00Z"}
        assert service.asked[1].query["seit"] == "2026-06-07T22:30:00Z"


def test_places_deep_in_a_record_are_columns(tmp_path: Path) -> None:
    listed = [
        {
            "rolle": {"texte": [{"sprache": "en", "text": "x"}, {"sprache": "de", "text": "technisch"}]},
            "zeitraum": ["2026-01-01", "2026-01-31"],
            "werte": {"bedarf": None, "soll": 3},
            "da": 2,
        }
    ]
    columns = (
        'columns = { role = "rolle.texte[sprache=de].text", month = "zeitraum[0]",'
        ' needed_pt = "werte.ist|werte.soll", available_pt = "da" }\n'
    )
    with Answers(lambda asked: listed) as service:
        row = WebTown(tmp_path, columns, url=service.url).rows()[0]
    assert row == {"role": "technisch", "month": "2026-01-01", "needed_pt": "3", "available_pt": "2"}


def test_lists_inside_records_and_entries_of_an_object_are_records(tmp_path: Path) -> None:
    nested = {"rollen": [{"name": "technisch", "monate": {"2026-01": {"b": 1}, "2026-02": []}}]}
    table = (
        'records = "rollen[].monate{}"\n'
        'columns = { role = "^.name", month = "@key", needed_pt = "b" }\nconstants = { available_pt = 0 }\n'
        'text = { date = "%Y-%m", decimal = "." }\n'
    )
    with Answers(lambda asked: nested) as service:
        town = WebTown(tmp_path, table, url=service.url)
        assert town.landed() == [
            {
                "role": "technisch",
                "month": date(2026, 1, 1),
                "needed_pt": Decimal(1),
                "available_pt": Decimal(0),
            }
        ]


def test_several_values_of_one_place_are_joined(tmp_path: Path) -> None:
    rooms = [{"id": "T1", "tag": "2026-06-01", "name": "Rat", "orte": [{"n": "Saal"}, {}, {"n": "Foyer"}]}]
    columns = 'columns = { appointment_id = "id", on_date = "tag", title = "name", detail = "orte[].n" }\n'
    with Answers(lambda asked: rooms) as service:
        town = WebTown(tmp_path, columns, url=service.url)
        town.text = town.text.replace('"capacity"', '"appointment"')
        assert town.rows()[0]["detail"] == "Saal; Foyer"


def test_the_address_of_the_list_can_stand_in_a_first_document(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Any:
        if asked.path == "/koerper/1":
            return {"name": "Stadt", "listen": {"kapazitaet": "/andere/liste?art=k"}}
        return {"data": records(3), "links": {}}

    table = (
        f'path = "koerper/1"\nenter = "listen.kapazitaet"\nrecords = "data"\n{MAPPED}'
        '[table.paging]\ntype = "next_link"\nnext = "links.next"\n'
    )
    with Answers(answer) as service:
        assert len(WebTown(tmp_path, table, url=service.url).rows()) == 3
        assert service.paths == ["/koerper/1", "/andere/liste"]
        assert service.asked[1].query == {"art": "k"}


def test_a_field_that_may_be_absent_is_declared_and_then_empty(tmp_path: Path) -> None:
    listed = [{"id": "T1", "tag": "2026-06-01", "name": "Rat"}]
    columns = 'columns = { appointment_id = "id", on_date = "tag", title = "name", detail = "ort.name" }\n'
    with Answers(lambda asked: listed) as service:
        town = WebTown(tmp_path, columns, url=service.url)
        town.text = town.text.replace('"capacity"', '"appointment"')
        with pytest.raises(ContractError) as caught:
            town.rows()
        assert caught.value.code == "missing_column" and "ort.name" in str(caught.value)
        town.text += 'optional = ["ort.name"]\n'
        assert town.rows()[0]["detail"] is None


def test_b11_a_renamed_field_is_named_with_what_came_instead(tmp_path: Path) -> None:
    listed = [{**capacity(0), "bedarf_pt": 3}]
    del listed[0]["bedarf"]
    with Answers(lambda asked: listed) as service:
        error = failure_of(tmp_path, MAPPED, url=service.url)
    assert error.code == "missing_column"
    assert "„bedarf“" in error.what and "bedarf_pt" in str(error.next_step)


def test_a_list_without_records_is_a_delivery_without_rows(tmp_path: Path) -> None:
    with Answers(lambda asked: {"zeilen": []}) as service:
        assert WebTown(tmp_path, f'records = "zeilen"\n{MAPPED}', url=service.url).landed() == []


def test_records_that_are_missing_are_told_unless_they_may_be(tmp_path: Path) -> None:
    with Answers(lambda asked: {"zeile": []}) as service:
        error = failure_of(tmp_path, f'records = "zeilen"\n{MAPPED}', url=service.url)
        assert (error.code, error.next_step) == ("missing_records", "Meinten Sie „zeile“?")
        optional = f'records = "zeilen"\nrecords_optional = true\n{MAPPED}'
        assert WebTown(tmp_path, optional, url=service.url).rows() == []


def test_the_state_of_the_data_can_stand_in_the_records(tmp_path: Path) -> None:
    listed = [{**capacity(0), "stand": "2026-06-07"}, {**capacity(1), "stand": "2026-06-08T21:00:00Z"}]
    with Answers(lambda asked: listed) as service:
        reading = WebTown(tmp_path, f'{MAPPED}as_of = "stand"\n', url=service.url).read()
    assert reading.as_of == datetime(2026, 6, 8, 21, tzinfo=UTC)


def test_an_error_told_with_status_200_is_an_error(tmp_path: Path) -> None:
    told = {"result": "error", "message": "token geheim-1"}
    with Answers(lambda asked: told) as service:
        error = failure_of(
            tmp_path, f'{MAPPED}error = {{ at = "result", equals = "error" }}\n', url=service.url
        )
    assert error.code == "service_reports_error" and "geheim-1" not in str(error)


CSV = "rolle;monat;bedarf;da\r\norganisatorisch;01.01.2026;10,5;8\r\ntechnisch;01.02.2026;1.003;2;9\r\n"


def test_csv_is_read_as_files_are(tmp_path: Path) -> None:
    with Service(as_text(CSV, "text/csv")) as service:
        landed = WebTown(tmp_path, f'format = "csv"\nallow_rejected = 0.5\n{MAPPED}', url=service.url).land()
    delivery = landed.deliveries[0]
    assert (delivery.read, delivery.accepted, delivery.rejected) == (2, 1, 1)


def test_a_csv_in_pages_ends_with_the_page_that_has_only_a_header(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        start = int(asked.query["offset"])
        lines = [f"technisch;0{n + 1}.01.2026;{n};1\n" for n in range(5)][start : start + 2]
        return as_text(["leika", "rolle;monat;bedarf;da\n"][1] + "".join(lines), "application/octet-stream")

    table = f'format = "csv"\naccept = "application/octet-stream"\n{MAPPED}[table.paging]\ntype = "offset"\n'
    with Answers(answer) as service:
        rows = WebTown(tmp_path, table, url=service.url).rows()
        assert needed(rows) == ["0", "1", "2", "3", "4"]
        assert len(service.asked) == 4
        assert service.asked[0].headers["accept"] == "application/octet-stream"


def test_one_of_several_names_of_a_csv_column_is_enough(tmp_path: Path) -> None:
    columns = MAPPED.replace('"bedarf"', '"needed|bedarf"')
    with Service(as_text(CSV.splitlines()[0] + "\r\ntechnisch;01.02.2026;3;2\r\n", "text/csv")) as service:
        assert needed(WebTown(tmp_path, f'format = "csv"\n{columns}', url=service.url).rows()) == ["3"]


def test_checking_asks_for_one_page_and_tells_what_nobody_uses(tmp_path: Path) -> None:
    with Answers(lambda asked: [{**record, "neu": 1} for record in records(3)]) as service:
        town = WebTown(tmp_path, f'{MAPPED}[table.paging]\ntype = "offset"\nsize = 3\n', url=service.url)
        findings = town.connector.check()
        assert [(finding.level, finding.what) for finding in findings] == [
            ("warning", "nicht verwendete Angaben: neu")
        ]
        assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('path = "{jahr}"\n', "{jahr} ist unbekannt"),
        ('params = { seit = "{since}" }\n', "braucht cursor"),
        ("body = { a = 1 }\n", 'brauchen method = "POST"'),
        ('method = "POST"\nbody = {}\nform = {}\n', "Entweder body"),
        ('format = "csv"\nrecords = "a"\n', "gibt es nur in JSON"),
        ('records = "a..b["\n', "kein Pfad"),
        ("for_each = { x = [] }\n", "leere Liste"),
        ('[table.paging]\ntype = "next_link"\n', "Entweder next"),
        ('[table.paging]\ntype = "cursor"\n', "paging.next"),
        ('[table.paging]\ntype = "ofset"\n', "paging"),
    ],
)
def test_a_declaration_that_cannot_be_asked_is_refused(tmp_path: Path, table: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _ = WebTown(tmp_path, MAPPED + table, url="https://api.stadt.example").spec
    assert told in str(caught.value)


def test_persons_are_counted_before_anything_is_kept(tmp_path: Path) -> None:
    """A list of documents becomes rows per unit; who made them is a number, and only from ten people on."""
    documents = [
        {"monat": "2026-05-01", "fuer": "technisch", "von": {"name": f"Person {n % 12}"}} for n in range(30)
    ] + [{"monat": "2026-05-01", "fuer": "organisatorisch", "von": {"name": "Person 1"}}]
    table = (
        'write = "merge"\nkey = ["procedure", "month", "channel", "org_unit_id"]\n'
        'columns = { month = "monat", org_unit_id = "fuer", creator = "von.name" }\n'
        'constants = { procedure = "dms", channel = "online" }\n[table.persons]\n'
        'aggregate = { by = ["procedure", "month", "channel", "org_unit_id"], count = "applications" }\n'
        'pseudonymise = ["creator"]\n'
    )
    with Answers(lambda asked: documents) as service:
        town = WebTown(tmp_path, table, url=service.url, secrets={"ISEK_PSEUDONYM_KEY": "s" * 40})
        town.text = town.text.replace('"capacity"', '"application_month"')
        rows = town.landed()
    assert {row["org_unit_id"]: row["applications"] for row in rows} == {
        "technisch": 30,
        "organisatorisch": 1,
    }
    kept = b"".join(path.read_bytes() for path in (tmp_path / "landing").rglob("*") if path.is_file())
    assert b"Person" not in kept


def test_what_a_service_may_send_in_a_header_is_one_plain_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Kopfzeilen"):
        _ = WebTown(
            tmp_path, MAPPED, url="https://x.example", connection='headers = { X-Ort = "Köln" }\n'
        ).spec
