// @ts-check
/* What is brushed on a figure, as a part of the selection. Each figure says in its layout's `meta`
 * what its axes are.
 */

import { plotIn } from "../../base/plotly_dash.mjs";
import { pointOf } from "../../base/points.mjs";
import { having, lasso, parts, range, values, without } from "./selection.mjs";

/** An axis of a figure; `names`: those of its categories, in their places.
 * @typedef {{ column: string, names?: string[] | null, log?: boolean }} Axis
 */

/** Ends on an axis -> a condition; on an axis of categories those whose place is between.
 * @param {Axis} axis
 * @param {number[]} ends
 */
export function onAxis(axis, ends) {
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    if (!axis.names) return range(axis.column, [low, high]);
    const inside = axis.names.filter((_, at) => at >= low && at <= high);
    return inside.length ? values(axis.column, inside) : null;
}

/** Ends as an axis draws them, in units of its column.
 * @param {Axis} axis
 * @param {number[]} ends
 */
const real = (axis, ends) => (axis.log ? ends.map((end) => 10 ** end) : ends);

/** A box or a line drawn around points; null: nothing was.
 * @param {{ range?: Record<string, number[]>, lassoPoints?: Record<string, number[]> }} data
 *     by the name of an axis: x, y, x2, ...
 * @param {string} where
 * @param {{ axes: { x: Axis, y: Axis }, logs: boolean[] }} meta
 */
export function onScatter(data, where, { axes, logs }) {
    /** @param {Record<string, number[]>} found @param {string} way */
    const along = (found, way) =>
        Object.entries(found).find(([name]) => name.startsWith(way))?.[1] ?? [];
    const box = data.range ?? {};
    if (Object.keys(box).length) {
        const x = onAxis(axes.x, along(box, "x").map(Number));
        const y = onAxis(axes.y, along(box, "y").map(Number));
        return [x, y].filter((part) => part !== null).reduce(having, where);
    }
    const line = data.lassoPoints ?? {};
    if (!Object.keys(line).length || axes.x.names || axes.y.names) return null;
    const columns = [axes.x.column, axes.y.column];
    const part = lasso(columns, logs, along(line, "x"), along(line, "y"));
    return part && having(where, part);
}

/** @param {number[]} ends @param {string} where @param {Axis} axis */
export function onHistogram(ends, where, axis) {
    const part = onAxis(axis, real(axis, ends));
    return part ? having(where, part) : null;
}

/** A click on a bar selects what is in it; once more, no longer.
 * @param {PointData} data
 * @param {string} where
 * @param {Axis} axis
 */
export function onBar(data, where, { column, names }) {
    const inside = pointOf(data)?.customdata;
    if (!inside) return null;
    const part = names ? values(column, inside) : range(column, inside);
    return parts(where).includes(part) ? without(where, column) : having(where, part);
}

/** A restyle names the axis it is about: {"dimensions[2].constraintrange": [[low, high]]}.
 * @param {Record<string, any>[] | null} data
 * @param {string} where
 * @param {Axis[]} axes
 */
export function onParallel(data, where, axes) {
    let kept = where;
    Object.entries(data?.[0] ?? {}).forEach(([name, value]) => {
        const found = /^dimensions\[(\d+)\]\.constraintrange$/.exec(name);
        if (!found) return;
        const axis = axes[Number(found[1])];
        const ends = Array.isArray(value?.[0]) ? value[0] : value;
        const part = ends?.length === 2 ? onAxis(axis, real(axis, ends)) : null;
        kept = part ? having(kept, part) : without(kept, axis.column);
    });
    return kept === where ? null : kept;
}

/** The selection after an event of a figure; null: as it was.
 * @param {string} id
 * @param {string} property
 * @param {any} value
 * @param {string} where
 */
export function narrowed(id, property, value, where) {
    const meta = plotIn(id)?.layout.meta;
    if (id === "sweep-parallel") return onParallel(value, where, meta.axes);
    if (!value) return null;
    if (property === "clickData") return onBar(value, where, meta);
    if (id === "sweep-scatter") return onScatter(value, where, meta);
    return value.range?.x ? onHistogram(value.range.x.map(Number), where, meta) : null;
}
