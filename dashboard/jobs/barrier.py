"""A report of a barrier: kept in the audit trail first, then mailed to whoever the town named for it."""

from __future__ import annotations

import logging
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from dashboard.jobs.smtp import deliver
from dashboard.log import visible
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.settings import Settings
    from warehouse.ledger import Ledger

log = logging.getLogger("isek.web")
LONGEST_TEXT, LONGEST_LINE = 4000, 500


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody could not do. `page` is the address, `aid` the assistive technology if named."""

    who: str
    name: str
    page: str
    text: str
    aid: str = ""


def keep_report(ledger: Ledger, report: Report) -> str:
    """Write the report into the audit trail and return the number it is found under."""
    number = secrets.token_hex(4).upper()
    detail = {"number": number, "page": report.page, "text": report.text, "aid": report.aid}
    ledger.record(report.who, "barrier.reported", detail)
    return number


def mail_later(settings: Settings, ledger: Ledger, report: Report, number: str) -> threading.Thread | None:
    """Mail it beside the request; the person does not wait for the mail server. None without an address."""
    if settings.mail is None or settings.barrier_mail is None:
        return None
    thread = threading.Thread(
        target=mail_report, args=(settings, ledger, report, number), daemon=True, name="barrier-mail"
    )
    thread.start()
    return thread


def mail_report(settings: Settings, ledger: Ledger, report: Report, number: str) -> None:
    """Send one letter; a failure is noted, because the report itself is already kept."""
    if settings.mail is None or settings.barrier_mail is None:
        return
    authority = settings.city / settings.mail.ca_file if settings.mail.ca_file else None
    sent: list[EmailMessage] = []
    try:
        deliver(
            settings.mail, settings.mail_password, authority, [letter(settings, report, number)], sent.append
        )
    except IsekError as error:
        log.warning("barrier report %s was not mailed: %s", number, error)
        ledger.record("system", "barrier.not_mailed", {"number": number, "reason": error.code})
        return
    ledger.record("system", "barrier.mailed", {"number": number})


def letter(settings: Settings, report: Report, number: str) -> EmailMessage:
    """The mail about a report."""
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail.sender if settings.mail else ""
    message["To"] = settings.barrier_mail or ""
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Subject"] = f"Barriere gemeldet im {settings.product_title} {settings.name} ({number})"
    message["Auto-Submitted"] = "auto-generated"
    lines = [
        f"Im {settings.product_title} wurde eine Barriere gemeldet.",
        "",
        f"Meldung: {number}",
        f"Seite: {visible(report.page)}",
        f"Gemeldet von: {visible(report.name)}",
        *([f"Hilfsmittel: {visible(report.aid)}"] if report.aid else []),
        "",
        *(visible(line) for line in report.text.splitlines()),
        "",
        "Die Meldung steht auch im Protokoll des Portals. Geantwortet werden soll innerhalb eines Monats.",
    ]
    message.set_content("\n".join(lines))
    return message
