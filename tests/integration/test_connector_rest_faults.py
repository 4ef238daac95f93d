"""Services that answer something else, turn in circles, or change while they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.land import Landed
from tests.web_services import Answering, Answers, Asked, Reply, Service, as_json, as_text
from tests.web_town import MAPPED, WebTown, accepted, capacity
from warehouse.errors import ContractError, IsekError, RetriableError

OFFSET = f'{MAPPED}[table.paging]\ntype = "offset"\nsize = 4\n'
UNCOUNTED = f'records = "zeilen"\n{OFFSET}'
TOTAL = f'{UNCOUNTED}total = "zahl"\n'


def _failure(city: Path, table: str, service: Service) -> IsekError:
    with pytest.raises(IsekError) as caught:
        WebTown(city, table, url=service.url).rows()
    return caught.value


def _records(*numbers: int) -> list[dict[str, Any]]:
    return [capacity(number) for number in numbers]


def _page(stock: list[dict[str, Any]], asked: Asked) -> list[dict[str, Any]]:
    start = int(asked.query["offset"])
    return stock[start : start + 4]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (as_text('[{"rolle": "technisch", "monat"', "application/json"), "endet in Zeile 1"),
        (as_text("<html><h1>Wartung</h1></html>", "application/json"), "Webseite"),
        (as_text("[]", "text/html"), "text/html"),
        (as_text('["technisch"]', "application/json"), "ein Text"),
        (as_text('[{"rolle": 1, "rolle": 2}]', "application/json"), "doppelt"),
    ],
)
def test_b7_no_row_comes_out_of_an_answer_that_is_not_what_was_agreed(
    tmp_path: Path, reply: Reply, told: str
) -> None:
    with Service(reply) as service:
        landed = WebTown(tmp_path, MAPPED, url=service.url).land()
        assert len(service.asked) == 1
    assert landed.failure is not None and landed.deliveries == ()
    assert landed.failure.code == "not_the_declared_format"
    assert told in landed.failure.reason


def test_b7_a_page_cut_off_in_the_middle_costs_the_pages_before_it_too(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Any:
        return (
            as_text('[{"rolle"', "application/json") if asked.query["offset"] == "4" else _records(0, 1, 2, 3)
        )

    with Answers(answer) as service:
        landed = WebTown(tmp_path, OFFSET, url=service.url).land()
    assert landed.failure is not None and landed.failure.code == "not_the_declared_format"
    assert landed.deliveries == ()


@pytest.mark.parametrize(
    ("paging", "answer"),
    [
        ('type = "offset"\n', lambda a: _records(0, 1)),
        ('type = "cursor"\nnext = "weiter"\n', lambda a: {"z": _records(len(a.query)), "weiter": "X"}),
        ('type = "next_link"\nnext = "weiter"\n', lambda a: {"z": _records(len(a.query)), "weiter": "/?s=1"}),
        (
            'type = "page"\nhas_more = "mehr"\n',
            lambda a: {"z": _records(0), "mehr": True},
        ),
    ],
)
def test_b8_pages_that_repeat_are_an_end_with_a_reason(
    tmp_path: Path, paging: str, answer: Answering
) -> None:
    at = "" if "offset" in paging else 'records = "z"\n'
    with Answers(answer) as service:
        error = _failure(tmp_path, f"{at}{MAPPED}[table.paging]\n{paging}", service)
        assert len(service.asked) <= 3
    assert isinstance(error, ContractError) and error.code == "paging_repeats"


def test_b8_pages_without_end_stop_at_the_limit(tmp_path: Path) -> None:
    endless = Answers(lambda a: _records(int(a.query["page"])))
    with endless as service:
        table = f'{MAPPED}[table.paging]\ntype = "page"\nmax_pages = 5\n'
        error = _failure(tmp_path, table, service)
        assert len(service.asked) == 5
    assert isinstance(error, ContractError) and error.code == "too_many_pages"


def test_b8_a_marker_of_the_next_page_that_is_gone_is_no_end(tmp_path: Path) -> None:
    for paging in ('type = "next_link"\nnext = "links.next"', 'type = "page"\nlast = "last"'):
        with Answers(lambda a: {"z": _records(1), "_links": {}}) as service:
            error = _failure(tmp_path, f'records = "z"\n{MAPPED}[table.paging]\n{paging}\n', service)
        assert isinstance(error, ContractError) and error.code == "missing_paging"


class Moving(Answers):
    """A list of ten that changes after the first page was given; `settles` says after how many readings."""

    def __init__(self, change: Any, settles: int = 1) -> None:
        super().__init__(self._give)
        self.stock = _records(*range(10))
        self._change, self._left = change, settles

    def _give(self, asked: Asked) -> Any:
        given = {"zeilen": _page(self.stock, asked), "zahl": len(self.stock)}
        if asked.query["offset"] == "0" and self._left:
            self._left -= 1
            self._change(self.stock)
        return given


def _insert(stock: list[dict[str, Any]]) -> None:
    stock.insert(0, capacity(40 + len(stock)))


def _remove(stock: list[dict[str, Any]]) -> None:
    del stock[1]


def _swap(stock: list[dict[str, Any]]) -> None:
    del stock[8]
    stock.insert(0, capacity(40))


def _numbers(landed: Landed) -> set[int]:
    assert landed.failure is None, landed.failure
    delivery = landed.deliveries[0]
    assert delivery.rejected == 0
    return {int(row["needed_pt"]) for row in accepted(delivery)}


@pytest.mark.parametrize(
    ("change", "table"),
    [(_insert, TOTAL), (_remove, TOTAL), (_swap, TOTAL), (_insert, UNCOUNTED), (_swap, UNCOUNTED)],
)
def test_b9_a_row_that_moves_while_pages_are_read_is_neither_lost_nor_doubled(
    tmp_path: Path, change: Any, table: str
) -> None:
    """Without a total a removed row leaves no trace: that is what `total` is for."""
    with Moving(change) as service:
        numbers = _numbers(WebTown(tmp_path, table, url=service.url).land())
        assert numbers == {record["bedarf"] for record in service.stock}


def test_b9_a_list_that_never_rests_fails_loudly_and_may_be_read_later(tmp_path: Path) -> None:
    with Moving(_insert, settles=99) as service:
        error = _failure(tmp_path, TOTAL, service)
    assert isinstance(error, RetriableError) and error.code == "changed_while_paging"


def test_b9_a_record_the_service_has_twice_is_read_twice_and_counted_as_known(tmp_path: Path) -> None:
    stock = _records(0, 1, 2, 3, 0, 4)
    with Answers(lambda a: {"zeilen": _page(stock, a), "zahl": 6}) as service:
        delivery = WebTown(tmp_path, TOTAL, url=service.url).land().deliveries[0]
    assert (delivery.read, delivery.accepted, delivery.duplicates) == (6, 5, 1)


def test_b9_fewer_records_than_the_service_counts_are_refused(tmp_path: Path) -> None:
    stock = _records(*range(6))
    with Answers(lambda a: {"zeilen": _page(stock, a), "zahl": 10_000}) as service:
        error = _failure(tmp_path, TOTAL, service)
    assert isinstance(error, ContractError) and error.code == "incomplete"
    assert error.found == "6 gelesen, 10000 genannt"


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_c19_json_nested_without_end_is_refused(tmp_path: Path, opening: str) -> None:
    with Service(Reply(body=opening.encode() * 100_000)) as service:
        error = _failure(tmp_path, MAPPED, service)
    assert error.code == "not_the_declared_format" and "geschachtelt" in str(error)


def test_c19_a_number_of_endless_digits_is_refused_or_kept_as_it_is(tmp_path: Path) -> None:
    for digits in (b"9" * 100_000, b"1E999999999"):
        body = b'[{"rolle":"technisch","monat":"2026-01-01","bedarf":' + digits + b',"da":1}]'
        with Service(Reply(body=body)) as service:
            landed = WebTown(tmp_path, MAPPED, url=service.url).land()
        assert landed.failure is not None
        assert landed.failure.code in ("not_the_declared_format", "too_many_rejected")


def test_half_a_character_costs_its_row_and_not_the_source(tmp_path: Path) -> None:
    names = enumerate((r"\ud800", "Rat"))
    listed = ",".join(f'{{"id":"T{n}","tag":"2026-06-01","name":"{name}"}}' for n, name in names)
    columns = 'allow_rejected = 0.5\ncolumns = { appointment_id = "id", on_date = "tag", title = "name" }\n'
    with Service(Reply(body=f"[{listed}]".encode())) as service:
        town = WebTown(tmp_path, columns, url=service.url)
        town.text = town.text.replace('"capacity"', '"appointment"')
        delivery = town.land().deliveries[0]
    assert (delivery.accepted, delivery.rejected) == (1, 1)


def test_b5_the_owner_is_told_of_a_refused_key_and_nothing_of_the_key(tmp_path: Path) -> None:
    auth = '[connection.auth]\ntype = "api_key"\nname = "key"\nvalue = "${KEY}"\nplace = "query"\n'
    with Service(as_json({}, 403)) as service:
        town = WebTown(tmp_path, MAPPED, url=service.url, connection=auth, secrets={"KEY": "geheim-1"})
        landed = town.land()
        assert len(service.asked) == 1
    assert landed.failure is not None and landed.failure.code == "access_denied"
    assert "geheim-1" not in repr(landed) and "erneuern" in landed.failure.reason


def test_b15_a_link_to_another_host_ends_the_reading(tmp_path: Path) -> None:
    table = f'records = "z"\n{MAPPED}[table.paging]\ntype = "next_link"\nnext = "weiter"\n'
    for link in (
        "https://evil.example/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "//evil.example/",
    ):
        with Answers(lambda a, link=link: {"z": _records(1), "weiter": link}) as service:  # type: ignore[misc]
            error = _failure(tmp_path, table, service)
            assert len(service.asked) == 1
        assert error.code in ("foreign_host", "plain_http"), (link, error)
    with Answers(lambda a: {"z": _records(1), "weiter": "http://[::1"}) as service:
        assert _failure(tmp_path, table, service).code == "not_the_declared_format"
