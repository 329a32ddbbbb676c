// @ts-check
/* Controls of a page that show its view: each is set when the view came from elsewhere, and what
 * was set here is told from what the reader chose.
 */

import { setProps } from "./plotly_dash.mjs";

export class Controls {
    /** What each control holds, by its id or key. @type {Record<string, unknown>} */
    #held = {};

    /** The page was laid out with these.
     * @param {Record<string, unknown>} values
     */
    start(values) {
        this.#held = { ...values };
    }

    /** Whether a value that Dash reports is the reader's. What is no such control always is.
     * @param {string} name
     * @param {unknown} value
     */
    isChosen(name, value) {
        if (!(name in this.#held)) return true;
        if (this.#held[name] === value) return false;
        this.#held[name] = value;
        return true;
    }

    /** Set those that hold something else.
     * @param {Record<string, unknown>} values
     * @param {(name: string, value: any) => void} [set] by default, `name` is the component's id
     */
    show(values, set = (name, value) => setProps(name, { value })) {
        Object.entries(values).forEach(([name, value]) => {
            if (this.#held[name] === value) return;
            this.#held[name] = value;
            set(name, value);
        });
    }
}
