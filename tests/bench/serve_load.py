"""People in front of the portal, in a process of their own: `python -m tests.bench.serve_load` reads JSON.

The client is a few lines over a socket, because people on the same two cores must cost less than what they
measure. Every answer is read to its end, its beginning and end are unpacked; of some the whole is looked at.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

CALLBACK = "/_dash-update-component"
LOOKED_AT = 20
PATIENCE_S = 30.0


@dataclass
class Noted:
    """What was seen: milliseconds and bytes of every page, sentences about what went wrong."""

    ms: list[float] = field(default_factory=list)
    size: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Person:
    """A signed-in person with one open connection, as a browser keeps it."""

    host: str
    port: int
    cookie: str
    login: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    seen: int = 0

    async def look(self, address: str, noted: Noted) -> None:
        """Ask for one page and note how long it took until its last byte."""
        began = time.perf_counter()
        try:
            status, body = await asyncio.wait_for(self._ask(address), PATIENCE_S)
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError) as error:
            noted.errors.append(f"{address}: {type(error).__name__}")
            self.writer = None
            return
        noted.ms.append((time.perf_counter() - began) * 1000)
        noted.size.append(len(body))
        noted.paths.append(urlsplit(address).path)
        if trouble := self._trouble(status, body):
            noted.errors.append(f"{address}: {trouble}")

    async def _ask(self, address: str) -> tuple[int, bytes]:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        assert self.reader
        self.writer.write(self._request(address))
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        body = await self.reader.readexactly(length)
        if "connection: close" in head:
            self.writer.close()
            self.writer = None
        return int(head.split(" ")[1]), body

    def _request(self, address: str) -> bytes:
        body = json.dumps(question(address)).encode()
        head = (
            f"POST {CALLBACK} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nOrigin: http://{self.host}:{self.port}\r\n"
            f"Sec-Fetch-Site: same-origin\r\nAccept-Encoding: gzip\r\nContent-Type: application/json\r\n"
            f"Cookie: {self.cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _trouble(self, status: int, body: bytes) -> str:
        if status != 200:
            return f"status {status}"
        self.seen += 1
        whole = self.seen % LOOKED_AT == 1
        text = zlib.decompressobj(31).decompress(body, 0 if whole else 200)
        if b'"rahmen"' not in text[:200]:
            return "no page"
        if whole and (self.login.encode() not in text or b"Vorgangsnummer" in text):
            return "not the page of this person, or a card failed"
        return ""

    def leave(self) -> None:
        """Close the window."""
        if self.writer is not None:
            self.writer.close()


def question(address: str) -> dict[str, Any]:
    """What the browser sends for an address."""
    parts = urlsplit(address)
    search = f"?{parts.query}" if parts.query else ""
    return {
        "output": "rahmen.children",
        "outputs": {"id": "rahmen", "property": "children"},
        "inputs": [
            {"id": "ort", "property": "pathname", "value": parts.path},
            {"id": "ort", "property": "search", "value": search},
        ],
        "changedPropIds": ["ort.pathname"],
        "state": [],
    }


async def think(people: list[Person], order: dict[str, Any], noted: Noted) -> None:
    """Everybody looks at a page, thinks about it, looks at the next."""
    until = time.perf_counter() + order["seconds"]
    await asyncio.gather(*(_sit(person, order, noted, until) for person in people))


async def _sit(person: Person, order: dict[str, Any], noted: Noted, until: float) -> None:
    chance = random.Random(f"{order['seed']}{person.login}{person.cookie}")
    await asyncio.sleep(chance.uniform(0, order["think"]))
    while time.perf_counter() < until:
        await person.look(chance.choice(order["addresses"]), noted)
        await asyncio.sleep(chance.expovariate(1 / order["think"]) if order["think"] else 0)
    person.leave()


async def one_after_the_other(people: list[Person], order: dict[str, Any], noted: Noted) -> None:
    """One person asks every address in turn."""
    for address in order["addresses"]:
        await people[0].look(address, noted)
    people[0].leave()


def main() -> None:
    """Read an order, do it, say what was seen."""
    order = json.loads(sys.stdin.read())
    people = [Person(order["host"], order["port"], cookie, login) for login, cookie in order["people"]]
    noted = Noted()
    began = time.perf_counter()
    doing = one_after_the_other if order["way"] == "turn" else think
    asyncio.run(doing(people, order, noted))
    seconds = time.perf_counter() - began
    print(json.dumps({"ms": noted.ms, "size": noted.size, "paths": noted.paths, "errors": noted.errors,
                      "seconds": seconds}))  # fmt: skip


if __name__ == "__main__":
    main()
