import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPTS = fileURLToPath(new URL("../../assets/js", import.meta.url));
const WRAPPER = "base/plotly_dash.mjs";
const PRIVATE =
    /\._\w|_dashprivate|dash_clientside|js-plotly-plot|dash-graph|draglayer|modebar|\bPlotly\./;


/** Every line of the browser code, with its file before it. */
const lines = globSync("**/*.mjs", { cwd: SCRIPTS }).flatMap((path) =>
    readFileSync(`${SCRIPTS}/${path}`, "utf8")
        .split("\n")
        .map((text, at) => ({ path, at, text }))
);

test("what is private in Plotly and Dash is named in one module", () => {
    const found = lines.filter(({ text }) => PRIVATE.test(text));
    assert.deepEqual([...new Set(found.map(({ path }) => path))], [WRAPPER]);
});

test("every script is checked by its first line, and no line is wider than 100 characters", () => {
    const wrong = lines.filter(
        ({ text, at }) => text.length > 100 || (at === 0 && text !== "// @ts-check")
    );
    assert.deepEqual(wrong, []);
});
