"""The whole product as people start it: example city, web server and night, sign-in, Ctrl+C, second start."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

import pytest


@dataclass
class Demo:
    """A running `isek demo`."""

    folder: Path
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def links(self) -> list[str]:
        """One-time links in the order of the roles."""
        return re.findall(r"http://localhost:\d+/anmelden/link/\S+", "".join(self.said))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path) -> Demo:
    port = _free_port()
    command = [sys.executable, "-m", "dashboard", "demo", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder.parent
    )
    demo = Demo(folder, port, process)
    assert process.stdout
    _read_until(process.stdout, "Beenden mit", demo.said)
    return demo


def _read_until(stream: IO[str], word: str, said: list[str]) -> None:
    for text in stream:
        said.append(text)
        if word in text:
            return
    raise AssertionError("".join(said))


def _stop(demo: Demo) -> str:
    demo.process.send_signal(signal.SIGINT)
    return demo.process.communicate(timeout=120)[0]


class Browser:
    """A cookie jar and two verbs."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(urllib.request.Request(self.base + path))

    def post(self, path: str, data: bytes, kind: str) -> tuple[int, str]:
        headers = {"Origin": self.base, "Content-Type": kind}
        return self._ask(urllib.request.Request(self.base + path, data=data, headers=headers, method="POST"))

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._open(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def sign_in(self, link: str) -> None:
        path = link.removeprefix(self.base)
        page = self.get(path)[1]
        csrf = page.split('name="csrf" value="')[1].split('"')[0]
        form = urlencode({"csrf": csrf, "token": path.rsplit("/", 1)[1]}).encode()
        self.post("/anmelden/link", form, "application/x-www-form-urlencoded")

    def page(self, path: str) -> tuple[int, str]:
        """What the browser gets after a click."""
        body = {
            "output": "rahmen.children",
            "outputs": {"id": "rahmen", "property": "children"},
            "inputs": [
                {"id": "ort", "property": "pathname", "value": path},
                {"id": "ort", "property": "search", "value": ""},
            ],
            "state": [],
            "changedPropIds": ["ort.pathname"],
        }
        return self.post("/_dash-update-component", json.dumps(body).encode(), "application/json")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = _start(tmp_path_factory.mktemp("demo") / "musterstadt")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def _browser(demo: Demo, role: int) -> Browser:
    browser = Browser(f"http://localhost:{demo.port}")
    browser.sign_in(demo.links[role])
    return browser


def test_the_example_city_is_served_and_each_role_gets_a_link(demo: Demo) -> None:
    assert len(demo.links) == 4
    assert _browser(demo, 0).get("/_dash-layout")[0] == 200
    assert Browser(f"http://localhost:{demo.port}").get("/_dash-layout")[0] == 401


def test_pages_show_figures_of_the_snapshot_and_follow_a_rollback(demo: Demo) -> None:
    browser = _browser(demo, 2)
    refresh = [
        sys.executable,
        "-m",
        "dashboard",
        "refresh",
        "--city",
        str(demo.folder),
        "--only",
        "wirkungskatalog",
    ]
    # At a quarter past three the night of the portal itself may be going on.
    for _ in range(60):
        ran = subprocess.run(refresh, check=False, capture_output=True, text=True, timeout=240)
        if "Ein anderer Lauf hält den Datenbestand" not in ran.stderr:
            break
        time.sleep(1)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    code, text = browser.page("/")
    assert code == 200
    isek = [sys.executable, "-m", "dashboard"]
    names = json.loads(
        subprocess.run(
            [*isek, "snapshots", "--json", "--city", str(demo.folder)],
            check=True,
            capture_output=True,
            timeout=120,
        ).stdout
    )
    subprocess.run(
        [*isek, "rollback", "--city", str(demo.folder)], check=True, capture_output=True, timeout=120
    )
    code, text = browser.page("/")
    assert code == 200
    assert names[0]["name"] not in text
    assert "Vorgangsnummer" not in text


def test_a_second_instance_on_the_same_port_is_refused_with_a_way_out(demo: Demo) -> None:
    command = [
        sys.executable,
        "-m",
        "dashboard",
        "serve",
        "--city",
        str(demo.folder),
        "--port",
        str(demo.port),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2 and "--port" in done.stderr


def test_ctrl_c_ends_everything_and_the_second_start_is_quick_and_keeps_the_data(demo: Demo) -> None:
    rest = _stop(demo)
    assert demo.process.returncode == 0, rest
    said = "".join(demo.said) + rest
    assert "Traceback" not in said and " incident=" not in said
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", demo.port)) != 0
    assert not (demo.folder / "var" / "run" / "web.pid").exists()
    ledger_before = (demo.folder / "var" / "ledger.sqlite").stat().st_ino
    snapshots_before = {p.name for p in (demo.folder / "var" / "warehouse" / "snapshots").glob("*.duckdb")}
    again = _start(demo.folder)
    try:
        assert (demo.folder / "var" / "ledger.sqlite").stat().st_ino == ledger_before
        assert snapshots_before <= {
            p.name for p in (demo.folder / "var" / "warehouse" / "snapshots").glob("*.duckdb")
        }
        assert "Beispielstadt" not in "".join(again.said)
    finally:
        _stop(again)
    assert {p.name for p in demo.folder.parent.iterdir()} == {"musterstadt"}
