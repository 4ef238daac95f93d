"""How things stand (a source, the run, the night) and who was told which of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from warehouse.ledger.tables import condition, notice
from warehouse.ledger.trail import Trail

GOOD = "in Ordnung"
"""State of everything nobody has heard of."""


@dataclass(frozen=True, slots=True)
class Condition:
    """State of a topic such as „source:wohngeld“ and since when it holds; `reason` explains the latest."""

    topic: str
    state: str
    since: datetime
    reason: str | None = None


class Notices(Trail):
    """Keeps states and, for each recipient, the state last told: news is where the two differ."""

    def note_conditions(self, found: Mapping[str, tuple[str, str | None]], at: datetime) -> None:
        """Note state and reason per topic; `since` moves only when the state changes.

        A topic that is good and was never anything else is not written.
        """
        with self._writing() as connection:
            known = _states(connection, found)
            for topic, (state, reason) in found.items():
                if topic not in known:
                    if state != GOOD:
                        values = {"topic": topic, "state": state, "since": at, "reason": reason}
                        connection.execute(insert(condition).values(**values))
                    continue
                changes = {"state": state, "reason": reason}
                changes |= {"since": at} if known[topic] != state else {}  # type: ignore[dict-item]
                connection.execute(update(condition).where(condition.c.topic == topic).values(**changes))

    def conditions(self) -> list[Condition]:
        """All topics that are or once were not good, in the order of their names."""
        with self._reading() as connection:
            rows = connection.execute(select(condition).order_by(condition.c.topic)).all()
        return [Condition(row.topic, row.state, row.since, row.reason) for row in rows]

    def told(self) -> dict[tuple[str, str], str]:
        """State last told by (topic, recipient)."""
        with self._reading() as connection:
            rows = connection.execute(select(notice.c.topic, notice.c.recipient, notice.c.state)).all()
        return {(row.topic, row.recipient): row.state for row in rows}

    def note_told(self, recipient: str, states: Mapping[str, str], at: datetime, *, who: str) -> None:
        """Note that a recipient knows the state of these topics, with its audit line."""
        with self._writing() as connection:
            for topic, state in states.items():
                place = (notice.c.topic == topic) & (notice.c.recipient == recipient)
                connection.execute(delete(notice).where(place))
                values = {"topic": topic, "recipient": recipient, "state": state, "told_at": at}
                connection.execute(insert(notice).values(**values))
            self._note(connection, who, "mail.sent", {"to": recipient, "topics": dict(states)})

    def forget_topics(self, topics: Collection[str]) -> None:
        """Drop topics that no longer exist, and what was told about them."""
        with self._writing() as connection:
            for table in (condition, notice):
                connection.execute(delete(table).where(table.c.topic.in_(topics)))


def _states(connection: Connection, topics: Iterable[str]) -> dict[str, str]:
    wanted = set(topics)
    rows = connection.execute(select(condition.c.topic, condition.c.state)).all()
    return {row.topic: row.state for row in rows if row.topic in wanted}
