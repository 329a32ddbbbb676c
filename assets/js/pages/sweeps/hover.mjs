// @ts-check
/* The card of the run under the pointer: its values and its curves. */

import { shortNumber } from "../../base/numbers.mjs";
import { plotIn } from "../../base/plotly_dash.mjs";
import { pointOf } from "../../base/points.mjs";

const EDGE = 4; // px kept free around the card

/** @param {{ label: string, unit: string, said?: string[] | null }} axis @param {any} value */
function line(axis, value) {
    const shown = axis.said ? axis.said[Math.round(value)] : shortNumber(value);
    return `${axis.label}: ${shown} ${axis.unit}`;
}

/** @param {PlotPoint} point @param {any} axes @param {string} thumbnail template of a link */
function contentOf(point, axes, thumbnail) {
    const run = point.customdata;
    const head = point.text || (run ? `Run ${run}` : "");
    const lines = [head, line(axes.x, point.x), line(axes.y, point.y)].filter(Boolean);
    const picture = { alt: "", src: thumbnail.replace("<run_id>", run) };
    return [
        ...(run ? [Object.assign(new Image(), picture)] : []),
        ...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text })),
    ];
}

/** @param {PointData} data @param {string} thumbnail template of a link */
export function showCard(data, thumbnail) {
    const card = document.getElementById("sweep-hover");
    const plot = plotIn("sweep-scatter");
    if (!card?.parentElement || !plot) return;
    const point = pointOf(data);
    card.hidden = !point?.bbox;
    if (!point?.bbox) return;
    card.replaceChildren(...contentOf(point, plot.layout.meta.axes, thumbnail));
    const frame = card.parentElement.getBoundingClientRect();
    const graph = plot.getBoundingClientRect();
    const x = graph.left - frame.left + (point.bbox.x0 + point.bbox.x1) / 2;
    const y = graph.top - frame.top + point.bbox.y0;
    const left = Math.min(x + 14, frame.width - card.offsetWidth - EDGE);
    card.style.left = `${Math.max(EDGE, left)}px`;
    card.style.top = `${Math.max(EDGE, y - card.offsetHeight - 10)}px`;
}
