"""What can be measured on a page that stands: axe, scrolling, cut text, labels of drawings."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.0 to 2.2, levels A and AA.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_CUT = """
() => {
  const found = [];
  const words = e => e.textContent.trim().replace(/\\s+/g, ' ').slice(0, 60);
  const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const hidden = e => e.closest('.visually-hidden, svg, [hidden], .skip-links, option, .drawer-shade');
  for (const e of document.querySelectorAll('.shell *')) {
    if (!own(e) || hidden(e) || !e.getClientRects().length) continue;
    const range = document.createRange();
    range.selectNodeContents(e);
    const text = range.getBoundingClientRect();
    // Words for screen readers only are one pixel wide.
    if (!text.width || e.getBoundingClientRect().width <= 1) continue;
    // Wide tables may scroll inside their card; everything else has to fit into what surrounds it.
    const box = e.closest('.table-scroll, .band-entry, .tile, .card, .nav-item, .control, .button')
      || e.closest('.header, .main');
    if (!box) continue;
    const edge = box.getBoundingClientRect();
    const scrolls = box.classList.contains('table-scroll');
    if (!scrolls && (text.right > edge.right + 1 || text.left < edge.left - 1))
      found.push('sticks out of ' + box.className + ': ' + words(e));
    const style = getComputedStyle(e);
    if (style.overflowX !== 'visible' && style.overflowX !== 'auto' && e.scrollWidth > e.clientWidth + 1)
      found.push('cut off: ' + words(e));
  }
  return found;
}
"""
_LABELS = """
() => {
  const found = [];
  for (const graph of document.querySelectorAll('.js-plotly-plot')) {
    if (!graph.clientWidth) continue;
    const name = (graph.closest('[data-chart]') || { dataset: {} }).dataset.chart || '?';
    const frame = graph.getBoundingClientRect();
    const labels = [...graph.querySelectorAll('svg.main-svg text')]
      .filter(t => t.textContent.trim() && t.getBoundingClientRect().width)
      .map(t => [t.textContent.trim(), t.getBoundingClientRect()]);
    for (const [text, r] of labels)
      if (r.left < frame.left - 1 || r.right > frame.right + 1
        || r.top < frame.top - 1 || r.bottom > frame.bottom + 1)
        found.push(`${name}: „${text}“ leaves the drawing`);
    for (let i = 0; i < labels.length; i += 1)
      for (let j = i + 1; j < labels.length; j += 1) {
        const [a, b] = [labels[i][1], labels[j][1]];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // Line boxes are higher than letters: a few pixels of common height are still apart for the eye.
        if (wide > 1.5 && high > 0.4 * Math.min(a.height, b.height))
          found.push(`${name}: „${labels[i][0]}“ covers „${labels[j][0]}“`);
      }
  }
  return found;
}
"""


def axe_findings(page: Page) -> list[str]:
    """Return rule, place and reason of everything axe objects to."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    violations = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in violations
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """Return by how much the page is wider than its window, if it is."""
    more = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{more} px wider than the window"] if more > 0 else []


def cut_text(page: Page) -> list[str]:
    """Return texts that are cut off or stick out of their card."""
    found: list[str] = page.evaluate(_CUT)
    return found


def lost_labels(page: Page) -> list[str]:
    """Return labels of drawings that leave the drawing or lie on each other."""
    found: list[str] = page.evaluate(_LABELS)
    return found
