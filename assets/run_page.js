/* The run page in the browser: one view, changed by many controls, drawn by the server.
 *
 * `choose` turns whatever the reader did into the next view; `follow` moves the cursor lines at
 * once and asks the server for the rest, one question at a time and always the latest.
 */
window.dash_clientside = window.dash_clientside || {};

window.dash_clientside.run_page = (function () {
    "use strict";

    const PATIENCE = 8000;
    /* What this page is at: the latest view (the store lags behind quick keys), what the
     * controls show, and whether a question is open. */
    const known = { layout: null, facts: null, view: null, index: null, shown: {}, waiting: false };

    const same = () => window.dash_clientside.no_update;
    const setProps = (id, props) => window.dash_clientside.set_props(id, props);
    const { CHOICES, indexOf, atIndex, chosen, clicked, sayMoment } = window.driftscape.view;

    function moved(id, value, view, facts) {
        const index = indexOf(view, facts);
        if (id === "run-cursor") return atIndex(value, facts);
        if (id === "run-step-back") return atIndex(index - 1, facts);
        if (id === "run-step-forward") return atIndex(index + 1, facts);
        return advanced(index, view, facts);
    }

    /* Keys set the view themselves: Dash would merge quick ones into the last. */
    function steer(key) {
        const { view, facts } = known;
        const index = indexOf(view, facts);
        const indices = {
            ArrowLeft: index - 1,
            ArrowRight: index + 1,
            Home: 0,
            End: facts.steps.length - 1,
        };
        const next = key === "Escape" ? { unit: null } : { t: atIndex(indices[key], facts) };
        if (key === "Escape" && view.unit !== null) window.driftscape.history.addEntry();
        known.view = { ...view, ...next };
        setProps("run-view", { data: known.view });
    }

    /* One frame of playing: only once the frame before is on the screen. */
    function advanced(index, view, facts) {
        if (known.waiting) return view.t;
        if (index + 1 >= facts.steps.length - 1) {
            setProps("run-play-tick", { disabled: true });
        }
        return atIndex(index + 1, facts);
    }

    function choose(...args) {
        const facts = args[args.length - 1];
        const view = known.view;
        const trigger = (window.dash_clientside.callback_context.triggered || [])[0];
        if (!trigger || !view || !facts || !facts.steps.length) return same();
        const [id, property] = trigger.prop_id.split(".");
        const value = trigger.value;
        if (id === "run-cursor" && value === known.index) return same(); // we set it ourselves
        if (id in known.shown) {
            if (value === known.shown[id]) return same(); // and these: Dash tells us a moment later
            known.shown[id] = value;
        }
        let next;
        let scrubbed = false;
        if (property === "clickData") next = clicked(id, value, view, facts);
        else if (property === "value" && id !== "run-cursor") next = chosen(id, value, view, facts);
        else {
            if (id === "run-cursor") known.index = value;
            next = { t: moved(id, value, view, facts) };
            scrubbed = true;
        }
        const result = { ...view, ...next };
        if (Object.keys(next).every((key) => result[key] === view[key])) return same();
        if (!scrubbed) window.driftscape.history.addEntry();
        known.view = result;
        return result;
    }

    /* Controls follow a view that came from elsewhere: a key, a click, the back button. */
    function syncControls(view, facts) {
        const index = indexOf(view, facts);
        const last = Math.max(facts.steps.length - 1, 1);
        if (index !== known.index || last !== known.last) {
            Object.assign(known, { index, last });
            setProps("run-cursor", { value: index, max: last, disabled: facts.steps.length < 2 });
        }
        const wanted = controlsOf(view);
        const changed = Object.keys(wanted).filter((id) => wanted[id] !== known.shown[id]);
        known.shown = wanted;
        changed.forEach((id) => setProps(id, { value: wanted[id] }));
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

    function pinLabel({ sort }) {
        return typeof sort === "number" ? `step ${sort.toLocaleString("en-US")}` : "pin";
    }

    /* What the controls show of a view. */
    function controlsOf(view) {
        const choices = Object.entries(CHOICES).map(([id, key]) => [id, view[key]]);
        return {
            ...Object.fromEntries(choices),
            "run-unit-choice": view.unit === null ? "" : view.unit,
            "run-maps-sort": typeof view.sort === "number" ? "pin" : view.sort,
        };
    }

    /* A page that was just laid out. */
    function firstSight(view, facts) {
        if (known.layout === facts.layout) return;
        document.getElementById("run-page").dataset.run = facts.run;
        Object.assign(known, {
            layout: facts.layout,
            view,
            index: indexOf(view, facts),
            last: Math.max(facts.steps.length - 1, 1),
            shown: controlsOf(view),
            pin: pinLabel(view),
        });
        window.driftscape.history.remember(view, facts);
    }

    function follow(view, facts, shown, request) {
        if (!view || !facts || !shown) return same();
        firstSight(view, facts);
        known.facts = facts;
        if (!facts.steps.length) return same();
        window.driftscape.history.write(view, facts);
        syncControls(view, facts);
        window.driftscape.cursorLines.moveTo(facts.steps[indexOf(view, facts)]);
        const asked = request && request.seq > shown.seq && Date.now() - request.sent < PATIENCE;
        const stale =
            JSON.stringify(view) !== JSON.stringify(shown.view) ||
            facts.steps.length !== shown.snapshots;
        known.waiting = asked || stale;
        if (stale && !asked) question(view, facts, shown, request);
        return sayMoment(view, facts);
    }

    /* Not an output of `follow`: its answer makes `follow` run again, and Dash runs no circles. */
    function question(view, facts, shown, request) {
        const data = {
            seq: Math.max(request ? request.seq : 0, shown.seq) + 1,
            sent: Date.now(),
            run: facts.run,
            view,
            before: shown.view,
            snapshots_before: shown.snapshots,
        };
        setProps("run-request", { data });
    }

    function play(clicks, stopped, facts) {
        if (!clicks || !facts || facts.steps.length < 2) return same();
        if (stopped && known.view.t === null) {
            known.view = { ...known.view, t: facts.steps[0] };
            setProps("run-view", { data: known.view });
        }
        return !stopped;
    }

    function showPlaying(stopped) {
        const name = stopped ? "Play" : "Pause";
        const button = document.getElementById("run-play");
        if (button) button.setAttribute("aria-label", name);
        return [stopped ? "icon icon-play" : "icon icon-pause", `${name} (space)`];
    }

    /* Ask what is new in a run in progress, once the last answer is here. */
    function ask(ticks, asked, grown, facts) {
        const open = asked.seq > grown.seq && Date.now() - asked.sent < PATIENCE;
        if (open || !facts) return same();
        return { seq: Math.max(asked.seq, grown.seq) + 1, run: facts.run, sent: Date.now() };
    }

    const STEERING = ["ArrowLeft", "ArrowRight", "Home", "End", "Escape", " "];

    function onKey(event) {
        if (!STEERING.includes(event.key) || !document.getElementById("run-cursor")) return;
        if (!known.facts || !known.facts.steps.length) return;
        if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        const inSlider = event.target.closest("[role=slider]");
        if (inSlider && event.key !== " " && event.key !== "Escape") return;
        if (event.target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu]")) {
            return;
        }
        if (event.key === " ") {
            if (event.target.closest("button, a, summary")) return;
            document.getElementById("run-play").click();
        } else {
            steer(event.key);
        }
        event.preventDefault();
    }

    /* A choice made with the mouse gives the keys back to the time cursor. */
    function onClick(event) {
        if (event.detail > 0 && event.target.closest(".choice")) document.activeElement.blur();
    }

    window.driftscape.history.onRestore = (view) => {
        known.view = view;
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", onClick);

    return { choose, follow, play, show_playing: showPlaying, ask };
})();
