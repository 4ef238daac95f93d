"""How fast the portal answers many people: `python -m tests.bench.serve` (or `make bench-serve`).

A city with five years of data and `--rows` cases behind its marts is written once into `--folder` and kept.
The real `isek serve` answers with two workers; people sign in by one-time links, with mixed roles and units,
from processes of their own on the same machine. Beside it, in the same run: the queries a page needs, asked
of DuckDB directly, which no portal can be faster than as long as nothing is kept.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from dashboard.auth.accounts import issue_link, known_account
from dashboard.cli.stores import open_ledger
from tests.bench import peak, serve_browser, serve_explorer, serve_queries
from tests.bench.serve_city import Town, town_at
from tests.bench.serve_load import CALLBACK, question
from tests.browser.chromium import chromium, executable
from tests.browser.portal import free_port

PARTS = ("callbacks", "viewers", "refresh", "saturation", "browser", "explorer")
WORKERS = 2
TURN, THINK = "turn", "think"
COCKPITS = ("/", "/ozg-fortschritt", "/reifegrad", "/budget", "/wirkungen", "/datenquellen", "/kennzahlen")
# Of 30 looks, 12 are at the start page, 8 at the other cockpits, 10 at filters of all of them.
START_OF_ALL, OFTEN = 10, 2
ENOUGH = 300
SATURATING = 40
LINKS_OF_A_PAGE = 4


@dataclass
class Served:
    """A running portal with people signed in: login and cookie of each."""

    town: Town
    port: int
    people: list[tuple[str, str]] = field(default_factory=list)
    pid: int = 0

    @property
    def base(self) -> str:
        """Address without a slash at its end."""
        return f"http://localhost:{self.port}"


@dataclass
class Measured:
    """One line of the table."""

    name: str
    value: str
    goal: str = ""
    good: bool | None = None
    detail: str = ""
    load: float = 0.0


@dataclass
class Bench:
    """All lines and what they rest on."""

    lines: list[Measured] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, value: str, goal: str = "", good: bool | None = None, detail: str = "") -> None:
        """Keep one line with the load of the machine, and say it."""
        self.lines.append(Measured(name, value, goal, good, detail, os.getloadavg()[0]))
        print(f"  {name:<58} {value:>14} {goal:<12} {detail}", file=sys.stderr, flush=True)


@contextmanager
def serving(town: Town, people: Sequence[tuple[str, str]] = ()) -> Iterator[Served]:
    """Start the portal with two workers."""
    served = Served(town, free_port(), list(people))
    command = [sys.executable, "-m", "dashboard", "serve", "--city", str(town.settings.city)]
    command += ["--port", str(served.port), "--workers", str(WORKERS), "--no-schedule"]
    with (town.settings.var / "serve.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        served.pid = process.pid
        try:
            _wait_until_it_answers(served, process)
            yield served
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _wait_until_it_answers(served: Served, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the portal did not start")
        try:
            if httpx.get(f"{served.base}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError("the portal does not answer")


def sign_in(served: Served, viewers: int) -> list[tuple[str, str]]:
    """Everybody uses a one-time link of their own, as `isek user link` hands it out."""
    ledger, logins = open_ledger(served.town.settings), itertools.cycle(served.town.logins)
    people = []
    for _, login in zip(range(viewers), logins, strict=False):
        token = issue_link(ledger, served.town.settings, known_account(ledger, login))
        people.append((login, _use_link(served.base, token)))
    ledger.close()
    return people


def _use_link(base: str, token: str) -> str:
    with httpx.Client(base_url=base, headers={"Origin": base}) as client:
        page = client.get(f"/anmelden/link/{token}").text
        csrf = page.split('name="csrf" value="')[1].split('"')[0]
        client.post("/anmelden/link", data={"csrf": csrf, "token": token})
        return f"isek={client.cookies['isek']}"


def load(served: Served, way: str, *, seconds: float, think: float, addresses: Sequence[str],
         people: Sequence[tuple[str, str]] | None = None, processes: int = 1) -> dict[str, Any]:  # fmt: skip
    """Let people look at pages from processes of their own; returns what they all noted."""
    shown, cpu = list(served.people if people is None else people), peak.cpu_seconds(served.pid)
    running = []
    for number in range(processes):
        order = {
            "host": "localhost", "port": served.port, "way": way, "seconds": seconds, "think": think,
            "addresses": list(addresses), "people": shown[number::processes], "seed": number,
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.bench.serve_load"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin
        process.stdin.write(json.dumps(order))
        process.stdin.close()
        running.append(process)
    found = [json.loads(process.stdout.read()) for process in running if process.stdout]
    for process in running:
        process.wait()
    together = {name: [x for one in found for x in one[name]] for name in ("ms", "size", "paths", "errors")}
    cpu = (peak.cpu_seconds(served.pid) - cpu) * 1000 / max(1, len(together["ms"]))
    return {**together, "seconds": max(one["seconds"] for one in found), "cpu": cpu}


def p(values: Sequence[float], share: float) -> float:
    """Percentile by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def harvest(served: Served) -> dict[str, list[str]]:
    """Addresses by page as its own links name them: the first view and some filters."""
    _, cookie = served.people[0]
    found = {}
    for path in COCKPITS:
        answer = httpx.post(
            served.base + CALLBACK, json=question(path), headers={"Cookie": cookie, "Origin": served.base},
            timeout=60,
        )  # fmt: skip
        links = dict.fromkeys(re.findall(r'href="([^"#]*\?[^"#]*)"', _html(answer)))
        own = [link for link in links if link.split("?")[0] == path and "zahl=" not in link]
        random.Random(7).shuffle(own)
        found[path] = [path, *own[:LINKS_OF_A_PAGE]]
    return found


