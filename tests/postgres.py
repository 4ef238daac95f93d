"""The fixture `postgres_url` (registered in tests/conftest.py): SQLAlchemy URL of a database of its own.

One temporary PostgreSQL cluster serves the whole test session; every test that asks for `postgres_url`
gets a fresh database in it, and `psycopg.connect(url.replace("+psycopg", ""))` works as well. Without
PostgreSQL the test is skipped with a reason, or fails when ISEK_REQUIRE_SERVICES=1 is set.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

REQUIRED = "ISEK_REQUIRE_SERVICES"


def missing(reason: str) -> None:
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{reason}, and {REQUIRED}=1 demands it", pytrace=False)
    pytest.skip(reason)


def binaries() -> Path:
    if found := shutil.which("pg_ctl"):
        folder = Path(found).resolve().parent
        if (folder / "initdb").exists():
            return folder
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True
    )
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    missing("PostgreSQL is not installed")
    raise AssertionError


class Cluster:
    """A PostgreSQL server in a folder of its own, on a free port of this machine; trust authentication."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self._folder = binaries, folder
        self._user = self._own_user()
        self.port = free_port()

    def start(self) -> None:
        """Create the cluster and start the server. PostgreSQL refuses to run as root."""
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        data = self._folder / "data"
        self._call(
            "initdb", "-D", str(data), "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
            " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        )
        log = str(self._folder / "log")
        self._call("pg_ctl", "-D", str(data), "-l", log, "-w", "-t", "30", "-o", options, "start")

    def stop(self) -> None:
        """Stop the server at once."""
        self._call("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop", check=False)

    def new_database(self) -> str:
        """Create a database and return its URL."""
        name = f"t{uuid.uuid4().hex[:12]}"
        address = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "portal")
        self._call("psql", *address, "-d", "postgres", "-q", "-c", f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://portal@127.0.0.1:{self.port}/{name}"

    def program(self, name: str) -> str:
        """Path of a program of this PostgreSQL, such as psql."""
        return str(self._binaries / name)

    @staticmethod
    def _own_user() -> pwd.struct_passwd | None:
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        missing("PostgreSQL does not run as root and there is no other user")
        return None

    def _call(self, program: str, *arguments: str, check: bool = True) -> None:
        user = (
            {}
            if self._user is None
            else {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        )
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            cwd=self._folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self._folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program != "pg_ctl" else subprocess.DEVNULL,
            check=False,
            **user,
        )
        if check and done.returncode:
            log = self._folder / "log"
            detail = (done.stdout or b"").decode(errors="replace") + (log.read_text() if log.exists() else "")
            raise RuntimeError(f"{program} failed: {detail}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """One server for the whole session; ask for `postgres_url` instead."""
    found = binaries()
    # pytest's own folders are closed to other users; the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="isek-postgres-"))
    folder.chmod(0o755)
    cluster = Cluster(found, folder)
    try:
        try:
            cluster.start()
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            missing(f"PostgreSQL could not be started: {error}")
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> str:
    """SQLAlchemy URL (driver psycopg) of a new, empty database."""
    return postgres_cluster.new_database()
