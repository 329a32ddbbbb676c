// @ts-check
/* The part of a time axis that a reader looks at stays when the page of a run is laid out anew. */

import { axisOf, graphOf, zoomTo } from "./plotly_dash.mjs";

/** Ranges by run, figure and axis. @type {Map<string | null, number[]>} */
const zooms = new Map();

/** @param {PlotElement} plot */
function keyOf(plot) {
    /** @type {HTMLElement | null} */
    const page = document.querySelector("[data-run]");
    const graph = graphOf(plot);
    if (!page || !graph) return null;
    return [page.dataset.run, graph, plot.layout.uirevision].join(" ");
}

/** A figure that was just drawn takes up the range that the one before it had.
 * @param {PlotElement} plot
 */
export function keepZoom(plot) {
    const rangeOf = () => axisOf(plot, "x")?.range ?? [];
    const whole = JSON.stringify(rangeOf());
    const zoomed = zooms.get(keyOf(plot));
    if (zoomed) zoomTo(plot, zoomed);
    plot.on("plotly_relayout", (change) => {
        if (!Object.keys(change).some((name) => name.startsWith("xaxis."))) return;
        const range = rangeOf();
        if (change["xaxis.autorange"] || JSON.stringify(range) === whole) zooms.delete(keyOf(plot));
        else zooms.set(keyOf(plot), [...range]);
    });
}
