"""A mail server in a thread: speaks enough SMTP to take mail over; STARTTLS, TLS, passwords and faults."""

from __future__ import annotations

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any


@dataclass
class Taken:
    """One mail as the server took it over: envelope and message."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    encrypted: bool

    @property
    def text(self) -> str:
        """The body as people read it."""
        return str(self.message.get_content())


@dataclass
class MailServer:
    """`certificate` (key and certificate in one file) offers STARTTLS, `implicit` expects TLS at once.

    With `password` nobody sends without it. `refused` are recipients nobody knows here; after `most` mails
    the line is cut.
    """

    certificate: Path | None = None
    implicit: bool = False
    password: str | None = None
    refused: Collection[str] = ()
    most: int | None = None
    taken: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def __enter__(self) -> MailServer:
        """Listen on a free port of this machine."""
        server = self

        class Handler(_Session):
            portal = server

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._server.shutdown()
        self._server.server_close()

    def context(self) -> ssl.SSLContext:
        """What the server shows of itself."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(self.certificate))
        return context

    def to(self, recipient: str) -> list[Taken]:
        """Mails for one recipient."""
        return [mail for mail in self.taken if mail.recipients == [recipient]]


class _HangUp(Exception):  # noqa: N818 - no fault: the end of a session
    """The session is over."""


class _Session(socketserver.StreamRequestHandler):
    portal: MailServer

    def setup(self) -> None:
        self.encrypted = False
        if self.portal.implicit:
            self._encrypt()
        super().setup()
        self._begin()

    def _begin(self) -> None:
        self.known, self.sender, self.recipients = self.portal.password is None, "", list[str]()

    def handle(self) -> None:
        self._say(220, "mail.test ready")
        try:
            while line := self.rfile.readline():
                text = line.decode().rstrip("\r\n")
                word, _, rest = text.partition(" ")
                self.portal.commands.append(word.upper())
                getattr(self, f"do_{word.lower()}", self._unknown)(rest)
        except (_HangUp, ssl.SSLError, ConnectionError):
            return

    def _say(self, code: int, *lines: str) -> None:
        told = [f"{code}{'-' if n < len(lines) - 1 else ' '}{line}" for n, line in enumerate(lines)]
        self.wfile.write(("\r\n".join(told) + "\r\n").encode())

    def _unknown(self, _: str) -> None:
        self._say(502, "what?")

    def do_ehlo(self, _: str) -> None:
        offers = ["mail.test"]
        if self.portal.certificate and not self.encrypted:
            offers.append("STARTTLS")
        if self.portal.password and (self.encrypted or not self.portal.certificate):
            offers.append("AUTH PLAIN")
        self._say(250, *offers)

    def do_starttls(self, _: str) -> None:
        if not self.portal.certificate:
            return self._unknown("")
        self._say(220, "go ahead")
        self._encrypt()
        super().setup()
        self._begin()
        return None

    def _encrypt(self) -> None:
        self.request = self.portal.context().wrap_socket(self.request, server_side=True)
        self.encrypted = True

    def do_auth(self, rest: str) -> None:
        given = base64.b64decode(rest.split()[1]).decode().split("\0")[2]
        self.known = given == self.portal.password
        self._say(235 if self.known else 535, "answer")

    def do_mail(self, rest: str) -> None:
        if not self.known:
            return self._say(530, "who are you?")
        self.sender, self.recipients = rest.partition("<")[2].partition(">")[0], []
        return self._say(250, "ok")

    def do_rcpt(self, rest: str) -> None:
        recipient = rest.partition("<")[2].partition(">")[0]
        if recipient in self.portal.refused:
            return self._say(550, "nobody of that name")
        self.recipients.append(recipient)
        return self._say(250, "ok")

    def do_data(self, _: str) -> None:
        if self.portal.most is not None and len(self.portal.taken) >= self.portal.most:
            raise _HangUp
        self._say(354, "go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message: Any = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.portal.taken.append(Taken(self.sender, self.recipients, message, self.encrypted))
        self._say(250, "taken")

    def do_rset(self, _: str) -> None:
        self._say(250, "ok")

    def do_quit(self, _: str) -> None:
        self._say(221, "bye")
        raise _HangUp
