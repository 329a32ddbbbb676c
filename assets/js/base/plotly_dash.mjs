// @ts-check
/* What the pages ask of Plotly and Dash in the browser. All that is private in these, and may be
 * another with their next release, is named here and nowhere else.
 */

/** An output of a callback that stays as it is. */
export const noUpdate = () => window.dash_clientside.no_update;

/** Set properties of a component, as if a callback had.
 * @param {string} id
 * @param {Record<string, unknown>} props
 */
export const setProps = (id, props) => window.dash_clientside.set_props(id, props);

/** What the callback that runs now was called by; undefined on a page that was just laid out. */
export const trigger = () => window.dash_clientside.callback_context.triggered?.[0];

/** Functions that Python names as ClientsideFunction(namespace, name).
 * @param {Record<string, Record<string, unknown>>} namespaces
 */
export function register(namespaces) {
    Object.assign(window.dash_clientside, namespaces);
}

const NAVIGATION = "_dashprivate_pushstate";

/** Call `listener` when a link has been followed within the dashboard; the address is the new one.
 * @param {() => void} listener
 */
export function onNavigation(listener) {
    window.addEventListener(NAVIGATION, listener);
}

/** Follow a link as Dash does, but stay at this height of the page.
 * @param {string} href
 */
export function navigate(href) {
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent(NAVIGATION));
}

/** The figure drawn within an element; null: none, or not yet.
 * @param {string | Element} frame element, or the id of one
 * @returns {PlotElement | null}
 */
export function plotIn(frame) {
    const element = typeof frame === "string" ? document.getElementById(frame) : frame;
    /** @type {PlotElement | null | undefined} */
    const plot = element?.querySelector(".js-plotly-plot");
    return plot?._fullLayout && plot._fullData ? plot : null;
}

/** The id of the dcc.Graph that a figure belongs to.
 * @param {PlotElement} plot
 */
export const graphOf = (plot) => plot.closest(".dash-graph")?.id ?? null;

/** The traces as they are drawn: arrays unpacked, defaults filled in.
 * @param {PlotElement} plot
 */
export const tracesOf = (plot) => plot._fullData ?? [];

/** Draw other data with the same layout.
 * @param {PlotElement} plot
 * @param {object[]} data
 */
export function redraw(plot, data) {
    window.Plotly.react(plot, data, plot.layout, plot._context);
}

/** Show another part of the horizontal axis.
 * @param {PlotElement} plot
 * @param {number[]} range
 */
export function zoomTo(plot, range) {
    window.Plotly.relayout(plot, { "xaxis.range": [...range] });
}

/** Draw other points in one trace.
 * @param {PlotElement} plot
 * @param {number} trace
 * @param {Record<string, unknown>} points
 */
export function restyle(plot, trace, points) {
    window.Plotly.restyle(plot, points, [trace]);
}

/** An axis as it is drawn, in px from the figure's corner; null: the figure has none.
 * @param {PlotElement} plot
 * @param {"x" | "y"} way
 */
export function axisOf(plot, way) {
    const axis = plot._fullLayout?.[`${way}axis`];
    if (!axis) return null;
    return {
        range: axis.range,
        categories: axis._categories ?? [],
        visible: axis.visible !== false,
        offset: axis._offset,
        length: axis._length,
        /** @param {number} value px from the start of the axis */
        place: (value) => axis.l2p(axis.type === "log" ? Math.log10(value) : value),
    };
}

/** Top and height, in px, of the part of a figure that is within its axes.
 * @param {PlotElement} plot
 */
export function uprightOf(plot) {
    const { t: top, h: height } = plot._fullLayout?._size ?? { t: 0, h: 0 };
    return { top, height };
}

/** Whether an event is about the part of a figure that can be dragged.
 * @param {Element} target
 */
export const isDragged = (target) => target.closest(".draglayer") !== null;

/** Whether it is about the button that saves a picture.
 * @param {Element} target
 */
export const isDownload = (target) =>
    target.closest(".modebar-btn[data-title^='Download']") !== null;
