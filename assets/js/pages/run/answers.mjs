// @ts-check

/** Drop an answer about a run whose page has been left: Dash would look for figures that are gone,
 * or give them to the run page that came after.
 * @param {{ inputs: { value?: any }[] }} payload
 * @param {Record<string, unknown>} response
 */
export function dropStale(payload, response) {
    const asked = payload.inputs.map((input) => input.value?.run).find(Boolean);
    /** @type {HTMLElement | null} */
    const page = document.querySelector("[data-run]");
    if (!asked || page?.dataset.run === asked) return;
    Object.keys(response).forEach((id) => delete response[id]);
}
