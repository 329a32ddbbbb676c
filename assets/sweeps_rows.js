/* The rows of the table of runs, fetched as they come into sight; when they do not come, the page
 * says so in the table's place.
 */
window.driftscape = window.driftscape || {};

window.driftscape.sweepRows = (function () {
    "use strict";

    const { known, here } = window.driftscape.sweep;
    const NARROWS = ["where", "ended", "table"];
    const FAILED = "The rows could not be fetched.";
    const AGAIN = "Fetching the rows again …";
    const missing = new Set(); // the first row of each part that did not come
    let api = null;
    let round = 0; // answers to questions of an earlier round are let go

    /* What the rows depend on, besides their order. */
    const asked = () => NARROWS.map((key) => known.view[key]).join("\n");

    function start(grid) {
        api = grid;
        begin();
        api.setGridOption("datasource", { rowCount: null, getRows });
    }

    function fetchAll() {
        begin();
        api.purgeInfiniteCache();
    }

    function begin() {
        round += 1;
        missing.clear();
    }

    async function getRows(params) {
        const [page, now] = [here(), round];
        const answer = await answerTo(params);
        if (here() !== page || round !== now) return;
        if (answer) succeeded(params, answer);
        else failed(params);
    }

    /* Null: the server cannot be reached, or has no answer. */
    async function answerTo(params) {
        const [sorted] = params.sortModel;
        const query = new URLSearchParams({ start: params.startRow, end: params.endRow });
        NARROWS.forEach((key) => query.set(key, known.view[key]));
        if (sorted) query.set("sort", `${sorted.colId}:${sorted.sort}`);
        try {
            const answer = await fetch(`${known.facts.rows}?${query}`);
            return answer.ok ? await answer.json() : null;
        } catch {
            return null;
        }
    }

    function succeeded(params, { rows, count }) {
        params.successCallback(rows, count);
        if (count === 0) api.showNoRowsOverlay();
        else api.hideOverlay();
        missing.delete(params.startRow);
        if (!missing.size) tell("");
    }

    function failed(params) {
        params.failCallback();
        missing.add(params.startRow);
        tell(FAILED);
    }

    /* Nothing to tell: the table is back, and has the keyboard if the button had it. */
    function tell(words) {
        const message = document.querySelector(".sweep-failure");
        const pressed = message.contains(document.activeElement);
        message.querySelector("p").textContent = words;
        message.hidden = !words;
        if (!words && pressed) api.setFocusedCell(0, api.getAllDisplayedColumns()[0]);
    }

    document.addEventListener("click", (event) => {
        if (!event.target.closest(".sweep-again")) return;
        tell(AGAIN);
        fetchAll();
    });

    return { asked, start, fetchAll };
})();
