// @ts-check
/* The run page in the browser: one view, changed by many controls, drawn by the server.
 *
 * `choose` turns whatever the reader did into the next view; `follow` moves the cursor lines at
 * once and asks the server for the rest, one question at a time and always the latest.
 */

import { Controls } from "../../base/controls.mjs";
import { moveLinesTo } from "../../base/cursor_lines.mjs";
import { PageView, alike } from "../../base/page_view.mjs";
import { noUpdate, setProps, trigger } from "../../base/plotly_dash.mjs";
import { atIndex, chosen, clicked, controlsOf, indexOf, pinLabel, sayMoment } from "./view.mjs";

/** @import { RunFacts, RunView } from "./view.mjs" */

/** A question to the server: number, time, and the view that is asked for.
 * @typedef {{ seq: number, sent: number }} Question
 */

const PATIENCE_MS = 8000;

/** The latest view; the store lags behind quick keys. @type {PageView<RunView, RunFacts>} */
export const page = new PageView("run-view");
const controls = new Controls();
/* What else this page is at: where the cursor is shown, and whether a question is open. */
const known = { layout: "", index: 0, last: 1, pin: "", waiting: false };

/** @param {RunFacts} facts */
const lastIndex = (facts) => Math.max(facts.steps.length - 1, 1);

/** Where the cursor goes by one of the controls that move it.
 * @param {string} id
 * @param {number} value
 * @param {RunFacts} facts
 */
function moved(id, value, facts) {
    const index = indexOf(page.view, facts);
    if (id === "run-step-back") return atIndex(index - 1, facts);
    if (id === "run-step-forward") return atIndex(index + 1, facts);
    if (id === "run-play-tick") return advanced(index, facts);
    known.index = value;
    return atIndex(value, facts);
}

/** One frame of playing: only once the frame before is on the screen.
 * @param {number} index
 * @param {RunFacts} facts
 */
function advanced(index, facts) {
    if (known.waiting) return page.view.t;
    if (index + 1 >= facts.steps.length - 1) setProps("run-play-tick", { disabled: true });
    return atIndex(index + 1, facts);
}

/** @param {[...unknown[], RunFacts]} args */
export function choose(...args) {
    const facts = /** @type {RunFacts} */ (args.at(-1));
    const reason = trigger();
    if (!reason || !page.isOpen || !facts?.steps.length) return noUpdate();
    const [id, property] = reason.prop_id.split(".");
    const { value } = reason;
    if (id === "run-cursor" && value === known.index) return noUpdate(); // we set it ourselves
    if (!controls.isChosen(id, value)) return noUpdate(); // and these: Dash tells us a moment later
    if (property === "clickData") {
        return page.choose(clicked(id, value, page.view, facts)) ?? noUpdate();
    }
    if (property === "value" && id !== "run-cursor") {
        return page.choose(chosen(id, value, page.view, facts)) ?? noUpdate();
    }
    return page.scrub({ t: moved(id, value, facts) }) ?? noUpdate();
}

/** Controls follow a view that came from elsewhere: a key, a click, the back button.
 * @param {RunView} view
 * @param {RunFacts} facts
 */
function syncControls(view, facts) {
    const index = indexOf(view, facts);
    const last = lastIndex(facts);
    if (index !== known.index || last !== known.last) {
        Object.assign(known, { index, last });
        setProps("run-cursor", { value: index, max: last, disabled: facts.steps.length < 2 });
    }
    controls.show(controlsOf(view));
    const label = pinLabel(view);
    if (label === known.pin) return;
    known.pin = label;
    setProps("run-maps-sort", {
        data: [
            { value: "last", label: "by the end" },
            { value: "now", label: "by the cursor" },
            { value: "pin", label },
        ],
    });
}

/** A page that was just laid out.
 * @param {RunView} view
 * @param {RunFacts} facts
 */
function open(view, facts) {
    const element = /** @type {HTMLElement} */ (document.getElementById("run-page"));
    element.dataset.run = facts.run;
    Object.assign(known, {
        layout: facts.layout,
        index: indexOf(view, facts),
        last: lastIndex(facts),
        pin: pinLabel(view),
    });
    controls.start(controlsOf(view));
    page.open({ key: `run:${facts.run}`, element, view, facts });
}

/** @param {RunView | null} view @param {RunFacts | null} facts
 * @param {{ seq: number, view: RunView, snapshots: number } | null} shown
 * @param {Question | null} request
 */
export function follow(view, facts, shown, request) {
    if (!view || !facts || !shown) return noUpdate();
    if (facts.layout !== known.layout) open(view, facts);
    page.facts = facts;
    if (!facts.steps.length) return noUpdate();
    syncControls(view, facts);
    moveLinesTo(facts.steps[indexOf(view, facts)]);
    const asked = isWaiting(request, shown);
    const stale = !alike(view, shown.view) || facts.steps.length !== shown.snapshots;
    known.waiting = asked || stale;
    if (stale && !asked) {
        /* Not an output: its answer makes `follow` run again, and Dash runs no circles. */
        const { view: before, snapshots: snapshots_before } = shown;
        const data = { ...next(request, shown), run: facts.run, view, before, snapshots_before };
        setProps("run-request", { data });
    }
    return sayMoment(view, facts);
}

/** Whether an answer may still come.
 * @param {Question | null} asked
 * @param {{ seq: number }} answered
 */
function isWaiting(asked, answered) {
    return asked !== null && asked.seq > answered.seq && Date.now() - asked.sent < PATIENCE_MS;
}

/** @param {Question | null} asked @param {{ seq: number }} answered @returns {Question} */
function next(asked, answered) {
    return { seq: Math.max(asked?.seq ?? 0, answered.seq) + 1, sent: Date.now() };
}

/** Ask what is new in a run in progress, once the last answer is here.
 * @param {number} _ticks
 * @param {Question} asked
 * @param {{ seq: number }} grown
 * @param {RunFacts | null} facts
 */
export function ask(_ticks, asked, grown, facts) {
    if (isWaiting(asked, grown) || !facts) return noUpdate();
    return { ...next(asked, grown), run: facts.run };
}

/** @param {number} clicks @param {boolean} stopped @param {RunFacts | null} facts */
export function play(clicks, stopped, facts) {
    if (!clicks || !facts || facts.steps.length < 2) return noUpdate();
    if (stopped && page.view.t === null && page.scrub({ t: facts.steps[0] })) page.show();
    return !stopped;
}

/** @param {boolean} stopped */
function showPlaying(stopped) {
    const name = stopped ? "Play" : "Pause";
    document.getElementById("run-play")?.setAttribute("aria-label", name);
    return [stopped ? "icon icon-play" : "icon icon-pause", `${name} (space)`];
}

export { showPlaying as show_playing };
