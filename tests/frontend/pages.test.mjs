import assert from "node:assert/strict";
import { test } from "node:test";
import "./fake_browser.mjs";

const landscape = await import("../../assets/js/pages/landscape.mjs");
const overview = await import("../../assets/js/pages/overview.mjs");
const { runAt } = await import("../../assets/js/pages/sweeps/paper.mjs");

const FACTS = { ranges: { scale: [0, 2], x: [-3, 3], y: [-3, 3] } };

test("a control of the landscape says nothing while it cannot be shown", () => {
    const { chosen } = landscape;
    assert.deepEqual(chosen("noise", "label", FACTS), { noise: "label" });
    assert.deepEqual(chosen("scale", 0.123456, FACTS), { scale: 0.1235 });
    [3, -1, "", null].forEach((value) => assert.deepEqual(chosen("scale", value, FACTS), {}));
});

test("a click on the map is a start, where it lies on the map", () => {
    const { clicked } = landscape;
    assert.deepEqual(clicked({ xvals: [1.234], yvals: [-0.5] }, FACTS), { x: 1.23, y: -0.5 });
    assert.deepEqual(clicked({ xvals: [5], yvals: [1] }, FACTS), { y: 1 });
    assert.deepEqual(clicked(null, FACTS), {});
});

test("the overview's cursor goes to the step that was clicked, and stops at the end", () => {
    const frames = { steps: [0, 10, 1000] };
    assert.equal(overview.jump({ points: [{ x: 500 }] }, frames), 2);
    assert.equal(overview.jump({ xvals: [2] }, frames), 1);
    assert.equal(overview.jump(null, frames), window.dash_clientside.no_update);
    assert.equal(overview.advance(1, 0, frames), 1);
    assert.equal(overview.advance(2, 2, frames), 2);
});

test("a point of a line of many runs is one run's", () => {
    const meta = { starts: [0, 5, 9], runs: ["a", "b", "c"] };
    const figure = { data: [{ meta }, {}] };
    const index = (pointNumber) => runAt(figure, { curveNumber: 0, pointNumber }).index;
    assert.deepEqual([0, 4, 5, 8, 9, 100].map(index), [0, 0, 1, 1, 2, 2]);
    assert.equal(runAt(figure, { curveNumber: 1, pointNumber: 0 }), null);
});
