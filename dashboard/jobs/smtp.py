"""Hands letters to the mail server of the city: encrypted, in bounded time, with errors people understand."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import TYPE_CHECKING

from warehouse.errors import AccessError, ConfigError, IsekError, RetriableError

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.mail import Mail

ANSWER_S = 15.0
ALL_LETTERS_S = 90.0
_WHERE = "portal.toml [mail]"


def deliver(
    mail: Mail,
    password: str | None,
    authority: Path | None,
    letters: Sequence[EmailMessage],
    sent: Callable[[EmailMessage], None],
) -> None:
    """Send letters in one session; `sent` is called for each the server took over.

    A refused recipient costs only its own letter and is told at the end. Raises AccessError
    (`mail_access`), RetriableError (`mail_down`), ConfigError (`mail_untrusted`, `mail_refused`).
    """
    refused: list[str] = []
    deadline = time.monotonic() + ALL_LETTERS_S
    with _classified(mail), _session(mail, password, authority) as server:
        for letter in letters:
            if time.monotonic() > deadline:
                raise TimeoutError
            try:
                server.send_message(letter)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError):
                refused.append(str(letter["To"]))
                server.rset()
            else:
                sent(letter)
    if refused:
        raise ConfigError(
            "Der Mailserver nimmt Post an diese Empfänger nicht an",
            code="mail_refused",
            where=_WHERE,
            found=", ".join(refused),
            next_step="Adressen unter operators und owners prüfen",
        )


@contextmanager
def _session(mail: Mail, password: str | None, authority: Path | None) -> Iterator[smtplib.SMTP]:
    trust = ssl.create_default_context(cafile=str(authority) if authority else None)
    name = mail.sender.partition("@")[2]
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.server_port, local_hostname=name, timeout=ANSWER_S, context=trust
        )
    else:
        server = smtplib.SMTP(mail.host, mail.server_port, local_hostname=name, timeout=ANSWER_S)
    try:
        if mail.security == "starttls":
            # Refused by the server means no mail: there is no way back to plain text.
            server.starttls(context=trust)
        if mail.user and password:
            server.login(mail.user, password)
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


@contextmanager
def _classified(mail: Mail) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise AccessError(
            "Der Mailserver nimmt Namen und Passwort nicht an",
            code="mail_access",
            where=_WHERE,
            found=f"Antwort {error.smtp_code}",
            next_step="user und das Geheimnis von password prüfen",
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise ConfigError(
            "Dem Zertifikat des Mailservers ist nicht zu trauen",
            code="mail_untrusted",
            where=_WHERE,
            found=error.verify_message,
            next_step="Bei eigener Zertifizierungsstelle ca_file angeben, sonst das Zertifikat erneuern",
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _down(mail, error) from None


def _down(mail: Mail, error: Exception) -> IsekError:
    # Its words are the server's; the kind and the number tell enough.
    number = getattr(error, "smtp_code", None)
    return RetriableError(
        "Der Mailserver nimmt keine Post an",
        code="mail_down",
        where=f"{mail.host}:{mail.server_port}",
        found=f"Antwort {number}" if number else type(error).__name__,
        next_step="Der nächste Lauf versucht es noch einmal",
    )
