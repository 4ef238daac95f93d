"""Edges at which a list could lose or double rows, or a declaration mean something else than it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.rest_api import spool as spooling
from connectors.rest_api.spec import RestConnection
from connectors.rest_api.spool import Spool
from tests.web_services import AS_OF, Answers, Asked, Reply, as_json, as_text
from tests.web_town import MAPPED, WebTown, capacity
from warehouse.errors import ConfigError, ContractError, IsekError

CURSOR = 'cursor = "month"\nfirst_date = 2020-01-01\nwrite = "merge"\n'
PAGES = '[table.paging]\ntype = "page"\nsize = 2\n'
OFFSET = '[table.paging]\ntype = "offset"\nsize = 2\n'


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["needed_pt"] for row in rows]


def told(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def failure_of(town: WebTown) -> IsekError:
    with pytest.raises(IsekError) as caught:
        town.rows()
    return caught.value


GROUPS = [{"gruppe": at, "zeilen": [capacity(3 * at + n) for n in range(3)]} for at in range(5)]


@pytest.mark.parametrize("more", ["", 'total = "gruppen"\n', 'total = "zeilen"\n'])
def test_b9_pages_of_objects_with_lists_in_them_are_counted_by_the_objects(tmp_path: Path, more: str) -> None:
    def page(asked: Asked) -> Any:
        at = int(asked.query["offset"])
        return {"daten": GROUPS[at : at + 2], "gruppen": 5, "zeilen": 15}

    with Answers(page) as service:
        town = WebTown(tmp_path, f'records = "daten[].zeilen"\n{MAPPED}{OFFSET}{more}', url=service.url)
        assert numbers(town.rows()) == told(15)


def test_b9_a_page_whose_objects_hold_no_records_is_not_the_last(tmp_path: Path) -> None:
    groups = [{"zeilen": [capacity(0)]}, {"zeilen": []}, {"zeilen": [capacity(1)]}]

    def page(asked: Asked) -> Any:
        return {"daten": groups[int(asked.query["page"]) :][:1]}

    with Answers(page) as service:
        town = WebTown(tmp_path, f'records = "daten[].zeilen"\n{MAPPED}{PAGES}', url=service.url)
        assert numbers(town.rows()) == told(2)


def test_b9_a_number_of_pages_that_shrinks_begins_the_reading_anew(tmp_path: Path) -> None:
    """A record of the first page goes while the second is awaited; what followed it moves up unseen."""
    rows = [capacity(number) for number in range(5)]

    def page(asked: Asked) -> Any:
        at = int(asked.query["page"])
        if at == 1 and len(rows) == 5:
            del rows[0]
        return {"daten": rows[2 * at : 2 * at + 2], "seiten": -(-len(rows) // 2)}

    with Answers(page) as service:
        table = f'records = "daten"\n{MAPPED}{PAGES}pages = "seiten"\n'
        assert numbers(WebTown(tmp_path, table, url=service.url).rows()) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("count", [0, 2, 4])
@pytest.mark.parametrize("paging", [PAGES, OFFSET, '[table.paging]\ntype = "short_page"\nsize = 2\n'])
def test_b8_lists_that_end_with_a_full_page_end(tmp_path: Path, paging: str, count: int) -> None:
    rows = [capacity(number) for number in range(count)]

    def page(asked: Asked) -> Any:
        at = int(asked.query.get("offset") or 2 * int(asked.query.get("page", 0)))
        return rows[at : at + 2]

    with Answers(page) as service:
        assert numbers(WebTown(tmp_path, MAPPED + paging, url=service.url).rows()) == told(count)


def test_b9_a_record_of_the_future_does_not_hide_what_comes_before_it(tmp_path: Path) -> None:
    """A service that ignores {until} gives what is planned ahead; the next night asks from today on."""
    listed = [{**capacity(1), "monat": "2099-01-01"}, capacity(2)]
    table = f'params = {{ von = "{{since}}" }}\n{CURSOR}{MAPPED}'
    with Answers(lambda asked: listed) as service:
        town = WebTown(tmp_path, table, url=service.url)
        reached = town.land().deliveries[0].cursor
        assert reached == AS_OF.date().isoformat()
        town.land({1: reached})
        assert service.asked[-1].query["von"] == f"{reached}T00:00:00"


def test_a_token_of_the_next_page_goes_back_as_it_came(tmp_path: Path) -> None:
    tokens: list[Any] = []
    following = {"": "0070", "0070": 71, "71": None}

    def page(asked: Asked) -> Any:
        tokens.append(asked.json.get("weiter"))
        return {"daten": [capacity(len(tokens))], "weiter": following[str(tokens[-1] or "")]}

    paging = '[table.paging]\ntype = "cursor"\nparam = "weiter"\nnext = "weiter"\nplace = "body"\n'
    with Answers(page) as service:
        table = f'method = "POST"\nrecords = "daten"\n{MAPPED}{paging}'
        assert len(WebTown(tmp_path, table, url=service.url).rows()) == 3
    assert tokens == [None, "0070", 71]


def test_b11_a_csv_page_that_lost_a_column_is_not_read_as_empty(tmp_path: Path) -> None:
    heads = ["rolle;monat;bedarf;da;notiz", "rolle;monat;bedarf;verfuegbar;notiz"]

    def page(asked: Asked) -> Reply:
        at = int(asked.query["page"])
        return as_text(f"{heads[at % 2]}\ntechnisch;01.0{at + 1}.2026;1;5;x\n", "text/csv")

    with Answers(page) as service:
        error = failure_of(WebTown(tmp_path, f'format = "csv"\n{MAPPED}{PAGES}', url=service.url))
    assert error.code == "missing_column" and "verfuegbar" in str(error)


def test_lines_of_several_csv_pages_are_told_apart(tmp_path: Path) -> None:
    def page(asked: Asked) -> Reply:
        at = int(asked.query["page"])
        rows = [f"technisch;01.0{at + 1}.2026;1;5", f"organisatorisch;01.0{at + 1}.2026;1;5"]
        return as_text("\n".join(["rolle;monat;bedarf;da", *(rows if at < 2 else []), ""]), "text/csv")

    with Answers(page) as service:
        town = WebTown(tmp_path, f'format = "csv"\n{MAPPED}{PAGES}', url=service.url)
        lines = [row["_line"] for batch in town.read().batches for row in batch.to_pylist()]
    assert lines[:2] == [2, 3]
    assert lines == sorted(set(lines)) and len(lines) == 4


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("iso", '"9999-12-31T23:59:59Z"'),
        ("iso", '"0001-01-01T00:00:00+02:00"'),
        ("unix_s", "253402300799"),
        ("unix_ms", "99999999999999999999"),
        ("unix_s", '"²"'),
    ],
)
def test_c4_a_moment_at_the_end_of_time_costs_at_most_its_row(
    tmp_path: Path, written: str, value: str
) -> None:
    rows = json.dumps([capacity(1)])[1:-1].replace('"2020-01-01"', value)
    with Answers(lambda asked: as_text(f"[{rows}]", "application/json")) as service:
        table = f'allow_rejected_rows = 1\nmoments = {{ month = "{written}" }}\n{MAPPED}'
        landed = WebTown(tmp_path, table, url=service.url).land()
    assert landed.failure is None
    assert landed.deliveries[0].read == 1


def test_milliseconds_are_exact(tmp_path: Path) -> None:
    listed = [{"id": "1", "tag": 1780264799999, "name": "x"}, {"id": "2", "tag": 1780264800000, "name": "x"}]
    table = 'columns = { appointment_id = "id", on_date = "tag", title = "name" }\n'
    with Answers(lambda asked: listed) as service:
        town = WebTown(tmp_path, f'moments = {{ on_date = "unix_ms" }}\n{table}', url=service.url)
        town.text = town.text.replace('"capacity"', '"appointment"')
        assert [row["on_date"] for row in town.rows()] == ["2026-05-31", "2026-06-01"]


@pytest.mark.parametrize(
    ("declared", "answer"),
    [
        ('at = "success", equals = "false"', {"success": False}),
        ('at = "success", equals = false', {"success": False}),
        ('at = "code", equals = 0', {"code": 0}),
        ('at = "failed", equals = "true"', {"failed": True}),
        ('at = "errors"', {"errors": [{"text": "streng"}]}),
        ('at = "error"', {"error": "streng"}),
    ],
)
def test_an_error_is_recognised_however_it_is_told(
    tmp_path: Path, declared: str, answer: dict[str, Any]
) -> None:
    table = f'records = "daten"\nerror = {{ {declared} }}\n{MAPPED}'
    with Answers(lambda asked: {**answer, "daten": []}) as service:
        error = failure_of(WebTown(tmp_path, table, url=service.url))
    assert error.code == "service_reports_error" and "streng" not in str(error)


@pytest.mark.parametrize("errors", [[], None, "", {}, False, 0])
def test_an_empty_list_of_errors_is_no_error(tmp_path: Path, errors: Any) -> None:
    table = f'records = "daten"\nerror = {{ at = "errors" }}\n{MAPPED}'
    with Answers(lambda asked: {"errors": errors, "daten": [capacity(0)]}) as service:
        assert len(WebTown(tmp_path, table, url=service.url).rows()) == 1


def test_truth_is_compared_as_json_writes_it_whatever_the_texts_of_a_service_say(tmp_path: Path) -> None:
    listed = [{**capacity(number), "weg": number == 1} for number in range(3)]
    table = f'skip_rows_where = {{ weg = ["true"] }}\ntext = {{ date = "%Y-%m-%d", decimal = "." }}\n{MAPPED}'
    with Answers(lambda asked: listed) as service:
        assert numbers(WebTown(tmp_path, table, url=service.url).rows()) == ["0", "2"]


def test_a_number_with_a_point_is_asked_for_as_it_is_declared(tmp_path: Path) -> None:
    with Answers(lambda asked: [capacity(0)]) as service:
        WebTown(tmp_path, f"params = {{ version = 1.0, anteil = 0.5 }}\n{MAPPED}", url=service.url).rows()
        assert service.asked[0].query == {"version": "1.0", "anteil": "0.5"}


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        ('for_each = { ars = ["1", "2"] }\n', "{ars}"),
        ('for_each = { ars = ["1", "1"] }\nparams = { a = "{ars}" }\n', "zweimal"),
        ('for_each = { since = ["1"] }\nparams = { a = "{since}" }\n' + CURSOR, "Zeitraum"),
        ('method = "POST"\nbody = { von = { tag = "{sinse}" } }\n' + CURSOR, "sinse"),
        ('method = "POST"\nbody = { von = ["{since}"] }\n', "cursor"),
        (CURSOR + 'params = { a = "{since}" }\nbounds = { format = "yyyy-MM-dd" }\n', "yyyy-MM-dd"),
        (CURSOR + 'params = { a = "{since}" }\nbounds = { format = "%d.%m." }\n', "%d.%m."),
        ('path = "liste#1"\n', "#"),
        ('encoding = "cp1252"\n', "csv"),
        ('format = "csv"\nencoding = "cp12525"\n', "cp12525"),
        ('records = "a|b"\n', "genau einen Ort"),
        ('error = { at = "a.{}" }\n', "a.{}"),
        ('enter = "{}"\n', "{}"),
        ('optional = ["x.{}"]\n', "{}"),
        ('[table.paging]\ntype = "page"\ntotal = "a.{}"\n', "a.{}"),
        ('[table.paging]\ntype = "page"\npage_param = "size"\n', "size"),
        (
            'method = "POST"\nbody = { seite = "1" }\n'
            '[table.paging]\ntype = "page"\npage_param = "seite.nr"\nplace = "body"\n',
            "seite.nr",
        ),
    ],
)  # fmt: skip
def test_a_declaration_that_would_be_misunderstood_is_refused(tmp_path: Path, table: str, hint: str) -> None:
    before, paging = table.partition("[table.paging]")[::2]
    with pytest.raises(ConfigError) as caught:
        _ = WebTown(
            tmp_path, before + MAPPED + ("[table.paging]" + paging if paging else ""), url="https://a.example"
        ).spec
    assert hint in str(caught.value) and "probe.toml:" in str(caught.value)


def test_a_column_from_all_entries_of_an_object_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="records"):
        _ = WebTown(tmp_path, MAPPED.replace('"da"', '"a.{}"'), url="https://a.example").spec


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Host", "content-length", "Accept-Encoding"])
def test_keys_and_what_belongs_to_the_protocol_are_no_headers_of_a_town(name: str) -> None:
    with pytest.raises(ValueError, match=name) as caught:
        RestConnection(url="https://a.example", headers={name: "geheim"})
    assert "geheim" not in str(caught.value)


def test_a_header_of_a_town_goes_once_however_it_is_written(tmp_path: Path) -> None:
    with Answers(lambda asked: [capacity(0)]) as service:
        WebTown(
            tmp_path, MAPPED, url=service.url, connection='headers = { user-agent = "musterstadt" }'
        ).rows()
        assert service.asked[0].headers["user-agent"] == "musterstadt"


LINKED = f'records = "daten"\n{MAPPED}[table.paging]\ntype = "next_link"\n'


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (LINKED + 'next = "links.nxt"\n', "one_page"),
        (LINKED + "header = true\n", "one_page"),
        (LINKED + 'next = "verweise.next"\n', "missing_paging"),
        (f'records = "daten"\n{MAPPED}{PAGES}has_more = "mehr"\n', "missing_paging"),
        (f'records = "daten"\n{MAPPED}{PAGES}pages = "seiten"\n', "missing_paging"),
        (f'records = "daten"\nas_of = "stand"\n{MAPPED}', "as_of_unreadable"),
    ],
)
def test_checking_finds_what_the_night_would_stumble_over(tmp_path: Path, table: str, code: str) -> None:
    answer = {"daten": [capacity(0)], "links": {"next": None, "self": "x"}}
    with Answers(lambda asked: answer) as service:
        findings = WebTown(tmp_path, table, url=service.url).connector.check()
    assert [finding.code for finding in findings] == [code]


def test_checking_a_last_page_that_says_so_finds_nothing(tmp_path: Path) -> None:
    answer = {"daten": [capacity(0)], "links": {"next": None}}
    with Answers(lambda asked: answer) as service:
        assert WebTown(tmp_path, LINKED + 'next = "links.next"\n', url=service.url).connector.check() == []


def test_names_that_are_data_do_not_fill_a_message(tmp_path: Path) -> None:
    document = {f"Person {number} " + "x" * 500: 1 for number in range(5000)}
    with Answers(lambda asked: document) as service:
        missing = failure_of(WebTown(tmp_path, f'records = "daten"\n{MAPPED}', url=service.url))
        renamed = failure_of(WebTown(tmp_path, MAPPED, url=service.url))
    assert isinstance(missing, ContractError) and missing.code == "missing_records"
    assert renamed.code == "missing_column"
    assert len(str(missing)) < 2000 and len(str(renamed)) < 2000


def test_c17_long_texts_do_not_wait_for_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    kept = Spool(["text"])
    write = kept._write
    monkeypatch.setattr(kept, "_write", lambda: (written.append(kept.count), write()))
    for line in range(40):
        kept.add(line, ["x" * (spooling.BYTES_TOGETHER // 10)])
    assert written == [10, 20, 30, 40]
    assert len(list(kept.rows())) == 40


def test_b4_an_answer_that_asks_to_wait_without_words_is_a_fault_of_the_service(tmp_path: Path) -> None:
    with Answers(lambda asked: as_json({}, 429, Retry_After="\xb2")) as service:
        landed = WebTown(tmp_path, MAPPED, url=service.url).land()
    assert landed.failure is not None and landed.failure.code == "too_many_requests"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("x" * 70_000, "not_the_declared_format"),
        ("\ud800", "missing_paging"),
        ("a\r\nX-Other: 1", "missing_paging"),
    ],
)
def test_b8_a_token_that_fits_into_no_request_ends_the_reading(tmp_path: Path, token: str, code: str) -> None:
    table = f'records = "daten"\n{MAPPED}[table.paging]\ntype = "cursor"\nnext = "weiter"\n'
    with Answers(lambda asked: {"daten": [capacity(0)], "weiter": token}) as service:
        assert failure_of(WebTown(tmp_path, table, url=service.url)).code == code
        assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("javascript:alert(1)", "foreign_host"),
        ("http://fremd.example/x", "foreign_host"),
        ("//fremd.example/x", "foreign_host"),
        ("/\ud800", "not_the_declared_format"),
        ("http://[::1", "not_the_declared_format"),
        ("/?a=" + "x" * 70_000, "not_the_declared_format"),
    ],
)
def test_b15_a_link_that_leads_nowhere_or_elsewhere_is_not_followed(
    tmp_path: Path, link: str, code: str
) -> None:
    with Answers(lambda asked: {"daten": [capacity(0)], "next": link}) as service:
        error = failure_of(WebTown(tmp_path, LINKED + 'next = "next"\n', url=service.url))
        assert len(service.asked) == 1
    assert error.code == code and isinstance(error, ContractError)
