/* Drawings lead where the rows of their tables lead. Over each mark lies a real link, so that clicks, new tabs and
   the address shown at the bottom of the window work as everywhere. Keyboards have the same links in the table:
   drawings are hidden from them, and so are these. What a link opens is decided by the server. */
(function () {
  "use strict";

  /* From the middle to one neighbour to the middle to the other; at the ends as far as on the other side. */
  function bounds(middles, index, axis) {
    var here = middles[index];
    var before = index > 0 ? (middles[index - 1] + here) / 2 : null;
    var after = index < middles.length - 1 ? (middles[index + 1] + here) / 2 : null;
    var half = before !== null ? here - before : after !== null ? after - here : axis._length / 2;
    var start = before === null ? here - (after === null ? half : after - here) : before;
    var end = after === null ? here + half : after;
    return [Math.max(0, Math.min(start, end)), Math.min(axis._length, Math.max(start, end))];
  }

  function ways(graph) {
    var meta = graph.layout && graph.layout.meta;
    var axis = meta && meta.wege && graph._fullLayout && graph._fullLayout[meta.wege.achse + "axis"];
    if (!axis) { return []; }
    var places = meta.wege.orte;
    var middles = places.map(function (place) { return axis.d2p(place[0]); });
    return places.map(function (place, index) {
      return { href: place[1], span: bounds(middles, index, axis), upright: meta.wege.achse === "x", axis: axis };
    }).filter(function (way) { return way.href && way.span[1] - way.span[0] >= 1; });
  }

  function write(drawing, graph) {
    drawing.querySelectorAll(".chart-way").forEach(function (old) { old.remove(); });
    var frame = drawing.getBoundingClientRect();
    var box = graph.getBoundingClientRect();
    ways(graph).forEach(function (way) {
      var link = document.createElement("a");
      link.className = "chart-way";
      link.href = way.href;
      link.tabIndex = -1;
      var start = way.axis._offset + way.span[0];
      var size = way.span[1] - way.span[0];
      var left = box.left - frame.left, top = box.top - frame.top;
      var place = way.upright
        ? [left + start, top, size, box.height]
        : [left, top + start, box.width, size];
      ["left", "top", "width", "height"].forEach(function (name, index) { link.style[name] = place[index] + "px"; });
      drawing.appendChild(link);
    });
  }

  /* Points of free charts carry their own address; the link is followed as if it had been clicked. */
  function follow(event) {
    var point = event.points && event.points[0];
    var href = point && typeof point.customdata === "string" ? point.customdata : "";
    if (!/^\/(?!\/)/.test(href)) { return; }
    var link = document.createElement("a");
    link.href = href;
    link.hidden = true;
    document.body.appendChild(link);
    link.click();
    link.remove();
  }

  function listen(graph) {
    var leads = (graph.data || []).some(function (trace) { return Array.isArray(trace.customdata); });
    graph.classList.toggle("leads", leads);
    if (!graph.on || graph.follows === graph.on) { return; }
    graph.follows = graph.on;
    graph.on("plotly_click", follow);
  }

  document.addEventListener("isek-drawn", function (event) {
    var drawing = event.target.closest(".chart-drawing");
    if (drawing) { write(drawing, event.target); listen(event.target); }
  });
})();
