"""Services that are down, silent, slow, untrusted, or lead where they may not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from connectors.http.client import Client
from connectors.http.guard import Guard
from connectors.http.settings import HttpSettings
from tests.certificates import Authority
from tests.postgres import free_port
from tests.web_services import INTERNAL, RawServer, Service, as_json, web_context
from warehouse.errors import ConfigError, ContractError, RetriableError

NAME = "dienst.stadt.example"


def _client(
    url: str,
    city: Path,
    *,
    internal: tuple[str, ...] = INTERNAL,
    resolve: Any = None,
    naps: list[float] | None = None,
    **settings: Any,
) -> Client:
    declared = HttpSettings(url=url, allow_http=True, **settings)
    context = web_context(city, internal_hosts=internal)
    naps = [] if naps is None else naps
    return Client(declared, context, "probe", sleep=naps.append, resolve=resolve)


def _fails(web: Client) -> RetriableError:
    with web, pytest.raises(RetriableError) as caught:
        web.get("x")
    return caught.value


def test_b1_a_refused_connection_is_tried_five_times(tmp_path: Path) -> None:
    naps: list[float] = []
    error = _fails(_client(f"http://127.0.0.1:{free_port()}", tmp_path, naps=naps))
    assert error.code == "unreachable" and "abgelehnt" in str(error)
    assert len(naps) == 4


def test_b1_a_name_that_is_gone_is_unreachable(tmp_path: Path) -> None:
    def gone(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    error = _fails(_client(f"https://{NAME}", tmp_path, resolve=gone))
    assert error.code == "unreachable" and "nicht auflösen" in str(error)


def test_b1_a_connection_cut_in_the_middle_is_tried_again(tmp_path: Path) -> None:
    def cut(accepted: socket.socket) -> None:
        accepted.recv(1000)
        accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[1,")
        accepted.close()

    with RawServer(cut) as server:
        assert _fails(_client(server.url, tmp_path)).code == "connection_cut"
        assert len(server.accepted) == 5


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("ca") / "own")


@pytest.fixture
def city(tmp_path: Path, authority: Authority) -> Iterator[Path]:
    (tmp_path / "ca.pem").write_bytes(authority.ca_file.read_bytes())
    yield tmp_path


def test_a_service_certified_by_the_declared_authority_is_read(city: Path, authority: Authority) -> None:
    with (
        Service(as_json([1]), certificate=authority.certificate()) as service,
        _client(service.url, city, ca_file="ca.pem") as web,
    ):
        assert web.get("x").json() == [1]


@pytest.mark.parametrize(
    ("name", "days", "told"),
    [
        ("IP:127.0.0.1", -1, "expired"),
        ("DNS:anderswo.example", 2, "not valid for"),
    ],
)
def test_b1_an_expired_or_foreign_certificate_is_a_question_to_the_owner_and_not_tried_again(
    city: Path, authority: Authority, name: str, days: int, told: str
) -> None:
    naps: list[float] = []
    with (
        Service(as_json([1]), certificate=authority.certificate(name, days)) as service,
        _client(service.url, city, ca_file="ca.pem", naps=naps) as web,
        pytest.raises(ContractError) as caught,
    ):
        web.get("x")
    assert caught.value.code == "certificate_refused"
    assert told in str(caught.value.found)
    assert service.asked == [] and naps == []


def test_b1_a_certificate_of_an_unknown_authority_is_refused(city: Path, authority: Authority) -> None:
    with (
        Service(as_json([1]), certificate=authority.certificate()) as service,
        _client(service.url, city) as web,
        pytest.raises(ContractError) as caught,
    ):
        web.get("x")
    assert caught.value.code == "certificate_refused"
    assert "ca_file" in str(caught.value.next_step)


def test_b2_a_service_that_accepts_and_never_answers_is_cut(tmp_path: Path) -> None:
    with RawServer(lambda accepted: None) as server:
        error = _fails(_client(server.url, tmp_path, read_timeout_s=0.05))
        assert error.code == "timed_out"
        assert len(server.accepted) == 5


def test_b2_a_name_server_that_never_answers_is_cut(tmp_path: Path) -> None:
    release = threading.Event()

    def silent(host: str, port: int) -> Sequence[str]:
        release.wait(30)
        return []

    error = _fails(_client(f"https://{NAME}", tmp_path, resolve=silent, connect_timeout_s=0.05))
    release.set()
    assert error.code == "unreachable"


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n", b""]
)
def test_b3_one_byte_at_a_time_is_ended_by_the_total_deadline(tmp_path: Path, head: bytes) -> None:
    """Bytes of the body, and of the head itself: each comes well within the read time-out."""
    sent: list[int] = []

    def drip(accepted: socket.socket) -> None:
        accepted.sendall(head)
        for number in range(10_000):
            time.sleep(0.02)
            accepted.sendall(b"H" if head else b"HTTP/1.1 200 OK\r\nX: "[number : number + 1] or b"x")
            sent.append(number)

    with RawServer(drip) as server:
        error = _fails(_client(server.url, tmp_path, read_timeout_s=20, total_timeout_s=0.4))
        assert error.code == "timed_out"
        assert len(server.accepted) == 1
    assert len(sent) > 3


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.5",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "169.254.169.254",
        "2130706433",
        "0x7f.1",
        "127。0。0。1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "224.0.0.1",
    ],
)
def test_b15_an_address_inside_is_refused_in_every_spelling(tmp_path: Path, host: str) -> None:
    naps: list[float] = []
    with (
        Service(as_json([1])) as service,
        pytest.raises(ConfigError) as caught,
        _client(f"https://{host}:{service.port}", tmp_path, internal=(), naps=naps) as web,
    ):
        web.get("x")
    assert caught.value.code == "address_refused"
    assert "internal_hosts" in str(caught.value.next_step)
    assert service.asked == [] and naps == []


def test_b15_an_octal_address_is_no_address_at_all() -> None:
    with pytest.raises(ValueError, match="Keine Adresse"):
        HttpSettings(url="https://0177.0.0.1")


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "100.100.100.200"])
def test_b15_where_clouds_hand_out_credentials_no_declaration_helps(tmp_path: Path, host: str) -> None:
    everything = ("0.0.0.0/0", "::/0", host)
    with (
        _client(f"https://{host}", tmp_path, internal=everything) as web,
        pytest.raises(ConfigError) as caught,
    ):
        web.get("x")
    assert caught.value.code == "address_refused"


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["::1"],
        ["93.184.215.14", "10.0.0.1"],
        ["fe80::1%eth0"],
        ["::ffff:10.0.0.1"],
        ["fec0::1"],
    ],
)
def test_b15_a_public_name_with_an_address_inside_is_refused(tmp_path: Path, answer: list[str]) -> None:
    url = f"https://{NAME}"
    with (
        _client(url, tmp_path, internal=(), resolve=lambda host, port: answer) as web,
        pytest.raises(ConfigError) as caught,
    ):
        web.get("x")
    assert caught.value.code == "address_refused"


def test_b15_the_connection_goes_to_the_address_that_was_checked(tmp_path: Path) -> None:
    """The name leads nowhere for anybody else, and is looked up once: nothing is left to rebind."""
    lookups: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["10.0.0.1"]

    with Service(as_json([1])) as service:
        url = f"http://{NAME}:{service.port}"
        with _client(url, tmp_path, internal=(NAME, "127.0.0.1"), resolve=resolve) as web:
            assert web.get("x").json() == [1]
        assert service.asked[0].headers["host"] == f"{NAME}:{service.port}"
    assert lookups == [NAME]


def test_b15_a_name_that_rebinds_is_checked_again_for_the_next_connection(tmp_path: Path) -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    with Service(as_json([1], Connection="close")) as service:
        url = f"http://{NAME}:{service.port}"
        with _client(url, tmp_path, internal=(NAME,), resolve=lambda host, port: next(answers)) as web:
            assert web.get("x").json() == [1]
            with pytest.raises(ConfigError) as caught:
                web.get("x")
        assert len(service.asked) == 1
    assert caught.value.code == "address_refused"


def test_b15_a_network_or_a_name_can_be_declared() -> None:
    for internal, host, found in (
        (("10.20.0.0/16",), "dms.stadt.local", "10.20.3.4"),
        (("dms.stadt.local",), "DMS.stadt.local.", "10.20.3.4"),
        ((), "api.example", "93.184.215.14"),
    ):
        guard = Guard(internal, "probe", lambda host, port, found=found: [found])  # type: ignore[misc]
        assert guard.addresses(host, 443, 1) == [found]
    with pytest.raises(ConfigError):
        Guard(("10.20.0.0/16",), "probe", lambda host, port: ["10.21.0.1"]).addresses("x.local", 443, 1)
