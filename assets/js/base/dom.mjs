// @ts-check
/* Small things about elements and events. */

/** The element that an event is about, or the nearest around it, that a selector names.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function around(event, selector) {
    return event.target instanceof Element ? event.target.closest(selector) : null;
}

/** Whether a click on a link means this page, not a new tab or window.
 * @param {MouseEvent} event
 */
export function isPlain(event) {
    return !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
}

const EVERY_MS = 50;

/** Try until it succeeds: figures are drawn some time after the page is there.
 * @param {() => boolean} attempt
 * @param {number} [tries]
 */
export function retry(attempt, tries = 200) {
    if (attempt() || tries <= 0) return;
    setTimeout(() => retry(attempt, tries - 1), EVERY_MS);
}
