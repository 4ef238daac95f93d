/* Comfort of the explorer: lists that narrow while one types, drag onto zones, arrow keys and sums in the pivot,
   forms that become one parameter, the way out of a slow question. Every change of the question is a link the
   page already has; nothing here knows an address. */
(function () {
  "use strict";

  var SLOW_MS = 700; // beside the 300 ms portal.js waits before it says that something goes on
  var WIDE = window.matchMedia("(min-width: 1280px)");
  var shelfOpen = false; // on small screens: as the reader left it
  var dragged = null;
  var seen = { caption: "", top: 0, left: 0 }; // how far the pivot was scrolled
  var anchor = null; // where a selection of cells began
  var waiting = null, box = null, asking = ""; // the address that is being answered

  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }

  function isHere() { return location.pathname === "/explorer"; }

  /* ---- Lists that narrow ---------------------------------------------------------------------------- */

  function plain(text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, ""); }

  function narrow(field) {
    var list = document.getElementById(field.dataset.narrows);
    if (!list) { return; }
    var typed = plain(field.value).split(/\s+/).filter(Boolean);
    var left = 0;
    all("[data-narrow]", list).forEach(function (item) {
      var text = plain(item.dataset.narrow);
      item.hidden = !typed.every(function (word) { return text.indexOf(word) >= 0; });
      left += item.hidden ? 0 : 1;
    });
    all(".narrow-group", list).forEach(function (group) { group.hidden = !group.querySelector("[data-narrow]:not([hidden])"); });
    var words = left === 1 ? "1 Treffer" : left + " Treffer";
    told(list).textContent = !field.value.trim() ? "" : left ? words : "Nichts gefunden.";
  }

  /* The line that says how many are left, between field and list; it has to be there before it speaks. */
  function told(list) {
    var line = list.parentNode.querySelector(":scope > .narrow-told");
    if (!line) {
      line = document.createElement("p");
      line.className = "narrow-told";
      line.setAttribute("role", "status");
      list.parentNode.insertBefore(line, list);
    }
    return line;
  }

  document.addEventListener("focusin", function (event) {
    var list = event.target.dataset && event.target.dataset.narrows && document.getElementById(event.target.dataset.narrows);
    if (list) { told(list); }
  });

  document.addEventListener("input", function (event) {
    if (event.target.dataset && event.target.dataset.narrows) { narrow(event.target); }
  });

  /* ---- Forms: what is ticked or typed becomes one parameter ------------------------------------------ */

  function escaped(text) {
    return text.replace(/[%|,:;~!]/g, function (sign) { return "%" + sign.charCodeAt(0).toString(16).toUpperCase(); }) || "!";
  }

  function composed(form) {
    var chosen = form.querySelector("[name='bedingung']:checked");
    var how = chosen ? chosen.value : "in";
    function typed(name) { var entry = form.querySelector("[name='" + name + "']"); return entry ? entry.value.trim() : ""; }
    if (how === "enthaelt") { return typed("text") ? "enthaelt:" + escaped(typed("text")) : ""; }
    if (how === "von") { return typed("ab") || typed("bis_wert") ? "von:" + escaped(typed("ab")) + "|" + escaped(typed("bis_wert")) : ""; }
    var values = all("[name='wert']:checked", form).map(function (entry) { return entry.value; });
    return values.length ? how + ":" + values.join("|") : "";
  }

  /* Before portal.js reads the fields of the form. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset || !form.dataset.compose) { return; }
    var target = all("input[type=hidden]", form).find(function (entry) { return entry.name === form.dataset.compose; });
    target.value = composed(form);
    all("[name='bedingung'], [name='wert'], [name='text'], [name='ab'], [name='bis_wert'], [data-narrows]", form)
      .forEach(function (entry) { entry.disabled = true; });
  }, true);

  /* ---- Drag: on drop the link is followed that the menu of the field has for this zone ------------------ */

  function wayTo(item, zone) {
    return item && zone ? item.querySelector("a[data-to='" + zone + "']") : null;
  }

  function zoneAt(target) {
    var place = target.closest && target.closest("[data-zone], .field-part");
    if (!place) { return null; }
    return { place: place, name: place.dataset.zone || "feld" };
  }

  function clearTargets() { all(".is-target").forEach(function (zone) { zone.classList.remove("is-target"); }); }

  document.addEventListener("dragstart", function (event) {
    dragged = event.target.closest && event.target.closest("[data-field][draggable]");
    if (!dragged) { return; }
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.field);
    dragged.classList.add("is-dragged");
  });

  document.addEventListener("dragover", function (event) {
    var zone = dragged && zoneAt(event.target);
    clearTargets();
    if (!zone || !wayTo(dragged, zone.name)) { return; }
    event.preventDefault();
    zone.place.classList.add("is-target");
  });

  document.addEventListener("drop", function (event) {
    var zone = dragged && zoneAt(event.target);
    var link = zone && wayTo(dragged, zone.name);
    if (link) { event.preventDefault(); link.click(); }
  });

  document.addEventListener("dragend", function () {
    if (dragged) { dragged.classList.remove("is-dragged"); }
    dragged = null;
    clearTargets();
  });

  /* ---- Cells: arrow keys, several cells and what they come to ------------------------------------------- */

  function rowsOf(table) {
    return all("tbody tr, tfoot tr", table).map(function (row) { return all(".pivot-cell", row); }).filter(function (row) { return row.length; });
  }

  function placeOf(rows, cell) {
    for (var y = 0; y < rows.length; y += 1) {
      var x = rows[y].indexOf(cell);
      if (x >= 0) { return { x: x, y: y }; }
    }
    return null;
  }

  var STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function target(rows, here, event) {
    var row = rows[here.y];
    if (event.key === "Home") { return { x: 0, y: event.ctrlKey ? 0 : here.y }; }
    if (event.key === "End") { return { x: row.length - 1, y: event.ctrlKey ? rows.length - 1 : here.y }; }
    var step = STEPS[event.key];
    return step && {
      x: Math.min(row.length - 1, Math.max(0, here.x + step[0])),
      y: Math.min(rows.length - 1, Math.max(0, here.y + step[1]))
    };
  }

  document.addEventListener("keydown", function (event) {
    var cell = event.target.closest && event.target.closest(".pivot .pivot-cell");
    if (!cell || event.altKey || event.metaKey) { return; }
    var table = cell.closest(".pivot");
    if (event.key === "Escape" && anchor) { choose(table, []); anchor = null; return; }
    var rows = rowsOf(table), here = placeOf(rows, cell);
    var next = here && target(rows, here, event);
    if (!next) { return; }
    event.preventDefault();
    if (event.shiftKey) {
      anchor = anchor && anchor.table === table ? anchor : { table: table, x: here.x, y: here.y };
      chooseSpan(table, rows, anchor, next);
    } else if (anchor) {
      choose(table, []);
      anchor = null;
    }
    focusCell(table, rows[next.y][next.x]);
  });

  function focusCell(table, cell) {
    all(".pivot-cell[tabindex='0']", table).forEach(function (other) { other.tabIndex = -1; });
    cell.tabIndex = 0;
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function chooseSpan(table, rows, from, to) {
    var chosen = [];
    for (var y = Math.min(from.y, to.y); y <= Math.max(from.y, to.y); y += 1) {
      for (var x = Math.min(from.x, to.x); x <= Math.max(from.x, to.x); x += 1) {
        if (rows[y][x]) { chosen.push(rows[y][x].parentNode); }
      }
    }
    choose(table, chosen);
  }

  function choose(table, cells) {
    all(".is-chosen", table).forEach(function (cell) { cell.classList.remove("is-chosen"); });
    cells.forEach(function (cell) { cell.classList.add("is-chosen"); });
    var place = table.closest(".pivot-card").querySelector("[data-chosen]");
    if (place) { place.textContent = cells.length > 1 ? sums(table, cells) : ""; }
  }

  function sums(table, cells) {
    var known = cells.filter(function (cell) { return cell.dataset.value !== undefined; });
    var measures = Array.from(new Set(cells.map(function (cell) { return cell.dataset.measure; })));
    var spec = measures.length === 1 ? table.dataset.sums.split("|")[Number(measures[0])].split(";") : ["0"];
    var mixed = cells.some(function (cell) { return cell.classList.contains("is-sum"); })
      && cells.some(function (cell) { return !cell.classList.contains("is-sum"); });
    var open = table.querySelector("tr.is-open") && new Set(cells.map(function (cell) { return cell.dataset.level; })).size > 1;
    var words = cells.length + " Zellen";
    if (known.length < cells.length) { words += ", davon " + (cells.length - known.length) + " ohne Wert"; }
    if (spec[0] !== "1" || mixed || open || !known.length) { return words + " · keine Summe"; }
    var total = known.reduce(function (sum, cell) { return sum + Number(cell.dataset.value); }, 0);
    var digits = Number(spec[1]), unit = spec[2] ? "\u00a0" + spec[2] : "";
    return words + " · Summe " + german(total, digits) + unit + " · Mittel " + german(total / known.length, Math.max(1, digits)) + unit;
  }

  function german(value, digits) {
    return value.toLocaleString("de-DE", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "\u2212");
  }

  /* ---- A question that takes long: what goes on, and the way out ------------------------------------------ */

  function element(tag, classes, text) {
    var made = document.createElement(tag);
    made.className = classes;
    made.textContent = text || "";
    return made;
  }

  function offerCancel() {
    if (box || !isHere() || !document.querySelector("[data-csrf]")) { return; }
    asking = location.pathname + location.search;
    box = element("div", "note-box cancel-box");
    box.setAttribute("role", "status");
    var press = element("button", "button button-small", "Abbrechen");
    press.type = "button";
    press.addEventListener("click", function () { cancel(press); });
    box.append(element("p", "", "Wird berechnet …"), press);
    document.body.appendChild(box);
  }

  function cancel(press) {
    var person = document.querySelector("[data-csrf]");
    var form = new FormData();
    form.append("csrf", person ? person.dataset.csrf : "");
    form.append("adresse", asking);
    press.disabled = true;
    fetch("/explorer/abbrechen", { method: "POST", body: form, credentials: "same-origin" }).then(function (response) {
      if (box && !response.ok) { box.firstChild.textContent = "Abbrechen war nicht möglich."; }
    }, function () {
      if (box) { box.firstChild.textContent = "Der Server antwortet nicht."; }
    });
  }

  function endOffer() {
    clearTimeout(waiting);
    if (!box) { return; }
    var inside = box.contains(document.activeElement);
    box.remove();
    box = null;
    var title = document.getElementById("titel");
    if (inside && title) { title.focus({ preventScroll: true }); }
  }

  document.addEventListener("isek-busy", function (event) {
    clearTimeout(waiting);
    if (event.detail) { waiting = setTimeout(offerCancel, SLOW_MS); } else { endOffer(); }
  });

  /* ---- Shelf: open on large screens, elsewhere as the reader left it ---------------------------------------- */

  function settle() {
    stay();
    all(".shelf-details:not([data-settled])").forEach(function (shelf) {
      shelf.dataset.settled = "1";
      shelf.open = WIDE.matches || shelfOpen;
      shelf.addEventListener("toggle", function () { if (!WIDE.matches) { shelfOpen = shelf.open; } });
    });
  }

  /* The table is written anew with every step: it stays where it was scrolled to, or shows the chosen cell. */
  function stay() {
    all(".pivot-scroll:not([data-settled])").forEach(function (box) {
      box.dataset.settled = "1";
      var same = seen.caption === box.dataset.caption;
      box.scrollTop = same ? seen.top : 0;
      box.scrollLeft = same ? seen.left : 0;
      var chosen = box.querySelector(".is-selected");
      var head = box.querySelector("thead"), foot = box.querySelector("tfoot");
      if (!chosen || !head) { return; }
      var cell = chosen.getBoundingClientRect(), frame = box.getBoundingClientRect();
      var low = frame.bottom - (foot ? foot.offsetHeight : 0), high = frame.top + head.offsetHeight;
      if (cell.bottom > low) { box.scrollTop += cell.bottom - low; } else if (cell.top < high) { box.scrollTop -= high - cell.top; }
    });
  }

  document.addEventListener("scroll", function (event) {
    var box = event.target;
    if (!box.matches || !box.matches(".pivot-scroll[data-settled]")) { return; }
    seen = { caption: box.dataset.caption, top: box.scrollTop, left: box.scrollLeft };
  }, true);

  WIDE.addEventListener("change", function () {
    all(".shelf-details").forEach(function (shelf) { shelf.open = WIDE.matches || shelfOpen; });
  });
  new MutationObserver(settle).observe(document.body, { childList: true, subtree: true });
})();
