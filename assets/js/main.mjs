// @ts-check
/* All of the browser code: what callbacks name, and what listens on the page by itself.
 *
 * Dash starts once this is loaded (dashboard/browser_code.py).
 */

import "./base/copy_link.mjs";
import "./base/gestures.mjs";
import "./base/navigation.mjs";
import { register } from "./base/plotly_dash.mjs";
import * as compare from "./pages/compare.mjs";
import * as fidelity from "./pages/fidelity.mjs";
import * as landscape from "./pages/landscape.mjs";
import * as hero from "./pages/overview.mjs";
import "./pages/run/keys.mjs";
import * as run_page from "./pages/run/page.mjs";
import "./pages/sweeps/narrow.mjs";
import * as sweeps from "./pages/sweeps/page.mjs";
import * as paper_figures from "./pages/sweeps/paper.mjs";

export { dropStale } from "./pages/run/answers.mjs";

register({ compare, fidelity, landscape, hero, run_page, sweeps, paper_figures });
