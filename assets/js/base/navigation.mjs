// @ts-check
/* The navigation says which page this is. */

import { onNavigation } from "./plotly_dash.mjs";

function mark() {
    document.querySelectorAll(".nav-link").forEach((link) => {
        const href = link.getAttribute("href");
        const path = window.location.pathname;
        const here = path === href || (href !== "/" && path.startsWith(`${href}/`));
        if (here) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    });
}

window.addEventListener("popstate", mark);
onNavigation(mark);
new MutationObserver((_, observer) => {
    if (!document.querySelector(".nav-link")) return;
    observer.disconnect();
    mark();
}).observe(document.documentElement, { childList: true, subtree: true });
