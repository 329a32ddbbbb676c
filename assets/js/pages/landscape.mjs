// @ts-check
/* The toy landscape in the browser: one view, changed by controls, by a click on the map or by a
 * preset, and drawn by the server.
 */

import { Controls } from "../base/controls.mjs";
import { around, isPlain } from "../base/dom.mjs";
import { PageView, alike } from "../base/page_view.mjs";
import { noUpdate, setProps, trigger } from "../base/plotly_dash.mjs";

/** As LandscapeView of dashboard/urls.
 * @typedef {{
 *     noise: string, scale: number, lr: number, steps: number, x: number, y: number, seed: number,
 *     axis: string,
 * }} LandscapeView
 */

/** The view without a query, and the ends of what its numbers can be.
 * @typedef {{ standard: LandscapeView, ranges: Record<string, [number, number]> }} LandscapeFacts
 */

const CONTROL = "landscape-control-";
/** @type {(keyof LandscapeView)[]} */
const SAID = ["scale", "lr", "steps"]; // beside their sliders

/** @type {PageView<LandscapeView, LandscapeFacts>} */
const page = new PageView("landscape-view", { bare: true });
const controls = new Controls();

/** @param {number} value @param {number} digits */
const round = (value, digits) => Number(value.toFixed(digits));

/** What a control says, or nothing while it says something that cannot be shown.
 * @param {string} key
 * @param {any} value
 * @param {LandscapeFacts} facts
 * @returns {Partial<LandscapeView>}
 */
export function chosen(key, value, { ranges }) {
    const range = ranges[key];
    if (!range) return { [key]: value };
    const usable = typeof value === "number" && value >= range[0] && value <= range[1];
    return usable ? { [key]: round(value, 4) } : {};
}

/** The start that a click on the map names.
 * @param {PointData} data
 * @param {LandscapeFacts} facts
 */
export function clicked(data, facts) {
    const [x, y] = [data?.xvals?.[0], data?.yvals?.[0]];
    if (typeof x !== "number" || typeof y !== "number") return {};
    return { ...chosen("x", round(x, 2), facts), ...chosen("y", round(y, 2), facts) };
}

/** @param {[...unknown[], LandscapeFacts]} args */
export function choose(...args) {
    const facts = /** @type {LandscapeFacts} */ (args.at(-1));
    const reason = trigger();
    if (!reason || !page.isOpen) return noUpdate();
    const [id, property] = reason.prop_id.split(".");
    if (property === "clickData") return page.choose(clicked(reason.value, facts)) ?? noUpdate();
    const key = id.slice(CONTROL.length);
    if (!controls.isChosen(key, reason.value)) return noUpdate();
    return page.choose(chosen(key, reason.value, facts), key) ?? noUpdate();
}

/** Give each control its value, but the one in use: "-0" may be about to become "-0.5".
 * @param {LandscapeView} view
 */
function syncControls(view) {
    const others = Object.entries(view).filter(([key]) => key !== page.about);
    controls.show(Object.fromEntries(others), (key, value) => setProps(CONTROL + key, { value }));
    SAID.forEach((key) => {
        const words = document.getElementById(`landscape-value-${key}`);
        const text = view[key].toLocaleString("en-US", { maximumFractionDigits: 4 });
        if (words) words.textContent = text;
    });
}

/** @param {LandscapeView | null} arrived @param {LandscapeFacts} facts */
export function follow(arrived, facts) {
    const element = document.getElementById("landscape-page");
    if (!element || !arrived) return noUpdate();
    if (element !== page.element) {
        page.open({ key: "landscape", element, view: arrived, facts });
        controls.start(arrived);
    }
    syncControls(page.view);
    presets(element).forEach((link) => {
        link.classList.toggle("preset-current", alike(presetOf(link), page.view));
    });
    return noUpdate();
}

/** @param {Element} element @returns {NodeListOf<HTMLElement>} */
const presets = (element) => element.querySelectorAll("[data-landscape]");

/** @param {HTMLElement} link @returns {LandscapeView} */
const presetOf = (link) => JSON.parse(link.dataset.landscape ?? "");

document.addEventListener("click", (event) => {
    const link = around(event, "[data-landscape]");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    if (page.choose(presetOf(link), "preset")) page.show();
});
