// @ts-check
/* What readers do to figures with a time cursor: drag with a finger, save a picture. */

import { linesAsShapes } from "./cursor_lines.mjs";
import { around } from "./dom.mjs";
import { isDownload, isDragged, plotIn } from "./plotly_dash.mjs";

/* A finger that moves over a figure scrolls the page; a tap is a click. */
document.addEventListener(
    "touchstart",
    (event) => {
        const frame = around(event, "[data-cursor]");
        if (frame && isDragged(/** @type {Element} */ (event.target))) event.stopPropagation();
    },
    { capture: true, passive: true }
);

/* A saved picture has the cursor's lines, which lie over the figure on the page. Plotly copies
 * the layout within the click. */
document.addEventListener(
    "click",
    (event) => {
        const frame = around(event, "[data-cursor]");
        if (!frame || !isDownload(/** @type {Element} */ (event.target))) return;
        const plot = plotIn(frame);
        if (!plot) return;
        const { layout } = plot;
        const shapes = layout.shapes ?? [];
        layout.shapes = [...shapes, ...linesAsShapes(frame)];
        setTimeout(() => {
            layout.shapes = shapes;
        });
    },
    true
);
