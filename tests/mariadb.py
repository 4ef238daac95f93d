"""The fixture `mariadb_url` (registered in tests/conftest.py): SQLAlchemy URL of a database of its own.

One temporary MariaDB serves the whole test session; every test that asks for `mariadb_url` gets a fresh
database in it. Without MariaDB the test is skipped with a reason, or fails when ISEK_REQUIRE_SERVICES=1
is set.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymysql
import pytest

from tests.postgres import free_port, missing

PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
START_SECONDS = 30.0


def _program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name) or shutil.which(name, path=PATH):
            return found
    missing("MariaDB is not installed")
    raise AssertionError


class MariaDb:
    """A MariaDB server in a folder of its own, on a free port of this machine; root has no password."""

    def __init__(self, folder: Path) -> None:
        self._server, self._install = (
            _program("mariadbd", "mysqld"),
            _program("mariadb-install-db", "mysql_install_db"),
        )
        self._folder, self._user = folder, self._own_user()
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Create the data folder, start the server and wait until it answers."""
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        data = f"--datadir={self._folder / 'data'}"
        user = [f"--user={self._user.pw_name}"] if self._user else []
        log = (self._folder / "log").open("wb")
        with log:
            install = [self._install, "--no-defaults", data, "--auth-root-authentication-method=normal"]
            subprocess.run([*install, "--skip-test-db", *user], stdout=log, stderr=log, check=True)
            options = (
                f"--port={self.port}",
                f"--socket={self._folder / 'socket'}",
                f"--pid-file={self._folder / 'pid'}",
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-buffer-pool-size=64M",
                "--performance-schema=OFF",
            )
            self._process = subprocess.Popen(
                [self._server, "--no-defaults", data, *options, *user], stdout=log, stderr=log
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
                return
            except pymysql.Error:
                if time.monotonic() > deadline or (self._process and self._process.poll() is not None):
                    raise RuntimeError((self._folder / "log").read_text(errors="replace")) from None
                time.sleep(0.05)

    def stop(self) -> None:
        """End the server at once; its data is thrown away."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def connect(self, database: str | None = None, **more: Any) -> Any:
        """A connection as root."""
        return pymysql.connect(
            host="127.0.0.1", port=self.port, user="root", database=database, autocommit=True, **more
        )

    def new_database(self) -> str:
        """Create a database and return its URL."""
        name = f"t{uuid.uuid4().hex[:12]}"
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return f"mariadb://root@127.0.0.1:{self.port}/{name}"

    @staticmethod
    def _own_user() -> pwd.struct_passwd | None:
        if os.geteuid() != 0:
            return None
        for name in ("mysql", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        missing("MariaDB does not run as root and there is no other user")
        return None


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaDb]:
    """One server for the whole session; ask for `mariadb_url` instead."""
    # pytest's own folders are closed to other users; the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="isek-mariadb-"))
    folder.chmod(0o755)
    try:
        server = MariaDb(folder)
        try:
            server.start()
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            server.stop()
            missing(f"MariaDB could not be started: {error}")
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mariadb_url(mariadb_server: MariaDb) -> str:
    """SQLAlchemy URL of a new, empty database, as a town would write it."""
    return mariadb_server.new_database()
