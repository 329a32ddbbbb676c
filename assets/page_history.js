/* The view of a run page in the address bar and in the browser's history.
 *
 * Scrubbing replaces the current entry (at most a few times a second), a choice adds one. An
 * entry carries its view, so going back needs no new page. The keys of the link, their order and
 * their standard values come from the server (dashboard/urls.py).
 */
window.driftscape = window.driftscape || {};

window.driftscape.history = (function () {
    "use strict";

    const PAUSE = 150;
    let adding = false;
    let written = "";
    let waiting = null;
    let timer = null;

    function address(view, standard) {
        const query = new URLSearchParams();
        Object.keys(standard).forEach((key) => {
            const value = view[key];
            if (value !== null && value !== undefined && value !== standard[key]) {
                query.set(key, value);
            }
        });
        const text = query.toString();
        return window.location.pathname + (text ? `?${text}` : "");
    }

    function entry(view, facts) {
        return { driftscape: { run: facts.run, view } };
    }

    function flush() {
        clearTimeout(timer);
        timer = null;
        if (!waiting) return;
        const { view, facts } = waiting;
        waiting = null;
        if (document.querySelector("[data-run]")?.dataset.run !== facts.run) return;
        window.history.replaceState(entry(view, facts), "", address(view, facts.standard));
    }

    /* The next view is a choice: it gets an entry of its own. */
    function addEntry() {
        adding = true;
    }

    /* The page shows this view now. */
    function write(view, facts) {
        const text = JSON.stringify(view);
        if (text === written) return;
        written = text;
        if (adding) {
            adding = false;
            flush();
            window.history.pushState(entry(view, facts), "", address(view, facts.standard));
        } else {
            waiting = { view, facts };
            if (!timer) timer = setTimeout(flush, PAUSE);
        }
    }

    /* Remember the view of a freshly laid out page without touching its link. */
    function remember(view, facts) {
        written = JSON.stringify(view);
        window.history.replaceState(entry(view, facts), "");
    }

    window.addEventListener(
        "popstate",
        (event) => {
            const there = (event.state || {}).driftscape;
            const page = document.querySelector("[data-run]");
            if (!there || !page || page.dataset.run !== there.run) return;
            event.stopImmediatePropagation();
            waiting = null;
            written = JSON.stringify(there.view);
            api.onRestore(there.view);
            window.dash_clientside.set_props("run-view", { data: there.view });
        },
        true
    );

    const api = { addEntry, write, remember, flush, onRestore: () => {} };
    return api;
})();
