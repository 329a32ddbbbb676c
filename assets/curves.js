/* What readers do to figures with a time cursor: zoom, drag with a finger, save a picture. */
window.driftscape = window.driftscape || {};

window.driftscape.curves = (function () {
    "use strict";

    /* Ranges by run, figure and axis. The page of a run is laid out anew when the run ends. */
    const zooms = new Map();

    function keyOf(plot) {
        const page = document.querySelector("[data-run]");
        const graph = plot.closest(".dash-graph");
        if (!page || !graph) return null;
        return [page.dataset.run, graph.id, plot.layout.uirevision].join(" ");
    }

    /* A figure that was just drawn takes up the range that the one before it had. */
    function attach(plot) {
        const whole = JSON.stringify(plot._fullLayout.xaxis.range);
        const zoomed = zooms.get(keyOf(plot));
        if (zoomed) window.Plotly.relayout(plot, { "xaxis.range": [...zoomed] });
        plot.on("plotly_relayout", (change) => {
            if (!Object.keys(change).some((name) => name.startsWith("xaxis."))) return;
            const range = plot._fullLayout.xaxis.range;
            if (change["xaxis.autorange"] || JSON.stringify(range) === whole) {
                zooms.delete(keyOf(plot));
            } else zooms.set(keyOf(plot), [...range]);
        });
    }

    /* A finger that moves over a figure scrolls the page; a tap is a click. */
    document.addEventListener(
        "touchstart",
        (event) => {
            if (event.target.closest("[data-cursor] .draglayer")) event.stopPropagation();
        },
        { capture: true, passive: true }
    );

    /* A saved picture has the cursor's lines, which lie over the figure on the page. Plotly copies
     * the layout within the click. */
    document.addEventListener(
        "click",
        (event) => {
            const frame = event.target.closest("[data-cursor]");
            if (!frame || !event.target.closest(".modebar-btn[data-title^='Download']")) return;
            const { layout } = frame.querySelector(".js-plotly-plot");
            const shapes = layout.shapes || [];
            layout.shapes = [...shapes, ...window.driftscape.cursorLines.asShapes(frame)];
            setTimeout(() => {
                layout.shapes = shapes;
            });
        },
        true
    );

    return { attach };
})();
