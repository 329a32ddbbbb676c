/* Selecting without a pointer: ends of a range that are typed in, names that are pressed; and the
 * keyboard stays where it is when these, or the conditions to let go of, are made anew.
 */
(function () {
    "use strict";

    let kept = null; // finds again what has the keyboard
    const sweep = () => window.driftscape.sweep;
    const brush = () => window.driftscape.sweepBrush;

    function narrow(column, part) {
        const where = sweep().known.view.where;
        if (part && brush().parts(where).includes(part)) return;
        sweep().change({ where: part ? brush().having(where, part) : brush().without(where, column) }, null);
    }

    /* Both ends of a line; null: open. What is still there, or is no number, changes nothing. */
    function endsOf(row) {
        const texts = [...row.querySelectorAll("input")].map((input) => input.value.trim());
        if (texts.join("..") === row.dataset.sweepEnds) return null;
        const ends = texts.map((text) => (text === "" ? null : Number(text.replace("−", "-"))));
        return ends.every((end) => end === null || Number.isFinite(end)) ? ends : null;
    }

    function commit(event) {
        const row = event.target.closest("[data-sweep-range]");
        if (!row || !sweep().known.view) return;
        const ends = endsOf(row);
        const column = row.dataset.sweepRange;
        if (ends) narrow(column, ends.some((end) => end !== null) && brush().range(column, ends));
    }

    /* Names that are selected and have no button here, by their value or by the words on it. */
    function unseen(column, buttons) {
        const start = `${column}:=`;
        const part = brush().parts(sweep().known.view.where).find((one) => one.startsWith(start));
        const seen = buttons.flatMap((one) => [one.dataset.sweepValue, one.textContent]);
        const names = part ? part.slice(start.length).split("|").map(brush().decoded) : [];
        return names.filter((name) => name && !seen.includes(name));
    }

    const selectorOf = (element) =>
        element.id
            ? `#${CSS.escape(element.id)}`
            : `[data-sweep-names="${CSS.escape(element.parentElement.dataset.sweepNames)}"] ` +
              `[data-sweep-value="${CSS.escape(element.dataset.sweepValue)}"]`;

    /* Finds an element again, once it has been replaced by one like it; of the chips, the next. */
    function finderOf(target) {
        const part = target.closest("#sweep-narrow :is(input, button)");
        if (part) {
            const selector = `#sweep-narrow ${selectorOf(part)}`;
            return () => document.querySelector(selector);
        }
        const chips = () => [...document.querySelectorAll(".sweep-chips button")];
        const place = chips().indexOf(target.closest(".sweep-chips button"));
        return place < 0 ? null : () => chips()[place] || document.querySelector(".sweep-actions a");
    }

    ["focusin", "pointerdown"].forEach((name) => {
        document.addEventListener(name, (event) => {
            kept = finderOf(event.target);
        });
    });
    new MutationObserver(() => {
        if (!kept || document.activeElement !== document.body) return;
        const again = kept();
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
        const column = row.dataset.sweepNames;
        const buttons = [...row.children];
        const on = (one) => (one.getAttribute("aria-pressed") === "true") !== (one === button);
        const pressed = buttons.filter(on).map((one) => one.dataset.sweepValue);
        const names = [...pressed, ...unseen(column, buttons)];
        narrow(column, names.length && brush().values(column, names));
    });
})();
