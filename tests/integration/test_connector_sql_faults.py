"""Databases that are down, silent, slow, locked or closed to us: sorted, in time, and nobody is held up."""

from __future__ import annotations

import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest
from sqlalchemy.engine import make_url

from connectors.base import Context
from connectors.land import Landed, land_source
from connectors.registry import connect, load_source
from dashboard.jobs.extract import Order, extract
from tests.postgres import missing
from tests.tcp_stub import Stub, dead_line_after, hang_up, silent
from warehouse.subjects import load_subjects

AS_OF = datetime(2026, 6, 9, 3, 15, tzinfo=UTC)
PASSWORD = "streng-geheim-4711"
ROWS = 200_000
QUERY = """SELECT nr AS role_nr, 'organisatorisch' AS role, tag AS month, menge AS needed_pt,
menge AS available_pt, repeat('x', 500) AS breit FROM vorgang"""
FILL = {
    "postgresql": (
        "INSERT INTO vorgang SELECT n, date '1990-01-01' + n % 9000, 1.5"
        f" FROM generate_series(1, {ROWS}) AS n"
    ),
    "mariadb": (
        "INSERT INTO vorgang SELECT seq, date '1990-01-01' + INTERVAL seq % 9000 DAY, 1.5"
        f" FROM seq_1_to_{ROWS}"
    ),
}


