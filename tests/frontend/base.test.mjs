import assert from "node:assert/strict";
import { test } from "node:test";
import { sent } from "./fake_browser.mjs";

const { Controls } = await import("../../assets/js/base/controls.mjs");
const { isPlain, retry } = await import("../../assets/js/base/dom.mjs");
const { nearestIndex, sayStep, shortNumber } = await import("../../assets/js/base/numbers.mjs");
const { pointOf, stepOf } = await import("../../assets/js/base/points.mjs");
const { snapshotOn } = await import("../../assets/js/base/cursor_lines.mjs");

test("short numbers have a real minus, groups, and four digits", () => {
    const said = {
        12300: "12,300",
        "-3": "−3",
        0.01234567: "0.01235",
        "-5.4": "−5.4",
        12345.6: "12,350",
        1e9: "1,000,000,000",
        0: "0",
    };
    Object.entries(said).forEach(([value, text]) => assert.equal(shortNumber(Number(value)), text));
    [null, undefined, NaN, "a name"].forEach((value) => assert.equal(shortNumber(value), ""));
    assert.equal(sayStep(12300), "step 12,300");
});

test("the nearest step is the one that looks nearest on its axis", () => {
    const steps = [0, 10, 1000];
    assert.equal(nearestIndex(steps, 400, "linear"), 1);
    assert.equal(nearestIndex(steps, 400, "log"), 2);
    assert.equal(nearestIndex(steps, 1, "log"), 0);
    assert.equal(nearestIndex(steps, 5, "linear"), 0); // of two, the earlier
    assert.equal(nearestIndex(steps, -7, "log"), 0);
});

test("a click is on a point, or beside all", () => {
    assert.equal(stepOf({ points: [{ x: 3 }], xvals: [4] }), 3);
    assert.equal(stepOf({ xvals: [4], yvals: [1] }), 4);
    assert.equal(stepOf(null), null);
    assert.equal(pointOf({ points: [] }), undefined);
});

test("the snapshot of a step is the last one before it", () => {
    const axis = { categories: ["step 0", "step 1,000", "step 20,000"] };
    assert.deepEqual(
        [0, 999, 1000, 1e6].map((step) => snapshotOn(axis, step)),
        [0, 0, 1, 2]
    );
    assert.equal(snapshotOn({ categories: [] }, 5), 0);
});

test("what a page set itself is not a choice of the reader", () => {
    sent.length = 0;
    const controls = new Controls();
    controls.start({ x: "log", y: 1 });
    assert.equal(controls.isChosen("x", "log"), false);
    assert.equal(controls.isChosen("x", "linear"), true);
    assert.equal(controls.isChosen("x", "linear"), false);
    assert.equal(controls.isChosen("button", 1), true);
    controls.show({ x: "linear", y: 2 });
    assert.deepEqual(sent, [["y", { value: 2 }]]);
    assert.equal(controls.isChosen("y", 2), false);
});

test("a click with a key held, or another button, is not for this page", () => {
    assert.equal(isPlain({ button: 0 }), true);
    [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { button: 1 }].forEach((event) =>
        assert.equal(isPlain(event), false)
    );
});

test("what is not there yet is tried again, so often and no more", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    let tried = 0;
    retry(() => (tried += 1) === 3);
    for (let at = 0; at < 10; at += 1) context.mock.timers.tick(50);
    assert.equal(tried, 3);
    retry(() => (tried += 1) === 0, 2);
    for (let at = 0; at < 10; at += 1) context.mock.timers.tick(50);
    assert.equal(tried, 6);
});
