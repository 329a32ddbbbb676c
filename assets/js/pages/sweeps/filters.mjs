// @ts-check
/* The filter menus of the table of runs, and the conditions that they stand for. */

import { contains, having, keyOf, parts, range, read, values, without } from "./selection.mjs";

/** What the menus show of a selection; several values, or a line, are more than a menu can say.
 * @param {string} where
 * @param {Record<string, boolean>} numeric whether a column that the table has holds numbers
 */
export function modelOf(where, numeric) {
    /** @type {Record<string, GridFilter>} */
    const model = {};
    parts(where).forEach((part) => {
        const column = keyOf(part);
        const filter = column in numeric ? filterOf(part, numeric[column]) : null;
        if (filter) model[column] = filter;
    });
    return model;
}

/** @param {string} part @param {boolean} numeric @returns {GridFilter | null} */
function filterOf(part, numeric) {
    const condition = read(part);
    const text = { filterType: "text" };
    const number = { filterType: "number" };
    if (condition.kind === "lasso") return null;
    if (condition.kind === "contains") return { ...text, type: "contains", filter: condition.text };
    if (condition.kind === "values") {
        const [name, ...others] = condition.names;
        if (others.length) return null;
        if (numeric) return { ...number, type: "equals", filter: Number(name) };
        return { ...text, type: "equals", filter: name };
    }
    const { low, high } = condition;
    if (low === null) return { ...number, type: "lessThanOrEqual", filter: high };
    if (high === null) return { ...number, type: "greaterThanOrEqual", filter: low };
    return { ...number, type: "inRange", filter: low, filterTo: high };
}

/** The condition that a menu asks for; null: none.
 * @param {string} column
 * @param {GridFilter} filter
 */
export function partOf(column, filter) {
    const one = (filter.conditions ?? [filter])[0];
    if (one.filterType === "text") {
        if (!one.filter) return null;
        return one.type === "equals" ? values(column, [one.filter]) : contains(column, one.filter);
    }
    if (one.type === "inRange") return range(column, [one.filter, one.filterTo]);
    if (one.type === "greaterThanOrEqual") return range(column, [one.filter, null]);
    if (one.type === "lessThanOrEqual") return range(column, [null, one.filter]);
    return range(column, [one.filter, one.filter]);
}

/** The selection once menus that showed `before` were changed to `now`.
 * @param {string} where
 * @param {Record<string, GridFilter>} before
 * @param {Record<string, GridFilter>} now
 */
export function filtered(where, before, now) {
    const columns = new Set([...Object.keys(now), ...Object.keys(before)]);
    return [...columns].reduce((kept, column) => {
        if (JSON.stringify(now[column]) === JSON.stringify(before[column])) return kept;
        const part = now[column] ? partOf(column, now[column]) : null;
        return part ? having(kept, part) : without(kept, column);
    }, where);
}
