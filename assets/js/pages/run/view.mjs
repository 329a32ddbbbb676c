// @ts-check
/* The view of a run page, as plain functions: where the cursor is, and what a choice or a click
 * makes of it.
 */

import { nearestIndex, sayStep } from "../../base/numbers.mjs";
import { pointOf, stepOf } from "../../base/points.mjs";

/** As RunView of dashboard/urls.
 * @typedef {{
 *     t: number | null, unit: number | null, sort: number | string, view: string, rows: string,
 *     maps: string, corr: string, x: string,
 * }} RunView
 */

/** What the server said about the run: its snapshots' steps, and where its phases end.
 * @typedef {object} RunFacts
 * @property {string} layout another on every page that is laid out
 * @property {string} run
 * @property {number[]} steps
 * @property {RunView} standard
 * @property {[number | null, number | null]} phases
 * @property {string} steady name of the last phase
 * @property {Record<string, string>} clicks by figure, what a click means: a step of the time
 *     axis, a snapshot, a unit's row or its point
 */

/** Keys of the view that have a control of their own. @type {Record<string, keyof RunView>} */
export const CHOICES = {
    "run-time-axis": "x",
    "run-maps-view": "view",
    "run-maps-source": "maps",
    "run-maps-rows": "rows",
    "run-correlation-kind": "corr",
};
/** @param {unknown} text */
const digits = (text) => Number(String(text).replace(/\D/g, ""));

/** @param {RunView} view @param {RunFacts} facts */
export function indexOf(view, facts) {
    return view.t === null ? facts.steps.length - 1 : facts.steps.indexOf(view.t);
}

/** The step of a snapshot; null for the last one: a growing run is followed.
 * @param {number} index
 * @param {RunFacts} facts
 */
export function atIndex(index, facts) {
    const last = facts.steps.length - 1;
    return index >= last ? null : facts.steps[Math.max(index, 0)];
}

/** @param {number} step @param {RunView} view @param {RunFacts} facts */
function nearest(step, view, facts) {
    return atIndex(nearestIndex(facts.steps, step, view.x), facts);
}

/** What a control changes.
 * @param {string} id
 * @param {any} value
 * @param {RunView} view
 * @param {RunFacts} facts
 * @returns {Partial<RunView>}
 */
export function chosen(id, value, view, facts) {
    if (id in CHOICES) return { [CHOICES[id]]: value };
    if (id === "run-unit-choice") return { unit: value === "" ? null : (value ?? null) };
    if (id !== "run-maps-sort") return {};
    if (value !== "pin") return { sort: value };
    const pinned = typeof view.sort === "number";
    return { sort: pinned ? view.sort : facts.steps[indexOf(view, facts)] };
}

/** What a click on a figure changes: the moment, or the unit that is followed.
 * @param {string} id
 * @param {PointData} data
 * @param {RunView} view
 * @param {RunFacts} facts
 * @returns {Partial<RunView>}
 */
export function clicked(id, data, view, facts) {
    const meaning = facts.clicks[id];
    if (meaning === "step") {
        const step = stepOf(data);
        return step === null ? {} : { t: nearest(step, view, facts) };
    }
    const point = pointOf(data);
    if (!point) return {};
    if (meaning === "snapshot") {
        return { t: nearest(digits(point.x), view, facts) };
    }
    const name = meaning === "row" ? point.y : point.customdata;
    if (!/\d/.test(String(name))) return {};
    const unit = digits(name);
    return { unit: unit === view.unit ? null : unit };
}

/** @param {number} step @param {RunFacts} facts */
function phaseAt(step, { phases: [learned, steady], steady: last }) {
    if (learned === null) return "";
    if (step < learned) return "learning";
    return steady === null || step < steady ? "directed drift" : last;
}

/** @param {RunView} view @param {RunFacts} facts */
export function sayMoment(view, facts) {
    const index = indexOf(view, facts);
    const step = facts.steps[index];
    const place = `snapshot ${index + 1} of ${facts.steps.length}`;
    return [sayStep(step), place, phaseAt(step, facts)].filter(Boolean).join(" · ");
}

/** What the choice of a pinned order is called.
 * @param {RunView} view
 */
export const pinLabel = ({ sort }) => (typeof sort === "number" ? sayStep(sort) : "pin");

/** What each control shows of a view, by its id.
 * @param {RunView} view
 * @returns {Record<string, unknown>}
 */
export function controlsOf(view) {
    const choices = Object.entries(CHOICES).map(([id, key]) => [id, view[key]]);
    return {
        ...Object.fromEntries(choices),
        "run-unit-choice": view.unit ?? "",
        "run-maps-sort": typeof view.sort === "number" ? "pin" : view.sort,
    };
}
