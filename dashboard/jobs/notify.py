"""Who is told: whatever goes wrong reaches its owner and the operators, once per state and not per night.

States are kept in the ledger beside the state each recipient was last told. News is where the two differ;
so nothing is told twice, nothing gets lost while the mail server is down, and what is over before anybody
heard of it stays untold.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from connectors.reasons import german_reason
from dashboard.jobs.letters import (
    DAMAGED,
    DISTURBED,
    FAILED,
    HELD,
    RUN,
    SNAPSHOT,
    SOURCE,
    News,
    SourceFacts,
    write_letter,
)
from dashboard.jobs.locks import only_one
from dashboard.jobs.smtp import deliver
from warehouse.errors import IsekError, RetriableError
from warehouse.ledger.notices import GOOD, Condition
from warehouse.pointer import snapshot_names

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage

    from dashboard.jobs.accounting import RunRecord, SourceLine
    from dashboard.settings import Settings
    from warehouse.ledger import Ledger

log = logging.getLogger("isek.notify")
POST = "post"
"""Topic of the mail itself; nobody can be told about it by mail, so the page of the state does."""
_STATES = {"aktuell": GOOD, "veraltet": GOOD, "zurückgehalten": HELD}
Found = Mapping[str, tuple[str, str | None]]


def tell_run(settings: Settings, ledger: Ledger, record: RunRecord, now: datetime) -> str | None:
    """Note how things stand after a run and tell whoever has to know, also what could not go out before."""
    return _tell(settings, ledger, conditions_of(record), None, now)


def tell(settings: Settings, ledger: Ledger, found: Found, now: datetime) -> str | None:
    """Note states by topic and send the news about them. Never raises: mail in trouble harms nothing else.

    Returns a German sentence when somebody could not be told; it is tried again next time.
    """
    return _tell(settings, ledger, found, found.keys(), now)


def _tell(
    settings: Settings, ledger: Ledger, found: Found, topics: Collection[str] | None, now: datetime
) -> str | None:
    try:
        ledger.note_conditions(found, now)
        if settings.mail is None and topics is None:
            _forget_cleared(settings, ledger, found)
        return _send_news(settings, ledger, topics, now) if settings.mail else None
    except IsekError as error:
        log.warning("nobody was told: %s", error)
        return f"Es ließ sich niemand benachrichtigen. {german_reason(error)}"
    except Exception:
        log.exception("nobody was told")
        return "Es ließ sich niemand benachrichtigen; Einzelheiten im Protokoll."


def _forget_cleared(settings: Settings, ledger: Ledger, found: Found) -> None:
    """Where nobody is written to, what the last run found stands in the state for as long as it is news."""
    exist = {f"{SNAPSHOT}:{name}" for name in snapshot_names(settings.warehouse_dir)} | found.keys()
    topics = [c.topic for c in ledger.conditions() if c.topic.startswith(f"{SNAPSHOT}:")]
    if gone := [topic for topic in topics if topic not in exist]:
        ledger.forget_topics(gone)


def conditions_of(record: RunRecord) -> Found:
    """Topics a run says something about; what somebody interrupted says nothing."""
    damaged = {f"{SNAPSHOT}:{name}": (DAMAGED, None) for name in record.damaged}
    if record.state == "failed":
        return {**damaged, RUN: (FAILED, record.reason)}
    if record.state != "published":
        return damaged
    sources = {f"{SOURCE}:{line.source}": _state_of(line) for line in record.sources}
    return {**damaged, **sources, RUN: (GOOD, None)}


def _state_of(line: SourceLine) -> tuple[str, str | None]:
    return _STATES.get(line.state, DISTURBED), line.reason


def _send_news(
    settings: Settings, ledger: Ledger, topics: Collection[str] | None, now: datetime
) -> str | None:
    """Send what is pending; another process that is at it already will do."""
    try:
        with only_one(settings.run_dir / "notify.lock", "Das Benachrichtigen"):
            pending = _pending(settings, ledger, topics)
            return _send(settings, ledger, pending, now) if pending else None
    except RetriableError as error:
        if error.code != "already_running":
            raise
        return None


def _pending(settings: Settings, ledger: Ledger, topics: Collection[str] | None) -> dict[str, list[News]]:
    """News by recipient, in the order of their topics."""
    told = ledger.told()
    conditions = [
        c
        for c in ledger.conditions()
        if c.topic != POST and (topics is None or c.topic in topics) and _may_be_news(c, told)
    ]
    if not conditions:
        return {}
    facts = _facts(settings) if any(":" in c.topic for c in conditions) else {}
    heard = {topic for topic, _ in told}
    conditions = _without_retired(settings, ledger, conditions, facts, heard)
    owners = _owner_mails(settings, facts) if any(map(_source, conditions)) else {}
    pending: dict[str, list[News]] = defaultdict(list)
    for condition in conditions:
        name = _source(condition)
        for recipient in _recipients(settings, owners.get(name)):
            if told.get((condition.topic, recipient), GOOD) != condition.state:
                pending[recipient].append(News(condition, facts.get(name)))
    return pending


def _may_be_news(condition: Condition, told: Mapping[tuple[str, str], str]) -> bool:
    heard = {state for (topic, _), state in told.items() if topic == condition.topic}
    return condition.state != GOOD or bool(heard - {GOOD})


def _source(condition: Condition) -> str:
    kind, _, name = condition.topic.partition(":")
    return name if kind == SOURCE else ""


def _recipients(settings: Settings, owner: str | None) -> list[str]:
    operators = settings.mail.operators if settings.mail else ()
    return list(dict.fromkeys((*operators, *((owner,) if owner else ()))))


def _facts(settings: Settings) -> dict[str, SourceFacts]:
    """What the published snapshot says about each source; empty before the first publication."""
    # Late, here and below: the scheduler stays small and opens no database of its own.
    from warehouse.status import read_status
    from warehouse.store import SnapshotReader

    reader = SnapshotReader(
        settings.warehouse_dir,
        threads=settings.stores.threads,
        memory_limit=settings.stores.memory_limit,
        temp_directory=settings.temp_dir,
    )
    try:
        sources = read_status(reader.current()).sources
    except RetriableError:
        return {}
    return {source.id: SourceFacts(source.title, source.owner, source.as_of) for source in sources}


def _without_retired(
    settings: Settings,
    ledger: Ledger,
    conditions: Sequence[Condition],
    facts: Mapping[str, SourceFacts],
    heard: Collection[str],
) -> list[Condition]:
    """Forget what no longer exists: sources without a file, snapshots that were cleared away.

    A damaged snapshot is told first: the run that finds it clears it away before anybody could hear of it.
    """
    snapshots = set(snapshot_names(settings.warehouse_dir))
    exist = {f"{SOURCE}:{name}" for name in facts} | {f"{SNAPSHOT}:{name}" for name in snapshots}
    lost = [c.topic for c in conditions if ":" in c.topic and c.topic not in exist] if facts else []
    gone = [topic for topic in lost if topic in heard or not topic.startswith(f"{SNAPSHOT}:")]
    if gone:
        ledger.forget_topics(gone)
    return [condition for condition in conditions if condition.topic not in gone]


def _owner_mails(settings: Settings, facts: Mapping[str, SourceFacts]) -> dict[str, str | None]:
    """Address of the owner by source: the one in its file, else the one of its unit."""
    from connectors.registry import load_sources
    from warehouse.subjects import load_subjects

    units = settings.mail.owners if settings.mail else {}
    found = {name: units.get(about.owner) for name, about in facts.items()}
    # A file that cannot be read costs its own source's address only.
    specs = load_sources(settings.city, load_subjects(settings.city), settings.plain_secrets(), [])
    return found | {name: spec.owner_mail or units.get(spec.owner) for name, spec in specs.items()}


def _send(settings: Settings, ledger: Ledger, pending: Mapping[str, list[News]], now: datetime) -> str | None:
    """Send a letter to each recipient; whoever got one is noted at once. Returns what went wrong."""
    letters = [write_letter(settings, recipient, news, now) for recipient, news in pending.items()]

    def sent(letter: EmailMessage) -> None:
        recipient = str(letter["To"])
        states = {item.condition.topic: item.condition.state for item in pending[recipient]}
        ledger.note_told(recipient, states, now, who="system")

    try:
        _post(settings, letters, sent)
    except IsekError as error:
        reason = german_reason(error)
        ledger.note_conditions({POST: (DISTURBED, reason)}, now)
        log.warning("mail: %s", error)
        return f"Die Benachrichtigung ließ sich nicht verschicken. {reason}"
    ledger.note_conditions({POST: (GOOD, None)}, now)
    return None


def _post(settings: Settings, letters: Sequence[EmailMessage], sent: Callable[[EmailMessage], None]) -> None:
    if settings.mail is None:
        return
    authority = settings.city / settings.mail.ca_file if settings.mail.ca_file else None
    deliver(settings.mail, settings.mail_password, authority, letters, sent)
