/* The toy landscape in the browser: one view, changed by controls, by a click on the map or by a
 * preset, drawn by the server, and written into the address bar and the browser's history.
 */
window.dash_clientside = window.dash_clientside || {};

window.dash_clientside.landscape = (function () {
    "use strict";

    const CONTROL = "landscape-control-";
    /* The page this is, its latest view, what the controls hold, the key that the latest change
     * was about, and whether the reader is on the way to another page. */
    const known = { page: null, view: null, held: {}, key: null, facts: null, leaving: false };

    const same = () => window.dash_clientside.no_update;
    const setProps = (id, props) => window.dash_clientside.set_props(id, props);
    const here = () => document.getElementById("landscape-page");
    const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    const round = (value, digits) => Number(value.toFixed(digits));

    function address(view) {
        const query = new URLSearchParams();
        Object.entries(known.facts.standard).forEach(([key, value]) => {
            if (view[key] !== value) query.set(key, view[key]);
        });
        const text = query.toString();
        return window.location.pathname + (text ? `?${text}` : "");
    }

    /* What a control says, or nothing while it says something that cannot be shown. */
    function chosen(key, value, facts) {
        const range = facts.ranges[key];
        if (!range) return { [key]: value };
        const usable = typeof value === "number" && value >= range[0] && value <= range[1];
        return usable ? { [key]: round(value, 4) } : {};
    }

    function clicked(data, facts) {
        const place = [((data || {}).xvals || [])[0], ((data || {}).yvals || [])[0]];
        if (place.some((value) => typeof value !== "number")) return {};
        return {
            ...chosen("x", round(place[0], 2), facts),
            ...chosen("y", round(place[1], 2), facts),
        };
    }

    function choose(...args) {
        const facts = args[args.length - 1];
        const trigger = (window.dash_clientside.callback_context.triggered || [])[0];
        if (!trigger || !known.view) return same();
        const [id, property] = trigger.prop_id.split(".");
        const key = property === "clickData" ? "start" : id.slice(CONTROL.length);
        if (key !== "start") {
            if (trigger.value === known.held[key]) return same(); // this page set it, not the reader
            known.held[key] = trigger.value;
        }
        const change =
            key === "start" ? clicked(trigger.value, facts) : chosen(key, trigger.value, facts);
        const view = { ...known.view, ...change };
        if (alike(view, known.view)) return same();
        write(view, key);
        return view;
    }

    /* A choice adds an entry to the history; more of the same choice replaces it. */
    function write(view, key) {
        const method = key === known.key && key !== "start" ? "replaceState" : "pushState";
        Object.assign(known, { view, key });
        window.history[method]({ landscape: view }, "", address(view));
    }

    /* Give each control its value, but the one in use: "-0" may be about to become "-0.5". */
    function syncControls(view) {
        Object.keys(view).forEach((key) => {
            if (key === known.key || known.held[key] === view[key]) return;
            known.held[key] = view[key];
            setProps(CONTROL + key, { value: view[key] });
        });
        ["scale", "lr", "steps"].forEach((key) => {
            const text = view[key].toLocaleString("en-US", { maximumFractionDigits: 4 });
            document.getElementById(`landscape-value-${key}`).textContent = text;
        });
    }

    function follow(arrived, facts) {
        if (!here() || !arrived) return same();
        if (known.page !== here()) {
            const fresh = { page: here(), view: arrived, held: { ...arrived }, key: null };
            Object.assign(known, fresh, { facts, leaving: false });
            window.history.replaceState({ landscape: arrived }, "");
        }
        const view = known.view;
        syncControls(view);
        here().querySelectorAll("[data-landscape]").forEach((link) => {
            const current = alike(JSON.parse(link.dataset.landscape), view);
            link.classList.toggle("preset-current", current);
        });
        return same();
    }

    function show(view) {
        known.view = view;
        setProps("landscape-view", { data: view });
    }

    document.addEventListener("click", (event) => {
        const link = event.target.closest("[data-landscape]");
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
        event.preventDefault();
        const view = JSON.parse(link.dataset.landscape);
        if (alike(view, known.view)) return;
        write(view, "preset");
        show(view);
    });
    window.addEventListener(
        "popstate",
        (event) => {
            if (!here() || known.leaving || !(event.state || {}).landscape) return;
            event.stopImmediatePropagation();
            known.key = null;
            show(event.state.landscape);
        },
        true
    );
    /* A link to this page, followed on this page: Dash sees no difference. */
    window.addEventListener("_dashprivate_pushstate", () => {
        known.leaving = window.location.pathname !== "/landscape";
        if (known.leaving || !here() || !known.facts) return;
        if (window.location.search || alike(known.view, known.facts.standard)) return;
        window.history.replaceState({ landscape: known.facts.standard }, "");
        known.key = null;
        show(known.facts.standard);
    });

    return { choose, follow };
})();
