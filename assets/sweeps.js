/* /sweeps/<collection> in the browser: one view, changed by controls and by brushing, drawn by the
 * server, and written into the address bar and the browser's history.
 *
 * The view is flat: every key is text, as in the link. `where` is the selection; how its parts are
 * made is in sweeps_brush.js, the table in sweeps_table.js.
 */
window.dash_clientside = window.dash_clientside || {};
window.driftscape = window.driftscape || {};

window.driftscape.sweep = (function () {
    "use strict";

    const known = { page: null, view: null, facts: null, held: {}, key: null, leaving: false };

    const setProps = (id, props) => window.dash_clientside.set_props(id, props);
    const here = () => document.getElementById("sweep-page");
    const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

    /* As `sweep_url` of dashboard/urls writes it: what follows from the runs is always said. */
    function address(view) {
        const { standard, full, path } = known.facts;
        const query = new URLSearchParams();
        Object.entries(standard).forEach(([key, value]) => {
            if (full.includes(key) || view[key] !== value) query.set(key, view[key]);
        });
        const text = query.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
        return `${path}?${text.replace(/%3B/g, ";").replace(/%7C/g, "|").replace(/%3D/g, "=")}`;
    }

    /* Until something is chosen the address is bare; what is copied never is. Null: another page. */
    window.driftscape.linkToCopy = () =>
        known.view && known.page === here() ? window.location.origin + address(known.view) : null;

    /* A choice adds an entry to the history; more of the same choice (`key`) replaces it. */
    function write(view, key) {
        const method = key !== null && key === known.key ? "replaceState" : "pushState";
        Object.assign(known, { view, key });
        window.history[method]({ sweep: view }, "", address(view));
    }

    /* Narrow or widen the view from outside of Dash: a chip, the table. */
    function change(changes, key) {
        const view = { ...known.view, ...changes };
        if (!known.view || alike(view, known.view)) return;
        write(view, key);
        setProps("sweep-view", { data: view });
    }

    return { known, setProps, here, alike, write, change };
})();

window.dash_clientside.sweeps = (function () {
    "use strict";

    const { known, setProps, here, alike, write, change } = window.driftscape.sweep;
    const brush = () => window.driftscape.sweepBrush;
    const CONTROL = "sweep-control-";
    const LISTS = ["axes", "table"];
    const PLAIN = ["xscale", "yscale", "fit", "fitby", "mean", "group", "ended", "published"];
    const same = () => window.dash_clientside.no_update;

    const held = (key, value) => {
        if (LISTS.includes(key)) return (value || []).join(",");
        return value === null || value === undefined ? "" : value;
    };
    const forControl = (key, text) => {
        if (LISTS.includes(key)) return text.split(",").filter(Boolean);
        return text === "" ? null : text;
    };

    function choose() {
        const trigger = (window.dash_clientside.callback_context.triggered || [])[0];
        if (!trigger || !known.view || !here()) return same();
        const [id, property] = trigger.prop_id.split(".");
        if (!id.startsWith(CONTROL)) {
            const where = brush().narrowed(id, property, trigger.value, known.view);
            return where === null ? same() : changed({ where }, `brush-${Date.now()}`);
        }
        const key = id.slice(CONTROL.length);
        const value = held(key, trigger.value);
        if (value === known.held[key]) return same(); // this page set it, not the reader
        known.held[key] = value;
        if ((value === "" && (key === "x" || key === "y" || PLAIN.includes(key))) ||
            (LISTS.includes(key) && value === "")) return same();
        return changed({ [key]: value }, key);
    }

    function changed(changes, key) {
        const view = { ...known.view, ...changes };
        if (alike(view, known.view)) return same();
        write(view, key);
        return view;
    }

    /* A new view has arrived, here or by the buttons of the browser: controls and table follow. */
    function follow(arrived, facts) {
        if (!here() || !arrived) return same();
        if (known.page !== here()) {
            Object.assign(known, { page: here(), view: arrived, facts, key: null, leaving: false });
            known.held = { ...arrived };
            known.listed = arrived.table;
            window.history.replaceState({ sweep: arrived }, "");
            window.driftscape.sweepTable.start();
            return same();
        }
        const view = known.view;
        Object.keys(facts.standard).forEach((key) => {
            if (known.held[key] === view[key] || !document.getElementById(CONTROL + key)) return;
            known.held[key] = view[key];
            setProps(CONTROL + key, { value: forControl(key, view[key]) });
        });
        if (view.table !== known.listed) {
            known.listed = view.table;
            setProps("sweep-columns", { data: view });
        }
        window.driftscape.sweepTable.refresh();
        return same();
    }

    function open(data, facts) {
        const point = ((data || {}).points || [])[0];
        const run = point && point.customdata;
        return typeof run === "string" ? facts.run.replace("<run_id>", run) : same();
    }

    function hover(data, facts) {
        window.driftscape.sweepHover(data, facts);
        return same();
    }

    document.addEventListener("click", (event) => {
        if (!known.view || !here()) return;
        const chip = event.target.closest("[data-sweep-drop]");
        if (chip) change({ where: brush().without(known.view.where, chip.dataset.sweepDrop) }, null);
        if (event.target.closest(".sweep-clear")) change({ where: "" }, null);
    });
    window.addEventListener(
        "popstate",
        (event) => {
            const view = (event.state || {}).sweep;
            if (!here() || known.leaving || !view) return;
            if (view.collection !== known.facts.collection) return;
            event.stopImmediatePropagation();
            Object.assign(known, { view, key: null });
            setProps("sweep-view", { data: view });
        },
        true
    );
    window.addEventListener("_dashprivate_pushstate", () => {
        known.leaving = !known.facts || window.location.pathname !== known.facts.path;
    });

    return { choose, follow, open, hover };
})();
