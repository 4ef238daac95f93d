"""Chromium, and a person in front of it: signs in, waits until a page stands, notes what goes wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    Response,
    TimeoutError,
    sync_playwright,
)

from tests.browser.portal import Portal

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Looked at by the clock: a window that is not painted for a while has no frames to look at.
LOOK_MS = 40
DESKTOP, TABLET, MOBILE = (1440, 900), (1024, 768), (390, 844)
# Counts the questions of the page to the server, so that a test never waits by the clock.
WATCH = """
(() => {
  window.asked = 0; window.open_questions = 0; window.policy_violations = []; window.last_change = 0;
  window.waiting_for = new Map();
  new MutationObserver(changes => { window.last_change = performance.now(); window.changed = changes[0]; })
    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  document.addEventListener('securitypolicyviolation', e =>
    window.policy_violations.push(e.violatedDirective + ' ' + e.blockedURI));
  const original = window.fetch;
  window.fetch = function (resource) {
    const address = typeof resource === 'string' ? resource : resource.url;
    if (!address.includes('_dash-update-component')) return original.apply(this, arguments);
    window.asked += 1; window.open_questions += 1;
    const number = window.asked, answer = original.apply(this, arguments);
    window.waiting_for.set(number, location.pathname + location.search + ' since ' + performance.now());
    // Answered is what has arrived as a whole; drawing it begins only then.
    const done = () => setTimeout(() => {
      window.open_questions -= 1; window.last_change = performance.now(); window.waiting_for.delete(number);
    }, 0);
    answer.then(response => {
      window.waiting_for.set(number, window.waiting_for.get(number) + ', answered ' + response.status);
      return response.clone().text();
    }).then(done, done);
    return answer;
  };
})();
"""
_FOLLOW = """
path => {
  const link = document.createElement('a');
  link.href = path;
  document.getElementById('inhalt').append(link);
  link.click();
  link.remove();
}
"""
# An answered, drawn page nobody has touched for a moment: React, portal.js and Plotly are done.
STANDS = """
() => {
  // A drawing is loaded late: as long as its frame is empty, there is nothing of Plotly to be found.
  const places = document.querySelectorAll('.chart-drawing:not(:has(.town-courses)), .dash-graph');
  const frames = [...places].filter(f => f.clientWidth);
  const drawn = frames.every(f => {
    const svg = f.querySelector('svg.main-svg');
    return svg && getComputedStyle(svg).visibility === 'visible';
  });
  const ready = window.open_questions === 0 && document.querySelector('.shell #inhalt h1') && drawn
    && document.fonts.status === 'loaded' && !document.querySelector('[aria-busy=true]');
  return ready && performance.now() - window.last_change > 150;
}
"""


# What a page that never comes to rest is still waiting for.
RESTLESS = """
async () => {
  let frames = 0;
  const count = () => { frames += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
  await new Promise(over => setTimeout(over, 1000));
  const change = window.changed;
  const node = change && (change.target.outerHTML || change.target.textContent || '');
  return JSON.stringify({
    address: location.href, now: performance.now(), frames, shown: document.visibilityState,
    open_questions: window.open_questions, waiting_for: [...(window.waiting_for || new Map()).values()],
    title: document.querySelector('.shell #inhalt h1')?.textContent, fonts: document.fonts.status,
    busy: [...document.querySelectorAll('[aria-busy=true]')].map(place => place.id || place.className),
    empty: [...document.querySelectorAll('.chart-drawing, .dash-graph')].filter(frame =>
      frame.clientWidth && !frame.querySelector('svg')).map(frame => frame.id || frame.className),
    last_change: window.last_change, changed: change && (change.type + ' of ' + node.slice(0, 300)),
  }, null, 1);
}
"""


@dataclass
class Trouble:
    """What a person would never see and an administrator should never find."""

    console: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def everything(self) -> list[str]:
        """Return all of it in one list."""
        return [*self.console, *self.answers, *self.foreign, *self.violations]

    def clear(self) -> None:
        """Forget all of it."""
        for notes in (self.console, self.answers, self.foreign, self.violations):
            notes.clear()


@dataclass
class Person:
    """A signed-in person with one window."""

    portal: Portal
    page: Page
    trouble: Trouble

    def open(self, path: str) -> Page:
        """Type an address and wait until the page stands."""
        self.page.goto(self.portal.base + path, wait_until="commit")
        self.wait()
        return self.page

    def follow(self, path: str) -> Page:
        """Go to an address as a link of the page does, without loading everything anew."""
        if self.page.url in ("about:blank", self.portal.base + path):
            return self.open(path)
        self.do(lambda: self.page.evaluate(_FOLLOW, path))
        return self.page

    def wait(self) -> None:
        """Wait until the page has been answered and drawn."""
        try:
            self.page.wait_for_function(STANDS, timeout=60_000, polling=LOOK_MS)
        except TimeoutError as late:
            raise AssertionError(f"the page does not come to rest: {self.page.evaluate(RESTLESS)}") from late
        self.trouble.violations += self.page.evaluate("window.policy_violations.splice(0)")

    def do(self, action: Callable[[], object]) -> None:
        """Do something that asks the server and wait for the answer."""
        before = self.page.evaluate("window.asked")
        action()
        self.page.wait_for_function(
            "before => window.asked > before", arg=before, timeout=30_000, polling=LOOK_MS
        )
        self.wait()

    def resize(self, width: int, height: int) -> None:
        """Give the window another size and wait until the drawings have followed."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_timeout(250)  # portal.js waits 150 ms for the end of the movement
        self.wait()

    def paths(self) -> dict[str, str]:
        """Return title by address of everything the navigation offers."""
        return dict(
            self.page.eval_on_selector_all(
                "#navigation .nav-item",
                "links => links.map(a => [a.getAttribute('href'), a.innerText.trim()])",
            )
        )


@dataclass
class Desk:
    """A browser that can seat several persons; each role signs in once."""

    portal: Portal
    browser: Browser
    _states: dict[str, Any] = field(default_factory=dict)

    def sign_in(self, login: str) -> Any:
        """Use a one-time link as a person does and keep the cookies."""
        if login not in self._states:
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(self.portal.link(login))
            page.click("form button[type=submit]")
            page.wait_for_selector("#inhalt h1", timeout=20_000)
            self._states[login] = context.storage_state()
            context.close()
        return self._states[login]

    @contextmanager
    def person(
        self, login: str, size: tuple[int, int] = DESKTOP, theme: str = "light", **more: Any
    ) -> Iterator[Person]:
        """Seat a person; afterwards the window is closed."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            locale="de-DE",
            timezone_id="Europe/Berlin",
            storage_state=self.sign_in(login),
            **more,
        )
        try:
            yield seat(context, self.portal)
        finally:
            context.close()


def seat(context: BrowserContext, portal: Portal) -> Person:
    """Open a window that notes errors, refusals and requests that leave the house."""
    context.add_init_script(WATCH)
    page = context.new_page()
    trouble = Trouble()
    home = urlsplit(portal.base).netloc

    def answered(response: Response) -> None:
        if response.status >= 400:
            trouble.answers.append(f"{response.status} {response.url}")

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != home:
            trouble.foreign.append(request.url)

    page.on("response", answered)
    page.on("request", asked)
    page.on("pageerror", lambda error: trouble.console.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda line: trouble.console.append(f"{page.url}: {line.text}") if line.type == "error" else None,
    )
    return Person(portal, page, trouble)


def executable() -> str | None:
    """Return the path of the installed Chromium."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Start the installed Chromium; nothing is downloaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
