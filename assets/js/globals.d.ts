/* What the browser code finds on the page: Dash, Plotly and the grid, as far as they are used. */

/** What Dash takes for 'this output stays as it is'. */
interface NoUpdate {
    readonly description: string;
}

interface Trigger {
    prop_id: string;
    value: any;
}

interface DashClientside {
    readonly no_update: NoUpdate;
    readonly callback_context: { triggered?: Trigger[] };
    set_props(id: string, props: Record<string, unknown>): void;
    [namespace: string]: any;
}

interface PlotlyAxis {
    type: string;
    range: number[];
    visible: boolean;
    l2p(value: number): number;
    _offset: number;
    _length: number;
    _categories?: string[];
}

interface PlotlyLayout {
    meta?: any;
    shapes?: object[];
    uirevision?: unknown;
}

interface PlotlyTrace {
    x: ArrayLike<number>;
    y: ArrayLike<number>;
    meta?: unknown;
}

/** The element of a figure; null or undefined: not drawn yet. */
interface PlotElement extends HTMLElement {
    data?: Record<string, unknown>[];
    layout: PlotlyLayout;
    on(event: string, listener: (data: Record<string, unknown>) => void): void;
    _fullLayout?: { xaxis?: PlotlyAxis; yaxis?: PlotlyAxis; _size: { t: number; h: number } };
    _fullData?: PlotlyTrace[];
    _context?: object;
}

interface PlotlyLibrary {
    react(plot: PlotElement, data: object[], layout: object, config?: object): Promise<unknown>;
    relayout(plot: PlotElement, changes: Record<string, unknown>): Promise<unknown>;
    restyle(plot: PlotElement, changes: object, traces: number[]): Promise<unknown>;
}

/** A point of a figure under the pointer; what it is depends on the figure. */
interface PlotPoint {
    x: any;
    y: any;
    text?: string;
    customdata?: any;
    curveNumber: number;
    pointNumber: number;
    bbox?: { x0: number; x1: number; y0: number; y1: number };
}

/** `clickData` and `hoverData`; a click beside all points has only the coordinates. */
type PointData = { points?: PlotPoint[]; xvals?: number[]; yvals?: number[] } | null | undefined;

interface GridColumn {
    colId: string;
    sort?: string | null;
    pinned?: unknown;
}

interface GridFilter {
    filterType: string;
    type: string;
    filter: any;
    filterTo?: any;
    conditions?: GridFilter[];
}

interface GridRows {
    startRow: number;
    endRow: number;
    sortModel: { colId: string; sort: string }[];
    successCallback(rows: object[], count: number): void;
    failCallback(): void;
}

interface GridEvent {
    source: string;
    data?: { run_id: string };
    event: KeyboardEvent;
}

/** The part of AG Grid's interface that the table of runs uses. */
interface GridApi {
    isDestroyed(): boolean;
    getGridOption(name: string): unknown;
    setGridOption(name: string, value: unknown): void;
    getColumn(id: string): unknown;
    getColumnState(): GridColumn[];
    applyColumnState(change: { state: GridColumn[]; defaultState: object }): void;
    setColumnsPinned(ids: string[], pinned: null): void;
    getAllDisplayedColumns(): unknown[];
    setFocusedCell(row: number, column: unknown): void;
    ensureIndexVisible(row: number, place: string): void;
    getFilterModel(): Record<string, GridFilter>;
    setFilterModel(model: Record<string, GridFilter>): void;
    purgeInfiniteCache(): void;
    showNoRowsOverlay(): void;
    hideOverlay(): void;
    addEventListener(name: string, listener: (event: GridEvent) => void): void;
}

interface Window {
    dash_clientside: DashClientside;
    Plotly: PlotlyLibrary;
    React: { createElement(tag: string, props: object, children: unknown): unknown };
    dash_ag_grid?: { getApi(id: string): GridApi };
    dashAgGridFunctions?: Record<string, unknown>;
    dashAgGridComponentFunctions?: Record<string, unknown>;
}
