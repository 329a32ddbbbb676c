/* /compare: one time cursor over all panels, the numbers under it, and links that keep the rest.
 *
 * `facts` come from the server: the runs with their letters, the steps the cursor can stand at,
 * and for each panel how a number is written and why a run has none.
 */
window.dash_clientside = window.dash_clientside || {};

window.dash_clientside.compare = (function () {
    "use strict";

    const NO_ID =
        "That holds no run id: 12 characters, 0-9 and a-f. Paste a link, or choose a name from the list.";
    const RUN_ID = /[0-9a-f]{12}(?![0-9a-f])/g;
    const same = () => window.dash_clientside.no_update;
    const setProps = (id, props) => window.dash_clientside.set_props(id, props);
    const trigger = () => (window.dash_clientside.callback_context.triggered || [])[0];
    let latest = null;

    const FORMS = {
        share: (value) => `${(100 * value).toFixed(1)}\u00a0%`,
        fixed: (value) => value.toFixed(2),
        ratio: (value) => Number(value.toPrecision(3)).toString(),
    };

    function address(facts, changes) {
        const { runs, x, t } = { ...facts, t: stepInLink(), ...changes };
        const query = [];
        if (runs.length) query.push(`runs=${runs.join(",")}`);
        if (x && x !== "log") query.push(`x=${x}`);
        if (t !== null) query.push(`t=${t}`);
        return window.location.pathname + (query.length ? `?${query.join("&")}` : "");
    }

    function stepInLink() {
        return new URLSearchParams(window.location.search).get("t");
    }

    /* The cursor goes to a click on any panel. */
    function seek(...args) {
        const facts = args[args.length - 1];
        const data = (trigger() || {}).value;
        const point = ((data || {}).points || [])[0];
        const x = point ? point.x : ((data || {}).xvals || [])[0];
        if (x === undefined || !facts.steps.length) return same();
        const scale = (value) => (facts.x === "log" ? Math.log(Math.max(value, 0.3)) : value);
        const apart = facts.steps.map((step) => Math.abs(scale(step) - scale(Number(x))));
        return apart.indexOf(Math.min(...apart));
    }

    /* Lines, numbers and link follow the cursor. */
    function follow(index, facts) {
        if (!facts || !facts.steps.length) return "";
        const last = facts.steps.length - 1;
        const step = facts.steps[Math.min(index, last)];
        window.driftscape.cursorLines.moveTo(step);
        latest = { step, facts };
        sayValues(200);
        const moved = trigger() && trigger().prop_id === "compare-cursor.value";
        if (moved) {
            const t = index >= last ? null : step;
            window.history.replaceState(window.history.state, "", address(facts, { t }));
        }
        stretch(index, last, facts);
        return `step ${step.toLocaleString("en-US")}`;
    }

    /* Where the cursor can go on this page; it follows the end of a run that goes on. */
    const known = { run: null, last: null };

    function stretch(index, last, facts) {
        const grown = known.run === facts.run && known.last !== last;
        const value = grown && index === known.last ? last : Math.min(index, last);
        if (grown) setProps("compare-cursor", { value, max: Math.max(last, 1), disabled: last < 1 });
        Object.assign(known, { run: facts.run, last });
    }

    function plotOf(key) {
        const plot = document.querySelector(`#compare-figure-${key} .js-plotly-plot`);
        return plot && plot._fullData && plot._fullData.length ? plot : null;
    }

    /* The numbers come from the figures themselves, once these are drawn. */
    function sayValues(triesLeft) {
        const { step, facts } = latest;
        let waiting = false;
        Object.entries(facts.panels).forEach(([key, panel]) => {
            if (panel.missing.every(Boolean)) return;
            const plot = plotOf(key);
            if (plot) setProps(`compare-words-${key}`, { children: sentence(plot, panel) });
            else waiting = true;
        });
        const asked = latest;
        if (waiting && triesLeft) {
            setTimeout(() => asked === latest && sayValues(triesLeft - 1), 50);
        }

        function sentence(plot, panel) {
            const values = facts.letters.map((letter, place) =>
                panel.missing[place] ? "" : `${letter}\u00a0${valueAt(plot, place, step, panel.form)}`
            );
            const parts = [values.filter(Boolean).join(" · ")];
            [...new Set(panel.missing.filter(Boolean))].forEach((reason) => {
                const who = facts.letters.filter((_, place) => panel.missing[place] === reason);
                parts.push(`${who.join(", ")}: ${reason}`);
            });
            return parts.join(". ");
        }
    }

    const number = (value, form) => FORMS[form](value).replace("-", "−");

    const SLACK = 1 + 1e-6; // steps are drawn in single precision

    /* The last value recorded at or before a step, in words; of a run that ended before, its end. */
    function valueAt(plot, place, step, form) {
        const { x, y } = plot._fullData.find((one) => one.meta === place);
        const zero = (plot.layout.meta || {}).zero || 0; // where a log axis draws step 0
        const at = (index) => (x[index] < 1.5 * zero ? 0 : x[index]);
        if (step * SLACK < at(0)) return "not yet";
        let index = 0;
        while (index + 1 < x.length && at(index + 1) <= step * SLACK) index += 1;
        const ended = step > at(x.length - 1) * SLACK;
        return number(y[index], form) + (ended ? " (end)" : "");
    }

    function turn(x, facts) {
        return x === facts.x ? same() : address(facts, { x });
    }

    function remove(clicks, facts) {
        if (!clicks.some(Boolean)) return same();
        const { run } = JSON.parse(trigger().prop_id.split(".n_clicks")[0]);
        return address(facts, { runs: facts.runs.filter((one) => one !== run) });
    }

    /* The field is read a moment later: Enter may have chosen a name from its list just now. */
    async function add(clicks, submits, facts) {
        if (!clicks && !submits) return [same(), same()];
        await new Promise((done) => setTimeout(done, 30));
        const text = document.getElementById("compare-add").value;
        const found = text.match(RUN_ID);
        if (!found) return [same(), NO_ID];
        const runs = [...new Set([...facts.runs, ...found])];
        if (runs.length === facts.runs.length) return [same(), "That run is here already."];
        return [address(facts, { runs }), ""];
    }

    function ask(ticks, facts) {
        const { run, runs, x, drawn, rows } = facts;
        return { run, runs, x, drawn, rows, seq: ticks };
    }

    return { seek, follow, turn, remove, add, ask };
})();
