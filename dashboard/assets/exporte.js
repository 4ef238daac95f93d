/* Progress of ordered exports: asks by itself while one is open, which keeps no session alive. Without this
   script the page is looked at anew by its button. */
(function () {
  "use strict";

  var EVERY_MS = 2000;
  var asking = false;

  function place(id, part) { return document.querySelector("[data-order-" + part + "='" + id + "']"); }

  function show(order) {
    var state = place(order.id, "state"), rows = place(order.id, "rows"), bar = place(order.id, "bar");
    if (state) { state.textContent = order.state; }
    if (rows) { rows.textContent = order.rows; }
    if (bar) { bar.value = order.done; }
  }

  function heard(told) {
    told.forEach(show);
    var open = document.querySelectorAll("[data-order-state]").length;
    // What has ended has a file, a sentence or another button now.
    if (told.length !== open) { window.location.reload(); }
  }

  function ask() {
    if (asking || document.hidden || !document.querySelector("[data-order-state]")) { return; }
    asking = true;
    fetch("/ausfuhr/auftraege/stand", { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) { return answer.ok ? answer.json().then(heard) : null; })
      .catch(function () { return null; })
      .then(function () { asking = false; });
  }

  setInterval(ask, EVERY_MS);
})();
