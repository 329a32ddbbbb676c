// @ts-check
/* Selecting without a pointer: ends of a range that are typed in, names that are pressed; and the
 * keyboard stays where it is when these, or the conditions to let go of, are made anew.
 */

import { around } from "../../base/dom.mjs";
import { having, keyOf, parts, range, read, values, without } from "./selection.mjs";
import { change, page } from "./view.mjs";

/** Finds again what has the keyboard. @type {(() => HTMLElement | null) | null} */
let kept = null;

/** @param {string} column @param {string | null} part its condition; null: none */
function narrow(column, part) {
    const { where } = page.view;
    if (part && parts(where).includes(part)) return;
    change({ where: part ? having(where, part) : without(where, column) });
}

/** Both ends of a line; null: open. What is still there, or is no number, changes nothing.
 * @param {HTMLElement} row
 */
function endsOf(row) {
    const texts = [...row.querySelectorAll("input")].map((input) => input.value.trim());
    if (texts.join("..") === row.dataset.sweepEnds) return null;
    const ends = texts.map((text) => (text === "" ? null : Number(text.replace("−", "-"))));
    return ends.every((end) => end === null || Number.isFinite(end)) ? ends : null;
}

/** @param {Event} event */
function commit(event) {
    const row = around(event, "[data-sweep-range]");
    if (!row || !page.isOpen) return;
    const ends = endsOf(row);
    const column = row.dataset.sweepRange ?? "";
    if (ends) narrow(column, ends.some((end) => end !== null) ? range(column, ends) : null);
}

/** Names that are selected and have no button here, by their value or by the words on it.
 * @param {string} column
 * @param {HTMLElement[]} buttons
 */
function unseen(column, buttons) {
    const conditions = parts(page.view.where).filter((part) => keyOf(part) === column);
    const named = conditions.map(read).find((condition) => condition.kind === "values");
    const seen = buttons.flatMap((one) => [one.dataset.sweepValue, one.textContent]);
    return (named?.names ?? []).filter((name) => name && !seen.includes(name));
}

/** @param {HTMLElement} element */
function selectorOf(element) {
    if (element.id) return `#${CSS.escape(element.id)}`;
    const names = CSS.escape(element.parentElement?.dataset.sweepNames ?? "");
    const value = CSS.escape(element.dataset.sweepValue ?? "");
    return `[data-sweep-names="${names}"] [data-sweep-value="${value}"]`;
}

/** Finds an element again, once it has been replaced by one like it; of the chips, the next.
 * @param {Event} event
 */
function finderOf(event) {
    const part = around(event, "#sweep-narrow :is(input, button)");
    if (part) {
        const selector = `#sweep-narrow ${selectorOf(part)}`;
        return () => /** @type {HTMLElement | null} */ (document.querySelector(selector));
    }
    const chip = around(event, ".sweep-chips button");
    if (!chip) return null;
    const place = chips().indexOf(chip);
    return () => chips()[place] ?? document.querySelector(".sweep-actions a");
}

const chips = () =>
    /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".sweep-chips button")]);

["focusin", "pointerdown"].forEach((name) => {
    document.addEventListener(name, (event) => {
        kept = finderOf(event);
    });
});
new MutationObserver(() => {
    if (kept && document.activeElement === document.body) kept()?.focus();
}).observe(document.documentElement, { childList: true, subtree: true });

document.addEventListener("focusout", (event) => {
    if (around(event, "[data-sweep-range] input")) commit(event);
});
document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && around(event, "[data-sweep-range] input")) commit(event);
});
document.addEventListener("click", (event) => {
    const button = around(event, "[data-sweep-value]");
    const row = button?.closest("[data-sweep-names]");
    if (!(row instanceof HTMLElement) || !page.isOpen) return;
    const column = row.dataset.sweepNames ?? "";
    const buttons = /** @type {HTMLElement[]} */ ([...row.children]);
    /** @param {HTMLElement} one */
    const on = (one) => (one.getAttribute("aria-pressed") === "true") !== (one === button);
    const pressed = buttons.filter(on).map((one) => one.dataset.sweepValue ?? "");
    const names = [...pressed, ...unseen(column, buttons)];
    narrow(column, names.length ? values(column, names) : null);
});
