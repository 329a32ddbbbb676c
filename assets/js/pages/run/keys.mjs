// @ts-check
/* The keyboard moves the time cursor of a run page. */

import { around } from "../../base/dom.mjs";
import { page } from "./page.mjs";
import { atIndex, indexOf } from "./view.mjs";

const STEERING = ["ArrowLeft", "ArrowRight", "Home", "End", "Escape", " "];
const TYPING = "input, textarea, select, [contenteditable], [role=dialog], [role=menu]";

/** Keys set the view themselves: Dash would merge quick ones into the last.
 * @param {string} key
 */
function steer(key) {
    const { view, facts } = page;
    const index = indexOf(view, facts);
    /** @type {Record<string, number>} */
    const indices = {
        ArrowLeft: index - 1,
        ArrowRight: index + 1,
        Home: 0,
        End: facts.steps.length - 1,
    };
    const changed =
        key === "Escape"
            ? page.choose({ unit: null })
            : page.scrub({ t: atIndex(indices[key], facts) });
    if (changed) page.show();
}

document.addEventListener("keydown", (event) => {
    if (!STEERING.includes(event.key) || !document.getElementById("run-cursor")) return;
    if (!page.isOpen || !page.facts.steps.length) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (around(event, "[role=slider]") && event.key !== " " && event.key !== "Escape") return;
    if (around(event, TYPING)) return;
    if (event.key !== " ") steer(event.key);
    else if (around(event, "button, a, summary")) return;
    else document.getElementById("run-play")?.click();
    event.preventDefault();
});

/* A choice made with the mouse gives the keys back to the time cursor. */
document.addEventListener("click", (event) => {
    if (event.detail === 0 || !around(event, ".choice")) return;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
});
