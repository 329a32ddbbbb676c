// @ts-check
/* The overview's picture: every frame is in the page, so moving it asks nobody. */

import { moveLinesTo } from "../base/cursor_lines.mjs";
import { retry } from "../base/dom.mjs";
import { nearestIndex } from "../base/numbers.mjs";
import { noUpdate, plotIn, redraw, setProps } from "../base/plotly_dash.mjs";
import { stepOf } from "../base/points.mjs";

/** Rate maps at some steps, packed as Plotly takes them, and what is said of each.
 * @typedef {{ steps: number[], cells: string[], shape: string, words: string[] }} Frames
 */

/** The frame that a figure shows. @type {WeakMap<PlotElement, number>} */
const drawn = new WeakMap();

/** Whether the figure is there. @param {number} index @param {Frames} frames */
function drawFrame(index, frames) {
    const plot = plotIn("hero-maps");
    if (!plot?.data) return false;
    if (drawn.get(plot) === index) return true;
    drawn.set(plot, index);
    const z = { dtype: "u1", bdata: frames.cells[index], shape: frames.shape };
    redraw(plot, [{ ...plot.data[0], z }]);
    return true;
}

/** @param {number | null} index @param {Frames | null} frames */
export function show(index, frames) {
    if (!frames) return noUpdate();
    const at = Math.min(Math.max(index ?? 0, 0), frames.steps.length - 1);
    retry(() => drawFrame(at, frames), Infinity);
    moveLinesTo(frames.steps[at]);
    return frames.words[at];
}

/** @param {number} _ticks @param {number} index @param {Frames | null} frames */
export function advance(_ticks, index, frames) {
    if (!frames) return noUpdate();
    const last = frames.steps.length - 1;
    if (index + 1 >= last) setProps("hero-tick", { disabled: true });
    return Math.min(index + 1, last);
}

/** @param {number} clicks @param {boolean} stopped @param {number} index
 * @param {Frames | null} frames
 */
export function play(clicks, stopped, index, frames) {
    if (!clicks || !frames) return noUpdate();
    if (stopped && index >= frames.steps.length - 1) setProps("hero-slider", { value: 0 });
    return !stopped;
}

/** @param {boolean} stopped */
function showPlaying(stopped) {
    return stopped ? "Play" : "Pause";
}

/** @param {PointData} click @param {Frames | null} frames */
export function jump(click, frames) {
    const step = stepOf(click);
    if (step === null || !frames) return noUpdate();
    return nearestIndex(frames.steps, step, "log");
}

export { showPlaying as show_playing };
