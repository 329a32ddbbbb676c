// @ts-check
/* The time cursor as lines laid over the figures, so that scrubbing never redraws one.
 *
 * A frame says by data-cursor what its lines mark: "time" a step on a step axis, "snapshot" a
 * column of snapshots, "matrix" a column and its row. Positions come from the figure's own axes.
 */

import { retry } from "./dom.mjs";
import { axisOf, plotIn, uprightOf } from "./plotly_dash.mjs";
import { keepZoom } from "./zoom.mjs";

/** The step marked in each frame. @type {WeakMap<HTMLElement, number>} */
const moments = new WeakMap();
/** The frame that each figure draws for. @type {WeakMap<PlotElement, HTMLElement>} */
const attached = new WeakMap();

/** A frame's figure with its axes, and the step to mark there; null: not yet.
 * @param {HTMLElement} frame
 */
function partsOf(frame) {
    const plot = plotIn(frame);
    const step = moments.get(frame);
    const xaxis = plot && axisOf(plot, "x");
    const yaxis = plot && axisOf(plot, "y");
    if (!plot || !xaxis || !yaxis || step === undefined) return null;
    const kind = frame.dataset.cursor;
    const x = kind === "time" ? valueOnTime(plot, step) : snapshotOn(xaxis, step);
    const y = kind === "matrix" ? snapshotOn(yaxis, step) : null;
    return { plot, xaxis, yaxis, kind, x, y };
}

/** A step as its axis has it; a log axis has a place of its own for step 0.
 * @param {PlotElement} plot
 * @param {number} step
 */
function valueOnTime(plot, step) {
    return step > 0 ? step : plot.layout.meta?.zero || 0;
}

/** The last snapshot of an axis at or before a step.
 * @param {{ categories: string[] }} axis
 * @param {number} step
 */
export function snapshotOn({ categories }, step) {
    const steps = categories.map((name) => Number(name.replace(/\D/g, "")));
    return Math.max(steps.findLastIndex((known) => known <= step), 0);
}

/** The same lines as parts of the figure itself, for a copy of it that leaves the page.
 * @param {HTMLElement} frame
 */
export function linesAsShapes(frame) {
    const parts = partsOf(frame);
    if (!parts) return [];
    const { kind, x, y } = parts;
    const line = { color: kind === "time" ? "#1b1f26" : "#d55e00", width: 1.5 };
    const upright = { type: "line", line, x0: x, x1: x, y0: 0, y1: 1, yref: "y domain" };
    if (y === null) return [upright];
    return [upright, { type: "line", line, x0: 0, x1: 1, xref: "x domain", y0: y, y1: y }];
}

/** @param {HTMLElement} frame */
function draw(frame) {
    const parts = partsOf(frame);
    if (!parts) return;
    const { plot, xaxis, yaxis } = parts;
    /** @type {NodeListOf<HTMLElement>} */
    const lines = frame.querySelectorAll(".cursor-line");
    const x = xaxis.place(parts.x);
    const inside = x >= -1 && x <= xaxis.length + 1 && xaxis.visible;
    const { top, height } = uprightOf(plot);
    place(lines[0], inside, xaxis.offset + x, top, 0, height);
    if (parts.y === null) return;
    place(lines[1], inside, xaxis.offset, yaxis.offset + yaxis.place(parts.y), xaxis.length, 0);
}

/** @param {HTMLElement} line @param {boolean} visible @param {number} left @param {number} top
 * @param {number} width @param {number} height
 */
function place(line, visible, left, top, width, height) {
    line.style.display = visible ? "block" : "none";
    line.style.transform = `translate(${left}px, ${top}px)`;
    line.style.width = width ? `${width}px` : "";
    line.style.height = height ? `${height}px` : "";
}

/** Draw in a frame from now on, whenever its figure is drawn; false: it has none yet.
 * @param {HTMLElement} frame
 */
function attach(frame) {
    const plot = plotIn(frame);
    if (!plot || !axisOf(plot, "x")) return false;
    if (attached.get(plot) !== frame) {
        attached.set(plot, frame);
        plot.on("plotly_afterplot", () => draw(frame));
        keepZoom(plot);
    }
    draw(frame);
    return true;
}

/** Move every line on the page to a step; figures that are still loading follow.
 * @param {number} step
 */
export function moveLinesTo(step) {
    /** @type {NodeListOf<HTMLElement>} */
    const frames = document.querySelectorAll("[data-cursor]");
    frames.forEach((frame) => {
        moments.set(frame, step);
        retry(() => attach(frame) || !frame.isConnected);
    });
}
