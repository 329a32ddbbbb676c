import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPTS = fileURLToPath(new URL("../../assets/js", import.meta.url));
const WRAPPER = "base/plotly_dash.mjs";
const PRIVATE =
    /\._\w|_dashprivate|dash_clientside|js-plotly-plot|dash-graph|draglayer|modebar|\bPlotly\./;

test("what is private in Plotly and Dash is named in one module", () => {
    const paths = globSync("**/*.mjs", { cwd: SCRIPTS });
    assert.ok(paths.length > 20 && paths.includes(WRAPPER));
    const lines = paths
        .filter((path) => path !== WRAPPER)
        .flatMap((path) =>
            readFileSync(`${SCRIPTS}/${path}`, "utf8")
                .split("\n")
                .map((line) => `${path}: ${line}`)
        );
    assert.deepEqual(
        lines.filter((line) => PRIVATE.test(line)),
        []
    );
});

test("every script is checked, and no line is wider than 100 characters", () => {
    for (const path of globSync("**/*.mjs", { cwd: SCRIPTS })) {
        const text = readFileSync(`${SCRIPTS}/${path}`, "utf8");
        assert.ok(text.startsWith("// @ts-check\n"), path);
        assert.ok(!text.split("\n").some((line) => line.length > 100), path);
    }
});
