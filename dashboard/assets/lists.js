/* Long lists with heads that sort: written from their JSON at once. As components of the renderer their cells
   would take seconds. Every text goes in as text. */
(function () {
  "use strict";

  function cell(line, tag, text, align) {
    var made = document.createElement(tag);
    made.className = "to-" + align;
    made.textContent = text;
    line.appendChild(made);
    return made;
  }

  function head(line, column) {
    var made = cell(line, "th", column.label, column.align);
    made.scope = "col";
    if (!column.href) { return; }
    var link = document.createElement("a");
    link.href = column.href;
    link.className = "sort-link";
    link.textContent = column.label;
    if (column.sort) {
      made.setAttribute("aria-sort", column.sort);
      var arrow = document.createElement("span");
      arrow.className = "sort-arrow";
      arrow.setAttribute("aria-hidden", "true");
      arrow.textContent = column.sort === "descending" ? "↓" : "↑";
      link.appendChild(arrow);
    }
    made.replaceChildren(link);
  }

  /* Shape, word and colour of a rating, as component `status` draws it. */
  function rate(made, rating) {
    var badge = document.createElement("span");
    badge.className = "status status-" + rating;
    var sign = document.createElement("span");
    sign.className = "sign sign-" + rating;
    sign.setAttribute("aria-hidden", "true");
    var word = document.createElement("span");
    word.textContent = made.textContent;
    badge.append(sign, word);
    made.replaceChildren(badge);
  }

  /* The name of a row opens its record. */
  function lead(made, href) {
    if (!href) { return; }
    var link = document.createElement("a");
    link.href = href;
    link.className = "row-link";
    link.textContent = made.textContent;
    made.replaceChildren(link);
  }

  function row(line, texts, place, spec) {
    texts.forEach(function (text, index) {
      var named = index === spec.named;
      var made = cell(line, named ? "th" : "td", text, spec.heads[index].align);
      if (named) { made.scope = "row"; lead(made, spec.hrefs && spec.hrefs[place]); }
      if (index === spec.rated) { rate(made, spec.ratings[place]); }
    });
  }

  function write(box) {
    if (box.written === box.dataset.table) { return; }
    box.written = box.dataset.table;
    var spec = JSON.parse(box.dataset.table);
    var table = document.createElement("table");
    table.className = "table wide " + (box.dataset.look || "");
    var caption = table.createCaption();
    caption.className = "visually-hidden";
    caption.textContent = spec.caption;
    var line = table.createTHead().insertRow();
    spec.heads.forEach(function (column) { head(line, column); });
    var body = table.createTBody();
    spec.rows.forEach(function (texts, place) { row(body.insertRow(), texts, place, spec); });
    box.replaceChildren(table);
  }

  function writeAll() { document.querySelectorAll(".late-list").forEach(write); }

  new MutationObserver(writeAll).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-table"]
  });
}());
