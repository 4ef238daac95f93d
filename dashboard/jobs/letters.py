"""What the night writes to people: German sentences about states, never a value out of a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from dashboard import formats
from dashboard.log import visible
from warehouse.ledger.notices import GOOD, Condition

if TYPE_CHECKING:
    from dashboard.settings import Settings

SOURCE, RUN, NIGHT, SCHEDULE, SNAPSHOT = "source", "run", "night", "schedule", "snapshot"
DISTURBED, HELD, FAILED, MISSED, SILENT, DAMAGED = (
    "gestört",
    "zurückgehalten",
    "gescheitert",
    "ausgeblieben",
    "stumm",
    "beschädigt",
)
# What was found in a delivery may be a value of a row, and mail travels further than a page.
_FOUND = re.compile(r" ?Vorgefunden: .*?(?= (?:Erlaubt|Nächster Schritt): |$)", re.S)
_LONGEST_REASON = 600
_SUBJECTS: Mapping[str, str] = {
    RUN: "Lauf gescheitert",
    NIGHT: "Nachtlauf ausgeblieben",
    SCHEDULE: "Zeitplan der Nacht meldet sich nicht",
    SNAPSHOT: "Veröffentlichter Stand beschädigt",
}
_GOOD_AGAIN: Mapping[str, str] = {
    RUN: "Der Lauf ist wieder gelungen.",
    NIGHT: "Der Nachtlauf ist nachgeholt.",
    SCHEDULE: "Der Zeitplan der Nacht läuft wieder.",
    SNAPSHOT: "Der Stand ist wieder in Ordnung.",
}
_SENTENCES: Mapping[str, str] = {
    RUN: "Der Lauf ist gescheitert, veröffentlicht wurde nichts.",
    NIGHT: "Für den letzten Geschäftstag gibt es noch keinen gelungenen Nachtlauf.",
    SCHEDULE: "Der Zeitplan der Nacht meldet sich seit mehr als 15 Minuten nicht.",
    SNAPSHOT: "Ein veröffentlichter Stand ist beschädigt und wird nicht mehr gezeigt.",
}
_TO_DO: Mapping[str, str] = {
    RUN: "Ursache beheben, dann: isek refresh. Die Nacht versucht es von selbst noch einmal.",
    NIGHT: "Nachsehen, was den Lauf aufhält: isek status; von Hand: isek refresh",
    SCHEDULE: "Den Dienst neu starten: isek schedule, oder isek serve auf einem Rechner",
    SNAPSHOT: "Datenträger prüfen; alle Stände prüfen: isek snapshots --verify",
}


@dataclass(frozen=True)
class SourceFacts:
    """What a mail may say about a source; `as_of` is its Datenstand, None when it was never loaded."""

    title: str
    owner: str
    as_of: datetime | None


@dataclass(frozen=True)
class News:
    """One topic a recipient does not know the state of yet."""

    condition: Condition
    facts: SourceFacts | None = None

    @property
    def kind(self) -> str:
        """Part of the topic before the colon."""
        return self.condition.topic.partition(":")[0]

    @property
    def name(self) -> str:
        """Part of the topic after the colon: the id of a source, the name of a snapshot."""
        return self.condition.topic.partition(":")[2]

    @property
    def good(self) -> bool:
        """True when something is over."""
        return self.condition.state == GOOD


def write_letter(settings: Settings, recipient: str, news: Sequence[News], now: datetime) -> EmailMessage:
    """One mail with all news for one recipient. Equal news give an equal Message-ID."""
    if settings.mail is None:
        raise ValueError("a letter needs a sender")
    letter = EmailMessage(policy=SMTP)
    letter["From"] = settings.mail.sender
    letter["To"] = recipient
    letter["Subject"] = one_line(f"{settings.name}: {_subject(news)}", 150)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = _message_id(settings.mail.sender, recipient, news)
    # So that no absence note answers.
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(_body(settings, news), charset="utf-8", cte="quoted-printable")
    return letter


def one_line(text: str, longest: int) -> str:
    """Text on one line without control characters: nothing in it begins a header or a second line."""
    told = visible(" ".join(text.split()))
    return told if len(told) <= longest else told[: longest - 1] + "…"


def safe_reason(condition: Condition) -> str:
    """The reason without what was found in the delivery; a held one tells counts only and stays whole."""
    reason = condition.reason or ""
    if condition.state != HELD:
        reason = _FOUND.sub("", reason)
    return one_line(reason, _LONGEST_REASON)


def _subject(news: Sequence[News]) -> str:
    sources = [item for item in news if item.kind == SOURCE]
    first = next((item for item in news if item.kind != SOURCE), None)
    if first is not None:
        return _SUBJECTS[first.kind] if not first.good else _GOOD_AGAIN[first.kind].rstrip(".")
    if len(sources) == 1:
        state = "wieder in Ordnung" if sources[0].good else sources[0].condition.state
        return f"Quelle „{_title(sources[0])}“ {state}"
    counted = [
        (sum(item.condition.state == state for item in sources), word)
        for state, word in ((DISTURBED, "gestört"), (HELD, "zurückgehalten"), (GOOD, "wieder in Ordnung"))
    ]
    return "Quellen: " + ", ".join(f"{number} {word}" for number, word in counted if number)


def _title(item: News) -> str:
    return item.facts.title if item.facts else item.name


def _body(settings: Settings, news: Sequence[News]) -> str:
    parts = [_paragraph(settings, item) for item in news]
    closing = (
        f"{settings.product_title} {settings.name}\n"
        "Diese Nachricht kommt einmal je Zustand; die nächste, wenn er sich ändert."
    )
    return "\n\n".join(["Guten Tag,", *parts, closing]) + "\n"


def _paragraph(settings: Settings, item: News) -> str:
    lines = _about_source(settings, item) if item.kind == SOURCE else _about_portal(settings, item)
    return "\n".join(line for line in lines if line)


def _about_source(settings: Settings, item: News) -> list[str]:
    facts, condition = item.facts or SourceFacts(item.name, "", None), item.condition
    title = one_line(f"Quelle „{facts.title}“ ({item.name})", 200)
    as_of = formats.stand(facts.as_of, settings.zone)
    if item.good:
        return [f"{title}: wieder in Ordnung.", f"Datenstand: {as_of}", _link(settings, item)]
    shown = f"der Datenstand vom {as_of}" if facts.as_of else "nichts; sie wurde noch nie geladen"
    return [
        f"{title}: {condition.state} seit {formats.stand(condition.since, settings.zone)}.",
        one_line(f"Zuständig: {facts.owner}", 200) if facts.owner else "",
        f"Grund: {safe_reason(condition)}",
        f"Weiter gezeigt wird: {shown}.",
        f"Was zu tun ist: {_what_to_do(item)}",
        _link(settings, item),
    ]


def _what_to_do(item: News) -> str:
    if item.condition.state == HELD:
        return (
            "Lieferung prüfen. Ist sie richtig, gibt sie die Fachadministration frei: "
            f"isek source release {item.name}"
        )
    return (
        "Ursache beheben; die nächste Nacht liest von selbst, "
        f"sofort geht es mit: isek refresh --only {item.name}"
    )


def _about_portal(settings: Settings, item: News) -> list[str]:
    if item.good:
        return [_GOOD_AGAIN[item.kind], _link(settings, item)]
    since = formats.stand(item.condition.since, settings.zone)
    reason = safe_reason(item.condition)
    return [
        f"{_SENTENCES[item.kind]} Seit: {since}.",
        f"Grund: {reason}" if reason else "",
        "Weiter gezeigt wird der letzte veröffentlichte Stand.",
        f"Was zu tun ist: {_TO_DO[item.kind]}",
        _link(settings, item),
    ]


def _link(settings: Settings, item: News) -> str:
    if settings.web.public_url is None:
        return ""
    # Ids of sources consist of letters, digits and underscores.
    query = f"?quelle={item.name}" if item.kind == SOURCE else ""
    return f"Ansehen: {settings.web.public_url}/datenquellen{query}"


def _message_id(sender: str, recipient: str, news: Sequence[News]) -> str:
    told = "\n".join(f"{n.condition.topic} {n.condition.state} {n.condition.since:%s}" for n in news)
    digest = hashlib.sha256(f"{recipient}\n{told}".encode()).hexdigest()[:32]
    return f"<{digest}@{sender.partition('@')[2]}>"
