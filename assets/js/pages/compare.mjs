// @ts-check
/* /compare: one time cursor over all panels, the numbers under it, and links that keep the rest. */

import { moveLinesTo } from "../base/cursor_lines.mjs";
import { retry } from "../base/dom.mjs";
import { nearestIndex, sayStep, withMinus } from "../base/numbers.mjs";
import { address, readdress } from "../base/page_view.mjs";
import { noUpdate, plotIn, setProps, tracesOf, trigger } from "../base/plotly_dash.mjs";
import { stepOf } from "../base/points.mjs";

/** How a number of a panel is written, and why each run has none; empty: it has.
 * @typedef {{ form: keyof typeof FORMS, missing: string[] }} Panel
 */

/** What the server said: the runs with their letters, the steps the cursor can stand at, and the
 * panels.
 * @typedef {object} CompareFacts
 * @property {string} run the ids of all as one
 * @property {string[]} runs
 * @property {string[]} letters
 * @property {string} x
 * @property {number[]} steps
 * @property {string} drawn
 * @property {number[]} rows
 * @property {Record<string, Panel>} panels
 */

const NO_ID =
    "That holds no run id: 12 characters, 0-9 and a-f. " +
    "Paste a link, or choose a name from the list.";
const RUN_ID = /[0-9a-f]{12}(?![0-9a-f])/g;
const STANDARD = { runs: "", x: "log", t: null };
const FORMS = {
    /** @param {number} value */
    share: (value) => `${(100 * value).toFixed(1)}\u00a0%`,
    /** @param {number} value */
    fixed: (value) => value.toFixed(2),
    /** @param {number} value */
    ratio: (value) => Number(value.toPrecision(3)).toString(),
};
/** The step under the cursor, as the panels' words are to say it. */
let latest = { step: NaN };
/* Where the cursor can go on this page; it follows the end of a run that goes on. */
const known = { run: "", last: 0 };

/** The link of this page, with changes.
 * @param {CompareFacts} facts
 * @param {{ runs?: string[], x?: string, t?: number | null }} changes
 */
function link({ runs, x }, changes) {
    const t = new URLSearchParams(window.location.search).get("t");
    const view = { runs, x, t, ...changes };
    return address(window.location.pathname, { ...view, runs: view.runs.join(",") }, STANDARD);
}

/** The cursor goes to a click on any panel.
 * @param {[...unknown[], CompareFacts]} args
 */
export function seek(...args) {
    const facts = /** @type {CompareFacts} */ (args.at(-1));
    const step = stepOf(trigger()?.value);
    if (step === null || !facts.steps.length) return noUpdate();
    return nearestIndex(facts.steps, step, facts.x);
}

/** Lines, numbers and link follow the cursor.
 * @param {number} index
 * @param {CompareFacts | null} facts
 */
export function follow(index, facts) {
    if (!facts || !facts.steps.length) return "";
    const last = facts.steps.length - 1;
    const step = facts.steps[Math.min(index, last)];
    moveLinesTo(step);
    const moment = { step };
    latest = moment;
    retry(() => moment !== latest || sayValues(step, facts));
    if (trigger()?.prop_id === "compare-cursor.value") {
        readdress(link(facts, { t: index >= last ? null : step }));
    }
    stretch(index, last, facts);
    return sayStep(step);
}

/** @param {number} index @param {number} last @param {CompareFacts} facts */
function stretch(index, last, facts) {
    const grown = known.run === facts.run && known.last !== last;
    const value = grown && index === known.last ? last : Math.min(index, last);
    if (grown) setProps("compare-cursor", { value, max: Math.max(last, 1), disabled: last < 1 });
    Object.assign(known, { run: facts.run, last });
}

/** The numbers come from the figures themselves; whether all of these are drawn.
 * @param {number} step
 * @param {CompareFacts} facts
 */
function sayValues(step, facts) {
    const said = Object.entries(facts.panels).map(([key, panel]) => {
        if (panel.missing.every(Boolean)) return true;
        const plot = plotIn(`compare-figure-${key}`);
        if (!plot || !tracesOf(plot).length) return false;
        setProps(`compare-words-${key}`, { children: sentence(plot, panel, step, facts.letters) });
        return true;
    });
    return said.every(Boolean);
}

/** @param {PlotElement} plot @param {Panel} panel @param {number} step @param {string[]} letters */
function sentence(plot, { form, missing }, step, letters) {
    const values = letters.map((letter, place) =>
        missing[place] ? "" : `${letter}\u00a0${valueAt(plot, place, step, form)}`
    );
    const reasons = [...new Set(missing.filter(Boolean))].map((reason) => {
        const who = letters.filter((_, place) => missing[place] === reason);
        return `${who.join(", ")}: ${reason}`;
    });
    return [values.filter(Boolean).join(" · "), ...reasons].join(". ");
}

const SLACK = 1 + 1e-6; // steps are drawn in single precision

/** The last value recorded at or before a step, in words; of a run that ended before, its end.
 * @param {PlotElement} plot
 * @param {number} place of the run
 * @param {number} step
 * @param {keyof typeof FORMS} form
 */
function valueAt(plot, place, step, form) {
    const trace = tracesOf(plot).find((one) => one.meta === place);
    if (!trace) throw new Error(`run ${place} is not drawn`);
    const { x, y } = trace;
    const zero = plot.layout.meta?.zero ?? 0; // where a log axis draws step 0
    /** @param {number} index */
    const at = (index) => (x[index] < 1.5 * zero ? 0 : x[index]);
    if (step * SLACK < at(0)) return "not yet";
    let index = 0;
    while (index + 1 < x.length && at(index + 1) <= step * SLACK) index += 1;
    const ended = step > at(x.length - 1) * SLACK;
    return withMinus(FORMS[form](y[index])) + (ended ? " (end)" : "");
}

/** @param {string} x @param {CompareFacts} facts */
export function turn(x, facts) {
    return x === facts.x ? noUpdate() : link(facts, { x });
}

/** @param {number[]} clicks @param {CompareFacts} facts */
export function remove(clicks, facts) {
    const reason = trigger();
    if (!clicks.some(Boolean) || !reason) return noUpdate();
    const { run } = JSON.parse(reason.prop_id.split(".n_clicks")[0]);
    return link(facts, { runs: facts.runs.filter((one) => one !== run) });
}

/** The field is read a moment later: Enter may have chosen a name from its list just now.
 * @param {number} clicks
 * @param {number} submits
 * @param {CompareFacts} facts
 */
export async function add(clicks, submits, facts) {
    if (!clicks && !submits) return [noUpdate(), noUpdate()];
    await new Promise((done) => setTimeout(done, 30));
    const field = /** @type {HTMLInputElement} */ (document.getElementById("compare-add"));
    const found = field.value.match(RUN_ID);
    if (!found) return [noUpdate(), NO_ID];
    const runs = [...new Set([...facts.runs, ...found])];
    if (runs.length === facts.runs.length) return [noUpdate(), "That run is here already."];
    return [link(facts, { runs }), ""];
}

/** Ask what is new in runs in progress.
 * @param {number} ticks
 * @param {CompareFacts} facts
 */
export function ask(ticks, { run, runs, x, drawn, rows }) {
    return { run, runs, x, drawn, rows, seq: ticks };
}
