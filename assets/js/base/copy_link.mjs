// @ts-check
/* Buttons that copy the address of what one sees (copy_link of the dashboard). */

import { around } from "./dom.mjs";
import { linkToCopy } from "./page_view.mjs";

const SHOWN_MS = 2500;

/** @param {string} text */
async function copyText(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        const done = document.execCommand("copy");
        area.remove();
        return done;
    }
}

document.addEventListener("click", async (event) => {
    const button = around(event, "[data-copy-link]");
    if (!button) return;
    const done = await copyText(linkToCopy());
    button.textContent = done ? "Link copied" : "Copy it from the address bar";
    clearTimeout(Number(button.dataset.restore));
    const restore = setTimeout(() => {
        button.textContent = button.dataset.copyLink ?? "";
    }, SHOWN_MS);
    button.dataset.restore = String(restore);
});
