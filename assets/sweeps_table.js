/* The table of runs: its rows (sweeps_rows.js) have the order and the selection of the view, and its
 * filters are conditions of that selection.
 */
window.driftscape = window.driftscape || {};

window.driftscape.sweepTable = (function () {
    "use strict";

    const { known, here, change } = window.driftscape.sweep;
    const brush = () => window.driftscape.sweepBrush;
    const rows = () => window.driftscape.sweepRows;
    const GRID = "sweep-table";
    const NARROW = 640; // px: here a column that stays would leave no room for others
    let api = null;
    let shown = "";

    /* What the filter menus show of the selection; several values are more than a menu can say. */
    function modelOf(where) {
        const model = {};
        brush().parts(where).forEach((part) => {
            const column = brush().keyOf(part);
            const rest = part.slice(column.length + 1);
            if (rest[0] === "@" || rest.includes("|") || !api.getColumn(column)) return;
            if (rest[0] === "=" || rest[0] === "~") {
                const type = rest[0] === "=" ? "equals" : "contains";
                const filter = brush().decoded(rest.slice(1));
                const numeric = known.facts.numeric[column];
                model[column] = numeric
                    ? { filterType: "number", type: "equals", filter: Number(filter) }
                    : { filterType: "text", type, filter };
                return;
            }
            const [low, high] = rest.split("..").map((end) => (end === "" ? null : Number(end)));
            const number = { filterType: "number" };
            if (low === null) model[column] = { ...number, type: "lessThanOrEqual", filter: high };
            else if (high === null) {
                model[column] = { ...number, type: "greaterThanOrEqual", filter: low };
            } else model[column] = { ...number, type: "inRange", filter: low, filterTo: high };
        });
        return model;
    }

    function showFilters() {
        const model = modelOf(known.view.where);
        if (JSON.stringify(api.getFilterModel()) !== JSON.stringify(model)) api.setFilterModel(model);
    }

    function partOf(column, filter) {
        const one = (filter.conditions || [filter])[0];
        const { range, values } = brush();
        if (one.filterType === "text") {
            const part = one.type === "equals" ? "=" : "~";
            return one.filter ? `${column}:${part}${encodeURIComponent(one.filter)}` : null;
        }
        if (one.type === "inRange") return range(column, [one.filter, one.filterTo]);
        if (one.type === "greaterThanOrEqual") return range(column, [one.filter, null]);
        if (one.type === "lessThanOrEqual") return range(column, [null, one.filter]);
        return range(column, [one.filter, one.filter]);
    }

    /* A menu changed: its column's condition does. */
    function filtered() {
        const now = api.getFilterModel();
        const before = modelOf(known.view.where);
        let where = known.view.where;
        const columns = new Set([...Object.keys(now), ...Object.keys(before)]);
        columns.forEach((column) => {
            const part = now[column] ? partOf(column, now[column]) : null;
            if (JSON.stringify(now[column]) === JSON.stringify(before[column])) return;
            where = part ? brush().having(where, part) : brush().without(where, column);
        });
        change({ where }, null);
    }

    function sorted() {
        const column = api.getColumnState().find((state) => state.sort);
        change({ sort: column ? `${column.colId}:${column.sort}` : "" }, "sort");
    }

    async function start() {
        api = null;
        const page = here();
        const ready = await gridOf(page);
        if (!ready || here() !== page) return;
        api = ready;
        shown = rows().asked();
        showFilters();
        rows().start(api);
        if (window.innerWidth < NARROW) {
            const pinned = api.getColumnState().filter((state) => state.pinned);
            api.setColumnsPinned(pinned.map((state) => state.colId), null);
        }
        api.setGridOption("tabToNextCell", () => false); // arrows go on within, Tab leaves the table
        keepFilters();
        api.addEventListener("sortChanged", (event) => {
            if (event.source === "uiColumnSorted") sorted();
        });
        api.addEventListener("cellKeyDown", (event) => {
            if (event.event.key === "Enter" && event.data) go(event.data.run_id);
        });
    }

    /* The menus follow new columns, and show the selection again if the grid's own module, which
     * may be ready after this one, empties them. */
    function keepFilters() {
        let emptied = false;
        api.addEventListener("newColumnsLoaded", showFilters);
        api.addEventListener("filterChanged", (event) => {
            if (event.source !== "api") filtered();
            else if (!emptied && !Object.keys(api.getFilterModel()).length) {
                emptied = true;
                showFilters();
            }
        });
    }

    /* The grid's own module loads late, knows the grid of an earlier visit for a while, and gives a
     * new one a source of its own before this one can take its place. */
    async function gridOf(page) {
        while (here() === page) {
            const found = window.dash_ag_grid && at();
            if (found && !found.isDestroyed() && found.getGridOption("datasource")) return found;
            await new Promise((resolve) => setTimeout(resolve, 60));
        }
        return null;
    }

    function at() {
        try {
            return window.dash_ag_grid.getApi(GRID);
        } catch {
            return null;
        }
    }

    /* The view has changed. */
    function refresh() {
        if (!api) return;
        const [column, way] = known.view.sort.split(":");
        const now = api.getColumnState().find((state) => state.sort);
        if ((now ? `${now.colId}:${now.sort}` : "") !== known.view.sort) {
            const state = column ? [{ colId: column, sort: way }] : [];
            api.applyColumnState({ state, defaultState: { sort: null } });
        }
        if (shown === rows().asked()) return;
        shown = rows().asked();
        showFilters();
        rows().fetchAll();
        api.ensureIndexVisible(0, "top");
    }

    const linkTo = (run) => known.facts.run.replace("<run_id>", run);

    function go(run) {
        window.driftscape.sweep.setProps("sweep-go", { href: linkTo(run) });
    }

    const renderers = (window.dashAgGridComponentFunctions =
        window.dashAgGridComponentFunctions || {});
    renderers.SweepRun = function (props) {
        if (!props.data) return null;
        const run = props.data.run_id;
        const follow = (event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
            event.preventDefault();
            go(run);
        };
        const link = { href: linkTo(run), onClick: follow, tabIndex: -1 };
        return window.React.createElement("a", link, props.value || run);
    };
    const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
    functions.driftscapeNumber = (value) => window.driftscape.shortNumber(value);

    return { start, refresh };
})();
