/* The paper's figures: a point carries the link of its run; of many curves drawn as one line, the
 * trace says at which point each run's begins, and which trace shows the one pointed at.
 */
window.dash_clientside = window.dash_clientside || {};

window.dash_clientside.paper_figures = (function () {
    "use strict";

    const same = () => window.dash_clientside.no_update;

    let chosen = null;

    /* A choice names the figure it leads to; the buttons are then made anew. */
    function choose(clicks) {
        const trigger = (window.dash_clientside.callback_context.triggered || [])[0];
        if (!trigger || !clicks.some(Boolean)) return same();
        chosen = trigger.prop_id.replace(/\.n_clicks$/, "");
        return JSON.parse(chosen).text;
    }

    /* The button that was used keeps the keyboard. */
    function refocus() {
        if (!chosen) return;
        const id = chosen;
        chosen = null;
        if (document.activeElement === document.body) document.getElementById(id)?.focus();
    }

    function pointOf(data) {
        return ((data || {}).points || [])[0];
    }

    /* Which of the runs of a line a point belongs to; null: it is no such line. */
    function runAt(figure, point) {
        const meta = figure.data[point.curveNumber].meta;
        if (!meta || !meta.starts) return null;
        let index = meta.starts.findIndex((start) => start > point.pointNumber) - 1;
        if (index < 0) index = meta.starts.length - 1;
        return { meta, index };
    }

    function open(data, figure) {
        const point = pointOf(data);
        if (!point) return same();
        const run = runAt(figure, point);
        if (run) return figure.layout.meta.link.replace("~", run.meta.runs[run.index]);
        return typeof point.customdata === "string" ? point.customdata : same();
    }

    /* The name of the run under the pointer, and its curve drawn over the others. */
    function point(data, figure) {
        const found = pointOf(data);
        if (!found) return same();
        const run = runAt(figure, found);
        if (!run) return same();
        highlight(found.curveNumber, run);
        return `${run.meta.names[run.index]}: a click opens it`;
    }

    function highlight(number, { meta, index }) {
        const plot = document.querySelector("#paper-figure .js-plotly-plot");
        if (!plot || !plot._fullData) return;
        const { x, y } = plot._fullData[number];
        const end = index + 1 < meta.starts.length ? meta.starts[index + 1] : x.length;
        const part = (values) => [Array.from(values.slice(meta.starts[index], end - 1))];
        window.Plotly.restyle(plot, { x: part(x), y: part(y) }, [meta.pointed]);
    }

    return { choose, refocus, open, point };
})();
