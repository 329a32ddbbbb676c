// @ts-check
/* Numbers in words, and steps of training on a time axis. */

/** @param {string} text */
export const withMinus = (text) => text.replace("-", "−");

/** @param {number} value */
export const grouped = (value) => withMinus(value.toLocaleString("en-US"));

/** "step 12,300"
 * @param {number} step
 */
export const sayStep = (step) => `step ${grouped(step)}`;

/** Three or four digits: 0.0123, −5.4, 12,300; nothing of what is no number.
 * @param {unknown} value
 */
export function shortNumber(value) {
    if (typeof value !== "number" || Number.isNaN(value)) return "";
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 1e9) return grouped(value);
    const rounded = Number(value.toPrecision(4));
    return size >= 1e4 ? grouped(rounded) : withMinus(String(rounded));
}

const LEAST = 0.3; // where step 0 stands beside the others on a logarithmic axis

/** Which of the steps is nearest to another as an axis shows them; the earlier of two.
 * @param {number[]} steps
 * @param {number} step
 * @param {string} axis `log` or `linear`
 */
export function nearestIndex(steps, step, axis) {
    /** @param {number} value */
    const scale = (value) => (axis === "log" ? Math.log(Math.max(value, LEAST)) : value);
    const apart = steps.map((known) => Math.abs(scale(known) - scale(step)));
    return apart.indexOf(Math.min(...apart));
}
