"""The whole portal clicked through with the log of the browser: nothing foreign, nothing refused, no error.

Shown with `pytest -s tests/browser/test_browser_network.py`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.chromium import Desk, Person

OWN_SCHEMES = ("data", "blob", "about")


@dataclass
class BrowserLog:
    """What Chromium itself noted: every request, whatever asked for it, and every fault it knows of."""

    home: str
    asked: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    policy: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def listen(self, session: CDPSession) -> None:
        """Note from now on what happens in this window."""
        for domain in ("Network", "Log", "Runtime", "Audits"):
            session.send(f"{domain}.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.webSocketCreated", lambda event: self._seen(event["url"], "WebSocket"))
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFailed", self._lost)
        session.on("Log.entryAdded", lambda event: self._told(event["entry"]))
        session.on("Runtime.exceptionThrown", lambda event: self.console.append(str(event)))
        session.on("Runtime.consoleAPICalled", self._called)
        session.on("Audits.issueAdded", self._issue)

    def _asked(self, event: dict[str, Any]) -> None:
        self._seen(event["request"]["url"], event.get("type", "Other"))

    def _seen(self, url: str, kind: str) -> None:
        address = urlsplit(url)
        if address.scheme in OWN_SCHEMES:
            return
        self.asked.append(url)
        self.kinds[kind] += 1
        if address.netloc != self.home:
            self.foreign.append(url)

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"]["status"] >= 400:
            self.failed.append(f"{event['response']['status']} {event['response']['url']}")

    def _lost(self, event: dict[str, Any]) -> None:
        # A download and a question that is not wanted any more are given up, not lost.
        if not event.get("canceled") and event.get("errorText") != "net::ERR_ABORTED":
            self.failed.append(f"{event.get('errorText')} {event.get('blockedReason', '')}")

    def _told(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error":
            self.console.append(f"{entry['source']}: {entry['text']}")

    def _called(self, event: dict[str, Any]) -> None:
        if event["type"] in ("error", "assert"):
            self.console.append(str(event["args"])[:300])

    def _issue(self, event: dict[str, Any]) -> None:
        issue = event["issue"]
        if issue["code"] in ("ContentSecurityPolicyIssue", "MixedContentIssue", "BlockedByResponseIssue"):
            self.policy.append(str(issue["details"])[:300])

    def faults(self) -> list[str]:
        """Everything that must not be."""
        return [*self.foreign, *self.failed, *self.policy, *self.console]

    def shown(self, steps: Counter[str]) -> str:
        """The numbers, as a table."""
        lines = [f"  {name:<28}{count:>6}" for name, count in steps.items()]
        lines += [f"  {f'requests: {kind}':<28}{count:>6}" for kind, count in sorted(self.kinds.items())]
        faults = {"foreign requests": self.foreign, "failed requests": self.failed,
                  "violations of the policy": self.policy, "errors in the console": self.console}  # fmt: skip
        lines += [f"  {name:<28}{len(found):>6}" for name, found in faults.items()]
        return "\n".join(["Clicked through, as Chromium logged it:", *lines])


@pytest.mark.timeout(900)
def test_k14_a_click_through_asks_nobody_else_breaks_no_policy_and_makes_no_error(desk: Desk) -> None:
    steps: Counter[str] = Counter()
    with desk.person("controlling") as person:
        log = BrowserLog(urlsplit(person.portal.base).netloc)
        log.listen(person.page.context.new_cdp_session(person.page))
        person.open("/")
        titles = {path: _page(person, path, steps) for path in person.paths()}
        for path in (
            "/barrierefreiheit",
            "/barriere-melden?seite=/",
            "/hilfe/budget",
            "/datensaetze/services",
        ):
            person.follow(path)
            steps["pages beside the navigation"] += 1
        _search(person, steps)
        _appearance(person, steps)
        log.policy += person.trouble.violations
    print("\n" + log.shown(steps))
    assert log.faults() == []
    assert len(set(titles.values())) == len(titles), "two pages have the same title"
    assert steps["pages"] > 10 and steps["exports"] > 8 and steps["panels"] > 5 and steps["tabs"] > 5
    assert len(log.asked) > 100, "the log of the browser was empty"


def _page(person: Person, path: str, steps: Counter[str]) -> str:
    """Open an entry of the navigation and everything on its page; return its title."""
    page = person.page
    if not page.url.endswith(path) or path == "/budget":
        person.do(page.locator(f"#navigation .nav-item[href='{path}']").click)
    steps["pages"] += 1
    title = page.title()
    _tabs(person, steps)
    _menus(page, steps)
    _tables(person, steps)
    _export(page, steps)
    _panel(person, steps)
    return title


def _tabs(person: Person, steps: Counter[str]) -> None:
    page = person.page
    for position in range(page.locator(".segments a").count()):
        tab = page.locator(".segments a").nth(position)
        if not tab.get_attribute("aria-current"):
            person.do(tab.click)
            steps["tabs"] += 1
            person.do(page.go_back)


def _menus(page: Page, steps: Counter[str]) -> None:
    for menu in page.locator("#inhalt details.menu > summary:visible").all()[:4]:
        menu.click()
        steps["menus"] += 1
        page.keyboard.press("Escape")


def _tables(person: Person, steps: Counter[str]) -> None:
    for button in person.page.locator("#inhalt .table-button:visible").all():
        button.click()
        steps["tables of charts"] += 1
        button.click()
    person.wait()


def _export(page: Page, steps: Counter[str]) -> None:
    """Fetch a file of each kind the first card offers; after the first page two are enough."""
    menu = page.locator("#inhalt .card .export-menu:visible").first
    if not menu.count():
        return
    menu.locator("summary").click()
    for entry in menu.locator("a").all()[: 2 if steps["exports"] else None]:
        with page.expect_download() as fetched:
            entry.click()
        assert fetched.value.failure() is None
        steps["exports"] += 1
    page.keyboard.press("Escape")


def _panel(person: Person, steps: Counter[str]) -> None:
    page = person.page
    link = page.locator("#inhalt a[data-origin]:visible").first
    if link.count():
        person.do(link.click)
        expect(page.locator(".drawer")).to_be_visible()
        steps["panels"] += 1
        person.do(lambda: page.keyboard.press("Escape"))


def _search(person: Person, steps: Counter[str]) -> None:
    page = person.page
    for words in ("bau", "ozg 01", "quxzy"):
        page.keyboard.press("Control+k")
        page.locator("#suche").fill(words)
        expect(page.locator("#suche-hinweis")).not_to_be_empty()
        steps["searches"] += 1
        page.keyboard.press("Escape")


def _appearance(person: Person, steps: Counter[str]) -> None:
    for _ in range(2):
        person.page.locator(".theme-button").click()
        person.wait()
        steps["appearances"] += 1
