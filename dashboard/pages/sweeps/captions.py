"""How to read the explorer's figures, for someone who has not read the paper."""

SCATTER = (
    "Each point is a whole run: one network, trained under noise. Hover for its curves (blue: "
    "loss, orange: share of active units, both over log time), click to open it. Drag a box, or a "
    "free line with the lasso of the figure's tools, to select runs; every figure and the table "
    "then show the same ones, the others turn grey. Without a pointer, select by numbers and "
    "names below the figure, or by the filters of the table's columns."
)
PARALLEL = (
    "Every run is a line that crosses each axis at its value, so bundles of lines are ways of "
    "getting from a setting to a result. Drag along an axis to select a range, click the axis to "
    "let go. Axes stand in the order in which they are chosen."
)
HISTOGRAM = (
    "How often each value occurs: grey all runs, blue those selected. Click a bar, or drag across "
    "several, to select its runs."
)
TABLE = (
    "A click on a heading sorts, its menu filters, Enter on a row opens its run; filters are part "
    "of the selection. Files hold every column with its unit and meaning (Parquet: in the fields' "
    "metadata)."
)
CONTROLS = (
    "Columns that are the same in every run are not offered; they are listed at the foot of the "
    "page. A logarithmic axis has no place for values of zero or below: they are counted."
)
LIST_LEAD = (
    "A sweep is many runs that differ in a few settings on purpose: how strong the noise is, which "
    "rule learns, which task. Looked at together they show what sets the speed of drift. Choose a "
    "collection to plot anything in it against anything else."
)