def _html(answer: httpx.Response) -> str:
    return unescape(str(answer.json()["response"]["rahmen"]["children"]["props"]["html"]))


def callbacks(bench: Bench, served: Served) -> None:
    """One person, an idle server: pages that were drawn before, then days nobody has asked for yet."""
    pages = harvest(served)
    times = -(-ENOUGH // 4)
    for path, addresses in pages.items():
        load(served, TURN, seconds=0, think=0, addresses=addresses * 4)
        shown = list(itertools.islice(itertools.cycle(addresses), max(ENOUGH, times)))
        seen = load(served, TURN, seconds=0, think=0, addresses=shown)
        _tell_callbacks(bench, f"callback {path}", seen)
    day = _business_date(served.town)
    days = [f"/?stichtag={day - timedelta(days=n)}" for n in range(1, ENOUGH + 1)]
    seen = load(served, TURN, seconds=0, think=0, addresses=days)
    _tell_callbacks(bench, "callback /, a day never asked before", seen)
    bench.raw["new day"] = seen["ms"]
    limit = serve_queries.raw_queries(served.town.settings, [day - timedelta(days=n) for n in range(1, 31)])
    bench.raw["queries"] = limit
    ratio = statistics.median(seen["ms"]) / statistics.median(limit["ms"])
    bench.add(
        "its queries asked of DuckDB directly (the limit)", f"p95 {p(limit['ms'], 0.95):.0f} ms",
        detail=f"p50 {p(limit['ms'], 0.5):.0f} ms, {limit['queries']} queries; the callback: {ratio:.2f} ×",
    )  # fmt: skip


def _business_date(town: Town) -> date:
    reader = serve_queries.reader_of(town.settings)
    return reader.current().business_date


def _tell_callbacks(bench: Bench, name: str, seen: dict[str, Any]) -> None:
    high = p(seen["ms"], 0.95)
    bench.add(
        name, f"p95 {high:.1f} ms", "≤ 150 ms", high <= 150 and not seen["errors"],
        f"p50 {p(seen['ms'], 0.5):.1f} ms, CPU of the server {seen['cpu']:.1f} ms,"
        f" {len(seen['ms'])} requests, {max(seen['size']) / 1000:.0f} kB,"
        f" {len(seen['errors'])} errors",
    )  # fmt: skip
    bench.raw[name] = {k: seen[k] for k in ("ms", "errors")}


def viewers(bench: Bench, served: Served, addresses: Sequence[str], seconds: float) -> None:
    """Everybody at once in front of workers that have just started."""
    seen = load(served, THINK, seconds=seconds, think=10, addresses=addresses)
    _tell_viewers(bench, f"{len(served.people)} people, 10 s think time, cold", seen, 500)
    seen = load(served, THINK, seconds=seconds, think=10, addresses=addresses)
    _tell_viewers(bench, f"{len(served.people)} people, 10 s think time, a minute later", seen, 500)


def _tell_viewers(bench: Bench, name: str, seen: dict[str, Any], goal: int) -> None:
    high = p(seen["ms"], 0.95)
    bench.add(
        name, f"p95 {high:.0f} ms", f"≤ {goal} ms", high <= goal and not seen["errors"],
        f"p50 {p(seen['ms'], 0.5):.1f} ms, max {max(seen['ms'], default=0):.0f} ms, {len(seen['ms'])} pages,"
        f" {len(seen['errors'])} errors (0)",
    )  # fmt: skip
    bench.raw[name] = {k: seen[k] for k in ("ms", "errors")}


def refresh(bench: Bench, served: Served, addresses: Sequence[str]) -> None:
    """The same people while a run reads, builds and publishes beside them."""
    command = [
        sys.executable,
        "-m",
        "dashboard",
        "refresh",
        "--json",
        "--city",
        str(served.town.settings.city),
    ]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    rounds = []
    while process.poll() is None or len(rounds) < 2:
        rounds.append(load(served, THINK, seconds=30, think=10, addresses=addresses))
        if process.poll() is not None:
            # One more, with the new snapshot.
            rounds.append(load(served, THINK, seconds=30, think=10, addresses=addresses))
    took = time.monotonic() - began
    seen = {name: [x for one in rounds for x in one[name]] for name in ("ms", "size", "paths", "errors")}
    _tell_viewers(bench, f"the same while a run publishes ({took:.0f} s)", seen, 1000)
    if process.returncode:
        raise RuntimeError("the run beside the people did not publish")


def saturation(bench: Bench, served: Served, addresses: Sequence[str], seconds: float) -> None:
    """Nobody thinks: as many pages as go."""
    people = served.people[:SATURATING]
    # Warm-up: everybody's rights at every address, twice, so that both workers have drawn most of it.
    for person in {login: (login, cookie) for login, cookie in people}.values():
        shown = list(dict.fromkeys(addresses)) * 2
        load(served, TURN, seconds=0, think=0, addresses=shown, people=[person])
    seen = load(served, THINK, seconds=seconds, think=0, addresses=addresses, people=people, processes=2)
    rate = len(seen["ms"]) / seen["seconds"]
    bench.add(
        f"full pages a second, {len(people)} people without thinking", f"{rate:.0f}/s", "≥ 250/s",
        rate >= 250 and not seen["errors"],
        f"p50 {p(seen['ms'], 0.5):.0f} ms, p95 {p(seen['ms'], 0.95):.0f} ms, CPU of the server"
        f" {seen['cpu']:.1f} ms a page, {len(seen['errors'])} errors",
    )  # fmt: skip
    bench.raw["saturation"] = {"rate": rate, "errors": seen["errors"]}


def explorer(bench: Bench, served: Served, addresses: Sequence[str]) -> None:
    """Pivots of one person who sees the whole city, and what they cost the others."""
    people = sorted(served.people, key=lambda one: one[0] != served.town.logins[0])
    found = serve_explorer.measure(bench.add, partial(load, served), served.town.settings, people, addresses)
    bench.raw["explorer"] = found


def in_browser(bench: Bench, served: Served, rounds: int) -> None:
    """Chromium on the same machine."""
    path = executable()
    if path is None:
        bench.add("Chromium", "not installed")
        return
    name, _, value = served.people[0][1].partition("=")
    state = {"cookies": [{"name": name, "value": value, "domain": "localhost", "path": "/"}], "origins": []}
    with chromium(path) as browser:
        seen = serve_browser.watch(browser, served.base, state, rounds)
    for kind, words, goal in (
        ("warm", "Chromium, all charts drawn, warm", 900),
        ("cold", "Chromium, all charts drawn, nothing cached", 1200),
        ("filter", "Chromium, a new filter", 150),
    ):
        found = seen.median(kind)
        bench.add(words, f"{found:.0f} ms", f"≤ {goal} ms", found <= goal, _spread(seen.ms[kind]))
    for kind, words, limit in (
        ("cold", "transferred, nothing cached", 2000),
        ("warm", "transferred, cached", 100),
    ):
        size = statistics.median(seen.size[kind]) / 1000
        bench.add(
            words, f"{size:.0f} kB", f"≤ {limit} kB", size <= limit, f"{len(seen.requests[kind])} requests"
        )
    bench.raw["browser"] = {"ms": seen.ms, "size": seen.size, "requests": seen.requests}


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):.0f} to {max(values):.0f} ms in {len(values)} visits"


