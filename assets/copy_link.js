/* Buttons that copy the address of what one sees (dashboard/base/copy_link.py). A page whose
 * address leaves out what may change gives its link in full, as `linkToCopy`.
 */
(() => {
    const SHOWN_MS = 2500;

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
        const button = event.target.closest("[data-copy-link]");
        if (!button) return;
        window.driftscape.history?.flush(); // a view that is still on its way into the address
        const done = await copyText(window.driftscape.linkToCopy?.() ?? window.location.href);
        button.textContent = done ? "Link copied" : "Copy it from the address bar";
        clearTimeout(Number(button.dataset.restore));
        button.dataset.restore = setTimeout(() => {
            button.textContent = button.dataset.copyLink;
        }, SHOWN_MS);
    });
})();
