// @ts-check
/* The table of runs: its rows (rows.mjs) have the order and the selection of the view, and its
 * filters (filters.mjs) are conditions of that selection.
 */

import { isPlain } from "../../base/dom.mjs";
import { shortNumber } from "../../base/numbers.mjs";
import { setProps } from "../../base/plotly_dash.mjs";
import { filtered, modelOf } from "./filters.mjs";
import * as rows from "./rows.mjs";
import { change, linkTo, page, pageElement } from "./view.mjs";

const GRID = "sweep-table";
const NARROW = 640; // px: here a column that stays would leave no room for others
const EVERY_MS = 60;
/** @type {GridApi | null} */
let api = null;
let shown = "";

/** What the menus of the table's columns show of the selection. @param {GridApi} grid */
function menusOf(grid) {
    const there = Object.entries(page.facts.numeric).filter(([column]) => grid.getColumn(column));
    return modelOf(page.view.where, Object.fromEntries(there));
}

/** @param {GridApi} grid */
function showFilters(grid) {
    const model = menusOf(grid);
    if (JSON.stringify(grid.getFilterModel()) !== JSON.stringify(model)) grid.setFilterModel(model);
}

/** The order, as the view has it. @param {GridApi} grid */
function orderOf(grid) {
    const sorted = grid.getColumnState().find((state) => state.sort);
    return sorted ? `${sorted.colId}:${sorted.sort}` : "";
}

export async function start() {
    api = null;
    const element = pageElement();
    const grid = await gridOf(element);
    if (!grid || pageElement() !== element) return;
    api = grid;
    shown = rows.asked();
    showFilters(grid);
    rows.start(grid);
    if (window.innerWidth < NARROW) {
        const pinned = grid.getColumnState().filter((state) => state.pinned);
        grid.setColumnsPinned(pinned.map((state) => state.colId), null);
    }
    grid.setGridOption("tabToNextCell", () => false); // arrows go on within, Tab leaves the table
    keepFilters(grid);
    grid.addEventListener("sortChanged", (event) => {
        if (event.source === "uiColumnSorted") change({ sort: orderOf(grid) }, "sort");
    });
    grid.addEventListener("cellKeyDown", (event) => {
        if (event.event.key === "Enter" && event.data) go(event.data.run_id);
    });
}

/** The menus follow new columns, and show the selection again if the grid's own module, which may
 * be ready after this one, empties them.
 * @param {GridApi} grid
 */
function keepFilters(grid) {
    let emptied = false;
    grid.addEventListener("newColumnsLoaded", () => showFilters(grid));
    grid.addEventListener("filterChanged", (event) => {
        const model = grid.getFilterModel();
        if (event.source !== "api") {
            change({ where: filtered(page.view.where, menusOf(grid), model) });
        } else if (!emptied && !Object.keys(model).length) {
            emptied = true;
            showFilters(grid);
        }
    });
}

/** The grid's own module loads late, knows the grid of an earlier visit for a while, and gives a
 * new one a source of its own before this one can take its place.
 * @param {Element | null} element of the page; null once it is left
 */
async function gridOf(element) {
    while (pageElement() === element) {
        const found = apiOf();
        if (found && !found.isDestroyed() && found.getGridOption("datasource")) return found;
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    return null;
}

function apiOf() {
    try {
        return window.dash_ag_grid?.getApi(GRID);
    } catch {
        return null; // no such grid yet
    }
}

/** The view has changed. */
export function refresh() {
    if (!api) return;
    const { sort } = page.view;
    if (orderOf(api) !== sort) {
        const [column, way] = sort.split(":");
        const state = column ? [{ colId: column, sort: way }] : [];
        api.applyColumnState({ state, defaultState: { sort: null } });
    }
    if (shown === rows.asked()) return;
    shown = rows.asked();
    showFilters(api);
    rows.fetchAll();
    api.ensureIndexVisible(0, "top");
}

/** @param {string} run */
function go(run) {
    setProps("sweep-go", { href: linkTo(run) });
}

/** How the table writes the name of a run: a link.
 * @param {{ data?: { run_id: string }, value?: string }} cell
 */
function SweepRun({ data, value }) {
    if (!data) return null;
    const run = data.run_id;
    /** @param {MouseEvent} event */
    const onClick = (event) => {
        if (!isPlain(event)) return;
        event.preventDefault();
        go(run);
    };
    const link = { href: linkTo(run), onClick, tabIndex: -1 };
    return window.React.createElement("a", link, value || run);
}

window.dashAgGridComponentFunctions = { ...window.dashAgGridComponentFunctions, SweepRun };
window.dashAgGridFunctions = { ...window.dashAgGridFunctions, driftscapeNumber: shortNumber };
