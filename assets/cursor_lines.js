/* The time cursor as lines laid over the figures, so that scrubbing never redraws one.
 *
 * A frame says by data-cursor what its lines mark: "time" a step on a step axis, "snapshot" a
 * column of snapshots, "matrix" a column and its row. Positions come from the figure's own axes.
 */
window.driftscape = window.driftscape || {};

window.driftscape.cursorLines = (function () {
    "use strict";

    const moments = new WeakMap();

    function plotOf(frame) {
        const plot = frame.querySelector(".js-plotly-plot");
        return plot && plot._fullLayout && plot._fullLayout.xaxis ? plot : null;
    }

    /* A step as its axis has it; a log axis has a place of its own for step 0. */
    function valueOnTime(plot, step) {
        return step > 0 ? step : (plot.layout.meta || {}).zero || 0;
    }

    function placeOnTime(plot, step) {
        const axis = plot._fullLayout.xaxis;
        const value = valueOnTime(plot, step);
        return axis.l2p(axis.type === "log" ? Math.log10(value) : value);
    }

    /* The last snapshot of the axis at or before a step. */
    function snapshotOn(axis, step) {
        const steps = (axis._categories || []).map((name) => Number(name.replace(/\D/g, "")));
        let index = 0;
        steps.forEach((known, at) => {
            if (known <= step) index = at;
        });
        return index;
    }

    const placeOnSnapshots = (axis, step) => axis.l2p(snapshotOn(axis, step));

    /* The same lines as parts of the figure itself, for a copy of it that leaves the page. */
    function asShapes(frame) {
        const plot = plotOf(frame);
        const step = moments.get(frame);
        if (!plot || step === undefined) return [];
        const { xaxis, yaxis } = plot._fullLayout;
        const kind = frame.dataset.cursor;
        const line = { color: kind === "time" ? "#1b1f26" : "#d55e00", width: 1.5 };
        const x = kind === "time" ? valueOnTime(plot, step) : snapshotOn(xaxis, step);
        const upright = { type: "line", line, x0: x, x1: x, y0: 0, y1: 1, yref: "y domain" };
        if (kind !== "matrix") return [upright];
        const y = snapshotOn(yaxis, step);
        return [upright, { type: "line", line, x0: 0, x1: 1, xref: "x domain", y0: y, y1: y }];
    }

    function draw(frame) {
        const plot = plotOf(frame);
        const step = moments.get(frame);
        if (!plot || step === undefined) return;
        const { xaxis, yaxis, _size: size } = plot._fullLayout;
        const kind = frame.dataset.cursor;
        const lines = frame.querySelectorAll(".cursor-line");
        const x = kind === "time" ? placeOnTime(plot, step) : placeOnSnapshots(xaxis, step);
        const inside = x >= -1 && x <= xaxis._length + 1 && xaxis.visible !== false;
        place(lines[0], inside, xaxis._offset + x, size.t, 0, size.h);
        if (kind === "matrix") {
            const y = placeOnSnapshots(yaxis, step);
            place(lines[1], inside, xaxis._offset, yaxis._offset + y, xaxis._length, 0);
        }
    }

    function place(line, visible, left, top, width, height) {
        line.style.display = visible ? "block" : "none";
        line.style.transform = `translate(${left}px, ${top}px)`;
        line.style.width = width ? `${width}px` : "";
        line.style.height = height ? `${height}px` : "";
    }

    function attach(frame) {
        const plot = plotOf(frame);
        if (!plot || !plot.on) return false;
        if (plot._driftscapeCursor !== frame) {
            plot._driftscapeCursor = frame;
            plot.on("plotly_afterplot", () => draw(frame));
            window.driftscape.curves.attach(plot);
        }
        return true;
    }

    /* Move every line on the page to a step; figures that are still loading follow. */
    function moveTo(step) {
        document.querySelectorAll("[data-cursor]").forEach((frame) => {
            moments.set(frame, step);
            if (attach(frame)) draw(frame);
            else waitFor(frame, 200);
        });
    }

    function waitFor(frame, triesLeft) {
        if (!frame.isConnected || triesLeft === 0) return;
        if (attach(frame)) draw(frame);
        else setTimeout(() => waitFor(frame, triesLeft - 1), 50);
    }

    return { moveTo, asShapes };
})();
