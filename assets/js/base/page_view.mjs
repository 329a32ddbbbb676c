// @ts-check
/* View <-> address <-> history, for every page whose link says what is seen on it.
 *
 * A page has one view: flat, by the keys of its link. A choice adds an entry to the browser's
 * history; more of the same choice, and scrubbing, replace it. An entry carries its view, so going
 * back needs no new page. Keys, their order and standard values come from the server
 * (dashboard/urls), which writes the same links.
 */

import { onNavigation, setProps } from "./plotly_dash.mjs";

const PAUSE_MS = 150; // between two addresses of a view that is being scrubbed

/** @typedef {Record<string, string | number | null>} Values */

/** @param {unknown} one @param {unknown} other */
export const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The link of a view: what differs from the standard, and what is always said.
 * @param {string} path
 * @param {Values} view
 * @param {Values} standard its keys are those of the link, in their order
 * @param {string[]} [always]
 */
export function address(path, view, standard, always = []) {
    const query = new URLSearchParams();
    Object.entries(standard).forEach(([key, usual]) => {
        const value = view[key];
        if (value === null || value === undefined) return;
        if (always.includes(key) || value !== usual) query.set(key, String(value));
    });
    const text = query.toString().replace(/%(3A|2C|3B|7C|3D)/g, decodeURIComponent);
    return text ? `${path}?${text}` : path;
}

/** Say another link of what is seen, without an entry of its own.
 * @param {string} link
 */
export const readdress = (link) => window.history.replaceState(window.history.state, "", link);

/** What a page that was just laid out says of itself.
 * @template View, Facts
 * @typedef {object} Opening
 * @property {string} key of the entries that are its own
 * @property {Element} element while it is in the document, the page is there
 * @property {View} view
 * @property {Facts} facts what the server said about it
 * @property {string} [path] of its links, where it is not that of its address
 */

/** The view of a kind of page. At any time one such page is open at most.
 * @template {Values} View
 * @template {{ standard: Values, full?: string[] }} Facts
 */
export class PageView {
    /** @type {Opening<View, Facts> & { path: string } | null} */
    #page = null;
    #leaving = false; // the next page has the address already, and is not here yet
    #waiting = false; // the link does not say the latest view yet
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    /** What the latest choice was about, while it is the latest change. @type {string | null} */
    about = null;

    /** @param {string} store id of the dcc.Store that callbacks read the view from
     * @param {{ bare?: boolean }} [options] bare: a link without a query that is followed on the
     *     page shows the standard view; Dash sees no difference, and lays nothing out
     */
    constructor(store, { bare = false } = {}) {
        this.store = store;
        this.bare = bare;
    }

    get #opened() {
        if (!this.#page) throw new Error(`${this.store}: no such page was laid out yet`);
        return this.#page;
    }

    get isOpen() {
        return this.#page !== null;
    }

    get isHere() {
        return this.#page !== null && this.#page.element.isConnected;
    }

    get element() {
        return this.#page?.element;
    }

    get view() {
        return this.#opened.view;
    }

    get facts() {
        return this.#opened.facts;
    }

    set facts(facts) {
        this.#opened.facts = facts;
    }

    get address() {
        const { path, view, facts } = this.#opened;
        return address(path, view, facts.standard, facts.full);
    }

    /** A page was laid out. Its entry remembers its view; its link stays as it was followed.
     * @param {Opening<View, Facts>} page
     */
    open(page) {
        this.flush();
        this.#page = { path: window.location.pathname, ...page };
        this.#leaving = false;
        this.#settle();
        this.#write("replaceState");
        current = this;
    }

    /** The reader chose. The new view; null: it is the same.
     * @param {Partial<View>} changes
     * @param {string | null} [about] a choice about the same takes the place of the one before
     */
    choose(changes, about = null) {
        const view = this.#changed(changes);
        if (!view) return null;
        this.flush();
        const more = about !== null && about === this.about;
        this.#opened.view = view;
        this.about = about;
        this.#write(more ? "replaceState" : "pushState", this.address);
        return view;
    }

    /** As `choose`, for what changes many times a second: the link follows a little later.
     * @param {Partial<View>} changes
     */
    scrub(changes) {
        const view = this.#changed(changes);
        if (!view) return null;
        this.#opened.view = view;
        this.#waiting = true;
        this.#timer ??= setTimeout(() => this.flush(), PAUSE_MS);
        return view;
    }

    /** Tell the callbacks, where the change was none of theirs. */
    show() {
        setProps(this.store, { data: this.view });
    }

    /** The link says what is seen, now. */
    flush() {
        const due = this.#waiting && this.isHere && !this.#leaving;
        if (due) this.#write("replaceState", this.address);
        this.#waiting = false;
        clearTimeout(this.#timer);
        this.#timer = undefined;
    }

    /** The browser went back or forward; an entry of this page needs no new one.
     * @param {PopStateEvent} event
     */
    returned(event) {
        const entry = event.state?.driftscape;
        const ours = this.isHere && !this.#leaving && entry?.page === this.#opened.key;
        this.#settle();
        this.#leaving = window.location.pathname !== this.#opened.path;
        if (!ours) return;
        event.stopImmediatePropagation();
        this.#opened.view = entry.view;
        this.show();
    }

    /** A link was followed within the dashboard. */
    followed() {
        const { path, facts } = this.#opened;
        this.#leaving = window.location.pathname !== path;
        if (!this.bare || this.#leaving || !this.isHere) return;
        if (window.location.search || alike(this.view, facts.standard)) return;
        this.#settle();
        this.#opened.view = /** @type {View} */ (facts.standard);
        this.#write("replaceState");
        this.show();
    }

    /** @param {Partial<View>} changes */
    #changed(changes) {
        const view = { ...this.view, ...changes };
        return alike(view, this.view) ? null : view;
    }

    #settle() {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#waiting = false;
        this.about = null;
    }

    /** @param {"pushState" | "replaceState"} method @param {string} [link] */
    #write(method, link) {
        const { key, view } = this.#opened;
        window.history[method]({ driftscape: { page: key, view } }, "", link);
    }
}

/** @type {PageView<any, any> | null} */
let current = null;

window.addEventListener("popstate", (event) => current?.returned(event), true);
onNavigation(() => current?.followed());

/** The address to copy: in full, where that of the page leaves out what may change. */
export function linkToCopy() {
    if (!current?.isHere) return window.location.href;
    current.flush();
    return current.facts.full ? window.location.origin + current.address : window.location.href;
}