def table(bench: Bench, town: Town, people: int) -> str:
    """The result as Markdown."""
    head = (
        f"{town.rows:,} cases, {people} people signed in, {WORKERS} workers, {os.cpu_count()} cores for"
        " server, people and Chromium; load = load average of the machine at that moment, all processes of it"
    )
    rows = [
        f"| {line.name} | {line.value} | {line.goal} | {_mark(line.good)} | {line.detail} | {line.load:.1f} |"
        for line in bench.lines
    ]
    return "\n".join([head, "", "| measured | value | goal | | | load |", "|---|---|---|---|---|---|", *rows])


def _mark(good: bool | None) -> str:
    return "" if good is None else "reached" if good else "missed"


def main(arguments: Sequence[str] | None = None) -> str:
    """Measure; prints and returns the table, writes it as JSON into the folder, too."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--folder", type=Path, required=True, help="its city; written once, kept")
    parser.add_argument("--seconds", type=float, default=60, help="length of each measurement under load")
    parser.add_argument("--rounds", type=int, default=5, help="visits with Chromium")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    chosen = parser.parse_args(arguments)
    bench, town = Bench(), town_at(chosen.folder.resolve(), chosen.rows)
    _measure(bench, town, chosen)
    text = table(bench, town, chosen.viewers)
    found = {"lines": [vars(line) for line in bench.lines], "raw": bench.raw}
    (town.settings.var / "serve.json").write_text(json.dumps(found, default=str), encoding="utf-8")
    print(text)
    return text


def _measure(bench: Bench, town: Town, chosen: argparse.Namespace) -> None:
    if "explorer" in chosen.parts:
        serve_explorer.write_metric(town.settings)
    with serving(town) as served:
        people = sign_in(served, chosen.viewers)
    # Sessions outlive workers, caches do not: whoever is signed in finds workers that have drawn nothing.
    with serving(town, people) as served:
        # Known without asking the portal: its caches are cold when people arrive.
        filtered = [f"{path}?stichtag={day}" for path in COCKPITS[:5] for day in _ends(town)]
        mixed = [*START_OF_ALL * ["/"], *OFTEN * COCKPITS[:5], *filtered]
        if "viewers" in chosen.parts:
            viewers(bench, served, mixed, chosen.seconds)
        if "saturation" in chosen.parts:
            saturation(bench, served, mixed, chosen.seconds / 3)
        if "callbacks" in chosen.parts:
            callbacks(bench, served)
        if "browser" in chosen.parts:
            in_browser(bench, served, chosen.rounds)
        if "explorer" in chosen.parts:
            explorer(bench, served, mixed)
        if "refresh" in chosen.parts:
            refresh(bench, served, mixed)


def _ends(town: Town) -> list[date]:
    first = _business_date(town).replace(day=1)
    return [first - timedelta(days=1), (first - timedelta(days=1)).replace(day=1) - timedelta(days=1)]


if __name__ == "__main__":
    main()
