import assert from "node:assert/strict";
import { test } from "node:test";
import "./fake_browser.mjs";

const selection = await import("../../assets/js/pages/sweeps/selection.mjs");
const brush = await import("../../assets/js/pages/sweeps/brush.mjs");
const { filtered, modelOf, partOf } = await import("../../assets/js/pages/sweeps/filters.mjs");

const TAU = { column: "tau", log: true };
const RULE = { column: "rule", names: ["sgd", "adam", "a|b"] };

test("a condition takes the place of an earlier one on the same columns", () => {
    const { having, without } = selection;
    assert.equal(having("", "seed:1..2"), "seed:1..2");
    assert.equal(having("seed:1..2;rule:=sgd", "seed:3..4"), "rule:=sgd;seed:3..4");
    assert.equal(having("x,y:@ll 1 2", "x:1..2"), "x,y:@ll 1 2;x:1..2");
    assert.equal(without("seed:1..2;rule:=sgd", "seed"), "rule:=sgd");
    assert.equal(without("seed:1..2", "seed"), "");
});

test("conditions are written as links have them, and read again", () => {
    const { contains, range, read, values } = selection;
    assert.equal(range("tau", [0.123456789, null]), "tau:0.1234568..");
    assert.equal(range("tau", [null, 1e21]), "tau:..1e+21");
    assert.deepEqual(read("tau:0.5.."), { kind: "range", low: 0.5, high: null });
    const names = ["a|b", "50 %", "é"];
    assert.equal(values("rule", names), "rule:=a%7Cb|50%20%25|%C3%A9");
    assert.deepEqual(read(values("rule", names)), { kind: "values", names });
    assert.deepEqual(read(contains("name", "a;b:c")), { kind: "contains", text: "a;b:c" });
    assert.deepEqual(read("x,y:@ll 1 2 3 4 5 6"), { kind: "lasso" });
});

test("a percent sign that begins no code stands for itself", () => {
    assert.equal(selection.decoded("5%-%zz%C3!"), "5%-%zz\ufffd!");
    const coded = "caf%C3%A9%20%25";
    assert.deepEqual([selection.decoded, decodeURIComponent].map((read) => read(coded)), [
        "café %",
        "café %",
    ]);
});

test("a line around points keeps at most sixty corners, of five digits", () => {
    const { lasso } = selection;
    const columns = ["x", "y"];
    assert.equal(lasso(columns, [true, false], [1, 2], [1, 2]), null);
    const told = lasso(columns, [true, false], [1.234567, 2, 3], [4, 5, -6e-9]);
    assert.equal(told, "x,y:@gl 1.2346 4 2 5 3 -6e-9");
    const many = Array.from({ length: 1000 }, (_, at) => at);
    assert.equal(lasso(columns, [false, false], many, many).split(" ").length - 1, 2 * 59);
});

test("a box on a scatter selects on both axes; on categories by their places", () => {
    const meta = { axes: { x: { column: "tau" }, y: RULE }, logs: [true, false] };
    const box = (range) => brush.onScatter({ range }, "rule:=sgd;seed:1..2", meta);
    assert.equal(
        box({ x2: ["3", 1], y2: [0.5, 2.5] }),
        "seed:1..2;tau:1..3;rule:=adam|a%7Cb"
    );
    assert.equal(box({ x: [1, 3], y: [5, 6] }), "rule:=sgd;seed:1..2;tau:1..3");
    assert.equal(brush.onScatter({}, "", meta), null);
    const line = { lassoPoints: { x: [1, 2, 3], y: [1, 2, 3] } };
    assert.equal(brush.onScatter(line, "", meta), null);
    const numbers = { ...meta, axes: { x: { column: "tau" }, y: { column: "loss" } } };
    assert.equal(brush.onScatter(line, "", numbers), "tau,loss:@gl 1 1 2 2 3 3");
});

test("a range on a histogram is in units of its column", () => {
    assert.equal(brush.onHistogram([1, 2], "", TAU), "tau:10..100");
    assert.equal(brush.onHistogram([3.2, 3.8], "rule:=sgd", RULE), null);
});

test("a bar that is clicked again is let go of", () => {
    const click = { points: [{ customdata: [1, 2] }] };
    assert.equal(brush.onBar(click, "", TAU), "tau:1..2");
    assert.equal(brush.onBar(click, "seed:1..2;tau:1..2", TAU), "seed:1..2");
    assert.equal(brush.onBar({ points: [{ customdata: ["adam"] }] }, "", RULE), "rule:=adam");
    assert.equal(brush.onBar({ points: [{}] }, "", RULE), null);
});

test("an edit of parallel coordinates is about one of its axes", () => {
    const edit = (value, where = "seed:1..2") =>
        brush.onParallel([{ "dimensions[1].constraintrange": value }], where, [RULE, TAU]);
    assert.equal(edit([[0, 1]]), "seed:1..2;tau:1..10");
    assert.equal(edit([1, 0]), "seed:1..2;tau:1..10");
    assert.equal(edit(null, "seed:1..2;tau:1..10"), "seed:1..2");
    assert.equal(edit(null), null);
    assert.equal(brush.onParallel([{ "line.color": 1 }], "seed:1..2", [RULE, TAU]), null);
    assert.equal(brush.onParallel(null, "seed:1..2", []), null);
});

test("the menus of the table show what they can of a selection", () => {
    const where =
        "seed:=3;tau:..5;loss:1..2;size:1..;rule:=a%7Cb;name:~fig;" +
        "kind:=a|b;x,y:@ll 1 2 3 4 5 6;gone:1..2";
    const numeric = {
        ...{ seed: true, tau: true, loss: true, size: true },
        ...{ rule: false, name: false, kind: false },
    };
    const number = { filterType: "number" };
    const text = { filterType: "text" };
    const model = modelOf(where, numeric);
    assert.deepEqual(model, {
        seed: { ...number, type: "equals", filter: 3 },
        tau: { ...number, type: "lessThanOrEqual", filter: 5 },
        loss: { ...number, type: "inRange", filter: 1, filterTo: 2 },
        size: { ...number, type: "greaterThanOrEqual", filter: 1 },
        rule: { ...text, type: "equals", filter: "a|b" },
        name: { ...text, type: "contains", filter: "fig" },
    });
    const parts = Object.entries(model).map(([column, filter]) => partOf(column, filter));
    assert.equal(parts.join(";"), "seed:3..3;tau:..5;loss:1..2;size:1..;rule:=a%7Cb;name:~fig");
});

test("a menu that changes changes its column's condition alone", () => {
    const number = (filter) => ({ filterType: "number", type: "equals", filter });
    const before = { seed: number(3), tau: number(1) };
    const where = "seed:=3;tau:=1;kind:=a|b";
    assert.equal(filtered(where, before, before), where);
    const other = { ...before, tau: number(2) };
    assert.equal(filtered(where, before, other), "seed:=3;kind:=a|b;tau:2..2");
    assert.equal(filtered(where, before, { tau: number(1) }), "tau:=1;kind:=a|b");
    const both = { ...number(7), conditions: [number(5), number(6)] };
    assert.equal(partOf("seed", both), "seed:5..5");
    assert.equal(partOf("name", { filterType: "text", type: "contains", filter: "" }), null);
});
