"""Databases that are read through SQLAlchemy: their driver, their limits, how one row is asked for.

Microsoft SQL Server and Oracle are written after their documentation and have not been tried against a
running server; SQLite needs none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.databases import parameters
from connectors.databases.limits import Limits


@dataclass(frozen=True)
class Dialect:
    """What one family of databases needs; as it stands, for a family that is not known."""

    driver: str | None = None
    extra: str | None = None

    def arguments(self, limits: Limits) -> Mapping[str, Any]:
        """Arguments of the driver's connect function."""
        return {}

    def prepare(self, connection: Any, limits: Limits) -> None:
        """Settings on the driver's own connection object."""

    def session(self, limits: Limits, timezone: str) -> Sequence[str]:
        """Statements that make a new session read-only and patient only so long."""
        return ()

    def probe(self, query: str) -> tuple[Sequence[str], str]:
        """Statements to run before, and the query cut to one row."""
        return (), parameters.probe(query)


class SqlServer(Dialect):
    """Microsoft SQL Server over pymssql.

    It has no read-only session: nothing is ever committed, and the login should have no right to write.
    """

    def arguments(self, limits: Limits) -> Mapping[str, Any]:
        """Login and statement deadline; the session asks for a readable copy where there is one."""
        return {
            "login_timeout": limits.connect_timeout_s,
            "timeout": limits.statement_timeout_s,
            "read_only": True,
            # Without it days come as text of the server's language.
            "use_datetime2": True,
        }

    def session(self, limits: Limits, timezone: str) -> Sequence[str]:
        """Locks are held per row read at most; in a deadlock we are the one to give way."""
        return (
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
            f"SET LOCK_TIMEOUT {limits.lock_timeout_s * 1000}",
            "SET DEADLOCK_PRIORITY LOW",
        )

    def probe(self, query: str) -> tuple[Sequence[str], str]:
        """A query that begins with WITH cannot stand inside another one here."""
        return ("SET ROWCOUNT 1",), parameters.bare(query)


class Oracle(Dialect):
    """Oracle over oracledb in thin mode, without a client of Oracle's own."""

    def arguments(self, limits: Limits) -> Mapping[str, Any]:
        """Deadline of the connection."""
        return {"tcp_connect_timeout": float(limits.connect_timeout_s)}

    def prepare(self, connection: Any, limits: Limits) -> None:
        """One deadline for every round trip; Oracle knows none per statement."""
        connection.call_timeout = limits.statement_timeout_s * 1000

    def session(self, limits: Limits, timezone: str) -> Sequence[str]:
        """One consistent state, taken without a lock; writing is refused."""
        return (f"ALTER SESSION SET TIME_ZONE = '{timezone}'", "SET TRANSACTION READ ONLY")

    def probe(self, query: str) -> tuple[Sequence[str], str]:
        """Oracle takes neither LIMIT nor AS before the name of a subquery."""
        return (), f"SELECT * FROM ({parameters.bare(query)}) WHERE ROWNUM <= 1"  # noqa: S608


DIALECTS: dict[str, Dialect] = {
    "mssql": SqlServer("mssql+pymssql", "mssql"),
    "oracle": Oracle("oracle+oracledb", "oracle"),
}


def dialect_of(family: str) -> Dialect:
    """What is known of a family of databases, by the first word of its address."""
    return DIALECTS.get(family, Dialect())
