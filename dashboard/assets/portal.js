/* Behaviour of the frame: appearance, menus, tables instead of charts, the origin panel, moving between pages.
   Without this script every link still leads where it says; nothing here decides about data. */
(function () {
  "use strict";

  var root = document.documentElement;
  var media = window.matchMedia("(prefers-color-scheme: dark)");
  var drawn = new Map(); // graph element → figure as the server sent it
  var live = null;
  var pending = null; // what to do once the new content stands
  var returnTo = null; // origin link the panel was opened from
  var panelOpen = false;
  var wanted = null; // where the focus belongs while the renderer still rebuilds
  var openRequests = 0;
  var sought = ""; // element the address names, until it stands
  var NARROW = 560;
  var TINY = 300;
  var paper = window.matchMedia("print");
  var onPaper = false; // paper is always light

  function remember(name, value) {
    try { value === null ? localStorage.removeItem(name) : localStorage.setItem(name, value); } catch (error) { /* closed storage */ }
  }

  function recall(name) {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  }

  /* ---- Appearance ---------------------------------------------------------------------------- */

  function chosenTheme() {
    var theme = recall("isek-theme");
    return theme === "light" || theme === "dark" ? theme : "auto";
  }

  function isDark() {
    if (onPaper || paper.matches) { return false; }
    return root.dataset.theme ? root.dataset.theme === "dark" : media.matches;
  }

  function setTheme(theme) {
    remember("isek-theme", theme === "auto" ? null : theme);
    applyTheme();
    redrawAll();
    announce(theme === "auto" ? "Farbschema wie das Gerät" : "Farbschema " + (theme === "dark" ? "dunkel" : "hell"));
  }

  function applyTheme() {
    var theme = chosenTheme();
    if (theme === "auto") { delete root.dataset.theme; } else { root.dataset.theme = theme; }
    // The server may put the choice into the first bytes of the next page; it is no secret and no identity.
    document.cookie = "isek-theme=" + theme + "; path=/; max-age=31536000; samesite=lax";
    document.querySelectorAll("[data-action='theme-set']").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === theme));
    });
  }

  /* ---- Charts: colours of the scheme and margins of narrow cards, applied before drawing ------- */

  function patched(figure, element) {
    var meta = figure && figure.layout && figure.layout.meta;
    if (!meta || !meta.dunkel) { return figure; }
    var copy = JSON.parse(JSON.stringify({ data: figure.data, layout: figure.layout }));
    copy.config = figure.config;
    var patches = isDark() ? meta.dunkel : [];
    var limit = meta.unter || NARROW;
    if (element.clientWidth && element.clientWidth < limit) { patches = patches.concat(meta.schmal || []); }
    if (element.clientWidth && element.clientWidth < TINY) { patches = patches.concat(meta.eng || []); }
    patches.forEach(function (patch) { assign(copy, patch[0], patch[1]); });
    copy.layout.height = figure.layout.height;
    return copy;
  }

  function assign(target, path, value) {
    for (var i = 0; i < path.length - 1; i += 1) { target = target[path[i]]; }
    target[path[path.length - 1]] = value;
  }

  function wrapPlotly() {
    var original = window.Plotly;
    if (!original) { return; }
    // Names of the bundle are read-only, so the page gets an object of its own in front of it.
    var ours = {};
    Object.keys(original).forEach(function (name) { ours[name] = original[name]; });
    ours.react = function (element, figure, layout, config) {
      var given = figure && figure.layout ? figure : { data: figure, layout: layout, config: config };
      if (!element || !given.layout) { return original.react(element, figure, layout, config); }
      drawn.set(element, given);
      // Plotly measures text once: before the typeface is there, labels would sit wrong for good.
      if (document.fonts.status === "loaded") { return draw(element, given); }
      return document.fonts.ready.then(function () { return draw(element, given); });
    };
    function draw(element, given) {
      return original.react(element, patched(given, element)).then(function (done) {
        element.dispatchEvent(new CustomEvent("isek-drawn", { bubbles: true })); // drill.js lays its links over it
        return done;
      });
    }
    ours.purge = function (element) { drawn.delete(element); return original.purge(element); };
    window.Plotly = ours;
    loadFonts();
    var timer = null;
    window.addEventListener("resize", function () {
      clearTimeout(timer);
      timer = setTimeout(redrawAll, 150);
    });
  }

  function loadFonts() {
    ["400", "500", "600"].forEach(function (weight) {
      if (document.fonts && document.fonts.load) { document.fonts.load(weight + " 14px 'Fira Sans'"); }
    });
  }

  function redrawAll() {
    drawn.forEach(function (figure, element) {
      if (!element.isConnected) { drawn.delete(element); return; }
      if (element.clientWidth) { window.Plotly.react(element, figure); }
    });
  }

  /* ---- Tables instead of charts ---------------------------------------------------------------- */

  /* Tables are written when first asked for; every text goes in as text. */
  function writeTable(box) {
    if (!box.dataset.table || box.written === box.dataset.table) { return; }
    box.written = box.dataset.table;
    var spec = JSON.parse(box.dataset.table);
    var table = document.createElement("table");
    table.className = "table table-dense " + (box.dataset.look || "");
    var caption = table.createCaption();
    caption.className = "visually-hidden";
    caption.textContent = spec.caption;
    var head = table.createTHead().insertRow();
    spec.heads.forEach(function (column) {
      var cell = writeCell(head, "th", column[0] + (column[2] ? " (" + column[2] + ")" : ""), column[1]);
      cell.scope = "col";
    });
    var body = table.createTBody();
    spec.rows.forEach(function (row, place) { writeRow(body.insertRow(), row, spec.heads, spec.links && spec.links[place]); });
    if (spec.total) { writeRow(table.createTFoot().insertRow(), spec.total, spec.heads); }
    box.replaceChildren(table);
  }

  function writeRow(line, row, heads, href) {
    row.forEach(function (text, index) {
      var cell = writeCell(line, index ? "td" : "th", text, heads[index][1]);
      if (!index) { cell.scope = "row"; }
      if (!index && href) {
        var link = document.createElement("a");
        link.href = href;
        link.className = "row-link";
        link.textContent = text;
        cell.replaceChildren(link);
      }
    });
  }

  function writeCell(line, tag, text, align) {
    var cell = document.createElement(tag);
    cell.className = "to-" + align;
    cell.textContent = text;
    line.appendChild(cell);
    return cell;
  }

  function tableChoice(id) {
    try {
      var own = sessionStorage.getItem("isek-tabelle-" + id);
      return own === null ? recall("isek-tabellen") === "immer" : own === "ja";
    } catch (error) { return false; }
  }

  function showTable(id, wanted) {
    try { sessionStorage.setItem("isek-tabelle-" + id, wanted ? "ja" : "nein"); } catch (error) { /* closed storage */ }
  }

  function applyTables() {
    var always = recall("isek-tabellen") === "immer";
    document.querySelectorAll("[data-action='tables']").forEach(function (button) {
      button.setAttribute("aria-pressed", String(always));
    });
    document.querySelectorAll(".chart-card").forEach(function (card) {
      var wanted = tableChoice(card.dataset.chart);
      var before = card.classList.contains("as-table");
      card.classList.toggle("as-table", wanted);
      if (wanted) { card.querySelectorAll(".chart-table").forEach(writeTable); }
      card.querySelectorAll("[data-action='table']").forEach(function (button) {
        button.setAttribute("aria-pressed", String(wanted));
      });
      if (before && !wanted) { card.querySelectorAll(".js-plotly-plot").forEach(redraw); }
    });
  }

  function redraw(element) {
    var figure = drawn.get(element);
    if (figure) { window.Plotly.react(element, figure); }
  }

  function applyScroll() {
    document.querySelectorAll(".table-scroll, .chart-table").forEach(function (box) {
      var high = box.classList.contains("chart-table") && box.scrollHeight > box.clientHeight + 1;
      if (high || box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", box.dataset.caption || "Tabelle");
      } else {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    });
  }

  /* ---- Announcements ---------------------------------------------------------------------------- */

  function announce(text) {
    if (!live) {
      live = document.createElement("div");
      live.className = "visually-hidden";
      live.setAttribute("role", "status");
      document.body.appendChild(live);
    }
    live.textContent = "";
    setTimeout(function () { live.textContent = text; }, 30);
  }

  function notice(text) {
    var box = document.createElement("div");
    box.className = "announcement";
    box.setAttribute("role", "alert");
    box.textContent = text;
    document.body.appendChild(box);
    setTimeout(function () { box.remove(); }, 8000);
  }

  /* ---- Moving between addresses ------------------------------------------------------------------ */

  /* The renderer builds the page anew, so whoever stood on a filter has to be put back there. */
  function go(href, link) {
    var target = new URL(href, location.href);
    var menu = link && link.closest("details.menu");
    var label = menu && menu.querySelector(".control-label");
    pending = {
      path: target.pathname !== location.pathname,
      href: href,
      menu: label ? label.textContent : null,
      scroll: window.scrollY
    };
    closeMenus();
    history.pushState({}, "", target.pathname + target.search + target.hash);
    sought = placeName(target.hash);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    later();
  }

  /* A form that only asks: its fields become the address, the page stays. Empty fields and
     those that say what holds anyway (data-usual) are left out. */
  function ask(form) {
    var target = new URL(form.getAttribute("action"), location.href);
    var words = new URLSearchParams();
    var usual = JSON.parse(form.dataset.usual || "{}");
    new FormData(form).forEach(function (value, name) {
      var text = String(value).trim();
      if (text && usual[name] !== text) { words.append(name, text); }
    });
    target.search = words.toString();
    var here = document.activeElement;
    go(target.pathname + target.search + target.hash);
    if (here && here.id && form.contains(here)) { pending.field = here.id; }
  }

  /* „12,5“ and „69.000“ as numbers; a single point stays a decimal point. */
  function germanNumber(text) {
    var plain = text.trim();
    if (plain.indexOf(",") >= 0) { plain = plain.replace(/\./g, "").replace(",", "."); }
    else if (/^\d{1,3}(\.\d{3})+$/.test(plain)) { plain = plain.replace(/\./g, ""); }
    return plain === "" ? NaN : Number(plain);
  }

  /* Buttons beside a number: they move it and ask again. What is no number the page itself explains. */
  function step(button) {
    var entry = document.getElementById(button.dataset.field);
    var value = germanNumber(entry.value);
    if (!isNaN(value)) {
      var next = Math.max(0, value + Number(button.dataset.step));
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set
        .call(entry, next.toLocaleString("de-DE", { maximumFractionDigits: 3 }));
      entry.dispatchEvent(new Event("input", { bubbles: true }));
    }
    entry.form.requestSubmit();
  }

  function isOwnForm(form) {
    var action = form.getAttribute("action") || "";
    return (form.getAttribute("method") || "get").toLowerCase() === "get" && action.charAt(0) === "/" && action.charAt(1) !== "/";
  }

  /* The renderer writes the page after the browser looked for the place the address names. */
  function seekPlace() {
    var name = sought;
    var place = name && document.getElementById(name);
    if (!place) { return; }
    sought = "";
    if (place.tagName === "DETAILS") { place.open = true; }
    want(function () {
      var found = document.getElementById(name);
      if (found && !found.hasAttribute("tabindex")) { found.tabIndex = -1; }
      return found;
    });
    place.scrollIntoView({ block: "start" });
  }

  function isOwnPage(link) {
    if (!link || link.target || link.hasAttribute("download") || link.dataset.skip) { return false; }
    var href = link.getAttribute("href");
    return Boolean(href) && href.charAt(0) === "/" && href.charAt(1) !== "/" && !/^\/(assets|abmelden|anmelden|ausfuhr(?!\/auftraege(?:[?#]|$))|_dash)/.test(href);
  }

  function placeName(hash) {
    try { return decodeURIComponent(hash.slice(1)); } catch (error) { return ""; }
  }

  var timer = null;
  function later() {
    // Not pushed back by further changes: charts change the page for a while, the title must not wait.
    if (timer === null) { timer = setTimeout(function () { timer = null; settle(); }, 40); }
  }

  function settle() {
    applyTheme();
    document.querySelectorAll(".late-table").forEach(writeTable);
    applyTables();
    applyScroll();
    var shell = document.querySelector(".shell");
    var title = document.getElementById("titel") || document.querySelector("#inhalt h1");
    if (!shell || !title) { return; }
    document.title = title.textContent.trim() + " – " + shell.dataset.product;
    if (openRequests) { return; }
    syncDrawer();
    holdFocus();
    if (pending && !document.getElementById("herkunft")) {
      if (pending.path) {
        window.scrollTo(0, 0);
        want(function () { return document.getElementById("titel") || document.querySelector("#inhalt h1"); });
      } else {
        window.scrollTo(0, pending.scroll || 0);
        restoreFocus(pending);
        announceRows();
      }
    }
    pending = null;
    seekPlace();
  }

  function visible(selector, fits) {
    return Array.prototype.find.call(document.querySelectorAll(selector), function (element) {
      return element.getClientRects().length > 0 && fits(element);
    });
  }

  function restoreFocus(from) {
    want(function () {
      var place = from.menu && visible("details.menu > summary", function (summary) {
        var label = summary.querySelector(".control-label");
        return label && label.textContent === from.menu;
      });
      place = place || (from.field && document.getElementById(from.field));
      place = place || (from.href && visible("#inhalt a[href]", function (a) { return a.getAttribute("href") === from.href; }));
      return place || document.getElementById("titel");
    });
  }

  /* The renderer may build a page twice; what had the focus is gone then, and the focus with it. */
  function want(find) {
    wanted = { find: find, until: Date.now() + 2000 };
    holdFocus();
  }

  function holdFocus() {
    if (!wanted) { return; }
    if (Date.now() > wanted.until) { wanted = null; return; }
    var now = document.activeElement;
    if (wanted.given && now && now !== document.body && now.isConnected) { return; }
    var place = wanted.find();
    if (!place) { return; }
    if (place.tagName === "H1" && !place.hasAttribute("tabindex")) { place.tabIndex = -1; }
    place.focus({ preventScroll: true });
    wanted.given = true;
  }

  function announceRows() {
    var count = document.querySelector("[data-announce]");
    announce(count ? count.dataset.announce : "Ansicht aktualisiert");
  }

  /* Several links of a page may open the same panel; the content is drawn anew meanwhile, so their order counts. */
  function openers(href) {
    return Array.prototype.filter.call(document.querySelectorAll("#portal a[href*='zahl=']"), function (a) {
      return a.getAttribute("href") === href && a.getClientRects().length;
    });
  }

  /* The panel takes the focus, holds it, and gives it back to the link it came from. */
  function syncDrawer() {
    var layer = document.getElementById("herkunft");
    var portal = document.getElementById("portal");
    if (!portal) { return; }
    var open = Boolean(layer);
    portal.inert = open;
    document.querySelectorAll(".skip-links").forEach(function (links) { links.inert = open; });
    if (open && !panelOpen) {
      want(function () { return document.getElementById("herkunft-titel"); });
    } else if (!open && panelOpen) {
      if (pending) { window.scrollTo(0, pending.scroll || 0); }
      var from = returnTo;
      want(function () {
        var same = from ? openers(from.href) : [];
        return same[from ? from.place : 0] || same[0] || document.getElementById("titel");
      });
      returnTo = null;
      pending = null;
    }
    panelOpen = open;
  }

  /* Requests of the renderer: busy state, end of the session, errors that would otherwise stay silent. */
  function watchRequests() {
    var original = window.fetch;
    window.fetch = function (resource, options) {
      var address = typeof resource === "string" ? resource : (resource && resource.url) || "";
      if (address.indexOf("_dash-update-component") < 0) { return original.apply(this, arguments); }
      openRequests += 1;
      var busy = setTimeout(function () { setBusy(true); }, 300);
      function done() {
        openRequests -= 1;
        clearTimeout(busy);
        if (!openRequests) { setBusy(false); }
        later();
      }
      return original.apply(this, arguments).then(function (response) {
        done();
        if (response.status === 401) {
          location.assign("/anmelden?ziel=" + encodeURIComponent(location.pathname + location.search));
        } else if (response.status >= 400) {
          notice("Anzeige nicht möglich. Daten unverändert.");
        }
        return response;
      }, function (error) {
        done();
        notice("Der Server antwortet nicht. Daten unverändert, bitte erneut versuchen.");
        throw error;
      });
    };
  }

  function setBusy(busy) {
    var main = document.getElementById("inhalt");
    if (main) { busy ? main.setAttribute("aria-busy", "true") : main.removeAttribute("aria-busy"); }
    if (busy) { announce("Wird geladen …"); }
    document.dispatchEvent(new CustomEvent("isek-busy", { detail: busy }));
  }

  /* ---- Menus, search -------------------------------------------------------------------------------- */

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) { menu.open = false; }
    });
    toggleMenu(false);
    hideHits();
  }

  function toggleMenu(open) {
    if (root.classList.contains("menu-open") === open) { return; }
    root.classList.toggle("menu-open", open);
    document.querySelectorAll("[data-action='menu']").forEach(function (b) { b.setAttribute("aria-expanded", String(open)); });
    var navigation = document.getElementById("navigation");
    if (open && navigation) { (navigation.querySelector("a") || navigation).focus(); }
  }

  function field() { return document.getElementById("suche"); }

  function focusSearch() {
    root.classList.add("has-search");
    if (field()) { field().focus(); field().select(); }
  }

  /* The list of hits belongs to search.js. */
  function hideHits() { document.dispatchEvent(new Event("isek-close-search")); }

  /* Arrow keys move inside open menus. */
  function moveInside(event) {
    var box = event.target.closest("details.menu[open], .segments");
    if (!box || ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"].indexOf(event.key) < 0) { return; }
    if (box.matches(".export-menu")) { writeExports(box); }
    var sideways = event.key === "ArrowRight" || event.key === "ArrowLeft";
    var segments = box.classList.contains("segments");
    if (sideways !== segments) { return; }
    var stops = Array.prototype.slice.call(box.querySelectorAll("a, .menu-list button"));
    if (!stops.length) { return; }
    var step = event.key === "ArrowDown" || event.key === "ArrowRight" ? 1 : -1;
    var next = stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length];
    next.focus();
    event.preventDefault();
  }

  /* ---- Events ------------------------------------------------------------------------------------------ */

  var actions = {
    "print": function () { closeMenus(); window.print(); },
    "theme": function () { setTheme(isDark() ? "light" : "dark"); },
    "theme-set": function (button) { setTheme(button.dataset.theme); },
    "menu": function () { toggleMenu(!root.classList.contains("menu-open")); },
    "search": focusSearch,
    "table": function (button) {
      var wanted = button.getAttribute("aria-pressed") !== "true";
      showTable(button.dataset.chart, wanted);
      applyTables();
      applyScroll();
      announce(wanted ? "Tabelle wird angezeigt" : "Diagramm wird angezeigt");
    },
    "tables": function () {
      var always = recall("isek-tabellen") !== "immer";
      remember("isek-tabellen", always ? "immer" : null);
      try {
        Object.keys(sessionStorage).forEach(function (key) {
          if (key.indexOf("isek-tabelle-") === 0) { sessionStorage.removeItem(key); }
        });
      } catch (error) { /* closed storage */ }
      applyTables();
      announce(always ? "Diagramme erscheinen als Tabelle" : "Diagramme erscheinen als Bild");
    },
    "step": step,
    "copy-link": function (button) {
      var words = button.querySelector("span:last-child");
      var link = new URL(button.dataset.link || location.href, location.href).href;
      navigator.clipboard.writeText(link).then(function () {
        words.textContent = "Link kopiert";
        announce("Link kopiert");
      }, function () { notice("Kopieren nicht möglich. Bitte die Adresszeile kopieren."); });
    }
  };

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-action]");
    if (button && actions[button.dataset.action]) { actions[button.dataset.action](button, event); return; }
    var skip = event.target.closest("a[data-skip]");
    if (skip) {
      var target = document.querySelector(skip.getAttribute("href"));
      if (skip.getAttribute("href") === "#suche") { focusSearch(); } else if (target) {
        if (skip.getAttribute("href") === "#navigation") { toggleMenu(getComputedStyle(target).display === "none"); }
        target.focus();
        target.scrollIntoView({ block: "nearest" });
      }
      event.preventDefault();
      return;
    }
    var link = event.target.closest("a[href]");
    var plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (plain && isOwnPage(link) && !event.defaultPrevented) {
      event.preventDefault();
      if (/[?&]zahl=/.test(link.getAttribute("href"))) {
        var href = link.getAttribute("href");
        returnTo = { href: href, place: openers(href).indexOf(link) };
      }
      go(link.getAttribute("href"), link);
      return;
    }
    if (root.classList.contains("menu-open") && !event.target.closest(".navigation")) { toggleMenu(false); }
    var menu = event.target.closest("details.menu");
    document.querySelectorAll("details.menu[open]").forEach(function (open) { if (open !== menu) { open.open = false; } });
    if (!event.target.closest(".search")) { hideHits(); }
  });

  function writeExports(menu) {
    if (!menu.dataset.entries || menu.written === menu.dataset.entries) { return; }
    menu.written = menu.dataset.entries;
    menu.querySelectorAll(".menu-list").forEach(function (old) { old.remove(); });
    var list = document.createElement("ul");
    list.className = "menu-list";
    JSON.parse(menu.dataset.entries).forEach(function (entry) {
      var link = list.appendChild(document.createElement("li")).appendChild(document.createElement("a"));
      link.className = "menu-item menu-two";
      link.href = entry[0];
      ["menu-name", "menu-note"].forEach(function (name, index) {
        var words = link.appendChild(document.createElement("span"));
        words.className = name;
        words.textContent = entry[index + 1];
      });
    });
    menu.appendChild(list);
  }

  /* Cards are layers of their own: an open menu has to lie above the next one. */
  document.addEventListener("toggle", function (event) {
    var card = event.target.matches && event.target.matches(".export-menu") && event.target.closest(".card");
    if (card) {
      writeExports(event.target);
      card.classList.toggle("menu-above", event.target.open);
    }
  }, true);

  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || !isOwnForm(event.target)) { return; }
    event.preventDefault();
    ask(event.target);
  });

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); focusSearch(); return; }
    if (event.key === "Escape") { escape(event); return; }
    moveInside(event);
  });

  function escape(event) {
    var panel = document.querySelector(".drawer[data-close]");
    var menu = event.target.closest && event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    if (panel) { go(panel.dataset.close); return; }
    if (root.classList.contains("menu-open")) {
      toggleMenu(false);
      var opener = document.querySelector(".menu-button");
      if (opener) { opener.focus(); }
    }
    root.classList.remove("has-search");
    hideHits();
  }

  window.addEventListener("popstate", function () { pending = { path: true }; sought = placeName(location.hash); later(); });
  window.addEventListener("beforeprint", function () { onPaper = true; redrawAll(); });
  window.addEventListener("afterprint", function () { onPaper = false; redrawAll(); });
  paper.addEventListener("change", redrawAll);
  media.addEventListener("change", function () { if (chosenTheme() === "auto") { redrawAll(); } });

  sought = placeName(location.hash);
  applyTheme();
  wrapPlotly();
  watchRequests();
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
})();
