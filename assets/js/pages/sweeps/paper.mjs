// @ts-check
/* The paper's figures: a point carries the link of its run; of many curves drawn as one line, the
 * trace says at which point each run's begins, and which trace shows the one pointed at.
 */

import { noUpdate, plotIn, restyle, tracesOf, trigger } from "../../base/plotly_dash.mjs";
import { pointOf } from "../../base/points.mjs";

/** What a line of many runs says of them.
 * @typedef {{ starts: number[], runs: string[], names: string[], pointed: number }} Line
 */

/** A figure as callbacks have it.
 * @typedef {{ data: { meta?: Line }[], layout: { meta: { link: string } } }} Figure
 */

/** Id of the choice that was just used. @type {string | null} */
let chosen = null;

/** A choice names the figure it leads to; the buttons are then made anew.
 * @param {number[]} clicks
 */
export function choose(clicks) {
    const reason = trigger();
    if (!reason || !clicks.some(Boolean)) return noUpdate();
    chosen = reason.prop_id.replace(/\.n_clicks$/, "");
    return JSON.parse(chosen).text;
}

/** The button that was used keeps the keyboard. */
export function refocus() {
    if (!chosen) return;
    const id = chosen;
    chosen = null;
    if (document.activeElement === document.body) document.getElementById(id)?.focus();
}

/** Which of the runs of a line a point belongs to; null: it is no such line.
 * @param {Figure} figure
 * @param {PlotPoint} point
 */
export function runAt(figure, point) {
    const { meta } = figure.data[point.curveNumber];
    if (!meta?.starts) return null;
    const index = meta.starts.findLastIndex((start) => start <= point.pointNumber);
    return { meta, index };
}

/** @param {PointData} data @param {Figure} figure */
export function open(data, figure) {
    const point = pointOf(data);
    if (!point) return noUpdate();
    const run = runAt(figure, point);
    if (run) return figure.layout.meta.link.replace("~", run.meta.runs[run.index]);
    return typeof point.customdata === "string" ? point.customdata : noUpdate();
}

/** The name of the run under the pointer, and its curve drawn over the others.
 * @param {PointData} data
 * @param {Figure} figure
 */
export function point(data, figure) {
    const found = pointOf(data);
    const run = found && runAt(figure, found);
    if (!run) return noUpdate();
    highlight(found.curveNumber, run);
    return `${run.meta.names[run.index]}: a click opens it`;
}

/** @param {number} number of the trace @param {{ meta: Line, index: number }} run */
function highlight(number, { meta, index }) {
    const plot = plotIn("paper-figure");
    if (!plot) return;
    const { x, y } = tracesOf(plot)[number];
    const end = meta.starts[index + 1] ?? x.length;
    /** @param {ArrayLike<number>} values */
    const part = (values) => [Array.prototype.slice.call(values, meta.starts[index], end - 1)];
    restyle(plot, meta.pointed, { x: part(x), y: part(y) });
}
