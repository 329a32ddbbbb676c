/* Selecting without a pointer: ends of a range that are typed in, names that are pressed. */
(function () {
    "use strict";

    let kept = null; // what had the keyboard when the lines were made anew
    const sweep = () => window.driftscape.sweep;
    const brush = () => window.driftscape.sweepBrush;

    function narrow(column, part) {
        const where = sweep().known.view.where;
        sweep().change({ where: part ? brush().having(where, part) : brush().without(where, column) }, null);
    }

    /* Both ends of a line; null: open. Something that is no number changes nothing. */
    function endsOf(row) {
        const texts = [...row.querySelectorAll("input")].map((input) => input.value.trim());
        const ends = texts.map((text) => (text === "" ? null : Number(text.replace("−", "-"))));
        return ends.some((end) => Number.isNaN(end)) ? null : ends;
    }

    function commit(event) {
        const row = event.target.closest("[data-sweep-range]");
        if (!row || !sweep().known.view) return;
        const ends = endsOf(row);
        const column = row.dataset.sweepRange;
        if (ends) narrow(column, ends.some((end) => end !== null) && brush().range(column, ends));
    }

    /* An element again, once it has been replaced by one like it. */
    const selectorOf = (element) =>
        element.id ? `#${CSS.escape(element.id)}` : `[data-sweep-value="${CSS.escape(element.dataset.sweepValue)}"]`;

    document.addEventListener("focusin", (event) => {
        const ours = event.target.closest("#sweep-narrow");
        kept = ours && event.target.matches("input, button") ? selectorOf(event.target) : null;
    });
    new MutationObserver(() => {
        if (!kept || document.activeElement !== document.body) return;
        const again = document.querySelector(`#sweep-narrow ${kept}`);
        if (again) again.focus();
    }).observe(document.documentElement, { childList: true, subtree: true });

    document.addEventListener("focusout", (event) => {
        if (event.target.matches("[data-sweep-range] input")) commit(event);
    });
    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && event.target.matches("[data-sweep-range] input")) commit(event);
    });
    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-sweep-value]");
        if (!button || !sweep().known.view) return;
        const row = button.closest("[data-sweep-names]");
        const on = (one) => (one.getAttribute("aria-pressed") === "true") !== (one === button);
        const names = [...row.children].filter(on).map((one) => one.dataset.sweepValue);
        const column = row.dataset.sweepNames;
        narrow(column, names.length && brush().values(column, names));
    });
})();
