/* Search of the header: asks the server while typing, shows the hits as a list box below the field.
   The server decides what may be found; every text goes in as text. */
(function () {
  "use strict";

  var WAIT_MS = 180;
  var timer = null;
  var asked = null; // running question, so that an older answer never follows a newer one
  var active = -1;
  var live = null;

  function field() { return document.getElementById("suche"); }
  function box() { return document.getElementById("suche-liste"); }
  function list() { return document.getElementById("suche-treffer"); }
  function hint() { return document.getElementById("suche-hinweis"); }
  function options() { return list() ? Array.prototype.slice.call(list().querySelectorAll("[role='option']")) : []; }
  function isOpen() { return Boolean(box()) && !box().hidden; }

  /* The renderer knows no ARIA for its fields. */
  function prepare(input) {
    if (input.getAttribute("role") === "combobox") { return; }
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", "suche-treffer");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-expanded", "false");
  }

  function announce(text) {
    if (!live) {
      live = document.createElement("div");
      live.className = "visually-hidden";
      live.setAttribute("role", "status");
      document.body.appendChild(live);
    }
    if (live.textContent !== text) { live.textContent = text; }
  }

  function close() {
    clearTimeout(timer);
    if (asked) { asked.abort(); asked = null; }
    active = -1;
    if (box()) { box().hidden = true; }
    if (field()) {
      // A field that is no combobox yet must not say that it is closed.
      prepare(field());
      field().setAttribute("aria-expanded", "false");
      field().removeAttribute("aria-activedescendant");
    }
  }

  function text(tag, className, words) {
    var element = document.createElement(tag);
    element.className = className;
    element.textContent = words;
    return element;
  }

  function option(hit, number) {
    var link = document.createElement("a");
    link.id = "suche-treffer-" + number;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    link.href = hit[2];
    link.appendChild(text("span", "search-title", hit[0]));
    link.appendChild(text("span", "search-kind", hit[1]));
    return link;
  }

  function show(answer) {
    if (!box() || !list() || !hint() || document.activeElement !== field()) { return; }
    var number = 0;
    var groups = answer.gruppen.map(function (group, place) {
      var part = document.createElement("div");
      var title = text("div", "search-group", group.titel);
      title.id = "suche-gruppe-" + place;
      part.setAttribute("role", "group");
      part.setAttribute("aria-labelledby", title.id);
      title.setAttribute("role", "presentation");
      part.appendChild(title);
      group.treffer.forEach(function (hit) { part.appendChild(option(hit, number)); number += 1; });
      return part;
    });
    active = -1;
    list().replaceChildren.apply(list(), groups);
    list().hidden = number === 0;
    hint().textContent = answer.satz;
    hint().hidden = !answer.satz;
    box().hidden = !answer.satz;
    field().setAttribute("aria-expanded", String(number > 0));
    field().removeAttribute("aria-activedescendant");
    announce(answer.satz);
  }

  function failed(words) { show({ satz: words, gruppen: [] }); }

  function ask() {
    var words = field().value.trim();
    if (!words) { close(); return; }
    if (asked) { asked.abort(); }
    var mine = asked = new AbortController();
    fetch("/_suche?q=" + encodeURIComponent(words.slice(0, 100)), { signal: mine.signal, credentials: "same-origin" })
      .then(function (response) {
        if (response.status === 401) {
          location.assign("/anmelden?ziel=" + encodeURIComponent(location.pathname + location.search));
          return null;
        }
        if (!response.ok && response.status !== 429) { throw new Error(String(response.status)); }
        return response.json();
      })
      .then(function (answer) { if (answer && asked === mine) { show(answer); } })
      .catch(function (error) { if (error.name !== "AbortError") { failed("Suchen ist gerade nicht möglich."); } });
  }

  function mark(number) {
    var found = options();
    if (!found.length) { return; }
    active = (number + found.length) % found.length;
    found.forEach(function (item, place) { item.setAttribute("aria-selected", String(place === active)); });
    field().setAttribute("aria-activedescendant", found[active].id);
    found[active].scrollIntoView({ block: "nearest" });
  }

  function choose() {
    var found = options();
    var chosen = found[active < 0 ? 0 : active];
    if (!chosen) { return; }
    chosen.click();
    close();
  }

  function keys(event) {
    if (event.target !== field()) { return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) { ask(); return; }
      mark(event.key === "ArrowDown" ? active + 1 : (active < 0 ? -1 : active - 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen()) { choose(); } else { ask(); }
    } else if (event.key === "Escape" && isOpen()) {
      // The first Escape closes the list, the next one means what it means elsewhere.
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  }

  document.addEventListener("focusin", function (event) { if (event.target === field()) { prepare(event.target); } });
  document.addEventListener("input", function (event) {
    if (event.target !== field()) { return; }
    prepare(event.target);
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  document.addEventListener("keydown", keys, true);
  document.addEventListener("isek-close-search", close);
})();