@dataclass
class Server:
    """A running server with the table `vorgang`, and further connections to it."""

    family: str
    url: str
    opened: list[Any] = field(default_factory=list)

    def at(self, port: int) -> str:
        """The same address at another port."""
        return make_url(self.url).set(port=port).render_as_string(hide_password=False)

    @property
    def port(self) -> int:
        return int(make_url(self.url).port or 0)

    def connect(self) -> Any:
        """A connection of somebody else; what it does is not committed by itself."""
        url = make_url(self.url)
        connection = (
            psycopg.connect(self.url)
            if self.family == "postgresql"
            else pymysql.connect(host=url.host, port=url.port, user=url.username, database=url.database)
        )
        self.opened.append(connection)
        return connection

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements, commit, and give the rows of the last."""
        connection = self.connect()
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        rows = list(cursor.fetchall()) if cursor.description else []
        connection.commit()
        connection.close()
        return rows


@pytest.fixture(params=["postgres", "mariadb"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    url = request.getfixturevalue(f"{request.param}_url").replace("+psycopg", "")
    made = Server(make_url(url).drivername, url)
    yield made
    for connection in made.opened:
        with suppress(pymysql.Error):
            connection.close()


@dataclass(frozen=True)
class Night:
    """A city with one source, and one run of it in this process."""

    city: Path
    tries: int = 5

    def source(self, url: str, *, query: str = QUERY, limits: str = "") -> Any:
        path = self.city / "sources/probe.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            'title = "Probe"\nowner = "FD 11"\nkind = "sql"\nnature = "beispiel"\n[connection]\n'
            f'url = "${{URL}}"\nconnect_timeout_s = 2\n{limits}[[table]]\nfeeds = "capacity"\n'
            f'key = ["month", "role"]\nquery = """{query}"""\n',
            encoding="utf-8",
        )
        return load_source(path, load_subjects(None), {"URL": url})

    @property
    def context(self) -> Context:
        return Context(self.city, AS_OF, tries=self.tries)

    def land(self, url: str, **more: str) -> Landed:
        spec = self.source(url, **more)
        return land_source(spec, self.context, load_subjects(None), {}, self.city / "landing", "r1")

    def code(self, url: str, **more: str) -> str:
        landed = self.land(url, **more)
        assert landed.failure is not None
        assert landed.deliveries == ()
        assert PASSWORD not in repr(landed)
        return landed.failure.code

    def batches(self, url: str, **more: str) -> Iterator[Any]:
        spec = self.source(url, **more)
        connector = connect(spec, self.context, load_subjects(None))
        return iter(connector.read(spec.tables[0], None, datetime(2026, 6, 9)).batches)


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def _table(server: Server, *more: str) -> None:
    # The engine is named: a reader beside writers needs one that keeps versions.
    end = " ENGINE = InnoDB" if server.family == "mariadb" else ""
    server.run(f"CREATE TABLE vorgang (nr INT PRIMARY KEY, tag DATE, menge DECIMAL(12,2)){end}", *more)


FAMILIES = ["postgresql://leser:{}@127.0.0.1:{}/fach", "mysql://leser:{}@127.0.0.1:{}/fach"]


@pytest.mark.parametrize("url", FAMILIES)
def test_b1_a_lost_connection_is_tried_again_three_times_and_said_to_be_unreachable(
    night: Night, url: str
) -> None:
    with Stub(hang_up) as stub:
        assert night.code(url.format(PASSWORD, stub.port)) == "unreachable"
        assert stub.calls == 3


def test_b1_a_server_that_comes_back_is_read_without_a_word(night: Night, server: Server) -> None:
    _table(server, "INSERT INTO vorgang VALUES (1, '2026-01-01', 1.5)")

    def talk(caller: socket.socket) -> None:
        if stub.calls == 1:
            return caller.close()
        target = socket.create_connection(("127.0.0.1", server.port))
        threading.Thread(target=_pump, args=(caller, target), daemon=True).start()
        _pump(target, caller)

    with Stub(talk) as stub:
        landed = night.land(server.at(stub.port))
    assert landed.failure is None
    assert landed.deliveries[0].accepted == 1


def _pump(source: socket.socket, target: socket.socket) -> None:
    while data := source.recv(65536):
        target.sendall(data)


def test_b1_a_name_that_does_not_resolve_is_unreachable(tmp_path: Path) -> None:
    for url in FAMILIES:
        gone = url.format(PASSWORD, 5432).replace("127.0.0.1", "fachverfahren.invalid")
        assert Night(tmp_path, tries=1).code(gone) == "unreachable"


AUTHORITY = """[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = names
x509_extensions = address
unique_subject = no
[names]
commonName = supplied
[address]
subjectAltName = IP:127.0.0.1
"""


def _certificate(folder: Path, until: str) -> Path:
    """A certificate of this machine, signed by itself: `own.pem`, with its key in `server.pem`."""
    if not shutil.which("openssl"):
        missing("openssl is not installed")
    folder.mkdir(exist_ok=True)
    for name, text in (("ca.cnf", AUTHORITY), ("index", ""), ("serial", "01\n")):
        (folder / name).write_text(text)
    ask = "req -new -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout key.pem -out ask.pem"
    sign = "ca -batch -config ca.cnf -selfsign -keyfile key.pem -in ask.pem -out own.pem -notext"
    for words in (ask, f"{sign} -startdate 20200101000000Z -enddate {until}"):
        subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
    made = folder / "server.pem"
    made.write_bytes((folder / "key.pem").read_bytes() + (folder / "own.pem").read_bytes())
    return made


@pytest.mark.parametrize("trusted", ["another", "own"])
def test_b1_a_certificate_that_is_not_to_be_trusted_is_tried_once(
    night: Night, tmp_path: Path, trusted: str
) -> None:
    # Named as trusted, but its last day is long gone; or still valid, but of somebody nobody named.
    own = _certificate(tmp_path / "own", "20200102000000Z" if trusted == "own" else "20491231000000Z")
    root = own.with_name("own.pem") if trusted == "own" else _certificate(tmp_path / "x", "20491231000000Z")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(own)

    def talk(caller: socket.socket) -> None:
        caller.recv(8)
        caller.sendall(b"S")
        with suppress(ssl.SSLError):
            tls.wrap_socket(caller, server_side=True)

    with Stub(talk) as stub:
        url = f"postgresql://leser:{PASSWORD}@127.0.0.1:{stub.port}/fach?sslmode=verify-full"
        assert (night.code(f"{url}&sslrootcert={root}"), stub.calls) == ("untrusted_certificate", 1)


def test_b1_a_server_without_the_encryption_that_is_demanded_is_refused(night: Night, server: Server) -> None:
    # Neither of the two servers of the tests speaks TLS.
    demand = {"postgresql": "?sslmode=require", "mariadb": "?ssl_ca=/etc/ssl/certs/ca-certificates.crt"}
    _table(server)
    assert night.code(server.url + demand[server.family]) == "untrusted_certificate"


@pytest.mark.parametrize("url", FAMILIES)
def test_b2_a_server_that_takes_the_call_and_says_nothing_is_given_up(tmp_path: Path, url: str) -> None:
    night = Night(tmp_path, tries=1)
    with Stub(silent) as stub:
        started = time.monotonic()
        assert night.code(url.format(PASSWORD, stub.port)) == "unreachable"
        # Two seconds are declared; what counts is that nobody waits for minutes.
        assert time.monotonic() - started < 20
        findings = connect(
            night.source(url.format(PASSWORD, stub.port)), night.context, load_subjects(None)
        ).check()
        assert [finding.code for finding in findings] == ["unreachable"]


def test_b2_a_line_that_goes_dead_costs_only_its_own_source(night: Night, server: Server) -> None:
    _table(server, FILL[server.family])
    with dead_line_after(server.port, received=2_000_000) as line:
        spec = night.source(server.at(line.port), limits="statement_timeout_s = 2\n")
        order = Order(spec, night.context, load_subjects(None), {}, night.city / "landing", "r1")
        answers = extract([order], parallel=1, limit_s=6)
    failure = answers["probe"].landed.failure
    assert failure is not None
    assert failure.code in ("unreachable", "source_timeout")


def test_b5_a_wrong_password_is_tried_once(night: Night, server: Server) -> None:
    if server.family == "postgresql":
        # The test cluster trusts everybody; this is a server that asks and refuses.
        with Stub(_refusing_postgres) as stub:
            url = f"postgresql://leser:{PASSWORD}@127.0.0.1:{stub.port}/fach"
            assert (night.code(url), stub.calls) == ("access_denied", 1)
        return
    user = f"leser_{time.monotonic_ns()}"
    server.run(f"CREATE USER {user}@'127.0.0.1' IDENTIFIED BY 'another'")
    with dead_line_after(server.port, received=10**9) as line:
        url = make_url(server.at(line.port)).set(username=user, password=PASSWORD)
        code = night.code(url.render_as_string(hide_password=False))
        assert (code, line.calls) == ("access_denied", 1)


def _refusing_postgres(caller: socket.socket) -> None:
    while True:
        (length,) = struct.unpack("!i", caller.recv(4))
        (word,) = struct.unpack("!i", caller.recv(length - 4)[:4])
        if word == 196608:
            break
        # Neither TLS nor GSS here; the caller goes on without.
        caller.sendall(b"N")
    caller.sendall(b"R" + struct.pack("!ii", 8, 3))
    caller.recv(1024)
    said = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "leser"\0\0'
    caller.sendall(b"E" + struct.pack("!i", 4 + len(said)) + said)
    caller.close()


def test_b13_a_table_that_others_have_locked_is_waited_for_no_longer_than_declared(
    night: Night, server: Server
) -> None:
    _table(server)
    other = server.connect()
    lock = {
        "postgresql": "LOCK TABLE vorgang IN ACCESS EXCLUSIVE MODE",
        "mariadb": "LOCK TABLES vorgang WRITE",
    }
    other.cursor().execute(lock[server.family])
    assert night.code(server.url, limits="lock_timeout_s = 1\n") == "source_locked"


def test_b13_rows_that_others_are_changing_are_read_as_they_were(night: Night, server: Server) -> None:
    _table(server, "INSERT INTO vorgang VALUES (1, '2026-01-01', 1.5)")
    other = server.connect()
    other.cursor().execute("UPDATE vorgang SET menge = 99")
    other.cursor().execute("INSERT INTO vorgang VALUES (2, '2026-02-01', 3)")
    landed = night.land(server.url, limits="lock_timeout_s = 1\n")
    assert landed.failure is None
    assert landed.deliveries[0].read == 1


def test_b13_a_writer_is_not_held_up_while_we_read(night: Night, server: Server) -> None:
    _table(server, FILL[server.family])
    batches = night.batches(server.url)
    read = next(batches).num_rows + next(batches).num_rows
    assert 0 < read < ROWS
    writer = server.connect()
    patience = {
        "postgresql": "SET lock_timeout = '1s'",
        "mariadb": "SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1",
    }
    for statement in (
        patience[server.family],
        "UPDATE vorgang SET menge = 99 WHERE nr > 100",
        "DELETE FROM vorgang WHERE nr <= 100",
        f"INSERT INTO vorgang VALUES ({ROWS + 1}, '2026-01-01', 99)",
    ):
        writer.cursor().execute(statement)
    _require_weak_locks(server)
    writer.commit()
    amounts = {str(value) for batch in batches for value in batch.column("needed_pt").unique().to_pylist()}
    assert {amount.rstrip("0") for amount in amounts} == {"1.5"}


def _require_weak_locks(server: Server) -> None:
    if server.family == "postgresql":
        held = server.run(
            "SELECT DISTINCT mode FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE query LIKE '%role_nr%' AND pid <> pg_backend_pid() AND locktype = 'relation'"
        )
        assert held == [("AccessShareLock",)]
        return
    held = server.run(
        "SELECT trx_rows_locked, trx_tables_locked, trx_lock_structs FROM information_schema.innodb_trx"
        " WHERE trx_mysql_thread_id IN (SELECT id FROM information_schema.processlist"
        " WHERE info LIKE '%role_nr%' AND id <> connection_id())"
    )
    assert held == [(0, 0, 0)]


def test_b13_a_query_that_would_lock_rows_is_refused(night: Night, server: Server) -> None:
    _table(server, "INSERT INTO vorgang VALUES (1, '2026-01-01', 1.5)")
    assert night.code(server.url, query=QUERY + " FOR UPDATE") == "query_failed"


def test_b13_a_deadlock_is_said_to_be_a_lock_and_ends(night: Night, postgres_url: str) -> None:
    server = Server("postgresql", postgres_url.replace("+psycopg", ""))
    _table(server, "INSERT INTO vorgang VALUES (1, '2026-01-01', 1.5)")
    other = server.connect()
    other.execute("SET deadlock_timeout = '60s'")
    other.execute("SELECT pg_advisory_lock(2)")
    crossing = "pg_advisory_lock(1), pg_sleep(0.2), pg_advisory_lock(2)"
    query = QUERY.replace("FROM vorgang", f"FROM vorgang, LATERAL (SELECT {crossing}) AS kreuz")
    waiter = threading.Thread(target=_wait_for_the_first, args=(other,), daemon=True)
    waiter.start()
    assert night.code(server.url, query=query, limits="lock_timeout_s = 30\n") == "source_locked"
    waiter.join(20)
    other.close()


def _wait_for_the_first(other: Any) -> None:
    # Taken only after the reading side has it: from then on each waits for the other.
    while not other.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1"
    ).fetchone()[0]:
        time.sleep(0.01)
    other.execute("SELECT pg_advisory_lock(1)")


def test_b13_a_server_that_is_shut_down_while_we_read_loses_this_source_only(
    night: Night, server: Server
) -> None:
    _table(server, FILL[server.family])
    batches = night.batches(server.url)
    next(batches)
    _end_our_session(server)
    with pytest.raises(Exception) as caught:
        for _ in batches:
            pass
    assert getattr(caught.value, "code", None) == "unreachable", caught.value


def _end_our_session(server: Server) -> None:
    if server.family == "postgresql":
        server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE '%role_nr%' AND pid <> pg_backend_pid()"
        )
        return
    ((number,),) = server.run(
        "SELECT id FROM information_schema.processlist WHERE info LIKE '%role_nr%' AND id <> connection_id()"
    )
    server.run(f"KILL {number}")
