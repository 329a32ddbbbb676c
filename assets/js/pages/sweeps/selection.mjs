// @ts-check
/* The selection as the link has it, a text: conditions on columns (its grammar: dashboard/urls). */

/** @param {unknown} value */
const rounded = (value) => String(Number(Number(value).toPrecision(7)));

/** @param {string} where */
export const parts = (where) => where.split(";").filter(Boolean);

/** The column, or both columns, of a condition. @param {string} part */
export const keyOf = (part) => part.slice(0, part.indexOf(":"));

/** @param {string} where @param {string} key */
export function without(where, key) {
    return parts(where)
        .filter((part) => keyOf(part) !== key)
        .join(";");
}

/** A condition takes the place of an earlier one on the same column.
 * @param {string} where
 * @param {string} part
 */
export function having(where, part) {
    const kept = without(where, keyOf(part));
    return kept ? `${kept};${part}` : part;
}

/** @param {string} column @param {(unknown | null)[]} ends low and high; null: open */
export const range = (column, ends) =>
    `${column}:${ends.map((end) => (end === null ? "" : rounded(end))).join("..")}`;

/** @param {string} column @param {string[]} names */
export const values = (column, names) =>
    `${column}:=${names.map((name) => encodeURIComponent(name)).join("|")}`;

/** @param {string} column @param {string} text */
export const contains = (column, text) => `${column}:~${encodeURIComponent(text)}`;

const MOST_CORNERS = 60;

/** Within a closed line; null: it encloses nothing.
 * @param {string[]} columns of x and y
 * @param {boolean[]} logs whether each axis is logarithmic
 * @param {number[]} x
 * @param {number[]} y
 */
export function lasso(columns, logs, x, y) {
    const every = Math.ceil(x.length / MOST_CORNERS);
    const corners = x.map((value, at) => [value, y[at]]).filter((_, at) => at % every === 0);
    if (corners.length < 3) return null;
    const axes = logs.map((log) => (log ? "g" : "l")).join("");
    const told = corners.flat().map((value) => Number(Number(value).toPrecision(5)));
    return `${columns.join(",")}:@${axes} ${told.join(" ")}`;
}

/** A text of a link, as Python's `unquote` reads it: a % that begins no code stands for itself.
 * @param {string} text
 */
export const decoded = (text) =>
    text.replace(/(%[0-9a-f]{2})+/gi, (codes) => {
        const bytes = codes.slice(1).split("%").map((code) => parseInt(code, 16));
        return new TextDecoder().decode(Uint8Array.from(bytes));
    });

/** What a condition on one column says.
 * @typedef {{ kind: "values", names: string[] } | { kind: "contains", text: string }
 *     | { kind: "range", low: number | null, high: number | null } | { kind: "lasso" }} Condition
 */

/** @param {string} part @returns {Condition} */
export function read(part) {
    const rest = part.slice(keyOf(part).length + 1);
    if (rest[0] === "@") return { kind: "lasso" };
    if (rest[0] === "=") return { kind: "values", names: rest.slice(1).split("|").map(decoded) };
    if (rest[0] === "~") return { kind: "contains", text: decoded(rest.slice(1)) };
    const [low, high] = rest.split("..").map((end) => (end === "" ? null : Number(end)));
    return { kind: "range", low, high };
}
