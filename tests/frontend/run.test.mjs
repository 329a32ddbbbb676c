import assert from "node:assert/strict";
import { test } from "node:test";
import "./fake_browser.mjs";

const run = await import("../../assets/js/pages/run/view.mjs");
const { dropStale } = await import("../../assets/js/pages/run/answers.mjs");

const STANDARD = {
    ...{ t: null, unit: null, sort: "last", view: "sorted", rows: "active" },
    ...{ maps: "evaluation", corr: "maps", x: "log" },
};
const FACTS = {
    ...{ layout: "1", run: "a", steps: [0, 10, 1000, 20000], standard: STANDARD },
    ...{ phases: [100, 5000], steady: "null drift" },
    clicks: {
        ...{ "run-loss": "step", "run-correlation": "snapshot" },
        ...{ "run-maps": "row", "run-population": "point" },
    },
};

test("the last snapshot has no step: a growing run is followed", () => {
    assert.equal(run.indexOf(STANDARD, FACTS), 3);
    assert.equal(run.indexOf({ ...STANDARD, t: 10 }, FACTS), 1);
    assert.deepEqual(
        [-1, 0, 2, 3, 9].map((index) => run.atIndex(index, FACTS)),
        [0, 0, 1000, null, null]
    );
});

test("a choice changes the key it is about", () => {
    const chosen = (id, value, view = STANDARD) => run.chosen(id, value, view, FACTS);
    assert.deepEqual(chosen("run-time-axis", "linear"), { x: "linear" });
    assert.deepEqual(chosen("run-unit-choice", 0), { unit: 0 });
    [null, undefined, ""].forEach((none) => {
        assert.deepEqual(chosen("run-unit-choice", none), { unit: null });
    });
    assert.deepEqual(chosen("run-maps-sort", "now"), { sort: "now" });
    assert.deepEqual(chosen("run-maps-sort", "pin"), { sort: 20000 });
    assert.deepEqual(chosen("run-maps-sort", "pin", { ...STANDARD, t: 10 }), { sort: 10 });
    assert.deepEqual(chosen("run-maps-sort", "pin", { ...STANDARD, sort: 10 }), { sort: 10 });
    assert.deepEqual(chosen("something-else", 1), {});
});

test("a click on a figure moves the cursor, or follows a unit", () => {
    const clicked = (id, data, view = STANDARD) => run.clicked(id, data, view, FACTS);
    assert.deepEqual(clicked("run-loss", { points: [{ x: 300 }] }), { t: 1000 });
    assert.deepEqual(clicked("run-loss", { xvals: [1e9] }), { t: null });
    assert.deepEqual(clicked("run-loss", null), {});
    assert.deepEqual(clicked("run-correlation", { points: [{ x: "step 1,000" }] }), { t: 1000 });
    assert.deepEqual(clicked("run-correlation", { xvals: [3] }), {});
    assert.deepEqual(clicked("run-maps", { points: [{ y: "unit 7" }] }), { unit: 7 });
    assert.deepEqual(clicked("run-population", { points: [{ customdata: 7 }] }), { unit: 7 });
    const followed = { ...STANDARD, unit: 7 };
    assert.deepEqual(clicked("run-maps", { points: [{ y: "unit 7" }] }, followed), { unit: null });
    assert.deepEqual(clicked("run-maps", { points: [{ y: "silent" }] }), {});
});

test("the moment in words", () => {
    const said = (t, facts = FACTS) => run.sayMoment({ ...STANDARD, t }, facts);
    assert.equal(said(10), "step 10 · snapshot 2 of 4 · learning");
    assert.equal(said(1000), "step 1,000 · snapshot 3 of 4 · directed drift");
    assert.equal(said(null), "step 20,000 · snapshot 4 of 4 · null drift");
    const never = { ...FACTS, phases: [100, null] };
    assert.equal(said(null, never), "step 20,000 · snapshot 4 of 4 · directed drift");
    assert.equal(said(0, { ...FACTS, phases: [null, null] }), "step 0 · snapshot 1 of 4");
});

test("controls show the view", () => {
    const shown = run.controlsOf({ ...STANDARD, unit: 0, sort: 10 });
    assert.equal(shown["run-unit-choice"], 0);
    assert.equal(shown["run-maps-sort"], "pin");
    assert.equal(shown["run-time-axis"], "log");
    assert.equal(run.controlsOf(STANDARD)["run-unit-choice"], "");
    assert.equal(run.pinLabel({ sort: 10000 }), "step 10,000");
    assert.equal(run.pinLabel({ sort: "now" }), "pin");
});

test("an answer about a run whose page was left is dropped", () => {
    const answers = (asked) => {
        const response = { "run-loss": { figure: {} } };
        dropStale({ inputs: [{ value: 3 }, { value: asked }, {}] }, response);
        return Object.keys(response).length;
    };
    document.querySelector = () => ({ dataset: { run: "a" } });
    assert.equal(answers({ run: "a" }), 1);
    assert.equal(answers({ run: "b" }), 0);
    assert.equal(answers({ other: 1 }), 1);
    document.querySelector = () => null;
    assert.equal(answers({ run: "a" }), 0);
});
