// @ts-check
/* What a click or the pointer is at on a figure. */

/** The first point; undefined: none.
 * @param {PointData} data
 */
export const pointOf = (data) => data?.points?.[0];

/** The step that was clicked on a time axis, on a point or beside all; null: none.
 * @param {PointData} data
 */
export function stepOf(data) {
    const x = pointOf(data)?.x ?? data?.xvals?.[0];
    return x === undefined ? null : Number(x);
}
