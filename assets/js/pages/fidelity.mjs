// @ts-check
/* /fidelity: a click on a point of ours opens its run; the point carries the link. A choice changes
 * the page where it is: the reader stays at the same height, and on the same link. A verdict of the
 * table leads up to its distributions.
 */

import { around, isPlain } from "../base/dom.mjs";
import { navigate, noUpdate, trigger } from "../base/plotly_dash.mjs";
import { pointOf } from "../base/points.mjs";

const PATIENCE_MS = 5000;

export function open() {
    return pointOf(trigger()?.value)?.customdata || noUpdate();
}

document.addEventListener(
    "click",
    (event) => {
        const link = around(event, ".fidelity a[href^='/fidelity']");
        const group = link?.closest("[aria-label]")?.getAttribute("aria-label");
        if (!link || !isPlain(event)) return;
        event.preventDefault();
        const href = link.getAttribute("href") ?? "";
        navigate(href);
        const choice = link.closest("nav");
        onceGone(link, () => (choice ? refocus(href, group ?? "") : showComparison()));
    },
    true
);

/** The page is laid out anew, with other elements: what to do then.
 * @param {Element} link
 * @param {() => void} then
 */
function onceGone(link, then) {
    const observer = new MutationObserver(() => {
        if (link.isConnected) return;
        observer.disconnect();
        then();
    });
    observer.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => observer.disconnect(), PATIENCE_MS);
}

/** @param {string} href @param {string} group */
function refocus(href, group) {
    /** @type {NodeListOf<HTMLElement>} */
    const links = document.querySelectorAll(`.fidelity [aria-label="${group}"] a`);
    const same = [...links].find((link) => link.getAttribute("href") === href);
    same?.focus({ preventScroll: true });
}

function showComparison() {
    document.querySelector(".fidelity-detail")?.scrollIntoView({ block: "start" });
}
