/* Writes a page that came as text, with its charts (dashboard/markup.py). A chart that stood on the same page
   before keeps its drawing and is brought up to date; what is open stays open. */
(function () {
  "use strict";

  function nameOf(place, index) {
    var card = place.closest("[data-chart]");
    return card ? card.dataset.chart + "/" + Array.prototype.indexOf.call(card.querySelectorAll(".dash-graph"), place) : "#" + index;
  }

  function pageOf(root) {
    var shell = root.querySelector(".shell");
    return shell ? shell.dataset.page : "";
  }

  function labelOf(details) {
    var words = details.querySelector("summary");
    return details.id || (words ? words.textContent : "");
  }

  function graphsOf(root) {
    var found = new Map();
    root.querySelectorAll(".dash-graph").forEach(function (place, index) { found.set(nameOf(place, index), place); });
    return found;
  }

  function opened(root) {
    var names = new Set();
    root.querySelectorAll("details[open]:not(.menu)").forEach(function (details) { names.add(labelOf(details)); });
    return names;
  }

  function write(box, html, figures) {
    var template = document.createElement("template");
    template.innerHTML = html;
    var next = template.content;
    var same = pageOf(box) !== "" && pageOf(box) === pageOf(next);
    var before = graphsOf(box);
    var open = same ? opened(box) : new Set();
    var drawings = [];
    next.querySelectorAll("[data-figure]").forEach(function (place, index) {
      drawings.push([place, figures[Number(place.dataset.figure)], same && before.get(nameOf(place, index))]);
    });
    next.querySelectorAll("details:not(.menu)").forEach(function (details) {
      if (open.has(labelOf(details))) { details.open = true; }
    });
    drawings.forEach(function (entry) {
      var old = entry[2] && entry[2].firstElementChild;
      if (old) { entry[0].appendChild(old); } else { entry[0].appendChild(document.createElement("div")).className = "js-plotly-plot"; }
    });
    box.querySelectorAll(".js-plotly-plot").forEach(function (left) { window.Plotly.purge(left); });
    box.replaceChildren(next);
    drawings.forEach(function (entry) { draw(entry[0].firstElementChild, entry[1]); });
  }

  function draw(element, figure) {
    var layout = Object.assign({}, figure.layout, { autosize: true });
    delete layout.width;
    delete layout.height;
    window.Plotly.react(element, { data: figure.data, layout: layout, config: figure.config });
  }

  function Written(props) {
    var React = window.React;
    var box = React.useRef(null);
    React.useLayoutEffect(function () {
      write(box.current, props.html, props.figures || []);
    }, [props.html, props.figures]);
    return React.createElement("div", { className: "written", ref: box });
  }

  window.isek_portal = { Written: Written };
}());
