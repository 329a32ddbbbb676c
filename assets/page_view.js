/* The view of a run page, as plain functions: where the cursor is, and what a choice or a click
 * makes of it. `facts` are what the server said about the run (its snapshots' steps first of all).
 */
window.driftscape = window.driftscape || {};

window.driftscape.view = (function () {
    "use strict";

    const CHOICES = {
        "run-time-axis": "x",
        "run-maps-view": "view",
        "run-maps-source": "maps",
        "run-maps-rows": "rows",
        "run-correlation-kind": "corr",
    };
    const digits = (text) => Number(String(text).replace(/\D/g, ""));

    function indexOf(view, facts) {
        return view.t === null ? facts.steps.length - 1 : facts.steps.indexOf(view.t);
    }

    /* The last snapshot has no step in the view: a growing run is followed. */
    function atIndex(index, facts) {
        const last = facts.steps.length - 1;
        return index >= last ? null : facts.steps[Math.max(index, 0)];
    }

    function nearest(step, view, facts) {
        const scale = (value) => (view.x === "log" ? Math.log(Math.max(value, 0.3)) : value);
        const apart = facts.steps.map((known) => Math.abs(scale(known) - scale(step)));
        return atIndex(apart.indexOf(Math.min(...apart)), facts);
    }

    function chosen(id, value, view, facts) {
        if (id in CHOICES) return { [CHOICES[id]]: value };
        if (id === "run-unit-choice") {
            return { unit: value === "" || value === null || value === undefined ? null : value };
        }
        if (id === "run-maps-sort") {
            if (value !== "pin") return { sort: value };
            const pinned = typeof view.sort === "number";
            return { sort: pinned ? view.sort : facts.steps[indexOf(view, facts)] };
        }
        return {};
    }

    /* What a click means is said by the panel: a step, a snapshot, a unit's row or its point. */
    function clicked(id, data, view, facts) {
        const point = ((data || {}).points || [])[0];
        const meaning = facts.clicks[id];
        if (meaning === "step") {
            const x = point ? point.x : ((data || {}).xvals || [])[0];
            return x === undefined ? {} : { t: nearest(Number(x), view, facts) };
        }
        if (!point) return {};
        if (meaning === "snapshot") {
            return { t: nearest(digits(point.x), view, facts) };
        }
        const name = meaning === "row" ? point.y : point.customdata;
        if (!/\d/.test(String(name))) return {};
        const unit = digits(name);
        return { unit: unit === view.unit ? null : unit };
    }

    function phaseAt(step, { phases: [learned, steady], steady: last }) {
        if (learned === null) return "";
        if (step < learned) return "learning";
        return steady === null || step < steady ? "directed drift" : last;
    }

    function sayMoment(view, facts) {
        const index = indexOf(view, facts);
        const step = facts.steps[index];
        const phase = phaseAt(step, facts);
        const place = `snapshot ${index + 1} of ${facts.steps.length}`;
        return [`step ${step.toLocaleString("en-US")}`, place, phase].filter(Boolean).join(" · ");
    }

    return { CHOICES, indexOf, atIndex, chosen, clicked, sayMoment };
})();
