/* An answer about a run whose page has been left is dropped: Dash would look for figures that are
 * gone, or give them to the run page that came after.
 */
window.driftscape = window.driftscape || {};

window.driftscape.dropStale = function (payload, response) {
    "use strict";

    const asked = payload.inputs.map((input) => input.value?.run).find(Boolean);
    const page = document.querySelector("[data-run]");
    if (!asked || page?.dataset.run === asked) return;
    Object.keys(response).forEach((id) => delete response[id]);
};
