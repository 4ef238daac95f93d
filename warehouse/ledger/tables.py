"""Tables of the ledger: everything people type or decide, and what the runs reported."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

SCHEMA_VERSION = 7


class Moment(TypeDecorator[datetime]):
    """A point in time: aware going in and coming out, UTC in the database (SQLite has no time zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: nobody would know afterwards which clock was meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("Ein Zeitpunkt braucht eine Zeitzone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only for the exact type INTEGER.
_Serial = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ledger_version = Table("ledger_version", metadata, Column("version", Integer, primary_key=True))

account = Table(
    "account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("login", String(120), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("function", String(200), nullable=False, default=""),
    Column("initials", String(8), nullable=False, default=""),
    Column("role", String(40), nullable=False),
    Column("units", JSON, nullable=False),
    Column("password_hash", Text),
    Column("disabled_at", Moment),
    Column("created_at", Moment, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("csrf", String(64), nullable=False),
)

login_link = Table(
    "login_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

access_token = Table(
    "access_token",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    # Units the person narrowed it to; NULL (not the JSON text null) means all its account may see.
    Column("units", JSON(none_as_null=True)),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    # A day, not a moment: enough to find forgotten ones, too little to follow somebody's work.
    Column("last_used_on", Date),
    Column("withdrawn_at", Moment),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("key", String(120), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Index(None, "key", "at"),
)

entry = Table(
    "entry",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("subject", String(63), nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("author", String(120), nullable=False),
    Column("released_by", String(120)),
    Column("created_at", Moment, nullable=False),
    Column("released_at", Moment),
    Column("supersedes", ForeignKey("entry.id")),
)

run = Table(
    "run",
    metadata,
    # Order of insertion: two runs may carry the same time when the clock was set back.
    Column("number", _Serial, primary_key=True, autoincrement=True),
    Column("run_id", String(40), nullable=False, unique=True),
    Column("business_date", Date, nullable=False, index=True),
    Column("trigger", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("started_at", Moment, nullable=False, index=True),
    Column("finished_at", Moment),
    Column("snapshot", String(60)),
    Column("reason", Text),
    Column("steps", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
)

condition = Table(
    "condition",
    metadata,
    Column("topic", String(120), primary_key=True),
    Column("state", String(40), nullable=False),
    Column("since", Moment, nullable=False),
    Column("reason", Text),
)

notice = Table(
    "notice",
    metadata,
    Column("topic", String(120), primary_key=True),
    Column("recipient", String(254), primary_key=True),
    Column("state", String(40), nullable=False),
    Column("told_at", Moment, nullable=False),
)

release = Table(
    "release",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("source", String(63), nullable=False, index=True),
    Column("run_id", String(40), nullable=False),
    Column("delivery_hash", String(64), nullable=False),
    Column("who", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text),
)

metric_definition = Table(
    "metric_definition",
    metadata,
    Column("metric", String(120), primary_key=True),
    # Hash of what is counted; a definition that comes back is the one that is there.
    Column("version", String(64), primary_key=True),
    Column("since", Date, nullable=False),
    Column("snapshot", String(60), nullable=False),
    Column("parts", JSON, nullable=False),
    Column("content", Text, nullable=False),
)

pinned_figure = Table(
    "pinned_figure",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("metric", String(120), nullable=False, index=True),
    Column("version", String(64), nullable=False),
    Column("snapshot", String(60), nullable=False, index=True),
    Column("stichtag", Date, nullable=False),
    Column("passport", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("who", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("pinned_at", Moment, nullable=False),
    Column("keep_until", Date, nullable=False),
)

sent_form = Table(
    "sent_form",
    metadata,
    # Number the form carried: what is sent twice is kept once.
    Column("number", String(64), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

resolution = Table(
    "resolution",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("proposal", String(63), nullable=False, index=True),
    Column("entry", ForeignKey("entry.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("remark", Text, nullable=False, default=""),
    Column("who", String(120), nullable=False),
    Column("at", Moment, nullable=False),
)

comment = Table(
    "comment",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("thread", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("metric", String(120), nullable=False, index=True),
    # Organisation unit the figure is cut to; empty for the whole city.
    Column("unit", String(63), nullable=False, default=""),
    Column("month", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Column("withdrawn", Boolean, nullable=False, default=False),
    UniqueConstraint("thread", "version"),
)

view_version = Table(
    "view_version",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("view", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("owner", String(120), nullable=False, index=True),
    # „own“ or „role:ROLE“; that a version is official says a decision.
    Column("audience", String(60), nullable=False),
    Column("name", String(120), nullable=False),
    Column("note", String(500), nullable=False, default=""),
    # Parameters of the explorer's address: filters, never rights.
    Column("params", JSON, nullable=False),
    Column("author", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Column("withdrawn", Boolean, nullable=False, default=False),
    UniqueConstraint("view", "version"),
)

view_decision = Table(
    "view_decision",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("view", String(32), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("reason", String(500), nullable=False, default=""),
    Column("who", String(120), nullable=False),
    Column("at", Moment, nullable=False),
)

view_pin = Table(
    "view_pin",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    # „person:LOGIN“ or „unit:ID“.
    Column("board", String(130), nullable=False),
    Column("view", String(32), nullable=False),
    Column("place", Integer, nullable=False),
    Column("who", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("board", "view"),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", String(120), nullable=False),
    Column("what", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
