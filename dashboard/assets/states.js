/* States a page can be in while it stands open: loading slowly, newer data, a run, the end of the session.
   Nothing here moves content: what has to be said lies above the page or in places that are there already. */
(function () {
  "use strict";

  var PULSE = "/puls", STAY = "/sitzung/verlaengern";
  var EVERY_S = 60, WARN_S = 120, SLOW_MS = 9700;
  var slow = null; // sentence after ten seconds
  var timer = null;
  var before = null; // what had the focus when the warning came
  var dismissed = ""; // newer data the reader does not want to see yet

  function shell() { return document.querySelector(".shell"); }

  function element(tag, classes, text) {
    var made = document.createElement(tag);
    if (classes) { made.className = classes; }
    if (text) { made.textContent = text; }
    return made;
  }

  function button(label, classes, press) {
    var made = element("button", "button " + classes, label);
    made.type = "button";
    made.addEventListener("click", press);
    return made;
  }

  /* ---- Loading: the sentence after ten seconds; the skeleton is drawn by states.css -------------------- */

  function tellSlow() {
    hideSlow();
    slow = element("div", "note-box slow-note");
    slow.setAttribute("role", "status");
    slow.append(
      element("p", "", "Das dauert länger als üblich. Die Daten sind unverändert."),
      button("Erneut versuchen", "button-small", function () { location.reload(); })
    );
    document.body.appendChild(slow);
  }

  function hideSlow() {
    if (slow) { slow.remove(); slow = null; }
  }

  var waiting = null;
  document.addEventListener("isek-busy", function (event) {
    clearTimeout(waiting);
    if (event.detail) { waiting = setTimeout(tellSlow, SLOW_MS); } else { hideSlow(); }
  });

  /* The skeleton of the first page goes when the page stands. */
  function settle() {
    var first = document.querySelector(".first-load");
    if (first && shell()) { first.remove(); }
    restoreDrafts();
  }

  /* ---- Newer data ------------------------------------------------------------------------------------------ */

  function offer(name) {
    var page = shell();
    var known = page && page.dataset.stand;
    var box = document.getElementById("neue-daten");
    if (!page || !name || known === undefined || known === name || dismissed === name) {
      if (box && known === name) { box.remove(); }
      return;
    }
    if (box) { return; }
    box = element("div", "note-box new-data");
    box.id = "neue-daten";
    box.setAttribute("role", "status");
    box.append(
      element("p", "", "Neue Daten verfügbar."),
      button("Neu laden", "button-small button-primary", function () { location.reload(); }),
      button("Später", "button-small", function () { dismissed = name; box.remove(); })
    );
    document.body.appendChild(box);
  }

  function showRun(words) {
    document.querySelectorAll(".run-clock").forEach(function (clock) {
      clock.hidden = !words;
      clock.title = words;
      clock.querySelector("span:last-child").textContent = words;
    });
  }

  /* ---- Session ----------------------------------------------------------------------------------------------- */

  function clockWords(seconds) {
    return new Date(Date.now() + seconds * 1000).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" }) + " Uhr";
  }

  function closeWarning() {
    var box = document.getElementById("sitzungsende");
    if (!box) { return; }
    var inside = box.contains(document.activeElement);
    box.remove();
    if (inside && before && before.isConnected) { before.focus({ preventScroll: true }); }
    before = null;
  }

  function warn(seconds, canStay) {
    if (document.getElementById("sitzungsende")) { return; }
    var box = element("div", "note-box session-box");
    box.id = "sitzungsende";
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-labelledby", "sitzungsende-titel");
    box.setAttribute("aria-describedby", "sitzungsende-text");
    var title = element("p", "session-title", "Ihre Sitzung endet um " + clockWords(seconds));
    title.id = "sitzungsende-titel";
    var text = element("p", "", canStay
      ? "Sie haben länger nichts aufgerufen. Ein Tastendruck genügt, um angemeldet zu bleiben."
      : "Die längste Dauer einer Sitzung ist erreicht. Die Adresse dieser Seite führt nach dem Anmelden hierher zurück.");
    text.id = "sitzungsende-text";
    var press = canStay ? button("Angemeldet bleiben", "button-primary", stay) : button("Verstanden", "", function () {
      box.dataset.read = "1";
      box.hidden = true;
      if (before && before.isConnected) { before.focus({ preventScroll: true }); }
    });
    box.append(title, text, press);
    before = document.activeElement;
    document.body.appendChild(box);
    press.focus({ preventScroll: true });
  }

  function stay() {
    var person = document.querySelector("[data-csrf]");
    var form = new FormData();
    form.append("csrf", person ? person.dataset.csrf : "");
    fetch(STAY, { method: "POST", body: form, credentials: "same-origin" }).then(heard, lost);
  }

  function ended() {
    closeWarning();
    if (document.getElementById("sitzung-vorbei")) { return; }
    var box = element("div", "note-box session-box");
    box.id = "sitzung-vorbei";
    box.setAttribute("role", "alert");
    var link = element("a", "button button-primary", "Neu anmelden");
    link.href = "/anmelden?ziel=" + encodeURIComponent(location.pathname + location.search);
    box.append(
      element("p", "session-title", "Ihre Sitzung ist beendet."),
      element("p", "", "Diese Seite bleibt stehen; nach dem Anmelden kommen Sie hierher zurück."),
      link
    );
    document.body.appendChild(box);
  }

  /* ---- Pulse: asks by itself, which keeps no session alive ------------------------------------------------------ */

  function heard(response) {
    if (response.status === 401) { ended(); return; }
    if (!response.ok) { again(EVERY_S); return; }
    response.json().then(function (told) {
      if ("stand" in told) { offer(told.stand); showRun(told.lauf); }
      if (told.rest > WARN_S) { closeWarning(); } else if (told.rest > 0) { warn(told.rest, told.verlaengerbar); }
      again(told.rest > WARN_S ? Math.min(EVERY_S, told.rest - WARN_S + 1) : Math.min(15, told.rest + 1));
    }, lost);
  }

  function lost() { again(EVERY_S); }

  function again(seconds) {
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(1, seconds) * 1000);
  }

  function ask() {
    clearTimeout(timer);
    if (!shell()) { again(5); return; }
    fetch(PULSE, { credentials: "same-origin", cache: "no-store" }).then(heard, lost);
  }

  document.addEventListener("visibilitychange", function () { if (!document.hidden) { ask(); } });
  window.addEventListener("focus", function () { if (shell()) { ask(); } });

  /* ---- Drafts: what is typed survives a new sign-in; kept in this tab only --------------------------------------- */

  function draftName(form) { return "isek-entwurf-" + form.dataset.draft; }

  function draftFields(form) { return form.querySelectorAll("textarea[name], input[type=text][name]"); }

  document.addEventListener("input", function (event) {
    var form = event.target.closest && event.target.closest("form[data-draft]");
    if (!form) { return; }
    var kept = {};
    draftFields(form).forEach(function (field) { kept[field.name] = field.value; });
    try { sessionStorage.setItem(draftName(form), JSON.stringify(kept)); } catch (error) { /* closed storage */ }
  });

  function restoreDrafts() {
    document.querySelectorAll("form[data-draft]").forEach(function (form) {
      if (form.restored) { return; }
      form.restored = true;
      try {
        var kept = JSON.parse(sessionStorage.getItem(draftName(form)) || "{}");
        draftFields(form).forEach(function (field) { if (!field.value && kept[field.name]) { field.value = kept[field.name]; } });
      } catch (error) { /* closed storage */ }
    });
    if (/[?&]gemeldet=/.test(location.search)) { forget("isek-entwurf-barriere"); }
  }

  function forget(name) {
    try { sessionStorage.removeItem(name); } catch (error) { /* closed storage */ }
  }

  document.addEventListener("submit", function (event) {
    if (event.target.getAttribute("action") === "/abmelden") {
      try {
        Object.keys(sessionStorage).forEach(function (key) { if (key.indexOf("isek-entwurf-") === 0) { forget(key); } });
      } catch (error) { /* closed storage */ }
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-action='again']")) { location.reload(); }
  });

  new MutationObserver(settle).observe(document.body, { childList: true, subtree: true });
  again(5);
})();
