"""What can be measured on a page that stands: axe, scrolling, cut text, labels of drawings."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A desk, a phone, and 1280 × 1024 at 400 %.
LOOKS = ((1440, 900), (390, 844), (320, 256))
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# WCAG 2.0 to 2.2, levels A and AA.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_HEADINGS = """
() => [...document.querySelectorAll('#inhalt :is(h1, h2, h3, h4, h5, h6)')]
  .filter(h => h.checkVisibility())
  .map(h => [Number(h.tagName[1]), h.textContent.trim()])
"""
# Statements and the description of the tables name columns on purpose; so do the terms „Kennung“ and a name
# in brackets behind its German title.
_CODES = """
() => {
  const found = [];
  const meant = e => e.closest('pre, .table-columns, .table-populations, .table-subjects, .detail .paragraph')
    || (e.tagName === 'DD' && /Kennung|Schlüssel/.test((e.previousElementSibling || e).textContent));
  const walker = document.createTreeWalker(document.querySelector('.shell'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, code = node.data.match(/(?<!\\w \\()\\b[a-zäöü]+(_[a-z0-9]+)+\\b/);
    if (code && node.parentElement.checkVisibility() && !meant(node.parentElement))
      found.push(`${code[0]} in „${node.data.trim().slice(0, 90)}“`);
  }
  return found;
}
"""
_CUT = """
() => {
  const found = [];
  const words = e => e.textContent.trim().replace(/\\s+/g, ' ').slice(0, 60);
  const own = e => [...e.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim());
  const hidden = e => e.closest('.visually-hidden, svg, .skip-links, .drawer-shade') || !e.checkVisibility();
  for (const e of document.querySelectorAll('.shell *')) {
    if (!own(e).length || hidden(e)) continue;
    const rects = own(e).flatMap(node => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()];
    });
    const text = { left: Math.min(...rects.map(r => r.left)), right: Math.max(...rects.map(r => r.right)) };
    // Words for screen readers only are one pixel wide.
    if (!rects.length || e.getBoundingClientRect().width <= 1) continue;
    // Wide tables may scroll inside their card; everything else has to fit into what surrounds it.
    const box = e.closest('.table-scroll, pre, .band-entry, .tile, .card, .nav-item, .control, .button')
      || e.closest('.header, .main');
    if (!box) continue;
    const edge = box.getBoundingClientRect();
    const scrolls = ['auto', 'scroll'].includes(getComputedStyle(box).overflowX);
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
  // Boxes of slanted words overlap where their letters do not.
  const slanted = t => /rotate\\(-?[1-9]/.test(t.getAttribute('transform') || '');
  for (const graph of document.querySelectorAll('.js-plotly-plot')) {
    if (!graph.clientWidth) continue;
    const name = (graph.closest('[data-chart]') || { dataset: {} }).dataset.chart || '?';
    const frame = graph.getBoundingClientRect();
    const labels = [...graph.querySelectorAll('svg.main-svg text')]
      .filter(t => t.textContent.trim() && t.getBoundingClientRect().width)
      .map(t => [t.textContent.trim(), t.getBoundingClientRect(), t]);
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
        if (slanted(labels[i][2]) || slanted(labels[j][2])) continue;
        if (wide > 1.5 && high > 0.4 * Math.min(a.height, b.height))
          found.push(`${name}: „${labels[i][0]}“ covers „${labels[j][0]}“`);
      }
  }
  return found;
}
"""


# WCAG 2.5.8: 24 px each way, or a circle of 24 px around the target that touches no other; links inside
# sentences are as high as their line.
_TARGETS = """
within => {
  const marks = 'a[href], button, summary, input:not([type=hidden]), textarea, select, [tabindex="0"]';
  // Marks of drawings are as small as what they show; the table has the same links (2.5.8, „equivalent“).
  const shown = e => e.checkVisibility() && !e.closest('.skip-links, .visually-hidden')
    && e.getClientRects().length && !e.closest('.dash-graph') && !e.matches('.chart-way')
    && !e.matches('.table-scroll, .chart-table, .drawer-shade, pre') && !e.closest('[inert]');
  const inline = e => getComputedStyle(e).display === 'inline'
    && [...e.parentElement.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const inside = e => !within || e.closest(within);
  // Rows scrolled out of their table lie behind what follows it, where nobody can press them.
  const inSight = e => {
    const box = e.closest('.table-scroll, .chart-table');
    if (!box) return true;
    const r = e.getBoundingClientRect(), b = box.getBoundingClientRect();
    return r.top < b.bottom && r.bottom > b.top && r.left < b.right && r.right > b.left;
  };
  const boxes = [...document.querySelectorAll(marks)].filter(e => shown(e) && inside(e) && inSight(e))
    .map(e => [e, e.getBoundingClientRect()]);
  const centre = r => [(r.left + r.right) / 2, (r.top + r.bottom) / 2];
  const found = [];
  for (const [e, r] of boxes) {
    if ((r.width >= 23.5 && r.height >= 23.5) || inline(e) || r.width <= 1) continue;
    const [x, y] = centre(r);
    // The bar at the bottom lies above what scrolls below it; it is no neighbour.
    const near = boxes.find(([other, o]) => other !== e && !other.contains(e) && !e.contains(other)
      && !other.closest('.bottom-bar') === !e.closest('.bottom-bar')
      && Math.hypot(Math.max(o.left - x, 0, x - o.right), Math.max(o.top - y, 0, y - o.bottom)) < 12);
    if (near) found.push(`${Math.round(r.width)}×${Math.round(r.height)} ${e.textContent.trim().slice(0, 40)}`
      + ` beside ${near[0].textContent.trim().slice(0, 40)}`);
  }
  return found;
}
"""
# WCAG 2.4.7 and 2.4.11: the stop has a ring and lies, at least in part, before everything else.
_FOCUS = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return ['nothing has the focus'];
  const name = (e.getAttribute('aria-label') || e.innerText || e.id || e.tagName).trim().slice(0, 50);
  // The ring may lie around the frame of the search or around the whole tile.
  const rings = [[e, null], [e, '::after'], [e.closest('.search') || e, null],
    [e.closest('.dash-input-container') || e, null]].map(([element, part]) => {
    const style = getComputedStyle(element, part);
    return style.outlineStyle !== 'none' ? parseFloat(style.outlineWidth) : 0;
  });
  // Headings take the focus after a move so that reading goes on there; nothing is operated on them.
  const found = Math.max(...rings) < 2 && !e.matches('h1, h2, nav') ? [`no ring: ${name}`] : [];
  const shown = [...e.getClientRects()].flatMap(r => {
    const [left, right] = [Math.max(r.left, 0), Math.min(r.right, innerWidth)];
    const [top, bottom] = [Math.max(r.top, 0), Math.min(r.bottom, innerHeight)];
    if (right - left < 1 || bottom - top < 1) return [];
    const along = (from, to) => [0.02, 0.25, 0.5, 0.75, 0.98].map(part => from + (to - from) * part);
    return along(left, right).flatMap(x => along(top, bottom).map(y => document.elementFromPoint(x, y)));
  });
  // A field lies behind its label or its frame where these take the click for it.
  const own = hit => hit && (e.contains(hit) || hit.contains(e) && !hit.matches('.bottom-bar, .header'));
  if (!shown.some(own)) found.push(`${shown.length ? 'covered' : 'outside of the window'}: ${name}`);
  return found;
}
"""
_TABLES = """
() => [...document.querySelectorAll('table')].filter(t => t.checkVisibility()).flatMap(t => {
  const name = (t.caption ? t.caption.textContent.trim() : '') || t.getAttribute('aria-label') || '';
  const heads = [...t.querySelectorAll('thead th')], rows = t.tBodies[0] ? t.tBodies[0].rows.length : 0;
  const found = [];
  if (!name) found.push(`no caption: ${t.className}`);
  if (!heads.length || heads.some(h => !/^col/.test(h.scope))) found.push(`heads without scope: ${name}`);
  if (rows && !t.querySelector('tbody th[scope^=row]')) found.push(`rows without a head: ${name}`);
  return found;
})
"""
_DRAWINGS = """
() => [...document.querySelectorAll('#inhalt svg, #inhalt img')]
  .filter(d => d.checkVisibility() && !d.closest('[aria-hidden=true], .main-svg'))
  .filter(d => d.getAttribute('alt') !== '')
  .filter(d => !(d.alt || d.getAttribute('aria-label') || d.getAttribute('aria-labelledby')))
  .map(d => `a drawing without a name: ${d.outerHTML.slice(0, 120)}`)
"""
# WCAG 1.4.12
SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
# Links in texts and feet are as high as their line; what is pressed or typed into is not.
_FINGERS = """
() => [...document.querySelectorAll(
  'button, summary, input:not([type=hidden]), textarea, select, .button, .nav-item')]
  .filter(e => e.checkVisibility() && e.getClientRects().length)
  .filter(e => !e.closest('.visually-hidden, .search, .dash-graph, .drawer-shade, [inert], .origin-more'))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, r]) => r.width > 1 && Math.min(r.width, r.height) < 43.5)
  .map(([e, r]) => `${Math.round(r.width)}×${Math.round(r.height)} ${e.className || e.id} ${e.textContent}`)
"""
_FORCED = """
() => {
  const found = [];
  const clear = v => !v || v === 'none' || v === 'rgba(0, 0, 0, 0)' || v === 'transparent';
  for (const e of document.querySelectorAll('.card, .tile, .badge, .button, .control, .info-bar')) {
    if (!e.checkVisibility() || !e.getClientRects().length) continue;
    const s = getComputedStyle(e);
    if (!parseFloat(s.borderTopWidth) && !parseFloat(s.borderBottomWidth) && !parseFloat(s.outlineWidth))
      found.push(`no outline: ${e.className} ${e.textContent.trim().slice(0, 40)}`);
  }
  for (const e of document.querySelectorAll('.sign, .icon, .swatch')) {
    if (!e.checkVisibility() || !e.getClientRects().length) continue;
    const s = getComputedStyle(e), back = s.backgroundImage, mask = s.maskImage || s.webkitMaskImage;
    const edges = parseFloat(s.borderTopWidth) + parseFloat(s.borderLeftWidth);
    if (clear(back) && clear(mask) && clear(s.backgroundColor) && !edges)
      found.push(`no sign: ${e.className}`);
  }
  const here = document.querySelector('.nav-item[aria-current=page]');
  if (here && here.checkVisibility() && !parseFloat(getComputedStyle(here).outlineWidth))
    found.push('the present page is not marked in the navigation');
  return [...new Set(found)];
}
"""
_COLOUR_ALONE = """
() => [...document.querySelectorAll('.badge, .status')]
  .filter(e => e.checkVisibility() && !(e.querySelector('.sign') && e.textContent.trim()))
  .map(e => `${e.className}: ${e.textContent.trim()}`)
"""


def small_targets(page: Page, within: str = "") -> list[str]:
    """Return what is smaller than 24 px and has another target beside it, in the page or inside a part."""
    found: list[str] = page.evaluate(_TARGETS, within)
    return found


def too_small_for_a_finger(page: Page) -> list[str]:
    """Return what is pressed or typed into and is smaller than 44 px on a screen that is touched."""
    found: list[str] = page.evaluate(_FINGERS)
    return found


def lost_in_forced_colours(page: Page) -> list[str]:
    """Return what loses its outline or its sign when the system chooses the colours."""
    page.emulate_media(forced_colors="active")
    found: list[str] = page.evaluate(_FORCED)
    page.emulate_media(forced_colors="none")
    return found


def moving(page: Page) -> list[str]:
    """Return what still moves for somebody who asked for reduced motion."""
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = page.evaluate(
        "document.getAnimations().filter(a => a.playState === 'running').map(a => String(a.animationName))"
    )
    page.emulate_media(reduced_motion="no-preference")
    return found


def colour_alone(page: Page) -> list[str]:
    """Return ratings without sign or without word."""
    found: list[str] = page.evaluate(_COLOUR_ALONE)
    return found


def focus_faults(page: Page) -> list[str]:
    """Return why the present stop of the keyboard cannot be seen."""
    found: list[str] = page.evaluate(_FOCUS)
    return found


def table_faults(page: Page) -> list[str]:
    """Return tables without caption or without heads of their columns and rows."""
    found: list[str] = page.evaluate(_TABLES)
    return found


def unnamed(page: Page) -> list[str]:
    """Return what is wrong with the language and the title of the window."""
    language, title = page.evaluate("[document.documentElement.lang, document.title]")
    heading = page.locator("#titel").inner_text().replace("\n", " ").strip()
    return [] if language == "de" and title and heading else [f"language „{language}“, title „{title}“"]


def nameless_drawings(page: Page) -> list[str]:
    """Return drawings that are neither named nor hidden from who cannot see them."""
    found: list[str] = page.evaluate(_DRAWINGS)
    return found


def axe_findings(page: Page, *, colours_only: bool = False, covered: bool = False) -> list[str]:
    """Return rule, place and reason of everything axe objects to.

    `colours_only` is for another colour scheme of a page that was examined whole: nothing else can differ.
    `covered` is for an open menu: what it covers in part is no target until it closes.
    """
    rules = (
        {"type": "rule", "values": ["color-contrast"]} if colours_only else {"type": "tag", "values": TAGS}
    )
    options: dict[str, Any] = {"runOnly": rules, "resultTypes": ["violations"]}
    if covered:
        options["rules"] = {"target-size": {"enabled": False}}
    violations = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in violations
        for node in rule["nodes"]
    ]


def faults_in_every_look(page: Page) -> list[str]:
    """Return what axe, width and targets object to in light and dark, wide, narrow and at 400 %."""
    found = []
    for width, height in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            lines = axe_findings(page, colours_only=theme == "dark")
            lines += [*sideways(page), *small_targets(page)] if theme == "light" else []
            found += [f"{width} {theme}: {line}" for line in lines]
    page.emulate_media(color_scheme="light")
    return found


def sideways(page: Page) -> list[str]:
    """Return by how much the page is wider than its window, if it is."""
    more = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{more} px wider than the window"] if more > 0 else []


def cut_text(page: Page) -> list[str]:
    """Return texts that are cut off or stick out of their card."""
    found: list[str] = page.evaluate(_CUT)
    return found


def heading_faults(page: Page) -> list[str]:
    """Return headings of the content that do not follow from the one before; the title comes first."""
    found: list[tuple[int, str]] = [(int(level), words) for level, words in page.evaluate(_HEADINGS)]
    if [level for level, _ in found[:1]] != [1] or sum(level == 1 for level, _ in found) != 1:
        return [f"the title is not the first and only heading of its level: {found[:3]}"]
    return [
        f"h{after[0]} „{after[1]}“ stands below h{before[0]} „{before[1]}“"
        for before, after in pairwise(found)
        if after[0] > before[0] + 1
    ]


def code_words(page: Page) -> list[str]:
    """Return names of columns and values of files that stand in texts of the content."""
    found: list[str] = page.evaluate(_CODES)
    return found


def lost_labels(page: Page) -> list[str]:
    """Return labels of drawings that leave the drawing or lie on each other."""
    found: list[str] = page.evaluate(_LABELS)
    return found
