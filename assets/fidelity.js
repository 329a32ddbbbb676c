/* /fidelity: a click on a point of ours opens its run; the point carries the link. A choice changes
 * the page where it is: the reader stays at the same height, and on the same link. A verdict of the
 * table leads up to its distributions.
 */
window.dash_clientside = window.dash_clientside || {};

window.dash_clientside.fidelity = {
    open: function () {
        "use strict";
        const trigger = (window.dash_clientside.callback_context.triggered || [])[0];
        const point = (((trigger || {}).value || {}).points || [])[0];
        return (point && point.customdata) || window.dash_clientside.no_update;
    },
};

(function () {
    "use strict";

    const PATIENCE = 5000;

    document.addEventListener(
        "click",
        (event) => {
            const link = event.target.closest(".fidelity a[href^='/fidelity']");
            if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
            event.preventDefault();
            const href = link.getAttribute("href");
            window.history.pushState({}, "", href);
            window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
            onceGone(link, link.closest("nav") ? refocus : showComparison);
        },
        true
    );

    /* The page is laid out anew, with other elements: what to do then. */
    function onceGone(link, then) {
        const href = link.getAttribute("href");
        const among = link.closest("[aria-label]").getAttribute("aria-label");
        const observer = new MutationObserver(() => {
            if (link.isConnected) return;
            observer.disconnect();
            then(href, among);
        });
        observer.observe(document.body, { childList: true, subtree: true });
        setTimeout(() => observer.disconnect(), PATIENCE);
    }

    function refocus(href, among) {
        const links = document.querySelectorAll(`.fidelity [aria-label="${among}"] a`);
        const same = [...links].find((link) => link.getAttribute("href") === href);
        if (same) same.focus({ preventScroll: true });
    }

    function showComparison() {
        const comparison = document.querySelector(".fidelity-detail");
        if (comparison) comparison.scrollIntoView({ block: "start" });
    }
})();
