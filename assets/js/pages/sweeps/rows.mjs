// @ts-check
/* The rows of the table of runs, fetched as they come into sight; when they do not come, the page
 * says so in the table's place.
 */

import { around } from "../../base/dom.mjs";
import { page, pageElement } from "./view.mjs";

const NARROWS = ["where", "ended", "table"];
const FAILED = "The rows could not be fetched.";
const AGAIN = "Fetching the rows again …";
/** The first row of each part that did not come. @type {Set<number>} */
const missing = new Set();
/** @type {GridApi} */
let api;
let round = 0; // answers to questions of an earlier round are let go

/** What the rows depend on, besides their order. */
export const asked = () => NARROWS.map((key) => page.view[key]).join("\n");

/** @param {GridApi} grid */
export function start(grid) {
    api = grid;
    begin();
    api.setGridOption("datasource", { rowCount: null, getRows });
}

export function fetchAll() {
    begin();
    api.purgeInfiniteCache();
}

function begin() {
    round += 1;
    missing.clear();
}

/** @param {GridRows} params */
async function getRows(params) {
    const [element, now] = [pageElement(), round];
    const answer = await answerTo(params);
    if (pageElement() !== element || round !== now) return;
    if (answer) succeeded(params, answer);
    else failed(params);
}

/** Null: the server cannot be reached, or has no answer.
 * @param {GridRows} params
 * @returns {Promise<{ rows: object[], count: number } | null>}
 */
async function answerTo({ startRow, endRow, sortModel }) {
    const [sorted] = sortModel;
    const query = new URLSearchParams({ start: String(startRow), end: String(endRow) });
    NARROWS.forEach((key) => query.set(key, page.view[key]));
    if (sorted) query.set("sort", `${sorted.colId}:${sorted.sort}`);
    try {
        const answer = await fetch(`${page.facts.rows}?${query}`);
        return answer.ok ? await answer.json() : null;
    } catch {
        return null;
    }
}

/** @param {GridRows} params @param {{ rows: object[], count: number }} answer */
function succeeded(params, { rows, count }) {
    params.successCallback(rows, count);
    if (count === 0) api.showNoRowsOverlay();
    else api.hideOverlay();
    missing.delete(params.startRow);
    if (!missing.size) tell("");
}

/** @param {GridRows} params */
function failed(params) {
    params.failCallback();
    missing.add(params.startRow);
    tell(FAILED);
}

/** Nothing to tell: the table is back, and has the keyboard if the button had it.
 * @param {string} words
 */
function tell(words) {
    /** @type {HTMLElement | null} */
    const message = document.querySelector(".sweep-failure");
    const text = message?.querySelector("p");
    if (!message || !text) return;
    const pressed = message.contains(document.activeElement);
    text.textContent = words;
    message.hidden = !words;
    if (!words && pressed) api.setFocusedCell(0, api.getAllDisplayedColumns()[0]);
}

document.addEventListener("click", (event) => {
    if (!around(event, ".sweep-again")) return;
    tell(AGAIN);
    fetchAll();
});
