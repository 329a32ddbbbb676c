// @ts-check
/* /sweeps/<collection>: its view, which controls, brushes, chips and the table change. It is flat:
 * every key is text, as in the link.
 */

import { PageView } from "../../base/page_view.mjs";

/** As SweepView of dashboard/urls; `where` is the selection (selection.mjs).
 * @typedef {Record<string, string> & { table: string, sort: string, where: string }} SweepView
 */

/** What the server said about the collection.
 * @typedef {object} SweepFacts
 * @property {string} collection
 * @property {string} path
 * @property {SweepView} standard
 * @property {string[]} full keys that a link always says: what follows from the runs
 * @property {Record<string, boolean>} numeric whether a column holds numbers
 * @property {string} rows where rows of the table are asked for
 * @property {string} run template of a link to a run
 * @property {string} thumbnail template of its picture
 */

/** @type {PageView<SweepView, SweepFacts>} */
export const page = new PageView("sweep-view");

export const pageElement = () => document.getElementById("sweep-page");

/** Change the view from outside of Dash: a chip, the table.
 * @param {Partial<SweepView>} changes
 * @param {string | null} [about]
 */
export function change(changes, about = null) {
    if (page.choose(changes, about)) page.show();
}

/** @param {string} run */
export const linkTo = (run) => page.facts.run.replace("<run_id>", run);
