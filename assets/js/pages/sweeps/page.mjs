// @ts-check
/* /sweeps/<collection> in the browser: controls and brushes change the view, the server draws it,
 * and the table follows.
 */

import { Controls } from "../../base/controls.mjs";
import { around } from "../../base/dom.mjs";
import { noUpdate, setProps, trigger } from "../../base/plotly_dash.mjs";
import { pointOf } from "../../base/points.mjs";
import { narrowed } from "./brush.mjs";
import { showCard } from "./hover.mjs";
import { without } from "./selection.mjs";
import * as table from "./table.mjs";
import { change, linkTo, page, pageElement } from "./view.mjs";

/** @import { SweepFacts, SweepView } from "./view.mjs" */

const CONTROL = "sweep-control-";
const LISTS = ["axes", "table"];
const NEVER_EMPTY = [
    ...LISTS,
    ...["x", "y", "xscale", "yscale", "fit", "fitby", "mean", "group", "ended", "published"],
];
const controls = new Controls();
let listed = ""; // columns of the table as it is

/** What a control holds, as the view has it. @param {string} key @param {any} value */
function asText(key, value) {
    if (LISTS.includes(key)) return (value ?? []).join(",");
    return value ?? "";
}

/** And back. @param {string} key @param {string} text */
function asHeld(key, text) {
    if (LISTS.includes(key)) return text.split(",").filter(Boolean);
    return text === "" ? null : text;
}

export function choose() {
    const reason = trigger();
    if (!reason || !page.isOpen || !pageElement()) return noUpdate();
    const [id, property] = reason.prop_id.split(".");
    if (!id.startsWith(CONTROL)) {
        const where = narrowed(id, property, reason.value, page.view.where);
        return (where !== null && page.choose({ where })) || noUpdate();
    }
    const key = id.slice(CONTROL.length);
    const value = asText(key, reason.value);
    if (!controls.isChosen(key, value)) return noUpdate();
    if (value === "" && NEVER_EMPTY.includes(key)) return noUpdate();
    return page.choose({ [key]: value }, key) ?? noUpdate();
}

/** A new view has arrived, here or by the buttons of the browser: controls and table follow.
 * @param {SweepView | null} arrived
 * @param {SweepFacts} facts
 */
export function follow(arrived, facts) {
    const element = pageElement();
    if (!element || !arrived) return noUpdate();
    if (element !== page.element) {
        const { collection, path } = facts;
        page.open({ key: `sweep:${collection}`, element, view: arrived, facts, path });
        controls.start(arrived);
        listed = arrived.table;
        table.start();
        return noUpdate();
    }
    const { view } = page;
    const there = Object.keys(facts.standard).filter((key) =>
        document.getElementById(CONTROL + key)
    );
    controls.show(Object.fromEntries(there.map((key) => [key, view[key]])), (key, value) =>
        setProps(CONTROL + key, { value: asHeld(key, value) })
    );
    if (view.table !== listed) {
        listed = view.table;
        setProps("sweep-columns", { data: view });
    }
    table.refresh();
    return noUpdate();
}

/** @param {PointData} data */
export function open(data) {
    const run = pointOf(data)?.customdata;
    return typeof run === "string" ? linkTo(run) : noUpdate();
}

/** @param {PointData} data */
export function hover(data) {
    showCard(data, page.facts.thumbnail);
    return noUpdate();
}

document.addEventListener("click", (event) => {
    if (!page.isOpen || !pageElement()) return;
    const column = around(event, "[data-sweep-drop]")?.dataset.sweepDrop;
    if (column !== undefined) change({ where: without(page.view.where, column) });
    if (around(event, ".sweep-clear")) change({ where: "" });
});
