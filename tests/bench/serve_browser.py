"""How long Chromium takes until every chart of the start page stands, and what comes over the wire for it."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

# The last change inside a chart; later ones elsewhere (announcements, focus) draw nothing.
CHARTS = """
(() => {
  window.chart_change = 0; window.page_change = 0;
  new MutationObserver(changes => {
    window.page_change = performance.now();
    for (const change of changes) {
      const at = change.target.nodeType === 1 ? change.target : change.target.parentElement;
      if (at && at.closest('.js-plotly-plot, .dash-graph')) { window.chart_change = performance.now(); }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
})();
"""
STANDS = """
() => {
  const frames = [...document.querySelectorAll('.chart-drawing, .dash-graph')].filter(f => f.clientWidth);
  const drawn = frames.length > 0 && frames.every(f => {
    const svg = f.querySelector('svg.main-svg');
    return svg && getComputedStyle(svg).visibility === 'visible';
  });
  const ready = document.querySelector('.shell #inhalt h1') && drawn && document.fonts.status === 'loaded'
    && [...document.images].every(i => i.complete);
  return ready && performance.now() - window.page_change > 400;
}
"""
CLICK = """
href => {
  const links = [...document.querySelectorAll('#inhalt details.menu a')];
  const link = links.find(a => a.getAttribute('href') === href);
  window.clicked = performance.now(); window.before = document.getElementById('titel').textContent;
  link.click();
}
"""
CHANGED = (
    "() => document.getElementById('titel') && document.getElementById('titel').textContent !== window.before"
)
ANSWERED = """
() => performance.getEntriesByType('resource').filter(e => e.name.includes('_dash-update-component'))
  .map(e => e.responseEnd).pop() - window.clicked
"""
FILTERS = """
() => [...document.querySelectorAll('#inhalt details.menu a')].map(a => a.getAttribute('href'))
"""


@dataclass
class Seen:
    """Milliseconds until the charts stand, and bytes over the wire, by kind of visit."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    size: dict[str, list[int]] = field(default_factory=dict)
    requests: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def note(self, kind: str, ms: float, wire: Wire | None = None) -> None:
        """Keep one visit."""
        self.ms.setdefault(kind, []).append(ms)
        if wire is not None:
            self.size.setdefault(kind, []).append(wire.bytes)
            self.requests[kind] = sorted(wire.requests, reverse=True)

    def median(self, kind: str) -> float:
        """Median of a kind of visit."""
        return statistics.median(self.ms[kind]) if self.ms.get(kind) else 0.0


class Wire:
    """What comes over the wire, headers included, as the browser itself counts it."""

    def __init__(self, page: Page) -> None:
        self.bytes, self.requests = 0, list[tuple[int, str]]()
        self._names: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def _sent(self, told: dict[str, Any]) -> None:
        self._names[told["requestId"]] = told["request"]["url"]

    def _finished(self, told: dict[str, Any]) -> None:
        size = int(told["encodedDataLength"])
        self.bytes += size
        self.requests.append((size, self._names.get(told["requestId"], "?")))


def watch(browser: Browser, base: str, state: Any, rounds: int) -> Seen:
    """Visit the start page cold (nothing cached) and warm, then choose filters nobody has asked for."""
    seen = Seen()
    for number in range(rounds):
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="de-DE", storage_state=state
        )
        context.add_init_script(CHARTS)
        _visit(context, base, "cold", seen)
        page = _visit(context, base, "warm", seen)
        _choose(page, seen, number)
        context.close()
    return seen


def _visit(context: BrowserContext, base: str, kind: str, seen: Seen) -> Page:
    page = context.new_page()
    wire = Wire(page)
    page.goto(base, wait_until="commit")
    page.wait_for_function(STANDS, timeout=30_000)
    seen.note(kind, float(page.evaluate("window.chart_change")), wire)
    return page


def _choose(page: Page, seen: Seen, number: int) -> None:
    """Two other days of each round: no browser and no worker has seen them before."""
    for href in page.evaluate(FILTERS)[1 + 2 * number : 3 + 2 * number]:
        page.evaluate(CLICK, href)
        page.wait_for_function(CHANGED, timeout=30_000)
        page.wait_for_function(STANDS, timeout=30_000)
        seen.note("filter", float(page.evaluate("window.chart_change - window.clicked")))
        seen.note("filter, until answered", float(page.evaluate(ANSWERED)))
