/* What is brushed, as a part of the selection in the link (its grammar: dashboard/urls). */
window.driftscape = window.driftscape || {};

window.driftscape.sweepBrush = (function () {
    "use strict";

    const MOST_CORNERS = 60;
    const text = (value) => String(Number(Number(value).toPrecision(7)));
    const parts = (where) => where.split(";").filter(Boolean);
    const keyOf = (part) => part.slice(0, part.indexOf(":"));

    function without(where, key) {
        return parts(where).filter((part) => keyOf(part) !== key).join(";");
    }

    /* A condition takes the place of an earlier one on the same column. */
    function having(where, part) {
        const kept = without(where, keyOf(part));
        return kept ? `${kept};${part}` : part;
    }

    const range = (column, ends) => `${column}:${ends.map((end) => end === null ? "" : text(end)).join("..")}`;
    const values = (column, names) =>
        `${column}:=${names.map((name) => encodeURIComponent(name)).join("|")}`;

    /* A text of a link, as Python's `unquote` reads it: a % that begins no code stands for itself. */
    const decoded = (text) =>
        text.replace(/(%[0-9a-f]{2})+/gi, (codes) => {
            const bytes = codes.slice(1).split("%").map((code) => parseInt(code, 16));
            return new TextDecoder().decode(Uint8Array.from(bytes));
        });

    /* Ends on an axis -> a condition; on an axis of categories those whose place is between. */
    function onAxis(axis, low, high) {
        const ends = [Math.min(low, high), Math.max(low, high)];
        if (!axis.names) return range(axis.column, ends);
        const inside = axis.names.filter((_, at) => at >= ends[0] && at <= ends[1]);
        return inside.length ? values(axis.column, inside) : null;
    }

    function onScatter(data, where) {
        const meta = layoutOf("sweep-scatter").meta;
        const found = Object.entries(data.range || {});
        if (found.length) {
            const along = (way) => found.find(([name]) => name.startsWith(way))[1];
            return ["x", "y"].reduce((kept, way) => {
                const part = onAxis(meta.axes[way], ...along(way).map(Number));
                return part ? having(kept, part) : kept;
            }, where);
        }
        const lines = Object.entries(data.lassoPoints || {});
        if (!lines.length) return null;
        const [x, y] = ["x", "y"].map((way) => lines.find(([name]) => name.startsWith(way))[1]);
        if (meta.axes.x.names || meta.axes.y.names) return null;
        const every = Math.ceil(x.length / MOST_CORNERS);
        const corners = x.map((value, at) => [value, y[at]]).filter((_, at) => at % every === 0);
        if (corners.length < 3) return null;
        const axes = meta.logs.map((log) => (log ? "g" : "l")).join("");
        const told = corners.map((corner) => corner.map((value) => Number(value).toPrecision(5)));
        const key = `${meta.axes.x.column},${meta.axes.y.column}`;
        return having(where, `${key}:@${axes} ${told.flat().map(Number).join(" ")}`);
    }

    function onHistogram(ends, where) {
        const { column, log, names } = layoutOf("sweep-histogram").meta;
        const [low, high] = log ? ends.map((end) => 10 ** end) : ends;
        const part = onAxis({ column, names }, low, high);
        return part ? having(where, part) : null;
    }

    function onBar(data, where) {
        const bar = ((data || {}).points || [])[0];
        if (!bar || !bar.customdata) return null;
        const { column, names } = layoutOf("sweep-histogram").meta;
        const part = names ? values(column, bar.customdata) : range(column, bar.customdata);
        return parts(where).includes(part) ? without(where, column) : having(where, part);
    }

    /* A restyle names the axis it is about: {"dimensions[2].constraintrange": [[low, high]]}. */
    function onParallel(data, where) {
        const edits = (data || [])[0] || {};
        const axes = layoutOf("sweep-parallel").meta.axes;
        let kept = where;
        Object.entries(edits).forEach(([name, value]) => {
            const found = /^dimensions\[(\d+)\]\.constraintrange$/.exec(name);
            if (!found) return;
            const axis = axes[Number(found[1])];
            const ends = Array.isArray(value) && Array.isArray(value[0]) ? value[0] : value;
            if (!ends || ends.length !== 2) kept = without(kept, axis.column);
            else {
                const real = axis.log ? ends.map((end) => 10 ** end) : ends;
                const part = onAxis(axis, ...real);
                kept = part ? having(kept, part) : without(kept, axis.column);
            }
        });
        return kept === where ? null : kept;
    }

    function layoutOf(id) {
        return document.querySelector(`#${id} .js-plotly-plot`).layout;
    }

    /* The selection after an event of a figure; null: as it was. */
    function narrowed(id, property, value, view) {
        const where = view.where;
        if (id === "sweep-parallel") return onParallel(value, where);
        if (property === "clickData") return onBar(value, where);
        if (!value) return null;
        if (id === "sweep-scatter") return onScatter(value, where);
        return value.range && value.range.x ? onHistogram(value.range.x.map(Number), where) : null;
    }

    return { narrowed, without, having, range, values, decoded, parts, keyOf };
})();

/* The card of the run under the pointer: its values and its curves. */
window.driftscape.sweepHover = function (data, facts) {
    "use strict";

    const card = document.getElementById("sweep-hover");
    if (!card) return;
    const point = ((data || {}).points || [])[0];
    card.hidden = !point || !point.bbox;
    if (card.hidden) return;
    const plot = document.querySelector("#sweep-scatter .js-plotly-plot");
    const axes = plot.layout.meta.axes;
    const shown = (axis, value) =>
        axis.said ? axis.said[Math.round(value)] : window.driftscape.shortNumber(value);
    const lines = ["x", "y"].map((way) => `${axes[way].label}: ${shown(axes[way], point[way])} ${axes[way].unit}`);
    const run = point.customdata;
    const head = point.text || (run ? `Run ${run}` : "");
    card.replaceChildren(
        ...(run ? [Object.assign(new Image(), { alt: "", src: facts.thumbnail.replace("<run_id>", run) })] : []),
        ...[head, ...lines].filter(Boolean).map((line) => Object.assign(document.createElement("div"), { textContent: line }))
    );
    const frame = card.parentElement.getBoundingClientRect();
    const graph = plot.getBoundingClientRect();
    const x = graph.left - frame.left + (point.bbox.x0 + point.bbox.x1) / 2;
    const y = graph.top - frame.top + point.bbox.y0;
    card.style.left = `${Math.max(4, Math.min(x + 14, frame.width - card.offsetWidth - 4))}px`;
    card.style.top = `${Math.max(4, y - card.offsetHeight - 10)}px`;
};

/* Three or four digits: 0.0123, −5.4, 12,300. */
window.driftscape.shortNumber = function (value) {
    "use strict";

    if (value === null || value === undefined || Number.isNaN(Number(value))) return "";
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 1e9) return value.toLocaleString("en-US").replace("-", "−");
    if (size >= 1e4) return Number(value.toPrecision(4)).toLocaleString("en-US").replace("-", "−");
    return String(Number(value.toPrecision(4))).replace("-", "−");
};
